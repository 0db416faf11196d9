package evaluator_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/policy"
)

// explained are the requests of all suites, those that make up a call one by
// one, and why they are decided as they are.
func explained(t *testing.T) func(func(*scenario.Scenario, *evaluator.Explanation) bool) {
	return func(yield func(*scenario.Scenario, *evaluator.Explanation) bool) {
		count := 0
		for s := range suites(t) {
			var e scenario.Evaluator
			explanations, err := e.Explain(s)
			if err != nil {
				assert.ErrorIs(t, err, evaluator.ErrInvalidRequest, s.Name)
				continue
			}
			for _, x := range explanations {
				count++
				if !yield(s, x) {
					return
				}
			}
		}
		require.Greater(t, count, 200)
	}
}

// The trace is made by the rules that decide: it must come to the same end.
func TestTheTraceAgreesWithTheDecision(t *testing.T) {
	for s, x := range explained(t) {
		t.Run(s.Name, func(t *testing.T) {
			d := x.Decision()
			if d.Outcome() == evaluator.Invalid {
				assert.Nil(t, x.Layers())
				return
			}
			assertAgrees(t, x)
		})
	}
}

// assertAgrees holds the trace of a request against its decision.
func assertAgrees(t assert.TestingT, x *evaluator.Explanation) {
	d := x.Decision()
	var stopped []policy.Layer
	var deciding []evaluator.StatementRef
	asked, denied, open, settled := policy.NoLayer, false, true, false
	for _, l := range x.Layers() {
		if l.Stopped {
			stopped = append(stopped, l.Layer)
			assert.NotEqual(t, evaluator.Allowed, l.Outcome)
		}
		if !l.Binds {
			assert.NotEmpty(t, l.Note, "%s does not bind: why?", l.Layer)
		}
		if !l.Asked {
			assert.NotEmpty(t, l.Note, "%s is not asked: why?", l.Layer)
		}
		// Settled: it is decided though keys are unknown that decide how.
		settled = settled || l.Outcome == evaluator.Indeterminate && (l.Stopped || d.Allowed())
		denied = denied || l.Binds && l.Outcome == evaluator.ExplicitDeny
		if l.Asked && l.Outcome == evaluator.ImplicitDeny && asked == policy.NoLayer {
			asked = l.Layer
		}
		open = open && (!l.Asked || l.Outcome == evaluator.Allowed)
		for _, p := range l.Policies {
			for _, s := range p.Statements {
				granting := l.Layer == policy.IdentityLayer || l.Layer == policy.ResourceLayer || l.Layer == policy.TrustLayer
				if s.Match == trace.MayMatch && slices.Contains(x.Statements(), s.Ref()) {
					settled = true
					deciding = append(deciding, s.Ref())
				}
				if s.Match == trace.Matches && (d.Outcome() == evaluator.ExplicitDeny && s.Effect == policy.Deny ||
					d.Outcome() == evaluator.Allowed && s.Effect == policy.Allow && granting) {
					deciding = append(deciding, s.Ref())
				}
				assertStatement(t, &s)
			}
		}
	}
	assert.ElementsMatch(t, x.Statements(), deciding, "the statements that apply")
	switch {
	case settled:
		assert.False(t, denied)
	case d.Outcome() == evaluator.Allowed:
		assert.False(t, denied)
		assert.True(t, open, "every layer that is asked allows")
	case d.Outcome() == evaluator.ExplicitDeny:
		assert.True(t, denied || asked == policy.SCPLayer)
	case d.Outcome() == evaluator.ImplicitDeny:
		assert.False(t, denied)
		assert.Equal(t, d.Layer(), asked, "the first layer that is asked and does not allow")
	case d.Outcome() == evaluator.Indeterminate:
		assert.False(t, denied)
		assert.False(t, open && asked != policy.NoLayer)
	}
	if d.Denied() {
		assert.Equal(t, []policy.Layer{d.Layer()}, stopped)
	} else {
		assert.Empty(t, stopped)
		assert.Nil(t, x.NearMisses())
	}
}

