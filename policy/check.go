package policy

import (
	"fmt"

	"github.com/iamsim/iamsim/internal/spelling"
)

// Check reports everything that a policy of the kind may not have, on top of
// what [Parse] reports for all kinds; for a document built in Go it does both.
// It is nil, or [Errors] with every fault, with positions where the document
// has text.
func (d *Document) Check(kind Kind) error {
	if !kind.valid() {
		return Errors{{Source: d.source.name, Code: codeInvalidKind,
			Message: fmt.Sprintf("%d is no kind of policy", kind)}}
	}
	c := checker{faults: faults{source: &d.source}, doc: d}
	c.grammar()
	c.kind(kind)
	return c.err()
}

// A checker applies the rules to a model, whether it was parsed or built.
type checker struct {
	faults
	place
	doc    *Document
	broken bool // Statement is reported already
}

// fault reports the value, or element, at the checker's place.
func (c *checker) fault(code Code, message string) *Error {
	return c.add(c.place, code, message)
}

// index is the index of the i-th of n values in a path.
func index(i, n int, listed bool) int {
	if n == 1 && !listed {
		return alone
	}
	return i
}

// enter moves to a statement.
func (c *checker) enter(i int) *Statement {
	c.place = within(i)
	if c.doc.single && len(c.doc.Statements) == 1 {
		c.statement = alone
	}
	return &c.doc.Statements[i]
}

func versionMessage(found string) string {
	return spelling.Quote(found) + ` is no version of the policy language; allowed are "2012-10-17" and "2008-10-17"`
}

func everyoneMessage(found string) string {
	return spelling.Quote(found) + ` is no principal: the only string is "*"; others stand in an object such as {"AWS": …}`
}

func sameKeyMessage(key, other string) string {
	return spelling.Quote(key) + " is the same condition key as " + spelling.Quote(other) + ": keys compare without case"
}

// grammar has the rules for every kind of policy (A.1 to A.5, C).
func (c *checker) grammar() {
	c.place = outside()
	switch c.doc.Version {
	case "", Version2008, Version2012:
	default:
		c.element = "Version"
		c.fault(codeInvalidVersion, versionMessage(c.doc.Version))
	}
	if len(c.doc.Statements) == 0 && !c.broken {
		c.place = outside()
		if c.doc.Statements != nil {
			c.element = "Statement"
		}
		c.fault(codeMissingStatement, "a policy needs at least one Statement")
	}
	variables := c.doc.Version == Version2012
	for i := range c.doc.Statements {
		c.statementGrammar(c.enter(i), variables)
	}
}

func (c *checker) statementGrammar(st *Statement, variables bool) {
	if st.broken == everyElement {
		return
	}
	switch {
	case st.broken&elementEffect != 0 || st.Effect == Allow || st.Effect == Deny:
	case st.Effect == 0:
		c.fault(codeMissingEffect, `a statement needs an Effect, "Allow" or "Deny"`)
	default:
		c.element = "Effect"
		c.fault(codeInvalidEffect, fmt.Sprintf("%d is no effect; allowed are Allow and Deny", st.Effect))
		c.element = ""
	}
	has := st.present() | st.broken // be it a faulty one
	c.exclusive(has, "Principal", elementPrincipal, elementNotPrincipal)
	c.exclusive(has, "Action", elementAction, elementNotAction)
	c.exclusive(has, "Resource", elementResource, elementNotResource)
	if has&(elementAction|elementNotAction) == 0 {
		c.fault(codeMissingAction, "a statement needs an Action or a NotAction")
	}
	c.principals("Principal", st.Principal, variables)
	c.principals("NotPrincipal", st.NotPrincipal, variables)
	c.values(st, "Action", st.Action, elementAction, variables, (*checker).action)
	c.values(st, "NotAction", st.NotAction, elementNotAction, variables, (*checker).action)
	c.values(st, "Resource", st.Resource, elementResource, variables, (*checker).resource)
	c.values(st, "NotResource", st.NotResource, elementNotResource, variables, (*checker).resource)
	c.conditions(st, variables)
}

func (st *Statement) present() elements {
	var e elements
	if st.Principal != nil {
		e |= elementPrincipal
	}
	if st.NotPrincipal != nil {
		e |= elementNotPrincipal
	}
	if st.Action != nil {
		e |= elementAction
	}
	if st.NotAction != nil {
		e |= elementNotAction
	}
	if st.Resource != nil {
		e |= elementResource
	}
	if st.NotResource != nil {
		e |= elementNotResource
	}
	return e
}

// exclusive reports an element beside its complement.
func (c *checker) exclusive(has elements, name string, element, complement elements) {
	if has&element != 0 && has&complement != 0 {
		c.element = "Not" + name
		c.addKey(c.place, codeUnsupportedElementCombination,
			"a statement has "+name+" or Not"+name+", not both")
		c.element = ""
	}
}

// values checks each value of an element.
func (c *checker) values(st *Statement, name string, values Values, element elements, variables bool,
	check func(c *checker, value string, variables bool)) {
	if values == nil {
		return
	}
	c.element = name
	for i, value := range values {
		c.value = index(i, len(values), st.listed&element != 0)
		check(c, value, variables)
	}
	c.element, c.value = "", alone
}
