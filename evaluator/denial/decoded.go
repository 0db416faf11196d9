package denial

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/policy"
)

// A Statement is a matched statement as a decoded message shows it (H-21).
type Statement struct {
	// Sid is "" where it has none, or it is not shown.
	Sid    string
	Effect policy.Effect
	// Principals, Actions and Resources as the policy has them.
	Principals, Actions, Resources []string
	// Conditions are keys and their values in the policy; the operators are not
	// shown.
	Conditions evaluator.Context
}

// decodedMessage is the layout of a decoded message (H-21).
type decodedMessage struct {
	Allowed           bool                    `json:"allowed"`
	ExplicitDeny      bool                    `json:"explicitDeny"`
	MatchedStatements items[decodedStatement] `json:"matchedStatements"`
	Failures          items[json.RawMessage]  `json:"failures"`
	Context           struct {
		Principal struct {
			ID   string `json:"id,omitempty"`
			Name string `json:"name,omitempty"`
			ARN  string `json:"arn,omitempty"`
		} `json:"principal"`
		Action     string              `json:"action"`
		Resource   string              `json:"resource"`
		Conditions items[decodedValue] `json:"conditions"`
	} `json:"context"`
}

type decodedStatement struct {
	StatementID     string                 `json:"statementId"`
	Effect          string                 `json:"effect"`
	Principals      items[decodedItem]     `json:"principals"`
	PrincipalGroups items[json.RawMessage] `json:"principalGroups"`
	Actions         items[decodedItem]     `json:"actions"`
	Resources       items[decodedItem]     `json:"resources"`
	Conditions      items[decodedValue]    `json:"conditions"`
}

type items[T any] struct {
	Items []T `json:"items"`
}

// MarshalJSON writes an empty list as [].
func (i items[T]) MarshalJSON() ([]byte, error) {
	list := i.Items
	if list == nil {
		list = []T{}
	}
	return json.Marshal(map[string][]T{"items": list})
}

type decodedItem struct {
	Value string `json:"value"`
}

type decodedValue struct {
	Key    string             `json:"key"`
	Values items[decodedItem] `json:"values"`
}

func decodedItems(values []string) items[decodedItem] {
	var list items[decodedItem]
	for _, v := range values {
		list.Items = append(list.Items, decodedItem{v})
	}
	return list
}

func (i items[T]) strings(text func(T) string) []string {
	var list []string
	for _, item := range i.Items {
		list = append(list, text(item))
	}
	return list
}

func (i decodedItem) text() string { return i.Value }

// internalKeys stand among the conditions of a decoded message and are no
// context keys that a policy could ask for (H-22).
var internalKeys = []string{"aws:Region", "aws:Service", "aws:Resource", "aws:Type", "aws:Account", "aws:ARN", "aws:ID", "iam:RoleName"}

// decoded reads a decoded message.
func (r *reader) decoded(raw string) {
	var m decodedMessage
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		r.fault(r.line, "the decoded message is not as AWS writes one: "+err.Error(), raw)
		return
	}
	if m.Allowed {
		r.notDenied++
		return
	}
	c := &m.Context
	d := Denial{
		Form: FromDecoded, Line: r.line, Explicit: m.ExplicitDeny, Implicit: !m.ExplicitDeny,
		Principal: c.Principal.ARN, PrincipalID: c.Principal.ID, Action: c.Action,
	}
	if c.Resource == "*" || strings.HasPrefix(c.Resource, "arn:") {
		d.Resource = c.Resource
	} else {
		d.ResourceAsGiven = c.Resource
	}
	for _, condition := range c.Conditions.Items {
		values := condition.Values.strings(decodedItem.text)
		switch isInternal := slices.ContainsFunc(internalKeys, func(k string) bool { return fold.Equal(k, condition.Key) }); {
		case fold.Equal(condition.Key, "aws:Region") && len(values) == 1:
			d.Region = values[0]
		case fold.Equal(condition.Key, "aws:Service") && len(values) == 1 && d.Action != "" && !strings.Contains(d.Action, ":"):
			d.Action = values[0] + ":" + d.Action
		case isInternal, condition.Key == "", d.has(condition.Key):
		default:
			d.Context = append(d.Context, evaluator.Key{Name: condition.Key, Values: values})
		}
	}
	for _, s := range m.MatchedStatements.Items {
		d.Matched = append(d.Matched, s.statement())
	}
	r.add(d)
}

