package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/read"
)

var (
	scenarioMembers = []string{"$schema", "name", "request", "policies", "options", "want"}
	suiteMembers    = []string{"$schema", "defaults", "cases"}
	defaultsMembers = []string{"request", "policies", "options"}
	requestMembers  = []string{
		"principal", "role", "action", "actions", "resource", "resources", "resourceAccount", "resourceOrg", "resourceTags",
		"context", "resourceUnknown", "resourceAsGiven", "unknown", "present", "call",
	}
	principalMembers = []string{"arn", "role", "parentUser", "userId", "tags", "sessionTags", "org"}
	callMembers      = []string{"operation", "parameters", "state", "resources"}
	resourceMembers  = []string{"account", "org", "tags"}
	optionMembers    = []string{
		"notPrincipalNeedsAccount", "legacyFunctionUrl", "scpImplicitAsExplicit", "style", "policyArn",
		"defaultContext", "catalog",
	}
	wantMembers          = []string{"decision", "deniedBy", "statements", "message", "missingContext", "action", "preconditions"}
	wantStatementMembers = []string{"policy", "slot", "index", "sid", "effect", "line", "column"}
)

// scenario lays an object over defaults: what it has replaces what they have,
// member by member. The result is never nil, so that even a faulty scenario has
// a name and a place.
func (d *decoder) scenario(v gjson.Result, path, name string, defaults Scenario) (*Scenario, error) {
	s := defaults
	at := d.at(v.Index)
	s.Name, s.File, s.Line, s.Column = name, d.file, at.line, at.column
	d.faults = nil
	d.members(v, path, scenarioMembers, func(name, path string, v gjson.Result) {
		switch name {
		case "$schema":
		case "name":
			if text := d.string(v, path); text != "" {
				s.Name = secret.Redact(text)
			}
		case "want":
			s.Want = d.want(v, path)
		default:
			d.shared(&s, name, path, v)
		}
	})
	if d.faults == nil {
		d.complete(&s, v, path)
	}
	if d.faults == nil {
		d.check(path, &s)
	}
	return &s, errors.Join(d.faults...)
}

// shared are the members that a suite's defaults have too.
func (d *decoder) shared(s *Scenario, name, path string, v gjson.Result) {
	if v.Type == gjson.Null {
		d.wrongType(v, path, "an object")
		return
	}
	switch name {
	case "request":
		d.request(v, path, &s.Request)
	case "policies":
		d.policies(v, path, s)
	case "options":
		d.options(v, path, s)
	}
}

// complete reports what a request cannot do without.
func (d *decoder) complete(s *Scenario, v gjson.Result, path string) {
	if member := v.Get("request"); member.Exists() {
		v = member
	}
	path = join(path, "request")
	r := &s.Request
	if r.Principal.ARN == "" {
		d.add(v, path, `needs a "principal": an ARN, a service principal, the host of an identity provider, or "anonymous"`)
	}
	if r.Call != nil {
		return
	}
	if len(s.Resources) > 0 {
		d.add(v, path, `has "policies.resources", which are those of a "call"; a request has "policies.resource"`)
	}
	if r.Action == "" && r.actions == nil {
		d.add(v, path, `needs an "action" such as "lambda:GetFunction", or a "call"`)
	}
	if r.Resource == "" && r.resources == nil && !r.ResourceUnknown {
		d.add(v, path, `needs a "resource": an ARN, or "*" for an action without resource-level permission`)
	}
}

func (d *decoder) request(v gjson.Result, path string, r *Request) {
	n := requestDecoder{d: d, r: r}
	before := *r
	r.Context, r.Unknown, r.Present = nil, nil, nil
	d.members(v, path, requestMembers, n.member)
	if n.role != nil {
		if member := v.Get("principal.role"); member.Exists() {
			d.add(v, join(path, "role"), `is given here and as "principal.role"`)
		}
		r.Principal.Role = *n.role
	}
	switch {
	case n.whole && n.call:
		d.add(v, path, `has a "call" in place of "action" and "resource", not beside them`)
	case n.whole:
		r.Call = nil
	case n.call:
		r.Action, r.Resource, r.actions, r.resources = "", "", nil, nil
	}
	n.either(v, path, "action", "actions")
	n.either(v, path, "resource", "resources")
	n.keep(&before)
}

