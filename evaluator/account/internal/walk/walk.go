// Package walk walks JSON of any length in a stream, and tells the line and column
// of what is wrong.
package walk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/internal/jsontext"
	"github.com/iamsim/iamsim/internal/spelling"
)

const (
	chunk     = 1 << 18  // how much is read at once
	maxValue  = 64 << 20 // the largest value that is held as a whole
	maxLevels = 100      // of nesting in one value
)

// A Scanner walks JSON of any length and holds no more of it than one value.
type Scanner struct {
	File   string // its name, for errors
	source io.Reader
	buffer []byte // what was read; buffer[at:] is still to be walked
	at     int
	ended  error // why there is no more to read
	Place        // of what is walked next
}

// A Place is a line and a column in a file, from 1, the column in characters.
type Place struct{ Line, Column int }

// after is the place at the end of a text that begins here.
func (p Place) after(text []byte) Place {
	if n := bytes.Count(text, []byte{'\n'}); n > 0 {
		return Place{p.Line + n, 1 + utf8.RuneCount(text[bytes.LastIndexByte(text, '\n')+1:])}
	}
	return Place{p.Line, p.Column + utf8.RuneCount(text)}
}

// New makes a Scanner of a file, at its beginning.
func New(file string, r io.Reader) *Scanner {
	return &Scanner{File: file, source: r, Place: Place{1, 1}}
}

// Fault is an error at a place of the file.
func (s *Scanner) Fault(at Place, format string, args ...any) error {
	return fmt.Errorf("%s:%d:%d: %w", s.File, at.Line, at.Column, fmt.Errorf(format, args...))
}

// more reads more; false where there is no more.
func (s *Scanner) more() bool {
	if s.ended != nil {
		return false
	}
	if s.at > 0 {
		s.buffer = s.buffer[:copy(s.buffer, s.buffer[s.at:])]
		s.at = 0
	}
	if len(s.buffer) == cap(s.buffer) {
		s.buffer = append(make([]byte, 0, max(chunk, 2*cap(s.buffer))), s.buffer...)
	}
	n := 0
	for n == 0 && s.ended == nil {
		n, s.ended = s.source.Read(s.buffer[len(s.buffer):cap(s.buffer)])
	}
	s.buffer = s.buffer[:len(s.buffer)+n]
	return n > 0
}

// advance goes over n bytes.
func (s *Scanner) advance(n int) {
	s.Place = s.Place.after(s.buffer[s.at : s.at+n])
	s.at += n
}

// Next is the first byte that is no white space, which is not gone over. At the
// end of the file the error is [io.EOF].
func (s *Scanner) Next() (byte, error) {
	for {
		rest := s.buffer[s.at:]
		if n := len(rest) - len(bytes.TrimLeft(rest, " \t\r\n")); n > 0 {
			s.advance(n)
		}
		if s.at < len(s.buffer) {
			return s.buffer[s.at], nil
		}
		if !s.more() {
			if errors.Is(s.ended, io.EOF) {
				return 0, io.EOF
			}
			return 0, fmt.Errorf("%s: %w", s.File, s.ended)
		}
	}
}

// Needed is next where the file may not end.
func (s *Scanner) Needed(in string) (byte, error) {
	c, err := s.Next()
	if errors.Is(err, io.EOF) {
		return 0, s.truncated(in, s.Place)
	}
	return c, err
}

// truncated is the error of a file that ends in the middle.
func (s *Scanner) truncated(in string, began Place) error {
	return s.Fault(s.Place, "not JSON: the file ends in the middle of %s, which began on line %d: it was cut off, make it anew", in, began.Line)
}

