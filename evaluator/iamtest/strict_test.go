package iamtest_test

import (
	"strings"
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
			[]string{"whether role/deploy can lambda:GetFunction depends on what the test does not say", "unsaid    aws:UserAgent", `write     .Given("aws:UserAgent", "…")`}},
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
		"a star where one resource is named": {everything, nil, "lambda:DeleteFunction", "arn:aws:lambda:us-east-1:123456789012:function:*",
			[]string{"a request names one resource", "(B-19)", "CannotAny"}},
		"a question mark where one resource is named": {everything, nil, "s3:GetObject", "arn:aws:s3:::bucket/?",
			[]string{"a request names one resource"}},
		"a partition that is none": {everything, nil, "lambda:GetFunction", "arn:awss:lambda:us-east-1:123456789012:function:orders",
			[]string{`"awss" in`, `is no partition; did you mean "aws"?`}},
		"an account of eleven digits": {everything, nil, "lambda:GetFunction", "arn:aws:lambda:us-east-1:12345678901:function:orders",
			[]string{`"12345678901" in`, "is no account, which has 12 digits"}},
		"a region that is none": {everything, nil, "lambda:GetFunction", "arn:aws:lambda:useast1:123456789012:function:orders",
			[]string{`"useast1" in`, "is no region, such as us-east-1"}},
		"a service that gets the role and is none": {everything, []string{"iam:PassedToService", "lamda.amazonaws.com"}, "iam:PassRole", execRole,
			[]string{`"lamda.amazonaws.com" is no service principal; did you mean "lambda.amazonaws.com"?`}},
		"a key that every request has, given without a value": {everything, []string{"aws:SecureTransport"}, "lambda:GetFunction", orders,
			[]string{`every request of role/deploy has the context key "aws:SecureTransport": write .Given("aws:SecureTransport", "true") or "false"`}},
		"a key that every signed request has, given without a value": {everything, []string{"aws:PrincipalArn"}, "lambda:GetFunction", orders,
			[]string{`has the context key "aws:PrincipalArn"`}},
		"a session of a role without MFA, said as if it had no key": {everything, []string{"aws:MultiFactorAuthPresent"}, "lambda:GetFunction", orders,
			[]string{`write .Given("aws:MultiFactorAuthPresent", "true") or "false"`}},
		"another region than the ARN's": {everything, []string{"aws:RequestedRegion", "eu-west-1"}, "lambda:GetFunction", orders,
			[]string{`is given as "eu-west-1"`, "is asked in us-east-1: leave the key out"}},
		"another region than a global service's": {everything, []string{"aws:RequestedRegion", "eu-west-1"}, "iam:GetRole", execRole,
			[]string{"is asked in us-east-1"}},
		"another principal than the caller": {everything, []string{"aws:PrincipalArn", "arn:aws:iam::123456789012:role/other"}, "lambda:GetFunction", orders,
			[]string{`context key "aws:PrincipalArn" is given, and another value follows from the principal and the resource: leave it out`}},
		"another account than the caller's": {everything, []string{"aws:PrincipalAccount", "444455556666"}, "lambda:GetFunction", orders,
			[]string{`context key "aws:PrincipalAccount" is given, and another value follows`}},
		"another account than the ARN's": {everything, []string{"aws:ResourceAccount", "444455556666"}, "lambda:GetFunction", orders,
			[]string{`context key "aws:ResourceAccount" is given`, "load the resource with its Account"}},
		"a key that only users have": {everything, []string{"aws:username", "bob"}, "lambda:GetFunction", orders,
			[]string{`no request of role/deploy has the context key "aws:username" with this value: leave it out`}},
		"a key that only services have": {everything, []string{"aws:PrincipalServiceName", "s3.amazonaws.com"}, "lambda:GetFunction", orders,
			[]string{`no request of role/deploy has the context key "aws:PrincipalServiceName"`}},
		"a region with a typo in the ARN": {everything, nil, "lambda:GetFunction", strings.Replace(orders, "us-east-1", "us-esat-1", 1),
			[]string{`"us-esat-1" in`, "is no region"}},
		"a region that is empty": {everything, []string{"aws:RequestedRegion", ""}, "s3:GetObject", "arn:aws:s3:::bucket/key",
			[]string{`"" is no region, such as us-east-1`}},
		"a region that is none, of an action that is none": {everything, nil, "lambda:GetFuncton", strings.Replace(orders, "us-east-1", "useast1", 1),
			[]string{`did you mean "lambda:GetFunction"?`, `"useast1" in`}},
		"an account that other resources have in the place of an id": {everything, nil, "mediaconnect:DescribeFlow", "arn:aws:mediaconnect:us-east-1:offering:x",
			[]string{`"offering" in`, "is no account"}},
		"a number decides": {under(`{"NumericLessThan": {"s3:object-lock-remaining-retention-days": "30"}}`), nil, "s3:PutObject", "arn:aws:s3:::bucket/key",
			[]string{`write     .Given("s3:object-lock-remaining-retention-days", "1"), or .Given("s3:object-lock-remaining-retention-days") for a request without it`}},
		"a date decides": {under(`{"DateLessThan": {"s3:object-lock-retain-until-date": "2027-01-01T00:00:00Z"}}`), nil, "s3:PutObject", "arn:aws:s3:::bucket/key",
			[]string{`write     .Given("s3:object-lock-retain-until-date", "2026-01-01T00:00:00Z"), or`}},
		"the seconds decide, and the time is given without a time of day": {under(`{"NumericGreaterThan": {"aws:EpochTime": "1"}}`), []string{"aws:CurrentTime", "2026-11-23"}, "lambda:GetFunction", orders,
			[]string{"unsaid    aws:EpochTime"}},
		"a region with a typo": {everything, []string{"aws:RequestedRegion", "useast1"}, "s3:GetObject", "arn:aws:s3:::bucket/key",
			[]string{`"useast1" is no region, such as us-east-1`}},
		"the region in which a role is passed": {
			`{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1", "iam:PassedToService": "lambda.amazonaws.com"}}}`,
			[]string{"iam:PassedToService", "lambda.amazonaws.com"}, "iam:PassRole", execRole, []string{"unsaid    aws:RequestedRegion", `write     .Given("aws:RequestedRegion", "…")`}},
		"the region of an event that is of all": {
			`{"Effect": "Allow", "Action": "health:*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}`, nil,
			"health:DescribeEventDetails", "arn:aws:health:global::event/IAM/AWS_IAM_OPERATIONAL_ISSUE/x", []string{"unsaid    aws:RequestedRegion"}},
		"a role whose trust policy is not loaded": {everything, nil, "sts:AssumeRole", execRole,
			[]string{"whether role/deploy can sts:AssumeRole depends on the trust policy, which is not loaded", `write     iamtest.Resource{ARN: "` + execRole + `", Policies: []string{"trust-policy.json"}}.Load(t)`}},
		"a key whose policy is not loaded": {`{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`, nil, "kms:Decrypt", key,
			[]string{"depends on the key policy, which is not loaded"}},
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

