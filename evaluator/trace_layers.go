package evaluator

import (
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
)

// traceLayers shows every gate of the request, also those behind the one that
// denied: the gates of [evaluation.decideByLayers], each with what its policies
// say.
func (ev *evaluation) traceLayers(d Decision) []LayerTrace {
	standing := ev.standing()
	standing.Free = ev.allowedByRule() == yes
	gates := standing.Gates()
	granted := ev.grants(&gates)
	layers := ev.traceRule(d)
	for _, place := range standing.Order() {
		layers = append(layers, ev.traceGate(&gates, int(place), granted)...)
	}
	if l := stoppedAt(d, &gates, layers); l != nil {
		l.Stopped = true
	}
	return layers
}

// traceRule is the fixed rule that denied, or may have a say.
func (ev *evaluation) traceRule(d Decision) []LayerTrace {
	l := LayerTrace{Layer: policy.RuleLayer, Binds: true, Asked: true}
	rule, denies := ev.deniedByRule()
	open := ev.decide().Outcome() == Indeterminate
	switch allows := ev.allowedByRule(); {
	case d.rule() != law.NoRule:
		l.Note, l.Denies, l.Outcome = d.rule().String(), Matches, ImplicitDeny
	case open && allows == maybe:
		l.Note, l.Denies, l.Allows, l.Outcome = "it may be that "+law.FreeCalls.String(), MayMatch, MayMatch, Indeterminate
	case open && denies == maybe:
		l.Note, l.Denies, l.Outcome = "it may be that "+rule.String(), MayMatch, Indeterminate
	default:
		return nil
	}
	return []LayerTrace{l}
}

// traceGate shows a gate: each of its levels, but all of the resource's own
// policies at once. A gate without policies is there if it asks.
func (ev *evaluation) traceGate(gates *law.Gates, place int, granted grants) []LayerTrace {
	gate := &gates[place]
	waived := granted.waive(gate.Waiver)
	l := LayerTrace{
		Layer: gate.Layer, Binds: gate.Binds, Asked: gate.Asks && waived != yes, Waived: matchOf(waived),
		Note: ev.traceReason(gates, place, granted.strength()),
	}
	if place == law.Resource {
		l.Allows = matchOf(granted.any())
	}
	var levels []LayerTrace
	for i := 0; ; i++ {
		s := ev.set(place, i)
		if s == nil {
			break
		}
		if place != law.Resource {
			levels = append(levels, l)
			levels[i].Level, levels[i].Allows = i, matchOf(s.match(ev, policy.Allow).any())
			if gate.Implied {
				levels[i].Allows = Matches
			}
		} else if i == 0 {
			levels = append(levels, l)
		}
		level := &levels[len(levels)-1]
		if gate.Binds {
			level.Denies = max(level.Denies, matchOf(s.match(ev, policy.Deny).any()))
		}
		level.Policies = append(level.Policies, layered{s, gate.Layer, i}.trace(ev, gate.Binds)...)
	}
	if levels == nil && l.Asked {
		levels = append(levels, l)
	}
	for i := range levels {
		levels[i].Outcome = levels[i].outcome()
	}
	return levels
}

// traceReason is why a gate does not bind, need not open or opens to nobody; ""
// where there is nothing to say.
func (ev *evaluation) traceReason(gates *law.Gates, place int, granted law.Strength) string {
	gate := &gates[place]
	switch {
	case place != law.Resource:
		return gate.Waived(granted, gates[law.Resource].Layer).String()
	case !gate.Asks:
		return gate.Unasked(granted).String()
	case gate.Reason == law.NoReason && ev.refusedByRule() == yes:
		return law.UnsignedAtURL.String()
	}
	return gate.Reason.String()
}

// outcome is what comes of a layer's statements, and of what stands for them.
func (l *LayerTrace) outcome() Outcome {
	allows := l.Allows
	if l.Asked {
		allows = max(allows, l.Waived)
	}
	switch {
	case l.Denies == Matches:
		return ExplicitDeny
	case allows == NoMatch:
		return ImplicitDeny
	case l.Denies == MayMatch, allows == MayMatch:
		return Indeterminate
	}
	return Allowed
}

// stoppedAt is the layer that denied a request which is denied. Where that is
// settled though keys are unknown, it is one that denies for some values of
// them.
func stoppedAt(d Decision, gates *law.Gates, layers []LayerTrace) *LayerTrace {
	if !d.Denied() {
		return nil
	}
	for place := range gates { // in the order in which an explicit deny is reported
		for i := range layers {
			if l := &layers[i]; l.Layer == gates[place].Layer && l.Outcome == ExplicitDeny {
				return l
			}
		}
	}
	for _, outcome := range [...]Outcome{ImplicitDeny, Indeterminate} {
		for i := range layers {
			if l := &layers[i]; l.Layer == d.Layer() && l.Outcome == outcome && (l.Asked || outcome == Indeterminate) {
				return l
			}
		}
	}
	return nil
}
