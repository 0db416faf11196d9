package denial

import (
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
)

// A Cause is something that often is behind a denial of this kind, with what in
// the denial points to it. It needs no policies.
type Cause struct {
	// Code is stable:
	//
	//   - "cognito-session-policy": Amazon Cognito adds a session policy to the
	//     credentials of an identity that is not authenticated.
	//   - "role-assumes-itself": a role's trust policy must name the role for that.
	//   - "service-linked-role": AWS writes its policies.
	//   - "aws-caller": a service of AWS asked in its own name, or in a session that
	//     it made.
	//   - "permission-set": IAM Identity Center writes the role's policies.
	//   - "version-missing": a layer version of another account may not exist.
	//   - "object-missing": an object of Amazon S3 may not exist.
	//   - "quarantine": AWS attaches a policy to a user whose access key leaked.
	Code string `json:"code"`
	// Text says it, and what to look at. It is free to change.
	Text string `json:"text"`
	// Source is AWS's page about it.
	Source string `json:"source"`
}

// Causes are the causes that are known for a denial like this, the likeliest
// first.
func (d *Denial) Causes() []Cause {
	if law.IsServicePrincipal(d.Principal) && (d.Form == FromMessage || d.Form == FromEvent) {
		return []Cause{{"aws-caller",
			"the caller is AWS's service " + d.Principal + " itself, which has no identity-based policies: the policy of the resource must allow it, best with aws:SourceArn and aws:SourceAccount",
			"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"}}
	}
	resource, _ := arn.Parse(d.Resource)
	caller, err := arn.Parse(d.Principal)
	if err != nil && !masked(d.Principal) {
		return d.missing(caller, resource)
	}
	role, session, isSession := assumedRole(d.Principal)
	var causes []Cause
	if isSession && session == "CognitoIdentityCredentials" && (d.Layer == policy.NoLayer || d.Layer == policy.SessionLayer) && !d.Explicit {
		causes = append(causes, d.cognito())
	}
	if isSession && fold.Equal(d.Action, "sts:AssumeRole") &&
		resource.Type() == "role" && resource.Name() == role && resource.Account() == caller.Account() {
		causes = append(causes, Cause{"role-assumes-itself",
			"the role assumes itself: since 2022 that needs what every other caller needs, its own ARN in its trust policy",
			"https://aws.amazon.com/blogs/security/announcing-an-update-to-iam-role-trust-policy-behavior/"})
	}
	switch set, isSet := strings.CutPrefix(role, "AWSReservedSSO_"); {
	case !isSession:
	case session == "LambdaDescribeHandlerSession":
		causes = append(causes, Cause{"aws-caller",
			"the session LambdaDescribeHandlerSession is AWS Config's, which describes your functions: without kms:Decrypt it records a function without its environment variables, and nothing else fails",
			"https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html"})
	case isSet:
		if i := strings.LastIndexByte(set, '_'); i > 0 {
			set = set[:i]
		}
		causes = append(causes, Cause{"permission-set",
			"the role is that of the permission set " + set + ": its policies are changed in IAM Identity Center, and a change of the role itself is not allowed or is lost",
			"https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html"})
	case strings.HasPrefix(role, "AWSServiceRoleFor") || strings.Contains(d.Role, ":role/aws-service-role/"):
		causes = append(causes, Cause{"service-linked-role",
			"the caller is a service acting in its service-linked role " + role + ", whose policies AWS writes: look at the resource-based policy and at the resource control policies",
			"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html"})
	}
	if caller.Type() == "user" && d.Explicit && (d.Layer == policy.NoLayer || d.Layer == policy.IdentityLayer) {
		if c, ok := d.quarantine(); ok {
			causes = append(causes, c)
		}
	}
	return append(causes, d.missing(caller, resource)...)
}

// missing is about resources that may not be there: who may not know whether one is
// there is denied.
func (d *Denial) missing(caller, resource arn.ARN) []Cause {
	switch {
	case d.Explicit:
	case fold.Equal(d.Action, "lambda:GetLayerVersion") && resource.Account() != "" && resource.Account() != caller.Account():
		text := "AWS says the same of a layer version that does not exist: see whether " + d.Resource + " is there, in this Region (" +
			resource.Region() + "), and not deleted; its owner, account " + resource.Account() + ", shares each version apart, with aws lambda add-layer-version-permission"
		return []Cause{{"version-missing", text, "https://docs.aws.amazon.com/lambda/latest/dg/permissions-layer-cross-account.html"}}
	case (fold.Equal(d.Action, "s3:GetObject") || fold.Equal(d.Action, "s3:GetObjectVersion")) && !strings.HasSuffix(d.Resource, "*"):
		return []Cause{{"object-missing",
			"Amazon S3 says the same of an object that does not exist, to a caller without s3:ListBucket on its bucket: see whether the key is right",
			"https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html"}}
	}
	return nil
}

// assumedRole is the role and the session in an ARN, which may be masked.
func assumedRole(principal string) (role, session string, ok bool) {
	_, rest, ok := strings.Cut(principal, ":assumed-role/")
	if !ok {
		return "", "", false
	}
	role, session, _ = strings.Cut(rest, "/")
	return role, session, true
}

// cognito is about the session policy of Cognito's enhanced flow.
func (d *Denial) cognito() Cause {
	const name = "AmazonCognitoUnAuthedIdentitiesSessionPolicy"
	text := "the session CognitoIdentityCredentials is Amazon Cognito's: in the enhanced flow it adds a session policy to the credentials of " +
		"unauthenticated identities, which lets a list of actions through"
	if allows, ok := d.decides(name, policy.Allow); ok && d.Action != "" {
		verb := "is not"
		if allows {
			verb = "is"
		}
		text += fmt.Sprintf("; %s %s in %s", d.Action, verb, name)
	}
	return Cause{"cognito-session-policy", text + ". Authenticated identities and the basic (classic) flow have no such policy",
		"https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html"}
}

// quarantine is about the policies that AWS attaches to a user whose access key it
// found in public, the newest first.
func (d *Denial) quarantine() (Cause, bool) {
	for _, name := range []string{"AWSCompromisedKeyQuarantineV3", "AWSCompromisedKeyQuarantineV2", "AWSCompromisedKeyQuarantine"} {
		if denies, ok := d.decides(name, policy.Deny); ok && denies {
			return Cause{"quarantine",
				"AWS attaches " + name + " to a user whose access key it found in public, and it denies " + d.Action + ": see whether the user has it, and whether the key leaked",
				"https://docs.aws.amazon.com/aws-managed-policy/latest/reference/" + name + ".html"}, true
		}
	}
	return Cause{}, false
}

// decides reports whether an AWS managed policy allows or denies the denied action
// on all resources; not ok where that is not known.
func (d *Denial) decides(name string, effect policy.Effect) (applies, ok bool) {
	p, err := managed.ByName(name)
	if err != nil {
		return false, false
	}
	doc, err := p.Document("")
	if err != nil {
		return false, false
	}
	var engine evaluator.Engine
	set, err := evaluator.Compile(policy.Identity, policy.Attach(doc)...)
	if err != nil {
		return false, false
	}
	decision := engine.Evaluate(
		&evaluator.Caller{Principal: evaluator.User("arn:aws:iam::123456789012:user/u"), Identity: set},
		&evaluator.Target{Resource: "*"}, &evaluator.Request{Action: d.Action})
	switch decision.Outcome() {
	case evaluator.Allowed:
		return effect == policy.Allow, true
	case evaluator.ExplicitDeny:
		return effect == policy.Deny, true
	case evaluator.ImplicitDeny:
		return false, true
	}
	return false, false
}
