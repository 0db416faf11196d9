package evaluator

import "github.com/iamsim/iamsim/internal/fold"

// A rule is a fixed rule of AWS that no policy changes.
type rule uint8

const (
	noRule             rule = iota
	crossAccountPass        // a role of another account cannot be passed (G-4)
	federatedUserCalls      // GetFederationToken sessions: no IAM, of STS only GetCallerIdentity (L-4)
	noMFASessionCalls       // GetSessionToken without MFA: no IAM, of STS only AssumeRole and GetCallerIdentity (L-4)
	sessionTokenCalls       // sessions cannot call GetSessionToken or GetFederationToken (L-4)
	rootAssumesRole         // the root user cannot assume a role (L-4)
	otherCredentials        // the call is signed and the caller is not, or the reverse (E-51)
)

var ruleTexts = [...]string{
	crossAccountPass:   "a role of another account cannot be passed (G-4)",
	federatedUserCalls: "a session of GetFederationToken can call neither IAM nor STS, but for GetCallerIdentity (L-4)",
	noMFASessionCalls:  "credentials of GetSessionToken without MFA can call neither IAM nor STS, but for AssumeRole and GetCallerIdentity (L-4)",
	sessionTokenCalls:  "a session of a role cannot call GetSessionToken or GetFederationToken (L-4)",
	rootAssumesRole:    "the root user cannot assume a role (L-4)",
	otherCredentials:   "the call needs other credentials: AssumeRoleWithSAML and AssumeRoleWithWebIdentity show a token of their kind, all other calls of IAM and STS are signed (E-51)",
}

// allowedByRule: calls that need no permission and that no policy can stop
// (L-4).
func (ev *evaluation) allowedByRule() truth {
	if ev.action.rules != serviceSTS {
		return no
	}
	p := &ev.caller.Principal
	switch {
	case ev.action.is("sts:GetCallerIdentity"):
		return truthOf(p.signed())
	case !ev.action.is("sts:GetSessionToken"):
		return no
	case p.kind == IAMUser:
		return ev.sessionWithoutMFA().Not()
	}
	return truthOf(p.kind == RootUser)
}

// deniedByRule is the rule that refuses the request, or may refuse it.
func (ev *evaluation) deniedByRule() (rule, truth) {
	p := &ev.caller.Principal
	switch {
	case ev.action.rules != serviceIAM && ev.action.rules != serviceSTS:
		// E-51: identities from outside are good for nothing but their own calls.
		if p.kind == WebIdentity || p.kind == SAMLIdentity {
			return otherCredentials, yes
		}
		return noRule, no
	case !ev.fitsCredentials():
		return otherCredentials, yes
	case ev.passRole && p.signed() && !ev.sameAccount:
		return crossAccountPass, yes
	case p.kind == FederatedUser:
		return federatedUserCalls, yes
	case p.kind == RoleSession && (ev.action.is("sts:GetSessionToken") || ev.action.is("sts:GetFederationToken")):
		return sessionTokenCalls, yes
	case p.kind == RootUser && ev.action.is("sts:AssumeRole"):
		return rootAssumesRole, yes
	case p.kind == IAMUser && !ev.action.is("sts:AssumeRole"):
		return noMFASessionCalls, ev.sessionWithoutMFA()
	}
	return noRule, no
}

// fitsCredentials: AssumeRoleWithSAML and AssumeRoleWithWebIdentity are unsigned
// calls that show a token of their kind, all others of iam and sts are signed
// (E-51). What an AssumeRole call asks for beside the role goes with it (E-54).
func (ev *evaluation) fitsCredentials() bool {
	saml, web := ev.action.is("sts:AssumeRoleWithSAML"), ev.action.is("sts:AssumeRoleWithWebIdentity")
	beside := ev.action.is("sts:TagSession") || ev.action.is("sts:SetSourceIdentity")
	switch ev.caller.Principal.kind {
	case SAMLIdentity:
		return saml || beside
	case WebIdentity:
		return web || beside
	case AnonymousPrincipal:
		return false
	}
	return !saml && !web
}

// unsignedAtIAMURL: a function URL with the authentication AWS_IAM refuses
// whoever does not sign, whatever the function's policy says (F-21, F-22).
func (ev *evaluation) unsignedAtIAMURL() truth {
	if ev.caller.Principal.kind != AnonymousPrincipal || !ev.action.is("lambda:InvokeFunctionUrl") {
		return no
	}
	switch v := ev.value(&functionURLAuthType); v.state {
	case presentKey, unknownKey:
		return maybe
	default:
		return truthOf(v.count() == 1 && v.at(0) == "AWS_IAM")
	}
}

// The keys that rules ask for, whatever the policies say.
var (
	tokenIssueTimeKey   = contextKey{name: "aws:TokenIssueTime"}
	mfaPresentKey       = contextKey{name: "aws:MultiFactorAuthPresent"}
	functionURLAuthType = contextKey{name: "lambda:FunctionUrlAuthType"}
)

// sessionWithoutMFA recognises GetSessionToken credentials without MFA by the
// two keys that they bring (L-3).
func (ev *evaluation) sessionWithoutMFA() truth {
	issued, without := no, no
	switch v := ev.value(&tokenIssueTimeKey); v.state {
	case knownKey, presentKey:
		issued = yes
	case unknownKey:
		issued = maybe
	}
	switch v := ev.value(&mfaPresentKey); v.state {
	case knownKey:
		without = truthOf(v.count() == 1 && fold.Equal(v.at(0), "false"))
	case presentKey, unknownKey:
		without = maybe
	}
	return min(issued, without)
}
