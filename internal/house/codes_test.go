package house_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Codes are documented strings: what a reader of the documentation sees is what
// the code gives, no more and no less.
func TestEveryCodeIsDocumented(t *testing.T) {
	for _, c := range []struct{ documented, defined string }{
		{"evaluator/explanation.go", "evaluator/internal/explain/hint.go"},
		{"evaluator/explanation.go", "evaluator/internal/explain/diagnostic.go"},
		{"policy/errors.go", "policy/errors.go"},
	} {
		comments := commentsOf(t, c.documented)
		codes := code.FindAllStringSubmatch(sourceOf(t, c.defined), -1)
		require.NotEmpty(t, codes, c.defined)
		for _, m := range codes {
			assert.Regexp(t, `(?m)(^|[\s,])`+m[1]+`([\s,.]|$)`, comments, "%s defines %s, which %s does not explain", c.defined, m[1], c.documented)
		}
	}
}

var code = regexp.MustCompile(`(?m)^\t\w+\s+(?:Code )?= "([a-z0-9]+(?:-[a-z0-9]+)+)"`)

func sourceOf(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, file))
	require.NoError(t, err)
	return string(text)
}

// commentsOf are the comment lines of a file, without their slashes.
func commentsOf(t *testing.T, file string) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(sourceOf(t, file)) {
		if text, ok := strings.CutPrefix(line, "//"); ok {
			b.WriteString(text)
		}
	}
	return b.String()
}
