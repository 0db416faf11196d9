package denial_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"html"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/denial"
)

var decorations = flag.Int("decorations", 2000, "how many random decorations of denials are read")

// A wrapper puts around a text what a terminal, a log, a page or a mail does.
type wrapper struct {
	name string
	wrap func(*rand.Rand, string) string
}

// eachLine puts something before each line.
func eachLine(text string, before func(line int) string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = before(i) + lines[i]
	}
	return strings.Join(lines, "\n")
}

// decorable are words of a message, and none of a time before it.
var decorable = regexp.MustCompile(`^[^\[\x{a0}\x{202f}\x{2003}]*(?:[A-Za-z]{5}|arn:)[^\x{a0}\x{202f}\x{2003}]*$`)

// emphatic are words that Markdown can emphasise.
var emphatic = regexp.MustCompile("^[A-Za-z][^*_`<>|{}\\[\\]\\\\]*[A-Za-z]$")

// eachWord puts something around some words, in the lines that f is asked about.
func eachWord(r *rand.Rand, text string, around func(word string) string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		words := strings.Split(lines[i], " ")
		for k := range words {
			if decorable.MatchString(words[k]) && r.IntN(4) == 0 {
				words[k] = around(words[k])
			}
		}
		lines[i] = strings.Join(words, " ")
	}
	return strings.Join(lines, "\n")
}

// wordWrap breaks lines at blanks.
func wordWrap(text string, width int) string {
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		current := ""
		for _, word := range strings.Fields(line) {
			if current != "" && len(current)+1+len(word) > width {
				lines, current = append(lines, current), ""
			}
			current = strings.TrimPrefix(current+" "+word, " ")
		}
		lines = append(lines, current)
	}
	return strings.Join(lines, "\n")
}

func oneOf(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }

// cuts are those that break words: they come first.
var cuts = []wrapper{
	{"none", func(_ *rand.Rand, text string) string { return text }},
	{"cut at a column", func(r *rand.Rand, text string) string { return hard(text, 20+r.IntN(100)) }},
	{"broken at blanks", func(r *rand.Rand, text string) string { return wordWrap(text, 20+r.IntN(100)) }},
	{"broken and indented", func(r *rand.Rand, text string) string {
		return strings.ReplaceAll(wordWrap(text, 20+r.IntN(100)), "\n", "\n"+strings.Repeat(" ", r.IntN(30)))
	}},
}

