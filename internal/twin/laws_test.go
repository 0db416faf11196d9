package twin_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
)

// A law says how the engine's answers to a scenario and to a changed one are
// related. It needs no second evaluator.
type law struct {
	// change makes the other scenario; nil where there is nothing to change.
	change func(draw, *scenario.Scenario) *scenario.Scenario
	// holds compares the answers before and after.
	holds func(before, after answer) bool
}

var laws = map[string]law{
	"a further Deny never allows":                                    {addDeny, neverAllows},
	"an Allow taken away never allows":                               {removeAllow, neverAllows},
	"a layer taken away never denies":                                {removeLayer, neverDenies},
	"the order of statements never matters":                          {shuffle, same},
	"a Sid never matters":                                            {rename, same},
	"a list is as good as a statement for each":                      {split, same},
	"what is decided without a key stays decided whatever its value": {settle, staysDecided},
}

func same(before, after answer) bool { return before == after }

func neverAllows(before, after answer) bool {
	return before.outcome == evaluator.Allowed || after.outcome != evaluator.Allowed
}

func neverDenies(before, after answer) bool {
	return before.outcome != evaluator.Allowed || after.outcome == evaluator.Allowed
}

// staysDecided: the layer that is reported may become another one.
func staysDecided(before, after answer) bool {
	switch before.outcome {
	case evaluator.Allowed, evaluator.ExplicitDeny:
		return before.outcome == after.outcome
	case evaluator.ImplicitDeny:
		return after.outcome == evaluator.ImplicitDeny || after.outcome == evaluator.ExplicitDeny
	}
	return true
}

func TestLaws(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(laws)) {
		l := laws[name]
		t.Run(name, func(t *testing.T) {
			t.Run("drawn by rapid", rapid.MakeCheck(func(t *rapid.T) {
				d := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") }
				s := generate(d)
				if broken := l.broken(d, s); broken != "" {
					t.Fatal(broken)
				}
			}))
			changed := 0
			for i := range comparisonCount(t) / 40 {
				s := numbered(i)
				drawn := func() draw { return rand.New(rand.NewPCG(*seed+1, uint64(i))).IntN }
				if l.change(drawn(), s) != nil {
					changed++
				}
				if l.broken(drawn(), s) == "" {
					continue
				}
				small := shrink(s, func(s *scenario.Scenario) bool { return l.broken(drawn(), s) != "" })
				t.Fatalf("scenario %d: %s", i, l.broken(drawn(), small))
			}
			t.Logf("%d scenarios changed", changed)
			require.NotZero(t, changed)
		})
	}
}

// broken shows the scenarios where the law does not hold; "" where it does.
func (l law) broken(d draw, s *scenario.Scenario) string {
	changed := l.change(d, s)
	if changed == nil {
		return ""
	}
	before, err := engineAnswer(s)
	after, err2 := engineAnswer(changed)
	if err == nil && err2 != nil {
		return fmt.Sprintf("the changed scenario does not compile: %v", err2)
	}
	if err != nil || l.holds(before, after) {
		return ""
	}
	text, _ := s.MarshalJSON()
	text2, _ := changed.MarshalJSON()
	return fmt.Sprintf("%s before, %s after:\n%s\n%s", before, after, text, text2)
}

// slots are the documents of a scenario with the kind of their slot.
func slots(s *scenario.Scenario) (documents []*policy.Document, kinds []policy.Kind) {
	g := generator{request: &s.Request}
	for slot, list := range s.Policies.All() {
		if slot.Layer == policy.ResourceLayer && g.onTrustPolicy() {
			slot.Layer = policy.TrustLayer
		}
		for _, a := range list {
			documents, kinds = append(documents, a.Document), append(kinds, policy.Policies{}.Kind(slot))
		}
	}
	return documents, kinds
}

func addDeny(d draw, s *scenario.Scenario) *scenario.Scenario {
	s = clone(s)
	documents, kinds := slots(s)
	if len(documents) == 0 {
		return nil
	}
	i := d(len(documents))
	g := generator{draw: d, request: &s.Request}
	st := g.statement(kinds[i], documents[i].Version == policy.Version2012)
	st.Effect = policy.Deny
	documents[i].Statements = append(documents[i].Statements, st)
	return s
}

func removeAllow(d draw, s *scenario.Scenario) *scenario.Scenario {
	s = clone(s)
	documents, _ := slots(s)
	for range documents {
		doc := pick(d, documents)
		i := slices.IndexFunc(doc.Statements, func(st policy.Statement) bool { return st.Effect == policy.Allow })
		if i >= 0 && len(doc.Statements) > 1 {
			doc.Statements = slices.Delete(doc.Statements, i, i+1)
			return s
		}
	}
	return nil
}

