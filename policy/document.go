package policy

import (
	"slices"

	"github.com/iamsim/iamsim/internal/spelling"
)

// A Document is one policy: a JSON object with Version, Id and Statement.
//
// [Parse] makes one from JSON and keeps its text, so that every element can be
// found again by line and column. A literal or a builder makes one without
// text. A Document is not changed by anything in this module; share it freely
// between goroutines as long as nobody else changes it.
//
// The zero Document has no statement, which [Document.Check] refuses.
type Document struct {
	// Version as written: "2012-10-17", "2008-10-17", or "" where the
	// document has none, which means "2008-10-17".
	Version string
	// ID is the Id element; nil where there is none. It never influences a
	// decision.
	ID *string
	// Statements in the order of the document. The order carries no meaning
	//
	Statements []Statement

	source source
	// single says that Statement was written as one object and not as a list.
	single bool
}

// NamesPrincipals reports whether a statement has Principal or NotPrincipal: it
// distinguishes policies of resources from those of principals (A.6).
func (d *Document) NamesPrincipals() bool {
	return slices.ContainsFunc(d.Statements, func(st Statement) bool { return st.Principal != nil || st.NotPrincipal != nil })
}

// Version2012 and Version2008 are the two versions of the policy language.
const (
	Version2012 = "2012-10-17"
	Version2008 = "2008-10-17"
)

// A Statement is one statement of a [Document]. A nil element is absent,
// which differs from an empty list: `"Action": []` is written by somebody and
// matches nothing.
type Statement struct {
	Sid          string
	Effect       Effect
	Principal    *Principals
	NotPrincipal *Principals
	Action       Values
	NotAction    Values
	Resource     Values
	NotResource  Values
	Condition    []Condition

	listed elements
	broken elements
}

// elements is a set of the elements of a statement.
//
// A statement keeps two of them, because its fields cannot say it all: listed
// has the elements that were written as a list of one value, so that they are
// written back as they were; broken has those that the parser reported, so that
// they are not also reported as missing. No document that Parse returns has a
// broken element.
type elements uint16

const (
	elementSid elements = 1 << iota
	elementEffect
	elementPrincipal
	elementNotPrincipal
	elementAction
	elementNotAction
	elementResource
	elementNotResource
	elementCondition

	everyElement = 1<<iota - 1
)

// Values is an element that may be a string or a list of strings. Nil is
// an absent element, an empty list that is not nil is `[]`.
type Values []string

// Effect is the effect of a statement. The zero Effect is invalid.
type Effect uint8

const (
	Allow Effect = iota + 1
	Deny
)

// String is "Allow" or "Deny"; "" for an invalid Effect.
func (e Effect) String() string {
	switch e {
	case Allow:
		return "Allow"
	case Deny:
		return "Deny"
	}
	return ""
}

// MarshalText is [Effect.String]; an invalid Effect is an error.
func (e Effect) MarshalText() ([]byte, error) {
	if e != Allow && e != Deny {
		return nil, &Error{Code: codeInvalidEffect, Message: "the zero Effect has no spelling"}
	}
	return []byte(e.String()), nil
}

// UnmarshalText reads "Allow" or "Deny", in exactly these letters.
func (e *Effect) UnmarshalText(text []byte) error {
	switch string(text) {
	case "Allow":
		*e = Allow
	case "Deny":
		*e = Deny
	default:
		return &Error{Code: codeInvalidEffect, Message: effectMessage(string(text))}
	}
	return nil
}

func effectMessage(found string) string {
	return spelling.Quote(found) + " is no effect" + spelling.Suggestion(found, []string{"Allow", "Deny"})
}

// Name is the name under which [Parse] read the document; "" for one built in
// Go.
func (d *Document) Name() string { return d.source.name }

// Principals is a Principal or NotPrincipal element: either "*", or a
// map from a kind of principal to values.
type Principals struct {
	// Everyone is the bare "*". Then Entries is empty.
	Everyone bool
	// Entries in the order of the document; each Type at most once.
	Entries []PrincipalEntry
}

// A PrincipalEntry is one member of a Principal map.
type PrincipalEntry struct {
	Type   PrincipalType
	Values Values

	listed bool
}

// PrincipalType is a key of a Principal map, spelled as in a policy.
type PrincipalType string

const (
	PrincipalAWS           PrincipalType = "AWS"
	PrincipalService       PrincipalType = "Service"
	PrincipalFederated     PrincipalType = "Federated"
	PrincipalCanonicalUser PrincipalType = "CanonicalUser"
)

// A Condition is one key of one operator block (C-1): all Conditions of a
// statement must hold, one of the Values must match (none of them for a
// negated operator, C-2).
type Condition struct {
	Operator Operator
	// Key as written; keys compare without case (C-3).
	Key string
	// Values are the texts of the JSON scalars: true is "true", 10 is "10"
	// (C-18).
	Values Values

	listed bool
}
