package evaluator_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	denials "github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/evaluator/fix"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// What the documentation lets goroutines share they can share: each gets the answer
// that one alone gets, and the race detector has nothing to say.
func TestGoroutinesMayShare(t *testing.T) {
	const role, function = "arn:aws:iam::111122223333:role/deploy", "arn:aws:lambda:us-east-1:111122223333:function:orders"
	doc := policy.MustParse("deploy.json", `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": ["lambda:Get*", "lambda:GetFunction"], "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalTag/team": "a*"}}},
		{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "`+role+`"}]}`)
	wider := policy.MustParse("wider.json", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}}`)
	caller := evaluator.Caller{Principal: evaluator.User(alice), Identity: evaluator.MustCompile(policy.Identity, doc)}
	target, request := evaluator.Target{Resource: function}, evaluator.Request{Action: "lambda:UpdateFunctionCode"}
	why := evaluator.Explain(&caller, &target, &request)
	b := account.New()
	b.AddIdentity(account.Identity{ARN: role, Managed: []string{"arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess"}, Known: account.OfRole})
	b.AddFunction(account.Function{ARN: function})
	snapshot, err := b.Build()
	require.NoError(t, err)
	var first *scenario.Scenario
	for first = range suites(t) {
		break
	}
	var (
		engine    = evaluator.Engine{Catalog: catalog.Default()}
		prover    prove.Prover
		validator validate.Validator
		scenarios scenario.Evaluator
		denied    = fix.Denied{Caller: caller, Target: target, Request: request, Catalog: catalog.Default(), Prover: &prover}
	)
	for name, answer := range map[string]func() string{
		"a document": func() string { line, column := doc.Position("Statement", 1, "Action"); return fmt.Sprint(line, column) },
		"an engine": func() string {
			return fmt.Sprint(engine.Evaluate(&caller, &target, &request), engine.Check(&caller, &target, &request))
		},
		"an explanation": func() string { return fmt.Sprint(why.Missing(), why.Hints(), len(why.Layers()), why.NearMisses()) },
		"a prover": func() string {
			v, err := prover.NoNewAccess(context.Background(), prove.Identity(wider), prove.Identity(doc))
			return fmt.Sprint(v, err)
		},
		"a validator":          func() string { return fmt.Sprint(validator.Validate(doc, policy.Identity)) },
		"a denial to be fixed": func() string { f, err := fix.For(context.Background(), &denied); return fmt.Sprint(f, err) },
		"the text of a denial": func() string { found, err := denials.Parse(why.Message()); return fmt.Sprint(found, err) },
		"a snapshot": func() string {
			p, err := snapshot.Principal("role/deploy")
			if err != nil {
				return err.Error()
			}
			d, err := snapshot.Decide(&engine, p, function, &request)
			return fmt.Sprint(d, err)
		},
		"an evaluator of scenarios": func() string { return fmt.Sprint(scenarios.Evaluate(first).Answer) },
	} {
		t.Run(name, func(t *testing.T) {
			var answers [4]string
			var all sync.WaitGroup
			for i := range answers {
				all.Go(func() { answers[i] = answer() })
			}
			all.Wait()
			for _, a := range answers {
				assert.Equal(t, answer(), a)
			}
		})
	}
}
