package engine

// Options settle what AWS does not document. The zero Options are the
// defaults; each field names the rule that leaves the choice open.
type Options struct {
	// NotPrincipalIgnoresAccount exempts a caller from a NotPrincipal Deny even
	// where its account is not listed beside it.
	NotPrincipalIgnoresAccount bool
	// LegacyFunctionURL lets a function URL be called with
	// lambda:InvokeFunctionUrl alone, as for URLs that existed before October
	// 2025 until 2026-11-01 (F-20).
	LegacyFunctionURL bool
	// SCPImplicitAsExplicit reports a missing Allow of a service control policy
	// as an explicit deny, as older documents describe it (E-7).
	SCPImplicitAsExplicit bool
	// MessageStyle is the form of the error text (H-5).
	MessageStyle MessageStyle
	// OmitPolicyARN leaves the ARN of the denying policy out of the error text
	// (H-7).
	OmitPolicyARN bool
}

// MessageStyle is a form of IAM's error text.
type MessageStyle uint8

const (
	// FullMessage names user, action, resource and reason (H-1, H-2).
	FullMessage MessageStyle = iota
	// NoReason is the older text: the resource as the caller wrote it, and no
	// reason (H-5).
	NoReason
	// NoResource is the text that names neither resource nor reason (H-5).
	NoResource
)
