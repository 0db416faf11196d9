package fix_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/fix"
	"github.com/iamsim/iamsim/internal/fuzzing"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// Whatever the policies: no panic, and a fix that is given allows the request.
func FuzzFor(f *testing.F) {
	f.Add(full, full, `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"lambda:*","Resource":"*"}}`, "", "lambda:GetFunction", fn)
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}","Condition":{"StringLike":{"a:b":["x*",""]}}}}`,
		"", "", `{"Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"NotAction":[],"NotResource":"*"}]}`, "s3:GetObject", "arn:aws:s3:::b/o*")
	f.Add("", full, "", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:*"}}`, "sts:AssumeRole", exec)
	f.Add("", "", "", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRoll","Resource":"*"}}`, "sts:AssumeRole", exec)
	f.Fuzz(func(t *testing.T, identity, boundary, scp, resource, action, on string) {
		d := &fix.Denied{Caller: evaluator.Caller{Principal: app}, Target: evaluator.Target{Resource: on}, Request: evaluator.Request{Action: action}}
		var p policy.Policies
		add := func(layer policy.Layer, text string) {
			document, err := policy.ParseString(layer.String(), text)
			if err == nil && len(text) <= 1<<12 {
				p = p.With(layer.At(0), policy.Attached{Name: layer.String(), Document: document})
			}
		}
		add(policy.IdentityLayer, identity)
		add(policy.BoundaryLayer, boundary)
		add(policy.SCPLayer, scp)
		add(policy.ResourceLayer, resource)
		sets, err := evaluator.CompilePolicies(p)
		if err != nil {
			return
		}
		sets.Apply(&d.Caller, &d.Target, &d.Request)
		found, err := fix.For(context.Background(), d)
		if err != nil {
			return
		}
		if len(found.Changes) == 0 {
			require.NotEmpty(t, found.Reason)
			return
		}
		text, err := json.Marshal(found)
		require.NoError(t, err)
		require.True(t, json.Valid(text))
		require.NotEmpty(t, found.String())
		require.True(t, assembled(t, d, found.Changes).explain().Decision().Allowed(), "%s", found)
	})
}

// FuzzDenials fixes denials that the generator of the random tests makes of the
// fuzzer's bytes.
func FuzzDenials(f *testing.F) {
	fuzzing.Seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		random := fuzzing.Rand(data)
		d := generateFrom(random)
		d.Catalog = catalog.Default()
		if before := assembled(t, d, nil); before.explain().Decision().Denied() {
			requireFix(t, d, before, random.Uint64())
		}
	})
}
