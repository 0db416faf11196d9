package apicall

import (
	"errors"
	"fmt"
	"strings"
)

// kind is what a parameter can be.
type kind uint8

const (
	aString kind = iota
	aNumber
	aBool
	aTime     // a string or a number
	aFunction // a string: a name or ARN, with qualifier or not
	anURLFunction
	anAccount
	aList
	aMap
	aStructure
)

// A valueType is the type of a parameter.
type valueType struct {
	kind    kind
	element *valueType // of a list or map
	shape   string     // of a structure
	words   []string   // a string must be one of these; nil: any
}

var kinds = map[string]kind{
	"": aString, "number": aNumber, "bool": aBool, "time": aTime, "account": anAccount,
	"function": aFunction, "function-without-version": anURLFunction,
}

func parseShape(words []string) (shape, error) {
	var s shape
	for _, word := range words {
		name, text, typed := strings.Cut(word, "=")
		m := member{name: name}
		m.name, m.required = strings.CutSuffix(name, "*")
		if typed && text == "" || m.name == "" {
			return s, fmt.Errorf("%q is no member", word)
		}
		var err error
		if m.valueType, err = parseType(text); err != nil {
			return s, err
		}
		s.members = append(s.members, m)
	}
	return s, nil
}

func parseType(text string) (valueType, error) {
	if k, ok := kinds[text]; ok {
		return valueType{kind: k}, nil
	}
	for brackets, k := range map[string]kind{"[]": aList, "{}": aMap} {
		if text[0] != brackets[0] {
			continue
		}
		if text[len(text)-1] != brackets[1] {
			return valueType{}, errors.New("a bracket does not close")
		}
		element, err := parseType(text[1 : len(text)-1])
		return valueType{kind: k, element: &element}, err
	}
	if strings.Contains(text, "|") {
		return valueType{kind: aString, words: strings.Split(text, "|")}, nil
	}
	return valueType{kind: aStructure, shape: text}, nil
}

// what names the type in a message.
func (v *valueType) what() string {
	switch v.kind {
	case aNumber:
		return "a number"
	case aBool:
		return "true or false"
	case aTime:
		return "a time, as a string or a number"
	case aList:
		return "a list"
	case aMap, aStructure:
		return "an object"
	}
	return "a string"
}
