package prove_test

import (
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/planted"
)

// Who notices faults: questions whose answer is known, random pairs of policies,
// and the same for the classes alone.
var (
	knownAnswers = &planted.Check{Package: "evaluator/prove", Tests: "^TestCases$", Says: "--- FAIL: TestCases"}
	randomPairs  = &planted.Check{
		Package: "evaluator/prove", Tests: "^TestRandomPairs$", Flags: []string{"-prove.pairs=3000"},
		Says: "--- FAIL: TestRandomPairs", Time: 90 * time.Second}

	knownClasses = &planted.Check{Package: "internal/classes", Tests: "^TestOf$", Says: "--- FAIL: TestOf"}
	randomTexts  = &planted.Check{Package: "internal/classes", Tests: "^TestFind$", Flags: rapidly, Says: "--- FAIL: TestFind"}
	typedClasses = &planted.Check{
		Package: "internal/classes", Tests: "^TestClassesAreThoseOfTheEvaluator$/^(number|address)$", Flags: rapidly, Says: "--- FAIL: TestClassesAreThoseOfTheEvaluator"}
)

// rapidly draws the same each time, and looks for no smaller failure: that takes
// half a minute for each test that fails.
var rapidly = []string{"-rapid.seed=1", "-rapid.checks=1000", "-rapid.shrinktime=1ns", "-rapid.nofailfile"}

// A fault is a mistake in the method, and the quickest check that notices.
type fault struct {
	planted.Mistake
	noticed *planted.Check
}

