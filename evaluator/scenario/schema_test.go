package scenario_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/scenario"
)

func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(filepath.Join("schema", name))
	require.NoError(t, err)
	return s
}

func instance(t *testing.T, text []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	return v
}

// scenarioFiles are all files of the repository that hold scenarios.
func scenarioFiles(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, pattern := range []string{"../testdata/conformance/*.json", "../../examples/*/scenarios.json"} {
		files, err := filepath.Glob(filepath.FromSlash(pattern))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var suite struct{ Cases, Request json.RawMessage }
			if json.Unmarshal(text, &suite) == nil && (suite.Cases != nil || suite.Request != nil) {
				found = append(found, file)
			}
		}
	}
	require.Greater(t, len(found), 20)
	return found
}

func TestEveryScenarioAndDecisionMeetsItsSchema(t *testing.T) {
	scenarios, decisions := schema(t, "scenario.json"), schema(t, "decision.json")
	var e scenario.Evaluator
	for _, file := range scenarioFiles(t) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.NoError(t, scenarios.Validate(instance(t, text)), file)
		for s, err := range scenario.Files(nil, file) {
			require.NoError(t, err)
			written, err := json.Marshal(s)
			require.NoError(t, err)
			assert.NoError(t, scenarios.Validate(instance(t, written)), "%s: %s", file, s.Name)
			decision, err := json.Marshal(e.Evaluate(s))
			require.NoError(t, err)
			assert.NoError(t, decisions.Validate(instance(t, decision)), "%s: %s", file, s.Name)
		}
	}
}

// What the reader takes, the schema takes, and what the reader refuses as a
// member or a word, the schema refuses.
func TestReaderAndSchemaAgree(t *testing.T) {
	scenarios := schema(t, "scenario.json")
	for name, tc := range map[string]struct {
		text string
		good bool
	}{
		"$schema":                             {`{"$schema": "scenario.json", ` + request + `}`, true},
		"$schema of a suite":                  {`{"$schema": "scenario.json",` + "\n" + `"cases": [{` + request + `}]}`, true},
		"lists of actions and resources":      {`{"request": {` + alice + `, "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::b/k"]}}`, true},
		"an action beside actions":            {`{"request": {` + alice + `, "action": "s3:GetObject", "actions": ["s3:GetObject"], "resource": "*"}}`, false},
		"no action at all":                    {`{"request": {` + alice + `, "actions": [], "resource": "*"}}`, false},
		"either deny":                         {`{` + request + `, "want": "denied"}`, true},
		"either deny as a member":             {`{` + request + `, "want": {"decision": "denied"}}`, true},
		"a decision that is none":             {`{` + request + `, "want": "deny"}`, false},
		"an expectation that expects nothing": {`{` + request + `, "want": {}}`, false},
		"options":                             {`{` + request + `, "options": {"defaultContext": false, "catalog": false, "style": "full"}}`, true},
		"an unknown option":                   {`{` + request + `, "options": {"catalogue": false}}`, false},
		"an unknown style":                    {`{` + request + `, "options": {"style": "short"}}`, false},
		"an unknown member":                   {`{` + request + `, "wants": "allowed"}`, false},
		"an unknown member of the request":    {`{"request": {` + alice + `, ` + get + `, "contexts": {}}}`, false},
		"an unknown slot":                     {`{` + request + `, "policies": {"scps": []}}`, false},
		"a level that is no list":             {`{` + request + `, "policies": {"scp": [` + allowAll + `]}}`, false},
		"one statement as a policy":           {`{` + request + `, "policies": {"identity": {"Effect": "Allow", "Action": "*", "Resource": "*"}}}`, true},
		"what aws lambda get-policy prints":   {`{` + request + `, "policies": {"identity": {"RevisionId": "1", "Policy": ` + strconv.Quote(allowAll) + `}}}`, true},
		"a document in a string":              {`{` + request + `, "policies": {"identity": {"name": "x", "document": ` + strconv.Quote(allowAll) + `}}}`, true},
		"a list of statements as a document":  {`{` + request + `, "policies": {"identity": {"name": "x", "document": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}}`, true},
		"a policy by its name":                {`{` + request + `, "policies": {"identity": "ReadOnlyAccess"}}`, true},
		"an object that is no policy":         {`{` + request + `, "policies": {"identity": {"Roles": []}}}`, false},
		"a suite without cases":               {`{"cases": []}`, false},
		"a context key that is an object":     {`{"request": {` + alice + `, ` + get + `, "context": {"aws:SourceIp": {}}}}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, err := range scenario.Stream("s.json", strings.NewReader(tc.text), nil) {
				assert.Equal(t, tc.good, err == nil, "the reader: %v", err)
			}
			err := scenarios.Validate(instance(t, []byte(tc.text)))
			assert.Equal(t, tc.good, err == nil, "the schema: %v", err)
		})
	}
}
