package fix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// trials are requests beside the one that was denied: other actions of its
// service, resources like its own, and other callers, with all names that stand
// in the policies. A change must allow none of them.
//
// A policy is tried by itself, with all other layers open: what one layer opens
// is open even where another still happens to deny it.
type trials struct {
	denied     *Denied
	asked      pattern.Pattern // of the resource; stars in the place of names match (B-19)
	actions    []string
	resources  []string
	principals []evaluator.Principal
	everything *evaluator.Set // an identity-based policy that allows all
	everyone   *evaluator.Set // a resource-based policy that does
	delegates  *evaluator.Set // one that leaves it to the caller's account
}

const (
	mostResources  = 24
	mostPrincipals = 12
	mostShown      = 4
	someActions    = 8
	mostBeyond     = 1000
)

func newTrials(d *Denied, s *state) *trials {
	all := policy.Statement{Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"}}
	compiled := func(kind policy.Kind, p *policy.Principals) *evaluator.Set {
		st := all
		st.Principal = p
		return evaluator.MustCompile(kind, &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{st}})
	}
	t := &trials{denied: d, everything: compiled(policy.Identity, nil)}
	if asked := pattern.Asked(d.Target.Resource, true); asked != "" {
		// What is no Resource matches nothing, and the request is compared by its text.
		t.asked, _ = pattern.Compile(pattern.Resource, asked, pattern.Options{Variables: true})
	}
	t.everyone = compiled(policy.Resource, &policy.Principals{Everyone: true})
	t.delegates = t.everyone
	if account := d.Caller.Principal.Account(); account != "" {
		t.delegates = compiled(policy.Resource, named(policy.PrincipalAWS, account))
	}
	names := gather(s.policies)
	t.gatherActions(names)
	t.gatherResources(names)
	t.gatherPrincipals(s, names)
	return t
}

// names are those that stand in policies, each once, in the order of the
// policies. Wildcards in the ARNs became letters.
type names struct{ actions, arns []string }

// plain puts a letter in the place of each wildcard.
var plain = strings.NewReplacer("*", "x", "?", "x")

func gather(p policy.Policies) names {
	var n names
	add := func(list *[]string, values []string) {
		for _, v := range values {
			if !slices.Contains(*list, v) {
				*list = append(*list, v)
			}
		}
	}
	addARNs := func(values []string) {
		for _, v := range values {
			if strings.HasPrefix(v, "arn:") && !strings.Contains(v, "${") {
				add(&n.arns, []string{plain.Replace(v)})
			}
		}
	}
	for _, documents := range p.All() {
		for _, a := range documents {
			for i := range a.Document.Statements {
				st := &a.Document.Statements[i]
				add(&n.actions, slices.Concat(st.Action, st.NotAction))
				addARNs(slices.Concat(st.Resource, st.NotResource))
				for _, list := range []*policy.Principals{st.Principal, st.NotPrincipal} {
					if list == nil {
						continue
					}
					for _, entry := range list.Entries {
						addARNs(entry.Values)
					}
				}
				for _, c := range st.Condition {
					addARNs(c.Values)
				}
			}
		}
	}
	return n
}

func (t *trials) gatherActions(n names) {
	service, name, _ := strings.Cut(t.denied.Request.Action, ":")
	list := []string{t.denied.Request.Action, "iam:PassRole", "sts:AssumeRole"}
	if t.denied.Catalog == nil {
		list = append(list, service+":"+name+"x", service+":x")
		for _, pattern := range n.actions {
			list = append(list, plain.Replace(pattern))
		}
	} else {
		for a := range t.denied.Catalog.Actions(service) {
			list = append(list, a.Name)
		}
	}
	seen := make(map[string]bool)
	for _, action := range append(list, n.actions...) {
		if folded := fold.String(action); strings.Contains(action, ":") && !strings.ContainsAny(action, "*?") && !seen[folded] {
			seen[folded] = true
			t.actions = append(t.actions, action)
		}
	}
}

func (t *trials) gatherResources(n names) {
	add := func(resource string) {
		if len(t.resources) < mostResources && !slices.Contains(t.resources, resource) {
			t.resources = append(t.resources, resource)
		}
	}
	asked := t.denied.Target.Resource
	if !t.denied.Target.Unknown {
		add(asked)
	}
	if a, err := arn.Parse(asked); err == nil {
		add(asked + "x")
		add(a.Unqualified().String())
		for _, q := range []string{":x", ":1", "/x"} {
			add(a.Unqualified().String() + q)
		}
		for _, other := range []struct{ region, account string }{{a.Region(), otherAccount(a.Account())}, {"eu-west-9", a.Account()}} {
			if sibling, err := arn.New(a.Partition(), a.Service(), other.region, other.account, a.Resource()); err == nil {
				add(sibling.String())
			}
		}
		kind, rest, _ := strings.Cut(a.Resource(), "/")
		if sibling, err := arn.New(a.Partition(), a.Service(), a.Region(), a.Account(), kind+"/x/"+rest); err == nil {
			add(sibling.String())
		}
	}
	add("*")
	for _, name := range n.arns {
		if _, err := arn.Parse(name); err == nil {
			add(name)
		}
	}
}

