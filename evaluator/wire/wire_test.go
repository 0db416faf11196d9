package wire_test

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/wire"
)

const message = `User: arn:aws:iam::111122223333:user/a<b> is not authorized & so on`

func refused(operation string) *wire.Error {
	return &wire.Error{Operation: operation, Denied: &evaluator.DeniedError{Action: "iam:PassRole", Message: message}}
}

func TestEveryServiceAnswersInItsForm(t *testing.T) {
	tests := []struct {
		operation   string
		code        string
		status      int
		contentType string
		header      [2]string // one more
	}{
		{"lambda:CreateFunction", "AccessDeniedException", 403, "application/json", [2]string{"X-Amzn-Errortype", "AccessDeniedException"}},
		{"LAMBDA:CreateFunction", "AccessDeniedException", 403, "application/json", [2]string{"X-Amzn-Errortype", "AccessDeniedException"}},
		{"nobody:KnowsIt", "AccessDeniedException", 403, "application/json", [2]string{"X-Amzn-Errortype", "AccessDeniedException"}},
		{"dynamodb:GetItem", "AccessDeniedException", 400, "application/x-amz-json-1.0", [2]string{}},
		{"ecs:RunTask", "AccessDeniedException", 400, "application/x-amz-json-1.1", [2]string{}},
		{"dms:CreateEndpoint", "AccessDeniedFault", 400, "application/x-amz-json-1.1", [2]string{}},
		{"sqs:SendMessage", "AccessDenied", 403, "application/x-amz-json-1.0", [2]string{"X-Amzn-Query-Error", "AccessDenied;Sender"}},
		{"iam:CreateRole", "AccessDenied", 403, "text/xml", [2]string{}},
		{"sts:AssumeRole", "AccessDenied", 403, "text/xml", [2]string{}},
		{"sns:Publish", "AuthorizationError", 403, "text/xml", [2]string{}},
		{"redshift:CreateCluster", "UnauthorizedOperation", 400, "text/xml", [2]string{}},
		{"route53:CreateHostedZone", "AccessDenied", 403, "text/xml", [2]string{}},
		{"ec2:RunInstances", "UnauthorizedOperation", 403, "text/xml;charset=UTF-8", [2]string{}},
		{"s3:GetObject", "AccessDenied", 403, "application/xml", [2]string{"X-Amz-Request-Id", "00000000-0000-0000-0000-000000000000"}},
	}
	for _, tt := range tests {
		t.Run(tt.operation, func(t *testing.T) {
			err := refused(tt.operation)
			assert.Equal(t, tt.code, err.ErrorCode())
			assert.Equal(t, message, err.ErrorMessage())
			sent := err.Response()
			assert.Equal(t, tt.status, sent.Status)
			assert.Equal(t, tt.contentType, sent.Header["Content-Type"])
			assert.Equal(t, tt.header[1], sent.Header[tt.header[0]])
			for name := range sent.Header {
				assert.Equal(t, http.CanonicalHeaderKey(name), name)
			}
			code, text := read(t, sent)
			assert.Equal(t, tt.code, code)
			assert.Equal(t, message, text)
		})
	}
}

// read finds code and message as SDKs do.
func read(t *testing.T, sent *wire.Response) (code, text string) {
	type fault struct{ Code, Message string }
	body := sent.Body
	if body[0] == '{' {
		var v struct {
			Type    string `json:"__type"`
			Message string `json:"message"`
		}
		require.NoError(t, json.Unmarshal(body, &v))
		if code = sent.Header["X-Amzn-Errortype"]; code == "" {
			code = v.Type
			for i := range code {
				if code[i] == '#' {
					code = code[i+1:]
					break
				}
			}
		}
		return code, v.Message
	}
	var v struct {
		XMLName       xml.Name
		Code, Message string
		Error         fault
		Errors        []fault `xml:"Errors>Error"`
	}
	require.NoError(t, xml.Unmarshal(body, &v))
	switch v.XMLName.Local {
	case "Error":
		return v.Code, v.Message
	case "ErrorResponse":
		assert.NotEmpty(t, v.XMLName.Space)
		return v.Error.Code, v.Error.Message
	}
	require.Equal(t, "Response", v.XMLName.Local)
	require.Len(t, v.Errors, 1)
	return v.Errors[0].Code, v.Errors[0].Message
}

func TestWhatSaysLess(t *testing.T) {
	url := refused("lambda:InvokeFunctionUrl").Response()
	assert.Equal(t, 403, url.Status)
	assert.JSONEq(t, `{"Message": "Forbidden"}`, string(url.Body))
	assert.Empty(t, refused("s3:HeadObject").Response().Body)
}

func TestAnErrorIsTheDenial(t *testing.T) {
	err := error(refused("lambda:CreateFunction"))
	require.ErrorIs(t, err, evaluator.ErrDenied)
	var denied *evaluator.DeniedError
	require.ErrorAs(t, err, &denied)
	assert.Equal(t, "iam:PassRole", denied.Action)
	assert.Equal(t, message, err.Error())
}

func TestWhatIsNotKnownIsSaid(t *testing.T) {
	assert.True(t, refused("lambda:CreateFunction").Known())
	assert.True(t, refused("IAM:CreateRole").Known())
	assert.False(t, refused("nobody:KnowsIt").Known())
}

// Whatever a message and an operation hold, the answer is one that SDKs read.
func FuzzResponse(f *testing.F) {
	for _, operation := range []string{"lambda:CreateFunction", "dynamodb:GetItem", "sqs:SendMessage", "iam:CreateRole", "ec2:RunInstances", "s3:GetObject", "sns:Publish", "a", ""} {
		f.Add(operation, message)
		f.Add(operation, "a\x00\xff\u202e]]>\"'\r\n</Message>")
	}
	f.Fuzz(func(t *testing.T, operation, text string) {
		sent := (&wire.Error{Operation: operation, Denied: &evaluator.DeniedError{Action: operation, Message: text}}).Response()
		require.Positive(t, sent.Status)
		for name, value := range sent.Header {
			require.NotContains(t, name+value, "\n")
			require.NotContains(t, name+value, "\r")
		}
		switch {
		case len(sent.Body) == 0:
		case sent.Body[0] == '{':
			require.True(t, json.Valid(sent.Body), "%s", sent.Body)
		default:
			require.NoError(t, xml.Unmarshal(sent.Body, new(struct{ XMLName xml.Name })), "%s", sent.Body)
		}
	})
}
