package denial_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/policy/catalog"
)

// known parses with the catalogue.
func known(t *testing.T, text string) []denial.Denial {
	t.Helper()
	p := denial.Parser{Catalog: catalog.Default()}
	found, err := p.Parse(text)
	require.NoError(t, err)
	return found
}

func TestErrorsWithoutAMessage(t *testing.T) {
	type want struct{ code, operation, action, request string }
	for sentence, c := range map[string]struct {
		text string
		want want
	}{
		"Terraform says what it was doing":  {"Error: error creating Lambda Function (1): AccessDeniedException: \n        status code: 403, request id: " + uuid, want{"AccessDeniedException", "CreateFunction", "lambda:CreateFunction", uuid}},
		"what it was doing to a part":       {"Error: updating Lambda Function (app) code: AccessDeniedException\n\tstatus code: 403, request id: " + uuid, want{"AccessDeniedException", "UpdateFunctionCode", "lambda:UpdateFunctionCode", uuid}},
		"a state machine":                   {"Error: creating Step Function State Machine (ingest): AccessDeniedException:\n\tstatus code: 400, request id: " + uuid, want{"AccessDeniedException", "CreateStateMachine", "states:CreateStateMachine", uuid}},
		"the SDK for Go alone":              {"2020/10/25 00:44:49 AccessDeniedException: \n\tstatus code: 403, request id: " + uuid + "\n2020/10/25 00:44:49 AccessDeniedException: \n\tstatus code: 403, request id: " + uuid, want{"AccessDeniedException", "", "", uuid}},
		"the AWS CLI":                       {"An error occurred (AccessDeniedException) when calling the UpdateFunctionCode operation: ", want{"AccessDeniedException", "UpdateFunctionCode", "lambda:UpdateFunctionCode", ""}},
		"S3, which says no more":            {"An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied", want{"AccessDenied", "ListObjectsV2", "s3:ListBucket", ""}},
		"an operation of several services":  {"An error occurred (AccessDeniedException) when calling the CreateFunction operation: None", want{"AccessDeniedException", "CreateFunction", "", ""}},
		"a command":                         {"$ aws lambda get-function --function-name f\nAccessDeniedException", want{"AccessDeniedException", "GetFunction", "lambda:GetFunction", ""}},
		"CloudFormation":                    {"12:00:00 PM | CREATE_FAILED | AWS::Lambda::Function | Handler\nAccess Denied (Service: Lambda, Status Code: 403, Request ID: " + uuid + ")", want{"AccessDenied", "", "", uuid}},
		"the code alone":                    {"AccessDeniedException: (no message)", want{"AccessDeniedException", "", "", ""}},
		"a page":                            {"<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center></body></html>", want{"", "", "", ""}},
		"a word":                            {`{"message":"Forbidden"}`, want{"", "", "", ""}},
		"XML of S3":                         {"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>390B49F28C754904</RequestId></Error>", want{"AccessDenied", "", "", "390B49F28C754904"}},
		"putting":                           {"Error: putting Lambda Function Concurrency (app): AccessDenied", want{"AccessDenied", "PutFunctionConcurrency", "lambda:PutFunctionConcurrency", ""}},
		"listing":                           {"Error: listing Lambda Functions (all): AccessDenied", want{"AccessDenied", "ListFunctions", "lambda:ListFunctions", ""}},
		"describing":                        {"Error: describing EC2 Instances (i-1): AccessDenied", want{"AccessDenied", "DescribeInstances", "ec2:DescribeInstances", ""}},
		"invoking":                          {"Error: invoking Lambda Function (app): AccessDenied", want{"AccessDenied", "InvokeFunction", "lambda:InvokeFunction", ""}},
		"publishing":                        {"Error: publishing Lambda Version (app): AccessDenied", want{"AccessDenied", "PublishVersion", "lambda:PublishVersion", ""}},
		"deleting":                          {"Error: deleting Lambda Function (app): AccessDenied", want{"AccessDenied", "DeleteFunction", "lambda:DeleteFunction", ""}},
		"a stack that was deleted":          {"DELETE_FAILED | AWS::Lambda::Function | Handler AccessDenied", want{"AccessDenied", "DeleteFunction", "lambda:DeleteFunction", ""}},
		"the operation twice over":          {"Error: creating Lambda Function (app): An error occurred (AccessDenied) when calling the GetRole operation: no", want{"AccessDenied", "GetRole", "iam:GetRole", ""}},
		"the SDK for Go without request id": {"operation error S3: GetObject, https response error StatusCode: 403, api error AccessDenied: Access Denied", want{"AccessDenied", "GetObject", "s3:GetObject", ""}},
		"a wrapper that is broken off":      {"An error occurred (x)\nAn error occurred (AccessDenied) when calling the GetObject operation: Access Denied", want{"AccessDenied", "GetObject", "s3:GetObject", ""}},
		"a request id with a line":          {"request_id=" + uuid + " AccessDenied", want{"AccessDenied", "", "", uuid}},
		"a code in JSON with a name before": {`{"__type": "#AccessDenied", "requestId": "` + uuid + `"}`, want{"AccessDenied", "", "", uuid}},
		"a request id that is no UUID":      {"request id: 390B49F28C754904 AccessDenied", want{"AccessDenied", "", "", "390B49F28C754904"}},
		"what it was doing, behind":         {"AccessDenied while creating Lambda Function (app)", want{"AccessDenied", "CreateFunction", "lambda:CreateFunction", ""}},
		"an exception in another":           {"operation error S3: GetObject, Access Denied (Service: S3, Status Code: 403) StatusCode: 403, api error AccessDenied: no", want{"AccessDenied", "GetObject", "s3:GetObject", ""}},
		"JSON":                              {`{"__type": "AccessDeniedException", "requestId": "` + uuid + `"}`, want{"AccessDeniedException", "", "", uuid}},
	} {
		t.Run(sentence, func(t *testing.T) {
			found := known(t, c.text)
			require.Len(t, found, 1)
			d := found[0]
			assert.Equal(t, denial.FromCode, d.Form)
			assert.Equal(t, c.want, want{d.Code, d.Operation, d.Action, d.RequestID})
			if c.want.request != "" {
				assert.Contains(t, d.LookUp(), "aws cloudtrail lookup-events")
				assert.Contains(t, d.LookUp(), c.want.request)
			}
		})
	}
}

