package twin_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/internal/twin"
	"github.com/iamsim/iamsim/policy"
)

var (
	comparisons = flag.Int("twin.n", 20_000, "random scenarios to compare; the environment variable IAMSIM_TWIN_N does the same")
	seed        = flag.Uint64("twin.seed", 1, "seed of the random scenarios")
	reports     = flag.Int("twin.report", 8, "sorts of difference to shrink and print")
)

// An answer is an outcome and, for a denial, its layer.
type answer struct {
	outcome evaluator.Outcome
	layer   policy.Layer
}

func (a answer) String() string {
	if a.layer == policy.NoLayer {
		return a.outcome.String()
	}
	return fmt.Sprintf("%s(%s)", a.outcome, a.layer)
}

func twinAnswer(s *scenario.Scenario) answer {
	outcome, layer := twin.Decide(s)
	return answer{outcome, layer}
}

// engineAnswer is what the engine decides. The error is about a policy that may
// not stand where the scenario has it.
func engineAnswer(s *scenario.Scenario) (answer, error) {
	c, err := s.Compile()
	switch {
	case errors.Is(err, evaluator.ErrInvalidRequest):
		return answer{outcome: evaluator.Invalid}, nil
	case err != nil:
		return answer{}, err
	}
	d := c.Engine.Evaluate(&c.Caller, &c.Target, &c.Request)
	return answer{d.Outcome(), d.Layer()}, nil
}

// differ compares the two.
func differ(s *scenario.Scenario) (engine, twin answer, differ bool, err error) {
	engine, err = engineAnswer(s)
	twin = twinAnswer(s)
	return engine, twin, engine != twin, err
}

// numbered is the scenario of a number: the same each time, on any machine.
func numbered(i int) *scenario.Scenario {
	r := rand.New(rand.NewPCG(*seed, uint64(i)))
	return generate(r.IntN)
}

// comparisonCount is how many random scenarios are compared; other tests of this
// package take a part of it.
func comparisonCount(t *testing.T) int {
	t.Helper()
	n := *comparisons
	if text := os.Getenv("IAMSIM_TWIN_N"); text != "" {
		var err error
		n, err = strconv.Atoi(text)
		require.NoError(t, err)
	}
	return n
}

// Engine and twin were written apart, from the same rules. Where they differ on
// a random scenario one of them is wrong.
func TestEngineAndTwinAgree(t *testing.T) {
	n := comparisonCount(t)
	var (
		lock      sync.Mutex
		seen      = map[answer]int{}
		different []int
	)
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		group.Go(func() {
			counts := map[answer]int{}
			defer func() {
				lock.Lock()
				defer lock.Unlock()
				for a, count := range counts {
					seen[a] += count
				}
			}()
			for i := w; i < n; i += workers {
				engine, _, differs, err := differ(numbered(i))
				if err == nil {
					counts[engine]++
				}
				if err == nil && !differs {
					continue
				}
				lock.Lock()
				different = append(different, i)
				enough := len(different) > 25*(*reports-1) // of one sort there are many
				lock.Unlock()
				if enough {
					return
				}
			}
		})
	}
	group.Wait()

	t.Logf("%d scenarios, %d different", n, len(different))
	for _, a := range slices.SortedFunc(maps.Keys(seen), func(a, b answer) int { return seen[b] - seen[a] }) {
		t.Logf("%8d  %5.2f %%  %s", seen[a], 100*float64(seen[a])/float64(n), a)
	}
	report(t, different)
	if n >= 20_000 && len(different) == 0 {
		for _, a := range everyAnswer() {
			assert.NotZerof(t, seen[a], "no scenario was %s: the comparison says nothing about it", a)
		}
	}
}

// everyAnswer that a decision can be.
func everyAnswer() []answer {
	answers := []answer{{outcome: evaluator.Allowed}, {outcome: evaluator.Indeterminate}, {outcome: evaluator.Invalid}}
	for l := policy.IdentityLayer; l <= policy.RuleLayer; l++ {
		if l != policy.RuleLayer {
			answers = append(answers, answer{evaluator.ExplicitDeny, l})
		}
		if l != policy.RCPLayer { // RCPFullAWSAccess is implied (E-6)
			answers = append(answers, answer{evaluator.ImplicitDeny, l})
		}
	}
	return answers
}

// report shrinks the differences, one of each sort, and prints them as
// scenarios.
func report(t *testing.T, different []int) {
	slices.Sort(different)
	sorts := map[string]bool{}
	for _, i := range different {
		s := numbered(i)
		engine, twin, _, err := differ(s)
		sort := fmt.Sprintf("the engine says %s, the twin %s", engine, twin)
		if err != nil {
			sort = fmt.Sprintf("scenario %d does not compile: %v", i, err)
		}
		if sorts[sort] || len(sorts) == *reports {
			continue
		}
		sorts[sort] = true
		small := shrink(s, func(s *scenario.Scenario) bool {
			e, w, _, again := differ(s)
			return e == engine && w == twin && (err == nil) == (again == nil)
		})
		small.Name = fmt.Sprintf("scenario %d of seed %d", i, *seed)
		text, err := small.MarshalJSON()
		assert.NoError(t, err)
		t.Errorf("%s:\n%s", sort, text)
	}
}
