package account_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/policy"
)

const (
	of       = "arn:aws:iam::111122223333:"
	function = "arn:aws:lambda:us-east-1:111122223333:function:orders"
	invoke   = "lambda:InvokeFunction"
)

// allow is a policy that allows an action on everything.
func allow(action string) *policy.Document {
	return policy.MustParse("", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"`+action+`","Resource":"*"}]}`)
}

// lambdaTrust lets Lambda assume a role.
func lambdaTrust() *policy.Document {
	return policy.MustParse("", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
}

func inline(name string, d *policy.Document) []policy.Attached {
	return []policy.Attached{{Name: name, Document: d}}
}

// small is an account with one of each.
func small() *account.Builder {
	b := account.New()
	b.AddPolicy(account.ManagedPolicy{ARN: of + "policy/edge", Default: "v2", Versions: []account.Version{{ID: "v1", Document: allow("s3:*")}, {ID: "v2", Document: allow("lambda:*")}}})
	b.AddIdentity(account.Identity{ARN: of + "group/team/Builders", Inline: inline("build", allow(invoke)), Known: account.OfGroup})
	b.AddIdentity(account.Identity{ARN: of + "user/alice", Groups: []string{"builders"}, Known: account.OfUser})
	b.AddIdentity(account.Identity{
		ARN: of + "role/svc/deploy", UniqueID: "AROAEXAMPLE", Managed: []string{"arn:aws:iam::aws:policy/AdministratorAccess"}, Boundary: of + "policy/edge",
		Trust: lambdaTrust(), Tags: []evaluator.Tag{{Key: "team", Value: "a"}}, Known: account.OfRole,
	})
	b.AddFunction(account.Function{ARN: function, Role: of + "role/svc/deploy", Aliases: []account.Alias{{Name: "prod", Version: "$LATEST"}}, Known: account.OfFunction})
	b.AddResource(account.Resource{ARN: function, Known: account.ResourcePolicy | account.Tags})
	b.AddResource(account.Resource{ARN: function + ":prod", Known: account.ResourcePolicy, Policy: policy.MustParse("", `{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Principal":{"AWS":"`+of+`user/bob"},"Action":"lambda:InvokeFunction","Resource":"`+function+`:prod"}]}`)})
	b.AddIdentity(account.Identity{ARN: of + "user/bob", Known: account.OfUser})
	return b
}

// organize puts the account into an organization whose root has an SCP.
func organize(b *account.Builder) {
	b.AddOrganization(account.Organization{ID: "o-1", ManagementAccount: "999999999999", AllFeatures: true})
	b.AddNode(account.Node{ID: "r-1", SCPs: []string{"p-FullAWSAccess"}, Enabled: []policy.Kind{policy.SCP}, Known: account.SCPs | account.PolicyTypes})
	b.AddNode(account.Node{ID: "ou-1", Parent: "r-1", SCPs: []string{"p-lambda"}, Known: account.SCPs | account.Parent})
	b.AddNode(account.Node{ID: "111122223333", Parent: "ou-1", SCPs: []string{"p-FullAWSAccess"}, Known: account.SCPs | account.Parent})
	b.AddOrganizationPolicy(account.OrganizationPolicy{ID: "p-lambda", Name: "OnlyLambda", Kind: policy.SCP, Document: allow("lambda:*")})
}

func decide(t *testing.T, s *account.Snapshot, who, action, resource string) string {
	t.Helper()
	p, err := s.Principal(who)
	require.NoError(t, err)
	caller, err := p.Caller()
	require.NoError(t, err)
	target, err := s.Target(resource)
	require.NoError(t, err)
	return evaluator.Evaluate(&caller, &target, &evaluator.Request{Action: action}).String()
}

