package account_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/policy"
)

const deploy = of + "role/deploy"

// twice adds two readings of one entity.
func twice[T any](add func(*account.Builder, T), first, second T) func(*account.Builder) {
	return func(b *account.Builder) { add(b, first); add(b, second) }
}

func TestTwoReadingsOfOneEntity(t *testing.T) {
	type (
		I = account.Identity
		P = account.ManagedPolicy
		F = account.Function
		R = account.Resource
		N = account.Node
		O = account.Organization
		C = account.OrganizationPolicy
	)
	identity, managed, lambda, resource := (*account.Builder).AddIdentity, (*account.Builder).AddPolicy, (*account.Builder).AddFunction, (*account.Builder).AddResource
	node, organization, control := (*account.Builder).AddNode, (*account.Builder).AddOrganization, (*account.Builder).AddOrganizationPolicy
	versions := func(id, action string) []account.Version { return []account.Version{{ID: id, Document: allow(action)}} }
	bucketPolicy := func(action string) *policy.Document {
		return policy.MustParse("", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"`+action+`","Resource":"arn:aws:s3:::box/*"}]}`)
	}
	const box, edge = "arn:aws:s3:::box", of + "policy/edge"
	for sentence, c := range map[string]struct {
		add  func(*account.Builder)
		want string // of the error; "" where they are one
	}{
		"another unique id":                 {twice(identity, I{ARN: deploy, UniqueID: "AROAONE", Source: "a"}, I{ARN: deploy, UniqueID: "AROATWO", Source: "b"}), "b: unique id of " + deploy + " is another than in a: give one of them"},
		"a unique id that only one has":     {twice(identity, I{ARN: deploy, UniqueID: "AROAONE"}, I{ARN: deploy}), ""},
		"another address":                   {twice(identity, I{ARN: deploy, Address: "A"}, I{ARN: deploy, Address: "B"}), "address of"},
		"another beginning":                 {twice(identity, I{ARN: deploy, Begins: "arn:a"}, I{ARN: deploy, Begins: "arn:b"}), "beginning of"},
		"groups in another order":           {twice(identity, I{ARN: of + "user/u", Groups: []string{"a", "b"}, Known: account.Membership}, I{ARN: of + "user/u", Groups: []string{"b", "a"}, Known: account.Membership}), ""},
		"another group":                     {twice(identity, I{ARN: of + "user/u", Groups: []string{"a"}, Known: account.Membership}, I{ARN: of + "user/u", Groups: []string{"b"}, Known: account.Membership}), "groups of"},
		"a group less than the whole list":  {twice(identity, I{ARN: of + "user/u", Groups: []string{"a", "b"}, Known: account.Membership}, I{ARN: of + "user/u", Groups: []string{"b"}}), ""},
		"a group more than the whole list":  {twice(identity, I{ARN: of + "user/u", Groups: []string{"a"}, Known: account.Membership}, I{ARN: of + "user/u", Groups: []string{"b"}}), "groups of"},
		"a whole list without a group":      {twice(identity, I{ARN: of + "user/u", Groups: []string{"b"}}, I{ARN: of + "user/u", Groups: []string{"a"}, Known: account.Membership}), "groups of"},
		"two groups of a list that goes on": {twice(identity, I{ARN: of + "user/u", Groups: []string{"a"}}, I{ARN: of + "user/u", Groups: []string{"b"}}), ""},
		"an inline policy of another name":  {twice(identity, I{ARN: deploy, Inline: inline("a", allow("s3:*")), Known: account.InlinePolicies}, I{ARN: deploy, Inline: inline("b", allow("s3:*")), Known: account.InlinePolicies}), "inline policies of"},
		"an inline policy of another text":  {twice(identity, I{ARN: deploy, Inline: inline("a", allow("s3:*")), Known: account.InlinePolicies}, I{ARN: deploy, Inline: inline("a", allow("sqs:*")), Known: account.InlinePolicies}), "inline policies of"},
		"an inline policy that is the same": {twice(identity, I{ARN: deploy, Inline: inline("a", allow("s3:*")), Known: account.InlinePolicies}, I{ARN: deploy, Inline: inline("a", allow("s3:*")), Known: account.InlinePolicies}), ""},
		"another managed policy":            {twice(identity, I{ARN: deploy, Managed: []string{edge}, Known: account.ManagedPolicies}, I{ARN: deploy, Known: account.ManagedPolicies}), "managed policies of"},
		"another boundary":                  {twice(identity, I{ARN: deploy, Boundary: edge, Known: account.PermissionsBoundary}, I{ARN: deploy, Known: account.PermissionsBoundary}), "permissions boundary of"},
		"another trust policy":              {twice(identity, I{ARN: deploy, Trust: lambdaTrust(), Known: account.TrustPolicy}, I{ARN: deploy, Known: account.TrustPolicy}), "trust policy of"},
		"a trust policy that is the same":   {twice(identity, I{ARN: deploy, Trust: lambdaTrust(), Known: account.TrustPolicy}, I{ARN: deploy, Trust: lambdaTrust(), Known: account.TrustPolicy}), ""},
		"another tag":                       {twice(identity, I{ARN: deploy, Tags: []evaluator.Tag{{Key: "a", Value: "1"}}, Known: account.Tags}, I{ARN: deploy, Tags: []evaluator.Tag{{Key: "a", Value: "2"}}, Known: account.Tags}), "tags of"},
		"another default version":           {twice(managed, P{ARN: edge, Default: "v1", Versions: versions("v1", "s3:*")}, P{ARN: edge, Default: "v2", Versions: versions("v2", "s3:*")}), "default version of"},
		"a version of another text":         {twice(managed, P{ARN: edge, Default: "v1", Versions: versions("v1", "s3:*")}, P{ARN: edge, Versions: versions("v1", "sqs:*")}), "version v1 of"},
		"a version that is the same":        {twice(managed, P{ARN: edge, Default: "v1", Versions: versions("v1", "s3:*")}, P{ARN: edge, Versions: versions("v1", "s3:*")}), ""},
		"a policy with another address":     {twice(managed, P{ARN: edge, Address: "A"}, P{ARN: edge, Address: "B"}), "address of"},
		"a function with another address":   {twice(lambda, F{ARN: function, Address: "A"}, F{ARN: function, Address: "B"}), "address of"},
		"another execution role":            {twice(lambda, F{ARN: function, Role: deploy, Known: account.ExecutionRole}, F{ARN: function, Role: of + "role/b", Known: account.ExecutionRole}), "execution role of"},
		"another version of a function":     {twice(lambda, F{ARN: function, Versions: []string{"1"}, Known: account.Versions}, F{ARN: function, Known: account.Versions}), "versions of"},
		"an alias of another name":          {twice(lambda, F{ARN: function, Aliases: []account.Alias{{Name: "a", Version: "1"}}, Known: account.Aliases}, F{ARN: function, Aliases: []account.Alias{{Name: "b", Version: "1"}}, Known: account.Aliases}), "aliases of"},
		"an alias of another version":       {twice(lambda, F{ARN: function, Aliases: []account.Alias{{Name: "a", Version: "1"}}, Known: account.Aliases}, F{ARN: function, Aliases: []account.Alias{{Name: "a", Version: "2"}}, Known: account.Aliases}), "aliases of"},
		"an alias of a further version":     {twice(lambda, F{ARN: function, Aliases: []account.Alias{{Name: "a", Version: "1"}}, Known: account.Aliases}, F{ARN: function, Aliases: []account.Alias{{Name: "a", Version: "1", Others: []string{"2"}}}, Known: account.Aliases}), "aliases of"},
		"an alias that is the same":         {twice(lambda, F{ARN: function, Aliases: []account.Alias{{Name: "a", Version: "1"}}, Known: account.Aliases}, F{ARN: function, Aliases: []account.Alias{{Name: "a", Version: "1"}}, Known: account.Aliases}), ""},
		"another URL":                       {twice(lambda, F{ARN: function, URLs: []account.URL{{AuthType: "NONE"}}, Known: account.URLs}, F{ARN: function, URLs: []account.URL{{AuthType: "AWS_IAM"}}, Known: account.URLs}), "function URLs of"},
		"another layer":                     {twice(lambda, F{ARN: function, Layers: []string{"a"}, Known: account.Layers}, F{ARN: function, Layers: []string{"b"}, Known: account.Layers}), "layers of"},
		"another owner":                     {twice(resource, R{ARN: box, Account: "111122223333"}, R{ARN: box, Account: "444455556666"}), "account of " + box},
		"a resource with another address":   {twice(resource, R{ARN: box, Address: "A"}, R{ARN: box, Address: "B"}), "address of"},
		"a resource with another beginning": {twice(resource, R{ARN: box, Begins: "arn:a"}, R{ARN: box, Begins: "arn:b"}), "beginning of"},
		"another policy of a resource":      {twice(resource, R{ARN: box, Policy: bucketPolicy("s3:GetObject"), Known: account.ResourcePolicy}, R{ARN: box, Policy: bucketPolicy("s3:PutObject"), Known: account.ResourcePolicy}), "resource-based policy of"},
		"another tag of a resource":         {twice(resource, R{ARN: box, Tags: []evaluator.Tag{{Key: "a"}}, Known: account.Tags}, R{ARN: box, Known: account.Tags}), "tags of"},
		"another organization of a root":    {twice(node, N{ID: "r-1", Organization: "o-1"}, N{ID: "r-1", Organization: "o-2"}), "organization of r-1"},
		"another name of a node":            {twice(node, N{ID: "r-1", Name: "a"}, N{ID: "r-1", Name: "b"}), "name of r-1"},
		"another parent":                    {twice(node, N{ID: "ou-1", Parent: "r-1", Known: account.Parent}, N{ID: "ou-1", Parent: "r-2", Known: account.Parent}), "parent of ou-1"},
		"another SCP of a node":             {twice(node, N{ID: "r-1", SCPs: []string{"p-1"}, Known: account.SCPs}, N{ID: "r-1", Known: account.SCPs}), "service control policies of"},
		"another RCP of a node":             {twice(node, N{ID: "r-1", RCPs: []string{"p-1"}, Known: account.RCPs}, N{ID: "r-1", Known: account.RCPs}), "resource control policies of"},
		"other policy types of a root":      {twice(node, N{ID: "r-1", Enabled: []policy.Kind{policy.SCP}, Known: account.PolicyTypes}, N{ID: "r-1", Known: account.PolicyTypes}), "policy types of"},
		"another management account":        {twice(organization, O{ID: "o-1", ManagementAccount: "111122223333"}, O{ID: "o-1", ManagementAccount: "444455556666"}), "management account or features of organization o-1"},
		"other features of an organization": {twice(organization, O{ID: "o-1", AllFeatures: true}, O{ID: "o-1"}), "management account or features of organization o-1"},
		"an organization that is the same":  {twice(organization, O{ID: "o-1", AllFeatures: true}, O{ID: "o-1", AllFeatures: true}), ""},
		"an SCP of another text":            {twice(control, C{ID: "p-1", Kind: policy.SCP, Document: allow("s3:*")}, C{ID: "p-1", Kind: policy.SCP, Document: allow("sqs:*")}), "document of p-1"},
		"an SCP that is an RCP":             {twice(control, C{ID: "p-1", Kind: policy.SCP}, C{ID: "p-1", Kind: policy.RCP}), "document of p-1"},
		"an SCP that is the same":           {twice(control, C{ID: "p-1", Kind: policy.SCP, Document: allow("s3:*")}, C{ID: "p-1", Kind: policy.SCP, Document: allow("s3:*")}), ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			b := account.New()
			b.Partial = true
			c.add(b)
			_, err := b.Build()
			if c.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, c.want)
		})
	}
}

// Each reading has a part that the other lacks.
func TestPartsOfTwoReadingsAreJoined(t *testing.T) {
	b := account.New()
	b.Partial = true
	b.AddIdentity(account.Identity{ARN: deploy, Inline: inline("a", allow("s3:*")), Known: account.InlinePolicies})
	b.AddIdentity(account.Identity{
		ARN: deploy, UniqueID: "AROAONE", Address: "A", Begins: "arn:a", Boundary: of + "policy/edge", Trust: lambdaTrust(), Tags: []evaluator.Tag{{Key: "a"}},
		Known: account.PermissionsBoundary | account.TrustPolicy | account.Tags, Managed: []string{of + "policy/edge"},
	})
	b.AddPolicy(account.ManagedPolicy{ARN: of + "policy/edge", Versions: []account.Version{{ID: "v1", Document: allow("s3:*")}}})
	b.AddPolicy(account.ManagedPolicy{ARN: of + "policy/edge", Default: "v2", Elsewhere: true, Address: "P", Versions: []account.Version{{ID: "v2", Document: allow("sqs:*")}}})
	b.AddPolicy(account.ManagedPolicy{ARN: of + "policy/edge"})
	b.AddFunction(account.Function{ARN: function, Role: deploy, Known: account.ExecutionRole})
	b.AddFunction(account.Function{ARN: function, Address: "F", Versions: []string{"1"}, Layers: []string{"l"}, Known: account.Versions | account.Layers})
	b.AddResource(account.Resource{ARN: "arn:aws:s3:::box", Rivals: []string{"a"}})
	b.AddResource(account.Resource{ARN: "arn:aws:s3:::box", Account: "111122223333", Rivals: []string{"b"}, Known: account.ResourcePolicy})
	b.AddNode(account.Node{ID: "111122223333", Name: "prod", Inactive: true})
	b.AddNode(account.Node{ID: "111122223333", Parent: "r-1", Known: account.Parent})
	s, err := b.Build()
	require.NoError(t, err)

	p, err := s.Principal("role/deploy")
	require.NoError(t, err)
	i := p.Identity()
	assert.Equal(t, deploy, p.String())
	assert.Equal(t, account.Identity{
		ARN: deploy, UniqueID: "AROAONE", Address: "A", Begins: "arn:a", Inline: i.Inline, Managed: []string{of + "policy/edge"}, Boundary: of + "policy/edge",
		Trust: i.Trust, Tags: []evaluator.Tag{{Key: "a"}}, Known: account.OfRole &^ account.ManagedPolicies,
	}, *i)
	assert.Len(t, i.Inline, 1)
	assert.NotNil(t, i.Trust)
	edge, err := s.Policy("edge")
	require.NoError(t, err)
	assert.Equal(t, "v2", edge.Default)
	assert.Equal(t, "P", edge.Address)
	assert.True(t, edge.Elsewhere)
	assert.Len(t, edge.Versions, 2)
	f, err := s.Function("orders")
	require.NoError(t, err)
	assert.Equal(t, account.Function{ARN: function, Address: "F", Role: deploy, Versions: []string{"1"}, Layers: []string{"l"}, Known: account.ExecutionRole | account.Versions | account.Layers}, *f)
	for r := range s.Resources() {
		assert.Equal(t, account.Resource{ARN: "arn:aws:s3:::box", Account: "111122223333", Rivals: []string{"a", "b"}, Known: account.ResourcePolicy}, *r)
	}
	for n := range s.Nodes() {
		assert.Equal(t, account.Node{ID: "111122223333", Name: "prod", Inactive: true, Parent: "r-1", Known: account.Parent}, *n)
	}
}

func TestPartsThatAreSaidApart(t *testing.T) {
	b := account.New()
	b.AddIdentity(account.Identity{ARN: of + "user/u", Inline: inline("a", allow("s3:*")), Source: "u.json"})
	b.AddIdentity(account.Identity{ARN: of + "user/v"})
	b.AddPart(of+"user/u", account.OfUser&^account.InlinePolicies)
	b.AddPart(of+"user/v", account.OfUser&^account.InlinePolicies)
	b.AddInlineNames(of+"user/u", []string{"a"}, "names.json")
	b.AddInlineNames(of+"user/v", []string{"b"}, "names.json")
	b.AddInlineNames(of+"user/gone", []string{"b"}, "names.json")
	b.AddFunction(account.Function{ARN: function})
	b.AddPart(function, account.OfFunction|account.ResourcePolicy)
	b.AddNode(account.Node{ID: "r-1", Organization: "o-1"})
	b.AddPart("r-1", account.SCPs)
	b.AddOrganization(account.Organization{ID: "o-1"})
	b.AddPolicy(account.ManagedPolicy{ARN: of + "policy/p", Versions: []account.Version{{ID: "v1", Document: allow("*")}}})
	b.AddDefault(of+"policy/p", "v1")
	b.AddDefault(of+"policy/p", "v9")
	b.AddDefault(of+"policy/gone", "v1")
	s, err := b.Build()
	require.ErrorContains(t, err, of+`user/v has "b", which is not among what was read (names.json); give the answer of get-user-policy`)
	assert.NotContains(t, err.Error(), "\n", "one fault")
	u, err := s.Principal("user/u")
	require.NoError(t, err)
	assert.Equal(t, account.OfUser, u.Identity().Known)
	assert.Zero(t, u.Identity().Unknown())
	v, err := s.Principal("user/v")
	require.NoError(t, err)
	assert.Equal(t, account.InlinePolicies, v.Identity().Unknown())
	f, err := s.Function(function)
	require.NoError(t, err)
	assert.Equal(t, account.OfFunction|account.ResourcePolicy, f.Known)
	for n := range s.Nodes() {
		assert.Equal(t, account.SCPs, n.Known)
	}
	p, err := s.Policy(of + "policy/p")
	require.NoError(t, err)
	assert.Equal(t, "v1", p.Default, "the first counts")
}
