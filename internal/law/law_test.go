package law_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
)

func TestEveryReasonAndEveryRuleIsInWordsWithTheNumberOfItsRule(t *testing.T) {
	const number = `\([A-Z][-.]\d+\)$`
	assert.Empty(t, law.NoReason.String())
	for r := law.NoReason + 1; r <= law.NoSessionPolicy; r++ {
		assert.Regexp(t, number, r.String(), "reason %d", r)
	}
	assert.Empty(t, law.NoRule.String())
	for r := law.NoRule + 1; r <= law.UnsignedAtURL; r++ {
		assert.Regexp(t, number, r.String(), "rule %d", r)
	}
}

func TestAKeyIsFoundByItsNameInAnyCase(t *testing.T) {
	for row := range law.Keys {
		name := row.Name
		if row.IsFamily() {
			name += "team"
		}
		for _, spelled := range []string{name, strings.ToUpper(name), strings.ToLower(name)} {
			assert.Same(t, row, law.KeyOf(spelled).Row(), spelled)
		}
	}
	assert.Equal(t, law.OwnResourceTag, law.KeyOf("ec2:ResourceTag/team"))
	assert.Equal(t, law.OwnResourceTag, law.KeyOf("SSM:resourcetag/team"))
	for _, other := range []string{"", "k", "aws:", "aws:PrincipalArn/", "aws:PrincipalTag", "aws:SourceIp", "s3:prefix", "ec2:Owner"} {
		assert.Equal(t, law.OtherKey, law.KeyOf(other), other)
	}
}

func TestAKeyIsAlikeForCallersWhoAlwaysHaveIt(t *testing.T) {
	for row := range law.Keys {
		assert.Zero(t, row.Always&row.AtTimes, row.Name)
		for kind, value := range row.Alike {
			assert.True(t, value == "" || row.Always.Has(law.Kind(kind)), "%s of kind %d", row.Name, kind)
		}
	}
}

// A condition of a fixed rule is read by the engine and in proofs alike: it has
// an operator that both know, and does not hold for an absent key.
func TestConditionsOfFixedRulesAreSimple(t *testing.T) {
	for row := range law.Rows {
		for _, c := range row.Conditions {
			assert.Len(t, c.Values, 1, row.Rule)
			switch c.Operator {
			case policy.Operator{Test: policy.Null}:
				assert.Equal(t, "false", c.Values[0], row.Rule)
			case policy.Operator{Test: policy.Bool}, policy.Operator{Test: policy.StringEquals}:
			default:
				t.Errorf("%s: operator %s", row.Rule, c.Operator)
			}
		}
	}
}

// The first gate that does not open denies; which comes first hangs on whose
// resource it is (E-2).
func TestTheOrderOfTheGates(t *testing.T) {
	for name, c := range map[string]struct {
		standing law.Standing
		last     law.Place
	}{
		"in the resource's account":    {law.Standing{Kind: law.IAMUser, SameAccount: true}, law.Session},
		"across accounts":              {law.Standing{Kind: law.IAMUser}, law.Resource},
		"to assume a role of another":  {law.Standing{Kind: law.IAMUser, Needs: policy.TrustLayer}, law.Session},
		"for an unsigned caller":       {law.Standing{Kind: law.AnonymousPrincipal}, law.Session},
		"where the resource delegates": {law.Standing{Kind: law.IAMUser, Delegates: true}, law.Session},
	} {
		var passed []law.Place
		for order := c.standing.Order(law.Everywhere); order.More(); {
			passed = append(passed, order.Next())
		}
		assert.ElementsMatch(t, slices.Collect(law.Everywhere.All), passed, name)
		assert.Equal(t, c.last, passed[len(passed)-1], name)
	}
}

