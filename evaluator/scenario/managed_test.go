package scenario_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
)

func TestAManagedPolicyIsNamedInManyWays(t *testing.T) {
	for name, c := range map[string]struct{ policy, name, document string }{
		"by its ARN":             {`"arn:aws:iam::aws:policy/AWSLambda_FullAccess"`, "AWSLambda_FullAccess", "AWSLambda_FullAccess v7"},
		"by its name":            {`{"managed": "AWSLambda_FullAccess"}`, "AWSLambda_FullAccess", "AWSLambda_FullAccess v7"},
		"by its ARN as a member": {`{"managed": "arn:aws:iam::aws:policy/AWSLambda_FullAccess"}`, "AWSLambda_FullAccess", "AWSLambda_FullAccess v7"},
		"with a version":         {`{"managed": "AWSLambda_FullAccess", "version": "v1"}`, "AWSLambda_FullAccess", "AWSLambda_FullAccess v1"},
		"as of a day":            {`{"managed": "AWSLambda_FullAccess", "asOf": "2021-02-01"}`, "AWSLambda_FullAccess", "AWSLambda_FullAccess v1"},
		"as of a time":           {`{"managed": "AWSLambda_FullAccess", "asOf": "2025-06-01T12:00:00+02:00"}`, "AWSLambda_FullAccess", "AWSLambda_FullAccess v2"},
		"with a name of its own": {`{"managed": "AWSLambda_FullAccess", "name": "developers"}`, "developers", "AWSLambda_FullAccess v7"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, slot := range []string{"identity", "boundary", "session"} {
				s := one(t, `{`+request+`, "policies": {"`+slot+`": `+c.policy+`}}`)
				var found []policy.Attached
				for _, list := range s.Policies.All() {
					found = append(found, list...)
				}
				require.Len(t, found, 1, slot)
				assert.Equal(t, c.name, found[0].Name)
				assert.Equal(t, "arn:aws:iam::aws:policy/AWSLambda_FullAccess", found[0].ARN)
				assert.Equal(t, c.document, found[0].Document.Name())
			}
		})
	}
}

func TestAManagedPolicyDecides(t *testing.T) {
	s := one(t, `{`+request+`, "policies": {"identity": ["arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess"]}, "want": {
		"decision": "allowed", "statements": [{"policy": "AWSLambda_ReadOnlyAccess", "slot": "identity", "index": 0, "line": 4}]}}`)
	var e scenario.Evaluator
	result := e.Evaluate(s)
	require.NoError(t, result.Err)
	assert.Empty(t, result.Mismatch)

	written, err := json.Marshal(s)
	require.NoError(t, err)
	again := one(t, string(written))
	assert.Equal(t, evaluator.Allowed, e.Evaluate(again).Decision)
	assert.Equal(t, identity(s)[0].ARN, identity(again)[0].ARN)
}

func TestAManagedPolicyOfAnotherPartitionKeepsItsARN(t *testing.T) {
	const arn = "arn:aws-cn:iam::aws:policy/AdministratorAccess"
	for _, written := range []string{`"` + arn + `"`, `{"managed": "` + arn + `"}`} {
		s := one(t, `{`+request+`, "policies": {"identity": `+written+`}}`)
		require.Len(t, identity(s), 1)
		assert.Equal(t, arn, identity(s)[0].ARN)
		assert.Equal(t, "AdministratorAccess", identity(s)[0].Name)
	}
}

func TestFaultsOfManagedPoliciesNameTheirPlace(t *testing.T) {
	for name, c := range map[string]struct{ policy, want string }{
		"an unknown ARN":         {`"arn:aws:iam::aws:policy/AWSLambdaRole"`, `s.json:2:1: policies.identity: AWS managed policy with the ARN "arn:aws:iam::aws:policy/AWSLambdaRole" is not known; did you mean "arn:aws:iam::aws:policy/service-role/AWSLambdaRole"?`},
		"an unknown name":        {`{"managed": "AWSLambda_FulAccess"}`, `s.json:2:13: policies.identity.managed: AWS managed policy "AWSLambda_FulAccess" is not known; did you mean "AWSLambda_FullAccess"?`},
		"a name that is none":    {`{"managed": 7}`, `s.json:2:13: policies.identity.managed: must be a string, not a number`},
		"an unknown version":     {`{"managed": "AWSLambdaRole", "version": "v2"}`, `s.json:2:41: policies.identity.version: version "v2" of AWSLambdaRole is not known; known are v1`},
		"a date that is none":    {`{"managed": "AWSLambdaRole", "asOf": "March"}`, `s.json:2:38: policies.identity.asOf: must be a day or a time, "2021-03-01" or "2021-03-01T12:00:00Z", not "March"`},
		"a date that is too old": {`{"managed": "AWSLambdaRole", "asOf": "2014-01-01"}`, `s.json:2:38: policies.identity.asOf: policy AWSLambdaRole as of 2014-01-01 is not known: AWS created it at 2015-02-06T18:41:28Z`},
		"a version and a date":   {`{"managed": "AWSLambdaRole", "version": "v1", "asOf": "2021-01-01"}`, `s.json:2:1: policies.identity: has "version" or "asOf", not both`},
		"a document as well":     {`{"managed": "AWSLambdaRole", "document": ` + allowAll + `}`, `s.json:2:30: policies.identity: unknown member "document"; allowed are managed, version, asOf or name`},
	} {
		t.Run(name, func(t *testing.T) {
			_, faults := collect(scenario.FS(files(map[string]string{
				"s.json": `{` + request + `, "policies": {"identity":` + "\n" + c.policy + `}}`,
			}), "s.json"))
			require.Len(t, faults, 1)
			assert.Equal(t, c.want, faults[0])
		})
	}
}

func TestAManagedPolicyInTheWrongSlotIsAFault(t *testing.T) {
	_, faults := collect(scenario.FS(files(map[string]string{
		"s.json": `{` + request + `, "policies": {"resource": "arn:aws:iam::aws:policy/service-role/AWSLambdaRole"}}`,
	}), "s.json"))
	require.Len(t, faults, 1)
	assert.Contains(t, faults[0], "AWSLambdaRole v1:4:5: Statement[0]")
}

func TestAFaultOfAManagedPolicyIsAnErrorThatCodeCanRead(t *testing.T) {
	for s, err := range scenario.FS(files(map[string]string{
		"s.json": `{` + request + `, "policies": {"identity": {"managed": "Nothing"}}}`,
	}), "s.json") {
		require.NotNil(t, s)
		require.ErrorIs(t, err, managed.ErrUnknown)
	}
}

func TestAManagedPolicyIsParsedOnce(t *testing.T) {
	suite := `{"defaults": {` + request + `}, "cases": [
		{"policies": {"identity": {"managed": "SecurityAudit", "asOf": "` + time.Date(2021, 5, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) + `"}}},
		{"policies": {"identity": {"managed": "SecurityAudit", "version": "v35"}}}]}`
	read, faults := collect(scenario.FS(files(map[string]string{"s.json": suite}), "s.json"))
	require.Empty(t, faults)
	assert.Same(t, identity(read[0])[0].Document, identity(read[1])[0].Document)
}
