package packed_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/internal/packed"
)

const title = "iamsim made-up 1"

func nothing(string, string) error { return nil }

func TestWhatIsWrittenIsRead(t *testing.T) {
	line := rapid.StringMatching(`[a-z ]{0,20}`)
	rapid.Check(t, func(t *rapid.T) {
		w := packed.NewWriter(rapid.IntRange(1, 200).Draw(t, "size"))
		var texts []string
		for i := range rapid.IntRange(0, 20).Draw(t, "texts") {
			text := "@" + strings.Join(rapid.SliceOfN(line, 1, 5).Draw(t, "lines"), "\n") + "\n"
			texts = append(texts, text)
			w.Add(fmt.Sprint("name", i), text)
		}
		var lines []string
		read, err := packed.Open(title, string(w.Bytes(title, "date 2026-01-02\nend\n")), func(kind, value string) error {
			lines = append(lines, kind+"="+value)
			return nil
		})
		require.NoError(t, err)
		assert.Equal(t, []string{"date=2026-01-02", "end="}, lines)
		require.Len(t, read, len(texts))
		for i := range read {
			assert.Equal(t, fmt.Sprint("name", i), read[i].Name)
			text, err := read[i].Read()
			require.NoError(t, err)
			assert.Equal(t, texts[i], text)
		}
	})
}

func TestManyMayReadAtOnce(t *testing.T) {
	w := packed.NewWriter(100)
	for i := range 30 {
		w.Add(fmt.Sprint(i), fmt.Sprintf("@%d\n", i))
	}
	texts, err := packed.Open(title, string(w.Bytes(title, "")), nothing)
	require.NoError(t, err)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for i := range texts {
				text, err := texts[i].Read()
				assert.NoError(t, err)
				assert.Equal(t, fmt.Sprintf("@%d\n", i), text)
			}
		})
	}
	wait.Wait()
}

func TestWhatIsDamagedIsAnError(t *testing.T) {
	w := packed.NewWriter(100)
	w.Add("one", "@one\n")
	w.Add("two", "no text of its own\n")
	whole := string(w.Bytes(title, "date 2026-01-02\n"))
	for name, c := range map[string]struct{ data, want string }{
		"nothing":                    {"", `data begin with "", not with "iamsim made-up 1 "`},
		"data of another kind":       {"iamsim other 1 1/1\nx", `data begin with "iamsim other 1 1/1", not with "iamsim made-up 1 "`},
		"an index without a size":    {title + " x\n", `index: "x" is no number below 1`},
		"an index that is cut off":   {title + " 9/9\nabc", `index: "9" is no number below 4`},
		"an index that is no flate":  {title + " 3/9\nabc", "index: compressed data: "},
		"chunks that are cut off":    {whole[:len(whole)-1], " is no number below "},
		"data that go on":            {whole + "x", "1 bytes follow the last chunk"},
		"a line that nobody knows":   {whole, `index: "date 2026-01-02": not this`},
		"a text without a beginning": {whole, "a chunk has 1 texts, and the index 2 of it"},
	} {
		t.Run(name, func(t *testing.T) {
			texts, err := packed.Open(title, c.data, func(string, string) error {
				if strings.Contains(c.want, "not this") {
					return fmt.Errorf("not this")
				}
				return nil
			})
			if err == nil {
				require.Len(t, texts, 2)
				_, err = texts[1].Read()
			}
			assert.ErrorContains(t, err, c.want)
		})
	}
}
