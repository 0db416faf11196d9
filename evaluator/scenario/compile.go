package scenario

import (
	"fmt"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/defaults"
	"github.com/iamsim/iamsim/internal/spelling"
)

// Compiled is a scenario as the engine takes it.
type Compiled struct {
	Engine  evaluator.Engine
	Caller  evaluator.Caller
	Target  evaluator.Target
	Request evaluator.Request

	resources map[string][]*evaluator.Set // of a call, by ARN
}

// Compile makes of a scenario what the engine evaluates, with the default context.
// For a scenario with a
// Call the action and the resource stay empty. An error that wraps
// [evaluator.ErrInvalidRequest] says that the request is invalid; any other, that
// a policy may not stand in its slot. Each policy's place, such as
// "scp[1][0]", is the From of its statements in explanations.
func (s *Scenario) Compile() (*Compiled, error) {
	r := &s.Request
	principal, err := r.Principal.evaluator()
	if err != nil {
		return nil, s.invalid("request.principal", err)
	}
	c := &Compiled{
		Engine: evaluator.Engine{Options: s.Options},
		Caller: evaluator.Caller{Principal: principal},
		Target: evaluator.Target{
			Resource: r.Resource, Account: r.ResourceAccount, Organization: r.ResourceOrg,
			Unknown: r.ResourceUnknown, Tags: r.ResourceTags, AsGiven: r.ResourceAsGiven,
		},
		Request: evaluator.Request{Action: r.Action, Context: r.keys()},
	}
	if r.Call == nil {
		c.Request.Context = s.context(c.Request.Context, &c.Caller.Principal, r.Action, r.Resource)
	}
	sets, err := evaluator.CompilePolicies(s.placed())
	if err != nil {
		return nil, err
	}
	sets.Apply(&c.Caller, &c.Target, &c.Request)
	for resource := range s.Resources {
		sets, err := evaluator.CompilePolicies(s.placedOf(resource))
		if err != nil {
			return nil, err
		}
		var t evaluator.Target
		sets.Apply(nil, &t, nil)
		if c.resources == nil {
			c.resources = make(map[string][]*evaluator.Set)
		}
		c.resources[resource] = t.Policies
	}
	return c, nil
}

// invalid is an error about an invalid request.
func (s *Scenario) invalid(path string, err error) error {
	return &Error{
		File: s.File, Line: s.Line, Column: s.Column, Path: path, Message: err.Error(),
		err: fmt.Errorf("%w: %w", evaluator.ErrInvalidRequest, err),
	}
}

// context is the given context keys and, where the scenario has it, the default
// context.
func (s *Scenario) context(given evaluator.Context, caller *evaluator.Principal, action, resource string) evaluator.Context {
	if s.NoDefaultContext {
		return given
	}
	return defaults.Context(given, caller, action, resource)
}

// keys are the context keys: those given, those present, those unknown.
func (r *Request) keys() evaluator.Context {
	var keys evaluator.Context
	for _, k := range r.Context {
		keys = append(keys, evaluator.Key{Name: k.Name, Values: k.Values})
	}
	for _, name := range r.Present {
		keys = append(keys, evaluator.Key{Name: name, State: evaluator.Present})
	}
	for _, name := range r.Unknown {
		keys = append(keys, evaluator.Key{Name: name, State: evaluator.Unknown})
	}
	return keys
}

// evaluator makes a principal of the kind that the ARN has. A member that no
// such principal has is an error: it was given to have an effect.
func (p *Principal) evaluator() (evaluator.Principal, error) {
	made, err := evaluator.ParsePrincipal(p.ARN)
	if err != nil {
		return made, err
	}
	kind := made.Kind()
	switch {
	case p.Role != "" && kind == evaluator.RoleSession && p.Role != p.ARN:
		made = evaluator.Session(p.ARN, p.Role)
	case p.Role != "" && kind != evaluator.RoleSession:
		return made, p.noMember("role", "the session of a role")
	}
	switch {
	case p.ParentUser != "" && kind == evaluator.FederatedUser:
		made = evaluator.Federated(p.ARN, p.ParentUser)
	case p.ParentUser != "":
		return made, p.noMember("parentUser", "a federated user")
	}
	if err := made.Err(); err != nil {
		return made, err
	}
	switch kind {
	case evaluator.IAMUser, evaluator.RoleSession:
	default:
		if p.UserID != "" {
			return made, p.noMember("userId", "a user or a role")
		}
	}
	switch kind {
	case evaluator.IAMUser, evaluator.RoleSession, evaluator.FederatedUser:
	default:
		if p.Tags != nil || p.SessionTags != nil {
			return made, p.noMember("tags", "a user, a role or a session")
		}
	}
	if p.UserID != "" {
		made = made.WithUniqueID(p.UserID)
	}
	if p.Tags != nil {
		made = made.WithTags(p.Tags...)
	}
	if p.SessionTags != nil {
		made = made.WithSessionTags(p.SessionTags...)
	}
	if p.Org != nil {
		made = made.WithOrganization(p.Org)
	}
	return made, nil
}

func (p *Principal) noMember(member, whose string) error {
	return fmt.Errorf("%s is not %s, which alone has %q", spelling.Quote(p.ARN), whose, member)
}
