package workload

import (
	"bytes"
	"encoding/json"
)

// A Policy is a policy document as data, from which its text in any language
// is written.
type Policy struct {
	Name       string
	Statements []Statement
}

// A Statement has Actions or NotActions.
type Statement struct {
	Sid        string
	Deny       bool
	Principal  string // of a resource-based policy: an ARN; "" elsewhere
	Actions    []string
	NotActions []string
	Resources  []string
	Conditions []Condition
}

// A Condition is one key of one operator block.
type Condition struct {
	Operator string
	Key      string
	Values   []string
}

// JSON is the policy as people write it, indented.
func (p *Policy) JSON() []byte {
	doc := struct {
		Version   string
		Statement []any
	}{Version: "2012-10-17"}
	for i := range p.Statements {
		doc.Statement = append(doc.Statement, p.Statements[i].json())
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(doc); err != nil {
		panic("workload: " + err.Error()) // strings and lists of them always encode
	}
	return text.Bytes()
}

func (s *Statement) json() any {
	type principal struct{ AWS string }
	written := struct {
		Sid       string `json:",omitempty"`
		Effect    string
		Principal *principal `json:",omitempty"`
		Action    any        `json:",omitempty"`
		NotAction any        `json:",omitempty"`
		Resource  any
		Condition map[string]map[string]any `json:",omitempty"`
	}{Sid: s.Sid, Effect: "Allow", Action: oneOrMany(s.Actions), NotAction: oneOrMany(s.NotActions), Resource: oneOrMany(s.Resources)}
	if s.Deny {
		written.Effect = "Deny"
	}
	if s.Principal != "" {
		written.Principal = &principal{s.Principal}
	}
	for _, c := range s.Conditions {
		if written.Condition == nil {
			written.Condition = make(map[string]map[string]any)
		}
		if written.Condition[c.Operator] == nil {
			written.Condition[c.Operator] = make(map[string]any)
		}
		written.Condition[c.Operator][c.Key] = oneOrMany(c.Values)
	}
	return written
}

// oneOrMany writes a list of one as its only value.
func oneOrMany(values []string) any {
	switch len(values) {
	case 0:
		return nil
	case 1:
		return values[0]
	}
	return values
}
