package prove_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A fault is a mistake in the method: an exact text in a file of it, and what
// stands there instead.
type fault struct{ file, text, mistake string }

// faults are each caught, by what holds the classes against the evaluator or by
// the random pairs.
var faults = map[string]fault{
	"an absent key is forgotten": {
		"internal/classes/key.go", "{f.single, f.absent, f.several}", "{f.single, f.several}"},
	"several values are forgotten": {
		"internal/classes/key.go", "{f.single, f.absent, f.several}", "{f.single, f.absent}"},
	"ForAnyValue asks all values": {
		"internal/classes/key.go", "case (c.Set == policy.ForAllValues) == w.holds:", "case w.holds:"},
	"a Deny of the ceiling is ignored": {
		"evaluator/prove/ask.go", "for i := range in.q.denies {", "for i := range in.q.denies[:0] {"},
	"a statement that shares a predicate is taken for covered": {
		"evaluator/prove/ask.go", "if _, ok := slices.BinarySearch(predicates, id); !ok {\n\t\t\treturn false\n\t\t}", "if _, ok := slices.BinarySearch(predicates, id); ok {\n\t\t\treturn true\n\t\t}"},
	"a dead end blames nobody before it": {
		"evaluator/prove/solve.go", "if !slices.Contains(reason, id) {", "if true {"},
	"a conflict is learnt that is too short": {
		"evaluator/prove/solve.go", "x.learn(conflict)", "x.learn(conflict[len(conflict)/2:])"},
	"letters of either case are taken for different": {
		"internal/classes/relation.go", "if equalRunes(a.literal, b.literal, max(a.fold, b.fold)) {", "if a.literal == b.literal {"},
	"patterns with one beginning are taken for disjoint": {
		"internal/classes/relation.go", "if i < len(p.chars) && inLoop(&p.chars[i], q.loops[j]) {", "if false {"},
	"a pattern covers what begins like it": {
		"internal/classes/relation.go", "if q.loops[n] != everything || len(p.chars) < n {", "if len(p.chars) < n {"},
	"a star inside a part of an ARN is no letter": {
		"internal/classes/language.go", "const closed = everything &^ (colons | symbols)", "const closed = everything &^ (colons | symbols | plain)"},
	"a default is used though the key may be there": {
		"evaluator/prove/variable.go", "for _, name := range f.defaulted {", "for _, name := range f.defaulted[:0] {"},
	"a NotPrincipal spares who is listed without its ancestors": {
		"evaluator/prove/caller.go", "return []int{s.named(n.direct, true), s.named(n.account, true)}", "return []int{s.named(n.direct, true)}"},
	"a Deny in the boundary is ignored": {
		"evaluator/prove/setting.go", "own = append(own, layer(evaluator.BoundaryLayer, 0))", "own = append(own, set(evaluator.BoundaryLayer, 0, policy.Allow, anyGrant))"},
	"only callers of the resource's account are asked about": {
		"evaluator/prove/setting.go", "for _, same := range []bool{false, true} {", "for _, same := range []bool{true} {"},
	"a grant to a role counts for its account": {
		"evaluator/prove/caller.go", "if level == anyGrant {", "if true {"},
	"there is no value between two numbers": {
		"internal/classes/typed.go", "return []*big.Rat{midpoint(low, high)}", "return nil"},
	"a range has one address": {
		"internal/classes/typed.go", "return p.Contains(a)", "return p.Addr() == a"},
}

// The comparisons can fail: with each fault in the method one does. It builds the
// tests once for each, which takes minutes.
func TestPlantedFaultsAreCaught(t *testing.T) {
	if os.Getenv("IAMSIM_PROVE_FAULTS") == "" {
		t.Skip("set IAMSIM_PROVE_FAULTS=1 to run")
	}
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		f := faults[name]
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(root, filepath.FromSlash(f.file))
			source, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, 1, strings.Count(string(source), f.text), "%s must have this text once: %s", f.file, f.text)
			faulty := filepath.Join(t.TempDir(), filepath.Base(path))
			require.NoError(t, os.WriteFile(faulty, []byte(strings.Replace(string(source), f.text, f.mistake, 1)), 0o600))
			text, err := json.Marshal(map[string]any{"Replace": map[string]string{path: faulty}})
			require.NoError(t, err)
			overlay := filepath.Join(t.TempDir(), "overlay.json")
			require.NoError(t, os.WriteFile(overlay, text, 0o600))
			test := func(name, dir string, flags ...string) (string, error) {
				arguments := append([]string{"test", "-overlay", overlay, "-count=1", "-run", "^" + name + "$", dir}, flags...)
				output, err := exec.CommandContext(t.Context(), "go", arguments...).CombinedOutput()
				return string(output), err
			}
			output, err := test("(TestFind|TestOf|TestClassesAreThoseOfTheEvaluator)", "../../internal/classes", "-rapid.checks=1000", "-rapid.nofailfile")
			if err == nil {
				output, err = test("TestRandomPairs", ".", "-prove.pairs=10000")
			}
			require.Error(t, err, "nobody noticed")
			assert.Contains(t, output, "--- FAIL", "it failed for another reason")
		})
	}
}
