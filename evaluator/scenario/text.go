package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// maxDepth is far above what a scenario nests. The JSON validator recurses, so
// depth is bounded before it runs.
const maxDepth = 64

// A text is JSON, and where it lies in its file.
type text struct {
	file   string
	json   string
	begins position

	// last is a place found before: places are asked for in ascending order,
	// mostly, and then cost no more than one walk over the text.
	last     position
	lastByte int
}

// at is the position of a byte of the text in its file.
func (t *text) at(offset int) position {
	offset = min(offset, len(t.json))
	if t.last.line == 0 || offset < t.lastByte {
		t.last, t.lastByte = position{1, 1}, 0
	}
	passed := t.json[t.lastByte:offset]
	if lines := strings.Count(passed, "\n"); lines > 0 {
		t.last.line += lines
		t.last.column = 1
		passed = passed[strings.LastIndexByte(passed, '\n')+1:]
	}
	t.last.column += utf8.RuneCountInString(passed)
	t.lastByte = offset
	line, column := t.begins.of(t.last.line, t.last.column)
	return position{line, column}
}

func (t *text) fault(offset int, path, message string) *Error {
	p := t.at(offset)
	return &Error{File: t.file, Line: p.line, Column: p.column, Path: path, Message: message}
}

// parse is the text's value, or why it is not JSON that is safe to walk.
func (t *text) parse() (gjson.Result, error) {
	if strings.HasPrefix(t.json, "\uFEFF") {
		return gjson.Result{}, t.fault(0, "", "begins with a byte order mark; JSON has none")
	}
	if strings.TrimLeft(t.json, " \t\r\n") == "" {
		return gjson.Result{}, t.fault(0, "", "is empty; a scenario is a JSON object")
	}
	if at := t.invalidUTF8(); at >= 0 {
		return gjson.Result{}, t.fault(at, "", fmt.Sprintf("byte %#02x is not UTF-8", t.json[at]))
	}
	if at := t.tooDeep(); at >= 0 {
		return gjson.Result{}, t.fault(at, "", fmt.Sprintf("nested more than %d levels deep", maxDepth))
	}
	if !gjson.Valid(t.json) {
		return gjson.Result{}, t.syntax()
	}
	return gjson.Parse(t.json), nil
}

func (t *text) invalidUTF8() int {
	for i, r := range t.json {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(t.json[i:]); size == 1 {
				return i
			}
		}
	}
	return -1
}

// tooDeep is the byte of the first bracket beyond maxDepth, or -1.
func (t *text) tooDeep() int {
	depth := 0
	for i := 0; i < len(t.json); i++ {
		switch t.json[i] {
		case '{', '[':
			if depth++; depth > maxDepth {
				return i
			}
		case '}', ']':
			depth--
		case '"':
			for i++; i < len(t.json) && t.json[i] != '"'; i++ {
				if t.json[i] == '\\' {
					i++
				}
			}
		}
	}
	return -1
}

// syntax is what is wrong with a text that is not JSON. The validator does not
// say, so another reads the text once more.
func (t *text) syntax() error {
	var raw json.RawMessage
	err := json.Unmarshal([]byte(t.json), &raw)
	var at *json.SyntaxError
	if !errors.As(err, &at) {
		return t.fault(0, "", "is not JSON")
	}
	offset := int(at.Offset)
	if !strings.HasPrefix(at.Error(), "unexpected end") {
		offset = max(0, offset-1)
	}
	return t.fault(offset, "", "is not JSON: "+at.Error())
}
