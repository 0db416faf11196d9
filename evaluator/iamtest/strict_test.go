package iamtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// Neither Can nor Cannot holds without a definite outcome: a typo must not make
// a test pass.
func TestOnlyADefiniteOutcomePasses(t *testing.T) {
	const everything = `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
	under := func(condition string) string {
		return `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": ` + condition + `}`
	}
	for name, tc := range map[string]struct {
		statement string
		given     []string // a context key and its values
		action    string
		resource  string
		says      []string
	}{
		"an action that is none": {everything, nil, "lambda:GetFuncton", orders,
			[]string{`"lambda:GetFuncton"`, `did you mean "lambda:GetFunction"?`}},
		"a service that is none": {everything, nil, "lamda:GetFunction", orders,
			[]string{`"lamda:GetFunction"`}},
		"an action without a service": {everything, nil, "GetFunction", orders,
			[]string{"GetFunction", "service:Name"}},
		"a pattern that no action matches": {everything, nil, "lambda:Frob*", orders,
			[]string{`no action that the catalogue knows matches "lambda:Frob*"`}},
		"a pattern of actions that do not work on the resource": {everything, nil, "lambda:List*", execRole,
			[]string{`matches "lambda:List*" and works on ` + execRole}},
		"a resource of another kind": {everything, nil, "lambda:GetFunction", execRole,
			[]string{"is no resource of lambda:GetFunction"}},
		"* where an ARN is needed": {everything, nil, "lambda:GetFunction", "*",
			[]string{"never on *"}},
		"an ARN where * is needed": {everything, nil, "lambda:ListFunctions", orders,
			[]string{"on *, never on"}},
		"a resource that is no ARN": {everything, nil, "lambda:GetFunction", "orders",
			[]string{`"orders"`}},
		"a context key that is none": {everything, []string{"aws:SourceIpp", "203.0.113.9"}, "lambda:GetFunction", orders,
			[]string{`"aws:SourceIpp"`, `did you mean "aws:SourceIp"?`}},
		"a context key of another action": {everything, []string{"iam:PassedToService", lambda}, "lambda:GetFunction", orders,
			[]string{"never carry", "iam:PassedToService"}},
		"a context key with a value of another type": {everything, []string{"aws:SourceIp", "home"}, "lambda:GetFunction", orders,
			[]string{`"aws:SourceIp"`, `"home"`}},
		"several values of a key that has one": {everything, []string{"aws:SourceIp", "203.0.113.9", "203.0.113.10"}, "lambda:GetFunction", orders,
			[]string{"2 values"}},
		"a key that AWS always sends decides": {under(`{"StringLike": {"aws:UserAgent": "aws-cli/*"}}`), nil, "lambda:GetFunction", orders,
			[]string{"whether role/deploy can lambda:GetFunction hangs on what the test does not say", "unsaid    aws:UserAgent", `write     .Given("aws:UserAgent", "…")`}},
		"the address of the caller decides": {under(`{"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}}`), nil, "lambda:GetFunction", orders,
			[]string{"unsaid    aws:SourceIp", `write     .Given("aws:SourceIp", "203.0.113.9"), or .Given("aws:SourceIp") for a request without it`}},
		"a key of the action's own decides": {under(`{"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}}`), nil, "lambda:InvokeFunctionUrl", orders,
			[]string{"unsaid    lambda:FunctionUrlAuthType"}},
		"the service that gets the role decides": {under(`{"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}`), nil, "iam:PassRole", execRole,
			[]string{"unsaid    iam:PassedToService", "write     CanPassRole or CannotPassRole, with the service"}},
		"MFA decides, and a role's session may have it": {under(`{"Bool": {"aws:MultiFactorAuthPresent": "true"}}`), nil, "lambda:GetFunction", orders,
			[]string{"unsaid    aws:MultiFactorAuthPresent", `.Given("aws:MultiFactorAuthPresent", "true")`}},
		"the region decides, and the ARN has none": {under(`{"StringEquals": {"aws:RequestedRegion": "us-east-1"}}`), nil, "s3:GetObject", "arn:aws:s3:::bucket/key",
			[]string{"unsaid    aws:RequestedRegion"}},
		"a variable of the policy has a value that the test does not say": {
			`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/${aws:UserAgent}"}`, nil, "s3:GetObject", "arn:aws:s3:::bucket/key",
			[]string{"unsaid    aws:UserAgent"}},
		"no action": {everything, nil, "", orders, []string{`""`}},
	} {
		t.Run(name, func(t *testing.T) {
			who := allowing(t, tc.statement)
			if tc.given != nil {
				who = who.Given(tc.given[0], tc.given[1:]...)
			}
			for _, assertion := range []func(iamtest.TestingT, iamtest.Who, string, string, ...any) bool{
				iamtest.Can[string, string], iamtest.Cannot[string, string], iamtest.ExplicitlyDenied[string, string],
			} {
				r := new(recorder)
				assert.False(t, assertion(r, who, tc.action, tc.resource))
				requireFails(t, r, tc.says...)
			}
		})
	}
}

