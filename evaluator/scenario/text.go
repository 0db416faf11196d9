package scenario

import (
	"strings"
	"unicode/utf8"

	"github.com/iamsim/iamsim/internal/jsontext"
	"github.com/tidwall/gjson"
)

// maxDepth is far above what a scenario nests.
const maxDepth = 64

// A text is JSON, and where it lies in its file.
type text struct {
	file   string
	json   string
	begins int // the line

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
	return position{t.begins + t.last.line - 1, t.last.column}
}

func (t *text) fault(offset int, path, message string) *Error {
	p := t.at(offset)
	return &Error{File: t.file, Line: p.line, Column: p.column, Path: path, Message: message}
}

// parse is the text's value, or why it is not JSON that is safe to walk.
func (t *text) parse() (gjson.Result, error) {
	fault := jsontext.Check(t.json, maxDepth)
	if fault == nil {
		return gjson.Parse(t.json), nil
	}
	message := fault.Message
	switch {
	case fault.Kind == jsontext.Empty:
		message += "; a scenario is a JSON object"
	case fault.Kind == jsontext.NotJSON && strings.HasPrefix(message, "not JSON"):
		message = "is " + message
	}
	return gjson.Result{}, t.fault(fault.Offset, "", message)
}
