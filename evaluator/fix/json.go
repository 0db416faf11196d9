package fix

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/policy"
)

// MarshalJSON writes the fix with statements and documents as policies have
// them. The form is stable. A secret access key or session token in it is not
// repeated.
func (f *Fix) MarshalJSON() ([]byte, error) {
	j := fixJSON{
		Decision: f.Decision.Outcome(), DeniedBy: f.Decision.Layer(), Principal: f.Principal, Action: f.Action, Resource: f.Resource,
		Changes: []changeJSON{}, Reason: f.Reason, Instead: f.Instead,
	}
	for i := range f.Changes {
		c := &f.Changes[i]
		change := changeJSON{
			Kind: c.Kind, Layer: c.Layer, Level: c.Level, Policy: c.Policy, ARN: c.ARN, From: c.From, Statement: c.Statement,
			Element: c.Element, Value: c.Value, Document: c.Document,
			Owner: c.Owner, Proposal: c.Proposal, Why: c.Why, Beyond: c.Beyond, Tried: c.Tried, Proved: c.Proved,
		}
		if c.Before != nil {
			change.Before = json.RawMessage(statementJSON(c.Before))
		}
		for k := range c.After {
			change.After = append(change.After, json.RawMessage(statementJSON(&c.After[k])))
		}
		for _, p := range parameters(c.Permission) {
			if p.value != "" {
				if change.Permission == nil {
					change.Permission = make(map[string]string)
				}
				change.Permission[p.name] = p.value
			}
		}
		j.Changes = append(j.Changes, change)
	}
	for _, a := range f.Alternatives {
		j.Alternatives = append(j.Alternatives, alternativeJSON{a.Key.Name, a.Key.Values, a.Key.State == evaluator.Present, a.Replaces, a.How})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(j); err != nil {
		return nil, err
	}
	return []byte(secret.Redact(strings.TrimSuffix(b.String(), "\n"))), nil
}

type fixJSON struct {
	Decision     evaluator.Outcome `json:"decision"`
	DeniedBy     policy.Layer      `json:"deniedBy"`
	Principal    string            `json:"principal"`
	Action       string            `json:"action"`
	Resource     string            `json:"resource"`
	Changes      []changeJSON      `json:"changes"`
	Alternatives []alternativeJSON `json:"alternatives,omitempty"`
	Reason       string            `json:"reason,omitempty"`
	Instead      string            `json:"instead,omitempty"`
}

type changeJSON struct {
	Kind       Kind              `json:"kind"`
	Layer      policy.Layer      `json:"layer"`
	Level      int               `json:"level"`
	Policy     string            `json:"policy,omitempty"`
	ARN        string            `json:"arn,omitempty"`
	From       string            `json:"from,omitempty"`
	Statement  int               `json:"statement"`
	Before     json.RawMessage   `json:"before,omitempty"`
	After      []json.RawMessage `json:"after"`
	Element    string            `json:"element,omitempty"`
	Value      string            `json:"value,omitempty"`
	Document   *policy.Document  `json:"document"`
	Permission map[string]string `json:"permission,omitempty"`
	Owner      string            `json:"owner"`
	Proposal   bool              `json:"proposal,omitempty"`
	Why        string            `json:"why"`
	Beyond     []string          `json:"beyond,omitempty"`
	Tried      int               `json:"tried"`
	Proved     bool              `json:"proved,omitempty"`
}

type alternativeJSON struct {
	Key      string   `json:"key"`
	Values   []string `json:"values,omitempty"`
	Present  bool     `json:"present,omitempty"`
	Replaces []int    `json:"replaces"`
	How      string   `json:"how"`
}
