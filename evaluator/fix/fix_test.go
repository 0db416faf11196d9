package fix_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/fix"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

func TestWhatIsNotDeniedHasNoFix(t *testing.T) {
	admin := []string{"admin.json " + full}
	for name, c := range map[string]struct {
		denial
		spoil func(*fix.Denied)
		want  error
		text  string
	}{
		"an allowed request": {
			denial: denial{who: alice, action: "lambda:GetFunction", on: fn, identity: admin}, want: fix.ErrNotDenied, text: "it is allowed",
		},
		"a request that is open": {
			denial: denial{
				who: alice, action: "lambda:GetFunction", on: fn,
				identity: []string{`a.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}}`},
				context:  evaluator.Context{{Name: "aws:SecureTransport", State: evaluator.Unknown}},
			}, want: evaluator.ErrIndeterminate,
		},
		"a request that is none": {
			denial: denial{who: alice, action: "GetFunction", on: fn}, want: evaluator.ErrInvalidRequest, text: `"GetFunction"`,
		},
		"a boundary that was not compiled as one": {
			denial: denial{who: alice, action: "lambda:GetFunction", on: fn},
			spoil:  func(d *fix.Denied) { d.Caller.Boundary = everything }, want: evaluator.ErrInvalidRequest, text: "boundary",
		},
		"a session policy that is missing": {
			denial: denial{who: alice, action: "lambda:GetFunction", on: fn},
			spoil:  func(d *fix.Denied) { d.Caller.Session = []*evaluator.Set{nil} }, want: evaluator.ErrInvalidRequest, text: "session",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := c.denied(t)
			if c.spoil != nil {
				c.spoil(d)
			}
			f, err := fix.For(context.Background(), d)
			require.Error(t, err)
			assert.Nil(t, f)
			if c.want != nil {
				assert.ErrorIs(t, err, c.want)
			}
			assert.Contains(t, err.Error(), c.text)
		})
	}
}

func TestWhereARuleRefusesThereIsAnotherWay(t *testing.T) {
	root := evaluator.Root(a1)
	temporary := values("aws:TokenIssueTime", "2026-01-02T03:04:05Z", "aws:MultiFactorAuthPresent", "false")
	for name, c := range map[string]struct {
		denial
		instead string
	}{
		"the root user assumes no role":       {denial{who: root, action: "sts:AssumeRole", on: exec}, "sign in as an IAM user or a role"},
		"a session gets no session of a user": {denial{who: app, action: "sts:GetSessionToken", on: "*"}, "call sts:AssumeRole, or sign as an IAM user"},
		"a federated user calls no IAM": {
			denial{who: evaluator.Federated("arn:aws:sts::"+a1+":federated-user/temp", "arn:aws:iam::"+a1+":user/alice"), action: "iam:GetUser", on: "*"},
			"use a role session (sts:AssumeRole) instead of GetFederationToken",
		},
		"without MFA a user's session calls no IAM": {denial{who: alice, action: "iam:GetUser", on: "*", context: temporary}, "with an MFA code"},
		"a token takes no credentials":              {denial{who: alice, action: "sts:AssumeRoleWithSAML", on: exec}, "call it unsigned"},
		"a token is for one call": {
			denial{who: evaluator.SAML("arn:aws:iam::" + a1 + ":saml-provider/corp"), action: "s3:GetObject", on: "arn:aws:s3:::uploads/a"}, "assume a role first",
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := fix.For(context.Background(), c.denied(t))
			require.NoError(t, err)
			assert.Empty(t, f.Changes)
			assert.Contains(t, f.Instead, c.instead)
		})
	}
}

// A service calls for anybody who told it to: an exception for it is one for the
// resource that it calls for (F-3).
func TestAnExceptionForAServiceIsForOneResourceOfIts(t *testing.T) {
	c := stories["a Deny of a service"]
	d := c.denied(t)
	f, err := fix.For(context.Background(), d)
	require.NoError(t, err)
	for sentence, asked := range map[string]struct {
		source, account string
		want            bool
	}{
		"the bucket that was denied":         {"arn:aws:s3:::uploads", a1, true},
		"another bucket of the account":      {"arn:aws:s3:::other", a1, false},
		"such a bucket of another account":   {"arn:aws:s3:::uploads", a2, false},
		"another bucket, of another account": {"arn:aws:s3:::other", a2, false},
	} {
		t.Run(sentence, func(t *testing.T) {
			a := assembled(t, d, f.Changes)
			a.request.Context = values("aws:SourceArn", asked.source, "aws:SourceAccount", asked.account)
			assert.Equal(t, asked.want, a.explain().Decision().Allowed())
		})
	}
}

