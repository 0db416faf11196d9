package denial_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/policy"
)

const (
	alice   = "arn:aws:iam::111122223333:user/alice"
	session = "arn:aws:sts::111122223333:assumed-role/app/s1"
	myFn    = "arn:aws:lambda:us-east-1:111122223333:function:my-fn"
	getFn   = "User: " + alice + " is not authorized to perform: lambda:GetFunction on resource: " + myFn
	noID    = getFn + " because no identity-based policy allows the lambda:GetFunction action"
	uuid    = "8c8bd9f1-2f4e-4a5c-9d3e-1f2a3b4c5d6e"
)

// one parses a text that holds one denial.
func one(t *testing.T, text string) denial.Denial {
	t.Helper()
	found, err := denial.Parse(text)
	require.NoError(t, err)
	require.Len(t, found, 1)
	return found[0]
}

func TestMessagesOfEveryForm(t *testing.T) {
	type want struct {
		principal, action, resource, given string
		explicit, implicit                 bool
		layer, through                     policy.Layer
		policy                             string
	}
	implicit := func(l policy.Layer) want {
		return want{principal: alice, action: "lambda:GetFunction", resource: myFn, implicit: true, layer: l}
	}
	explicit := func(l policy.Layer) want {
		return want{principal: alice, action: "lambda:GetFunction", resource: myFn, explicit: true, layer: l}
	}
	const scp = "arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd"
	withPolicy := explicit(policy.SCPLayer)
	withPolicy.policy = scp
	transitive := explicit(policy.EndpointLayer)
	transitive.through = policy.SCPLayer
	for sentence, c := range map[string]struct {
		text string
		want want
	}{
		"no identity-based policy allows":  {noID, implicit(policy.IdentityLayer)},
		"no resource-based policy allows":  {getFn + " because no resource-based policy allows the lambda:GetFunction action", implicit(policy.ResourceLayer)},
		"no permissions boundary allows":   {getFn + " because no permissions boundary allows the lambda:GetFunction action", implicit(policy.BoundaryLayer)},
		"no session policy allows":         {getFn + " because no session policy allows the lambda:GetFunction action", implicit(policy.SessionLayer)},
		"no service control policy allows": {getFn + " because no service control policy allows the lambda:GetFunction action", implicit(policy.SCPLayer)},
		"no VPC endpoint policy allows":    {getFn + " because no VPC endpoint policy allows the lambda:GetFunction action", implicit(policy.EndpointLayer)},
		"no role trust policy allows": {
			"User: " + alice + " is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/app because no role trust policy allows the sts:AssumeRole action",
			want{principal: alice, action: "sts:AssumeRole", resource: "arn:aws:iam::111122223333:role/app", implicit: true, layer: policy.TrustLayer},
		},
		"Amazon SES quotes each name": {
			"554 Access denied: User `" + alice + "' is not authorized to perform `ses:SendRawEmail' on resource `arn:aws:ses:us-east-1:111122223333:identity/example.com'",
			want{principal: alice, action: "ses:SendRawEmail", resource: "arn:aws:ses:us-east-1:111122223333:identity/example.com"},
		},
		"Amazon SES, in lines of a mail": {
			"Access denied: User `" + alice + "'\nis not authorized to perform `ses:SendRawEmail'\non resource\n`arn:aws:ses:us-east-1:111122223333:identity/example.com'\n",
			want{principal: alice, action: "ses:SendRawEmail", resource: "arn:aws:ses:us-east-1:111122223333:identity/example.com"},
		},
		"an identity-based policy denies":                       {getFn + " with an explicit deny in an identity-based policy", explicit(policy.IdentityLayer)},
		"a resource-based policy denies":                        {getFn + " with an explicit deny in a resource-based policy", explicit(policy.ResourceLayer)},
		"a permissions boundary denies":                         {getFn + " with an explicit deny in a permissions boundary", explicit(policy.BoundaryLayer)},
		"a session policy denies":                               {getFn + " with an explicit deny in a session policy", explicit(policy.SessionLayer)},
		"a session policy denies, as spelled once":              {getFn + " with an explicit deny in a sessions policy", explicit(policy.SessionLayer)},
		"a service control policy denies":                       {getFn + " with an explicit deny in a service control policy", explicit(policy.SCPLayer)},
		"a resource control policy denies":                      {getFn + " with an explicit deny in a resource control policy", explicit(policy.RCPLayer)},
		"a VPC endpoint policy denies":                          {getFn + " with an explicit deny in a VPC endpoint policy", explicit(policy.EndpointLayer)},
		"the role trust policy denies":                          {getFn + " with an explicit deny in the role trust policy", explicit(policy.TrustLayer)},
		"a VPC endpoint policy denies transitively":             {getFn + " with an explicit deny in a VPC endpoint policy transitively through a service control policy", transitive},
		"something denies and is not named":                     {getFn + " with an explicit deny", explicit(policy.NoLayer)},
		"the policy's ARN at the end":                           {getFn + " with an explicit deny in a service control policy: " + scp, withPolicy},
		"the policy's ARN in S3's words":                        {getFn + " with an explicit deny in a service control policy, with policy ARN: " + scp, withPolicy},
		"a sentence after the policy's ARN":                     {getFn + " with an explicit deny in a service control policy: " + scp + ". See the console.", withPolicy},
		"a resource without a reason":                           {getFn, want{principal: alice, action: "lambda:GetFunction", resource: myFn}},
		"a full stop after the resource":                        {getFn + ".", want{principal: alice, action: "lambda:GetFunction", resource: myFn}},
		"only the name of the resource":                         {"User: " + alice + " is not authorized to perform: lambda:GetFunction on resource: my-fn", want{principal: alice, action: "lambda:GetFunction", given: "my-fn"}},
		"no resource":                                           {"User: " + alice + " is not authorized to perform: iam:PassRole", want{principal: alice, action: "iam:PassRole"}},
		"no resource and a reason":                              {"User: " + alice + " is not authorized to perform: cloudformation:DescribeStacks because no identity-based policy allows the cloudformation:DescribeStacks action", want{principal: alice, action: "cloudformation:DescribeStacks", implicit: true, layer: policy.IdentityLayer}},
		"no resource and an explicit deny":                      {"User: " + alice + " is not authorized to perform: codecommit:ListRepositories with an explicit deny in a VPC endpoint policy", want{principal: alice, action: "codecommit:ListRepositories", explicit: true, layer: policy.EndpointLayer}},
		"every resource":                                        {"User: " + alice + " is not authorized to perform: lambda:ListFunctions on resource: * because no identity-based policy allows the lambda:ListFunctions action", want{principal: alice, action: "lambda:ListFunctions", resource: "*", implicit: true, layer: policy.IdentityLayer}},
		"a resource in quotes":                                  {"User: " + alice + ` is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/my file" because no identity-based policy allows the s3:GetObject action`, want{principal: alice, action: "s3:GetObject", resource: "arn:aws:s3:::b/my file", implicit: true, layer: policy.IdentityLayer}},
		"a resource in quotes that are escaped":                 {`{"errorMessage": "User: ` + alice + ` is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:GetObject action"`, want{principal: alice, action: "s3:GetObject", resource: "arn:aws:s3:::b/k", implicit: true, layer: policy.IdentityLayer}},
		"an anonymous caller":                                   {"User: anonymous is not authorized to perform: es:ESHttpGet on resource: arn:aws:es:us-east-1:111122223333:domain/d because no resource-based policy allows the es:ESHttpGet action", want{principal: "anonymous", action: "es:ESHttpGet", resource: "arn:aws:es:us-east-1:111122223333:domain/d", implicit: true, layer: policy.ResourceLayer}},
		"an action in capitals":                                 {"User: " + alice + " is not authorized to perform: SNS:Publish on resource: arn:aws:sns:us-east-1:111122223333:t because no identity-based policy allows the SNS:Publish action", want{principal: alice, action: "SNS:Publish", resource: "arn:aws:sns:us-east-1:111122223333:t", implicit: true, layer: policy.IdentityLayer}},
		"a role of another account":                             {"Cross-account pass role is not allowed.", want{action: "iam:PassRole", implicit: true, layer: policy.RuleLayer}},
		"a web identity":                                        {"Not authorized to perform sts:AssumeRoleWithWebIdentity", want{action: "sts:AssumeRoleWithWebIdentity"}},
		"a key that may not exist":                              {"User: " + session + " is not authorized to perform: kms:Decrypt on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access", want{principal: session, action: "kms:Decrypt"}},
		"a caller whose name holds signs":                       {"User: arn:aws:sts::111122223333:assumed-role/Admin/a.b+c@example.com is not authorized to perform: lambda:GetFunction on resource: " + myFn, want{principal: "arn:aws:sts::111122223333:assumed-role/Admin/a.b+c@example.com", action: "lambda:GetFunction", resource: myFn}},
		"an account that somebody made unreadable":              {strings.ReplaceAll(noID, "111122223333", "************"), want{principal: "arn:aws:iam::************:user/alice", action: "lambda:GetFunction", resource: "arn:aws:lambda:us-east-1:************:function:my-fn", implicit: true, layer: policy.IdentityLayer}},
		"words of somebody else around it, and a bracket after": {"so (" + noID + "), I think", implicit(policy.IdentityLayer)},
	} {
		t.Run(sentence, func(t *testing.T) {
			d := one(t, c.text)
			assert.Equal(t, c.want, want{d.Principal, d.Action, d.Resource, d.ResourceAsGiven, d.Explicit, d.Implicit, d.Layer, d.Through, d.PolicyARN})
			assert.Equal(t, denial.FromMessage, d.Form)
			assert.Equal(t, 1, d.Line)
		})
	}
}

