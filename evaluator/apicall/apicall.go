// Package apicall tells which authorizations a call of an AWS API needs.
//
// One call can need several, and all must be allowed: a function URL is called
// under lambda:InvokeFunctionUrl and lambda:InvokeFunction (F-20), each with
// context keys of its own (D-5). [Authorizations] lists them in the order in
// which AWS asks for them; evaluate each with package evaluator.
//
// It knows one operation today: lambda:InvokeFunctionUrl, the call of a
// function URL. Any other is an [ErrUnknownOperation].
package apicall

import (
	"errors"
	"fmt"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
)

// A Call is one call of an API.
type Call struct {
	// Operation is "service:Operation", spelled as AWS does.
	Operation string
	// Parameters is the JSON object of the operation's parameters.
	Parameters []byte
	// Defaults complete names that stand where an ARN is needed.
	Defaults arn.Defaults
}

// An Authorization is one action on one resource that a call needs.
type Authorization struct {
	Action   string
	Resource string
	// Context keys that exist for this authorization, beside those of the
	// caller and of the whole request.
	Context evaluator.Context
	// Anonymous: the caller's credentials are not looked at, whoever calls.
	Anonymous bool
}

// Errors of [Authorizations].
var (
	// ErrUnknownOperation: the operation is not known.
	ErrUnknownOperation = errors.New("operation not known")
	// ErrParameter: a parameter is missing or wrong.
	ErrParameter = errors.New("wrong parameter")
)

// Authorizations lists what the call needs, in the order in which AWS asks. Its
// errors wrap [ErrUnknownOperation] or [ErrParameter]; several faults are
// joined.
func Authorizations(c Call, o evaluator.Options) ([]Authorization, error) {
	if c.Operation != functionURL {
		return nil, fmt.Errorf("%w: %q (known: %s)", ErrUnknownOperation, c.Operation, functionURL)
	}
	p := parameters{operation: c.Operation}
	if text := string(c.Parameters); text != "" {
		if p.object = gjson.Parse(text); !gjson.Valid(text) || !p.object.IsObject() {
			return nil, fmt.Errorf("%w: the parameters of %s are no JSON object", ErrParameter, c.Operation)
		}
	}
	list := callFunctionURL(&p, c.Defaults, o)
	if err := p.err(); err != nil {
		return nil, err
	}
	return list, nil
}

// parameters reads an operation's parameters and remembers what is wrong.
type parameters struct {
	operation string
	object    gjson.Result
	read      []string
	faults    []error
}

// text is a parameter that is a string; "" for one that is not given.
func (p *parameters) text(name string) string {
	p.read = append(p.read, name)
	// A path of gjson would give characters such as "." a meaning.
	var found gjson.Result
	p.object.ForEach(func(key, value gjson.Result) bool {
		if key.Str == name {
			found = value
		}
		return key.Str != name
	})
	if found.Exists() && found.Type != gjson.String {
		p.fault("%s is %s, not a string", name, found.Raw)
	}
	return found.Str
}

// required is text, and a fault for a parameter that is not given.
func (p *parameters) required(name string) string {
	text := p.text(name)
	if text == "" {
		p.fault("%s is missing", name)
	}
	return text
}

func (p *parameters) fault(format string, args ...any) {
	p.faults = append(p.faults, fmt.Errorf("%w: %s: %s", ErrParameter, p.operation, fmt.Sprintf(format, args...)))
}

// err joins the faults; a parameter that was never read is one.
func (p *parameters) err() error {
	seen := make(map[string]bool)
	p.object.ForEach(func(key, _ gjson.Result) bool {
		if seen[key.Str] {
			p.fault("%s is given twice", key.Str)
		}
		seen[key.Str] = true
		for _, name := range p.read {
			if name == key.Str {
				return true
			}
		}
		p.fault("%q is no parameter of it (known: %v)", key.Str, p.read)
		return true
	})
	return errors.Join(p.faults...)
}
