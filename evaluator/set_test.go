package evaluator_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

func TestAPolicyThatCouldNotBeLoadedIsAnErrorAndNotNone(t *testing.T) {
	_, err := evaluator.Compile(policy.Boundary, policy.Attached{Name: "guard"})
	assert.ErrorIs(t, err, policy.ErrNoDocument)
	assert.ErrorContains(t, err, "guard")
	assert.Panics(t, func() { evaluator.MustCompile(policy.Boundary, nil) })
}

func TestASetWithoutDocumentsAllowsNothing(t *testing.T) {
	caller := aliceWith(t, allowLambda)
	caller.Boundary = evaluator.MustCompile(policy.Boundary)
	d := evaluator.Evaluate(caller, &evaluator.Target{Resource: function}, &evaluator.Request{Action: "lambda:GetFunction"})
	assert.Equal(t, "implicitDeny(boundary)", d.String())
}

func TestCompileReportsEveryFaultOfEveryDocument(t *testing.T) {
	trusting := document(t, `{"Effect":"Allow","Principal":"*","Action":"lambda:*","Resource":"*"}`)
	_, err := evaluator.Compile(policy.Identity, policy.Attached{Document: trusting}, policy.Attached{Document: nil}, policy.Attached{Document: trusting})
	require.Error(t, err)
	assert.Equal(t, 2, strings.Count(err.Error(), "].Principal:"))
	assert.ErrorIs(t, err, policy.ErrNoDocument)
	var fault *policy.Error
	require.ErrorAs(t, err, &fault)
	assert.Equal(t, "test.json", fault.Source)
}

