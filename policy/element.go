package policy

import (
	"errors"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/internal/variable"
)

// action checks one value of Action or NotAction: "*", or a service prefix and
// a name, both with wildcards (A-40, A-41, B-3). Whether the service has such
// an action is not IAM's question, nor this one.
func (c *checker) action(value string, variables bool) {
	if value == "*" {
		return
	}
	colon := strings.IndexByte(value, ':')
	switch {
	case variables && hasVariable(value):
		c.misplacedVariable(value)
	case colon > 0 && !isActionPrefix(value[:colon]):
		c.fault(codeInvalidActionPrefix, spelling.Quote(value[:colon])+" is no service prefix: it has letters, digits, hyphens and wildcards").subject = value[:colon]
	case colon > 0 && colon == len(value)-1:
		c.fault(codeInvalidAction, spelling.Quote(value)+" names no action of the service")
	case colon > 0:
	case value == "":
		c.fault(codeInvalidAction, "an action is not empty")
	case strings.Trim(value, "*") != "":
		c.fault(codeMissingActionPrefix, spelling.Quote(value)+` has no service prefix; write it as "service:Action"`)
	}
}

func isActionPrefix(prefix string) bool {
	for i := range len(prefix) {
		switch b := prefix[i]; {
		case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', '0' <= b && b <= '9', b == '-', b == '*', b == '?':
		default:
			return false
		}
	}
	return true
}

// resource checks one value of Resource or NotResource: "*", or an ARN with at
// least a partition and a service (A-42, B-12).
func (c *checker) resource(value string, variables bool) {
	if value == "*" || value == pattern.AnyAPI {
		return
	}
	const scheme = "arn:"
	text := value
	if variables && hasVariable(value) {
		if !c.variables(value) {
			return
		}
		text = withoutVariables(value)
	}
	rest, isARN := strings.CutPrefix(text, scheme)
	partition, _, _ := strings.Cut(rest, ":")
	switch {
	case !isARN && text != "" && strings.Trim(text, "*") == "":
	case !isARN:
		c.fault(codeInvalidResource, spelling.Quote(value)+` is neither "*" nor an ARN`+howToWriteAPI(value)).subject = value
	case strings.Count(rest, ":") < 1 && !strings.HasSuffix(text, "*"):
		c.fault(codeMissingARNField, spelling.Quote(value)+" names no service: an ARN begins with arn:partition:service")
	case !isPartition(partition):
		c.fault(codeInvalidPartition, spelling.Quote(partition)+" in "+spelling.Quote(value)+" is no partition, such as aws, aws-cn or aws-us-gov").subject = value
	}
}

// howToWriteAPI says what to write for the short forms of API Gateway's
// policies, which depend on the API that they are attached to.
func howToWriteAPI(value string) string {
	path, short := strings.CutPrefix(value, "execute-api:/")
	if !short {
		return ""
	}
	return ": API Gateway completes it when it stores the policy, as in " + spelling.Quote("arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/"+path)
}

// hasVariable is [variable.Has], quicker where there is none.
func hasVariable(value string) bool {
	i := strings.IndexByte(value, '$')
	return i >= 0 && variable.Has(value[i:])
}