func TestExceptionsOfEveryClient(t *testing.T) {
	type want struct {
		service, operation, code string
		status                   int
		request                  string
	}
	for sentence, c := range map[string]struct {
		text string
		want want
	}{
		"AWS SDK for Go v2": {
			"operation error Lambda: GetFunction, https response error StatusCode: 403, RequestID: " + uuid + ", api error AccessDeniedException: " + noID,
			want{"Lambda", "GetFunction", "AccessDeniedException", 403, uuid},
		},
		"Terraform": {
			"╷\n│ Error: creating Lambda Function (my-fn): operation error Lambda: GetFunction, https response error StatusCode: 403, RequestID: " + uuid + ", api error AccessDeniedException: " + noID + "\n│ \n│   with aws_lambda_function.f,\n│   on main.tf line 3, in resource \"aws_lambda_function\" \"f\":\n╵\n",
			want{"Lambda", "GetFunction", "AccessDeniedException", 403, uuid},
		},
		"Terraform, broken at 80 columns": {
			"╷\n│ Error: creating Lambda Function (my-fn): operation error Lambda: GetFunction,\n│ https response error StatusCode: 403, RequestID:\n│ " + uuid + ", api error AccessDeniedException:\n│ User: " + alice + " is not authorized to perform:\n│ lambda:GetFunction on resource:\n│ " + myFn + " because\n│ no identity-based policy allows the lambda:GetFunction action\n╵\n",
			want{"Lambda", "GetFunction", "AccessDeniedException", 403, uuid},
		},
		"AWS SDK for Go v1": {
			"AccessDeniedException: " + noID + "\n\tstatus code: 403, request id: " + uuid,
			want{"", "", "AccessDeniedException", 403, uuid},
		},
		"boto3": {
			"botocore.exceptions.ClientError: An error occurred (AccessDeniedException) when calling the GetFunction operation: " + noID,
			want{"", "GetFunction", "AccessDeniedException", 0, ""},
		},
		"the AWS CLI": {
			"\nAn error occurred (AccessDeniedException) when calling the GetFunction operation (reached max retries: 4): " + noID + "\n",
			want{"", "GetFunction", "AccessDeniedException", 0, ""},
		},
		"AWS SDK for Java v2": {
			"software.amazon.awssdk.services.lambda.model.LambdaException: " + noID + " (Service: Lambda, Status Code: 403, Request ID: " + uuid + ") (SDK Attempt Count: 1)\n\tat software.amazon.awssdk.core",
			want{"lambda", "", "", 403, uuid},
		},
		"AWS SDK for Java v1": {
			"com.amazonaws.services.lambda.model.AWSLambdaException: " + noID + " (Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException; Request ID: " + uuid + "; Proxy: null)",
			want{"lambda", "", "AccessDeniedException", 403, uuid},
		},
		"AWS SDK for JavaScript v3": {
			"AccessDeniedException: " + noID + "\n    at throwDefaultError (/app/node_modules/x.js:838:20)\n    at process.processTicksAndRejections {\n  '$fault': 'client',\n  '$metadata': {\n    httpStatusCode: 403,\n    requestId: '" + uuid + "',\n    attempts: 1\n  },\n  __type: 'AccessDeniedException'\n}\n",
			want{"", "", "AccessDeniedException", 403, uuid},
		},
		"AWS SDK for JavaScript v2": {
			"AccessDeniedException: " + noID + "\n    at Object.extractError (/app/node_modules/aws-sdk/lib/protocol/json.js:52:27) {\n  code: 'AccessDeniedException',\n  time: 2020-02-18T23:38:32.136Z,\n  requestId: '" + uuid + "',\n  statusCode: 403\n}",
			want{"", "", "AccessDeniedException", 403, uuid},
		},
		"AWS SDK for .NET": {
			"Amazon.Lambda.AmazonLambdaException: " + noID + " ---> Amazon.Runtime.Internal.HttpErrorResponseException: The remote server returned an error: (403) Forbidden.\n   at Amazon.Runtime",
			want{"Lambda", "", "", 0, ""},
		},
		"CloudFormation": {
			`my-fn CREATE_FAILED Resource handler returned message: "` + noID + ` (Service: Lambda, Status Code: 403, Request ID: ` + uuid + `)" (RequestToken: 1f2a3b4c-2f4e-4a5c-9d3e-8c8bd9f15d6e, HandlerErrorCode: AccessDenied)`,
			want{"Lambda", "", "AccessDenied", 403, uuid},
		},
		"the AWS CDK": {
			"❌ Deployment failed: Error: The stack named app failed creation: CREATE_FAILED: Resource handler returned message: \"" + noID + " (Service: Lambda, Status Code: 403, Request ID: " + uuid + ")\" (RequestToken: 1f2a3b4c-2f4e-4a5c-9d3e-8c8bd9f15d6e, HandlerErrorCode: AccessDenied)\n    at FullCloudFormationDeployment.monitorDeployment",
			want{"Lambda", "", "AccessDenied", 403, uuid},
		},
		"CloudFormation, an API by its name": {
			"API: lambda:GetFunction " + noID,
			want{"lambda", "GetFunction", "", 0, ""},
		},
		"AWS SDK for PHP": {
			"Error executing \"GetFunction\" on \"https://lambda.us-east-1.amazonaws.com/\"; AWS HTTP error: Client error: 403 Forbidden AccessDeniedException (client): " + noID,
			want{"lambda", "GetFunction", "AccessDeniedException", 0, ""},
		},
		"the answer of the API": {
			`{"__type": "com.amazon.coral.service#AccessDeniedException", "Message": "` + noID + `"}`,
			want{"", "", "AccessDeniedException", 0, ""},
		},
		"an exception as JSON, which repeats it": {
			`{"errorType": "AccessDeniedException", "errorMessage": "` + noID + `", "$metadata": {"httpStatusCode": 403, "requestId": "` + uuid + `"}, "stack": ["AccessDeniedException: ` + noID + `", "    at x"]}`,
			want{"", "", "AccessDeniedException", 403, uuid},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			d := one(t, c.text)
			assert.Equal(t, []any{alice, "lambda:GetFunction", myFn, policy.IdentityLayer, true}, []any{d.Principal, d.Action, d.Resource, d.Layer, d.Implicit})
			assert.Equal(t, c.want, want{d.Service, d.Operation, d.Code, d.Status, d.RequestID})
		})
	}
}