var wrappers = []wrapper{
	{"a box of Terraform", func(_ *rand.Rand, text string) string {
		return "╷\n" + eachLine(text, func(int) string { return "│ " }) + "\n╵"
	}},
	{"a box with both sides", func(_ *rand.Rand, text string) string {
		lines := strings.Split(text, "\n")
		for i := range lines {
			lines[i] = fmt.Sprintf("║ %-130s ║", lines[i])
		}
		return strings.Join(lines, "\n")
	}},
	{"times of GitHub Actions", func(r *rand.Rand, text string) string {
		return eachLine(text, func(i int) string { return fmt.Sprintf("2024-05-01T12:00:%02d.%07dZ ", i%60, r.IntN(1e7)) })
	}},
	{"times of another log", func(r *rand.Rand, text string) string {
		time := oneOf(r, "2024/01/04 10:51:20 ", "[12:00:01] ", "[2024-05-01 12:00:00] ", "2024-05-01 12:00:00,123 ", "Nov 20 10:00:00 host app[12]: ",
			"Tue Feb 16 22:34:16 UTC 2016 : ", "2024-05-01T12:00:00+02:00 ", "12:00:00.123 | ", "2024-05-01 12:00:00 UTC ")
		return eachLine(text, func(int) string { return time })
	}},
	{"levels", func(r *rand.Rand, text string) string {
		level := oneOf(r, "[ERROR] ", "ERROR ", "[error] ", "##[error]")
		return eachLine(text, func(int) string { return level })
	}},
	{"the name of a container", func(r *rand.Rand, text string) string {
		name := oneOf(r, "app_1  | ", "web-1 | ", "[pod/app-1/main] ")
		return eachLine(text, func(int) string { return name })
	}},
	{"a quotation", func(_ *rand.Rand, text string) string { return eachLine(text, func(int) string { return "> " }) }},
	{"colours", func(r *rand.Rand, text string) string {
		colour := oneOf(r, "\x1b[31m", "\x1b[1;33m", "\x1b[38;5;200m", "[31m", "^[[31m")
		reset := strings.NewReplacer("31m", "0m", "1;33m", "0m", "38;5;200m", "0m").Replace(colour)
		return eachWord(r, text, func(word string) string { return colour + word + reset })
	}},
	{"no-break spaces", func(r *rand.Rand, text string) string {
		return strings.ReplaceAll(text, " ", oneOf(r, "\u00a0", "\u202f", "\u2003"))
	}},
	{"zero-width spaces", func(r *rand.Rand, text string) string {
		return eachWord(r, text, func(word string) string { return oneOf(r, "\u200b", "\ufeff", "\u2060", "\u200e") + word })
	}},
	{"bold words", func(r *rand.Rand, text string) string {
		mark := oneOf(r, "**", "__", "*")
		return eachWord(r, text, func(word string) string {
			if !emphatic.MatchString(word) {
				return word
			}
			return mark + word + mark
		})
	}},
	{"code in words", func(r *rand.Rand, text string) string {
		return eachWord(r, text, func(word string) string { return "`" + word + "`" })
	}},
	{"a block of code", func(_ *rand.Rand, text string) string { return "```\n" + text + "\n```" }},
	{"HTML", func(r *rand.Rand, text string) string {
		text = html.EscapeString(text)
		return "<html><body><p>" + eachWord(r, text, func(word string) string {
			tag := oneOf(r, "b", "code", "span")
			return "<" + tag + ">" + word + "</" + tag + ">"
		}) + "</p></body></html>"
	}},
	{"lines of HTML", func(_ *rand.Rand, text string) string {
		return "<div>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br/>\n") + "</div>"
	}},
	{"XML", func(_ *rand.Rand, text string) string {
		return "<ErrorResponse><Error><Message>" + html.EscapeString(text) + "</Message></Error></ErrorResponse>"
	}},
	{"JSON", func(_ *rand.Rand, text string) string {
		quoted, _ := json.Marshal(text)
		return `{"level": "error", "message": ` + string(quoted) + `}`
	}},
	{"a member of JSON", func(_ *rand.Rand, text string) string {
		quoted, _ := json.Marshal(text)
		return `"errorMessage": ` + string(quoted) + ","
	}},
	{"lines of Windows", func(_ *rand.Rand, text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }},
	{"lines of a log around", func(_ *rand.Rand, text string) string {
		return "2024-05-01T12:00:00Z INFO start of the run\n\n" + text + "\n\n2024-05-01T12:00:09Z INFO end of the run\n"
	}},
}

// What decorations do not change.
func plain(d *denial.Denial) []any {
	return []any{d.Principal, d.Action, d.Resource, d.ResourceAsGiven, d.Explicit, d.Implicit, d.Layer, d.Through, d.PolicyARN, d.Reason, d.Actions}
}

// Any denial, decorated by a random mix of wrappers, reads as the plain one.
func TestDecorationsAreTakenOff(t *testing.T) {
	texts := []string{
		noID,
		getFn + " because no permissions boundary allows the lambda:GetFunction action",
		"An error occurred (AccessDeniedException) when calling the GetFunction operation: " + noID,
		"User: arn:aws:sts::111122223333:assumed-role/deploy/run-1 is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:GetObject action",
		"User: " + alice + " is not authorized to perform: iam:UntagRole on resource: role indexer because no identity-based policy allows the iam:UntagRole action",
		"User: " + alice + " is not authorized to perform: lambda:ListFunctions on resource: * because no identity-based policy allows the lambda:ListFunctions action",
		"The provided execution role does not have permissions to call ReceiveMessage on SQS (Service: AWSLambda; Status Code: 400)",
	}
	seed := rand.Uint64()
	for n := range *decorations {
		r := rand.New(rand.NewPCG(seed, uint64(n)))
		text := texts[r.IntN(len(texts))]
		want := one(t, text)
		cut := cuts[r.IntN(len(cuts))]
		names := []string{cut.name}
		decorated := cut.wrap(r, text)
		for range 1 + r.IntN(4) {
			w := wrappers[r.IntN(len(wrappers))]
			names, decorated = append(names, w.name), w.wrap(r, decorated)
		}
		how := fmt.Sprintf("seed %d, %d: %s\n%s", seed, n, strings.Join(names, ", then "), decorated)
		found, err := denial.Parse(decorated)
		require.NoError(t, err, how)
		require.Len(t, found, 1, how)
		require.Equal(t, plain(&want), plain(&found[0]), how)
		require.LessOrEqual(t, found[0].Line, 1+strings.Count(decorated, "\n"), how)
	}
}
