package prove_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

func parse(t require.TestingT, statements string) *policy.Document {
	d, err := policy.ParseString("policy.json", `{"Version":"2012-10-17","Statement":[`+statements+`]}`)
	require.NoError(t, err)
	return d
}

func TestACatalogueMakesRequestsReadWell(t *testing.T) {
	x := prove.Prover{Catalog: catalog.Default()}
	for name, c := range map[string]struct{ p, q, action, resource string }{
		"an action on a resource of its type": {
			`{"Effect":"Allow","Action":"sqs:*","Resource":"*"}`, `{"Effect":"Allow","Action":"sqs:Get*","Resource":"*"}`,
			"sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:example"},
		"an action without resource on a star": {
			`{"Effect":"Allow","Action":["ec2:DescribeAccountA*"],"Resource":"*"}`, `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`,
			"ec2:DescribeAccountAttributes", "*"},
		"the pattern's own resource stays where it fits": {
			`{"Effect":"Allow","Action":"lambda:Up*","Resource":"arn:aws:lambda:*:*:function:billing-*"}`, `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`,
			"lambda:UpdateFunctionCode", "arn:aws:lambda:us-east-1:111122223333:function:billing-example"},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := x.Within(t.Context(), prove.Identity(parse(t, c.p)), prove.Identity(parse(t, c.q)))
			require.NoError(t, err)
			require.Equal(t, prove.Refuted, v.Outcome, "%s", v)
			assert.Equal(t, c.action, v.Request.Action)
			assert.Equal(t, c.resource, v.Request.Resource)
			assert.NotEmpty(t, v.CatalogDate)
		})
	}
}

// A key that the catalogue knows to be single-valued, always there, or a truth
// value, is so in every request.
func TestACatalogueKnowsWhatValuesKeysHave(t *testing.T) {
	p := parse(t, `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`)
	q := parse(t, `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}},
		{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`)
	for want, x := range map[prove.Outcome]*prove.Prover{prove.Refuted: {}, prove.Proved: {Catalog: catalog.Default()}} {
		v, err := x.Within(t.Context(), prove.Identity(p), prove.Identity(q))
		require.NoError(t, err)
		assert.Equal(t, want, v.Outcome, "%s", v)
	}
}

func TestFaultyDocumentsAreRefusedWithTheirPlace(t *testing.T) {
	var x prove.Prover
	good := parse(t, `{"Effect":"Allow","Action":"*","Resource":"*"}`)
	bad := parse(t, `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`)
	_, err := x.Within(t.Context(), prove.Identity(bad, nil), prove.Identity(good))
	require.ErrorIs(t, err, policy.Code("unsupported-principal"))
	require.ErrorContains(t, err, "policy.json:1:")
	require.ErrorContains(t, err, "identity policy 1")
	x.Owner = "12"
	_, err = x.Within(t.Context(), prove.Resource(bad), prove.Resource(bad))
	require.ErrorContains(t, err, `owner "12"`)
	x.Owner = "444455556666"
	queue := parse(t, `{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":["arn:aws:sqs:us-east-1:111122223333:q","arn:aws:sqs:*:777788889999:*"]}`)
	_, err = x.NotPublic(t.Context(), queue)
	require.ErrorContains(t, err, `Statement[0] is about "arn:aws:sqs:us-east-1:111122223333:q", which account 444455556666 does not own`)
	x.Owner = "777788889999"
	_, err = x.NotPublic(t.Context(), queue)
	require.NoError(t, err)
	x.Owner = ""
	_, err = x.Within(t.Context(), prove.Of(policy.Endpoint, policy.Attached{Document: good}), prove.Of(policy.Endpoint))
	require.ErrorContains(t, err, "endpoint")
}