// assertStatement: a statement applies if, and only if, all of its elements
// match.
func assertStatement(t assert.TestingT, s *trace.Statement) {
	least := trace.Matches
	for _, e := range s.Elements {
		least = min(least, e.Match)
		assert.Equal(t, e.Match == trace.Matches, e.Reason == "", "%s of %v", e.Element, s.Ref())
	}
	assert.Equal(t, least, s.Match, "%v", s.Ref())
	assert.Equal(t, s.Match == trace.Matches, s.First() == nil)
	assert.Equal(t, s.Match == trace.Matches, s.Lacks() == 0)
}

// The layers are asked by the rules that decide, whatever stands in them.
func TestTheTraceAgreesWithTheDecisionOnAnyLayers(t *testing.T) { rapid.Check(t, traceAgrees) }

func traceAgrees(rt *rapid.T) {
	const account, foreign = "111122223333", "444455556666"
	set := func(kind policy.Kind, statements ...string) *evaluator.Set {
		doc, err := policy.ParseString(kind.String(), `{"Version":"2012-10-17","Statement":[`+strings.Join(statements, ",")+`]}`)
		require.NoError(rt, err)
		return evaluator.MustCompile(kind, doc)
	}
	// What a policy can say about a request.
	says := func(rt *rapid.T, kind policy.Kind, label string) *evaluator.Set {
		principal, resource := "", `,"Resource":"*"`
		action := `"Action":"*"`
		switch kind {
		case policy.Resource, policy.Trust, policy.Endpoint:
			principal = `,"Principal":` + rapid.SampledFrom([]string{
				`"*"`, `{"AWS":"` + account + `"}`, `{"AWS":"` + foreign + `"}`, `{"AWS":"arn:aws:iam::111122223333:role/app"}`,
				`{"AWS":"arn:aws:sts::111122223333:assumed-role/app/s1"}`, `{"AWS":"arn:aws:iam::111122223333:user/alice"}`,
				`{"Service":"sns.amazonaws.com"}`,
			}).Draw(rt, label+" principal")
		case policy.RCP:
			principal, action = `,"Principal":"*"`, `"Action":["s3:*","sts:*","kms:*"]`
		}
		if kind == policy.Trust {
			resource, action = "", `"Action":"sts:AssumeRole"`
		}
		statement := func(effect, condition string) string {
			return `{"Effect":"` + effect + `",` + action + principal + resource + condition + `}`
		}
		const open, never = `,"Condition":{"StringEquals":{"k":"v"}}`, `,"Condition":{"StringEquals":{"aws:PrincipalTag/none":"v"}}`
		allow, deny := statement("Allow", ""), statement("Deny", "")
		if kind == policy.RCP {
			return set(kind, rapid.SampledFrom([]string{deny, statement("Deny", open), statement("Deny", never)}).Draw(rt, label))
		}
		return set(kind, rapid.SampledFrom([]string{
			allow, allow, statement("Allow", open), statement("Allow", never), deny,
			allow + "," + statement("Deny", open), allow + "," + deny, allow + "," + statement("Deny", never),
		}).Draw(rt, label))
	}
	maybe := func(kind policy.Kind, label string) *evaluator.Set {
		if !rapid.Bool().Draw(rt, label+" given") {
			return nil
		}
		return says(rt, kind, label)
	}
	some := func(kind policy.Kind, label string) (sets []*evaluator.Set) {
		for range rapid.IntRange(0, 2).Draw(rt, label+" sets") {
			sets = append(sets, says(rt, kind, label))
		}
		return sets
	}
	org := rapid.SampledFrom([]*evaluator.Organization{nil, {ID: "o-1"}, {ID: "o-1", ManagementAccount: account}}).Draw(rt, "organization")
	caller := evaluator.Caller{
		Principal: rapid.SampledFrom([]evaluator.Principal{
			evaluator.User("arn:aws:iam::111122223333:user/alice"), evaluator.Root(account),
			evaluator.Session("arn:aws:sts::111122223333:assumed-role/app/s1", "arn:aws:iam::111122223333:role/app"),
			evaluator.Role("arn:aws:iam::111122223333:role/app"), evaluator.Role("arn:aws:iam::111122223333:role/aws-service-role/x"),
			evaluator.Federated("arn:aws:sts::111122223333:federated-user/f", "arn:aws:iam::111122223333:user/alice"),
			evaluator.Federated("arn:aws:sts::111122223333:federated-user/f", ""),
			evaluator.Service("sns.amazonaws.com"), evaluator.Anonymous(), evaluator.Web("accounts.google.com"),
		}).Draw(rt, "caller").WithOrganization(org),
		Identity: maybe(policy.Identity, "identity"), Boundary: maybe(policy.Boundary, "boundary"),
		Session: some(policy.Session, "session"), SCPs: some(policy.SCP, "scp"),
	}
	asks := rapid.SampledFrom([][2]string{
		{"lambda:GetFunction", "arn:aws:lambda:us-east-1:111122223333:function:f"},
		{"lambda:GetFunction", "arn:aws:lambda:us-east-1:444455556666:function:f"},
		{"lambda:ListFunctions", "*"}, {"s3:GetObject", "arn:aws:s3:::b/o"}, {"s3:GetObject", "arn:aws-cn:s3:::b/o"},
		{"iam:PassRole", "arn:aws:iam::111122223333:role/r"}, {"iam:PassRole", "arn:aws:iam::444455556666:role/r"},
		{"kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/k"}, {"kms:Decrypt", "arn:aws:kms:us-east-1:444455556666:key/k"},
		{"sts:AssumeRole", "arn:aws:iam::111122223333:role/r"}, {"sts:AssumeRole", "arn:aws:iam::444455556666:role/r"},
		{"sts:GetCallerIdentity", "*"}, {"sts:GetSessionToken", "*"},
	}).Draw(rt, "asks")
	target := evaluator.Target{Resource: asks[1], Organization: org, RCPs: some(policy.RCP, "rcp")}
	kind := policy.Resource
	if asks[0] == "sts:AssumeRole" {
		kind = policy.Trust
	}
	target.Policies = some(kind, "resource")
	request := evaluator.Request{Action: asks[0], Endpoint: maybe(policy.Endpoint, "endpoint")}
	if rapid.Bool().Draw(rt, "open") {
		request.Context = evaluator.Context{{Name: "k", State: evaluator.Unknown}}
	}
	engine := evaluator.Engine{Options: evaluator.Options{SCPImplicitAsExplicit: rapid.Bool().Draw(rt, "scpImplicitAsExplicit")}}
	x := engine.Explain(&caller, &target, &request)
	if x.Decision().Outcome() != evaluator.Invalid {
		assertAgrees(rt, x)
	}
}