func TestWhatTheTestSaysIsDefinite(t *testing.T) {
	address := allowing(t, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}}`)
	iamtest.Can(t, address.Given("aws:SourceIp", "198.51.100.7"), "lambda:GetFunction", orders)
	iamtest.Cannot(t, address.Given("aws:SourceIp", "203.0.113.9"), "lambda:GetFunction", orders)
	iamtest.Cannot(t, address.Given("aws:SourceIp"), "lambda:GetFunction", orders, "a request without the key")
	iamtest.Can(t, address.Given("aws:SourceIp", "203.0.113.9").Given("AWS:sourceip", "198.51.100.7"), "lambda:GetFunction", orders, "the last word counts")

	// Keys that a request may well lack are absent where the test does not give them.
	endpoint := allowing(t, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}}`)
	iamtest.Cannot(t, endpoint, "lambda:GetFunction", orders)
	iamtest.Can(t, endpoint.Given("aws:SourceVpce", "vpce-1a2b3c4d"), "lambda:GetFunction", orders)
}

func TestDefaultContext(t *testing.T) {
	for name, tc := range map[string]struct {
		condition        string
		action, resource string
		given            [2]string // in its place
	}{
		"calls are encrypted":                {`{"Bool": {"aws:SecureTransport": "true"}}`, "lambda:GetFunction", orders, [2]string{"aws:SecureTransport", "false"}},
		"no service calls for the principal": {`{"Bool": {"aws:ViaAWSService": "false"}}`, "lambda:GetFunction", orders, [2]string{"aws:ViaAWSService", "true"}},
		"the region is that of the ARN":      {`{"StringEquals": {"aws:RequestedRegion": "us-east-1"}}`, "lambda:GetFunction", orders, [2]string{"aws:RequestedRegion", "eu-west-1"}},
		"IAM is in us-east-1":                {`{"StringEquals": {"aws:RequestedRegion": "us-east-1"}}`, "iam:GetRole", execRole, [2]string{"aws:RequestedRegion", "eu-west-1"}},
		"the time is now":                    {`{"DateGreaterThan": {"aws:CurrentTime": "2026-11-01T00:00:00Z"}}`, "lambda:GetFunction", orders, [2]string{"aws:CurrentTime", "2020-01-01T00:00:00Z"}},
		"in seconds too":                     {`{"NumericGreaterThan": {"aws:EpochTime": "1793491200"}}`, "lambda:GetFunction", orders, [2]string{"aws:CurrentTime", "2020-01-01T00:00:00Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			who := iamtest.Role(t, deployARN, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": `+tc.condition+`}}`)
			iamtest.Can(t, who, tc.action, tc.resource)
			iamtest.Cannot(t, who.Given(tc.given[0], tc.given[1]), tc.action, tc.resource)
		})
	}
}

// The catalogue says which keys are in every request. A test that says nothing
// of one must not pass where it decides, unless it follows from the principal,
// the resource or the default context.
func TestEveryKeyThatIsAlwaysSentCounts(t *testing.T) {
	n := 0
	for key := range catalog.Default().GlobalKeys() {
		if key.Presence != policy.Always && key.Presence != policy.Signed {
			continue
		}
		n++
		t.Run(key.Name, func(t *testing.T) {
			for _, isAbsent := range []string{"true", "false"} {
				r := new(recorder)
				absent := iamtest.Can(r, allowing(t, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Null": {"`+key.Name+`": "`+isAbsent+`"}}}`), "lambda:GetFunction", orders)
				assert.Equal(t, isAbsent == "false", absent, "the request has the key")
			}
		})
	}
	assert.Greater(t, n, 5)
}

