package review_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/review"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

func document(t require.TestingT, name, statements string) *policy.Document {
	d, err := policy.ParseString(name, `{"Version": "2012-10-17", "Statement": [`+statements+`]}`)
	require.NoError(t, err)
	return d
}

// brief is access as "actions on resource", the first two actions of many.
func brief(list []review.Access) []string {
	var lines []string
	for _, a := range list {
		text := strings.Join(a.Actions[:min(2, len(a.Actions))], " ")
		if len(a.Actions) > 2 {
			text += " …"
		}
		text += " on " + a.Resource
		if a.Idle {
			text += " (idle)"
		}
		if a.Verdict.Outcome != prove.Refuted {
			text += " (" + a.Verdict.Outcome.String() + ")"
		}
		lines = append(lines, text)
	}
	return lines
}

func TestTheOutcomeOfAChangeIsWhetherItGivesAccess(t *testing.T) {
	verdict := func(o prove.Outcome) *prove.Verdict { return &prove.Verdict{Outcome: o} }
	gained := func(o prove.Outcome) review.Access { return review.Access{Verdict: verdict(o)} }
	for name, tc := range map[string]struct {
		change review.Change
		want   prove.Outcome
	}{
		"nothing is gained":                     {review.Change{Gain: verdict(prove.Proved)}, prove.Proved},
		"something is":                          {review.Change{Gain: verdict(prove.Refuted), Gained: []review.Access{gained(prove.Refuted)}}, prove.Refuted},
		"something is, and perhaps more":        {review.Change{Gain: verdict(prove.Unknown), Gained: []review.Access{gained(prove.Unknown), gained(prove.Refuted)}}, prove.Refuted},
		"it is not known whether something is":  {review.Change{Gain: verdict(prove.Unknown), Gained: []review.Access{gained(prove.Unknown)}}, prove.Unknown},
		"what is lost does not matter":          {review.Change{Gain: verdict(prove.Proved), Loss: verdict(prove.Refuted), Lost: []review.Access{gained(prove.Refuted)}}, prove.Proved},
		"the time was up before it was located": {review.Change{Gain: verdict(prove.Refuted), Cut: context.Canceled}, prove.Refuted},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, tc.change.Outcome()) })
	}
}

