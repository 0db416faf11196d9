package apicall

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/spelling"
)

// function reads a parameter that names a function.
func (r *reader) function(text string, t *valueType, path string) *node {
	name := strings.TrimPrefix(text, "function:")
	function, err := arn.ParseFunction(name, r.call.Defaults)
	if err != nil {
		r.wrongAt(path, "%s: %v", path, err)
		return nil
	}
	r.functions[path] = function
	if t.kind == anURLFunction && isVersion(function.Qualifier()) {
		r.wrong("%s: a function URL has no version: %s (F-25)", path, spelling.Quote(text))
	}
	return &node{text: text}
}

func isVersion(qualifier string) bool {
	return qualifier != "" && strings.Trim(qualifier, "0123456789") == ""
}

// Parameters of these names say which version or alias of FunctionName is
// meant.
const (
	functionName  = "FunctionName"
	qualifierName = "Qualifier"
)

// qualifiers holds FunctionName against the qualifier that stands apart.
func (r *reader) qualifiers() {
	function, ok := r.functions[functionName]
	if !ok {
		return
	}
	for _, name := range []string{qualifierName, "Version"} {
		given := r.at(name)
		if given == nil {
			continue
		}
		switch q := function.Qualifier(); {
		case q != "" && q != given.text:
			r.wrong("%s %s contradicts FunctionName %s", name, spelling.Quote(given.text), spelling.Quote(r.at(functionName).text))
		case !function.WithQualifier(given.text).IsValid():
			r.wrong("%s %s is neither a version nor an alias", name, spelling.Quote(given.text))
		case r.isURLFunction() && isVersion(given.text):
			r.wrong("%s: a function URL has no version: %s (F-25)", name, spelling.Quote(given.text))
		}
	}
}

func (r *reader) isURLFunction() bool {
	for _, m := range r.operation.parameters.members {
		if m.name == functionName {
			return m.kind == anURLFunction
		}
	}
	return false
}

func (r *reader) hasQualifier() bool {
	return slices.ContainsFunc(r.operation.parameters.members, func(m member) bool { return m.name == qualifierName })
}

// qualifier of the function that the call is about; "" for none. Only an
// operation that has a Qualifier looks at the parameter.
func (r *reader) qualifier() string {
	if given := r.at(qualifierName); given != nil {
		return given.text
	}
	function := r.functions[functionName]
	return function.Qualifier()
}
