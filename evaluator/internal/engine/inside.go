package engine

import (
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
)

// What users do not see of the types that they have, the packages above read by
// the functions of this file.

// DocumentsOf are the documents of a set, as they were attached.
func DocumentsOf(s *Set) []policy.Attached { return s.documents }

// StatementsOf are the compiled statements of a set.
func StatementsOf(s *Set) []Statement { return s.statements }

// KeysOf are the context keys that a set refers to; Condition.Key counts them.
func KeysOf(s *Set) []ContextKey { return s.keys }

// ConditionsOf are the conditions of a set; Statement.Conditions counts them.
func ConditionsOf(s *Set) []Condition { return s.conditions }

// Match is how the statements of one effect in a set name the caller, those that
// apply to the request.
func Match(s *Set, ev *Evaluation, effect policy.Effect) Grants { return s.match(ev, effect) }

// RuleOf is the fixed rule that denied; [law.NoRule] if none did.
func RuleOf(d Decision) law.Rule { return d.rule() }

// ErrorOf says what is wrong with an invalid request; nil for any other.
func ErrorOf(d Decision, c *Caller, t *Target, r *Request) error { return d.err(c, t, r) }

// Shown is the resource as texts have it.
func Shown(t *Target) string { return t.shown() }

// PrincipalDetails are the parts of a principal; "" for what it does not have
// or what is not known.
type PrincipalDetails struct {
	ARN          string // of the user or the session
	Role         string // ARN of the role, with its path
	Partition    string
	Name         string
	ID           string // AIDA…, AROA…
	Tags         []Tag
	Organization *Organization
}

// Details are the parts of a principal.
func Details(p *Principal) PrincipalDetails {
	return PrincipalDetails{
		ARN: p.arn, Role: p.role, Partition: p.partition, Name: p.name, ID: p.id,
		Tags: p.tags, Organization: p.organization,
	}
}