// A requestDecoder reads the members of a request, and notes which are there.
type requestDecoder struct {
	d                *decoder
	r                *Request
	role             *string
	whole, call      bool     // an action or a resource; a call
	unknown, present bool     // lists of context keys
	named            []string // context keys of which the object speaks
}

func (n *requestDecoder) member(name, path string, v gjson.Result) {
	d, r := n.d, n.r
	switch name {
	case "principal":
		r.Principal = d.principal(v, path)
	case "role":
		text := d.string(v, path)
		n.role = &text
	case "action":
		r.Action, r.actions, n.whole = d.string(v, path), nil, true
	case "actions":
		r.Action, r.actions, n.whole = "", d.some(v, path), true
	case "resource":
		r.Resource, r.resources, n.whole = d.string(v, path), nil, true
	case "resources":
		r.Resource, r.resources, n.whole = "", d.some(v, path), true
	case "resourceAccount":
		r.ResourceAccount = d.string(v, path)
	case "resourceOrg":
		r.ResourceOrg = d.organization(v, path)
	case "resourceTags":
		r.ResourceTags = d.tagsOrNone(v, path)
	case "resourceUnknown":
		r.ResourceUnknown = d.bool(v, path)
	case "resourceAsGiven":
		r.ResourceAsGiven = d.string(v, path)
	case "context":
		n.named = append(n.named, d.context(v, path, r)...)
	case "unknown":
		r.Unknown, n.unknown = d.strings(v, path), true
		n.named = append(n.named, r.Unknown...)
	case "present":
		r.Present, n.present = d.strings(v, path), true
		n.named = append(n.named, r.Present...)
	case "call":
		r.Call = d.call(v, path)
		n.call = r.Call != nil
	}
}

// either reports a request that has both a member and the list that stands in its
// place.
func (n *requestDecoder) either(v gjson.Result, path, one, list string) {
	if member := v.Get(list); member.Exists() && v.Get(one).Exists() {
		n.d.add(member, join(path, list), "is given beside %q, in whose place it stands", one)
	}
}

// keep leaves what the defaults say of context keys that the object does not
// name.
func (n *requestDecoder) keep(defaults *Request) {
	other := func(name string) bool {
		return !slices.ContainsFunc(n.named, func(named string) bool { return fold.Equal(named, name) })
	}
	r := n.r
	var kept []ContextKey
	for _, key := range defaults.Context {
		if other(key.Name) {
			kept = append(kept, key)
		}
	}
	r.Context = append(kept, r.Context...)
	if !n.unknown {
		r.Unknown = filter(defaults.Unknown, other)
	}
	if !n.present {
		r.Present = filter(defaults.Present, other)
	}
}

func filter(names []string, keep func(string) bool) []string {
	var kept []string
	for _, name := range names {
		if keep(name) {
			kept = append(kept, name)
		}
	}
	return kept
}

// context reads the keys of the object, and names all of them: null takes away
// a key of the defaults.
func (d *decoder) context(v gjson.Result, path string, r *Request) (named []string) {
	if v.Type == gjson.Null {
		return nil
	}
	d.entries(v, path, func(key, v gjson.Result) {
		named = append(named, key.Str)
		if v.Type != gjson.Null {
			r.Context = append(r.Context, ContextKey{Name: key.Str, Values: d.scalars(v, join(path, key.Str))})
		}
	})
	return named
}

func (d *decoder) principal(v gjson.Result, path string) Principal {
	var p Principal
	if !v.IsObject() {
		if v.Type != gjson.String {
			d.wrongType(v, path, "a string or an object")
		}
		p.ARN = v.Str
		return p
	}
	d.members(v, path, principalMembers, func(name, path string, v gjson.Result) {
		switch name {
		case "arn":
			p.ARN = d.string(v, path)
		case "role":
			p.Role = d.string(v, path)
		case "parentUser":
			p.ParentUser = d.string(v, path)
		case "userId":
			p.UserID = d.string(v, path)
		case "tags":
			p.Tags = d.tags(v, path)
		case "sessionTags":
			p.SessionTags = d.tags(v, path)
		case "org":
			p.Org = d.organization(v, path)
		}
	})
	return p
}

