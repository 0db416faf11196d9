package prove_test

import (
	"math/rand/v2"
	"strings"

	"github.com/iamsim/iamsim/policy"
)

// A generator draws small policies from a small vocabulary, so that what is
// drawn twice is often alike.
type generator struct {
	*rand.Rand
	principals bool // statements of a resource-based policy
	worlds     []world
	favourites []world
	empty      int // percent of conditions whose list of values is empty
}

func newGenerator(seed, n uint64) *generator {
	return newGeneratorOf(worlds, seed, n)
}

func newGeneratorOf(worlds []world, seed, n uint64) *generator {
	return newGeneratorFrom(worlds, rand.New(rand.NewPCG(seed, n)))
}

func newGeneratorFrom(worlds []world, random *rand.Rand) *generator {
	g := &generator{Rand: random, worlds: worlds}
	for range 1 + g.IntN(3) {
		g.favourites = append(g.favourites, pick(g, worlds))
	}
	return g
}

// world is a context key, often one that is used elsewhere too.
func (g *generator) world() world {
	if g.chance(60) {
		return pick(g, g.favourites)
	}
	return pick(g, g.worlds)
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

var (
	actionPatterns = []string{
		"*", "s3:*", "s3:Get*", "s3:GetObject", "s3:getobject", "s3:Put*", "s3:*Object", "s3:PutObject", "s3:*Ob*", "s?:GetObject", "iam:PassRole",
		"iam:*", "iam:Pass*", "lambda:*", "lambda:Invoke*", "s3:Get?bject", "*:Get*", "kms:Decrypt", "sts:AssumeRole", "sts:*",
	}
	requestActions = []string{
		"s3:GetObject", "s3:PutObject", "s3:GetX", "s3:DeleteObject", "s3:Obx", "iam:PassRole", "iam:GetRole", "lambda:InvokeFunction", "lambda:GetX",
		"sx:GetObject", "kms:Decrypt", "sts:AssumeRole", "ec2:Run",
	}
	resourcePatterns = []string{
		"*", "arn:aws:s3:::*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/a", "arn:aws:s3:::b/*/x", "arn:aws:s3:::b/a*", "arn:aws:s3:::?/a", "arn:aws:s3:::*a*",
		"arn:aws:iam::111122223333:role/*", "arn:aws:iam::*:role/app", "arn:*:iam::111122223333:role/app", "arn:aws:s3:*", "arn:aws:s3:::b*", "arn:aws:*:*:*:b/*",
		"arn:aws:kms:us-east-1:111122223333:key/k", "arn:aws:kms:*:*:*",
	}
	variableResources = []string{
		"arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::${aws:PrincipalTag/t}/*", "arn:aws:s3:::b/${aws:PrincipalTag/t, 'a'}",
		"arn:aws:iam::${aws:PrincipalAccount}:role/*", "arn:aws:s3:::b/${*}", "arn:aws:s3:::b/${example:s}", "arn:aws:s3:::b/a${aws:username}*",
	}
	rcpActions       = []string{"s3:*", "s3:Get*", "s3:PutObject", "kms:Decrypt", "sts:AssumeRole", "sts:*"}
	requestResources = []string{
		"arn:aws:iam::111122223333:role/aws-service-role/s3.amazonaws.com/r",
		"*", "arn:aws:s3:::b/a", "arn:aws:s3:::b/x", "arn:aws:s3:::c/a", "arn:aws:s3:::b/ab", "arn:aws:s3:::b/a/x", "arn:aws:s3:::b", "arn:aws:s3:::xay",
		"arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:role/x", "arn:aws:iam::444455556666:role/app", "arn:aws:s3:us-east-1:111122223333:b/a",
		"arn:aws:s3:::b/alice", "arn:aws:s3:::b/alice/x", "arn:aws:s3:::b/*", "arn:aws:s3:::a/x", "arn:aws-cn:iam::111122223333:role/app", "arn:aws:kms:us-east-1:111122223333:key/k",
		"arn:aws:s3:::b/red", "arn:aws:s3:::red/x", "arn:aws:sqs:us-east-1:111122223333:b/x", "arn:aws:s3:::b/aalicex",
		"arn:aws:s3:::b/a\nx", "arn:aws:s3:::b/é",
	}
)

// A world is a context key, operators that suit it, and values for policies and
// requests.
type world struct {
	key      string
	tests    []string
	policy   []string
	requests []string
	several  bool
}

var (
	textTests    = []string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"}
	numericTests = []string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"}
	dateTests    = []string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"}
	arnTests     = []string{"ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike", "StringLike"}
	texts        = []string{"a", "b", "A", "ab", "*", "a*", "*b", "?", "red", "alice", ""}
	textRequests = []string{"a", "b", "A", "ab", "red", "alice", "", "c", "xb", "ax"}
)

var worlds = []world{
	{"example:s", textTests, texts, textRequests, false},
	{"example:t", textTests, texts, textRequests, false},
	{"aws:TagKeys", textTests, texts, textRequests, true},
	{"aws:TagKeys", textTests, []string{"a", "b", "ab", "a*"}, textRequests, true},
	{"example:m", numericTests, []string{"1", "5"}, []string{"1", "5", "0", "3", "9"}, true},
	{"example:n", numericTests, []string{"1", "5", "1.5", "-2", "x"}, []string{"1", "5", "1.5", "-2", "0", "3", "9", "-9", "1.2", "none"}, false},
	{"aws:CurrentTime", dateTests, []string{"2026", "2026-06-01T00:00:00Z", "1767225600", "soon"}, []string{"2025", "2026", "2026-03", "2026-06-01T00:00:00Z", "2027", "none"}, false},
	{"aws:SecureTransport", []string{"Bool", "Bool", "StringEquals"}, []string{"true", "false"}, []string{"true", "false", "x"}, false},
	{"aws:SourceIp", []string{"IpAddress", "NotIpAddress"}, []string{"203.0.113.0/24", "203.0.113.7", "0.0.0.0/0", "2001:db8::/32", "x"}, []string{"203.0.113.7", "203.0.113.9", "9.9.9.9", "2001:db8::1", "2002::1", "none"}, false},
	{"aws:SourceArn", arnTests, []string{"arn:aws:s3:::b", "arn:aws:s3:::*", "arn:*:s3:::b", "arn:aws:*:*:111122223333:*"}, []string{"arn:aws:s3:::b", "arn:aws:s3:::c", "arn:aws-cn:s3:::b", "arn:aws:sns:us-east-1:111122223333:t", "none"}, false},
	{"example:b", []string{"BinaryEquals"}, []string{"QQ==", "Qg==", "Q"}, []string{"QQ==", "Qg==", "x"}, false},
	{"aws:username", textTests, []string{"alice", "al*", "ALICE", "bob", "*"}, nil, false},
	{"aws:PrincipalArn", arnTests, []string{"arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:user/*", "arn:aws:iam::*:role/*", "arn:aws:iam::444455556666:*", "arn:aws:iam::111122223333:role/app"}, nil, false},
	{"aws:PrincipalAccount", textTests, []string{"111122223333", "4444*", "*"}, nil, false},
	{"aws:PrincipalType", textTests, []string{"User", "AssumedRole", "*e*"}, nil, false},
	{"aws:userid", textTests, []string{"AIDAALICE", "AROAAPP:*", "*:s1", "AIDA*"}, nil, false},
	{"aws:PrincipalOrgID", textTests, []string{"o-a", "o-*"}, []string{"o-a", "o-b"}, false},
	{"aws:PrincipalTag/t", textTests, texts, textRequests, false},
	{"aws:ResourceTag/t", textTests, texts, textRequests, false},
	{"iam:PassedToService", textTests, []string{"lambda.amazonaws.com", "*.amazonaws.com"}, []string{"lambda.amazonaws.com", "ec2.amazonaws.com", "x"}, false},
	{"aws:MultiFactorAuthPresent", []string{"Bool"}, []string{"true", "false"}, []string{"true", "false"}, false},
	{"aws:TokenIssueTime", dateTests, []string{"2026"}, []string{"2025", "2026", "2027"}, false},
}

var variableValues = []string{
	"${aws:username}", "${aws:PrincipalTag/t}", "${example:s}", "${aws:PrincipalTag/t, 'a'}", "a${aws:username}", "${aws:PrincipalAccount}", "${*}", "${example:t}", "${aws:userid}",
}

func (g *generator) condition(w world) policy.Condition {
	test := pick(g, w.tests)
	switch {
	case g.chance(12):
		test = "Null"
	case g.chance(4):
		test = pick(g, [][]string{textTests, numericTests, dateTests, arnTests, {"Bool", "IpAddress", "BinaryEquals"}}[g.IntN(5)])
	}
	if test != "Null" && g.chance(20) {
		test += "IfExists"
	}
	if w.several && g.chance(70) || g.chance(6) {
		test = pick(g, []string{"ForAllValues:", "ForAnyValue:"}) + test
	}
	op, err := policy.ParseOperator(test)
	if err != nil {
		panic(err)
	}
	c := policy.Condition{Operator: op, Key: w.key, Values: policy.Values{}}
	if g.chance(10) {
		c.Key = strings.ToLower(c.Key)
	}
	if g.empty > 0 && g.chance(g.empty) {
		return c
	}
	for range 1 + g.IntN(2) {
		switch {
		case op.Test == policy.Null:
			c.Values = append(c.Values, pick(g, []string{"true", "false"}))
		case g.chance(12) && op.Variables() && op.Test != policy.Bool:
			c.Values = append(c.Values, pick(g, variableValues))
		default:
			value := pick(g, w.policy)
			if strings.Contains(value, "${") && (!op.Variables() || op.Test == policy.Bool) {
				value = "a"
			}
			c.Values = append(c.Values, value)
		}
	}
	return c
}

var principalValues = []policy.PrincipalEntry{
	{Type: policy.PrincipalAWS, Values: policy.Values{"111122223333"}}, {Type: policy.PrincipalAWS, Values: policy.Values{"444455556666"}},
	{Type: policy.PrincipalAWS, Values: policy.Values{"*"}}, {Type: policy.PrincipalAWS, Values: policy.Values{"arn:aws:iam::111122223333:user/alice"}},
	{Type: policy.PrincipalAWS, Values: policy.Values{"arn:aws:iam::111122223333:role/app"}}, {Type: policy.PrincipalAWS, Values: policy.Values{"arn:aws:sts::111122223333:assumed-role/app/s1"}},
	{Type: policy.PrincipalAWS, Values: policy.Values{"AIDAALICE"}}, {Type: policy.PrincipalAWS, Values: policy.Values{"AROAAPP"}},
	{Type: policy.PrincipalAWS, Values: policy.Values{"arn:aws:iam::444455556666:root"}}, {Type: policy.PrincipalAWS, Values: policy.Values{"arn:aws-cn:iam::111122223333:root"}},
	{Type: policy.PrincipalService, Values: policy.Values{"s3.amazonaws.com"}}, {Type: policy.PrincipalService, Values: policy.Values{"sns.amazonaws.com"}},
	{Type: policy.PrincipalFederated, Values: policy.Values{"accounts.google.com"}}, {Type: policy.PrincipalFederated, Values: policy.Values{"arn:aws:iam::111122223333:saml-provider/corp"}},
	{Type: policy.PrincipalAWS, Values: policy.Values{"arn:aws:iam::111122223333:user/alice", "111122223333"}},
	{Type: policy.PrincipalAWS, Values: policy.Values{"arn:aws:iam::111122223333:role/app", "arn:aws:sts::111122223333:assumed-role/app/s1", "111122223333"}},
}

func (g *generator) principal() *policy.Principals {
	if g.chance(20) {
		return &policy.Principals{Everyone: true}
	}
	return &policy.Principals{Entries: []policy.PrincipalEntry{pick(g, principalValues)}}
}

func (g *generator) statement(variables bool) policy.Statement {
	st := policy.Statement{Effect: policy.Allow}
	if g.chance(30) {
		st.Effect = policy.Deny
	}
	list := policy.Values{}
	for range 1 + g.IntN(2) {
		list = append(list, pick(g, actionPatterns))
	}
	if st.Action = list; g.chance(12) {
		st.Action, st.NotAction = nil, list
	}
	resources := policy.Values{}
	for range 1 + g.IntN(2) {
		if variables && g.chance(15) {
			resources = append(resources, pick(g, variableResources))
		} else {
			resources = append(resources, pick(g, resourcePatterns))
		}
	}
	if st.Resource = resources; g.chance(12) {
		st.Resource, st.NotResource = nil, resources
	}
	for range g.IntN(3) {
		if g.chance(70) {
			c := g.condition(g.world())
			if !variables {
				for i := range c.Values {
					c.Values[i] = strings.NewReplacer("${", "", "}", "").Replace(c.Values[i])
				}
			}
			repeated := false
			for _, other := range st.Condition {
				repeated = repeated || other.Operator == c.Operator && strings.EqualFold(other.Key, c.Key)
			}
			if !repeated {
				st.Condition = append(st.Condition, c)
			}
		}
	}
	if g.principals {
		if st.Principal = g.principal(); g.chance(15) {
			st.Principal, st.NotPrincipal = nil, st.Principal
		}
	}
	return st
}

func (g *generator) document() *policy.Document {
	d := &policy.Document{Version: policy.Version2012}
	if g.chance(8) {
		d.Version = policy.Version2008
	}
	for range 1 + g.IntN(4) {
		d.Statements = append(d.Statements, g.statement(d.Version == policy.Version2012))
	}
	return d
}

// narrow is a document about little, so that its statements overlap: values of one
// key, or one variable.
func (g *generator) narrow() *policy.Document {
	d := &policy.Document{Version: policy.Version2012}
	tags := g.chance(50)
	for range 1 + g.IntN(4) {
		st := policy.Statement{Effect: policy.Allow, Action: policy.Values{"s3:*"}, Resource: policy.Values{"*"}}
		if g.chance(35) {
			st.Effect = policy.Deny
		}
		if tags {
			op, err := policy.ParseOperator(pick(g, []string{
				"ForAnyValue:StringEquals", "ForAllValues:StringEquals", "ForAnyValue:StringNotEquals", "ForAllValues:StringLike", "ForAnyValue:StringLike", "Null", "StringEquals",
			}))
			if err != nil {
				panic(err)
			}
			c := policy.Condition{Operator: op, Key: "aws:TagKeys", Values: policy.Values{pick(g, []string{"a", "b", "a*"})}}
			if op.Test == policy.Null {
				c.Values = policy.Values{pick(g, []string{"true", "false"})}
			}
			st.Condition = append(st.Condition, c)
		} else {
			st.Resource = policy.Values{"arn:aws:s3:::b/" + pick(g, []string{"a", "*", "red", "${aws:PrincipalTag/t}", "${aws:PrincipalTag/t, 'a'}", "${aws:PrincipalTag/t, 'red'}"})}
			if g.chance(50) {
				op := policy.Operator{Test: pick(g, []policy.Test{policy.StringEquals, policy.StringNotEquals, policy.Null})}
				c := policy.Condition{Operator: op, Key: "aws:PrincipalTag/t", Values: policy.Values{pick(g, []string{"a", "red"})}}
				if op.Test == policy.Null {
					c.Values = policy.Values{pick(g, []string{"true", "false"})}
				}
				st.Condition = append(st.Condition, c)
			}
		}
		d.Statements = append(d.Statements, st)
	}
	return d
}

// changed is a document much like another: such pairs are the interesting ones.
func (g *generator) changed(d *policy.Document) *policy.Document {
	c := &policy.Document{Version: d.Version}
	for i := range d.Statements {
		switch {
		case g.chance(12):
		case g.chance(15):
			st := d.Statements[i]
			st.Condition = nil
			c.Statements = append(c.Statements, st)
		case g.chance(15):
			st := d.Statements[i]
			if st.Action != nil {
				st.Action = append(st.Action[:len(st.Action):len(st.Action)], pick(g, actionPatterns))
			}
			c.Statements = append(c.Statements, st)
		case g.chance(10):
			st := d.Statements[i]
			if st.Resource != nil {
				st.Resource = policy.Values{pick(g, resourcePatterns)}
			}
			c.Statements = append(c.Statements, st)
		default:
			c.Statements = append(c.Statements, d.Statements[i])
		}
	}
	if len(c.Statements) == 0 || g.chance(20) {
		c.Statements = append(c.Statements, g.statement(d.Version == policy.Version2012))
	}
	return c
}

// rcp is a resource control policy: a few statements that deny to everyone.
func (g *generator) rcp() *policy.Document {
	d := &policy.Document{Version: policy.Version2012}
	for range 1 + g.IntN(2) {
		st := policy.Statement{
			Effect: policy.Deny, Principal: &policy.Principals{Everyone: true},
			Action: policy.Values{pick(g, rcpActions)}, Resource: policy.Values{pick(g, resourcePatterns)},
		}
		for g.chance(40) && len(st.Condition) == 0 {
			st.Condition = append(st.Condition, g.condition(g.world()))
		}
		d.Statements = append(d.Statements, st)
	}
	return d
}
