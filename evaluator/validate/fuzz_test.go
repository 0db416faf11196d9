package validate_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
)

// Whatever document parses: findings have places in its text, in ascending order;
// what their edits make of it parses.
func FuzzValidate(f *testing.F) {
	entries, err := os.ReadDir("testdata")
	require.NoError(f, err)
	for _, e := range entries {
		if text, err := os.ReadFile("testdata/" + e.Name()); err == nil && json.Valid(text) && len(text) < 4000 {
			f.Add(string(text))
		}
	}
	for _, text := range []string{
		`{"Statement":{"Effect":"Allow","Action":["s3:*","s3:GetObject","S3:getobject"],"Resource":["*","arn:aws:s3:::b/${aws:username}"]}}`,
		`{"Version":"2008-10-17","Statement":[{"Sid":"","Effect":"Deny","NotAction":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"aws:SourceIp":["10.0.0.0/8","a"]},"Bool":{"aws:SecureTransport":[true,"TRUE"]}}}]}`,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["*","111122223333"],"Service":["lambda.amazonaws.com"]},"Action":"sts:AssumeRole"},{"Effect":"Allow","Principal":"*","Action":[],"Resource":[]}]}`,
	} {
		f.Add(text)
	}
	var v validate.Validator
	f.Fuzz(func(t *testing.T, text string) {
		d, err := policy.ParseString("fuzz", text)
		if err != nil || len(text) > 1<<13 {
			return
		}
		for kind := policy.Identity; kind <= policy.Endpoint; kind++ {
			list := v.Validate(d, kind)
			var before policy.Mark
			for i := range list {
				at := &list[i]
				require.NotEmpty(t, at.Code)
				require.NotEmpty(t, at.Message)
				require.NotEmpty(t, at.Fingerprint())
				require.True(t, at.From.Line > before.Line || at.From.Line == before.Line && at.From.Column >= before.Column, "%s at %v, after %v", at.Code, at.From, before)
				before = at.From
				if at.To.Offset != 0 {
					require.True(t, at.From.Offset <= at.To.Offset && at.To.Offset <= len(text), "%s to %d", at.Code, at.To.Offset)
				}
			}
			mended, applied := validate.Apply(text, list)
			if len(applied) == 0 {
				require.Equal(t, text, mended)
				continue
			}
			_, err := policy.ParseString("mended", mended)
			require.NoError(t, err, "%s\nmended to\n%s", text, mended)
		}
	})
}
