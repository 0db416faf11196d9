package history

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/iamsim/iamsim/internal/packed"
	"github.com/iamsim/iamsim/internal/spelling"
)

// An Archive is a history of which only the names are read. Goroutines may share
// it.
type Archive struct {
	Date    string  // "2026-09-26"
	Entries []Entry // by name
}

// An Entry is a policy that is read when it is first needed.
type Entry struct {
	Path, Name string
	text       packed.Text
}

// Open reads the names of what Encode packed.
func Open(data string) (*Archive, error) {
	var a Archive
	texts, err := packed.Open(title, data, func(kind, value string) error {
		if kind != "date" {
			return errors.New("no line begins so")
		}
		a.Date = value
		return nil
	})
	if err != nil {
		return nil, err
	}
	a.Entries = make([]Entry, len(texts))
	for i := range texts {
		path, name := split(texts[i].Name)
		if i > 0 && a.Entries[i-1].Name >= name {
			return nil, fmt.Errorf("policy %s is not in the order of names", spelling.Quote(name))
		}
		a.Entries[i] = Entry{Path: path, Name: name, text: texts[i]}
	}
	return &a, nil
}

// split parts the path from the name, which follows the last slash.
func split(whole string) (path, name string) {
	slash := strings.LastIndexByte(whole, '/') + 1
	return whole[:slash], whole[slash:]
}

// Read reads the policy anew. It leaves out the lines of documents, which stay
// in the text until they are asked for.
func (e *Entry) Read() (*Policy, error) {
	text, err := e.text.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.Name, err)
	}
	p, err := decode(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", e.Name, err)
	case p.Path+p.Name != e.text.Name:
		return nil, fmt.Errorf("%s: its text is of %s", e.Name, p.Path+p.Name)
	}
	return p, nil
}

func decode(text string) (*Policy, error) {
	p := &Policy{}
	edited := 0 // where the edit of the version at hand begins
	end := func(at int) {
		if n := len(p.Versions); n > 0 {
			p.Versions[n-1].edit = text[edited:at]
		}
	}
	number := 0
	for at, next := 0, 0; at < len(text); at = next {
		next = len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			next = at + i + 1
		}
		line := strings.TrimSuffix(text[at:next], "\n")
		var err error
		switch number++; {
		case number == 1:
			err = p.begin(line)
		case strings.HasPrefix(line, "v"):
			end(at)
			p.Versions = append(p.Versions, Version{})
			err = p.Versions[len(p.Versions)-1].begin(line[1:])
			edited = next
		case len(p.Versions) == 0:
			err = fmt.Errorf("%s belongs to no version", spelling.Quote(line))
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	if len(p.Versions) == 0 {
		return nil, errors.New("no versions")
	}
	end(len(text))
	slices.Reverse(p.Versions)
	return p, nil
}

func (p *Policy) begin(line string) error {
	rest, ok := strings.CutPrefix(line, "@")
	fields := strings.Split(rest, " ")
	if !ok || len(fields) != 2 && len(fields) != 4 {
		return fmt.Errorf("%s is no policy", spelling.Quote(line))
	}
	p.Path, p.Name = split(fields[0])
	var err error
	if p.Created, err = parseDate(fields[1]); err != nil || len(fields) == 2 {
		return err
	}
	p.Replacement = fields[3]
	p.Deprecated, err = parseDate(fields[2])
	return err
}

func (v *Version) begin(line string) error {
	number, day, ok := strings.Cut(line, " ")
	if !ok {
		return fmt.Errorf("%s is no version", spelling.Quote(line))
	}
	var err error
	if v.Number, err = strconv.Atoi(number); err != nil {
		return err
	}
	v.Date, err = parseDate(day)
	return err
}

func parseDate(s string) (time.Time, error) {
	if s == "-" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, s)
}