func otherAccount(account string) string {
	if account == "210987654321" {
		return "123456789012"
	}
	return "210987654321"
}

func (t *trials) gatherPrincipals(s *state, n names) {
	own := &t.denied.Caller.Principal
	account := own.Account()
	if account == "" {
		account = s.owningAccount()
	}
	list := []evaluator.Principal{evaluator.Anonymous(), evaluator.Service("mediastore.amazonaws.com")}
	for _, account := range []string{account, otherAccount(account)} {
		list = append(list, evaluator.Root(account), evaluator.User("arn:aws:iam::"+account+":user/x"), evaluator.Role("arn:aws:iam::"+account+":role/x"))
	}
	for _, name := range n.arns {
		if p, err := evaluator.ParsePrincipal(name); err == nil {
			list = append(list, p)
		}
	}
	for _, p := range list {
		if p.Err() == nil && len(t.principals) < mostPrincipals && !t.isCaller(&p) {
			t.principals = append(t.principals, p)
		}
	}
}

// isCaller reports whether a principal is the caller, or may be: another
// session of its role, the user behind a federated user.
func (t *trials) isCaller(p *evaluator.Principal) bool {
	own := &t.denied.Caller.Principal
	if p.Kind() != own.Kind() || p.Account() != own.Account() {
		return false
	}
	return p.Kind() != evaluator.RoleSession || roleName(p) == roleName(own)
}

// roleName is the name of a session's role, without path.
func roleName(p *evaluator.Principal) string {
	a, err := arn.Parse(p.String())
	if err != nil {
		return ""
	}
	if role, _, ok := a.AssumedRole(); ok {
		return role
	}
	return a.Name()
}

// more is what a change allows beyond the request.
type more struct {
	first []string
	count int
	tried int
}

func (m *more) words() []string {
	if m.count > len(m.first) {
		return append(slices.Clone(m.first), fmt.Sprintf("and %d more", m.count-len(m.first)))
	}
	return m.first
}

// beyond tries what a slot allows after an edit and did not before. It stops
// where that is more than enough.
func (t *trials) beyond(before, after *state, e *edit, enough int) more {
	at, touched := e.Slot, t.touched(e)
	var m more
	principals := []evaluator.Principal{t.denied.Caller.Principal}
	if !followsCaller(at.Layer) {
		if t.denied.Caller.Principal.Kind() != evaluator.AnonymousPrincipal { // else it is everybody whom it lets in
			principals = append(principals, t.principals...)
		}
	}
	resources := t.resources
	if isOfResource(at) && !e.namesResource() {
		resources = resources[:min(1, len(resources))] // it is about what it is attached to
	}
	for _, open := range []bool{true, false} {
		if !open && !isOfResource(at) {
			break
		}
		was, is := t.isolated(before, at, open), t.isolated(after, at, open)
		for i := range principals {
			was.caller.Principal, is.caller.Principal = principals[i], principals[i]
			actions := t.requests(touched, was.request.Endpoint, is.request.Endpoint, i > 0)
			for _, resource := range resources {
				target := t.about(resource)
				was.target.Resource, was.target.Account, was.target.Tags = target.Resource, target.Account, target.Tags
				is.target.Resource, is.target.Account, is.target.Tags = target.Resource, target.Account, target.Tags
				was.target, is.target = was.target.Prepared(), is.target.Prepared()
				for k := range actions {
					if !touched[k] || i == 0 && t.isAsked(t.actions[k], resource) {
						continue
					}
					m.tried++
					if !actions[k].is.Evaluate(&is.caller, &is.target).Allowed() || actions[k].was.Evaluate(&was.caller, &was.target).Allowed() {
						continue
					}
					if e.accompanies(t.actions[k]) {
						continue
					}
					text := fmt.Sprintf("%s on %s by %s", t.actions[k], resource, principals[i].String())
					if slices.Contains(m.first, text) {
						continue // found with other layers open, too
					}
					if m.count++; len(m.first) < mostShown {
						m.first = append(m.first, text)
					}
					if m.count > enough {
						return m
					}
				}
			}
		}
	}
	return m
}

