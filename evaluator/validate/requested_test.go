package validate_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
)

func TestAnActionIsAllowedWhereAWSAsksForIt(t *testing.T) {
	for name, x := range map[string]struct {
		actions, resources []string
		never              bool
	}{
		"objects, and a bucket":                {[]string{"s3:GetObject"}, []string{"arn:aws:s3:::orders"}, true},
		"objects, and a bucket beside them":    {[]string{"s3:GetObject", "s3:ListBucket"}, []string{"arn:aws:s3:::orders", "arn:aws:s3:::orders/*"}, false},
		"a bucket, and objects":                {[]string{"s3:ListBucket"}, []string{"arn:aws:s3:::orders/*"}, true},
		"a bucket, and objects of many":        {[]string{"s3:ListBucket"}, []string{"arn:aws:s3:::orders*/*"}, true},
		"a bucket of some name":                {[]string{"s3:ListBucket"}, []string{"arn:aws:s3:::${aws:PrincipalTag/team}*"}, false},
		"objects of all that begins so":        {[]string{"s3:GetObject"}, []string{"arn:aws:s3:::orders*"}, false},
		"a function, and its aliases":          {[]string{"lambda:InvokeFunction"}, []string{"arn:aws:lambda:us-east-1:111122223333:function:orders:*"}, false},
		"a function, and a layer":              {[]string{"lambda:InvokeFunction"}, []string{"arn:aws:lambda:us-east-1:111122223333:layer:orders:*"}, true},
		"a role, and all that has an ARN":      {[]string{"iam:PassRole"}, []string{"arn:aws:iam::111122223333:*"}, false},
		"a role, and all of a partition":       {[]string{"iam:PassRole"}, []string{"arn:aws:*"}, false},
		"an action of which the type is plain": {[]string{"sqs:SendMessage"}, []string{"arn:aws:sqs:*:*:orders"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": map[string]any{"Effect": "Allow", "Action": x.actions, "Resource": x.resources}})
			require.NoError(t, err)
			d, err := policy.ParseString("policy.json", string(text))
			require.NoError(t, err)
			var v validate.Validator
			found := codes(v.Validate(d, policy.Identity))
			if x.never {
				assert.Contains(t, found, "RESOURCE_NEVER_REQUESTED")
			} else {
				assert.NotContains(t, found, "RESOURCE_NEVER_REQUESTED")
			}
		})
	}
}
