package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/iamsim/iamsim/internal/spelling"
)

// A screen is standard output, and when it is coloured.
type screen struct {
	*os.File
	notes    io.Writer // standard error
	when     string    // the flag --color: auto, always or never
	progress *progress
	begun    bool // something was written
}

func newScreen() *screen {
	return &screen{File: os.Stdout, notes: os.Stderr, progress: &progress{stop: func() {}}}
}

// Write writes as it is; see sheet.
func (s *screen) Write(p []byte) (int, error) {
	s.progress.stop()
	s.begun = s.begun || len(p) > 0
	return s.File.Write(p)
}

// WriteString is Write, and not that of the file, which would go past it.
func (s *screen) WriteString(text string) (int, error) { return s.Write([]byte(text)) }

// defineColor defines the flag of every verb.
func (s *screen) defineColor(root *cobra.Command) {
	root.PersistentFlags().StringVar(&s.when, "color", "auto", "`when` to use colour: "+orList(colorTimes))
	cobra.CheckErr(root.RegisterFlagCompletionFunc("color", oneOf(colorTimes...)))
}

// check reports a --color that is none.
func (s *screen) check() error {
	if !slices.Contains(colorTimes, s.when) {
		return fmt.Errorf("--color is %s, not %s", orList(colorTimes), spelling.Quote(s.when))
	}
	return nil
}

var colorTimes = []string{"auto", "always", "never"}

// hasColor reports whether what is written to w is coloured: w is a terminal that
// can, and whose user wants it.
func hasColor(w io.Writer) bool {
	s, ok := w.(*screen)
	switch {
	case !ok || s.when == "never":
		return false
	case s.when == "always":
		return true
	case os.Getenv("NO_COLOR") != "":
		return false
	case os.Getenv("CLICOLOR_FORCE") != "" && os.Getenv("CLICOLOR_FORCE") != "0":
		return true
	}
	return os.Getenv("TERM") != "dumb" && term.IsTerminal(int(s.Fd())) && understandsEscapes(s.File)
}

// columnsOf is the width that texts for people have to respect: that of COLUMNS, or
// of the terminal; 0 for a file or a pipe, whose lines may be of any length.
func columnsOf(w io.Writer) int {
	s, ok := w.(*screen)
	if !ok {
		return 0
	}
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	width, _, err := term.GetSize(int(s.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// A style is how a word looks on a terminal, as the parameter of its escape.
type style string

const (
	plain  style = ""
	faint  style = "2"
	red    style = "1;31"
	green  style = "1;32"
	yellow style = "1;33"
)

// styled is a word, shown, in a style.
func (s *sheet) styled(look style, word string) string {
	word = spelling.Shown(word)
	if !s.color || look == plain || word == "" {
		return word
	}
	return "\x1b[" + string(look) + "m" + word + "\x1b[0m"
}
