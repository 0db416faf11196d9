package denial_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/policy"
)

// isWhole reports whether the text is read as the message that it was made of.
func isWhole(text string) bool {
	found, err := denial.Parse(text)
	return err == nil && len(found) == 1 && found[0].Principal == alice && found[0].Action == "lambda:GetFunction" &&
		found[0].Resource == myFn && found[0].Layer == policy.IdentityLayer
}

// What a log puts before a line breaks no word of a message that goes on there.
func TestWhatStandsBeforeALine(t *testing.T) {
	broken := func(before string) string { return strings.Replace(noID, "authorized", "autho\n"+before+"rized", 1) }
	for _, before := range []string{
		"2024-05-01T12:00:00.0000000Z ", "2024-05-01_12:00:00 ", "2024/01/04 10:51:20 ", "05/01/2024 12:00:00 ", "2024-05-01 ", "2024-05-01 12:00:00,123 ",
		"12:00:00 ", "12:00:00.123 ", "12:00:00 AM ", "7:11:38 PM ", "2024-05-01 12:00:00 UTC ", "2024-05-01 12:00:00 GMT ", "2024-05-01T12:00:00UTC ",
		"2024-05-01T12:00:00+02:00 ", "2024-05-01T12:00:00 -0200 ", "2024-05-01T12:00:00Z | ", "12:00:00 - ", "12:00:00  |", "12:00:00| ", "z | ", "Z | ", "Tue Feb 6 22:34:16 2016 : ",
		"[2024-05-01 12:00:00] ", "[12:00:01] ", "[ERROR] ", "(warn) ", "[ fatal ] ", "[pod/app-1/main] ", "[ERROR]", "[ERROR] [pod/app] ",
		"TRACE ", "DEBUG  ", "INFO ", "NOTICE ", "WARN ", "WARNING ", "ERROR ", "ERR ", "FATAL ", "CRITICAL ", "SEVERE ",
		"app_1  | ", "x| ", "a.b/c | ", "Nov 20 10:00:00 host app[12]: ", "Nov  5 10:00:00 app[12]: ", "Nov 20 10:00:00 ",
		"Tue Feb 16 22:34:16 UTC 2016 : ", "Tue Feb 16 22:34:16 2016 ", "Sun Dec 1 22:34:16 GMT ", "Sat Jan 31 22:34:16 UTC 2016 host app[1]: ",
		"[" + strings.Repeat("a", 77) + "/b] ", "##[error]", "##[group] ", "> ", ">> ", "\t> ", "| ", "│ ", "┃", "║ ┃ ", "╿", "─", "  │  ", "12:00:00 ERROR app_1 | ",
	} {
		assert.True(t, isWhole(broken(before)), "%q is none of the line", before)
	}
	for _, before := range []string{
		"[x] ", "[] ", "( ) ", `["a/b"] `, "[a=b/c] ", "[a b/c] ", "(a/b) ", "[a/b,c] ", "[ERROR ", "[" + strings.Repeat("a/", 50) + "] ",
		"[" + strings.Repeat("a", 78) + "/b] ", "2024-05-01|12:00:00 ", "[T12:00:00] ", "@ | ", "CREATE_FAILED | ", "{ | ", "Tue Feb 16 22:34:16 201 ", "Tue Feb 16 22:34:16 20166 ", "Tue Feb 16 22:34:16 20x6 ",
		"2024-05-01x ", "2024-5-1 ", "20240501 ", "12:00 ", "12:00:00x", "12:00:00|x ", "error ", "Error ", "ERRORS ", "x ", "x |y ", "web-1 |", "Mon ", "Mon 12 ",
		"Nov 200 10:00:00 ", "Nov x 10:00:00 ", "Nov 20 10:00 ", "Novem 20 10:00:00 ", "Foo 20 10:00:00 ", "Tue 16 22:34:16 ", "##error ", "# ", "##[error ", "═ x", "╱╱x ", "┃x",
	} {
		assert.False(t, isWhole(broken(before)), "%q is of the line", before)
	}
}

// Lines of a log that hold no more than a time, or a part of one, break nothing.
func TestLinesThatAreATime(t *testing.T) {
	for _, line := range []string{"2024-05-01", "12:00:00 -", "12:00:00 |", "12:00:00", "12:00:00,", "12:00:00 +02:00", "12:00:00 +", "Nov", "Nov 12", "Nov 5 10:00:00", "Nov 5 10:00:00 x", "Nov 5 10:00:00 x y", "Nov 5 10:00:00 x]:", "Mon", "Tue Feb 16", "Tue Feb 16 22:34:16 UTC", "│", "│ │", "[", "[ERROR]", "(", ">", "#", "##[", "ERROR", "x |"} {
		for _, text := range []string{line + "\n" + noID, noID + "\n" + line, noID + "\n" + line + "\n", line + "\n\n" + noID + "\n\n" + line} {
			assert.True(t, isWhole(text), "%q", text)
		}
	}
	for _, line := range []string{"│", "┃ ┃", "────", "╵", "2024-05-01T12:00:00Z", "Nov 20 10:00:00", "Tue Feb 16 22:34:16 2016", "12:00:00 |", "[ERROR]", "> "} {
		d := one(t, "User: "+alice+"\nAction: lambda:GetFunction\nContext: ask them\n"+line+"\nmore words")
		assert.Equal(t, []string{"the panel gives as context: ask them"}, d.Notes, "%q is a blank line", line)
	}
}

