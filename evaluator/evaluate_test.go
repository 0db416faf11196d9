package evaluator_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

const (
	alice    = "arn:aws:iam::111122223333:user/alice"
	function = "arn:aws:lambda:us-east-1:111122223333:function:my-fn"
)

// document is a policy of Version 2012-10-17 with these statements.
func document(t testing.TB, statements string) *policy.Document {
	t.Helper()
	doc, err := policy.ParseString("test.json", `{"Version":"2012-10-17","Statement":[`+statements+`]}`)
	require.NoError(t, err)
	return doc
}

func set(t testing.TB, kind policy.Kind, statements string) *evaluator.Set {
	t.Helper()
	s, err := evaluator.Compile(kind, policy.Attached{Document: document(t, statements)})
	require.NoError(t, err)
	return s
}

const allowLambda = `{"Effect":"Allow","Action":"lambda:*","Resource":"*"}`

func aliceWith(t testing.TB, statements string) *evaluator.Caller {
	return &evaluator.Caller{Principal: evaluator.User(alice), Identity: set(t, policy.Identity, statements)}
}

func TestMustPrepareTakesNothingButARequest(t *testing.T) {
	assert.PanicsWithValue(t, `evaluator.MustPrepare: invalid request: action "GetFunction" is not one service:Name without wildcards`,
		func() { evaluator.MustPrepare(&evaluator.Request{Action: "GetFunction"}) })
}

func TestADecisionIsEightBytesAndItsZeroIsAnImplicitDeny(t *testing.T) {
	var zero evaluator.Decision
	assert.EqualValues(t, 8, unsafe.Sizeof(zero))
	assert.Equal(t, evaluator.ImplicitDeny, zero.Outcome())
	assert.False(t, zero.Allowed())
	assert.True(t, zero.Denied())
}

func TestAnOutcomeIsWrittenAsSimulateCustomPolicySpellsIt(t *testing.T) {
	for outcome, want := range map[evaluator.Outcome]string{
		evaluator.ImplicitDeny: "implicitDeny", evaluator.ExplicitDeny: "explicitDeny", evaluator.Allowed: "allowed",
		evaluator.Indeterminate: "indeterminate", evaluator.Invalid: "invalid",
	} {
		assert.Equal(t, want, outcome.String())
		text, err := outcome.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, want, string(text))
		again := outcome + 1
		require.NoError(t, again.UnmarshalText(text))
		assert.Equal(t, outcome, again)
	}
	assert.Equal(t, "Outcome(5)", (evaluator.Invalid + 1).String())
	outcome := evaluator.Invalid
	assert.EqualError(t, outcome.UnmarshalText([]byte("denied")), `unknown decision "denied"`)
	assert.Equal(t, evaluator.Invalid, outcome, "a text that is none changes nothing")
}

func TestADecisionIsLoggedWithItsLayer(t *testing.T) {
	request := evaluator.Request{Action: "lambda:GetFunction"}
	target := evaluator.Target{Resource: function}
	allowed := evaluator.Evaluate(aliceWith(t, allowLambda), &target, &request)
	assert.Equal(t, "allowed", allowed.String())
	assert.Equal(t, "[outcome=allowed]", allowed.LogValue().String())
	denied := evaluator.Evaluate(&evaluator.Caller{Principal: evaluator.User(alice)}, &target, &request)
	assert.Equal(t, "implicitDeny(identity)", denied.String())
	assert.Equal(t, "[outcome=implicitDeny deniedBy=identity]", denied.LogValue().String())
}

func TestALayerHasANounAndItsArticle(t *testing.T) {
	for layer, want := range map[policy.Layer]string{
		policy.NoLayer: "a policy", policy.IdentityLayer: "an identity-based policy", policy.TrustLayer: "the role trust policy",
		policy.EndpointLayer: "a VPC endpoint policy", policy.RuleLayer: "a fixed rule", policy.Layer(99): "a Layer(99)",
	} {
		assert.Equal(t, want, layer.Article()+" "+layer.Noun())
	}
}

func TestAStatementIsNamedByItsPlace(t *testing.T) {
	for want, ref := range map[string]evaluator.StatementRef{
		"deployer.json:4:5 (Read)":            {Policy: "deployer.json", Line: 4, Column: 5, Sid: "Read", Index: 1},
		"deployer.json:4:5":                   {Policy: "deployer.json", Line: 4, Column: 5, Index: 1},
		"deployer Statement[1] (Read)":        {Policy: "deployer", Sid: "Read", Index: 1},
		"service control policy Statement[0]": {Layer: policy.SCPLayer},
	} {
		assert.Equal(t, want, ref.String())
	}
}

