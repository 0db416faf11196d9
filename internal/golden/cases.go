package golden

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Cases compares what comes of each input of files with what the file has behind it.
// The files are those of a pattern, such as testdata/cases/*.txt. A case is a
// sentence, its input, and what comes of it:
//
//	== a role has the policy that is attached to it
//	INPUT
//	=>
//	OUTPUT
//
// What stands before the first sentence is about the file. With [Updating] the
// outputs are written into the file.
func Cases(t *testing.T, pattern string, of func(t testing.TB, input string) string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, files, pattern)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { casesOf(t, file, of) })
	}
}

// casesOf are the cases of one file.
func casesOf(t *testing.T, file string, of func(t testing.TB, input string) string) {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	about, cases, _ := strings.Cut("\n"+string(text), "\n== ")
	var written strings.Builder
	written.WriteString(strings.TrimPrefix(about, "\n"))
	seen := make(map[string]bool)
	for c := range strings.SplitSeq(cases, "\n== ") {
		sentence, rest, _ := strings.Cut(c, "\n")
		input, want, _ := strings.Cut("\n"+rest, "\n=>\n")
		input = strings.TrimPrefix(input, "\n")
		if written.Len() > 0 {
			written.WriteString("\n")
		}
		written.WriteString("== " + sentence + "\n" + strings.TrimRight(input, "\n") + "\n=>\n")
		t.Run(sentence, func(t *testing.T) {
			require.False(t, seen[sentence], "two cases have one sentence")
			seen[sentence] = true
			got := strings.TrimRight(of(t, input), "\n")
			written.WriteString(got + "\n")
			if !Updating() {
				assert.Equal(t, strings.TrimRight(want, "\n"), got, "%s; if that is meant, IAMSIM_UPDATE=1 go test writes it anew", file)
			}
		})
	}
	if Updating() {
		require.NoError(t, os.WriteFile(file, []byte(written.String()), 0o644))
	}
}