func TestEC2SaysWhatItDeniedInAnEncodedMessage(t *testing.T) {
	const blob = "p1EyykaD2fI3csh_sf_WvdHF_s5IYypR-3EcbaGMemY_lrLJhI9yhfwzJxUfir6yM4mJMUmXALL-L3CURvK71l41YQfZxzmEjzm8RDi3b5TN5ejeSQ8o8bUBCccHucYOswgQG"
	old := one(t, "* aws_instance.one: Error launching source instance: UnauthorizedOperation: You are not authorized to perform this operation. Encoded authorization failure message: "+blob+"\n        status code: 403, request id: "+uuid)
	assert.Equal(t, blob, old.EncodedMessage)
	assert.Equal(t, []any{"UnauthorizedOperation", 403, uuid, ""}, []any{old.Code, old.Status, old.RequestID, old.Action})
	_, err := old.Request()
	require.ErrorIs(t, err, denial.ErrNoAction)

	today := one(t, "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You are not authorized to perform this operation. User: "+session+
		" is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:111122223333:instance/* with an explicit deny in a service control policy: arn:aws:organizations::999999999999:policy/o-a1b2c3d4e5/service_control_policy/p-12345678. Encoded authorization failure message: "+blob)
	assert.Equal(t, []any{"UnauthorizedOperation", "RunInstances", session, "ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/*", policy.SCPLayer, true, "arn:aws:organizations::999999999999:policy/o-a1b2c3d4e5/service_control_policy/p-12345678", blob},
		[]any{today.Code, today.Operation, today.Principal, today.Action, today.Resource, today.Layer, today.Explicit, today.PolicyARN, today.EncodedMessage})

	wide := "UnauthorizedOperation: You are not authorized to perform this op\neration. Encoded authorization failure message: " + blob[:16] + "\n" + blob[16:80] + "\n" + blob[80:] + "\n        status code: 403, request id: " + uuid
	assert.Equal(t, blob, one(t, wide).EncodedMessage, "broken by a terminal")
}

