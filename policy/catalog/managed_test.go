package catalog_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy/catalog"
	"github.com/iamsim/iamsim/policy/managed"
)

// reasons are the headings of testdata/unknown.txt.
const (
	closed       = "closed"
	replaced     = "replaced"
	mistaken     = "mistaken"
	undocumented = "undocumented"
)

// listed reads what AWS's policies name although the catalogue lacks it, with
// the reason of each.
func listed(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/unknown.txt")
	require.NoError(t, err)
	names, reason := map[string]string{}, ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			reason = strings.Trim(line, "[]")
			require.Contains(t, []string{closed, replaced, mistaken, undocumented}, reason)
		default:
			require.NotContains(t, names, line)
			names[line] = reason
		}
	}
	return names
}

// named are the actions, keys and ARNs in all versions of all AWS managed
// policies, each as a line of testdata/unknown.txt. The value is true for what
// the newest version of a policy has.
func named(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for p := range managed.Policies() {
		for _, v := range p.Versions() {
			d, err := p.Document(v.ID)
			require.NoError(t, err)
			add := func(kind string, values ...string) {
				for _, value := range values {
					names[kind+" "+value] = names[kind+" "+value] || v.Default
				}
			}
			for _, st := range d.Statements {
				add("action", st.Action...)
				add("action", st.NotAction...)
				add("arn", st.Resource...)
				add("arn", st.NotResource...)
				for _, c := range st.Condition {
					add("key", c.Key)
				}
			}
		}
	}
	return names
}

// Each action, key and ARN in AWS's own policies is known, or it is on the list
// under a reason that holds.
func TestWhatAWSManagedPoliciesNameIsKnown(t *testing.T) {
	c := catalog.Default()
	isKnown := map[string]func(string) bool{
		"action": c.Matches,
		"key":    func(name string) bool { _, ok := c.Key(name); return ok },
		"arn":    arns(c),
	}
	names, reasons := named(t), listed(t)
	unknown := map[string]int{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		kind, value, _ := strings.Cut(name, " ")
		reason, isListed := reasons[name]
		if isKnown[kind](value) {
			assert.False(t, isListed, "%q is known: take it off the list", name)
			continue
		}
		unknown[kind]++
		if !assert.True(t, isListed, "%q is not known: give it, or list it with the reason", name) {
			continue
		}
		assert.Equal(t, reason == closed, !hasService(c, kind, value), "%q: that its service is %s", name, closed)
		if reason != closed {
			assert.Equal(t, reason == replaced, !names[name], "%q: that it is in versions alone that are %s", name, replaced)
		}
	}
	for name := range reasons {
		assert.Contains(t, names, name, "no policy names it")
	}
	t.Logf("%d names, of which are not known: %v", len(names), unknown)
}

// hasService reports whether there is the service of an action, key or ARN. That
// of a global key, or of a key that names none, there is.
func hasService(c *catalog.Catalog, kind, value string) bool {
	if kind == "arn" {
		return c.HasService(strings.Split(value, ":")[2])
	}
	prefix, _, ok := strings.Cut(value, ":")
	return kind == "key" && (!ok || prefix == "aws") || c.HasService(prefix)
}

// arns tells whether an ARN of some type meets a pattern of a Resource element,
// whose variables can be anything. A format of any service, as that of recovery
// points, counts for the service that has it: it would fit nearly everything.
func arns(c *catalog.Catalog) func(pattern string) bool {
	formats := map[string][]string{} // by service
	for service := range c.Services() {
		for r := range c.ResourceTypes(service) {
			for _, format := range r.Formats {
				named := strings.SplitN(format, ":", 4)[2]
				if strings.HasPrefix(named, "$") {
					named = service
				}
				formats[named] = append(formats[named], format)
			}
		}
	}
	return func(pattern string) bool {
		fields := strings.SplitN(variable.ReplaceAllString(pattern, "*"), ":", 6)
		for len(fields) < 6 {
			fields = append(fields, "*")
		}
		for service, formats := range formats {
			if !met(service, fields[2]) {
				continue
			}
			for _, format := range formats {
				have := strings.SplitN(format, ":", 6)
				if met(have[3], fields[3]) && met(have[4], fields[4]) && met(have[5], fields[5]) {
					return true
				}
			}
		}
		return false
	}
}

var variable = regexp.MustCompile(`\$\{[^}]*\}`)

// A span is a part of a format or pattern: one character of a set, or any number
// of them.
type span struct {
	only byte // the one character; 0: all characters but one
	but  byte
	many bool
}

func (s span) meets(other span) bool {
	switch {
	case s.only != 0 && other.only != 0:
		return s.only == other.only
	case s.only != 0:
		return s.only != other.but
	case other.only != 0:
		return other.only != s.but
	}
	return true
}

// spans of a format, in which a place is one character or more, none of which is
// the one behind it; or of a pattern.
func spans(text string, isFormat bool) (all []span) {
	for text != "" {
		s := span{only: text[0]}
		rest := text[1:]
		switch {
		case strings.HasPrefix(text, "${"):
			_, rest, _ = strings.Cut(text, "}")
			s = span{many: true}
			if rest != "" && (rest[0] == '/' || rest[0] == ':') {
				s.but = rest[0]
			}
			all = append(all, span{but: s.but})
		case text[0] == '*':
			s = span{many: true}
		case text[0] == '?' && !isFormat:
			s = span{}
		}
		all, text = append(all, s), rest
	}
	return all
}

// met reports whether some text is as both the format and the pattern say.
func met(format, pattern string) bool {
	a, b := spans(format, true), spans(pattern, false)
	type place struct{ i, j int }
	seen := map[place]bool{}
	var from func(i, j int) bool
	from = func(i, j int) bool {
		if seen[place{i, j}] {
			return false
		}
		seen[place{i, j}] = true
		switch {
		case i == len(a) && j == len(b):
			return true
		case i < len(a) && a[i].many && from(i+1, j), j < len(b) && b[j].many && from(i, j+1):
			return true
		case i == len(a) || j == len(b) || !a[i].meets(b[j]):
			return false
		}
		nextI, nextJ := i+1, j+1
		if a[i].many {
			nextI = i
		}
		if b[j].many {
			nextJ = j
		}
		return from(nextI, nextJ)
	}
	return from(0, 0)
}

func TestAPatternMeetsAFormat(t *testing.T) {
	for _, row := range []struct {
		format, pattern string
		want            bool
	}{
		{"stack/${Name}/${Id}", "stack/app/*", true},
		{"stack/${Name}/${Id}", "stack/app", false},
		{"stack/${Name}/${Id}", "stack/a*", true},
		{"stack/${Name}/${Id}", "st?ck*", true},
		{"stack/${Name}/${Id}", "stack//*", false},
		{"${Account}", "*", true},
		{"${Account}", "", false},
		{"", "*", true},
		{"cert:*", "cert:", true},
	} {
		assert.Equal(t, row.want, met(row.format, row.pattern), "%s and %s", row.format, row.pattern)
	}
}