// A denial of assuming a role or using a key is definite where it stands
// whatever the policy says that is not loaded (L-7).
func TestWhatStandsWhateverAPolicySaysIsDefinite(t *testing.T) {
	denying := allowing(t, `[{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": ["sts:*", "kms:*"], "Resource": "*"}]`)
	iamtest.ExplicitlyDenied(t, denying, "sts:AssumeRole", execRole)
	iamtest.CannotAny(t, denying, []string{"sts:AssumeRole", "kms:Decrypt"}, "*")

	bounded := iamtest.Principal{ARN: deployARN, Policies: []string{"arn:aws:iam::aws:policy/AdministratorAccess"}, Boundary: `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}}`}.Load(t)
	iamtest.DeniedBy(t, bounded, "sts:AssumeRole", execRole, policy.BoundaryLayer)
	iamtest.CannotAny(t, bounded, "sts:AssumeRole*", "*")

	role := iamtest.Resource{ARN: execRole, Policies: []string{"testdata/exec-trust.json"}}.Load(t)
	iamtest.DeniedBy(t, allowing(t, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`), "sts:AssumeRole", role, policy.TrustLayer)

	elsewhere := iamtest.Role(t, "arn:aws:iam::444455556666:role/caller", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`)
	iamtest.DeniedBy(t, elsewhere, []string{"sts:AssumeRole"}, execRole, policy.IdentityLayer, "across accounts nothing stands for the caller's own Allow")
	iamtest.Cannot(t, elsewhere, "lambda:InvokeFunction", orders, "a function may well have no policy")
	invoking := iamtest.Role(t, "arn:aws:iam::444455556666:role/caller", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}}`)
	iamtest.CannotAny(t, invoking, "lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:*", "nor may any other")

	r := new(recorder)
	assert.False(t, iamtest.CannotAny(r, allowing(t, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`), []string{"sts:AssumeRole", "kms:Decrypt"}, "*"))
	requireFails(t, r, "is not settled for sts:AssumeRole on", "its trust policy is not loaded", "is not settled for kms:Decrypt on", "its key policy is not loaded")
}

