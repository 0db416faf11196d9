package denial_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/policy/catalog"
)

// What clients of AWS print around a message, each in its own way.
func TestEveryClientsWayToPrintADenial(t *testing.T) {
	const said = getFn + " because no identity-based policy allows the lambda:GetFunction action"
	for client, c := range map[string]struct{ text, operation, code, request string }{
		"Ruby, raised":       {"Aws::Lambda::Errors::AccessDeniedException (" + getFn + "):\n  app/jobs/run.rb:12:in `perform'", "", "AccessDeniedException", ""},
		"Ruby, a trace":      {"/gems/aws-sdk-core/raise_response_errors.rb:17:in `call': " + said + " (Aws::Lambda::Errors::AccessDeniedException)", "", "AccessDeniedException", ""},
		"PHP":                {"PHP Fatal error:  Uncaught exception 'Aws\\Lambda\\Exception\\LambdaException' with message 'Error executing \"GetFunction\" on \"https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/my-fn\"; AWS HTTP error: resulted in a `403 Forbidden` response:\n{\"Message\":\"" + said + "\"}\n", "GetFunction", "", ""},
		".NET":               {"Unhandled exception. Amazon.Lambda.AmazonLambdaException: " + said + "\n ---> Amazon.Runtime.Internal.HttpErrorResponseException: Exception of type 'HttpErrorResponseException' was thrown.", "", "", ""},
		"Java 1":             {"com.amazonaws.services.lambda.model.AWSLambdaException: " + said + " (Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException; Request ID: " + uuid + "; Proxy: null)", "", "AccessDeniedException", uuid},
		"Java 2":             {"software.amazon.awssdk.services.lambda.model.LambdaException: " + said + " (Service: Lambda, Status Code: 403, Request ID: " + uuid + ") (SDK Attempt Count: 1)", "", "", uuid},
		"Go 1":               {"AccessDeniedException: " + said + "\n\tstatus code: 403, request id: " + uuid, "", "AccessDeniedException", uuid},
		"Go 1, a structure":  {"AccessDeniedException: " + said + "\n{\n  RespMetadata: {\n    StatusCode: 403,\n    RequestID: \"" + uuid + "\"\n  },\n  Type: \"User\"\n}", "", "AccessDeniedException", uuid},
		"Go 2":               {"panic: operation error Lambda: GetFunction, https response error StatusCode: 403, RequestID: " + uuid + ", api error AccessDeniedException: " + said + "\n\ngoroutine 1 [running]:", "GetFunction", "AccessDeniedException", uuid},
		"Rust":               {"Caused by:\n    0: service error\n    1: unhandled error (AccessDeniedException)\n    2: Error { code: \"AccessDeniedException\", message: \"" + said + "\", aws_request_id: \"" + uuid + "\" }", "", "AccessDeniedException", uuid},
		"Rust, extras":       {`ErrorMetadata { code: Some("AccessDeniedException"), message: Some("` + said + `"), extras: Some({"aws_request_id": "` + uuid + `"}) }`, "", "AccessDeniedException", uuid},
		"JavaScript 3":       {"AccessDeniedException: " + said + "\n    at de_CommandError (index.js:838:20) {\n  '$fault': 'client',\n  '$metadata': {\n    httpStatusCode: 403,\n    requestId: '" + uuid + "',\n    attempts: 1\n  },\n  __type: 'AccessDeniedException'\n}", "", "AccessDeniedException", uuid},
		"CDK":                {"❌  app-dev failed: Error: The stack named app-dev failed creation: ROLLBACK_COMPLETE: " + said + " (Service: Lambda, Status Code: 403, Request ID: " + uuid + ") (SDK Attempt Count: 1)", "", "", uuid},
		"CodeBuild":          {"[Container] 2024/05/01 12:00:00 Command did not exit successfully aws lambda get-function exit status 254\nAn error occurred (AccessDeniedException) when calling the GetFunction operation: " + said, "GetFunction", "AccessDeniedException", ""},
		"a rsyslog of EC2":   {"<13>Jul  1 15:41:27 user-data: An error occurred (AccessDeniedException) when calling the GetFunction operation: " + said + "\n<13>Jul  1 15:41:27 user-data: Waiting", "GetFunction", "AccessDeniedException", ""},
		"CSV of CloudWatch":  {"errorCode,errorMessage\nAccessDenied,\"" + said + "\"", "", "AccessDenied", ""},
		"Step Functions":     {"Lambda.AWSLambdaException: " + said + " (Service: Lambda, Status Code: 403, Request ID: " + uuid + ")", "", "", uuid},
		"CloudFormation":     {`Resource handler returned message: "` + said + ` (Service: Lambda, Status Code: 403, Request ID: ` + uuid + `)" (RequestToken: 173cf5af-94eb-45c3-885f-859b10ff3f01, HandlerErrorCode: AccessDenied)`, "", "AccessDenied", uuid},
		"Terraform in a box": {"╷\n│ Error: reading Lambda Function (my-fn): operation error Lambda: GetFunction, https response error StatusCode: 403, RequestID: " + uuid + ", api error AccessDeniedException: " + said + "\n│ \n╵", "GetFunction", "AccessDeniedException", uuid},
	} {
		t.Run(client, func(t *testing.T) {
			p := denial.Parser{Catalog: catalog.Default()}
			found, err := p.Parse(c.text)
			require.NoError(t, err)
			require.Len(t, found, 1)
			d := &found[0]
			assert.Equal(t, []string{alice, "lambda:GetFunction", myFn}, []string{d.Principal, d.Action, d.Resource})
			assert.Equal(t, []string{c.operation, c.request}, []string{d.Operation, d.RequestID})
			if c.code != "" {
				assert.Equal(t, c.code, d.Code)
			}
		})
	}
}
