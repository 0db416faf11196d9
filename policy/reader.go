package policy

import (
	"strings"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/internal/spelling"
)

// A reader turns the text into the model. It reports what the model cannot
// hold: wrong types, unknown and repeated keys. The rest is the checker's.
type reader struct {
	faults
	place
	doc        *Document
	pool       []string    // backs the Values of the whole document
	conditions []Condition // backs the Conditions of several statements
	operators  []Operator  // of the Condition being read
	broken     bool        // Statement is reported, and not to be missed
}

func (r *reader) fault(offset int, code Code, message string) {
	r.at(offset, r.place, code, message)
}

func (r *reader) wrongType(v gjson.Result, want string) {
	r.fault(v.Index, ErrInvalidType, "must be "+want+", not "+typeName(v))
}

func typeName(v gjson.Result) string {
	switch v.Type {
	case gjson.String:
		return "a string"
	case gjson.Number:
		return "a number"
	case gjson.True, gjson.False:
		return "a boolean"
	case gjson.Null:
		return "null"
	}
	if v.IsArray() {
		return "a list"
	}
	return "an object"
}

func (r *reader) repeated(key gjson.Result) {
	r.fault(key.Index, ErrDuplicateKey, spelling.Quote(key.Str)+" is written twice in one object")
}

func (r *reader) unknown(key gjson.Result, of string, allowed []string) {
	r.fault(key.Index, ErrUnknownElement, spelling.Quote(key.Str)+" is no element of "+of+spelling.Suggestion(key.Str, allowed))
}

var documentElements = []string{"Version", "Id", "Statement"}

func (r *reader) document(root gjson.Result) {
	r.place = outside()
	if !root.IsObject() {
		r.broken = true
		r.wrongType(root, "an object with Version and Statement")
		return
	}
	var version, id, statement bool
	root.ForEach(func(key, v gjson.Result) bool {
		r.place = outside()
		r.element = key.Str
		var seen *bool
		switch key.Str {
		case "Version":
			seen = &version
		case "Id":
			seen = &id
		case "Statement":
			seen = &statement
		default:
			r.unknown(key, "a policy", documentElements)
			return true
		}
		if *seen {
			r.repeated(key)
			return true
		}
		*seen = true
		switch seen {
		case &version:
			if text, ok := r.text(v); ok && text == "" {
				r.fault(v.Index, ErrInvalidVersion, versionMessage(text))
			} else if ok {
				r.doc.Version = text
			}
		case &id:
			if text, ok := r.text(v); ok {
				r.doc.ID = &text
			}
		case &statement:
			r.statements(v)
		}
		return true
	})
}

func (r *reader) statements(v gjson.Result) {
	switch {
	case v.IsObject():
		r.doc.single = true
		r.doc.Statements = make([]Statement, 1)
		r.statement(&r.doc.Statements[0], v, alone)
	case v.IsArray():
		r.doc.Statements = make([]Statement, 0, len(v.Raw)/usualStatement+1)
		v.ForEach(func(_, member gjson.Result) bool {
			i := len(r.doc.Statements)
			r.doc.Statements = append(r.doc.Statements, Statement{})
			r.statement(&r.doc.Statements[i], member, i)
			return true
		})
	default:
		r.broken = true
		r.wrongType(v, "an object or a list of objects")
	}
}

// usualStatement is about the length of a statement in bytes.
const usualStatement = 300

var statementElements = []string{
	"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
}

func elementOf(name string) elements {
	switch name {
	case "Sid":
		return elementSid
	case "Effect":
		return elementEffect
	case "Principal":
		return elementPrincipal
	case "NotPrincipal":
		return elementNotPrincipal
	case "Action":
		return elementAction
	case "NotAction":
		return elementNotAction
	case "Resource":
		return elementResource
	case "NotResource":
		return elementNotResource
	case "Condition":
		return elementCondition
	}
	return 0
}

