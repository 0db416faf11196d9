package evaluator

import "github.com/iamsim/iamsim/evaluator/internal/explain"

// An Explanation is a [Decision] and why it is so. It owns its data: what
// happens to the caller, the target or the request afterwards does not change
// it. Its methods:
//
//   - Decision is the decision that is explained.
//   - Err is nil for an allowed request. For a denied one it is a [*DeniedError],
//     for the others it wraps [ErrIndeterminate] or [ErrInvalidRequest].
//   - Message is the error text that AWS would give (H.1); "" unless the request
//     is denied.
//   - Statements, each a [StatementRef], are those that decided: all Deny
//     statements that apply, else the Allow statements that granted.
//   - Diagnostics, each a [Diagnostic], say what a reader should know beside the
//     decision.
//   - Hints, each a [Hint], are the known traps that the request or its policies
//     have fallen into.
//   - Missing are the context keys that the request does not give and that could
//     change whether it is allowed. MissingIsExact reports whether it names no key
//     in vain. NotCarried are those that no request for the action has.
//   - Residual is what must be true of the context keys that the request leaves
//     unknown for it to be allowed: all conditions of one of the alternatives. It
//     is not ok where that cannot be said.
//   - Layers and NearMisses tell everything, layer by layer, and which Allow
//     statements almost granted; package evaluator/trace names their types.
//   - Principal, Action and Resource are those of the request.
type Explanation = explain.Explanation

// A StatementRef names a statement of a policy:
//
//   - Layer and Level: Level is of an SCP or RCP, 0 the root; else the place of
//     its set in the layer.
//   - Policy is the name of the policy, ARN its ARN ("" if it has none), From
//     where it is attached ("" if not said).
//   - Index of the statement in the policy, from 0; Sid; Effect.
//   - Line from 1, 0 for a policy that was not parsed from text; Column from 1, in
//     characters.
//
// String is where the statement stands, so that an editor finds it, and its Sid:
// "deployer.json:4:5 (Read)". In JSON the members have these names in lower case;
// From is left out.
type StatementRef = explain.StatementRef

// A Diagnostic is what a reader should know beside a decision: that it hangs on
// something AWS does not document, or that the request is one AWS would never
// see. Subject is the action, resource, context key or policy that it is about,
// Suggestion what to write instead of the subject ("" for nothing sure), Message
// for people and free to change. Code tells diagnostics apart, and is stable:
//
//	undocumented-rule        another reading of a rule decides otherwise
//	fixed-rule               no policy has a say
//	unused-policies          given and without a say for this principal
//	value-not-known          a key exists, and its value decides
//	role-path-not-known      of a role session
//	missing-qualifier        several values tested without set operator
//	ambiguous-tag            tags that differ only in case
//	unused-context-key       the action does not carry it
//	overriding-context-key   given, and not what follows
//
// and, by an engine's catalogue (see [Engine.Check]):
//
//	unknown-action           no service defines it
//	resource-type-mismatch   fits none of the action's resource types
//	resource-required        "*" where the action is asked for on an ARN
//	resource-not-supported   an ARN where the action is asked for on "*"
//	unknown-context-key      no service defines it
//	context-key-not-carried  requests for the action never have it
//	invalid-context-value    not of the key's type
//	several-context-values   of a single-valued key
//	unknown-policy-action    an Action pattern that matches none
//	policy-resource-of-other-service  a Resource of a service that none of the statement's actions works on
//	unknown-policy-context   a Condition on a key that no service defines
//	mismatched-policy-value  a Condition whose operator is not for the key's type
type Diagnostic = explain.Diagnostic

// A Hint points out a known trap. Text is for people and free to change. Element
// is what the hint is about: "Action", "Resource", "Principal", "NotResource",
// "NotPrincipal", "Condition", the key of a condition, its "Operator", or the
// "Version" of the policy; "" for the request or a layer. Suggestion is what to
// write as the Element, in the place of what the policy has or beside it; "" where
// there is nothing sure to say. Code tells hints apart, and is stable:
//
//	unqualified-arn      the policy names a function alone, the request its version or alias (B-31)
//	qualified-arn        the reverse: function:f:* is not function:f (B-31)
//	other-qualifier      another version or alias (B-31)
//	role-path            the path of a role or user is missing or another (B-40)
//	passrole-resource    iam:PassRole is asked on the role (G-3)
//	passrole-key         a key that only iam:PassRole has, or that it lacks (G-7, G-9)
//	all-resources        an action without resources is asked on "*" (B-14)
//	letter-case          the same but for letter case
//	other-account        the same but for the account
//	other-region         the same but for the region
//	other-partition      the same but for the partition
//	missing-field        the ARN has a part too few (B-12)
//	bucket-not-object    the policy names the bucket, the request an object
//	object-not-bucket    the reverse
//	below-resource       the request is about something below what is named
//	other-service        an action of this name, and of another service
//	action-name          the beginning of the action's name (B-2)
//	username-of-role     aws:username exists for IAM users only (C-44)
//	session-arn          aws:PrincipalArn of a session is its role's ARN (D-3)
//	negated-absent-key   a negated operator holds on an absent key (C-22)
//	absent-key-holds     IfExists and ForAllValues hold on an absent key (C-21, C-31)
//	null-condition       Null asks whether the key is absent (C-20)
//	set-operator         several values need ForAnyValue or ForAllValues (C-37)
//	any-value-absent     ForAnyValue never holds on an absent key (C-34)
//	long-term-key        long-term access keys have no MFA keys (C-24)
//	service-call-key     a key that only direct calls of services have
//	wildcard-in-equals   StringEquals has no wildcards (C-14)
//	arn-pattern          ARN operators need all six parts (C-13)
//	old-version          without Version 2012-10-17 a variable is text
//	other-session        the policy names another session of the role
//	deleted-principal    a unique id in the place of an ARN
//	notprincipal-listed  NotPrincipal must list the caller's role and account too
//	account-delegates    a grant to the account needs an identity-based Allow too (E-12)
//	role-grant-limited   boundary and session policy limit a grant to the role (E.3)
//	both-accounts        across accounts both sides must allow (E-30)
//	every-level          each level of service control policies must allow (E-5)
//	requested-resource   the request names a resource of another kind
type Hint = explain.Hint