func TestDecisionsOfASnapshot(t *testing.T) {
	for sentence, c := range map[string]struct {
		organized                       bool
		who, action, resource, decision string
	}{
		"a user has the policies of its group, whatever its path and case": {false, "user/alice", invoke, function, "allowed"},
		"a user without policies can do nothing":                           {false, "user/bob", invoke, function, "implicitDeny(identity)"},
		"an alias has its own policy":                                      {false, "user/bob", invoke, function + ":prod", "allowed"},
		"the default version of a boundary counts":                         {false, "role/deploy", invoke, function, "allowed"},
		"a boundary binds":                                                 {false, "role/svc/deploy", "iam:GetRole", of + "role/svc/deploy", "implicitDeny(boundary)"},
		"SCPs above the account bind":                                      {true, "role/deploy", "iam:GetRole", of + "role/svc/deploy", "implicitDeny(scp)"},
		"SCPs above the account allow":                                     {true, "role/deploy", invoke, function, "allowed"},
	} {
		t.Run(sentence, func(t *testing.T) {
			b := small()
			if c.organized {
				organize(b)
			}
			s, err := b.Build()
			require.NoError(t, err)
			assert.Equal(t, c.decision, decide(t, s, c.who, c.action, c.resource))
		})
	}
}

func TestReferencesThatLeadNowhereNameBothEnds(t *testing.T) {
	for sentence, c := range map[string]struct {
		change func(*account.Builder)
		want   []string
	}{
		"a group": {func(b *account.Builder) {
			b.AddIdentity(account.Identity{ARN: of + "user/eve", Groups: []string{"Gone"}, Known: account.OfUser, Source: "x.json"})
		}, []string{"user/eve", "is in group Gone", "x.json"}},
		"a customer managed policy": {func(b *account.Builder) {
			b.AddIdentity(account.Identity{ARN: of + "role/r", Managed: []string{of + "policy/gone"}, Known: account.OfRole})
		}, []string{"role/r", "attaches " + of + "policy/gone", "LocalManagedPolicy"}},
		"an AWS managed policy that nobody knows": {func(b *account.Builder) {
			b.AddIdentity(account.Identity{ARN: of + "role/r", Managed: []string{"arn:aws:iam::aws:policy/AdministratorAcces"}, Known: account.OfRole})
		}, []string{"role/r", "attaches arn:aws:iam::aws:policy/AdministratorAcces,", `did you mean "arn:aws:iam::aws:policy/AdministratorAccess"`}},
		"a boundary": {func(b *account.Builder) {
			b.AddIdentity(account.Identity{ARN: of + "role/r", Boundary: of + "policy/gone", Known: account.OfRole})
		}, []string{"role/r is bounded by " + of + "policy/gone"}},
		"a default version": {func(b *account.Builder) {
			b.AddPolicy(account.ManagedPolicy{ARN: of + "policy/p", Default: "v9", Versions: []account.Version{{ID: "v1", Document: allow("*")}}})
		}, []string{"policy/p has version v9, the default one (there is v1)"}},
		"an execution role": {func(b *account.Builder) {
			b.AddFunction(account.Function{ARN: function + "2", Role: of + "role/gone", Known: account.OfFunction})
		}, []string{function + "2 runs as " + of + "role/gone"}},
		"a parent": {func(b *account.Builder) {
			organize(b)
			b.AddNode(account.Node{ID: "ou-2", Parent: "ou-gone", Known: account.SCPs | account.Parent})
		}, []string{"ou-2 stands below ou-gone"}},
		"an SCP": {func(b *account.Builder) {
			organize(b)
			b.AddNode(account.Node{ID: "444455556666", Parent: "r-1", SCPs: []string{"p-gone"}, Known: account.SCPs | account.Parent})
		}, []string{"444455556666 has service control policy p-gone"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			b := small()
			c.change(b)
			_, err := b.Build()
			require.ErrorIs(t, err, account.ErrDangling)
			for _, text := range c.want {
				assert.ErrorContains(t, err, text)
			}

			b = small()
			b.Partial = true
			c.change(b)
			s, err := b.Build()
			require.NoError(t, err, "a partial snapshot has a gap instead")
			assert.NotEmpty(t, s.Gaps())
		})
	}
}

