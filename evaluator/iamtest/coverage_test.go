package iamtest_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/internal/golden"
)

func covered(t *testing.T) *iamtest.Coverage {
	coverage := new(iamtest.Coverage)
	who := iamtest.Role(t, deployARN, "testdata/covered.json", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}`).CountIn(coverage)
	iamtest.Can(t, who, "lambda:GetFunction", orders)
	iamtest.Cannot(t, who, "lambda:GetFunction", payments)
	iamtest.ExplicitlyDenied(t, who, "lambda:DeleteFunction", orders)
	partner := iamtest.Role(t, "arn:aws:iam::444455556666:role/caller", "testdata/boundary.json").CountIn(coverage)
	iamtest.Can(t, partner, "lambda:InvokeFunction", iamtest.Function(t, orders, "testdata/orders-policy.json"))
	return coverage
}

func TestCoverageSaysWhatNeverDecided(t *testing.T) {
	var text bytes.Buffer
	require.NoError(t, covered(t).Report(iamtest.Report{Output: &text}))
	assert.Equal(t, `inline policy of role/deploy: 0% decided in a test
  inline policy of role/deploy:1:40: Statement never decided in a test
  inline policy of role/deploy:1:70: Action s3:GetObject never decided in a test
testdata/boundary.json: 100% decided in a test
testdata/covered.json: 63% decided in a test
  testdata/covered.json:7:40: Action lambda:UpdateFunctionCode never decided in a test
  testdata/covered.json:14:5: Statement Sizes never decided in a test
  testdata/covered.json:16:72: Action s3:PutObject never decided in a test
  testdata/covered.json:21:36: NotAction lambda:Update* never decided in a test
testdata/orders-policy.json: 100% decided in a test
policies: 64% decided in a test (statements 4 of 6, actions 4 of 8, conditions 3 of 3)
`, text.String())
}

// An element that alone kept a statement from applying has decided, too.
func TestWhatKeepsAStatementFromApplyingDecides(t *testing.T) {
	for name, tc := range map[string]struct {
		statement string
		ask       func(t iamtest.TestingT, who iamtest.Who)
		covered   bool
	}{
		"a condition that does not hold": {
			`{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}`,
			func(t iamtest.TestingT, who iamtest.Who) { iamtest.Cannot(t, who, "lambda:GetFunction", orders) }, true},
		"a condition beside another that does not hold": {
			`{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1", "aws:PrincipalTag/a": "b"}}}`,
			func(t iamtest.TestingT, who iamtest.Who) { iamtest.Cannot(t, who, "lambda:GetFunction", orders) }, false},
		"a condition of a statement on another resource": {
			`{"Effect": "Allow", "Action": "lambda:*", "Resource": "` + payments + `", "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}`,
			func(t iamtest.TestingT, who iamtest.Who) { iamtest.Cannot(t, who, "lambda:GetFunction", orders) }, false},
		"a condition beside another that holds": {
			`{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}`,
			func(t iamtest.TestingT, who iamtest.Who) { iamtest.Cannot(t, who, "lambda:GetFunction", orders) }, true},
		"a condition that holds beside another that does not": {
			`{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:RequestedRegion": "us-east-1"}}}`,
			func(t iamtest.TestingT, who iamtest.Who) { iamtest.Cannot(t, who, "lambda:GetFunction", orders) }, false},
		"a condition that is left open": {
			`{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringLike": {"aws:UserAgent": "ci/*"}, "StringEquals": {"aws:RequestedRegion": "us-east-1"}}}`,
			func(t iamtest.TestingT, who iamtest.Who) { iamtest.Cannot(t, who, "lambda:GetFunction", orders) }, false},
		"a condition of a Deny that spares the request": {
			`[{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}, {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}]`,
			func(t iamtest.TestingT, who iamtest.Who) { iamtest.Can(t, who, "lambda:GetFunction", orders) }, true},
		"a condition of a statement on other actions": {
			`{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}`,
			func(t iamtest.TestingT, who iamtest.Who) { iamtest.Cannot(t, who, "lambda:GetFunction", orders) }, false},
		"an assertion that fails": {
			`{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}`,
			func(t iamtest.TestingT, who iamtest.Who) { iamtest.Cannot(t, who, "lambda:GetFunction", orders) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			var coverage iamtest.Coverage
			tc.ask(new(recorder), allowing(t, tc.statement).CountIn(&coverage))
			var text bytes.Buffer
			require.NoError(t, coverage.Report(iamtest.Report{Output: &text}))
			assert.Equal(t, !tc.covered, strings.Contains(text.String(), "Condition StringEquals aws:RequestedRegion never decided"), text.String())
		})
	}
}

