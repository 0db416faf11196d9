package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const top = "../.."

var repository = os.DirFS(top)

func TestTheFileIsWhatTheGeneratorMakes(t *testing.T) {
	if os.Getenv("IAMSIM_UPDATE") == "1" {
		require.NoError(t, write(top))
	}
	want, err := document(repository)
	require.NoError(t, err)
	got, err := fs.ReadFile(repository, "CONFORMANCE.md")
	require.NoError(t, err)
	for i, line := range strings.Split(want, "\n") { // not the whole text: nobody could read it
		if has := strings.Split(string(got), "\n"); i >= len(has) || has[i] != line {
			t.Fatalf("CONFORMANCE.md:%d is old; write it anew: go run ./internal/conformance", i+1)
		}
	}
	assert.Len(t, got, len(want))
}

func TestTheTwinIsNamedOnlyIfItRan(t *testing.T) {
	copied := fstest.MapFS{}
	for _, pattern := range []string{"internal/conformance/*.json", casesFolder + "/*", proofsFile} {
		files, err := fs.Glob(repository, pattern)
		require.NoError(t, err)
		for _, file := range files {
			text, err := fs.ReadFile(repository, file)
			require.NoError(t, err)
			copied[file] = &fstest.MapFile{Data: text}
		}
	}
	delete(copied, runsFile)
	text, err := document(copied)
	require.NoError(t, err)
	assert.NotContains(t, text, "random scenarios")

	copied[runsFile] = &fstest.MapFile{Data: []byte(`{"twin": {"count": 1000000, "date": "2026-01-02", "command": "go test ./twin"}}`)}
	text, err = document(copied)
	require.NoError(t, err)
	assert.Contains(t, text, "- **1,000,000 random scenarios** decided alike")
	assert.Contains(t, text, "`go test ./twin`, 2026-01-02.")

	copied[runsFile] = &fstest.MapFile{Data: []byte(`{"twins": {}}`)}
	_, err = document(copied)
	require.ErrorContains(t, err, `runs.json: json: unknown field "twins"`)
}

