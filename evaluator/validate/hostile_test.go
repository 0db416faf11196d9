package validate_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
)

// Documents as large as are read, made to cost much: validating them ends.
func TestHostileDocumentsEnd(t *testing.T) {
	list := func(n int, format string) string {
		values := make([]string, n)
		for i := range values {
			values[i] = fmt.Sprintf(format, i)
		}
		return strings.Join(values, ",")
	}
	wrap := func(statements string) string { return `{"Version":"2012-10-17","Statement":[` + statements + `]}` }
	for name, text := range map[string]string{
		"actions with wildcards":   wrap(`{"Effect":"Allow","Action":[` + list(20000, `"s3:*a%d*"`) + `],"Resource":"*"}`),
		"resources with wildcards": wrap(`{"Effect":"Allow","Action":"s3:*","Resource":[` + list(15000, `"arn:aws:s3:::*%d*"`) + `]}`),
		"a long resource":          wrap(`{"Effect":"Allow","Action":"ec2:*","Resource":"arn:aws:ec2:*:*:*` + strings.Repeat("*a", 400_000) + `"}`),
		"statements that are like": wrap(list(9000, `{"Sid":"a%d","Effect":"Allow","Action":"s3:GetObject","Resource":["*","*"]}`)),
		"conditions":               wrap(`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{` + list(20000, `"aws:PrincipalTag/%d":"*"`) + `}}}`),
		"numbers of one key":       wrap(`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"NumericEquals":{"aws:MultiFactorAuthAge":[` + list(50000, `"x%d"`) + `]}}}`),
	} {
		t.Run(name, func(t *testing.T) {
			d, err := policy.ParseString("", text)
			require.NoError(t, err)
			var v validate.Validator
			start := time.Now()
			v.Validate(d, policy.Resource)
			took := time.Since(start)
			assert.Less(t, took, 30*time.Second)
			ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
			defer cancel()
			_, err = v.Prove(ctx, d, policy.Identity)
			if err != nil {
				assert.NotErrorIs(t, err, context.DeadlineExceeded)
			}
			assert.Less(t, time.Since(start)-took, 30*time.Second)
			t.Logf("%v, proofs %v", took, time.Since(start)-took)
		})
	}
}