// What happens to caller, target and request after Explain does not change what
// it tells, and any number of goroutines may ask.
func TestATraceOwnsItsData(t *testing.T) {
	doc, err := policy.ParseString("p.json", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*",
		"Condition":{"StringEquals":{"k":"v","aws:ResourceTag/env":"dev","aws:PrincipalOrgPaths":"o-1/"}}}}`)
	require.NoError(t, err)
	set := evaluator.MustCompile(policy.Identity, doc)
	session, scp := evaluator.MustCompile(policy.Session, doc), evaluator.MustCompile(policy.SCP, doc)
	org := &evaluator.Organization{ID: "o-1", Paths: []string{"o-1/"}}
	caller := evaluator.Caller{
		Principal: evaluator.User("arn:aws:iam::111122223333:user/alice").WithOrganization(org),
		Identity:  set, Session: []*evaluator.Set{session}, SCPs: []*evaluator.Set{scp},
	}
	target := evaluator.Target{Resource: "arn:aws:s3:::b/o", Account: "111122223333", Tags: []evaluator.Tag{{Key: "env", Value: "dev"}}}
	request := evaluator.Request{Action: "s3:GetObject", Context: evaluator.Context{{Name: "k", Values: []string{"v"}}}}
	explain := func() *evaluator.Explanation { return evaluator.Explain(&caller, &target, &request) }
	want := explain().Layers()
	x := explain()

	request.Context[0].Values[0], request.Context[0].Name, request.Action = "changed", "changed", "s3:Changed"
	target.Tags[0].Value, target.Resource, org.Paths[0] = "changed", "*", "changed"
	caller.Session[0], caller.SCPs[0], caller.Identity = nil, nil, nil

	var group sync.WaitGroup
	for range 4 {
		group.Go(func() { assert.Equal(t, want, x.Layers()) })
	}
	group.Wait()
	require.Equal(t, evaluator.Allowed, x.Decision().Outcome())
	for _, l := range x.Layers() {
		assert.Equal(t, evaluator.Allowed, l.Outcome, "%s", l.Layer)
	}
}

// What the request leaves unknown shows in the elements that hang on it.
func TestTheTraceOfWhatIsNotKnown(t *testing.T) {
	doc, err := policy.ParseString("p.json", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:*",
		"Resource":"arn:aws:lambda:*:*:function:orders","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"},"StringLike":{"aws:userid":"*:ci"}}}}`)
	require.NoError(t, err)
	x := evaluator.Explain(
		&evaluator.Caller{Principal: evaluator.Role("arn:aws:iam::111122223333:role/app"), Identity: evaluator.MustCompile(policy.Identity, doc)},
		&evaluator.Target{Resource: "arn:aws:lambda:us-east-1:111122223333:function:", Unknown: true},
		&evaluator.Request{Action: "lambda:GetFunction"})
	assert.Equal(t, evaluator.Indeterminate, x.Decision().Outcome())
	s := x.Layers()[0].Policies[0].Statements[0]
	assert.Equal(t, trace.MayMatch, s.Match)
	for _, e := range s.Elements[1:] {
		assert.Equal(t, trace.MayMatch, e.Match, e.Element+e.Key)
		assert.Equal(t, trace.NotKnown, e.Reason)
	}
	assert.Equal(t, evaluator.Present, s.Elements[2].State)
	assertAgrees(t, x)
}