func TestLineBreaksOfTerminalsAreUndone(t *testing.T) {
	want := one(t, noID)
	for _, width := range []int{12, 20, 33, 47, 64, 79, 80, 100, 120} {
		assert.Equal(t, want, one(t, hard(noID, width)), "broken at column %d", width)
	}
	same := func(sentence, text string) {
		t.Run(sentence, func(t *testing.T) { assert.Equal(t, want, one(t, text)) })
	}
	same("between words", strings.ReplaceAll(noID, " ", "\n"))
	same("between words, as Windows breaks lines", strings.ReplaceAll(noID, " ", "\r\n"))
	same("between words and at hyphens, in a narrow column", strings.NewReplacer(" ", "\n          ", "us-east-1", "us-east-\n          1").Replace(noID))
	same("behind the rule of Terraform", strings.ReplaceAll(hard(noID, 60), "\n", "\n│ "))
	same("behind a drawn line", strings.ReplaceAll(hard(noID, 60), "\n", "\n─ "))
	same("behind the last of the drawn lines", strings.ReplaceAll(hard(noID, 60), "\n", "\n╿ "))
	same("quoted in a mail", strings.ReplaceAll(hard(noID, 60), "\n", "\n> "))

	full := getFn + " with an explicit deny in a service control policy: arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd"
	for _, width := range []int{40, 80} {
		assert.Equal(t, one(t, full).PolicyARN, one(t, hard(full, width)+"\nnext line").PolicyARN, "broken at column %d", width)
		assert.Equal(t, myFn, one(t, hard(getFn, width)+"\nnext line").Resource, "broken at column %d", width)
	}
	assert.Equal(t, myFn, one(t, getFn+"\nnext line").Resource, "a line of its own")
}

// hard breaks a text as a terminal of a width does.
func hard(text string, width int) string {
	var lines []string
	for len(text) > width {
		lines, text = append(lines, text[:width]), text[width:]
	}
	return strings.Join(append(lines, text), "\n")
}

