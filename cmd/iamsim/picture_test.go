package main

import (
	"fmt"
	"html"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/golden"
)

// The picture of the README is what a terminal of 90 columns shows of these commands.
func TestThePictureIsWhatATerminalShows(t *testing.T) {
	file, err := filepath.Abs(filepath.Join(top, "docs", "terminal.svg"))
	require.NoError(t, err)
	t.Chdir(filepath.Join(top, "examples"))
	t.Setenv("COLUMNS", "90")
	var lines []string
	for _, command := range []string{
		"iamsim test getfunction unittest passrole",
		`iamsim explain --identity getfunction/before.json \
    --principal arn:aws:iam::123456789012:user/mateojackson --action lambda:GetFunction \
    --resource arn:aws:lambda:us-east-1:123456789012:function:my-function`,
	} {
		args := strings.Fields(strings.ReplaceAll(command, "\\\n", ""))[1:]
		stdout, stderr, status := ran(t, "", append(args, "--color", "always")...)
		require.Zero(t, status, stderr)
		lines = append(lines, strings.Split("$ "+command, "\n")...)
		lines = append(lines, strings.Split(stdout, "\n")...)
	}
	golden.Compare(t, file, picture(t, lines[:len(lines)-1]))
}

// looks are the classes of the picture for the styles of a terminal.
var (
	looks  = map[string]string{"1;31": "no", "1;32": "yes", "2": "dim"}
	styled = regexp.MustCompile("\x1b\\[([0-9;]+)m(.*?)\x1b\\[0m")
)

// picture draws lines as SVG, on a page that is light or dark.
func picture(t *testing.T, lines []string) string {
	var b strings.Builder
	const height = 19
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 %d" role="img" aria-labelledby="title">
<title id="title">iamsim in a terminal: suites of scenarios that pass, and why a request is denied</title>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1b1f24; white-space: pre; }
rect { fill: #f6f7f9; stroke: #d0d7de; }
.yes { fill: #1a7f37; font-weight: 700; } .no { fill: #cf222e; font-weight: 700; } .dim { fill: #59636e; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } rect { fill: #161b22; stroke: #30363d; } .yes { fill: #3fb950; } .no { fill: #ff7b72; } .dim { fill: #9aa4af; }
}
</style>
<rect x="0.5" y="0.5" width="799" height="%d" rx="8"/>
`, height*len(lines)+30, height*len(lines)+29)
	for i, line := range lines {
		if line == "" {
			continue
		}
		text := styled.ReplaceAllStringFunc(html.EscapeString(line), func(part string) string {
			m := styled.FindStringSubmatch(part)
			require.Contains(t, looks, m[1])
			return fmt.Sprintf(`<tspan class="%s">%s</tspan>`, looks[m[1]], m[2])
		})
		assert.NotContains(t, text, "\x1b")
		fmt.Fprintf(&b, "<text x=\"16\" y=\"%d\" xml:space=\"preserve\">%s</text>\n", height*i+29, text)
	}
	b.WriteString("</svg>\n")
	return b.String()
}
