package facts

import (
	"errors"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// corrections adds what the package lacks and mends what it has wrong. Each
// line is a word and what it is about; "#" begins a comment. A correction that
// no longer applies is a fault, so that the list is kept up.
//
//	key <name> <type>[,<type>][*] <presence> <where>
//	resource <service> <ARN> <resource type>
//	observed <action> <resource type>, …
//	operations <service> …
//	operation <action> <operation> …
//	permission <action> …
//	dependent <action> <action> …
//	without <action> <key> …
//	retired <name> <action> …
//
// The presence of a key is always, signed or sometimes; "*" after its type says
// that it can have several values. Where is everywhere, or documented: for the
// actions and types for which the package has it.
func (r *reader) corrections(text string) {
	kinds := map[string]func(words []string) error{
		"key": r.correctKey, "resource": r.addResource, "observed": r.observe, "operations": r.nameOperations, "operation": r.nameOperation,
		"permission": r.permissions, "dependent": r.depend, "without": r.withhold, "retired": r.retire,
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		correct := kinds[words[0]]
		var err error
		switch {
		case correct == nil:
			err = errors.New("no correction begins so")
		case len(words) < 2:
			err = errors.New("it says nothing")
		default:
			err = correct(words[1:])
		}
		if err != nil {
			r.fault("corrections:%d: %s: %w", number, spelling.Quote(strings.TrimSpace(line)), err)
		}
	}
	for _, name := range r.disputed {
		r.fault("services do not agree on the key %s: a correction has to say what it is", spelling.Quote(r.keys[name].Name))
	}
	for _, k := range sorted(r.keys) {
		if strings.HasPrefix(k.Name, "aws:") && !k.Always && !k.WhenSigned && !k.Everywhere && !slices.Contains(r.documented, k) {
			r.fault("the global key %s has no line in the corrections, which say when it is present", spelling.Quote(k.Name))
		}
	}
}

func (r *reader) correctKey(words []string) error {
	if len(words) != 4 {
		return errors.New("a key has name, type, presence and where it is found")
	}
	k := r.keys[keyName(words[0])]
	if k == nil {
		k = &policy.ConditionKey{}
		r.keys[keyName(words[0])] = k
	}
	name := words[0]
	if k.Name != "" {
		name = k.Name // as the service spells it
	}
	*k = policy.ConditionKey{Name: name}
	types, several := strings.CutSuffix(words[1], "*")
	first, second, two := strings.Cut(types, ",")
	k.Type, k.AlsoType, k.Multivalued = keyTypeNames[first], keyTypeNames[second], several
	if k.Type == 0 || two && k.AlsoType == 0 {
		return errors.New("no such type")
	}
	switch words[2] {
	case "always":
		k.Always = true
	case "signed":
		k.WhenSigned = true
	case "sometimes":
	default:
		return errors.New("a key is present always, signed or sometimes")
	}
	switch words[3] {
	case "everywhere":
		k.Everywhere = true
	case "documented":
		r.documented = append(r.documented, k)
	default:
		return errors.New("a key is found everywhere, or where it is documented")
	}
	r.disputed = slices.DeleteFunc(r.disputed, func(name string) bool { return name == keyName(k.Name) })
	return nil
}

// named finds the action with which a correction begins.
func (r *reader) named(name string) (*Service, *Action, error) {
	prefix, _, _ := strings.Cut(name, ":")
	a := r.facts.action(name)
	if a == nil {
		return nil, nil, errors.New("there is no such action")
	}
	return r.facts.service(prefix), a, nil
}

// addResource adds a format of ARNs to a type, or a type to a service. The name
// of a type may have spaces.
func (r *reader) addResource(words []string) error {
	if len(words) < 3 {
		return errors.New("a resource has service, ARN and type")
	}
	format, name := words[1], strings.Join(words[2:], " ")
	s := r.facts.service(words[0])
	switch {
	case s == nil:
		return errors.New("there is no such service")
	case !isFormat(format):
		return errors.New("that is no ARN")
	}
	t := s.resourceType(name)
	if t == nil {
		t = &policy.ResourceType{Service: s.Prefix, Name: name}
		s.Types = append(s.Types, t)
		slices.SortFunc(s.Types, func(a, b *policy.ResourceType) int { return fold.Compare(a.Name, b.Name) })
	}
	if slices.Contains(t.Formats, format) {
		return errors.New("the package has the ARN by now")
	}
	t.Formats = append(t.Formats, format)
	return nil
}

func (r *reader) observe(words []string) error {
	s, a, err := r.named(words[0])
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(strings.Join(words[1:], " "), ", ") {
		t := s.resourceType(name)
		switch {
		case t == nil:
			return errors.New("there is no such resource type")
		case slices.ContainsFunc(a.Resources, func(r policy.ActionResource) bool { return r.Type == t }):
			return errors.New("the package names the resource type by now")
		}
		a.Resources = append(a.Resources, policy.ActionResource{Type: t, Observed: true})
	}
	return nil
}

func (r *reader) nameOperations(words []string) error {
	for _, prefix := range words {
		s := r.facts.service(prefix)
		if s == nil {
			return errors.New("there is no such service")
		}
		s.Named = true
		for _, a := range s.Actions {
			a.Operations = []string{strings.TrimPrefix(a.Name, prefix+":")}
		}
	}
	return nil
}

func (r *reader) nameOperation(words []string) error {
	s, a, err := r.named(words[0])
	switch {
	case err != nil:
		return err
	case !s.Named:
		return errors.New("the operations of the service are not known")
	case slices.Equal(a.Operations, words[1:]):
		return errors.New("that is the rule anyway")
	}
	a.Operations, a.PermissionOnly = words[1:], len(words) == 1
	return nil
}

func (r *reader) permissions(words []string) error {
	for _, name := range words {
		if err := r.nameOperation([]string{name}); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) depend(words []string) error {
	_, a, err := r.named(words[0])
	if err != nil {
		return err
	}
	for _, name := range words[1:] {
		if r.facts.action(name) == nil {
			return errors.New("there is no such dependent action")
		}
	}
	a.DependentActions = words[1:]
	return nil
}

func (r *reader) withhold(words []string) error {
	_, a, err := r.named(words[0])
	if err != nil {
		return err
	}
	for _, name := range words[1:] {
		k := r.keys[keyName(name)]
		if k == nil {
			return errors.New("there is no such key")
		}
		a.Without = append(a.Without, k)
	}
	slices.SortFunc(a.Without, byKey)
	return nil
}

func (r *reader) retire(words []string) error {
	prefix, _, _ := strings.Cut(words[0], ":")
	s := r.facts.service(prefix)
	switch {
	case s == nil:
		return errors.New("there is no such service")
	case r.facts.action(words[0]) != nil:
		return errors.New("there is such an action")
	case len(words) == 1:
		return errors.New("nothing took its place")
	}
	for _, name := range words[1:] {
		if r.facts.action(name) == nil || !strings.HasPrefix(name, prefix+":") {
			return errors.New("no action of the service took its place")
		}
	}
	s.Retired = append(s.Retired, Retired{Name: words[0], Successors: words[1:]})
	return nil
}
