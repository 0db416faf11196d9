package review_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/review"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

func TestTheServicesOfAccess(t *testing.T) {
	a := review.Access{Actions: []string{"s3:GetObject", "S3:PutObject", "ec2:RunInstances", "*"}}
	assert.Equal(t, []string{"*", "ec2", "s3"}, a.Services())
}

// What one statement more gives, resource by resource.
func TestOnWhichResourcesAccessIsGained(t *testing.T) {
	const base = `{"Effect": "Allow", "Action": "account:ListRegions", "Resource": "*"}`
	allow := func(action, resources string) string {
		return `{"Effect": "Allow", "Action": ` + action + `, "Resource": ` + resources + `}`
	}
	for name, tc := range map[string]struct {
		more string
		want []string
	}{
		"objects of a bucket":                        {allow(`"s3:GetObject"`, `"arn:aws:s3:::b/*"`), []string{"s3:GetObject on arn:aws:s3:::b/*"}},
		"objects, on a bucket":                       {allow(`"s3:GetObject"`, `"arn:aws:s3:::b"`), []string{"s3:GetObject on arn:aws:s3:::b (idle)"}},
		"a bucket and its objects":                   {allow(`["s3:GetObject", "s3:ListBucket"]`, `["arn:aws:s3:::b", "arn:aws:s3:::b/*"]`), []string{"s3:GetObject s3:ListBucket on arn:aws:s3:::b/*", "s3:ListBucket on arn:aws:s3:::b"}},
		"a queue, on a function":                     {allow(`"sqs:SendMessage"`, `"arn:aws:lambda:us-east-1:111122223333:function:f"`), []string{"sqs:SendMessage on arn:aws:lambda:us-east-1:111122223333:function:f (idle)"}},
		"an action without resource, on one":         {allow(`"lambda:ListFunctions"`, `"arn:aws:lambda:us-east-1:111122223333:function:f"`), []string{"lambda:ListFunctions on arn:aws:lambda:us-east-1:111122223333:function:f (idle)"}},
		"an action without resource":                 {allow(`"lambda:ListFunctions"`, `"*"`), []string{"lambda:ListFunctions on *"}},
		"a role of some path":                        {allow(`"iam:GetRole"`, `"arn:aws:iam::*:role/path/*"`), []string{"iam:GetRole on arn:aws:iam::*:role/path/*"}},
		"a role by a variable":                       {allow(`"iam:GetRole"`, `"arn:aws:iam::*:role/${aws:username}"`), []string{"iam:GetRole on arn:aws:iam::*:role/${aws:username}"}},
		"a service by a pattern":                     {allow(`"iam:GetRole"`, `"arn:aws:i*:::*"`), []string{"iam:GetRole on arn:aws:i*:::* (idle)"}},
		"a service by a pattern, in an account":      {allow(`"iam:GetRole"`, `"arn:aws:i*::111122223333:*"`), []string{"iam:GetRole on arn:aws:i*::111122223333:*"}},
		"a pattern of partitions":                    {allow(`"iam:GetRole"`, `"arn:aws*:iam::*:role/*"`), []string{"iam:GetRole on arn:aws*:iam::*:role/*"}},
		"a function by its qualifier":                {allow(`"lambda:InvokeFunction"`, `"arn:aws:lambda:*:*:function:f:*"`), []string{"lambda:InvokeFunction on arn:aws:lambda:*:*:function:f:*"}},
		"all that a wider pattern covers":            {allow(`"iam:GetRole"`, `["arn:aws:iam::*:role/*", "arn:aws:iam::*:role/a*", "arn:aws:iam::*:role/ab"]`), []string{"iam:GetRole on arn:aws:iam::*:role/*", "iam:GetRole on arn:aws:iam::*:role/a*", "iam:GetRole on arn:aws:iam::*:role/ab"}},
		"the same pattern twice":                     {allow(`"iam:GetRole"`, `"arn:aws:iam::*:role/a"`) + "," + allow(`"iam:GetRole"`, `"arn:aws:iam::*:role/a"`), []string{"iam:GetRole on arn:aws:iam::*:role/a"}},
		"all but a pattern":                          {`{"Effect": "Allow", "Action": "iam:GetRole", "NotResource": "arn:aws:iam::*:role/a*"}`, []string{"iam:GetRole on *"}},
		"actions of two services by one pattern":     {allow(`"*:ListTagsForResource"`, `"arn:aws:sns:*:*:t"`), []string{"sns:ListTagsForResource on arn:aws:sns:*:*:t"}},
		"an action by a pattern, and by its name":    {allow(`["lambda:GetFunctio?", "LAMBDA:getfunction"]`, `"*"`), []string{"lambda:GetFunction on *"}},
		"a pattern that matches nothing":             {allow(`["lambda:Xyz*", "lambda:XyzA"]`, `"*"`), []string{"lambda:Xyz* lambda:XyzA on *"}},
		"actions on which AWS has rules of its own":  {allow(`["sts:AssumeRole", "sts:GetCallerIdentity", "sts:TagSession"]`, `"*"`), []string{"sts:AssumeRole sts:TagSession on *"}},
		"keys and functions, of which AWS has rules": {allow(`["kms:Decrypt", "lambda:InvokeFunctionUrl", "lambda:GetFunction"]`, `"*"`), []string{"kms:Decrypt on *", "lambda:GetFunction lambda:InvokeFunctionUrl on *"}},
		"an object whose name has a colon":           {allow(`"s3:GetObject"`, `"arn:aws:s3:::b/a:b"`), []string{"s3:GetObject on arn:aws:s3:::b/a:b"}},
		"a function that has no colon in its name":   {allow(`"lambda:PutFunctionConcurrency"`, `"arn:aws:lambda:*:*:function:f:live"`), []string{"lambda:PutFunctionConcurrency on arn:aws:lambda:*:*:function:f:live (idle)"}},
		"a condition that holds for some":            {`{"Effect": "Allow", "Action": "iam:GetRole", "Resource": "*", "Condition": {"StringEquals": {"aws:username": "a"}}}`, []string{"iam:GetRole on *"}},
	} {
		t.Run(name, func(t *testing.T) {
			x := prove.Prover{Catalog: catalog.Default()}
			before, after := prove.Identity(document(t, "before.json", base)), prove.Identity(document(t, "after.json", base+","+tc.more))
			change, err := review.Compare(t.Context(), &x, before, after)
			require.NoError(t, err)
			assert.Equal(t, tc.want, brief(change.Gained))
			assert.Empty(t, change.Lost)
			back, err := review.Compare(t.Context(), &x, after, before)
			require.NoError(t, err)
			assert.Equal(t, tc.want, brief(back.Lost), "the other way round")
			assert.Empty(t, back.Gained)
		})
	}
}

