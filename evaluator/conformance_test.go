package evaluator_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
)

const conformance = "testdata/conformance"

// example is a numbered example and its outcome, in the notation of the rules.
type example struct{ ID, Section, Want, Owner string }

// documentCase is a policy that is valid or has a certain fault.
type documentCase struct {
	Name     string
	Kind     policy.Kind
	Document json.RawMessage
	Text     string
	Want     struct {
		Valid bool
		Code  policy.Code
	}
}

func (c *documentCase) check() error {
	text := c.Text
	if c.Document != nil {
		text = string(c.Document)
	}
	doc, err := policy.ParseString(c.Name, text)
	if err != nil {
		return err
	}
	return doc.Check(c.Kind)
}

// permissionCase is a call of AddPermission and the statement that it stores.
type permissionCase struct {
	Name       string
	Parameters struct {
		StatementID    string `json:"StatementId"`
		FunctionARN    string `json:"FunctionArn"`
		SourceARN      string `json:"SourceArn"`
		Action         string
		Principal      string
		SourceAccount  string
		PrincipalOrgID string
	}
	Want json.RawMessage
}

// attachmentCase is an AWS managed policy that is attached where it was not.
type attachmentCase struct {
	Name, Policy, Want string
	Attached           time.Time
}

func TestConformance(t *testing.T) {
	cases := make(map[string]bool)
	named := func(t *testing.T, name string) {
		assert.False(t, cases[name], "two cases are named %q", name)
		cases[name] = true
	}
	examples := readExamples(t)

	for s := range suites(t) {
		t.Run(s.Name, func(t *testing.T) {
			named(t, s.Name)
			var e scenario.Evaluator
			result := e.Evaluate(s)
			require.True(t, result.Answered(), "%v", result.Err)
			require.NotNil(t, s.Want, "the case wants nothing")
			assert.Empty(t, result.Mismatch)
			if x, ok := examples[s.Name[:strings.IndexByte(s.Name+" ", ' ')]]; ok {
				assert.NoError(t, x.contradicts(s.Want))
			}
		})
	}
	for _, c := range documents(t) {
		t.Run(c.Name, func(t *testing.T) {
			named(t, c.Name)
			err := c.check()
			if c.Want.Valid {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, c.Want.Code)
			}
			if x, ok := examples[c.Name[:strings.IndexByte(c.Name+" ", ' ')]]; ok {
				assert.Equal(t, x.Want == "VALID", c.Want.Valid, "%s is %s", x.ID, x.Want)
			}
		})
	}
	for _, c := range read[attachmentCase](t, "managed-documents.json") {
		t.Run(c.Name, func(t *testing.T) {
			named(t, c.Name)
			p, err := managed.ByName(c.Policy)
			require.NoError(t, err)
			switch err := p.Attachable(c.Attached); c.Want {
			case "attachable":
				assert.NoError(t, err)
			case "deprecated":
				assert.ErrorIs(t, err, managed.ErrDeprecated)
			default:
				t.Errorf("wants %q", c.Want)
			}
			if x, ok := examples[c.Name[:strings.IndexByte(c.Name+" ", ' ')]]; ok {
				assert.Equal(t, x.Want, "refused ("+c.Want+")")
			}
		})
	}
	for _, c := range read[permissionCase](t, "permissions.json") {
		t.Run(c.Name, func(t *testing.T) {
			named(t, c.Name)
			p := c.Parameters
			doc, err := policy.AddPermission(nil, policy.Permission{
				StatementID: p.StatementID, Action: p.Action, Principal: p.Principal, FunctionARN: p.FunctionARN,
				SourceARN: p.SourceARN, SourceAccount: p.SourceAccount, PrincipalOrgID: p.PrincipalOrgID,
			})
			require.NoError(t, err)
			require.NoError(t, doc.Check(policy.Resource))
			text, err := json.Marshal(doc)
			require.NoError(t, err)
			assert.JSONEq(t, `{"Version":"2012-10-17","Id":"default","Statement":[`+string(c.Want)+`]}`, string(text))
		})
	}

	covered := make(map[string]bool)
	for name := range cases {
		if id := name[:strings.IndexByte(name+" ", ' ')]; strings.HasPrefix(id, "EX-") {
			covered[id] = true
		}
	}
	for _, c := range read[struct{ Name string }](t, "../../prove/testdata/proofs.json") { // which the tests of prove run
		if id, _, _ := strings.Cut(c.Name, " "); strings.HasPrefix(id, "EX-") {
			covered[id] = true
		}
	}
	later := readLater(t, examples)
	for id := range examples {
		assert.True(t, covered[id] || later[id], "%s has no case", id)
		assert.False(t, covered[id] && later[id], "%s has a case: take it off later.txt", id)
	}
	for id := range covered {
		base, _, _ := strings.Cut(id, "/")
		assert.Contains(t, examples, base, "no such example")
	}
	t.Logf("%d cases; %d of %d numbered examples covered, %d later", len(cases), len(examples)-len(later), len(examples), len(later))
}