func TestCompareTellsAccessGainedAndLost(t *testing.T) {
	const (
		get       = `{"Effect": "Allow", "Action": "lambda:GetFunction", "Resource": "arn:aws:lambda:*:*:function:orders"}`
		getAll    = `{"Effect": "Allow", "Action": "lambda:GetFunction", "Resource": "arn:aws:lambda:*:*:function:*"}`
		deleteOne = `{"Effect": "Allow", "Action": "lambda:DeleteFunction", "Resource": "arn:aws:lambda:*:*:function:orders"}`
		lambda    = `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}`
		noPut     = `{"Effect": "Deny", "Action": "lambda:PutFunctionC*", "Resource": "arn:aws:lambda:*:*:function:orders"}`
		all       = `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
		fromThere = `{"Effect": "Allow", "Action": "lambda:GetFunction", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}`
		fromAny   = `{"Effect": "Allow", "Action": "lambda:GetFunction", "Resource": "*"}`
		butIAM    = `{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}`
		pass      = `{"Effect": "Allow", "Action": ["lambda:CreateFunction", "iam:PassRole"], "Resource": ["arn:aws:lambda:*:*:function:*", "arn:aws:iam::*:role/orders-*"]}`
		own       = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::homes/${aws:username}/*"}`
		homes     = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::homes/*"}`
	)
	for name, c := range map[string]struct {
		before, after string
		gained, lost  []string
	}{
		"nothing changes":             {get, get, nil, nil},
		"a wider resource":            {get, getAll, []string{"lambda:GetFunction on arn:aws:lambda:*:*:function:*"}, nil},
		"a narrower resource":         {getAll, get, nil, []string{"lambda:GetFunction on arn:aws:lambda:*:*:function:*"}},
		"an action more":              {get, get + "," + deleteOne, []string{"lambda:DeleteFunction on arn:aws:lambda:*:*:function:orders"}, nil},
		"one action for another":      {get, deleteOne, []string{"lambda:DeleteFunction on arn:aws:lambda:*:*:function:orders"}, []string{"lambda:GetFunction on arn:aws:lambda:*:*:function:orders"}},
		"a Deny takes from one thing": {lambda, lambda + "," + noPut, nil, []string{"lambda:PutFunctionCodeSigningConfig lambda:PutFunctionConcurrency on arn:aws:lambda:*:*:function:orders"}},
		"statements split and joined": {`{"Effect": "Allow", "Action": ["lambda:GetAlias", "lambda:GetPolicy"], "Resource": "*"}`,
			`{"Effect": "Allow", "Action": "lambda:GetPolicy", "Resource": "*"}, {"Effect": "Allow", "Action": ["lambda:GetAlias", "lambda:DeleteAlias"], "Resource": "*"}`,
			[]string{"lambda:DeleteAlias on *"}, nil},
		"a condition falls": {fromThere, fromAny, []string{"lambda:GetFunction on *"}, nil},
		"rules of AWS stand for themselves": {lambda, all, []string{
			"a2c:GetContainerizationJobDetails a2c:GetDeploymentJobDetails … on *", "iam:AcceptDelegationRequest iam:AddClientIDToOpenIDConnectProvider … on *",
			"kms:CancelKeyDeletion kms:ConnectCustomKeyStore … on *", "sts:AssumeRole sts:AssumeRoot … on *",
		}, nil},
		"all but a service": {butIAM, all, []string{"iam:AcceptDelegationRequest iam:AddClientIDToOpenIDConnectProvider … on *"}, nil},
		"what AWS never authorizes comes last": {get, get + "," + pass, []string{
			"iam:PassRole on arn:aws:iam::*:role/orders-*", "lambda:CreateFunction on arn:aws:lambda:*:*:function:*",
			"iam:PassRole on arn:aws:lambda:*:*:function:* (idle)", "lambda:CreateFunction on arn:aws:iam::*:role/orders-* (idle)",
		}, nil},
		"two statements, and what each gives": {get, get + `,{"Effect": "Allow", "Action": "lambda:GetPolicy", "Resource": "*"}, {"Effect": "Allow", "Action": "lambda:DeleteFunction", "Resource": "*"}`, []string{
			"lambda:DeleteFunction on *", "lambda:GetPolicy on *"}, nil},
		"a narrow pattern stands beside a wide one": {get, get + `,{"Effect": "Allow", "Action": "lambda:GetPolicy", "Resource": ["arn:aws:lambda:*:*:function:*", "arn:aws:lambda:*:*:function:orders"]}`, []string{
			"lambda:GetPolicy on arn:aws:lambda:*:*:function:*", "lambda:GetPolicy on arn:aws:lambda:*:*:function:orders"}, nil},
		"what is left in another partition": {get, get + `,{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": ["arn:aws:sqs:*:*:*", "arn:aws-cn:sqs:*:*:x", "*"]}`, []string{
			"sqs:SendMessage on *", "sqs:SendMessage on arn:aws-cn:sqs:*:*:x", "sqs:SendMessage on arn:aws:sqs:*:*:*"}, nil},
		"what is left in no partition": {get, get + `,{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": ["arn:aws:sqs:*:*:*", "*"]}`, []string{
			"sqs:SendMessage on arn:aws:sqs:*:*:*", "sqs:SendMessage on * (idle)"}, nil},
		"what the catalogue does not know": {get, get + `,{"Effect": "Allow", "Action": ["newthing:Do*", "lambda:NewThing"], "Resource": "*"}`, []string{"lambda:NewThing on *", "newthing:Do* on *"}, nil},
		"a pattern wider than the actions it matches": {
			`{"Effect": "Allow", "Action": "s3:GetBucketAc?", "Resource": "*"}`, `{"Effect": "Allow", "Action": "s3:GetBucketAc*", "Resource": "*"}`,
			[]string{"s3:GetBucketAc on arn:aws:s3:::example"}, nil},
		"a policy variable":           {own, homes, []string{"s3:GetObject on arn:aws:s3:::homes/*"}, nil},
		"a policy variable the other": {homes, own, nil, []string{"s3:GetObject on arn:aws:s3:::homes/*"}},
	} {
		t.Run(name, func(t *testing.T) {
			x := prove.Prover{Catalog: catalog.Default()}
			change, err := review.Compare(t.Context(), &x, prove.Identity(document(t, "before.json", c.before)), prove.Identity(document(t, "after.json", c.after)))
			require.NoError(t, err)
			assert.NoError(t, change.Cut)
			assert.Equal(t, c.gained, brief(change.Gained))
			assert.Equal(t, c.lost, brief(change.Lost))
			assert.Equal(t, c.gained == nil, change.Gain.Outcome == prove.Proved, "gain is %s", change.Gain)
			assert.Equal(t, c.lost == nil, change.Loss.Outcome == prove.Proved, "loss is %s", change.Loss)
		})
	}
}

func TestCompareResourcePolicies(t *testing.T) {
	const (
		function = "arn:aws:lambda:us-east-1:123456789012:function:orders"
		partner  = `{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "lambda:InvokeFunction", "Resource": "` + function + `"}`
		everyone = `{"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "` + function + `"}`
		assume   = `{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}`
		assumeBy = `{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "sts:AssumeRole"}`
	)
	x := prove.Prover{Catalog: catalog.Default()}
	compare := func(before, after string) *review.Change {
		change, err := review.Compare(t.Context(), &x, prove.Resource(document(t, "before.json", before)), prove.Resource(document(t, "after.json", after)))
		require.NoError(t, err)
		return change
	}

	change := compare(partner, everyone)
	assert.Equal(t, []string{"lambda:InvokeFunction on " + function}, brief(change.Gained))
	assert.NotEqual(t, "444455556666", change.Gained[0].Verdict.Request.Principal.Account())
	assert.Empty(t, change.Lost)

	change = compare(assume, assume+","+assumeBy)
	require.Equal(t, []string{"sts:AssumeRole on *"}, brief(change.Gained))
	assert.Equal(t, "444455556666", change.Gained[0].Verdict.Request.Principal.Account())
	assert.Empty(t, change.Lost)
}

func TestCompareWithoutCatalogueTellsPatterns(t *testing.T) {
	change, err := review.Compare(t.Context(), &prove.Prover{},
		prove.Identity(document(t, "before.json", `{"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"}`)),
		prove.Identity(document(t, "after.json", `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}`)))
	require.NoError(t, err)
	assert.Equal(t, []string{"lambda:* on *"}, brief(change.Gained))
}

func TestCompareKnowsItsLimits(t *testing.T) {
	before := prove.Identity(document(t, "before.json", `{"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"}`))
	after := prove.Identity(document(t, "after.json", `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}`))
	x := prove.Prover{Catalog: catalog.Default()}

	t.Run("a deadline that has passed is no gain and no proof", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("no time left"))
		change, err := review.Compare(ctx, &x, before, after)
		require.NoError(t, err)
		assert.Equal(t, prove.Unknown, change.Gain.Outcome)
		assert.Equal(t, "no time left", change.Gain.Reason)
		assert.EqualError(t, change.Cut, "no time left")
		assert.Empty(t, slices.Concat(change.Gained, change.Lost))
	})
	t.Run("the faults of both documents are reported", func(t *testing.T) {
		bad := func(name string) policy.Policies {
			return prove.Identity(document(t, name, `{"Effect": "Allow", "Principal": "*", "Action": "lambda:Get*", "Resource": "*"}`))
		}
		_, err := review.Compare(t.Context(), &x, bad("a.json"), bad("b.json"))
		require.ErrorContains(t, err, "a.json:1:")
		require.ErrorContains(t, err, "b.json:1:")
	})
	t.Run("a document that is none is an error", func(t *testing.T) {
		_, err := review.Compare(t.Context(), &x, before, prove.Identity(nil))
		require.ErrorIs(t, err, policy.ErrNoDocument)
		_, err = review.Statements(t.Context(), &x, nil)
		require.ErrorIs(t, err, policy.ErrNoDocument)
	})
}

// few is a catalogue of two services, for many questions in a short time.
type few struct {
	*catalog.Catalog
	actions []*policy.ServiceAction
	lower   []string // their names
}

func newFew() few {
	c := few{Catalog: catalog.Default()}
	for _, service := range []string{"iam", "lambda"} {
		for a := range c.Actions(service) {
			c.actions, c.lower = append(c.actions, a), append(c.lower, strings.ToLower(a.Name))
		}
	}
	return c
}

func (c few) Expand(written string) []*policy.ServiceAction {
	p := pattern.MustCompile(pattern.Text, strings.ToLower(written))
	var list []*policy.ServiceAction
	for i, name := range c.lower {
		if p.Match(name) {
			list = append(list, c.actions[i])
		}
	}
	return list
}

// What one of two documents allows and the other does not is listed, and each
// sample shows what it is a sample of.
func TestEveryDifferenceIsTold(t *testing.T) { rapid.Check(t, everyDifferenceIsTold) }

func everyDifferenceIsTold(rt *rapid.T) {
	actions := []string{"lambda:GetFunction", "lambda:GetFunctionConfiguration", "lambda:DeleteFunction", "lambda:GetAccountSettings", "iam:PassRole", "iam:GetRole"}
	resources := []string{
		"arn:aws:lambda:us-east-1:123456789012:function:orders", "arn:aws:lambda:us-east-1:123456789012:function:orders:prod",
		"arn:aws:lambda:us-east-1:123456789012:function:other", "arn:aws:iam::123456789012:role/app", "*",
	}
	quoted := func(texts ...string) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("%q", rapid.SampledFrom(texts).Draw(t, "pattern"))
		})
	}
	statement := rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf(`{"Effect": %q, %q: %s, %q: %s}`,
			rapid.SampledFrom([]string{"Allow", "Allow", "Deny"}).Draw(t, "effect"),
			rapid.SampledFrom([]string{"Action", "Action", "NotAction"}).Draw(t, "action"),
			quoted("*", "lambda:*", "lambda:Get*", "LAMBDA:getfunction", "iam:PassRole", "iam:*", "*:Get*").Draw(t, "actions"),
			rapid.SampledFrom([]string{"Resource", "Resource", "NotResource"}).Draw(t, "resource"),
			quoted("*", "arn:aws:lambda:*:*:function:*", "arn:aws:lambda:*:*:function:orders*", "arn:aws:lambda:*:*:function:orders", "arn:aws:iam::*:role/*").Draw(t, "resources"))
	})
	x := prove.Prover{Catalog: newFew()}
	caller := evaluator.User("arn:aws:iam::123456789012:user/mateojackson")
	decide := func(d *policy.Document, action, resource string) evaluator.Decision {
		return evaluator.Evaluate(&evaluator.Caller{Principal: caller, Identity: evaluator.MustCompile(policy.Identity, d)},
			&evaluator.Target{Resource: resource}, &evaluator.Request{Action: action})
	}
	before := document(rt, "before.json", strings.Join(rapid.SliceOfN(statement, 1, 3).Draw(rt, "before"), ","))
	after := document(rt, "after.json", strings.Join(rapid.SliceOfN(statement, 1, 3).Draw(rt, "after"), ","))
	change, err := review.Compare(rt.Context(), &x, prove.Identity(before), prove.Identity(after))
	require.NoError(rt, err)
	for _, a := range slices.Concat(change.Gained, change.Lost) {
		require.Equal(rt, prove.Refuted, a.Verdict.Outcome, "%s", a.Verdict)
		p := pattern.MustCompile(pattern.Resource, a.Resource)
		require.True(rt, p.Match(a.Verdict.Request.Resource), "%s is no sample of %s", a.Verdict.Request, a.Resource)
		require.Contains(rt, a.Actions, a.Verdict.Request.Action)
	}
	listed := func(list []review.Access, action, resource string) bool {
		return slices.ContainsFunc(list, func(a review.Access) bool {
			p := pattern.MustCompile(pattern.Resource, a.Resource)
			return slices.Contains(a.Actions, action) && p.Match(resource)
		})
	}
	used := func(action, resource string) bool { // by AWS
		if action == "lambda:GetAccountSettings" {
			return resource == "*"
		}
		service, _, _ := strings.Cut(action, ":")
		return strings.HasPrefix(resource, "arn:aws:"+service+":")
	}
	for _, action := range actions {
		for _, resource := range resources {
			if !used(action, resource) {
				continue
			}
			was, is := decide(before, action, resource).Allowed(), decide(after, action, resource).Allowed()
			if is && !was {
				require.True(rt, listed(change.Gained, action, resource), "gained %s on %s is not in %q", action, resource, brief(change.Gained))
			}
			if was && !is {
				require.True(rt, listed(change.Lost, action, resource), "lost %s on %s is not in %q", action, resource, brief(change.Lost))
			}
		}
	}
}

// An account is of one partition, whichever a pattern beside names.
func TestAPatternOfAnotherPartitionHidesNothing(t *testing.T) {
	x := &prove.Prover{Catalog: catalog.Default()}
	const (
		objects = `{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::q/*"}`
		every   = `{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:*"}`
		any     = `{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}`
		china   = `{"Effect": "Deny", "Action": "s3:*", "Resource": ["arn:aws-cn:s3:::x", "arn:aws-cn:s3:::*"]}`
		both    = `{"Effect": "Deny", "Action": "s3:*", "Resource": ["arn:aws-cn:s3:::*", "arn:aws-us-gov:s3:::x"]}`
	)
	for name, tc := range map[string]struct{ before, after string }{
		"a pattern of one partition widens":                   {objects + "," + china, every + "," + china},
		"a pattern widens to all partitions":                  {objects + "," + china, any + "," + china},
		"a pattern widens beside two other partitions":        {objects + "," + both, any + "," + both},
		"a pattern of all partitions widens beside their own": {`{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:*:s3:::q/*"}` + "," + china, any + "," + china},
	} {
		t.Run(name, func(t *testing.T) {
			change, err := review.Compare(t.Context(), x, prove.Identity(document(t, "before", tc.before)), prove.Identity(document(t, "after", tc.after)))
			require.NoError(t, err)
			gained := map[string]bool{}
			for _, a := range change.Gained {
				for _, action := range a.Actions {
					gained[action] = gained[action] || !a.Idle
				}
			}
			assert.True(t, gained["s3:GetObject"], "%v", brief(change.Gained))
			assert.True(t, gained["s3:GetBucketPolicy"], "%v", brief(change.Gained))
			assert.Greater(t, len(gained), 40)
		})
	}
}

func TestNewAccessIsToldFromWiderAccess(t *testing.T) {
	const (
		orders     = `{"Effect": "Allow", "Action": "lambda:GetFunction", "Resource": "arn:aws:lambda:*:*:function:orders"}`
		everywhere = `{"Effect": "Allow", "Action": ["lambda:GetFunction", "lambda:DeleteFunction"], "Resource": "*"}`
		guard      = `{"Effect": "Deny", "Action": "lambda:*", "Resource": "*"}`
		assume     = `{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}`
		tag        = `{"Effect": "Allow", "Principal": {"AWS": ["111122223333", "444455556666"]}, "Action": ["sts:AssumeRole", "sts:TagSession"]}`
	)
	for name, tc := range map[string]struct {
		before, after string
		ofResource    bool
		want          []string // of what is gained
	}{
		"an action that was allowed somewhere is wider, another is new": {
			before: orders, after: everywhere,
			want: []string{"lambda:DeleteFunction on *: new", "lambda:GetFunction on *: wider"},
		},
		"what was allowed and denied everywhere is new": {
			before: orders + "," + guard, after: orders,
			want: []string{"lambda:GetFunction on arn:aws:lambda:*:*:function:orders: new"},
		},
		"more callers are wider access": {
			before: assume, after: tag, ofResource: true,
			want: []string{"sts:AssumeRole on *: wider", "sts:TagSession on *: new"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			side := prove.Identity
			if tc.ofResource {
				side = prove.Resource
			}
			change, err := review.Compare(t.Context(), &prove.Prover{Catalog: catalog.Default()},
				side(document(t, "before.json", tc.before)), side(document(t, "after.json", tc.after)))
			require.NoError(t, err)
			var got []string
			for _, a := range change.Gained {
				text := strings.Join(a.Actions, " ") + " on " + a.Resource + ": wider"
				if a.New {
					text = strings.TrimSuffix(text, "wider") + "new"
				}
				got = append(got, text)
			}
			assert.Equal(t, tc.want, got)
		})
	}
}
