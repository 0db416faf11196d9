package iamtest_test

import (
	"embed"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/stretchr/testify/suite"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/policy"
)

//go:embed testdata
var embedded embed.FS

func TestPoliciesAreLoaded(t *testing.T) {
	const allowGet = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"}}`
	const alice = "arn:aws:iam::123456789012:user/alice"
	for name, who := range map[string]iamtest.Who{
		"a role from a file":                  iamtest.Role(t, deployARN, "testdata/deploy-role.json"),
		"a user, inline":                      iamtest.User(t, alice, allowGet),
		"an AWS managed policy":               iamtest.User(t, alice, "arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess"),
		"of another partition":                iamtest.User(t, alice, "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"),
		"an AWS managed policy by its name":   iamtest.User(t, alice, "AWSLambda_ReadOnlyAccess"),
		"what aws iam get-user-policy prints": iamtest.User(t, alice, `{"UserName": "alice", "PolicyName": "p", "PolicyDocument": `+allowGet+`}`),
		"a list of statements":                iamtest.User(t, alice, `[{"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"}]`),
		"a folder, of YAML too": iamtest.Principal{ARN: alice, Policies: []string{"all"}, FS: fstest.MapFS{
			"all/a.yaml": {Data: []byte("Version: 2012-10-17\nStatement: {Effect: Allow, Action: 'lambda:*', Resource: '*'}\n")},
			"all/b.json": {Data: []byte(`{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "lambda:Delete*", "Resource": "*"}}`)},
		}}.Load(t),
		"of a user's group":       iamtest.Principal{ARN: alice, Groups: []iamtest.Group{{Name: "readers", Policies: []string{allowGet}}}}.Load(t),
		"from an embedded folder": iamtest.Principal{ARN: deployARN, Policies: []string{"testdata/deploy-role.json"}, FS: embedded}.Load(t),
		"a session of a role":     iamtest.Principal{ARN: "arn:aws:sts::123456789012:assumed-role/deploy/s", Role: deployARN, Policies: []string{allowGet}}.Load(t),
		"a session policy":        iamtest.Principal{ARN: deployARN, Policies: []string{allowGet}, Session: []string{allowGet}}.Load(t),
		"a federated user":        iamtest.Principal{ARN: "arn:aws:sts::123456789012:federated-user/bob", ParentUser: alice, Policies: []string{allowGet}, Session: []string{allowGet}}.Load(t),
		"tags, id and organization": iamtest.Principal{
			ARN: alice, UniqueID: "AIDAALICE", Tags: map[string]string{"team": "red"}, SessionTags: map[string]string{"job": "ci"},
			Organization: &evaluator.Organization{ID: "o-a1b2c3d4e5"},
			Policies: []string{`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*", "Condition": {"StringEquals": {
				"aws:PrincipalTag/team": "red", "aws:PrincipalTag/job": "ci", "aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:userid": "AIDAALICE"}}}}`},
		}.Load(t),
	} {
		t.Run(name, func(t *testing.T) {
			iamtest.Can(t, who, "lambda:GetFunction", orders)
			iamtest.Cannot(t, who, "lambda:DeleteFunction", orders)
		})
	}
	t.Run("the tags of a resource", func(t *testing.T) {
		who := iamtest.Role(t, deployARN, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*",
			"Condition": {"StringEquals": {"aws:ResourceTag/team": "red"}}}}`)
		iamtest.Can(t, who, "lambda:GetFunction", iamtest.Resource{ARN: orders, Tags: map[string]string{"team": "red"}}.Load(t))
		iamtest.Cannot(t, who, "lambda:GetFunction", orders)
	})
	t.Run("resource control policies", func(t *testing.T) {
		guarded := iamtest.Resource{ARN: "arn:aws:s3:::bucket/key", Account: "123456789012", RCPs: [][]string{{`{"Version": "2012-10-17", "Statement":
			{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`}}}.Load(t)
		who := iamtest.Role(t, deployARN, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`)
		iamtest.DeniedBy(t, who, "s3:GetObject", guarded, policy.RCPLayer)
	})
	t.Run("a level of service control policies without any allows nothing", func(t *testing.T) {
		who := iamtest.Principal{ARN: deployARN, Policies: []string{allowGet}, SCPs: [][]string{nil}}.Load(t)
		iamtest.DeniedBy(t, who, "lambda:GetFunction", orders, policy.SCPLayer)
	})
	t.Run("a caller of the engine's", func(t *testing.T) {
		iamtest.Can(t, iamtest.Caller(*caller(t)), "lambda:GetFunction", iamtest.Target(evaluator.Target{Resource: orders}))
	})
}