func TestCodesThatFollowEachOther(t *testing.T) {
	lines := strings.Repeat("a line\n\n", 100)
	command := func(operation string) string {
		return "$ aws lambda " + operation + " --function-name f\nAccessDeniedException\n"
	}
	for sentence, c := range map[string]struct {
		text string
		want []string
	}{
		"far apart they are two": {command("get-function") + lines + command("delete-function"), []string{"GetFunction", "DeleteFunction"}},
		"near they are two":      {command("get-function") + command("delete-function"), []string{"GetFunction", "DeleteFunction"}},
		"three are three":        {command("get-function") + command("delete-function") + command("invoke"+"-async"), []string{"GetFunction", "DeleteFunction", "InvokeAsync"}},
		"with request ids of their own they are two": {
			"AccessDenied: request id: " + uuid + "\nAccessDenied: request id: " + strings.Replace(uuid, "8", "9", 1) + "\n", []string{"", ""},
		},
		"of one request they are one":                               {"AccessDenied: request id: " + uuid + "\nAccessDenied: request id: " + uuid + "\n", []string{""}},
		"far apart one request is one":                              {"AccessDenied: request id: " + uuid + "\n" + lines + "AccessDenied: request id: " + uuid + "\n", []string{""}},
		"that tell nothing they are one":                            {"AccessDenied\n" + lines + "AccessDenied\nUnauthorizedOperation\n", []string{""}},
		"one that tells nothing is nothing":                         {command("get-function") + lines + "AccessDenied\n", []string{"GetFunction"}},
		"near one that tells nothing, one that tells counts":        {"AccessDenied\n" + command("get-function"), []string{"GetFunction"}},
		"near one that tells nothing, one with a request id counts": {"AccessDenied\nAccessDeniedException: request id: " + uuid + "\n", []string{""}},
		"near one that tells, one that tells nothing is the same":   {command("get-function") + "AccessDenied\n", []string{"GetFunction"}},
		"near two that tell nothing, the third counts":              {"AccessDenied\nAccessDenied\n" + command("get-function"), []string{"GetFunction"}},
		"said again it is one":                                      {lines + command("get-function") + "AccessDeniedException\n", []string{"GetFunction"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			var operations []string
			for _, d := range known(t, c.text) {
				operations = append(operations, d.Operation)
			}
			assert.Equal(t, c.want, operations)
		})
	}
}

