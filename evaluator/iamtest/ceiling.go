package iamtest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// NoMoreThan asserts, for all requests there can be, that the principal is
// allowed nothing that the ceiling does not allow. The ceiling is an identity
// policy, written as those of a [Principal] are. A failure shows a request that
// breaks it, of whoever has the policies; where the proof runs out, or does not
// hold for such a principal (the root user, for one), the assertion fails and
// says why.
//
//	iamtest.NoMoreThan(t, deploy, "ceiling.json")
func NoMoreThan(t TestingT, who Who, ceiling string, msgAndArgs ...any) bool {
	helper(t)()
	s := newSource(nil, "the ceiling")
	limit := policy.Policies{}.With(policy.IdentityLayer.At(0), s.attached("", []string{ceiling})...)
	s.compile(limit)
	if !s.report(t) {
		return false
	}
	return proved(t, fmt.Sprintf("%s can do more than the ceiling", who), msgAndArgs, func(p *prove.Prover) (*prove.Verdict, error) {
		if err := who.provable(); err != nil {
			return nil, err
		}
		return p.Within(context.Background(), who.policies(), limit)
	})
}

// NoNewAccess asserts, for all requests there can be, that the principal as it
// is after a change is allowed nothing that it was not allowed before.
func NoNewAccess(t TestingT, before, after Who, msgAndArgs ...any) bool {
	helper(t)()
	return proved(t, fmt.Sprintf("%s can do more than before", after), msgAndArgs, func(p *prove.Prover) (*prove.Verdict, error) {
		for _, who := range []Who{before, after} {
			if err := who.provable(); err != nil {
				return nil, err
			}
		}
		return p.NoNewAccess(context.Background(), after.policies(), before.policies())
	})
}

// NotPublic asserts, for all requests there can be, that none of the policies
// attached to the resource grants anything to the public (J-3).
func NotPublic(t TestingT, what What, msgAndArgs ...any) bool {
	helper(t)()
	if !what.loaded {
		return settle(t, "", nil, []string{what.unloaded()}, msgAndArgs)
	}
	if what.engines && len(what.target.Policies) > 0 {
		return settle(t, "", nil, []string{what.String() + " " + notLoadedHere}, msgAndArgs)
	}
	holds := true
	for _, attached := range what.policies() {
		holds = proved(t, fmt.Sprintf("%s is public", what), msgAndArgs, func(p *prove.Prover) (*prove.Verdict, error) {
			return p.NotPublic(context.Background(), attached.Document)
		}) && holds
	}
	return holds
}

const notLoadedHere = "was put together with package evaluator: proofs need policies that are loaded here"

// provable: the documents of the principal are known, and a proof about whoever
// has them holds for this principal: a user or a role whose requests they
// decide (E.2, E.3).
func (w *Who) provable() error {
	if !w.loaded {
		return errors.New(w.unloaded())
	}
	if w.engines {
		return fmt.Errorf("%s %s", w, notLoadedHere)
	}
	switch kind := w.caller.Principal.Kind(); {
	case kind == evaluator.RootUser:
		return fmt.Errorf("%s is the root user, which is allowed everything that no Deny and no SCP denies: proofs are about users and roles", w)
	case kind != evaluator.IAMUser && kind != evaluator.RoleSession:
		return fmt.Errorf("%s is neither a user nor a role, and proofs are about their policies: load the user or the role", w)
	case w.beyondSCPs != "" && len(w.caller.SCPs) > 0:
		return fmt.Errorf("%s is %s, which no SCP binds (E.2), and proofs would count its SCPs: load it without", w, w.beyondSCPs)
	}
	return nil
}

// proved asks for a proof and reports what is not proved.
func proved(t TestingT, refuted string, msgAndArgs []any, ask func(*prove.Prover) (*prove.Verdict, error)) bool {
	helper(t)()
	v, err := ask(&prove.Prover{Catalog: catalog.Default()})
	if err != nil {
		return settle(t, "", nil, strings.Split(err.Error(), "\n"), msgAndArgs)
	}
	f := &failure{headline: refuted, messages: msgAndArgs}
	switch v.Outcome {
	case prove.Proved:
		return true
	case prove.Refuted:
		f.add("request", v.Request.String())
		if v.AllowedBy != nil {
			f.add("by", place(*v.AllowedBy))
		}
		if v.Nearest != nil {
			f.add("nearest", place(*v.Nearest))
		}
	default:
		f.headline = "it is not known whether " + refuted
		f.add("reason", v.Reason)
	}
	f.addLong("of", v.Universe)
	for _, assumption := range v.Assumptions {
		f.addLong("assumed", assumption)
	}
	t.Errorf("%s", f)
	return false
}
