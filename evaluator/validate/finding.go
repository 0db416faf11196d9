package validate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// Type is how grave a finding is, in the terms of IAM Access Analyzer. Graver
// types are greater. The zero Type is invalid.
type Type uint8

const (
	Suggestion      Type = iota + 1 // it could be written better
	Warning                         // it can mean something else than was meant
	SecurityWarning                 // it can give more than was meant
	Error                           // it can not work, or IAM refuses it
)

var types = [...]string{Suggestion: "SUGGESTION", Warning: "WARNING", SecurityWarning: "SECURITY_WARNING", Error: "ERROR"}

// String is the type as AWS writes it: "SECURITY_WARNING".
func (t Type) String() string {
	if t == 0 || int(t) >= len(types) {
		return fmt.Sprintf("Type(%d)", uint8(t))
	}
	return types[t]
}

// MarshalText is [Type.String].
func (t Type) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads a type as AWS writes it, in letters of either case.
func (t *Type) UnmarshalText(text []byte) error {
	for known := Suggestion; known <= Error; known++ {
		if strings.EqualFold(types[known], string(text)) {
			*t = known
			return nil
		}
	}
	return fmt.Errorf("%s is no type of finding%s", spelling.Quote(string(text)), spelling.Suggestion(string(text), types[1:]))
}

// A Finding is one thing that was found in a policy.
type Finding struct {
	Type Type
	// Code is the issue code: "PASS_ROLE_WITH_STAR_IN_RESOURCE". Codes are stable.
	Code string
	// Message says what was found, for people; free to change.
	Message string
	// Source is the name of the document, or the file of a template, plan or account;
	// "" where it was read from none.
	Source string
	// Address is how a template, plan or account calls the policy, see
	// [account.Written]; "" for a document of its own.
	Address string
	// Path is the element: "Statement[1].Action[0]". Indexes count from 0.
	Path string
	// From and To are where the element begins and ends: offsets in the text of the
	// document, lines and columns from 1. Both are zero for a document without
	// text; To is zero where only the beginning is known, the column where only the
	// line is. In a template, plan or account they are of the file, without offsets.
	From, To policy.Mark
	// Request shows what was found by a proof; nil: nothing needs to be shown.
	Request *prove.Request
	// Edit mends it; nil: there is no one obvious mend.
	Edit *Edit

	text string // of the element
}

// Fingerprint tells the finding from others of the document. It is made of the
// policy's name, the code and the text of the element, and stays where that moves.
func (f *Finding) Fingerprint() string {
	about := f.text
	if about == "" {
		about = f.Path
	}
	of := f.Source
	if f.Address != "" {
		of += "\x00" + f.Address
	}
	sum := sha256.Sum256([]byte(of + "\x00" + f.Code + "\x00" + about))
	return hex.EncodeToString(sum[:16])
}

// An Edit replaces bytes of a document's text, from an offset to another.
type Edit struct {
	From, To int
	New      string
	// Says is what the edit does: "removes the action".
	Says string
	// Changes says that the document can mean something else afterwards.
	Changes bool
}

// Told is the message, behind the address if there is one.
func (f Finding) Told() string {
	if f.Address == "" {
		return f.Message
	}
	return f.within() + ": " + f.Message
}

// within is the address, and the element where no line says which it is.
func (f *Finding) within() string {
	if f.Address == "" || f.Path == "" || f.From.Column > 0 {
		return f.Address
	}
	return f.Address + ": " + f.Path
}

// String is the finding in one line: place, type, code and message.
func (f Finding) String() string {
	place := f.Source
	if f.From.Line > 0 {
		place = strings.TrimPrefix(fmt.Sprintf("%s:%d", place, f.From.Line), ":")
	}
	if f.From.Column > 0 {
		place = fmt.Sprintf("%s:%d", place, f.From.Column)
	}
	line := fmt.Sprintf("%s %s: %s", f.Type, f.Code, f.Message)
	for _, before := range []string{f.within(), place} {
		if before != "" {
			line = before + ": " + line
		}
	}
	return line
}

// MarshalJSON writes the finding with the members of AWS's ValidatePolicy, whose
// columns count from 0; "policy", "address", "path", "request" and "edit" are of this package.
func (f Finding) MarshalJSON() ([]byte, error) {
	type position struct {
		Line   int `json:"line"`
		Column int `json:"column"`
		Offset int `json:"offset"`
	}
	type location struct {
		Path string `json:"path"`
		Span *struct {
			Start position  `json:"start"`
			End   *position `json:"end,omitempty"`
		} `json:"span,omitempty"`
	}
	type edit struct {
		From    int    `json:"from"`
		To      int    `json:"to"`
		New     string `json:"new"`
		Says    string `json:"says"`
		Changes bool   `json:"changesMeaning"`
	}
	at := func(m policy.Mark) *position { return &position{m.Line, max(0, m.Column-1), m.Offset} }
	where := location{Path: f.Path}
	if f.From.Line > 0 {
		where.Span = &struct {
			Start position  `json:"start"`
			End   *position `json:"end,omitempty"`
		}{Start: *at(f.From)}
		if f.To.Line > 0 {
			where.Span.End = at(f.To)
		}
	}
	out := struct {
		Policy    string     `json:"policy,omitempty"`
		Address   string     `json:"address,omitempty"`
		Type      Type       `json:"findingType"`
		Code      string     `json:"issueCode"`
		Message   string     `json:"findingDetails"`
		Locations []location `json:"locations"`
		Request   string     `json:"request,omitempty"`
		Edit      *edit      `json:"edit,omitempty"`
	}{f.Source, f.Address, f.Type, f.Code, f.Message, []location{where}, "", (*edit)(f.Edit)}
	if f.Request != nil {
		out.Request = f.Request.String()
	}
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(out)
	return []byte(b.String()), err
}

// spell writes a path: "Statement[1].Action[0]".
func spell(path []any) string {
	var b strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case int:
			b.WriteString("[" + strconv.Itoa(step) + "]")
		case string:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step)
		}
	}
	return b.String()
}
