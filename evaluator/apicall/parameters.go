package apicall

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/jsontext"
	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/internal/spelling"
)

// maxDepth is far above what parameters nest.
const maxDepth = 64

// A node is a parameter that is given.
type node struct {
	text    string   // of a string, a number or a boolean
	names   []string // of an object's members
	items   []node   // of a list or an object
	isArray bool
}

// member of an object.
func (n *node) member(name string) *node {
	if i := slices.Index(n.names, name); i >= 0 {
		return &n.items[i]
	}
	return nil
}

// A reader reads the parameters and the state of one call, and remembers what
// is wrong with them.
type reader struct {
	*table
	operation *operation
	call      *Call

	root      node
	functions map[string]arn.ARN // parameters that name a function, by name
	faults    []error
	faulty    []string // paths of parameters that were given and are wrong
	missing   []string // required ones that a partial call lacks
}

func (r *reader) fault(sentinel error, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%w: %s: %s", sentinel, r.operation.name, secret.Redact(fmt.Sprintf(format, args...))))
}

func (r *reader) wrong(format string, args ...any) { r.fault(ErrParameter, format, args...) }

// wrongAt is a fault of a parameter that is given.
func (r *reader) wrongAt(path, format string, args ...any) {
	r.faulty = append(r.faulty, path)
	r.wrong(format, args...)
}

// err joins the faults. One parameter can be at fault in several rows.
func (r *reader) err() error {
	var once []error
	told := make(map[string]bool, len(r.faults))
	for _, fault := range r.faults {
		if text := fault.Error(); !told[text] {
			told[text] = true
			once = append(once, fault)
		}
	}
	return errors.Join(once...)
}

func (r *reader) read() {
	r.functions = make(map[string]arn.ARN)
	r.checkState()
	object := gjson.Parse("{}")
	if text := string(r.call.Parameters); strings.TrimSpace(text) != "" {
		if fault := jsontext.Check(text, maxDepth); fault != nil {
			r.wrong("the parameters: %v", fault)
			return
		}
		if object = gjson.Parse(text); !object.IsObject() {
			r.wrong("the parameters are no JSON object")
			return
		}
	}
	r.root = *r.structure(object, &r.operation.parameters, "")
	r.qualifiers()
}

