package history_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/policy/managed/internal/history"
)

var day = time.Date(2021, 3, 1, 0, 0, 0, 0, time.UTC)

// decoded is what comes back of a history, with the lines of its documents.
func decoded(t require.TestingT, h *history.History) *history.History {
	again, err := history.Decode(string(history.Encode(h)))
	require.NoError(t, err)
	for i := range again.Policies {
		p := &again.Policies[i]
		for j := range p.Versions {
			lines, err := p.Lines(j)
			require.NoError(t, err)
			p.Versions[j].Lines = lines
		}
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
		for range rapid.IntRange(0, 3).Draw(t, "policies") {
			p := history.Policy{Path: "service-role/", Name: "Role", Created: day}
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
		assert.Equal(t, string(history.Encode(h)), string(history.Encode(again)))
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
	text := history.Encode(&history.History{Date: "2026-09-26", Policies: []history.Policy{{
		Name: "P", Created: day, Versions: []history.Version{{Number: 1, Lines: older}, {Number: 2, Date: day, Lines: long}},
	}}})
	assert.True(t, strings.HasSuffix(string(text), "\nv1 -\n=1000\n\"gone\",\n") || strings.Contains(string(text), "\nv1 -\n=500\n\"gone\",\n"),
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

func TestWhatIsNoHistoryIsAnError(t *testing.T) {
	for name, text := range map[string]string{
		"a version without a policy":   "2026-09-26\nv1 -\n{\n",
		"a policy without a date":      "2026-09-26\n@Name\n",
		"a policy with another date":   "2026-09-26\n@Name yesterday\n",
		"a version without a date":     "2026-09-26\n@Name 2021-03-01T00:00:00Z\nv1\n",
		"a version without a number":   "2026-09-26\n@Name 2021-03-01T00:00:00Z\nvx -\n",
		"a deprecation without a name": "2026-09-26\n@Name 2021-03-01T00:00:00Z 2021-03-01T00:00:00Z\n",
		"a deprecation without a date": "2026-09-26\n@Name 2021-03-01T00:00:00Z soon Other\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := history.Decode(text)
			require.Error(t, err)
			assert.Regexp(t, `^line \d: `, err.Error())
		})
	}
}

func TestAnEditOfMoreLinesThanThereAreIsAnError(t *testing.T) {
	for _, edit := range []string{"=3", "~3", "~-1", "=x", "="} {
		h, err := history.Decode("2026-09-26\n@Name 2021-03-01T00:00:00Z\nv2 -\n{\n}\nv1 -\n" + edit + "\n")
		require.NoError(t, err)
		_, err = h.Policies[0].Lines(0)
		assert.ErrorContains(t, err, "version 1 of Name: ", edit)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("2026-09-26\n@Name 2021-03-01T00:00:00Z\nv2 -\n{\n}\nv1 -\n=1\n~1\n\"x\"\n")
	f.Add("\n@a/b 2021-03-01T00:00:00Z 2021-03-01T00:00:00Z c\nv1 2021-03-01T00:00:00Z")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := history.Decode(text)
		if err != nil {
			return
		}
		for i := range h.Policies {
			for j := range h.Policies[i].Versions {
				if lines, err := h.Policies[i].Lines(j); err == nil {
					_, _ = history.Document(lines)
				}
			}
		}
	})
}
