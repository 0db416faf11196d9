package apicall

import (
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/lazy"
)

// text is operations.txt, which says what its lines mean.
//
//go:embed operations.txt
var text string

// operations is the table, read at its first use.
var operations = sync.OnceValues(func() (*table, error) { return parseTable(text) })

type table struct {
	operations map[string]*operation // by "service:Operation"
	types      map[string][]*regexp.Regexp
	begins     map[string]string // how the ARNs of a type begin, behind the partition
	states     map[Lookup]*state
	shapes     map[string]*shape

	services       map[string]bool // whose actions the rows ask for
	credentials    []string        // keys named as a service's that come with the caller
	sources, notes map[string]string
	resources      map[string]*row // with resource and types
}

// A state is something that AWS has stored.
type state struct {
	how  string // present, unknown, absent, part, asked
	text string
}

type operation struct {
	name          string
	parameters    shape
	note          string
	rows          []row
	preconditions []row
	states        []Lookup // that the rows ask for
}

// A shape is a structure among the parameters.
type shape struct{ members []member }

type member struct {
	name     string
	required bool
	valueType
}

// A row is an authorization or a precondition, before the parameters are known.
type row struct {
	principal string // of a precondition
	action    string
	resource  string // "*", a template, or "repository(PATH)"
	types     []string

	tags, forwarded, answer        bool
	confidence, resourceConfidence Confidence

	needs     [][]string // of each, one path is given
	excludes  []string   // paths of which none is given
	asked     Lookup     // state that must be true
	unless    string     // option that must be off
	possibly  string
	shownBy   []string  // keys, or prefixes of keys, that show it
	anonymous [2]string // a path and its text
	tagsFrom  string    // path of the tags in the request
	keys      []keyRule
	open      []string
	observed  string

	note, source       string
	errorCode, message string
}

// A keyRule says where a context key has its value from.
type keyRule struct {
	name       string
	from       []string // the first that gives something
	confidence Confidence
	needs      string // path without which the key is absent
}

// A tableError is a line that is not understood.
func tableError(line int, format string, args ...any) error {
	return fmt.Errorf("operations.txt:%d: %s", line, fmt.Sprintf(format, args...))
}

func parseTable(text string) (*table, error) {
	t := &table{
		operations: make(map[string]*operation), types: make(map[string][]*regexp.Regexp), begins: make(map[string]string),
		states: make(map[Lookup]*state), shapes: make(map[string]*shape), services: make(map[string]bool),
		sources: make(map[string]string), notes: make(map[string]string), resources: make(map[string]*row),
	}
	var faults []error
	var op *operation
	var last *row
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\n")
		words := strings.Fields(line)
		var err error
		switch {
		case len(words) == 0 || strings.HasPrefix(line, "#"):
			continue
		case !strings.HasPrefix(line, " "):
			op, err = t.entry(words)
		case op == nil:
			err = errors.New("stands below no call")
		case !strings.HasPrefix(line, "   "):
			last, err = t.row(op, words)
		case last == nil:
			err = errors.New("stands below no row")
		default:
			err = t.detail(last, words)
		}
		if err != nil {
			faults = append(faults, tableError(n, "%v", err))
		}
	}
	for _, op := range t.operations {
		op.findStates()
	}
	return t, errors.Join(faults...)
}

// entry reads a line that is not indented.
func (t *table) entry(words []string) (*operation, error) {
	if len(words) < 2 {
		return nil, errors.New("has no name")
	}
	kind, name, rest := words[0], words[1], words[2:]
	switch kind {
	case "source":
		t.sources[name] = strings.Join(rest, " ")
	case "note":
		t.notes[name] = strings.Join(rest, " ")
	case "type":
		for _, format := range rest {
			_, begin, _ := strings.Cut(format, "${Partition}:")
			t.begins[typeName(name)], _, _ = strings.Cut(begin, "${")
			t.types[typeName(name)] = append(t.types[typeName(name)], compileFormat(format))
		}
	case "resource":
		if len(rest) != 2 {
			return nil, errors.New("a resource has types and a template")
		}
		types, err := t.typeNames(rest[0])
		t.resources[name] = &row{resource: rest[1], types: types}
		return nil, err
	case "state":
		if len(rest) < 2 || !slices.Contains([]string{"present", "unknown", "absent", "part", "asked"}, rest[0]) {
			return nil, errors.New("a state has how it is, and a text")
		}
		t.states[Lookup(name)] = &state{rest[0], strings.Join(rest[1:], " ")}
	case "credentials":
		t.credentials = words[1:]
	case "shape":
		s, err := parseShape(rest)
		t.shapes[name] = &s
		return nil, err
	case "call":
		s, err := parseShape(rest)
		op := &operation{name: name, parameters: s}
		t.operations[name] = op
		return op, err
	default:
		return nil, fmt.Errorf("%q begins no entry", kind)
	}
	return nil, nil
}

