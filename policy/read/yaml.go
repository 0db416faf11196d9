package read

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
	"go.yaml.in/yaml/v3"

	"github.com/iamsim/iamsim/internal/jsontext"
	"github.com/iamsim/iamsim/internal/lazy"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// keyLine is a line that looks like YAML of a policy or what is around it.
var keyLine = lazy.Regexp(`(?m)^[ \t]*(- +)?"?[A-Za-z][A-Za-z:/-]*"?:([ \t]|\r?$)`)

// yaml makes of YAML the JSON that says the same. What is no YAML of objects and
// lists is left to the parser, which says why it is no JSON.
func (r *reader) yaml(t *text) error {
	if !keyLine().MatchString(t.string) {
		return r.prose(*t)
	}
	d := yaml.NewDecoder(strings.NewReader(t.string))
	var document, second yaml.Node
	if err := d.Decode(&document); err != nil {
		if prose := r.prose(*t); prose != nil {
			return prose
		}
		return r.notYAML(*t, err)
	}
	if len(document.Content) != 1 || document.Content[0].Kind == yaml.ScalarNode {
		return r.prose(*t)
	}
	switch err := d.Decode(&second); {
	case err == nil:
		return r.at(&second, NotYAML, "a second YAML document: a file has one policy")
	case !errors.Is(err, io.EOF):
		return r.notYAML(*t, err)
	}
	w := yamlWriter{reader: r, lines: linesOf(t.string)}
	if err := w.value(document.Content[0], 0); err != nil {
		return err
	}
	made := text{w.out.String(), w.marks}
	if w.fault != nil {
		// Functions of CloudFormation are no fault of a template.
		if o := objectOf(gjson.Parse(made.string)); o != nil {
			return r.other(made, 0, o)
		}
		return w.fault
	}
	r.note("YAML")
	*t = made
	return nil
}

// notYAML says what the YAML parser does, at its line.
func (r *reader) notYAML(t text, err error) error {
	message, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if _, scanned := fmt.Sscanf(message, "line %d:", &line); scanned == nil {
		_, message, _ = strings.Cut(message, ": ")
	}
	line = min(line, strings.Count(t.string, "\n")+1)
	return policy.Errors{{Source: r.name, Line: line, Column: 1, Code: NotYAML, Message: "neither JSON nor YAML: " + message}}
}

func (r *reader) at(n *yaml.Node, code policy.Code, message string) error {
	return policy.Errors{{Source: r.name, Line: n.Line, Column: n.Column, Code: code, Message: message}}
}

// A yamlWriter writes YAML as JSON, each value with its place.
type yamlWriter struct {
	*reader
	lines []string // each with all that follows it
	out   strings.Builder
	marks []policy.Mark
	fault error // the first tag that JSON has not
}

func linesOf(s string) []string {
	lines := []string{s}
	for {
		_, rest, more := strings.Cut(lines[len(lines)-1], "\n")
		if !more {
			return lines
		}
		lines = append(lines, rest)
	}
}

func (w *yamlWriter) mark(n *yaml.Node) {
	w.marks = append(w.marks, policy.Mark{Offset: w.out.Len(), Line: n.Line, Column: n.Column})
}

// value writes a value. Aliases are written out, which the limit on the size of
// documents bounds.
func (w *yamlWriter) value(n *yaml.Node, depth int) error {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if depth > maxDepth || w.out.Len() > limit {
		return w.at(n, NotYAML, "YAML of more than any policy has, with its aliases written out")
	}
	w.mark(n)
	if tag := n.ShortTag(); !strings.HasPrefix(tag, "!!") && w.fault == nil {
		w.fault = w.at(n, NotYAML, spelling.Quote(tag)+" is a function of CloudFormation or another tag: write the value in its place")
	}
	switch n.Kind {
	case yaml.MappingNode:
		w.out.WriteByte('{')
		for i := 0; i < len(n.Content); i += 2 {
			if i != 0 {
				w.out.WriteByte(',')
			}
			if err := w.key(n.Content[i]); err != nil {
				return err
			}
			w.out.WriteByte(':')
			if err := w.value(n.Content[i+1], depth+1); err != nil {
				return err
			}
		}
		w.out.WriteByte('}')
	case yaml.SequenceNode:
		w.out.WriteByte('[')
		for i, item := range n.Content {
			if i != 0 {
				w.out.WriteByte(',')
			}
			if err := w.value(item, depth+1); err != nil {
				return err
			}
		}
		w.out.WriteByte(']')
	default:
		return w.scalar(n)
	}
	return nil
}

