package pattern

import (
	"strings"

	"github.com/iamsim/iamsim/internal/variable"
)

// A source is a pattern as a policy has it, parted into pieces and fields. Every
// reading of a pattern begins here: the compiled [Pattern], its [Tokens], and
// what [Replace] writes.
type source struct {
	lang Language
	text string
	// pieces of the text; nil where ${…} is text like any other.
	pieces []variable.Piece
	// The fields of a Resource or Operator pattern: of the pieces, if there are
	// any, else of the text.
	fields [][]variable.Piece
	split  Fields
}

// A part is a field of a source, or the whole of it.
type part struct {
	text      string           // if pieces is nil
	pieces    []variable.Piece // never nil where ${…} counts
	asWritten bool             // its variables and escapes are literal text
}

// numFields is the number of parts of an ARN, leastFields that of an incomplete
// one: a Resource has a partition and a service.
const (
	numFields   = 6
	leastFields = 3
)

// AnyAPI is the Resource that API Gateway takes in the place of the ARN of the
// API whose policy it is, with all its stages, methods and paths.
const AnyAPI = "execute-api:/*"

// read parts a pattern, a Resource as AWS completes it: fields that are missing
// match everything (B-12). An error names every malformed variable.
func read(lang Language, text string, variables bool) (source, error) {
	if lang == Resource && text == AnyAPI {
		text = "arn:*:execute-api:*:*:*"
	}
	s := source{lang: lang, text: text}
	if variables && variable.Has(text) {
		pieces, err := variable.Parse(text)
		if err != nil {
			return source{}, err
		}
		s.pieces = pieces
	}
	switch {
	case lang == Text:
	case s.pieces == nil:
		s.split.Split(text)
	default:
		s.fields = splitPieces(s.pieces)
	}
	if n := s.len(); lang == Resource && leastFields <= n && n < numFields && !s.swallows() {
		return read(lang, text+strings.Repeat(":*", numFields-n), variables)
	}
	return s, nil
}

// splitPieces parts pieces at the first five colons outside ${…} (B-12).
func splitPieces(pieces []variable.Piece) [][]variable.Piece {
	fields := [][]variable.Piece{{}}
	add := func(p variable.Piece) {
		if p != (variable.Piece{}) {
			last := &fields[len(fields)-1]
			*last = append(*last, p)
		}
	}
	for _, p := range pieces {
		for p.Key == "" && !p.Literal && len(fields) < numFields {
			before, after, ok := strings.Cut(p.Text, ":")
			if !ok {
				break
			}
			add(variable.Piece{Text: before})
			fields = append(fields, []variable.Piece{})
			p.Text = after
		}
		add(p)
	}
	return fields
}

// len is the number of fields.
func (s *source) len() int {
	switch {
	case s.lang == Text:
		return 1
	case s.pieces == nil:
		return int(s.split.n) + 1
	}
	return len(s.fields)
}

// field is field i. In the partition and the service of a Resource there are no
// variables (B-15).
func (s *source) field(i int) part {
	switch {
	case s.lang == Text:
		return s.whole()
	case s.pieces == nil:
		return part{text: s.split.field(i)}
	}
	return part{pieces: s.fields[i], asWritten: s.lang == Resource && i < 3}
}

// whole is the pattern as one part.
func (s *source) whole() part { return part{text: s.text, pieces: s.pieces} }

// isAll reports whether a Resource pattern matches everything: "*", "**" (B-13).
func (s *source) isAll() bool {
	return s.lang == Resource && s.text != "" && strings.Trim(s.text, "*") == ""
}

// swallows reports whether a Resource pattern of fewer than six fields takes
// what follows them, since it ends with "*" (B-12).
func (s *source) swallows() bool {
	return s.lang == Resource && s.len() < numFields && strings.HasSuffix(s.text, "*")
}

// isVariable reports whether an Operator pattern is one variable, which can be
// a whole ARN.
func (s *source) isVariable() bool {
	return s.lang == Operator && len(s.pieces) == 1 && s.pieces[0].Key != ""
}

// write writes the pattern with other text in the place of pieces, where instead
// gives any.
func (s *source) write(instead func(variable.Piece) (string, bool)) string {
	var b strings.Builder
	for i := range s.len() {
		if i > 0 {
			b.WriteByte(':')
		}
		f := s.field(i)
		for _, p := range f.pieces {
			if !f.asWritten || p.Key == "" {
				if text, ok := instead(p); ok {
					b.WriteString(text)
					continue
				}
			}
			b.WriteString(p.String())
		}
	}
	return b.String()
}

// Replace writes a pattern, in which variables count, with other text in the
// place of its variables, where with gives any. The partition and the service
// of a Resource have none (B-15). The text stands where the variable stood as it
// is: a "*" in it is a wildcard. An error names every malformed variable.
func Replace(lang Language, text string, with func(Variable) (string, bool)) (string, error) {
	s, err := read(lang, text, true)
	if err != nil || s.pieces == nil {
		return text, err
	}
	return s.write(func(p variable.Piece) (string, bool) {
		if p.Key == "" {
			return "", false
		}
		return with(variableOf(p))
	}), nil
}

// Loose compiles a pattern with a "*" in the place of each variable: whatever
// their values, the pattern matches nothing that this one does not. The errors
// are those of [Compile].
func Loose(lang Language, text string, o Options) (Pattern, error) {
	s, err := read(lang, text, o.Variables)
	if err != nil {
		return Pattern{}, invalidVariables(text, err)
	}
	switch {
	case s.pieces == nil:
		return Compile(lang, text, o)
	case s.isVariable():
		return Compile(lang, "*:*:*:*:*:*", Options{})
	}
	loose := s.write(func(p variable.Piece) (string, bool) {
		if o.Literal && p.Key == "" && !p.Literal {
			return Escape(p.Text), true
		}
		return "*", p.Key != ""
	})
	return Compile(lang, loose, Options{Variables: true, FoldCase: o.FoldCase})
}

// Escape writes a text as a pattern that matches it alone where variables
// count, on its own or beside others: "*" as ${*}, and a "$" only where it would
// begin a variable.
func Escape(text string) string {
	text = strings.NewReplacer("${", "${$}{", "*", "${*}", "?", "${?}").Replace(text)
	if before, ok := strings.CutSuffix(text, "$"); ok {
		text = before + "${$}"
	}
	return text
}

// Asked writes the resource of a request as a Resource that matches it and no
// more; variables says whether they count in the policy. A star in it is
// one that AWS put in the place of a name that it does not tell, as in
// "…:function:*" for a function that is still to be made: it stays a star. Only
// in Amazon S3 it can be a character of a name. Of a log stream without name the
// group is what was asked, with what is in it.
func Asked(resource string, variables bool) string {
	fields := Split(resource)
	service := fields.Field(2)
	if group, ok := strings.CutSuffix(resource, ":log-stream:"); ok && service == "logs" {
		resource = group + ":*"
	}
	if !variables || resource == "*" {
		return resource
	}
	if service == "s3" {
		return Escape(resource)
	}
	parts := strings.Split(resource, "*")
	for i := range parts {
		parts[i] = Escape(parts[i])
	}
	return strings.Join(parts, "*")
}
