package report_test

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/report"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/internal/golden"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

func explain(t *testing.T, s *scenario.Scenario) *evaluator.Explanation {
	c, err := s.Compile()
	require.NoError(t, err)
	return c.Engine.Explain(&c.Caller, &c.Target, &c.Request)
}

func text(t *testing.T, o report.Options, x ...*evaluator.Explanation) string {
	var b strings.Builder
	require.NoError(t, report.Text(&b, o, x...))
	return b.String()
}

// Each trap has a file that a tired person can read.
func TestTrapsReadWell(t *testing.T) {
	files := make(map[string]bool)
	for s, err := range scenario.Files(nil, "testdata/traps.json") {
		require.NoError(t, err)
		t.Run(s.Name, func(t *testing.T) {
			var e scenario.Evaluator
			assert.Empty(t, e.Evaluate(s).Mismatch)
			got := text(t, report.Options{Title: s.Name}, explain(t, s))
			assert.LessOrEqual(t, strings.Count(got, "\n"), 16, "short")
			name := strings.ReplaceAll(s.Name, " ", "-") + ".txt"
			files[name] = true
			golden.Compare(t, "testdata/"+name, got)
		})
	}
	listed, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	for _, file := range listed {
		assert.True(t, files[filepath.Base(file)], "%s belongs to no case", file)
	}
}

// What a hint suggests, written into the policy, allows the request.
func TestSuggestionsHelp(t *testing.T) {
	checked := 0
	for s, err := range scenario.Files(nil, "testdata/traps.json") {
		require.NoError(t, err)
		x := explain(t, s)
		statements := x.NearMisses()
		for _, l := range x.Layers() {
			for _, p := range l.Policies {
				for _, st := range p.Statements {
					if st.Effect == policy.Deny && st.Match == trace.Matches {
						statements = append(statements, st)
					}
				}
			}
		}
		for _, st := range statements {
			for _, h := range st.Hints {
				if h.Suggestion == "" {
					continue
				}
				t.Run(s.Name+"/"+string(h.Code), func(t *testing.T) {
					c, err := rewritten(t, s, &st, h).Compile()
					require.NoError(t, err)
					d := evaluator.Evaluate(&c.Caller, &c.Target, &c.Request)
					assert.Equal(t, st.Effect == policy.Deny || st.Lacks() == 1, d.Allowed(), "%s", d)
					checked++
				})
			}
		}
	}
	assert.Greater(t, checked, 15)
}

// rewritten is the scenario with a suggestion written into a statement.
func rewritten(t *testing.T, s *scenario.Scenario, at *trace.Statement, h evaluator.Hint) *scenario.Scenario {
	changed := *s
	list := slices.Clone(s.Policies.At(at.Layer.At(0)))
	require.NotEmpty(t, list, "no policy to rewrite")
	doc := *list[0].Document
	doc.Statements = slices.Clone(doc.Statements)
	list[0].Document = &doc
	changed.Policies = s.Policies.With(at.Layer.At(0), list...)
	st := &doc.Statements[at.Index]
	st.Condition = slices.Clone(st.Condition)
	failing := slices.IndexFunc(st.Condition, func(c policy.Condition) bool {
		return slices.ContainsFunc(at.Elements, func(e trace.Element) bool {
			return e.Key == c.Key && (e.Match == trace.NoMatch) == (at.Effect == policy.Allow)
		})
	})
	switch h.Element {
	case "Resource":
		st.Resource = policy.Values{h.Suggestion}
	case "Action":
		st.Action = policy.Values{h.Suggestion}
	case "Principal":
		st.Principal = &policy.Principals{Entries: []policy.PrincipalEntry{{Type: policy.PrincipalAWS, Values: policy.Values{h.Suggestion}}}}
	case "NotPrincipal":
		st.NotPrincipal = &policy.Principals{Entries: []policy.PrincipalEntry{{Type: policy.PrincipalAWS, Values: strings.Split(h.Suggestion, ", ")}}}
	case "Version":
		doc.Version = h.Suggestion
	case "Operator":
		operator, err := policy.ParseOperator(h.Suggestion)
		require.NoError(t, err)
		st.Condition[failing].Operator = operator
	case "Condition":
		var block map[string]map[string]string
		require.NoError(t, json.Unmarshal([]byte("{"+h.Suggestion+"}"), &block))
		if at.Effect == policy.Allow {
			st.Condition = slices.Delete(st.Condition, failing, failing+1)
		}
		for name, keys := range block {
			operator, err := policy.ParseOperator(name)
			require.NoError(t, err)
			for key, value := range keys {
				st.Condition = append(st.Condition, policy.Condition{Operator: operator, Key: key, Values: policy.Values{value}})
			}
		}
	default:
		require.GreaterOrEqual(t, failing, 0, "%q", h.Element)
		assert.Equal(t, st.Condition[failing].Key, h.Element)
		st.Condition[failing].Values = policy.Values{h.Suggestion}
	}
	return &changed
}

