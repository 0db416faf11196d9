package planned_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/internal/golden"
	"github.com/iamsim/iamsim/policy"
)

var (
	name    = &planned.Hole{Origin: `aws_lambda_function.orders["a b"].arn`, Why: "known after apply"}
	stage   = &planned.Hole{Origin: "parameter Stage", Why: "parameter without value"}
	account = &planned.Hole{Origin: "AWS::AccountId"}
)

type (
	object = map[string]any
	list   = []any
)

func text(parts ...any) planned.Text {
	var all planned.Text
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			all = planned.Concat(all, planned.Known(p))
		case *planned.Hole:
			all = planned.Concat(all, planned.Unknown(p))
		}
	}
	return all
}

func principal(t *testing.T, s string) evaluator.Principal {
	t.Helper()
	p, err := evaluator.ParsePrincipal(s)
	require.NoError(t, err)
	return p
}

// statement is an Allow of lambda:GetFunction on everything, changed.
func statement(changes object) object {
	s := object{"Effect": "Allow", "Action": "lambda:GetFunction", "Resource": "*"}
	for k, v := range changes {
		s[k] = v
		if v == nil {
			delete(s, k)
		}
	}
	return object{"Version": "2012-10-17", "Statement": list{s}}
}

func TestWhatIsKnownOfAPolicyDecides(t *testing.T) {
	const (
		user   = "arn:aws:iam::123456789012:user/u"
		orders = "arn:aws:lambda:us-east-1:123456789012:function:orders"
	)
	written := ""
	for _, row := range []struct {
		why      string
		tree     any
		action   string // lambda:GetFunction by default
		resource string // the function orders by default
		want     string
	}{
		{why: "a policy without holes decides as it stands", tree: statement(nil), want: "allowed"},
		{why: "the ARN of the resource is a hole", tree: statement(object{"Resource": name}), want: "indeterminate"},
		{why: "a hole in the ARN leaves open which function", tree: statement(object{"Resource": text("arn:aws:lambda:us-east-1:123456789012:function:", name)}), want: "indeterminate"},
		{why: "what is known of the ARN excludes", tree: statement(object{"Resource": text("arn:aws:lambda:eu-west-1:123456789012:function:", name)}), want: "implicitDeny"},
		{why: "a known beginning of the name excludes", tree: statement(object{"Resource": text("arn:aws:lambda:us-east-1:123456789012:function:pay-", stage)}), want: "implicitDeny"},
		{why: "an account that is not known", tree: statement(object{"Resource": text("arn:aws:lambda:us-east-1:", account, ":function:orders")}), want: "indeterminate"},
		{why: "an account that is not known, and another name", tree: statement(object{"Resource": text("arn:aws:lambda:us-east-1:", account, ":function:pay")}), want: "implicitDeny"},
		{why: "a hole may be several fields of an ARN", tree: statement(object{"Resource": text("arn:aws:lambda:", stage, ":orders")}), want: "indeterminate"},
		{why: "a hole beside a known ARN takes nothing from it", tree: statement(object{"Resource": list{name, orders}}), want: "allowed"},
		{why: "a hole beside an ARN of another function", tree: statement(object{"Resource": list{orders + "2", name}}), want: "indeterminate"},
		{why: "a hole of another service's resource", tree: statement(object{"Resource": text("arn:aws:s3:::", name)}), want: "implicitDeny"},
		{why: "an action that is not known", tree: statement(object{"Action": list{"s3:GetObject", name}}), want: "indeterminate"},
		{why: "an action whose service is known", tree: statement(object{"Action": text("s3:", name)}), want: "implicitDeny"},
		{why: "an action that is not known leaves what stands beside it", tree: statement(object{"Action": list{"lambda:GetFunction", name}}), want: "allowed"},
		{why: "an effect that is not known", tree: statement(object{"Effect": stage}), want: "indeterminate"},
		{why: "NotResource with a hole may leave out everything", tree: statement(object{"Resource": nil, "NotResource": name}), want: "indeterminate"},
		{why: "NotResource with a hole elsewhere", tree: statement(object{"Resource": nil, "NotResource": text("arn:aws:s3:::", name)}), want: "allowed"},
		{why: "NotAction with a hole", tree: statement(object{"Action": nil, "NotAction": list{"iam:*", name}}), want: "indeterminate"},
		{why: "NotAction with a hole beside the action", tree: statement(object{"Action": nil, "NotAction": list{"lambda:*", name}}), want: "implicitDeny"},
		{why: "a value of a condition", tree: statement(object{"Condition": object{"StringEquals": object{"aws:username": stage}}}), want: "indeterminate"},
		{why: "a value of a condition that is known in part", tree: statement(object{"Condition": object{"StringEquals": object{"aws:username": text("admin-", stage)}}}), want: "implicitDeny"},
		{why: "a value beside one that is a hole", tree: statement(object{"Condition": object{"StringEquals": object{"aws:username": list{text("x", stage), "u"}}}}), want: "allowed"},
		{why: "a number that is a hole", tree: statement(object{"Condition": object{"NumericLessThan": object{"aws:MultiFactorAuthAge": stage}}}), want: "indeterminate"},
		{why: "what is left of a condition excludes", tree: statement(object{"Condition": object{"Bool": object{"aws:SecureTransport": stage}, "StringEquals": object{"aws:username": "other"}}}), want: "implicitDeny"},
		{why: "a condition that is not known", tree: statement(object{"Condition": stage}), want: "indeterminate"},
		{why: "a statement that may be there", tree: object{"Version": "2012-10-17", "Statement": list{planned.Maybe{Value: statement(nil)["Statement"].(list)[0], Hole: stage}}}, want: "indeterminate"},
		{why: "a statement that is not known may be a Deny", tree: object{"Version": "2012-10-17", "Statement": list{statement(nil)["Statement"].(list)[0], stage}}, want: "indeterminate"},
		{why: "a statement that may be there and is not known", tree: object{"Version": "2012-10-17", "Statement": list{planned.Maybe{Value: name, Hole: stage}}}, want: "indeterminate"},
		{why: "an action that may be there", tree: statement(object{"Action": list{"s3:GetObject", planned.Maybe{Value: "lambda:GetFunction", Hole: stage}}}), want: "indeterminate"},
		{why: "another action that may be there", tree: statement(object{"Action": list{planned.Maybe{Value: "s3:GetObject", Hole: stage}}}), want: "implicitDeny"},
		{why: "a Deny that may be there does not allow", tree: object{"Version": "2012-10-17", "Statement": list{planned.Maybe{Value: object{"Effect": "Deny", "Action": "*", "Resource": "*"}, Hole: stage}}}, want: "implicitDeny"},
		{why: "a Sid that is not known is none", tree: statement(object{"Sid": text("S", stage)}), want: "allowed"},
		{why: "before 2012-10-17 only holes are variables", tree: object{"Statement": object{"Effect": "Allow", "Action": "*", "Resource": list{"arn:aws:lambda:*:*:function:${aws:username}", text("arn:aws:s3:::", name)}}},
			resource: "arn:aws:lambda:us-east-1:123456789012:function:u", want: "implicitDeny"},
		{why: "several values of conditions are holes", tree: statement(object{"Condition": object{"Null": object{"aws:TokenIssueTime": stage}, "StringLike": object{"aws:username": list{"u", stage}}, "DateGreaterThan": stage}}), want: "indeterminate"},
		{why: "an operator with two holes", tree: statement(object{"Condition": object{"StringNotEquals": object{"aws:username": list{name, stage}, "aws:userid": text("a", stage, "b")}}}), want: "indeterminate"},
		{why: "an Id that is not known is none", tree: object{"Version": "2012-10-17", "Id": text("I", stage), "Statement": statement(nil)["Statement"]}, want: "allowed"},
		{why: "NotAction with several holes", tree: statement(object{"Action": nil, "NotAction": list{name, "iam:*", stage, "s3:*"}}), want: "indeterminate"},
		{why: "an ARN with colons in its last field", tree: statement(object{"Resource": list{text("arn:aws:lambda:us-east-1:123456789012:function:", name, ":live"), text("arn:aws:lambda:us-east-1:123456789012:", stage, ":orders:live")}}), want: "implicitDeny"},
		{why: "a condition with two operators that are holes", tree: statement(object{"Condition": object{"StringEquals": stage, "Bool": name, "Null": object{"aws:username": "false"}}}), want: "indeterminate"},
		{why: "a NotAction that may be there", tree: statement(object{"Action": nil, "NotAction": list{"iam:*", planned.Maybe{Value: "lambda:*", Hole: stage}}}), want: "indeterminate"},
		{why: "a NotResource that may be there, and nothing else", tree: statement(object{"Resource": nil, "NotResource": planned.Maybe{Value: "*", Hole: stage}}), want: "indeterminate"},
		{why: "a NotResource alone that is known", tree: statement(object{"Resource": nil, "NotResource": "arn:aws:s3:::b", "Condition": object{"StringEquals": object{"aws:username": stage}}}), want: "indeterminate"},
		{why: "before 2012-10-17 a variable beside a hole stands for itself", tree: object{"Statement": object{"Effect": "Allow", "Action": "*", "Resource": text("arn:aws:lambda:us-east-1:123456789012:function:${aws:username}", name)}},
			resource: "arn:aws:lambda:us-east-1:123456789012:function:u", want: "implicitDeny"},
		{why: "and so before a hole that may be several fields", tree: object{"Statement": object{"Effect": "Allow", "Action": "*", "Resource": text("arn:aws:lambda:${aws:username}", name, ":orders")}}, want: "implicitDeny"},
		{why: "and in the value of a condition", tree: object{"Statement": object{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": object{"StringEquals": object{"aws:username": list{"${aws:username}", text("${aws:username}", name)}}}}}, want: "implicitDeny"},
		{why: "a region with its account beside it", tree: statement(object{"Resource": text("arn:aws:lambda:", stage, ":", account, ":function:orders")}), want: "indeterminate"},
		{why: "a part of a region", tree: statement(object{"Resource": text("arn:aws:lambda:us-", stage, ":123456789012:function:orders")}), want: "indeterminate"},
		{why: "a hole behind an account in one field", tree: statement(object{"Resource": text("arn:aws:lambda:us-east-1:1234", account, ":function:pay")}), want: "indeterminate"},
		{why: "a region of an ARN that ends too soon", tree: statement(object{"Resource": text("arn:aws:lambda:", stage, ":orders")}), want: "indeterminate"},
		{why: "an ARN of which the service is not known", tree: statement(object{"Resource": text("arn:aws:", stage, ":us-east-1:123456789012:function:orders")}), want: "indeterminate"},
		{why: "an action that begins with a colon", tree: statement(object{"Action": text(":", stage)}), want: "indeterminate"},
		{why: "an action of which the service is not whole", tree: statement(object{"Action": text("s", stage)}), want: "indeterminate"},
		{why: "a whole policy as a text of parts", tree: text(`{"Statement":{"Effect":"Allow",`, `"Action":"*","Resource":"*"}}`), want: "allowed"},
		{why: "a whole policy as text", tree: `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`, want: "allowed"},
	} {
		d, holes, err := planned.Document("p", policy.Identity, row.tree)
		require.NoError(t, err, row.why)
		written += row.why + "\n  " + asWritten(t, d, holes)
		t.Run(row.why, func(t *testing.T) {
			set, err := evaluator.Compile(policy.Identity, policy.Attach(d)...)
			require.NoError(t, err)
			caller := evaluator.Caller{Principal: principal(t, user), Identity: set}
			target := evaluator.Target{Resource: orders}
			if row.resource != "" {
				target.Resource = row.resource
			}
			request := evaluator.Request{Action: "lambda:GetFunction"}
			got := new(evaluator.Engine).Evaluate(&caller, &target, &request)
			assert.Equal(t, row.want, got.Outcome().String(), "%s", d)
		})
	}
	golden.Compare(t, "testdata/identity.txt", written)
}

// asWritten is a document, and the holes in it.
func asWritten(t *testing.T, d *policy.Document, holes []*planned.Hole) string {
	document, err := json.Marshal(d)
	require.NoError(t, err)
	lines := string(document) + "\n"
	for _, h := range holes {
		lines += "  hole: " + h.String() + "\n"
	}
	return lines
}

func TestHolesInThePrincipalsOfAPolicy(t *testing.T) {
	written := ""
	for _, row := range []struct {
		why  string
		kind policy.Kind
		tree any
	}{
		{"a principal", policy.Resource, object{"Principal": name}},
		{"principals of a type", policy.Resource, object{"Principal": object{"AWS": name}}},
		{"one of several principals", policy.Resource, object{"Principal": object{"AWS": list{"111122223333", name}}}},
		{"one of several services", policy.Resource, object{"Principal": object{"Service": list{"lambda.amazonaws.com", name}, "AWS": "111122223333"}}},
		{"a part of a principal", policy.Resource, object{"Principal": object{"AWS": text("arn:aws:iam::", account, ":root")}}},
		{"those that are not meant", policy.Resource, object{"Effect": "Deny", "NotPrincipal": object{"AWS": name}}},
		{"one of those that are not meant", policy.Resource, object{"Effect": "Deny", "NotPrincipal": object{"AWS": list{"111122223333", name}}}},
		{"an action of a trust policy", policy.Trust, object{"Principal": object{"AWS": "111122223333"}, "Action": name, "Resource": nil}},
		{"an effect of a trust policy", policy.Trust, object{"Principal": object{"AWS": "111122223333"}, "Action": "sts:AssumeRole", "Effect": stage, "Resource": nil}},
		{"a statement of a trust policy", policy.Trust, object{"Principal": object{"AWS": planned.Maybe{Value: "111122223333", Hole: stage}}, "Action": "sts:AssumeRole", "Resource": nil}},
		{"a condition", policy.Resource, object{"Principal": "*", "Condition": object{"StringEquals": object{"aws:SourceAccount": account}, "ArnLike": object{"aws:SourceArn": text("arn:aws:s3:::", name)}}}},
	} {
		d, holes, err := planned.Document("p", row.kind, statement(row.tree.(object)))
		require.NoError(t, err, row.why)
		require.NoError(t, policy.Check(row.kind, policy.Attached{Document: d}), row.why)
		written += row.why + "\n  " + asWritten(t, d, holes)
	}
	golden.Compare(t, "testdata/principals.txt", written)
}

func TestATrustPolicyWhosePrincipalIsNotKnown(t *testing.T) {
	tree := object{"Version": "2012-10-17", "Statement": object{"Effect": "Allow", "Action": "sts:AssumeRole",
		"Principal": object{"Service": "lambda.amazonaws.com", "AWS": name}}}
	d, holes, err := planned.Document("trust", policy.Trust, tree)
	require.NoError(t, err)
	require.NoError(t, policy.Check(policy.Trust, policy.Attached{Document: d}))
	require.Len(t, holes, 1)
	assert.Equal(t, `aws_lambda_function.orders["a b"].arn, known after apply`, holes[0].String())
	set, err := evaluator.Compile(policy.Trust, policy.Attach(d)...)
	require.NoError(t, err)
	for name, want := range map[string]evaluator.Outcome{
		"lambda.amazonaws.com":             evaluator.Allowed,
		"arn:aws:iam::123456789012:user/u": evaluator.Indeterminate,
	} {
		caller := evaluator.Caller{Principal: principal(t, name)}
		target := evaluator.Target{Resource: "arn:aws:iam::123456789012:role/r", Policies: []*evaluator.Set{set}}
		got := new(evaluator.Engine).Evaluate(&caller, &target, &evaluator.Request{Action: "sts:AssumeRole"})
		assert.Equal(t, want, got.Outcome(), name)
	}
}

func TestNothingIsKnownOfAPolicyThatIsAHole(t *testing.T) {
	for _, tree := range []any{name, planned.Unknown(name), planned.Maybe{Value: object{}, Hole: name}} {
		d, holes, err := planned.Document("p", policy.Identity, tree)
		require.NoError(t, err)
		assert.Nil(t, d)
		assert.Equal(t, []*planned.Hole{name}, holes)
	}
}

func TestFaultsAreThoseOfParse(t *testing.T) {
	_, _, err := planned.Document("aws_iam_policy.p", policy.Identity, object{"Statement": object{"Effect": "Alow", "Action": list{"s3:GetObject", name}, "Resource": "*"}})
	require.ErrorContains(t, err, "aws_iam_policy.p")
	require.ErrorContains(t, err, "Alow")
	for sentence, c := range map[string]struct {
		tree any
		want string
	}{
		"a text that is no JSON":            {"{", "p:1:2: not JSON"},
		"a text of parts that is no JSON":   {text("{", "}x"), "p:1:3"},
		"a list":                            {list{1}, "p:1:1"},
		"what JSON has not":                 {list{func() {}}, "p: json: unsupported type"},
		"what JSON has not, in a statement": {object{"Statement": list{func() {}}}, "p: json: unsupported type"},
		"an operator that is no object":     {statement(object{"Action": name, "Condition": object{"StringEquals": "x"}}), "Condition.StringEquals"},
		"a condition that is no object":     {statement(object{"Action": name, "Condition": "x"}), "Condition"},
		"a statement that is a number":      {object{"Version": "2012-10-17", "Statement": list{1, name}}, "Statement[0]"},
		"a principal that is a number":      {statement(object{"Action": name, "Principal": 1}), "Principal"},
		"one of the principals is a number": {statement(object{"Principal": object{"AWS": list{1, name}}}), "Principal"},
		"an action that is a number":        {statement(object{"Action": list{1, name}}), "Action"},
		"a NotAction that is a number":      {statement(object{"Action": nil, "NotAction": list{1, name}}), "NotAction"},
	} {
		d, _, err := planned.Document("p", policy.Resource, c.tree)
		assert.ErrorContains(t, err, c.want, sentence)
		assert.Nil(t, d, sentence)
	}
}

func TestAFaultStandsWhereItsElementDoes(t *testing.T) {
	written := object{"Version": "2012-10-17", "Statement": list{object{"Effect": "Allow", "Action": name, "Resource": "*"}, object{"Effect": "Allow", "Action": list{"s3:*"}, "Resource": list{"x"}}}}
	planned.Put(written, lines{"": 1, "Statement": 2})
	planned.Put(written["Statement"].(list)[0].(object), lines{"": 3, "Action": 4})
	planned.Put(written["Statement"].(list)[1].(object), lines{"": 5, "Resource": 6})
	_, _, err := planned.Document("p", policy.Identity, written)
	require.ErrorContains(t, err, "p:6:7: Statement[1].Resource[0]")
	assert.Equal(t, object{"Version": "2012-10-17", "Statement": list{object{"Effect": "Allow", "Action": name, "Resource": "*"}, object{"Effect": "Allow", "Action": list{"s3:*"}, "Resource": list{"x"}}}}, planned.Unplaced(written))
	assert.Equal(t, "x", planned.Unplaced("x"))
}

// lines are the lines of members; that of "" is the object's own.
type lines map[string]int

func (l lines) At(member string) planned.Place { return planned.Place{Line: l[member], Column: 7} }

func ExampleDocument() {
	name := planned.Unknown(&planned.Hole{Origin: "random_pet.orders.id", Why: "known after apply"})
	d, holes, err := planned.Document("aws_iam_role_policy.deploy", policy.Identity, map[string]any{
		"Version": "2012-10-17",
		"Statement": map[string]any{
			"Effect": "Allow", "Action": "lambda:InvokeFunction",
			"Resource": planned.Concat(planned.Known("arn:aws:lambda:us-east-1:123456789012:function:"), name),
		},
	})
	fmt.Println(holes[0], err)
	fmt.Println(d.Statements[0].Resource[0])
	// Output:
	// random_pet.orders.id, known after apply <nil>
	// arn:aws:lambda:us-east-1:123456789012:function:${iamsim:planned/random_pet.orders.id}
}