// Indexes, guards and memos only leave out what cannot match: a set of many
// statements decides as its statements do one by one.
func TestASetDecidesAsItsStatementsDoOneByOne(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	for round := range 40 {
		size := []int{1, 5, 40, 400}[round%4]
		// In every other four rounds the resources have one form, or the conditions do,
		// so that of many statements one or none is about a request.
		form := ""
		if round/4%2 == 1 {
			form = []string{"arn:aws:s3:::*-app%d/*", "arn:aws:s3:::b%d/*", "arn:*:s3:::b%d/k", "arn:aws:s3:::b%d/k", "key"}[round/8]
		}
		var statements []string
		var about []int // the number in each statement
		for range size {
			condition := pick("", "", `,"Condition":{"StringEquals":{"example:k":"`+pick("a", "b", "c")+`"}}`,
				`,"Condition":{"StringEquals":{"example:k":["a","x"],"example:m":"1"}}`,
				`,"Condition":{"StringNotEquals":{"example:k":"`+pick("a", "b")+`"}}`,
				`,"Condition":{"ForAnyValue:StringEquals":{"example:m":["1","2"]}}`)
			resource := pick("*", "arn:aws:s3:::*", "arn:aws:s3:::*-app"+fmt.Sprint(random.IntN(300))+"/*",
				"arn:aws:s3:::b"+fmt.Sprint(random.IntN(300))+"/*", "arn:aws:s3:::b1?/*", "arn:aws:s3:::*/logs/x"+pick("1", "2"),
				"arn:*:s3:::b"+fmt.Sprint(random.IntN(300))+"/k", "arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::b${example:k}/*")
			element := pick("Resource", "Resource", "Resource", "Resource", "NotResource")
			number := random.IntN(300)
			switch form {
			case "":
			case "key":
				resource, element = "*", "Resource"
				condition = fmt.Sprintf(`,"Condition":{"StringEquals":{"example:k":"v%d"}}`, number)
				if random.IntN(20) == 0 { // what is open of a few stays open beside many that do not apply
					condition = `,"Condition":{"StringEquals":{"example:m":"1"}}`
				}
			default:
				resource, element = fmt.Sprintf(form, number), "Resource"
			}
			about = append(about, number)
			action := pick(`"Action":"s3:GetObject"`, `"Action":["s3:Get*","s3:PutObject"]`, `"Action":"*"`, `"Action":"S3:getobject"`, `"NotAction":"s3:Put*"`)
			statements = append(statements, fmt.Sprintf(`{"Effect":%q,%s,%q:%q%s}`, pick("Allow", "Allow", "Allow", "Deny"), action, element, resource, condition))
		}
		whole := aliceWith(t, strings.Join(statements, ","))
		var alone, beside []*evaluator.Caller // each statement, and each beside an Allow of everything
		for _, s := range statements {
			alone = append(alone, aliceWith(t, s))
			beside = append(beside, aliceWith(t, s+`,{"Effect":"Allow","Action":"*","Resource":"*"}`))
		}
		for i := range 40 {
			target := evaluator.Target{Resource: pick("*", "arn:aws:s3:::b"+fmt.Sprint(random.IntN(300))+"/k", "arn:aws:s3:::x-app"+fmt.Sprint(random.IntN(300))+"/k",
				"arn:aws:s3:::alice/logs/x1", "arn:aws:s3:::b", "arn:aws:s3:::ba/1")}
			request := evaluator.Request{Action: pick("s3:GetObject", "s3:PutObject", "s3:DeleteObject")}
			for _, name := range []string{"example:k", "example:m"} {
				switch random.IntN(5) {
				case 0:
				case 1:
					request.Context = append(request.Context, evaluator.Key{Name: name, State: evaluator.Unknown})
				case 2:
					request.Context = append(request.Context, evaluator.Key{Name: name, Values: []string{"a", "1"}})
				default:
					request.Context = append(request.Context, evaluator.Key{Name: name, Values: []string{pick("a", "b", "1")}})
				}
			}
			switch number := about[i%size]; form { // what one of the statements is about
			case "":
			case "key":
				key := evaluator.Key{Name: "example:k", Values: []string{fmt.Sprintf("v%d", number)}}
				switch random.IntN(4) {
				case 0:
					key = evaluator.Key{Name: key.Name, State: evaluator.Unknown}
				case 1:
					key.Values = append(key.Values, "another")
				}
				request.Context = evaluator.Context{key}
			default:
				target.Resource = strings.NewReplacer("arn:*", "arn:aws", "*", "x").Replace(fmt.Sprintf(form, number))
			}
			// Deny over Allow, and what is unknown where it decides (E-1).
			denied, maybeDenied, permitted, maybePermitted := false, false, false, false
			for i, caller := range alone {
				d := evaluator.Evaluate(caller, &target, &request).Outcome()
				deny := strings.HasPrefix(statements[i], `{"Effect":"Deny"`)
				denied = denied || d == evaluator.ExplicitDeny
				permitted = permitted || d == evaluator.Allowed
				maybePermitted = maybePermitted || !deny && d == evaluator.Indeterminate
				if deny && d != evaluator.ExplicitDeny {
					// A Deny alone cannot be told from nothing; with an Allow it can.
					maybeDenied = maybeDenied || evaluator.Evaluate(beside[i], &target, &request).Outcome() == evaluator.Indeterminate
				}
			}
			want := evaluator.ImplicitDeny
			switch {
			case denied:
				want = evaluator.ExplicitDeny
			case permitted && !maybeDenied:
				want = evaluator.Allowed
			case permitted, maybePermitted:
				want = evaluator.Indeterminate
			}
			got := evaluator.Evaluate(whole, &target, &request)
			require.Equal(t, want, got.Outcome(), "%s on %s with %v by\n%s", request.Action, target.Resource, request.Context, strings.Join(statements, "\n"))
			require.Equal(t, got, evaluator.MustPrepare(&request).Evaluate(whole, &target))
			why := evaluator.Explain(whole, &target, &request)
			if want != evaluator.Indeterminate { // else it may be settled
				require.Equal(t, got, why.Decision())
			}
			decided := why.Decision().Allowed() || why.Decision().Outcome() == evaluator.ExplicitDeny
			require.Equal(t, decided, len(why.Statements()) > 0, "the record finds what the decision found")
		}
	}
}