// cases are the requests of all conformance suites, those that make up a call
// one by one, and their explanations.
func cases(t *testing.T) func(func(*scenario.Scenario, *evaluator.Explanation) bool) {
	files, err := filepath.Glob("../testdata/conformance/*.json")
	require.NoError(t, err)
	files = slices.DeleteFunc(files, func(file string) bool {
		return strings.HasSuffix(file, "documents.json") || strings.HasSuffix(file, "permissions.json") || strings.HasSuffix(file, "examples.json")
	})
	return func(yield func(*scenario.Scenario, *evaluator.Explanation) bool) {
		count := 0
		for s, err := range scenario.Files(nil, files...) {
			require.NoError(t, err)
			var e scenario.Evaluator
			explanations, err := e.Explain(s)
			if err != nil {
				assert.ErrorIs(t, err, evaluator.ErrInvalidRequest, s.Name)
				continue
			}
			for i, x := range explanations {
				count++
				one := *s
				if len(explanations) > 1 {
					one.Name = fmt.Sprintf("%s/%d %s", s.Name, i, x.Action())
				}
				if !yield(&one, x) {
					return
				}
			}
		}
		require.Greater(t, count, 200)
	}
}

var nouns = map[policy.Layer]string{
	policy.IdentityLayer: "identity-based policy", policy.ResourceLayer: "resource-based policy",
	policy.TrustLayer: "role trust policy", policy.BoundaryLayer: "permissions boundary",
	policy.SessionLayer: "session policy", policy.SCPLayer: "service control policy",
	policy.RCPLayer: "resource control policy", policy.EndpointLayer: "VPC endpoint policy",
	policy.RuleLayer: "no policy can allow it",
}

// Every denial is told by its layer, and by the statement that decided or the
// one that is missing.
func TestDenialsNameTheLayerAndTheStatement(t *testing.T) {
	denied := 0
	for s, x := range cases(t) {
		if !x.Decision().Denied() {
			continue
		}
		denied++
		t.Run(s.Name, func(t *testing.T) {
			got := text(t, report.Options{}, x)
			first, _, _ := strings.Cut(got, "\n")
			assert.Contains(t, first, "DENIED")
			assert.Contains(t, first, nouns[x.Decision().Layer()])
			for _, ref := range x.Statements() {
				assert.Regexp(t, `(?m)^by +Deny in `+regexp.QuoteMeta(fmt.Sprintf("%s:%d:%d", ref.Policy, ref.Line, ref.Column)), got)
			}
			if len(x.Statements()) == 0 && x.Decision().Layer() != policy.RuleLayer {
				assert.Regexp(t, `(?m)^(nearest  \S.* would allow it but for |missing  an Allow of `+regexp.QuoteMeta(x.Action())+` in )`, got)
			}
		})
	}
	assert.Greater(t, denied, 100)
}

// The same explanation gives the same bytes, and each rendering works for every
// case.
func TestRenderingsAreDeterministic(t *testing.T) {
	for s, x := range cases(t) {
		again := x
		if s.Request.Call == nil {
			again = explain(t, s)
		}
		for name, write := range renderings {
			for _, complete := range []bool{false, true} {
				var first, second strings.Builder
				require.NoError(t, write(&first, report.Options{Complete: complete}, x))
				require.NoError(t, write(&second, report.Options{Complete: complete}, again))
				assert.Equal(t, first.String(), second.String(), "%s of %s", name, s.Name)
			}
		}
	}
}

var renderings = map[string]func(io.Writer, report.Options, ...*evaluator.Explanation) error{
	"text": report.Text, "JSON": report.JSON, "HTML": report.HTML,
}