func (s *decodedStatement) statement() Statement {
	matched := Statement{
		Sid: s.StatementID, Effect: policy.Allow,
		Principals: s.Principals.strings(decodedItem.text), Actions: s.Actions.strings(decodedItem.text), Resources: s.Resources.strings(decodedItem.text),
	}
	if fold.Equal(s.Effect, "Deny") {
		matched.Effect = policy.Deny
	}
	for _, c := range s.Conditions.Items {
		matched.Conditions = append(matched.Conditions, evaluator.Key{Name: c.Key, Values: c.Values.strings(decodedItem.text)})
	}
	return matched
}

// Decoded writes what sts:DecodeAuthorizationMessage would show of a scenario's
// request, by our decision (H-20, H-21): the JSON that its DecodedMessage holds.
// Matched statements are those that decided; the conditions are the keys of the
// scenario. Its error is that of [scenario.Scenario.Compile], or says that the
// request is none; a scenario with a Call has no one request.
func Decoded(s *scenario.Scenario) ([]byte, error) {
	if s.Request.Call != nil {
		return nil, fmt.Errorf("%w: a call may need several authorizations; a decoded message has one", evaluator.ErrInvalidRequest)
	}
	c, err := s.Compile()
	if err != nil {
		return nil, err
	}
	why := c.Engine.Explain(&c.Caller, &c.Target, &c.Request)
	decision := why.Decision()
	if decision.Outcome() == evaluator.Invalid || decision.Outcome() == evaluator.Indeterminate {
		return nil, why.Err()
	}
	m := decodedMessage{Allowed: decision.Allowed(), ExplicitDeny: decision.Outcome() == evaluator.ExplicitDeny}
	m.Context.Action, m.Context.Resource = s.Request.Action, s.Request.Resource
	m.principal(&c.Caller.Principal, s.Request.Principal.UserID)
	for _, key := range s.Request.Context {
		m.Context.Conditions.Items = append(m.Context.Conditions.Items, decodedValue{key.Name, decodedItems(key.Values)})
	}
	for _, ref := range why.Statements() {
		statement := statementOf(s.Policies, ref)
		if statement == nil {
			return nil, fmt.Errorf("statement %d of policy %q is not in the scenario", ref.Index, ref.Policy)
		}
		m.MatchedStatements.Items = append(m.MatchedStatements.Items, shownStatement(statement, s.Request.Principal.UserID))
	}
	text, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	return []byte(secret.Redact(string(text))), nil
}

// principal: a user's name is shown, a session's is not (H-22).
func (m *decodedMessage) principal(p *evaluator.Principal, id string) {
	shown := &m.Context.Principal
	shown.ARN, shown.ID = p.String(), id
	name := shown.ARN[strings.LastIndexByte(shown.ARN, '/')+1:]
	switch p.Kind() {
	case evaluator.IAMUser:
		shown.Name = name
	case evaluator.RoleSession:
		if id != "" && strings.Contains(shown.ARN, ":assumed-role/") {
			shown.ID = id + ":" + name
		}
	}
}

// shownStatement is a statement as a decoded message shows it. One of a policy
// that has no Principal shows whom the policy is attached to.
func shownStatement(s *policy.Statement, id string) decodedStatement {
	shown := decodedStatement{StatementID: s.Sid, Effect: strings.ToUpper(s.Effect.String()), Actions: decodedItems(s.Action), Resources: decodedItems(s.Resource)}
	switch p := s.Principal; {
	case p == nil && id != "":
		shown.Principals = decodedItems([]string{id})
	case p != nil && p.Everyone:
		shown.Principals = decodedItems([]string{"*"})
	case p != nil:
		for _, entry := range p.Entries {
			shown.Principals.Items = append(shown.Principals.Items, decodedItems(entry.Values).Items...)
		}
	}
	for _, c := range s.Condition {
		shown.Conditions.Items = append(shown.Conditions.Items, decodedValue{c.Key, decodedItems(c.Values)})
	}
	return shown
}

// statementOf finds a statement that an explanation names: its From is the
// policy's place in the scenario.
func statementOf(p policy.Policies, ref evaluator.StatementRef) *policy.Statement {
	for slot, documents := range p.All() {
		for i, a := range documents {
			if slot.Path(i) == ref.From && ref.Index < len(a.Document.Statements) {
				return &a.Document.Statements[ref.Index]
			}
		}
	}
	return nil
}
