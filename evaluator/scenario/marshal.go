package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/policy"
)

// MarshalJSON writes the scenario with its policies inline, so that it stands
// alone. Reading it back gives the same scenario but for places.
func (s *Scenario) MarshalJSON() ([]byte, error) {
	policies, err := newJSONPolicies(s)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err = encoder.Encode(struct {
		Name     string       `json:"name,omitempty"`
		Request  jsonRequest  `json:"request"`
		Policies jsonPolicies `json:"policies,omitempty"`
		Options  jsonOptions  `json:"options,omitzero"`
		Want     *jsonWant    `json:"want,omitempty"`
	}{s.Name, newJSONRequest(&s.Request), policies, newJSONOptions(s), (*jsonWant)(s.Want)})
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

type jsonRequest struct {
	Principal       any               `json:"principal"`
	Action          string            `json:"action,omitempty"`
	Resource        string            `json:"resource,omitempty"`
	ResourceAccount string            `json:"resourceAccount,omitempty"`
	ResourceOrg     *jsonOrganization `json:"resourceOrg,omitempty"`
	ResourceTags    jsonTags          `json:"resourceTags,omitzero"`
	Context         jsonContext       `json:"context,omitempty"`
	ResourceUnknown bool              `json:"resourceUnknown,omitempty"`
	ResourceAsGiven string            `json:"resourceAsGiven,omitempty"`
	Unknown         []string          `json:"unknown,omitempty"`
	Present         []string          `json:"present,omitempty"`
	Call            *jsonCall         `json:"call,omitempty"`
}

type jsonCall struct {
	Operation  string          `json:"operation"`
	Parameters json.RawMessage `json:"parameters,omitempty"`
	State      jsonState       `json:"state,omitempty"`
	Resources  jsonResources   `json:"resources,omitempty"`
}

func newJSONCall(c *Call) *jsonCall {
	if c == nil {
		return nil
	}
	return &jsonCall{c.Operation, c.Parameters, jsonState(c.State), jsonResources(c.Resources)}
}

type jsonState apicall.State

func (s jsonState) MarshalJSON() ([]byte, error) {
	names := slices.Sorted(maps.Keys(s))
	return object(len(names), func(i int) (string, any) {
		values := s[names[i]]
		if len(values) == 1 {
			return string(names[i]), values[0]
		}
		return string(names[i]), append([]string{}, values...)
	})
}

type jsonResources []CallResource

func (r jsonResources) MarshalJSON() ([]byte, error) {
	return object(len(r), func(i int) (string, any) {
		return r[i].ARN, struct {
			Account string            `json:"account,omitempty"`
			Org     *jsonOrganization `json:"org,omitempty"`
			Tags    jsonTags          `json:"tags,omitzero"`
		}{r[i].Account, (*jsonOrganization)(r[i].Org), r[i].Tags}
	})
}

type jsonPrincipal struct {
	ARN         string            `json:"arn"`
	Role        string            `json:"role,omitempty"`
	ParentUser  string            `json:"parentUser,omitempty"`
	UserID      string            `json:"userId,omitempty"`
	Tags        jsonTags          `json:"tags,omitempty"`
	SessionTags jsonTags          `json:"sessionTags,omitempty"`
	Org         *jsonOrganization `json:"org,omitempty"`
}

func newJSONRequest(r *Request) jsonRequest {
	p := &r.Principal
	var principal any = jsonPrincipal{
		p.ARN, p.Role, p.ParentUser, p.UserID, p.Tags, p.SessionTags, (*jsonOrganization)(p.Org),
	}
	if p.Role == "" && p.ParentUser == "" && p.UserID == "" && p.Tags == nil && p.SessionTags == nil && p.Org == nil {
		principal = p.ARN
	}
	return jsonRequest{
		principal, r.Action, r.Resource, r.ResourceAccount, (*jsonOrganization)(r.ResourceOrg), r.ResourceTags,
		r.Context, r.ResourceUnknown, r.ResourceAsGiven, r.Unknown, r.Present, newJSONCall(r.Call),
	}
}

type jsonOrganization evaluator.Organization

func (o *jsonOrganization) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		ID                string   `json:"id,omitempty"`
		Paths             []string `json:"paths,omitempty"`
		ManagementAccount string   `json:"managementAccount,omitempty"`
	}{o.ID, o.Paths, o.ManagementAccount})
}

// jsonTags and jsonContext are objects in an order of their own.
type jsonTags []evaluator.Tag

func (t jsonTags) MarshalJSON() ([]byte, error) {
	return object(len(t), func(i int) (string, any) { return t[i].Key, t[i].Value })
}

type jsonContext []ContextKey

func (c jsonContext) MarshalJSON() ([]byte, error) {
	return object(len(c), func(i int) (string, any) {
		if len(c[i].Values) == 1 {
			return c[i].Name, c[i].Values[0]
		}
		return c[i].Name, append([]string{}, c[i].Values...)
	})
}

func object(n int, member func(i int) (string, any)) ([]byte, error) {
	b := []byte{'{'}
	for i := range n {
		name, value := member(i)
		if i > 0 {
			b = append(b, ',')
		}
		for j, part := range [2]any{name, value} {
			text, err := json.Marshal(part)
			if err != nil {
				return nil, err
			}
			if j > 0 {
				b = append(b, ':')
			}
			b = append(b, text...)
		}
	}
	return append(b, '}'), nil
}

