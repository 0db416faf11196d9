package policy

import "unicode/utf8"

// MarshalJSON writes the document as JSON: the same meaning as was parsed, a
// list where there was a list, a string where there was a string. Elements stand
// in the order of the documentation, conditions are grouped by operator. Numbers
// and booleans in conditions become strings, which mean the same (C-18). Nothing
// is escaped for HTML, but encoding/json escapes "<", ">" and "&" in what it gets
// from here, unless its encoder has SetEscapeHTML(false). What [Parse] would not
// read back is an error.
//
// Its receiver is a value so that encoding/json finds it in values too.
func (d Document) MarshalJSON() ([]byte, error) {
	c := checker{faults: faults{source: &source{name: d.source.name}}, doc: &d}
	c.grammar()
	if err := c.err(); err != nil {
		return nil, err
	}
	var w writer
	w.document(&d)
	return w.b, nil
}

// UnmarshalJSON is [Parse] without a name; positions count from the start of
// the document and not of the text around it. It leaves the document alone on
// null, as is the custom of encoding/json, and on an error.
func (d *Document) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	parsed, err := Parse("", text)
	if err != nil {
		return err
	}
	*d = *parsed
	return nil
}

// A writer writes JSON without white space.
type writer struct {
	b     []byte
	comma bool // the next member or value needs one before it
}

func (w *writer) open(bracket byte) {
	w.separate()
	w.b = append(w.b, bracket)
	w.comma = false
}

func (w *writer) close(bracket byte) {
	w.b = append(w.b, bracket)
	w.comma = true
}

func (w *writer) separate() {
	if w.comma {
		w.b = append(w.b, ',')
	}
}

func (w *writer) key(s string) {
	w.separate()
	w.b = append(appendString(w.b, s), ':')
	w.comma = false
}

func (w *writer) string(s string) {
	w.separate()
	w.b = appendString(w.b, s)
	w.comma = true
}

func (w *writer) document(d *Document) {
	w.open('{')
	if d.Version != "" {
		w.key("Version")
		w.string(d.Version)
	}
	if d.ID != nil {
		w.key("Id")
		w.string(*d.ID)
	}
	w.key("Statement")
	if d.single && len(d.Statements) == 1 {
		w.statement(&d.Statements[0])
	} else {
		w.open('[')
		for i := range d.Statements {
			w.statement(&d.Statements[i])
		}
		w.close(']')
	}
	w.close('}')
}

func (w *writer) statement(st *Statement) {
	w.open('{')
	if st.Sid != "" {
		w.key("Sid")
		w.string(st.Sid)
	}
	w.key("Effect")
	w.string(st.Effect.String())
	w.principals("Principal", st.Principal)
	w.principals("NotPrincipal", st.NotPrincipal)
	w.element("Action", st.Action, st.listed&elementAction != 0)
	w.element("NotAction", st.NotAction, st.listed&elementNotAction != 0)
	w.element("Resource", st.Resource, st.listed&elementResource != 0)
	w.element("NotResource", st.NotResource, st.listed&elementNotResource != 0)
	w.conditions(st.Condition)
	w.close('}')
}

func (w *writer) element(name string, values Values, listed bool) {
	if values != nil {
		w.key(name)
		w.values(values, listed)
	}
}

func (w *writer) values(values Values, listed bool) {
	if len(values) == 1 && !listed {
		w.string(values[0])
		return
	}
	w.open('[')
	for _, value := range values {
		w.string(value)
	}
	w.close(']')
}

func (w *writer) principals(name string, p *Principals) {
	if p == nil {
		return
	}
	w.key(name)
	if p.Everyone {
		w.string("*")
		return
	}
	w.open('{')
	for i := range p.Entries {
		entry := &p.Entries[i]
		w.key(string(entry.Type))
		w.values(entry.Values, entry.listed)
	}
	w.close('}')
}

// conditions writes each operator once, where it stands first, with all its
// keys.
func (w *writer) conditions(conditions []Condition) {
	if conditions == nil {
		return
	}
	w.key("Condition")
	w.open('{')
	written := make(map[Operator]bool)
	for i := range conditions {
		operator := conditions[i].Operator
		if written[operator] {
			continue
		}
		written[operator] = true
		w.key(operator.String())
		w.open('{')
		for j := i; j < len(conditions); j++ {
			if c := &conditions[j]; c.Operator == operator {
				w.key(c.Key)
				w.values(c.Values, c.listed)
			}
		}
		w.close('}')
	}
	w.close('}')
}

// appendString writes a JSON string. Bytes that are not UTF-8 become U+FFFD.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	done := 0
	for i := 0; i < len(s); {
		c := s[i]
		size := 1
		switch {
		case c == '"' || c == '\\':
			b = append(append(b, s[done:i]...), '\\', c)
		case c < ' ':
			b = append(append(b, s[done:i]...), '\\', 'u', '0', '0', hex[c>>4], hex[c&0xF])
		case c >= utf8.RuneSelf:
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
			b = append(append(b, s[done:i]...), "\ufffd"...)
		default:
			i++
			continue
		}
		i += size
		done = i
	}
	return append(append(b, s[done:]...), '"')
}