func (r *reader) statement(st *Statement, v gjson.Result, i int) {
	r.place = within(i)
	if !v.IsObject() {
		st.broken = everyElement
		r.wrongType(v, "an object")
		return
	}
	var seen elements
	v.ForEach(func(key, v gjson.Result) bool {
		r.place = within(i)
		r.element = key.Str
		element := elementOf(key.Str)
		if element == 0 {
			r.unknown(key, "a statement", statementElements)
			return true
		}
		if seen&element != 0 {
			r.repeated(key)
			return true
		}
		seen |= element
		before := len(r.list)
		switch element {
		case elementSid:
			st.Sid, _ = r.text(v)
		case elementEffect:
			st.Effect = r.effect(v)
		case elementPrincipal:
			st.Principal = r.principals(v)
		case elementNotPrincipal:
			st.NotPrincipal = r.principals(v)
		case elementAction:
			st.Action = r.strings(v, &st.listed, element)
		case elementNotAction:
			st.NotAction = r.strings(v, &st.listed, element)
		case elementResource:
			st.Resource = r.strings(v, &st.listed, element)
		case elementNotResource:
			st.NotResource = r.strings(v, &st.listed, element)
		case elementCondition:
			st.Condition = r.condition(v)
		}
		if len(r.list) > before {
			st.broken |= element
		}
		return true
	})
}

func (r *reader) text(v gjson.Result) (string, bool) {
	if v.Type != gjson.String {
		r.wrongType(v, "a string")
		return "", false
	}
	return v.Str, true
}

func (r *reader) effect(v gjson.Result) Effect {
	text, ok := r.text(v)
	switch {
	case text == "Allow":
		return Allow
	case text == "Deny":
		return Deny
	case ok:
		r.fault(v.Index, ErrInvalidEffect, effectMessage(text))
	}
	return 0
}

// strings reads an element of one or several strings. A value of another
// type leaves a "*" in its place, which no later check objects to.
func (r *reader) strings(v gjson.Result, listed *elements, element elements) Values {
	if v.Type != gjson.String && !v.IsArray() {
		r.wrongType(v, "a string or a list of strings")
		return nil
	}
	start := len(r.pool)
	if v.Type == gjson.String {
		r.pool = append(r.pool, v.Str)
		return r.values(start)
	}
	if r.plainStrings(v.Raw) {
		if len(r.pool) == start+1 {
			*listed |= element
		}
		return r.values(start)
	}
	r.value = 0
	v.ForEach(func(_, member gjson.Result) bool {
		text := member.Str
		if member.Type != gjson.String {
			r.wrongType(member, "a string")
			text = "*"
		}
		r.pool = append(r.pool, text)
		r.value++
		return true
	})
	if r.value == 1 {
		*listed |= element
	}
	r.value = alone
	return r.values(start)
}

// plainStrings takes the strings of a list that has nothing but strings without
// escapes, or does nothing: nearly all lists are of this sort, and most of a
// document is in them.
func (r *reader) plainStrings(list string) bool {
	if strings.IndexByte(list, '\\') >= 0 {
		return false
	}
	start := len(r.pool)
	for i := 1; i < len(list); i++ {
		switch list[i] {
		case ' ', '\t', '\r', '\n', ',', ']':
		case '"':
			i++
			size := strings.IndexByte(list[i:], '"')
			r.pool = append(r.pool, list[i:i+size])
			i += size
		default:
			r.pool = r.pool[:start]
			return false
		}
	}
	return true
}

// values are the strings that the pool holds from start on, cut off so that an
// append to them copies.
func (r *reader) values(start int) Values {
	end := len(r.pool)
	return Values(r.pool[start:end:end])
}

