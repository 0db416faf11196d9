package read

import (
	"strings"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/internal/jsontext"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// Found is a policy that was read, and how it was wrapped.
type Found struct {
	Document *policy.Document
	// Kind of the policy, where what it was wrapped in says it: the document of
	// aws iam get-role is a trust policy. The zero Kind: nothing says it.
	Kind policy.Kind
	// Unwrapped is what was taken off, from the outside in: "UTF-16", "the Policy
	// that aws lambda get-policy prints". It is empty for a document alone.
	Unwrapped []string
	// Text is what was read, as UTF-8 without a byte order mark. It has the lines
	// and columns of the document.
	Text string
}

// Codes of the faults of what is wrapped around a document; those within it are
// the codes of [policy.Parse].
const (
	NotPolicy    policy.Code = "not-a-policy"  // the text is something else
	NoPolicy     policy.Code = "no-policy"     // where the policy stands there is none
	NotDecoded   policy.Code = "not-decoded"   // UTF-16 or percent-encoding is broken
	NotYAML      policy.Code = "not-yaml"      // it is none, or has what JSON has not
	DuplicateKey policy.Code = "duplicate-key" // around the document
)

const (
	// maxDepth is how deep what is around a document may nest: templates do.
	maxDepth = 256
	// maxWraps is more than anybody has around a document.
	maxWraps = 8
)

// Policy reads one policy, whatever it is wrapped in. The name stands in errors
// and explanations, as for [policy.Parse]. The error is [policy.Errors].
func Policy(name string, src []byte) (*Found, error) {
	r := reader{name: name, found: new(Found)}
	err := r.file(src)
	if err != nil {
		return nil, err
	}
	return r.found, nil
}

// Part is [Policy] for a part of a file, UTF-8 and no YAML, that begins at a line
// and a column of it.
func Part(name, src string, line, column int) (*Found, error) {
	r := reader{name: name, found: &Found{Text: src}}
	if err := r.read(text{src, []policy.Mark{{Line: line, Column: column}}}); err != nil {
		return nil, err
	}
	return r.found, nil
}

// A reader takes off one wrapping after the other.
type reader struct {
	name  string
	found *Found
}

// file reads a whole file.
func (r *reader) file(src []byte) error {
	decoded, err := r.decode(src)
	if err != nil {
		return err
	}
	r.found.Text = decoded
	t := whole(decoded)
	if isOther := textOf(t.string); isOther != nil {
		return r.other(t, 0, isOther)
	}
	if begin := strings.TrimLeft(t.string, white); begin != "" && !strings.ContainsRune(`{["%`, rune(begin[0])) {
		if err := r.yaml(&t); err != nil {
			return err
		}
	}
	return r.read(t)
}

// read takes off what is around the document, and reads that.
func (r *reader) read(t text) error {
	for range maxWraps {
		inner, err := r.unwrap(t)
		switch {
		case err != nil:
			return err
		case inner == nil:
			return r.parse(t)
		}
		t = *inner
	}
	return r.fault(t, 0, NotPolicy, "a document is wrapped so many times that it is none")
}

const white = " \t\r\n"

// parse reads a text that is nothing but a document, or as good as.
func (r *reader) parse(t text) error {
	var p policy.Parser
	if len(t.marks) > 1 || t.marks[0] != beginning {
		p.Marks = t.marks
	}
	var err error
	r.found.Document, err = p.ParseString(r.name, t.string)
	return err
}

// unwrap takes off what is around the document; nil where that is nothing.
func (r *reader) unwrap(t text) (*text, error) {
	begin := strings.TrimLeft(t.string, white)
	if begin == "" {
		return nil, nil
	}
	start := len(t.string) - len(begin)
	if begin[0] == '%' {
		return r.percent(t, start)
	}
	if !strings.ContainsRune(`{["`, rune(begin[0])) || jsontext.Check(t.string, maxDepth) != nil {
		return nil, nil // which the parser says better
	}
	v := gjson.Parse(t.string)
	switch begin[0] {
	case '"':
		r.note("a JSON string")
		inner := t.unquote(start)
		return &inner, nil
	case '[':
		return r.list(t, start, v)
	}
	return r.object(t, start, v)
}

func (r *reader) note(what string) { r.found.Unwrapped = append(r.found.Unwrapped, what) }

// fault is one fault at a byte of a text.
func (r *reader) fault(t text, offset int, code policy.Code, message string) error {
	line, column := t.place(offset)
	return policy.Errors{{Source: r.name, Line: line, Column: column, Code: code, Message: message}}
}

// list is a list of statements, or what is none.
func (r *reader) list(t text, start int, v gjson.Result) (*text, error) {
	documents, statements := 0, 0
	others := 0
	v.ForEach(func(_, item gjson.Result) bool {
		switch {
		case has(item, "Statement"):
			documents++
		case has(item, "Effect"):
			statements++
		default:
			others++
		}
		return true
	})
	switch {
	case documents > 0:
		return nil, r.fault(t, start, NotPolicy, "a list of policies: give each a file of its own")
	case statements > 0 || others == 0:
		r.note("a list of statements, with Version " + policy.Version2012)
		return document(t, start, start+len(v.Raw)), nil
	}
	return nil, r.fault(t, start, NotPolicy, "a list, of which nothing is a Statement: a policy is an object with a Statement, or a list of statements")
}

// object is a document, a statement, what a command prints, or something else.
func (r *reader) object(t text, start int, v gjson.Result) (*text, error) {
	switch {
	case has(v, "Statement"):
		return nil, nil
	case has(v, "Effect"):
		r.note("one statement, with Version " + policy.Version2012)
		return document(t, start, start+len(v.Raw)), nil
	}
	if o := objectOf(v); o != nil {
		return nil, r.other(t, start, o)
	}
	for i := range wrappers {
		w := &wrappers[i]
		if at := w.find(v); at.Exists() && (w.beside == "" || has(v, w.beside)) {
			return r.wrapped(t, v, w, at)
		}
	}
	if saysDenied(t.string) {
		return nil, r.other(t, start, accessDenied)
	}
	names := keys(v)
	if len(names) == 0 || looksLikeDocument(names) {
		return nil, nil
	}
	if len(names) > 4 {
		names = append(names[:4:4], "…")
	}
	return nil, r.fault(t, start, NotPolicy, "no policy, but an object with "+strings.Join(names, ", ")+
		": a policy has a Statement; one is also found in what the AWS CLI prints for one policy (Policy, PolicyDocument, AssumeRolePolicyDocument, Content)")
}

// looksLikeDocument reports whether the parser should say what is wrong: there is
// an element of a document, however it is spelt.
func looksLikeDocument(names []string) bool {
	for _, name := range names {
		for _, element := range []string{`"version"`, `"id"`, `"statement"`, `"statements"`} {
			if strings.EqualFold(name, element) {
				return true
			}
		}
	}
	return false
}

// document makes a document of statements.
func document(t text, from, to int) *text {
	w := newWriter(t)
	w.put(from, `{"Version":"`+policy.Version2012+`","Statement":`)
	w.copy(from, to)
	w.put(to, "}")
	made := w.text()
	return &made
}

// has reports whether an object has a member.
func has(v gjson.Result, name string) bool { return member(v, name).Exists() }

// member is the first member of an object with this name.
func member(v gjson.Result, name string) (found gjson.Result) {
	if v.IsObject() {
		v.ForEach(func(key, value gjson.Result) bool {
			if key.Str == name {
				found = value
			}
			return !found.Exists()
		})
	}
	return found
}

// keys are the names of the members of an object, quoted.
func keys(v gjson.Result) []string {
	var names []string
	v.ForEach(func(key, _ gjson.Result) bool {
		names = append(names, spelling.Quote(key.Str))
		return true
	})
	return names
}