func TestALogOfMessages(t *testing.T) {
	log := "2026-11-20T10:00:00Z INFO start\n" +
		"2026-11-20T10:00:01Z ERROR operation error Lambda: GetFunction, https response error StatusCode: 403, RequestID: " + uuid + ", api error AccessDeniedException: " + noID + "\n" +
		"2026-11-20T10:00:02Z ERROR An error occurred (AccessDenied) when calling the GetObject operation: Access Denied\n" +
		`{"level": "error", "error": "User: ` + session + ` is not authorized to perform: s3:PutObject on resource: \"arn:aws:s3:::b/k\" with an explicit deny in a resource control policy"}` + "\n" +
		"2026-11-20T10:00:03Z ERROR Cross-account pass role is not allowed.\n" +
		"2026-11-20T10:00:04Z INFO An error occurred (ThrottlingException) when calling the GetFunction operation: Rate exceeded\n"
	found, err := denial.Parse(log)
	require.NoError(t, err)
	require.Len(t, found, 4)
	for i, want := range []struct {
		line                      int
		form                      denial.Form
		action, operation, reason string
	}{
		{2, denial.FromMessage, "lambda:GetFunction", "GetFunction", "because no identity-based policy allows the lambda:GetFunction action"},
		{3, denial.FromCode, "", "GetObject", ""},
		{4, denial.FromMessage, "s3:PutObject", "", "with an explicit deny in a resource control policy"},
		{5, denial.FromMessage, "iam:PassRole", "", "Cross-account pass role is not allowed."},
	} {
		d := found[i]
		assert.Equal(t, want.line, d.Line)
		assert.Equal(t, want.form, d.Form)
		assert.Equal(t, []string{want.action, want.operation, want.reason}, []string{d.Action, d.Operation, d.Reason})
	}
	assert.Empty(t, found[1].RequestID, "what belongs to the message before it")
	assert.Empty(t, found[3].Code)
}

func TestCodesOfTwoCommandsAreTwoDenials(t *testing.T) {
	found, err := denial.Parse("$ aws lambda get-function --function-name a\nAccessDeniedException\n$ aws lambda delete-function --function-name a\nAccessDeniedException\n")
	require.NoError(t, err)
	require.Len(t, found, 2)
	assert.Equal(t, []string{"GetFunction", "DeleteFunction"}, []string{found[0].Operation, found[1].Operation})
}

func TestMessagesOnOneLine(t *testing.T) {
	second := strings.ReplaceAll(noID, "GetFunction", "ListTags")
	found, err := denial.Parse(noID + ". " + second + " (Service: Lambda, Status Code: 403, Request ID: " + uuid + ")")
	require.NoError(t, err)
	require.Len(t, found, 2)
	assert.Equal(t, []string{"lambda:GetFunction", "", "lambda:ListTags", uuid}, []string{found[0].Action, found[0].RequestID, found[1].Action, found[1].RequestID})
}

func TestACodeBelongsToAMessageThatIsNear(t *testing.T) {
	code := "AccessDeniedException: \n\tstatus code: 403, request id: " + uuid
	for lines, want := range map[int]int{1: 1, 11: 1, 12: 2} { // beside the line of the request
		found, err := denial.Parse(code + strings.Repeat("\n", lines) + noID)
		require.NoError(t, err)
		assert.Len(t, found, want, "%d lines", lines)
		assert.Equal(t, uuid, found[0].RequestID)
	}
}

func TestEscapedCharacters(t *testing.T) {
	for escaped, want := range map[string]string{
		`\u4e2d`: "中", `\u00aa`: "ª", `\u00AF`: "¯", `\u00ff`: "ÿ", `\u2502`: "│", `\ud83d\ude00`: "😀", `\ud83d`: `\ud83d`, `\u00g1`: `\u00g1`, `\u00@1`: `\u00@1`, `\q0041`: `\q0041`, `\u007A`: "z",
	} {
		d := one(t, `"errorMessage": "User: `+alice+` is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/`+escaped+`\" because no identity-based policy allows the s3:GetObject action"`)
		assert.Equal(t, "arn:aws:s3:::b/"+want, d.Resource, escaped)
	}
}

func TestJSONIsReadToADepth(t *testing.T) {
	nested := func(levels int) string {
		return strings.Repeat("[", levels) + `"` + noID + `"` + strings.Repeat("]", levels)
	}
	assert.Equal(t, myFn, one(t, nested(64)).Resource)
	_, err := denial.Parse(nested(65))
	assert.ErrorContains(t, err, "the JSON is nested deeper than 64 levels")
}

func TestWhatNamesAFunctionInPart(t *testing.T) {
	for sentence, c := range map[string]struct {
		denial.Denial
		want string
	}{
		"its name":                       {denial.Denial{Principal: session, Region: "us-east-1", ResourceAsGiven: "my-fn"}, myFn},
		"its name without Region":        {denial.Denial{Principal: session, ResourceAsGiven: "my-fn"}, ""},
		"its name and account":           {denial.Denial{Principal: session, Region: "us-east-1", ResourceAsGiven: "444455556666:function:f"}, "arn:aws:lambda:us-east-1:444455556666:function:f"},
		"its account, not the partition": {denial.Denial{Region: "us-east-1", ResourceAsGiven: "444455556666:function:f"}, ""},
		"what is no name of a function":  {denial.Denial{Principal: session, Region: "us-east-1", ResourceAsGiven: "my fn"}, ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			c.Action = "lambda:GetFunction"
			target, err := c.Target()
			if c.want == "" {
				require.ErrorIs(t, err, denial.ErrNoResource)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, target.Resource)
		})
	}
}