// join is the path of a member. A name that the caller made up is quoted unless
// it reads as a name: it may be anything, a secret too.
func join(path, name string) string {
	if strings.ContainsFunc(name, unusualInName) || len(name) > spelling.Longest || secret.Redact(name) != name {
		name = spelling.Quote(name)
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

func unusualInName(c rune) bool {
	return c > unicode.MaxASCII || !unicode.IsPrint(c) || strings.ContainsRune(" \"'`,;", c)
}

// structure reads an object with the members of a shape.
func (r *reader) structure(v gjson.Result, s *shape, path string) *node {
	n := &node{}
	seen := make(map[string]bool)
	v.ForEach(func(key, v gjson.Result) bool {
		name := join(path, key.Str)
		i := slices.IndexFunc(s.members, func(m member) bool { return m.name == key.Str })
		switch {
		case seen[key.Str]:
			r.wrongAt(name, "%s is given twice", name)
		case i < 0:
			r.wrongAt(name, "%s is no parameter%s", spelling.Quote(name), suggestMember(key.Str, s))
		default:
			if item := r.value(v, &s.members[i].valueType, name); item != nil {
				n.names = append(n.names, key.Str)
				n.items = append(n.items, *item)
			}
		}
		seen[key.Str] = true
		return true
	})
	if len(n.items) == 0 && path != "" {
		return n // which counts as not given
	}
	for _, m := range s.members {
		switch name := join(path, m.name); {
		case !m.required || n.member(m.name) != nil || r.isFaulty(name):
		case r.call.Partial && path == "":
			r.missing = append(r.missing, name)
		default:
			r.wrong("%s is missing", name)
		}
	}
	return n
}

// isFaulty reports whether a parameter is wrong somewhere: then it is not also
// missing.
func (r *reader) isFaulty(path string) bool {
	return slices.ContainsFunc(r.faulty, func(faulty string) bool {
		rest, ok := strings.CutPrefix(faulty, path)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

func suggestMember(name string, s *shape) string {
	if len(s.members) == 0 {
		return "; there is none"
	}
	names := make([]string, len(s.members))
	for i, m := range s.members {
		names[i] = m.name
	}
	return spelling.Suggestion(name, names)
}

// value reads a parameter; nil for one that counts as not given.
func (r *reader) value(v gjson.Result, t *valueType, path string) *node {
	fits := false
	switch t.kind {
	case aNumber:
		fits = v.Type == gjson.Number
	case anInteger: // it can become part of a resource, as it is written
		fits = v.Type == gjson.Number && strings.Trim(v.Raw, "0123456789") == ""
	case aBool:
		fits = v.Type == gjson.True || v.Type == gjson.False
	case aTime:
		fits = v.Type == gjson.Number || v.Type == gjson.String
	case aList:
		fits = v.IsArray()
	case aMap, aStructure:
		fits = v.IsObject()
	default:
		fits = v.Type == gjson.String
	}
	switch {
	case v.Type == gjson.Null:
		return nil
	case !fits:
		r.wrongAt(path, "%s is %s, not %s", path, shown(v), t.what())
		return nil
	}
	switch t.kind {
	case aList:
		return r.list(v, t, path)
	case aMap:
		return r.entries(v, t, path)
	case aStructure:
		n := r.structure(v, r.shapes[t.shape], path)
		if len(n.items) == 0 && !isNothing(r.shapes[t.shape]) {
			return nil
		}
		return n
	case aNumber, anInteger, aBool:
		return &node{text: v.Raw}
	}
	if v.Str == "" && v.Type == gjson.String {
		return nil
	}
	if t.words != nil && !slices.Contains(t.words, v.Str) {
		r.wrongAt(path, "%s %s is none of %s", path, spelling.Quote(v.Str), strings.Join(t.words, ", "))
		return nil
	}
	if t.kind == aFunction || t.kind == anURLFunction {
		return r.function(v.Str, t, path)
	}
	return &node{text: v.String()}
}

// shown is a value of the wrong type in a message. What a list or an object
// holds stays out: it can be a secret.
func shown(v gjson.Result) string {
	switch {
	case v.IsArray():
		return "a list"
	case v.IsObject():
		return "an object"
	case v.Type == gjson.String:
		return spelling.Quote(v.Str)
	case len(v.Raw) > spelling.Longest:
		return spelling.Quote(v.Raw)
	}
	return v.Raw
}

// isNothing: the structure has no members, and says something by being there.
func isNothing(s *shape) bool { return len(s.members) == 0 }

func (r *reader) list(v gjson.Result, t *valueType, path string) *node {
	n := &node{isArray: true}
	i := 0
	v.ForEach(func(_, v gjson.Result) bool {
		if item := r.value(v, t.element, fmt.Sprintf("%s[%d]", path, i)); item != nil {
			n.items = append(n.items, *item)
		}
		i++
		return true
	})
	if len(n.items) == 0 {
		return nil
	}
	return n
}

// skeletonKey is what the AWS CLI's skeleton has for the only key of a map.
const skeletonKey = "KeyName"

func (r *reader) entries(v gjson.Result, t *valueType, path string) *node {
	n := &node{}
	read := make(map[string]bool)
	alone := len(v.Map()) == 1
	v.ForEach(func(key, v gjson.Result) bool {
		name := join(path, key.Str)
		switch {
		case read[key.Str]:
			r.wrongAt(name, "%s is given twice", name)
			return true
		case alone && v.Type == gjson.String && v.Str == "" && key.Str == skeletonKey:
			return true
		}
		item := r.value(v, t.element, name)
		if item == nil && v.Type == gjson.String && v.Str == "" {
			item = &node{} // a tag without a value is a tag
		}
		if item != nil {
			read[key.Str] = true
			n.names = append(n.names, key.Str)
			n.items = append(n.items, *item)
		}
		return true
	})
	if len(n.items) == 0 {
		return nil
	}
	return n
}

// given reports whether something is at a path, without brackets.
func (r *reader) given(path string) bool { return r.at(path) != nil }

// hidden reports whether a parameter of a partial call is not known: neither it
// nor what it is a part of is given.
func (r *reader) hidden(path string) bool {
	first, _, _ := strings.Cut(path, ".")
	first, _, _ = strings.Cut(first, "[")
	return r.call.Partial && !r.given(first)
}

// at is what stands at a path such as "VpcConfig.SubnetIds".
func (r *reader) at(path string) *node {
	n := &r.root
	for name := range strings.SplitSeq(path, ".") {
		if n = n.member(name); n == nil {
			return nil
		}
	}
	return n
}

// texts are the values at a path: of PATH itself, of each element of PATH[], of
// a member of each element of PATH[].MEMBER.
func (r *reader) texts(path string) []string {
	path, rest, each := strings.Cut(path, "[]")
	n := r.at(path)
	switch {
	case n == nil:
		return nil
	case !each:
		return []string{n.text}
	}
	var list []string
	for i := range n.items {
		item := &n.items[i]
		if name, ok := strings.CutPrefix(rest, "."); ok {
			if item = item.member(name); item == nil {
				continue
			}
		}
		list = append(list, item.text)
	}
	return list
}

// A pair is a tag in the request.
type pair struct{ key, value string }

// tags at a path: a map, or a list of Key and Value.
func (r *reader) tags(path string) []pair {
	n := r.at(path)
	if n == nil {
		return nil
	}
	var pairs []pair
	for i := range n.items {
		item := &n.items[i]
		if !n.isArray {
			pairs = append(pairs, pair{n.names[i], item.text})
			continue
		}
		p := pair{}
		if key := item.member("Key"); key != nil {
			p.key = key.text
		}
		if value := item.member("Value"); value != nil {
			p.value = value.text
		}
		pairs = append(pairs, p)
	}
	return pairs
}
