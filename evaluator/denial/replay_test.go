package denial_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
)

// conformanceCases are the scenarios of all suites.
func conformanceCases(t testing.TB) []*scenario.Scenario {
	const folder = "../testdata/conformance"
	files, err := os.ReadDir(folder)
	require.NoError(t, err)
	var paths []string
	for _, file := range files {
		switch name := file.Name(); {
		case filepath.Ext(name) != ".json", strings.HasSuffix(name, "documents.json"), name == "examples.json", name == "permissions.json":
		default:
			paths = append(paths, filepath.Join(folder, name))
		}
	}
	var all []*scenario.Scenario
	for s, err := range scenario.Files(nil, paths...) {
		if err == nil {
			all = append(all, s)
		}
	}
	require.NotEmpty(t, all)
	return all
}

// Every denial of the conformance cases: its message is parsed, and the request
// that it tells is replayed with the case's policies.
func TestConformanceRoundTrip(t *testing.T) {
	denied, layers, ran := 0, make(map[evaluator.Decision]int), make(map[string]bool)
	for _, s := range conformanceCases(t) {
		c, err := s.Compile()
		if err != nil || c.Target.Unknown || s.Request.Call != nil {
			continue // requests that are none or many, and those of which AWS would know more
		}
		x := c.Engine.Explain(&c.Caller, &c.Target, &c.Request)
		if !x.Decision().Denied() {
			continue
		}
		denied++
		ran[strings.Fields(s.Name)[0]] = true
		layers[x.Decision()]++
		t.Run(s.Name, func(t *testing.T) {
			for _, text := range []string{x.Message(), hard(x.Message(), 76), "AccessDenied: " + strings.ReplaceAll(x.Message(), " ", "\n\t")} {
				if text != x.Message() && (c.Engine.Options.MessageStyle != evaluator.FullMessage || strings.Contains(c.Target.Resource, " ")) {
					continue // where such a resource ends cannot be seen
				}
				d := one(t, text)
				bare := d.Layer == policy.RuleLayer // says nothing but that
				if !bare {
					assert.Equal(t, c.Caller.Principal.String(), d.Principal)
					assert.Equal(t, c.Request.Action, d.Action)
				}
				if d.Resource != "" {
					assert.Equal(t, c.Target.Resource, d.Resource)
				}

				// What the message tells is left out of what is given.
				target, request := c.Target, c.Request
				request.Action, target.AsGiven = "", ""
				if d.Resource != "" {
					target.Resource = ""
				}
				replayed, err := denial.Replay(&c.Engine, &d, c.Caller, target, request)
				require.NoError(t, err)
				assert.Equal(t, x.Decision(), replayed.Explanation.Decision())
				assert.Equal(t, x.Message(), replayed.Explanation.Message())
				assert.Equal(t, denial.Agrees, replayed.Agreement)
				if s := d.Reason; s != "" && !bare {
					assert.Contains(t, x.Message(), s)
					assert.Equal(t, x.Decision().Layer(), d.Layer)
					assert.Equal(t, x.Decision().Outcome() == evaluator.ExplicitDeny, d.Explicit)
				}
			}
		})
	}
	t.Logf("%d denials: %v", denied, layers)
	for _, id := range []string{"EX-H1", "EX-H2", "EX-H3", "EX-H4", "EX-H5", "EX-H6", "EX-H7", "EX-H8", "EX-H9", "EX-H11", "EX-H12"} {
		assert.True(t, ran[id], "%s was not among them", id)
	}
	assert.Greater(t, denied, 180)
}

// The messages of calls that need several authorizations, EX-H10 among them.
func TestMessagesOfCalls(t *testing.T) {
	n := 0
	for _, s := range conformanceCases(t) {
		if s.Request.Call == nil {
			continue
		}
		for _, a := range new(scenario.Evaluator).Evaluate(s).Authorizations {
			if a.Message == "" || a.DeniedBy == policy.RuleLayer {
				continue
			}
			n++
			d := one(t, a.Message)
			assert.Equal(t, []any{a.Action, a.Resource, a.DeniedBy}, []any{d.Action, d.Resource, d.Layer}, s.Name)
		}
	}
	t.Logf("%d messages", n)
	assert.Positive(t, n)
}

