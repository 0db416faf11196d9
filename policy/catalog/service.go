package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/packed"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// A service is read from its text when it is first asked for.
type service struct {
	prefix string
	index  *index
	text   packed.Text

	once        sync.Once
	err         error
	definitions definitions

	ends    sync.Once
	endings [][]string // by type and format, see ending
}

// definitions are what a service defines.
type definitions struct {
	actions []policy.ServiceAction // by folded name
	types   []policy.ResourceType
	keys    []*policy.ConditionKey
	retired []retired
	details map[*policy.ServiceAction]*details // of the few actions that have any
	named   bool                               // operations have the names of actions, but where the details say otherwise
}

// details are what few actions have.
type details struct {
	operations []string // if they have other names than the action
	dependent  []string
	without    []*policy.ConditionKey
}

// detail makes room for details of an action of this service.
func (d *definitions) detail(a *policy.ServiceAction) *details {
	if d.details == nil {
		d.details = map[*policy.ServiceAction]*details{}
	}
	if d.details[a] == nil {
		d.details[a] = &details{}
	}
	return d.details[a]
}

// retired is the name of an action that AWS gave up, and what took its place.
type retired struct {
	name       string
	successors []string
}

// get is read for data that are known to be sound.
func (s *service) get() *definitions {
	d, err := s.read()
	if err != nil {
		panic("catalog: the program was built with damaged data: " + err.Error())
	}
	return d
}

// read reads the service once.
func (s *service) read() (*definitions, error) {
	s.once.Do(func() {
		text, err := s.text.Read()
		if err == nil {
			err = s.parse(text)
		}
		if err != nil {
			s.err = fmt.Errorf("service %s: %w", spelling.Quote(s.prefix), err)
		}
	})
	return &s.definitions, s.err
}

// A group is what actions have in common. They share the slices.
type group struct {
	level     policy.AccessLevel
	resources []policy.ActionResource
	keys      []*policy.ConditionKey
}

// A parser reads the text of a service.
type parser struct {
	*service
	groups    []group
	names     string
	keys      slab[*policy.ConditionKey]
	resources slab[policy.ActionResource]
}

func (s *service) parse(text string) error {
	p := parser{service: s, groups: make([]group, 0, strings.Count(text, "\ng "))}
	d := &s.definitions
	// Actions point to types, so these must not move once there are groups.
	d.types = make([]policy.ResourceType, 0, strings.Count(text, "\nr "))
	first, text, _ := strings.Cut(text, "\n")
	if first != "@"+s.prefix {
		return fmt.Errorf("its text begins with %s", spelling.Quote(first))
	}
	for line := range lines(text) {
		kind, value, _ := strings.Cut(line, " ")
		var err error
		switch kind {
		case "k":
			d.keys, err = pick(strings.Split(value, " "), s.index.keys)
		case "r":
			err = p.addType(value)
		case "g":
			err = p.addGroup(value)
		case "a":
			p.names = value
		case "i":
			err = p.addActions(value)
		case "o", "d", "w":
			err = p.amend(kind, value)
		case "x":
			words := strings.Split(value, " ")
			d.retired = append(d.retired, retired{name: s.prefix + ":" + words[0], successors: s.qualified(words[1:])})
		default:
			err = errors.New("no line begins so")
		}
		if err != nil {
			return fmt.Errorf("%s: %w", spelling.Quote(line), err)
		}
	}
	if len(d.actions) == 0 {
		return errors.New("no actions")
	}
	return nil
}

// number reads a number below n.
func number(text string, n int) (int, error) {
	i, err := strconv.Atoi(text)
	if err != nil || i < 0 || i >= n {
		return 0, fmt.Errorf("%s is no number below %d", spelling.Quote(text), n)
	}
	return i, nil
}

// pick are the keys of the index that numbers name.
func pick(numbers []string, from []policy.ConditionKey) ([]*policy.ConditionKey, error) {
	keys := make([]*policy.ConditionKey, len(numbers))
	for i, text := range numbers {
		n, err := number(text, len(from))
		if err != nil {
			return nil, err
		}
		keys[i] = &from[n]
	}
	return keys, nil
}

// A slab hands out parts of larger arrays: groups need thousands of short
// slices.
type slab[T any] struct{ free []T }

func (s *slab[T]) take(n int) []T {
	if n > len(s.free) {
		s.free = make([]T, max(n, 128))
	}
	part := s.free[:n:n]
	s.free = s.free[n:]
	return part
}

// own are the keys of the service that a list names; "-" and "" name none.
func (p *parser) own(list string) ([]*policy.ConditionKey, error) {
	if list == "" || list == "-" {
		return nil, nil
	}
	keys := p.keys.take(strings.Count(list, ",") + 1)
	for i := range keys {
		text, rest, _ := strings.Cut(list, ",")
		n, err := number(text, len(p.definitions.keys))
		if err != nil {
			return nil, err
		}
		keys[i], list = p.definitions.keys[n], rest
	}
	return keys, nil
}

