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
	arns, from   map[string]string // of policies, by name
	account      string            // of the resource
}

func (c *denial) denied(t *testing.T) *fix.Denied {
	d := &fix.Denied{
		Caller: evaluator.Caller{Principal: c.who}, Target: evaluator.Target{Resource: c.on, Unknown: c.unknown, Account: c.account}, Request: evaluator.Request{Action: c.action, Context: c.context},
		Catalog: catalog.Default(), Prover: &prove.Prover{},
	}
	one := func(text string) policy.Attached {
		name, document, ok := strings.Cut(text, " ")
		require.True(t, ok)
		a := attached(t, name, document)
		a.Name, a.ARN, a.From = name, c.arns[name], c.from[name]
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
	// Who is named, and how.
	"a root user of another account is named with its account": {
		who: evaluator.Root(a2), action: "s3:GetObject", on: "arn:aws:s3:::uploads/a", account: a1,
	},
	"a principal list gets the role": {
		who: app, action: "kms:Decrypt", on: key, identity: []string{"admin.json " + full},
		resource: []string{`key.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::` + a1 + `:role/other"],"Service":"sns.amazonaws.com"},"Action":"kms:Decrypt","Resource":"` + key + `"}}`},
	},
	"a statement for everybody does not get the user": {
		who: app, action: "s3:GetObject", on: "arn:aws:s3:::uploads/a", account: a2, identity: []string{"admin.json " + full},
		resource: []string{`bucket.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::uploads/a","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}}`},
	},
	"a statement that names all but one does not get the user": {
		who: app, action: "s3:GetObject", on: "arn:aws:s3:::uploads/a", account: a2, identity: []string{"admin.json " + full},
		resource: []string{`bucket.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::` + a1 + `:user/bob"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::uploads/a"}}`},
	},
	// Which policy is changed.
	"a policy of a group is left alone": {
		who: alice, action: "lambda:GetFunction", on: fn, from: map[string]string{"team": "group devs"},
		identity: []string{`team {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"` + others + `"}}`},
	},
	"a policy of AWS with a Deny cannot be changed": {
		who: alice, action: "lambda:GetFunction", on: fn, arns: map[string]string{"AWSDenyAll": "arn:aws:iam::aws:policy/AWSDenyAll"},
		identity: []string{"admin.json " + full, `AWSDenyAll {"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`},
	},
	"a policy of the old version cannot name a star and a new one can": {
		who: alice, action: "s3:GetObject", on: "arn:aws:s3:::uploads/a*b",
		identity: []string{`old.json {"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::uploads/new"}}`},
	},
	"a policy of the old version names what has no star": {
		who: alice, action: "s3:GetObject", on: "arn:aws:s3:::uploads/a",
		identity: []string{`old.json {"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::uploads/new"}}`},
	},
	"a policy that is full gets a new one beside it": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{`long.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::uploads/` + strings.Repeat("a", 6000) + `"}}`},
	},
	"a boundary that is full cannot get more": {
		who: alice, action: "lambda:GetFunction", on: fn, identity: []string{"admin.json " + full},
		boundary: `long.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::uploads/` + strings.Repeat("a", 6000) + `"}}`,
	},
	"statement ids that are taken get a number": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{`two.json {"Version":"2012-10-17","Statement":[{"Sid":"AllowGetFunction","Effect":"Allow","Action":"s3:*","Resource":"*"},{"Sid":"AllowGetFunction2","Effect":"Allow","Action":"logs:*","Resource":"*"}]}`},
	},
	"a session policy is changed by whoever starts the session": {
		who: app, action: "lambda:GetFunction", on: fn, identity: []string{"admin.json " + full},
		session: []string{`session.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`},
	},
	"a name with blanks is quoted": {
		who: alice, action: "lambda:DeleteFunction", on: fn, identity: []string{"admin.json " + full},
		scp:  []string{"Full " + full, `Guard {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"lambda:DeleteFunction","Resource":"*"}]}`},
		arns: map[string]string{"Guard": "a guard"},
	},
	// What a statement gets.
	"a statement with a wildcard for its resource does not get the action": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{`read.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:GetAlias","Resource":"arn:aws:lambda:us-east-1:` + a1 + `:function:my-*"}}`},
	},
	"a statement with a further action does not get the resource": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{`read.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["lambda:GetFunction","lambda:DeleteFunction"],"Resource":"` + others + `"}}`},
	},
	"a statement on all resources but some is left alone": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{`read.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:GetFunction","NotResource":"` + fn + `"}}`},
	},
	"a statement on all actions but some is left alone": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{`read.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","NotAction":"lambda:*","Resource":"` + fn + `"}}`},
	},
	"an action of an assumed role goes where the role may be assumed": {
		who: alice, action: "sts:SetSourceIdentity", on: exec, identity: []string{`all.json ` + full},
		resource: []string{`trust.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + a1 + `:user/alice"},"Action":"sts:AssumeRole"}}`},
	},
	"a pattern of actions that assume roles does not get their tags": {
		who: alice, action: "sts:TagSession", on: exec, identity: []string{`all.json ` + full},
		resource: []string{`trust.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + a1 + `:root"},"Action":"sts:AssumeRole*"}}`},
	},
	"another action does not go where a role may be assumed": {
		who: alice, action: "sts:AssumeRole", on: exec, identity: []string{`all.json ` + full},
		resource: []string{`trust.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + a1 + `:root"},"Action":"sts:TagSession"}}`},
	},
	"a role for the one service is passed where a further role goes to it": {
		who: alice, action: "iam:PassRole", on: exec, context: values("iam:PassedToService", "lambda.amazonaws.com"),
		identity: []string{`pass.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::` + a1 + `:role/other","Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}}}`},
	},
	"a role is not passed where a further role goes to any service": {
		who: alice, action: "iam:PassRole", on: exec, context: values("iam:PassedToService", "lambda.amazonaws.com"),
		identity: []string{`pass.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::` + a1 + `:role/other"}}`},
	},
	"a role that is passed to a service that is not told": {who: alice, action: "iam:PassRole", on: exec},
	// Conditions.
	"a condition that rules out the value of the request": {
		who: alice, action: "lambda:GetFunction", on: fn, context: values("aws:RequestedRegion", "us-east-1"),
		identity: []string{`region.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"` + fn + `","Condition":{"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}}}}`},
	},
	"a condition gets a value with signs": {
		who: alice, action: "lambda:GetFunction", on: fn, context: values("aws:UserAgent", "a*b?"),
		identity: []string{`agent.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"` + fn + `","Condition":{"StringLike":{"aws:UserAgent":"tool/*"}}}}`},
	},
	"a condition gets an address of IPv6": {
		who: alice, action: "lambda:GetFunction", on: fn, context: values("aws:SourceIp", "2001:db8::9"),
		identity: []string{`office.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"` + fn + `","Condition":{"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}}}}`},
	},
	"a condition gets a number": {
		who: alice, action: "s3:ListBucket", on: "arn:aws:s3:::uploads", context: values("s3:max-keys", "20", "s3:prefix", "a/"),
		identity: []string{`few.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::uploads","Condition":{"NumericEquals":{"s3:max-keys":"10"},"StringEquals":{"s3:prefix":"a/"}}}}`},
	},
	"a bound of a condition is not moved": {
		who: alice, action: "s3:ListBucket", on: "arn:aws:s3:::uploads", context: values("s3:max-keys", "20"),
		identity: []string{`few.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::uploads","Condition":{"NumericLessThan":{"s3:max-keys":"10"}}}}`},
	},
	"a condition of a wider statement gets no value": {
		who: alice, action: "lambda:GetFunction", on: fn, context: values("aws:SourceIp", "203.0.113.9", "aws:SecureTransport", "true"),
		identity: []string{`office.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"198.51.100.0/24"},"Bool":{"aws:SecureTransport":"true"}}}}`},
	},
	"a condition of a key policy for a whole account gets no value": {
		who: app, action: "kms:Decrypt", on: key, identity: []string{"admin.json " + full}, context: values("kms:ViaService", "s3.us-east-1.amazonaws.com"),
		resource: []string{`key.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"` + a1 + `"},"Action":"kms:Decrypt","Resource":"` + key + `","Condition":{"StringEquals":{"kms:ViaService":"sns.us-east-1.amazonaws.com"}}}}`},
	},
	// Exceptions to a Deny.
	"a Deny of some resources leaves the others denied": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{"admin.json " + full, `guard.json {"Version":"2012-10-17","Statement":{"Sid":"Guard","Effect":"Deny","Action":["lambda:Get*","lambda:DeleteFunction","s3:*"],"Resource":["` + fn + `","` + others + `"]}}`},
	},
	"a Deny of a pattern of resources is wider than the request": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{"admin.json " + full, `guard.json {"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"lambda:GetFunction","Resource":["arn:aws:lambda:*:*:function:my-*","` + others + `"]}}`},
	},
	"a Deny of all resources but some spares one more": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{"admin.json " + full, `guard.json {"Version":"2012-10-17","Statement":{"Effect":"Deny","NotAction":"s3:*","NotResource":"` + others + `"}}`},
	},
	"a Deny with a variable in its resource": {
		who: alice, action: "s3:GetObject", on: "arn:aws:s3:::home/alice/a",
		identity: []string{"admin.json " + full, `guard.json {"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:GetObject","Resource":["arn:aws:s3:::home/${aws:username}/*","arn:aws:s3:::home/bob/*"]}}`},
	},
	"a Deny that is about the caller alone ends for one resource": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{"admin.json " + full, `guard.json {"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"lambda:GetFunction","Resource":"*","Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::` + a1 + `:user/alice"}}}}`},
	},
	"a Deny that spares others spares one more": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{"admin.json " + full, `guard.json {"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::` + a1 + `:user/bob"}}}}`},
	},
	"a Deny of a session whose role's path is not told": {
		who: evaluator.Session("arn:aws:sts::"+a1+":assumed-role/worker/run-17", ""), action: "lambda:GetFunction", on: fn, identity: []string{`all.json ` + full},
		scp: []string{`Guard {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"lambda:GetFunction","Resource":"*"}]}`},
	},
	"a Deny of an unsigned caller": {
		who: evaluator.Anonymous(), action: "s3:GetObject", on: "arn:aws:s3:::uploads/a", account: a1,
		resource: []string{`bucket.json {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::uploads/*"},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::uploads/*"}]}`},
	},
	"a Deny of a service": {
		who: evaluator.Service("s3.amazonaws.com"), action: "lambda:InvokeFunction", on: fn, context: values("aws:SourceArn", "arn:aws:s3:::uploads", "aws:SourceAccount", a1),
		resource: []string{`function.json {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"` + fn + `"},{"Effect":"Deny","Principal":"*","Action":"lambda:InvokeFunction","Resource":"` + fn + `"}]}`},
	},
	"a Deny that may apply": {
		who: alice, action: "lambda:GetFunction", on: fn, context: evaluator.Context{{Name: "aws:SecureTransport", State: evaluator.Unknown}},
		identity: []string{`guard.json {"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"lambda:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}}`},
	},
	"an Allow that may apply": {
		who: alice, action: "lambda:GetFunction", on: fn, context: evaluator.Context{{Name: "aws:SecureTransport", State: evaluator.Unknown}},
		identity: []string{`a.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}}`},
		boundary: `boundary.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`,
	},
	"of two Denies of one policy both are narrowed": {
		who: alice, action: "lambda:DeleteFunction", on: fn, identity: []string{"admin.json " + full},
		boundary: `guard.json {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"lambda:Delete*","Resource":"*"},{"Effect":"Deny","NotAction":["lambda:Get*","s3:*"],"Resource":"*"}]}`,
	},
	"a Deny of the second of two policies of a resource": {
		who: app, action: "lambda:InvokeFunction", on: fn + ":prod", identity: []string{"admin.json " + full},
		resource: []string{
			`function.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"` + fn + `"}}`,
			`alias.json {"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"lambda:InvokeFunction","Resource":"` + fn + `:prod"}}`,
		},
	},
	"a trust policy denies one of the actions that it may name": {
		who: alice, action: "sts:TagSession", on: exec, identity: []string{"admin.json " + full},
		resource: []string{`trust.json {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + a1 + `:user/alice"},"Action":["sts:AssumeRole","sts:TagSession"]},{"Effect":"Deny","Principal":{"AWS":"*"},"Action":["sts:Tag*","sts:SetSourceIdentity"]}]}`},
	},
	"a Deny of a resource that is still to be named": {
		who: alice, action: "iam:CreateRole", on: "arn:aws:iam::" + a1 + ":role/app-", unknown: true,
		identity: []string{"admin.json " + full, `guard.json {"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"iam:Create*","Resource":"*"}}`},
	},
	// Calls of Lambda.
	"a function URL is called with credentials": {
		who: app, action: "lambda:InvokeFunctionUrl", on: others, identity: []string{"admin.json " + full}, context: values("lambda:FunctionUrlAuthType", "AWS_IAM"),
	},
	"a function is invoked by its URL": {
		who: app, action: "lambda:InvokeFunction", on: others, identity: []string{"admin.json " + full}, context: values("lambda:InvokedViaFunctionUrl", "true"),
	},
	"the policy of a function cannot hold the action": {
		who: app, action: "lambda:CreateFunction", on: others, identity: []string{"admin.json " + full},
	},
	"the policy of a layer cannot name a service": {
		who: evaluator.Service("s3.amazonaws.com"), action: "lambda:GetLayerVersion", on: "arn:aws:lambda:us-east-1:" + a2 + ":layer:base:3",
	},
	"a role of another account has no policy but its trust policy": {
		who: evaluator.User("arn:aws:iam::" + a2 + ":user/carol"), action: "iam:GetRole", on: exec, identity: []string{"admin.json " + full},
	},
	// What the request could bring.
	"the request can bring a tag of the caller": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{`a.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"blue"}}}}`},
	},
	"the request can bring a tag of the resource": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{`a.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringLike":{"aws:ResourceTag/team":"b*"}}}}`},
	},
	"the request can come from another address": {
		who: alice, action: "lambda:GetFunction", on: fn, context: values("aws:SourceIp", "203.0.113.9"),
		identity: []string{`a.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["198.51.100.0/24","192.0.2.1"]}}}}`},
	},
	"the request can come from outside the addresses of a Deny": {
		who: alice, action: "lambda:GetFunction", on: fn, context: values("aws:SourceIp", "203.0.113.9"),
		identity: []string{"admin.json " + full, `a.json {"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"lambda:*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"192.0.2.1/32"}}}}`},
	},
	"the request can come through a VPC": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{"admin.json " + full, `a.json {"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"lambda:*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}}}`},
	},
	"the request can go to another Region": {
		who: alice, action: "lambda:ListFunctions", on: "*", context: values("aws:RequestedRegion", "us-east-1"),
		identity: []string{`a.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}}}`},
	},
	"the request can bring a key of the service": {
		who: alice, action: "s3:ListBucket", on: "arn:aws:s3:::uploads",
		identity: []string{`a.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"s3:prefix":["","${aws:username}","a/"]}}}}`},
	},
	"a condition that is one of two missing elements is no way": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{`a.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:GetAlias","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}}`},
	},
	"a statement for everybody does not get the action": {
		who: app, action: "s3:GetObject", on: "arn:aws:s3:::uploads/a", account: a2, identity: []string{"admin.json " + full},
		resource: []string{`bucket.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::uploads/a"}}`},
	},
	"a statement for the caller and a service does not get the action": {
		who: app, action: "s3:GetObject", on: "arn:aws:s3:::uploads/a", account: a2, identity: []string{"admin.json " + full},
		resource: []string{`bucket.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + a1 + `:role/app","Service":"s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::uploads/a"}}`},
	},
	"a statement for two callers does not get the action": {
		who: app, action: "s3:GetObject", on: "arn:aws:s3:::uploads/a", account: a2, identity: []string{"admin.json " + full},
		resource: []string{`bucket.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::` + a1 + `:role/app","arn:aws:iam::` + a1 + `:role/other"]},"Action":"s3:PutObject","Resource":"arn:aws:s3:::uploads/a"}}`},
	},
	"a statement for the caller alone gets the action": {
		who: app, action: "s3:GetObject", on: "arn:aws:s3:::uploads/a", account: a2, identity: []string{"admin.json " + full},
		resource: []string{`bucket.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + a1 + `:role/app"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::uploads/a"}}`},
	},
	"a statement for a service does not get the action for all who call through it": {
		who: evaluator.Service("s3.amazonaws.com"), action: "lambda:InvokeFunction", on: fn, context: values("aws:SourceArn", "arn:aws:s3:::uploads", "aws:SourceAccount", a1),
		resource: []string{`function.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:GetFunction","Resource":"` + fn + `"}}`},
	},
	"a token of which one thing is told": {
		who: evaluator.Web("arn:aws:iam::" + a1 + ":oidc-provider/token.actions.githubusercontent.com"), action: "sts:AssumeRoleWithWebIdentity", on: exec,
		context: values("token.actions.githubusercontent.com:sub", "repo:SampleOrg/app:ref:refs/heads/main"),
		resource: []string{`trust.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::` + a1 + `:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity",
			"Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:sampleorg/app:*"}}}}`},
	},
	"a token of which its condition says less": {
		who: evaluator.Web("arn:aws:iam::" + a1 + ":oidc-provider/token.actions.githubusercontent.com"), action: "sts:AssumeRoleWithWebIdentity", on: exec,
		context: values("token.actions.githubusercontent.com:sub", "repo:SampleOrg/app:ref:refs/heads/main", "token.actions.githubusercontent.com:aud", "sts.amazonaws.com"),
		resource: []string{`trust.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::` + a1 + `:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity",
			"Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"other"}}}}`},
	},
	"of two Denies the request can end one": {
		who: alice, action: "lambda:DeleteFunction", on: fn,
		identity: []string{"admin.json " + full, `guard.json {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"lambda:DeleteFunction","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}]}`},
	},
	"of the Denies of two policies the request can end one": {
		who: alice, action: "lambda:DeleteFunction", on: fn, context: values("aws:SourceVpc", "vpc-1"),
		identity: []string{"admin.json " + full,
			`one.json {"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"lambda:DeleteFunction","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}}}`,
			`two.json {"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"lambda:DeleteFunction","Resource":"*"}}`},
	},
	"a statement that lacks two elements is no near miss": {
		who: alice, action: "lambda:GetFunction", on: fn,
		identity: []string{`read.json {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:GetAlias","Resource":"` + others + `"},{"Effect":"Deny","Action":"lambda:GetAlias","Resource":"` + fn + `"}]}`},
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
	c = denial{
		who: alice, action: "lambda:GetFunction", on: fn, context: values("aws:Referer", "a<b>&c"),
		identity: []string{`a.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"` + fn + `","Condition":{"StringEquals":{"aws:Referer":"x"}}}}`},
	}
	f, err = fix.For(context.Background(), c.denied(t))
	require.NoError(t, err)
	text, err = f.MarshalJSON()
	require.NoError(t, err)
	assert.Contains(t, string(text), "a<b>&c", "as it is written in a policy")
}
