package twin

import "strings"

// A symbol is one character of a pattern, or a wildcard.
type symbol struct {
	what symbolKind
	char rune
}

type symbolKind int

const (
	char      symbolKind = iota
	anyChar              // ?
	anyRun               // *
	someValue            // a variable
)

// matches compares the whole text, character by character (B-2, B-10): after
// each symbol it knows all the places of the text that can be reached.
func matches(pattern []symbol, text string) bool {
	chars := []rune(text)
	reached := make([]bool, len(chars)+1)
	reached[0] = true
	for _, s := range pattern {
		next := make([]bool, len(chars)+1)
		for i := range next {
			switch s.what {
			case anyRun:
				next[i] = reached[i] || i > 0 && next[i-1]
			case anyChar:
				next[i] = i > 0 && reached[i-1]
			case char:
				next[i] = i > 0 && reached[i-1] && chars[i-1] == s.char
			}
		}
		reached = next
	}
	return reached[len(chars)]
}

// wildcards reads a text in which "*" and "?" count.
func wildcards(s string) []symbol {
	var symbols []symbol
	for _, c := range s {
		switch c {
		case '*':
			symbols = append(symbols, symbol{what: anyRun})
		case '?':
			symbols = append(symbols, symbol{what: anyChar})
		default:
			symbols = append(symbols, symbol{char: c})
		}
	}
	return symbols
}

// literal reads a text in which every character stands for itself.
func literal(s string) []symbol {
	var symbols []symbol
	for _, c := range s {
		symbols = append(symbols, symbol{char: c})
	}
	return symbols
}

// resource compares a Resource or NotResource entry with the request's
// resource (B-12).
func (r *request) resource(pattern string, variables bool) truth {
	if pattern != "" && strings.Trim(pattern, "*") == "" {
		return yes // B-13
	}
	if pattern == "execute-api:/*" { // of an API: its own ARN
		pattern = "arn:*:execute-api:*:*:*"
	}
	fields := splitPieces(pieces(pattern, variables))
	if len(fields) < 6 && !strings.HasSuffix(pattern, "*") { // what is missing matches everything
		pattern += ":*"
		for len(fields) < 6 {
			fields = append(fields, []piece{{text: "*", written: "*"}})
		}
	}
	literal, whole := literalBeginning(fields)
	for i := range min(3, len(fields)) {
		fields[i] = asWritten(fields[i]) // no variables in partition and service (B-15)
	}
	fields, bound := r.bind(fields...)
	if !r.ResourceUnknown {
		return min(bound, is(r.matchResource(pattern, fields)))
	}
	// What ends in a star and matches the beginning matches all that begins so;
	// where the literal texts part, nothing does.
	switch {
	case bound == no, whole && !strings.HasPrefix(literal, r.Resource), !beginsAlike(literal, r.Resource):
		return no
	case bound == yes && strings.HasSuffix(pattern, "*") && r.matchResource(pattern, fields):
		return yes
	}
	return maybe
}

// literalBeginning is the text up to the first wildcard or variable, and
// whether that is the whole of it. Where it is not, it also ends before an
// escape in a field but the last.
func literalBeginning(fields [][]piece) (text string, whole bool) {
	escape := -1
	cut := func() (string, bool) {
		if escape >= 0 {
			return text[:escape], false
		}
		return text, false
	}
	for i, field := range fields {
		if i > 0 {
			text += ":"
		}
		for _, p := range field {
			if p.key != "" || p.escaped && i < 3 {
				return cut()
			}
			if p.escaped && i < 5 && escape < 0 {
				escape = len(text)
			}
			for _, s := range symbols([]piece{p}, wildcards) {
				if s.what != char {
					return cut()
				}
				text += string(s.char)
			}
		}
	}
	return text, true
}

// matchResource compares with the resource's text.
func (r *request) matchResource(pattern string, fields [][]piece) bool {
	text := splitText(r.Resource)
	if len(fields) < 6 {
		// Its final star swallows what follows.
		if !strings.HasSuffix(pattern, "*") || len(text) < len(fields) {
			return false
		}
		text = text[:len(fields)]
	}
	return matchEach(fields, text)
}

// matchEach compares part by part.
func matchEach(patterns [][]piece, texts []string) bool {
	if len(patterns) != len(texts) {
		return false
	}
	for i := range patterns {
		if !matches(symbols(patterns[i], wildcards), texts[i]) {
			return false
		}
	}
	return true
}

// arnLike compares a value of an ARN operator: six parts on both sides, each
// on its own (C-12, C-13).
func (r *request) arnLike(pattern, text string, variables bool) truth {
	parts := splitText(text)
	if len(parts) != 6 {
		return no
	}
	whole := pieces(pattern, variables)
	if len(whole) == 1 && whole[0].key != "" { // the value is the whole ARN
		fields, bound := r.bind(whole)
		return min(bound, is(matches(symbols(fields[0], literal), text)))
	}
	fields, bound := r.bind(splitPieces(whole)...)
	if len(fields) != 6 {
		return no
	}
	return min(bound, is(matchEach(fields, parts)))
}

// splitText splits at the first five colons outside ${…} (B-12).
func splitText(s string) []string {
	fields := []string{""}
	for rest := s; rest != ""; {
		last := &fields[len(fields)-1]
		end := strings.IndexByte(rest, '}')
		switch {
		case strings.HasPrefix(rest, "${") && end > 0:
			*last += rest[:end+1]
			rest = rest[end+1:]
		case rest[0] == ':' && len(fields) < 6:
			fields = append(fields, "")
			rest = rest[1:]
		default:
			*last += rest[:1]
			rest = rest[1:]
		}
	}
	return fields
}