// Why a layer does not bind, need not allow or opens to nobody.
func TestTheReasonOfAGate(t *testing.T) {
	own := law.Standing{Kind: law.IAMUser, SameAccount: true}
	assumes := law.Standing{Kind: law.IAMUser, SameAccount: true, Needs: policy.TrustLayer}
	with := func(change func(s *law.Standing)) law.Standing {
		s := own
		s.Given = law.Everywhere
		change(&s)
		return s
	}
	for sentence, c := range map[string]struct {
		standing law.Standing
		place    law.Place
		strength law.Strength
		want     law.Reason
	}{
		"another partition":                         {with(func(s *law.Standing) { s.OtherPartition = true }), law.Resource, law.Strength{}, law.OtherPartition},
		"a role is passed":                          {with(func(s *law.Standing) { s.PassRole = true }), law.Resource, law.Strength{}, law.PassRole},
		"RCPs and a service":                        {with(func(s *law.Standing) { s.BeyondRCPs = true }), law.RCP, law.Strength{}, law.ServiceBeyondRCPs},
		"RCPs and a grant that is retired":          {with(func(s *law.Standing) { s.RetireGrant = true }), law.RCP, law.Strength{}, law.RetireGrantBeyondRCPs},
		"RCPs and the management account":           {with(func(s *law.Standing) { s.ManagementResource = true }), law.RCP, law.Strength{}, law.ManagementBeyondRCPs},
		"RCPs and a service-linked caller":          {with(func(s *law.Standing) { s.ServiceLinked = true }), law.RCP, law.Strength{}, law.LinkedBeyondRCPs},
		"RCPs and a service-linked role":            {with(func(s *law.Standing) { s.AssumesLinked = true }), law.RCP, law.Strength{}, law.LinkedBeyondRCPs},
		"RCPs bind":                                 {with(func(*law.Standing) {}), law.RCP, law.Strength{}, law.NoReason},
		"SCPs and a service":                        {with(func(s *law.Standing) { s.Kind = law.ServicePrincipal }), law.SCP, law.Strength{}, law.UnsignedBeyondSCPs},
		"SCPs and a service-linked caller":          {with(func(s *law.Standing) { s.ServiceLinked = true }), law.SCP, law.Strength{}, law.LinkedBeyondSCPs},
		"SCPs and the management account":           {with(func(s *law.Standing) { s.ManagementCaller = true }), law.SCP, law.Strength{}, law.ManagementBeyondSCPs},
		"a session policy is missing":               {law.Standing{Kind: law.FederatedUser}, law.Session, law.Strength{}, law.NoSessionPolicy},
		"a session policy is there":                 {law.Standing{Kind: law.FederatedUser, Given: law.Everywhere}, law.Session, law.Strength{}, law.NoReason},
		"a session of the root user":                {law.Standing{Kind: law.RootUser}, law.Session, law.Strength{}, law.RootUserUnlimited},
		"the boundary of a service":                 {law.Standing{Kind: law.ServicePrincipal}, law.Boundary, law.Strength{}, law.NoAccount},
		"every caller may":                          {with(func(s *law.Standing) { s.Free = true }), law.SCP, law.Strength{}, law.EveryCallerMay},
		"a grant to the caller":                     {own, law.Identity, law.Strength{Sure: law.DirectGrant}, law.CallerGranted},
		"a grant to the role":                       {own, law.Identity, law.Strength{Sure: law.RoleGrant}, law.RoleGranted},
		"a grant to the role does not waive":        {own, law.Boundary, law.Strength{Sure: law.RoleGrant}, law.NoReason},
		"a grant to the account waives nothing":     {own, law.Identity, law.Strength{Sure: law.AccountGrant}, law.NoReason},
		"a trust policy that allows the caller":     {assumes, law.Identity, law.Strength{Sure: law.DirectGrant}, law.TrustGranted},
		"a trust policy that allows the role":       {assumes, law.Identity, law.Strength{Sure: law.RoleGrant}, law.RoleGranted},
		"a trust policy that allows the account":    {assumes, law.Identity, law.Strength{Sure: law.AccountGrant}, law.NoReason},
		"a possible grant to the caller":            {own, law.Identity, law.Strength{Possible: law.DirectGrant}, law.CallerMayBeGranted},
		"a possible grant to the role":              {own, law.Identity, law.Strength{Possible: law.RoleGrant}, law.RoleMayBeGranted},
		"no grant":                                  {own, law.Identity, law.Strength{}, law.NoReason},
		"its own policy grants the caller":          {own, law.Resource, law.Strength{Sure: law.DirectGrant}, law.GrantsCaller},
		"its own policy may grant the caller":       {own, law.Resource, law.Strength{Sure: law.RoleGrant, Possible: law.DirectGrant}, law.MayGrantCaller},
		"its own policy grants the role":            {own, law.Resource, law.Strength{Sure: law.RoleGrant}, law.GrantsRole},
		"its own policy may grant the role":         {own, law.Resource, law.Strength{Sure: law.AccountGrant, Possible: law.RoleGrant}, law.MayGrantRole},
		"its own policy grants the account":         {own, law.Resource, law.Strength{Sure: law.AccountGrant}, law.GrantsAccount},
		"its own policy grants nobody":              {own, law.Resource, law.Strength{}, law.OwnAccount},
		"its own policy grants nobody of elsewhere": {law.Standing{Kind: law.IAMUser}, law.Resource, law.Strength{}, law.NoReason},
	} {
		t.Run(sentence, func(t *testing.T) {
			gates := c.standing.Gates()
			assert.Equal(t, c.want.String(), gates.Reason(c.place, c.strength).String())
		})
	}
}

