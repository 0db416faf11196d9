package account_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/policy"
)

func TestDifferencesOfTwoSnapshots(t *testing.T) {
	const bob, prod, bucket = of + "user/bob", function + ":prod", "arn:aws:s3:::bucket"
	s, err := small().Build()
	require.NoError(t, err)
	open := func(action string) *policy.Document {
		return policy.MustParse("", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"`+action+`","Resource":"*"}]}`)
	}
	for sentence, c := range map[string]struct {
		changes []account.Change
		want    []string // String of each, and how many policies it has before and after
	}{
		"nothing changes":                   {nil, nil},
		"a policy is attached":              {[]account.Change{account.Attach(bob, inline("x", allow(invoke))...)}, []string{bob}},
		"the same policy is attached again": {[]account.Change{account.Attach(of+"user/alice", inline("x", allow(invoke))...)}, nil},
		"a group's policy changes":          {[]account.Change{account.Detach(of+"group/team/Builders", "build")}, []string{of + "user/alice"}},
		"a boundary changes":                {[]account.Change{account.PutPolicy(of+"policy/edge", allow("*"))}, []string{of + "role/svc/deploy"}},
		"the policy of an alias goes":       {[]account.Change{account.PutResourcePolicy(prod, nil)}, []string{prod}},
		"a resource gets a policy":          {[]account.Change{account.PutResourcePolicy(bucket, open("s3:GetObject"))}, []string{bucket}},
		"the trust policy of a role": {[]account.Change{account.PutResourcePolicy(of+"role/svc/deploy", policy.MustParse("",
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}`))}, []string{"trust policy of " + of + "role/svc/deploy"}},
		"users and roles stand before resources, each by ARN": {[]account.Change{
			account.PutResourcePolicy(bucket, open("s3:GetObject")), account.PutResourcePolicy(prod, nil),
			account.Attach(bob, inline("x", allow("s3:*"))...), account.Attach(of+"user/alice", inline("x", allow("s3:*"))...),
		}, []string{of + "user/alice", bob, prod, bucket}},
	} {
		t.Run(sentence, func(t *testing.T) {
			changed, err := s.With(c.changes...)
			require.NoError(t, err)
			for _, pair := range [][2]*account.Snapshot{{s, changed}, {changed, s}} {
				list, err := account.Differences(pair[0], pair[1])
				require.NoError(t, err)
				var found []string
				for _, d := range list {
					found = append(found, d.String())
					assert.NoError(t, d.Unknown)
					assert.NotEqual(t, d.Before.Has(policy.IdentityLayer), d.Before.Has(policy.ResourceLayer))
					assert.NotEqual(t, d.After.Has(policy.IdentityLayer), d.After.Has(policy.ResourceLayer))
				}
				assert.Equal(t, c.want, found)
			}
		})
	}
}

func TestTheOrderOfPoliciesIsNoDifference(t *testing.T) {
	s, err := small().Build()
	require.NoError(t, err)
	const bob = of + "user/bob"
	a, b := account.Attach(bob, inline("a", allow("s3:*"))...), account.Attach(bob, inline("b", allow("sqs:*"))...)
	one, err := s.With(a, b)
	require.NoError(t, err)
	another, err := s.With(b, a, b)
	require.NoError(t, err)
	list, err := account.Differences(one, another)
	require.NoError(t, err)
	assert.Empty(t, list, "nor that one is there twice")
}

func TestDifferencesOfWhatIsNotThereOrNotKnown(t *testing.T) {
	var empty account.Snapshot
	b := account.New()
	b.Partial = true
	b.AddIdentity(account.Identity{ARN: deploy, Address: "aws_iam_role.deploy", Trust: lambdaTrust(), Inline: inline("x", allow("s3:*")), Known: account.OfRole &^ account.ManagedPolicies})
	b.AddIdentity(account.Identity{ARN: of + "user/without", Known: account.OfUser})
	s, err := b.Build()
	require.NoError(t, err)

	list, err := account.Differences(&empty, s)
	require.NoError(t, err)
	require.Len(t, list, 2, "what has no policies does not differ")
	assert.Equal(t, "aws_iam_role.deploy (role/deploy)", list[0].String())
	assert.ErrorIs(t, list[0].Unknown, account.ErrUnknown)
	assert.Equal(t, "trust policy of aws_iam_role.deploy (role/deploy)", list[1].String())
	assert.NoError(t, list[1].Unknown)

	changed, err := s.With(account.Detach(deploy, "x"))
	require.NoError(t, err)
	list, err = account.Differences(s, changed)
	require.NoError(t, err)
	require.Len(t, list, 1)
	const lack = "managed policies of " + deploy + ": not known"
	assert.EqualError(t, list[0].Unknown, lack+"\n"+lack, "of both")
}

func TestADifferenceHasWhatWasBeforeAndWhatIsAfter(t *testing.T) {
	snapshot := func(action string) *account.Snapshot {
		b := account.New()
		b.AddIdentity(account.Identity{ARN: of + "user/u", Inline: inline("own", allow(action)), Known: account.OfUser})
		s, err := b.Build()
		require.NoError(t, err)
		return s
	}
	list, err := account.Differences(snapshot("s3:*"), snapshot("sqs:*"))
	require.NoError(t, err)
	require.Len(t, list, 1)
	assert.Equal(t, allow("s3:*").Statements[0].Action, list[0].Before.At(policy.IdentityLayer.At(0))[0].Document.Statements[0].Action)
	assert.Equal(t, allow("sqs:*").Statements[0].Action, list[0].After.At(policy.IdentityLayer.At(0))[0].Document.Statements[0].Action)
}
