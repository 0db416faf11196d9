// Package plausible tells what AWS has from what it can not have, by a catalogue
// and by form: names of actions and context keys, resources, Regions, accounts
// and service principals. It is the one home of these judgements: diagnostics,
// findings and assertions say each in their own words.
//
// No decision depends on any of it.
package plausible
