package account_test

import (
	"errors"
	"fmt"
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
		"a version of an alias": {func(b *account.Builder) {
			b.AddFunction(account.Function{ARN: function + "2", Role: of + "role/svc/deploy", Versions: []string{"1"}, Aliases: []account.Alias{{Name: "prod", Version: "1", Others: []string{"2"}}}, Known: account.OfFunction})
		}, []string{function + "2 has version 2", "alias prod leads to it"}},
		"an alias of a URL": {func(b *account.Builder) {
			b.AddFunction(account.Function{ARN: function + "2", Role: of + "role/svc/deploy", Aliases: []account.Alias{{Name: "prod", Version: "$LATEST"}}, URLs: []account.URL{{Qualifier: "prod"}, {}, {Qualifier: "live"}}, Known: account.OfFunction})
		}, []string{function + "2 has a URL for alias live"}},
		"an organization": {func(b *account.Builder) {
			organize(b)
			b.AddNode(account.Node{ID: "r-2", Organization: "o-2"})
		}, []string{"r-2 stands below organization o-2", "describe-organization"}},
		"an RCP that is an SCP": {func(b *account.Builder) {
			organize(b)
			b.AddNode(account.Node{ID: "444455556666", Parent: "r-1", RCPs: []string{"p-RCPFullAWSAccess", "p-lambda"}, Known: account.RCPs | account.Parent})
		}, []string{"444455556666 has resource control policy p-lambda"}},
		"an SCP without its document": {func(b *account.Builder) {
			organize(b)
			b.AddOrganizationPolicy(account.OrganizationPolicy{ID: "p-empty", Kind: policy.SCP})
			b.AddNode(account.Node{ID: "444455556666", Parent: "r-1", SCPs: []string{"p-empty"}, Known: account.SCPs | account.Parent})
		}, []string{"444455556666 has service control policy p-empty", "describe-policy --policy-id p-empty"}},
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
			assert.NotContains(t, err.Error(), "\n", "one reference")
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
	var gaps []string
	for _, g := range s.Gaps() {
		gaps = append(gaps, g.Error())
	}
	assert.Equal(t, []string{
		"service control policies, resource control policies of 111122223333: not known; taken to be in no organization: give the answers of AWS Organizations if it is in one",
		"inline policies, managed policies, permissions boundary, tags of " + of + "role/r: not known; give the answer of get-account-authorization-details",
		"resource-based policy of " + function + ": not known; give the answer of aws lambda get-policy, or say that what was read is complete",
	}, gaps)

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
		"a policy is attached by document":               {account.Attach(of+"user/bob", inline("x", allow(invoke))...), "user/bob", invoke, function, "allowed"},
		"a policy is attached by ARN":                    {account.Attach(of+"user/bob", policy.Attached{ARN: of + "policy/edge"}), "user/bob", invoke, function, "allowed"},
		"a policy is detached":                           {account.Detach(role, "arn:aws:iam::aws:policy/AdministratorAccess"), "role/deploy", invoke, function, "implicitDeny(identity)"},
		"a managed policy gets a version":                {account.PutPolicy(of+"policy/edge", allow("*")), "role/deploy", action, role, "allowed"},
		"a function gets a policy":                       {account.PutResourcePolicy(function, nil), "user/bob", invoke, function, "implicitDeny(identity)"},
		"a managed policy that was not read is attached": {account.Attach(of+"user/bob", policy.Attached{ARN: of + "policy/new", Document: allow(invoke)}), "user/bob", invoke, function, "allowed"},
		"an inline policy is detached":                   {account.Detach(of+"group/team/Builders", "build"), "user/alice", invoke, function, "implicitDeny(identity)"},
		"another inline policy is not": {func(s *account.Snapshot) error {
			return errors.Join(account.Attach(of+"group/team/Builders", inline("x", allow("s3:*"))...)(s), account.Detach(of+"group/team/Builders", "x")(s))
		}, "user/alice", invoke, function, "allowed"},
		"a statement of a trust policy has no effect":      {account.WithoutStatement(role, "", 0), "role/deploy", invoke, function, "allowed"},
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
	for want, change := range map[string]account.Change{
		`has no policy "nothing"`:                   account.Detach(of+"user/bob", "nothing"),
		`user/gone" is not in the snapshot`:         account.Detach(of+"user/gone", "nothing"),
		`user/nobody" is not in the snapshot`:       account.Attach(of+"user/nobody", inline("x", allow("*"))...),
		`policy/gone" is not in the snapshot`:       account.Attach(of+"user/bob", policy.Attached{ARN: of + "policy/gone"}),
		`Builders has no policy "nothing"`:          account.Detach(of+"group/team/Builders", "nothing"),
		"user/bob has no inline policy \"y\"":       account.WithoutStatement(of+"user/bob", "y", 0),
		"policy/edge has no statement 1":            account.WithoutStatement(of+"policy/edge", "", 1),
		"policy/edge has no statement -1":           account.WithoutStatement(of+"policy/edge", "", -1),
		"Builders build has no statement 1":         account.WithoutStatement(of+"group/team/Builders", "build", 1),
		"role/svc/deploy has no statement 1":        account.WithoutStatement(role, "", 1),
		":prod has no statement 1":                  account.WithoutStatement(function+":prod", "", 1),
		function + " has no statement 0":            account.WithoutStatement(function, "", 0),
		`"gone" is not in the snapshot`:             account.WithoutStatement("gone", "", 0),
		"needs a Resource or a NotResource":         account.Attach(of+"user/bob", inline("x", lambdaTrust())...),
		"an identity-based policy has no Principal": account.PutPolicy(of+"policy/edge", lambdaTrust()),
	} {
		_, err = s.With(change)
		assert.ErrorContains(t, err, want)
	}
	changed, err := s.With(account.PutPolicy(of+"policy/edge", allow("*")), account.PutPolicy(of+"policy/new", allow("*")))
	require.NoError(t, err)
	for name, want := range map[string][]string{"edge": {"v3", "v1", "v2", "v3"}, "new": {"v1", "v1"}} {
		p, err := changed.Policy(name)
		require.NoError(t, err)
		ids := []string{p.Default}
		for _, v := range p.Versions {
			ids = append(ids, v.ID)
		}
		assert.Equal(t, want, ids, "the default version of %s, and all", name)
	}
}

