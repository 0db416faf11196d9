package denial_test

import (
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// backwards is the catalogue, whose services come in another order.
type backwards struct{ *catalog.Catalog }

func (c backwards) Services() iter.Seq[string] {
	list := slices.Sorted(c.Catalog.Services())
	slices.Reverse(list)
	return slices.Values(list)
}

// needing is the catalogue, in which all actions depend on some.
type needing struct {
	*catalog.Catalog
	actions []string
}

func (c needing) DependentActions(*policy.ServiceAction) []string { return c.actions }

// Notes name services in the order of the alphabet, whatever that of the catalogue.
func TestSeveralServicesAreNamedInOrder(t *testing.T) {
	p := denial.Parser{Catalog: backwards{catalog.Default()}}
	for _, text := range []string{
		"An error occurred (AccessDenied) when calling the CreatePipeline operation: no",
		"An error occurred (AccessDenied) when calling the CreatePipeline operation: User: " + alice + " is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/app",
	} {
		backward, err := p.Parse(text)
		require.NoError(t, err)
		assert.Equal(t, known(t, text), backward)
		assert.Contains(t, strings.Join(backward[0].Notes, "\n"), "several")
	}
}

// What an operation may need of which the catalogue alone knows.
func TestWhatTheCatalogueKnowsOfACall(t *testing.T) {
	p := denial.Parser{Catalog: catalog.Default()}
	call := apicall.Call{Operation: "states:CreateStateMachine", Partial: true, Defaults: arn.Defaults{Partition: "aws-cn", Account: "111122223333"}}
	pass := func(c apicall.Call) (own, pass apicall.Authorization) {
		plan, err := p.Plan(c)
		require.NoError(t, err)
		assert.Equal(t, "states:CreateStateMachine", plan.Operation)
		i := slices.IndexFunc(plan.Authorizations, func(a apicall.Authorization) bool { return a.Action == "iam:PassRole" })
		require.Positive(t, i)
		return plan.Authorizations[0], plan.Authorizations[i]
	}
	own, role := pass(call)
	assert.Equal(t, apicall.Authorization{Action: "states:CreateStateMachine", Unknown: true}, own)
	want := apicall.Authorization{
		Action: "iam:PassRole", Resource: "arn:aws-cn:iam::111122223333:role/", Unknown: true, Effect: apicall.Possible, When: "if the call names a role", Confidence: apicall.Medium,
		Context: evaluator.Context{{Name: "iam:PassedToService", Values: []string{"states.amazonaws.com"}}},
	}
	assert.Equal(t, want, role)
	call.Defaults = arn.Defaults{}
	_, role = pass(call)
	want.Resource = ""
	assert.Equal(t, want, role, "an account that is not known")

	p.Catalog = needing{catalog.Default(), []string{"s3:GetObject"}}
	plan, err := p.Plan(call)
	require.NoError(t, err)
	require.Len(t, plan.Authorizations, 3)
	assert.Equal(t, apicall.Authorization{Action: "s3:GetObject", Unknown: true, Effect: apicall.Possible, When: "where the call asks for it", Confidence: apicall.Medium}, plan.Authorizations[1])
	assert.Equal(t, want, plan.Authorizations[2], "the catalogue does not know that a role is passed")
	call.Operation = "dynamodb:GetItem"
	plan, err = p.Plan(call)
	require.NoError(t, err)
	assert.Len(t, plan.Authorizations, 2)
	p.Catalog = needing{catalog.Default(), []string{"iam:PassRole"}}
	plan, err = p.Plan(call)
	require.NoError(t, err)
	require.Len(t, plan.Authorizations, 2)
	assert.Nil(t, plan.Authorizations[1].Context, "a role is passed to no service that is known")

	_, err = p.Plan(apicall.Call{Operation: "lambda:GetMiracle", Partial: true})
	require.ErrorIs(t, err, apicall.ErrUnknownOperation)
	_, err = new(denial.Parser).Plan(apicall.Call{Operation: "states:CreateStateMachine", Partial: true})
	require.ErrorIs(t, err, apicall.ErrUnknownOperation)
}

// A call needs an operation, and the defaults of its caller.
func TestTheCallOfADenial(t *testing.T) {
	const role = "arn:aws-cn:iam::111122223333:role/app"
	const key = "iam:PassedToService"
	to := func(service string) evaluator.Context {
		return evaluator.Context{{Name: "a:b", Values: []string{"c"}}, {Name: key, Values: []string{service}}}
	}
	for sentence, c := range map[string]struct {
		denial.Denial
		want apicall.Call
	}{
		"nothing is told":                                 {},
		"an action of no call":                            {denial.Denial{Action: "lambda:InvokeFunction"}, apicall.Call{}},
		"an operation of nothing":                         {denial.Denial{Operation: "CreateFunction"}, apicall.Call{}},
		"an action that is one":                           {denial.Denial{Principal: role, Action: "lambda:ListFunctions", Region: "r"}, apicall.Call{Operation: "lambda:ListFunctions", Partial: true, Defaults: arn.Defaults{Region: "r", Partition: "aws-cn", Account: "111122223333"}}},
		"the operation's service is that of the action":   {denial.Denial{Action: "LAMBDA:X", Operation: "CreateFunction20150331"}, apicall.Call{Operation: "lambda:CreateFunction", Partial: true}},
		"a service is told":                               {denial.Denial{Service: "Amazon S3", Action: "lambda:X", Operation: "GetObject"}, apicall.Call{Operation: "s3:GetObject", Partial: true}},
		"the role is passed to a service":                 {denial.Denial{Action: "IAM:passrole", Operation: "CreateStateMachine", Context: to("states.amazonaws.com")}, apicall.Call{Operation: "states:CreateStateMachine", Partial: true}},
		"the role is passed to a service that is unknown": {denial.Denial{Action: "iam:PassRole", Operation: "CreateStateMachine", Context: to("miracles.amazonaws.com")}, apicall.Call{}},
		"another action with the key":                     {denial.Denial{Action: "lambda:X", Operation: "CreateFunction", Context: to("states.amazonaws.com")}, apicall.Call{Operation: "lambda:CreateFunction", Partial: true}},
		"a role":                                          {denial.Denial{Action: "sts:AssumeRole", Resource: role}, apicall.Call{Operation: "sts:AssumeRole", Partial: true, Parameters: []byte(`{"RoleArn":"` + role + `"}`)}},
		"a sentence about another caller":                 {denial.Denial{Form: denial.FromService, CalledBy: "the execution role", Service: "Lambda", Operation: "CreateFunction"}, apicall.Call{}},
		"a sentence about the caller":                     {denial.Denial{Form: denial.FromService, CalledBy: "the caller", Service: "Lambda", Operation: "CreateFunction"}, apicall.Call{Operation: "lambda:CreateFunction", Partial: true}},
		"a sentence about whoever deploys":                {denial.Denial{Form: denial.FromService, CalledBy: "whoever deploys", Service: "Lambda", Operation: "CreateFunction"}, apicall.Call{Operation: "lambda:CreateFunction", Partial: true}},
	} {
		t.Run(sentence, func(t *testing.T) {
			call, ok := c.Call()
			assert.Equal(t, c.want, call)
			assert.Equal(t, c.want.Operation != "", ok)
		})
	}
}

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
