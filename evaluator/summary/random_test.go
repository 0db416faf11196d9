package summary_test

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/summary"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

var randomPolicies = flag.Int("summary.policies", 100, "how many random policies to summarize")

// A generator makes policies and requests of the same few words, so that they meet.
type generator struct{ *rand.Rand }

var (
	anyActions = []string{
		"*", "lambda:*", "lambda:Get*", "lambda:List*", "lambda:Tag*", "lambda:Untag*", "lambda:InvokeFunction", "lambda:invokefunction", "lambda:*Policy",
		"lambda:Create*", "sqs:*", "sqs:Send*", "sqs:SendMessage", "sqs:Get*", "sqs:List*", "sqs:ReceiveMessage", "sqs:?etQueueUrl", "*:List*", "sts:AssumeRole", "lambda:NoSuch",
	}
	anyResources = []string{
		"*", "arn:aws:lambda:*:*:function:*", "arn:aws:lambda:*:*:function:a*", "arn:aws:lambda:us-east-1:111122223333:function:ab", "arn:aws:sqs:*:*:*",
		"arn:aws:sqs:us-east-1:111122223333:ab", "arn:aws:sqs:us-east-1:111122223333:${aws:username}", "arn:aws:sqs:*:*:?b",
	}
	anyConditions = []policy.Condition{
		{Operator: policy.Operator{Test: policy.StringEquals}, Key: "aws:RequestedRegion", Values: policy.Values{"us-east-1"}},
		{Operator: policy.Operator{Test: policy.StringNotEquals}, Key: "aws:RequestedRegion", Values: policy.Values{"us-east-1"}},
		{Operator: policy.Operator{Test: policy.StringEquals, IfExists: true}, Key: "aws:RequestTag/a", Values: policy.Values{"x", "y"}},
		{Operator: policy.Operator{Test: policy.StringLike}, Key: "AWS:requesttag/a", Values: policy.Values{"x*"}},
		{Operator: policy.Operator{Test: policy.Null}, Key: "aws:RequestTag/a", Values: policy.Values{"true"}},
		{Operator: policy.Operator{Test: policy.StringEquals}, Key: "aws:RequestTag/a", Values: policy.Values{"${aws:username}"}},
		{Operator: policy.Operator{Test: policy.StringEquals, Set: policy.ForAllValues}, Key: "aws:TagKeys", Values: policy.Values{"a", "b"}},
	}
	realActions   = []string{"lambda:GetFunction", "lambda:GetPolicy", "lambda:ListFunctions", "lambda:TagResource", "lambda:InvokeFunction", "lambda:CreateFunction", "lambda:NoSuch", "lambda:GetNewThing", "sqs:SendMessage", "sqs:GetQueueUrl", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:ListQueues", "sqs:PurgeQueue", "ec2:ListThings", "ec2:RunInstances", "iam:GenerateCredentialReport"}
	realResources = []string{"*", "arn:aws:lambda:us-east-1:111122223333:function:ab", "arn:aws:lambda:us-east-1:111122223333:function:b", "arn:aws:sqs:us-east-1:111122223333:ab", "arn:aws:sqs:us-east-1:111122223333:alice", "arn:aws:sqs:eu-west-1:111122223333:c"}
)

func some[T any](g generator, list []T, most int) []T {
	var out []T
	for range 1 + g.IntN(most) {
		out = append(out, list[g.IntN(len(list))])
	}
	return out
}

func (g generator) document() *policy.Document {
	d := &policy.Document{Version: policy.Version2012}
	if g.IntN(5) == 0 {
		d.Version = policy.Version2008
	}
	for range 1 + g.IntN(6) {
		st := policy.Statement{Effect: policy.Allow}
		if g.IntN(4) == 0 {
			st.Effect = policy.Deny
		}
		if actions := some(g, anyActions, 5); g.IntN(8) == 0 {
			st.NotAction = actions
		} else {
			st.Action = actions
		}
		if resources := some(g, anyResources, 3); g.IntN(8) == 0 {
			st.NotResource = resources
		} else {
			st.Resource = resources
		}
		for range g.IntN(3) {
			c := anyConditions[g.IntN(len(anyConditions))]
			if !slices.ContainsFunc(st.Condition, func(o policy.Condition) bool { return o.Operator == c.Operator }) {
				st.Condition = append(st.Condition, c)
			}
		}
		d.Statements = append(d.Statements, st)
	}
	return d
}

func (g generator) request() (resource string, r evaluator.Request) {
	r.Action, resource = realActions[g.IntN(len(realActions))], realResources[g.IntN(len(realResources))]
	add := func(name string, values ...string) {
		if i := g.IntN(len(values) + 1); i < len(values) {
			r.Context = append(r.Context, evaluator.Key{Name: name, Values: []string{values[i]}})
		}
	}
	add("aws:RequestedRegion", "us-east-1", "eu-west-1")
	add("aws:RequestTag/a", "x", "xx", "z", "alice", "${aws:username}")
	add("aws:TagKeys", "a", "c")
	return resource, r
}

// differ finds a request that two policies decide differently, be it by themselves or
// beside one that allows everything, so that their Deny statements count alone.
func (g generator) differ(t *testing.T, a, b *policy.Document, requests int) (found string) {
	t.Helper()
	all := policy.MustParse("all", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`)
	var callers [2][2]evaluator.Caller
	for i, d := range []*policy.Document{a, b} {
		for k, documents := range [][]*policy.Document{{d}, {d, all}} {
			set, err := evaluator.Compile(policy.Identity, policy.Attach(documents...)...)
			require.NoError(t, err)
			callers[i][k] = evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/alice"), Identity: set}
		}
	}
	var engine evaluator.Engine
	for range requests {
		resource, r := g.request()
		target := evaluator.Target{Resource: resource, Account: "111122223333"}
		for k := range 2 {
			if p, q := engine.Evaluate(&callers[0][k], &target, &r), engine.Evaluate(&callers[1][k], &target, &r); p.Allowed() != q.Allowed() {
				return fmt.Sprintf("%s on %s with %v: %v and %v", r.Action, resource, r.Context, p, q)
			}
		}
	}
	return ""
}

// Random policies are proved equal to their summaries, and no request tells the two
// apart.
func TestRandomPoliciesDecideAsTheirSummaries(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(1, 2))}
	x := prove.Prover{Catalog: catalog.Default()}
	undecided := 0
	for range *randomPolicies {
		d := g.document()
		s, err := summary.Of(t.Context(), &x, policy.Identity, d)
		require.NoError(t, err)
		text, err := d.MarshalJSON()
		require.NoError(t, err)
		if found := g.differ(t, d, s.Document(), 200); found != "" {
			assert.Fail(t, "a request tells them apart", "%s\n%s\n%s", found, text, s.Text())
		}
		switch s.Outcome() {
		case prove.Refuted:
			assert.Fail(t, "the summary is refuted", "%s\n%s", text, s.Text())
		case prove.Unknown:
			undecided++
			t.Logf("%s\n%s", text, s.Text())
		}
	}
	t.Logf("%d of %d undecided", undecided, *randomPolicies)
	assert.Less(t, undecided, *randomPolicies/20)
}

// What a random change gives and takes is in the rows, and no request beyond them
// where that is proved.
func TestRandomChangesAreInTheirRows(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(5, 6))}
	x := prove.Prover{Catalog: catalog.Default()}
	pairs := *randomPolicies / 6
	proved, found, missed := 0, 0, 0
	for range pairs {
		before := g.document()
		after := g.document()
		if g.IntN(2) == 0 { // a part of it changes
			after = &policy.Document{Version: before.Version, Statements: append(slices.Clone(before.Statements[1:]), after.Statements[0])}
		}
		c, err := summary.Compare(t.Context(), &x, policy.Identity, []*policy.Document{before}, []*policy.Document{after})
		require.NoError(t, err)
		for _, one := range []struct {
			p, q *policy.Document
			of   *summary.Difference
		}{{after, before, &c.Gained}, {before, after, &c.Lost}} {
			if one.of.Beyond.Outcome != prove.Proved {
				continue
			}
			proved++
			inRows, withoutOne := g.rows(t, one.of.Rows), func(string, *evaluator.Request) bool { return false }
			if n := len(one.of.Rows); n > 0 {
				withoutOne = g.rows(t, slices.Delete(slices.Clone(one.of.Rows), g.IntN(n), n))
			}
			p, q := g.allows(t, one.p), g.allows(t, one.q)
			for range 200 {
				resource, r := g.request()
				if !p(resource, &r) || q(resource, &r) {
					continue
				}
				found++
				assert.True(t, inRows(resource, &r), "%s on %s with %v is in no row of\n%s", r.Action, resource, r.Context, c.Text())
				if !withoutOne(resource, &r) {
					missed++
				}
			}
		}
	}
	t.Logf("%d proved; %d requests are in their rows, %d would not be in fewer", proved, found, missed)
	assert.Greater(t, proved, pairs*9/5)
	assert.NotZero(t, found)
	assert.NotZero(t, missed)
}

// rows reports whether a request is one that rows are about.
func (g generator) rows(t *testing.T, rows []summary.Row) func(string, *evaluator.Request) bool {
	t.Helper()
	of := func(effect policy.Effect) *policy.Document {
		d := (&summary.Summary{Rows: slices.DeleteFunc(slices.Clone(rows), func(r summary.Row) bool { return r.Effect != effect })}).Document()
		for i := range d.Statements {
			d.Statements[i].Effect = policy.Allow
		}
		return d
	}
	gained, lifted := g.allows(t, of(policy.Allow)), g.allows(t, of(policy.Deny))
	return func(resource string, r *evaluator.Request) bool { return gained(resource, r) || lifted(resource, r) }
}

// allows reports whether a policy allows a request.
func (g generator) allows(t *testing.T, d *policy.Document) func(string, *evaluator.Request) bool {
	t.Helper()
	if len(d.Statements) == 0 {
		return func(string, *evaluator.Request) bool { return false }
	}
	set, err := evaluator.Compile(policy.Identity, policy.Attach(d)...)
	require.NoError(t, err)
	caller := evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/alice"), Identity: set}
	return func(resource string, r *evaluator.Request) bool {
		d := new(evaluator.Engine).Evaluate(&caller, &evaluator.Target{Resource: resource, Account: "111122223333"}, r)
		return d.Allowed()
	}
}

// A row that is lost or says another thing makes a policy that the prover refutes, and
// that requests tell apart.
func TestWrongSummariesAreCaught(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(3, 4))}
	x := prove.Prover{Catalog: catalog.Default()}
	faults := map[string]func(*summary.Summary, *summary.Row) bool{
		"a row is lost": func(s *summary.Summary, r *summary.Row) bool {
			s.Rows = slices.DeleteFunc(s.Rows, func(o summary.Row) bool { return o.String() == r.String() })
			return len(s.Rows) > 0
		},
		"a condition is lost": func(_ *summary.Summary, r *summary.Row) bool {
			had := len(r.Conditions) > 0
			r.Conditions = nil
			return had
		},
		"a level is added": func(_ *summary.Summary, r *summary.Row) bool {
			had := len(r.Levels) == 1
			r.Levels = append(r.Levels, "Write")
			return had
		},
		"an exception is lost": func(_ *summary.Summary, r *summary.Row) bool {
			had := len(r.But) > 0
			r.But = nil
			return had
		},
		"the resources are all": func(_ *summary.Summary, r *summary.Row) bool {
			had := !slices.Contains(r.Resources, "*")
			r.Resources = []string{"*"}
			return had
		},
		"an action is lost": func(_ *summary.Summary, r *summary.Row) bool {
			had := len(r.Actions) > 1 && !r.NotAction
			r.Actions = r.Actions[:max(len(r.Actions)-1, 0)]
			return had
		},
	}
	certain := []string{ // to have a level and an exception, which random ones seldom have
		`{"Effect": "Allow", "Action": ["iam:Get*", "iam:List*", "iam:Simulate*"], "Resource": "*"}`,
		`{"Effect": "Allow", "Action": ["lambda:Tag*", "lambda:Untag*"], "Resource": "*"}`,
		`{"Effect": "Allow", "Action": ["lambda:GetFunction", "sqs:SendMessage", "lambda:InvokeFunction"], "Resource": "*"}`,
	}
	sampled := make(map[string]int)
	for i := range 50 {
		d := g.document()
		if i < len(certain) {
			d = document(t, policy.Version2012, certain[i])
		}
		for _, name := range slices.Sorted(maps.Keys(faults)) {
			fault := faults[name]
			s, err := summary.Of(t.Context(), &x, policy.Identity, d)
			require.NoError(t, err)
			if len(s.Rows) == 0 || !fault(s, &s.Rows[g.IntN(len(s.Rows))]) {
				continue
			}
			wrong := s.Document()
			if g.differ(t, d, wrong, 200) == "" {
				continue // it may still mean the same
			}
			sampled[name]++
			assert.Contains(t, []prove.Outcome{prove.Refuted, prove.Unknown}, verdict(t, &x, d, wrong), name)
		}
	}
	for name := range faults {
		assert.NotZero(t, sampled[name], "requests never tell apart that %s", name)
	}
	t.Log(sampled)
}

// verdict answers whether two policies are equal by themselves and beside one that
// allows everything, as a summary is compared.
func verdict(t *testing.T, x *prove.Prover, a, b *policy.Document) prove.Outcome {
	t.Helper()
	all := policy.MustParse("all", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`)
	for _, beside := range [][]*policy.Document{nil, {all}} {
		ab, ba, err := x.Equivalent(t.Context(), prove.Identity(append(beside, a)...), prove.Identity(append(beside, b)...))
		require.NoError(t, err)
		if ab.Outcome != prove.Proved || ba.Outcome != prove.Proved {
			return prove.Refuted
		}
	}
	return prove.Proved
}
