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
		return ev.sessionWithoutMFA().not()
	}
	return truthOf(p.kind == RootUser)
}

// deniedByRule is the rule that refuses the request, or may refuse it.
func (ev *evaluation) deniedByRule() (rule, truth) {
	p := &ev.caller.Principal
	switch {
	case ev.passRole && p.signed() && !ev.sameAccount:
		return crossAccountPass, yes
	case ev.action.rules != serviceIAM && ev.action.rules != serviceSTS:
		return noRule, no
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

// sessionWithoutMFA recognises GetSessionToken credentials without MFA by the
// two keys that they bring (L-3).
func (ev *evaluation) sessionWithoutMFA() truth {
	issued, without := no, no
	switch v := ev.value(&contextKey{name: "aws:TokenIssueTime"}); v.state {
	case knownKey, presentKey:
		issued = yes
	case unknownKey:
		issued = maybe
	}
	switch v := ev.value(&contextKey{name: "aws:MultiFactorAuthPresent"}); v.state {
	case knownKey:
		without = truthOf(v.count() == 1 && equalFold(v.at(0), "false"))
	case presentKey, unknownKey:
		without = maybe
	}
	return min(issued, without)
}