// limit is the size of JSON above which no document is read.
const limit = 8 * policy.DefaultMaxSize

func (w *yamlWriter) key(n *yaml.Node) error {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch {
	case n.Kind != yaml.ScalarNode:
		return w.at(n, NotYAML, "a key that is a list or an object, which JSON has not")
	case n.ShortTag() == "!!merge":
		return w.at(n, NotYAML, "a merge (<<), which policies have not: write the members out")
	}
	w.mark(n)
	w.string(n)
	return nil
}

// scalar writes a string, a number, true, false or null. A date is a string: the
// Version of a policy looks like one.
func (w *yamlWriter) scalar(n *yaml.Node) error {
	switch n.ShortTag() {
	case "!!null":
		w.out.WriteString("null")
	case "!!bool":
		w.out.WriteString(strings.ToLower(n.Value))
	case "!!int", "!!float":
		if !json.Valid([]byte(n.Value)) {
			return w.at(n, NotYAML, "the number "+spelling.Quote(n.Value)+" is none in JSON: if it is an account or another text, put it in quotes")
		}
		w.out.WriteString(n.Value)
	default:
		w.string(n)
	}
	return nil
}

// string writes a string, which may hold a document: its characters have their
// places too, those of text that is folded or escaped as only YAML does roughly.
func (w *yamlWriter) string(n *yaml.Node) {
	source := w.source(n)
	// What has lone carriage returns has its lines elsewhere than YAML counts them.
	if strings.HasPrefix(source, `"`) {
		if raw := source[:min(jsontext.StringEnd(source, 0)+1, len(source))]; gjson.Valid(raw) && gjson.Parse(raw).Str == n.Value {
			w.out.WriteString(raw)
			return
		}
	}
	line, column, margin := n.Line, n.Column, 1
	switch {
	case n.Style&yaml.LiteralStyle != 0:
		_, lines, _ := strings.Cut(source, "\n")
		margin += len(lines) - len(strings.TrimLeft(lines, white))
		margin -= strings.LastIndexByte(lines[:margin-1], '\n') + 1
		line, column = line+1, margin
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		column++
	}
	place := func() {
		w.marks = append(w.marks, policy.Mark{Offset: w.out.Len(), Line: line, Column: column})
	}
	w.out.WriteByte('"')
	place()
	for _, r := range n.Value {
		column++
		escape, escaped := escapes[r]
		switch {
		case escaped:
			w.out.WriteString(escape)
		case r < ' ':
			fmt.Fprintf(&w.out, `\u%04x`, r)
		default:
			w.out.WriteRune(r)
		}
		if r == '\n' && n.Style&yaml.LiteralStyle != 0 {
			line, column = line+1, margin
		}
		if r == '\'' && n.Style&yaml.SingleQuotedStyle != 0 {
			column++ // it is written twice
		}
		if escaped || r < ' ' || r == '\'' {
			place()
		}
	}
	w.out.WriteByte('"')
}

var escapes = map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`}

// source is the text from a node on; "" where YAML counts more lines.
func (w *yamlWriter) source(n *yaml.Node) string {
	if n.Line > len(w.lines) {
		return ""
	}
	rest := w.lines[n.Line-1]
	for range n.Column - 1 {
		_, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
	}
	return rest
}
