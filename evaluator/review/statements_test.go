package review_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/review"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

func TestStatementsTellsWhatDoesNothing(t *testing.T) {
	const (
		get     = `{"Effect": "Allow", "Action": "lambda:GetFunction", "Resource": "*"}`
		read    = `{"Effect": "Allow", "Action": ["lambda:Get*", "lambda:List*"], "Resource": "*"}`
		gets    = `{"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"}`
		lists   = `{"Effect": "Allow", "Action": "lambda:List*", "Resource": "*"}`
		never   = `{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*", "Condition": {"StringEquals": {"aws:username": "a"}, "StringNotEquals": {"aws:username": "a"}}}`
		noIAM   = `{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}`
		noUsers = `{"Effect": "Deny", "Action": "iam:*User*", "Resource": "*"}`
		noOther = `{"Effect": "Deny", "NotAction": "iam:*User*", "Resource": "*"}`
		users   = `{"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"}`
		invoke  = `{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:orders"}`
		assume  = `{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}`
		always  = `{"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:orders"}`
	)
	for name, c := range map[string]struct {
		statements string
		want       []review.Finding
		by         []int
	}{
		"one statement":                            {get, []review.Finding{review.Needed}, []int{-1}},
		"one within another":                       {get + "," + read, []review.Finding{review.Shadowed, review.Needed}, []int{1, -1}},
		"of two that are alike the later one goes": {get + "," + get, []review.Finding{review.Needed, review.Shadowed}, []int{-1, 0}},
		"two that are one together":                {read + "," + gets + "," + lists, []review.Finding{review.Needed, review.Shadowed, review.Shadowed}, []int{-1, 0, 0}},
		"one that is two together":                 {gets + "," + lists + "," + read, []review.Finding{review.Needed, review.Needed, review.Redundant}, []int{-1, -1, -1}},
		"conditions that contradict each other":    {get + "," + never, []review.Finding{review.Needed, review.Dead}, []int{-1, -1}},
		"an Allow that is denied":                  {users + "," + noIAM + "," + get, []review.Finding{review.Unreachable, review.Needed, review.Needed}, []int{-1, -1, -1}},
		"a Deny within a Deny":                     {get + "," + noUsers + "," + noIAM, []review.Finding{review.Needed, review.Shadowed, review.Guard}, []int{-1, 2, -1}},
		"a Deny within two":                        {get + "," + noUsers + "," + noOther + "," + noIAM, []review.Finding{review.Unreachable, review.Guard, review.Needed, review.Redundant}, []int{-1, -1, -1, -1}},
		"one statement of a resource":              {invoke, []review.Finding{review.Needed}, []int{-1}},
		"one statement that denies":                {noIAM, []review.Finding{review.Guard}, []int{-1}},
		"one statement of a trust policy":          {assume, []review.Finding{review.Needed}, []int{-1}},
		"a policy of a resource":                   {invoke + "," + always, []review.Finding{review.Shadowed, review.Needed}, []int{1, -1}},
	} {
		t.Run(name, func(t *testing.T) {
			x := prove.Prover{Catalog: catalog.Default()}
			list, err := review.Statements(t.Context(), &x, document(t, "policy.json", c.statements))
			require.NoError(t, err)
			var findings []review.Finding
			var by []int
			for i, s := range list {
				assert.Equal(t, i, s.Index)
				assert.Equal(t, s.Finding == review.Needed, s.Verdict.Request != nil, "only what is needed has a request that shows it")
				findings, by = append(findings, s.Finding), append(by, s.By)
			}
			assert.Equal(t, c.want, findings)
			assert.Equal(t, c.by, by)
		})
	}
}

func TestStatementsRefusesAnInvalidDocument(t *testing.T) {
	d := document(t, "mixed.json", `{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}, {"Effect": "Allow", "Principal": "*", "Action": "lambda:*", "Resource": "*"}`)
	_, err := review.Statements(t.Context(), &prove.Prover{}, d)
	require.ErrorContains(t, err, "mixed.json:1:41: Statement[0]")
}

func TestFindingsHaveNames(t *testing.T) {
	for f, want := range map[review.Finding]string{
		review.Undecided: "undecided", review.Needed: "needed", review.Guard: "guard", review.Dead: "dead",
		review.Unreachable: "unreachable", review.Shadowed: "shadowed", review.Redundant: "redundant",
	} {
		text, err := f.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, want, string(text))
		assert.Equal(t, f >= review.Dead, f.Superfluous())
	}
	assert.Equal(t, "Finding(200)", review.Finding(200).String())
}

