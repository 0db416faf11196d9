package denial_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/policy/catalog"
)

// The call behind a denial, and what else it needs.
func TestTheCallBehindADenial(t *testing.T) {
	calling := func(operation, action, resource string) string {
		return "An error occurred (AccessDeniedException) when calling the " + operation + " operation: User: " + alice + " is not authorized to perform: " + action + " on resource: " + resource
	}
	const role = "arn:aws:iam::111122223333:role/app"
	for sentence, c := range map[string]struct{ text, operation, parameters, needs string }{
		"the denied action is the operation's":   {calling("CreateFunction", "lambda:CreateFunction", myFn), "lambda:CreateFunction", `{"FunctionName":"` + myFn + `"}`, "iam:PassRole"},
		"the role that it passes is denied":      {calling("CreateFunction", "iam:PassRole", role), "lambda:CreateFunction", `{"Role":"` + role + `"}`, "lambda:CreateFunction"},
		"the text has the action alone":          {getFn, "lambda:GetFunction", `{"FunctionName":"` + myFn + `"}`, ""},
		"an action that no operation is named":   {strings.ReplaceAll(getFn, "lambda:GetFunction", "lambda:InvokeFunction"), "", "", ""},
		"an operation of another service":        {calling("CreateStateMachine", "states:CreateStateMachine", "*"), "states:CreateStateMachine", "", "iam:PassRole"},
		"a version in the name of the operation": {ofARole, "lambda:GetFunction", `{"FunctionName":"arn:aws:lambda:us-east-1:111122223333:function:my-fn"}`, ""},
		"the service is told":                    {"operation error Lambda: UpdateFunctionCode, https response error StatusCode: 403, RequestID: " + uuid + ", api error AccessDeniedException: " + strings.ReplaceAll(getFn, "lambda:GetFunction", "lambda:UpdateFunctionCode"), "lambda:UpdateFunctionCode", `{"FunctionName":"` + myFn + `"}`, "s3:GetObject"},
		"the caller is the execution role":       {"An error occurred (InvalidParameterValueException) when calling the CreateEventSourceMapping operation: The provided execution role does not have permissions to call ReceiveMessage on SQS", "", "", ""},
		"an operation that nobody knows":         {calling("GetMiracle", "lambda:GetMiracle", myFn), "lambda:GetMiracle", "", ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			p := denial.Parser{Catalog: catalog.Default()}
			found, err := p.Parse(c.text)
			require.NoError(t, err)
			call, ok := found[0].Call()
			assert.Equal(t, c.operation != "", ok)
			assert.Equal(t, []string{c.operation, c.parameters}, []string{call.Operation, string(call.Parameters)})
			plan, err := p.Plan(call)
			if c.needs == "" {
				return
			}
			require.NoError(t, err)
			var actions []string
			for _, a := range plan.Authorizations {
				actions = append(actions, a.Action)
			}
			assert.Contains(t, actions, c.needs)
		})
	}
}
