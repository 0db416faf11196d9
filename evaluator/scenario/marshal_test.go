package scenario_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
)

// Each text is as the package writes it: what it reads it keeps, member by member.
func TestEveryMemberIsWrittenAsItIsRead(t *testing.T) {
	const (
		ask    = `"principal":"arn:aws:iam::111122223333:user/alice","action":"lambda:GetFunction","resource":"arn:aws:lambda:us-east-1:111122223333:function:my-fn"`
		allow  = `{"name":"p","document":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}}`
		public = `{"name":"p","document":{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}}`
	)
	said := func(more string) string { return `{"name":"s","request":{` + ask + `}` + more + `}` }
	asked := func(more string) string { return `{"name":"s","request":{` + ask + more + `}}` }
	by := func(principal string) string {
		return `{"name":"s","request":{"principal":` + principal + `,"action":"lambda:GetFunction","resource":"*"}}`
	}
	calls := func(more string) string {
		return `{"name":"s","request":{"principal":"anonymous","call":{"operation":"lambda:GetFunction"` + more + `}}}`
	}
	for sentence, text := range map[string]string{
		"a principal by its ARN":             by(`"arn:aws:iam::111122223333:role/r"`),
		"a session with its role":            by(`{"arn":"arn:aws:sts::111122223333:assumed-role/r/s","role":"arn:aws:iam::111122223333:role/p/r"}`),
		"a federated user with its user":     by(`{"arn":"arn:aws:sts::111122223333:federated-user/f","parentUser":"arn:aws:iam::111122223333:user/a"}`),
		"a unique id":                        by(`{"arn":"arn:aws:iam::111122223333:user/a","userId":"AIDAEXAMPLE"}`),
		"tags in their order":                by(`{"arn":"arn:aws:iam::111122223333:user/a","tags":{"b":"1","a":"2"}}`),
		"tags of a session":                  by(`{"arn":"arn:aws:sts::111122223333:assumed-role/r/s","sessionTags":{"b":"1","a":"2"}}`),
		"an organization":                    by(`{"arn":"arn:aws:iam::111122223333:user/a","org":{"id":"o-a1b2c3d4e5","paths":["o-a1b2c3d4e5/r-ab12/"],"managementAccount":"111122223333"}}`),
		"an organization by its id":          by(`{"arn":"arn:aws:iam::111122223333:user/a","org":{"id":"o-a1b2c3d4e5"}}`),
		"an owner of the resource":           asked(`,"resourceAccount":"444455556666"`),
		"an organization of the resource":    asked(`,"resourceOrg":{"id":"o-a1b2c3d4e5"}`),
		"tags of the resource":               asked(`,"resourceTags":{"b":"1","a":"2"}`),
		"a resource without tags":            asked(`,"resourceTags":{}`),
		"keys of the context":                asked(`,"context":{"k:b":"1","k:a":["1","2"],"k:c":[]}`),
		"a resource that is not known":       asked(`,"resourceUnknown":true`),
		"a resource as it was given":         asked(`,"resourceAsGiven":"my-fn"`),
		"keys that are not known":            asked(`,"unknown":["k:b","k:a"]`),
		"keys that are present":              asked(`,"present":["k:b","k:a"]`),
		"a call":                             calls(``),
		"parameters of a call":               calls(`,"parameters":{"FunctionName":"f"}`),
		"the state of a call, by name":       calls(`,"state":{"a":[],"b":["1","2"],"functionUrlAuthType":"NONE"}`),
		"resources of a call in their order": calls(`,"resources":{"arn:aws:s3:::b":{"account":"444455556666","org":{"id":"o-a1b2c3d4e5"},"tags":{"a":"1"}},"arn:aws:s3:::a":{},"arn:aws:s3:::c":{"tags":{}}}`),
		"identity-based policies":            said(`,"policies":{"identity":[` + allow + `,` + allow + `]}`),
		"a policy with its ARN":              said(`,"policies":{"identity":[` + strings.Replace(allow, `"p",`, `"p","arn":"arn:aws:iam::111122223333:policy/p",`, 1) + `]}`),
		"policies of the resource":           said(`,"policies":{"resource":[` + public + `]}`),
		"a boundary":                         said(`,"policies":{"boundary":` + allow + `}`),
		"policies of the session":            said(`,"policies":{"session":[` + allow + `,` + allow + `]}`),
		"levels of service control policies": said(`,"policies":{"scp":[[` + allow + `],[],[` + allow + `,` + allow + `]]}`),
		"levels of resource control":         said(`,"policies":{"rcp":[[` + public + `]]}`),
		"the policy of an endpoint":          said(`,"policies":{"endpoint":` + public + `}`),
		"policies of every kind, in order":   said(`,"policies":{"identity":[` + allow + `],"boundary":` + allow + `,"session":[` + allow + `],"resource":[` + public + `],"scp":[[` + allow + `]],"rcp":[[` + public + `]],"endpoint":` + public + `}`),
		"policies of a call's resources":     `{"name":"s","request":{"principal":"anonymous","call":{"operation":"lambda:GetFunction"}},"policies":{"resources":{"arn:aws:s3:::a":[` + public + `],"arn:aws:s3:::b":[` + public + `,` + public + `]}}}`,
		"an option of NotPrincipal":          said(`,"options":{"notPrincipalNeedsAccount":false}`),
		"function URLs of before":            said(`,"options":{"legacyFunctionUrl":true}`),
		"a reason that says otherwise":       said(`,"options":{"scpImplicitAsExplicit":true}`),
		"messages without reason":            said(`,"options":{"style":"noReason"}`),
		"messages without resource":          said(`,"options":{"style":"noResource"}`),
		"messages without policy":            said(`,"options":{"policyArn":false}`),
		"no default context":                 said(`,"options":{"defaultContext":false}`),
		"no catalogue":                       said(`,"options":{"catalog":false}`),
		"a decision that is wanted":          said(`,"want":{"decision":"explicitDeny"}`),
		"a deny that is wanted":              said(`,"want":{"decision":"denied"}`),
		"a layer that is wanted":             said(`,"want":{"deniedBy":"scp"}`),
		"statements that are wanted":         said(`,"want":{"statements":[{"policy":"p","slot":"scp","index":0,"sid":"A","effect":"Deny","line":1,"column":2},{}]}`),
		"no statements":                      said(`,"want":{"statements":[]}`),
		"a message that is wanted":           said(`,"want":{"message":"a < b"}`),
		"keys that are missing":              said(`,"want":{"missingContext":["k:a"]}`),
		"no keys that are missing":           said(`,"want":{"missingContext":[]}`),
		"an action that is wanted":           said(`,"want":{"action":"lambda:GetFunction"}`),
		"preconditions":                      said(`,"want":{"preconditions":["allowed","implicitDeny"]}`),
		"no preconditions":                   said(`,"want":{"preconditions":[]}`),
	} {
		t.Run(sentence, func(t *testing.T) {
			written, err := one(t, text).MarshalJSON()
			require.NoError(t, err)
			assert.JSONEq(t, text, string(written))
			assert.Equal(t, withoutEscapes(text), withoutEscapes(string(written)), "in the same order")
		})
	}
}

