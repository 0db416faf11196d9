package fix_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/fix"
	"github.com/iamsim/iamsim/policy"
)

// A generator makes random requests with policies in all layers, of a
// vocabulary so small that what is drawn twice is often the same.
type generator struct {
	*rand.Rand
	request *fix.Denied
	policy  int
	sids    int // given out: no two statements have the same
}

const (
	a1 = "111122223333"
	a2 = "444455556666"
	fn = "arn:aws:lambda:us-east-1:" + a1 + ":function:my-fn"
)

func generate(seed uint64) *fix.Denied { return generateFrom(rand.New(rand.NewPCG(seed, 6))) }

func generateFrom(random *rand.Rand) *fix.Denied {
	d := &fix.Denied{}
	g := &generator{Rand: random, request: d}
	d.Caller.Principal = pick(g, callers)
	if g.chance(50) {
		d.Caller.Principal = d.Caller.Principal.WithOrganization(&evaluator.Organization{ID: "o-a1b2c3d4e5", ManagementAccount: pick(g, []string{a2, "999999999999"})})
	}
	if g.chance(30) {
		d.Caller.Principal = d.Caller.Principal.WithTags(evaluator.Tag{Key: "team", Value: pick(g, []string{"red", "blue"})})
	}
	f := pick(g, families)
	d.Request.Action, d.Target.Resource = pick(g, f.actions), pick(g, f.resources)
	if kind := d.Caller.Principal.Kind(); (kind == evaluator.WebIdentity || kind == evaluator.SAMLIdentity) != strings.Contains(d.Request.Action, "With") && g.chance(90) {
		return generateFrom(random) // a rule refuses it, whatever the policies say
	}
	if g.chance(5) && !strings.HasPrefix(d.Request.Action, "sts:") {
		d.Target.Unknown, d.Target.Resource = true, d.Target.Resource[:g.IntN(len(d.Target.Resource))]
		d.Target.Resource, _, _ = strings.Cut(d.Target.Resource, "$")
	}
	if g.chance(20) {
		d.Target.Tags = []evaluator.Tag{{Key: "team", Value: "red"}}
	}
	d.Engine.Options.SCPImplicitAsExplicit = g.chance(5)
	for _, k := range keys {
		switch n := g.IntN(100); {
		case k.name == "aws:PrincipalArn": // another than the caller's would be no request of AWS
		case n < 35:
			d.Request.Context = append(d.Request.Context, evaluator.Key{Name: k.name, Values: []string{pick(g, k.values)}})
		case n < 39:
			d.Request.Context = append(d.Request.Context, evaluator.Key{Name: k.name, State: evaluator.Unknown})
		case n < 42:
			d.Request.Context = append(d.Request.Context, evaluator.Key{Name: k.name, State: evaluator.Present})
		case n < 45:
			d.Request.Context = append(d.Request.Context, evaluator.Key{Name: k.name, Values: []string{k.values[0], k.values[1]}})
		}
	}
	give(panics{}, d, g.policies())
	return d
}

func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g *generator) policies() policy.Policies {
	var p policy.Policies
	add := func(layer policy.Layer, kind policy.Kind, most int) {
		p = p.With(layer.At(p.Count(layer)), g.several(kind, most)...)
	}
	if g.chance(80) {
		add(policy.IdentityLayer, policy.Identity, 3)
	}
	if g.chance(30) {
		add(policy.BoundaryLayer, policy.Boundary, 1)
	}
	for range g.IntN(2) * g.IntN(3) {
		add(policy.SessionLayer, policy.Session, 2)
	}
	for range g.IntN(2) * g.IntN(4) {
		add(policy.SCPLayer, policy.SCP, 2)
	}
	for range g.IntN(2) * g.IntN(3) {
		add(policy.RCPLayer, policy.RCP, 2)
	}
	if g.chance(20) {
		add(policy.EndpointLayer, policy.Endpoint, 1)
	}
	kind, layer := resourceKind(g.request), policy.ResourceLayer
	if kind == policy.Trust {
		layer = policy.TrustLayer
	}
	for range g.IntN(3) {
		add(layer, kind, 1)
	}
	return p
}

