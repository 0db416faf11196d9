package scenario

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/policy"
)

// MarshalJSON writes the scenario with its policies inline, so that it stands
// alone. Reading it back gives the same scenario but for places.
func (s *Scenario) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(struct {
		Name     string       `json:"name,omitempty"`
		Request  jsonRequest  `json:"request"`
		Policies jsonPolicies `json:"policies,omitzero"`
		Options  jsonOptions  `json:"options,omitzero"`
		Want     *jsonWant    `json:"want,omitempty"`
	}{s.Name, newJSONRequest(&s.Request), newJSONPolicies(&s.Policies), newJSONOptions(&s.Options), (*jsonWant)(s.Want)})
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

type jsonPolicies struct {
	Identity  []jsonPolicy   `json:"identity,omitempty"`
	Boundary  *jsonPolicy    `json:"boundary,omitempty"`
	Session   []jsonPolicy   `json:"session,omitempty"`
	Resource  []jsonPolicy   `json:"resource,omitempty"`
	Resources jsonByResource `json:"resources,omitempty"`
	SCP       [][]jsonPolicy `json:"scp,omitempty"`
	RCP       [][]jsonPolicy `json:"rcp,omitempty"`
	Endpoint  *jsonPolicy    `json:"endpoint,omitempty"`
}

// jsonByResource is an object in an order of its own.
type jsonByResource []resourcePolicies

type resourcePolicies struct {
	arn      string
	policies []jsonPolicy
}

func (r jsonByResource) MarshalJSON() ([]byte, error) {
	return object(len(r), func(i int) (string, any) { return r[i].arn, r[i].policies })
}

func (p jsonPolicies) IsZero() bool {
	return p.Identity == nil && p.Boundary == nil && p.Session == nil && p.Resource == nil && p.Resources == nil &&
		p.SCP == nil && p.RCP == nil && p.Endpoint == nil
}

func newJSONPolicies(p *Policies) jsonPolicies {
	list := func(policies []Policy) []jsonPolicy {
		out := make([]jsonPolicy, len(policies))
		for i := range policies {
			out[i] = jsonPolicy{policies[i].Name, policies[i].ARN, policies[i].Document}
		}
		return out
	}
	single := func(p *Policy) *jsonPolicy {
		if p == nil {
			return nil
		}
		return &list([]Policy{*p})[0]
	}
	levels := func(levels [][]Policy) [][]jsonPolicy {
		var out [][]jsonPolicy
		for _, level := range levels {
			out = append(out, list(level))
		}
		return out
	}
	out := jsonPolicies{
		Boundary: single(p.Boundary), SCP: levels(p.SCP), RCP: levels(p.RCP), Endpoint: single(p.Endpoint),
	}
	for _, r := range p.Resources {
		out.Resources = append(out.Resources, resourcePolicies{r.ARN, list(r.Policies)})
	}
	if len(p.Identity) > 0 {
		out.Identity = list(p.Identity)
	}
	if len(p.Session) > 0 {
		out.Session = list(p.Session)
	}
	if len(p.Resource) > 0 {
		out.Resource = list(p.Resource)
	}
	return out
}

type jsonOptions struct {
	NotPrincipalNeedsAccount *bool  `json:"notPrincipalNeedsAccount,omitempty"`
	LegacyFunctionURL        bool   `json:"legacyFunctionUrl,omitempty"`
	SCPImplicitAsExplicit    bool   `json:"scpImplicitAsExplicit,omitempty"`
	Style                    string `json:"style,omitempty"`
	PolicyARN                *bool  `json:"policyArn,omitempty"`
}

func newJSONOptions(o *evaluator.Options) jsonOptions {
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
		Decision       *evaluator.Outcome `json:"decision,omitempty"`
		DeniedBy       *policy.Layer      `json:"deniedBy,omitempty"`
		Statements     *[]statement       `json:"statements,omitempty"`
		Message        *string            `json:"message,omitempty"`
		MissingContext *[]string          `json:"missingContext,omitempty"`
		Action         *string            `json:"action,omitempty"`
		Preconditions  *[]string          `json:"preconditions,omitempty"`
	}{Decision: w.Decision, DeniedBy: w.DeniedBy, Message: w.Message, Action: w.Action}
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
