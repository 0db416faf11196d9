package pattern

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Language is one of the three languages of patterns in policies. The zero
// Language is invalid.
type Language uint8

const (
	// Text is flat: "*" matches any run of characters and "?" any one
	// character (StringLike, actions; B-2).
	Text Language = iota + 1
	// Resource is the language of Resource and NotResource (B-12): six fields.
	// In the first five "*" and "?" stay inside their field; in the sixth they
	// cross colons and slashes; a "*" that ends the pattern swallows what
	// follows. "*" alone matches everything (B-13).
	Resource
	// Operator is the language of the ARN condition operators (C-12, C-13):
	// pattern and text have six fields, each is compared on its own, and the
	// sixth is all that remains. What has fewer never matches.
	Operator
)

// String returns "text", "resource" or "operator".
func (l Language) String() string {
	switch l {
	case Text:
		return "text"
	case Resource:
		return "resource"
	case Operator:
		return "operator"
	}
	return fmt.Sprintf("Language(%d)", uint8(l))
}

// Options of [Compile]. With the zero Options, ${…} is text like any other, as
// in a policy of version 2008-10-17, and letters are compared exactly.
type Options struct {
	// Variables makes ${…} active: Version 2012-10-17 (A-22, C-40, C-46). A
	// malformed variable is then an error (C-48). In the Resource language
	// partition and service stay literal all the same (B-15).
	Variables bool
	// FoldCase compares ASCII letters without case, as for actions (B-1). It
	// is an error in other languages than Text.
	FoldCase bool
	// Literal makes "*" and "?" stand for themselves: the values of
	// StringEquals. It is an error in other languages than Text.
	Literal bool
}

// Variable is a policy variable in a [Pattern] (C-40, C-45).
type Variable struct {
	Key        string // of the context, in the letters of the pattern; compares without case
	Default    string // stands in where the key has no value, if HasDefault; may be empty
	HasDefault bool
}

// Class says how a [Pattern] is matched. The classes are listed for
// explanations and measurements; a pattern means the same whatever its class.
type Class uint8

const (
	ClassNothing  Class = iota // matches nothing: the zero Pattern, or an Operator pattern without six fields (C-13)
	ClassExact                 // no wildcard
	ClassAll                   // *
	ClassPrefix                // p*
	ClassSuffix                // *s
	ClassEnds                  // p*s
	ClassContains              // *m*
	ClassPieces                // several *, literals between
	ClassGeneral               // with ? or variables
	ClassFields                // fields compared one by one, each by its own class
)

var classNames = [...]string{"nothing", "exact", "all", "prefix", "suffix", "ends", "contains", "pieces", "general", "fields"}

// String returns the name of the class in lower case: "prefix".
func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return fmt.Sprintf("Class(%d)", uint8(c))
}

// Pattern is a compiled pattern. It is a small immutable value, safe for
// concurrent use; no method allocates but Variables. The zero Pattern matches
// nothing.
//
// A Pattern is not comparable with == in a useful way; compare String and what
// it was compiled with.
type Pattern struct {
	source string
	flat   flat // of the whole text; where fields are compared one by one, only its before is set
	split  *splitPattern
}

// A splitPattern is what a Pattern needs that is compared field by field, or
// that has variables.
type splitPattern struct {
	variables []Variable
	inner     string // of a pattern compared field by field: the longest literal behind the prefix
	// The fields to compare, of a pattern with count fields; those that the
	// literal text before the first wildcard decides are left out.
	fields []indexedFlat
	count  int
	// Of an Operator pattern: the whole is one variable.
	isVariable bool
}

type indexedFlat struct {
	index int
	flat
}

// Compile compiles a pattern of the given language. An error quotes the
// pattern: it is not valid UTF-8, a variable is malformed (every such fault is
// named), or a Resource pattern has fewer than six fields and does not end with
//
//
// An Operator pattern without six fields is no error: it never matches (C-13).
func Compile(lang Language, pattern string, o Options) (Pattern, error) {
	if lang < Text || lang > Operator {
		return Pattern{}, patternError{in: pattern, problem: fmt.Sprintf("%v is no language", lang)}
	}
	if (o.FoldCase || o.Literal) && lang != Text {
		return Pattern{}, patternError{in: pattern, problem: fmt.Sprintf("FoldCase and Literal have no meaning in the %v language", lang)}
	}
	if !o.Literal {
		if p, ok := compileSimple(lang, pattern, o.FoldCase); ok {
			return p, nil
		}
	}
	if !utf8.ValidString(pattern) {
		return Pattern{}, patternError{in: pattern, problem: "it is not valid UTF-8"}
	}
	c := compiler{tokenizer: tokenizer{fold: o.FoldCase, literal: o.Literal}}
	var err error
	if c.source, err = read(lang, pattern, o.Variables); err != nil {
		return Pattern{}, invalidVariables(pattern, err)
	}
	switch lang {
	case Resource:
		return c.resource()
	case Operator:
		return c.operator(), nil
	}
	return c.flat(), nil
}

