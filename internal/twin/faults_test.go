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

// faults are mistakes in the engine, each caught by the comparison with the twin.
var faults = map[string]planted.Mistake{
	"an Allow with a possible Deny is allowed": planted.In(
		"evaluator/internal/engine/evaluate.go", "case open == yes && denied == no:", "case open == yes:"),
	"a grant to the account counts as one to the user": planted.In(
		"evaluator/internal/engine/grant.go", "case law.DirectGrant:\n\t\treturn g.Direct", "case law.DirectGrant:\n\t\treturn g.Any()"),
	"a grant to the session's role waives the boundary": planted.In(
		"internal/law/law.go", "= DirectGrant, DirectGrant", "= RoleGrant, DirectGrant"),
	"a trust policy that names the caller waives the boundary": planted.In(
		"internal/law/law.go", "if s.Needs != policy.TrustLayer {", "if true {"),
	"a session policy need not allow": planted.In(
		"internal/law/law.go", "s.Given&(1<<Boundary|1<<Session)", "s.Given&(1<<Boundary)"),
	"a federated user needs no session policy": planted.In(
		"internal/law/law.go", "if s.Kind == FederatedUser && !s.Given.Has(Session) {", "if false {"),
	"service control policies bind service-linked roles": planted.In(
		"internal/law/law.go", "case s.ServiceLinked:", "case false:"),
	"resource control policies bind the management account's resources": planted.In(
		"internal/law/law.go", "case s.ManagementResource:", "case false:"),
	"the boundary has no Deny": planted.In(
		"internal/law/law.go", "g.Binds |= 1<<Identity | 1<<Boundary | 1<<Session", "g.Binds |= 1<<Identity | 1<<Session"),
	"an account's ARN in another partition names the account": planted.In(
		"evaluator/internal/engine/grant.go", `(n.partition == "" || n.partition == p.partition)`, "true"),
	"NotPrincipal spares a caller with a boundary": planted.In(
		"evaluator/internal/engine/grant.go", "if ev.Caller.Boundary != nil {", "if false {"),
	"NotPrincipal asks for the session and not for its role": planted.In(
		"evaluator/internal/engine/grant.go", "min(named.Direct, named.Role, account)", "min(named.Direct, account)"),
	"an unnamed session is nobody's session": planted.In(
		"evaluator/internal/engine/grant.go", "return min(maybe, truthOf(p.account == n.Account && p.name", "return min(no, truthOf(p.account == n.Account && p.name"),
	"GetSessionToken credentials without MFA may assume no role": planted.In(
		"internal/law/rule.go", `{"sts:AssumeRole", "sts:GetCallerIdentity", "sts:TagSession"`, `{"sts:GetCallerIdentity", "sts:TagSession"`),
	"a role of another account may be passed": planted.In(
		"internal/law/rule.go", "Rule: CrossAccountPass, Callers: signed", "Rule: CrossAccountPass, Callers: service"),
	"ForAnyValue with IfExists holds for an absent key": planted.In(
		"internal/operator/operator.go", "if o.Set == policy.ForAnyValue {\n\t\treturn false", "if o.Set == policy.ForAnyValue {\n\t\treturn o.IfExists"),
	"a negated operator holds for several values": planted.In(
		"internal/operator/operator.go", "return logic.No // C-37", "return logic.Of(o.Negated()) // C-37"),
	"Null takes an unknown key for a present one": planted.In(
		"evaluator/internal/engine/condition.go", "if v.State == UnknownKey {\n\t\treturn maybe", "if v.State == UnknownKey {\n\t\treturn yes"),
	"a default stands in for several values": planted.In(
		"evaluator/internal/engine/condition.go", "case v.State == AbsentKey && ref.hasDefault:", "case ref.hasDefault:"),
	"PassRole has resource tags": planted.In(
		"internal/law/key.go", `"aws:ResourceTag/", Source: FromResource, AtTimes: anyone, PassRole: NeverPassRole`, `"aws:ResourceTag/", Source: FromResource, AtTimes: anyone`),
	"a tag's key is compared with its case": planted.In(
		"evaluator/internal/engine/key.go", "found.State == AbsentKey && fold.Equal(tags[i].Key, key)", "false"),
	"a given key does not win over the derived one": planted.In(
		"evaluator/internal/engine/key.go", "find(k, t); i >= 0 {", "find(k, t); i >= 0 && k.Known == law.OtherKey {"),
	"the fraction of a number does not count": planted.In(
		"internal/typed/number.go", "return strings.Compare(n.fraction, o.fraction)", "return 0"),
	"four digits are seconds": planted.In(
		"internal/typed/instant.go", "isDigits(s) && len(s) != 4", "isDigits(s)"),
	"variables are replaced in policies without version": planted.In(
		"evaluator/internal/engine/set.go", "doc.Version == policy.Version2012", "doc.Version != policy.Version2008"),
	"a session tag stands beside the role's": planted.In(
		"evaluator/internal/engine/principal.go", "return fold.Equal(t.Key, old.Key)", "return fold.Equal(t.Key, old.Key) && t.Value == old.Value"),
	"variables are replaced in the service of a resource": planted.In(
		"internal/pattern/source.go", "asWritten: s.lang == Resource && i < 3", "asWritten: false"),
}

// The comparison can fail: with each fault in the engine it does, and without it
// does not. That takes minutes.
func TestComparisonCatchesPlantedFaults(t *testing.T) {
	if os.Getenv("IAMSIM_FAULTS") == "" {
		t.Skip("set IAMSIM_FAULTS=1 to run")
	}
	comparison := planted.Check{
		Package: "internal/twin", Tests: "^TestEngineAndTwinAgree$", Flags: []string{"-twin.n=100000", "-twin.report=1"},
		Says: "the engine says", Time: 2 * time.Minute}
	source, err := planted.New(t.Context(), t.TempDir(), slices.Collect(maps.Values(faults))...)
	require.NoError(t, err)
	unharmed := comparison // of which other tests of this package compare more
	unharmed.Flags = []string{"-twin.n=20000"}
	require.NoError(t, source.Passes(t.Context(), &unharmed))
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		t.Run(name, func(t *testing.T) { assert.NoError(t, source.Notices(t.Context(), &comparison, faults[name])) })
	}
}
