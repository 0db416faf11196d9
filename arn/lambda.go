package arn

import (
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/internal/spelling"
)

// Qualifier is what follows the name in the ARN of a Lambda function or layer:
// a version ("1", "$LATEST"), an alias ("prod"), the number of a layer
// version. It is empty for an unqualified ARN and for any other resource. The
// ARN of a durable execution has the qualifier of its function (B.3).
func (a ARN) Qualifier() string {
	_, qualifier, _ := a.lambdaName()
	return qualifier
}

// Unqualified returns the ARN of the function or layer without its qualifier
// and what follows that. Any other ARN is returned as it is.
func (a ARN) Unqualified() ARN {
	name, _, ok := a.lambdaName()
	if !ok {
		return a
	}
	a.text = a.text[:int(a.colon[4])+1+len(a.Type())+1+len(name)]
	return a
}

// WithQualifier returns the ARN of the function or layer with the qualifier q
// in place of its own; an empty q gives [ARN.Unqualified]. Any other ARN is
// returned as it is. The result is the zero ARN if q holds a colon or a slash
// or makes the ARN too long.
func (a ARN) WithQualifier(q string) ARN {
	if _, _, ok := a.lambdaName(); !ok {
		return a
	}
	a = a.Unqualified()
	if q == "" {
		return a
	}
	if strings.ContainsAny(q, ":/") {
		return ARN{}
	}
	qualified, err := Parse(a.text + ":" + q)
	if err != nil {
		return ARN{}
	}
	return qualified
}

// lambdaName splits the resource of a Lambda ARN. ok says that it is of a type
// that takes a qualifier.
func (a ARN) lambdaName() (name, qualifier string, ok bool) {
	if a.Service() != "lambda" {
		return "", "", false
	}
	kind, rest := a.typed()
	switch kind {
	case "function", "layer":
		if !strings.HasPrefix(a.Resource()[len(kind):], ":") {
			return "", "", false
		}
		name, qualifier, _ = strings.Cut(rest, ":")
		qualifier, _, _ = strings.Cut(qualifier, "/")
		return name, qualifier, true
	}
	return rest, "", false
}

// Defaults complete the short forms of a function's name. A field may be empty
// where the form does not need it; an empty Partition means "aws".
type Defaults struct {
	Partition string
	Region    string
	Account   string
}

// ParseFunction reads a function as callers of Lambda name it: the name, the
// partial ARN account:function:name, or the ARN, each with an optional
// :qualifier (B-36). What a short form leaves out comes from d.
//
// A name has letters, digits, hyphens and underscores; where it stands alone
// it has at most 64 characters, and an ARN at most 140. Every fault is an error
// that quotes s.
func ParseFunction(s string, d Defaults) (ARN, error) {
	fail := func(format string, args ...any) (ARN, error) {
		return ARN{}, fmt.Errorf("invalid Lambda function %s: "+format, append([]any{spelling.Quote(s)}, args...)...)
	}
	if strings.HasPrefix(s, "arn:") {
		a, err := Parse(s)
		if err != nil {
			return ARN{}, err
		}
		name, qualifier, ok := a.lambdaName()
		switch {
		case !ok || a.Type() != "function":
			return fail("the ARN is not that of a function")
		case len(a.Unqualified().text) > 140:
			return fail("the ARN has %d characters, at most 140 are allowed", len(a.Unqualified().text))
		case a != a.WithQualifier(qualifier):
			return fail("%s is not expected after the name", spelling.Quote(a.text[len(a.Unqualified().text):]))
		}
		if problem := nameProblem(name, qualifier, qualifier != ""); problem != "" {
			return fail("%s", problem)
		}
		return a, nil
	}

	account, name := d.Account, s
	if before, after, ok := strings.Cut(s, ":function:"); ok {
		if !IsAccountID(before) {
			return fail("%s is not an account of twelve digits", spelling.Quote(before))
		}
		account, name = before, after
	}
	name, qualifier, qualified := strings.Cut(name, ":")
	problem := nameProblem(name, qualifier, qualified)
	switch {
	case problem != "":
		return fail("%s", problem)
	case len(name) > 64:
		return fail("the name has %d characters, at most 64 are allowed", len(name))
	case d.Region == "":
		return fail("it has no region, and no default is given")
	case account == "":
		return fail("it has no account, and no default is given")
	}
	partition := d.Partition
	if partition == "" {
		partition = "aws"
	}
	a, err := New(partition, "lambda", d.Region, account, "function:"+name)
	if err != nil {
		return ARN{}, err
	}
	return a.WithQualifier(qualifier), nil
}

// nameProblem says what is wrong with a function's name and qualifier, or "".
func nameProblem(name, qualifier string, qualified bool) string {
	switch {
	case name == "":
		return "the name is empty"
	case !isName(name):
		return fmt.Sprintf("the name %s may hold only letters, digits, hyphens and underscores", spelling.Quote(name))
	case qualified && qualifier == "":
		return "the qualifier is empty"
	case qualified && qualifier != "$LATEST" && !isName(qualifier):
		return fmt.Sprintf("the qualifier %s is neither $LATEST, a version nor an alias", spelling.Quote(qualifier))
	}
	return ""
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}