// In the resource's own account a policy of the resource that names the caller
// may be the only one that can allow.
func TestTheTraceOfAnOpenDecisionNamesEveryLayerThatCanStillAllowIt(t *testing.T) {
	const alice, inRole, session = "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:role/app", "arn:aws:sts::111122223333:assumed-role/app/s1"
	parse := func(kind policy.Kind, text string) *evaluator.Set {
		doc, err := policy.ParseString("p.json", `{"Version":"2012-10-17","Statement":`+text+`}`)
		require.NoError(t, err)
		return evaluator.MustCompile(kind, doc)
	}
	ifKnown := func(principal string) *evaluator.Set {
		return parse(policy.Resource, `{"Effect":"Allow","Principal":{"AWS":"`+principal+`"},"Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"k":"v"}}}`)
	}
	boundary := parse(policy.Boundary, `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`)
	for name, c := range map[string]struct {
		caller  evaluator.Caller
		names   string
		outcome map[policy.Layer]evaluator.Outcome
		notes   map[policy.Layer]string
	}{
		"a grant to the user itself": {
			evaluator.Caller{Principal: evaluator.User(alice), Boundary: boundary}, alice,
			map[policy.Layer]evaluator.Outcome{
				policy.ResourceLayer: evaluator.Indeterminate, policy.IdentityLayer: evaluator.Indeterminate, policy.BoundaryLayer: evaluator.Indeterminate,
			},
			map[policy.Layer]string{
				policy.ResourceLayer: "a grant to the caller would be enough by itself, and whether it applies is not known",
				policy.IdentityLayer: "may allow the caller itself", policy.BoundaryLayer: "may allow the caller itself",
			},
		},
		"a grant to the session's role": {
			evaluator.Caller{Principal: evaluator.Session(session, inRole)}, inRole,
			map[policy.Layer]evaluator.Outcome{policy.ResourceLayer: evaluator.Indeterminate, policy.IdentityLayer: evaluator.Indeterminate},
			map[policy.Layer]string{
				policy.ResourceLayer: "a grant to the caller's role or user would stand for an identity-based one",
				policy.IdentityLayer: "may allow the caller's role or user",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			target := evaluator.Target{Resource: "arn:aws:lambda:us-east-1:111122223333:function:f", Policies: []*evaluator.Set{ifKnown(c.names)}}
			request := evaluator.Request{Action: "lambda:GetFunction", Context: evaluator.Context{{Name: "k", State: evaluator.Unknown}}}
			x := evaluator.Explain(&c.caller, &target, &request)
			require.Equal(t, evaluator.Indeterminate, x.Decision().Outcome())
			require.Len(t, x.Layers(), len(c.outcome))
			for _, l := range x.Layers() {
				assert.Equal(t, c.outcome[l.Layer], l.Outcome, "%s", l.Layer)
				assert.Contains(t, l.Note, c.notes[l.Layer], "%s", l.Layer)
			}
		})
	}
}

