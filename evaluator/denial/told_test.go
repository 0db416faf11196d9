package denial_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/internal/golden"
	"github.com/iamsim/iamsim/policy/catalog"
)

// All that is read of some texts, by what they are.
func TestWhatTextsTell(t *testing.T) {
	const (
		execution = "The provided execution role does not have permissions to call SendMessage on SQS"
		passRole  = "User: " + alice + " is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/app"
		panel     = "User: " + alice + "\nService: lambda\nAction: GetFunction\nOn resource(s): "
	)
	texts := map[string]string{
		"a request whose id is masked":                  "Error: reading policies, https response error StatusCode: 403, RequestID: ---, api error AccessDenied: " + noID,
		"a request whose id stands under letters":       noID + " (Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException; Request ID: xxxx-xxxx)",
		"a panel and words behind it":                   panel + myFn + "\nContext: because no identity-based policy allows the lambda:GetFunction action Diagnose with Amazon Q and more",
		"a panel of three resources":                    panel + myFn + ", " + myFn + ":1,\t" + myFn + ":2\nContext: a service control policy explicitly denies the action. Ask them",
		"a panel with quotes":                           "User: \"" + alice + "\",\nAction: 'lambda:GetFunction',\nOn resource(s): \"" + myFn + "\",",
		"a panel with a blank line":                     panel + myFn + "\n\nContext: no identity-based policy allows the action",
		"a panel of a service":                          "User: lambda.amazonaws.com\nAction: s3:GetObject\nOn resource(s): arn:aws:s3:::b/k",
		"a panel of an unsigned caller":                 "User: anonymous\nAction: s3:GetObject\nOn resource(s): my-bucket",
		"a service's sentence and IAM's message":        execution + "\n" + noID,
		"a service's sentence and IAM's words":          execution + ": You are not authorized to perform this operation.",
		"a service's sentence far from IAM's words":     execution + "." + strings.Repeat(" and so on", 40) + "\nYou are not authorized to perform this operation.",
		"a service's sentence twice":                    execution + ".\n" + execution + ".",
		"a service's sentence twice, far apart":         execution + ".\n" + strings.Repeat("and so on\n\n", 40) + execution + ".",
		"EC2's first words, and its second":             "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You are not authorized to perform this operation. User: " + alice + " is not authorized to perform: ec2:RunInstances on resource: * because no identity-based policy allows the ec2:RunInstances action. Encoded authorization failure message: abc_DEF-123=",
		"EC2's first words twice":                       "You are not authorized to perform this operation.\nYou are not authorized to perform this operation. Encoded authorization failure message: abc",
		"a role that one of several services gets":      "An error occurred (AccessDenied) when calling the CreatePipeline operation: " + passRole,
		"a role that one service gets":                  "Error: creating Lambda Function (app): " + passRole,
		"the code of a client":                          "Client.UnauthorizedOperation: " + getFn + ".",
		"a message in JSON with an id":                  `{"error": {"code": "AccessDeniedException", "statusCode": 403, "requestId": "` + uuid + `", "message": "` + noID + `"}}`,
		"words before JSON":                             "PUT failed for the GetFunction operation, An error occurred (AccessDenied) when calling the GetFunction operation: {\"message\": \"" + noID + "\"}",
		"a message with a caller that holds blanks":     "User: John Doe is not authorized to perform: lambda:GetFunction on resource: " + myFn,
		"a message without label":                       alice + " is not authorized to perform: lambda:GetFunction on resource: " + myFn,
		"a message of an older kind":                    "You are not authorized to perform: lambda:GetFunction on resource: " + myFn,
		"a message with an access key id":               noID + " (AKIAIOSFODNN7EXAMPLE)",
		"a message with temporary credentials":          noID + " (ASIAIOSFODNN7EXAMPLE)",
		"a message with two access key ids":             noID + " (ASIAIOSFODNN7EXAMPLE, AKIAI44QH8DHBEXAMPLE)",
		"an action with one of a pair":                  "Error: reading Lambda Function (app) configuration: AccessDeniedException:\n\tstatus code: 403, request id: " + uuid,
		"a deployment that failed":                      "12:00:00 PM | UPDATE_FAILED | AWS::Lambda::Function | Handler\nAccess Denied (Service: Lambda, Status Code: 403, Request ID: " + uuid + ")",
		"a command and the code that it got":            "$ aws s3api list-buckets --output text\n\nAccessDenied\n",
		"what a tool was doing, of no service":          "Error: publishing Strange Gadget Version (1): AccessDeniedException:\n\tstatus code: 403, request id: " + uuid,
		"an event of a call that a service made":        `{"eventVersion": "1.08", "eventSource": "s3.amazonaws.com", "eventName": "GetObject", "errorCode": "AccessDenied", "awsRegion": "us-east-1", "userIdentity": {"type": "AWSService", "invokedBy": "lambda.amazonaws.com"}, "resources": [{"ARN": "arn:aws:s3:::b/k"}]}`,
		"an event of a session":                         `{"eventVersion": "1.08", "eventSource": "lambda.amazonaws.com", "eventName": "GetFunction20150331v2", "errorCode": "AccessDeniedException", "awsRegion": "us-east-1", "sourceIPAddress": "203.0.113.9", "userAgent": "tool", "eventTime": "2024-05-01T12:00:00Z", "requestID": "` + uuid + `", "vpcEndpointId": "vpce-1", "userIdentity": {"type": "AssumedRole", "principalId": "AROAAPP:s1", "arn": "` + session + `", "accountId": "111122223333", "accessKeyId": "ASIAIOSFODNN7EXAMPLE", "sessionContext": {"sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::111122223333:role/svc/app", "principalId": "AROAAPP"}, "attributes": {"creationDate": "2024-05-01T11:00:00Z", "mfaAuthenticated": "true"}, "sourceIdentity": "alice", "ec2RoleDelivery": "2.0"}}, "requestParameters": {"functionName": "my-fn"}}`,
		"an event of a user, with a message of its own": `{"eventVersion": "1.08", "eventSource": "lambda.amazonaws.com", "eventName": "GetFunction", "errorCode": "AccessDenied", "errorMessage": "` + noID + `", "userIdentity": {"type": "IAMUser", "arn": "` + alice + `", "principalId": "AIDAALICE"}}`,
		"an event of the root user":                     `{"eventVersion": "1.08", "eventSource": "lambda.amazonaws.com", "eventName": "ListFunctions", "errorCode": "AccessDenied", "sourceIPAddress": "AWS Internal", "userIdentity": {"type": "Root", "arn": "arn:aws:iam::111122223333:root", "accountId": "111122223333", "invokedBy": "cloudformation.amazonaws.com"}}`,
		"an event that was none of a denial":            `[{"eventVersion": "1.08", "eventSource": "lambda.amazonaws.com", "eventName": "ListFunctions"}, {"eventVersion": "1.08", "eventSource": "lambda.amazonaws.com", "eventName": "ListFunctions", "errorCode": "AccessDenied"}]`,
		"a panel whose words behind it name a layer":    panel + myFn + "\nContext: because no permissions boundary allows the lambda:GetFunction action. Ask for an identity-based policy",
		"a panel with an explicit deny of no layer":     panel + myFn + "\nContext: with an explicit deny",
		"a panel of two resources":                      panel + myFn + ", " + myFn + ":1\nContext: no identity-based policy allows the action",
		"a panel whose context begins a line":           panel + myFn + "\nContext:\nask your administrator\n\nand wait",
		"a panel and an exception behind it":            "$ aws lambda get-function\nAccessDenied\n" + strings.Repeat("\na line", 20) + "\n\n" + panel + myFn + "\n(Service: Lambda, Status Code: 403, Request ID: " + uuid + ")",
		"two panels":                                    panel + myFn + "\n\n" + strings.ReplaceAll(panel, "GetFunction", "ListTags") + myFn + ":1",
		"a cross-account role":                          "An error occurred (AccessDenied) when calling the CreateFunction operation: Cross-account pass role is not allowed.",
		"a message and Java's words on a line":          noID + "\n(Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException; Request ID: " + uuid + ")",
		"EC2's first words, broken":                     "x\nYou are\nnot authorized to perform this operation.",
		"words in capitals":                             "User: " + alice + " is NOT AUTHORIZED TO PERFORM: lambda:GetFunction on resource: " + myFn,
		"an encoded message and a code below it":        "You are not authorized to perform this operation. Encoded authorization failure message: abcdefghijklmnopqrst\nAccessDeniedException: see above",
		"an encoded message and words below it":         "You are not authorized to perform this operation. Encoded authorization failure message: abcdefghijklmnopqrst\nMore words",
		"an encoded message in lines":                   hard("You are not authorized to perform this operation. Encoded authorization failure message: "+strings.Repeat("abcdefghij", 20)+"xyz", 61),
		"a role that the named service gets":            "operation error SageMaker: CreatePipeline, https response error StatusCode: 403, RequestID: " + uuid + ", api error AccessDeniedException: " + passRole,
		"a stream's operations, broken":                 "Cannot access stream arn:aws:kinesis:eu-west-1:111122223333:stream/orders. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and\nListStreams Actions on your stream in IAM.",
		"a service's sentence near an ARN, twice":       "PUT " + myFn + " and " + myFn + "/invocations: Execution failed due to configuration error: Invalid permissions on Lambda function",
		"a service's sentence near two ARNs":            "PUT " + myFn + " and " + myFn + "2: Execution failed due to configuration error: Invalid permissions on Lambda function",
		"a weak sentence between messages":              "User doesn't have permission to call lambda:GetFunction\n" + noID + strings.Repeat("\n\nand so on", 60) + "\n\n" + execution,
		"a weak sentence far from a message":            "User doesn't have permission to call lambda:GetFunction" + strings.Repeat("\n\nand so on", 60) + "\n\n" + noID,
		"a session's panel":                             "User: " + session + "\nAction: lambda:GetFunction\nOn resource(s): my-fn\nContext: a resource-based policy explicitly denies the action",
		"an error that was said with the answer":        `{"name": "AccessDeniedException", "message": "no", "$metadata": {"httpStatusCode": 403, "requestId": "` + uuid + `"}}`,
		"an error of boto3":                             `{"Error": {"Code": "AccessDenied", "Message": "` + noID + `"}, "ResponseMetadata": {"RequestId": "` + uuid + `", "HTTPStatusCode": 403}}`,
		"a code that is no denial's, and a message":     `{"code": "x#AccessDenied", "message": "` + noID + `"}`,
		"a panel with service and action":               strings.ReplaceAll(panel, "GetFunction", "lambda:GetFunction") + myFn,
		"a panel with context, and what stands around":  "$ aws lambda get-function\nAccessDenied\n" + strings.Repeat("\na line", 20) + "\n\n" + panel + myFn + "\nContext: no identity-based policy allows the action\n(Service: Lambda, Status Code: 403, Request ID: " + uuid + ")",
		"two sentences of services":                     execution + ". The provided execution role does not have permissions to call Publish on SNS.",
		"a message and a service in parentheses":        noID + "\n(Service: S3; Status Code: 403)",
		"an empty resource in quotes":                   "User: " + alice + ` is not authorized to perform: s3:GetObject on resource: "" because no identity-based policy allows the s3:GetObject action`,
		"EC2's first words, and a label":                "You are not authorized to perform this operation. User: nobody",
		"EC2's first words, and words":                  "You are not authorized to perform this operation. Ask them",
		"a service's sentence behind an ARN":            myFn + ": Execution failed due to configuration error: Invalid permissions on Lambda function",
		"a failed stack's row":                          "12:00:00 PM | DELETE_FAILED | AWS::Lambda::Function | Handler: " + noID,
		"a secret":                                      noID + "\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
	}
	type told struct {
		What, Text string
		Denials    []denial.Denial
		Error      string `json:",omitempty"`
	}
	p := denial.Parser{Catalog: catalog.Default()}
	var all []told
	for _, what := range slices.Sorted(maps.Keys(texts)) {
		found, err := p.Parse(texts[what])
		one := told{What: what, Text: texts[what], Denials: found}
		if err != nil {
			one.Error = err.Error()
		}
		all = append(all, one)
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetIndent("", "\t")
	e.SetEscapeHTML(false)
	require.NoError(t, e.Encode(all))
	golden.Compare(t, "testdata/texts-told.json", b.String())
}