func TestEveryLinkHasItsPlace(t *testing.T) {
	text, err := document(repository)
	require.NoError(t, err)
	places := make(map[string]bool)
	for _, m := range regexp.MustCompile(`<a id="([^"]+)"></a>`).FindAllStringSubmatch(text, -1) {
		assert.False(t, places[m[1]], "two places are named %q", m[1])
		places[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`(?m)^##+ (\w[\w ]*)$`).FindAllStringSubmatch(text, -1) {
		places[strings.ReplaceAll(strings.ToLower(m[1]), " ", "-")] = true
	}
	links := regexp.MustCompile(`\]\(#([^)]+)\)`).FindAllStringSubmatch(text, -1)
	require.NotEmpty(t, links)
	for _, m := range links {
		assert.True(t, places[m[1]], "a link goes to %q, which is nowhere", m[1])
	}
}

func rulesByID(t *testing.T) map[string]*rule {
	rules, err := read[catalogue](repository, rulesFile)
	require.NoError(t, err)
	byID := make(map[string]*rule, len(rules.Rules))
	for i := range rules.Rules {
		r := &rules.Rules[i]
		require.NotContains(t, byID, r.ID)
		byID[r.ID] = r
	}
	return byID
}

func choicesOf(t *testing.T) []choice {
	groups, err := read[[]choices](repository, choicesFile)
	require.NoError(t, err)
	var all []choice
	for _, g := range groups {
		require.NotEmpty(t, g.Title)
		require.NotEmpty(t, g.Text)
		all = append(all, g.Choices...)
	}
	return all
}

func TestARuleIsOneShortSentenceWithItsConfidence(t *testing.T) {
	rules, err := read[catalogue](repository, rulesFile)
	require.NoError(t, err)
	for _, r := range rules.Rules {
		assert.LessOrEqual(t, utf8.RuneCountInString(r.Text), 200, r.ID)
		assert.NotEmpty(t, r.Text, r.ID)
		assert.Regexp(t, `^[A-L]([.-]\d+)?$`, r.ID)
		if !r.isChapter() {
			assert.True(t, strings.HasSuffix(r.Text, "."), r.ID)
		}
		if !r.isChapter() && !r.isSection() || r.Confidence != "" {
			assert.Contains(t, confidences, r.Confidence, r.ID)
		}
		for source := range strings.SplitSeq(r.Source, "; ") { // "IUG, NEW: evaluation logic"
			names, _, _ := strings.Cut(source, ":")
			for name := range strings.SplitSeq(names, ", ") {
				assert.True(t, name == "" || rules.Sources[name] != "", "%s has the source %q, which is not explained", r.ID, name)
			}
		}
		for _, cells := range r.Table {
			assert.Len(t, cells, len(r.Table[0]), "the table of %s", r.ID)
		}
	}
}

func TestEveryOpenRuleHasAChoice(t *testing.T) {
	rules := rulesByID(t)
	settled := make(map[string]int)
	for _, c := range choicesOf(t) {
		require.NotEmpty(t, c.Rules, c.Question)
		for _, text := range []string{c.Question, c.Choice, c.Evidence} {
			assert.NotEmpty(t, text, "a choice on %s", c.Rules)
		}
		for _, id := range c.Rules {
			settled[id]++
			if !isRegister(id) {
				assert.Contains(t, rules, id, "a choice on a rule that does not exist")
			}
		}
	}
	for id, r := range rules {
		if r.Confidence.open() {
			assert.Positive(t, settled[id], "%s is open and has no choice", id)
		}
	}
	for n := range 31 {
		id := fmt.Sprintf("Z-%d", n+1)
		assert.Equal(t, 1, settled[id], "entries of the register named %s", id)
	}
}

func TestEveryOptionIsAChoice(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), top+"/evaluator/internal/engine/options.go", nil, 0)
	require.NoError(t, err)
	var fields []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if ok && spec.Name.Name == "Options" {
			for _, field := range spec.Type.(*ast.StructType).Fields.List {
				for _, name := range field.Names {
					fields = append(fields, name.Name)
				}
			}
		}
		return true
	})
	var options []string
	for _, c := range choicesOf(t) {
		if c.Option != "" {
			options = append(options, c.Option)
		}
	}
	assert.NotEmpty(t, fields)
	assert.ElementsMatch(t, fields, options)
}

func TestEverySectionOfAnExampleIsDescribed(t *testing.T) {
	rules := rulesByID(t)
	c, err := readCoverage(repository)
	require.NoError(t, err)
	ids := make(map[string]bool)
	for _, x := range c.examples {
		ids[x.ID] = true
		assert.Contains(t, rules, x.Section, x.ID)
	}
	for id := range c.cases {
		assert.True(t, ids[id], "a case is named for %s, which is no example", id)
	}
	for id := range c.waiting {
		assert.True(t, ids[id], "%s waits and is no example", id)
	}
	assert.NotEmpty(t, c.mistakes)
}

func TestTheTestsOfMistakesExist(t *testing.T) {
	tests, err := read[[]testOfMistake](repository, testsFile)
	require.NoError(t, err)
	require.NotEmpty(t, tests)
	for _, m := range tests {
		files, err := fs.Glob(repository, m.Package+"/*_test.go")
		require.NoError(t, err)
		var all []byte
		for _, file := range files {
			text, err := fs.ReadFile(repository, file)
			require.NoError(t, err)
			all = append(all, text...)
		}
		for _, name := range m.Tests {
			assert.Contains(t, string(all), "\nfunc "+name+"(", "%s has no such test", m.Package)
		}
	}
}

func TestConfidencesSayWhetherARuleIsOpen(t *testing.T) {
	for _, c := range confidences {
		assert.Equal(t, slices.Contains([]confidence{open, documentedInPart, byExampleInPart}, c), c.open(), string(c))
	}
	assert.False(t, confidence("").open())
}