func TestQuestionsAboutWhatIsNotThereAreErrors(t *testing.T) {
	var x prove.Prover
	d := parse(t, `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`)
	ctx := t.Context()
	for name, ask := range map[string]func() (*prove.Verdict, error){
		"no statement 1":        func() (*prove.Verdict, error) { return x.Redundant(ctx, d, 1) },
		"no statement -1":       func() (*prove.Verdict, error) { return x.Unreachable(ctx, d, -1) },
		"no document":           func() (*prove.Verdict, error) { return x.Dead(ctx, nil, 0) },
		"no second statement":   func() (*prove.Verdict, error) { return x.Shadowed(ctx, d, 0, 7) },
		"nothing to be public":  func() (*prove.Verdict, error) { return x.NotPublic(ctx, nil) },
		"no account":            func() (*prove.Verdict, error) { return x.OnlyWithin(ctx, d, "1234") },
		"no one organization":   func() (*prove.Verdict, error) { return x.OnlyWithin(ctx, d, "o-*") },
		"none of two letters":   func() (*prove.Verdict, error) { return x.OnlyWithin(ctx, d, "o-a1b2c3d4e?") },
		"no organization":       func() (*prove.Verdict, error) { return x.OnlyWithin(ctx, d, "o-") },
		"a part of one":         func() (*prove.Verdict, error) { return x.OnlyWithin(ctx, d, "o-a1b2c3d4e5/r-ab12") },
		"an organization to be": func() (*prove.Verdict, error) { return x.OnlyWithin(ctx, d, "o-${aws:PrincipalOrgID}") },
		"no function policy":    func() (*prove.Verdict, error) { return x.InvokableOnlyBy(ctx, nil, nil) },
		"no trust policy":       func() (*prove.Verdict, error) { return x.NotOpenTo(ctx, nil, "accounts.google.com") },
		"no shared provider":    func() (*prove.Verdict, error) { return x.NotOpenTo(ctx, d, "login.example.com") },
		"nothing in accounts":   func() (*prove.Verdict, error) { return x.OnlyWithin(ctx, nil, "111122223333") },
		"no first statement":    func() (*prove.Verdict, error) { return x.Shadowed(ctx, d, 1, 0) },
		"no statement 1, dead":  func() (*prove.Verdict, error) { return x.Dead(ctx, d, 1) },
		"a faulty older policy": func() (*prove.Verdict, error) {
			return x.NoNewAccess(ctx, prove.Identity(), prove.Identity(d))
		},
		"a faulty side of two": func() (*prove.Verdict, error) {
			ab, ba, err := x.Equivalent(ctx, prove.Identity(d), prove.Identity())
			assert.Nil(t, ba)
			return ab, err
		},
		"a faulty action": func() (*prove.Verdict, error) {
			return x.NotGranted(ctx, prove.Resource(d), prove.Access{Actions: []string{"PassRole"}})
		},
	} {
		v, err := ask()
		require.Error(t, err, name)
		assert.Nil(t, v, name)
	}
	v, err := x.InvokableOnlyBy(ctx, d, nil)
	require.NoError(t, err)
	assert.Equal(t, prove.Refuted, v.Outcome)
	v, err = x.NoPassRoleBeyond(ctx, prove.Identity(parse(t, `{"Effect":"Allow","Action":"iam:Get*","Resource":"*"}`)), nil, nil)
	require.NoError(t, err)
	assert.Equal(t, prove.Proved, v.Outcome)
}

func TestAVerdictIsUnknownWhenTimeOrBudgetRunOut(t *testing.T) {
	p, q := conjunction(12, false)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(context.DeadlineExceeded)
	var x prove.Prover
	v, err := x.Within(ctx, prove.Identity(p), prove.Identity(q))
	require.NoError(t, err)
	assert.Equal(t, prove.Unknown, v.Outcome)
	assert.Contains(t, v.Reason, "deadline")

	x.Budget = 100
	v, err = x.Within(t.Context(), prove.Identity(p), prove.Identity(q))
	require.NoError(t, err)
	assert.Equal(t, prove.Unknown, v.Outcome)
	assert.Contains(t, v.Reason, "budget of 100")

	hard, none := clauses(newGenerator(1, 1).Rand, 120, 4.2)
	x.Budget = 1 << 12 // a step costs more where there is more to look at
	v, err = x.Within(t.Context(), prove.Identity(hard), prove.Identity(none))
	require.NoError(t, err)
	assert.Equal(t, prove.Unknown, v.Outcome)
	assert.Contains(t, v.Reason, "budget of 4096")

	ctx, cancel2 := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel2()
	start := time.Now()
	v, err = (&prove.Prover{Budget: 1 << 40}).Within(ctx, prove.Identity(hard), prove.Identity(none))
	require.NoError(t, err)
	assert.Less(t, time.Since(start), 5*time.Second)
	assert.NotEqual(t, prove.Refuted == v.Outcome, v.Request == nil)
}