func removeLayer(d draw, s *scenario.Scenario) *scenario.Scenario {
	s = clone(s)
	for _, layer := range []policy.Layer{policy.BoundaryLayer, policy.EndpointLayer, policy.SCPLayer, policy.RCPLayer} {
		if s.Policies.Has(layer) && d(2) == 0 {
			s.Policies = s.Policies.Without(layer)
			return s
		}
	}
	if s.Policies.Has(policy.SessionLayer) && !strings.Contains(s.Request.Principal.ARN, "federated-user") { // which needs one (E-16)
		s.Policies = s.Policies.Without(policy.SessionLayer)
		return s
	}
	return nil
}

func shuffle(d draw, s *scenario.Scenario) *scenario.Scenario {
	s = clone(s)
	documents, _ := slots(s)
	for _, doc := range documents {
		permute(d, doc.Statements)
		for i := range doc.Statements {
			st := &doc.Statements[i]
			permute(d, st.Action)
			permute(d, st.NotAction)
			permute(d, st.Resource)
			permute(d, st.NotResource)
			permute(d, st.Condition)
			for j := range st.Condition {
				permute(d, st.Condition[j].Values)
			}
		}
	}
	for _, layer := range []policy.Layer{policy.IdentityLayer, policy.SessionLayer} {
		if s.Policies.Has(layer) {
			list := slices.Clone(s.Policies.At(layer.At(0)))
			permute(d, list)
			s.Policies = s.Policies.With(layer.At(0), list...)
		}
	}
	points := s.Policies.Levels(policy.ResourceLayer)
	permute(d, points)
	s.Policies = s.Policies.WithLevels(policy.ResourceLayer, points...)
	permute(d, s.Request.Context)
	return s
}

func permute[T any](d draw, list []T) {
	for i := range list {
		j := i + d(len(list)-i)
		list[i], list[j] = list[j], list[i]
	}
}

func rename(_ draw, s *scenario.Scenario) *scenario.Scenario {
	s = clone(s)
	documents, _ := slots(s)
	for _, doc := range documents {
		for i := range doc.Statements {
			doc.Statements[i].Sid = fmt.Sprintf("Statement%d", i)
		}
	}
	return s
}

// split makes of a statement with several actions, resources or principals two
// with some of them each.
func split(d draw, s *scenario.Scenario) *scenario.Scenario {
	s = clone(s)
	documents, _ := slots(s)
	done := false
	for _, doc := range documents {
		var statements []policy.Statement
		for _, st := range doc.Statements {
			first, second := st, st
			switch {
			case len(st.Action) > 1:
				n := 1 + d(len(st.Action)-1)
				first.Action, second.Action = st.Action[:n:n], st.Action[n:]
			case len(st.Resource) > 1:
				n := 1 + d(len(st.Resource)-1)
				first.Resource, second.Resource = st.Resource[:n:n], st.Resource[n:]
			case st.Principal != nil && len(st.Principal.Entries) > 1:
				entries := st.Principal.Entries
				first.Principal = &policy.Principals{Entries: entries[:1:1]}
				second.Principal = &policy.Principals{Entries: entries[1:]}
			default:
				statements = append(statements, st)
				continue
			}
			done = true
			statements = append(statements, first, second)
		}
		doc.Statements = statements
	}
	if !done {
		return nil
	}
	return s
}

// settle gives keys that were not known a value, or none.
func settle(d draw, s *scenario.Scenario) *scenario.Scenario {
	s = clone(s)
	r := &s.Request
	// Rule L-4 asks for keys that are given, and nothing else.
	asked := func(name string) bool {
		return strings.EqualFold(name, "aws:MultiFactorAuthPresent") || strings.EqualFold(name, "aws:TokenIssueTime")
	}
	if len(r.Unknown)+len(r.Present) == 0 || slices.ContainsFunc(slices.Concat(r.Unknown, r.Present), asked) {
		return nil
	}
	var families []string
	for _, name := range r.Unknown {
		if strings.HasSuffix(name, "/*") {
			families = append(families, name)
			continue
		}
		if d(2) == 0 { // absent, which an empty list says too (C-20)
			r.Context = append(r.Context, scenario.ContextKey{Name: name})
			continue
		}
		r.Present = append(r.Present, name)
	}
	for _, name := range r.Present {
		k := contextKeys[slices.IndexFunc(contextKeys, func(k contextKey) bool { return strings.EqualFold(k.name, name) })]
		values := []string{}
		for range 1 + d(10)/9 {
			values = append(values, pick(d, slices.Concat(k.values.inBoth, k.values.inRequest, k.own)))
		}
		r.Context = append(r.Context, scenario.ContextKey{Name: name, Values: values})
	}
	r.Unknown, r.Present = families, nil
	return s
}