// Nothing is added to what the engine's own request says.
func TestTheEnginesRequestIsTakenAsItIs(t *testing.T) {
	document, err := policy.ParseString("a.json", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}}`)
	require.NoError(t, err)
	alice := evaluator.Caller{Principal: evaluator.User("arn:aws:iam::123456789012:user/alice"), Identity: evaluator.MustCompile(policy.Identity, document)}
	target := evaluator.Target{Resource: orders}
	r := new(recorder)
	assert.False(t, iamtest.Denied(r, &alice, &target, &evaluator.Request{Action: "lambda:GetFunction"}))
	requireFails(t, r, "unsaid    aws:SecureTransport")
	secure := evaluator.Context{{Name: "aws:SecureTransport", Values: []string{"true"}}}
	iamtest.Allowed(t, &alice, &target, &evaluator.Request{Action: "lambda:GetFunction", Context: secure})
	r = new(recorder)
	assert.False(t, iamtest.Allowed(r, &alice, &target, &evaluator.Request{Action: "lambda:GetFunction", Context: append(secure, secure...)}))
	requireFails(t, r, "given twice")
}

func TestServicesCallForAResource(t *testing.T) {
	function := iamtest.Resource{ARN: orders, Policies: []string{`{"Version": "2012-10-17", "Statement": {
		"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "lambda:InvokeFunction", "Resource": "` + orders + `",
		"Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}}`}}.Load(t)
	s3 := iamtest.Principal{ARN: "s3.amazonaws.com"}.Load(t)
	r := new(recorder)
	assert.False(t, iamtest.Cannot(r, s3, "lambda:InvokeFunction", function))
	requireFails(t, r, "unsaid    aws:SourceAccount")
	iamtest.Can(t, s3.Given("aws:SourceAccount", "123456789012"), "lambda:InvokeFunction", function)
	iamtest.Cannot(t, s3.Given("aws:SourceAccount", "777788889999"), "lambda:InvokeFunction", function)
}

// Keys that are given for some of the actions of a pattern do not keep the
// others from being asked for (D-5).
func TestAPatternLeavesOutKeysOfOtherActions(t *testing.T) {
	who := deploy(t).Given("iam:PassedToService", "ec2.amazonaws.com")
	iamtest.Cannot(t, who, "iam:*Role", execRole)
}

func TestAnEmptyQuestionFails(t *testing.T) {
	who := deploy(t)
	for name, assert := range map[string]func(iamtest.TestingT) bool{
		"no actions":          func(t iamtest.TestingT) bool { return iamtest.Cannot(t, who, []string{}, orders) },
		"no resources":        func(t iamtest.TestingT) bool { return iamtest.Cannot(t, who, "lambda:GetFunction", []string{}) },
		"no loaded resources": func(t iamtest.TestingT) bool { return iamtest.Cannot(t, who, "lambda:GetFunction", []iamtest.What{}) },
		"nobody":              func(t iamtest.TestingT) bool { return iamtest.Cannot(t, iamtest.Who{}, "lambda:GetFunction", orders) },
		"nothing":             func(t iamtest.TestingT) bool { return iamtest.Cannot(t, who, "lambda:GetFunction", iamtest.What{}) },
		"nobody passes":       func(t iamtest.TestingT) bool { return iamtest.CannotPassRole(t, iamtest.Who{}, execRole, lambda) },
		"nobody calls":        func(t iamtest.TestingT) bool { return iamtest.CanCall(t, iamtest.Who{}, "lambda:GetFunction", "{}") },
		"a resource pattern with a star inside": func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "iam:*", "arn:aws:iam::*:role/admin")
		},
		"the engine's nobody": func(t iamtest.TestingT) bool {
			return iamtest.Denied(t, new(evaluator.Caller), &evaluator.Target{Resource: orders}, &evaluator.Request{Action: "lambda:GetFunction"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := new(recorder)
			require.False(t, assert(r))
			require.Len(t, r.failures, 1)
		})
	}
}

func TestWhoIsAValue(t *testing.T) {
	who := allowing(t, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}}`)
	inside, outside := who.Given("aws:SourceIp", "198.51.100.7"), who.Given("aws:SourceIp", "203.0.113.9")
	iamtest.Can(t, inside, "lambda:GetFunction", orders)
	iamtest.Cannot(t, outside, "lambda:GetFunction", orders)
	assert.False(t, iamtest.Can(new(recorder), who, "lambda:GetFunction", orders))
	assert.Equal(t, "role/deploy", who.String())
	assert.Equal(t, orders, iamtest.Function(t, orders).String())
}
