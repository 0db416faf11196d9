package denial_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/policy"
)

// The messages of the stories, older and newer, replayed with the stories'
// policies: before, iamsim agrees; after, it allows.
func TestStories(t *testing.T) {
	identity := func(file string) *evaluator.Set {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		doc, err := policy.Parse(file, text)
		require.NoError(t, err)
		return evaluator.MustCompile(policy.Identity, doc)
	}
	const (
		function = "arn:aws:lambda:us-east-1:123456789012:function:my-function"
		role     = "arn:aws:iam::123456789012:role/orders-exec"
	)
	for _, story := range []struct{ folder, text, resource string }{
		{"getfunction", "User: arn:aws:iam::123456789012:user/mateojackson is not authorized to perform: lambda:GetFunction on resource: my-function", function},
		{"getfunction", "User: arn:aws:iam::123456789012:user/mateojackson is not authorized to perform: lambda:GetFunction on resource: " + function + " because no identity-based policy allows the lambda:GetFunction action", ""},
		{"passrole", "operation error Lambda: CreateFunction, https response error StatusCode: 403, RequestID: " + uuid + ", api error AccessDeniedException: User: arn:aws:iam::123456789012:user/marymajor is not authorized to perform: iam:PassRole", role},
		{"passrole", "operation error Lambda: CreateFunction, https response error StatusCode: 403, RequestID: " + uuid + ", api error AccessDeniedException: User: arn:aws:iam::123456789012:user/marymajor is not authorized to perform: iam:PassRole on resource: " + role + " because no identity-based policy allows the iam:PassRole action", ""},
	} {
		d := one(t, story.text)
		for file, want := range map[string]denial.Agreement{"before.json": denial.Agrees, "after.json": denial.Allows} {
			c := evaluator.Caller{Identity: identity("../../examples/" + story.folder + "/" + file)}
			replayed, err := denial.Replay(new(evaluator.Engine), &d, c, evaluator.Target{Resource: story.resource}, evaluator.Request{})
			require.NoError(t, err)
			assert.Equal(t, want, replayed.Agreement, "%s with %s", story.text, file)
		}
	}
}

func TestADenialIsAScenario(t *testing.T) {
	d := one(t, ofARole)
	s, err := d.Scenario()
	require.NoError(t, err)
	assert.Equal(t, []string{session, "arn:aws:iam::111122223333:role/svc/app", "AROAAPP", myFn, "my-fn"},
		[]string{s.Request.Principal.ARN, s.Request.Principal.Role, s.Request.Principal.UserID, s.Request.Resource, s.Request.ResourceAsGiven})
	assert.Nil(t, s.Want.Decision, "AWS does not say")
	c, err := s.Compile()
	require.NoError(t, err)
	assert.Equal(t, evaluator.ImplicitDeny, c.Engine.Evaluate(&c.Caller, &c.Target, &c.Request).Outcome())

	d = one(t, getFn+" with an explicit deny in a service control policy")
	s, err = d.Scenario()
	require.NoError(t, err)
	assert.Equal(t, []any{evaluator.ExplicitDeny, policy.SCPLayer}, []any{*s.Want.Decision, *s.Want.DeniedBy})
	text, err := s.MarshalJSON()
	require.NoError(t, err)
	assert.JSONEq(t, `{"request": {"principal": "`+alice+`", "action": "lambda:GetFunction", "resource": "`+myFn+`"}, "want": {"decision": "explicitDeny", "deniedBy": "scp"}}`, string(text))

	d = one(t, noID)
	d.PrincipalID = "AIDAALICE"
	d.Context = evaluator.Context{
		{Name: "aws:SourceIp", Values: []string{"203.0.113.9"}}, {Name: "aws:TokenIssueTime", State: evaluator.Present}, {Name: "aws:SourceVpc", State: evaluator.Unknown},
	}
	s, err = d.Scenario()
	require.NoError(t, err)
	text, err = s.MarshalJSON()
	require.NoError(t, err)
	assert.JSONEq(t, `{"request": {"principal": {"arn": "`+alice+`", "userId": "AIDAALICE"}, "action": "lambda:GetFunction", "resource": "`+myFn+`",
		"context": {"aws:SourceIp": "203.0.113.9"}, "present": ["aws:TokenIssueTime"], "unknown": ["aws:SourceVpc"]},
		"want": {"decision": "implicitDeny", "deniedBy": "identity"}}`, string(text))

	d = one(t, "Cross-account pass role is not allowed.")
	_, err = d.Scenario()
	require.ErrorIs(t, err, denial.ErrNoCaller)
	require.ErrorIs(t, err, denial.ErrNoResource)
}