func TestAPolicyOfTheResourceIsNotOneOfTheCallerThatHasItsName(t *testing.T) {
	coverage := new(iamtest.Coverage)
	who := iamtest.Role(t, deployARN, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}}`).CountIn(coverage)
	trust := iamtest.Resource{ARN: deployARN, Policies: []string{`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
		{"Effect": "Allow", "Principal": {"AWS": "` + deployARN + `"}, "Action": "sts:AssumeRole"}]}`}}.Load(t)
	iamtest.Can(t, who, "sts:AssumeRole", trust)
	var text bytes.Buffer
	require.NoError(t, coverage.Report(iamtest.Report{Output: &text}))
	assert.Contains(t, text.String(), "statements 1 of 3")
	assert.Contains(t, text.String(), "2:3: Statement never decided in a test")
}

// Of a request that a Deny denied, an Allow that applies as well has decided nothing.
func TestAnAllowBesideADenyHasNotDecided(t *testing.T) {
	coverage := new(iamtest.Coverage)
	who := allowing(t, `[{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}, {"Effect": "Deny", "Action": "lambda:DeleteFunction", "Resource": "*"}]`).CountIn(coverage)
	iamtest.ExplicitlyDenied(t, who, "lambda:DeleteFunction", orders)
	var text bytes.Buffer
	require.NoError(t, coverage.Report(iamtest.Report{Output: &text}))
	assert.Contains(t, text.String(), "1:41: Statement never decided")
	assert.Contains(t, text.String(), "statements 1 of 2")
}

// What each kind of statement counts, line by line.
func TestWhatDecided(t *testing.T) {
	const (
		all   = `{"Version": "2012-10-17", "Statement": {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}}`
		user  = "arn:aws:iam::123456789012:user/alice"
		never = " never decided"
	)
	bucket := func(p iamtest.Resource) iamtest.Resource {
		p.ARN, p.Account = "arn:aws:s3:::bucket/key", "123456789012"
		return p
	}
	for name, tc := range map[string]struct {
		who    iamtest.Principal
		what   iamtest.Resource
		action string
		says   []string
		not    []string
	}{
		"an Allow beside a boundary that does not allow": {iamtest.Principal{ARN: deployARN, Policies: []string{all}, Boundary: `{"Version": "2012-10-17", "Statement": {"Sid": "Edge", "Effect": "Allow", "Action": "lambda:*", "Resource": "*"}}`},
			bucket(iamtest.Resource{}), "s3:GetObject", []string{"Statement All" + never, "Statement Edge" + never, "statements 0 of 2"}, nil},
		"a boundary that allows, too": {iamtest.Principal{ARN: deployARN, Policies: []string{all}, Boundary: all}, bucket(iamtest.Resource{}), "s3:GetObject", []string{"statements 2 of 2, actions 2 of 2"}, nil},
		"each level of service control policies": {iamtest.Principal{ARN: deployARN, Policies: []string{all}, SCPs: [][]string{{all}, {all, `{"Version": "2012-10-17", "Statement": {"Sid": "Guard", "Effect": "Deny", "Action": "iam:*", "Resource": "*"}}`}}},
			bucket(iamtest.Resource{}), "s3:GetObject", []string{"Statement Guard" + never, "statements 3 of 4"}, []string{"Statement All" + never}},
		"a resource control policy that denies": {iamtest.Principal{ARN: deployARN, Policies: []string{all}}, bucket(iamtest.Resource{RCPs: [][]string{{`{"Version": "2012-10-17", "Statement": {"Sid": "Guard", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`}}}),
			"s3:GetObject", []string{"Statement All" + never, "statements 1 of 2"}, []string{"Statement Guard" + never}},
		"a grant of the resource alone": {iamtest.Principal{ARN: user}, bucket(iamtest.Resource{Policies: []string{`{"Version": "2012-10-17", "Statement": {"Sid": "Grant", "Effect": "Allow", "Principal": {"AWS": "` + user + `"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}}`}}),
			"s3:GetObject", []string{"statements 1 of 1"}, nil},
		"actions in other letters": {iamtest.Principal{ARN: deployARN, Policies: []string{`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["S3:getobject", "s3:Put*", "s3:Get?bject"], "Resource": "*"}}`}},
			bucket(iamtest.Resource{}), "s3:GetObject", []string{"Action s3:Put*" + never, "statements 1 of 1, actions 2 of 3"}, nil},
		"a NotAction that keeps a statement from applying": {iamtest.Principal{ARN: deployARN, Policies: []string{`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": ["s3:Get*", "iam:*"], "Resource": "*"}}`}},
			bucket(iamtest.Resource{}), "s3:GetObject", []string{"Statement" + never, "NotAction iam:*" + never, "statements 0 of 1, actions 1 of 2"}, nil},
		"a NotAction of a statement that decided": {iamtest.Principal{ARN: deployARN, Policies: []string{`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": ["s3:Put*", "iam:*"], "Resource": "*"}}`}},
			bucket(iamtest.Resource{}), "s3:GetObject", []string{"statements 1 of 1, actions 0 of 2"}, nil},
		"an Action that keeps a statement from applying": {iamtest.Principal{ARN: deployARN, Policies: []string{`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Put*", "Resource": "*"}}`}},
			bucket(iamtest.Resource{}), "s3:GetObject", []string{"statements 0 of 1, actions 0 of 1"}, nil},
		"an Allow on another resource": {iamtest.Principal{ARN: deployARN, Policies: []string{`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::other/*"}}`}},
			bucket(iamtest.Resource{}), "s3:GetObject", []string{"statements 0 of 1, actions 0 of 1"}, nil},
		"policies of one name and other texts": {iamtest.Principal{ARN: deployARN, Policies: []string{all}, FS: nil},
			bucket(iamtest.Resource{Policies: []string{`{"Version": "2012-10-17", "Statement": {"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "s3:Put*", "Resource": "arn:aws:s3:::bucket/*"}}`}}),
			"s3:GetObject", []string{"Statement No" + never, "statements 1 of 2"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			coverage := new(iamtest.Coverage)
			iamtest.Can(new(recorder), tc.who.Load(t).CountIn(coverage), tc.action, tc.what.Load(t))
			var text bytes.Buffer
			require.NoError(t, coverage.Report(iamtest.Report{Output: &text}))
			for _, line := range tc.says {
				assert.Contains(t, text.String(), line)
			}
			for _, line := range tc.not {
				assert.NotContains(t, text.String(), line)
			}
		})
	}
}