func TestAStarThatIsInTheNameOfAResource(t *testing.T) {
	who := allowing(t, `{"Effect": "Allow", "Action": "lambda:ListLayerVersions", "Resource": "arn:aws:lambda:us-east-1:123456789012:layer:*"}`)
	iamtest.Can(t, who, "lambda:ListLayerVersions", iamtest.Target(evaluator.Target{Resource: "arn:aws:lambda:us-east-1:123456789012:layer:*"}))
}

// What looks unusual and is right.
func TestUnusualNamesAreNoTypos(t *testing.T) {
	pass := allowing(t, `{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}`)
	for _, service := range []string{
		"ecs-tasks.amazonaws.com", "edgelambda.amazonaws.com", "lexv2.amazonaws.com", "spot.amazonaws.com", "ops.apigateway.amazonaws.com",
		"delivery.logs.amazonaws.com", "vpc-flow-logs.amazonaws.com", "ec2.amazonaws.com.cn", "wafv2.amazonaws.com", "opensearchservice.amazonaws.com",
	} {
		iamtest.CanPassRole(t, pass, execRole, service)
	}
	all := allowing(t, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`)
	iamtest.Can(t, all, "ec2:RunInstances", "arn:aws:ec2:us-east-1::image/ami-1a2b3c4d")
	iamtest.Can(t, all, "health:DescribeEventDetails", "arn:aws:health:global::event/IAM/AWS_IAM_OPERATIONAL_ISSUE/x")
	iamtest.Can(t, all, "mediaconnect:DescribeOffering", iamtest.Resource{ARN: "arn:aws:mediaconnect:us-east-1:offering:x", Account: "123456789012"}.Load(t))
	iamtest.Can(t, all.Given("aws:RequestedRegion", "us-east-1"), "health:DescribeAffectedEntities", iamtest.Target(evaluator.Target{Resource: "arn:aws:health:*::event/LAMBDA/x/y", Account: "123456789012"}))
	iamtest.Can(t, all.Given("aws:RequestedRegion", "us-east-1"), "braket:CreateJob", iamtest.Target(evaluator.Target{Resource: "arn:aws:braket:*:*:device/qpu/rigetti/x", Account: "123456789012"}))
	iamtest.Can(t, all.Given("aws:username"), "lambda:GetFunction", orders, "a role has none, and that may be said")
	iamtest.Can(t, all, "iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess")
	iamtest.Can(t, iamtest.Role(t, "arn:aws-eusc:iam::123456789012:role/deploy", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`),
		"lambda:GetFunction", "arn:aws-eusc:lambda:eusc-de-east-1:123456789012:function:orders")
	iamtest.Can(t, all.Given("aws:ResourceAccount", "123456789012").Given("aws:PrincipalArn", deployARN), "lambda:GetFunction", orders)
	iamtest.Cannot(t, all.Given("aws:SourceIp").Given("aws:RequestedRegion", "eu-west-1"), "s3:GetObject", iamtest.Resource{ARN: "arn:aws:s3:::bucket/key", Account: "444455556666"}.Load(t))
}

