package policy

import (
	"slices"

	"github.com/iamsim/iamsim/internal/spelling"
)

// A reader turns the text into the model, in one walk. It reports what the
// model cannot hold: wrong types, unknown and repeated keys. The rest is the
// checker's.
type reader struct {
	faults
	place
	cursor
	doc        *Document
	pool       []string    // backs the Values of the whole document
	conditions []Condition // backs the Conditions of several statements
	operators  []Operator  // of the Condition being read
	broken     bool        // Statement is reported, and not to be missed
}

func (r *reader) fault(offset int, code Code, message string) {
	r.at(offset, r.place, code, message)
}

// wrongType reports the value here, and steps behind it.
func (r *reader) wrongType(want string) {
	r.fault(r.offset, codeInvalidType, "must be "+want+", not "+r.typeName())
	r.skip()
}

// repeated reports the name at the offset, and steps behind its value.
func (r *reader) repeated(offset int, name string) {
	r.fault(offset, codeDuplicateKey, spelling.Quote(name)+" is written twice in one object")
	r.skip()
}

// unknown reports the name at the offset, and steps behind its value.
func (r *reader) unknown(offset int, name, of string, allowed []string) {
	r.fault(offset, codeUnknownElement, spelling.Quote(name)+" is no element of "+of+spelling.Suggestion(name, allowed))
	r.skip()
}

var documentElements = []string{"Version", "Id", "Statement"}

func (r *reader) document() {
	r.place = outside()
	if !r.is('{') {
		r.broken = true
		r.wrongType("an object with Version and Statement")
		return
	}
	var version, id, statement bool
	for r.open(); r.more(); {
		start := r.offset
		name := r.name()
		r.place = outside()
		r.element = name
		var seen *bool
		switch name {
		case "Version":
			seen = &version
		case "Id":
			seen = &id
		case "Statement":
			seen = &statement
		default:
			r.unknown(start, name, "a policy", documentElements)
			continue
		}
		if *seen {
			r.repeated(start, name)
			continue
		}
		*seen = true
		value := r.offset
		switch seen {
		case &version:
			if text, ok := r.text(); ok && text == "" {
				r.fault(value, codeInvalidVersion, versionMessage(text))
			} else if ok {
				r.doc.Version = text
			}
		case &id:
			if text, ok := r.text(); ok {
				r.doc.ID = &text
			}
		case &statement:
			r.statements()
		}
	}
}