func TestTheLayersThatCanDeny(t *testing.T) {
	for sentence, c := range map[string]struct {
		standing law.Standing
		want     []policy.Layer
	}{
		"a user":        {law.Standing{Kind: law.IAMUser}, []policy.Layer{policy.EndpointLayer, policy.RCPLayer, policy.SCPLayer, policy.ResourceLayer, policy.IdentityLayer, policy.BoundaryLayer, policy.SessionLayer}},
		"a trust":       {law.Standing{Kind: law.ServicePrincipal, Needs: policy.TrustLayer}, []policy.Layer{policy.EndpointLayer, policy.RCPLayer, policy.TrustLayer}},
		"the root user": {law.Standing{Kind: law.RootUser}, []policy.Layer{policy.EndpointLayer, policy.RCPLayer, policy.SCPLayer, policy.ResourceLayer, policy.SessionLayer}},
	} {
		t.Run(sentence, func(t *testing.T) {
			assert.Equal(t, c.want, slices.Collect(c.standing.Denies))
			for range c.standing.Denies {
				break
			}
		})
	}
}

func TestKeysThatCanHaveSeveralValues(t *testing.T) {
	for name, want := range map[string]bool{
		"aws:TagKeys":                  true,
		"AWS:TAGKEYS":                  true,
		"aws:PrincipalOrgPaths":        true,
		"aws:SourceIp":                 false,
		"aws:PrincipalTag/aws:TagKeys": false,
		"events:metadata/a":            true,
		"Events:Metadata/a":            true,
		"events:metadata":              false,
		"events:metadatas/a":           false,
		"/a":                           false,
		"vpc-lattice-svcs:RequestQueryString/page": true,
		"login.example.com:amr":                    true,
		"login.example.com:sub":                    false,
		"login:amr":                                false,
		"apigateway:Request/ApiKeyRequired":        true,
	} {
		assert.Equal(t, want, law.IsMultivalued(name), name)
	}
}

func TestWhatThePolicyOfAFunctionCanHold(t *testing.T) {
	for action, want := range map[string]bool{
		"lambda:InvokeFunction": true, "Lambda:invokefunction": true,
		"lambda:CreateFunction": false, "lambda:*": false, "s3:GetPolicy": false, "lambda": false, "": false,
	} {
		assert.Equal(t, want, law.FunctionPolicyHolds(action), action)
	}
}

func TestTheRowOfAKeySaysWhoHasIt(t *testing.T) {
	arn := law.KeyOf("aws:PrincipalArn").Row()
	assert.True(t, arn.Has(law.IAMUser))
	assert.False(t, arn.Has(law.AnonymousPrincipal))
	for row := range law.Keys {
		assert.Same(t, (law.OtherKey + 1).Row(), row, "the first row")
		break
	}
}

func TestAServicePrincipalHasANameAndADomainOfAWS(t *testing.T) {
	for text, want := range map[string]bool{
		"lambda.amazonaws.com": true, "s.amazonaws.com": true, "lambda.amazonaws.com.cn": true, "config.amazon.com": true,
		"amazonaws.com": false, ".amazonaws.com": false, "notamazonaws.com": false, "lambda.example.com": false, "lambda.": false, "x": false,
		"cognito-identity.amazonaws.com": false, "www.amazon.com": false, "a/b.amazonaws.com": false, "*.amazonaws.com": false,
	} {
		assert.Equal(t, want, law.IsServicePrincipal(text), text)
	}
	for domain := range law.ServiceDomains {
		assert.True(t, law.IsServicePrincipal("a."+domain), domain)
	}
	for range law.ServiceDomains {
		break
	}
}