// IAM's endpoint is in us-east-1 in the partition aws alone (D.2).
func TestTheRegionOfAGlobalService(t *testing.T) {
	const east = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}}`
	iamtest.Can(t, iamtest.User(t, "arn:aws:iam::123456789012:user/alice", east), "iam:ListUsers", "*")
	r := new(recorder)
	assert.False(t, iamtest.Can(r, iamtest.User(t, "arn:aws-us-gov:iam::123456789012:user/alice", east), "iam:ListUsers", "*"))
	requireFails(t, r, "unsaid    aws:RequestedRegion", `write     .Given("aws:RequestedRegion", "…")`)
	assert.NotContains(t, r.text(), "without it")

	// For a pattern of actions the region is that of those which can have it.
	iamtest.CannotAny(t, deploy(t).Given("aws:RequestedRegion", "eu-west-1"), "iam:Create*", "*")
}

func TestKeysThatAUserHas(t *testing.T) {
	alice := iamtest.User(t, "arn:aws:iam::123456789012:user/alice", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`)
	r := new(recorder)
	assert.False(t, iamtest.Can(r, alice.Given("aws:username"), "lambda:GetFunction", orders))
	requireFails(t, r, `every request of user/alice has the context key "aws:username"`)
	r = new(recorder)
	assert.False(t, iamtest.Can(r, alice.Given("aws:username", "bob"), "lambda:GetFunction", orders))
	requireFails(t, r, `context key "aws:username" is given, and another value follows`)
	iamtest.Can(t, alice.Given("aws:MultiFactorAuthPresent"), "lambda:GetFunction", orders, "with an access key")
}

// Resources of the caller's account are in the caller's organization.
// Of what the engine knows in part, the rest cannot be anything.
func TestKeysThatContradictWhatIsKnownInPart(t *testing.T) {
	const everything = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`
	session := iamtest.Principal{ARN: "arn:aws:sts::123456789012:assumed-role/deploy/ci", Policies: []string{everything}}.Load(t)
	red := iamtest.Resource{ARN: orders, Tags: map[string]string{"team": "red"}}.Load(t)
	for name, tc := range map[string]struct {
		who iamtest.Who
		key string
	}{
		"another session":      {session.Given("aws:userid", "AROAX:other"), "aws:userid"},
		"another role":         {session.Given("aws:PrincipalArn", "arn:aws:iam::123456789012:role/other"), "aws:PrincipalArn"},
		"a role of another":    {session.Given("aws:PrincipalArn", "arn:aws:iam::444455556666:role/deploy"), "aws:PrincipalArn"},
		"another tag":          {session.Given("aws:ResourceTag/team", "blue"), "aws:ResourceTag/team"},
		"a tag that is not on": {session.Given("aws:ResourceTag/stage", "prod"), "aws:ResourceTag/stage"},
	} {
		t.Run(name, func(t *testing.T) {
			r := new(recorder)
			assert.False(t, iamtest.Can(r, tc.who, "lambda:GetFunction", red))
			requireFails(t, r, tc.key, "leave it out")
		})
	}
	iamtest.Can(t, session.Given("aws:PrincipalAccount", "123456789012"), "lambda:GetFunction", red, "what follows may be said")
	iamtest.Can(t, session.Given("aws:userid", "AROAX:ci").Given("aws:PrincipalArn", "arn:aws:iam::123456789012:role/path/deploy").Given("aws:ResourceTag/Team", "red"),
		"lambda:GetFunction", red)
}

// What copies from another region, or connects with it, is asked in one of the
// two.
func TestARegionBesideTheARNsIsNoContradictionForAll(t *testing.T) {
	who := allowing(t, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}`)
	iamtest.Can(t, who.Given("aws:RequestedRegion", "us-east-1"), "ec2:CopySnapshot", "arn:aws:ec2:eu-west-1::snapshot/snap-1a2b3c4d")
}