// A test without its policies has nothing to say, and stops.
func TestAPolicyThatCannotBeLoadedFailsTheTest(t *testing.T) {
	for name, tc := range map[string]struct {
		load func(t iamtest.TestingT)
		says []string
	}{
		"a document with faults: each with its place": {
			func(t iamtest.TestingT) { iamtest.Role(t, deployARN, "testdata/broken.json") },
			[]string{"the policies of role/deploy cannot be loaded:\n  testdata/broken.json:4:16: ", "\n  testdata/broken.json:5:25: "}},
		"no such file": {func(t iamtest.TestingT) { iamtest.Role(t, deployARN, "testdata/none.json") }, []string{"testdata/none.json"}},
		"no such embedded file": {func(t iamtest.TestingT) {
			iamtest.Principal{ARN: deployARN, Boundary: "none.json", FS: embedded}.Load(t)
		}, []string{"none.json"}},
		"a partition that is none": {func(t iamtest.TestingT) { iamtest.Role(t, "arn:awss:iam::123456789012:role/deploy") },
			[]string{`"awss" in "arn:awss:iam::123456789012:role/deploy" is no partition; did you mean "aws"?`}},
		"a service that is none": {func(t iamtest.TestingT) { iamtest.Principal{ARN: "lamda.amazonaws.com"}.Load(t) },
			[]string{`"lamda.amazonaws.com" is no service principal; did you mean "lambda.amazonaws.com"?`}},
		"an owner that is none": {func(t iamtest.TestingT) { iamtest.Resource{ARN: "arn:aws:s3:::bucket", Account: "12345678901"}.Load(t) },
			[]string{`"12345678901" is no account id, which has 12 digits`}},
		"no path":            {func(t iamtest.TestingT) { iamtest.Role(t, deployARN, "") }, []string{`a policy is ""`}},
		"an inline document": {func(t iamtest.TestingT) { iamtest.Role(t, deployARN, "{}", "{") }, []string{"inline policy of role/deploy", "inline policy 2 of role/deploy:1:2"}},
		"a managed policy that is none": {
			func(t iamtest.TestingT) {
				iamtest.Role(t, deployARN, "arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAcces")
			},
			[]string{`did you mean "arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess"?`}},
		"a policy of another kind": {
			func(t iamtest.TestingT) { iamtest.Role(t, deployARN, "testdata/orders-policy.json") },
			[]string{"testdata/orders-policy.json:6:"}},
		"an identity policy on a function": {
			func(t iamtest.TestingT) { iamtest.Function(t, orders, "testdata/deploy-role.json") },
			[]string{"the policies of function:orders cannot be loaded", "testdata/deploy-role.json:4:5"}},
		"a policy of a function on a role": {func(t iamtest.TestingT) {
			iamtest.Resource{ARN: execRole, Policies: []string{"testdata/orders-policy.json"}}.Load(t)
		},
			[]string{"the policies of role/orders-exec cannot be loaded", "testdata/orders-policy.json:"}},
		"a principal that is none": {func(t iamtest.TestingT) { iamtest.Role(t, "deploy") }, []string{`"deploy"`}},
		"a function that is none":  {func(t iamtest.TestingT) { iamtest.Function(t, "orders") }, []string{`"orders"`}},
		"the session of another role": {func(t iamtest.TestingT) {
			iamtest.Principal{ARN: "arn:aws:sts::123456789012:assumed-role/ops/s", Role: deployARN}.Load(t)
		}, []string{"is no session of role"}},
		"a role in a group": {func(t iamtest.TestingT) {
			iamtest.Principal{ARN: deployARN, Groups: []iamtest.Group{{Name: "g"}}}.Load(t)
		}, []string{"only users are in groups"}},
		"a user with a role": {func(t iamtest.TestingT) {
			iamtest.Principal{ARN: "arn:aws:iam::123456789012:user/a", Role: deployARN}.Load(t)
		}, []string{"which alone has Role"}},
		"a user who is federated": {func(t iamtest.TestingT) {
			iamtest.Principal{ARN: "arn:aws:iam::123456789012:user/a", ParentUser: deployARN}.Load(t)
		}, []string{"which alone has ParentUser"}},
		"a service with an id":       {func(t iamtest.TestingT) { iamtest.Principal{ARN: lambda, UniqueID: "AIDA"}.Load(t) }, []string{"which alone have a UniqueID"}},
		"a service with tags":        {func(t iamtest.TestingT) { iamtest.Principal{ARN: lambda, Tags: map[string]string{"a": "b"}}.Load(t) }, []string{"which alone have tags"}},
		"faults of several policies": {func(t iamtest.TestingT) { iamtest.Role(t, deployARN, "testdata/none.json", "testdata/broken.json") }, []string{"testdata/none.json", "testdata/broken.json:4:16"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := record(func(t *recorder) {
				tc.load(t)
				t.Errorf("the test went on")
			})
			assert.True(t, r.stopped)
			requireFails(t, r, tc.says...)
		})
	}
}

