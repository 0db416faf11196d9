package scenario_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
)

const (
	execRole   = "arn:aws:iam::111122223333:role/exec"
	theirLayer = "arn:aws:lambda:us-east-1:444455556666:layer:theirs:1"
)

// creating is a scenario in which alice creates a function with a layer of
// another account; more are further members of request.call, policies and the
// scenario.
func creating(call, policies, more string) string {
	return `{"request": {` + alice + `, "context": {"aws:RequestedRegion": "us-east-1"}, "call": {"operation": "lambda:CreateFunction", "parameters": {
		"FunctionName": "orders", "Role": "` + execRole + `", "Code": {"ZipFile": "UEs="}, "Layers": ["` + theirLayer + `"]}` + call + `}},
		"policies": {"identity": [` + allowAll + `]` + policies + `}` + more + `}`
}

func TestPoliciesOfTheResourcesOfACall(t *testing.T) {
	result := evaluate(t, creating("", "", ""))
	assert.Equal(t, evaluator.ImplicitDeny, result.Decision)
	assert.Equal(t, "lambda:GetLayerVersion", result.Action)
	assert.Equal(t, policy.ResourceLayer, result.DeniedBy)
	assert.Contains(t, strings.Join(result.Diagnostics, "\n"), "no policy of "+theirLayer+" was given")
	require.Len(t, result.Preconditions, 1)
	assert.Equal(t, evaluator.Indeterminate, result.Preconditions[0].Decision)

	const layerPolicy = `"` + theirLayer + `": {"name": "theirs", "document": {"Version": "2012-10-17", "Statement": [{"Sid": "All", "Effect": "Allow", "Principal": "*", "Action": "lambda:GetLayerVersion", "Resource": "*"}]}}`
	const trust = `"` + execRole + `": [{"Version": "2012-10-17", "Statement": {"Sid": "Lambda", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}]`
	result = evaluate(t, creating("", `, "resources": {`+layerPolicy+`, `+trust+`}`, ""))
	require.NoError(t, result.Err)
	assert.Equal(t, evaluator.Allowed, result.Decision)
	assert.True(t, result.Pass())
	assert.NotContains(t, strings.Join(result.Diagnostics, "\n"), "the call asks nothing of")
	granted := result.Authorizations[2].Statements
	require.NotEmpty(t, granted)
	first := granted[0]
	assert.Equal(t, "resources", first.Slot)
	assert.Equal(t, "theirs", first.Policy)
	assert.Equal(t, 3, first.Line)
	assert.Equal(t, evaluator.Allowed, result.Preconditions[0].Decision)
	assert.Equal(t, "Lambda", result.Preconditions[0].Statements[0].Sid)

	result = evaluate(t, creating("", `, "resources": {`+layerPolicy+`, `+strings.ReplaceAll(trust, "lambda.amazonaws.com", "ec2.amazonaws.com")+`}`, ""))
	assert.Equal(t, evaluator.Allowed, result.Decision)
	assert.Equal(t, evaluator.ImplicitDeny, result.Preconditions[0].Decision)
	assert.False(t, result.Pass(), "the call fails all the same")
	result = evaluate(t, creating("", `, "resources": {`+layerPolicy+`, `+trust+`}`, `, "want": {"preconditions": ["implicitDeny"]}`))
	assert.Equal(t, []string{"preconditions: want [implicitDeny], got [allowed]"}, result.Mismatch)
}