// A trial is a request for one action, before and after a change.
type trial struct{ was, is *evaluator.Prepared }

// statements are those that the edit changes, before and after.
func (e *edit) statements() []policy.Statement {
	if e.change.Before == nil {
		return e.change.After
	}
	return append([]policy.Statement{*e.change.Before}, e.change.After...)
}

func (e *edit) namesResource() bool {
	return slices.ContainsFunc(e.statements(), func(st policy.Statement) bool { return st.Resource != nil || st.NotResource != nil })
}

// touched are the actions that a changed statement names, before or after, and
// some others: for these it can make no difference.
func (t *trials) touched(e *edit) []bool {
	touched := make([]bool, len(t.actions))
	statements := e.statements()
	for k, action := range t.actions {
		touched[k] = k < someActions || slices.ContainsFunc(statements, func(st policy.Statement) bool {
			return st.NotAction != nil || slices.ContainsFunc(st.Action, func(pattern string) bool { return foldMatches(pattern, action) })
		})
	}
	return touched
}

// requests are the request for each touched action. What its context says of
// who calls is left out for others.
func (t *trials) requests(touched []bool, was, is *evaluator.Set, others bool) []trial {
	list := make([]trial, len(t.actions))
	r := evaluator.Request{Context: t.denied.Request.Context}
	if others {
		r.Context = withoutCaller(r.Context)
	}
	for k := range t.actions {
		if !touched[k] {
			continue
		}
		r.Action = t.actions[k]
		r.Endpoint = was
		list[k].was = t.prepared(&r)
		list[k].is = list[k].was
		if is != was {
			r.Endpoint = is
			list[k].is = t.prepared(&r)
		}
	}
	return list
}

// prepared is a request read once; nil, which is never allowed, for what is none.
func (t *trials) prepared(r *evaluator.Request) *evaluator.Prepared {
	p, err := t.denied.Engine.Prepare(r)
	if err != nil {
		return nil // what a policy names as an action need not be one
	}
	return p
}

// isAsked: it is the request itself. Of an action without resources, which is
// asked on "*" (B-14), no statement can name less than all.
func (t *trials) isAsked(action, resource string) bool {
	asked := t.denied.Target.Resource
	if t.denied.Target.Unknown && (strings.HasPrefix(resource, asked) || !strings.HasPrefix(asked, "arn:")) {
		resource = asked
	}
	if !fold.Equal(action, t.denied.Request.Action) {
		return false
	}
	return asked == "*" || resource == asked || t.asked.Match(resource)
}

// about is another resource. Its owner and its tags are those of the request
// only for the request's own.
func (t *trials) about(resource string) evaluator.Target {
	if asked := &t.denied.Target; resource == asked.Resource {
		return evaluator.Target{Resource: resource, Account: asked.Account, Tags: asked.Tags}
	}
	return evaluator.Target{Resource: resource}
}

// followsCaller: the layer has policies of nobody but the caller.
func followsCaller(l policy.Layer) bool {
	return l == policy.IdentityLayer || l == policy.BoundaryLayer || l == policy.SessionLayer
}

// isolated is a state in which only one slot has a say; of a resource, all of
// its slots.
func (t *trials) isolated(s *state, at policy.Slot, open bool) *state {
	only := &state{engine: s.engine, trust: s.trust}
	only.target.Organization = s.target.Organization
	var kept policy.Policies
	for slot, documents := range s.policies.All() {
		switch {
		case isOfResource(at) && isOfResource(slot):
			kept = kept.With(slot, documents...)
		case slot == at:
			kept = kept.With(at.Layer.At(0), documents...)
		}
	}
	if sets, err := s.sets.With(kept); err == nil { // nothing is compiled, and nothing can fail
		sets.Apply(&only.caller, &only.target, &only.request)
	}
	if at.Layer != policy.IdentityLayer && (open || !isOfResource(at)) {
		only.caller.Identity = t.everything
	}
	switch {
	case isOfResource(at):
	case followsCaller(at.Layer):
		only.target.Policies = []*evaluator.Set{t.delegates}
	default:
		only.target.Policies = []*evaluator.Set{t.everyone}
	}
	return only
}

// withoutCaller leaves out what a context says of who calls.
func withoutCaller(c evaluator.Context) evaluator.Context {
	return slices.DeleteFunc(slices.Clone(c), func(k evaluator.Key) bool {
		caller, _ := evaluator.FollowsFrom(k.Name)
		return caller
	})
}
