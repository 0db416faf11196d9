package prove

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// SharedProviders are the identity providers that Allow statements of a trust
// policy name and at which anybody may have an account, each once and as the
// policy writes it.
func SharedProviders(d *policy.Document) []string {
	var list []string
	if d == nil {
		return nil
	}
	for i := range d.Statements {
		st := &d.Statements[i]
		if st.Effect != policy.Allow || st.Principal == nil {
			continue
		}
		for _, entry := range st.Principal.Entries {
			for _, value := range entry.Values {
				if entry.Type == policy.PrincipalFederated && law.SharedProviderOf(value) != nil && !slices.Contains(list, value) {
					list = append(list, value)
				}
			}
		}
	}
	return list
}

// NotOpenTo decides whether a trust policy lets those who have an account at a
// shared identity provider assume the role only where a condition says whose
// account it is: for GitHub Actions a subject that begins with repo:OWNER/, or
// another claim with a fixed value. The provider is one of [SharedProviders]. A
// refuting request is one of anybody there.
func (x *Prover) NotOpenTo(ctx context.Context, d *policy.Document, provider string) (*Verdict, error) {
	if err := has(d); err != nil {
		return nil, err
	}
	shared := law.SharedProviderOf(provider)
	if shared == nil {
		return nil, fmt.Errorf("%s is no identity provider at which anybody may have an account", spelling.Quote(provider))
	}
	trusted := append(notOf(d, provider), trustedConditions(d, false)...)
	this := &policy.Principals{Entries: []policy.PrincipalEntry{{Type: policy.PrincipalFederated, Values: policy.Values{provider}}}}
	for i := range d.Statements {
		st := &d.Statements[i]
		for _, c := range st.Condition {
			if st.Effect == policy.Deny {
				c.Operator.Test, c.Operator.IfExists = positive[c.Operator.Test], false
			}
			if fixesAccountAt(shared, &c) {
				own := *everythingAllowed()
				own.Principal, own.Condition = this, []policy.Condition{c}
				trusted = append(trusted, own)
			}
		}
	}
	if len(trusted) == 0 {
		trusted = nothingLike(d)
	}
	ceiling := Resource(&policy.Document{Version: policy.Version2012, Statements: trusted})
	return x.within(ctx, Resource(d), ceiling, func(st *setting) bool { return st.caller.kind == evaluator.WebIdentity })
}

// fixesAccountAt reports whether a condition says whose account at the provider it
// is.
func fixesAccountAt(p *law.SharedProvider, c *policy.Condition) bool {
	if !narrows(c.Operator) {
		return false
	}
	wildcards := false
	switch c.Operator.Test {
	case policy.StringEquals, policy.StringEqualsIgnoreCase, policy.NumericEquals:
	case policy.StringLike:
		wildcards = true
	default:
		return false
	}
	return !slices.ContainsFunc(c.Values, func(v string) bool {
		return strings.Contains(v, "${") || !p.Fixes(c.Key, v, wildcards)
	})
}

// notOf are Allow statements for everything to all but those of one identity
// provider.
func notOf(d *policy.Document, provider string) []policy.Statement {
	list := named(d)
	for i := range list {
		p := &policy.Principals{}
		for _, entry := range list[i].Principal.Entries {
			if entry.Type == policy.PrincipalFederated {
				entry.Values = slices.DeleteFunc(entry.Values, func(v string) bool { return v == provider })
			}
			if len(entry.Values) > 0 {
				p.Entries = append(p.Entries, entry)
			}
		}
		list[i].Principal = p
	}
	return slices.DeleteFunc(list, func(st policy.Statement) bool { return len(st.Principal.Entries) == 0 })
}
