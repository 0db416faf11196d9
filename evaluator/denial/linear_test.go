//go:build unix

package denial_test

import (
	"flag"
	"math"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/evaluator/denial"
)

// shapes are texts that ask most of a reader, made of parts that go on and on.
var shapes = map[string]string{
	"access key ids":                   "AKIAIOSFODNN7EXAMPLE ",
	"access key ids without blanks":    "AKIAIOSFODNN7EXAMPLE",
	"different access key ids":         "\x00",
	"the caller again and again":       "User: arn:aws:iam::111122223333:user/alice is not authorized ",
	"an anchor again and again":        "is not authorized to perform ",
	"an anchor on lines":               "is not authorized to perform:\n",
	"anchors without words between":    "notauthorizedtoperform",
	"the label User":                   "User: ",
	"all labels":                       "User:Service:Action:On resource(s):Context:",
	"whole messages":                   getFn + "\n",
	"whole messages on one line":       getFn + " ",
	"messages that are cut off":        "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: lambda:Get\n",
	"ARNs":                             "arn:aws:iam::111122223333:user/alice ",
	"an ARN without end":               "arn:aws:iam::1111",
	"an ARN broken into lines":         "arn:\n",
	"backslashes":                      `\`,
	"escaped quotes":                   `\"`,
	"escapes of JSON":                  `\u0026\n`,
	"JSON in JSON in JSON":             `{"a":"{\"b\":\"`,
	"open brackets":                    "[",
	"open braces on lines":             "{\n",
	"open objects":                     `{"a":`,
	"closed objects on lines":          "{\"a\": 1}\n",
	"one object without end":           "{\"a\": \"b\",\n",
	"escapes of terminals":             "\x1b",
	"colours":                          "\x1b[31m",
	"titles of terminals":              "\x1b]0;",
	"lost escapes":                     "[0m",
	"control characters as text":       "^[[",
	"open tags":                        "<",
	"tags":                             "<b>",
	"closed tags":                      "</b>",
	"different tags":                   "<a\x00></a\x00>",
	"quoted closed tags":               "&lt;/b&gt;",
	"numeric entities":                 "&#",
	"entities in entities":             "&amp;",
	"quotes as entities":               "&quot;&#34;",
	"percent signs":                    "%",
	"percent-encoding":                 "%20%0A",
	"emphasis":                         "*a* ",
	"emphasis that is not closed":      " *a",
	"underscores":                      " _a",
	"stars":                            "*",
	"back quotes":                      "`",
	"links":                            "[a](b)",
	"links that are not closed":        "](",
	"links without text":               "[](",
	"bars of boxes":                    "│",
	"boxes":                            "│ a │\n",
	"quotations":                       "> ",
	"levels":                           "[ERROR] ",
	"times":                            "2024-05-01T12:00:00Z ",
	"times on lines":                   "2024-05-01T12:00:00Z a\n",
	"containers":                       "app_1  | ",
	"blank lines":                      "\n",
	"blanks":                           " ",
	"blanks and tabs on lines":         " \t\r\n",
	"zero-width spaces":                "\u200b",
	"base64":                           "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo",
	"an encoded message":               "You are not authorized to perform this operation. Encoded authorization failure message: abcdefghijklmnop\n",
	"encoded messages without end":     "Encoded authorization failure message: ",
	"codes":                            "AccessDenied ",
	"codes with request ids":           "AccessDenied: request id: " + uuid + "\n",
	"codes with different request ids": "AccessDeniedException: status code: 403, request id: 00000000-0000-0000-0000-\x00\n",
	"different denials":                "User: arn:aws:iam::111122223333:user/u\x00 is not authorized to perform: lambda:GetFunction on resource: f\x00\n",
	"words for a denial":               "Forbidden ",
	"envelopes of boto3":               "An error occurred (AccessDenied) when calling the ",
	"errors that are no denials":       "An error occurred (ThrottlingException) when calling the ListTags operation: AccessDenied\n",
	"envelopes of Go":                  "operation error Lambda: ",
	"envelopes of Java":                "Access Denied (Service: ",
	"open parentheses":                 "(",
	"operations around":                "creating Lambda Function (",
	"commands around":                  "aws lambda get-function ",
	"stacks":                           "CREATE_FAILED AWS::Lambda::Function ",
	"sentences of services":            "The provided execution role does not have permissions to call ReceiveMessage on SQS ",
	"functions in brackets":            "Not authorized to invoke function [",
	"roles":                            "The role defined for the function cannot be assumed by Lambda. ",
	"callers and roles":                "x is not authorized to perform AssumeRole on role ",
	"events":                           `{"eventName": "GetFunction", "eventSource": "lambda.amazonaws.com", "errorCode": "AccessDenied"}` + "\n",
	"a long word":                      "a",
	"a long word with colons":          "a:",
	"digits":                           "0",
	"quotes":                           "'",
	"double quotes":                    `"`,
}

// repeated is a part until there are n bytes; each NUL in it is a number that
// counts up.
func repeated(part string, n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		one := part
		if part == "\x00" {
			one = "AKIA" + numbered(i, 16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") + " "
		}
		b.WriteString(strings.ReplaceAll(one, "\x00", numbered(i, 12, "0123456789")))
	}
	return b.String()
}

func numbered(i, digits int, alphabet string) string {
	text := make([]byte, digits)
	for at := digits - 1; at >= 0; at-- {
		text[at] = alphabet[i%len(alphabet)]
		i /= len(alphabet)
	}
	return string(text)
}

var linear = flag.Int("denial.linear", 16<<10, "bytes of the smaller of two texts")

// Four times the text takes about four times the time, whatever it is.
func TestTimeGrowsWithTheText(t *testing.T) {
	const most = 12 // 4 is linear, 16 a square
	const slow = 150 * time.Millisecond
	const often = 6 // a busy machine may disturb one measurement
	_, _ = denial.Parse(getFn)
	for name, part := range shapes {
		t.Run(name, func(t *testing.T) {
			for _, around := range []string{getFn + "\n%", `{"Message": "%"}`} {
				small, large := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
				for range often {
					small, large = min(small, timeOf(around, part, *linear)), min(large, timeOf(around, part, 4**linear))
					if large < slow || float64(large) < most*float64(small) {
						break
					}
				}
				ratio := float64(large) / float64(small)
				assert.False(t, large >= slow && ratio >= most, "%q around: %v, and four times the text %v, %.1f times as long", around, small, large, ratio)
			}
		})
	}
}

// timeOf is the time in which n bytes of a part are read.
func timeOf(around, part string, n int) time.Duration {
	text := strings.Replace(around, "%", repeated(part, n), 1)
	start := processorTime()
	_, _ = denial.Parse(text)
	return processorTime() - start
}

// processorTime is what this process has had of the processors: a clock would
// measure what else the machine does.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