func TestTheLayerThatStopsARequestIsTheOneThatIsReported(t *testing.T) {
	const allow, deny = `{"Effect":"Allow","Action":"*","Resource":"*"}`, `{"Effect":"Deny","Action":"*","Resource":"*"}`
	const other = `{"Effect":"Allow","Action":"logs:*","Resource":"*"}`
	for name, tc := range map[string]struct{ identity, boundary, scp, want string }{
		"two explicit denies":                {deny, deny, allow, "identity"},
		"explicit denies, of an SCP too":     {deny, allow, deny, "scp"},
		"an explicit deny beside an implied": {other, deny, allow, "boundary"},
		"two implied":                        {other, other, allow, "identity"},
	} {
		t.Run(name, func(t *testing.T) {
			caller := aliceWith(t, tc.identity)
			caller.Boundary = set(t, policy.Boundary, tc.boundary)
			caller.SCPs = []*evaluator.Set{set(t, policy.SCP, tc.scp)}
			x := evaluator.Explain(caller, &evaluator.Target{Resource: bucketObject}, &evaluator.Request{Action: "s3:GetObject"})
			var stopped []string
			for _, l := range x.Layers() {
				if l.Stopped {
					stopped = append(stopped, l.Layer.String())
				}
			}
			assert.Equal(t, []string{tc.want}, stopped)
			assert.Equal(t, tc.want, x.Decision().Layer().String())
		})
	}
}

func TestWhyAConditionDoesNotHold(t *testing.T) {
	for condition, want := range map[string]trace.Reason{
		`"StringEquals":{"example:k":"a"}`:                 trace.Differs,
		`"StringEquals":{"example:absent":"a"}`:            trace.KeyMissing,
		`"Null":{"example:absent":"false"}`:                trace.KeyMissing,
		`"Null":{"example:k":"true"}`:                      trace.KeyPresent,
		`"StringEquals":{"example:list":"a"}`:              trace.SeveralValues,
		`"ForAllValues:StringEquals":{"example:list":"a"}`: trace.Differs,
		`"StringEquals":{"example:k":"${example:absent}"}`: trace.VariableWithoutValue,
		`"StringEquals":{"example:open":"a"}`:              trace.NotKnown,
		`"StringEquals":{"example:k":"b"}`:                 "",
	} {
		x := evaluator.Explain(aliceWith(t, `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{`+condition+`}}`), &evaluator.Target{Resource: bucketObject},
			&evaluator.Request{Action: "s3:GetObject", Context: evaluator.Context{
				{Name: "example:k", Values: []string{"b"}}, {Name: "example:list", Values: []string{"a", "b"}}, {Name: "example:open", State: evaluator.Unknown},
			}})
		st := x.Layers()[0].Policies[0].Statements[0]
		assert.Equal(t, want, st.Elements[len(st.Elements)-1].Reason, condition)
	}
}