type jsonPolicy struct {
	Name     string           `json:"name,omitempty"`
	ARN      string           `json:"arn,omitempty"`
	Document *policy.Document `json:"document"`
}

// A jsonMember is a member of an object in an order of its own.
type jsonMember struct {
	name  string
	value any
}

type jsonPolicies []jsonMember

func (p jsonPolicies) MarshalJSON() ([]byte, error) {
	return object(len(p), func(i int) (string, any) { return p[i].name, p[i].value })
}

// newJSONPolicies are the members of "policies". The error is about policies
// that the format has no words for: it has one boundary, one endpoint policy and
// one session, and says of none that it is there and empty.
func newJSONPolicies(s *Scenario) (jsonPolicies, error) {
	var members jsonPolicies
	for layer := range policy.Layers() {
		levels := s.Policies.Levels(layer)
		all := jsonList(slices.Concat(levels...))
		var value any = all
		switch form := layer.Form(); {
		case len(levels) == 0 || layer == policy.IdentityLayer && len(all) == 0:
			continue
		case form == policy.LevelsForm:
			var each [][]jsonPolicy
			for _, level := range levels {
				each = append(each, jsonList(level))
			}
			value = each
		case form != policy.ListForm && (len(levels) > 1 || len(all) == 0), form == policy.SingleForm && len(all) > 1:
			return nil, fmt.Errorf("a scenario cannot be written with %d policies in %d slots of layer %q", len(all), len(levels), layer)
		case form == policy.SingleForm:
			value = all[0]
		}
		members = append(members, jsonMember{layer.String(), value})
	}
	if len(s.Resources) > 0 {
		var others jsonPolicies
		for _, resource := range slices.Sorted(maps.Keys(s.Resources)) {
			others = append(others, jsonMember{resource, jsonList(s.Resources[resource])})
		}
		members = append(members, jsonMember{resources, others})
	}
	return members, nil
}

func jsonList(policies []policy.Attached) []jsonPolicy {
	list := make([]jsonPolicy, len(policies))
	for i, a := range policies {
		list[i] = jsonPolicy{a.Name, a.ARN, a.Document}
	}
	return list
}

type jsonOptions struct {
	NotPrincipalNeedsAccount *bool  `json:"notPrincipalNeedsAccount,omitempty"`
	LegacyFunctionURL        bool   `json:"legacyFunctionUrl,omitempty"`
	SCPImplicitAsExplicit    bool   `json:"scpImplicitAsExplicit,omitempty"`
	Style                    string `json:"style,omitempty"`
	PolicyARN                *bool  `json:"policyArn,omitempty"`
	DefaultContext           *bool  `json:"defaultContext,omitempty"`
	Catalog                  *bool  `json:"catalog,omitempty"`
}

func newJSONOptions(s *Scenario) jsonOptions {
	o := &s.Options
	out := jsonOptions{
		LegacyFunctionURL: o.LegacyFunctionURL, SCPImplicitAsExplicit: o.SCPImplicitAsExplicit,
	}
	if o.NotPrincipalIgnoresAccount {
		out.NotPrincipalNeedsAccount = new(bool)
	}
	if o.MessageStyle != evaluator.FullMessage && int(o.MessageStyle) < len(styles) {
		out.Style = styles[o.MessageStyle]
	}
	if o.OmitPolicyARN {
		out.PolicyARN = new(bool)
	}
	if s.NoDefaultContext {
		out.DefaultContext = new(bool)
	}
	if s.NoCatalog {
		out.Catalog = new(bool)
	}
	return out
}

type jsonWant Want

func (w *jsonWant) MarshalJSON() ([]byte, error) {
	type statement struct {
		Policy *string        `json:"policy,omitempty"`
		Slot   *string        `json:"slot,omitempty"`
		Index  *int           `json:"index,omitempty"`
		Sid    *string        `json:"sid,omitempty"`
		Effect *policy.Effect `json:"effect,omitempty"`
		Line   *int           `json:"line,omitempty"`
		Column *int           `json:"column,omitempty"`
	}
	out := struct {
		Decision       string        `json:"decision,omitempty"`
		DeniedBy       *policy.Layer `json:"deniedBy,omitempty"`
		Statements     *[]statement  `json:"statements,omitempty"`
		Message        *string       `json:"message,omitempty"`
		MissingContext *[]string     `json:"missingContext,omitempty"`
		Action         *string       `json:"action,omitempty"`
		Preconditions  *[]string     `json:"preconditions,omitempty"`
	}{DeniedBy: w.DeniedBy, Message: w.Message, Action: w.Action}
	switch {
	case w.Denied:
		out.Decision = anyDeny
	case w.Decision != nil:
		out.Decision = w.Decision.String()
	}
	if w.Statements != nil {
		out.Statements = &[]statement{}
		for _, s := range w.Statements {
			*out.Statements = append(*out.Statements, statement{s.Policy, s.Slot, s.Index, s.Sid, s.Effect, s.Line, s.Column})
		}
	}
	if w.Preconditions != nil {
		out.Preconditions = &[]string{}
		for _, o := range w.Preconditions {
			*out.Preconditions = append(*out.Preconditions, o.String())
		}
	}
	if w.MissingContext != nil {
		out.MissingContext = &w.MissingContext
	}
	return json.Marshal(out)
}