// What a policy of its own decides is not asked of an unread one.
func TestTargetsOfASnapshot(t *testing.T) {
	const box, begun = "arn:aws:s3:::box", "arn:aws:sqs:us-east-1:111122223333:iamsim-1"
	public := policy.MustParse("", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}`)
	b := small()
	b.Partial = true
	b.AddFunction(account.Function{ARN: function + "2", Address: "Second", Role: of + "role/svc/deploy", Known: account.OfFunction})
	b.AddResource(account.Resource{ARN: function + "2:prod", Known: account.ResourcePolicy})
	b.AddResource(account.Resource{ARN: box, Address: "Box", Account: "444455556666", Policy: public, Tags: []evaluator.Tag{{Key: "team"}}, Known: account.ResourcePolicy | account.Tags})
	b.AddResource(account.Resource{ARN: box + "/own", Known: account.ResourcePolicy})
	b.AddResource(account.Resource{ARN: begun, Address: "Queue", Begins: "arn:aws:sqs:us-east-1:111122223333:orders-", Known: account.ResourcePolicy})
	b.AddIdentity(account.Identity{ARN: of + "role/t", Address: "Role", Trust: lambdaTrust(), Known: account.OfRole})
	b.AddIdentity(account.Identity{ARN: of + "role/u", Known: account.OfRole &^ account.TrustPolicy})
	b.AddIdentity(account.Identity{ARN: of + "role/v", Address: "Untagged", Trust: lambdaTrust(), Known: account.OfRole &^ account.Tags})
	b.AddPolicy(account.ManagedPolicy{ARN: of + "policy/p", Address: "Policy", Default: "v1", Versions: []account.Version{{ID: "v1", Document: allow("*")}}})
	s, err := b.Build()
	require.NoError(t, err)
	for resource, c := range map[string]struct {
		target   evaluator.Target // but for the policies
		policies int
		lacks    string
	}{
		"Role":             {evaluator.Target{Resource: of + "role/t", Tags: []evaluator.Tag{}}, 1, ""},
		"Untagged":         {evaluator.Target{Resource: of + "role/v"}, 1, ""},
		"Policy":           {evaluator.Target{Resource: of + "policy/p"}, 0, ""},
		"Box":              {evaluator.Target{Resource: box, Account: "444455556666", Tags: []evaluator.Tag{{Key: "team"}}}, 1, ""},
		"Queue":            {evaluator.Target{Resource: "arn:aws:sqs:us-east-1:111122223333:orders-", Unknown: true, Account: "111122223333"}, 0, ""},
		"Second":           {evaluator.Target{Resource: function + "2"}, 0, "resource-based policy of " + function + "2: not known"},
		box + "/key":       {evaluator.Target{Resource: box + "/key", Account: "444455556666", Tags: []evaluator.Tag{{Key: "team"}}}, 1, ""},
		box + "/own":       {evaluator.Target{Resource: box + "/own"}, 0, ""},
		of + "user/bob":    {evaluator.Target{Resource: of + "user/bob", Tags: []evaluator.Tag{}}, 0, ""},
		of + "role/u":      {evaluator.Target{Resource: of + "role/u", Tags: []evaluator.Tag{}}, 0, "resource-based policy of " + of + "role/u: not known"},
		function + ":prod": {evaluator.Target{Resource: function + ":prod", Tags: []evaluator.Tag{}}, 1, ""},
		// Beside the policy of a version or alias that of the function counts.
		function + "2:prod": {evaluator.Target{Resource: function + "2:prod"}, 0, "resource-based policy of " + function + "2: not known"},
		function + "2:7":    {evaluator.Target{Resource: function + "2:7"}, 0, "resource-based policy of " + function + "2:7: not known\nresource-based policy of " + function + "2: not known"},
		function + ":7":     {evaluator.Target{Resource: function + ":7", Tags: []evaluator.Tag{}}, 0, "resource-based policy of " + function + ":7: not known"},
	} {
		got, err := s.Target(resource)
		assert.Len(t, got.Policies, c.policies, resource)
		got.Policies = nil
		assert.Equal(t, c.target, got, resource)
		if c.lacks == "" {
			assert.NoError(t, err, resource)
		} else {
			assert.EqualError(t, err, c.lacks, resource)
		}
	}
	for resource, want := range map[string]string{
		"": `invalid ARN ""`, "Nothing": `invalid ARN "Nothing"`, box + "2": "is not in the snapshot: give the answer that has its policy",
		function + "3:prod": "is not in the snapshot", of + "user/gone": "is not in the snapshot",
	} {
		_, err := s.Target(resource)
		assert.ErrorContains(t, err, want, resource)
	}
}

func TestNamesOfASnapshot(t *testing.T) {
	b := small()
	b.AddFunction(account.Function{ARN: function + "2", Address: "Second", Role: of + "role/svc/deploy", Known: account.OfFunction})
	b.AddNode(account.Node{ID: "999999999999", Parent: "r-1", Known: account.Parent})
	organize(b)
	b.AddResource(account.Resource{ARN: "arn:aws:s3:::box", Account: "444455556666"})
	s, err := b.Build()
	require.NoError(t, err)
	for _, name := range []string{function + "2", "orders2", "Second"} {
		f, err := s.Function(name)
		require.NoError(t, err)
		assert.Equal(t, function+"2", f.ARN)
	}
	_, err = s.Function("")
	require.ErrorIs(t, err, account.ErrNotFound)
	_, err = s.Function(function + "3")
	require.ErrorContains(t, err, `did you mean "`+function)
	_, err = s.Policy("edges")
	require.ErrorContains(t, err, `managed policy "edges" is not in the snapshot; did you mean "edge"?`)
	p, err := s.Policy(of + "policy/edge")
	require.NoError(t, err)
	assert.Equal(t, "v2", p.Default)
	assert.Equal(t, []string{"111122223333", "444455556666", "999999999999"}, s.Accounts())
	var nodes, controls, organizations, principals []string
	for n := range s.Nodes() {
		nodes = append(nodes, n.ID)
	}
	for c := range s.OrganizationPolicies() {
		controls = append(controls, c.ID)
	}
	for o := range s.Organizations() {
		organizations = append(organizations, o.ID)
	}
	for p := range s.Principals() {
		if principals = append(principals, p.String()); len(principals) == 2 {
			break
		}
	}
	assert.Equal(t, []string{"111122223333", "999999999999", "ou-1", "r-1"}, nodes)
	assert.Equal(t, []string{"p-FullAWSAccess", "p-lambda"}, controls)
	assert.Equal(t, []string{"o-1"}, organizations)
	assert.Equal(t, []string{of + "role/svc/deploy", of + "user/alice"}, principals)
	deploy, err := s.Principal("role/deploy")
	require.NoError(t, err)
	assert.Equal(t, &evaluator.Organization{ID: "o-1", Paths: []string{"o-1/r-1/ou-1/"}, ManagementAccount: "999999999999"}, deploy.Organization())
	assert.Contains(t, s.Notes()[0], "arn:aws:iam::aws:policy/AdministratorAccess was not read: taken as of ")
}

