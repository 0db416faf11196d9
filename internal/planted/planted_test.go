package planted_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/planted"
)

// area is a check of a package made for this.
func area(tests string) *planted.Check {
	return &planted.Check{Package: "internal/planted/testdata/area", Tests: tests, Says: "the area of", Time: 2 * time.Second}
}

func TestNotices(t *testing.T) {
	const source = "internal/planted/testdata/area/area.go"
	for name, c := range map[string]struct {
		file, text, mistake string
		want                string // "": the tests notice
	}{
		"a wrong answer is noticed":           {source, "area += width", "area += height", ""},
		"what no test looks at is not":        {source, "2 * (width", "3 * (width", "^TestOf$ of internal/planted/testdata/area does not notice"},
		"a test without end notices nothing":  {source, "row++", "row--", "test timed out after 2s"},
		"nor does one that breaks":            {source, "return area", "return area / (area - area)", "fails for another reason: exit status 2"},
		"nor is it noticed if nothing builds": {source, "return area", "return aera", "undefined: aera"},
		"the text must be there":              {source, "return volume", "return area", "area.go must have this text once, and has it 0 times: return volume"},
		"once":                                {source, "area", "aera", "must have this text once, and has it"},
		"and so must the file":                {"internal/planted/volume.go", "", "", "volume.go"},
	} {
		t.Run(name, func(t *testing.T) {
			err := area("^TestOf$").Notices(t.Context(), c.file, c.text, c.mistake)
			if c.want == "" {
				require.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, c.want)
			}
		})
	}
}

func TestPasses(t *testing.T) {
	t.Setenv("IAMSIM_FAULTS", "1")
	require.NoError(t, area("^Test(Of|Nothing.*)$").Passes(t.Context()))
	require.ErrorContains(t, area("^TestThatFails$").Passes(t.Context()), "fails without a mistake")
}
