package prove_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
)

// typical is a document of the shape that the figures are given for: 5 action
// globs, 2 resource globs and up to 2 conditions a statement, one in five a
// Deny.
func typical(r *rand.Rand, statements int) *policy.Document {
	services := []string{"s3", "lambda", "iam", "ec2", "sqs", "dynamodb", "kms", "logs"}
	verbs := []string{"Get*", "List*", "Put*", "Create*", "Delete*", "*Object", "Describe*", "Update*", "GetItem", "Invoke*", "*", "Tag*", "?etObject"}
	d := &policy.Document{Version: policy.Version2012}
	for range statements {
		st := policy.Statement{Effect: policy.Allow}
		if r.IntN(5) == 0 {
			st.Effect = policy.Deny
		}
		service := services[r.IntN(len(services))]
		for range 5 {
			st.Action = append(st.Action, service+":"+verbs[r.IntN(len(verbs))])
		}
		for range 2 {
			name := fmt.Sprintf("team-%c", 'a'+r.IntN(6))
			beginning := "arn:aws:" + service + ":*:111122223333:"
			if service == "iam" { // whose resources have a type, and no Region
				beginning = "arn:aws:iam::111122223333:role/"
			}
			st.Resource = append(st.Resource, beginning+[]string{name + "/*", name + "*", "*/" + name, name + "/x-*", "*"}[r.IntN(5)])
		}
		for range r.IntN(3) {
			c := []policy.Condition{
				{Operator: policy.Operator{Test: policy.StringEquals}, Key: "aws:ResourceTag/team", Values: policy.Values{"a", "b"}},
				{Operator: policy.Operator{Test: policy.StringNotEquals}, Key: "aws:ResourceTag/env", Values: policy.Values{"prod"}},
				{Operator: policy.Operator{Test: policy.StringLike}, Key: "aws:RequestedRegion", Values: policy.Values{"us-*", "eu-west-1"}},
				{Operator: policy.Operator{Test: policy.Bool}, Key: "aws:SecureTransport", Values: policy.Values{"true"}},
				{Operator: policy.Operator{Test: policy.IPAddress}, Key: "aws:SourceIp", Values: policy.Values{"203.0.113.0/24", "198.51.100.0/24"}},
				{Operator: policy.Operator{Test: policy.NumericLessThan}, Key: "aws:MultiFactorAuthAge", Values: policy.Values{"3600"}},
			}[r.IntN(6)]
			if !slices.ContainsFunc(st.Condition, func(o policy.Condition) bool { return o.Key == c.Key }) {
				st.Condition = append(st.Condition, c)
			}
		}
		d.Statements = append(d.Statements, st)
	}
	return d
}

// rewritten is a document that decides the same and is written otherwise: the
// statements in another order, their lists split, stars doubled.
func rewritten(r *rand.Rand, d *policy.Document) *policy.Document {
	out := &policy.Document{Version: d.Version}
	for _, st := range d.Statements {
		if st.Action == nil || st.Effect == policy.Deny && r.IntN(2) == 0 {
			out.Statements = append(out.Statements, st)
			continue
		}
		for _, a := range st.Action {
			one := st
			one.Sid, one.Action = "", policy.Values{strings.ReplaceAll(a, "*", "**")}
			out.Statements = append(out.Statements, one)
		}
	}
	r.Shuffle(len(out.Statements), func(i, k int) { out.Statements[i], out.Statements[k] = out.Statements[k], out.Statements[i] })
	return out
}

