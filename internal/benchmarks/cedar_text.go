package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	cedargo "github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"

	"github.com/iamsim/iamsim/internal/workload"
)

// cedarText writes a policy in Cedar, each statement in the form that Cedar
// decides fastest: no test of the principal, whose policies these are; no test
// whether a key of the context exists, since it always does; the ARN in the
// context, where it is found sooner than in an entity.
func cedarText(p *workload.Policy) ([]byte, error) {
	var b bytes.Buffer
	for i := range p.Statements {
		if err := writeCedar(&b, &p.Statements[i]); err != nil {
			return nil, fmt.Errorf("policy %s, statement %d: %w", p.Name, i, err)
		}
	}
	return b.Bytes(), nil
}

func writeCedar(b *bytes.Buffer, s *workload.Statement) error {
	if s.Principal != "" || s.NotActions != nil {
		return fmt.Errorf("%w: Principal and NotAction", errLeftOut)
	}
	if s.Sid != "" {
		fmt.Fprintf(b, "@id(%s)\n", strconv.Quote(s.Sid))
	}
	effect := "permit"
	if s.Deny {
		effect = "forbid"
	}
	var actions []string
	for _, a := range s.Actions {
		if strings.ContainsAny(a, "*?") {
			return fmt.Errorf("%w: the action pattern %q", errLeftOut, a)
		}
		actions = append(actions, "Action::"+strconv.Quote(a))
	}
	scope := "== " + actions[0]
	if len(actions) > 1 {
		scope = "in [" + strings.Join(actions, ", ") + "]"
	}
	var tests []string
	like, err := cedarLike("context.arn", s.Resources)
	if err != nil {
		return err
	}
	tests = append(tests, like)
	for i := range s.Conditions {
		test, err := cedarCondition(&s.Conditions[i])
		if err != nil {
			return err
		}
		tests = append(tests, test)
	}
	fmt.Fprintf(b, "%s (\n  principal,\n  action %s,\n  resource\n)\nwhen {\n  %s\n};\n", effect, scope, strings.Join(tests, " &&\n  "))
	return nil
}

func cedarCondition(c *workload.Condition) (string, error) {
	key := cedarKey(c.Key)
	switch c.Operator {
	case "StringEquals":
		return cedarMember(key, c.Values), nil
	case "StringNotEquals":
		return "!(" + cedarMember(key, c.Values) + ")", nil
	case "StringLike":
		return cedarLike(key, c.Values)
	case "IpAddress":
		var tests []string
		for _, v := range c.Values {
			tests = append(tests, key+".isInRange(ip("+strconv.Quote(v)+"))")
		}
		return "(" + strings.Join(tests, " || ") + ")", nil
	case "ForAllValues:StringEquals":
		return cedarList(c.Values) + ".containsAll(" + key + ")", nil
	}
	return "", fmt.Errorf("%w: %s", errLeftOut, c.Operator)
}

func cedarKey(name string) string { return "context[" + strconv.Quote(name) + "]" }

func cedarMember(key string, values []string) string {
	if len(values) == 1 {
		return key + " == " + strconv.Quote(values[0])
	}
	return cedarList(values) + ".contains(" + key + ")"
}

func cedarList(values []string) string {
	var quoted []string
	for _, v := range values {
		quoted = append(quoted, strconv.Quote(v))
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// cedarLike tests a text against patterns, those without a star for equality.
func cedarLike(text string, patterns []string) (string, error) {
	var tests []string
	for _, p := range patterns {
		switch {
		case strings.Contains(p, "?"):
			return "", fmt.Errorf("%w: the question mark of %q", errLeftOut, p)
		case strings.Contains(p, "*"):
			tests = append(tests, text+" like "+strconv.Quote(p))
		default:
			tests = append(tests, text+" == "+strconv.Quote(p))
		}
	}
	if len(tests) == 1 {
		return tests[0], nil
	}
	return "(" + strings.Join(tests, " || ") + ")", nil
}

// A cedarType is the type that a context key has in Cedar.
type cedarType uint8

const (
	cedarString cedarType = iota
	cedarAddress
	cedarSet
)

// cedarTypes follow from the operators that the policies ask a key with.
func cedarTypes(policies []workload.Policy) map[string]cedarType {
	types := make(map[string]cedarType)
	for i := range policies {
		for _, s := range policies[i].Statements {
			for _, c := range s.Conditions {
				switch c.Operator {
				case "IpAddress":
					types[c.Key] = cedarAddress
				case "ForAllValues:StringEquals":
					types[c.Key] = cedarSet
				}
			}
		}
	}
	return types
}

// cedarRequest reads everything in a request that can be read before it is
// asked, addresses too.
func cedarRequest(principal string, r *workload.Request, keys map[string]cedarType) (cedargo.Request, error) {
	context := cedargo.RecordMap{"arn": cedargo.String(r.Resource)}
	for _, k := range r.Context {
		value, err := cedarValue(keys[k.Name], k.Values)
		if err != nil {
			return cedargo.Request{}, err
		}
		context[cedargo.String(k.Name)] = value
	}
	return cedargo.Request{
		Principal: cedargo.NewEntityUID("User", cedargo.String(principal)),
		Action:    cedargo.NewEntityUID("Action", cedargo.String(r.Action)),
		Resource:  cedargo.NewEntityUID("Object", cedargo.String(r.Resource)),
		Context:   cedargo.NewRecord(context),
	}, nil
}

func cedarValue(t cedarType, values []string) (cedargo.Value, error) {
	switch t {
	case cedarAddress:
		return types.ParseIPAddr(values[0])
	case cedarSet:
		var members []cedargo.Value
		for _, v := range values {
			members = append(members, cedargo.String(v))
		}
		return cedargo.NewSet(members...), nil
	}
	return cedargo.String(values[0]), nil
}