func typeName(name string) string { return strings.ReplaceAll(name, "_", " ") }

func (t *table) typeNames(list string) ([]string, error) {
	var names []string
	for name := range strings.SplitSeq(list, ",") {
		name = typeName(name)
		if t.types[name] == nil {
			return nil, fmt.Errorf("%q is no type", name)
		}
		names = append(names, name)
	}
	return names, nil
}

var placeholder = lazy.Regexp(`\$\{[^}]*\}`)

// compileFormat is what an ARN of the format looks like. A placeholder stands
// for a part without colons and slashes; one that ends the format after a slash
// stands for the rest, as paths do. All of it is printable ASCII without blanks;
// only the names of objects in S3 are any text.
func compileFormat(format string) *regexp.Regexp {
	var b strings.Builder
	end := 0
	for _, at := range placeholder().FindAllStringIndex(format, -1) {
		b.WriteString(regexp.QuoteMeta(format[end:at[0]]))
		part := `[!-.0-9;-~]+`
		switch last := at[1] == len(format) && format[at[0]-1] == '/'; {
		case last && format[at[0]:] == "${ObjectName}":
			part = `.+`
		case last:
			part = `[!-~]+`
		}
		b.WriteString(part)
		end = at[1]
	}
	b.WriteString(regexp.QuoteMeta(format[end:]))
	return regexp.MustCompile(`(?s)^` + b.String() + `$`)
}

// row reads a line below a call: a note, an authorization, or a precondition.
func (t *table) row(op *operation, words []string) (*row, error) {
	if words[0] == "note" {
		op.note = strings.Join(words[1:], " ")
		return nil, nil
	}
	var r row
	precondition := words[0] == "must"
	if precondition && len(words) > 1 {
		r.principal = words[1]
		words = words[2:]
	}
	if len(words) < 2 {
		return nil, errors.New("a row has an action and a resource")
	}
	r.action, r.resource, r.source = words[0], words[1], t.sources["SAR"]
	service, _, _ := strings.Cut(r.action, ":")
	t.services[service] = true
	if named := t.resources[r.resource]; named != nil {
		r.resource, r.types = named.resource, named.types
	}
	var err error
	for _, word := range words[2:] {
		name, value, _ := strings.Cut(word, ":")
		switch name {
		case "is":
			r.types, err = t.typeNames(value)
		case "tags":
			r.tags = true
		case "forwarded":
			r.forwarded = true
		case "answer":
			r.answer = true
		case "medium", "low":
			r.confidence, err = parseConfidence(name)
		case "resource":
			r.resourceConfidence, err = parseConfidence(value)
		case "from":
			if r.source = t.sources[value]; r.source == "" {
				err = fmt.Errorf("%q is no source", value)
			}
		default:
			err = fmt.Errorf("%q is no word of a row", word)
		}
		if err != nil {
			return nil, err
		}
	}
	if r.resource != "*" && r.types == nil {
		return nil, fmt.Errorf("%s has no type", r.resource)
	}
	if precondition {
		op.preconditions = append(op.preconditions, r)
		return &op.preconditions[len(op.preconditions)-1], nil
	}
	op.rows = append(op.rows, r)
	return &op.rows[len(op.rows)-1], nil
}

func parseConfidence(word string) (Confidence, error) {
	if i := slices.Index(confidences, word); i > 0 {
		return Confidence(i), nil
	}
	return High, fmt.Errorf("%q is no confidence", word)
}

