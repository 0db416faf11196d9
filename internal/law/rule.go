package law

import (
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// A Rule is a fixed rule of AWS that no policy changes.
type Rule uint8

const (
	NoRule               Rule = iota
	FreeCalls                 // GetCallerIdentity and GetSessionToken (L-4)
	OtherCredentials          // the call is signed and the caller is not, or the reverse (E-51)
	CrossAccountPass          // a role of another account cannot be passed (G-4)
	FederatedUserCalls        // GetFederationToken sessions: no operation of IAM, of STS only GetCallerIdentity (L-4)
	SessionTokenCalls         // sessions cannot call GetSessionToken or GetFederationToken (L-4)
	RootAssumesRole           // the root user cannot assume a role (L-4)
	NoMFASessionCalls         // GetSessionToken without MFA: no operation of IAM (L-4)
	TemporaryUserCalls        // GetSessionToken: of STS only AssumeRole and GetCallerIdentity (L-4)
	ManagedPolicyChanges      // nobody changes an AWS managed policy (L-4)
	UnsignedAtURL             // function URLs with the authentication AWS_IAM refuse unsigned callers (F-21, F-22)
)

const freeCalls = "every caller may do this, whatever policies say (L-4)"

var ruleTexts = [...]string{
	FreeCalls:            freeCalls,
	OtherCredentials:     "the call needs other credentials: AssumeRoleWithSAML and AssumeRoleWithWebIdentity show a token of their kind, all other calls of IAM and STS are signed (E-51)",
	CrossAccountPass:     "a role of another account cannot be passed (G-4)",
	FederatedUserCalls:   "a session of GetFederationToken can call no operation of IAM, and of STS only GetCallerIdentity (L-4)",
	SessionTokenCalls:    "a session of a role cannot call GetSessionToken or GetFederationToken (L-4)",
	RootAssumesRole:      "the root user cannot assume a role (L-4)",
	NoMFASessionCalls:    "credentials of GetSessionToken without MFA can call no operation of IAM (L-4)",
	TemporaryUserCalls:   "credentials of GetSessionToken can call of STS only AssumeRole and GetCallerIdentity (L-4)",
	ManagedPolicyChanges: "an AWS managed policy can be changed by nobody but AWS (L-4)",
	UnsignedAtURL:        "a function URL with the authentication AWS_IAM refuses unsigned callers (F-21)",
}

// String is the rule in words, with its number; "" for NoRule.
func (r Rule) String() string { return ruleTexts[r] }

// An Effect is what a fixed rule does to a request that it applies to.
type Effect uint8

const (
	Denies        Effect = iota // it is denied, after every explicit deny
	Allows                      // it is allowed before any policy is read, unless a row above denies it
	GrantsNothing               // the resource's own policy grants nothing
)

// A Row is a fixed rule for some callers and calls.
type Row struct {
	Rule    Rule
	Effect  Effect
	Callers Kinds
	// Actions are names of actions, "service:*" or "*"; Except are names.
	Actions, Except []string
	CrossAccount    bool // it applies to resources of other accounts alone
	AWSManaged      bool // it applies to AWS managed policies alone
	// Conditions on context keys, as in a policy; all must hold. Operators are Null,
	// Bool and StringEquals, each with one value; none of them holds for an absent
	// key.
	Conditions []policy.Condition
}

// Rows are all fixed rules. Of several that deny, the first is reported.
func Rows(yield func(*Row) bool) {
	for i := range rows {
		if !yield(&rows[i]) {
			return
		}
	}
}

var rows = [...]Row{
	// Web and SAML identities may make the call that assumes a role for them, and
	// no other. Tags and source identity go with that call (E-54).
	{
		Rule: OtherCredentials, Callers: web, Actions: []string{"*"},
		Except: []string{"sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"},
	},
	{
		Rule: OtherCredentials, Callers: saml, Actions: []string{"*"},
		Except: []string{"sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"},
	},
	{Rule: OtherCredentials, Callers: anonymous, Actions: []string{"iam:*", "sts:*"}},
	{Rule: OtherCredentials, Callers: signed | service, Actions: []string{"sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}},
	{Rule: CrossAccountPass, Callers: signed, Actions: []string{"iam:PassRole"}, CrossAccount: true},
	{
		Rule: FederatedUserCalls, Callers: federated, Actions: []string{"iam:*", "sts:*"},
		Except: []string{"sts:GetCallerIdentity", "iam:PassRole"}, // iam:PassRole is no operation (G-1)
	},
	{Rule: SessionTokenCalls, Callers: session, Actions: []string{"sts:GetSessionToken", "sts:GetFederationToken"}},
	{Rule: RootAssumesRole, Callers: root, Actions: []string{"sts:AssumeRole"}},
	{ // Such credentials are known by the two keys that they bring (L-3).
		Rule: NoMFASessionCalls, Callers: user, Actions: []string{"iam:*"}, Except: []string{"iam:PassRole"},
		Conditions: []policy.Condition{issued, {Operator: policy.Operator{Test: policy.Bool}, Key: "aws:MultiFactorAuthPresent", Values: policy.Values{"false"}}},
	},
	{ // Tags, source identity and context go with an AssumeRole call (E-54).
		Rule: TemporaryUserCalls, Callers: user, Actions: []string{"sts:*"},
		Except:     []string{"sts:AssumeRole", "sts:GetCallerIdentity", "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"},
		Conditions: []policy.Condition{issued},
	},
	{
		Rule: ManagedPolicyChanges, Callers: anyone, AWSManaged: true,
		Actions: []string{
			"iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion",
			"iam:SetDefaultPolicyVersion", "iam:TagPolicy", "iam:UntagPolicy",
		},
	},
	{Rule: FreeCalls, Effect: Allows, Callers: signed, Actions: []string{"sts:GetCallerIdentity"}},
	{Rule: FreeCalls, Effect: Allows, Callers: root | user, Actions: []string{"sts:GetSessionToken"}},
	{
		Rule: UnsignedAtURL, Effect: GrantsNothing, Callers: anonymous, Actions: []string{"lambda:InvokeFunctionUrl"},
		Conditions: []policy.Condition{
			{Operator: policy.Operator{Test: policy.StringEquals}, Key: "lambda:FunctionUrlAuthType", Values: policy.Values{"AWS_IAM"}},
		},
	},
}

// issued holds for temporary credentials, which alone have a token issue time.
var issued = policy.Condition{Operator: policy.Operator{Test: policy.Null}, Key: "aws:TokenIssueTime", Values: policy.Values{"false"}}

// Names reports whether the row is about a caller's call: its kind, the action
// and whose resource it is. Whether the conditions hold is left to the caller.
func (r *Row) Names(k Kind, action string, sameAccount bool) bool {
	return r.Callers.Has(k) && !(r.CrossAccount && sameAccount) && r.covers(action)
}

func (r *Row) covers(action string) bool {
	for _, name := range r.Except {
		if fold.Equal(name, action) {
			return false
		}
	}
	for _, name := range r.Actions {
		if last := len(name) - 1; name[last] == '*' && fold.HasPrefix(action, name[:last]) || fold.Equal(name, action) {
			return true
		}
	}
	return false
}

// NamedActions are the actions for which there are rules of their own: those that
// fixed rules name, and those that assume a role. Some come more than once.
func NamedActions(yield func(action string) bool) {
	for i := range rows {
		for _, list := range [2][]string{rows[i].Actions, rows[i].Except} {
			for _, name := range list {
				if name[len(name)-1] != '*' && !yield(name) {
					return
				}
			}
		}
	}
	policy.TrustActions(yield)
}
