package explain

import (
	"errors"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/policy"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/internal/logic"
)

// Errors of an [Explanation] that is not an allowed one.
var (
	// ErrDenied is in the chain of every denial.
	ErrDenied = errors.New("denied")
	// ErrExplicitDeny is in the chain of a denial by a Deny statement.
	ErrExplicitDeny = errors.New("explicit deny")
	// ErrImplicitDeny is in the chain of a denial for want of an Allow, or by a
	// fixed rule.
	ErrImplicitDeny = errors.New("implicit deny")
	// ErrIndeterminate is the error of a decision that hangs on what the
	// request leaves unknown.
	ErrIndeterminate = errors.New("indeterminate: what the request leaves unknown decides")
)

// DeniedError is a denied request as AWS reports it.
type DeniedError struct {
	// Decision is an implicit or explicit deny.
	Decision engine.Decision
	// Action that was denied.
	Action string
	// Message is the error text (H.1).
	Message string
}

// Error is the error text.
func (e *DeniedError) Error() string { return e.Message }

// Is makes the error [ErrDenied] and one of [ErrExplicitDeny] and
// [ErrImplicitDeny].
func (e *DeniedError) Is(target error) bool {
	switch target {
	case ErrDenied:
		return true
	case ErrExplicitDeny:
		return e.Decision.Outcome() == engine.ExplicitDeny
	case ErrImplicitDeny:
		return e.Decision.Outcome() == engine.ImplicitDeny
	}
	return false
}

// ErrorCode is the code that the service reports (H-8): "AccessDeniedException",
// "AccessDenied" of IAM, STS and S3, "UnauthorizedOperation" of EC2.
func (e *DeniedError) ErrorCode() string {
	service, _, _ := strings.Cut(e.Action, ":")
	switch {
	case engine.RuleOf(e.Decision) == law.CrossAccountPass:
		return "AccessDeniedException" // the service that is given the role reports it (G-4)
	case fold.Equal(service, "iam"), fold.Equal(service, "sts"), fold.Equal(service, "s3"):
		return "AccessDenied"
	case fold.Equal(service, "ec2"):
		return "UnauthorizedOperation"
	}
	return "AccessDeniedException"
}

// ErrorMessage is the error text, under the name that AWS SDKs use.
func (e *DeniedError) ErrorMessage() string { return e.Message }

func (x *Explanation) decisionError() error {
	switch x.decision.Outcome() {
	case engine.Allowed:
		return nil
	case engine.Indeterminate:
		return ErrIndeterminate
	}
	return &DeniedError{Decision: x.decision, Action: x.action, Message: x.message}
}

// message is the error text of a denial (H-1, H-2).
func message(ev *engine.Evaluation, d engine.Decision, applied []appliedStatement) string {
	if !d.Denied() {
		return ""
	}
	if engine.RuleOf(d) == law.CrossAccountPass {
		return "Cross-account pass role is not allowed." // H-10
	}
	action := ev.Action.Text
	text := "User: " + ev.Caller.Principal.String() + " is not authorized to perform: " + action
	switch ev.Options.MessageStyle {
	case engine.NoResource:
		return text
	case engine.NoReason:
		resource := secret.Redact(ev.Target.AsGiven)
		if resource == "" {
			resource = engine.Shown(ev.Target)
		}
		return text + " on resource: " + resource
	}
	text += " on resource: " + quotedResource(ev)
	if d.Layer() == policy.RuleLayer {
		return text
	}
	if d.Outcome() == engine.ImplicitDeny {
		return text + " because no " + d.Layer().Noun() + " allows the " + action + " action"
	}
	text += " with an explicit deny in " + d.Layer().Article() + " " + d.Layer().Noun()
	if policyARN := denyingPolicy(ev, d.Layer(), applied); policyARN != "" {
		if ev.Action.InService("s3") {
			return text + ", with policy ARN: " + policyARN
		}
		return text + ": " + policyARN
	}
	return text
}

// quotedResource: S3 alone puts the resource in quotation marks (H-6).
func quotedResource(ev *engine.Evaluation) string {
	if ev.Action.InService("s3") {
		return `"` + engine.Shown(ev.Target) + `"`
	}
	return engine.Shown(ev.Target)
}

// denyingPolicy is the ARN that the text of an explicit deny ends in: of
// policies that follow a principal or an organization, shown only within the
// account or the organization (H-7).
func denyingPolicy(ev *engine.Evaluation, l policy.Layer, applied []appliedStatement) string {
	switch l {
	case policy.ResourceLayer, policy.TrustLayer, policy.EndpointLayer, policy.RuleLayer:
		return ""
	}
	if ev.Options.OmitPolicyARN {
		return ""
	}
	for i := range applied {
		a := &applied[i]
		if a.Layer == l && a.Effect == policy.Deny && a.grants.Any() == logic.Yes {
			if denying := a.attached().ARN; mayKnow(&ev.Caller.Principal, denying) {
				return denying
			}
			return ""
		}
	}
	return ""
}

// mayKnow reports whether a policy belongs to the principal's account or
// organization, or to AWS.
func mayKnow(p *engine.Principal, policyARN string) bool {
	a, err := arn.Parse(policyARN)
	if err != nil {
		return false
	}
	owner := a.Account()
	if law.Owner(owner, p.Account()) == p.Account() {
		return true
	}
	o := engine.Details(p).Organization
	return o != nil && (owner == o.ManagementAccount || o.ID != "" && strings.HasPrefix(a.Resource(), "policy/"+o.ID+"/"))
}
