package evaluator

// A rule is a fixed rule of AWS that no policy changes.
type rule uint8

const (
	noRule             rule = iota
	crossAccountPass        // a role of another account cannot be passed (G-4)
	federatedUserCalls      // GetFederationToken sessions: no IAM, of STS only GetCallerIdentity (L-4)
	noMFASessionCalls       // GetSessionToken without MFA: no IAM, of STS only AssumeRole and GetCallerIdentity (L-4)
	sessionTokenCalls       // sessions cannot call GetSessionToken or GetFederationToken (L-4)
	rootAssumesRole         // the root user cannot assume a role (L-4)
)

// callerIdentity: calls that need no permission and no policy can stop (L-4).
func (ev *evaluation) callerIdentity() bool {
	if ev.action.rules != serviceSTS {
		return false
	}
	p := &ev.caller.Principal
	switch {
	case ev.action.is("sts:GetCallerIdentity"):
		return p.signed()
	case ev.action.is("sts:GetSessionToken"):
		return p.kind == IAMUser && !ev.sessionWithoutMFA() || p.kind == RootUser
	}
	return false
}

// deniedByRule is the rule that refuses the request, or noRule.
func (ev *evaluation) deniedByRule() rule {
	p := &ev.caller.Principal
	switch {
	case ev.passRole && p.signed() && !ev.sameAccount:
		return crossAccountPass
	case ev.action.rules != serviceIAM && ev.action.rules != serviceSTS:
		return noRule
	case p.kind == FederatedUser:
		return federatedUserCalls
	case p.kind == RoleSession && (ev.action.is("sts:GetSessionToken") || ev.action.is("sts:GetFederationToken")):
		return sessionTokenCalls
	case p.kind == RootUser && ev.action.is("sts:AssumeRole"):
		return rootAssumesRole
	case p.kind == IAMUser && !ev.action.is("sts:AssumeRole") && ev.sessionWithoutMFA():
		return noMFASessionCalls
	}
	return noRule
}

// sessionWithoutMFA recognises GetSessionToken credentials without MFA by the
// two keys that they bring (L-3).
func (ev *evaluation) sessionWithoutMFA() bool {
	issued := ev.value(&contextKey{name: "aws:TokenIssueTime"})
	mfa := ev.value(&contextKey{name: "aws:MultiFactorAuthPresent"})
	return (issued.state == knownKey || issued.state == presentKey) && mfa.count() == 1 && equalFold(mfa.at(0), "false")
}