// Every case of the conformance suites that is denied is fixed, or a rule
// refuses it.
func TestEveryDeniedConformanceCaseIsFixed(t *testing.T) {
	files, err := filepath.Glob("../testdata/conformance/*.json")
	require.NoError(t, err)
	fixed := 0
	for s, err := range scenario.FS(os.DirFS("../testdata/conformance"), names(files)...) {
		if err != nil || s.Request.Call != nil {
			continue // other formats lie beside the suites
		}
		c, err := s.Compile()
		if err != nil {
			continue
		}
		if !c.Engine.Explain(&c.Caller, &c.Target, &c.Request).Decision().Denied() {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			d := denied(c)
			f, err := fix.For(context.Background(), d)
			require.NoError(t, err)
			if len(f.Changes) == 0 {
				assert.Regexp(t, `[( ](A\.6|B-43|E-51|F-1|F-6|F-21|G-3|G-4|L-4)\)$`, f.Reason)
				return
			}
			fixed++
			decision := assembled(t, d, f.Changes).explain().Decision()
			assert.True(t, decision.Allowed(), "%s\n%s", decision, f)
		})
	}
	assert.Greater(t, fixed, 150)
	t.Logf("%d denied cases fixed", fixed)
}

func names(paths []string) []string {
	var list []string
	for _, p := range paths {
		switch base := filepath.Base(p); base {
		case "documents.json", "mistakes-documents.json", "managed-documents.json", "permissions.json", "examples.json", "proofs.json", "calls.json":
		default:
			list = append(list, base)
		}
	}
	return list
}

// denied is a scenario as a request to fix.
func denied(c *scenario.Compiled) *fix.Denied {
	return &fix.Denied{Engine: c.Engine, Caller: c.Caller, Target: c.Target, Request: c.Request, Catalog: catalog.Default()}
}

func TestTheInputStaysAsItIs(t *testing.T) {
	for seed := range uint64(100) {
		d := generate(seed)
		d.Catalog = catalog.Default()
		before := text(t, policiesOf(d))
		f, err := fix.For(context.Background(), d)
		if err != nil {
			continue
		}
		require.Equal(t, before, text(t, policiesOf(d)), "seed %d", seed)
		again, err := fix.For(context.Background(), d)
		require.NoError(t, err)
		require.Equal(t, f.String(), again.String(), "seed %d: the same input, the same fix", seed)
	}
}

// text is all that policies say.
func text(t *testing.T, p policy.Policies) string {
	var all strings.Builder
	for slot, documents := range p.All() {
		written, err := json.Marshal(documents)
		require.NoError(t, err)
		fmt.Fprintf(&all, "%s %s\n", slot, written)
	}
	return all.String()
}

func TestWithoutCatalogTheSameIsAllowed(t *testing.T) {
	for seed := range uint64(500) {
		d := generate(seed)
		f, err := fix.For(context.Background(), d)
		if err != nil || len(f.Changes) == 0 {
			continue
		}
		require.True(t, assembled(t, d, f.Changes).explain().Decision().Allowed(), "seed %d\n%s", seed, f)
	}
}

// Without a catalogue as with one, a value is not added to a statement that would
// then allow more than what was asked for.
func TestAConditionIsNotWidenedForMoreThanTheRequest(t *testing.T) {
	for name, more := range map[string]string{
		"another resource": `"Action":"lambda:GetFunction","Resource":"*"`,
		"another action":   `"Action":["lambda:GetFunction","lambda:DeleteFunction"],"Resource":"` + fn + `"`,
		"both":             `"Action":"lambda:*","Resource":"*"`,
	} {
		for _, known := range []fix.Catalog{nil, catalog.Default()} {
			c := denial{
				who: alice, action: "lambda:GetFunction", on: fn, context: values("aws:SourceVpc", "vpc-b"),
				identity: []string{`a.json {"Version":"2012-10-17","Statement":{"Effect":"Allow",` + more + `,"Condition":{"StringEquals":{"aws:SourceVpc":"vpc-a"}}}}`},
			}
			d := c.denied(t)
			d.Catalog = known
			f, err := fix.For(context.Background(), d)
			require.NoError(t, err, name)
			require.NotEmpty(t, f.Changes)
			after := assembled(t, d, f.Changes)
			require.True(t, after.explain().Decision().Allowed())
			for _, other := range []struct{ action, resource string }{{"lambda:GetFunction", fn + "2"}, {"lambda:DeleteFunction", fn}} {
				wider := *after
				wider.target.Resource, wider.request.Action = other.resource, other.action
				assert.False(t, wider.explain().Decision().Allowed(), "%s: %s on %s\n%s", name, other.action, other.resource, f)
			}
		}
	}
}