func TestNamedActions(t *testing.T) {
	named := slices.Collect(law.NamedActions)
	for _, action := range []string{"sts:AssumeRole", "sts:TagSession", "sts:GetCallerIdentity"} {
		assert.Contains(t, named, action)
	}
	for _, action := range named {
		assert.NotContains(t, action, "*", "a rule for many actions")
	}
	for range law.NamedActions {
		break
	}
}

// Whose Deny counts, who must allow, and what waives that (E-2, E-3, E.3).
func TestTheGatesOfAStanding(t *testing.T) {
	const endpoint, rcp, scp, resource, identity, boundary, session = law.Endpoint, law.RCP, law.SCP, law.Resource, law.Identity, law.Boundary, law.Session
	type places = []law.Place
	everywhere := places{endpoint, rcp, scp, resource, identity, boundary, session}
	for sentence, c := range map[string]struct {
		standing     law.Standing
		binds, asks  places
		grants       bool
		role, direct places // what a grant to the role waives, and what one to the caller
	}{
		"no policies":            {law.Standing{Kind: law.IAMUser, SameAccount: true}, places{resource, identity, boundary, session}, places{identity}, true, places{identity}, places{boundary, session}},
		"all policies":           {law.Standing{Kind: law.IAMUser, SameAccount: true, Given: law.Everywhere}, everywhere, places{endpoint, rcp, scp, identity, boundary, session}, true, places{identity}, places{boundary, session}},
		"a boundary alone":       {law.Standing{Kind: law.IAMUser, SameAccount: true, Given: 1 << boundary}, places{resource, identity, boundary, session}, places{identity, boundary}, true, places{identity}, places{boundary, session}},
		"across accounts":        {law.Standing{Kind: law.IAMUser, Given: law.Everywhere}, everywhere, everywhere, true, nil, nil},
		"a role is assumed":      {law.Standing{Kind: law.IAMUser, SameAccount: true, Needs: policy.TrustLayer}, places{resource, identity, boundary, session}, places{resource, identity}, true, places{identity}, nil},
		"a key of KMS":           {law.Standing{Kind: law.IAMUser, SameAccount: true, Needs: policy.ResourceLayer}, places{resource, identity, boundary, session}, places{resource, identity}, true, places{identity}, places{boundary, session}},
		"the resource delegates": {law.Standing{Kind: law.IAMUser, SameAccount: true, Delegates: true}, places{resource, identity, boundary, session}, places{identity}, true, nil, nil},
		"it delegates elsewhere": {law.Standing{Kind: law.IAMUser, Delegates: true}, places{resource, identity, boundary, session}, places{identity}, true, nil, nil},
		"another partition":      {law.Standing{Kind: law.IAMUser, OtherPartition: true}, places{resource, identity, boundary, session}, places{resource, identity}, false, nil, nil},
		"a role is passed":       {law.Standing{Kind: law.IAMUser, SameAccount: true, PassRole: true}, places{resource, identity, boundary, session}, places{identity}, false, places{identity}, places{boundary, session}},
		"a federated user":       {law.Standing{Kind: law.FederatedUser, SameAccount: true}, places{resource, identity, boundary, session}, places{identity, session}, true, places{identity}, places{boundary, session}},
		"the root user":          {law.Standing{Kind: law.RootUser, SameAccount: true, Given: law.Everywhere}, places{endpoint, rcp, scp, resource, session}, places{endpoint, rcp, scp}, true, nil, nil},
		"a service":              {law.Standing{Kind: law.ServicePrincipal, Given: law.Everywhere}, places{endpoint, rcp, resource}, places{endpoint, rcp, resource}, true, nil, nil},
		"every caller may":       {law.Standing{Kind: law.IAMUser, SameAccount: true, Free: true, Given: law.Everywhere}, nil, nil, true, nil, nil},
	} {
		t.Run(sentence, func(t *testing.T) {
			gates := c.standing.Gates()
			assert.ElementsMatch(t, c.binds, slices.Collect(gates.Binds.All), "binds")
			assert.ElementsMatch(t, c.asks, slices.Collect(gates.Asks.All), "asks")
			assert.Equal(t, c.grants, !gates.GrantsNothing, "grants")
			var role, direct places
			for _, p := range everywhere {
				switch gates.Waiver(p) {
				case law.RoleGrant:
					role = append(role, p)
				case law.DirectGrant:
					direct = append(direct, p)
				}
			}
			assert.ElementsMatch(t, c.role, role, "waived by a grant to the role")
			assert.ElementsMatch(t, c.direct, direct, "waived by a grant to the caller")
		})
	}
}

