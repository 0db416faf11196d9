package awscli_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/files"
	"github.com/iamsim/iamsim/evaluator/account/internal/printed"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/internal/golden"
)

// What is read of few answers: all that there is, what is not known, and what is
// said about it. A line "-- NAME" begins a file; $allow and $trust are policies.
func TestWhatIsReadOfAnswers(t *testing.T) {
	golden.Cases(t, "testdata/cases.txt", func(t testing.TB, input string) string {
		folder := make(fstest.MapFS)
		for text := range strings.SplitSeq("\n"+input, "\n-- ") {
			if name, content, ok := strings.Cut(text, "\n"); ok && name != "" {
				content = strings.NewReplacer("$allow", document, "$trust", trust).Replace(content)
				folder[name] = &fstest.MapFile{Data: []byte(content)}
			}
		}
		b := account.New()
		b.Partial = true
		out := ""
		if err := files.LoadFS(b, planned.Given{}, folder); err != nil {
			out += "error: " + err.Error() + "\n"
		}
		s, err := b.Build()
		if err != nil {
			out += "fault: " + strings.ReplaceAll(err.Error(), "\n", "\nfault: ") + "\n"
		}
		return out + printed.Snapshot(s)
	})
}
