package scenario

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/policy"
)

// A Result is the answer to one scenario. Its JSON is the "Decision" of the
// package comment.
type Result struct {
	// Name of the scenario.
	Name string
	Answer
	// Wanted says that the scenario wants something; Mismatch, what differs from
	// it. Nothing differs: the scenario passes.
	Wanted   bool
	Mismatch []string
	// Err is why there is no answer; for an invalid request, what is wrong with it.
	Err error

	answered bool
}

// An Answer is the decision on a request and why it is so.
type Answer struct {
	// Action and Resource that were asked for; for a call as a whole, of the
	// authorization that decided it, "" where all are allowed.
	Action, Resource string

	Decision evaluator.Outcome
	// DeniedBy is the layer that denied, if one did.
	DeniedBy policy.Layer
	// Statements that decided; none for an implicit deny.
	Statements []Statement
	// MissingContext are keys that the request lacks and whose value could have
	// changed the decision.
	MissingContext []string
	// Diagnostics are what a reader should know beside the decision.
	Diagnostics []string
	// Message is the error text that AWS would give; "" when allowed.
	Message string
	// Authorizations are the answers that make up a call's.
	Authorizations []Answer
	// Preconditions of a call, which do not affect its decision.
	Preconditions []Precondition
	// Of the authorization of a call: what follows where it is not allowed, what
	// its being asked depends on, and how certain it is.
	Effect     apicall.Effect
	When       string
	Confidence apicall.Confidence

	err error
}

// A Precondition is what a service must be allowed, and whether it is.
type Precondition struct {
	apicall.Precondition
	// Decision is Indeterminate where no policy of the resource was given.
	Decision   evaluator.Outcome
	DeniedBy   policy.Layer
	Statements []Statement
}

// A Statement that decided.
type Statement struct {
	// Policy is the name of the policy, Slot the member of "policies" it is in.
	Policy string `json:"policy"`
	Slot   string `json:"slot"`
	// Index of the statement in the policy, from 0.
	Index  int           `json:"index"`
	Sid    string        `json:"sid,omitempty"`
	Effect policy.Effect `json:"effect"`
	// Line and Column in the policy's file, or in the scenario's file for a
	// policy that stands there; from 1, 0: not known.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
}

// Answered reports whether the scenario has a decision, be it that the request
// is invalid.
func (r *Result) Answered() bool { return r.answered }

// Pass reports whether the scenario has the answer that it wants; one that wants
// nothing, whether its request is allowed and no precondition is unmet.
func (r *Result) Pass() bool {
	switch {
	case !r.answered:
		return false
	case r.Wanted:
		return len(r.Mismatch) == 0
	}
	return r.Decision == evaluator.Allowed && !slices.ContainsFunc(r.Preconditions, func(p Precondition) bool { return denied(p.Decision) })
}

// Broken reports whether the input is to blame: the scenario could not be read,
// or its request is invalid and nobody expected that.
func (r *Result) Broken() bool { return r.Err != nil && !(r.Wanted && r.Pass()) }

// resultJSON is a Result as it is written, with the members in their documented
// order and without those that are absent.
type resultJSON struct {
	Name string `json:"name"`
	answerJSON
	Authorizations []answerJSON       `json:"authorizations,omitempty"`
	Preconditions  []preconditionJSON `json:"preconditions,omitempty"`
	Pass           *bool              `json:"pass,omitempty"`
	Mismatch       []string           `json:"mismatch,omitempty"`
	Error          string             `json:"error,omitempty"`
}

type answerJSON struct {
	Action         string       `json:"action,omitempty"`
	Resource       string       `json:"resource,omitempty"`
	Decision       string       `json:"decision,omitempty"`
	DeniedBy       policy.Layer `json:"deniedBy,omitzero"`
	Statements     *[]Statement `json:"statements,omitempty"`
	MissingContext []string     `json:"missingContext,omitempty"`
	Diagnostics    []string     `json:"diagnostics,omitempty"`
	Message        string       `json:"message,omitempty"`
	Effect         string       `json:"effect,omitempty"`
	When           string       `json:"when,omitempty"`
	Confidence     string       `json:"confidence,omitempty"`
	Error          string       `json:"error,omitempty"`
}

type preconditionJSON struct {
	Principal  string       `json:"principal"`
	Action     string       `json:"action"`
	Resource   string       `json:"resource"`
	Decision   string       `json:"decision"`
	DeniedBy   policy.Layer `json:"deniedBy,omitzero"`
	Statements []Statement  `json:"statements,omitempty"`
	ErrorCode  string       `json:"errorCode,omitempty"`
	Message    string       `json:"message,omitempty"`
	Confidence string       `json:"confidence"`
}

// MarshalJSON writes one line, with the members in their documented order and
// without those that are absent.
func (r *Result) MarshalJSON() ([]byte, error) {
	whole := resultJSON{Name: r.Name}
	if r.answered {
		whole.answerJSON = r.Answer.json()
		for i := range r.Authorizations {
			whole.Authorizations = append(whole.Authorizations, r.Authorizations[i].authorizationJSON())
		}
	}
	for i := range r.Preconditions {
		whole.Preconditions = append(whole.Preconditions, r.Preconditions[i].json())
	}
	if r.Wanted && r.answered {
		pass := r.Pass()
		whole.Pass, whole.Mismatch = &pass, r.Mismatch
	}
	if r.Err != nil {
		whole.Error = r.Err.Error()
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(whole); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func (a *Answer) json() answerJSON {
	out := answerJSON{
		Decision: a.Decision.String(), DeniedBy: a.DeniedBy, MissingContext: a.MissingContext,
		Diagnostics: a.Diagnostics, Message: a.Message,
	}
	if a.Decision != evaluator.Invalid {
		statements := append([]Statement{}, a.Statements...)
		out.Statements = &statements
	}
	return out
}

// authorizationJSON is an answer that is part of a call's.
func (a *Answer) authorizationJSON() answerJSON {
	out := a.json()
	out.Action, out.Resource = a.Action, a.Resource
	out.Effect, out.When, out.Confidence = a.Effect.String(), a.When, a.Confidence.String()
	if a.err != nil {
		out.Error = a.err.Error()
	}
	return out
}

func (p *Precondition) json() preconditionJSON {
	out := preconditionJSON{
		Principal: p.Principal, Action: p.Action, Resource: p.Resource, Decision: p.Decision.String(),
		DeniedBy: p.DeniedBy, Statements: p.Statements, Confidence: p.Confidence.String(),
	}
	if denied(p.Decision) {
		out.ErrorCode, out.Message = p.ErrorCode, p.Precondition.Message
	}
	return out
}