func (r *reader) principals(v gjson.Result) *Principals {
	if v.Type == gjson.String {
		if v.Str != "*" {
			r.fault(v.Index, ErrInvalidPrincipal, everyoneMessage(v.Str))
		}
		return &Principals{Everyone: true}
	}
	if !v.IsObject() {
		r.wrongType(v, `"*" or an object`)
		return nil
	}
	principals := new(Principals)
	v.ForEach(func(key, member gjson.Result) bool {
		r.group = key.Str
		kind := principalTypeOf(key.Str)
		if kind == "" {
			r.fault(key.Index, ErrInvalidPrincipalKey, principalKeyMessage(key.Str))
			return true
		}
		for i := range principals.Entries {
			if principals.Entries[i].Type == kind {
				r.repeated(key)
				return true
			}
		}
		var listed elements
		before := len(r.list)
		values := r.strings(member, &listed, elementPrincipal)
		if len(r.list) > before {
			values = nil // the "*" of a faulty value would be reported again
		}
		principals.Entries = append(principals.Entries, PrincipalEntry{Type: kind, Values: values, listed: listed != 0})
		return true
	})
	r.group = ""
	return principals
}

func (r *reader) condition(v gjson.Result) []Condition {
	if !v.IsObject() {
		r.wrongType(v, "an object")
		return nil
	}
	if cap(r.conditions)-len(r.conditions) < 4 {
		r.conditions = make([]Condition, 0, 32)
	}
	conditions := r.conditions[len(r.conditions):]
	r.operators = r.operators[:0]
	v.ForEach(func(key, block gjson.Result) bool {
		r.group = key.Str
		operator, code := readOperator(key.Str)
		if code != "" {
			r.fault(key.Index, code, operatorMessage(key.Str, code))
			return true
		}
		for _, other := range r.operators {
			if other == operator {
				r.repeated(key)
				return true
			}
		}
		r.operators = append(r.operators, operator)
		if !block.IsObject() {
			r.wrongType(block, "an object of condition keys")
			return true
		}
		start := len(conditions)
		var earlier conditionIndex
		block.ForEach(func(key, v gjson.Result) bool {
			r.key = key.Str
			if first, found := earlier.find(conditions[start:], operator, key.Str); found {
				r.repeatedConditionKey(key, conditions[start+first].Key)
				return true
			}
			conditions = append(conditions, r.conditionKey(operator, key.Str, v))
			return true
		})
		r.key = ""
		return true
	})
	r.group = ""
	if n := len(r.conditions) + len(conditions); n <= cap(r.conditions) {
		r.conditions = r.conditions[:n]
	}
	return conditions[:len(conditions):len(conditions)]
}

func (r *reader) repeatedConditionKey(key gjson.Result, other string) {
	if key.Str == other {
		r.repeated(key)
		return
	}
	r.fault(key.Index, ErrDuplicateKeyCase, sameKeyMessage(key.Str, other))
}

// conditionKey reads the values of one condition key: JSON scalars of one type, as
// their texts (A-9, C-18). A value of another type leaves a "true" in its place,
// which no later check objects to.
func (r *reader) conditionKey(operator Operator, key string, v gjson.Result) Condition {
	c := Condition{Operator: operator, Key: key}
	start := len(r.pool)
	if !v.IsArray() {
		r.pool = append(r.pool, r.scalar(v))
		c.Values = r.values(start)
		return c
	}
	if r.plainStrings(v.Raw) {
		c.Values = r.values(start)
		c.listed = len(c.Values) == 1
		return c
	}
	first := ""
	r.value = 0
	v.ForEach(func(_, member gjson.Result) bool {
		r.pool = append(r.pool, r.scalar(member))
		switch kind := typeName(member); {
		case first == "":
			first = kind
		case kind != first && isScalar(member):
			r.fault(member.Index, ErrMixedTypes, "is "+kind+" in a list that begins with "+first+"; the values of one key have one type")
		}
		r.value++
		return true
	})
	c.listed = r.value == 1
	r.value = alone
	c.Values = r.values(start)
	return c
}

func isScalar(v gjson.Result) bool { return v.Type != gjson.JSON && v.Type != gjson.Null }

// scalar is the text of a string, number or boolean. A number keeps the digits
// that were written, however many.
func (r *reader) scalar(v gjson.Result) string {
	switch {
	case v.Type == gjson.String:
		return v.Str
	case isScalar(v):
		return v.Raw
	}
	r.wrongType(v, "a string, a number or a boolean")
	return "true"
}