// An error that is no denial tells nothing about a denial on the next line, and what
// is wrapped in it belongs to it.
func TestAnotherErrorBeforeADenial(t *testing.T) {
	const (
		throttled = "An error occurred (ThrottlingException) when calling the ListTags operation: Rate exceeded"
		slow      = "operation error S3: GetObject, https response error StatusCode: 503, RequestID: " + uuid + ", api error SlowDown: Please reduce your request rate."
		invalid   = "An error occurred (ValidationException) when calling the CreateFunction operation:"
		denied    = "An error occurred (AccessDenied) when calling the GetObject operation: "
	)
	type want struct {
		service, operation, code, request string
		status                            int
	}
	of := func(operation, code string) want { return want{operation: operation, code: code} }
	for sentence, c := range map[string]struct {
		text string
		want want
	}{
		"a code on the next line":                   {throttled + "\nAccessDenied\n", of("", "AccessDenied")},
		"a code two lines on":                       {throttled + "\nthen\nAccessDenied\n", of("", "AccessDenied")},
		"a code behind two of them":                 {throttled + "\n" + slow + "\nAccessDenied\n", of("", "AccessDenied")},
		"a code behind words of the SDK for Go":     {slow + "\nAccessDenied\n", of("", "AccessDenied")},
		"a code with an operation of its own":       {throttled + "\n$ aws s3api get-object\nAccessDenied\n", want{service: "s3api", operation: "GetObject", code: "AccessDenied"}},
		"a code on the line":                        {invalid + " KMS Exception: AccessDenied", of("CreateFunction", "AccessDenied")},
		"a code on an indented line":                {invalid + " KMS failed\n\tAccessDenied", of("CreateFunction", "AccessDenied")},
		"a message on the next line":                {throttled + "\n" + noID, of("", "")},
		"a message behind words of the SDK for Go":  {slow + "\n" + noID, of("", "")},
		"a message on the line":                     {invalid + " " + noID, of("CreateFunction", "ValidationException")},
		"a message on the next line behind a colon": {invalid + "\n" + noID, of("CreateFunction", "ValidationException")},
		"a message behind a colon of the error's":   {invalid + " 1 error:\n" + noID, of("CreateFunction", "ValidationException")},
		"a message in an exception of its own":      {throttled + "\n" + denied + noID, of("GetObject", "AccessDenied")},
		"a message behind the code of a denial":     {denied + "see below\n" + noID, of("GetObject", "AccessDenied")},
		"a message in JSON on the next line":        {throttled + "\n{\"message\": \"" + noID + "\"}", of("", "")},
		"a message in JSON that the error leads to": {invalid + "\n{\"message\": \"" + noID + "\"}", of("CreateFunction", "ValidationException")},
		"a sentence of a service on the next line":  {throttled + "\nThe provided execution role does not have permissions to call SendMessage on SQS", of("", "")},
	} {
		t.Run(sentence, func(t *testing.T) {
			d := one(t, c.text)
			assert.Equal(t, c.want, want{d.Service, d.Operation, d.Code, d.RequestID, d.Status})
		})
	}
}