// H-7: of whom the policy is not, its ARN is not shown to.
func TestWhoMaySeeTheARNOfAPolicy(t *testing.T) {
	const scp = "arn:aws:organizations::999999999999:policy/o-a1b2c3d4e5/service_control_policy/p-1"
	for name, tc := range map[string]struct {
		organization *evaluator.Organization
		arn          string
		shown        bool
	}{
		"the organization's":                      {&evaluator.Organization{ID: "o-a1b2c3d4e5"}, scp, true},
		"by its management account":               {&evaluator.Organization{ManagementAccount: "999999999999"}, scp, true},
		"another organization's":                  {&evaluator.Organization{ID: "o-zzzzzzzzzz", ManagementAccount: "888888888888"}, scp, false},
		"one of whose id the other's begins with": {&evaluator.Organization{ID: "o-a1b2c3d4"}, scp, false},
		"of no organization":                      {nil, scp, false},
		"an organization without id":              {&evaluator.Organization{}, "arn:aws:organizations::999999999999:policy//service_control_policy/p-1", false},
		"AWS's own":                               {nil, "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess", true},
		"the account's":                           {nil, "arn:aws:iam::111122223333:policy/guard", true},
		"another account's":                       {nil, "arn:aws:iam::444455556666:policy/guard", false},
	} {
		t.Run(name, func(t *testing.T) {
			caller := aliceWith(t, `{"Effect":"Allow","Action":"*","Resource":"*"}`)
			if tc.organization != nil {
				caller.Principal = caller.Principal.WithOrganization(tc.organization)
			}
			deny, err := evaluator.Compile(policy.SCP, policy.Attached{ARN: tc.arn, Document: document(t, `{"Effect":"Deny","Action":"*","Resource":"*"}`)})
			require.NoError(t, err)
			caller.SCPs = []*evaluator.Set{deny}
			x := evaluator.Explain(caller, &evaluator.Target{Resource: bucketObject}, &evaluator.Request{Action: "s3:GetObject"})
			assert.Contains(t, x.Message(), "with an explicit deny in a service control policy")
			assert.Equal(t, tc.shown, strings.HasSuffix(x.Message(), tc.arn), x.Message())
		})
	}
}

