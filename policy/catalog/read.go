package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/packed"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// The data are texts that are packed together, one of each service (see
// internal/packed). The index has these lines:
//
//	date 2026-09-26
//	k <type> <name>                  a context key; sorted regardless of case, counted from 0
//	arns <word> <service>…           services that have types with ARNs of another service
//
// A type is a letter of keyTypes, or two, then "*" for several values, "!" for
// a key of every request, "~" of every signed one, "@" of requests to every
// service. A service has these, in this order:
//
//	@lambda
//	k <key>…                         keys by their numbers; what follows numbers them from 0 in this order
//	r <name> TAB <ARN>|… TAB <key>,… resource types, counted from 0; ~ begins an ARN of the service, ^ any other
//	g <level> <type>,… <key>,…       a group: level, types ("?" optional, "~" observed) and keys of actions; "-" for none
//	a <action>…                      names, sorted regardless of case: the count of letters shared with the one before, the rest
//	i <group>…                       the group of each action, one or two characters
//	o <action> <operation>…          operations of another name; none: a permission without operation
//	o                                all other actions have the operation of their name
//	d <action> <action>…             dependent actions
//	w <action> <key>…                keys that requests for the action lack, by their numbers in the index
//	x <name> <action>…               a name that AWS gave up, and what took its place
const (
	title      = "iamsim catalog 1"
	keyTypes   = "SNDBYIA" // by policy.ValueType
	digits     = '0'       // the first character of counts in names
	groups     = '!'       // the first of numbers of groups
	radix      = 90        // of numbers of groups that take two characters
	local      = "${Partition}:"
	everywhere = "arn:" + local
)

// parseIndex reads the index.
func parseIndex(data string) (*index, error) {
	x := &index{foreign: map[string][]*service{}}
	var foreign []string
	texts, err := packed.Open(title, data, func(kind, value string) error {
		switch kind {
		case "date":
			x.date = value
		case "k":
			return x.addKey(value)
		case "arns":
			foreign = append(foreign, value)
		default:
			return errors.New("no line begins so")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range texts {
		x.services = append(x.services, &service{prefix: texts[i].Name, index: x, text: texts[i]})
	}
	if !slices.IsSortedFunc(x.services, func(a, b *service) int { return fold.Compare(a.prefix, b.prefix) }) {
		return nil, errors.New("index: services are not sorted")
	}
	for _, line := range foreign {
		if err := x.addForeign(line); err != nil {
			return nil, fmt.Errorf("index: %s: %w", spelling.Quote("arns "+line), err)
		}
	}
	x.findOpenKeys()
	return x, nil
}

func (x *index) addKey(line string) error {
	kind, name, ok := strings.Cut(line, " ")
	key := policy.ConditionKey{Name: name}
	for i, c := range kind {
		t := policy.ValueType(strings.IndexRune(keyTypes, c) + 1)
		switch {
		case t > 0 && i == 0:
			key.Type = t
		case t > 0 && i == 1:
			key.AlsoType = t
		case c == '*':
			key.Multivalued = true
		case c == '!':
			key.Always = true
		case c == '~':
			key.WhenSigned = true
		case c == '@':
			key.Everywhere = true
		default:
			return errors.New("no such type of key")
		}
	}
	if !ok || key.Type == 0 || name == "" {
		return errors.New("a key needs a type and a name")
	}
	if n := len(x.keys); n > 0 && fold.Compare(x.keys[n-1].Name, name) >= 0 {
		return errors.New("keys are not sorted")
	}
	x.keys = append(x.keys, key)
	return nil
}

func (x *index) addForeign(line string) error {
	words := strings.Split(line, " ")
	for _, name := range words[1:] {
		s := x.service(name)
		if s == nil {
			return fmt.Errorf("no service %s", spelling.Quote(name))
		}
		x.foreign[words[0]] = append(x.foreign[words[0]], s)
	}
	return nil
}
