package facts

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/internal/packed"
	"github.com/iamsim/iamsim/policy"
)

// The grammar of the data stands in package catalog, which reads them.
const (
	keyTypes = "SNDBYIA" // by policy.ValueType
	radix    = 90        // groups that one character can number
	chunk    = 32 << 10  // bytes of text that are compressed together, or one service
)

// Encode writes the facts in the form that catalog.Parse reads. The same facts
// give the same bytes.
func (f *Facts) Encode() []byte {
	e := encoder{keys: map[*policy.ConditionKey]int{}, services: packed.NewWriter(chunk)}
	var index strings.Builder
	fmt.Fprintf(&index, "date %s\n", f.Date)
	for i, k := range f.Keys {
		e.keys[k] = i
		fmt.Fprintf(&index, "k %s %s\n", keyType(k), k.Name)
	}
	for _, line := range f.foreign() {
		fmt.Fprintf(&index, "arns %s\n", line)
	}
	for _, s := range f.Services {
		e.service(s)
	}
	return e.services.Bytes("iamsim catalog 1", index.String())
}

type encoder struct {
	keys     map[*policy.ConditionKey]int
	services *packed.Writer
}

func keyType(k *policy.ConditionKey) string {
	text := keyTypes[k.Type-1 : k.Type]
	if k.AlsoType != 0 {
		text += keyTypes[k.AlsoType-1 : k.AlsoType]
	}
	if k.Multivalued {
		text += "*"
	}
	switch {
	case k.Always:
		text += "!"
	case k.WhenSigned:
		text += "~"
	}
	if k.Everywhere {
		text += "@"
	}
	return text
}

// foreign lists for the services that ARNs name which other services have types
// with such ARNs. A service that is a placeholder is listed as "*".
func (f *Facts) foreign() []string {
	others := map[string][]string{}
	for _, s := range f.Services {
		for _, t := range s.Types {
			for _, format := range t.Formats {
				word := fields(format)[2]
				if strings.HasPrefix(word, "${") {
					word = "*"
				}
				if word != s.Prefix && !slices.Contains(others[word], s.Prefix) {
					others[word] = append(others[word], s.Prefix)
				}
			}
		}
	}
	var lines []string
	for _, word := range slices.Sorted(maps.Keys(others)) {
		lines = append(lines, word+" "+strings.Join(others[word], " "))
	}
	return lines
}

// fields splits a format at the colons outside its placeholders.
func fields(format string) []string {
	var all []string
	start, depth := 0, 0
	for i := range len(format) {
		switch format[i] {
		case '{':
			depth++
		case '}':
			depth--
		case ':':
			if depth == 0 {
				all = append(all, format[start:i])
				start = i + 1
			}
		}
	}
	return append(all, format[start:])
}

// service adds the text of a service.
func (e *encoder) service(s *Service) {
	var b strings.Builder
	fmt.Fprintf(&b, "@%s\n", s.Prefix)
	own := map[*policy.ConditionKey]int{}
	if len(s.Keys) > 0 {
		b.WriteString("k " + e.numbers(s.Keys) + "\n")
	}
	for i, k := range s.Keys {
		own[k] = i
	}
	types := map[*policy.ResourceType]int{}
	for i, t := range s.Types {
		types[t] = i
		formats := make([]string, len(t.Formats))
		for j, format := range t.Formats {
			if rest, ok := strings.CutPrefix(format, "arn:${Partition}:"+s.Prefix+":${Region}:${Account}:"); ok {
				formats[j] = "~" + rest
			} else {
				formats[j] = "^" + strings.TrimPrefix(format, "arn:${Partition}:")
			}
		}
		fmt.Fprintf(&b, "r %s\t%s", t.Name, strings.Join(formats, "|"))
		if len(t.Keys) > 0 {
			b.WriteString("\t" + list(t.Keys, own))
		}
		b.WriteString("\n")
	}
	e.actions(&b, s, own, types)
	e.services.Add(s.Prefix, b.String())
}

// actions writes groups, names, the group of each, and what few actions have.
func (e *encoder) actions(b *strings.Builder, s *Service, own map[*policy.ConditionKey]int, types map[*policy.ResourceType]int) {
	count := map[string]int{}
	of := make([]string, len(s.Actions))
	for i, a := range s.Actions {
		of[i] = group(a, own, types)
		count[of[i]]++
	}
	// The most frequent first, so that few characters do most of the work.
	groups := slices.SortedFunc(maps.Keys(count), func(x, y string) int {
		return cmp.Or(cmp.Compare(count[y], count[x]), cmp.Compare(x, y))
	})
	number := map[string]int{}
	for i, g := range groups {
		number[g] = i
		fmt.Fprintf(b, "g %s\n", g)
	}
	var names []string
	var numbers []byte
	last := ""
	for i, a := range s.Actions {
		name := a.Name[len(s.Prefix)+1:]
		shared := 0
		for shared < min(len(last), len(name), 'z'-'0') && last[shared] == name[shared] {
			shared++
		}
		names = append(names, string(rune('0'+shared))+name[shared:])
		last = name
		n := number[of[i]]
		if len(groups) > radix {
			numbers = append(numbers, '!'+byte(n/radix))
		}
		numbers = append(numbers, '!'+byte(n%radix))
	}
	fmt.Fprintf(b, "a %s\ni %s\n", strings.Join(names, " "), numbers)
	for _, a := range s.Actions {
		name := a.Name[len(s.Prefix)+1:]
		if s.Named && !slices.Equal(a.Operations, []string{name}) {
			b.WriteString(strings.Join(append([]string{"o", name}, a.Operations...), " ") + "\n")
		}
		if len(a.DependentActions) > 0 {
			fmt.Fprintf(b, "d %s %s\n", name, strings.Join(a.DependentActions, " "))
		}
		if len(a.Without) > 0 {
			fmt.Fprintf(b, "w %s %s\n", name, e.numbers(a.Without))
		}
	}
	if s.Named {
		b.WriteString("o\n")
	}
	for _, r := range s.Retired {
		words := []string{"x"}
		for _, name := range append([]string{r.Name}, r.Successors...) {
			words = append(words, name[len(s.Prefix)+1:])
		}
		b.WriteString(strings.Join(words, " ") + "\n")
	}
}

// numbers are the keys as they are counted in the index.
func (e *encoder) numbers(keys []*policy.ConditionKey) string {
	var words []string
	for _, k := range keys {
		words = append(words, strconv.Itoa(e.keys[k]))
	}
	return strings.Join(words, " ")
}

// list are the keys as the service counts them, in that order.
func list(keys []*policy.ConditionKey, own map[*policy.ConditionKey]int) string {
	if len(keys) == 0 {
		return "-"
	}
	var numbers []int
	for _, k := range keys {
		numbers = append(numbers, own[k])
	}
	slices.Sort(numbers)
	var words []string
	for _, n := range slices.Compact(numbers) {
		words = append(words, strconv.Itoa(n))
	}
	return strings.Join(words, ",")
}

// group is level, types and keys of an action.
func group(a *Action, own map[*policy.ConditionKey]int, types map[*policy.ResourceType]int) string {
	var words []string
	for _, r := range a.Resources {
		mark := ""
		switch {
		case r.Observed:
			mark = "~"
		case !r.Required:
			mark = "?"
		}
		words = append(words, strconv.Itoa(types[r.Type])+mark)
	}
	if len(words) == 0 {
		words = []string{"-"}
	}
	return string(a.Level[:1]) + " " + strings.Join(words, ",") + " " + list(a.Keys, own)
}