func TestWhatIsNotKnownIsNotAbsent(t *testing.T) {
	build := func(complete account.Part) *account.Snapshot {
		b := account.New()
		b.Complete = complete
		b.AddFunction(account.Function{ARN: function, Role: of + "role/r", Known: account.ExecutionRole})
		b.AddIdentity(account.Identity{ARN: of + "role/r", Known: account.TrustPolicy, Trust: lambdaTrust()})
		s, err := b.Build()
		require.NoError(t, err)
		return s
	}
	s := build(0)

	_, err := s.Target(function)
	require.ErrorIs(t, err, account.ErrUnknown)
	assert.NotErrorIs(t, err, account.ErrDangling)
	role, err := s.Principal("role/r")
	require.NoError(t, err)
	_, err = role.Caller()
	require.ErrorIs(t, err, account.ErrUnknown)
	assert.ErrorContains(t, err, "inline policies, managed policies of "+of+"role/r: not known\npermissions boundary of "+of+"role/r: not known")
	_, err = s.Target("arn:aws:s3:::bucket/key")
	require.ErrorIs(t, err, account.ErrNotFound)

	s = build(account.ResourcePolicy | account.OfRole)
	target, err := s.Target(function + ":7")
	require.NoError(t, err)
	assert.Empty(t, target.Policies, "what was read is complete: there is no policy")
}

func TestEqualPoliciesAreOneSet(t *testing.T) {
	b := account.New()
	for _, name := range []string{"a", "b"} {
		d, err := b.Document("same", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)
		require.NoError(t, err)
		b.AddIdentity(account.Identity{ARN: of + "role/" + name, Inline: inline("same", d), Known: account.OfRole})
	}
	s, err := b.Build()
	require.NoError(t, err)
	var sets []*evaluator.Set
	for p := range s.Principals() {
		c, err := p.Caller()
		require.NoError(t, err)
		sets = append(sets, c.Identity)
	}
	require.Len(t, sets, 2)
	assert.Same(t, sets[0], sets[1])
}

func TestTheSameEntityTwice(t *testing.T) {
	b := small()
	b.AddIdentity(account.Identity{ARN: of + "user/bob", Known: account.OfUser})
	_, err := b.Build()
	require.NoError(t, err, "with the same content it is one")

	b = small()
	b.AddIdentity(account.Identity{ARN: of + "user/bob", Inline: inline("x", allow("s3:*")), Known: account.OfUser, Source: "second.json"})
	_, err = b.Build()
	require.ErrorContains(t, err, "second.json: inline policies of "+of+"user/bob is another")
}

func TestAChangedSnapshotSharesTheRest(t *testing.T) {
	s, err := small().Build()
	require.NoError(t, err)
	const role, action = of + "role/svc/deploy", "iam:GetRole"
	for sentence, c := range map[string]struct {
		change                          account.Change
		who, action, resource, decision string
	}{
		"a policy is attached by document":                 {account.Attach(of+"user/bob", inline("x", allow(invoke))...), "user/bob", invoke, function, "allowed"},
		"a policy is attached by ARN":                      {account.Attach(of+"user/bob", policy.Attached{ARN: of + "policy/edge"}), "user/bob", invoke, function, "allowed"},
		"a policy is detached":                             {account.Detach(role, "arn:aws:iam::aws:policy/AdministratorAccess"), "role/deploy", invoke, function, "implicitDeny(identity)"},
		"a managed policy gets a version":                  {account.PutPolicy(of+"policy/edge", allow("*")), "role/deploy", action, role, "allowed"},
		"a function gets a policy":                         {account.PutResourcePolicy(function, nil), "user/bob", invoke, function, "implicitDeny(identity)"},
		"a statement of a resource's policy has no effect": {account.WithoutStatement(function+":prod", "", 0), "user/bob", invoke, function + ":prod", "implicitDeny(identity)"},
		"a statement of an inline policy has no effect":    {account.WithoutStatement(of+"group/team/Builders", "build", 0), "user/alice", invoke, function, "implicitDeny(identity)"},
		"a statement of a managed policy has no effect":    {account.WithoutStatement(of+"policy/edge", "", 0), "role/deploy", invoke, function, "implicitDeny(boundary)"},
	} {
		t.Run(sentence, func(t *testing.T) {
			before := decide(t, s, c.who, c.action, c.resource)
			changed, err := s.With(c.change)
			require.NoError(t, err)
			assert.Equal(t, c.decision, decide(t, changed, c.who, c.action, c.resource))
			assert.Equal(t, before, decide(t, s, c.who, c.action, c.resource), "the snapshot itself stays as it is")
		})
	}
	_, err = s.With(account.Detach(of+"user/bob", "nothing"))
	require.ErrorContains(t, err, `has no policy "nothing"`)
	_, err = s.With(account.WithoutStatement(of+"policy/edge", "", 3))
	require.ErrorContains(t, err, "has no statement 3")
}