// A verdict says how many states it cost. A budget of as many gives the same
// verdict, and a smaller one the same outcome or none.
func TestASmallerBudgetGivesNoOtherAnswer(t *testing.T) {
	usedUp := 0
	for _, c := range readCases(t) {
		if c.Check == "equivalent" || c.Check == "shadowed" { // questions of two parts, each with the whole budget
			continue
		}
		whole := c.ask(t, &prove.Prover{})
		if whole.Outcome != prove.Proved || whole.Stats.States < 2 {
			continue
		}
		enough := c.ask(t, &prove.Prover{Budget: whole.Stats.States})
		assert.Equal(t, whole, enough, c.Name)
		for _, budget := range []int{whole.Stats.States - 1, whole.Stats.States / 2, 1} {
			less := c.ask(t, &prove.Prover{Budget: budget})
			assert.NotEqual(t, prove.Refuted, less.Outcome, c.Name)
			if less.Outcome == prove.Unknown && less.Reason != "the answer depends on the value of a policy variable" {
				usedUp++
				assert.Equal(t, fmt.Sprintf("the budget of %d states is used up", budget), less.Reason, c.Name)
			}
		}
	}
	assert.Greater(t, usedUp, 100)
}

// A request that the evaluator would take long for is not put to it.
func TestARequestLargerThanAnyThatAWSAcceptsIsNoRefutation(t *testing.T) {
	const tooLarge = "a request was found that is larger than any that AWS accepts"
	keys := func(n int) string {
		var conditions []string
		for i := range n {
			conditions = append(conditions, fmt.Sprintf(`"example:k%d":"v"`, i))
		}
		return `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{` + strings.Join(conditions, ",") + `}}}`
	}
	long := func(n int) string {
		return `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"` + strings.Repeat("x", n) + `"}}}`
	}
	for name, c := range map[string]struct {
		statement string
		want      string
	}{
		"as many keys as are tried":   {keys(1 << 11), ""},
		"one key more":                {keys(1<<11 + 1), tooLarge},
		"as long a value as is tried": {long(1<<14 - 64), ""},
		"a value that is too long":    {long(1 << 14), tooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := (&prove.Prover{Budget: 1 << 26}).Within(t.Context(), prove.Identity(parse(t, c.statement)), prove.Identity())
			require.NoError(t, err)
			assert.Equal(t, c.want, v.Reason)
			assert.Equal(t, c.want == "", v.Outcome == prove.Refuted, v.Outcome)
		})
	}
}

// In version 2008-10-17 a variable is text.
func TestTheSameStatementOfAnotherVersionSaysSomethingElse(t *testing.T) {
	const canonical = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
	of := func(version string) policy.Policies {
		d, err := policy.ParseString(version, `{"Version":"`+version+`","Statement":{"Effect":"Allow","Principal":{"CanonicalUser":"`+canonical+`"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:SourceIp}"}}`)
		require.NoError(t, err)
		return prove.Resource(d)
	}
	for _, c := range []struct {
		p, q string
		want prove.Outcome
	}{
		{policy.Version2012, policy.Version2008, prove.Unknown},
		{policy.Version2008, policy.Version2012, prove.Unknown},
		{policy.Version2012, policy.Version2012, prove.Proved},
	} {
		v, err := new(prove.Prover).Within(t.Context(), of(c.p), of(c.q))
		require.NoError(t, err)
		assert.Equal(t, c.want, v.Outcome, "%s within %s: %s", c.p, c.q, v)
	}
}

func TestAVerdictSaysTheSameEachTime(t *testing.T) {
	for i := range 60 {
		p := newGenerator(8, uint64(i)).pair()
		var x prove.Prover
		first, err := x.Within(t.Context(), p.p, p.q)
		require.NoError(t, err)
		for range 3 {
			v, err := x.Within(t.Context(), p.p, p.q)
			require.NoError(t, err)
			require.Equal(t, first, v)
		}
	}
}