func TestARequestThatIsNoneIsInvalidAndSaysWhy(t *testing.T) {
	good := evaluator.Request{Action: "lambda:GetFunction"}
	twice := make(evaluator.Context, 0, 40)
	for i := range 39 {
		twice = append(twice, evaluator.Key{Name: fmt.Sprintf("example:k%d", i), Values: []string{"v"}})
	}
	twice = append(twice, evaluator.Key{Name: "EXAMPLE:K7", Values: []string{"w"}})
	for name, tc := range map[string]struct {
		principal evaluator.Principal
		resource  string
		request   evaluator.Request
		says      string
	}{
		"a wildcard in the action":          {evaluator.User(alice), function, evaluator.Request{Action: "lambda:Get*"}, `action "lambda:Get*"`},
		"a question mark far in the action": {evaluator.User(alice), function, evaluator.Request{Action: "lambda:GetFunctio?"}, `action "lambda:GetFunctio?"`},
		"an action without service":         {evaluator.User(alice), function, evaluator.Request{Action: "GetFunction"}, `action "GetFunction"`},
		"an action whose service is empty":  {evaluator.User(alice), function, evaluator.Request{Action: ":GetFunction"}, `action ":GetFunction"`},
		"an action whose name is empty":     {evaluator.User(alice), function, evaluator.Request{Action: "lambda:"}, `action "lambda:"`},
		"an object that is too long":        {evaluator.User(alice), "arn:aws:s3:::" + strings.Repeat("x", 2048), evaluator.Request{Action: "s3:GetObject"}, "resource "},
		"an object without service":         {evaluator.User(alice), "arn:aws::::x", evaluator.Request{Action: "s3:GetObject"}, "resource "},
		"an action with two colons":         {evaluator.User(alice), function, evaluator.Request{Action: "lambda:Get:Function"}, `"lambda:Get:Function"`},
		"no action":                         {evaluator.User(alice), function, evaluator.Request{}, `action ""`},
		"a resource of no partition":        {evaluator.User(alice), "arn::lambda:us-east-1:111122223333:function:my-fn", good, `resource "arn::lambda:`},
		"a resource of no service":          {evaluator.User(alice), "arn:aws::us-east-1:111122223333:function:my-fn", good, `resource "arn:aws::us-east-1:`},
		"a resource that is no ARN":         {evaluator.User(alice), "my-fn", good, `resource "my-fn"`},
		"a resource without service":        {evaluator.User(alice), "arn:aws:::111122223333:x", good, `resource "arn:aws:::111122223333:x"`},
		"a resource that is too long":       {evaluator.User(alice), function + strings.Repeat("x", 2048), good, "resource "},
		"no resource":                       {evaluator.User(alice), "", good, `resource ""`},
		"no principal":                      {evaluator.Principal{}, function, good, "no principal"},
		"a group as principal":              {evaluator.User("arn:aws:iam::111122223333:group/g"), function, good, "arn:aws:iam::111122223333:group/g"},
		"a session of another role":         {evaluator.Session("arn:aws:sts::111122223333:assumed-role/other/s1", "arn:aws:iam::111122223333:role/app"), function, good, "is no session of role"},
		"a wildcard as principal":           {evaluator.User("arn:aws:iam::111122223333:user/*"), function, good, "user/*"},
		"a key without name": {evaluator.User(alice), function, evaluator.Request{Action: "lambda:GetFunction", Context: evaluator.Context{
			{Name: "aws:SourceIp", Values: []string{"1.2.3.4"}}, {Values: []string{"5.6.7.8"}}}}, `context key 1 has no name`},
		"one key twice in other letters": {evaluator.User(alice), function, evaluator.Request{Action: "lambda:GetFunction", Context: evaluator.Context{
			{Name: "aws:SourceIp", Values: []string{"1.2.3.4"}}, {Name: "AWS:sourceip", Values: []string{"5.6.7.8"}}}}, `"AWS:sourceip" is given twice`},
		"one key twice among forty": {evaluator.User(alice), function, evaluator.Request{Action: "lambda:GetFunction", Context: twice}, `"EXAMPLE:K7" is given twice`},
		"an unknown key with a value": {evaluator.User(alice), function, evaluator.Request{Action: "lambda:GetFunction", Context: evaluator.Context{
			{Name: "aws:username", Values: []string{"alice"}}, {Name: "aws:SourceIp", Values: []string{"1.2.3.4"}, State: evaluator.Unknown}}}, `"aws:SourceIp" has values`},
	} {
		t.Run(name, func(t *testing.T) {
			caller := aliceWith(t, `{"Effect":"Allow","Action":"*","Resource":"*"}`)
			caller.Principal = tc.principal
			target := evaluator.Target{Resource: tc.resource}
			d := evaluator.Evaluate(caller, &target, &tc.request)
			assert.Equal(t, evaluator.Invalid, d.Outcome())
			assert.False(t, d.Allowed())
			assert.False(t, d.Denied())
			why := evaluator.Explain(caller, &target, &tc.request)
			assert.Equal(t, d, why.Decision())
			assert.ErrorIs(t, why.Err(), evaluator.ErrInvalidRequest)
			assert.ErrorContains(t, why.Err(), tc.says)
			assert.Empty(t, why.Message())
		})
	}
}