var faults = map[string]fault{
	"an absent key is forgotten": {planted.In(
		"internal/classes/key.go", "{f.single, f.absent, f.several}", "{f.single, f.several}"), knownClasses},
	"several values are forgotten": {planted.In(
		"internal/classes/key.go", "{f.single, f.absent, f.several}", "{f.single, f.absent}"), knownClasses},
	"ForAnyValue asks all values": {planted.In(
		"internal/classes/key.go", "case (c.Set == policy.ForAllValues) == d.holds:", "case d.holds:"), knownClasses},
	"a condition with ForAllValues is taken for the same with ForAnyValue": {planted.In(
		"evaluator/prove/space.go", "text := c.Operator.String()", "text := c.Operator.Test.String()"), knownAnswers},
	"ForAllValues counts as a restriction": {planted.In(
		"evaluator/prove/trusted.go", " && o.Set != policy.ForAllValues", ""), knownAnswers},
	"a Deny of the ceiling is ignored": {planted.In(
		"evaluator/prove/decide.go", "for i := range in.q.denies {", "for i := range in.q.denies[:0] {"), knownAnswers},
	"a statement that shares a predicate is taken for covered": {planted.In(
		"evaluator/prove/decide.go", "if _, ok := slices.BinarySearch(predicates, id); !ok {\n\t\t\treturn false\n\t\t}",
		"if _, ok := slices.BinarySearch(predicates, id); ok {\n\t\t\treturn true\n\t\t}"), knownAnswers},
	"a dead end forgets the reasons before it": {planted.In(
		"evaluator/prove/solve.go", "if !slices.Contains(reason, id) {", "if true {"), randomPairs},
	"a conflict is learnt that is too short": {planted.In(
		"evaluator/prove/solve.go", "x.learn(conflict)", "x.learn(conflict[len(conflict)/2:])"), randomPairs},
	"what q alone denies has no part in the question": {planted.In(
		"evaluator/prove/relevant.go", "collect(n.qList, n.qOnly, policy.Deny)", ""), knownAnswers},
	"an Allow of both sides is left out though q denies more": {planted.In(
		"evaluator/prove/relevant.go", "n.identityOnly() && !n.deniesMore()", "n.identityOnly()"), knownAnswers},
	"a Deny that does not bind the root user bounds a question about it": {planted.In(
		"evaluator/prove/relevant.go", "case p.Has(policy.SCPLayer):", "case false:"), knownAnswers},
	"no path of a role holds a colon": {planted.In(
		"evaluator/prove/caller.go", `role/!/+`, `role/&/+`), knownAnswers},
	"letters of either case are taken for different": {planted.In(
		"internal/classes/relation.go", "return equalRunes(a.literal, b.literal, max(a.fold, b.fold))", "return a.literal == b.literal"), knownAnswers},
	"patterns with one beginning are taken for disjoint": {planted.In(
		"internal/classes/relation.go", "if i < len(p.chars) && inLoop(&p.chars[i], q.loops[j]) {", "if false {"), randomTexts},
	"a pattern covers what begins like it": {planted.In(
		"internal/classes/relation.go", "at[k] = at[k] && loop&^q.loops[k] == 0", "at[k] = at[k] && loop >= 0"), randomTexts},
	"a star inside a part of an ARN is no letter": {planted.In(
		"internal/classes/language.go", "const closed = everything &^ (colons | symbols)", "const closed = everything &^ (colons | symbols | plain)"), knownAnswers},
	"a default is used though the key may be there": {planted.In(
		"evaluator/prove/variable.go", "for _, name := range f.defaulted {", "for _, name := range f.defaulted[:0] {"), knownAnswers},
	"a NotPrincipal spares who is listed without its ancestors": {planted.In(
		"evaluator/prove/caller.go", "return []int{s.named(n.direct, true), s.named(n.account, true)}", "return []int{s.named(n.direct, true)}"), knownAnswers},
	"a Deny in the boundary is ignored": {planted.In(
		"evaluator/prove/setting.go", "if gates.Binds.Has(place) {", "if gates.Binds.Has(place) && place != law.Boundary {"), knownAnswers},
	"one level of service control policies is enough": {planted.In(
		"evaluator/prove/setting.go", "return p.Count(l)", "return min(1, p.Count(l))"), knownAnswers},
	"a session needs no boundary and no session policy if its role is named": {planted.In(
		"internal/law/law.go", "= DirectGrant, DirectGrant", "= RoleGrant, RoleGrant"), knownAnswers},
	"session policies do not bind the root user": {planted.In(
		"internal/law/law.go", "g.Binds.Add(Session)", "_ = Session"), knownAnswers},
	"a trust policy that names the caller stands for its boundary": {planted.In(
		"internal/law/law.go", "if s.Needs != policy.TrustLayer {", "if true {"), knownAnswers},
	"only callers of the resource's account are considered": {planted.In(
		"evaluator/prove/setting.go", "for _, same := range []bool{false, true} {", "for _, same := range []bool{true} {"), knownAnswers},
	"a grant to the account counts as one to the caller": {planted.In(
		"evaluator/prove/caller.go", "if law.AccountGrant.Waives(least) {", "if true {"), knownAnswers},
	"there is no value between two numbers": {planted.In(
		"internal/classes/typed.go", "return []*big.Rat{midpoint(low, high)}", "return nil"), typedClasses},
	"a range is not looked into": {planted.In(
		"internal/classes/typed.go", "first, last := p.Addr(), lastOf(p)", "first, last := netip.Addr{}, netip.Addr{}"), typedClasses},
}

// The comparisons can fail: with each fault in the method one does, and without
// it does not. That takes minutes.
func TestPlantedFaultsAreCaught(t *testing.T) {
	if os.Getenv("IAMSIM_PROVE_FAULTS") == "" {
		t.Skip("set IAMSIM_PROVE_FAULTS=1 to run")
	}
	var mistakes []planted.Mistake
	for _, f := range faults {
		mistakes = append(mistakes, f.Mistake)
	}
	source, err := planted.New(t.Context(), t.TempDir(), mistakes...)
	require.NoError(t, err)
	for _, c := range []*planted.Check{knownAnswers, randomPairs, knownClasses, randomTexts, typedClasses} {
		require.NoError(t, source.Passes(t.Context(), c))
	}
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		t.Run(name, func(t *testing.T) {
			assert.NoError(t, source.Notices(t.Context(), faults[name].noticed, faults[name].Mistake))
		})
	}
}