func TestWhatIsNotUnderstood(t *testing.T) {
	for sentence, c := range map[string]struct{ text, want string }{
		"nothing":                   {" \n", "not understood: the text is empty; nothing in it was recognised"},
		"no denial":                 {"hello, world", "not understood: no denial is in the text; nothing in it was recognised"},
		"another language":          {"Benutzer: " + alice + " ist nicht berechtigt, lambda:GetFunction auszuführen", `not understood: no denial is in the text; recognised: caller or resource "` + alice + `", action "lambda:GetFunction"`},
		"a denial of Kubernetes":    {`Error from server (Forbidden): pods is forbidden: User "` + alice + `" cannot list resource "pods" in API group "" in the namespace "default"`, `not understood: no denial is in the text; recognised: caller or resource "` + alice + `"`},
		"another error":             {"ResourceNotFoundException: Function not found: " + myFn, `not understood: no denial is in the text; recognised: caller or resource "` + myFn + `"`},
		"cut off before the action": {"User: " + alice + " is not authorized to perform: ", `not understood: line 1: the message is cut off before the action; recognised: caller or resource "` + alice + `"`},
		"cut off in the action":     {"User: " + alice + " is not authorized to perform: lambda:Get...", `not understood: line 1: the message is cut off in the action; recognised: caller or resource "` + alice + `", action "lambda:Get"`},
		"cut off before the resource": {"\n\nUser: " + alice + " is not authorized to perform: lambda:GetFunction on resource: ",
			`not understood: line 3: the message is cut off before the resource; recognised: caller or resource "` + alice + `", action "lambda:GetFunction"`},
		"cut off in the resource":               {getFn[:len(getFn)-5] + "…", `not understood: line 1: the message is cut off in the resource; recognised: caller or resource "` + alice + `", caller or resource "` + myFn[:len(myFn)-5] + `…", action "lambda:GetFunction"`},
		"cut off in the reason":                 {noID[:len(noID)-9], `not understood: line 1: the message is cut off in its reason, or contradicts itself there; recognised: caller or resource "` + alice + `", caller or resource "` + myFn + `", action "lambda:GetFunction", action "lambda:GetFuncti"`},
		"cut off behind the type of policy":     {getFn + " because no identity-based policy.", `not understood: line 1: the message is cut off in its reason, or contradicts itself there; recognised: caller or resource "` + alice + `", caller or resource "` + myFn + `", action "lambda:GetFunction"`},
		"an action that a blank line ends":      {"User: " + alice + " is not authorized to perform: lambda:\n\nGetFunction", `not understood: line 1: the message is cut off before the action; recognised: caller or resource "` + alice + `"`},
		"cut off in a quoted resource":          {"User: " + alice + ` is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b..."`, `not understood: line 1: the message is cut off in the resource; recognised: caller or resource "` + alice + `", caller or resource "arn:aws:s3:::b", action "s3:GetObject"`},
		"cut off before the closing quote":      {"User: " + alice + ` is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b`, `not understood: line 1: the message is cut off in the resource; recognised: caller or resource "` + alice + `", caller or resource "arn:aws:s3:::b", action "s3:GetObject"`},
		"another action in the reason":          {getFn + " because no identity-based policy allows the lambda:ListTags action", `not understood: line 1: the message is cut off in its reason, or contradicts itself there; recognised: caller or resource "` + alice + `", caller or resource "` + myFn + `", action "lambda:GetFunction", action "lambda:ListTags"`},
		"cut off in the type of policy":         {getFn + " because no ident", `not understood: line 1: the reason is cut off, or names a type of policy that is not known; recognised: caller or resource "` + alice + `", caller or resource "` + myFn + `", action "lambda:GetFunction"`},
		"cut off in the first word":             {getFn + " beca", `not understood: line 1: the message is cut off; recognised: caller or resource "` + alice + `", caller or resource "` + myFn + `", action "lambda:GetFunction"`},
		"cut off after “in”":                    {getFn + " with an explicit deny in", `not understood: line 1: the reason is cut off, or names a type of policy that is not known; recognised: caller or resource "` + alice + `", caller or resource "` + myFn + `", action "lambda:GetFunction"`},
		"no action":                             {"User: " + alice + " is not authorized to perform: miracles", `not understood: line 1: "miracles" is not an action, which is written service:Name; recognised: caller or resource "` + alice + `"`},
		"an event of what was allowed":          {`{"eventSource": "lambda.amazonaws.com", "eventName": "GetFunction20150331v2", "userIdentity": {}}`, "not understood: the request was not denied; nothing in it was recognised"},
		"events of what was allowed":            {`{"Records": [{"eventSource": "a", "eventName": "B"}, {"eventSource": "a", "eventName": "B", "errorCode": "ThrottlingException"}]}`, "not understood: none of 2 requests was denied; nothing in it was recognised"},
		"a decoded message of what was allowed": {`{"DecodedMessage": "{\"allowed\":true,\"context\":{}}"}`, "not understood: the request was not denied; nothing in it was recognised"},
		"not UTF-8":                             {"User: \xff", "not understood: the text is not UTF-8; nothing in it was recognised"},
	} {
		t.Run(sentence, func(t *testing.T) {
			found, err := denial.Parse(c.text)
			assert.Empty(t, found)
			require.ErrorIs(t, err, denial.ErrNotUnderstood)
			var e *denial.NotUnderstoodError
			require.ErrorAs(t, err, &e)
			require.NotEmpty(t, e.Next)
			assert.EqualError(t, err, c.want+"; next: "+e.Next)
		})
	}
}

