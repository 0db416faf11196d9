package denial

import (
	"encoding/json"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// jsonDenial is a denial as JSON. Its request has the members of a scenario's.
type jsonDenial struct {
	Form    Form        `json:"form"`
	Line    int         `json:"line,omitempty"`
	Request jsonRequest `json:"request"`
	// Decision and deniedBy as in decisions; absent where AWS does not say.
	Decision  *evaluator.Outcome `json:"decision,omitempty"`
	DeniedBy  policy.Layer       `json:"deniedBy,omitempty"`
	Through   policy.Layer       `json:"through,omitempty"`
	Reason    string             `json:"reason,omitempty"`
	PolicyARN string             `json:"policyArn,omitempty"`
	Matched   []jsonStatement    `json:"matchedStatements,omitempty"`
	// What a sentence of a service stands for.
	CalledBy       string       `json:"calledBy,omitempty"`
	Actions        []string     `json:"actions,omitempty"`
	PassedTo       []string     `json:"passedTo,omitempty"`
	Look           policy.Layer `json:"look,omitempty"`
	Bring          string       `json:"bring,omitempty"`
	Source         string       `json:"source,omitempty"`
	EncodedMessage string       `json:"encodedMessage,omitempty"`
	AccessKeyID    string       `json:"accessKeyId,omitempty"`
	Region         string       `json:"region,omitempty"`
	Service        string       `json:"service,omitempty"`
	Operation      string       `json:"operation,omitempty"`
	Code           string       `json:"code,omitempty"`
	Status         int          `json:"status,omitempty"`
	RequestID      string       `json:"requestId,omitempty"`
	Notes          []string     `json:"notes,omitempty"`
}

type jsonRequest struct {
	Principal       any                 `json:"principal,omitempty"`
	Action          string              `json:"action,omitempty"`
	Resource        string              `json:"resource,omitempty"`
	ResourceAsGiven string              `json:"resourceAsGiven,omitempty"`
	ResourceBegins  string              `json:"resourceBegins,omitempty"`
	Context         map[string][]string `json:"context,omitempty"`
	Present         []string            `json:"present,omitempty"`
}

type jsonPrincipal struct {
	ARN    string `json:"arn"`
	Role   string `json:"role,omitempty"`
	UserID string `json:"userId,omitempty"`
}

type jsonStatement struct {
	Sid        string              `json:"sid,omitempty"`
	Effect     string              `json:"effect"`
	Principals []string            `json:"principals,omitempty"`
	Actions    []string            `json:"actions,omitempty"`
	Resources  []string            `json:"resources,omitempty"`
	Conditions map[string][]string `json:"conditions,omitempty"`
}

// MarshalJSON writes what the denial tells. The member "request" is that of a
// scenario, "decision" and "deniedBy" are spelled as in decisions and say what AWS
// says; "look", a layer too, is only concluded. The names of members are stable;
// those that are not known are absent, and further ones may come. "reason",
// "calledBy", "bring" and "notes" are words, free to change.
func (d Denial) MarshalJSON() ([]byte, error) {
	j := jsonDenial{
		Form: d.Form, Line: d.Line, DeniedBy: d.Layer, Through: d.Through, Reason: d.Reason, PolicyARN: d.PolicyARN,
		EncodedMessage: d.EncodedMessage, AccessKeyID: d.AccessKeyID, Region: d.Region,
		Service: d.Service, Operation: d.Operation, Code: d.Code, Status: d.Status, RequestID: d.RequestID, Notes: d.Notes,
		Request:  jsonRequest{Action: d.Action, Resource: d.Resource, ResourceAsGiven: d.ResourceAsGiven, ResourceBegins: d.ResourceBegins},
		CalledBy: d.CalledBy, Actions: d.Actions, PassedTo: d.PassedTo, Look: d.Look, Bring: d.Bring, Source: d.Source,
	}
	if d.Explicit || d.Implicit {
		decision := evaluator.ImplicitDeny
		if d.Explicit {
			decision = evaluator.ExplicitDeny
		}
		j.Decision = &decision
	}
	j.Request.Principal = d.principalJSON()
	j.Request.Context, j.Request.Present = contextJSON(d.Context)
	for _, s := range d.Matched {
		conditions, _ := contextJSON(s.Conditions)
		j.Matched = append(j.Matched, jsonStatement{s.Sid, s.Effect.String(), s.Principals, s.Actions, s.Resources, conditions})
	}
	return json.Marshal(j)
}

// principalJSON is the ARN, or an object where more is known that a principal
// of this kind has.
func (d *Denial) principalJSON() any {
	if d.Principal == "" {
		return nil
	}
	p := jsonPrincipal{ARN: d.Principal, Role: d.Role}
	if c, err := d.Caller(); err == nil && (c.Principal.Kind() == evaluator.IAMUser || c.Principal.Kind() == evaluator.RoleSession) {
		p.UserID = d.uniqueID()
	}
	if p.Role == "" && p.UserID == "" {
		return d.Principal
	}
	return p
}

func contextJSON(c evaluator.Context) (known map[string][]string, present []string) {
	for _, key := range c {
		if key.State != evaluator.Known {
			present = append(present, key.Name)
			continue
		}
		if known == nil {
			known = make(map[string][]string)
		}
		known[key.Name] = key.Values
	}
	return known, present
}