func (p *parser) addType(line string) error {
	d := &p.definitions
	name, rest, _ := strings.Cut(line, "\t")
	arns, list, _ := strings.Cut(rest, "\t")
	if name == "" {
		return errors.New("a type without a name")
	}
	t := policy.ResourceType{Service: p.prefix, Name: name}
	t.Formats = make([]string, 0, strings.Count(arns, "|")+1)
	for format := range strings.SplitSeq(arns, "|") {
		switch {
		case strings.HasPrefix(format, "~"):
			format = everywhere + p.prefix + ":${Region}:${Account}:" + format[1:]
		case strings.HasPrefix(format, "^"):
			format = everywhere + format[1:]
		default:
			return errors.New("an ARN begins with ~ or ^")
		}
		t.Formats = append(t.Formats, format)
	}
	var err error
	t.Keys, err = p.own(list)
	d.types = append(d.types, t)
	return err
}

// accessLevels are the access levels by their first letter.
var accessLevels = map[string]policy.AccessLevel{
	"L": "List", "R": "Read", "W": "Write", "T": "Tagging", "P": "Permissions management",
}

func (p *parser) addGroup(line string) (err error) {
	d := &p.definitions
	level, rest, _ := strings.Cut(line, " ")
	types, keys, ok := strings.Cut(rest, " ")
	accessLevel, known := accessLevels[level]
	if !ok || !known {
		return errors.New("a group has level, types and keys")
	}
	g := group{level: accessLevel}
	if types != "-" {
		g.resources = p.resources.take(strings.Count(types, ",") + 1)
	}
	for i := range g.resources {
		r := &g.resources[i]
		text, rest, _ := strings.Cut(types, ",")
		text, optional := strings.CutSuffix(text, "?")
		text, r.Observed = strings.CutSuffix(text, "~")
		r.Required = !optional && !r.Observed
		n, err := number(text, len(d.types))
		if err != nil {
			return err
		}
		r.Type, types = &d.types[n], rest
	}
	g.keys, err = p.own(keys)
	p.groups = append(p.groups, g)
	return err
}

// addActions reads the names, which become parts of one text, and the groups.
func (p *parser) addActions(numbers string) error {
	d, names, gs := &p.definitions, p.names, p.groups
	if len(d.actions) > 0 {
		return errors.New("a second list of actions")
	}
	width := 1
	if len(gs) > radix {
		width = 2
	}
	count := strings.Count(names, " ") + 1
	if len(numbers) != count*width {
		return fmt.Errorf("%d characters for the groups of %d actions", len(numbers), count)
	}
	prefix := p.prefix + ":"
	size := count*len(prefix) + len(names)
	for i := range len(names) {
		if i == 0 || names[i-1] == ' ' {
			size += int(names[i]) - digits
		}
	}
	var all strings.Builder
	all.Grow(max(0, size))
	ends := make([]int, count)
	last := ""
	for i := range ends {
		name, rest, _ := strings.Cut(names, " ")
		if name == "" || name[0] < digits || int(name[0])-digits > len(last) {
			return errors.New("a name that shares more than the one before has")
		}
		shared := int(name[0]) - digits
		if name = name[1:]; i > 0 && fold.Compare(last[shared:], name) >= 0 {
			return errors.New("names are not sorted")
		}
		start := all.Len() + len(prefix)
		all.WriteString(prefix)
		all.WriteString(last[:shared])
		all.WriteString(name)
		ends[i], last, names = all.Len(), all.String()[start:], rest
	}
	text, start := all.String(), 0
	d.actions = make([]policy.ServiceAction, count)
	for i, end := range ends {
		g := int(numbers[i*width]) - groups
		if width == 2 {
			g = g*radix + int(numbers[i*width+1]) - groups
		}
		if g < 0 || g >= len(gs) {
			return errors.New("an action of no group")
		}
		d.actions[i] = policy.ServiceAction{Name: text[start:end], Level: gs[g].level, Resources: gs[g].resources, Keys: gs[g].keys}
		start = end
	}
	return nil
}

// amend adds to an action what few have.
func (p *parser) amend(kind, line string) error {
	d := &p.definitions
	if line == "" && kind == "o" {
		d.named = true
		return nil
	}
	words := strings.Split(line, " ")
	a := d.action(p.prefix + ":" + words[0])
	if a == nil {
		return errors.New("no such action")
	}
	var err error
	switch words := words[1:]; kind {
	case "o":
		a.PermissionOnly = len(words) == 0
		d.detail(a).operations = words
	case "d":
		d.detail(a).dependent = words
	case "w":
		d.detail(a).without, err = pick(words, p.index.keys)
	}
	return err
}

// qualified puts the prefix before names of actions.
func (s *service) qualified(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = s.prefix + ":" + name
	}
	return all
}

// action finds an action by its whole name; nil if there is none.
func (d *definitions) action(name string) *policy.ServiceAction {
	i, ok := slices.BinarySearchFunc(d.actions, name, func(a policy.ServiceAction, name string) int { return fold.Compare(a.Name, name) })
	if !ok {
		return nil
	}
	return &d.actions[i]
}
