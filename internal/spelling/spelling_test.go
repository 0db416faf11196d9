package spelling_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/internal/spelling"
)

func TestQuoteCutsWhatIsTooLongToRead(t *testing.T) {
	assert.Equal(t, `"a\x00b"`, spelling.Quote("a\x00b"))
	cut := spelling.Quote(strings.Repeat("é", 200))
	assert.Equal(t, `"`+strings.Repeat("é", spelling.Longest/2)+`"…`, cut)
}

func TestSuggestionNamesWhatWasProbablyMeant(t *testing.T) {
	effects := []string{"Allow", "Deny"}
	for word, want := range map[string]string{
		"allow":     `; did you mean "Allow"?`,
		"Dney":      `; did you mean "Deny"?`,
		"something": "; allowed are Allow or Deny",
	} {
		assert.Equal(t, want, spelling.Suggestion(word, effects), word)
	}
	many := strings.Split("a b c d e f g h i j k", " ")
	assert.Empty(t, spelling.Suggestion("something else", many))
	assert.Equal(t, "StringLike", spelling.Nearest("Stringlik", []string{"StringEquals", "StringLike"}))
}

func TestQuoteShowsNoSecrets(t *testing.T) {
	const example = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	assert.Equal(t, `"‹secret access key, not shown›"`, spelling.Quote(example))
	long := spelling.Quote(strings.Repeat("x ", spelling.Longest/2-10) + example)
	assert.NotContains(t, long, example[:10], "cut or whole")
}
