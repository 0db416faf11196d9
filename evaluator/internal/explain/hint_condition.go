package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/variable"
	"github.com/iamsim/iamsim/policy"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
)

// conditionHints finds the trap in a condition that keeps an Allow from
// applying, or through which a Deny applies.
func (t *tracer) conditionHints(e *ElementTrace, allow bool) []Hint {
	var h Hint
	var ok bool
	switch test := e.Operator.Test; {
	case test == policy.Null:
		h, ok = t.nullHint(e, allow), true
	case e.Absent:
		h, ok = t.absentHint(e, allow)
	case len(e.Got) > 1 && e.Operator.Set == 0:
		h, ok = Hint{
			Code: SetOperator, Element: "Operator", Suggestion: policy.Operator{Set: policy.ForAnyValue, Test: test, IfExists: e.Operator.IfExists}.String(),
			Text: fmt.Sprintf("%s has %d values in this request: without ForAnyValue or ForAllValues such a condition never holds (C-37)", e.Key, len(e.Got)),
		}, true
	case e.State == engine.Known && len(e.Got) > 0:
		h, ok = t.comparedHint(e)
	}
	if !ok {
		h, ok = t.usernameHint(e)
	}
	if !ok {
		return nil
	}
	return []Hint{h}
}

func (t *tracer) nullHint(e *ElementTrace, allow bool) Hint {
	state := "has"
	if e.Absent {
		state = "does not have"
	}
	verdict := "so it holds"
	if allow {
		verdict = "so it does not hold"
	}
	return Hint{Code: NullCondition, Text: fmt.Sprintf(
		`Null asks whether a key is absent ("true") or present ("false"): the request %s %s, %s (C-20)`, state, e.Key, verdict)}
}

// absentHint is about a condition on a key that the request does not have.
func (t *tracer) absentHint(e *ElementTrace, allow bool) (Hint, bool) {
	key := fold.String(e.Key)
	k := engine.NewContextKey(e.Key)
	if !allow {
		switch {
		case e.Operator.Set == policy.ForAllValues, e.Operator.IfExists:
			return Hint{
				Code: AbsentKeyHolds,
				Text: fmt.Sprintf("the request has no %s, and %s holds on an absent key (C-21, C-31)%s", e.Key, e.Operator, bring(key)),
			}, true
		case e.Operator.Negated():
			return Hint{
				Code: NegatedAbsentKey,
				Text: fmt.Sprintf("the request has no %s, and the negated %s holds on an absent key (C-22)%s", e.Key, e.Operator, bring(key)),
			}, true
		}
		return Hint{}, false
	}
	p := &t.Caller.Principal
	switch {
	case key == "aws:username" && p.Kind() != engine.IAMUser:
		return t.usernameKeyHint(), true
	case t.Lacks(k.Known) && t.PassRole:
		return Hint{Code: PassRoleKey, Text: fmt.Sprintf("iam:PassRole does not have %s, so the condition cannot hold (G-9, G-12)", e.Key)}, true
	case t.Lacks(k.Known):
		return Hint{
			Code: PassRoleKey,
			Text: fmt.Sprintf("%s exists for iam:PassRole only: give iam:PassRole a statement of its own with this condition (G-7)", e.Key),
		}, true
	case e.Operator.Set == policy.ForAnyValue:
		return Hint{Code: AnyValueAbsent, Text: fmt.Sprintf("the request has no %s: ForAnyValue never holds on an absent key, not even with IfExists (C-34)", e.Key)}, true
	case isMFA(key):
		return Hint{Code: LongTermCredentials, Text: fmt.Sprintf("long-term access keys have no %s: sign in with MFA, or call GetSessionToken with a code (C-24)", e.Key)}, true
	case (key == "aws:sourcearn" || key == "aws:sourceaccount") && p.Kind().Signed():
		return Hint{Code: ServiceCallKey, Text: fmt.Sprintf("%s exists where a service calls by itself, and not in calls of users and roles (D.2)", e.Key)}, true
	}
	return Hint{}, false
}

// bring says how a request gets a key that a guard asks for. That the guard
// could be opened is no hint: whoever set it meant it.
func bring(key string) string {
	if isMFA(key) {
		return "; sign in with MFA, or call GetSessionToken with a code (C-24)"
	}
	return ""
}

