package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/evaluator/fix"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/lazy"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/load"
)

// callFlag is what --call tells of the call that was denied.
type callFlag struct {
	operation  string
	parameters []byte
}

var isOperation = lazy.Regexp(`\A(?:[a-z][a-z0-9-]*:)?[A-Z][A-Za-z0-9]*\z`)

// readCall reads the values of --call: the name of an operation, or its
// parameters as JSON or in a file.
func readCall(values []string) (c callFlag, err error) {
	for _, value := range values {
		text := []byte(value)
		switch isJSON := strings.HasPrefix(strings.TrimSpace(value), "{"); {
		case isOperation().MatchString(value) && c.operation != "":
			return c, fmt.Errorf("--call names two operations, %q and %q", c.operation, value)
		case isOperation().MatchString(value):
			c.operation = value
			continue
		case !isJSON:
			if text, err = load.ReadFile(nil, value, load.MaxSize); err != nil {
				return c, fmt.Errorf("--call is an operation such as lambda:CreateFunction, or the JSON of its parameters, or a file of that: %w", err)
			}
		}
		if c.parameters != nil {
			return c, errors.New("--call has parameters twice")
		}
		c.parameters = text
	}
	return c, nil
}

// A neededCall is all that a call needs that was denied.
type neededCall struct {
	Operation string `json:"operation"`
	// Missing are required parameters that are not known.
	Missing        []string `json:"missing,omitempty"`
	Authorizations []needed `json:"authorizations"`
}

// A needed is one authorization of a call, and what the policies say to it.
type needed struct {
	Action   string `json:"action"`
	Resource string `json:"resource,omitempty"`
	// ResourceBegins is the beginning of the resource's ARN, where Parameter is
	// not known.
	ResourceBegins string `json:"resourceBegins,omitempty"`
	Parameter      string `json:"parameter,omitempty"`
	Effect         string `json:"effect"`
	When           string `json:"when,omitempty"`
	Confidence     string `json:"confidence"`
	// Denied: it is the one that AWS denied.
	Denied bool `json:"denied,omitempty"`
	// Decision and DeniedBy are absent where the caller is not known.
	Decision *evaluator.Outcome `json:"decision,omitempty"`
	DeniedBy policy.Layer       `json:"deniedBy,omitempty"`
	Fix      *fix.Fix           `json:"fix,omitempty"`
}

// call is the call that a denial is about, by the text and by --call; nil where
// none is known, or where it needs nothing beside what was denied.
func (x *deniedFlags) call(a *answer) (*neededCall, error) {
	c, ok := a.denial.Call()
	if x.whole.operation != "" {
		c.Operation, c.Parameters, c.Partial, ok = x.whole.operation, nil, true, true
	}
	if !ok {
		if x.whole.parameters != nil {
			return nil, errors.New("--call has parameters, and neither it nor the text names the operation: give --call service:Operation, too")
		}
		return nil, nil
	}
	if x.whole.parameters != nil {
		c.Parameters = x.whole.parameters
	}
	plan, err := x.parser.Plan(c)
	if err == nil && x.whole.parameters != nil && len(plan.Missing) == 0 { // they are all
		c.Partial = false
		plan, err = x.parser.Plan(c)
	}
	switch {
	case err != nil && (x.whole.operation != "" || x.whole.parameters != nil):
		return nil, fmt.Errorf("--call: %w", err)
	case err != nil, len(plan.Authorizations) < 2:
		return nil, nil
	}
	return a.needs(plan)
}

// needs decides the authorizations of a plan, and finds a fix for each that is
// asked and denied.
func (a *answer) needs(plan *apicall.Plan) (*neededCall, error) {
	call := &neededCall{Operation: plan.Operation, Missing: plan.Missing}
	for i := range plan.Authorizations {
		one := &plan.Authorizations[i]
		n := needed{Action: one.Action, Effect: one.Effect.String(), When: one.When, Confidence: one.Confidence.String(), Parameter: one.Parameter}
		if n.Resource = one.Resource; one.Unknown {
			n.Resource, n.ResourceBegins = "", one.Resource
		}
		n.Denied = a.isAbout(one)
		call.Authorizations = append(call.Authorizations, n)
	}
	if a.replayed == nil {
		return call, nil
	}
	r := a.replayed
	plan.Context = r.Request.Context
	plan.Endpoint = r.Request.Endpoint
	result := plan.Evaluate(&a.engine, &r.Caller, func(resource string) evaluator.Target {
		if resource == r.Target.Resource {
			return r.Target
		}
		if t, ok := a.target(resource); ok {
			return t
		}
		return evaluator.Target{Resource: resource, RCPs: r.Target.RCPs}
	})
	for i := range result.Authorizations {
		one, n := &result.Authorizations[i], &call.Authorizations[i]
		decision := one.Explanation.Decision()
		outcome := decision.Outcome()
		n.Decision, n.DeniedBy = &outcome, decision.Layer()
		if !n.isDenied() || n.Resource == "" {
			continue // a fix for any resource would open too much
		}
		f, err := smallestFix(a.engine, &denial.Replayed{Caller: *one.Caller, Target: one.Target, Request: one.Request})
		if err != nil {
			return nil, err
		}
		n.Fix = f
	}
	return call, nil
}