// panics makes a generator that is wrong end the test.
type panics struct{}

func (panics) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (panics) FailNow()                          { panic("failed") }

func (g *generator) several(kind policy.Kind, most int) []policy.Attached {
	list := []policy.Attached{}
	for range g.IntN(most + 1) {
		g.policy++
		a := policy.Attached{Name: fmt.Sprintf("%s-%d", kind, g.policy), Document: g.document(kind)}
		switch {
		case g.chance(10):
			a.ARN = "arn:aws:iam::aws:policy/" + a.Name
		case g.chance(10):
			a.ARN = "arn:aws:iam::" + a1 + ":policy/" + a.Name
		case g.chance(10):
			a.From = "group developers"
		}
		list = append(list, a)
	}
	return list
}

func (g *generator) document(kind policy.Kind) *policy.Document {
	d := &policy.Document{Version: policy.Version2012}
	if g.chance(10) && kind != policy.RCP {
		d.Version = policy.Version2008
	}
	if g.chance(35) && kind != policy.RCP {
		all := g.statement(kind)
		all.Effect, all.Action, all.NotAction, all.NotResource, all.Condition = policy.Allow, policy.Values{"*"}, nil, nil, nil
		if all.Resource = (policy.Values{"*"}); kind == policy.Trust {
			all.Action, all.Resource = policy.Values{"sts:*"}, nil
		}
		d.Statements = append(d.Statements, all)
	}
	for range 1 + g.IntN(3) {
		d.Statements = append(d.Statements, g.statement(kind))
	}
	return d
}

func (g *generator) statement(kind policy.Kind) policy.Statement {
	st := policy.Statement{Effect: policy.Allow}
	if kind == policy.RCP || g.chance(35) {
		st.Effect = policy.Deny
	}
	if g.chance(20) {
		g.sids++
		st.Sid = fmt.Sprintf("Sid%dx%d", g.sids, g.IntN(1000000))
	}
	service, name, _ := strings.Cut(g.request.Request.Action, ":")
	actions := []string{g.request.Request.Action, g.request.Request.Action, service + ":*", service + ":" + name[:3] + "*", "s3:PutObject", "*"}
	if kind == policy.RCP || kind == policy.Trust {
		actions = actions[:4]
		if kind == policy.Trust && !slices.Contains([]string{"sts:AssumeRole", "sts:TagSession", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}, actions[0]) {
			actions = []string{"sts:*"}
		}
		if kind == policy.RCP && !policy.RCPSupports(service) {
			actions = []string{"s3:*"}
		}
	}
	for range 1 + g.IntN(2) {
		st.Action = append(st.Action, pick(g, actions))
	}
	if g.chance(12) && kind != policy.RCP && kind != policy.Trust {
		st.Action, st.NotAction = nil, st.Action
	}
	if kind != policy.Trust && (kind != policy.Resource || g.chance(80)) {
		for range 1 + g.IntN(2) {
			st.Resource = append(st.Resource, g.resource())
		}
		if g.chance(12) {
			st.Resource, st.NotResource = nil, st.Resource
		}
	}
	switch kind {
	case policy.Resource, policy.Trust, policy.Endpoint:
		st.Principal = g.principals()
		if g.chance(8) && kind != policy.Trust && st.Effect == policy.Deny {
			st.Principal, st.NotPrincipal = nil, st.Principal
		}
	case policy.RCP:
		st.Principal = &policy.Principals{Everyone: true}
	}
	for range g.IntN(2) * g.IntN(3) {
		g.condition(&st)
	}
	return st
}

func (g *generator) resource() string {
	r := g.request.Target.Resource
	parts := strings.SplitN(r, ":", 6)
	typed := len(parts) == 6 && (parts[2] != "iam" || strings.Contains(parts[5], "/")) // IAM wants the type written out (B-12)
	if !typed || parts[5] == "" || g.chance(20) {
		return "*"
	}
	switch g.IntN(8) {
	case 0:
		parts[3] = "*"
	case 1:
		parts[5], _, _ = strings.Cut(parts[5], "$")
		from := 0
		if parts[2] == "iam" {
			from = strings.IndexByte(parts[5], '/') + 1
		}
		parts[5] = parts[5][:from+g.IntN(max(1, len(parts[5])-from))] + "*"
	case 2:
		parts[5] = "function:other"
		if parts[2] == "iam" {
			parts[5] = "role/other"
		}
	case 3:
		parts[4] = a2
	case 4:
		return strings.TrimSuffix(r, ":prod")
	case 5:
		return r + ":*"
	case 6:
		parts[5] = "user/${aws:username}"
	}
	return strings.Join(parts, ":")
}

