package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/internal/replace"
	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/internal/spelling"
)

// An output is in which format a verb prints, and where to: the flags --output and
// --out, which are the same for every verb.
type output struct {
	format  string
	formats []string // the first is that of no flag
	file    string
}

// formatNames says what the formats are that have no plain name.
var formatNames = map[string]string{"jsonl": "jsonl (one object a line)", "sarif": "sarif (2.1.0)", "junit": "junit (XML)", "github": "github (annotations)"}

// define defines the flags.
func (o *output) define(c *cobra.Command, formats ...string) {
	o.formats = formats
	shown := make([]string, len(formats))
	for i, format := range formats {
		if shown[i] = formatNames[format]; shown[i] == "" {
			shown[i] = format
		}
	}
	c.Flags().StringVarP(&o.format, "output", "o", formats[0], "the `format`: "+orList(shown))
	c.Flags().StringVar(&o.file, "out", "", "write to this `file`, which is there in full or not at all")
	cobra.CheckErr(c.RegisterFlagCompletionFunc("output", oneOf(formats...)))
	c.PreRunE = func(*cobra.Command, []string) error { return o.check() }
}

// formerly lets a flag of an older name choose the format, too.
func (o *output) formerly(c *cobra.Command, name string) {
	c.Flags().StringVar(&o.format, name, o.formats[0], "what --output was called")
	c.Flags().Lookup(name).Hidden = true
}

// check reports a format that the verb does not have.
func (o *output) check() error {
	if o.format == "table" && o.formats[0] == "text" {
		o.format = "text" // which was its name
	}
	if !slices.Contains(o.formats, o.format) {
		return fmt.Errorf("--output is %s, not %s; --out writes to a file", orList(o.formats), spelling.Quote(o.format))
	}
	return nil
}

// orList is "text", "text or json", "text, json or csv".
func orList(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// to lets write print, to standard output or to the file of --out. What it gives is
// an exit status where it printed all, and an error where it could not: then the
// file is left as it was.
func (o *output) to(c *cobra.Command, write func(*sheet) error) error {
	if o.file == "" {
		s := newSheet(c.OutOrStdout())
		s.step = stepOf(c)
		status := write(s)
		if err := s.flush(); err != nil {
			return err
		}
		return status
	}
	var text bytes.Buffer
	s := newSheet(&text)
	s.step = stepOf(c)
	status := write(s)
	if !printed(status) {
		return status
	}
	if err := errors.Join(s.flush(), replace.File(o.file, text.Bytes())); err != nil {
		return fmt.Errorf("--out %s: %w", spelling.Quote(o.file), err)
	}
	return status
}

// printed reports whether an error is none, or an exit status.
func printed(err error) bool {
	var status exitStatus
	return err == nil || errors.As(err, &status)
}

// A sheet is what a verb prints on. What is written to it is shown, whatever it
// holds: no name can move the cursor, hide a line, or write from right to left.
type sheet struct {
	to    *bufio.Writer
	rest  []byte // the beginning of a character
	color bool
	width int    // columns; 0: any number
	step  func() // counts what is done
}

// stepOf counts as progress of a command.
func stepOf(c *cobra.Command) func() {
	if out, ok := c.OutOrStdout().(*screen); ok {
		return func() { out.progress.done.Add(1) }
	}
	return func() {}
}

func newSheet(w io.Writer) *sheet {
	return &sheet{to: bufio.NewWriter(w), color: hasColor(w), width: columnsOf(w)}
}

// Write writes the text as it is shown.
func (s *sheet) Write(p []byte) (int, error) {
	text := append(s.rest, p...)
	whole := len(text)
	for back := 1; back <= 3 && back <= len(text); back++ {
		if c := text[len(text)-back]; c >= 0xC0 { // begins a character of several bytes
			if !utf8.FullRune(text[len(text)-back:]) {
				whole -= back
			}
			break
		} else if c < 0x80 {
			break
		}
	}
	s.rest = append([]byte(nil), text[whole:]...)
	_, err := s.to.WriteString(shown(string(text[:whole])))
	return len(p), err
}

// shown is a text without secrets that a terminal shows and does not obey.
func shown(text string) string { return spelling.Shown(secret.Redact(text)) }

// print writes text.
func (s *sheet) print(text string) error {
	_, err := s.Write([]byte(text))
	return err
}

// text writes lines for people, which go on two columns in where they are too wide.
func (s *sheet) text(lines string) error { return s.marked(s.flowed(shown(lines), 2)) }

// json writes one value over several lines.
func (s *sheet) json(what any) error { return printJSON(s, what) }

// jsonLine writes one value on a line.
func (s *sheet) jsonLine(what any) error {
	e := json.NewEncoder(s)
	e.SetEscapeHTML(false)
	return e.Encode(what)
}

// marked writes a text that is shown already, with the escapes of styles in it.
func (s *sheet) marked(text string) error {
	_, err := s.to.WriteString(secret.Redact(text))
	return err
}

func (s *sheet) flush() error {
	s.to.WriteString(spelling.Shown(string(s.rest))) // an error is that of Flush, too
	s.rest = nil
	return s.to.Flush()
}

func printJSON(w io.Writer, what any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(what)
}
