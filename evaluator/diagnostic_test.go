package evaluator_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

const (
	bucketObject = "arn:aws:s3:::b/k"
	allowsAll    = `{"Effect":"Allow","Action":"*","Resource":"*"}`
)

func TestWhatAReaderShouldKnowBesideTheDecision(t *testing.T) {
	const role = "arn:aws:iam::111122223333:role/app"
	user := evaluator.User(alice)
	pathless := evaluator.Session("arn:aws:sts::111122223333:assumed-role/app/s1", "")
	allowIf := func(condition string) string {
		return `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{` + condition + `}}`
	}
	tagged := func(keys ...string) (tags []evaluator.Tag) {
		for _, k := range keys {
			tags = append(tags, evaluator.Tag{Key: k, Value: "red"})
		}
		return tags
	}
	key := func(name string, values ...string) evaluator.Context {
		return evaluator.Context{{Name: name, Values: values}}
	}
	for name, tc := range map[string]struct {
		by               evaluator.Principal
		action, resource string
		context          evaluator.Context
		identity         string // statements
		ofResource       string // statements
		boundary, scp    bool
		tags             []evaluator.Tag // of the resource
		code, says       string          // "": nothing to say
	}{
		"NotPrincipal lists the user and not the account": {by: user, identity: allowsAll, ofResource: `{"Effect":"Deny","NotPrincipal":{"AWS":"` + alice + `"},"Action":"*","Resource":"*"}`,
			code: "undocumented-rule", says: "the other reading gives allowed (A-59)"},
		"NotPrincipal lists both": {by: user, identity: allowsAll, ofResource: `{"Effect":"Deny","NotPrincipal":{"AWS":["` + alice + `","111122223333"]},"Action":"*","Resource":"*"}`},
		"the root user assumes a role": {by: evaluator.Root("111122223333"), action: "sts:AssumeRole", resource: role,
			code: "fixed-rule", says: "no policy can allow it: the root user cannot assume a role (L-4)"},
		"who somebody is, everybody may ask": {by: user, action: "sts:GetCallerIdentity", resource: "*", code: "fixed-rule", says: "every caller may do this"},
		"identity-based policies of a service": {by: evaluator.Service("s3.amazonaws.com"), identity: allowsAll,
			code: "unused-policies", says: "apply to s3.amazonaws.com: those that are given are not used (E-40)"},
		"a boundary of nobody":                      {by: evaluator.Anonymous(), boundary: true, code: "unused-policies", says: "(E-40)"},
		"a service control policy of a service":     {by: evaluator.Service("s3.amazonaws.com"), scp: true, code: "unused-policies", says: "(E-40)"},
		"a service control policy of the root user": {by: evaluator.Root("111122223333"), scp: true},
		"policies of the root user":                 {by: evaluator.Root("111122223333"), identity: allowsAll, code: "unused-policies", says: "apply to the root user"},
		"a boundary of the root user":               {by: evaluator.Root("111122223333"), boundary: true, code: "unused-policies", says: "apply to the root user"},
		"policies of a user":                        {by: user, identity: allowsAll, boundary: true},
		"a value that every session has": {by: evaluator.Session("arn:aws:sts::111122223333:assumed-role/app/s1", role), identity: allowIf(`"StringEquals":{"aws:userid":"AROAAPP:s1"}`),
			code: "value-not-known", says: `context key "aws:userid" exists for this caller`},
		"a value that the request says it does not know": {by: evaluator.Session("arn:aws:sts::111122223333:assumed-role/app/s1", role), identity: allowIf(`"StringEquals":{"aws:userid":"AROAAPP:s1"}`),
			context: evaluator.Context{{Name: "aws:userid", State: evaluator.Present}}},
		"a value that does not decide": {by: evaluator.Session("arn:aws:sts::111122223333:assumed-role/app/s1", role), identity: allowIf(`"StringEquals":{"aws:userid":"AROAAPP:s1"}`) + "," + allowsAll},
		"several values without set operator": {by: user, identity: allowIf(`"StringEquals":{"aws:TagKeys":"a"}`), context: key("aws:TagKeys", "a", "b"),
			code: "missing-qualifier", says: `"aws:TagKeys" has 2 values and is tested by StringEquals`},
		"several values with one":                   {by: user, identity: allowIf(`"ForAnyValue:StringEquals":{"aws:TagKeys":"a"}`), context: key("aws:TagKeys", "a", "b")},
		"several values, and whether there are any": {by: user, identity: allowIf(`"Null":{"aws:TagKeys":"false"}`), context: key("aws:TagKeys", "a", "b")},
		"one value": {by: user, identity: allowIf(`"StringEquals":{"aws:TagKeys":"a"}`), context: key("aws:TagKeys", "a")},
		"tags of the resource that differ in case":              {by: user, identity: allowIf(`"StringEquals":{"aws:ResourceTag/team":"red"}`), tags: tagged("team", "Team"), code: "ambiguous-tag", says: "the resource has several tags"},
		"tags of the resource that differ otherwise":            {by: user, identity: allowIf(`"StringEquals":{"aws:ResourceTag/team":"red"}`), tags: tagged("team", "env")},
		"tags of the caller that differ in case":                {by: user.WithTags(tagged("team", "TEAM")...), identity: allowIf(`"StringEquals":{"aws:PrincipalTag/team":"red"}`), code: "ambiguous-tag", says: "the principal has several tags"},
		"tags of the caller, and a policy about the resource's": {by: user.WithTags(tagged("team", "TEAM")...), identity: allowIf(`"StringEquals":{"aws:ResourceTag/team":"red"}`), tags: tagged("team")},
		"tags of the resource, and a policy about the caller's": {by: user.WithTags(tagged("team")...), identity: allowIf(`"StringEquals":{"aws:PrincipalTag/team":"red"}`), tags: tagged("team", "TEAM")},
		"tags of which no policy asks":                          {by: user.WithTags(tagged("team", "TEAM")...), identity: allowsAll},
		"a role's path in a principal": {by: pathless, ofResource: `{"Effect":"Allow","Principal":{"AWS":"` + role + `"},"Action":"*","Resource":"*"}`, identity: allowsAll,
			code: "role-path-not-known", says: "ARNs of the role match by account and name"},
		"a role's path in a condition": {by: pathless, identity: allowsAll + `,` + allowIf(`"ArnEquals":{"aws:PrincipalArn":"`+role+`"}`),
			code: "role-path-not-known", says: "and with it aws:PrincipalArn"},
		"another role in a principal": {by: pathless, ofResource: `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/other"},"Action":"*","Resource":"*"}`, identity: allowsAll},
		"a key of iam:PassRole":       {by: user, identity: allowsAll, context: key("iam:PassedToService", "lambda.amazonaws.com"), code: "unused-context-key", says: "exists for iam:PassRole only and is not used for s3:GetObject (G-7)"},
		"a key that iam:PassRole lacks": {by: user, action: "iam:PassRole", resource: role, identity: allowsAll, context: key("aws:ResourceTag/team", "red"),
			code: "unused-context-key", says: "does not exist for iam:PassRole and is not used (G-9, G-12)"},
		"a key that contradicts the caller":  {by: user, identity: allowsAll, context: key("aws:PrincipalAccount", "444455556666"), code: "overriding-context-key", says: "(D-4)"},
		"a key that says it once more":       {by: user, identity: allowsAll, context: key("aws:PrincipalAccount", "111122223333")},
		"a key that says it with more words": {by: user, identity: allowsAll, context: key("aws:PrincipalAccount", "111122223333", "444455556666"), code: "overriding-context-key", says: "(D-4)"},
	} {
		t.Run(name, func(t *testing.T) {
			caller := evaluator.Caller{Principal: tc.by}
			if tc.identity != "" {
				caller.Identity = set(t, policy.Identity, tc.identity)
			}
			if tc.boundary {
				caller.Boundary = set(t, policy.Boundary, allowsAll)
			}
			if tc.scp {
				caller.SCPs = []*evaluator.Set{set(t, policy.SCP, allowsAll)}
			}
			action, target := "s3:GetObject", evaluator.Target{Resource: bucketObject, Account: "111122223333", Tags: tc.tags}
			if tc.action != "" {
				action, target = tc.action, evaluator.Target{Resource: tc.resource}
			}
			if tc.ofResource != "" {
				target.Policies = []*evaluator.Set{set(t, policy.Resource, tc.ofResource)}
			}
			found := evaluator.Explain(&caller, &target, &evaluator.Request{Action: action, Context: tc.context}).Diagnostics()
			if tc.code == "" {
				assert.Empty(t, found)
				return
			}
			if assert.Len(t, found, 1) {
				assert.Equal(t, tc.code, found[0].Code)
				assert.Contains(t, found[0].Message, tc.says)
			}
		})
	}
}