// Policies of two principals with one name and one text count once, those with
// another text apart.
func TestPoliciesOfOneNameCountByTheirText(t *testing.T) {
	const get, put = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"}}`, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:Put*", "Resource": "*"}}`
	coverage := new(iamtest.Coverage)
	for _, text := range []string{put, get, put, get} {
		iamtest.Can(new(recorder), iamtest.Role(t, deployARN, text).CountIn(coverage), "lambda:GetFunction", orders)
	}
	var text bytes.Buffer
	require.NoError(t, coverage.Report(iamtest.Report{Output: &text}))
	assert.Equal(t, `inline policy of role/deploy: 100% decided in a test
inline policy of role/deploy: 0% decided in a test
  inline policy of role/deploy:1:40: Statement never decided in a test
  inline policy of role/deploy:1:70: Action lambda:Put* never decided in a test
policies: 50% decided in a test (statements 1 of 2, actions 1 of 2, conditions 0 of 0)
`, text.String())
}

// YAML has no values of JSON: the rest of the line stands for the unit.
func TestCoverageOfYAML(t *testing.T) {
	dir := t.TempDir()
	files := fstest.MapFS{"policies/a.yaml": {Data: []byte("Version: 2012-10-17\nStatement:\n- Effect: Allow\n  Action:\n  - lambda:GetFunction\n  - s3:PutObject\n  Resource: '*'\n- {Effect: Allow, Resource: 'arn:aws:s3:::größe/*', Action: [s3:GetObject, s3:PutObject]}\n")}}
	coverage := new(iamtest.Coverage)
	iamtest.Can(t, iamtest.Principal{ARN: deployARN, Policies: []string{"policies/a.yaml"}, FS: files}.Load(t).CountIn(coverage), "lambda:GetFunction", orders)
	r := iamtest.Report{Output: io.Discard, HTML: filepath.Join(dir, "coverage.html"), Cobertura: filepath.Join(dir, "coverage.xml")}
	require.NoError(t, coverage.Report(r))
	page, err := os.ReadFile(r.HTML)
	require.NoError(t, err)
	golden.Compare(t, filepath.Join("testdata", "yaml.html"), string(page))
	file, err := os.ReadFile(r.Cobertura)
	require.NoError(t, err)
	golden.Compare(t, filepath.Join("testdata", "yaml.xml"), string(file))
}

// A request that is none meets the policies of its resource as well.
func TestPoliciesOfResourcesCountOnceARequestMeetsThem(t *testing.T) {
	coverage := new(iamtest.Coverage)
	who := deploy(t).CountIn(coverage)
	report := func() string {
		var text bytes.Buffer
		require.NoError(t, coverage.Report(iamtest.Report{Output: &text}))
		return text.String()
	}
	function := iamtest.Function(t, orders, "testdata/orders-policy.json")
	assert.NotContains(t, report(), "testdata/orders-policy.json")
	iamtest.Can(new(recorder), who, "GetFunction", function)
	assert.Contains(t, report(), "testdata/orders-policy.json: 0% decided in a test")

	coverage = new(iamtest.Coverage)
	who = deploy(t).CountIn(coverage)
	iamtest.CanCall(new(recorder), who.Given("aws:RequestedRegion", "us-east-1"), "lambda:GetFunction", iamtest.Call{Parameters: `{"FunctionName": "` + orders + `"}`, What: []iamtest.What{function}})
	assert.Contains(t, report(), "testdata/orders-policy.json: ", "a call meets them, too")
}

// Whatever a policy was written as, it has places.
func TestCoverageOfPoliciesHoweverTheyAreWritten(t *testing.T) {
	const document = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:Get*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}}]}`
	for name, text := range map[string]string{
		"a document":                      document,
		"percent-encoded":                 url.QueryEscape(document),
		"a list of statements":            `[{"Effect": "Allow", "Action": "lambda:Get*", "Resource": "*"}]`,
		"what aws iam get-policy prints":  `{"PolicyVersion": {"Document": ` + document + `, "VersionId": "v1"}}`,
		"a document in a string":          strconv.Quote(document),
		"what the AWS CLI prints, quoted": `{"PolicyDocument": ` + strconv.Quote(document) + `}`,
		"an AWS managed policy":           "AWSLambda_FullAccess",
	} {
		t.Run(name, func(t *testing.T) {
			coverage := new(iamtest.Coverage)
			iamtest.Can(t, iamtest.Role(t, deployARN, text).CountIn(coverage), "lambda:GetFunction", orders)
			dir := t.TempDir()
			var printed bytes.Buffer
			require.NoError(t, coverage.Report(iamtest.Report{Output: &printed, HTML: filepath.Join(dir, "c.html"), Cobertura: filepath.Join(dir, "c.xml")}))
			assert.NotContains(t, printed.String(), ":0:")
		})
	}
}