func TestAnSCPWithoutAStatement(t *testing.T) {
	b := small()
	organize(b)
	s, err := b.Build()
	require.NoError(t, err)
	changed, err := s.With(account.WithoutStatement("p-lambda", "", 0))
	require.NoError(t, err)
	assert.Equal(t, "implicitDeny(scp)", decide(t, changed, "role/deploy", invoke, function))
	assert.Equal(t, "allowed", decide(t, s, "role/deploy", invoke, function))
}

func TestAnAccountInAnOrganization(t *testing.T) {
	for sentence, c := range map[string]struct {
		change          func(*account.Builder)
		decision, lacks string
	}{
		"SCPs that are not enabled do not bind": {func(b *account.Builder) {
			b.AddOrganization(account.Organization{ID: "o-1", ManagementAccount: "999999999999", AllFeatures: true})
			b.AddNode(account.Node{ID: "r-1", Known: account.PolicyTypes})
			b.AddNode(account.Node{ID: "111122223333", Parent: "r-1", Known: account.Parent})
		}, "allowed", ""},
		"with consolidated billing alone there are no SCPs": {func(b *account.Builder) {
			b.AddOrganization(account.Organization{ID: "o-1", ManagementAccount: "999999999999"})
			b.AddNode(account.Node{ID: "r-1", Enabled: []policy.Kind{policy.SCP}, Known: account.PolicyTypes})
			b.AddNode(account.Node{ID: "111122223333", Parent: "r-1", Known: account.Parent})
		}, "allowed", ""},
		"SCPs do not bind the management account": {func(b *account.Builder) {
			b.AddOrganization(account.Organization{ID: "o-1", ManagementAccount: "111122223333", AllFeatures: true})
			b.AddNode(account.Node{ID: "r-1", Enabled: []policy.Kind{policy.SCP}, Known: account.PolicyTypes | account.SCPs})
			b.AddNode(account.Node{ID: "111122223333", Parent: "r-1", Known: account.Parent | account.SCPs})
		}, "allowed", ""},
		"a level without SCPs allows nothing": {func(b *account.Builder) {
			b.AddOrganization(account.Organization{ID: "o-1", ManagementAccount: "999999999999", AllFeatures: true})
			b.AddNode(account.Node{ID: "r-1", Enabled: []policy.Kind{policy.SCP}, Known: account.PolicyTypes | account.SCPs})
			b.AddNode(account.Node{ID: "111122223333", Parent: "r-1", SCPs: []string{"p-FullAWSAccess"}, Known: account.Parent | account.SCPs})
		}, "implicitDeny(scp)", ""},
		"a level whose SCPs were not read is not known": {func(b *account.Builder) {
			b.AddOrganization(account.Organization{ID: "o-1", ManagementAccount: "999999999999", AllFeatures: true})
			b.AddNode(account.Node{ID: "r-1", Enabled: []policy.Kind{policy.SCP}, Known: account.PolicyTypes})
			b.AddNode(account.Node{ID: "111122223333", Parent: "r-1", SCPs: []string{"p-FullAWSAccess"}, Known: account.Parent | account.SCPs})
		}, "", "give the answer of list-policies-for-target --target-id r-1 --filter SERVICE_CONTROL_POLICY"},
		"an account that is nowhere in the organization": {func(b *account.Builder) {
			b.AddOrganization(account.Organization{ID: "o-1", ManagementAccount: "999999999999", AllFeatures: true})
			b.AddNode(account.Node{ID: "r-1", Enabled: []policy.Kind{policy.SCP}, Known: account.PolicyTypes})
		}, "", "parent of 111122223333: not known; give the answer of list-accounts-for-parent"},
		"a root whose enabled types were not read": {func(b *account.Builder) {
			b.AddOrganization(account.Organization{ID: "o-1", ManagementAccount: "999999999999", AllFeatures: true})
			b.AddNode(account.Node{ID: "r-1", Known: account.SCPs})
			b.AddNode(account.Node{ID: "111122223333", Parent: "r-1", Known: account.Parent | account.SCPs})
		}, "", "policy types of r-1: not known; give the answer of list-roots"},
	} {
		t.Run(sentence, func(t *testing.T) {
			b := small()
			c.change(b)
			s, err := b.Build()
			require.NoError(t, err)
			if c.lacks == "" {
				assert.Equal(t, c.decision, decide(t, s, "role/deploy", invoke, function))
				return
			}
			p, err := s.Principal("role/deploy")
			require.NoError(t, err)
			_, err = p.Caller()
			require.ErrorIs(t, err, account.ErrUnknown)
			assert.ErrorContains(t, err, c.lacks)
			assert.Contains(t, s.Gaps()[0].Error(), c.lacks)
		})
	}
}