// A request that refutes is one that could occur: the caller's account and the
// resource's are what the question is about, and the action is asked for on such
// a resource.
func TestRequestsAreNatural(t *testing.T) {
	const nothing = `{"Effect":"Allow","Action":[],"Resource":"*"}`
	for name, c := range map[string]struct {
		p, q, action, resource, caller string
	}{
		"everything": {
			`{"Effect":"Allow","Action":"*","Resource":"*"}`, nothing,
			"lambda:GetFunction", "arn:aws:lambda:us-east-1:111122223333:function:my-function", "arn:aws:iam::111122223333:user/alice"},
		"everything but a service": {
			`{"Effect":"Allow","NotAction":"lambda:*","Resource":"*"}`, nothing,
			"s3:GetObject", "arn:aws:s3:::example/object", "arn:aws:iam::111122223333:user/alice"},
		"all actions on a bucket": {
			`{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::orders/*"}`, nothing,
			"s3:GetObject", "arn:aws:s3:::orders/example", "arn:aws:iam::111122223333:user/alice"},
		"a service that is not well known": {
			`{"Effect":"Allow","Action":"kinesis:*","Resource":"*"}`, nothing,
			"kinesis:AddTagsToStream", "arn:aws:kinesis:us-east-1:111122223333:stream/example", "arn:aws:iam::111122223333:user/alice"},
		"a resource that names its account": {
			`{"Effect":"Allow","Action":"lambda:Get*","Resource":"arn:aws:lambda:*:123456789012:function:*"}`, nothing,
			"lambda:GetFunction", "arn:aws:lambda:us-east-1:123456789012:function:my-function", "arn:aws:iam::123456789012:user/alice"},
		"a role that names its account": {
			`{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/orders-*"}`, nothing,
			"iam:PassRole", "arn:aws:iam::123456789012:role/orders-example", "arn:aws:iam::123456789012:user/alice"},
		"a caller of an account": {
			`{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"123456789012"}}}`, nothing,
			"lambda:GetFunction", "arn:aws:lambda:us-east-1:123456789012:function:my-function", "arn:aws:iam::123456789012:user/alice"},
		"a role that is named by a pattern": {
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/admin-*"}}}`, nothing,
			"s3:GetObject", "arn:aws:s3:::example/object", "arn:aws:sts::111122223333:assumed-role/admin-example/session"},
		"actions on what is no resource of theirs": {
			`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f"}`, nothing,
			"s3:GetObject", "arn:aws:lambda:us-east-1:123456789012:function:f", "arn:aws:iam::123456789012:user/alice"},
		"a variable of a key that has usual values": {
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/${aws:RequestedRegion}"}`, nothing,
			"s3:GetObject", "arn:aws:s3:::example/us-east-1", "arn:aws:iam::111122223333:user/alice"},
		"a partition": {
			`{"Effect":"Allow","Action":"lambda:*","Resource":"arn:aws-cn:lambda:*:123456789012:*"}`, nothing,
			"lambda:GetFunction", "arn:aws-cn:lambda:cn-north-1:123456789012:function:my-function", "arn:aws-cn:iam::123456789012:user/alice"},
	} {
		t.Run(name, func(t *testing.T) {
			x := prove.Prover{Catalog: catalog.Default()}
			v, err := x.Within(t.Context(), prove.Identity(parse(t, c.p)), prove.Identity(parse(t, c.q)))
			require.NoError(t, err)
			require.Equal(t, prove.Refuted, v.Outcome, "%s", v)
			assert.Equal(t, c.action, v.Request.Action)
			assert.Equal(t, c.resource, v.Request.Resource)
			assert.Equal(t, c.caller, v.Request.Principal.String())
			assert.Equal(t, v.Request.Principal.Account(), v.Request.Account)
		})
	}
}