func TestWhoOwnsAResource(t *testing.T) {
	assert.Equal(t, "444455556666", law.Owner("444455556666", "111122223333"))
	for _, silent := range []string{"", "aws"} {
		assert.Equal(t, "111122223333", law.Owner(silent, "111122223333"))
		assert.False(t, law.NamesOwner(silent))
	}
	assert.True(t, law.NamesOwner("444455556666"))
	assert.True(t, law.IsAWS("aws"))
	assert.False(t, law.IsAWS("111122223333"))
	for begins, want := range map[string]struct{ aws, own bool }{
		"": {true, true}, "a": {true, true}, "aws": {true, true}, "1111": {false, true}, "4": {false, false}, "awsx": {false, false},
	} {
		assert.Equal(t, want.aws, law.MayBeAWS(begins), begins)
		assert.Equal(t, want.own, law.MayBeOwn(begins, "111122223333"), begins)
	}
}

func TestActionsThatAssumeARole(t *testing.T) {
	for action, want := range map[string]bool{"sts:AssumeRole": true, "STS:assumerolewithsaml": true, "sts:TagSession": true, "sts:GetCallerIdentity": false, "iam:PassRole": false} {
		assert.Equal(t, want, law.AssumesRole(action), action)
	}
	assert.Equal(t, "arn:*:kms:*:*:key/*", law.KMSKey.Pattern())
}

// A fixed rule is about callers of some kinds, and about actions by name or by the
// beginning of it, but for those that it leaves out (L-4, E-51, E-54).
func TestTheCallsThatAFixedRuleNames(t *testing.T) {
	names := func(rule law.Rule, k law.Kind, action string, sameAccount bool) (named bool) {
		for row := range law.Rows {
			named = named || row.Rule == rule && row.Names(k, action, sameAccount)
		}
		return named
	}
	for sentence, c := range map[string]struct {
		rule        law.Rule
		kind        law.Kind
		action      string
		sameAccount bool
		want        bool
	}{
		"a web identity reads":                   {law.OtherCredentials, law.WebIdentity, "s3:GetObject", true, true},
		"a web identity assumes a role":          {law.OtherCredentials, law.WebIdentity, "sts:assumerolewithwebidentity", true, false},
		"a web identity assumes as another does": {law.OtherCredentials, law.WebIdentity, "sts:AssumeRoleWithSAML", true, true},
		"an unsigned caller asks IAM":            {law.OtherCredentials, law.AnonymousPrincipal, "IAM:getrole", true, true},
		"an unsigned caller reads":               {law.OtherCredentials, law.AnonymousPrincipal, "s3:GetObject", true, false},
		"a user passes a role of another":        {law.CrossAccountPass, law.IAMUser, "iam:PassRole", false, true},
		"a user passes a role of its account":    {law.CrossAccountPass, law.IAMUser, "iam:PassRole", true, false},
		"a user reads a role of another":         {law.CrossAccountPass, law.IAMUser, "iam:GetRole", false, false},
		"a federated user asks IAM":              {law.FederatedUserCalls, law.FederatedUser, "iam:GetRole", true, true},
		"a federated user asks who it is":        {law.FederatedUserCalls, law.FederatedUser, "sts:GetCallerIdentity", true, false},
		"a user asks IAM":                        {law.FederatedUserCalls, law.IAMUser, "iam:GetRole", true, false},
		"the root user assumes a role":           {law.RootAssumesRole, law.RootUser, "sts:AssumeRole", false, true},
		"a user asks who it is":                  {law.FreeCalls, law.IAMUser, "sts:GetCallerIdentity", true, true},
		"a session asks for a session":           {law.FreeCalls, law.RoleSession, "sts:GetSessionToken", true, false},
	} {
		t.Run(sentence, func(t *testing.T) {
			assert.Equal(t, c.want, names(c.rule, c.kind, c.action, c.sameAccount))
		})
	}
	for range law.Rows {
		break
	}
}

func TestWhatAPlannedKeyDoesNotKnow(t *testing.T) {
	assert.Equal(t, "aws_s3_bucket.b.arn", law.PlannedOrigin(law.PlannedPrefix+"aws_s3_bucket.b.arn"))
	assert.Equal(t, "var.a", law.PlannedOrigin(law.PlannedPrefix+"var.a"+law.PlannedDoubt+"1"))
}