func (d *decoder) call(v gjson.Result, path string) *Call {
	if v.Type == gjson.Null {
		return nil
	}
	c := &Call{}
	d.members(v, path, callMembers, func(name, path string, v gjson.Result) {
		switch name {
		case "operation":
			c.Operation = d.string(v, path)
		case "parameters":
			if !v.IsObject() {
				d.wrongType(v, path, "an object")
			}
			c.Parameters = json.RawMessage(v.Raw)
		case "state":
			d.entries(v, path, func(key, v gjson.Result) {
				if c.State == nil {
					c.State = make(apicall.State)
				}
				c.State[apicall.Lookup(key.Str)] = d.scalars(v, join(path, key.Str))
			})
		case "resources":
			d.entries(v, path, func(key, v gjson.Result) {
				c.Resources = append(c.Resources, d.callResource(key.Str, v, join(path, key.Str)))
			})
		}
	})
	if c.Operation == "" {
		d.add(v, path, `needs an "operation" such as "lambda:CreateFunction"`)
	}
	return c
}

func (d *decoder) callResource(arn string, v gjson.Result, path string) CallResource {
	r := CallResource{ARN: arn}
	d.members(v, path, resourceMembers, func(name, path string, v gjson.Result) {
		switch name {
		case "account":
			r.Account = d.string(v, path)
		case "org":
			r.Org = d.organization(v, path)
		case "tags":
			r.Tags = d.tagsOrNone(v, path)
		}
	})
	return r
}

var styles = []string{"full", "noReason", "noResource"}

func (d *decoder) options(v gjson.Result, path string, s *Scenario) {
	o := &s.Options
	d.members(v, path, optionMembers, func(name, path string, v gjson.Result) {
		switch name {
		case "notPrincipalNeedsAccount":
			o.NotPrincipalIgnoresAccount = !d.bool(v, path)
		case "legacyFunctionUrl":
			o.LegacyFunctionURL = d.bool(v, path)
		case "scpImplicitAsExplicit":
			o.SCPImplicitAsExplicit = d.bool(v, path)
		case "style":
			style := slices.Index(styles, d.string(v, path))
			if style < 0 {
				d.add(v, path, "%s is no style of message%s", spelling.Quote(v.Str), spelling.Suggestion(v.Str, styles))
				return
			}
			o.MessageStyle = evaluator.MessageStyle(style)
		case "policyArn":
			o.OmitPolicyARN = !d.bool(v, path)
		case "defaultContext":
			s.NoDefaultContext = !d.bool(v, path)
		case "catalog":
			s.NoCatalog = !d.bool(v, path)
		}
	})
}

func (d *decoder) want(v gjson.Result, path string) *Want {
	switch v.Type {
	case gjson.Null:
		return nil
	case gjson.String:
		w := &Want{}
		d.wantDecision(v, path, w)
		return w
	}
	if !v.IsObject() {
		d.wrongType(v, path, "a decision or an object")
		return nil
	}
	if len(v.Map()) == 0 {
		// It would hold whatever the answer.
		d.wrongType(v, path, "a decision, or an object that wants something")
		return nil
	}
	w := &Want{}
	d.members(v, path, wantMembers, func(name, path string, v gjson.Result) {
		switch name {
		case "decision":
			d.wantDecision(v, path, w)
		case "deniedBy":
			w.DeniedBy = d.layer(v, path)
		case "statements":
			w.Statements = []WantStatement{}
			d.elements(v, path, "an array of statements", func(path string, v gjson.Result) {
				w.Statements = append(w.Statements, d.wantStatement(v, path))
			})
		case "message":
			text := d.string(v, path)
			w.Message = &text
		case "missingContext":
			w.MissingContext = d.strings(v, path)
		case "action":
			text := d.string(v, path)
			w.Action = &text
		case "preconditions":
			w.Preconditions = []evaluator.Outcome{}
			d.elements(v, path, "an array of decisions", func(path string, v gjson.Result) {
				if o := d.outcome(v, path); o != nil {
					w.Preconditions = append(w.Preconditions, *o)
				}
			})
		}
	})
	return w
}

// anyDeny is the decision that both kinds of deny meet.
const anyDeny = "denied"

func (d *decoder) wantDecision(v gjson.Result, path string, w *Want) {
	if w.Denied = v.Str == anyDeny; !w.Denied {
		w.Decision = d.outcome(v, path)
	}
}