func TestEvaluateDoesNotAllocate(t *testing.T) {
	caller := aliceWith(t, `
		{"Effect":"Allow","Action":["lambda:Get*","s3:GetObject"],"Resource":["arn:aws:lambda:*:111122223333:function:${aws:PrincipalTag/team}-*","arn:aws:s3:::*"],
		 "Condition":{"StringLike":{"aws:username":"al?c*"},"IpAddress":{"aws:SourceIp":["2001:db8::/32","203.0.113.0/24"]},
		  "NumericLessThan":{"aws:MultiFactorAuthAge":"3600"},"DateGreaterThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"},
		  "ForAllValues:StringEquals":{"aws:TagKeys":["a","b","c"]},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/*"},
		  "BinaryEquals":{"example:b":"QmluYXJ5"},"StringEqualsIgnoreCase":{"example:c":"${aws:username}"},"Bool":{"aws:SecureTransport":"true"}}},
		{"Effect":"Deny","Action":"lambda:*","Resource":"*","Condition":{"Null":{"aws:SourceIp":"true"}}}`)
	caller.Principal = caller.Principal.WithTags(evaluator.Tag{Key: "Team", Value: "red"}).WithUniqueID("AIDAALICE")
	caller.Boundary = set(t, policy.Boundary, allowLambda)
	caller.SCPs = []*evaluator.Set{set(t, policy.SCP, `{"Effect":"Allow","Action":"*","Resource":"*"}`)}
	target := evaluator.Target{
		Resource: "arn:aws:lambda:us-east-1:111122223333:function:red-1",
		Policies: []*evaluator.Set{set(t, policy.Resource, `{"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}`)},
	}
	request := evaluator.Request{Action: "lambda:GetFunction", Context: evaluator.Context{
		{Name: "aws:SourceIp", Values: []string{"203.0.113.9"}},
		{Name: "aws:MultiFactorAuthAge", Values: []string{"60"}},
		{Name: "aws:CurrentTime", Values: []string{"2026-06-01T12:00:00+02:00"}},
		{Name: "aws:TagKeys", Values: []string{"a", "c"}},
		{Name: "example:b", Values: []string{"QmluYXJ5"}},
		{Name: "example:c", Values: []string{"ALICE"}},
		{Name: "aws:SecureTransport", Values: []string{"true"}},
	}}
	require.Equal(t, "allowed", evaluator.Evaluate(caller, &target, &request).String())
	prepared := evaluator.MustPrepare(&request)
	assert.Zero(t, testing.AllocsPerRun(100, func() { evaluator.Evaluate(caller, &target, &request) }))
	assert.Zero(t, testing.AllocsPerRun(100, func() { prepared.Evaluate(caller, &target) }))

	request.Context = request.Context[1:]
	require.Equal(t, "explicitDeny(identity)", evaluator.Evaluate(caller, &target, &request).String())
	assert.Zero(t, testing.AllocsPerRun(100, func() { evaluator.Evaluate(caller, &target, &request) }))
}