// Of a long list every value counts.
func TestTheLastOfManyValuesCounts(t *testing.T) {
	list := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf(`"arn:aws:s3:::b/%03d"`, i))
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	for name, c := range map[string]struct{ p, q string }{
		"resources that are allowed": {`{"Effect":"Allow","Action":"s3:GetObject","Resource":` + list(300) + `}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":` + list(299) + `}`},
		"resources that are denied": {`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Action":"s3:GetObject","Resource":` + list(299) + `}`,
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Action":"s3:GetObject","Resource":` + list(300) + `}`},
	} {
		t.Run(name, func(t *testing.T) {
			var x prove.Prover
			v, err := x.Within(t.Context(), prove.Identity(parse(t, c.p)), prove.Identity(parse(t, c.q)))
			require.NoError(t, err)
			require.Equal(t, prove.Refuted, v.Outcome, "%s", v)
			assert.Equal(t, "arn:aws:s3:::b/299", v.Request.Resource)
			v, err = x.Within(t.Context(), prove.Identity(parse(t, c.q)), prove.Identity(parse(t, c.p)))
			require.NoError(t, err)
			assert.Equal(t, prove.Proved, v.Outcome, "%s", v)
		})
	}
}

// What a request does not need is not there: without any one of its context keys
// it refutes no more.
func TestRequestsHaveNoKeyThatTheyDoNotNeed(t *testing.T) {
	needed := 0
	for i := range 300 {
		p := newGenerator(9, uint64(i)).pair()
		v, err := new(prove.Prover).Within(t.Context(), p.p, p.q)
		require.NoError(t, err)
		r := v.Request
		if r == nil {
			continue
		}
		a := newAttacker(t, nil, p)
		caller, target := evaluator.Caller{Principal: r.Principal}, evaluator.Target{Resource: r.Resource, Account: r.Account}
		for k := range r.Context {
			request := evaluator.Request{Action: r.Action, Context: slices.Delete(slices.Clone(r.Context), k, k+1)}
			refutes := func(open bool) bool {
				return a.decide(0, caller, target, request, open) == evaluator.Allowed && a.decide(1, caller, target, request, open) != evaluator.Allowed
			}
			needed++
			require.False(t, refutes(false) || !p.p.Has(policy.IdentityLayer) && !p.q.Has(policy.IdentityLayer) && refutes(true), "pair %d: %s does not need %s", i, r, r.Context[k].Name)
		}
	}
	assert.Greater(t, needed, 20)
}

// A key that AWS sends with every request is left out only where its value makes
// no difference.
func TestRequestsHaveTheKeysThatAWSAlwaysSends(t *testing.T) {
	x := prove.Prover{Catalog: catalog.Default()}
	const insecure = `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
	for name, c := range map[string]struct {
		p, q string
		want evaluator.Context
	}{
		"what the ceiling tests": {
			`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`,
			`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`,
			evaluator.Context{{Name: "aws:SecureTransport", Values: []string{"false"}}}},
		"what the policy tests": {
			`{"Effect":"Allow","Action":"s3:*","Resource":"*"},` + insecure, `{"Effect":"Allow","Action":"iam:*","Resource":"*"}`,
			evaluator.Context{{Name: "aws:SecureTransport", Values: []string{"true"}}}},
		"what makes no difference": {
			`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, `{"Effect":"Allow","Action":"iam:*","Resource":"*"},` + insecure, nil},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := x.Within(t.Context(), prove.Identity(parse(t, c.p)), prove.Identity(parse(t, c.q)))
			require.NoError(t, err)
			require.Equal(t, prove.Refuted, v.Outcome, "%s", v)
			if c.want == nil {
				assert.Empty(t, v.Request.Context)
				return
			}
			assert.Equal(t, c.want, v.Request.Context)
		})
	}
}

