package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/golden"
)

const top = "../.."

// Each verb has a page that is its help, and README.md lists them with their exit
// statuses.
func TestAPageAVerb(t *testing.T) {
	root := rootCommand(newScreen())
	pages := map[string]string{"README.md": verbsPage(root)}
	for _, c := range root.Commands() {
		if !c.IsAvailableCommand() || c.Name() == "help" {
			continue
		}
		pages[c.Name()+".md"] = "[The verbs](README.md)\n" + verbPage(c, "#")
	}
	folder := filepath.Join(top, "docs", "verbs")
	if golden.Updating() {
		require.NoError(t, os.MkdirAll(folder, 0o755))
	}
	for name, text := range pages {
		golden.Compare(t, filepath.Join(folder, name), text)
	}
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, entry := range entries {
		assert.Contains(t, pages, entry.Name(), "a page of no verb")
	}
}

// Every verb says what its exit statuses mean, and none is said of no verb.
func TestStatusesAreOfVerbs(t *testing.T) {
	root := rootCommand(newScreen())
	for _, c := range leaves(root) {
		assert.NotNil(t, statusesOf(c.CommandPath()), "%s has no row of exit statuses", c.CommandPath())
	}
	for _, row := range verbStatuses {
		c, _, err := root.Find(strings.Fields(row.verb))
		require.NoError(t, err, row.verb)
		assert.Equal(t, "iamsim "+row.verb, c.CommandPath())
	}
}

// leaves are the commands that do something.
func leaves(c *cobra.Command) []*cobra.Command {
	var list []*cobra.Command
	for _, below := range c.Commands() {
		if below.IsAvailableCommand() && below.Name() != "help" {
			list = append(list, leaves(below)...)
		}
	}
	if len(list) == 0 {
		return []*cobra.Command{c}
	}
	return list
}

func verbsPage(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString("[Documents](../README.md)\n\n# The verbs\n\nEach page is what `iamsim help VERB` prints.\n\n")
	b.WriteString("| Verb | What it does | Formats |\n|---|---|---|\n")
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			fmt.Fprintf(&b, "| [%s](%s.md) | %s | %s |\n", c.Name(), c.Name(), c.Short, formatsOf(c))
		}
	}
	b.WriteString("\n## One manner\n\n")
	b.WriteString("`--output` (`-o`) chooses the format and `--out` a file, which is there in full or not at all. A file, a folder, several of\n")
	b.WriteString("them, and `-` for standard input are given alike; `none` is a side without policies. `--color`, `NO_COLOR`,\n")
	b.WriteString("`CLICOLOR_FORCE` and `TERM=dumb` say whether there is colour; texts keep to the width of the terminal, or to `COLUMNS`.\n")
	b.WriteString("\n## Exit statuses\n\n")
	fmt.Fprintf(&b, "| Verb | 0 %s | 1 %s | 3 %s |\n|---|---|---|---|\n", statuses[0], statuses[1], statuses[3])
	for _, row := range verbStatuses {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", row.verb, row.met, orNever(row.not), orNever(row.unsettled))
	}
	fmt.Fprintf(&b, "\n2 is the same for all: %s. Of several results the status is the worst: 2, then 3, then 1.\n", statuses[2])
	return b.String()
}

func orNever(text string) string {
	if text == "" {
		return "—"
	}
	return text
}

// formatsOf are the formats of a verb and of those below it.
func formatsOf(c *cobra.Command) string {
	var all []string
	for _, leaf := range leaves(c) {
		usage := "`format`: text"
		if flag := leaf.Flags().Lookup("output"); flag != nil {
			usage = flag.Usage
		}
		_, formats, _ := strings.Cut(usage, "`format`: ")
		for _, format := range strings.Split(strings.ReplaceAll(formats, " or ", ", "), ", ") {
			if !slices.Contains(all, format) {
				all = append(all, format)
			}
		}
	}
	return strings.Join(all, ", ")
}

