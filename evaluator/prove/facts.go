package prove

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/variable"
	"github.com/iamsim/iamsim/policy"
)

// facts are what the documents of a question say about requests as such. They
// are taken from the documents as given, before anything is left out.
type facts struct {
	keys       map[string]string // context keys as first spelled, by name in lower case
	severalOf  map[string]bool   // a set operator tests it: it may have several values
	untextual  map[string]bool   // an operator for other than text tests it
	variables  []string          // keys of policy variables, in lower case and in order
	defaulted  []string          // those that have a default somewhere
	constants  map[string][]string
	partitions []string // named in ARNs, other than aws
	accounts   []string // named anywhere
	literals   []string // values of Resource elements and conditions
	size       int      // of these, in bytes
	conditions int      // how many there are
}

func newFacts(lists ...[]attachment) *facts {
	f := &facts{keys: map[string]string{}, severalOf: map[string]bool{}, untextual: map[string]bool{}, constants: map[string][]string{}}
	for _, list := range lists {
		for _, a := range list {
			for i := range a.document.Statements {
				if !a.has(i) {
					continue
				}
				f.read(&a.document.Statements[i], a.document.Version == policy.Version2012)
			}
		}
	}
	slices.Sort(f.variables)
	slices.Sort(f.defaulted)
	slices.Sort(f.partitions)
	slices.Sort(f.accounts)
	return f
}

func (f *facts) read(st *policy.Statement, variables bool) {
	for _, v := range slices.Concat(st.Resource, st.NotResource) {
		f.value(v, variables)
	}
	for _, p := range []*policy.Principals{st.Principal, st.NotPrincipal} {
		if p == nil {
			continue
		}
		for _, entry := range p.Entries {
			for _, v := range entry.Values {
				f.account(v)
				if strings.HasPrefix(v, "arn:") {
					f.value(v, false)
				}
			}
		}
	}
	for i := range st.Condition {
		c := &st.Condition[i]
		f.conditions++
		name := fold.String(c.Key)
		f.key(c.Key)
		f.severalOf[name] = f.severalOf[name] || c.Operator.Set != 0
		switch c.Operator.Type() {
		case policy.StringValue, policy.ARNValue:
			for _, v := range c.Values {
				f.value(v, variables)
			}
			f.constants[name] = append(f.constants[name], c.Values...)
			if of := fold.String(ownerKey); isOwnerKey(name) && name != of {
				f.key(ownerKey)
				f.constants[of] = append(f.constants[of], c.Values...)
			}
		case 0: // Null
		case policy.BoolValue:
			f.untextual[name] = true
			for _, v := range c.Values {
				f.value(v, variables)
			}
		default:
			f.untextual[name] = true
		}
	}
}

func (f *facts) key(name string) {
	if lower := fold.String(name); f.keys[lower] == "" {
		f.keys[lower] = name
	}
}

func (f *facts) value(v string, variables bool) {
	if rest, ok := strings.CutPrefix(v, "arn:"); ok {
		partition, _, _ := strings.Cut(rest, ":")
		if parts := strings.SplitN(v, ":", 6); len(parts) == 6 {
			f.account(parts[4])
		}
		if partition != "aws" && !strings.ContainsAny(partition, "*?$") && !slices.Contains(f.partitions, partition) {
			f.partitions = append(f.partitions, partition)
		}
	}
	f.literals = append(f.literals, v)
	f.size += len(v)
	if !variables || !variable.Has(v) {
		return
	}
	pieces, _ := variable.Parse(v) // the parser has checked it
	for _, p := range pieces {
		if p.Key == "" {
			continue
		}
		name := fold.String(p.Key)
		f.key(p.Key)
		if law.IsMultivalued(name) { // which is never there as a variable (C-43)
			continue
		}
		if !slices.Contains(f.variables, name) {
			f.variables = append(f.variables, name)
		}
		if p.HasDefault && !slices.Contains(f.defaulted, name) {
			f.defaulted = append(f.defaulted, name)
		}
	}
}

func (f *facts) account(id string) {
	if arn.IsAccountID(id) && !slices.Contains(f.accounts, id) {
		f.accounts = append(f.accounts, id)
	}
}

// isOwnerKey reports whether a key says who owns the resource: aws:ResourceAccount,
// or what requests for one service have besides, as s3:ResourceAccount.
func isOwnerKey(name string) bool {
	k := law.KeyOf(name)
	return k == law.ResourceAccount || k.Row().Source == law.FromResource && k.Row().Service != ""
}

// coordinate is the key, in lower case, whose values a condition is on: those that
// say who owns the resource are one. A comparison as another type stands alone.
func (f *facts) coordinate(name string) string {
	if isOwnerKey(name) && !f.untextual[name] {
		return fold.String(ownerKey)
	}
	return name
}

// spelling is a key as the documents write it.
func (f *facts) spelling(name string) string {
	if s := f.keys[name]; s != "" {
		return s
	}
	return name
}

// mentions reports whether one of the keys of some rows of the law is used
// in a document.
func (f *facts) mentions(wanted func(*law.KeyRow) bool) bool {
	for name := range f.keys {
		if row := law.KeyOf(name).Row(); row.Name != "" && wanted(row) {
			return true
		}
	}
	return false
}

// tellsApart: users and role sessions differ in the key. A question that mentions
// no such key is the same for both.
func tellsApart(row *law.KeyRow) bool {
	user, session := evaluator.IAMUser, evaluator.RoleSession
	if row.Always.Has(user) != row.Always.Has(session) || row.AtTimes.Has(user) != row.AtTimes.Has(session) {
		return true
	}
	return row.Source == law.FromCaller && row.Always.Has(user)
}

// isOfPassRole: iam:PassRole alone has the key, or lacks it (G-7, G-9, G-12).
func isOfPassRole(row *law.KeyRow) bool { return row.PassRole != law.AsOthers }

// keyOptions is what is known of a key in a space.
func (s *space) keyOptions(name string) classes.Options {
	o := classes.Options{Bind: s.bind, Budget: s.budget, Slow: s.slow}
	// Each tag has a key of its own, and one value (C-35); a resource has one owner.
	o.Single = law.KeyOf(name).Row().IsFamily() || isOwnerKey(name) || !s.facts.severalOf[name]
	values, fixed := s.valuesOfAll(name)
	switch {
	case fixed:
	case s.setting.caller.embedded[name] != nil:
		o.Present, o.Single = law.KeyOf(name).Row().Service == "", true
	case slices.Contains(s.setting.caller.present, name), law.KeyOf(name) == law.Planned:
		o.Present = true
	}
	if fixed {
		o.Only, o.Single, o.Present = append([]string{}, values...), true, len(values) > 0
		return o
	}
	if s.catalog == nil {
		return o
	}
	if k, ok := s.catalog.Key(s.facts.spelling(name)); ok {
		o.Single = !k.Multivalued
		o.Present = o.Present || k.Always || k.WhenSigned && s.setting.caller.signed()
		if k.Type == policy.BoolValue && k.AlsoType == 0 {
			o.Only = []string{"true", "false"}
		}
	}
	return o
}