// What is added stands in its place between what was there.
func TestAChangedSnapshotIsInOrder(t *testing.T) {
	b := account.New()
	b.AddResource(account.Resource{ARN: "arn:aws:s3:::c"})
	b.AddResource(account.Resource{ARN: "arn:aws:s3:::e"})
	s, err := b.Build()
	require.NoError(t, err)
	var changes []account.Change
	for _, name := range []string{"f", "b", "d", "a", "g", "c"} {
		changes = append(changes, account.PutResourcePolicy("arn:aws:s3:::"+name, nil))
	}
	s, err = s.With(changes...)
	require.NoError(t, err)
	for end := range 7 {
		names := ""
		for r := range s.Resources() {
			if names += r.ARN[len("arn:aws:s3:::"):]; len(names) > end {
				break
			}
		}
		assert.Equal(t, "abcdefg"[:end+1], names)
	}
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

func TestAChangeOfAChangedSnapshotLeavesItAsItIs(t *testing.T) {
	s, err := small().Build()
	require.NoError(t, err)
	first, err := s.With(account.Attach(of+"user/bob", inline("x", allow("s3:*"))...))
	require.NoError(t, err)
	second, err := first.With(account.Attach(of+"user/bob", inline("y", allow(invoke))...))
	require.NoError(t, err)
	assert.Equal(t, "implicitDeny(identity)", decide(t, first, "user/bob", invoke, function))
	assert.Equal(t, "allowed", decide(t, second, "user/bob", invoke, function))
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
		"an account whose way up is not known": {func(b *account.Builder) {
			b.AddNode(account.Node{ID: "ou-1", Known: account.SCPs})
			b.AddNode(account.Node{ID: "111122223333", Parent: "ou-1", SCPs: []string{"p-FullAWSAccess"}, Known: account.Parent | account.SCPs})
		}, "", "parent of ou-1: not known; give the answer of list-parents or list-children"},
		"two accounts below a level that was not read": {func(b *account.Builder) {
			b.AddOrganization(account.Organization{ID: "o-1", ManagementAccount: "999999999999", AllFeatures: true})
			b.AddNode(account.Node{ID: "r-1", Enabled: []policy.Kind{policy.SCP}, Known: account.PolicyTypes})
			for _, id := range []string{"111122223333", "444455556666"} {
				b.AddNode(account.Node{ID: id, Parent: "r-1", SCPs: []string{"p-FullAWSAccess"}, Known: account.Parent | account.SCPs})
				b.AddIdentity(account.Identity{ARN: "arn:aws:iam::" + id + ":role/r", Trust: lambdaTrust(), Known: account.OfRole})
			}
		}, "", "service control policies of r-1: not known"},
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
			require.Len(t, s.Gaps(), 1)
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
	assert.Equal(t, []string{"111122223333", "444455556666"}, s.Accounts(), "one of which a role alone was read")
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
	session, err := s.Principal("arn:aws:sts::111122223333:assumed-role/deploy/s1")
	require.NoError(t, err, "the ARN that AWS shows lacks the path of the role")
	assert.Equal(t, "arn:aws:sts::111122223333:assumed-role/deploy/s1", session.String())
	assert.Equal(t, role.Identity(), session.Identity())
	same, err := session.Caller()
	require.NoError(t, err)
	assert.Equal(t, c, same)
	_, err = s.Principal("arn:aws:sts::111122223333:assumed-role/deplyo/s1")
	require.ErrorIs(t, err, account.ErrNotFound)
	require.ErrorContains(t, err, `role "deplyo" of account 111122223333 is not in the snapshot; did you mean "deploy"?`)
	_, err = s.Principal("arn:aws:sts::444455556666:assumed-role/deploy/s1")
	require.ErrorIs(t, err, account.ErrNotFound, "a role of another account")
	_, err = s.Principal("arn:aws:sts::111122223333:assumed-role/alice/s1")
	require.ErrorIs(t, err, account.ErrNotFound, "a user has no sessions")
	user, err := s.Principal("user/alice")
	require.NoError(t, err)
	_, err = user.Session("s1")
	require.ErrorContains(t, err, "is no role")
}

func TestTheUniqueIDIsThatOfTheCaller(t *testing.T) {
	const unique = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:userid":"AROAEXAMPLE:s"}}}}`
	for id, want := range map[string]string{"AROAEXAMPLE": "allowed", "AROAOTHER": "implicitDeny", "": "indeterminate"} {
		b := account.New()
		b.AddIdentity(account.Identity{ARN: of + "role/r", UniqueID: id, Inline: inline("own", policy.MustParse("", unique)), Trust: lambdaTrust(), Known: account.OfRole})
		s, err := b.Build()
		require.NoError(t, err)
		p, err := s.Principal("role/r")
		require.NoError(t, err)
		caller, err := p.Session("s")
		require.NoError(t, err)
		assert.Equal(t, want, evaluator.Evaluate(&caller, &evaluator.Target{Resource: "*"}, &evaluator.Request{Action: "s3:ListAllMyBuckets"}).Outcome().String(), "%q", id)
	}
}

func TestWrongEntitiesAreFaults(t *testing.T) {
	for sentence, c := range map[string]struct {
		add  func(*account.Builder)
		want string
	}{
		"what is no identity": {func(b *account.Builder) { b.AddIdentity(account.Identity{ARN: function, Source: "x.json:3"}) }, `x.json:3: "` + function + `" is no ARN of a user, a group or a role`},
		"a type of a role": {func(b *account.Builder) {
			b.AddIdentity(account.Identity{ARN: "arn:aws:iam::111122223333:instance-profile/p"})
		}, `is no ARN of a user, a group or a role`},
		"a role of a service":         {func(b *account.Builder) { b.AddIdentity(account.Identity{ARN: "arn:aws:sts::111122223333:role/p"}) }, `is no ARN of a user, a group or a role`},
		"a role without a name":       {func(b *account.Builder) { b.AddIdentity(account.Identity{ARN: of + "role/"}) }, `role/" is no ARN`},
		"a policy that is a role":     {func(b *account.Builder) { b.AddPolicy(account.ManagedPolicy{ARN: of + "role/r"}) }, `"` + of + `role/r" is no ARN of a policy`},
		"a role of AWS":               {func(b *account.Builder) { b.AddIdentity(account.Identity{ARN: "arn:aws:iam::aws:role/p"}) }, `"arn:aws:iam::aws:role/p" is no ARN of a user, a group or a role`},
		"what is no ARN":              {func(b *account.Builder) { b.AddPolicy(account.ManagedPolicy{ARN: "p"}) }, `invalid ARN "p"`},
		"a function with a qualifier": {func(b *account.Builder) { b.AddFunction(account.Function{ARN: function + ":7"}) }, "has a qualifier"},
		"an organization of no control": {func(b *account.Builder) {
			b.AddOrganizationPolicy(account.OrganizationPolicy{ID: "p", Kind: policy.Identity})
		}, `p is a policy of kind "identity"`},
		"a node without id": {func(b *account.Builder) { b.AddNode(account.Node{}) }, "has no id"},
		"a managed policy with a principal": {func(b *account.Builder) {
			b.AddPolicy(account.ManagedPolicy{ARN: of + "policy/p", Default: "v1", Versions: []account.Version{{ID: "v1", Document: lambdaTrust()}}})
		}, of + "policy/p: "},
		"a policy of a resource without principal": {func(b *account.Builder) {
			b.AddResource(account.Resource{ARN: "arn:aws:s3:::box", Policy: allow("s3:*"), Known: account.ResourcePolicy})
		}, "arn:aws:s3:::box: "},
		"an SCP with a principal": {func(b *account.Builder) {
			b.AddOrganizationPolicy(account.OrganizationPolicy{ID: "p", Kind: policy.SCP, Document: lambdaTrust()})
		}, "p: "},
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

func TestFaultsBeyondAThousandAreCounted(t *testing.T) {
	b := small()
	for i := range policy.MaxFaults + 7 {
		b.AddPolicy(account.ManagedPolicy{ARN: fmt.Sprint("p", i)})
	}
	s, err := b.Build()
	require.ErrorContains(t, err, `invalid ARN "p999"`)
	require.ErrorContains(t, err, "there are 7 more faults")
	assert.NotContains(t, err.Error(), `"p1000"`)
	assert.Equal(t, "allowed", decide(t, s, "user/alice", invoke, function), "what is sound is there beside the error")
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

// Of an organization nothing but its shape is known.
func TestPoliciesOfAnOrganizationThatAreNotKnown(t *testing.T) {
	for sentence, c := range map[string]struct {
		management            string
		known                 account.Part
		action, resource      string
		decision, undecidedBy string
	}{
		"SCPs do not bind the management account":           {"111122223333", account.PolicyTypes, invoke, function, "allowed", ""},
		"SCPs may deny in another account":                  {"999999999999", account.PolicyTypes, invoke, function, "", "service control policies of r-1"},
		"RCPs do not reach functions":                       {"999999999999", account.PolicyTypes | account.SCPs, invoke, function, "allowed", ""},
		"RCPs may deny access to a queue":                   {"999999999999", account.PolicyTypes | account.SCPs, "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q", "", "resource control policies of r-1: not known; give the answer of list-policies-for-target --target-id r-1 --filter RESOURCE_CONTROL_POLICY"},
		"types of policies that are not known may be there": {"999999999999", account.SCPs | account.RCPs, "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q", "", "policy types of r-1"},
		"RCPs that are known allow":                         {"999999999999", account.PolicyTypes | account.SCPs | account.RCPs, "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q", "allowed", ""},
		"RCPs that are known deny":                          {"999999999999", account.PolicyTypes | account.SCPs | account.RCPs, "sqs:DeleteQueue", "arn:aws:sqs:us-east-1:111122223333:q", "explicitDeny(rcp)", ""},
		"an invalid request is invalid whatever they say":   {"999999999999", account.PolicyTypes, "lambda", function, "invalid", ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			b := account.New()
			b.AddOrganization(account.Organization{ID: "o-1", ManagementAccount: c.management, AllFeatures: true})
			b.AddNode(account.Node{ID: "r-1", SCPs: []string{"p-FullAWSAccess"}, RCPs: []string{"p-RCPFullAWSAccess", "p-queues"}, Enabled: []policy.Kind{policy.SCP, policy.RCP}, Known: c.known})
			b.AddNode(account.Node{ID: "111122223333", Parent: "r-1", SCPs: []string{"p-FullAWSAccess"}, RCPs: []string{"p-RCPFullAWSAccess"}, Known: c.known | account.Parent})
			b.AddOrganizationPolicy(account.OrganizationPolicy{ID: "p-queues", Kind: policy.RCP, Document: policy.MustParse("", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sqs:DeleteQueue","Resource":"*"}]}`)})
			b.AddIdentity(account.Identity{ARN: deploy, Inline: inline("x", allow("*")), Trust: lambdaTrust(), Known: account.OfRole})
			b.AddFunction(account.Function{ARN: function, Role: deploy, Known: account.OfFunction})
			b.AddResource(account.Resource{ARN: function, Known: account.ResourcePolicy})
			b.AddResource(account.Resource{ARN: "arn:aws:sqs:us-east-1:111122223333:q", Known: account.ResourcePolicy})
			s, err := b.Build()
			require.NoError(t, err)
			p, err := s.Principal("role/deploy")
			require.NoError(t, err)
			d, err := s.Decide(nil, p, c.resource, &evaluator.Request{Action: c.action})
			if c.undecidedBy != "" {
				require.ErrorIs(t, err, account.ErrUnknown)
				assert.ErrorContains(t, err, c.undecidedBy)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.decision, d.String())
		})
	}
}

func TestWhatAUserLacks(t *testing.T) {
	b := account.New()
	b.Partial = true
	b.AddIdentity(account.Identity{ARN: of + "user/u", Groups: []string{"gone"}, Known: account.InlinePolicies | account.ManagedPolicies})
	s, err := b.Build()
	require.NoError(t, err)
	u, err := s.Principal("user/u")
	require.NoError(t, err)
	_, err = u.Caller()
	assert.EqualError(t, err, of+"user/u is in group gone, which is not among what was read\ngroups of "+of+"user/u: not known\npermissions boundary of "+of+"user/u: not known")
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