func TestAResourceOfTheAccountIsInItsOrganization(t *testing.T) {
	who := iamtest.Principal{
		ARN: deployARN, Organization: &evaluator.Organization{ID: "o-a1b2c3d4e5", Paths: []string{"o-a1b2c3d4e5/r-ab12/"}},
		Policies: []string{`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},
			{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceOrgID": "o-a1b2c3d4e5"}}}]}`},
	}.Load(t)
	iamtest.ExplicitlyDenied(t, who, "lambda:GetFunction", orders)
	iamtest.ExplicitlyDenied(t, who, "lambda:ListFunctions", "*")
	iamtest.DeniedBy(t, who, "lambda:InvokeFunction", "arn:aws:lambda:us-east-1:444455556666:function:other", policy.ResourceLayer)
	iamtest.DeniedBy(t, who, "s3:GetObject", iamtest.Resource{ARN: "arn:aws:s3:::bucket/key", Account: "444455556666"}.Load(t), policy.ResourceLayer)
	iamtest.ExplicitlyDenied(t, who, "s3:GetObject", iamtest.Resource{ARN: "arn:aws:s3:::bucket/key", Account: "123456789012"}.Load(t))
}

// What is said of the organization of a resource counts before that of the caller.
func TestAResourceThatIsSaidToBeOfAnotherOrganization(t *testing.T) {
	who := iamtest.Principal{
		ARN: deployARN, Organization: &evaluator.Organization{ID: "o-a1b2c3d4e5"},
		Policies: []string{`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceOrgID": "o-a1b2c3d4e5"}}}}`},
	}.Load(t)
	iamtest.Can(t, who, "lambda:GetFunction", orders)
	iamtest.Cannot(t, who, "lambda:GetFunction", iamtest.Resource{ARN: orders, Organization: &evaluator.Organization{ID: "o-other00000"}}.Load(t))
}

func TestWhatTheTestSaysIsDefinite(t *testing.T) {
	address := allowing(t, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}}`)
	iamtest.Can(t, address.Given("aws:SourceIp", "198.51.100.7"), "lambda:GetFunction", orders)
	iamtest.Cannot(t, address.Given("aws:SourceIp", "203.0.113.9"), "lambda:GetFunction", orders)
	iamtest.Cannot(t, address.Given("aws:SourceIp"), "lambda:GetFunction", orders, "a request without the key")
	iamtest.Can(t, address.Given("aws:SourceIp", "203.0.113.9").Given("AWS:sourceip", "198.51.100.7"), "lambda:GetFunction", orders, "the last word counts")

	endpoint := allowing(t, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}}`)
	iamtest.Cannot(t, endpoint.Given("aws:SourceVpce"), "lambda:GetFunction", orders)
	iamtest.Can(t, endpoint.Given("aws:SourceVpce", "vpce-1a2b3c4d"), "lambda:GetFunction", orders)
}

