package twin

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/policy"
)

// condition is whether one key of one operator block holds: the table of C.2
// with absent keys (C.3) and set operators (C.4).
func (r *request) condition(c policy.Condition, variables bool) truth {
	// A negated operator is its positive twin with another end (C-2).
	name := c.Operator.Test.String()
	test := strings.Replace(name, "Not", "", 1)
	negated := test != name

	v := r.value(c.Key)
	if test == "Null" {
		return null(c.Values, v.state)
	}
	// satisfied: one of the policy's values matches, or none for a negated
	// operator (C-1, C-2, C-33).
	satisfied := func(match func(policyValue string) truth) truth {
		some := no
		for _, policyValue := range c.Values {
			some = max(some, match(policyValue))
		}
		if negated {
			return not(some)
		}
		return some
	}
	each := func(requestValue string) truth {
		return satisfied(func(policyValue string) truth { return r.compare(test, policyValue, requestValue, variables) })
	}

	switch v.state {
	case unknown:
		return maybe
	case present:
		if v.prefix == "" && v.suffix == "" {
			return maybe
		}
		switch test {
		case "StringEquals", "StringLike", "ArnEquals", "ArnLike":
			return satisfied(func(policyValue string) truth { return compareEnds(test, policyValue, v, variables) })
		}
		return maybe
	case absent:
		switch {
		case c.Operator.Set == policy.ForAnyValue: // C-34
			return no
		case c.Operator.Set == policy.ForAllValues, c.Operator.IfExists: // C-31, C-21
			return yes
		}
		return is(negated) // C-22
	}
	switch c.Operator.Set {
	case policy.ForAllValues:
		all := yes
		for _, requestValue := range v.values {
			all = min(all, each(requestValue))
		}
		return all
	case policy.ForAnyValue:
		some := no
		for _, requestValue := range v.values {
			some = max(some, each(requestValue))
		}
		return some
	}
	if len(v.values) > 1 {
		return no // C-37
	}
	return each(v.values[0])
}

// null: "true" asks for an absent key, "false" for a present one; the list is
// an OR (C-20, L-11).
func null(policyValues []string, s state) truth {
	ifAbsent, ifPresent := false, false
	for _, v := range policyValues {
		ifAbsent = ifAbsent || v == "true"
		ifPresent = ifPresent || v == "false"
	}
	switch {
	case ifAbsent == ifPresent:
		return is(ifAbsent)
	case s == unknown:
		return maybe
	}
	return is(ifAbsent == (s == absent))
}

// compare is one value of the policy with one value of the request (C.2).
func (r *request) compare(test, policyValue, requestValue string, variables bool) truth {
	switch test {
	case "StringEquals":
		text, bound := r.bind(pieces(policyValue, variables))
		return min(bound, is(matches(symbols(text[0], literal), requestValue)))
	case "StringLike":
		text, bound := r.bind(pieces(policyValue, variables))
		return min(bound, is(matches(symbols(text[0], wildcards), requestValue)))
	case "ArnEquals", "ArnLike": // the same (C-11)
		return r.arnLike(policyValue, requestValue, variables)
	case "StringEqualsIgnoreCase":
		return r.equalIgnoringCase(strings.EqualFold, policyValue, requestValue, variables) // L-12
	case "Bool": // C-18, C-42
		if !isBool(requestValue) {
			return no
		}
		ascii := func(a, b string) bool { return lower(a) == lower(b) }
		return r.equalIgnoringCase(ascii, policyValue, requestValue, variables)
	case "BinaryEquals":
		return is(equalBinary(policyValue, requestValue))
	case "IpAddress":
		return is(inRange(requestValue, policyValue))
	}
	if order, ok := strings.CutPrefix(test, "Numeric"); ok {
		return is(ordered(order, requestValue, policyValue, parseNumber))
	}
	order, _ := strings.CutPrefix(test, "Date")
	return is(ordered(order, requestValue, policyValue, parseDate))
}

// equalIgnoringCase compares two texts, the policy's with the values of its
// variables. Up to the first that is not known the two must be equal.
func (r *request) equalIgnoringCase(equal func(a, b string) bool, policyValue, requestValue string, variables bool) truth {
	beginning, open := "", false
	for _, p := range pieces(policyValue, variables) {
		text, t := p.text, yes
		if p.key != "" {
			text, t = r.variable(p)
		}
		if t == no {
			return no
		}
		open = open || t == maybe
		if !open {
			beginning += text
		}
	}
	if !open {
		return is(equal(beginning, requestValue))
	}
	chars, n := []rune(requestValue), len([]rune(beginning))
	return min(maybe, is(len(chars) >= n && equal(beginning, string(chars[:n]))))
}

// compareEnds is one value of the policy with a value of which only the ends
// are known: no if it cannot be, yes if it must be.
func compareEnds(test, policyValue string, v value, variables bool) truth {
	list := pieces(policyValue, variables)
	if strings.HasPrefix(test, "Arn") && !(len(list) == 1 && list[0].key != "") && len(splitPieces(list)) != 6 {
		return no // C-13
	}
	// The literal beginning, and what comes behind it.
	var beginning string
	var wild []symbolKind
	for _, p := range list {
		read := wildcards
		if test == "StringEquals" || p.escaped {
			read = literal
		}
		symbols := read(p.text)
		if p.key != "" {
			symbols = []symbol{{what: someValue}}
		}
		for _, s := range symbols {
			switch {
			case s.what != char || len(wild) > 0:
				wild = append(wild, s.what)
			default:
				beginning += string(s.char)
			}
		}
	}
	switch {
	case len(wild) == 0: // literal
		fits := len(beginning) >= len(v.prefix)+len(v.suffix) &&
			strings.HasPrefix(beginning, v.prefix) && strings.HasSuffix(beginning, v.suffix)
		return min(maybe, is(fits))
	case !strings.HasPrefix(beginning, v.prefix) && !strings.HasPrefix(v.prefix, beginning):
		return no
	case onlyStars(wild) && strings.HasPrefix(v.prefix, beginning):
		return yes
	}
	return maybe
}

func onlyStars(symbols []symbolKind) bool {
	return !slices.ContainsFunc(symbols, func(s symbolKind) bool { return s != anyRun })
}