func TestTheStatementThatAllowsIsNamed(t *testing.T) {
	allow := func(sid, action, principal string) *policy.Document {
		return parse(t, `{"Sid":"`+sid+`","Effect":"Allow",`+principal+`"Action":"`+action+`","Resource":"*"}`)
	}
	const everyone = `"Principal":"*",`
	all, function := allow("All", "*", ""), allow("Function", "lambda:Get*", "")
	one := func(name string, by string, p, q policy.Policies) {
		t.Run(name, func(t *testing.T) {
			for _, x := range []prove.Prover{{}, {Catalog: catalog.Default()}} {
				v, err := x.Within(t.Context(), p, q)
				require.NoError(t, err)
				require.Equal(t, prove.Refuted, v.Outcome, "%s", v)
				if by == "" {
					require.Nil(t, v.AllowedBy)
					continue
				}
				require.NotNil(t, v.AllowedBy, "%s", v)
				assert.Equal(t, by, v.AllowedBy.Sid)
				assert.Equal(t, policy.Allow, v.AllowedBy.Effect)
				assert.Equal(t, 1, v.AllowedBy.Line)
			}
		})
	}
	limited := prove.Identity(function).With(policy.BoundaryLayer.At(0), policy.Attach(all)...).With(policy.SCPLayer.At(0), policy.Attach(all)...)
	one("that allows everything", "All", prove.Identity(all), prove.Identity(function))
	one("the second", "Function", prove.Identity(allow("No", "s3:*", ""), function), prove.Identity(allow("Less", "s3:*", "")))
	one("of the identity, not of a boundary", "Function", limited,
		prove.Identity(allow("Other", "s3:*", "")))
	one("of a boundary by itself, not of who may do all", "All", prove.Of(policy.Boundary, policy.Attached{Document: all}), prove.Of(policy.Boundary, policy.Attached{Document: function}))
	one("of a resource", "Public", prove.Resource(allow("Public", "lambda:*", everyone)), prove.Resource(allow("Other", "s3:*", everyone)))
	one("none where the caller's own policies are open", "",
		prove.Resource(parse(t, `{"Effect":"Deny","Principal":{"AWS":"444455556666"},"Action":"*","Resource":"*"}`)),
		prove.Resource(parse(t, `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}`)))
}

func TestRequestsTellTheRoleOfASession(t *testing.T) {
	p := parse(t, `{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"*","Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/team/app"}}}`)
	q := parse(t, `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`)
	var x prove.Prover
	v, err := x.Within(t.Context(), prove.Identity(p), prove.Identity(q))
	require.NoError(t, err)
	require.Equal(t, prove.Refuted, v.Outcome, "%s", v)
	r := v.Request
	assert.Equal(t, "arn:aws:iam::111122223333:role/team/app", r.Role)
	assert.Regexp(t, "^AROA", r.UniqueID)
	again := evaluator.Caller{Principal: evaluator.Session(r.Principal.String(), r.Role).WithUniqueID(r.UniqueID), Identity: evaluator.MustCompile(policy.Identity, p)}
	request := evaluator.Request{Action: r.Action, Context: r.Context}
	assert.True(t, evaluator.Evaluate(&again, &evaluator.Target{Resource: r.Resource, Account: r.Account}, &request).Allowed())

	v, err = x.Within(t.Context(), prove.Identity(parse(t, `{"Effect":"Allow","Action":"lambda:*","Resource":"*"}`)), prove.Identity(q))
	require.NoError(t, err)
	assert.Empty(t, v.Request.Role)
	assert.Equal(t, "AIDAALICE", v.Request.UniqueID)
}