// detail reads a line below a row.
func (t *table) detail(r *row, words []string) error {
	text := strings.Join(words[1:], " ")
	switch {
	case len(words) > 2 && words[1] == "=":
		return t.key(r, words[0], words[2:])
	case len(words) < 2:
		return errors.New("says nothing")
	}
	switch words[0] {
	case "if":
		if name, ok := strings.CutPrefix(words[1], "@"); ok {
			r.asked = Lookup(name)
			return t.checkState(r.asked)
		}
		r.needs = append(r.needs, words[1:])
	case "unless":
		if words[1] == "option" {
			r.unless = strings.Join(words[2:], " ")
			if r.unless != optionLegacyURL {
				return fmt.Errorf("%q is no option", r.unless)
			}
			return nil
		}
		r.excludes = append(r.excludes, words[1:]...)
	case "possibly":
		r.possibly = text
	case "shown":
		if len(words) < 3 || words[1] != "by" {
			return errors.New("shown by is followed by keys")
		}
		r.shownBy = words[2:]
	case "anonymous":
		if len(words) != 4 || words[1] != "if" {
			return errors.New("anonymous is followed by if, a path and a text")
		}
		r.anonymous = [2]string{words[2], words[3]}
	case "request":
		if len(words) != 3 || words[1] != "tags" {
			return errors.New("request tags is followed by a path")
		}
		r.tagsFrom = words[2]
	case "unknown":
		for _, name := range words[1:] {
			r.keys = append(r.keys, keyRule{name: name, from: []string{"unknown"}})
		}
	case "open":
		r.open = append(r.open, words[1:]...)
	case "observed":
		r.observed = text
	case "see":
		if r.note = t.notes[text]; r.note == "" {
			return fmt.Errorf("%q is no note", text)
		}
	case "note":
		r.note = text
	case "error":
		r.errorCode, r.message = words[1], strings.Join(words[2:], " ")
	default:
		return fmt.Errorf("%q says nothing of a row", words[0])
	}
	return nil
}

// key reads "NAME = FROM [else FROM] [medium|low] [if PATH]".
func (t *table) key(r *row, name string, words []string) error {
	k := keyRule{name: name, from: []string{words[0]}}
	for words = words[1:]; len(words) > 0; {
		switch {
		case words[0] == "else" && len(words) > 1:
			k.from = append(k.from, words[1])
			words = words[2:]
		case words[0] == "if" && len(words) > 1:
			k.needs = words[1]
			words = words[2:]
		default:
			var err error
			if k.confidence, err = parseConfidence(words[0]); err != nil {
				return err
			}
			words = words[1:]
		}
	}
	for i, from := range k.from {
		if named := t.resources[from]; named != nil {
			k.from[i] = named.resource
		}
		if name, ok := strings.CutPrefix(from, "@"); ok && name != "tags" {
			if err := t.checkState(Lookup(name)); err != nil {
				return err
			}
		}
	}
	r.keys = append(r.keys, k)
	return nil
}

func (t *table) checkState(name Lookup) error {
	if t.states[name] == nil {
		return fmt.Errorf("%q is no state", name)
	}
	return nil
}

const optionLegacyURL = "legacyFunctionUrl"

// off reports whether the options leave the row out.
func (r *row) off(o evaluator.Options) bool {
	return r.unless == optionLegacyURL && o.LegacyFunctionURL
}

// findStates lists what the rows ask of the state.
func (op *operation) findStates() {
	add := func(name string) {
		if name != "tags" && name != "" && !slices.Contains(op.states, Lookup(name)) {
			op.states = append(op.states, Lookup(name))
		}
	}
	for i := range op.rows {
		r := &op.rows[i]
		add(string(r.asked))
		for _, name := range placeholder().FindAllString(r.resource, -1) {
			if name, ok := strings.CutPrefix(name, "${@"); ok {
				add(strings.TrimSuffix(name, "}"))
			}
		}
		for _, k := range r.keys {
			for _, from := range k.from {
				if name, ok := strings.CutPrefix(from, "@"); ok {
					add(name)
				}
			}
		}
	}
}
