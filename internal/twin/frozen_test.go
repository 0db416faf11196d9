package twin_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	rendered "github.com/iamsim/iamsim/evaluator/report"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/internal/golden"
)

// A row is what was said of some scenarios: a letter for each decision, and two of a
// hash for each explanation in JSON. What they are is told by their number, and by a
// hash of them.
type row struct{ scenarios, decisions, explanations string }

const (
	frozenRows = 400
	rowLength  = 50
)

// frozen is the scenario of a number, whatever the flags say.
func frozen(i int) *scenario.Scenario {
	return generate(rand.New(rand.NewPCG(1, uint64(i))).IntN)
}

// A decision, and an explanation as JSON but for its texts, stays what it was recorded
// to be. Where it does not, the changelog says why, and the rules have a new version.
// Explanations are compared of one row in ten; of all with IAMSIM_TWIN_N.
func TestDecisionsStayAsTheyWereRecorded(t *testing.T) {
	changelog, err := os.ReadFile("../../CHANGELOG.md")
	require.NoError(t, err)
	assert.Contains(t, string(changelog), "\n## Version "+evaluator.Version+"\n")

	const file = "testdata/frozen.txt"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	rules, before := readRows(t, string(text))
	all := golden.Updating() || os.Getenv("IAMSIM_TWIN_N") != ""
	now := make([]row, frozenRows)
	each(frozenRows, func(n int) { now[n] = rowOf(n, all || n%10 == 0) })

	for n := range now {
		is, was := &now[n], &before[n]
		if is.explanations == "" {
			is.explanations = was.explanations
		}
		if is.decisions == was.decisions && is.explanations == was.explanations {
			continue
		}
		if hashOfRow(n) != was.scenarios {
			if golden.Updating() {
				continue
			}
			t.Fatalf("scenarios from %d on are others than those that were recorded: the generator has changed, and IAMSIM_UPDATE=1 go test ./internal/twin -run Recorded records them", n*rowLength)
		}
		for i := range rowLength {
			what := ""
			switch {
			case was.decisions[i] != is.decisions[i]:
				what = fmt.Sprintf("was decided %s, and now %s", frozenAnswers[was.decisions[i]-'A'], frozenAnswers[is.decisions[i]-'A'])
				if golden.Updating() && rules != evaluator.Version {
					continue
				}
			case was.explanations[2*i:2*i+2] != is.explanations[2*i:2*i+2]:
				what = "has another explanation in JSON"
				if golden.Updating() {
					continue
				}
			default:
				continue
			}
			whole, err := frozen(n*rowLength + i).MarshalJSON()
			require.NoError(t, err)
			t.Fatalf("scenario %d %s. If that is meant, CHANGELOG.md says why, evaluator.Version is raised for a decision, and IAMSIM_UPDATE=1 go test ./internal/twin -run Recorded records it:\n%s", n*rowLength+i, what, whole)
		}
	}
	if golden.Updating() {
		require.NoError(t, os.WriteFile(file, []byte(written(now)), 0o644))
		return
	}
	require.Equal(t, evaluator.Version, rules, "the rules are new: IAMSIM_UPDATE=1 go test ./internal/twin -run Recorded")
}

// The file has a line for the version of the rules, and one for each row.
const frozenHead = "rules %s; rows of scenarios: hash, decisions, explanations\n"

func written(rows []row) string {
	var b strings.Builder
	fmt.Fprintf(&b, frozenHead, evaluator.Version)
	for n, r := range rows {
		fmt.Fprintf(&b, "%s %s %s\n", hashOfRow(n), r.decisions, r.explanations)
	}
	return b.String()
}

func readRows(t *testing.T, text string) (rules string, rows []row) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	require.Len(t, lines, 1+frozenRows)
	head, _, _ := strings.Cut(lines[0], ";")
	for _, line := range lines[1:] {
		fields := strings.Fields(line)
		require.Len(t, fields, 3)
		require.Len(t, fields[1], rowLength)
		require.Len(t, fields[2], 2*rowLength)
		rows = append(rows, row{fields[0], fields[1], fields[2]})
	}
	return strings.TrimPrefix(head, "rules "), rows
}

// each does something for each number, on all cores.
func each(n int, do func(int)) {
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		group.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	group.Wait()
}

var frozenAnswers = everyAnswer()

// rowOf evaluates the scenarios of a row, and explains them if it is asked to.
func rowOf(n int, explained bool) row {
	var decisions, explanations strings.Builder
	for i := range rowLength {
		s := frozen(n*rowLength + i)
		said, err := engineAnswer(s)
		if err != nil {
			panic(err) // the comparison with the twin says it better
		}
		decisions.WriteByte(byte('A' + slices.Index(frozenAnswers, said)))
		if explained {
			explanations.WriteString(explanationOf(s, said.outcome))
		}
	}
	return row{decisions: decisions.String(), explanations: explanations.String()}
}

// explanationOf is two letters for an explanation; "--" for that of no request.
func explanationOf(s *scenario.Scenario, o evaluator.Outcome) string {
	if o == evaluator.Invalid {
		return "--"
	}
	c, err := s.Compile()
	if err != nil {
		panic(err)
	}
	var b bytes.Buffer
	if err := rendered.JSON(&b, rendered.Options{}, c.Engine.Explain(&c.Caller, &c.Target, &c.Request)); err != nil {
		panic(err)
	}
	h := hash(withoutTexts(b.Bytes()))
	return base64.RawURLEncoding.EncodeToString([]byte{byte(h), byte(h >> 8)})[:2]
}

// hashOfRow tells the scenarios of a row from others.
func hashOfRow(n int) string {
	var of uint64
	for i := range rowLength {
		text, err := frozen(n*rowLength + i).MarshalJSON()
		if err != nil {
			panic(err)
		}
		of = of*31 + hash(text)
	}
	return fmt.Sprintf("%08x", uint32(of>>32))
}

// withoutTexts leaves out of an explanation what is for people, and free to change.
func withoutTexts(text []byte) []byte {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		panic(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, free := range []string{"summary", "message", "error", "note", "text", "suggestion", "rules"} {
				delete(v, free)
			}
			for _, below := range v {
				walk(below)
			}
		case []any:
			for _, below := range v {
				walk(below)
			}
		}
	}
	walk(v)
	stable, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return stable
}

func hash(text []byte) uint64 {
	h := fnv.New64a()
	h.Write(text)
	return h.Sum64()
}