// contains is a document with statements on k patterns *x*, whose product has
// 2^k states.
func contains(k int) (p, q *policy.Document) {
	p, q = &policy.Document{Version: policy.Version2012}, &policy.Document{Version: policy.Version2012}
	everything := policy.Statement{Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"}}
	p.Statements = append(p.Statements, everything)
	all := everything
	for i := range k {
		st := everything
		st.Resource = policy.Values{fmt.Sprintf("arn:aws:s3:::*%c*", 'a'+i)}
		st.Effect = policy.Deny
		q.Statements = append(q.Statements, st)
		all.Condition = append(all.Condition, policy.Condition{
			Operator: policy.Operator{Test: policy.StringLike}, Key: fmt.Sprintf("example:k%d", i), Values: policy.Values{fmt.Sprintf("*%c*", 'a'+i)}})
	}
	q.Statements = append(q.Statements, everything)
	return p, q
}

// conjunction is the question whether some text has all of k letters: the
// product must be walked.
func conjunction(k int, impossible bool) (p, q *policy.Document) {
	allow := policy.Statement{Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"}}
	p = &policy.Document{Version: policy.Version2012}
	for i := range k {
		deny := policy.Statement{Effect: policy.Deny, Action: policy.Values{"*"}, NotResource: policy.Values{fmt.Sprintf("arn:aws:s3:::*%c*", 'a'+i)}}
		p.Statements = append(p.Statements, deny)
	}
	if impossible {
		p.Statements = append(p.Statements, policy.Statement{Effect: policy.Deny, Action: policy.Values{"*"}, Resource: policy.Values{"arn:aws:s3:::*a*"}})
	}
	p.Statements = append(p.Statements, allow)
	none := allow
	none.Action = policy.Values{}
	return p, &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{none}}
}

// clauses are a random formula as a policy: one allowed request satisfies it.
func clauses(r *rand.Rand, keys int, ratio float64) (p, q *policy.Document) {
	p = &policy.Document{Version: policy.Version2012}
	allow := policy.Statement{Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"}}
	for range int(float64(keys) * ratio) {
		st := policy.Statement{Effect: policy.Deny, Action: policy.Values{"*"}, Resource: policy.Values{"*"}}
		for len(st.Condition) < 3 {
			name := fmt.Sprintf("example:k%d", r.IntN(keys))
			if slices.ContainsFunc(st.Condition, func(c policy.Condition) bool { return c.Key == name }) {
				continue
			}
			test := policy.StringEquals
			if r.IntN(2) == 0 {
				test = policy.StringNotEquals
			}
			st.Condition = append(st.Condition, policy.Condition{Operator: policy.Operator{Test: test}, Key: name, Values: policy.Values{"a"}})
		}
		p.Statements = append(p.Statements, st)
	}
	p.Statements = append(p.Statements, allow)
	none := allow
	none.Action = policy.Values{}
	return p, &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{none}}
}

// TestFigures prints the table of times: make figures.
func TestFigures(t *testing.T) {
	if os.Getenv("IAMSIM_FIGURES") == "" {
		t.Skip("set IAMSIM_FIGURES=1 to run")
	}
	t.Log("| question | how often | answers | median | 99 % | longest |")
	var x prove.Prover
	measure := func(name string, n int, draw func(*rand.Rand) (p, q *policy.Document)) *row {
		r := &row{name: name, answers: map[prove.Outcome]int{}}
		for i := range n {
			p, q := draw(rand.New(rand.NewPCG(11, uint64(i))))
			ctx, cancel := context.WithTimeout(t.Context(), 900*time.Millisecond)
			start := time.Now()
			v, err := x.Within(ctx, prove.Identity(p), prove.Identity(q))
			took := time.Since(start)
			cancel()
			require.NoError(t, err)
			require.False(t, v.Unconfirmed)
			r.add(fmt.Sprint(i), v, took)
		}
		t.Log(r)
		return r
	}
	for _, size := range []int{20, 160} {
		n := 2000 / size
		measure(fmt.Sprintf("%d statements: P within P", size), n, func(r *rand.Rand) (p, q *policy.Document) {
			p = typical(r, size)
			return p, p
		})
		measure(fmt.Sprintf("%d statements: P within P written otherwise", size), n, func(r *rand.Rand) (p, q *policy.Document) {
			p = typical(r, size)
			return p, rewritten(r, p)
		})
		measure(fmt.Sprintf("%d statements: P within P less one", size), n, func(r *rand.Rand) (p, q *policy.Document) {
			p = typical(r, size)
			i := r.IntN(size)
			return p, &policy.Document{Version: p.Version, Statements: slices.Delete(slices.Clone(p.Statements), i, i+1)}
		})
		measure(fmt.Sprintf("%d statements: unrelated", size), n, func(r *rand.Rand) (p, q *policy.Document) {
			return typical(r, size), typical(r, size)
		})
	}
	measure("12 patterns *x* denied", 1, func(*rand.Rand) (p, q *policy.Document) { return contains(12) })
	measure("12 patterns *x* required", 1, func(*rand.Rand) (p, q *policy.Document) { return conjunction(12, false) })
	measure("12 patterns *x* required, impossible", 1, func(*rand.Rand) (p, q *policy.Document) { return conjunction(12, true) })
	for _, keys := range []int{20, 30, 40, 60} {
		measure(fmt.Sprintf("formula over %d keys, ratio 4.2", keys), 10, func(r *rand.Rand) (p, q *policy.Document) { return clauses(r, keys, 4.2) })
	}
}

func BenchmarkWithinItself(b *testing.B) {
	p := typical(rand.New(rand.NewPCG(11, 3)), 20)
	var x prove.Prover
	for b.Loop() {
		_, err := x.Within(b.Context(), prove.Identity(p), prove.Identity(p))
		require.NoError(b, err)
	}
}

func BenchmarkWithinRewritten(b *testing.B) {
	r := rand.New(rand.NewPCG(11, 3))
	p := typical(r, 20)
	q := rewritten(r, p)
	var x prove.Prover
	for b.Loop() {
		_, err := x.Within(b.Context(), prove.Identity(p), prove.Identity(q))
		require.NoError(b, err)
	}
}