// Nor is a resource added to a statement that others have, too.
func TestAResourceIsNotAddedForOthers(t *testing.T) {
	const object, bob = "arn:aws:s3:::orders/x", "arn:aws:iam::" + a1 + ":user/bob"
	for _, known := range []fix.Catalog{nil, catalog.Default()} {
		c := denial{
			who: alice, action: "s3:GetObject", on: object, account: a2,
			identity: []string{"admin.json " + full},
			resource: []string{`bucket.json {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::` + a1 + `:user/alice","` + bob + `"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::orders/a"}]}`},
		}
		d := c.denied(t)
		d.Catalog = known
		f, err := fix.For(context.Background(), d)
		require.NoError(t, err)
		after := assembled(t, d, f.Changes)
		require.True(t, after.explain().Decision().Allowed())
		after.caller.Principal = evaluator.User(bob)
		assert.False(t, after.explain().Decision().Allowed(), "%s", f)
	}
}

// A call of the API that grants to a root user alone is none: it has no condition.
func TestAPermissionHasAllThatAPrincipalNeeds(t *testing.T) {
	c := denial{who: evaluator.Root(a2), action: "lambda:InvokeFunction", on: fn, account: a1}
	f, err := fix.For(context.Background(), c.denied(t))
	require.NoError(t, err)
	require.Contains(t, f.String(), "aws:PrincipalArn")
	assert.NotContains(t, f.String(), "add-permission")
}

func TestASecretIsNotRepeated(t *testing.T) {
	const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	c := denial{
		who: alice, action: "lambda:GetFunction", on: fn, context: values("example:SecretAccessKey", secret),
		identity: []string{`a.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"` + fn + `","Condition":{"StringEquals":{"example:SecretAccessKey":"x"}}}}`},
	}
	f, err := fix.For(context.Background(), c.denied(t))
	require.NoError(t, err)
	text, err := json.Marshal(f)
	require.NoError(t, err)
	for _, shown := range []string{f.String(), string(text)} {
		assert.NotContains(t, shown, secret)
		assert.Contains(t, shown, "not shown")
	}
	assert.True(t, json.Valid(text))
}

func TestNoFixLeavesOutAKeyThatEveryRequestHas(t *testing.T) {
	for key, told := range map[string]bool{"aws:RequestedRegion": false, "aws:SecureTransport": false, "aws:CurrentTime": false, "aws:SourceVpc": true, "aws:Referer": true} {
		c := denial{
			who: alice, action: "lambda:GetFunction", on: fn, context: values(key, "2026-01-01T00:00:00Z"),
			identity: []string{`a.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringNotEquals":{"` + key + `":"2026-01-01T00:00:00Z"}}}}`},
		}
		f, err := fix.For(context.Background(), c.denied(t))
		require.NoError(t, err)
		assert.Equal(t, told, strings.Contains(f.String(), "a request without "+key), f.String())
	}
}

func TestAlternativesNameTheChangesTheyReplace(t *testing.T) {
	c := denial{
		who: alice, action: "lambda:DeleteFunction", on: fn,
		identity: []string{`mfa.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}}`},
		boundary: `boundary.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`,
	}
	f, err := fix.For(context.Background(), c.denied(t))
	require.NoError(t, err)
	require.Len(t, f.Changes, 2)
	require.Len(t, f.Alternatives, 1)
	a := f.Alternatives[0]
	assert.Equal(t, evaluator.Key{Name: "aws:MultiFactorAuthPresent", Values: []string{"true"}}, a.Key)
	assert.Equal(t, []int{0}, a.Replaces)
	first, rest, _ := strings.Cut(f.String(), "\n")
	assert.True(t, strings.HasPrefix(first, "fix      ") && strings.HasSuffix(first, "in the place of change 1"), "what opens nothing comes first: %s", first)
	assert.Contains(t, rest, "or 1/2   add")
	assert.Contains(t, rest, "fix 2/2  add")
}