// A policy that speaks of several partitions is for accounts of each of them.
func TestWhatIsGainedInAPartitionThatAPatternNames(t *testing.T) {
	const roles = `"arn:aws:iam::*:role/*"`
	for beside, want := range map[string]string{
		``:                               "iam:GetRole on * (idle)",
		`,"arn:aws-cn:iam::*:role/only"`: "iam:GetRole on *",
		`,"arn:aws*:iam::*:role/only"`:   "iam:GetRole on *",
		`,"arn:aws*:iam::*:role/*"`:      "iam:GetRole on * (idle)",
	} {
		t.Run(beside, func(t *testing.T) {
			x := prove.Prover{Catalog: catalog.Default()}
			allow := func(resources string) policy.Policies {
				return prove.Identity(document(t, "p.json", `{"Effect":"Allow","Action":"iam:GetRole","Resource":`+resources+`}`))
			}
			change, err := review.Compare(t.Context(), &x, allow("["+roles+beside+"]"), allow(`"*"`))
			require.NoError(t, err)
			assert.Equal(t, []string{want}, brief(change.Gained))
		})
	}
}

func TestAPatternOfTheLanguageOf2008HasNoVariables(t *testing.T) {
	old := policy.MustParse("old.json", `{"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:GetRole", "Resource": "arn:aws:iam::*:role/${aws:username}"}]}`)
	nothing := document(t, "nothing.json", `{"Effect": "Deny", "Action": "*", "Resource": "*"}`)
	change, err := review.Compare(t.Context(), &prove.Prover{Catalog: catalog.Default()}, prove.Identity(nothing), prove.Identity(old))
	require.NoError(t, err)
	assert.Empty(t, brief(change.Gained), "no role has such a name")
}

func TestCompareTellsEveryKindOfPolicyApart(t *testing.T) {
	const (
		all     = `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
		noRoles = `{"Effect": "Deny", "Action": "iam:GetRole", "Resource": "*"}`
		noUsers = `{"Effect": "Deny", "Action": "iam:GetUser", "Resource": "arn:aws:iam::*:user/a"}`
		both    = `{"Effect": "Allow", "Action": ["iam:GetRole", "iam:GetUser"], "Resource": "*"}`
	)
	of := func(kind policy.Kind, statements string) policy.Policies {
		return prove.Of(kind, policy.Attached{Document: document(t, kind.String()+".json", statements)})
	}
	identity := prove.Identity(document(t, "identity.json", both))
	with := func(layer policy.Layer, statements string) policy.Policies {
		return identity.With(layer.At(0), policy.Attached{Document: document(t, layer.String()+".json", statements)})
	}
	for name, tc := range map[string]struct {
		before, after policy.Policies
		gained, lost  []string
	}{
		"service control policies that deny more":   {of(policy.SCP, all), of(policy.SCP, all+","+noRoles), nil, []string{"iam:GetRole on *"}},
		"service control policies that deny less":   {of(policy.SCP, all+","+noUsers), of(policy.SCP, all), []string{"iam:GetUser on arn:aws:iam::*:user/a"}, nil},
		"a service control policy that comes":       {identity, with(policy.SCPLayer, all+","+noRoles), nil, []string{"iam:GetRole on *"}},
		"a service control policy that goes":        {with(policy.SCPLayer, all+","+noRoles), identity, []string{"iam:GetRole on *"}, nil},
		"a service control policy of all":           {identity, with(policy.SCPLayer, all), nil, nil},
		"a boundary that comes":                     {identity, with(policy.BoundaryLayer, `{"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*"}`), nil, []string{"iam:GetRole on *"}},
		"a boundary that goes":                      {with(policy.BoundaryLayer, `{"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*"}`), identity, []string{"iam:GetRole on *"}, nil},
		"a boundary that allows another action":     {with(policy.BoundaryLayer, `{"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*"}`), with(policy.BoundaryLayer, `{"Effect": "Allow", "Action": "iam:GetRole", "Resource": "*"}`), []string{"iam:GetRole on *"}, []string{"iam:GetUser on *"}},
		"no identity-based policy, and one of none": {policy.Policies{}, of(policy.Identity, `{"Effect": "Deny", "Action": "*", "Resource": "*"}`), nil, nil},
		"an identity-based policy that comes":       {policy.Policies{}, identity, []string{"iam:GetRole iam:GetUser on *"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			change, err := review.Compare(t.Context(), &prove.Prover{Catalog: catalog.Default()}, tc.before, tc.after)
			require.NoError(t, err)
			assert.Equal(t, tc.gained, brief(change.Gained))
			assert.Equal(t, tc.lost, brief(change.Lost))
		})
	}
}
