package fix_test

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/fix"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/golden"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

const (
	full   = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	others = "arn:aws:lambda:us-east-1:" + a2 + ":function:my-fn"
	exec   = "arn:aws:iam::" + a1 + ":role/svc/lambda-exec"
	key    = "arn:aws:kms:us-east-1:" + a1 + ":key/k-1"
)

var (
	alice = evaluator.User("arn:aws:iam::" + a1 + ":user/alice")
	app   = evaluator.Session("arn:aws:sts::"+a1+":assumed-role/app/s1", "arn:aws:iam::"+a1+":role/app")
)

// attached parses a policy; the name before the JSON is the policy's.
func attached(t *testing.T, name, text string) policy.Attached {
	d, err := policy.ParseString(name, text)
	require.NoError(t, err)
	return policy.Attached{Document: d}
}

// A denial is a request and its policies as text: "name {…}".
type denial struct {
	who          evaluator.Principal
	action, on   string
	unknown      bool // the rest of the resource's ARN
	context      evaluator.Context
	identity     []string
	boundary     string
	session, scp []string
	resource     []string
	rcp          []string
	endpoint     string
	arns         map[string]string // of policies, by name
}

func (c *denial) denied(t *testing.T) *fix.Denied {
	d := &fix.Denied{
		Caller: evaluator.Caller{Principal: c.who}, Target: evaluator.Target{Resource: c.on, Unknown: c.unknown}, Request: evaluator.Request{Action: c.action, Context: c.context},
		Catalog: catalog.Default(), Prover: &prove.Prover{},
	}
	one := func(text string) policy.Attached {
		name, document, ok := strings.Cut(text, " ")
		require.True(t, ok)
		a := attached(t, name, document)
		a.Name, a.ARN = name, c.arns[name]
		return a
	}
	var p policy.Policies
	add := func(layer policy.Layer, texts ...string) {
		for _, text := range texts {
			if text != "" {
				p = p.With(layer.At(p.Count(layer)), one(text))
			}
		}
	}
	for _, text := range c.identity {
		at := policy.IdentityLayer.At(0)
		p = p.With(at, append(slices.Clone(p.At(at)), one(text))...)
	}
	add(policy.BoundaryLayer, c.boundary)
	add(policy.SessionLayer, c.session...)
	add(policy.SCPLayer, c.scp...)
	add(policy.ResourceLayer, c.resource...)
	add(policy.RCPLayer, c.rcp...)
	add(policy.EndpointLayer, c.endpoint)
	give(t, d, p)
	return d
}

func values(pairs ...string) evaluator.Context {
	var c evaluator.Context
	for i := 0; i < len(pairs); i += 2 {
		c = append(c, evaluator.Key{Name: pairs[i], Values: []string{pairs[i+1]}})
	}
	return c
}