// MustCompile calls [Compile] with the zero Options and panics on error. It is
// meant for patterns written in a program.
func MustCompile(lang Language, pattern string) Pattern {
	p, err := Compile(lang, pattern, Options{})
	if err != nil {
		panic(err)
	}
	return p
}

// Match reports whether the text matches. A pattern with variables has no
// values here and matches nothing; see [Pattern.MatchValues].
func (p *Pattern) Match(text string) bool { return p.MatchValues(text, nil) }

// MatchValues reports whether the text matches, where values[i] is the value of
// the variable Variables()[i]. Values are literal: a "*" in a value is no
// wildcard (B-17). If there are fewer values than variables, nothing matches:
// a pattern with a variable that has no value matches nothing (B-16).
func (p *Pattern) MatchValues(text string, values []string) bool {
	if p.flat.class == ClassFields {
		f := Split(text)
		return p.matchSplit(&f, values)
	}
	return p.flat.match(text, values)
}

// MatchFields is MatchValues for a text that was split beforehand.
func (p *Pattern) MatchFields(f *Fields, values []string) bool {
	switch {
	case p.flat.class == ClassPrefix && !p.flat.fold: // the most usual, without another call
		return strings.HasPrefix(f.text, p.flat.before)
	case p.flat.class == ClassAll:
		return true
	case p.flat.class == ClassFields:
		return p.matchSplit(f, values)
	}
	return p.flat.match(f.text, values)
}

func (p *Pattern) matchSplit(f *Fields, values []string) bool {
	s := p.split
	switch {
	case len(values) < len(s.variables):
		return false
	case s.isVariable:
		return f.n == numFields-1 && f.text == values[0]
	case int(f.n) < s.count-1 || !strings.HasPrefix(f.text, p.flat.before):
		return false
	case f.text == "*":
		// The request resource of actions without a resource: no ARN pattern
		// matches it, and if it were of one "?" and stars (B-14).
		return false
	}
	for i := range s.fields {
		// Of fewer than six fields the last ends with the "*" that swallows
		// what follows; that its other wildcards stay inside their field is
		// the same as to compare the field and ignore what follows.
		field := &s.fields[i]
		if !field.match(f.field(field.index), values) {
			return false
		}
	}
	return true
}

// Variables returns the policy variables of the pattern in the order of their
// first appearance; one that is written twice in the same way is named once.
// The caller may keep and change the result.
func (p *Pattern) Variables() []Variable {
	if p.split == nil {
		return nil
	}
	return append([]Variable(nil), p.split.variables...)
}

// Prefix returns the literal text that every matching text begins with: up to
// the first wildcard or variable. With FoldCase it is in lower case.
func (p *Pattern) Prefix() string { return p.flat.before }

// Inner returns the longest literal text that every matching text contains
// behind its [Pattern.Prefix], or "" if there is none: for an index of patterns
// that share their prefix. With FoldCase it is in lower case.
func (p *Pattern) Inner() string {
	if p.flat.class == ClassFields {
		return p.split.inner
	}
	return p.flat.inner()
}

// Exact returns the one text that the pattern matches, if it has neither
// wildcard nor variable. Escapes are resolved: a${*}b gives a*b. With FoldCase
// it is in lower case, and other letter cases match too.
func (p *Pattern) Exact() (text string, ok bool) {
	if p.flat.class != ClassExact {
		return "", false
	}
	return p.flat.before, true
}

// IsPrefix reports whether the pattern matches every text that begins with its
// [Pattern.Prefix].
func (p *Pattern) IsPrefix() bool {
	return p.flat.class == ClassAll || p.flat.class == ClassPrefix && !p.flat.fold
}

// MatchesAll reports whether the pattern matches every text: "*", "**".
func (p *Pattern) MatchesAll() bool { return p.flat.class == ClassAll }

// Class returns how the pattern is matched.
func (p *Pattern) Class() Class { return p.flat.class }

// String returns the pattern as it was written.
func (p *Pattern) String() string { return p.source }
