package prove_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/golden"
	"github.com/iamsim/iamsim/policy/catalog"
)

// What people read of the cases: the plainest request that refutes, which statement
// allows it, what the nearest lacks; and into how many parts the question was split.
// With a catalogue the answer may be another one.
func TestAnswersReadWell(t *testing.T) {
	var all strings.Builder
	for _, c := range readCases(t) {
		read := func(x *prove.Prover) string {
			v := c.ask(t, x)
			return fmt.Sprintf("%s\n  parts: %d\n", v, v.Stats.Parts)
		}
		fmt.Fprintf(&all, "# %s\n", c.Name)
		without, with := read(&prove.Prover{}), read(&prove.Prover{Catalog: catalog.Default()})
		all.WriteString(without)
		if with != without {
			all.WriteString("with a catalogue: " + with)
		}
		all.WriteString("\n")
	}
	golden.Compare(t, "testdata/answers.txt", all.String())
}
