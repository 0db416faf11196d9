package twin_test

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/policy"
)

// condition adds one key of an operator to the statement.
func (g *generator) condition(st *policy.Statement, active bool) {
	k := g.key()
	if given := g.given(); len(g.favourites) > 0 && g.chance(25) {
		k = pick(g.draw, g.favourites)
	} else if len(given) > 0 && g.chance(45) {
		name := pick(g.draw, given)
		if i := slices.IndexFunc(contextKeys, func(k contextKey) bool { return strings.EqualFold(k.name, name) }); i >= 0 {
			k = contextKeys[i] // else it stands for a family
		}
	}
	tests := k.values.tests
	switch {
	case g.chance(8):
		tests = []string{"Null"}
	case g.chance(15):
		tests = allTests
	}
	text := pick(g.draw, tests)
	if text != "Null" && g.chance(20) {
		text += "IfExists"
	}
	switch {
	case g.chance(12):
		text = "ForAllValues:" + text
	case g.chance(12):
		text = "ForAnyValue:" + text
	}
	op, err := policy.ParseOperator(text)
	if err != nil {
		panic(err)
	}
	c := policy.Condition{Operator: op, Key: g.spelling(k.name), Values: policy.Values{}}
	n := 1 + g.draw(3)
	if g.draw(50) == 0 {
		n = 12
	}
	for range n {
		c.Values = append(c.Values, g.conditionValue(k, op, active))
	}
	if g.chance(3) {
		c.Values = policy.Values{}
	}
	repeated := slices.ContainsFunc(st.Condition, func(other policy.Condition) bool {
		return other.Operator == op && strings.EqualFold(other.Key, c.Key)
	})
	if !repeated {
		st.Condition = append(st.Condition, c)
	}
}

// outsideLatin1: IAM takes no such characters in a policy.
func outsideLatin1(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool { return c > 0xFF })
}

// given are the keys that the request says something about.
func (g *generator) given() []string {
	names := slices.Concat(g.request.Unknown, g.request.Present)
	for _, k := range g.request.Context {
		names = append(names, k.Name)
	}
	return names
}

// conditionValue is a value of the key's type, often one that the request has.
func (g *generator) conditionValue(k contextKey, op policy.Operator, active bool) string {
	if op.Test == policy.Null {
		return pick(g.draw, []string{"true", "false"})
	}
	substituted := op.Variables() || !active
	pool := slices.Concat(k.values.inBoth, k.values.inPolicy, k.own)
	for _, given := range g.request.Context {
		if strings.EqualFold(given.Name, k.name) && g.chance(50) && !slices.ContainsFunc(given.Values, outsideLatin1) {
			pool = given.Values
		}
	}
	value := ""
	if len(pool) > 0 {
		value = pick(g.draw, pool)
	}
	if !substituted {
		return strings.ReplaceAll(value, "${*}", "*")
	}
	switch {
	case g.chance(10):
		value = g.variable()
	case g.chance(6):
		value = g.variable() + pick(g.draw, []string{"", ":", "*"}) + g.variable()
	case g.chance(6):
		value += g.variable()
	case g.chance(5):
		value = g.variable() + value
	case g.chance(5) && value != "" && !strings.Contains(value, "$"):
		value = g.wild(value, '*')
	}
	return value
}

// variable is a policy variable, often of a key that the request has.
func (g *generator) variable() string {
	given := g.given()
	for _, k := range g.favourites {
		given = append(given, k.name)
	}
	if len(given) == 0 || g.chance(60) {
		return pick(g.draw, variables)
	}
	name := g.spelling(pick(g.draw, given))
	if g.chance(40) {
		return "${" + name + ", '" + pick(g.draw, strings_.inBoth) + "'}"
	}
	return "${" + name + "}"
}