func TestOneSetServesManyCallersAtOnce(t *testing.T) {
	shared := set(t, policy.Identity, `{"Effect":"Allow","Action":"iam:GetUser","Resource":"arn:aws:iam::111122223333:user/${aws:username}"}`)
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			own := fmt.Sprintf("arn:aws:iam::111122223333:user/u%d", i)
			caller := evaluator.Caller{Principal: evaluator.User(own), Identity: shared}
			for j := range 500 {
				target := evaluator.Target{Resource: fmt.Sprintf("arn:aws:iam::111122223333:user/u%d", j%8)}
				request := evaluator.Request{Action: "iam:GetUser"}
				// The variable of one caller must not reach the next.
				assert.Equal(t, target.Resource == own, evaluator.Evaluate(&caller, &target, &request).Allowed())
				if j%100 == 0 {
					assert.Equal(t, target.Resource == own, evaluator.Explain(&caller, &target, &request).Err() == nil)
				}
			}
		}()
	}
	wait.Wait()
}

func TestAnExplanationOwnsItsData(t *testing.T) {
	caller := aliceWith(t, `{"Sid":"NoDeletes","Effect":"Deny","Action":"lambda:Delete*","Resource":"*"},`+allowLambda)
	target := evaluator.Target{Resource: function}
	request := evaluator.Request{Action: "lambda:DeleteFunction"}
	why := evaluator.Explain(caller, &target, &request)
	before := fmt.Sprint(why.Decision(), why.Message(), why.Statements(), why.Missing(), why.Diagnostics())
	why.Statements()[0].Sid = "changed"
	caller.Identity, caller.Principal, target.Resource, request.Action = nil, evaluator.Anonymous(), "*", "s3:GetObject"
	assert.Equal(t, before, fmt.Sprint(why.Decision(), why.Message(), why.Statements(), why.Missing(), why.Diagnostics()))
	assert.Equal(t, []evaluator.StatementRef{{
		Layer: policy.IdentityLayer, Policy: "test.json", Index: 0, Sid: "NoDeletes", Effect: policy.Deny, Line: 1, Column: 38,
	}}, why.Statements())
}

func TestADenialIsAnErrorAsTheSDKsShapeIt(t *testing.T) {
	caller := aliceWith(t, `{"Effect":"Deny","Action":"lambda:DeleteFunction","Resource":"*"}`)
	target := evaluator.Target{Resource: function}
	explicit := evaluator.Explain(caller, &target, &evaluator.Request{Action: "lambda:DeleteFunction"}).Err()
	implicit := evaluator.Explain(caller, &target, &evaluator.Request{Action: "lambda:GetFunction"}).Err()
	assert.ErrorIs(t, explicit, evaluator.ErrDenied)
	assert.ErrorIs(t, explicit, evaluator.ErrExplicitDeny)
	assert.NotErrorIs(t, explicit, evaluator.ErrImplicitDeny)
	assert.ErrorIs(t, implicit, evaluator.ErrImplicitDeny)
	assert.NotErrorIs(t, implicit, evaluator.ErrExplicitDeny)
	var denied *evaluator.DeniedError
	require.ErrorAs(t, implicit, &denied)
	assert.Equal(t, "AccessDeniedException", denied.ErrorCode())
	assert.Equal(t, denied.Error(), denied.ErrorMessage())
	for action, code := range map[string]string{
		"iam:GetUser": "AccessDenied", "sts:AssumeRole": "AccessDenied", "s3:GetObject": "AccessDenied", "ec2:RunInstances": "UnauthorizedOperation",
	} {
		require.ErrorAs(t, evaluator.Explain(caller, &target, &evaluator.Request{Action: action}).Err(), &denied)
		assert.Equal(t, code, denied.ErrorCode(), action)
	}
}

func TestWhatIsUnknownMakesADecisionIndeterminateOnlyWhereItDecides(t *testing.T) {
	office := `{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}`
	target := evaluator.Target{Resource: function}
	request := evaluator.Request{Action: "lambda:GetFunction", Context: evaluator.Context{{Name: "aws:SourceIp", State: evaluator.Unknown}}}
	why := evaluator.Explain(aliceWith(t, office), &target, &request)
	assert.Equal(t, "indeterminate", why.Decision().String())
	assert.ErrorIs(t, why.Err(), evaluator.ErrIndeterminate)
	assert.True(t, evaluator.Evaluate(aliceWith(t, office+","+allowLambda), &target, &request).Allowed())
	assert.Equal(t, "implicitDeny(identity)", evaluator.Evaluate(aliceWith(t, `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`), &target, &request).String())
}

