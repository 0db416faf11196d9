package denial_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/internal/golden"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// A serviceText is a text as a service prints it, and what it stands for.
type serviceText struct {
	Text, Caller, Action, Resource, Begins, RequestID string
	Look                                              policy.Layer
}

func readJSON(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(into))
}

// All that is concluded from a sentence of a service.
func TestWhatServicesOwnSentencesTell(t *testing.T) {
	var texts []serviceText
	readJSON(t, "testdata/services.json", &texts)
	p := denial.Parser{Catalog: catalog.Default()}
	type told struct {
		Text    string
		Denials []denial.Denial
	}
	var all []told
	for _, c := range texts {
		found, err := p.Parse(c.Text)
		require.NoError(t, err)
		all = append(all, told{c.Text, found})
	}
	text, err := json.MarshalIndent(all, "", "\t")
	require.NoError(t, err)
	golden.Compare(t, "testdata/services-told.json", string(text)+"\n")
}

var blanks = regexp.MustCompile(`\s+`)

func TestServicesOwnSentences(t *testing.T) {
	var texts []serviceText
	readJSON(t, "testdata/services.json", &texts)
	p := denial.Parser{Catalog: catalog.Default()}
	for _, c := range texts {
		t.Run(c.Text[:min(len(c.Text), 60)], func(t *testing.T) {
			for _, text := range []string{c.Text, blanks.ReplaceAllString(c.Text, "\n"), "  | " + strings.ReplaceAll(c.Text, "\n", "\n  | ")} {
				found, err := p.Parse(text)
				require.NoError(t, err, text)
				require.Len(t, found, 1, text)
				d := found[0]
				assert.Equal(t, denial.FromService, d.Form, text)
				assert.Equal(t, []string{c.Caller, c.Action, c.Resource, c.Begins}, []string{d.Principal, d.Action, d.Resource, d.ResourceBegins}, text)
				assert.Equal(t, c.Look, d.Look)
				if c.RequestID != "" && text == c.Text {
					assert.Equal(t, c.RequestID, d.RequestID)
				}
				assert.NotEmpty(t, d.Bring)
				assert.Regexp(t, `^https://(docs\.aws\.amazon|developer\.amazon)\.com/`, d.Source)
			}
		})
	}
}

// Every wording of the table has a text.
func TestEveryWordingHasAText(t *testing.T) {
	var table struct {
		Prefixes, Principals, PassedTo, Operations map[string]string
		Together, Passing                          map[string][]string
		Families                                   []struct {
			Says, Actions, Keys                                                                []string
			Beside, Calls, Caller, Else, Service, Tagging, Resource, Near, Look, Bring, Source string
			Partial, Weak                                                                      bool
		}
	}
	readJSON(t, "services.json", &table)
	var texts []serviceText
	readJSON(t, "testdata/services.json", &texts)
	hole := regexp.MustCompile(`\{[a-z]+\}`)
	squeezed := func(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), "")) }
	for _, f := range table.Families {
		for _, wording := range f.Says {
			shown := false
			for _, c := range texts {
				all := true
				for _, part := range hole.Split(wording, -1) {
					all = all && strings.Contains(squeezed(c.Text), squeezed(part))
				}
				shown = shown || all
			}
			assert.True(t, shown, "no text has the wording %q", wording)
		}
		for _, action := range f.Actions {
			if !strings.ContainsAny(action, "{*") {
				_, ok := catalog.Default().Action(action)
				assert.True(t, ok, "%s is no action", action)
			}
		}
	}
	for action, together := range table.Together {
		for _, a := range append(together, action) {
			_, ok := catalog.Default().Action(a)
			assert.True(t, ok, "%s is no action", a)
		}
	}
	p := denial.Parser{Catalog: catalog.Default()}
	for service, operations := range table.Passing {
		for _, operation := range operations {
			plan, err := p.Plan(apicall.Call{Operation: service + ":" + operation, Partial: true})
			if assert.NoError(t, err) {
				assert.Equal(t, "iam:PassRole", plan.Authorizations[len(plan.Authorizations)-1].Action, operation)
			}
		}
	}
	for operation, action := range table.Operations {
		_, ok := catalog.Default().Action(action)
		assert.True(t, ok, "%s: %s is no action", operation, action)
	}
	for name, prefix := range table.Prefixes {
		assert.True(t, catalog.Default().HasService(prefix), "%s: no service has the prefix %s", name, prefix)
	}
}