// What a terminal does not show breaks no word.
func TestWhatATerminalDoesNotShow(t *testing.T) {
	with := func(within string) string { return strings.Replace(noID, "authorized", "autho"+within+"rized", 1) }
	for _, within := range []string{
		"\x1b[0m", "\x1b[1;31m", "\x1b[?25l", "\x1b[K", "\x1b[m", "\x1b[2@", "\x1b[2~", "\x1b]0;a title\x07", "\x1b]8;;https://example.com/\x1b\\", "\x1b]\x07", "\x1b",
		"[0m", "\r", "\u00AD", "\u200B", "\u200F", "\u202A", "\u202E", "\u2060", "\u2064", "\u2066", "\u2069", "\uFEFF",
	} {
		assert.True(t, isWhole(with(within)), "%q is not seen", within)
	}
	for _, colour := range []string{"[31m", "[1;33m", "^[[31m", "^[[K"} { // they lost their first character
		assert.True(t, isWhole(with(colour)+"[0m"), "%q is not seen", colour)
	}
	for _, within := range []string{"[m", "[31k", "[31", "^[", "^[x", "[;", "[x", "\x1b[31", "\u0080", "\u2065", "\u206A", "\u2010"} {
		assert.False(t, isWhole(with(within)+"[0m"), "%q is seen", within)
	}
	for _, blank := range []string{"\t", "\u00A0", "\u1680", "\u2000", "\u200A", "\u202F", "\u205F", "\u3000", "\u00A0\u00A0"} {
		assert.True(t, isWhole(strings.ReplaceAll(noID, "not authorized", "not"+blank+"authorized")), "%q is a blank", blank)
	}
	assert.True(t, isWhole(strings.Replace(noID, "authorized", "autho     ║\n║ rized", 1)), "the right side of a box is none of the line")
	assert.True(t, isWhole(strings.Replace(noID, "authorized", "autho  │\n│ rized", 1)), "the right side of a thin box is none of the line")
}

// What Markdown, pages and JSON put around a message is none of it.
func TestWhatAPageWritesAround(t *testing.T) {
	for sentence, text := range map[string]string{
		"a link":                          strings.Replace(noID, alice, "["+alice+"](https://example.com/a)", 1),
		"a link to nothing":               strings.Replace(noID, alice, "["+alice+"]()", 1),
		"two links":                       strings.NewReplacer(alice, "["+alice+"](x)", "lambda:GetFunction", "[lambda:GetFunction](y)").Replace(noID),
		"words that are emphasised":       strings.Replace(noID, "not authorized", "**not** _authorized_", 1),
		"code":                            "`" + noID + "`",
		"an element within the line":      strings.Replace(noID, "not", "<b>not</b>", 1),
		"an element with attributes":      strings.Replace(noID, "not", `<span class="x">not</span>`, 1),
		"an element that begins a line":   strings.Replace(noID, "not authorized", "not<br/>authorized", 1),
		"a comment":                       strings.Replace(noID, "not", "<!-- x -->not", 1),
		"quoted elements":                 strings.Replace(noID, "not", "&lt;b&gt;not&lt;/b&gt;", 1),
		"quoted characters":               strings.Replace(noID, ":", "&#58;", 1),
		"a string of JSON":                strings.ReplaceAll(noID, " ", `\u0020`),
		"line breaks of JSON":             strings.Replace(noID, "not authorized", `not\nauthorized`, 1),
		"line breaks of JSON in JSON":     strings.Replace(noID, "not authorized", `not\\nauthorized`, 1),
		"typographic quotes":              "“" + noID + "”",
		"an element that no page has":     "<x>" + noID + "</x>",
		"a line of a shell that goes on":  strings.Replace(noID, "not authorized", "not \\\nauthorized", 1),
		"a backslash at the end":          noID + " \\",
		"an escape that is cut off":       noID + ` \u4`,
		"a part of a name at the start":   "<account> " + noID,
		"a link that began above":         noID + " a](b)",
		"strong emphasis":                 strings.Replace(noID, "not", "***not***", 1),
		"an emphasised label":             strings.Replace(noID, "User:", "**User**:", 1),
		"a tab of JSON":                   strings.Replace(noID, "not authorized", `not\tauthorized`, 1),
		"a line break of Windows in JSON": strings.Replace(noID, "not authorized", `not\r\nauthorized`, 1),
		"emphasis over two lines":         strings.Replace("**"+noID, "not authorized to", "not\nauthorized to**", 1),
		"an element of XML, on its lines": "<Error>\n<Message>" + noID + "</Message>\n</Error>",
	} {
		assert.True(t, isWhole(text), "%s: %s", sentence, text)
	}
}