func TestMissingNamesTheKeysThatCouldChangeTheDecision(t *testing.T) {
	caller := aliceWith(t, `
		{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"red"}}},
		{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}`)
	target := evaluator.Target{Resource: function}
	why := evaluator.Explain(caller, &target, &evaluator.Request{Action: "lambda:GetFunction"})
	assert.Contains(t, why.Missing(), "aws:PrincipalTag/team")
	caller.Principal = caller.Principal.WithTags(evaluator.Tag{Key: "team", Value: "red"})
	assert.Empty(t, evaluator.Explain(caller, &target, &evaluator.Request{Action: "lambda:GetFunction"}).Missing())
}

func TestSomeKeysFollowFromTheCallerOrTheResource(t *testing.T) {
	for key, want := range map[string][2]bool{
		"aws:PrincipalArn": {true, false}, "AWS:userid": {true, false}, "aws:PrincipalTag/team": {true, false}, "aws:FederatedProvider": {true, false},
		"aws:ResourceAccount": {false, true}, "aws:ResourceTag/team": {false, true}, "iam:ResourceTag/team": {false, true},
		"aws:SourceIp": {}, "aws:MultiFactorAuthPresent": {}, "aws:RequestTag/team": {}, "aws:PrincipalArn/x": {}, "iam:PassedToService": {}, "": {},
	} {
		caller, resource := evaluator.FollowsFrom(key)
		assert.Equal(t, want, [2]bool{caller, resource}, key)
	}
}

func TestTheIndexOfAContextKeyIgnoresCase(t *testing.T) {
	c := evaluator.Context{{Name: "aws:SourceIp"}, {Name: "aws:TagKeys", State: evaluator.Unknown}}
	assert.Equal(t, 0, c.Index("AWS:sourceip"))
	assert.Equal(t, 1, c.Index("aws:TagKeys"))
	assert.Equal(t, -1, c.Index("aws:Tag\u212Aeys"), "the Kelvin sign is no K")
	assert.Equal(t, -1, evaluator.Context(nil).Index("aws:TagKeys"))
}

func TestAKeyIsFoundAmongAnyNumberOfKeys(t *testing.T) {
	caller := aliceWith(t, `{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{
		"StringEquals":{"example:k0":"v","Example:K3":"v"},"StringLike":{"EXAMPLE:k7":"v*","aws:username":"al*"}}}`)
	for _, n := range []int{8, 9, 60, 200, 256, 257, 700} {
		var request evaluator.Request
		request.Action = "lambda:GetFunction"
		for i := range n {
			request.Context = append(request.Context, evaluator.Key{Name: fmt.Sprintf("example:k%d", i), Values: []string{"v"}})
		}
		target := evaluator.Target{Resource: function}
		assert.True(t, evaluator.Evaluate(caller, &target, &request).Allowed(), "%d keys", n)
		assert.True(t, evaluator.MustPrepare(&request).Evaluate(caller, &target).Allowed(), "%d keys, prepared", n)
		if n <= 256 {
			assert.Zero(t, testing.AllocsPerRun(10, func() { evaluator.Evaluate(caller, &target, &request) }))
		}
		request.Context[3].Values = []string{"w"}
		assert.False(t, evaluator.Evaluate(caller, &target, &request).Allowed(), "%d keys", n)
		request.Context[n-1].Name = "Example:K2"
		assert.Equal(t, evaluator.Invalid, evaluator.Evaluate(caller, &target, &request).Outcome(), "%d keys", n)
	}
}

func TestAnExplanationIsTheSameEachTime(t *testing.T) {
	statements := allowLambda
	for i := range 40 {
		statements += fmt.Sprintf(`,{"Sid":"S%d","Effect":"Allow","Action":["lambda:Get*","lambda:GetFunction"],"Resource":["*","arn:aws:lambda:*:*:function:my-*"],
			"Condition":{"StringEquals":{"example:k%d":"v"}}}`, i, i%7)
	}
	target := evaluator.Target{Resource: function}
	request := evaluator.Request{Action: "lambda:GetFunction", Context: evaluator.Context{
		{Name: "example:k1", Values: []string{"v"}}, {Name: "example:k4", Values: []string{"v"}}}}
	explain := func() string {
		why := evaluator.Explain(aliceWith(t, statements), &target, &request)
		return fmt.Sprint(why.Decision(), why.Statements(), why.Missing(), why.Diagnostics(), why.Message())
	}
	first := explain()
	for range 20 {
		require.Equal(t, first, explain())
	}
	// In the order of the document, each statement once.
	why := evaluator.Explain(aliceWith(t, statements), &target, &request)
	for i, s := range why.Statements()[1:] {
		assert.Greater(t, s.Index, why.Statements()[i].Index)
	}
}