func TestNothingToCountIsFullyCovered(t *testing.T) {
	var text bytes.Buffer
	require.NoError(t, new(iamtest.Coverage).Report(iamtest.Report{Output: &text, Threshold: 100}))
	assert.Equal(t, "policies: 100% decided in a test (statements 0 of 0, actions 0 of 0, conditions 0 of 0)\n", text.String())
}

// The page and the file for CI services stand in testdata; IAMSIM_UPDATE=1
// writes them anew.
func TestCoverageFiles(t *testing.T) {
	dir := t.TempDir()
	r := iamtest.Report{
		Output: io.Discard, HTML: filepath.Join(dir, "coverage.html"), Cobertura: filepath.Join(dir, "coverage.xml"), Folder: "deploy/policies",
	}
	require.NoError(t, covered(t).Report(r))
	for _, file := range []string{r.HTML, r.Cobertura} {
		got, err := os.ReadFile(file)
		require.NoError(t, err)
		golden.Compare(t, filepath.Join("testdata", filepath.Base(file)), string(got))
	}

	text, err := os.ReadFile(r.Cobertura)
	require.NoError(t, err)
	var report struct {
		LineRate string `xml:"line-rate,attr"`
		Lines    []struct {
			Number int `xml:"number,attr"`
		} `xml:"packages>package>classes>class>lines>line"`
	}
	require.NoError(t, xml.Unmarshal(text, &report))
	assert.NotEmpty(t, report.Lines)
	assert.NotContains(t, string(text), "inline policy", "what is in no file is nothing for CI services")
}

type main struct{ code int }

func (m main) Run() int { return m.code }

func TestTestMain(t *testing.T) {
	for name, tc := range map[string]struct {
		code   int
		report iamtest.Report
		want   int
		says   string
	}{
		"passes":                       {0, iamtest.Report{Threshold: 64}, 0, ""},
		"fails below the threshold":    {0, iamtest.Report{Threshold: 65}, 1, "FAIL: 64% of the policies decided in a test, and 65% should\n"},
		"a failure of the tests stays": {2, iamtest.Report{Threshold: 65}, 2, "FAIL: 64%"},
		"a failure of the tests stays where all decided": {2, iamtest.Report{}, 2, ""},
		"fails if the page has no room":                  {0, iamtest.Report{HTML: "no/such/folder.html"}, 1, "FAIL: open no/such/folder.html"},
		"fails if the file has no room":                  {0, iamtest.Report{Cobertura: "no/such/folder.xml"}, 1, "FAIL: open no/such/folder.xml"},
	} {
		t.Run(name, func(t *testing.T) {
			unchosen(t)
			var text bytes.Buffer
			tc.report.Output = &text
			assert.Equal(t, tc.want, covered(t).Run(main{tc.code}, tc.report))
			assert.Contains(t, text.String(), tc.says)
		})
	}
	t.Run("fails if nobody takes the text", func(t *testing.T) {
		assert.Equal(t, 1, covered(t).Run(main{}, iamtest.Report{Output: broken{}}))
	})
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken") }
