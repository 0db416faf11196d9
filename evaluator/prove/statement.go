package prove

import (
	"slices"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/operator"
	"github.com/iamsim/iamsim/policy"
)

// A statement is a statement of a policy in a space: predicates that must all
// hold. The rules of AWS that no policy changes are statements too, without
// source.
type statement struct {
	predicates []int // in ascending order, each once
	source     *source
}

// source says where a statement comes from.
type source struct {
	attachment
	at int // of the statement
}

func (s *source) statement() *policy.Statement { return &s.document.Statements[s.at] }

func (s *source) ref() *evaluator.StatementRef {
	st := s.statement()
	line, column := s.document.Position("Statement", s.at)
	return &evaluator.StatementRef{
		Layer: s.layer, Level: s.level, Policy: s.name, Index: s.at,
		Sid: st.Sid, Effect: st.Effect, Line: line, Column: column,
	}
}

// statements are a statement in this space: none if it can match nothing, and
// several where a NotPrincipal can hold in several ways.
func (s *space) statements(st *policy.Statement, version string, src *source, least law.Grant, boundary bool) []statement {
	var list []statement
	for _, base := range s.ways(st, version) {
		for _, id := range s.principals(st, least, boundary) {
			switch id {
			case never:
			case always:
				list = append(list, statement{base, src})
			default:
				list = append(list, statement{ordered(append(slices.Clone(base), id)), src})
			}
		}
	}
	return list
}

// ways are the predicates of everything but the principal: one list, or where
// conditions are on keys that requests for one service have, and others never do,
// one for each of these services and one for all others.
func (s *space) ways(st *policy.Statement, version string) [][]int {
	var services []string
	for i := range st.Condition {
		if of := s.serviceOf(fold.String(st.Condition[i].Key)); of != "" && !slices.Contains(services, of) {
			services = append(services, of)
		}
	}
	if len(services) == 0 {
		if base, ok := s.base(st, version); ok {
			return [][]int{base}
		}
		return nil
	}
	actions := make(policy.Values, len(services))
	for i, service := range services {
		actions[i] = service + ":*"
	}
	var list [][]int
	add := func(service string, of int) {
		if one, ok := s.forService(st, service); ok {
			if base, ok := s.base(one, version); ok {
				list = append(list, ordered(append(base, of)))
			}
		}
	}
	for i, service := range services {
		add(service, s.action(actions[i:i+1], false))
	}
	add("", s.action(actions, true))
	return list
}

// forService is a statement as it is for requests of one service, which lack the
// keys of others; ok is false where it applies to none.
func (s *space) forService(st *policy.Statement, service string) (one *policy.Statement, ok bool) {
	rest := *st
	rest.Condition = nil
	for _, c := range st.Condition {
		switch of := s.serviceOf(fold.String(c.Key)); {
		case of == "" || of == service:
			rest.Condition = append(rest.Condition, c)
		case !holdsAbsent(&c):
			return nil, false
		}
	}
	return &rest, true
}

// serviceOf is the service whose requests alone have a key, which follows from the
// caller or the owner of the resource; "" for any other key.
func (s *space) serviceOf(name string) string {
	if s.setting.caller.embedded[name] == nil && !isOwnerKey(name) || s.facts.untextual[name] {
		return ""
	}
	return law.KeyOf(name).Row().Service
}

// holdsAbsent reports whether a condition holds for an absent key.
func holdsAbsent(c *policy.Condition) bool {
	if c.Operator.Test == policy.Null {
		return slices.ContainsFunc(c.Values, func(v string) bool { return fold.Equal(v, "true") })
	}
	return operator.HoldsAbsent(c.Operator)
}

// base is everything but the principal; ok is false where it never matches.
func (s *space) base(st *policy.Statement, version string) (predicates []int, ok bool) {
	variables := version == policy.Version2012
	add := func(id int) bool {
		if id >= 0 {
			predicates = append(predicates, id)
		}
		return id != never
	}
	if st.NotAction != nil {
		ok = add(s.action(st.NotAction, true))
	} else {
		ok = add(s.action(st.Action, false))
	}
	switch {
	case st.NotResource != nil:
		ok = ok && add(s.resource(st.NotResource, true, variables))
	case st.Resource != nil: // else the resource that the policy is attached to
		ok = ok && add(s.resource(st.Resource, false, variables))
	}
	for i := range st.Condition {
		if i&0xFF == 0xFF && s.ended() { // nothing is proved then
			return nil, false
		}
		ok = ok && add(s.condition(&st.Condition[i], variables))
	}
	return ordered(predicates), ok
}

func ordered(ids []int) []int {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// rule is a rule of AWS, written as a statement.
func (s *space) rule(st policy.Statement) []statement {
	return s.statements(&st, policy.Version2012, nil, law.AccountGrant, false)
}

// set are the statements of documents with one effect.
func (s *space) set(list []attachment, layer policy.Layer, at int, effect policy.Effect, least law.Grant, boundary bool) []statement {
	var out []statement
	for _, a := range list {
		if a.layer != layer || a.level != at {
			continue
		}
		for i := range a.document.Statements {
			if st := &a.document.Statements[i]; st.Effect == effect && a.has(i) {
				out = append(out, s.statements(st, a.document.Version, &source{a, i}, least, boundary)...)
			}
		}
	}
	return out
}