func (d *decoder) wantStatement(v gjson.Result, path string) WantStatement {
	var w WantStatement
	d.members(v, path, wantStatementMembers, func(name, path string, v gjson.Result) {
		switch name {
		case "policy", "slot", "sid":
			text := d.string(v, path)
			*map[string]**string{"policy": &w.Policy, "slot": &w.Slot, "sid": &w.Sid}[name] = &text
		case "index", "line", "column":
			n := d.int(v, path)
			*map[string]**int{"index": &w.Index, "line": &w.Line, "column": &w.Column}[name] = &n
		case "effect":
			var e policy.Effect
			if err := e.UnmarshalText([]byte(d.string(v, path))); err != nil {
				d.add(v, path, "%s", err)
			}
			w.Effect = &e
		}
	})
	return w
}

func (d *decoder) outcome(v gjson.Result, path string) *evaluator.Outcome {
	var names []string
	for o := evaluator.ImplicitDeny; o <= evaluator.Invalid; o++ {
		names = append(names, o.String())
	}
	i := slices.Index(names, d.string(v, path))
	if i < 0 {
		d.add(v, path, "%s is no decision%s", spelling.Quote(v.Str), spelling.Suggestion(v.Str, names))
		return nil
	}
	o := evaluator.Outcome(i)
	return &o
}

func (d *decoder) layer(v gjson.Result, path string) *policy.Layer {
	names := []string{""}
	for l := policy.IdentityLayer; l <= policy.RuleLayer; l++ {
		names = append(names, l.String())
	}
	i := slices.Index(names, d.string(v, path))
	if i < 0 {
		d.add(v, path, "%s denies nothing%s", spelling.Quote(v.Str), spelling.Suggestion(v.Str, names[1:]))
		return nil
	}
	l := policy.Layer(i)
	return &l
}

// document reads a scenario or a suite, and yields what it finds; false ends
// the reading. In a folder, a policy among the scenarios is passed over.
func (d *decoder) document(inFolder bool, yield func(*Scenario, error) bool) bool {
	broken := func(err error) bool {
		return yield(&Scenario{Name: d.file, File: d.file, Line: 1, Column: 1}, err)
	}
	v, err := d.parse()
	switch {
	case err != nil:
		return broken(err)
	case inFolder && !v.Get("request").Exists() && !v.Get("cases").Exists() && isPolicy(d.json):
		return true
	case !v.IsObject():
		return broken(d.fault(v.Index, "", "a scenario is an object, not "+typeName(v)))
	case v.Get("cases").Exists():
		return d.suite(v, yield)
	case v.Get("Statement").Exists():
		if inFolder {
			return true
		}
		return broken(d.fault(v.Index, "", "is a policy; a scenario names it in its \"policies\""))
	case inFolder && !v.Get("request").Exists():
		return broken(d.fault(v.Index, "", `is neither a scenario (with "request"), nor a suite (with "cases"), nor a policy (with "Statement")`))
	}
	return d.each(v, "", d.file, Scenario{}, yield)
}

// isPolicy reports whether a text is a policy, in any of its forms.
func isPolicy(text string) bool {
	_, err := read.Policy("", []byte(text))
	return err == nil
}

// suite yields each case, laid over the defaults. Faults of the defaults are
// reported once: no case means anything without them.
func (d *decoder) suite(v gjson.Result, yield func(*Scenario, error) bool) bool {
	defaults := Scenario{Name: d.file, File: d.file, Line: 1, Column: 1}
	var cases gjson.Result
	d.faults = nil
	d.members(v, "", suiteMembers, func(name, path string, v gjson.Result) {
		switch name {
		case "$schema":
		case "defaults":
			d.members(v, path, defaultsMembers, func(name, path string, v gjson.Result) {
				d.shared(&defaults, name, path, v)
			})
		case "cases":
			if cases = v; !v.IsArray() {
				d.wrongType(v, path, "an array of scenarios")
			}
		}
	})
	if d.faults != nil {
		count := len(cases.Array())
		d.add(cases, "cases", "not read (%d), because of the faults above", count)
		return yield(&defaults, errors.Join(d.faults...))
	}
	if len(cases.Array()) == 0 {
		d.caused(cases, "cases", errNoScenario)
		return yield(&defaults, errors.Join(d.faults...))
	}
	i, more := 0, true
	cases.ForEach(func(_, v gjson.Result) bool {
		name := fmt.Sprintf("%s:%d", d.file, d.at(v.Index).line)
		more = d.each(v, element("cases", i), name, defaults, yield)
		i++
		return more
	})
	return more
}