func (g *generator) principals() *policy.Principals {
	if g.chance(15) {
		return &policy.Principals{Everyone: true}
	}
	p := &policy.Principals{}
	own := g.request.Caller.Principal
	switch {
	case g.chance(40) && own.Account() != "":
		p.Entries = []policy.PrincipalEntry{{Type: policy.PrincipalAWS, Values: policy.Values{pick(g, []string{own.String(), own.Account()})}}}
	case g.chance(25):
		p.Entries = []policy.PrincipalEntry{{Type: policy.PrincipalService, Values: policy.Values{pick(g, []string{"s3.amazonaws.com", "lambda.amazonaws.com"})}}}
	default:
		p.Entries = []policy.PrincipalEntry{{Type: policy.PrincipalAWS, Values: policy.Values{pick(g, []string{
			"arn:aws:iam::" + a1 + ":user/alice", "arn:aws:iam::" + a2 + ":user/carol", "arn:aws:iam::" + a1 + ":role/app", a1, a2,
		})}}}
	}
	return p
}

func (g *generator) condition(st *policy.Statement) {
	k := pick(g, keys)
	c := policy.Condition{Key: k.name, Values: policy.Values{pick(g, k.values)}}
	operator, err := policy.ParseOperator(pick(g, k.operators))
	if err != nil {
		panic(err)
	}
	c.Operator = operator
	if g.chance(15) && operator.Test != policy.Null {
		c.Operator.IfExists = true
	}
	if g.chance(10) && operator.Test != policy.Null {
		c.Operator.Set = policy.ForAnyValue
	}
	if g.chance(5) {
		c.Operator, c.Values = policy.Operator{Test: policy.Null}, policy.Values{pick(g, []string{"true", "false"})}
	}
	if !slices.ContainsFunc(st.Condition, func(o policy.Condition) bool { return o.Operator == c.Operator && o.Key == c.Key }) {
		st.Condition = append(st.Condition, c)
	}
}

var callers = []evaluator.Principal{
	evaluator.User("arn:aws:iam::" + a1 + ":user/alice").WithUniqueID("AIDAALICE"),
	evaluator.User("arn:aws:iam::" + a1 + ":user/alice"),
	evaluator.User("arn:aws:iam::" + a1 + ":user/team/bob"),
	evaluator.User("arn:aws:iam::" + a2 + ":user/carol"),
	evaluator.Session("arn:aws:sts::"+a1+":assumed-role/app/s1", "arn:aws:iam::"+a1+":role/app").WithUniqueID("AROAAPP"),
	evaluator.Session("arn:aws:sts::"+a1+":assumed-role/app/s1", "arn:aws:iam::"+a1+":role/svc/app"),
	evaluator.Session("arn:aws:sts::"+a1+":assumed-role/app/s1", ""),
	evaluator.Session("arn:aws:sts::"+a2+":assumed-role/ext/s1", "arn:aws:iam::"+a2+":role/ext"),
	evaluator.Role("arn:aws:iam::" + a1 + ":role/app"),
	evaluator.Federated("arn:aws:sts::"+a1+":federated-user/temp", "arn:aws:iam::"+a1+":user/alice"),
	evaluator.Federated("arn:aws:sts::"+a1+":federated-user/temp", ""),
	evaluator.Root(a1), evaluator.Root(a2),
	evaluator.Service("s3.amazonaws.com"), evaluator.Service("lambda.amazonaws.com"),
	evaluator.Anonymous(),
	evaluator.Web("accounts.google.com"),
	evaluator.SAML("arn:aws:iam::" + a1 + ":saml-provider/corp"),
	evaluator.Session("arn:aws:sts::"+a1+":assumed-role/linked/s1", "arn:aws:iam::"+a1+":role/aws-service-role/x.amazonaws.com/linked"),
	evaluator.User("arn:aws-cn:iam::" + a1 + ":user/alice"),
}

