package account

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// A Change is one change of a snapshot, for [Snapshot.With]: [Attach], [Detach],
// [PutPolicy], [PutResourcePolicy], [WithoutStatement].
type Change func(*Snapshot) error

// With is the snapshot as if changes had been made, in their order. It shares all
// that does not change, compiled sets among it; the snapshot itself stays as it
// is. The error names the first change that cannot be made.
func (s *Snapshot) With(changes ...Change) (*Snapshot, error) {
	changed := *s
	if changed.interned == nil { // of the zero Snapshot
		changed.interned = newInterner()
	}
	for _, change := range changes {
		if err := change(&changed); err != nil {
			return nil, err
		}
	}
	return &changed, nil
}

// Attach adds policies to a user, group or role: each by its ARN alone, where the
// snapshot has it, or with a document.
func Attach(identity string, policies ...policy.Attached) Change {
	return func(s *Snapshot) error {
		i, err := s.identity(identity)
		if err != nil {
			return err
		}
		i = i.clone()
		for _, a := range policies {
			if a.Document == nil && a.ARN != "" {
				p, err := s.Policy(a.ARN)
				if err != nil {
					return err
				}
				if !slices.Contains(i.Managed, p.ARN) {
					i.Managed = append(i.Managed, p.ARN)
				}
				continue
			}
			if err := policy.Check(policy.Identity, a); err != nil {
				return err
			}
			i.Inline = append(i.Inline, a)
		}
		s.identities = s.identities.with(i.ARN, i)
		return nil
	}
}

// Detach takes a policy from a user, group or role: a managed one by its ARN, or
// an inline one by its name.
func Detach(identity, policyName string) Change {
	return func(s *Snapshot) error {
		i, err := s.identity(identity)
		if err != nil {
			return err
		}
		i = i.clone()
		before := len(i.Managed) + len(i.Inline)
		i.Managed = slices.DeleteFunc(i.Managed, func(m string) bool { return m == policyName })
		i.Inline = slices.DeleteFunc(i.Inline, func(a policy.Attached) bool { return a.Name == policyName })
		if len(i.Managed)+len(i.Inline) == before {
			return fmt.Errorf("%s has no policy %s", i.ARN, spelling.Quote(policyName))
		}
		s.identities = s.identities.with(i.ARN, i)
		return nil
	}
}

// PutPolicy gives a managed policy, by ARN, a new default version.
func PutPolicy(policyARN string, document *policy.Document) Change {
	return func(s *Snapshot) error {
		if err := policy.Check(policy.Identity, policy.Attached{Document: document, Name: policyARN}); err != nil {
			return err
		}
		p := &ManagedPolicy{ARN: policyARN}
		if old := s.policies.get(policyARN); old != nil {
			p = old.clone()
		}
		for number := len(p.Versions) + 1; ; number++ {
			if p.Default = "v" + strconv.Itoa(number); p.document(p.Default) == nil {
				break
			}
		}
		p.Versions = append(p.Versions, Version{p.Default, document})
		s.policies = s.policies.with(policyARN, p)
		return nil
	}
}

// PutResourcePolicy gives a resource, or a function's alias, this policy; nil
// for none. For a role it is the trust policy.
func PutResourcePolicy(resource string, document *policy.Document) Change {
	return func(s *Snapshot) error {
		if document != nil {
			if err := document.Check(policy.OfResource(resource)); err != nil {
				return err
			}
		}
		if i := s.identities.get(resource); i != nil && i.Kind() == "role" {
			i = i.clone()
			i.Trust, i.Known = document, i.Known|TrustPolicy
			s.identities = s.identities.with(resource, i)
			return nil
		}
		r := Resource{ARN: resource}
		if old := s.resources.get(resource); old != nil {
			r = *old
		}
		r.Policy, r.Known = document, r.Known|ResourcePolicy
		s.resources = s.resources.with(resource, &r)
		return nil
	}
}

// WithoutStatement takes the effect from a statement, counted from 0, of a policy: a managed
// one by its ARN; an inline one by the ARN of its user, group or role and its
// name; that of a resource or the trust policy of a role by the ARN, with "" for
// the name; a service or resource control policy by its id.
func WithoutStatement(of, policyName string, statement int) Change {
	return func(s *Snapshot) error {
		i, r := s.identities.get(of), s.resources.get(of)
		switch {
		case s.policies.get(of) != nil:
			p := s.policies.get(of)
			document, err := without(of, p.document(p.Default), statement)
			if err != nil {
				return err
			}
			return PutPolicy(of, document)(s)
		case s.controls.get(of) != nil:
			c := *s.controls.get(of)
			document, err := without(of, c.Document, statement)
			if err != nil {
				return err
			}
			c.Document = document
			s.controls = s.controls.with(of, &c)
			s.stand(nil)
			return nil
		case i != nil && policyName != "":
			return s.withoutInline(i, policyName, statement)
		case i != nil:
			document, err := without(of, i.Trust, statement)
			if err != nil {
				return err
			}
			return PutResourcePolicy(of, document)(s)
		case r != nil:
			document, err := without(of, r.Policy, statement)
			if err != nil {
				return err
			}
			return PutResourcePolicy(of, document)(s)
		}
		return fmt.Errorf("%s is %w", spelling.Quote(of), ErrNotFound)
	}
}

// withoutInline takes a statement out of an inline policy.
func (s *Snapshot) withoutInline(i *Identity, name string, statement int) error {
	i = i.clone()
	at := slices.IndexFunc(i.Inline, func(a policy.Attached) bool { return a.Name == name })
	if at < 0 {
		return fmt.Errorf("%s has no inline policy %s", i.ARN, spelling.Quote(name))
	}
	document, err := without(i.ARN+" "+name, i.Inline[at].Document, statement)
	if err != nil {
		return err
	}
	i.Inline[at].Document = document
	s.identities = s.identities.with(i.ARN, i)
	return nil
}

// without is a copy of a document in which a statement has no action, and so
// matches nothing. The numbers of the others stay.
func without(of string, d *policy.Document, statement int) (*policy.Document, error) {
	if d == nil || statement < 0 || statement >= len(d.Statements) {
		return nil, fmt.Errorf("%s has no statement %d", of, statement)
	}
	changed := &policy.Document{Version: d.Version, ID: d.ID, Statements: slices.Clone(d.Statements)}
	st := &changed.Statements[statement]
	st.Action, st.NotAction = policy.Values{}, nil
	return changed, nil
}

// identity is the user, group or role with an ARN.
func (s *Snapshot) identity(name string) (*Identity, error) {
	if i := s.identities.get(name); i != nil {
		return i, nil
	}
	return nil, fmt.Errorf("user, group or role %s is %w", spelling.Quote(name), ErrNotFound)
}