var stories = map[string]denial{
	"a new statement where no statement comes near": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{`deployer.json {"Version":"2012-10-17","Statement":{"Sid":"Read","Effect":"Allow","Action":"s3:*","Resource":"*"}}`},
	},
	"a new policy where there is none": {who: alice, action: "lambda:ListFunctions", on: "*"},
	"a statement that lacks the alias gets the qualified ARN": {
		who: alice, action: "lambda:InvokeFunction", on: fn + ":prod",
		identity: []string{`invoke.json {"Version":"2012-10-17","Statement":{"Sid":"Invoke","Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"` + fn + `"}}`},
	},
	"a statement that lacks the action gets it": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{`read.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["lambda:GetAlias","lambda:ListTags"],"Resource":"` + fn + `"}}`},
	},
	"a statement with further resources is left alone": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{`read.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:GetAlias","Resource":["` + fn + `","` + others + `"]}}`},
	},
	"a policy of its own beside a managed one": {
		who: alice, action: "lambda:GetFunction", on: fn, arns: map[string]string{"shared": "arn:aws:iam::" + a1 + ":policy/shared"},
		identity: []string{
			`shared {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`, `own.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"logs:*","Resource":"*"}}`,
		},
	},
	"a role that is still to be named":     {who: alice, action: "iam:CreateRole", on: "arn:aws:iam::" + a1 + ":role/app-", unknown: true},
	"an entity of IAM that is not known":   {who: alice, action: "iam:CreateRole", on: "arn:aws:iam::" + a1 + ":", unknown: true},
	"a bucket that is still to be named":   {who: alice, action: "s3:CreateBucket", on: "arn:aws:s3:::app-", unknown: true},
	"an action that has signs in its name": {who: alice, action: "example:Get0-a_zAZ9", on: "*"},
	"a managed policy is left alone": {
		who: alice, action: "lambda:GetFunction", on: fn, arns: map[string]string{"shared": "arn:aws:iam::" + a1 + ":policy/shared"},
		identity: []string{`shared {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"` + others + `"}}`},
	},
	"a session whose role's path is not told is named by its role": {
		who: evaluator.Session("arn:aws:sts::"+a1+":assumed-role/worker/run-17", ""), action: "lambda:GetFunctionConfiguration", on: others,
		identity: []string{`all.json ` + full},
	},
	"a trust policy gets a role and not its session": {
		who: evaluator.Session("arn:aws:sts::"+a1+":assumed-role/worker/run-17", ""), action: "sts:AssumeRole", on: exec,
		identity: []string{`all.json ` + full},
		resource: []string{`trust.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + a1 + `:role/build"},"Action":"sts:AssumeRole"}}`},
	},
	"the tags of a session go where the role may be assumed": {
		who: evaluator.Session("arn:aws:sts::"+a1+":assumed-role/worker/run-17", ""), action: "sts:TagSession", on: exec,
		identity: []string{`all.json ` + full},
		resource: []string{`trust.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + a1 + `:root"},"Action":"sts:AssumeRole"}}`},
	},
	"a star in the place of a name stays a star": {
		who: alice, action: "cloudformation:DescribeStacks", on: "arn:aws:cloudformation:eu-north-1:" + a1 + ":stack/app-dev/*",
		identity: []string{`all.json ` + full},
		boundary: `limit.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`,
	},
	"a boundary of the old version cannot name a star": {
		who: alice, action: "s3:GetObject", on: "arn:aws:s3:::uploads/a*b", identity: []string{"all.json " + full},
		boundary: `old.json {"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::uploads/new"},{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::uploads/a?b"}]}`,
	},
	"a star in the name of an object is a letter": {
		who: alice, action: "s3:GetObject", on: "arn:aws:s3:::uploads/a*b",
	},
	"a log stream without name is its group": {
		who: alice, action: "logs:CreateLogGroup", on: "arn:aws:logs:us-east-1:" + a1 + ":log-group:/aws/lambda/my-fn:log-stream:",
		identity: []string{`logs.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"logs:CreateLogGroup","Resource":"arn:aws:logs:us-east-1:` + a1 + `:log-group:/aws/lambda/my-fn"}}`},
	},
	"a version of a function": {
		who: alice, action: "lambda:InvokeFunction", on: fn + ":7",
		identity: []string{`invoke.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"` + fn + `"}}`},
	},
	"the policy of a layer holds one action": {
		who: app, action: "lambda:ListLayerVersions", on: "arn:aws:lambda:us-east-1:" + a2 + ":layer:base",
		identity: []string{`all.json ` + full},
	},
	"the token of an identity provider differs in letter case": {
		who: evaluator.Web("arn:aws:iam::" + a1 + ":oidc-provider/token.actions.githubusercontent.com"), action: "sts:AssumeRoleWithWebIdentity", on: exec,
		context: values("token.actions.githubusercontent.com:sub", "repo:SampleOrg/app:ref:refs/heads/main", "token.actions.githubusercontent.com:aud", "sts.amazonaws.com"),
		resource: []string{`trust.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::` + a1 + `:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity",
			"Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:sampleorg/app:*"},"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}}}`},
	},
	"a trust policy denies what a SAML provider says": {
		who: evaluator.SAML("arn:aws:iam::" + a1 + ":saml-provider/corp"), action: "sts:AssumeRoleWithSAML", on: exec,
		context: values("SAML:aud", "https://signin.aws.amazon.com/saml", "SAML:sub", "dana"),
		resource: []string{`trust.json {"Version":"2012-10-17","Statement":[
			{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::` + a1 + `:saml-provider/corp"},"Action":"sts:AssumeRoleWithSAML","Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}},
			{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole*"}]}`},
	},
	"the request can bring MFA": {
		who: alice, action: "lambda:DeleteFunction", on: fn,
		identity: []string{`mfa.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}}`},
	},
	"the request can bring a key, whatever its value": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{`vpc.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"Null":{"aws:SourceVpc":"false"}}}}`},
	},
	"the request can leave a key out": {
		who: alice, action: "lambda:GetFunction", on: fn, context: values("aws:SourceVpc", "vpc-1"),
		identity: []string{`public.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"Null":{"aws:SourceVpc":"true"}}}}`},
	},
	"a condition on a set of values is left alone": {
		who: alice, action: "lambda:TagResource", on: fn, context: values("aws:TagKeys", "cost"),
		identity: []string{`tags.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:TagResource","Resource":"` + fn + `","Condition":{"ForAnyValue:StringEquals":{"aws:TagKeys":"team"}}}}`},
	},
	"a condition gets the value of the request": {
		who: alice, action: "lambda:GetFunction", on: fn, context: values("aws:SourceIp", "203.0.113.9"),
		identity: []string{`office.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"` + fn + `","Condition":{"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}}}}`},
	},
	"PassRole names the one role and the one service": {
		who: alice, action: "iam:PassRole", on: exec, context: values("iam:PassedToService", "lambda.amazonaws.com"),
		identity: []string{`deployer.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["lambda:CreateFunction","iam:PassRole"],"Resource":"` + fn + `"}}`},
	},
	"PassRole to a further service": {
		who: alice, action: "iam:PassRole", on: exec, context: values("iam:PassedToService", "lambda.amazonaws.com"),
		identity: []string{`pass.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:PassRole","Resource":"` + exec + `","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}}`},
	},
	"across accounts both sides change": {who: app, action: "lambda:InvokeFunction", on: others},
	"of the policies of a function and of its alias the alias's gets the grant": {
		who: evaluator.Service("s3.amazonaws.com"), action: "lambda:InvokeFunction", on: fn + ":prod",
		context: values("aws:SourceArn", "arn:aws:s3:::uploads", "aws:SourceAccount", a1),
		resource: []string{
			`function.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"` + fn + `"}}`,
			`alias.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"` + fn + `:prod"}}`,
		},
	},
	"a service gets the resource that it calls for": {
		who: evaluator.Service("s3.amazonaws.com"), action: "lambda:InvokeFunction", on: fn + ":prod",
		context: values("aws:SourceArn", "arn:aws:s3:::uploads", "aws:SourceAccount", a1),
	},
	"a boundary limits the user": {
		who: alice, action: "lambda:GetFunction", on: fn, identity: []string{"admin.json " + full},
		boundary: `boundary.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`,
	},
	"a federated user has no session policy": {
		who:    evaluator.Federated("arn:aws:sts::"+a1+":federated-user/temp", "arn:aws:iam::"+a1+":user/alice"),
		action: "lambda:GetFunction", on: fn, identity: []string{"admin.json " + full},
	},
	"a level of service control policies lacks an Allow": {
		who: app, action: "lambda:GetFunction", on: fn, identity: []string{"admin.json " + full},
		scp:  []string{"FullAWSAccess " + full, `Storage {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`},
		arns: map[string]string{"FullAWSAccess": "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"},
	},
	"the only service control policy lacks an Allow": {
		who: app, action: "lambda:GetFunction", on: fn, identity: []string{"admin.json " + full},
		scp: []string{`Storage {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`},
	},
	"a service control policy denies one action everywhere": {
		who: alice, action: "lambda:DeleteFunction", on: fn, identity: []string{"admin.json " + full},
		scp:  []string{"FullAWSAccess " + full, `Guard {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"KeepFunctions","Effect":"Deny","Action":"lambda:DeleteFunction","Resource":"*"}]}`},
		arns: map[string]string{"Guard": "arn:aws:organizations::999999999999:policy/o-a1b2c3d4e5/service_control_policy/p-guard"},
	},
	"a Deny of all that reads in all services": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{"admin.json " + full, `guard.json {"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":["*:Get*","*:List*"],"Resource":"*"}}`},
	},
	"a service control policy denies a service outside a Region": {
		who: alice, action: "lambda:GetFunction", on: fn, identity: []string{"admin.json " + full}, context: values("aws:RequestedRegion", "us-east-1"),
		scp: []string{`Guard {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"OnlyEurope","Effect":"Deny","Action":"lambda:*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}}]}`},
	},
	"a resource control policy keeps strangers out": {
		who: app, action: "s3:GetObject", on: "arn:aws:s3:::bucket/o", identity: []string{"admin.json " + full},
		rcp: []string{`Perimeter {"Version":"2012-10-17","Statement":{"Sid":"OurOrganization","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}}`},
	},
	"a VPC endpoint lets only invocations pass": {
		who: alice, action: "lambda:GetFunction", on: fn, identity: []string{"admin.json " + full},
		endpoint: `endpoint.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction","Resource":"*"}}`,
	},
	"a role trusts a service and not the user": {
		who: alice, action: "sts:AssumeRole", on: exec, identity: []string{"admin.json " + full},
		resource: []string{`trust.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}`},
	},
	"a key policy names another role": {
		who: app, action: "kms:Decrypt", on: key, identity: []string{"admin.json " + full},
		resource: []string{`key.json {"Version":"2012-10-17","Statement":{"Sid":"Use","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + a1 + `:role/other"},"Action":"kms:Decrypt","Resource":"*"}}`},
	},
	"a function URL is opened to the public": {
		who: evaluator.Anonymous(), action: "lambda:InvokeFunctionUrl", on: fn, context: values("lambda:FunctionUrlAuthType", "NONE"),
	},
	"the policy of a layer that names another account": {
		who: alice, action: "lambda:GetLayerVersion", on: "arn:aws:lambda:us-east-1:" + a2 + ":layer:base:3", identity: []string{"admin.json " + full},
		resource: []string{`layer.json {"Version":"2012-10-17","Statement":{"Sid":"shared","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::777788889999:root"},"Action":"lambda:GetLayerVersion","Resource":"arn:aws:lambda:us-east-1:` + a2 + `:layer:base:3"}}`},
	},
	"a layer is shared with an account": {
		who: alice, action: "lambda:GetLayerVersion", on: "arn:aws:lambda:us-east-1:" + a2 + ":layer:base:3", identity: []string{"admin.json " + full},
	},
	"a role of another account cannot be passed": {
		who: evaluator.User("arn:aws:iam::" + a2 + ":user/carol"), action: "iam:PassRole", on: exec, identity: []string{"admin.json " + full},
	},
	"no grant reaches across partitions": {
		who: alice, action: "lambda:GetFunction", on: "arn:aws-cn:lambda:cn-north-1:" + a1 + ":function:my-fn", identity: []string{"admin.json " + full},
	},
	"an unsigned caller at a function URL with IAM": {
		who: evaluator.Anonymous(), action: "lambda:InvokeFunctionUrl", on: fn, context: values("lambda:FunctionUrlAuthType", "AWS_IAM"),
	},
}

func TestFixesReadWell(t *testing.T) {
	for name, c := range stories {
		t.Run(name, func(t *testing.T) {
			d := c.denied(t)
			f, err := fix.For(context.Background(), d)
			require.NoError(t, err)
			if len(f.Changes) > 0 {
				assert.True(t, assembled(t, d, f.Changes).explain().Decision().Allowed())
			}
			golden.Compare(t, "testdata/"+strings.ReplaceAll(name, " ", "-")+".txt", f.String())
		})
	}
	entries, err := os.ReadDir("testdata")
	require.NoError(t, err)
	assert.Len(t, entries, len(stories)+1, "files in testdata: one for each case, and the JSON")
}

func TestJSONHasEverything(t *testing.T) {
	c := stories["across accounts both sides change"]
	f, err := fix.For(context.Background(), c.denied(t))
	require.NoError(t, err)
	text, err := json.MarshalIndent(f, "", "  ")
	require.NoError(t, err)
	golden.Compare(t, "testdata/both-sides.json", string(text)+"\n")
}