// An exception without words of its own leads to the message that follows.
func TestAnExceptionBeforeAMessage(t *testing.T) {
	const calling = "An error occurred (AccessDenied) when calling the GetObject operation: "
	words := func(n int) string { return strings.Repeat("a", n) }
	for sentence, c := range map[string]struct {
		text string
		want []string // the operations
	}{
		"on its line":                        {calling + noID, []string{"GetObject"}},
		"on the next line":                   {calling + "\n" + noID, []string{"GetObject"}},
		"behind a blank line":                {calling + "\n\n" + noID, []string{"GetObject"}},
		"in quotes":                          {calling + "\"" + noID + "\"", []string{"GetObject"}},
		"words between":                      {calling + "no: " + noID, []string{"GetObject"}},
		"words and a blank line between":     {calling + "no\n\n" + noID, []string{"GetObject", ""}},
		"S3's words between":                 {calling + "Access Denied\n" + noID, []string{"GetObject", ""}},
		"almost too many words between":      {calling + words(399) + " " + noID, []string{"GetObject"}},
		"too many words between":             {calling + words(400) + " " + noID, []string{"GetObject", ""}},
		"another exception between":          {calling + "Access Denied\n" + strings.ReplaceAll(calling, "GetObject", "GetFunction") + noID, []string{"GetObject", "GetFunction"}},
		"one that is no denial between":      {calling + "Access Denied\nAn error occurred (Throttling) when calling the GetFunction operation: " + noID, []string{"GetObject", "GetFunction"}},
		"before the first of two":            {calling + noID + "\n" + noID, []string{"GetObject", ""}},
		"far above, behind a colon of words": {calling + "Access Denied\n\nthen:\n\n" + noID, []string{"GetObject", ""}},
	} {
		t.Run(sentence, func(t *testing.T) {
			var operations []string
			for _, d := range known(t, c.text) {
				operations = append(operations, d.Operation)
			}
			assert.Equal(t, c.want, operations)
		})
	}
}

// One code that is said twice is one as far as 400 characters reach.
func TestHowFarACodeIsSaidAgain(t *testing.T) {
	const command = "$ aws lambda get-function\nAccessDenied"
	for between, want := range map[int]int{399: 1, 400: 2} {
		filler := strings.Repeat("a", between-len("\n\n")-len("$ aws lambda get-function\n"))
		assert.Len(t, known(t, command+"\n"+filler+"\n"+command), want, "%d", between)
	}
}

// A code or a word for a denial is none within another word.
func TestCodesWithinWords(t *testing.T) {
	for _, text := range []string{"xAccessDenied", "XAccessDenied", "zForbidden", "ZForbidden", "Forbiddenz", "Forbidden" + "Z", "a/Forbidden", "a_Forbidden", "aUnauthorizedOperation"} {
		_, err := denial.Parse(text)
		require.ErrorIs(t, err, denial.ErrNotUnderstood, text)
	}
	for _, text := range []string{"@Forbidden", "`Forbidden`", "1AccessDenied", "(AccessDenied)", "[Forbidden[", "{Forbidden{", "AccessDenied"} {
		one(t, text)
	}
}

// A bracket that closes on a line of its own ends an exception.
func TestAClosingBracketEndsAnException(t *testing.T) {
	d := one(t, noID+"\n    at x {\n  code: 'AccessDenied'\n}\n  requestId: '"+uuid+"'\n")
	assert.Equal(t, []string{"AccessDenied", ""}, []string{d.Code, d.RequestID})
	d = one(t, noID+"\n    at x {\n  code: 'AccessDenied',\n  requestId: '"+uuid+"'\n}\n")
	assert.Equal(t, []string{"AccessDenied", uuid}, []string{d.Code, d.RequestID})
}