func TestAnOrganizationThatBitesItsTail(t *testing.T) {
	b := small()
	b.AddNode(account.Node{ID: "ou-1", Parent: "ou-2", Known: account.Parent})
	b.AddNode(account.Node{ID: "ou-2", Parent: "ou-1", Known: account.Parent})
	b.AddNode(account.Node{ID: "111122223333", Parent: "ou-1", Known: account.Parent})
	_, err := b.Build()
	require.ErrorContains(t, err, "ou-1 stands below itself")
}

func TestNamesOfSeveralAccounts(t *testing.T) {
	b := small()
	b.AddIdentity(account.Identity{ARN: "arn:aws:iam::444455556666:role/deploy", Known: account.OfRole})
	s, err := b.Build()
	require.NoError(t, err)
	assert.Equal(t, []string{"111122223333", "444455556666"}, s.Accounts())
	_, err = s.Principal("role/deploy")
	require.ErrorContains(t, err, "is in several accounts: give the ARN, one of "+of+"role/svc/deploy, arn:aws:iam::444455556666:role/deploy")
	_, err = s.Principal("role/svc/deploy")
	require.NoError(t, err)
	_, err = s.Principal("role/deplyo")
	require.ErrorIs(t, err, account.ErrNotFound)
	assert.ErrorContains(t, err, `did you mean "role/deploy"`)
	_, err = s.Principal(of + "group/team/Builders")
	require.ErrorIs(t, err, account.ErrNotFound, "a group calls nobody")
}

func TestSessions(t *testing.T) {
	s, err := small().Build()
	require.NoError(t, err)
	role, err := s.Principal("role/deploy")
	require.NoError(t, err)
	c, err := role.Session("s1")
	require.NoError(t, err)
	assert.Equal(t, "arn:aws:sts::111122223333:assumed-role/deploy/s1", c.Principal.String())
	user, err := s.Principal("user/alice")
	require.NoError(t, err)
	_, err = user.Session("s1")
	require.ErrorContains(t, err, "is no role")
}

func TestWrongEntitiesAreFaults(t *testing.T) {
	for sentence, c := range map[string]struct {
		add  func(*account.Builder)
		want string
	}{
		"what is no identity":         {func(b *account.Builder) { b.AddIdentity(account.Identity{ARN: function, Source: "x.json:3"}) }, `x.json:3: "` + function + `" is no ARN of a user, a group or a role`},
		"what is no ARN":              {func(b *account.Builder) { b.AddPolicy(account.ManagedPolicy{ARN: "p"}) }, `invalid ARN "p"`},
		"a function with a qualifier": {func(b *account.Builder) { b.AddFunction(account.Function{ARN: function + ":7"}) }, "has a qualifier"},
		"an organization of no control": {func(b *account.Builder) {
			b.AddOrganizationPolicy(account.OrganizationPolicy{ID: "p", Kind: policy.Identity})
		}, `p is a policy of kind "identity"`},
		"a node without id": {func(b *account.Builder) { b.AddNode(account.Node{}) }, "has no id"},
		"a trust policy with resources": {func(b *account.Builder) {
			b.AddIdentity(account.Identity{ARN: of + "role/r", Trust: allow("s3:*"), Known: account.OfRole, Source: "x.json:3"})
		}, "x.json:3: " + of + "role/r: "},
	} {
		t.Run(sentence, func(t *testing.T) {
			b := small()
			c.add(b)
			s, err := b.Build()
			require.ErrorContains(t, err, c.want)
			assert.Equal(t, "allowed", decide(t, s, "user/alice", invoke, function), "what is sound is there beside the error")
		})
	}
}