func TestWhatACallTellsOfItsResources(t *testing.T) {
	guarded := func(key, value string) string {
		return `, "resources": {"` + theirLayer + `": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "lambda:GetLayerVersion", "Resource": "*",
			"Condition": {"StringEquals": {"` + key + `": "` + value + `"}}}}}`
	}
	told := `, "resources": {"` + theirLayer + `": {"account": "444455556666", "tags": {"team": "red"}, "org": {"id": "o-a1b2c3d4e5"}}, "` + execRole + `": {"tags": {"team": "blue"}}}`
	for name, tc := range map[string]struct {
		key, value string
		want       evaluator.Outcome
	}{
		"no tags, which the action does not have": {"aws:ResourceTag/team", "red", evaluator.ImplicitDeny},
		"its organization":                        {"aws:ResourceOrgID", "o-a1b2c3d4e5", evaluator.Allowed},
		"not another organization":                {"aws:ResourceOrgID", "o-b1b2c3d4e5", evaluator.ImplicitDeny},
		"its account":                             {"aws:ResourceAccount", "444455556666", evaluator.Allowed},
	} {
		t.Run(name, func(t *testing.T) {
			s := one(t, creating(told, guarded(tc.key, tc.value), ""))
			var e scenario.Evaluator
			assert.Equal(t, tc.want, e.Evaluate(s).Decision)
			text, err := s.MarshalJSON()
			require.NoError(t, err)
			assert.Equal(t, tc.want, e.Evaluate(one(t, string(text))).Decision, "read back")
		})
	}
}

// The resource control policies of a call's first resource bind those of the same
// account, whoever owns what has no account in its ARN.
func TestResourceControlPoliciesOfACallBindOneAccount(t *testing.T) {
	const code = "arn:aws:s3:::code/app.zip"
	for owner, want := range map[string]evaluator.Outcome{"111122223333": evaluator.ExplicitDeny, "444455556666": evaluator.Allowed} {
		result := evaluate(t, `{"request": {`+alice+`, "context": {"aws:RequestedRegion": "us-east-1"}, "call": {"operation": "lambda:CreateFunction", "parameters": {
			"FunctionName": "orders", "Role": "`+execRole+`", "Code": {"S3Bucket": "code", "S3Key": "app.zip"}}, "resources": {"`+code+`": {"account": "`+owner+`"}}}},
			"policies": {"identity": [`+allowAll+`], "rcp": [[{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}]],
			"resources": {"`+code+`": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}}}}`)
		require.NoError(t, result.Err)
		assert.Equal(t, want, result.Decision, "a bucket of %s: %v", owner, result.Authorizations)
	}
}

// So does the organization that the request says its resource is of.
func TestAnOrganizationIsThatOfAllResourcesOfTheAccount(t *testing.T) {
	const code = "arn:aws:s3:::code/app.zip"
	for said, want := range map[string]evaluator.Outcome{
		`{"account": "111122223333"}`:                                evaluator.Allowed,
		`{"account": "111122223333", "org": {"id": "o-b1b2c3d4e5"}}`: evaluator.ImplicitDeny,
	} {
		result := evaluate(t, `{"request": {`+alice+`, "resourceOrg": {"id": "o-a1b2c3d4e5"}, "context": {"aws:RequestedRegion": "us-east-1"}, "call": {"operation": "lambda:CreateFunction", "parameters": {
			"FunctionName": "orders", "Role": "`+execRole+`", "Code": {"S3Bucket": "code", "S3Key": "app.zip"}}, "resources": {"`+code+`": `+said+`}}},
			"policies": {"identity": [{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceOrgID": "o-a1b2c3d4e5"}}}}]}}`)
		require.NoError(t, result.Err)
		assert.Equal(t, want, result.Decision, "%s: %v", said, result.Authorizations)
	}
}

func TestACallTellsTheTagsOfEachResource(t *testing.T) {
	const function, other = "arn:aws:lambda:us-east-1:111122223333:function:f", "arn:aws:lambda:us-east-1:111122223333:function:g"
	for tags, want := range map[string]evaluator.Outcome{
		`"` + function + `": {"tags": {"team": "red"}}, "` + other + `": {"tags": {"team": "blue"}}`: evaluator.Allowed,
		`"` + function + `": {"tags": {}}, "` + other + `": {"tags": {"team": "red"}}`:               evaluator.ImplicitDeny,
		`"` + other + `": {"tags": {"team": "red"}}`:                                                 evaluator.Indeterminate,
	} {
		result := evaluate(t, `{"request": {`+alice+`, "context": {"aws:RequestedRegion": "us-east-1"}, "call": {"operation": "lambda:GetFunction", "parameters": {"FunctionName": "f"}, "resources": {`+tags+`}}},
			"policies": {"identity": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "red"}}}}}}`)
		require.NoError(t, result.Err)
		assert.Equal(t, want, result.Decision, tags)
	}
}