// withoutEscapes is a text with the signs that JSON may escape and need not.
func withoutEscapes(text string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(text)
}

// A style of another version of the library has no name here.
func TestAStyleWithoutNameIsNotWritten(t *testing.T) {
	for style := evaluator.MessageStyle(3); style < 16; style++ {
		s := scenario.Scenario{Request: scenario.Request{Principal: scenario.Principal{ARN: "anonymous"}}}
		s.Options.MessageStyle = style
		written, err := json.Marshal(&s)
		require.NoError(t, err)
		assert.Equal(t, `{"request":{"principal":"anonymous"}}`, string(written), "style %d", style)
	}
}

func TestWhatAScenarioDoesNotSayIsNotWritten(t *testing.T) {
	written, err := json.Marshal(&scenario.Scenario{Request: scenario.Request{Principal: scenario.Principal{ARN: "anonymous"}}})
	require.NoError(t, err)
	assert.Equal(t, `{"request":{"principal":"anonymous"}}`, string(written))
	written, err = json.Marshal(one(t, `{`+request+`, "policies": {"identity": [], "scp": [], "boundary": null, "resources": {}}, "options": {"policyArn": true, "style": "full"}, "want": null}`))
	require.NoError(t, err)
	assert.Equal(t, `{"name":"s.json","request":{"principal":"arn:aws:iam::111122223333:user/alice","action":"lambda:GetFunction","resource":"arn:aws:lambda:us-east-1:111122223333:function:my-fn"}}`, string(written))
}