// What was decided before the deadline is answered, the rest costs nothing more.
func TestADeadlineEndsTheQuestionsAboutStatements(t *testing.T) {
	d := &policy.Document{Version: policy.Version2012}
	for i := range 3000 {
		name := strconv.Itoa(i)
		d.Statements = append(d.Statements, policy.Statement{
			Effect: policy.Allow, Action: policy.Values{"s3:Get" + name + "*"}, Resource: policy.Values{"arn:aws:s3:::" + name + "*", "arn:aws:s3:::x/" + name},
		})
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	list, err := review.Statements(ctx, &prove.Prover{}, d)
	require.NoError(t, err)
	assert.Less(t, time.Since(began), 20*time.Second, "all of them take minutes")
	require.Len(t, list, 3000)
	assert.Equal(t, review.Undecided, list[0].Finding)
	assert.Equal(t, prove.Unknown, list[0].Verdict.Outcome)
	assert.Contains(t, list[0].Verdict.Reason, "deadline")
}

// What applies and is not needed is not dead, and it is said who else grants it.
func TestWhatIsNotNeededHasOthersThatGrantIt(t *testing.T) {
	const (
		queue   = `"Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:111122223333:q"`
		own     = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, ` + queue + `}`
		sns     = `{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, ` + queue + `}`
		events  = `{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, ` + queue + `}`
		both    = `{"Effect": "Allow", "Principal": {"Service": ["events.amazonaws.com", "sns.amazonaws.com"]}, ` + queue + `}`
		noOwn   = `{"Effect": "Deny", "Principal": {"AWS": "111122223333"}, ` + queue + `}`
		role    = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, ` + queue + `}`
		lists   = `{"Effect": "Allow", "Action": "lambda:List*", "Resource": "*"}`
		gets    = `{"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"}`
		reads   = `{"Effect": "Allow", "Action": ["lambda:Get*", "lambda:List*"], "Resource": "*"}`
		runs    = `{"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*", "Condition": {"StringEquals": {"ec2:Owner": "amazon"}}}`
		never   = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"ec2:Owner": "amazon"}}}`
		vain    = `{"Effect": "Deny", "Action": ["s3:*", "sqs:*"], "Resource": "*", "Condition": {"Null": {"kms:ViaService": "false"}}}`
		unless  = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringNotEquals": {"ec2:Owner": "amazon"}}}`
		either  = `{"Effect": "Allow", "Action": ["s3:GetObject", "ec2:Run*"], "Resource": "*", "Condition": {"StringEquals": {"ec2:Owner": "amazon"}}}`
		every   = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringLike": {"ec2:SourceInstanceARN": "*"}}}`
		fresh   = `{"Effect": "Allow", "Action": "nosuch:Do", "Resource": "*", "Condition": {"StringEquals": {"ec2:Owner": "amazon"}}}`
		pattern = `{"Effect": "Allow", "Action": "s?s:SendMessage", "Resource": "*", "Condition": {"StringEquals": {"ec2:Owner": "amazon"}}}`
		noKMS   = `{"Effect": "Deny", "Action": "kms:*", "Resource": "*"}`
	)
	for name, tc := range map[string]struct {
		statements string
		at         int
		finding    review.Finding
		others     []int
		key        string
	}{
		"a policy that names its own account":                            {own + "," + sns, 0, review.Redundant, []int{}, ""},
		"a policy of nothing but its own account":                        {own, 0, review.Redundant, []int{}, ""},
		"a policy that names its own account and denies it":              {own + "," + sns + "," + noOwn, 0, review.Unreachable, nil, ""},
		"a role of the own account has a grant of its own":               {role + "," + sns, 0, review.Needed, nil, ""},
		"two statements for two services":                                {both + "," + events + "," + sns, 2, review.Shadowed, nil, ""},
		"one that two others are together":                               {lists + "," + gets + "," + reads, 2, review.Redundant, []int{0, 1}, ""},
		"only those that are needed for it":                              {lists + "," + gets + "," + noKMS + "," + runs + "," + reads, 4, review.Redundant, []int{0, 1}, ""},
		"a key of another service":                                       {runs + "," + never, 1, review.Dead, nil, "ec2:Owner"},
		"a key of another service, demanded to exist by a Deny":          {gets + "," + vain, 1, review.Dead, nil, "kms:ViaService"},
		"a key of another service that may be absent":                    {unless, 0, review.Needed, nil, ""},
		"a key of another service, for actions of one that nobody knows": {fresh, 0, review.Needed, nil, ""},
		"a key of another service, for services by a pattern":            {pattern, 0, review.Needed, nil, ""},
		"a key that one of the actions has":                              {either, 0, review.Needed, nil, ""},
		"a key of another service that comes with credentials":           {every, 0, review.Needed, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := review.Statements(t.Context(), &prove.Prover{Catalog: catalog.Default()}, document(t, "policy.json", tc.statements))
			require.NoError(t, err)
			s := list[tc.at]
			assert.Equal(t, tc.finding, s.Finding)
			assert.ElementsMatch(t, tc.others, s.Others)
			assert.Equal(t, tc.key, s.Key)
		})
	}
}

// A Deny that no user or role meets is one for others perhaps, where it is not said
// whose policy it is.
func TestADenyForNobodyDependsOnTheKind(t *testing.T) {
	d := document(t, "policy.json", `{"Effect": "Allow", "Action": "*", "Resource": "*"},
		{"Effect": "Deny", "Action": "iam:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalType": "Account"}}}`)
	for kind, want := range map[policy.Kind]review.Finding{
		0: review.Undecided, policy.Identity: review.Dead, policy.Boundary: review.Dead, policy.SCP: review.Needed,
	} {
		list, err := review.Statements(t.Context(), &prove.Prover{Catalog: catalog.Default(), Kind: kind}, d)
		require.NoError(t, err)
		assert.Equal(t, want, list[1].Finding, "%s", kind)
		assert.Equal(t, kind == 0, strings.Contains(list[1].Verdict.Reason, "say which kind it is"), "%s", kind)
	}
}