func TestACallIsExplainedByItsAuthorizationsAndPreconditions(t *testing.T) {
	var e scenario.Evaluator
	actions := func(policies string) []string {
		explanations, err := e.Explain(one(t, creating("", policies, "")))
		require.NoError(t, err)
		var list []string
		for _, x := range explanations {
			list = append(list, x.Action())
		}
		return list
	}
	calls := []string{"lambda:CreateFunction", "iam:PassRole", "lambda:GetLayerVersion"}
	assert.Equal(t, calls, actions(""))
	assert.Equal(t, append(calls, "sts:AssumeRole"), actions(`, "resources": {"`+execRole+`": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}}`),
		"what the service asks, where its policy is given")
}

func TestWhatACallDoesNotAskIsNoted(t *testing.T) {
	result := evaluate(t, creating(`, "resources": {"arn:aws:s3:::b": {"tags": {}}}`, `, "resources": {"arn:aws:s3:::a": []}`, ""))
	assert.Contains(t, result.Diagnostics, `request.call.resources: the call asks nothing of "arn:aws:s3:::b"`)
	result = evaluate(t, creating("", `, "resources": {"arn:aws:s3:::a": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}}}`, ""))
	assert.Contains(t, result.Diagnostics, `policies.resources: the call asks nothing of "arn:aws:s3:::a"`)
}

func TestWhatACallHasItsAuthorizationsHave(t *testing.T) {
	result := evaluate(t, `{"request": {`+alice+`, "context": {"aws:RequestedRegion": "us-east-1"}, "call": {"operation": "lambda:UpdateFunctionCode",
		"parameters": {"FunctionName": "f", "ImageUri": "111122223333.dkr.ecr.us-east-1.amazonaws.com/app:1"}}},
		"policies": {"identity": [{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}}]}}`)
	assert.Equal(t, evaluator.Indeterminate, result.Decision)
	assert.Equal(t, "ecr:GetRepositoryPolicy", result.Action)
	assert.Empty(t, result.Message)
	possible := result.Authorizations[1]
	assert.Equal(t, apicall.Possible, possible.Effect)
	assert.Equal(t, apicall.Medium, possible.Confidence)
	text, err := result.MarshalJSON()
	require.NoError(t, err)
	assert.Contains(t, string(text), `"effect":"possible","when":"if the repository's policy does not let Lambda pull the image yet","confidence":"medium"`)
}

func TestAWrongCallHasAPlace(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"a member that a resource has not":    {creating(`, "resources": {"arn:aws:s3:::b": {"tag": {}}}`, "", ""), `request.call.resources.arn:aws:s3:::b: unknown member "tag"; did you mean "tags"?`},
		"a state of the wrong type":           {creating(`, "state": {"vpcOfSubnets": {}}`, "", ""), "request.call.state.vpcOfSubnets: must be"},
		"policies of resources without call":  {`{` + request + `, "policies": {"resources": {"arn:aws:s3:::a": ` + strings.Replace(allowAll, `"Effect"`, `"Principal": "*", "Effect"`, 1) + `}}}`, `has "policies.resources"`},
		"a trust policy that has a resource":  {creating("", `, "resources": {"`+execRole+`": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"}}}`, ""), "policies.resources." + execRole},
		"a precondition that is no decision":  {creating("", "", `, "want": {"preconditions": ["met"]}`), `"met" is no decision`},
		"a call that needs another parameter": {`{"request": {` + alice + `, "call": {"operation": "GetLayerVersionByArn"}}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			found := ""
			for s, err := range scenario.Stream("s.json", strings.NewReader(strings.ReplaceAll(tc.text, "\n", " ")), nil) {
				if err == nil {
					var e scenario.Evaluator
					err = e.Evaluate(s).Err
				}
				require.Error(t, err)
				found = err.Error()
			}
			assert.Contains(t, found, tc.want)
			assert.Contains(t, found, "s.json:1:")
		})
	}
}