func TestABoundaryIsOnePolicy(t *testing.T) {
	const allow = `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`
	files := fstest.MapFS{"all/a.json": {Data: []byte(allow)}, "all/b.json": {Data: []byte(allow)}}
	r := record(func(t *recorder) { iamtest.Principal{ARN: deployARN, Boundary: "all", FS: files}.Load(t) })
	requireFails(t, r, "the policies of role/deploy cannot be loaded:\n  there is one permissions boundary at most, and the folder all has 2")
	assert.Equal(t, 1, strings.Count(r.text(), "\n"), "it is told once")
}

// errorf is a test that cannot be stopped.
type errorf struct{ *recorder }

func (errorf) FailNow(string) {}

func TestWhereATestCannotStopNothingHoldsOfWhatWasNotLoaded(t *testing.T) {
	r := new(recorder)
	who := iamtest.Role(errorf{r}, deployARN, "testdata/broken.json")
	require.False(t, r.stopped)
	require.Len(t, r.failures, 1)
	assert.False(t, iamtest.Cannot(errorf{r}, who, "lambda:GetFunction", orders))
	assert.False(t, iamtest.Can(errorf{r}, who, "lambda:GetFunction", orders))
	assert.Len(t, r.failures, 3)
}

func TestRequireStops(t *testing.T) {
	r := record(func(t *recorder) {
		must := iamtest.Require(t)
		iamtest.Can(must, deploy(must), "lambda:GetFunction", orders)
		iamtest.Can(must, deploy(must), "lambda:InvokeFunction", orders)
		iamtest.Can(must, deploy(must), "lambda:CreateAlias", orders)
	})
	assert.True(t, r.stopped)
	requireFails(t, r, "lambda:InvokeFunction")

	must := iamtest.Require(t)
	iamtest.Can(must, deploy(must), "lambda:GetFunction", orders)
}

// Require stops a test that tells lines as well.
func TestRequireStopsATestThatTellsLines(t *testing.T) {
	p := &placed{helpers: map[string]bool{}}
	done := make(chan struct{})
	went := false
	go func() {
		defer close(done)
		iamtest.Can(iamtest.Require(p), deploy(t), "lambda:InvokeFunction", orders)
		went = true
	}()
	<-done
	assert.True(t, p.stopped)
	assert.False(t, went)
	require.Len(t, p.failures, 1)
}

// A policySuite is a suite of testify's.
type policySuite struct {
	suite.Suite
	deploy iamtest.Who
}

func (s *policySuite) SetupTest() { s.deploy = deploy(s.T()) }

func (s *policySuite) TestAssertions() {
	iamtest.Can(s.T(), s.deploy, "lambda:GetFunction", orders)
	s.Require().True(iamtest.Cannot(s.T(), s.deploy, "lambda:GetFunction", payments))
}

func (s *policySuite) TestInSubtests() {
	s.Run("of the suite", func() { iamtest.CanPassRole(s.T(), s.deploy, execRole, lambda) })
}

func TestSuite(t *testing.T) { suite.Run(t, new(policySuite)) }

func TestTestifyCallsItsOwnTheSame(t *testing.T) {
	r := new(recorder)
	require.True(t, assert.True(r, true))
	var _ iamtest.TestingT = assert.TestingT(r)
	var _ iamtest.TestingT = require.TestingT(r)
	var _ iamtest.TestingT = testing.TB(t)
}

// One principal serves any number of tests at once.
func TestParallel(t *testing.T) {
	who := deploy(t)
	var coverage iamtest.Coverage
	counted := who.CountIn(&coverage)
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for range 20 {
				iamtest.Can(t, who, "lambda:GetFunction", orders)
				iamtest.Cannot(t, counted.Given("aws:SourceIp", "203.0.113.9"), "lambda:DeleteFunction", orders)
				iamtest.CannotAny(t, who, "iam:Create*", "*")
			}
		})
	}
}

func FuzzAssertionsTakeAnything(f *testing.F) {
	f.Add("lambda:GetFunction", orders, "aws:SourceIp", "203.0.113.9")
	f.Add("lambda:*", "arn:aws:iam::123456789012:role/*", "iam:PassedToService", lambda)
	f.Add("*", "*", "aws:CurrentTime", "now")
	f.Fuzz(func(t *testing.T, action, resource, key, value string) {
		if action == "*" {
			action = "iam:*"
		}
		who := deploy(t).Given(key, value)
		r := new(recorder)
		can, cannot := iamtest.Can(r, who, action, resource), iamtest.Cannot(r, who, action, resource)
		if can && cannot {
			t.Errorf("%s on %s both can and cannot", action, resource)
		}
		iamtest.CannotAny(r, who, action, resource)
		iamtest.CanCall(r, who, action, resource)
	})
}