func TestHowAPrincipalElementNamesTheCaller(t *testing.T) {
	const session, inRole = "arn:aws:sts::111122223333:assumed-role/app/s1", "arn:aws:iam::111122223333:role/app"
	for name, tc := range map[string]struct {
		statement, note string
	}{
		"the session itself":      {`"Effect":"Allow","Principal":{"AWS":"` + session + `"}`, ""},
		"its role":                {`"Effect":"Allow","Principal":{"AWS":"` + inRole + `"}`, "names the role or user behind the session, not the session itself (E.3)"},
		"its account":             {`"Effect":"Allow","Principal":{"AWS":"111122223333"}`, "names the account, which delegates to its identity-based policies (E-12)"},
		"its account, and itself": {`"Effect":"Allow","Principal":{"AWS":["111122223333","` + session + `"]}`, ""},
		"another account":         {`"Effect":"Allow","Principal":{"AWS":"444455556666"}`, ""},
		"all but another account": {`"Effect":"Deny","NotPrincipal":{"AWS":"444455556666"}`, ""},
		"its account, in a Deny":  {`"Effect":"Deny","Principal":{"AWS":"111122223333"}`, ""},
		"its role, in a Deny":     {`"Effect":"Deny","Principal":{"AWS":"` + inRole + `"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			target := evaluator.Target{Resource: bucketObject, Account: "111122223333", Policies: []*evaluator.Set{set(t, policy.Resource, `{`+tc.statement+`,"Action":"*","Resource":"*"}`)}}
			x := evaluator.Explain(&evaluator.Caller{Principal: evaluator.Session(session, inRole)}, &target, &evaluator.Request{Action: "s3:GetObject"})
			layers := x.Layers()
			i := slices.IndexFunc(layers, func(l trace.Layer) bool { return l.Layer == policy.ResourceLayer })
			require.NotEqual(t, -1, i)
			elements := layers[i].Policies[0].Statements[0].Elements
			named := slices.IndexFunc(elements, func(e trace.Element) bool { return strings.HasSuffix(e.Element, "Principal") })
			require.NotEqual(t, -1, named)
			assert.Equal(t, tc.note, elements[named].Note)
			assert.Equal(t, []string{session, inRole}, elements[named].Got)
		})
	}
}

func TestOnlyVariablesWithAValueAreReplaced(t *testing.T) {
	for values, want := range map[string][]string{
		`"a"`:                       nil,
		`"${aws:username}"`:         {"alice"},
		`["a","x-${aws:username}"]`: {"a", "x-alice"},
		`["${example:absent}","${aws:username}"]`: {"${example:absent}", "alice"},
		`"${example:absent}"`:                     {"${example:absent}"},
	} {
		caller := aliceWith(t, `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"example:k":`+values+`}}}`)
		x := evaluator.Explain(caller, &evaluator.Target{Resource: bucketObject}, &evaluator.Request{Action: "s3:GetObject", Context: evaluator.Context{{Name: "example:k", Values: []string{"b"}}}})
		elements := x.Layers()[0].Policies[0].Statements[0].Elements
		assert.Equal(t, want, elements[len(elements)-1].Bound, values)
	}
}

func TestWhatAFixedRuleSaysOfALayer(t *testing.T) {
	note := func(x *evaluator.Explanation, layer policy.Layer) string {
		for _, l := range x.Layers() {
			if l.Layer == layer {
				return l.Note
			}
		}
		return "no layer"
	}
	issued := func(state evaluator.State) evaluator.Context {
		return evaluator.Context{{Name: "aws:TokenIssueTime", State: state}}
	}
	token := func(c evaluator.Context) *evaluator.Explanation {
		return evaluator.Explain(&evaluator.Caller{Principal: evaluator.User(alice)}, &evaluator.Target{Resource: "*"}, &evaluator.Request{Action: "sts:GetSessionToken", Context: c})
	}
	assert.Equal(t, evaluator.Indeterminate, token(issued(evaluator.Unknown)).Decision().Outcome())
	assert.Equal(t, "it may be that every caller may do this, whatever policies say (L-4)", note(token(issued(evaluator.Unknown)), policy.RuleLayer))
	assert.Equal(t, "credentials of GetSessionToken can call of STS only AssumeRole and GetCallerIdentity (L-4)", note(token(issued(evaluator.Present)), policy.RuleLayer))
	assert.Equal(t, "no layer", note(token(nil), policy.RuleLayer))
	assert.Equal(t, []string{"aws:TokenIssueTime"}, token(issued(evaluator.Unknown)).Missing(), "no policy asks for it, and it decides")

	url := func(auth string) *evaluator.Explanation {
		target := evaluator.Target{Resource: function, Policies: []*evaluator.Set{set(t, policy.Resource, `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`)}}
		request := evaluator.Request{Action: "lambda:InvokeFunctionUrl", Context: evaluator.Context{{Name: "lambda:FunctionUrlAuthType", Values: []string{auth}}}}
		return evaluator.Explain(&evaluator.Caller{Principal: evaluator.Anonymous()}, &target, &request)
	}
	assert.Equal(t, "a function URL with the authentication AWS_IAM refuses unsigned callers (F-21)", note(url("AWS_IAM"), policy.ResourceLayer))
	assert.NotContains(t, note(url("NONE"), policy.ResourceLayer), "F-21")
}

func TestTheVariablesOfAResource(t *testing.T) {
	for written, want := range map[string]struct {
		bound  []string
		reason trace.Reason
	}{
		"arn:aws:s3:::other":             {nil, trace.Differs},
		"arn:aws:s3:::${aws:username}":   {[]string{"arn:aws:s3:::alice"}, trace.Differs},
		"arn:aws:s3:::${example:absent}": {[]string{"arn:aws:s3:::${example:absent}"}, trace.VariableWithoutValue},
	} {
		x := evaluator.Explain(aliceWith(t, `{"Effect":"Allow","Action":"*","Resource":"`+written+`"}`), &evaluator.Target{Resource: bucketObject}, &evaluator.Request{Action: "s3:GetObject"})
		e := x.Layers()[0].Policies[0].Statements[0].Elements[1]
		assert.Equal(t, want.bound, e.Bound, written)
		assert.Equal(t, want.reason, e.Reason, written)
		assert.Equal(t, []string{bucketObject}, e.Got)
	}
}