// A status of HTTP has three digits, from 100 to 599.
func TestStatusesInJSON(t *testing.T) {
	for status, want := range map[string]int{"99": 0, "100": 100, "403": 403, "599": 599, "600": 0, `"403"`: 0} {
		assert.Equal(t, want, one(t, `{"code": "AccessDenied", "requestId": "`+uuid+`", "statusCode": `+status+`}`).Status, status)
	}
}

func TestCodesBeforeAMessage(t *testing.T) {
	for sentence, c := range map[string]struct {
		between string
		want    []string // the codes
	}{
		"near it is of the same error": {"\n", []string{"AccessDenied"}},
		"twelve lines above it is":     {strings.Repeat("\na", 11) + "\n", []string{"AccessDenied"}},
		"further above it is another":  {strings.Repeat("\na", 12) + "\n", []string{"AccessDenied", ""}},
		"of another request it is another": {
			"\n" + "operation error Lambda: GetFunction, https response error StatusCode: 403, RequestID: " + strings.Replace(uuid, "8", "9", 1) + ", api error AccessDeniedException: ",
			[]string{"AccessDenied", "AccessDeniedException"},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			var codes []string
			for _, d := range known(t, "AccessDenied: status code: 403, request id: "+uuid+c.between+noID) {
				codes = append(codes, d.Code)
			}
			assert.Equal(t, c.want, codes)
		})
	}
}

func TestTheCommandThatFindsTheEvent(t *testing.T) {
	query := ` --output text --query "Events[?contains(CloudTrailEvent, '` + uuid + `')].CloudTrailEvent"`
	for sentence, c := range map[string]struct {
		denial.Denial
		want string // before the query; "" for no command
	}{
		"by the operation":                        {denial.Denial{RequestID: uuid, Operation: "GetObject", Service: "S3", Region: "us-east-1"}, " --lookup-attributes AttributeKey=EventName,AttributeValue=GetObject --region us-east-1"},
		"Lambda's events have names of their own": {denial.Denial{RequestID: uuid, Operation: "GetFunction", Service: "Lambda"}, " --lookup-attributes AttributeKey=EventSource,AttributeValue=lambda.amazonaws.com"},
		"by the service":                          {denial.Denial{RequestID: uuid, Service: "S3"}, " --lookup-attributes AttributeKey=EventSource,AttributeValue=s3.amazonaws.com"},
		"by the request id alone":                 {denial.Denial{RequestID: uuid}, " "},
		"where the resource is not told":          {denial.Denial{RequestID: uuid, Principal: alice, Action: "s3:GetObject"}, " "},
		"where the action is not told":            {denial.Denial{RequestID: uuid, Principal: alice, Resource: myFn}, " "},
		"where the caller is not told":            {denial.Denial{RequestID: uuid, Action: "s3:GetObject", Resource: "*"}, " "},
		"where everything is told":                {denial.Denial{RequestID: uuid, Principal: alice, Action: "s3:GetObject", Resource: "*"}, ""},
		"of an event":                             {denial.Denial{RequestID: uuid, Form: denial.FromEvent}, ""},
		"without request id":                      {denial.Denial{Service: "S3"}, ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			want := ""
			if c.want != "" {
				want = "aws cloudtrail lookup-events" + strings.TrimRight(c.want, " ") + query
			}
			assert.Equal(t, want, c.LookUp())
		})
	}
}