// What is taken for a denial of IAM and is none says what it is.
func TestAnErrorThatIsNoDenialSaysWhose(t *testing.T) {
	for text, next := range map[string]string{
		"An error occurred (ExpiredToken) when calling the GetObject operation: The provided token has expired.":                "credentials have expired",
		"An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token is invalid.": "does not know the access key",
		"An error occurred (SignatureDoesNotMatch) when calling the PutObject operation: The request signature does not match":  "signed with another secret access key",
		`{"message":"Missing Authentication Token"}`:                                                                                                 "path or method does not exist",
		"Unable to locate credentials. You can configure credentials by running \"aws configure\".":                                                  "no credentials",
		`User "` + alice + `" cannot create resource "deployments" in API group "apps" in the namespace "default": Forbidden, status code: 403`:      "Kubernetes did",
		`pods "a" is forbidden: User "system:anonymous" cannot get resource "pods" in API group "" in the namespace "default"`:                       "Kubernetes did",
		"An error occurred (OptInRequired) when calling the RunInstances operation: You are not subscribed to this service. Please go to http://aws": "not subscribed",
	} {
		_, err := denial.Parse(text)
		var e *denial.NotUnderstoodError
		if assert.ErrorAs(t, err, &e, text) {
			assert.Contains(t, e.Next, next, text)
		}
	}
}

// An action that a terminal broke is read whole where the lines show it, and what
// follows it on a line of its own is none of it.
func TestActionsInLines(t *testing.T) {
	const text = "User: " + alice + " is not authorized to perform: lambda:GetFunctionConfiguration"
	for width := 20; width <= 80; width++ {
		assert.Equal(t, "lambda:GetFunctionConfiguration", one(t, hard(text, width)+"\n\nnext").Action, "%d", width)
	}
	for _, behind := range []string{"", "\n", "\nnext", "\nnext words", "\n\nnext", ".", " next", "\n\tstatus code: 403"} {
		assert.Equal(t, "lambda:GetFunctionConfiguration", one(t, text+behind).Action, "%q", behind)
	}
	assert.Equal(t, "lambda:GetFunctionConfiguration", one(t, strings.ReplaceAll(text, "lambda:", "lambda:\n")+"\nnext words").Action)
	assert.Equal(t, "lambda:GetFunctionConfiguration", one(t, strings.ReplaceAll(text, "lambda:", "\nlambda\n:")+" on resource: x").Action)
}

// An encoded message has 10,240 characters at most: what goes on and on is none.
func TestAnEncodedMessageEnds(t *testing.T) {
	line := strings.Repeat("a", 99) + "\n"
	const first = "You are not authorized to perform this operation. Encoded authorization failure message: "
	assert.Len(t, one(t, first+strings.Repeat(line, 105)).EncodedMessage, 105*99)
	d := one(t, first+strings.Repeat(line, 300))
	assert.Greater(t, len(d.EncodedMessage), 16<<10)
	assert.Less(t, len(d.EncodedMessage), 17<<10)
}

// What many denials and faults are read to: the rest is told.
func TestHowManyDenialsAreRead(t *testing.T) {
	const event = `{"eventName": "GetFunction", "eventSource": "lambda.amazonaws.com", "errorCode": "AccessDenied"}` + "\n"
	const fault = "User: " + alice + " is not authorized to perform: miracles\n\n"
	for sentence, c := range map[string]struct {
		text            string
		denials, faults int
	}{
		"denials":         {strings.Repeat(event, 10_000), 10_000, 0},
		"a denial more":   {strings.Repeat(event, 10_001), 10_000, 1},
		"faults":          {strings.Repeat(fault, 100), 0, 100},
		"a fault more":    {strings.Repeat(fault, 101), 0, 101},
		"two faults more": {strings.Repeat(fault, 102), 0, 101},
	} {
		t.Run(sentence, func(t *testing.T) {
			found, err := denial.Parse(c.text)
			assert.Len(t, found, c.denials)
			if c.faults == 0 {
				require.NoError(t, err)
				return
			}
			var all interface{ Unwrap() []error }
			require.ErrorAs(t, err, &all)
			assert.Len(t, all.Unwrap(), c.faults)
			require.ErrorIs(t, err, denial.ErrNotUnderstood)
			assert.Equal(t, c.faults != 100, strings.Contains(err.Error(), "there is more in the text than is read at once"))
		})
	}
}

// A weak sentence counts where no message stands within 600 characters.
func TestHowFarAMessageTellsMore(t *testing.T) {
	const weak = "User doesn't have permission to call s3:GetObject"
	const lead, rest = "User: " + alice + " is ", ": lambda:GetFunction on resource: " + myFn
	for between, want := range map[int]int{599: 1, 600: 2} {
		found, err := denial.Parse(weak + strings.Repeat("\n", between-len(lead)) + lead + "not authorized to perform" + rest)
		require.NoError(t, err)
		assert.Len(t, found, want, "%d before", between)
		found, err = denial.Parse(lead + "not authorized to perform" + rest + strings.Repeat("\n", between-len(rest)) + weak)
		require.NoError(t, err)
		assert.Len(t, found, want, "%d behind", between)
	}
	d := one(t, "User: "+alice+" is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::a*b* with an explicit deny")
	assert.Equal(t, "arn:aws:s3:::a*b*", d.Resource, "stars within a word are none of Markdown's")
}

