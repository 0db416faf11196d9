package cloudformation_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/account/internal/printed"
	"github.com/iamsim/iamsim/internal/golden"
)

// What is read of small templates: all that there is, what is not known, and what is
// said about it.
func TestWhatIsReadOfATemplate(t *testing.T) {
	golden.Cases(t, "testdata/cases/*.txt", whatIsRead)
}

// documents are policies as templates have them.
var documents = strings.NewReplacer(
	"$allow", `{Version: 2012-10-17, Statement: {Sid: A, Effect: Allow, Action: "s3:GetObject", Resource: "*"}}`,
	"$deny", `{Version: 2012-10-17, Statement: [{Sid: D, Effect: Deny, Action: "s3:*", Resource: "*"}]}`,
	"$public", `{Version: 2012-10-17, Statement: {Effect: Allow, Principal: "*", Action: "*", Resource: "*"}}`,
	"$trust", `{Version: 2012-10-17, Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}}`,
)

// whatIsRead is the snapshot of templates, with lines of %% between. What is given
// besides [shop] stands in the first line, "given JSON".
func whatIsRead(t testing.TB, text string) string {
	given := shop
	if rest, ok := strings.CutPrefix(text, "given "); ok {
		line, more, _ := strings.Cut(rest, "\n")
		require.NoError(t, json.Unmarshal([]byte(line), &given))
		text = more
	}
	s, err := build(given, strings.Split(documents.Replace(text), "%%\n")...)
	if s == nil {
		return "error: " + err.Error()
	}
	out := strings.ReplaceAll(printed.Snapshot(s), "gap: service control policies, resource control policies of 111122223333: not known; taken to be in no organization: give the answers of AWS Organizations if it is in one\n", "")
	if err != nil {
		out += "fault: " + strings.ReplaceAll(err.Error(), "\n", "\nfault: ") + "\n"
	}
	return out
}