func verbPage(c *cobra.Command, level string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s %s\n\n%s\n", level, c.CommandPath(), c.Short)
	block := func(language, text string) {
		if text != "" {
			fmt.Fprintf(&b, "\n```%s\n%s\n```\n", language, text)
		}
	}
	block("sh", strings.TrimRight(regexp.MustCompile(`(?m)^  `).ReplaceAllString(c.Example, ""), "\n"))
	block("text", strings.TrimSpace(c.Long))
	if c.Runnable() {
		block("text", "Usage: "+c.UseLine()+"\n\n"+strings.TrimRight(c.NonInheritedFlags().FlagUsages(), "\n"))
	}
	for _, below := range c.Commands() {
		if below.IsAvailableCommand() {
			b.WriteString(verbPage(below, level+"#"))
		}
	}
	return b.String()
}

var console = regexp.MustCompile("(?ms)^```console\n(.*?)^```$")

// A console block of the README or of a page of docs shows commands after "$ ", and
// below each what it prints on a terminal of 100 columns. An ellipsis at the end of a
// line stands for the rest of it, and one alone for any lines. The commands run in a
// copy of the examples, one after the other.
func TestDocumentsPrintWhatTheyShow(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the commands are those of a shell")
	}
	pages, err := filepath.Glob(filepath.Join(top, "docs", "*.md"))
	require.NoError(t, err)
	ran := 0
	for _, page := range append(pages, filepath.Join(top, "README.md")) {
		t.Run(filepath.Base(page), func(t *testing.T) {
			text, err := os.ReadFile(page)
			require.NoError(t, err)
			folder := t.TempDir()
			require.NoError(t, os.CopyFS(filepath.Join(folder, "examples"), os.DirFS(filepath.Join(top, "examples"))))
			now := console.ReplaceAllStringFunc(string(text), func(block string) string {
				shown := console.FindStringSubmatch(block)[1]
				var b strings.Builder
				for _, s := range sessions(t, shown) {
					b.WriteString("$ " + s.command + "\n")
					if !s.runs() {
						b.WriteString(s.shown)
						continue
					}
					ran++
					printed := s.run(t, folder)
					if s.shows(printed) {
						printed = s.shown
					}
					b.WriteString(printed)
				}
				return "```console\n" + b.String() + "```"
			})
			golden.Compare(t, page, now)
		})
	}
	assert.NotZero(t, ran, "no document shows a command")
}

// A session is a command and what it is shown to print.
type session struct{ command, shown string }

func sessions(t *testing.T, block string) []session {
	t.Helper()
	var list []session
	for line := range strings.Lines(block) {
		command, begins := strings.CutPrefix(line, "$ ")
		last := len(list) - 1
		switch {
		case begins:
			list = append(list, session{command: strings.TrimSuffix(command, "\n")})
		case last < 0:
			t.Fatalf("a console block begins with a command, and not with %q", line)
		case strings.HasSuffix(list[last].command, "\\") && list[last].shown == "":
			list[last].command += "\n" + strings.TrimSuffix(line, "\n")
		default:
			list[last].shown += line
		}
	}
	return list
}

// runs reports whether the command is ours: it can be run without AWS and without
// building anything.
func (s *session) runs() bool {
	return !regexp.MustCompile(`^(go (test|get|install)|git|aws) `).MatchString(s.command)
}

// run runs the command by a shell. A status that is not 0 has to be shown, as in
// "iamsim …; echo $?".
func (s *session) run(t *testing.T, folder string) string {
	t.Helper()
	command := exec.Command("sh", "-c", strings.ReplaceAll(s.command, "go run ./cmd/iamsim", "iamsim"))
	command.Dir = folder
	command.Env = append(os.Environ(), "COLUMNS=100")
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	assert.NoError(t, command.Run(), "%s\n%s", s.command, &out)
	return out.String()
}

// shows reports whether what is shown stands for what was printed.
func (s *session) shows(printed string) bool {
	var b strings.Builder
	for line := range strings.Lines(s.shown) {
		switch begin, cut := strings.CutSuffix(strings.TrimSuffix(line, "\n"), "…"); {
		case cut && begin == "":
			b.WriteString(`(.*\n)*`)
		case cut:
			b.WriteString(regexp.QuoteMeta(begin) + `.*\n`)
		default:
			b.WriteString(regexp.QuoteMeta(line))
		}
	}
	return regexp.MustCompile(`^` + b.String() + `$`).MatchString(printed)
}
