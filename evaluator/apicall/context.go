package apicall

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
)

// contextOf joins the keys of the whole request with those of one
// authorization. What the authorization knows wins; what it does not know, the
// request may give. Keys that are not its own do not reach it (D-5).
func (p *Plan) contextOf(a *Authorization, caller *evaluator.Principal, t *evaluator.Target) evaluator.Context {
	own, open := slices.Clone(a.Context), a.opened(caller)
	for _, prefix := range a.tagged {
		for _, tag := range t.Tags {
			if !has(own, prefix+tag.Key) {
				own = append(own, evaluator.Key{Name: prefix + tag.Key, Values: []string{tag.Value}})
			}
		}
		if t.Tags == nil {
			own = append(own, allKeys(prefix))
		}
	}
	for _, name := range open {
		switch {
		case strings.HasSuffix(name, "/"):
			own = append(own, allKeys(name))
		case strings.HasSuffix(name, ":"): // the policies tell which: see Question.open
		default:
			own = append(own, evaluator.Key{Name: name, State: evaluator.Unknown})
		}
	}
	if a.ResourceTags && t.Tags == nil {
		own = append(own, allKeys("aws:ResourceTag/"))
	}
	merged := own[:0:0]
	for _, key := range own {
		if key.State == evaluator.Known || !has(p.Context, key.Name) {
			merged = append(merged, key)
		}
	}
	for _, key := range p.Context {
		switch i := own.Index(key.Name); {
		case i >= 0 && own[i].State == evaluator.Known:
		case i >= 0, a.reachedBy(key.Name, open):
			merged = append(merged, key)
		}
	}
	return merged
}

// reachedBy reports whether an authorization that does not list a key has it
// where the whole request has it.
func (a *Authorization) reachedBy(name string, open []string) bool {
	t, err := operations()
	return err == nil && t.ofWholeRequest(name) || covers(open, name) || covers(a.tagged, name) ||
		a.ResourceTags && fold.HasPrefix(name, "aws:ResourceTag/")
}

// Unused are the keys of Context that no authorization of the call has (D-5).
func (p *Plan) Unused(caller *evaluator.Principal) []string {
	var unused []string
	for _, key := range p.Context {
		if !slices.ContainsFunc(p.Authorizations, func(a Authorization) bool {
			return has(a.Context, key.Name) || a.reachedBy(key.Name, a.opened(caller))
		}) {
			unused = append(unused, key.Name)
		}
	}
	return unused
}

// Lacks reports whether a context key is one that the action has and this call
// has not: one of Absent.
func (a *Authorization) Lacks(key string) bool { return covers(a.Absent, key) }

// opened are the prefixes and names of Open, for a caller.
func (a *Authorization) opened(caller *evaluator.Principal) []string {
	var open []string
	for _, prefix := range a.Open {
		name, ofProvider := strings.CutPrefix(prefix, "provider")
		switch {
		case !ofProvider:
			open = append(open, prefix)
		case caller.Kind() != evaluator.WebIdentity:
		case name == "":
			open = append(open, provider(caller)+":")
		default:
			open = append(open, provider(caller)+name)
		}
	}
	return open
}

// provider is how the keys of an identity provider begin: with its host and
// path.
func provider(caller *evaluator.Principal) string {
	name := caller.String()
	if _, url, isARN := strings.Cut(name, ":oidc-provider/"); isARN {
		return url
	}
	return name
}

// ofWholeRequest reports whether a key comes with the caller or the connection,
// so that all authorizations of a call have it: one that is named neither as a
// service's nor for tags of the request or the resource.
func (t *table) ofWholeRequest(name string) bool {
	service, _, _ := strings.Cut(fold.String(name), ":")
	switch {
	case service == "aws":
		return !covers(ofAction, name)
	case t.services[service]:
		return slices.ContainsFunc(t.credentials, func(key string) bool { return fold.Equal(key, name) })
	}
	return true
}

// ofAction are the global keys that come with the action.
var ofAction = []string{"aws:RequestTag/", "aws:ResourceTag/", "aws:TagKeys"}

// covers reports whether a key has one of the names, or one of the prefixes,
// which end in a slash or a colon.
func covers(names []string, key string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		if strings.HasSuffix(name, "/") || strings.HasSuffix(name, ":") {
			return fold.HasPrefix(key, name)
		}
		return fold.Equal(key, name)
	})
}

// allKeys is an unknown key that stands for all that begin so.
func allKeys(prefix string) evaluator.Key {
	return evaluator.Key{Name: prefix + "*", State: evaluator.Unknown}
}

func has(c evaluator.Context, name string) bool { return c.Index(name) >= 0 }
