package prove_test

import (
	"cmp"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// A proofCase is a question and its answer, as data.
type proofCase struct {
	Name      string
	Check     string
	P, Q      side
	Statement int
	By        int
	Access    []prove.Access
	IDs       []string
	Roles     []string
	Services  []string
	Callers   map[policy.PrincipalType][]string
	Strict    bool
	Kind      string // of a policy that is asked about by itself
	Catalog   bool
	Want      string
}

// A side is policies as lists of statements.
type side struct {
	Identity, Boundary, Resource, Endpoint json.RawMessage
	Session, SCPs, RCPs                    []json.RawMessage
	Owner                                  string
}

func document(t *testing.T, name string, statements json.RawMessage) *policy.Document {
	t.Helper()
	if string(statements) == "[]" { // grants nothing
		statements = json.RawMessage(`{"Effect":"Allow","Action":[],"Resource":"*"}`)
	}
	d, err := policy.Parse(name, []byte(`{"Version":"2012-10-17","Statement":`+string(statements)+`}`))
	require.NoError(t, err)
	return d
}

func (s *side) policies(t *testing.T) policy.Policies {
	t.Helper()
	var p policy.Policies
	add := func(layer policy.Layer, sets ...json.RawMessage) {
		for _, statements := range sets {
			if statements != nil {
				p = p.With(layer.At(p.Count(layer)), policy.Attached{Document: document(t, layer.String(), statements)})
			}
		}
	}
	add(policy.IdentityLayer, s.Identity)
	add(policy.BoundaryLayer, s.Boundary)
	add(policy.ResourceLayer, s.Resource)
	add(policy.SessionLayer, s.Session...)
	add(policy.SCPLayer, s.SCPs...)
	add(policy.RCPLayer, s.RCPs...)
	add(policy.EndpointLayer, s.Endpoint)
	return p
}

func readCases(t *testing.T) []proofCase {
	t.Helper()
	text, err := os.ReadFile("testdata/proofs.json")
	require.NoError(t, err)
	var cases []proofCase
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&cases))
	require.NotEmpty(t, cases)
	return cases
}

func (c *proofCase) ask(t *testing.T, x *prove.Prover) *prove.Verdict {
	t.Helper()
	asked := *x
	asked.Owner, asked.Strict = cmp.Or(c.P.Owner, c.Q.Owner), c.Strict
	if c.Catalog {
		asked.Catalog = catalog.Default()
	}
	if c.Kind != "" {
		require.NoError(t, asked.Kind.UnmarshalText([]byte(c.Kind)))
	}
	x = &asked
	p := c.P.policies(t)
	var d *policy.Document
	for _, documents := range p.All() {
		d = documents[0].Document
		break
	}
	var v *prove.Verdict
	var err error
	switch ctx := t.Context(); c.Check {
	case "within":
		v, err = x.Within(ctx, p, c.Q.policies(t))
	case "no-new-access":
		v, err = x.NoNewAccess(ctx, p, c.Q.policies(t))
	case "not-granted":
		v, err = x.NotGranted(ctx, p, c.Access...)
	case "equivalent":
		var back *prove.Verdict
		if v, back, err = x.Equivalent(ctx, p, c.Q.policies(t)); v.Outcome == prove.Proved {
			v = back
		}
	case "redundant":
		v, err = x.Redundant(ctx, d, c.Statement)
	case "unreachable":
		v, err = x.Unreachable(ctx, d, c.Statement)
	case "dead":
		v, err = x.Dead(ctx, d, c.Statement)
	case "shadowed":
		v, err = x.Shadowed(ctx, d, c.Statement, c.By)
	case "not-public":
		v, err = x.NotPublic(ctx, d)
	case "not-open-to":
		v, err = x.NotOpenTo(ctx, d, c.IDs[0])
	case "only-within":
		v, err = x.OnlyWithin(ctx, d, c.IDs...)
	case "no-passrole-beyond":
		v, err = x.NoPassRoleBeyond(ctx, p, c.Roles, c.Services)
	case "invokable-only-by":
		callers := &policy.Principals{}
		for kind, values := range c.Callers {
			callers.Entries = append(callers.Entries, policy.PrincipalEntry{Type: kind, Values: values})
		}
		v, err = x.InvokableOnlyBy(ctx, d, callers)
	default:
		t.Fatalf("no check %q", c.Check)
	}
	require.NoError(t, err)
	return v
}

func TestCases(t *testing.T) {
	names := map[string]bool{}
	for _, c := range readCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			require.False(t, names[c.Name], "two cases of one name")
			names[c.Name] = true
			v := c.ask(t, &prove.Prover{})
			assert.Equal(t, c.Want, v.Outcome.String(), "%s", v)
			assert.False(t, v.Unconfirmed)
			assert.Equal(t, v.Outcome == prove.Refuted, v.Request != nil)
			assert.Equal(t, v.Outcome == prove.Unknown, v.Reason != "", v.Reason)
			assert.NotEmpty(t, v.Universe)
			if testing.Verbose() {
				t.Log(v)
			}
			slow := c.ask(t, prove.Slow(prove.Prover{}))
			assert.Equal(t, c.Want, slow.Outcome.String(), "without short cuts: %s", slow)
		})
	}
}