// A text may be as long as that, and no longer.
func TestTheLongestText(t *testing.T) {
	_, err := denial.Parse(strings.Repeat("a", denial.MaxSize))
	require.ErrorContains(t, err, "no denial is in the text")
	_, err = denial.Parse(strings.Repeat("a", denial.MaxSize+1))
	require.ErrorContains(t, err, "longer than 8 MiB")
	require.ErrorIs(t, err, denial.ErrNotUnderstood)
}

func TestWhatIsUnderstoodIsGivenBesideWhatIsNot(t *testing.T) {
	found, err := denial.Parse(getFn + " because no ident\n\n" + noID + "\n\nUser: " + alice + " is not authorized to perform: miracles")
	require.Len(t, found, 1)
	assert.Equal(t, 3, found[0].Line)
	var all interface{ Unwrap() []error }
	require.ErrorAs(t, err, &all)
	assert.Len(t, all.Unwrap(), 2)
	require.ErrorIs(t, err, denial.ErrNotUnderstood)
}

func TestASeamTellsActionsOfOperations(t *testing.T) {
	p := denial.Parser{Action: func(service, operation string) string {
		return strings.ToLower(service) + ":" + operation
	}}
	found, err := p.Parse("operation error S3: GetObject, https response error StatusCode: 403, RequestID: ABCDEF0123456789, HostID: x, api error AccessDenied: Access Denied")
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, []any{"S3:GetObject", denial.FromCode, 403, "ABCDEF0123456789"}, []any{strings.ToUpper(found[0].Action[:2]) + found[0].Action[2:], found[0].Form, found[0].Status, found[0].RequestID})
	assert.Contains(t, strings.Join(found[0].Notes, "\n"), "s3:GetObject is concluded from the operation GetObject")
}

func TestNotesOfWhatAMessageDoesNotTell(t *testing.T) {
	const note = "the text names neither caller nor action nor resource"
	assert.Contains(t, one(t, "You are not authorized to perform this operation.").Notes, note)
	assert.NotContains(t, one(t, noID).Notes, note)
	assert.NotContains(t, one(t, "Not authorized to perform sts:AssumeRoleWithWebIdentity").Notes, note)
	assert.NotContains(t, one(t, "AccessDeniedException").Notes, note)
}

// An error lists what was recognised, three of each kind and each once.
func TestWhatIsRecognised(t *testing.T) {
	_, err := denial.Parse("AccessDenying s3:GetObject, s3:GetObject. s3:PutObject s3:ListBucket s3:DeleteObject " + alice + " " + uuid)
	var e *denial.NotUnderstoodError
	require.ErrorAs(t, err, &e)
	assert.Equal(t, []string{`caller or resource "` + alice + `"`, `action "s3:GetObject"`, `action "s3:PutObject"`, `action "s3:ListBucket"`, `request id "` + uuid + `"`}, e.Recognised)
}

// What is recognised stands in the first 16 KiB of what is not understood.
func TestHowMuchIsLookedThroughForParts(t *testing.T) {
	for before, want := range map[int]int{16<<10 - len(alice) - 1: 1, 16 << 10: 0} {
		_, err := denial.Parse(strings.Repeat("\n", before) + alice + " s")
		var e *denial.NotUnderstoodError
		require.ErrorAs(t, err, &e)
		assert.Len(t, e.Recognised, want, "%d", before)
	}
}

// What stands behind a message about a key is found right behind it.
func TestWhatFollowsAMessageAboutAKey(t *testing.T) {
	const kms = "User: " + session + " is not authorized to perform: kms:Decrypt on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access"
	d := one(t, kms+" (Aws::KMS::Errors::AccessDeniedException)")
	assert.Equal(t, []string{"KMS", "AccessDeniedException"}, []string{d.Service, d.Code})
	assert.Contains(t, d.Reason, "the resource does not exist in this Region")
}

func TestTargetsThatAreNotKnown(t *testing.T) {
	const of = " is not authorized to perform: iam:GetRole on resource: "
	for sentence, c := range map[string]struct{ text, given string }{
		"a caller without account":      {"User: anonymous" + of + "role app", "role app"},
		"a type that no ARN has":        {"User: " + alice + of + "provider corp", "provider corp"},
		"a type without a name":         {"User: " + alice + of + "role", "role"},
		"a name of a function, of none": {"User: anonymous is not authorized to perform: lambda:GetFunction on resource: my-fn", "my-fn"},
	} {
		t.Run(sentence, func(t *testing.T) {
			d := one(t, c.text)
			target, err := d.Target()
			require.ErrorIs(t, err, denial.ErrNoResource)
			assert.Equal(t, []string{"", c.given}, []string{target.Resource, target.AsGiven})
		})
	}
	d := denial.Denial{Resource: strings.ReplaceAll(myFn, "111122223333", "***"), ResourceAsGiven: "my-fn"}
	target, err := d.Target()
	require.ErrorIs(t, err, denial.ErrNoResource)
	assert.Equal(t, "my-fn", target.AsGiven, "what was given is known where the ARN is masked")
}
