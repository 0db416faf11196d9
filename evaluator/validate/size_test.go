package validate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
)

func TestTheQuotaOfAKindIsAWSsDefault(t *testing.T) {
	for kind, want := range map[policy.Kind]int{
		policy.Identity: 6144, policy.Trust: 2048, policy.SCP: 5120, policy.Resource: 20480,
		policy.Boundary: 6144, policy.Session: 2048, policy.RCP: 5120, policy.Endpoint: 20480,
		0: 0, 200: 0,
	} {
		assert.Equal(t, want, validate.DefaultQuota(kind), kind)
	}
}

// sizeOf is the size that a finding says; 0 where none is found.
func sizeOf(found []validate.Finding) (size, quota int) {
	for _, f := range found {
		if strings.HasPrefix(f.Code, "POLICY_SIZE_") {
			_, _ = fmt.Sscanf(f.Message, "the policy has %d characters, and the quota is %d", &size, &quota)
		}
	}
	return size, quota
}

func TestAPolicyMayHaveAsManyCharactersAsItsQuota(t *testing.T) {
	const text = `{ "Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/\"é x"}` + "\n\t\r }"
	bytes, spaces := len(text), 5
	for name, tt := range map[string]struct {
		kind policy.Kind
		want int
	}{
		"white space beside the elements does not count":      {policy.Identity, bytes - 1 - spaces},
		"white space counts, and a letter of two bytes once":  {policy.SCP, bytes - 1},
		"white space of a session policy counts":              {policy.Session, bytes - 1},
		"white space of a permissions boundary does not":      {policy.Boundary, bytes - 1 - spaces},
		"white space of the policy of a resource counts, too": {policy.Resource, bytes - 1},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := policy.ParseString("", text)
			require.NoError(t, err)
			for quota, found := range map[int]int{tt.want: 0, tt.want - 1: tt.want, 1: tt.want, 0: 0} {
				v := validate.Validator{Quotas: map[policy.Kind]int{tt.kind: quota}}
				size, said := sizeOf(v.Validate(d, tt.kind))
				assert.Equal(t, found, size, "quota %d", quota)
				if found > 0 {
					assert.Equal(t, quota, said)
				}
			}
			v := validate.Validator{Quotas: map[policy.Kind]int{policy.Endpoint: 1}}
			size, _ := sizeOf(v.Validate(d, tt.kind))
			assert.Zero(t, size, "the quota of another kind")
		})
	}
}

// A document without text has the size that it is written with.
func TestADocumentBuiltInGoHasASize(t *testing.T) {
	d := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{{Effect: policy.Deny, Action: policy.Values{"*"}, Resource: policy.Values{"*"}}}}
	written, err := d.MarshalJSON()
	require.NoError(t, err)
	for quota, want := range map[int]int{len(written): 0, len(written) - 1: len(written)} {
		v := validate.Validator{Quotas: map[policy.Kind]int{policy.Identity: quota}}
		size, _ := sizeOf(v.Validate(d, policy.Identity))
		assert.Equal(t, want, size)
	}
}

// A secret is found wherever it stands, and however it is escaped.
func TestASecretIsFoundWhereverItStands(t *testing.T) {
	const key = "wJalrXUtnFEMI/K9MDENG+z0xRfiZYEXAMPLEKEY" // 40 characters
	for n := range 45 {
		d := policy.MustParse("p", fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/%sSecretAccessKey":"%s"}}}}`, strings.Repeat("-", n), key))
		var v validate.Validator
		assert.Contains(t, codes(v.Validate(d, policy.Identity)), "SECRET_IN_POLICY", "behind %d hyphens", n)
	}
	d := policy.MustParse("p", `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/SecretAccessKey":"`+key[:39]+`"}}}}`)
	var v validate.Validator
	assert.NotContains(t, codes(v.Validate(d, policy.Identity)), "SECRET_IN_POLICY", "a character less")
}

// Of very long lists the first 2,000 values are compared with each other.
func TestTheFirstValuesOfAnElementAreCompared(t *testing.T) {
	for n, want := range map[int]int{1999: 1, 2000: 0} {
		actions := make(policy.Values, n+1)
		for i := range actions {
			actions[i] = fmt.Sprintf("s3:Get%d", i)
		}
		actions[n] = actions[0]
		d := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{{Effect: policy.Deny, Action: actions, Resource: policy.Values{"*"}}}}
		var v validate.Validator
		got := 0
		for _, f := range v.Validate(d, policy.Identity) {
			if f.Code == "REDUNDANT_ACTION" {
				got++
			}
		}
		assert.Equal(t, want, got, "%d values before it", n)
	}
}

// What is longer than any ARN may be anything.
func TestAResourceThatIsLongerThanAnyARN(t *testing.T) {
	for n, want := range map[int]bool{4096: true, 4097: false} {
		d := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{{Effect: policy.Deny, Action: policy.Values{"*"},
			Resource: policy.Values{"arn:aws:lambda:us-east-1:111122223333:" + strings.Repeat("x", n)}}}}
		var v validate.Validator
		assert.Equal(t, want, strings.Contains(strings.Join(codes(v.Validate(d, policy.Identity)), " "), "INVALID_ARN_RESOURCE"), "%d characters", n)
	}
}