// What a proof takes for granted is in its list, and nothing else is.
func TestAssumptionsAreListed(t *testing.T) {
	const (
		all  = `{"Effect":"Allow","Action":"*","Resource":"*"}`
		open = `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`
	)
	identity := func(statement string) policy.Policies { return prove.Identity(parse(t, statement)) }
	under := func(conditions string) policy.Policies {
		return identity(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{` + conditions + `}}`)
	}
	of := func(kind policy.Kind, statement string) policy.Policies {
		return prove.Of(kind, policy.Attach(parse(t, statement))...)
	}
	with := func(p policy.Policies, l policy.Layer) policy.Policies {
		return p.With(l.At(0), policy.Attach(parse(t, all))...)
	}
	const (
		shape     = ", for any action, on any resource of the shape of an ARN and on *"
		anywhere  = ", services, identity providers and unsigned callers, in the resource's account and in others, for any action, on any resource of the shape of an ARN, whose account is an id, none or AWS's, and on *"
		users     = "all requests of IAM users and role sessions" + shape
		members   = "all requests of IAM users, role sessions and root users" + shape
		everybody = "all requests of users, role sessions, root users" + anywhere

		delegates    = "the policy of the resource leaves the decision to the caller's account"
		unlimited    = "callers have no permissions boundary and no session policy"
		ownOpen      = "the callers' own policies allow everything, or in the resource's account there may be none"
		openResource = "the policy of the resource allows everything to everyone"
		admins       = "callers are administrators: their identity-based policy allows everything"
		member       = "callers are no service-linked roles, and their account is not the management account"
		noColon      = "ids of accounts and organizations, names of users and names of Regions hold no colon"
		impossible   = ": its account is no id of 12 digits"
	)
	for name, c := range map[string]struct {
		p        policy.Policies
		universe string
		more     []string // than every proof assumes
	}{
		"identity-based policies":                  {identity(all), users, []string{delegates}},
		"session policies, which no user has":      {with(identity(all), policy.SessionLayer), "all requests of role sessions" + shape, []string{delegates}},
		"service control policies":                 {with(identity(all), policy.SCPLayer), members, []string{member, delegates}},
		"service control policies by themselves":   {of(policy.SCP, all), members, []string{member, admins, delegates}},
		"a boundary by itself":                     {of(policy.Boundary, all), users, []string{admins, delegates}},
		"a policy of a resource":                   {prove.Resource(parse(t, open)), everybody, []string{unlimited, ownOpen}},
		"policies of a resource and of its caller": {with(prove.Resource(parse(t, open)), policy.IdentityLayer), everybody, nil},
		"policies of a resource and of a session": {
			with(with(prove.Resource(parse(t, open)), policy.IdentityLayer), policy.SessionLayer), "all requests of role sessions, root users" + anywhere, nil},
		"resource control policies by themselves": {of(policy.RCP, open), everybody, []string{
			"callers are no service-linked roles, and the resource's account is a member of the organization and not its management account", openResource, unlimited, ownOpen}},
		"endpoint policies by themselves": {of(policy.Endpoint, open), everybody, []string{"all requests pass through the VPC endpoint", openResource, unlimited, ownOpen}},
		"ARNs that no resource can have, among those that one can": {
			prove.Resource(parse(t, `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":[
				"arn:aws:s3:us-east-1:1234567890:accesspoint/a","arn:aws:s3:::b","arn:aws:s3:us-east-1:111122223333:accesspoint/a","arn:aws:s3:us-east-1:aws:x","arn:aws:s3:us-east-1:1?:x","arn:aws:s3:us-east-1:1*:x","arn:aws:s3:us-east-1:12:x"]}`)),
			everybody, []string{unlimited, ownOpen, `no resource can have the ARN "arn:aws:s3:us-east-1:1234567890:accesspoint/a"` + impossible, `no resource can have the ARN "arn:aws:s3:us-east-1:12:x"` + impossible}},
		"keys that are always there":         {under(`"Bool":{"aws:SecureTransport":["true","false"]}`), users, []string{delegates, "every request has aws:SecureTransport"}},
		"MFA of sessions":                    {under(`"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}`), users, []string{delegates, "every role session has aws:MultiFactorAuthPresent"}},
		"keys that follow from the caller":   {under(`"StringLike":{"aws:userid":"*"}`), users, []string{delegates}},
		"the account of who calls KMS":       {under(`"StringEquals":{"kms:CallerAccount":"111122223333"}`), users, []string{delegates, "requests of kms have kms:CallerAccount, which is the caller's account, and no others have it"}},
		"the account that owns the resource": {under(`"StringEquals":{"aws:ResourceAccount":"111122223333"}`), users, []string{delegates, "requests have aws:ResourceAccount, and it is the account in the ARN of the resource where there is one"}},
		"the account that owns the bucket": {under(`"StringEquals":{"S3:ResourceAccount":"111122223333"}`), users, []string{
			delegates, "requests have aws:ResourceAccount, and it is the account in the ARN of the resource where there is one", "requests of s3 have S3:ResourceAccount as they have aws:ResourceAccount, and no others have it"}},
		"keys of iam:PassRole alone":          {under(`"StringLike":{"iam:PassedToService":"*","iam:AssociatedResourceArn":"*"}`), users, []string{delegates, "no request but those for iam:PassRole has iam:AssociatedResourceArn, iam:PassedToService"}},
		"keys that iam:PassRole never has":    {under(`"StringLike":{"aws:VpceOrgID":"*","aws:VpceAccount":"*"}`), users, []string{delegates, "no request for iam:PassRole has aws:VpceAccount, aws:VpceOrgID"}},
		"policy variables and what they hold": {identity(`{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws:username}"}`), users, []string{delegates, noColon}},
	} {
		t.Run(name, func(t *testing.T) {
			for keys, x := range map[string]*prove.Prover{
				"context keys have the types and numbers of values of the catalogue; the values of a key differ from each other":                           {Catalog: catalog.Default()},
				"a context key that is tested without ForAllValues and ForAnyValue only has at most one value; the values of a key differ from each other": {},
			} {
				v, err := x.Within(t.Context(), c.p, c.p)
				require.NoError(t, err)
				require.Equal(t, prove.Proved, v.Outcome, "%s", v)
				assert.Equal(t, c.universe, v.Universe)
				more := slices.DeleteFunc(slices.Clone(c.more), func(a string) bool {
					return x.Catalog == nil && (strings.HasPrefix(a, "every request has") || strings.HasPrefix(a, "every signed request has")) // the catalogue says it
				})
				assert.Equal(t, append([]string{
					`no resource and no value that is compared as an ARN holds "${"`, keys,
					"no two tags differ in letter case only", "callers are no sessions of GetFederationToken",
				}, more...), v.Assumptions)
			}
		})
	}
}

