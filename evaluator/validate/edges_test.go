package validate_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/internal/golden"
	"github.com/iamsim/iamsim/policy"
)

// An edge is a document near the edge of a code, with all that is found in it: codes
// and the elements that they are at.
type edge struct {
	Name string
	testCase
	Version    *string // nil: that of today
	Statements json.RawMessage
	Found      []string // in the place of that of the case
}

// document is the text with the statements of the edge.
func (e *edge) document() json.RawMessage {
	version := fmt.Sprintf(`"Version": %q, `, policy.Version2012)
	if e.Version != nil {
		version = ""
		if *e.Version != "" {
			version = fmt.Sprintf(`"Version": %q, `, *e.Version)
		}
	}
	return json.RawMessage(fmt.Sprintf(`{%s"Statement": %s}`, version, e.Statements))
}

func edges(t testing.TB) []edge {
	t.Helper()
	text, err := os.ReadFile("testdata/edges.json")
	require.NoError(t, err)
	var list []edge
	require.NoError(t, json.Unmarshal(text, &list))
	require.NotEmpty(t, list)
	return list
}

func TestNearTheEdgeOfACodeAllThatIsFoundIsWhatIsMeant(t *testing.T) {
	for _, e := range edges(t) {
		t.Run(e.Name, func(t *testing.T) {
			found := []string{}
			for _, f := range e.find(t, e.document()) {
				found = append(found, strings.TrimSuffix(f.Code+" at "+f.Path, " at "))
			}
			assert.Equal(t, e.Found, found)
		})
	}
}

// What is said of the cases and near the edges of all codes, where it stands and what mends it, is in
// testdata/findings.txt; IAMSIM_UPDATE=1 writes it.
func TestWhatIsSaidOfACaseWhereAndWhatMendsIt(t *testing.T) {
	var b strings.Builder
	tell := func(document string, found []validate.Finding) {
		for _, f := range found {
			fmt.Fprintf(&b, "  %d:%d-%d:%d %s %s at %s: %s\n", f.From.Line, f.From.Column, f.To.Line, f.To.Column, f.Type, f.Code, f.Path, f.Message)
			if f.Address != "" {
				fmt.Fprintf(&b, "    of %s in %s\n", f.Address, f.Source)
			}
			if f.Request != nil {
				fmt.Fprintf(&b, "    request: %s\n", f.Request)
			}
			if e := f.Edit; e != nil {
				fmt.Fprintf(&b, "    %s: %s → %s; changes the meaning: %v\n", e.Says, document[e.From:e.To], e.New, e.Changes)
			}
		}
	}
	for _, c := range cases(t) {
		fmt.Fprintf(&b, "%s\n", c.Code)
		tell(text(c.Found), c.find(t, c.Found))
	}
	for _, e := range edges(t) {
		document := e.document()
		fmt.Fprintf(&b, "%s\n", e.Name)
		tell(string(document), e.find(t, document))
	}
	for _, c := range accountCases(t) {
		fmt.Fprintf(&b, "%s\n", c.Code)
		tell("", inAccount(snapshot(t, deployment, c.Found)))
		for i, clean := range c.Clean {
			fmt.Fprintf(&b, "%s, clean[%d]\n", c.Code, i)
			tell("", inAccount(snapshot(t, deployment, clean)))
		}
	}
	golden.Compare(t, "testdata/findings.txt", b.String())
}