func TestWhatIsNotKnownDecidesOnlyWhereItCan(t *testing.T) {
	const returns = "arn:aws:lambda:us-east-1:111122223333:function:returns"
	for sentence, c := range map[string]struct {
		change                account.Identity
		organized             bool
		action, resource      string
		decision, undecidedBy string
	}{
		"all is known": {account.Identity{Inline: inline("x", allow(invoke)), Known: account.OfRole}, false, invoke, function, "allowed", ""},
		"an inline policy that is not known may allow":     {account.Identity{Known: account.OfRole &^ account.InlinePolicies}, false, invoke, function, "", "inline policies of"},
		"a managed policy that is not known may deny":      {account.Identity{Inline: inline("x", allow("*")), Managed: []string{of + "policy/gone"}, Known: account.OfRole}, false, invoke, function, "", "policy/gone"},
		"a boundary that is known denies all the same":     {account.Identity{Boundary: of + "policy/edge", Known: account.OfRole &^ account.InlinePolicies}, false, "s3:GetObject", function, "implicitDeny(boundary)", ""},
		"a Deny that is known denies all the same":         {account.Identity{Inline: inline("x", policy.MustParse("", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`)), Known: account.OfRole &^ account.ManagedPolicies}, false, invoke, function, "explicitDeny(identity)", ""},
		"a boundary that is not known may not allow":       {account.Identity{Inline: inline("x", allow("*")), Known: account.OfRole &^ account.PermissionsBoundary}, false, invoke, function, "", "permissions boundary of"},
		"a function's policy that is not known may deny":   {account.Identity{Inline: inline("x", allow("*")), Known: account.OfRole}, false, invoke, returns, "", "resource-based policy of " + returns},
		"an SCP that is known denies all the same":         {account.Identity{Inline: inline("x", allow("*")), Known: account.OfRole}, true, "s3:GetObject", returns, "implicitDeny(scp)", ""},
		"the policy of another's function may not be read": {account.Identity{Known: account.OfRole}, false, invoke, returns, "", "resource-based policy of " + returns},
	} {
		t.Run(sentence, func(t *testing.T) {
			b := small()
			b.Partial = true
			if c.organized {
				organize(b)
			}
			c.change.ARN = of + "role/asked"
			b.AddIdentity(c.change)
			b.AddFunction(account.Function{ARN: returns})
			s, err := b.Build()
			require.NoError(t, err)
			p, err := s.Principal("role/asked")
			require.NoError(t, err)
			d, err := s.Decide(nil, p, c.resource, &evaluator.Request{Action: c.action})
			if c.undecidedBy == "" {
				require.NoError(t, err)
				assert.Equal(t, c.decision, d.String())
				return
			}
			require.ErrorIs(t, err, account.ErrUnknown)
			assert.ErrorContains(t, err, c.undecidedBy)
			assert.False(t, d.Allowed())
		})
	}
}

func TestTheZeroSnapshotIsEmpty(t *testing.T) {
	var s account.Snapshot
	_, err := s.Principal("role/deploy")
	require.ErrorIs(t, err, account.ErrNotFound)
	assert.Empty(t, s.Accounts())
	changed, err := s.With(account.PutResourcePolicy("arn:aws:s3:::bucket", policy.MustParse("", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}]}`)))
	require.NoError(t, err)
	target, err := changed.Target("arn:aws:s3:::bucket/key")
	require.NoError(t, err)
	assert.Len(t, target.Policies, 1)
}