// isAbout reports whether an authorization is the one that AWS denied.
func (a *answer) isAbout(one *apicall.Authorization) bool {
	d := a.denial
	if !fold.Equal(one.Action, d.Action) {
		return false
	}
	resource := d.Resource
	if a.replayed != nil {
		resource = a.replayed.Target.Resource
	}
	return resource == "" || a.anyResource || one.Resource == resource || one.Unknown && strings.HasPrefix(resource, one.Resource)
}

// isDenied: it is asked, beside what AWS denied, and the policies deny it.
func (n *needed) isDenied() bool {
	return !n.Denied && n.Effect == apicall.Required.String() && n.Decision != nil && (*n.Decision == evaluator.ImplicitDeny || *n.Decision == evaluator.ExplicitDeny)
}

// mayBeDenied: the policies do not allow it, and it may be asked.
func (n *needed) mayBeDenied() bool {
	return !n.Denied && !n.isDenied() && n.Effect != apicall.ResponseOnly.String() && (n.Decision == nil || *n.Decision != evaluator.Allowed)
}

// on is the resource in words.
func (n *needed) on() string {
	switch {
	case n.Resource == "*", n.Resource == "" && n.Parameter == "":
		return ""
	case n.Resource != "":
		return " on " + n.Resource
	}
	return " on what the parameter " + n.Parameter + " names"
}

// denied are the authorizations that the next attempt is denied for; open, those
// that it may be denied for.
func (c *neededCall) denied() []*needed { return c.those((*needed).isDenied) }
func (c *neededCall) open() []*needed   { return c.those((*needed).mayBeDenied) }

func (c *neededCall) those(are func(*needed) bool) (list []*needed) {
	for i := range c.Authorizations {
		if n := &c.Authorizations[i]; are(n) {
			list = append(list, n)
		}
	}
	return list
}

// text prints what the call needs beside what AWS denied, so that the next
// attempt is not denied too.
func (c *neededCall) text(w io.Writer) {
	for _, n := range c.denied() {
		fmt.Fprintf(w, "\nnext     %s needs %s%s, too: denied by the %s\n", c.Operation, n.Action, n.on(), n.DeniedBy.Noun())
		if n.Fix != nil {
			fmt.Fprint(w, n.Fix)
		}
	}
	var conditions []string
	actions := make(map[string][]string) // by what they hang on
	for _, n := range c.open() {
		when := n.When
		if when == "" {
			when = "always"
		}
		if actions[when] == nil {
			conditions = append(conditions, when)
		}
		action := n.Action
		if n.Resource != "*" && n.Resource != "" {
			action += n.on()
		}
		actions[when] = append(actions[when], action)
	}
	if len(conditions) > 0 {
		fmt.Fprintf(w, "\nlater    %s needs these, too, and the policies do not allow them, or not in every case:\n", c.Operation)
	}
	for _, when := range conditions {
		fmt.Fprintf(w, "  - %s: %s\n", when, strings.Join(actions[when], ", "))
	}
	if unknown := c.unknown(); len(unknown) > 0 {
		fmt.Fprintf(w, "  give --call, the parameters of the call as JSON, or in a file: %s\n", strings.Join(unknown, ", "))
	}
}

// unknown are the parameters that would tell more.
func (c *neededCall) unknown() []string {
	names := slices.Clone(c.Missing)
	for _, n := range append(c.denied(), c.open()...) {
		if name, _, _ := strings.Cut(n.Parameter, "."); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// beside is what a reader of the first lines should know of the call; "" for
// nothing.
func (c *neededCall) beside() string {
	var actions []string
	for _, n := range c.denied() {
		actions = append(actions, n.Action)
	}
	if actions == nil {
		return ""
	}
	return "; next: " + strings.Join(actions, ", ") + ", which " + c.Operation + " needs, too"
}
