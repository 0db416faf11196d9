package prove

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// NotPublic decides whether a resource-based policy grants nothing to the public
// (J-3). Not public is what is granted to a principal that the policy names by
// account, ARN, id or service, or under a condition that fixes one of these keys:
//
//	aws:PrincipalOrgID                              S  A
//	aws:PrincipalArn                                   A   its account is fixed
//	aws:PrincipalAccount, aws:PrincipalOrgPaths        A   a path begins with a full id, o-…/
//	aws:userid                                      S  A   more than AROLEID:* if strict
//	kms:CallerAccount                               K  A
//	aws:SourceArn                                   S      its account is fixed, or a bucket's ARN
//	aws:SourceAccount, aws:SourceOwner              S
//	aws:SourceOrgID, aws:SourceOrgPaths
//	aws:SourceIp                                    S  A   /8 or narrower, /32 of version 6
//	aws:SourceVpc, aws:SourceVpce                   S  A
//	aws:SourceVpcArn, aws:VpceAccount               A
//	aws:VpceOrgID, aws:VpceOrgPaths                 A
//	s3:DataAccessPointAccount                       S
//	s3:DataAccessPointArn                           S      its account is fixed
//
// S: of Amazon S3's definition, which is the one of AWS Config and Security Hub
// for SNS, SQS and Lambda too, as far as they say. K: as AWS KMS documents it. A:
// IAM Access Analyzer considers the key. No other key restricts: not tags, the
// referer, the time, TLS, MFA or kms:ViaService, nor lambda:FunctionUrlAuthType.
// The condition must need the key: IfExists, ForAllValues and negated operators
// restrict nothing, but that a Deny with the opposite counts.
//
// With [Prover.Strict] only keys of S count, whose values hold no wildcard and no
// policy variable, and no Deny does.
//
// What a trust policy grants to an identity provider is not public here; see
// [Prover.NotOpenTo].
func (x *Prover) NotPublic(ctx context.Context, d *policy.Document) (*Verdict, error) {
	if err := has(d); err != nil {
		return nil, err
	}
	return x.trusts(ctx, d, append(named(d), trustedConditions(d, x.Strict)...))
}

// trusts decides whether a resource-based policy grants no more than Allow
// statements do.
func (x *Prover) trusts(ctx context.Context, d *policy.Document, trusted []policy.Statement) (*Verdict, error) {
	if len(trusted) == 0 {
		trusted = nothingLike(d)
	}
	return x.granted(ctx, d, &policy.Document{Version: policy.Version2012, Statements: trusted})
}

// OnlyWithin decides whether a resource-based policy grants nothing beyond accounts
// and organizations, each by its id. AWS services that call for a resource in
// one of them (aws:SourceAccount, aws:SourceOwner, the account of aws:SourceArn,
// aws:SourceOrgID, aws:SourceOrgPaths) are within.
func (x *Prover) OnlyWithin(ctx context.Context, d *policy.Document, ids ...string) (*Verdict, error) {
	if err := has(d); err != nil {
		return nil, err
	}
	var trusted []policy.Statement
	trust := func(set policy.SetOperator, test policy.Test, value string, keys ...string) {
		for _, key := range keys {
			c := condition(test, key, value)
			c.Operator.Set = set
			trusted = append(trusted, toEveryoneWith(c))
		}
	}
	for _, id := range ids {
		switch {
		case arn.IsAccountID(id):
			trust(0, policy.StringEquals, id, "aws:PrincipalAccount", "aws:SourceAccount", "aws:SourceOwner")
			trust(0, policy.ArnLike, "arn:*:*:*:"+id+":*", "aws:SourceArn")
		case strings.HasPrefix(id, "o-") && id != "o-" && !strings.ContainsAny(id, "*?$/"): // a pattern would be one of all organizations
			trust(0, policy.StringEquals, id, "aws:PrincipalOrgID", "aws:SourceOrgID")
			trust(policy.ForAnyValue, policy.StringLike, id+"/*", "aws:PrincipalOrgPaths", "aws:SourceOrgPaths")
		default:
			return nil, fmt.Errorf("%s is neither an account id of 12 digits nor the id of an organization, o-…", spelling.Quote(id))
		}
	}
	return x.trusts(ctx, d, trusted)
}

// granted decides whether a resource-based policy grants no more than another.
func (x *Prover) granted(ctx context.Context, d, ceiling *policy.Document) (*Verdict, error) {
	return x.within(ctx, Resource(d), Resource(ceiling), grants)
}

// grants leaves out callers in the account of the resource whose own policies
// allow everything: they need no grant.
func grants(st *setting) bool { return !st.same || st.own != allowAll }

// named are Allow statements for everything, to the principals that a policy
// names.
func named(d *policy.Document) []policy.Statement {
	p := &policy.Principals{}
	for _, st := range d.Statements {
		if st.Principal == nil || st.Principal.Everyone {
			continue
		}
		for _, entry := range st.Principal.Entries {
			values := slices.DeleteFunc(slices.Clone(entry.Values), func(v string) bool { return v == "*" })
			if len(values) == 0 {
				continue
			}
			at := slices.IndexFunc(p.Entries, func(e policy.PrincipalEntry) bool { return e.Type == entry.Type })
			if at < 0 {
				p.Entries = append(p.Entries, policy.PrincipalEntry{Type: entry.Type})
				at = len(p.Entries) - 1
			}
			p.Entries[at].Values = append(p.Entries[at].Values, values...)
		}
	}
	if len(p.Entries) == 0 {
		return nil
	}
	st := *everythingAllowed()
	st.Principal = p
	return []policy.Statement{st}
}
