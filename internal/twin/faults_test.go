package twin_test

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

// A fault is a mistake in the engine: an exact text in a file of it, and what
// stands there instead.
type fault struct{ file, text, mistake string }

// faults are each caught by the comparison with the twin.
var faults = map[string]fault{
	"an Allow with a possible Deny is allowed": {
		"evaluator/internal/engine/evaluate.go", "case open == yes && denied == no:", "case open == yes:"},
	"a grant to the account counts as one to the user": {
		"evaluator/internal/engine/grant.go", "case law.DirectGrant:\n\t\treturn g.Direct", "case law.DirectGrant:\n\t\treturn g.Any()"},
	"a grant to the session's role waives the boundary": {
		"internal/law/law.go", "= DirectGrant, DirectGrant", "= RoleGrant, DirectGrant"},
	"a trust policy that names the caller waives the boundary": {
		"internal/law/law.go", "if s.Needs != policy.TrustLayer {", "if true {"},
	"a session policy need not allow": {
		"internal/law/law.go", "s.Given&(1<<Boundary|1<<Session)", "s.Given&(1<<Boundary)"},
	"a federated user needs no session policy": {
		"internal/law/law.go", "if s.Kind == FederatedUser && !s.Given.Has(Session) {", "if false {"},
	"service control policies bind service-linked roles": {
		"internal/law/law.go", "case s.ServiceLinked:", "case false:"},
	"resource control policies bind the management account's resources": {
		"internal/law/law.go", "case s.ManagementResource:", "case false:"},
	"the boundary has no Deny": {
		"internal/law/law.go", "g.Binds |= 1<<Identity | 1<<Boundary | 1<<Session", "g.Binds |= 1<<Identity | 1<<Session"},
	"an account's ARN in another partition names the account": {
		"evaluator/internal/engine/grant.go", `(n.partition == "" || n.partition == p.partition)`, "true"},
	"NotPrincipal spares a caller with a boundary": {
		"evaluator/internal/engine/grant.go", "if ev.Caller.Boundary != nil {", "if false {"},
	"NotPrincipal asks for the session and not for its role": {
		"evaluator/internal/engine/grant.go", "min(named.Direct, named.Role, account)", "min(named.Direct, account)"},
	"an unnamed session is nobody's session": {
		"evaluator/internal/engine/grant.go", "return min(maybe, truthOf(p.account == n.Account && p.name", "return min(no, truthOf(p.account == n.Account && p.name"},
	"GetSessionToken credentials without MFA may assume no role": {
		"internal/law/rule.go", `{"sts:AssumeRole", "sts:GetCallerIdentity", "sts:TagSession"`, `{"sts:GetCallerIdentity", "sts:TagSession"`},
	"a role of another account may be passed": {
		"internal/law/rule.go", "Rule: CrossAccountPass, Callers: signed", "Rule: CrossAccountPass, Callers: service"},
	"ForAnyValue with IfExists holds for an absent key": {
		"internal/operator/operator.go", "if o.Set == policy.ForAnyValue {\n\t\treturn false", "if o.Set == policy.ForAnyValue {\n\t\treturn o.IfExists"},
	"a negated operator holds for several values": {
		"internal/operator/operator.go", "return logic.No // C-37", "return logic.Of(o.Negated()) // C-37"},
	"Null takes an unknown key for a present one": {
		"evaluator/internal/engine/condition.go", "if v.State == UnknownKey {\n\t\treturn maybe", "if v.State == UnknownKey {\n\t\treturn yes"},
	"a default stands in for several values": {
		"evaluator/internal/engine/condition.go", "case v.State == AbsentKey && ref.hasDefault:", "case ref.hasDefault:"},
	"PassRole has resource tags": {
		"internal/law/key.go", `"aws:ResourceTag/", Source: FromResource, AtTimes: anyone, PassRole: NeverPassRole`, `"aws:ResourceTag/", Source: FromResource, AtTimes: anyone`},
	"a tag's key is compared with its case": {
		"evaluator/internal/engine/key.go", "found.State == AbsentKey && fold.Equal(tags[i].Key, key)", "false"},
	"a given key does not win over the derived one": {
		"evaluator/internal/engine/key.go", "find(k, t); i >= 0 {", "find(k, t); i >= 0 && k.Known == law.OtherKey {"},
	"the fraction of a number does not count": {
		"internal/typed/number.go", "return strings.Compare(n.fraction, o.fraction)", "return 0"},
	"four digits are seconds": {
		"internal/typed/instant.go", "isDigits(s) && len(s) != 4", "isDigits(s)"},
	"variables are replaced in policies without version": {
		"evaluator/internal/engine/set.go", "doc.Version == policy.Version2012", "doc.Version != policy.Version2008"},
	"a session tag stands beside the role's": {
		"evaluator/internal/engine/principal.go", "return fold.Equal(t.Key, old.Key)", "return fold.Equal(t.Key, old.Key) && t.Value == old.Value"},
	"variables are replaced in the service of a resource": {
		"internal/pattern/source.go", "asWritten: s.lang == Resource && i < 3", "asWritten: false"},
}

// The comparison can fail: with each fault in the engine it does, and without it
// does not. It builds the tests once for each, which takes minutes.
func TestComparisonCatchesPlantedFaults(t *testing.T) {
	if os.Getenv("IAMSIM_FAULTS") == "" {
		t.Skip("set IAMSIM_FAULTS=1 to run")
	}
	comparison := planted.Check{
		Package: "internal/twin", Tests: "^TestEngineAndTwinAgree$", Flags: []string{"-twin.n=100000", "-twin.report=1"},
		Says: "the engine says", Time: 2 * time.Minute}
	require.NoError(t, comparison.Passes(t.Context()))
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		t.Run(name, func(t *testing.T) {
			f := faults[name]
			assert.NoError(t, comparison.Notices(t.Context(), f.file, f.text, f.mistake))
		})
	}
}