func isMFA(key string) bool {
	return key == "aws:multifactorauthpresent" || key == "aws:multifactorauthage"
}

// comparedHint is about values that were compared and differ.
func (t *tracer) comparedHint(e *ElementTrace) (Hint, bool) {
	values, got := e.Values, e.Got[0]
	if e.Bound != nil {
		values = e.Bound
	}
	p := &t.Caller.Principal
	test := e.Operator.Test
	for _, value := range values {
		switch {
		case fold.Equal(e.Key, "aws:PrincipalArn") && strings.Contains(value, ":assumed-role/") && p.Kind() == engine.RoleSession:
			return Hint{
				Code: SessionARN, Element: e.Key, Suggestion: engine.Details(p).Role,
				Text: "aws:PrincipalArn of a session is the ARN of its role, and never that of the session (D-3)",
			}, true
		case fold.Equal(e.Key, "aws:PrincipalArn") && engine.Details(p).Role != "" && value != engine.Details(p).Role && slices.ContainsFunc(pathCorrectionsOf(value, engine.Details(p).Role), func(c correction) bool { return c.pattern == engine.Details(p).Role }):
			return Hint{
				Code: RolePath, Element: e.Key, Suggestion: engine.Details(p).Role,
				Text: fmt.Sprintf("the path is part of a role's ARN: %s is not %s (B-40)", value, engine.Details(p).Role),
			}, true
		case variable.Has(value) && engine.DocumentsOf(t.Layered.Set)[t.Document].Document.Version != policy.Version2012:
			return Hint{
				Code: OldVersion, Element: "Version", Suggestion: policy.Version2012,
				Text: fmt.Sprintf(`%s holds a variable, which is mere text without "Version": "2012-10-17" (A-22)`, value),
			}, true
		case (test == policy.StringEquals || test == policy.StringNotEquals) && strings.ContainsAny(value, "*?") && textMatches(value, got):
			like := e.Operator
			like.Test = policy.StringLike
			if test == policy.StringNotEquals {
				like.Test = policy.StringNotLike
			}
			return Hint{
				Code: WildcardInEquals, Element: "Operator", Suggestion: like.String(),
				Text: fmt.Sprintf("%s takes * and ? literally: %s has wildcards (C-14)", e.Operator, value),
			}, true
		case differsInCase(test, value, got):
			suggestion := got
			if test == policy.StringLike || test == policy.StringNotLike {
				suggestion = pattern.Escape(got)
			}
			return Hint{
				Code: LetterCase, Element: e.Key, Suggestion: suggestion,
				Text: fmt.Sprintf("%s compares with letter case: %s is not %s (C.2)", e.Operator, value, got),
			}, true
		case e.Operator.Type() == policy.ARNValue && strings.Count(value, ":") < 5 && !variable.Has(value):
			return Hint{
				Code: ARNPattern, Text: fmt.Sprintf("%s needs all six parts of an ARN: %s never matches (C-13)", e.Operator, value),
			}, true
		}
	}
	return Hint{}, false
}

// usernameHint is about a variable that only IAM users have a value for.
func (t *tracer) usernameHint(e *ElementTrace) (Hint, bool) {
	if e.Match != NoMatch || !fold.Equal(e.Variable, "aws:username") || t.Caller.Principal.Kind() == engine.IAMUser {
		return Hint{}, false
	}
	return Hint{Code: UsernameOfRole, Text: "aws:username exists for IAM users only; a session has tags, as in ${aws:PrincipalTag/team}, and aws:userid (C-44)"}, true
}

// usernameKeyHint is about a condition on the key.
func (t *tracer) usernameKeyHint() Hint {
	h := Hint{Code: UsernameOfRole, Text: "aws:username exists for IAM users only; a session has aws:PrincipalArn, which is the ARN of its role (C-44)"}
	if role := engine.Details(&t.Caller.Principal).Role; role != "" {
		h.Suggestion = `"ArnEquals": {"aws:PrincipalArn": "` + role + `"}`
	}
	return h
}

// differsInCase reports whether a value of a condition would match but for letter
// case.
func differsInCase(test policy.Test, value, got string) bool {
	switch test {
	case policy.StringEquals, policy.StringNotEquals:
		return value != got && strings.EqualFold(value, got)
	case policy.StringLike, policy.StringNotLike:
		return !textMatches(value, got) && textMatches(fold.String(value), fold.String(got))
	}
	return false
}
