package iamtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/internal/plausible"
	"github.com/iamsim/iamsim/internal/defaults"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// contradicted tells which of the keys that the test gives no request by this
// caller on this resource has: AWS sends another value, or always sends one. The
// engine's own requests are taken as they are.
func (r *request) contradicted(said evaluator.Context) []string {
	if r.asGiven {
		return nil
	}
	var faults, derived []string
	wrong := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	for _, key := range said {
		row := law.KeyOf(key.Name).Row()
		switch follows := row.Source != law.FromRequest && !row.IsFamily(); { // a session brings tags of its own

		case key.State != evaluator.Known:
		case len(key.Values) == 0 && r.who.alwaysHas(key.Name):
			wrong("every request of %s has the context key %q: write %s", r.who, key.Name, r.who.write(key.Name))
		case follows && r.cannotHave(key):
			wrong("no request of %s has the context key %q with this value: leave it out", r.who, key.Name)
		case follows:
			derived = append(derived, key.Name)
		case len(key.Values) == 0:
		case fold.HasPrefix(key.Name, "aws:ResourceTag/") && r.tagged(key):
			wrong("context key %q is given, and the resource is loaded with another tag: leave it out", key.Name)
		case fold.Equal(key.Name, "aws:RequestedRegion"):
			if !plausible.IsRegion(key.Values[0]) || key.Values[0] == "" {
				wrong("%s is no region, such as us-east-1", spelling.Quote(key.Values[0]))
			} else if is := defaults.Region(&r.who.caller.Principal, r.action, r.target.Resource); is.State == evaluator.Known && !slices.Equal(is.Values, key.Values) && r.stays() {
				wrong("context key %q is given as %q, and %s on %s is asked in %s: leave the key out", key.Name, key.Values[0], r.action, r.target.Resource, is.Values[0])
			}
		case fold.Equal(key.Name, "iam:PassedToService"):
			if fault := mistypedService(key.Values[0]); fault != "" {
				faults = append(faults, fault)
			}
		}
	}
	if derived == nil {
		return faults
	}
	for _, d := range evaluator.Explain(&r.who.caller, &r.target, &evaluator.Request{Action: r.action, Context: said}).Diagnostics() {
		if d.Code != "overriding-context-key" || !isOf(derived, d.Subject) {
			continue
		}
		instead := "leave it out"
		if fold.Equal(d.Subject, "aws:ResourceAccount") {
			instead = "leave it out, or load the resource with its Account"
		}
		wrong("context key %q is given, and another value follows from the principal and the resource: %s", d.Subject, instead)
	}
	return faults
}

// cannotHave reports whether the caller never has the key, or not with the value:
// where the engine knows the value in part, or that there is none (D.1).
func (r *request) cannotHave(key evaluator.Key) bool {
	p := &r.who.caller.Principal
	kind := p.Kind()
	is := func(name string) bool { return fold.Equal(key.Name, name) }
	if len(key.Values) == 0 {
		return false
	}
	switch {
	case !law.KeyOf(key.Name).Row().Has(kind):
		return true
	case kind != evaluator.RoleSession:
		return false
	}
	own := pattern.Split(p.String())
	name, named := strings.CutPrefix(own.Field(5), "assumed-role/")
	role, session, _ := strings.Cut(name, "/")
	switch {
	case !named:
		return false
	case is("aws:userid"):
		return !strings.HasSuffix(key.Values[0], ":"+session)
	case is("aws:PrincipalArn"):
		given := pattern.Split(key.Values[0])
		return given.Field(4) != own.Field(4) || !strings.HasSuffix("/"+given.Field(5), "/"+role)
	}
	return false
}

// tagged reports whether the resource was loaded with tags, and with another
// value of this one.
func (r *request) tagged(key evaluator.Key) bool {
	name := key.Name[len("aws:ResourceTag/"):]
	i := slices.IndexFunc(r.target.Tags, func(t evaluator.Tag) bool { return fold.Equal(t.Key, name) })
	return len(r.target.Tags) > 0 && (i < 0 || key.Values[0] != r.target.Tags[i].Value)
}

// stays: the action is asked in the region of its resource, or of the one
// endpoint of its service. Other services have actions that copy from another
// region, or connect with it.
func (r *request) stays() bool {
	service, _, _ := strings.Cut(r.action, ":")
	return !r.forwarded && (fold.Equal(service, "lambda") || r.isGlobal())
}

func (r *request) isGlobal() bool {
	return defaults.IsGlobal(&r.who.caller.Principal, r.action, r.target.Resource)
}

// isOf reports whether a context key is one of those.
func isOf(names []string, key string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return fold.Equal(name, key) })
}

// alwaysHas reports whether every request of the caller has the key, whatever
// its value (D.2).
func (w *Who) alwaysHas(name string) bool {
	p := &w.caller.Principal
	switch k := law.KeyOf(name); {
	case isOf(always, name):
		return true
	case p.Account() == "":
		return false
	case k != law.OtherKey:
		return k.Row().Always.Has(p.Kind())
	}
	key, ok := catalog.Default().Key(name)
	return ok && (key.Always || key.WhenSigned)
}

// write is what a test writes to say a context key: a value, or that there is
// none, where that can be.
func (w *Who) write(name string) string {
	value := "…"
	if key, ok := catalog.Default().Key(name); ok {
		switch key.Type {
		case policy.BoolValue:
			value = "true"
		case policy.IPAddressValue:
			value = "203.0.113.9"
		case policy.DateValue:
			value = "2026-01-01T00:00:00Z"
		case policy.NumericValue:
			value = "1"
		}
	}
	text := fmt.Sprintf(".Given(%q, %q)", name, value)
	switch {
	case !w.alwaysHas(name):
		return text + fmt.Sprintf(", or .Given(%q) for a request without it", name)
	case value == "true":
		return text + ` or "false"`
	}
	return text
}

// write is what a test writes to say a context key of the request.
func (r *request) write(name string) string {
	if fold.Equal(r.action, "iam:PassRole") && fold.Equal(name, "iam:PassedToService") {
		return "CanPassRole or CannotPassRole, with the service"
	}
	return r.who.write(name)
}

// elsewhere: the key is given for other actions of a pattern, and never comes
// with this one so (D-5).
func (r *request) elsewhere(key string) bool {
	if !r.byPattern {
		return false
	}
	return !r.carries(key) || fold.Equal(key, "aws:RequestedRegion") && r.isGlobal()
}
