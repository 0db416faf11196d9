package catalog

import (
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// The data are one line of ASCII, then compressed texts (flate) end to end: the
// index, then chunks of services. A chunk is the unit that is inflated: as
// small as it can be without losing much to the compression.
//
//	iamsim catalog 1 <bytes of the index>/<bytes of its text>
//
// Every line of the texts ends in a line feed, and its first word tells its
// kind. The index has these:
//
//	date 2026-09-26
//	k <type> <name>                  a context key; sorted regardless of case, counted from 0
//	arns <word> <service>…           services that have types with ARNs of another service
//	chunk <bytes>/<bytes of its text> <service>…
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
	header     = "iamsim catalog 1 "
	keyTypes   = "SABNDIY" // by policy.ValueType
	levels     = "LRWTP"   // by policy.AccessLevel
	digits     = '0'       // the first character of counts in names
	groups     = '!'       // the first of numbers of groups
	radix      = 90        // of numbers of groups that take two characters
	largest    = 4 << 20   // bytes of an inflated text
	local      = "${Partition}:"
	everywhere = "arn:" + local
)

// A chunk is a run of services, compressed together.
type chunk struct {
	data  string
	size  int // of the text
	once  sync.Once
	texts []string // of each service
	err   error
}

// inflate reads a compressed text of the given size.
func inflate(data string, size int) (string, error) {
	text := make([]byte, size)
	r := flate.NewReader(strings.NewReader(data))
	if _, err := io.ReadFull(r, text); err != nil {
		return "", fmt.Errorf("compressed data: %w", err)
	}
	if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		return "", fmt.Errorf("compressed data of more than %d bytes", size)
	}
	return string(text), nil
}

// services are the texts of the services in the chunk.
func (c *chunk) services() ([]string, error) {
	c.once.Do(func() {
		var text string
		if text, c.err = inflate(c.data, c.size); c.err != nil {
			return
		}
		c.data = ""
		for at := 0; at < len(text); {
			end := strings.Index(text[at:], "\n@")
			if end < 0 {
				end = len(text) - at - 1
			}
			c.texts = append(c.texts, text[at:at+end+1])
			at += end + 1
		}
	})
	return c.texts, c.err
}

// parseIndex reads the first line and the index.
func parseIndex(data string) (*index, error) {
	first, rest, ok := strings.Cut(data, "\n")
	size, isOurs := strings.CutPrefix(first, header)
	if !ok || !isOurs {
		return nil, fmt.Errorf("data begin with %s, not with %q", spelling.Quote(first), header)
	}
	packed, length, rest, err := take(rest, size)
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	text, err := inflate(packed, length)
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	x := &index{foreign: map[string][]*service{}}
	x.keys = make([]policy.ConditionKey, 0, strings.Count(text, "\nk "))
	var foreign []string
	for line := range lines(text) {
		kind, value, _ := strings.Cut(line, " ")
		switch kind {
		case "date":
			x.date = value
		case "k":
			err = x.addKey(value)
		case "arns":
			foreign = append(foreign, value)
		case "chunk":
			rest, err = x.addChunk(value, rest)
		default:
			err = errors.New("no line begins so")
		}
		if err != nil {
			return nil, fmt.Errorf("index: %s: %w", spelling.Quote(line), err)
		}
	}
	if rest != "" {
		return nil, fmt.Errorf("%d bytes follow the last chunk", len(rest))
	}
	if !slices.IsSortedFunc(x.services, func(a, b *service) int { return fold.Compare(a.prefix, b.prefix) }) {
		return nil, errors.New("index: services are not sorted")
	}
	for _, line := range foreign {
		if err := x.addForeign(line); err != nil {
			return nil, fmt.Errorf("index: %s: %w", spelling.Quote(line), err)
		}
	}
	x.findOpenKeys()
	return x, nil
}

// take cuts compressed bytes from data; sizes are their number and that of the
// text in them.
func take(data, sizes string) (packed string, length int, rest string, err error) {
	first, second, _ := strings.Cut(sizes, "/")
	n, err := number(first, len(data)+1)
	if err == nil {
		length, err = number(second, largest)
	}
	if err != nil {
		return "", 0, "", err
	}
	return data[:n], length, data[n:], nil
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
			key.Presence = policy.Always
		case c == '~':
			key.Presence = policy.Signed
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

func (x *index) addChunk(line, data string) (rest string, err error) {
	size, names, ok := strings.Cut(line, " ")
	if !ok {
		return "", errors.New("a chunk needs services")
	}
	c := &chunk{}
	if c.data, c.size, rest, err = take(data, size); err != nil {
		return "", err
	}
	for i, name := range strings.Split(names, " ") {
		x.services = append(x.services, &service{prefix: name, index: x, chunk: c, place: i})
	}
	return rest, nil
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
