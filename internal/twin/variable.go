package twin

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/policy/catalog"
)

// A piece is a part of a policy's text: text, or a variable.
type piece struct {
	written string // as it stands in the policy
	escaped bool   // ${*}, ${?} or ${$}: text is literal
	text    string
	whole   bool   // colons in it separate nothing
	key     string // of a variable; "" for text
	// fallback is the default of a variable, if it has one (C-45).
	fallback    string
	hasFallback bool
	anything    bool // a variable whose value is not known
}

// pieces reads the variables of a text; where they are not active, ${…} is
// text.
func pieces(s string, active bool) []piece {
	var list []piece
	for s != "" {
		if !strings.HasPrefix(s, "${") {
			end := strings.Index(s, "${")
			if end < 0 {
				end = len(s)
			}
			list = append(list, piece{written: s[:end], text: s[:end]})
			s = s[end:]
			continue
		}
		p, size := readVariable(s)
		if size == 0 { // a brace is missing: text (C-49)
			return append(list, piece{written: s, text: s})
		}
		if !active {
			p = piece{text: s[:size], whole: true}
		}
		p.written = s[:size]
		list = append(list, p)
		s = s[size:]
	}
	return list
}

// readVariable reads the variable at the beginning of s and its size.
func readVariable(s string) (p piece, size int) {
	close := strings.IndexByte(s, '}')
	if close < 0 {
		return piece{}, 0
	}
	if comma := strings.Index(s[:close], ", '"); comma > 0 {
		start := comma + len(", '")
		end := strings.Index(s[start:], "'}")
		if end < 0 {
			return piece{}, 0
		}
		return piece{key: s[2:comma], fallback: s[start : start+end], hasFallback: true}, start + end + len("'}")
	}
	key := s[2:close]
	if key == "*" || key == "?" || key == "$" { // C-46
		return piece{text: key, escaped: true}, close + 1
	}
	return piece{key: key}, close + 1
}

// splitPieces splits at the first five colons outside ${…}.
func splitPieces(list []piece) [][]piece {
	fields := [][]piece{nil}
	for _, p := range list {
		rest := p
		for p.key == "" && !p.escaped && !p.whole && len(fields) < 6 {
			before, after, found := strings.Cut(rest.text, ":")
			if !found {
				break
			}
			fields[len(fields)-1] = append(fields[len(fields)-1], piece{text: before, written: before})
			fields = append(fields, nil)
			rest = piece{text: after, written: after}
		}
		fields[len(fields)-1] = append(fields[len(fields)-1], rest)
	}
	return fields
}

// asWritten takes variables and escapes as the text that they are.
func asWritten(list []piece) []piece {
	var texts []piece
	for _, p := range list {
		if p.key != "" || p.escaped {
			p = piece{text: p.written, written: p.written, escaped: true}
		}
		texts = append(texts, p)
	}
	return texts
}

// bind puts values, which are literal (B-17, L-10), in the place of variables.
// It is no where a variable has no value (C-44, B-16). It is maybe where one is
// not known: then each is a "*".
func (r *request) bind(fields ...[]piece) ([][]piece, truth) {
	all := yes
	for _, p := range slices.Concat(fields...) {
		if p.key != "" {
			_, t := r.variable(p)
			all = min(all, t)
		}
	}
	bound := make([][]piece, len(fields))
	for i, field := range fields {
		for _, p := range field {
			if p.key != "" && all == maybe {
				p = piece{anything: true}
			} else if p.key != "" {
				text, _ := r.variable(p)
				p = piece{text: text, escaped: true}
			}
			bound[i] = append(bound[i], p)
		}
	}
	return bound, all
}

// symbols of a text without variables; read says whether wildcards count.
func symbols(list []piece, read func(string) []symbol) []symbol {
	var all []symbol
	for _, p := range list {
		switch {
		case p.anything:
			all = append(all, symbol{what: anyRun})
		case p.escaped:
			all = append(all, literal(p.text)...)
		default:
			all = append(all, read(p.text)...)
		}
	}
	return all
}

// variable is the value of a variable: no where it has none, maybe where it is
// not known. A key that can have several values has none, and its default does
// not help (C-43, C-45).
func (r *request) variable(p piece) (string, truth) {
	v := r.value(p.key)
	if k, ok := catalog.Default().Key(p.key); ok && k.Multivalued {
		return "", no
	}
	switch {
	case v.state == present || v.state == unknown:
		return "", maybe
	case v.state == known && len(v.values) == 1:
		return v.values[0], yes
	case v.state == absent && p.hasFallback:
		return p.fallback, yes
	}
	return "", no
}
