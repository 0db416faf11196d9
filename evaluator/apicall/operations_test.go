package apicall_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/policy/catalog"
)

// A model is what operations.txt says of parameters: the members of calls and
// shapes, by name; and of rows: "operation action".
type model struct {
	calls, shapes map[string][]string
	rows          []string
}

func readModel(t testing.TB) model {
	t.Helper()
	text, err := os.ReadFile("operations.txt")
	require.NoError(t, err)
	m := model{calls: make(map[string][]string), shapes: make(map[string][]string)}
	operation := ""
	for line := range strings.Lines(string(text)) {
		switch words := strings.Fields(line); {
		case len(words) < 2 || strings.HasPrefix(line, "#"):
		case words[0] == "call":
			operation = words[1]
			m.calls[operation] = words[2:]
		case words[0] == "shape":
			m.shapes[words[1]] = words[2:]
		case operation != "" && !strings.HasPrefix(line, "   ") && words[0] != "note" && words[0] != "must":
			m.rows = append(m.rows, operation+" "+words[0])
		}
	}
	return m
}

// made are values for the parameters whose text matters.
var made = map[string]string{
	"FunctionName": "my-fn", "Qualifier": "prod", "Version": "3", "ImageUri": "111122223333.dkr.ecr.us-east-1.amazonaws.com/app:1",
	"Role": role, "RoleArn": role, "CapacityProviderOperatorRoleArn": role, "buildRoleArn": role, "OperatorRole": role, "executionRoleArn": role,
	"Layers": layer, "Arn": layer, "KMSKeyArn": key, "SourceKMSKeyArn": key, "Resource": function, "ResourceArn": function,
	"CodeSigningConfigArn":    "arn:aws:lambda:us-east-1:111122223333:code-signing-config:csc-1",
	"CapacityProviderArn":     "arn:aws:lambda:us-east-1:111122223333:capacity-provider:p",
	"DurableExecutionArn":     function + ":3/durable-execution/e/1",
	"egressNetworkConnectors": "arn:aws:lambda:us-east-1:111122223333:network-connector:c", "ingressNetworkConnectors": "arn:aws:lambda:us-east-1:111122223333:network-connector:d",
	"TargetPrincipal": "444455556666", "Policy": `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "*"}}`,
}

// complete makes an object with the members that are wanted; with all where a
// structure would be empty.
func (m model) complete(members []string, want func(name string, required bool) bool) map[string]any {
	object := make(map[string]any)
	for _, text := range members {
		name, kind, _ := strings.Cut(text, "=")
		name, required := strings.CutSuffix(name, "*")
		if want(name, required) {
			object[name] = m.value(name, kind, want)
		}
	}
	if len(object) == 0 && len(members) > 0 {
		return m.complete(members, everything)
	}
	return object
}

func everything(string, bool) bool { return true }

func (m model) value(name, kind string, want func(string, bool) bool) any {
	switch {
	case kind == "number", kind == "integer":
		return 3
	case kind == "bool":
		return true
	case strings.HasPrefix(kind, "["):
		return []any{m.value(name, strings.Trim(kind, "[]"), want)}
	case strings.HasPrefix(kind, "{"):
		return map[string]any{"team": m.value(name, kind[1:len(kind)-1], want)}
	case strings.Contains(kind, "|"):
		return kind[:strings.Index(kind, "|")]
	case m.shapes[kind] != nil:
		return m.complete(m.shapes[kind], want)
	}
	if text, ok := made[name]; ok {
		return text
	}
	return "made-up-1"
}

// everyPlan yields the plan of each operation: with all parameters, with all
// but the version of an object, and with those alone that are required.
func everyPlan(t *testing.T, m model, yield func(p *apicall.Plan, parameters string)) {
	for _, operation := range apicall.Operations() {
		require.Contains(t, m.calls, operation)
		for _, want := range []func(string, bool) bool{
			everything,
			func(name string, _ bool) bool { return name != "S3ObjectVersion" },
			func(_ string, required bool) bool { return required },
		} {
			text, err := json.Marshal(m.complete(m.calls[operation], want))
			require.NoError(t, err)
			p, err := apicall.Call{Operation: operation, Parameters: text, Defaults: defaults}.Plan(evaluator.Options{})
			if assert.NoError(t, err, "%s %s", operation, text) {
				yield(p, string(text))
			}
		}
	}
}

// What a plan asks is what AWS's own reference knows: actions, types of
// resources, and keys that the action carries.
func TestEveryAuthorizationIsOneThatTheCatalogueKnows(t *testing.T) {
	c := catalog.Default()
	m := readModel(t)
	reached, asked := make(map[string]bool), make(map[string]bool)
	everyPlan(t, m, func(p *apicall.Plan, parameters string) {
		require.NotEmpty(t, p.Authorizations, p.Operation)
		for _, a := range p.Authorizations {
			reached[p.Operation+" "+a.Action] = true
			asked[p.Operation+" "+a.Action+" "+a.Resource] = true
			action, ok := c.Action(a.Action)
			if !assert.True(t, ok, "%s: %s", p.Operation, a.Action) {
				continue
			}
			assert.Equal(t, action.Name, a.Action, "the catalogue's spelling")
			assert.NotEmpty(t, a.Source, "%s: %s", p.Operation, a.Action)
			assert.NotContains(t, a.Resource, "$", "%s: %s", p.Operation, a.Action)
			switch {
			case a.Resource == "*":
				assert.Nil(t, a.Types)
			case !a.Unknown:
				fits := false
				for _, known := range c.TypesOf(a.Resource) {
					fits = fits || slices.Contains(a.Types, known.Name)
				}
				assert.True(t, fits, "%s: %s on %s is of none of %q", p.Operation, a.Action, a.Resource, a.Types)
			}
			for _, k := range a.Context {
				known, ok := c.Key(k.Name)
				if assert.True(t, ok, "%s: %s has key %s", p.Operation, a.Action, k.Name) {
					assert.True(t, c.Carries(action, known), "%s: %s carries %s", p.Operation, a.Action, known.Name)
					assert.True(t, len(k.Values) <= 1 || known.Multivalued, "%s: %s has several values of %s", p.Operation, a.Action, known.Name)
				}
			}
		}
		for _, pre := range p.Preconditions {
			_, ok := c.Action(pre.Action)
			assert.True(t, ok, "%s: %s", p.Operation, pre.Action)
			assert.NotEmpty(t, c.TypesOf(pre.Resource), "%s: %s", p.Operation, pre.Resource)
		}
	})
	for _, row := range m.rows {
		assert.True(t, reached[row], "no plan asks for %s", row)
	}
	t.Logf("%d operations, %d rows, %d different authorizations", len(apicall.Operations()), len(m.rows), len(asked))
}