func (r *reader) statements() {
	switch {
	case r.is('{'):
		r.doc.single = true
		r.doc.Statements = make([]Statement, 1)
		r.statement(&r.doc.Statements[0], alone)
	case r.is('['):
		r.doc.Statements = make([]Statement, 0, (len(r.cursor.text)-r.offset)/usualStatement+1)
		for r.open(); r.more(); {
			i := len(r.doc.Statements)
			r.doc.Statements = append(r.doc.Statements, Statement{})
			r.statement(&r.doc.Statements[i], i)
		}
	default:
		r.broken = true
		r.wrongType("an object or a list of objects")
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

func (r *reader) statement(st *Statement, i int) {
	r.place = within(i)
	if !r.is('{') {
		st.broken = everyElement
		r.wrongType("an object")
		return
	}
	var seen elements
	for r.open(); r.more(); {
		start := r.offset
		name := r.name()
		r.place = within(i)
		r.element = name
		element := elementOf(name)
		if element == 0 {
			r.unknown(start, name, "a statement", statementElements)
			continue
		}
		if seen&element != 0 {
			r.repeated(start, name)
			continue
		}
		seen |= element
		before := r.count()
		switch element {
		case elementSid:
			st.Sid, _ = r.text()
		case elementEffect:
			st.Effect = r.effect()
		case elementPrincipal:
			st.Principal = r.principals()
		case elementNotPrincipal:
			st.NotPrincipal = r.principals()
		case elementAction:
			st.Action = r.strings(&st.listed, element)
		case elementNotAction:
			st.NotAction = r.strings(&st.listed, element)
		case elementResource:
			st.Resource = r.strings(&st.listed, element)
		case elementNotResource:
			st.NotResource = r.strings(&st.listed, element)
		case elementCondition:
			st.Condition = r.condition()
		}
		if r.count() > before {
			st.broken |= element
		}
	}
}

func (r *reader) text() (string, bool) {
	if !r.is('"') {
		r.wrongType("a string")
		return "", false
	}
	return r.string(), true
}

func (r *reader) effect() Effect {
	start := r.offset
	text, ok := r.text()
	switch {
	case text == "Allow":
		return Allow
	case text == "Deny":
		return Deny
	case ok:
		r.fault(start, codeInvalidEffect, effectMessage(text))
	}
	return 0
}

// strings reads an element of one or several strings. A value of another
// type leaves a "*" in its place, which no later check objects to.
func (r *reader) strings(listed *elements, element elements) Values {
	start := len(r.pool)
	switch {
	case r.is('"'):
		r.pool = append(r.pool, r.string())
	case r.is('['):
		r.value = 0
		for r.open(); r.more(); r.value++ {
			text, ok := r.text()
			if !ok {
				text = "*"
			}
			r.pool = append(r.pool, text)
		}
		if r.value == 1 {
			*listed |= element
		}
		r.value = alone
	default:
		r.wrongType("a string or a list of strings")
		return nil
	}
	return r.values(start)
}

// values are the strings that the pool holds from start on, cut off so that an
// append to them copies.
func (r *reader) values(start int) Values {
	end := len(r.pool)
	return Values(r.pool[start:end:end])
}

func (r *reader) principals() *Principals {
	if start := r.offset; r.is('"') {
		if text := r.string(); text != "*" {
			r.fault(start, codeInvalidPrincipal, everyoneMessage(text))
		}
		return &Principals{Everyone: true}
	}
	if !r.is('{') {
		r.wrongType(`"*" or an object`)
		return nil
	}
	principals := new(Principals)
	for r.open(); r.more(); {
		start := r.offset
		r.group = r.name()
		kind := principalTypeOf(r.group)
		switch {
		case kind == "":
			r.fault(start, codeInvalidPrincipalKey, principalKeyMessage(r.group))
			r.skip()
			continue
		case principals.has(kind):
			r.repeated(start, r.group)
			continue
		}
		var listed elements
		before := r.count()
		values := r.strings(&listed, elementPrincipal)
		if r.count() > before {
			values = nil // the "*" of a faulty value would be reported again
		}
		principals.Entries = append(principals.Entries, PrincipalEntry{Type: kind, Values: values, listed: listed != 0})
	}
	r.group = ""
	return principals
}

func (p *Principals) has(kind PrincipalType) bool {
	return slices.ContainsFunc(p.Entries, func(e PrincipalEntry) bool { return e.Type == kind })
}

func (r *reader) condition() []Condition {
	if !r.is('{') {
		r.wrongType("an object")
		return nil
	}
	if cap(r.conditions)-len(r.conditions) < 4 {
		r.conditions = make([]Condition, 0, 32)
	}
	conditions := r.conditions[len(r.conditions):]
	r.operators = r.operators[:0]
	for r.open(); r.more(); {
		start := r.offset
		r.group = r.name()
		operator, code := readOperator(r.group)
		switch {
		case code != "":
			r.fault(start, code, operatorMessage(r.group, code))
			r.skip()
		case slices.Contains(r.operators, operator):
			r.repeated(start, r.group)
		case !r.is('{'):
			r.operators = append(r.operators, operator)
			r.wrongType("an object of condition keys")
		default:
			r.operators = append(r.operators, operator)
			conditions = r.block(conditions, operator)
		}
	}
	r.group = ""
	if n := len(r.conditions) + len(conditions); n <= cap(r.conditions) {
		r.conditions = r.conditions[:n]
	}
	return conditions[:len(conditions):len(conditions)]
}

// block appends the conditions of one operator.
func (r *reader) block(conditions []Condition, operator Operator) []Condition {
	first := len(conditions)
	var earlier conditionIndex
	for r.open(); r.more(); {
		start := r.offset
		r.key = r.name()
		if same, found := earlier.find(conditions[first:], operator, r.key); found {
			r.repeatedConditionKey(start, conditions[first+same].Key)
			continue
		}
		conditions = append(conditions, r.conditionKey(operator))
	}
	r.key = ""
	return conditions
}

func (r *reader) repeatedConditionKey(offset int, other string) {
	if r.key == other {
		r.repeated(offset, r.key)
		return
	}
	r.fault(offset, codeDuplicateKeyCase, sameKeyMessage(r.key, other))
	r.skip()
}

// conditionKey reads the values of one condition key: JSON scalars of one type, as
// their texts (A-9, C-18). A value of another type leaves a "true" in its place,
// which no later check objects to.
func (r *reader) conditionKey(operator Operator) Condition {
	c := Condition{Operator: operator, Key: r.key}
	start := len(r.pool)
	if !r.is('[') {
		r.pool = append(r.pool, r.conditionValue())
		c.Values = r.values(start)
		return c
	}
	first := ""
	r.value = 0
	for r.open(); r.more(); r.value++ {
		kind, offset := r.typeName(), r.offset
		switch {
		case first == "":
			first = kind
		case kind != first && r.isScalar():
			r.fault(offset, codeMixedTypes, "is "+kind+" in a list that begins with "+first+"; the values of one key have one type")
		}
		r.pool = append(r.pool, r.conditionValue())
	}
	c.listed = r.value == 1
	r.value = alone
	c.Values = r.values(start)
	return c
}

// isScalar reports whether the value here is a string, a number or a boolean.
func (r *reader) isScalar() bool { return !r.is('{') && !r.is('[') && !r.is('n') }

// conditionValue is the text of a string, number or boolean. A number keeps the
// digits that were written, however many.
func (r *reader) conditionValue() string {
	switch {
	case r.is('"'):
		return r.string()
	case r.isScalar():
		return r.scalar()
	}
	r.wrongType("a string, a number or a boolean")
	return "true"
}
