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
			mistake := planted.In(c.file, c.text, c.mistake)
			source, err := planted.New(t.Context(), t.TempDir(), mistake)
			if err == nil {
				err = source.Notices(t.Context(), area("^TestOf$"), mistake)
			}
			if c.want == "" {
				require.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, c.want)
			}
		})
	}
}

// Of many mistakes one at a time is made, also where two stand in one function.
func TestOneMistakeAtATime(t *testing.T) {
	const source = "internal/planted/testdata/area/area.go"
	row, sum := planted.In(source, "row := 0", "row := 1"), planted.In(source, "area += width", "area += height")
	around, name := planted.In(source, "2 * (width", "3 * (width"), planted.In(source, `name = "area"`, `name = "volume"`)
	s, err := planted.New(t.Context(), t.TempDir(), row, sum, around, name)
	require.NoError(t, err)
	require.NoError(t, s.Passes(t.Context(), area("^TestOf$")))
	require.NoError(t, s.Notices(t.Context(), area("^TestOf$"), row))
	require.NoError(t, s.Notices(t.Context(), area("^TestOf$"), sum))
	require.ErrorIs(t, s.Notices(t.Context(), area("^TestOf$"), around), planted.ErrNotNoticed)
	require.NoError(t, s.Notices(t.Context(), area("^TestName$"), name), "it is in no function")
	require.ErrorContains(t, s.Notices(t.Context(), area("^TestOf$"), planted.In("arn/arn.go", "a", "b")), "arn/arn.go has no such mistake: a")
}

func TestPasses(t *testing.T) {
	t.Setenv("IAMSIM_FAULTS", "1")
	s, err := planted.New(t.Context(), t.TempDir())
	require.NoError(t, err)
	require.NoError(t, s.Passes(t.Context(), area("^Test(Of|Nothing.*)$")))
	require.ErrorContains(t, s.Passes(t.Context(), area("^TestThatFails$")), "fails without a mistake")
}