// withoutVariables replaces each well-formed variable, and each escape, by a "?",
// so that the colons and stars in it do not count (B-12).
func withoutVariables(value string) string {
	pieces, err := variable.Parse(value)
	if err != nil {
		return value
	}
	var b strings.Builder
	for _, p := range pieces {
		if p.Key != "" || p.Literal {
			b.WriteByte('?')
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// isPartition accepts every name a partition could have, and patterns of it.
func isPartition(s string) bool {
	return arn.IsPartition(s) || strings.ContainsAny(s, "*?$")
}

// misplacedVariable reports a variable where none is replaced (C-41).
func (c *checker) misplacedVariable(value string) {
	c.fault(codeVariableElement, "has a policy variable in "+spelling.Quote(value)+
		"; variables stand in Resource, NotResource and the values of conditions")
}

// variables checks the variables in a value, and reports each that is malformed
// (C-48).
func (c *checker) variables(value string) bool {
	if hasOnlyKeys(value) {
		return true
	}
	_, err := variable.Parse(value)
	if err == nil {
		return true
	}
	for _, err := range split(err) {
		var malformed *variable.Error
		if !errors.As(err, &malformed) {
			continue
		}
		text := spelling.Quote(malformed.Text)
		switch malformed.Code {
		case variable.MissingBrace:
			c.fault(codeMissingBrace, `the variable `+text+` has no closing "}"`)
		case variable.MissingQuote:
			c.fault(codeMissingQuote, `the variable `+text+` needs its default in single quotes: ${key, 'default'}`)
		case variable.UnsupportedSpace:
			c.fault(codeUnsupportedSpace, `the variable `+text+` has a space where none may be; one belongs after the comma: ${key, 'default'}`)
		case variable.EmptyVariable:
			c.fault(codeEmptyVariable, `the variable `+text+` names no key`)
		}
	}
	return false
}

// hasOnlyKeys reports whether all variables are of the plain form ${key}, which
// needs no parsing to be known as well-formed.
func hasOnlyKeys(value string) bool {
	for {
		_, rest, found := strings.Cut(value, "${")
		if !found {
			return true
		}
		end := strings.IndexByte(rest, '}')
		if end <= 0 {
			return false
		}
		for i := range end {
			if c := rest[i]; c <= ' ' || c == ',' || c == '$' || c == '{' || c >= 0x7F {
				return false
			}
		}
		value = rest[end:]
	}
}

func split(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

// conditions checks the conditions of a statement as the grammar has them
// (C-3 to C-5, C-21, C-41, L-11).
func (c *checker) conditions(st *Statement, variables bool) {
	if len(st.Condition) == 0 {
		return
	}
	c.repeatedConditions(st.Condition)
	for i := range st.Condition {
		condition := &st.Condition[i]
		c.element, c.group, c.key = "Condition", "", ""
		if !condition.Operator.valid() {
			c.fault(codeInvalidOperator, "a condition needs an operator")
			continue
		}
		if variables || condition.Key == "" || condition.Operator.Test == Null {
			c.group, c.key = condition.Operator.String(), condition.Key
			c.condition(condition, variables)
		}
	}
	c.element, c.group, c.key = "", "", ""
}

func (c *checker) condition(condition *Condition, variables bool) {
	switch {
	case condition.Key == "":
		c.fault(codeInvalidConditionKey, "a condition key is not empty")
	case variables && hasVariable(condition.Key):
		c.addKey(c.place, codeVariableElement, "has a policy variable in a condition key; variables stand in its values")
	}
	for i, value := range condition.Values {
		c.value = index(i, len(condition.Values), condition.listed)
		switch {
		case condition.Operator.Test == Null && value != "true" && value != "false":
			c.fault(codeInvalidNull, spelling.Quote(value)+` is no value of Null; allowed are "true" and "false"`)
		case !variables || !hasVariable(value):
		case condition.Operator.Variables():
			c.variables(value)
		default:
			c.fault(codeVariableOperator, "has a policy variable in "+spelling.Quote(value)+
				"; the values of "+condition.Operator.String()+" are not substituted")
		}
	}
	c.value = alone
}

// repeatedConditions reports a key that one operator has twice. In a parsed
// document the reader has done so; in one built in Go nothing else would.
func (c *checker) repeatedConditions(conditions []Condition) {
	var earlier conditionIndex
	for i := range conditions {
		condition := &conditions[i]
		first, found := earlier.find(conditions[:i], condition.Operator, condition.Key)
		if !found {
			continue
		}
		c.element, c.group, c.key = "Condition", condition.Operator.String(), condition.Key
		if other := conditions[first].Key; other == condition.Key {
			c.fault(codeDuplicateKey, spelling.Quote(other)+" is written twice in one operator")
		} else {
			c.fault(codeDuplicateKeyCase, sameKeyMessage(condition.Key, other))
		}
	}
}