// Value reads the next value as a whole, and checks it. in says what it is, for an
// error.
func (s *Scanner) Value(in string) (gjson.Result, error) {
	if _, err := s.Needed(in); err != nil {
		return gjson.Result{}, err
	}
	var e ending
	for !e.find(s.buffer[s.at:], s.ended != nil) {
		if len(s.buffer)-s.at > maxValue {
			return gjson.Result{}, s.Fault(s.Place, "%s is larger than %d MiB", in, maxValue>>20)
		}
		if !s.more() && !e.find(s.buffer[s.at:], true) {
			began := s.Place
			s.advance(len(s.buffer) - s.at)
			if !errors.Is(s.ended, io.EOF) {
				return gjson.Result{}, fmt.Errorf("%s: %w", s.File, s.ended)
			}
			return gjson.Result{}, s.truncated(in, began)
		}
	}
	text := string(s.buffer[s.at : s.at+e.at])
	if f := jsontext.CheckValid(text, maxLevels); f != nil {
		return gjson.Result{}, s.Fault(s.Place.after([]byte(text[:f.Offset])), "%s: %s", in, f.Message)
	}
	s.advance(e.at)
	return gjson.Parse(text), nil
}

// Skip goes over the next value without holding it.
func (s *Scanner) Skip(in string) error { return s.skip(in, 0) }

func (s *Scanner) skip(in string, level int) error {
	c, err := s.Needed(in)
	switch {
	case err != nil:
		return err
	case level > maxLevels:
		return s.Fault(s.Place, "%s: nested more than %d levels deep", in, maxLevels)
	case c == '{':
		return s.Members(in, func(string) error { return s.skip(in, level+1) })
	case c == '[':
		return s.Elements(in, func(int) error { return s.skip(in, level+1) })
	}
	_, err = s.Value(in)
	return err
}

// Members walks an object: member reads each value.
func (s *Scanner) Members(in string, member func(name string) error) error {
	return s.list(in, '}', func(int) error {
		if c, err := s.Needed(in); err != nil {
			return err
		} else if c != '"' {
			return s.Fault(s.Place, "not JSON: the name of a member of %s is no string", in)
		}
		name, err := s.Value("a member's name")
		if err != nil {
			return err
		}
		if c, err := s.Needed(in); err != nil {
			return err
		} else if c != ':' {
			return s.Fault(s.Place, "not JSON: a colon is missing after %s", spelling.Quote(name.Str))
		}
		s.advance(1)
		return member(name.Str)
	})
}

// Elements walks an array: element reads each.
func (s *Scanner) Elements(in string, element func(i int) error) error {
	return s.list(in, ']', element)
}

// list walks what stands between brackets, with commas between.
func (s *Scanner) list(in string, end byte, item func(i int) error) error {
	s.advance(1)
	for i := 0; ; i++ {
		c, err := s.Needed(in)
		switch {
		case err != nil:
			return err
		case c == end && i == 0:
			s.advance(1)
			return nil
		}
		if err := item(i); err != nil {
			return err
		}
		if c, err = s.Needed(in); err != nil {
			return err
		}
		switch c {
		case end:
			s.advance(1)
			return nil
		case ',':
			s.advance(1)
		default:
			return s.Fault(s.Place, "not JSON: %s has %s where a comma or %q is due", in, spelling.Quote(string(c)), string(end))
		}
	}
}

// An ending is how far the end of a value was looked for.
type ending struct {
	at, depth int
	inString  bool
}

// find looks for the end of a value in what is there of it; last says that there
// is no more. Whether the value is JSON is not its business.
func (e *ending) find(text []byte, last bool) bool {
	for e.at < len(text) {
		if e.inString {
			i := bytes.IndexByte(text[e.at:], '"')
			if i < 0 {
				break
			}
			end, escaped := e.at+i, 0
			for text[end-1-escaped] == '\\' {
				escaped++
			}
			e.at = end + 1
			if escaped%2 == 1 {
				continue
			}
			if e.inString = false; e.depth == 0 {
				return true
			}
			continue
		}
		switch c := text[e.at]; {
		case c == '"':
			e.inString = true
		case c == '{' || c == '[':
			e.depth++
		case e.depth == 0 && strings.IndexByte(",}] \t\r\n", c) >= 0:
			return true // after a number or a word
		case c == '}' || c == ']':
			if e.depth--; e.depth == 0 {
				e.at++
				return true
			}
		}
		e.at++
	}
	e.at = len(text)
	return last && e.depth == 0 && !e.inString
}