// One case in all renderings, with everything.
func TestCompleteReports(t *testing.T) {
	for s, err := range scenario.Files(nil, "testdata/layers.json") {
		require.NoError(t, err)
		x := explain(t, s)
		o := report.Options{Title: s.Name, Complete: true}
		for name, write := range renderings {
			var b strings.Builder
			require.NoError(t, write(&b, o, x))
			golden.Compare(t, "testdata/complete/"+strings.ToLower(name)+".golden", b.String())
		}
		o.Complete = false
		var b strings.Builder
		require.NoError(t, report.JSON(&b, o, x))
		golden.Compare(t, "testdata/complete/short.golden", b.String())
		assert.True(t, json.Valid([]byte(b.String())))
	}
}

// Many kinds of decisions, short and complete; escapes of colours are written ^[.
func TestReportsOfEveryKind(t *testing.T) {
	var b strings.Builder
	var explanations []*evaluator.Explanation
	for s, err := range scenario.Files(nil, "testdata/words.json", "testdata/traps.json") {
		require.NoError(t, err)
		x := explain(t, s)
		explanations = append(explanations, x)
		fmt.Fprintf(&b, "== %s\n\n", s.Name)
		for _, o := range []report.Options{{}, {Complete: true, Color: true}} {
			b.WriteString(strings.ReplaceAll(text(t, o, x), "\x1b[", "^[") + "\n")
		}
	}
	b.WriteString("== three together\n\n" + text(t, report.Options{}, explanations[:3]...))
	golden.Compare(t, "testdata/complete/words.golden", b.String())
	explanations = explanations[:18] // of words.json
	golden.Compare(t, "testdata/complete/page.golden", page(t, report.Options{Title: "Everything", Lead: "First."}, explanations...))
	b.Reset()
	require.NoError(t, report.JSON(&b, report.Options{}, explanations...))
	golden.Compare(t, "testdata/complete/words.json.golden", b.String())
}

// A key that no request for the action has is told beside those that could be given,
// and a note that nothing else says.
func TestTextTellsWhatIsInVain(t *testing.T) {
	doc := policy.MustParse("p.json", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"*","Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}}}`)
	told := text(t, report.Options{}, (&evaluator.Engine{Catalog: catalog.Default()}).Explain(
		&evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/a"), Identity: evaluator.MustCompile(policy.Identity, doc)},
		&evaluator.Target{Resource: "arn:aws:lambda:us-east-1:111122223333:function:f"},
		&evaluator.Request{Action: "lambda:GetFunction", Context: evaluator.Context{{Name: "aws:Nothing", Values: []string{"x"}}}}))
	assert.Contains(t, told, "a policy asks for what no request for lambda:GetFunction has: lambda:FunctionUrlAuthType")
	assert.Contains(t, told, "note ")
	assert.Contains(t, told, "aws:Nothing")
}

func TestTextIsColouredOnRequestAndNeverByItsInput(t *testing.T) {
	evil, err := evaluator.Compile(policy.Identity, policy.Attached{
		Name: "\x1b[2Jpolicy\nALLOWED", Document: &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{{
			Effect: policy.Allow, Action: policy.Values{"lambda:*"}, Resource: policy.Values{"arn:aws:lambda:*:*:function:x\u009b1m"},
		}}},
	})
	require.NoError(t, err)
	x := evaluator.Explain(
		&evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/alice"), Identity: evil},
		&evaluator.Target{Resource: "arn:aws:lambda:us-east-1:111122223333:function:f\x1b[1m"}, &evaluator.Request{Action: "lambda:GetFunction"})
	plain := text(t, report.Options{Complete: true}, x)
	assert.NotContains(t, plain, "\x1b")
	assert.NotContains(t, plain, "\u009b")
	assert.NotContains(t, plain, "\u2028")
	assert.NotRegexp(t, `(?m)^ALLOWED`, plain)
	assert.Contains(t, plain, `\u001b[2Jpolicy ALLOWED`)
	coloured := text(t, report.Options{Complete: true, Color: true}, x)
	assert.Contains(t, coloured, "\x1b[1;31mDENIED")
	assert.Equal(t, plain, regexp.MustCompile("\x1b\\[[0-9;]+m").ReplaceAllString(coloured, ""))
}