// A question is put again only where another caller or another kind of request could
// make a difference.
func TestAQuestionHasAsFewPartsAsCanBe(t *testing.T) {
	const always = `"StringEquals":{"example:k":["a","b"]}`
	for name, c := range map[string]struct {
		principal, condition string
		want                 int
	}{
		"users and role sessions are alike":                                  {"", always, 1},
		"a tag that both may have":                                           {"", `"StringLike":{"aws:PrincipalTag/a":"?*"}`, 1},
		"a key that every role session has, and a user at times":             {"", `"Null":{"aws:TokenIssueTime":"true"}`, 2},
		"a key that is another one for role sessions":                        {"", `"StringLike":{"aws:PrincipalType":"*"}`, 2},
		"a key that role sessions alone may have":                            {"", `"StringLike":{"aws:FederatedProvider":"?*"}`, 2},
		"a key that requests for iam:PassRole alone may have":                {"", `"Null":{"iam:PassedToService":"true"}`, 2},
		"a service, whose own policies are none: any request, PassRole, key": {`"Principal":{"Service":"sns.amazonaws.com"},`, always, 3},
	} {
		t.Run(name, func(t *testing.T) {
			everyone, side := "", prove.Identity
			if c.principal != "" {
				everyone, side = `"Principal":"*",`, prove.Resource
			}
			p := parse(t, `{"Effect":"Allow",`+c.principal+`"Action":"s3:*","Resource":"*","Condition":{`+c.condition+`}}`)
			q := parse(t, `{"Effect":"Allow",`+everyone+`"Action":"s3:Get*","Resource":"*"},{"Effect":"Allow",`+everyone+`"NotAction":"s3:Get*","Resource":"*"}`)
			v, err := new(prove.Prover).Within(t.Context(), side(p), side(q))
			require.NoError(t, err)
			require.Equal(t, prove.Proved, v.Outcome, "%s", v)
			assert.Equal(t, c.want, v.Stats.Parts)
		})
	}
}

func TestSharedProvidersAreThoseOfAllowStatements(t *testing.T) {
	trust := func(principal string) string {
		return `{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRoleWithWebIdentity"}`
	}
	const (
		google = "accounts.google.com"
		github = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
	)
	for name, c := range map[string]struct {
		statements string
		want       []string
	}{
		"two, each once": {
			trust(`{"Federated":["`+github+`","`+google+`"]}`) + "," + trust(`{"Federated":"`+google+`","AWS":"111122223333"}`), []string{github, google}},
		"an identity provider of one company": {trust(`{"Federated":"arn:aws:iam::111122223333:oidc-provider/login.example.com"}`), nil},
		"one that is denied":                  {`{"Effect":"Deny","Principal":{"Federated":"` + google + `"},"Action":"sts:AssumeRoleWithWebIdentity"}`, nil},
		"one that is left out":                {`{"Effect":"Allow","NotPrincipal":{"Federated":"` + google + `"},"Action":"sts:AssumeRoleWithWebIdentity"}`, nil},
		"a service of the name":               {trust(`{"Service":"` + google + `"}`), nil},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, prove.SharedProviders(parse(t, c.statements))) })
	}
	assert.Empty(t, prove.SharedProviders(nil), "of no document")
}
