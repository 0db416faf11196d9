package validate_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
)

// Access Analyzer's codes are the titles of its checks in upper case.
func TestEveryCheckOfAccessAnalyzerHasItsRule(t *testing.T) {
	text, err := os.ReadFile("testdata/accessanalyzer.txt")
	require.NoError(t, err)
	theirs := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if of, title, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			theirs[strings.ToUpper(strings.ReplaceAll(title, " ", "_"))] = of
		}
	}
	require.NotEmpty(t, theirs)
	for code, of := range theirs {
		rule, known := validate.Explain(code)
		assert.True(t, known && rule.AWS, code)
		assert.Equal(t, of, rule.Type.String(), code)
	}
	for _, rule := range validate.Rules() {
		assert.Equal(t, rule.AWS, theirs[rule.Code] != "", rule.Code)
	}
}

func TestEveryRuleIsFoundSomewhereOrSaysWhyNot(t *testing.T) {
	tested := map[string]bool{
		"DOCUMENT_TOO_LARGE": true, "INVALID_KIND": true, "TOO_MANY_FAULTS": true, // below
	}
	for _, c := range cases(t) {
		assert.False(t, tested[c.Code], "%s has two cases", c.Code)
		tested[c.Code] = true
	}
	for _, c := range accountCases(t) {
		tested[c.Code] = true
	}
	for _, rule := range validate.Rules() {
		assert.Equal(t, rule.Not == "", tested[rule.Code], rule.Code)
		assert.NotEmpty(t, rule.Means, rule.Code)
		delete(tested, rule.Code)
	}
	assert.Empty(t, tested, "codes without a rule")
}

// A code that has no rule would have no type.
func TestEveryCodeInTheSourceHasItsRule(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	seen := 0
	for _, file := range files {
		if file == "passrole.go" || strings.HasSuffix(file, "_test.go") {
			continue // where codes are put together; each has a case
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`"([A-Z]+(?:_[A-Z]+)+)"`).FindAllStringSubmatch(string(text), -1) {
			if strings.HasSuffix(m[1], "_WARNING") {
				continue // a type
			}
			seen++
			_, known := validate.Explain(m[1])
			assert.True(t, known, "%s in %s", m[1], file)
		}
	}
	assert.Greater(t, seen, 130)
}

func TestWhatIsRefusedIsFound(t *testing.T) {
	_, err := policy.Parser{MaxSize: 10}.ParseString("long.json", `{"Version":"2012-10-17"}`)
	assert.Equal(t, []string{"DOCUMENT_TOO_LARGE"}, codes(validate.Refused(err, 0)))
	err = new(policy.Document).Check(0)
	assert.Equal(t, []string{"INVALID_KIND"}, codes(validate.Refused(err, 0)))
	assert.Equal(t, []string{"TOO_MANY_FAULTS"}, codes(validate.Refused(policy.Errors{{Code: "too-many-faults"}}, 0)))
	assert.Nil(t, validate.Refused(os.ErrNotExist, policy.Identity), "an error that is not of a document")
	assert.Nil(t, validate.Refused(nil, policy.Identity))
}

// The faults of package policy are as many as its documentation lists.
func TestEveryFaultOfADocumentHasACode(t *testing.T) {
	text, err := os.ReadFile("../../policy/errors.go")
	require.NoError(t, err)
	seen := 0
	for _, m := range regexp.MustCompile(`code\w+\s+Code = "([a-z0-9-]+)"`).FindAllStringSubmatch(string(text), -1) {
		if m[1] == "invalid-permission" {
			continue // of AddPermission
		}
		seen++
		found := validate.Refused(policy.Errors{{Code: policy.Code(m[1])}}, policy.Identity)
		require.Len(t, found, 1)
		assert.Equal(t, m[1] == "not-json" || m[1] == "not-utf8" || m[1] == "too-deep", found[0].Code == "JSON_SYNTAX_ERROR", m[1])
	}
	assert.Greater(t, seen, 40)
}