// Of many names each is found, whichever of them have hashes that are near.
func TestEachOfManyActionsIsFound(t *testing.T) {
	var names []string
	for i := range 600 {
		names = append(names, fmt.Sprintf("s3:Get%dObject", i*i))
	}
	for _, count := range []int{1, 4, 5, 16, 17, 600} {
		caller := aliceWith(t, `{"Effect":"Allow","Action":["`+strings.Join(names[:count], `","`)+`"],"Resource":"*"}`)
		for i, name := range names {
			for _, action := range []string{name, strings.ToLower(name)} {
				d := evaluator.Evaluate(caller, &evaluator.Target{Resource: "arn:aws:s3:::b/k"}, &evaluator.Request{Action: action})
				require.Equal(t, i < count, d.Allowed(), "%s of %d names", action, count)
			}
		}
	}
}

// The account of a resource is the fifth field of its ARN, and no other one.
func TestAResourceOfAnotherAccountIsNotAllowedByIdentityAlone(t *testing.T) {
	for resource, want := range map[string]evaluator.Outcome{
		"arn:aws:sns:us-east-1:111122223333:t":            evaluator.Allowed,
		"arn:aws:sns:us-east-1:999988887777:t":            evaluator.ImplicitDeny,
		"arn:aws:sns:us-east-1:999988887777:111122223333": evaluator.ImplicitDeny,
		"arn:aws:sns:111122223333:999988887777:t":         evaluator.ImplicitDeny,
		"arn:aws:sns:us-east-1::111122223333":             evaluator.Allowed,
		"arn:aws-cn:sns:cn-north-1:111122223333:t":        evaluator.ImplicitDeny,
	} {
		for _, condition := range []string{"", `,"Condition":{"Null":{"example:k":"true"}}`} {
			caller := aliceWith(t, `{"Effect":"Allow","Action":"*","Resource":"*"`+condition+`}`)
			d := evaluator.Evaluate(caller, &evaluator.Target{Resource: resource}, &evaluator.Request{Action: "sns:Publish"})
			assert.Equal(t, want, d.Outcome(), "%s %s", resource, condition)
		}
	}
}

