package history_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/internal/packed"
	"github.com/iamsim/iamsim/policy/managed/internal/history"
)

var day = time.Date(2021, 3, 1, 0, 0, 0, 0, time.UTC)

// decoded is what comes back of a history, with the lines of its documents.
func decoded(t require.TestingT, h *history.History) *history.History {
	a, err := history.Open(string(history.Encode(h)))
	require.NoError(t, err)
	again := &history.History{Date: a.Date}
	for i := range a.Entries {
		p, err := a.Entries[i].Read()
		require.NoError(t, err)
		assert.Equal(t, a.Entries[i].Path+a.Entries[i].Name, p.Path+p.Name)
		for j := range p.Versions {
			lines, err := p.Lines(j)
			require.NoError(t, err)
			p.Versions[j].Lines = lines
		}
		again.Policies = append(again.Policies, *p)
	}
	return again
}

// What comes out is encoded once more: a decoded version has no way to be
// compared but by its text.
func TestAHistoryComesBackAsItWas(t *testing.T) {
	line := rapid.SampledFrom([]string{"{", "}", "[", "],", `"a",`, `"b",`, `"c"`, "true", "-1", "12,"})
	version := rapid.Custom(func(t *rapid.T) history.Version {
		v := history.Version{Lines: rapid.SliceOfN(line, 1, 20).Draw(t, "lines")}
		if rapid.Bool().Draw(t, "dated") {
			v.Date = day.AddDate(0, 0, rapid.IntRange(0, 3000).Draw(t, "day"))
		}
		return v
	})
	rapid.Check(t, func(t *rapid.T) {
		h := &history.History{Date: "2026-09-26"}
		for n := range rapid.IntRange(0, 3).Draw(t, "policies") {
			p := history.Policy{Path: "service-role/", Name: fmt.Sprint("Role", n), Created: day}
			if rapid.Bool().Draw(t, "deprecated") {
				p.Path, p.Deprecated, p.Replacement = "", day, "Other"
			}
			for i, v := range rapid.SliceOfN(version, 1, 6).Draw(t, "versions") {
				v.Number = 2*i + 1
				p.Versions = append(p.Versions, v)
			}
			h.Policies = append(h.Policies, p)
		}
		again := decoded(t, h)
		assert.Equal(t, history.Encode(h), history.Encode(again))
		require.Len(t, again.Policies, len(h.Policies))
		for i, p := range h.Policies {
			for j, v := range p.Versions {
				assert.Equal(t, v.Lines, again.Policies[i].Versions[j].Lines)
			}
		}
	})
}

func TestAnOlderVersionIsKeptAsItsDifference(t *testing.T) {
	long := strings.Fields(strings.Repeat(`"same", `, 1000))
	older := append(append(append([]string{}, long[:500]...), `"gone",`), long[500:]...)
	p := history.Policy{Name: "P", Created: day, Versions: []history.Version{{Number: 1, Lines: older}, {Number: 2, Date: day, Lines: long}}}
	text := p.Text()
	assert.True(t, strings.HasSuffix(text, "\nv1 -\n=1000\n\"gone\",\n") || strings.Contains(text, "\nv1 -\n=500\n\"gone\",\n"),
		"the end is %q", text[len(text)-60:])
}

func TestLinesAndDocumentAreInverse(t *testing.T) {
	lines, err := history.Lines([]byte(`{"Version":"2012-10-17","Statement":[{"Action":["a:b","c:d"],"Condition":{}}]}`))
	require.NoError(t, err)
	assert.Len(t, lines, 12)
	document, err := history.Document(lines)
	require.NoError(t, err)
	again, err := history.Lines(document)
	require.NoError(t, err)
	assert.Equal(t, lines, again)

	_, err = history.Lines([]byte(`{`))
	require.Error(t, err)
}

// packedText is a history of one text that need not be a policy.
func packedText(name, text string) string {
	w := packed.NewWriter(1000)
	w.Add(name, text)
	return string(w.Bytes("iamsim managed 1", "date 2026-09-26\n"))
}

func TestWhatIsNoPolicyIsAnError(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a text without a policy":      {"v1 -\n{\n", `Name: line 1: "v1 -" is no policy`},
		"a policy without a date":      {"@Name\n", `Name: line 1: "@Name" is no policy`},
		"a policy with another date":   {"@Name yesterday\n", "Name: line 1: parsing time"},
		"a policy of another name":     {"@a/Name 2021-03-01T00:00:00Z\nv1 -\n{}\n", "Name: its text is of a/Name"},
		"a policy without versions":    {"@Name 2021-03-01T00:00:00Z\n", "Name: no versions"},
		"lines before a version":       {"@Name 2021-03-01T00:00:00Z\n{}\n", `Name: line 2: "{}" belongs to no version`},
		"a version without a date":     {"@Name 2021-03-01T00:00:00Z\nv1\n", `Name: line 2: "1" is no version`},
		"a version without a number":   {"@Name 2021-03-01T00:00:00Z\nvx -\n", "Name: line 2: strconv.Atoi"},
		"a deprecation without a name": {"@Name 2021-03-01T00:00:00Z 2021-03-01T00:00:00Z\n", "is no policy"},
		"a deprecation without a date": {"@Name 2021-03-01T00:00:00Z soon Other\n", "Name: line 1: parsing time"},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := history.Open(packedText("Name", c.text))
			require.NoError(t, err)
			_, err = a.Entries[0].Read()
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestWhatIsNoHistoryIsAnError(t *testing.T) {
	unsorted := packed.NewWriter(1000)
	unsorted.Add("a/B", "@a/B 2021-03-01T00:00:00Z\nv1 -\n{}\n")
	unsorted.Add("A", "@A 2021-03-01T00:00:00Z\nv1 -\n{}\n")
	for name, c := range map[string]struct{ data, want string }{
		"data of another kind":     {strings.Replace(packedText("Name", ""), "managed", "catalog", 1), `not with "iamsim managed 1 "`},
		"a line that is not known": {string(unsorted.Bytes("iamsim managed 1", "day x\n")), `index: "day x": no line begins so`},
		"names that do not ascend": {string(unsorted.Bytes("iamsim managed 1", "date x\n")), `policy "A" is not in the order of names`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := history.Open(c.data)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestAnEditOfMoreLinesThanThereAreIsAnError(t *testing.T) {
	for _, edit := range []string{"=3", "~3", "~-1", "=x", "="} {
		a, err := history.Open(packedText("Name", "@Name 2021-03-01T00:00:00Z\nv2 -\n{\n}\nv1 -\n"+edit+"\n"))
		require.NoError(t, err)
		p, err := a.Entries[0].Read()
		require.NoError(t, err)
		_, err = p.Lines(0)
		assert.ErrorContains(t, err, "version 1 of Name: ", edit)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Name", "@Name 2021-03-01T00:00:00Z\nv2 -\n{\n}\nv1 -\n=1\n~1\n\"x\"\n")
	f.Add("a/b", "@a/b 2021-03-01T00:00:00Z 2021-03-01T00:00:00Z c\nv1 2021-03-01T00:00:00Z")
	f.Fuzz(func(t *testing.T, name, text string) {
		a, err := history.Open(packedText(name, text))
		if err != nil {
			return
		}
		for i := range a.Entries {
			p, err := a.Entries[i].Read()
			if err != nil {
				continue
			}
			for j := range p.Versions {
				if lines, err := p.Lines(j); err == nil {
					_, _ = history.Document(lines)
				}
			}
		}
	})
}