func TestTheTailOfAnError(t *testing.T) {
	for _, tail := range []string{
		" (Service: Lambda, Status Code: 403, Request ID: " + uuid + ")",
		" (Service: Lambda, Status Code: 403,\nRequest ID: " + uuid + ")",
		" (Service: Lambda, Status Code: 403, Request ID:\n" + uuid + ") (SDK Attempt Count: 1)",
		" (Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException; Request ID: " + uuid + "; Proxy: null)",
		"\n\tstatus code: 403, request id: " + uuid + "\n  on main.tf line 3",
		"\nstatus code: 403, request id: " + uuid,
		" (RequestId: " + uuid + ")",
		"\n    at x\n  '$metadata': {\n    requestId: '" + uuid + "' }",
	} {
		d := one(t, noID+tail)
		assert.Equal(t, uuid, d.RequestID, tail)
	}
	box := "╷\n│ Error: error creating Lambda Function (1): AccessDeniedException: \n│ \tstatus code: 403, request id: " + uuid + "\n│ \n│ \n│ \"User is not authorized to perform: lambda:GetLayerVersion on \n│ resource: arn:aws:lambda:ca-central-1:444455556666:layer:a:20 \n│ because no resource-based policy allows the lambda:GetLayerVersion action\""
	d := one(t, box)
	assert.Equal(t, []string{"lambda:GetLayerVersion", "AccessDeniedException", uuid, "CreateFunction"}, []string{d.Action, d.Code, d.RequestID, d.Operation})
}

func TestTheServiceThatARoleIsPassedTo(t *testing.T) {
	const passRole = "User: " + alice + " is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/app"
	for around, want := range map[string]string{
		"An error occurred (AccessDeniedException) when calling the CreateFunction operation: ":                                                     "lambda.amazonaws.com",
		"An error occurred (AccessDeniedException) when calling the RegisterTaskDefinition operation: ":                                             "ecs-tasks.amazonaws.com",
		"operation error SFN: CreateStateMachine, https response error StatusCode: 400, RequestID: " + uuid + ", api error AccessDeniedException: ": "states.amazonaws.com",
		"Error: creating Lambda Function (app): ": "lambda.amazonaws.com",
		"": "",
	} {
		found := known(t, around+passRole)
		require.Len(t, found, 1)
		got := ""
		if i := found[0].Context.Index("iam:PassedToService"); i >= 0 && len(found[0].Context[i].Values) == 1 {
			got = found[0].Context[i].Values[0]
		}
		assert.Equal(t, want, got, around)
	}
}

func TestTheServicesThatARoleMayHaveBeenPassedTo(t *testing.T) {
	const passRole = "User: " + alice + " is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/app"
	for operation, want := range map[string][]string{
		"CreatePipeline":    {"codepipeline.amazonaws.com", "sagemaker.amazonaws.com"},
		"StartJobRun":       {"glue.amazonaws.com"}, // and services that are not known to take roles
		"CreateFunction":    nil,                    // one alone takes a role
		"CreateEnvironment": nil,
	} {
		found := known(t, "An error occurred (AccessDenied) when calling the "+operation+" operation: "+passRole)
		require.Len(t, found, 1)
		assert.Equal(t, want, found[0].PassedTo, operation)
		if operation == "CreatePipeline" {
			assert.Contains(t, strings.Join(found[0].Notes, "\n"), "the role was passed to a service by CreatePipeline, and several have such an operation: ")
		}
	}
}

// A log of five megabytes is read in time that grows with its length; a benchmark
// says how much.
func bigLog() string {
	var b strings.Builder
	for i := 0; b.Len() < 5<<20; i++ {
		fmt.Fprintf(&b, "2024-05-01T12:%02d:%02d.000Z INFO  request %d: arn:aws:lambda:us-east-1:111122223333:function:f%d answered \"200\" in 12 ms: not a problem, no error <b> User: x\n", i/60%60, i%60, i, i)
		if i == 20_000 {
			b.WriteString("2024-05-01T12:00:00.000Z ERROR " + noID + "\n")
		}
	}
	return b.String()
}

func TestOneDenialInABigLog(t *testing.T) {
	found, err := denial.Parse(bigLog())
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, 20_002, found[0].Line)
	assert.Equal(t, myFn, found[0].Resource)
}

func BenchmarkParseBigLog(b *testing.B) {
	log := bigLog()
	b.SetBytes(int64(len(log)))
	for b.Loop() {
		if _, err := denial.Parse(log); err != nil {
			b.Fatal(err)
		}
	}
}