func compile(t *testing.T, kind policy.Kind, statements string) *evaluator.Set {
	t.Helper()
	doc, err := policy.ParseString("p.json", `{"Version": "2012-10-17", "Statement": [`+statements+`]}`)
	require.NoError(t, err)
	set, err := evaluator.Compile(kind, policy.Attached{Document: doc, Name: "p.json"})
	require.NoError(t, err)
	return set
}

const (
	allowAll       = `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
	allowHere      = `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}`
	allowElsewhere = `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`
	denyAll        = `{"Effect": "Deny", "Action": "*", "Resource": "*"}`
)

func TestReplayComparesWithAWS(t *testing.T) {
	scpDenies := getFn + " with an explicit deny in a service control policy"
	for sentence, c := range map[string]struct {
		text     string
		identity string
		scp      string
		want     denial.Agreement
		unknown  []string
	}{
		"both deny":                          {noID, "", "", denial.Agrees, nil},
		"both deny, and a key could matter":  {noID, allowHere, "", denial.Agrees, []string{"the value of aws:SourceIp, which the policies ask for"}},
		"both deny, AWS says not why":        {getFn, "", "", denial.Agrees, nil},
		"both deny by the SCP":               {scpDenies, allowAll, allowAll + "," + denyAll, denial.Agrees, nil},
		"the SCP is not given":               {scpDenies, allowAll, "", denial.Allows, []string{"the service control policy that AWS names: none was given"}},
		"the SCP that is given is another":   {scpDenies + ": arn:aws:organizations::999999999999:policy/o-a1b2c3d4e5/service_control_policy/p-1", allowAll, allowAll, denial.Allows, []string{"the service control policy arn:aws:organizations::999999999999:policy/o-a1b2c3d4e5/service_control_policy/p-1 that AWS names: none of those given denies this"}},
		"nothing is given":                   {scpDenies, "", "", denial.Undecided, []string{"the service control policy that AWS names: none was given"}},
		"we deny for want of an Allow":       {scpDenies, allowElsewhere, "", denial.DeniesOtherwise, []string{"the service control policy that AWS names: none was given"}},
		"we deny explicitly, AWS implicitly": {noID, allowAll + "," + denyAll, "", denial.DeniesOtherwise, nil},
		"the identity policies are others":   {noID, allowAll, "", denial.Allows, []string{"the identity-based policy that AWS names: those given allow this, so others apply, or the context differs"}},
		"AWS says not why, and we allow": {getFn, allowAll, "", denial.Allows, []string{
			"whether there is a VPC endpoint policy, and what it says: none was given",
			"whether there is a service control policy, and what it says: none was given",
			"whether there is a resource-based policy, and what it says: none was given",
			"whether there is a permissions boundary, and what it says: none was given",
		}},
	} {
		t.Run(sentence, func(t *testing.T) {
			d := one(t, c.text)
			var caller evaluator.Caller
			if c.identity != "" {
				caller.Identity = compile(t, policy.Identity, c.identity)
			}
			if c.scp != "" {
				caller.SCPs = []*evaluator.Set{compile(t, policy.SCP, c.scp)}
			}
			replayed, err := denial.Replay(new(evaluator.Engine), &d, caller, evaluator.Target{}, evaluator.Request{})
			require.NoError(t, err)
			assert.Equal(t, c.want, replayed.Agreement, "%s", replayed.Explanation.Decision())
			var unknown []string
			for _, u := range replayed.Unknown {
				unknown = append(unknown, u.Text)
			}
			assert.Equal(t, c.unknown, unknown)
		})
	}
}

func TestReplayIsUndecidedWhereTheUnknownDecides(t *testing.T) {
	d := one(t, "AKIA and ASIA: ASIAIOSFODNN7EXAMPLE "+noID)
	caller := evaluator.Caller{Identity: compile(t, policy.Identity,
		`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}`)}
	replayed, err := denial.Replay(new(evaluator.Engine), &d, caller, evaluator.Target{}, evaluator.Request{})
	require.NoError(t, err)
	assert.Equal(t, denial.Undecided, replayed.Agreement, "temporary credentials tell whether there was MFA")

	d = one(t, "AKIAIOSFODNN7EXAMPLE "+noID)
	replayed, err = denial.Replay(new(evaluator.Engine), &d, caller, evaluator.Target{}, evaluator.Request{})
	require.NoError(t, err)
	assert.Equal(t, denial.Agrees, replayed.Agreement, "long-term ones do not")
	assert.Equal(t, "AKIAIOSFODNN7EXAMPLE", d.AccessKeyID)
}

func TestReplayNeedsTheWholeRequest(t *testing.T) {
	var e evaluator.Engine
	replay := func(text string, c evaluator.Caller, target evaluator.Target, r evaluator.Request) error {
		d := one(t, text)
		_, err := denial.Replay(&e, &d, c, target, r)
		return err
	}
	var (
		none     evaluator.Caller
		nowhere  evaluator.Target
		nothing  evaluator.Request
		user     = evaluator.Caller{Principal: evaluator.User(alice)}
		function = evaluator.Target{Resource: myFn}
	)
	bare := "Cross-account pass role is not allowed."
	err := replay(bare, none, nowhere, nothing)
	require.ErrorIs(t, err, denial.ErrNoCaller)
	require.ErrorIs(t, err, denial.ErrNoResource)
	require.NotErrorIs(t, err, denial.ErrNoAction)
	require.NoError(t, replay(bare, user, evaluator.Target{Resource: "arn:aws:iam::444455556666:role/ext"}, nothing))

	named := "User: " + alice + " is not authorized to perform: lambda:GetFunction on resource: my-fn"
	require.EqualError(t, replay(named, none, nowhere, nothing), `the resource is not known: the text names it "my-fn", which is no ARN`)
	require.NoError(t, replay(named, none, function, nothing))
	require.ErrorIs(t, replay(noID, evaluator.Caller{Principal: evaluator.User(alice + "2")}, nowhere, nothing), denial.ErrOtherRequest)
	require.ErrorIs(t, replay(noID, none, evaluator.Target{Resource: myFn + ":1"}, nothing), denial.ErrOtherRequest)
	require.ErrorIs(t, replay(noID, none, nowhere, evaluator.Request{Action: "lambda:Invoke"}), denial.ErrOtherRequest)
	require.ErrorIs(t, replay(noID, evaluator.Caller{Principal: evaluator.User("x")}, nowhere, nothing), denial.ErrNoCaller)
	require.ErrorIs(t, replay(strings.ReplaceAll(noID, "111122223333", "xxxx"), none, nowhere, nothing), denial.ErrNoCaller)
	require.ErrorIs(t, replay("You are not authorized to perform this operation.", user, function, nothing), denial.ErrNoAction)
	require.ErrorIs(t, replay(noID, none, nowhere, evaluator.Request{Context: evaluator.Context{{Name: "a:b", Values: []string{"1"}}, {Name: "A:B", Values: []string{"1"}}}}), evaluator.ErrInvalidRequest)
}

func TestARoleStandsForItsSessions(t *testing.T) {
	text := strings.ReplaceAll(noID, alice, session)
	d := one(t, text)
	role := "arn:aws:iam::111122223333:role/path/app"
	for _, p := range []evaluator.Principal{{}, evaluator.Session(session, role), evaluator.Role(role)} {
		_, err := denial.Replay(new(evaluator.Engine), &d, evaluator.Caller{Principal: p}, evaluator.Target{}, evaluator.Request{})
		require.NoError(t, err)
	}
	for _, other := range []evaluator.Principal{
		evaluator.Role("arn:aws:iam::111122223333:role/other"), evaluator.Role("arn:aws:iam::444455556666:role/app"),
		evaluator.User("arn:aws:iam::111122223333:user/app"), evaluator.Session(session+"2", role),
	} {
		_, err := denial.Replay(new(evaluator.Engine), &d, evaluator.Caller{Principal: other}, evaluator.Target{}, evaluator.Request{})
		require.ErrorIs(t, err, denial.ErrOtherRequest, "%s", &other)
	}
	user := one(t, noID)
	_, err := denial.Replay(new(evaluator.Engine), &user, evaluator.Caller{Principal: evaluator.Role("arn:aws:iam::111122223333:role/alice")}, evaluator.Target{}, evaluator.Request{})
	require.ErrorIs(t, err, denial.ErrOtherRequest, "a user is no session of a role")

	d.Role = role
	c, err := d.Caller()
	require.NoError(t, err)
	assert.Equal(t, evaluator.Session(session, role), c.Principal)
	d.Role = "arn:aws:iam::111122223333:role/other"
	_, err = d.Caller()
	require.ErrorIs(t, err, denial.ErrNoCaller)
	d = denial.Denial{Principal: role, Role: role}
	c, err = d.Caller()
	require.NoError(t, err)
	assert.Equal(t, evaluator.Role(role), c.Principal)
	d = denial.Denial{Principal: role}
	c, err = d.Caller()
	require.NoError(t, err)
	assert.Equal(t, evaluator.Role(role), c.Principal, "a role without its session")
	d = denial.Denial{Principal: alice, Role: role}
	c, err = d.Caller()
	require.NoError(t, err)
	assert.Equal(t, evaluator.User(alice), c.Principal, "a user is no session of a role")
	d = denial.Denial{Principal: "x:y"}
	_, err = d.Caller()
	require.ErrorIs(t, err, denial.ErrNoCaller)
}

// The Region that a denial tells is the one that was asked, unless the request
// says another.
func TestTheRegionOfADenialIsThatOfTheRequest(t *testing.T) {
	given := evaluator.Context{{Name: "aws:RequestedRegion", Values: []string{"eu-west-1"}}}
	for region, c := range map[string]struct{ given, want evaluator.Context }{
		"":          {nil, nil},
		"us-east-1": {nil, evaluator.Context{{Name: "aws:RequestedRegion", Values: []string{"us-east-1"}}}},
		"us-east-2": {given, given},
	} {
		d := denial.Denial{Principal: alice, Action: "lambda:GetFunction", Resource: myFn, Region: region}
		replayed, err := denial.Replay(new(evaluator.Engine), &d, evaluator.Caller{}, evaluator.Target{}, evaluator.Request{Context: c.given})
		require.NoError(t, err)
		assert.Equal(t, c.want, replayed.Request.Context, region)
	}
}

func TestTheNameOfAFunctionIsCompletedByRegion(t *testing.T) {
	d := one(t, "User: "+alice+" is not authorized to perform: lambda:GetFunction on resource: my-fn")
	d.Region = "us-east-1"
	target, err := d.Target()
	require.NoError(t, err)
	assert.Equal(t, evaluator.Target{Resource: myFn, AsGiven: "my-fn"}, target)
	_, err = arn.Parse(target.Resource)
	require.NoError(t, err)
}

func TestNamesOfEnumerations(t *testing.T) {
	text := func(v interface{ MarshalText() ([]byte, error) }) string {
		b, err := v.MarshalText()
		require.NoError(t, err)
		return string(b)
	}
	assert.Equal(t, "agrees deniesOtherwise undecided allows", strings.Join([]string{text(denial.Agrees), text(denial.DeniesOtherwise), text(denial.Undecided), text(denial.Allows)}, " "))
	assert.Equal(t, "message code event decoded", strings.Join([]string{text(denial.FromMessage), text(denial.FromCode), text(denial.FromEvent), text(denial.FromDecoded)}, " "))
	assert.Equal(t, "service", text(denial.FromService))
	assert.Equal(t, "Form(6) Agreement(5)", fmt.Sprint(denial.FromService+1, " ", denial.Allows+1))
	assert.Equal(t, "Form(9) Agreement(9)", fmt.Sprint(denial.Form(9), " ", denial.Agreement(9)))
}

func TestLayersThatWereNotGivenDoNotDenyAgainstAWS(t *testing.T) {
	const decrypt = "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:111122223333:key/1"
	const layer = "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: lambda:GetLayerVersion on resource: arn:aws:lambda:us-east-1:444455556666:layer:l:1"
	const assume = "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/r"
	for sentence, c := range map[string]struct {
		text     string
		identity string
		want     denial.Agreement
		decision string
		assumed  []policy.Layer
	}{
		"a key's policy that lets the account decide":        {decrypt + " because no identity-based policy allows the kms:Decrypt action", "", denial.Agrees, "implicitDeny(identity)", []policy.Layer{policy.ResourceLayer}},
		"a key's policy that names nobody":                   {decrypt + " because no resource-based policy allows the kms:Decrypt action", "", denial.Agrees, "implicitDeny(resource)", nil},
		"a layer of another account":                         {layer + " because no resource-based policy allows the lambda:GetLayerVersion action", "", denial.Agrees, "implicitDeny(resource)", []policy.Layer{policy.IdentityLayer}},
		"what is given is not overruled":                     {layer + " because no resource-based policy allows the lambda:GetLayerVersion action", allowElsewhere, denial.DeniesOtherwise, "implicitDeny(identity)", nil},
		"a role's trust policy that lets the account decide": {assume + " because no identity-based policy allows the sts:AssumeRole action", "", denial.Agrees, "implicitDeny(identity)", []policy.Layer{policy.TrustLayer}},
		"a boundary of which nobody told":                    {decrypt + " because no permissions boundary allows the kms:Decrypt action", "", denial.Undecided, "allowed", []policy.Layer{policy.ResourceLayer, policy.IdentityLayer}},
		"an explicit deny that AWS does not place":           {layer + " with an explicit deny", "", denial.Undecided, "allowed", []policy.Layer{policy.IdentityLayer, policy.ResourceLayer}},
		"AWS gives no reason":                                {layer, "", denial.Agrees, "implicitDeny(identity)", nil},
	} {
		t.Run(sentence, func(t *testing.T) {
			d := one(t, c.text)
			var caller evaluator.Caller
			if c.identity != "" {
				caller.Identity = compile(t, policy.Identity, c.identity)
			}
			replayed, err := denial.Replay(new(evaluator.Engine), &d, caller, evaluator.Target{}, evaluator.Request{})
			require.NoError(t, err)
			assert.Equal(t, c.want, replayed.Agreement)
			assert.Contains(t, replayed.Explanation.Decision().String(), c.decision)
			assert.Equal(t, c.assumed, replayed.Assumed)
		})
	}
}

// No policy lets a caller of one partition into another: what is assumed of the
// resource's helps nothing, and replaying ends.
func TestAnotherPartitionIsAssumedToAllowOnce(t *testing.T) {
	d := one(t, "User: arn:aws-cn:iam::111122223333:user/alice is not authorized to perform: lambda:GetFunction on resource: "+myFn+
		" with an explicit deny in a service control policy: arn:aws:organizations::444455556666:policy/o-a1b2c3d4e5/service_control_policy/p-x")
	replayed, err := denial.Replay(new(evaluator.Engine), &d, evaluator.Caller{}, evaluator.Target{}, evaluator.Request{})
	require.NoError(t, err)
	assert.Equal(t, denial.DeniesOtherwise, replayed.Agreement)
	assert.Equal(t, []policy.Layer{policy.IdentityLayer, policy.ResourceLayer}, replayed.Assumed)
}

// What is suspected where AWS does not say what denied: the layers of which none
// was given, in their order, of an explicit deny further policies of the caller
// first.
func TestWhatIsSuspected(t *testing.T) {
	const (
		web = "s3.amazonaws.com"
	)
	of := func(caller, action, resource, reason string) string {
		return "User: " + caller + " is not authorized to perform: " + action + " on resource: " + resource + reason
	}
	const deny = " with an explicit deny"
	for sentence, c := range map[string]struct {
		text string
		want string
	}{
		"a user":                          {of(alice, "lambda:GetFunction", myFn, ""), "endpoint scp resource boundary"},
		"a user, and a Deny":              {of(alice, "lambda:GetFunction", myFn, deny), "identity endpoint scp resource boundary"},
		"a session":                       {of(session, "lambda:GetFunction", myFn, deny), "identity endpoint scp resource boundary session"},
		"a bucket, which an RCP is about": {of(alice, "s3:GetObject", "arn:aws:s3:::b/k", deny), "identity endpoint rcp scp resource boundary"},
		"no one resource":                 {of(alice, "lambda:ListFunctions", "*", deny), "identity endpoint scp boundary"},
		"IAM, which has no policies of resources": {of(alice, "iam:GetUser", alice, deny), "identity endpoint scp boundary"},
		"a service": {of(web, "lambda:InvokeFunction", myFn, deny), ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			d := one(t, c.text)
			caller := evaluator.Caller{Identity: compile(t, policy.Identity, allowAll)}
			target := evaluator.Target{}
			if strings.Contains(c.text, web) {
				caller.Identity = nil
				target.Resource, target.Policies = myFn, []*evaluator.Set{compile(t, policy.Resource, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}`)}
			}
			replayed, err := denial.Replay(new(evaluator.Engine), &d, caller, target, evaluator.Request{})
			require.NoError(t, err)
			require.Equal(t, denial.Allows, replayed.Agreement)
			var layers []string
			for _, u := range replayed.Unknown {
				layers = append(layers, u.Layer.String())
			}
			assert.Equal(t, c.want, strings.Join(layers, " "))
		})
	}
}

