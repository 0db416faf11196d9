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
	anInteger // not negative, and written plainly
	aBool
	aTime     // a string or a number
	aFunction // a string: a name or ARN, with qualifier or not
	anURLFunction
	anAccount
	aNameOrARN
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

// kindNamed is the kind that a word of operations.txt names.
func kindNamed(word string) (kind, bool) {
	switch word {
	case "":
		return aString, true
	case "number":
		return aNumber, true
	case "integer":
		return anInteger, true
	case "bool":
		return aBool, true
	case "time":
		return aTime, true
	case "account":
		return anAccount, true
	case "name-or-arn":
		return aNameOrARN, true
	case "function":
		return aFunction, true
	case "function-without-version":
		return anURLFunction, true
	}
	return 0, false
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
	if k, ok := kindNamed(text); ok {
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
	case anInteger:
		return "a whole number"
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