func TestDefaultContext(t *testing.T) {
	for name, tc := range map[string]struct {
		condition        string
		action, resource string
		given            [2]string // in its place, where a request can have another
	}{
		"calls are encrypted":                {`{"Bool": {"aws:SecureTransport": "true"}}`, "lambda:GetFunction", orders, [2]string{"aws:SecureTransport", "false"}},
		"no service calls for the principal": {`{"Bool": {"aws:ViaAWSService": "false"}}`, "lambda:GetFunction", orders, [2]string{"aws:ViaAWSService", "true"}},
		"the region is that of the ARN":      {`{"StringEquals": {"aws:RequestedRegion": "us-east-1"}}`, "lambda:GetFunction", orders, [2]string{}},
		"IAM is in us-east-1":                {`{"StringEquals": {"aws:RequestedRegion": "us-east-1"}}`, "iam:GetRole", execRole, [2]string{}},
		"the time is now":                    {`{"DateGreaterThan": {"aws:CurrentTime": "2026-11-01T00:00:00Z"}}`, "lambda:GetFunction", orders, [2]string{"aws:CurrentTime", "2020-01-01T00:00:00Z"}},
		"in seconds too":                     {`{"NumericGreaterThan": {"aws:EpochTime": "1793491200"}}`, "lambda:GetFunction", orders, [2]string{"aws:CurrentTime", "2020-01-01T00:00:00Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			who := iamtest.Role(t, deployARN, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": `+tc.condition+`}}`)
			iamtest.Can(t, who, tc.action, tc.resource)
			if tc.given[0] != "" {
				iamtest.Cannot(t, who.Given(tc.given[0], tc.given[1]), tc.action, tc.resource)
			}
		})
	}
}

// The catalogue says which keys are in every request. A test that says nothing
// of one must not pass where it decides, unless it follows from the principal,
// the resource or the default context.
func TestEveryKeyThatIsAlwaysSentCounts(t *testing.T) {
	n := 0
	for key := range catalog.Default().GlobalKeys() {
		if !key.Always && !key.WhenSigned {
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
		"a resource pattern that ends in a question mark": func(t iamtest.TestingT) bool { return iamtest.CannotAny(t, who, "iam:*", "?") },
		"any resource of an action that has none": func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "lambda:ListFunctions", "arn:aws:lambda:us-east-1:123456789012:*")
		},
		"any resource of another service": func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "lambda:DeleteFunction", "arn:aws:iam::123456789012:role/*")
		},
		"any resource of a type that is none": func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "lambda:*", "arn:aws:lambda:us-east-1:123456789012:functoin:prod-*")
		},
		"any resource of an account of eleven digits": func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "iam:PassRole", "arn:aws:iam::12345678901:role/*")
		},
		"any resource of a partition that is none": func(t iamtest.TestingT) bool {
			return iamtest.CannotAny(t, who, "iam:PassRole", "arn:awss:*")
		},
		"a service in upper case": func(t iamtest.TestingT) bool {
			return iamtest.CannotPassRole(t, who, auditRole, "Lambda.amazonaws.com")
		},
		"a service with a letter too few": func(t iamtest.TestingT) bool {
			return iamtest.CannotPassRole(t, who, auditRole, "lamda.amazonaws.com")
		},
		"a star in the name of a role that is passed": func(t iamtest.TestingT) bool {
			return iamtest.CannotPassRole(t, who, "arn:aws:iam::123456789012:role/*", lambda)
		},
		"a star in a row of a matrix": func(t iamtest.TestingT) bool {
			return iamtest.Matrix{Who: map[string]iamtest.Who{"deploy": who}, Rows: []iamtest.Row{{Action: "lambda:DeleteFunction", Resource: orders + "*"}}}.Check(t)
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

func TestAWrongPatternOfResourcesIsToldOnce(t *testing.T) {
	r := new(recorder)
	assert.False(t, iamtest.CannotAny(r, deploy(t), []string{"iam:Get*", "iam:PassRole"}, "arn:aws:iam::*:role/admin"))
	assert.Equal(t, `resource "arn:aws:iam::*:role/admin": a pattern of resources ends in its only *`, r.text())
}

func TestWhoIsAValue(t *testing.T) {
	who := allowing(t, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}}`)
	inside, outside := who.Given("aws:SourceIp", "198.51.100.7"), who.Given("aws:SourceIp", "203.0.113.9")
	iamtest.Can(t, inside, "lambda:GetFunction", orders)
	iamtest.Cannot(t, outside, "lambda:GetFunction", orders)
	assert.False(t, iamtest.Can(new(recorder), who, "lambda:GetFunction", orders))
	assert.Equal(t, "role/deploy", who.String())
	assert.Equal(t, lambda, iamtest.Principal{ARN: lambda}.Load(t).String())
	assert.Equal(t, "anonymous", iamtest.Principal{ARN: "anonymous"}.Load(t).String())
	assert.Equal(t, "nobody", iamtest.Caller(evaluator.Caller{}).String())
	assert.Equal(t, orders, iamtest.Function(t, orders).String())
}