func TestASetMustStandWhereItsKindBelongs(t *testing.T) {
	request := evaluator.Request{Action: "lambda:GetFunction"}
	identity := set(t, policy.Identity, allowLambda)
	resource := set(t, policy.Resource, `{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"*","Resource":"*"}`)
	type change func(*evaluator.Caller, *evaluator.Target, *evaluator.Request)
	for name, c := range map[string]struct {
		change
		where policy.Kind
	}{
		"a resource-based policy as identity-based one": {func(c *evaluator.Caller, _ *evaluator.Target, _ *evaluator.Request) { c.Identity = resource }, policy.Identity},
		"an identity-based policy as boundary":          {func(c *evaluator.Caller, _ *evaluator.Target, _ *evaluator.Request) { c.Boundary = identity }, policy.Boundary},
		"an identity-based policy as session policy": {func(c *evaluator.Caller, _ *evaluator.Target, _ *evaluator.Request) {
			c.Session = []*evaluator.Set{identity}
		}, policy.Session},
		"an identity-based policy as SCP": {func(c *evaluator.Caller, _ *evaluator.Target, _ *evaluator.Request) {
			c.SCPs = []*evaluator.Set{identity}
		}, policy.SCP},
		"an identity-based policy as RCP": {func(_ *evaluator.Caller, t *evaluator.Target, _ *evaluator.Request) {
			t.RCPs = []*evaluator.Set{identity}
		}, policy.RCP},
		"an identity-based policy on the resource": {func(_ *evaluator.Caller, t *evaluator.Target, _ *evaluator.Request) {
			t.Policies = []*evaluator.Set{identity}
		}, policy.Resource},
		"an identity-based policy at the endpoint": {func(_ *evaluator.Caller, _ *evaluator.Target, r *evaluator.Request) { r.Endpoint = identity }, policy.Endpoint},
		"no set among the session policies": {func(c *evaluator.Caller, _ *evaluator.Target, _ *evaluator.Request) {
			c.Session = []*evaluator.Set{nil}
		}, policy.Session},
		"no set among the SCPs": {func(c *evaluator.Caller, _ *evaluator.Target, _ *evaluator.Request) { c.SCPs = []*evaluator.Set{nil} }, policy.SCP},
		"no set among the RCPs": {func(_ *evaluator.Caller, t *evaluator.Target, _ *evaluator.Request) { t.RCPs = []*evaluator.Set{nil} }, policy.RCP},
		"no set among the resource's policies": {func(_ *evaluator.Caller, t *evaluator.Target, _ *evaluator.Request) {
			t.Policies = []*evaluator.Set{nil}
		}, policy.Resource},
	} {
		t.Run(name, func(t *testing.T) {
			caller, target, request := *aliceWith(t, allowLambda), evaluator.Target{Resource: function}, request
			c.change(&caller, &target, &request)
			assert.Equal(t, evaluator.Invalid, evaluator.Evaluate(&caller, &target, &request).Outcome())
			why := evaluator.Explain(&caller, &target, &request)
			assert.ErrorIs(t, why.Err(), evaluator.ErrInvalidRequest)
			assert.ErrorContains(t, why.Err(), c.where.String()+" policies")
		})
	}
}

func TestAZeroPreparedIsNoRequest(t *testing.T) {
	d := new(evaluator.Prepared).Evaluate(aliceWith(t, `{"Effect":"Allow","Action":"*","Resource":"*"}`), &evaluator.Target{Resource: function})
	assert.Equal(t, evaluator.Invalid, d.Outcome())
}

func TestADocumentThatShrinksLaterDoesNotBreakAnExplanation(t *testing.T) {
	doc := document(t, `{"Effect":"Allow","Action":"s3:*","Resource":"*"},`+allowLambda)
	caller := evaluator.Caller{Principal: evaluator.User(alice), Identity: evaluator.MustCompile(policy.Identity, doc)}
	doc.Statements = nil
	why := evaluator.Explain(&caller, &evaluator.Target{Resource: function}, &evaluator.Request{Action: "lambda:GetFunction"})
	assert.True(t, why.Decision().Allowed())
	assert.Equal(t, 1, why.Statements()[0].Index)
}

func TestAStatementThatLosesItsConditionsLaterIsStillTraced(t *testing.T) {
	doc := document(t, `{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"example:k":"a"}}}`)
	caller := evaluator.Caller{Principal: evaluator.User(alice), Identity: evaluator.MustCompile(policy.Identity, doc)}
	doc.Statements[0].Condition = nil
	why := evaluator.Explain(&caller, &evaluator.Target{Resource: function}, &evaluator.Request{Action: "lambda:GetFunction"})
	assert.True(t, why.Decision().Denied())
	require.Len(t, why.Layers(), 1)
	assert.Len(t, why.Layers()[0].Policies[0].Statements, 1)
}

func TestAPolicyThatDoesNotApplyIsPointedOut(t *testing.T) {
	caller := evaluator.Caller{Principal: evaluator.Service("sns.amazonaws.com"), Identity: set(t, policy.Identity, allowLambda)}
	why := evaluator.Explain(&caller, &evaluator.Target{Resource: function}, &evaluator.Request{Action: "lambda:InvokeFunction"})
	assert.Equal(t, "implicitDeny(resource)", why.Decision().String())
	require.Len(t, why.Diagnostics(), 1)
	assert.Contains(t, why.Diagnostics()[0].Message, "sns.amazonaws.com")
}