var families = []struct{ actions, resources []string }{
	{[]string{"lambda:GetFunction", "lambda:InvokeFunction", "lambda:InvokeFunctionUrl"}, []string{fn, fn + ":prod", "arn:aws:lambda:us-east-1:" + a2 + ":function:my-fn", fn + ":$LATEST"}},
	{[]string{"lambda:ListFunctions"}, []string{"*"}},
	{[]string{"lambda:GetLayerVersion"}, []string{"arn:aws:lambda:us-east-1:" + a1 + ":layer:base:3", "arn:aws:lambda:us-east-1:" + a2 + ":layer:base:3"}},
	{[]string{"iam:PassRole", "iam:PassRole", "iam:GetRole"}, []string{"arn:aws:iam::" + a1 + ":role/exec", "arn:aws:iam::" + a1 + ":role/svc/exec", "arn:aws:iam::" + a2 + ":role/exec"}},
	{[]string{"sts:AssumeRole", "sts:TagSession", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}, []string{"arn:aws:iam::" + a1 + ":role/exec", "arn:aws:iam::" + a2 + ":role/exec"}},
	{[]string{"sts:GetFederationToken", "sts:GetSessionToken"}, []string{"*"}},
	{[]string{"kms:Decrypt"}, []string{"arn:aws:kms:us-east-1:" + a1 + ":key/k-1", "arn:aws:kms:us-east-1:" + a2 + ":key/k-1"}},
	{[]string{"s3:GetObject", "s3:PutObject"}, []string{"arn:aws:s3:::bucket/o", "arn:aws:s3:::bucket/a*b", "arn:aws:s3:::bucket/x?${y}"}},
}

var keys = []struct {
	name      string
	operators []string
	values    []string
}{
	{"aws:SourceIp", []string{"IpAddress", "NotIpAddress"}, []string{"203.0.113.10", "198.51.100.0/24", "2001:db8::1"}},
	{"aws:MultiFactorAuthPresent", []string{"Bool", "BoolIfExists"}, []string{"true", "false"}},
	{"aws:TokenIssueTime", []string{"DateLessThan", "DateGreaterThan"}, []string{"2026-01-15T11:00:00Z", "2026-06-01T00:00:00Z"}},
	{"aws:RequestedRegion", []string{"StringEquals", "StringNotEquals", "StringLike"}, []string{"us-east-1", "eu-west-1", "eu-*"}},
	{"aws:SourceArn", []string{"ArnLike", "ArnNotLike", "ArnEquals"}, []string{"arn:aws:s3:::bucket", "arn:aws:sns:us-east-1:" + a1 + ":topic"}},
	{"aws:SourceAccount", []string{"StringEquals", "StringNotEquals"}, []string{a1, a2}},
	{"iam:PassedToService", []string{"StringEquals", "StringLike"}, []string{"lambda.amazonaws.com", "ec2.amazonaws.com"}},
	{"aws:PrincipalArn", []string{"ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"}, []string{"arn:aws:iam::" + a1 + ":role/app", "arn:aws:iam::" + a1 + ":user/alice"}},
	{"aws:PrincipalTag/team", []string{"StringEquals", "StringNotEquals"}, []string{"red", "${aws:ResourceTag/team}"}},
	{"aws:ResourceTag/team", []string{"StringEquals"}, []string{"red", "blue"}},
	{"aws:username", []string{"StringEquals", "StringNotLike"}, []string{"alice", "a*"}},
	{"lambda:FunctionUrlAuthType", []string{"StringEquals"}, []string{"NONE", "AWS_IAM"}},
	{"aws:TagKeys", []string{"StringEquals", "ForAllValues:StringEquals", "ForAnyValue:StringLike"}, []string{"team", "env"}},
	{"example:n", []string{"NumericEquals", "NumericLessThan"}, []string{"10", "20"}},
}
