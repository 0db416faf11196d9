package facts

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/policy"
)

// Compare lists what changed, a line each: "+" for what is new, "-" for what is
// gone, "~" for what is different. Neither may be nil; &Facts{} has no facts.
func Compare(before, after *Facts) string {
	var b strings.Builder
	old, new := before.sentences(), after.sentences()
	names := slices.Sorted(maps.Keys(new))
	for name := range old {
		if _, ok := new[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	count := map[byte]int{}
	for _, name := range names {
		was, had := old[name]
		is, has := new[name]
		var line string
		switch {
		case was == is && had == has:
			continue
		case !had:
			line = strings.TrimSuffix("+ "+name+": "+is, ": ")
		case !has:
			line = "- " + name
		default:
			line = "~ " + name + ": " + was + " → " + is
		}
		count[line[0]]++
		b.WriteString(line + "\n")
	}
	fmt.Fprintf(&b, "data of %s: %s\n", after.Date, after.size())
	if before.Date != "" {
		fmt.Fprintf(&b, "since %s: %d new, %d gone, %d different\n", before.Date, count['+'], count['-'], count['~'])
	}
	return b.String()
}

// size counts what the facts are about. A key counts for each service.
func (f *Facts) size() string {
	actions, types, keys := 0, 0, 0
	for _, s := range f.Services {
		actions, types, keys = actions+len(s.Actions), types+len(s.Types), keys+len(s.Keys)
	}
	return fmt.Sprintf("%d services, %d actions, %d resource types, %d keys", len(f.Services), actions, types, keys)
}

// sentences say everything, by what it is about.
func (f *Facts) sentences() map[string]string {
	all := map[string]string{}
	for _, k := range f.Keys {
		all["key "+k.Name] = describeKey(k)
	}
	for _, s := range f.Services {
		all["service "+s.Prefix] = ""
		for _, k := range s.Keys {
			all["service "+s.Prefix+" has "+k.Name] = ""
		}
		for _, t := range s.Types {
			all["resource type "+s.Prefix+" "+t.Name] = strings.Join(t.Formats, " or ") + "; keys " + keyNames(t.Keys)
		}
		for _, a := range s.Actions {
			all["action "+a.Name] = describeAction(a)
		}
		for _, r := range s.Retired {
			all["retired "+r.Name] = strings.Join(r.Successors, ", ")
		}
	}
	return all
}

func describeKey(k *policy.ConditionKey) string {
	text := k.Type.String()
	if k.AlsoType != 0 {
		text += " or " + k.AlsoType.String()
	}
	if k.Multivalued {
		text += ", several values"
	}
	switch {
	case k.Always:
		text += ", always"
	case k.WhenSigned:
		text += ", in every signed request"
	default:
		text += ", sometimes"
	}
	if k.Everywhere {
		text += ", everywhere"
	}
	return text
}

func describeAction(a *Action) string {
	resources := "*"
	if len(a.Resources) > 0 {
		var names []string
		for _, r := range a.Resources {
			name := r.Type.Name
			switch {
			case r.Observed:
				name += " (observed)"
			case !r.Required:
				name += " (optional)"
			}
			names = append(names, name)
		}
		resources = strings.Join(names, ", ")
	}
	text := string(a.Level) + " on " + resources + "; keys " + keyNames(a.Keys)
	if len(a.Without) > 0 {
		text += "; never " + keyNames(a.Without)
	}
	if a.PermissionOnly {
		text += "; no operation"
	}
	if len(a.Operations) > 0 && !slices.Equal(a.Operations, []string{a.Name[strings.Index(a.Name, ":")+1:]}) {
		text += "; operations " + strings.Join(a.Operations, ", ")
	}
	if len(a.DependentActions) > 0 {
		text += "; also " + strings.Join(a.DependentActions, ", ")
	}
	return text
}

func keyNames(keys []*policy.ConditionKey) string {
	if len(keys) == 0 {
		return "none"
	}
	var names []string
	for _, k := range keys {
		names = append(names, k.Name)
	}
	return strings.Join(names, ", ")
}