// A key that decides is named with what the policies ask of it, before the layers
// of which nobody told.
func TestTheKeyThatDecides(t *testing.T) {
	d := one(t, getFn)
	caller := evaluator.Caller{Identity: compile(t, policy.Identity, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:UserAgent": "a"}}},
		{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": {"StringEquals": {"aws:UserAgent": "a"}, "StringLike": {"aws:Referer": "x*"}}},
		{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringLike": {"aws:useragent": ["b*", "c"]}}}`)}
	open := evaluator.Request{Context: evaluator.Context{{Name: "aws:UserAgent", State: evaluator.Unknown}, {Name: "aws:Referer", State: evaluator.Unknown}}}
	replayed, err := denial.Replay(new(evaluator.Engine), &d, caller, evaluator.Target{}, open)
	require.NoError(t, err)
	require.Equal(t, denial.Undecided, replayed.Agreement)
	require.NotEmpty(t, replayed.Unknown)
	assert.Equal(t, "aws:UserAgent", replayed.Unknown[0].Key)
	assert.Equal(t, "the value of aws:UserAgent, which the policies ask for: StringEquals a, or StringLike b*, c", replayed.Unknown[0].Text)
	require.Greater(t, len(replayed.Unknown), 1)
	assert.NotEqual(t, policy.NoLayer, replayed.Unknown[1].Layer)
}

// A fixed rule denies, whatever AWS says: nothing is assumed against it.
func TestAFixedRuleIsNotAssumedAway(t *testing.T) {
	d := one(t, "User: "+alice+" is not authorized to perform: iam:PassRole on resource: arn:aws:iam::444455556666:role/x because no identity-based policy allows the iam:PassRole action")
	replayed, err := denial.Replay(new(evaluator.Engine), &d, evaluator.Caller{Identity: compile(t, policy.Identity, allowAll)}, evaluator.Target{}, evaluator.Request{})
	require.NoError(t, err)
	assert.Equal(t, denial.DeniesOtherwise, replayed.Agreement)
	assert.Equal(t, policy.RuleLayer, replayed.Explanation.Decision().Layer())
	assert.Empty(t, replayed.Assumed)
}