// suites are the scenarios of all suites.
func suites(t *testing.T) func(func(*scenario.Scenario) bool) {
	files, err := filepath.Glob(conformance + "/*.json")
	require.NoError(t, err)
	var paths []string
	for _, file := range files {
		if name := filepath.Base(file); !strings.HasSuffix(name, "documents.json") && name != "permissions.json" && name != "examples.json" {
			paths = append(paths, file)
		}
	}
	return func(yield func(*scenario.Scenario) bool) {
		for s, err := range scenario.Files(nil, paths...) {
			if assert.NoError(t, err) && !yield(s) {
				return
			}
		}
	}
}

func documents(t *testing.T) []documentCase {
	return append(read[documentCase](t, "documents.json"), read[documentCase](t, "mistakes-documents.json")...)
}

func read[T any](t *testing.T, name string) []T {
	text, err := os.ReadFile(filepath.Join(conformance, name))
	require.NoError(t, err)
	var list []T
	require.NoError(t, json.Unmarshal(text, &list))
	require.NotEmpty(t, list)
	return list
}

func readExamples(t *testing.T) map[string]*example {
	examples := make(map[string]*example)
	for _, x := range read[example](t, "examples.json") {
		require.NotContains(t, examples, x.ID)
		examples[x.ID] = &x
	}
	return examples
}

// readLater reads the numbers that no case covers yet. What the engine and the
// policy package own cannot be among them.
func readLater(t *testing.T, examples map[string]*example) map[string]bool {
	text, err := os.ReadFile(filepath.Join(conformance, "later.txt"))
	require.NoError(t, err)
	later := make(map[string]bool)
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		id, owner, _ := strings.Cut(strings.TrimSpace(line), " ")
		if assert.Contains(t, examples, id) {
			assert.Equal(t, examples[id].Owner, owner, id)
		}
		assert.NotContains(t, []string{"engine", "documents", "permissions"}, owner, "%s needs a case", id)
		later[id] = true
	}
	return later
}

var denial = regexp.MustCompile(`^(IMPLICIT|EXPLICIT)(?:\((\w+)\))?(?: (?:for )?([a-z0-9]+:\w+)(?: .*)?)?$`)

// contradicts compares the outcome of the example with what its case wants.
func (x *example) contradicts(w *scenario.Want) error {
	wanted := func(outcome evaluator.Outcome, layer string) error {
		switch {
		case w.Decision == nil || *w.Decision != outcome:
			return errors.New(x.ID + " is " + x.Want + ", and the case wants another decision")
		case layer != "" && (w.DeniedBy == nil || w.DeniedBy.String() != layer):
			return errors.New(x.ID + " is " + x.Want + ", and the case wants another layer")
		}
		return nil
	}
	if m := denial.FindStringSubmatch(x.Want); m != nil {
		if m[3] != "" && (w.Action == nil || *w.Action != m[3]) {
			return errors.New(x.ID + " is decided for " + m[3] + ", and the case does not want that")
		}
		if m[1] == "EXPLICIT" {
			return wanted(evaluator.ExplicitDeny, m[2])
		}
		return wanted(evaluator.ImplicitDeny, m[2])
	}
	switch x.Want {
	case "ALLOW", "true", "same meaning", "that authorization ALLOW", "lambda:CreateFunction ALLOW":
		return wanted(evaluator.Allowed, "")
	case "false", "no match", "condition false":
		return wanted(evaluator.ImplicitDeny, "")
	case "authorization ALLOW, precondition error (trust)":
		if !slices.Equal(w.Preconditions, []evaluator.Outcome{evaluator.ImplicitDeny}) {
			return errors.New(x.ID + " has a precondition that is not met, and the case does not want that")
		}
		return wanted(evaluator.Allowed, "")
	case "policy has exactly that one statement":
		return nil
	}
	switch { // the layout of decoded messages is tested in evaluator/denial
	case strings.HasPrefix(x.Want, "allowed=false, explicitDeny=false"):
		return wanted(evaluator.ImplicitDeny, "")
	case strings.HasPrefix(x.Want, "explicitDeny=true"):
		return wanted(evaluator.ExplicitDeny, "")
	}
	if !strings.HasPrefix(x.Want, "…") && !strings.HasPrefix(x.Want, "User: ") {
		return errors.New(x.ID + " has an outcome that this test cannot read: " + x.Want)
	}
	pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(x.Want), "…", ".*") + "$"
	if w.Message == nil || !regexp.MustCompile(pattern).MatchString(*w.Message) {
		return errors.New(x.ID + " has the text " + x.Want + ", and the case wants another")
	}
	return nil
}
