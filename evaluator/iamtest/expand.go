package iamtest

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// Actions are one action or several: "lambda:GetFunction". A pattern such as
// "lambda:Get*" stands for all actions of the catalogue that match it and work
// on the resource.
type Actions interface{ ~string | ~[]string }

// Except are all actions that match a pattern, but for some, which may be patterns
// too:
//
//	iamtest.CannotAny(t, deploy, iamtest.Except("iam:*", "iam:PassRole", "iam:Get*"), "*")
func Except(all string, but ...string) []string {
	actions := []string{all}
	for _, action := range but {
		actions = append(actions, leftOut+action)
	}
	return actions
}

// leftOut begins an action that is left out of what patterns stand for.
const leftOut = "!"

// excepted are the actions that are left out, and an error for each name that is none.
func excepted(actions []string) (but map[string]bool, rest, faults []string) {
	but = map[string]bool{}
	for _, name := range actions {
		out, ok := strings.CutPrefix(name, leftOut)
		if !ok {
			rest = append(rest, name)
			continue
		}
		found := catalog.Default().Expand(out)
		if len(found) == 0 {
			faults = append(faults, fmt.Sprintf("no action that the catalogue knows matches %q, which is left out%s", out, meant(catalog.Default().NearestAction(out))))
		}
		for _, action := range found {
			but[action.Name] = true
		}
	}
	return but, rest, faults
}

// Resources are one resource or several, by ARN or loaded; "*" for actions that
// have no resource.
type Resources interface {
	~string | ~[]string | arn.ARN | []arn.ARN | What | []What
}

// list is one text or several, of a type that may have a name.
func list(texts any) []string {
	v := reflect.ValueOf(texts)
	if v.Kind() == reflect.String {
		return []string{v.String()}
	}
	var all []string
	for _, text := range v.Seq2() {
		all = append(all, text.String())
	}
	return all
}

func resourcesOf[R Resources](resources R) []What {
	var all []What
	switch r := any(resources).(type) {
	case What:
		return []What{r}
	case []What:
		return r
	case arn.ARN:
		return []What{named(r.String())}
	case []arn.ARN:
		for _, resource := range r {
			all = append(all, named(resource.String()))
		}
		return all
	}
	for _, resource := range list(resources) {
		all = append(all, named(resource))
	}
	return all
}

func named(resource string) What {
	return What{target: evaluator.Target{Resource: resource}, loaded: true}
}

// requests are the requests that the actions on the resources stand for, and an
// error for each pattern that stands for none.
func requests(who Who, actions []string, resources []What, any bool) (all []*request, faults []string) {
	if !who.loaded {
		return nil, []string{who.unloaded()}
	}
	for _, key := range who.given { // once, and not with each request
		if _, ok := catalog.Default().Key(key.Name); !ok {
			faults = append(faults, fmt.Sprintf("context key %q is none that the catalogue knows%s", key.Name, meant(catalog.Default().NearestKey(key.Name))))
		}
	}
	if faults != nil {
		return nil, faults
	}
	but, actions, faults := excepted(actions)
	if len(actions) == 0 {
		faults = append(faults, "no action is given: the assertion would hold whatever the policies say")
	}
	if len(resources) == 0 {
		faults = append(faults, "no resource is given: the assertion would hold whatever the policies say")
	}
	for _, what := range resources {
		if !what.loaded {
			return nil, append(faults, what.unloaded())
		}
		begins, ends := strings.CutSuffix(what.target.Resource, "*")
		pattern := any && strings.ContainsAny(what.target.Resource, "*?")
		if pattern && (!ends || strings.ContainsAny(begins, "*?")) {
			faults = append(faults, fmt.Sprintf("resource %q: a pattern of resources ends in its only *", what.target.Resource))
			continue
		}
		for _, name := range actions {
			one := request{who: who, action: name, target: what.target, texts: what.texts, asIs: pattern || what.engines}
			if !strings.ContainsAny(name, "*?") {
				action, known := catalog.Default().Action(name)
				if known && but[action.Name] {
					continue
				}
				if !pattern || !known {
					all = append(all, &one)
					continue
				}
				asked := one.everywhere(action)
				if asked == nil {
					faults = append(faults, nowhere(action, what.target.Resource))
				}
				all = append(all, asked...)
				continue
			}
			one.byPattern = true
			before := len(all)
			for _, action := range catalog.Default().Expand(name) {
				one := one
				one.action = action.Name
				switch {
				case but[action.Name]:
				case pattern:
					all = append(all, one.everywhere(action)...)
				case worksOn(action, what.target.Resource):
					all = append(all, &one)
				}
			}
			if len(all) == before && len(but) == 0 {
				faults = append(faults, fmt.Sprintf("no action that the catalogue knows matches %q and works on %s", name, what.target.Resource))
			}
		}
	}
	if len(all) == 0 && len(but) > 0 && faults == nil {
		faults = append(faults, "no action is left: the assertion would hold whatever the policies say")
	}
	return all, faults
}

// meant ends a message on a wrong name with what is nearest to it.
func meant(nearest string) string {
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", nearest)
}

// everywhere is the request on every resource that the pattern of resources
// stands for: on one of which only the beginning is known, and on "*" where the
// action is asked for so.
func (r *request) everywhere(action *policy.ServiceAction) []*request {
	var all []*request
	begins := strings.TrimSuffix(r.target.Resource, "*")
	required, some := false, false
	for _, resource := range action.Resources {
		required = required || resource.Required
		some = some || slices.ContainsFunc(resource.Type.Formats, func(format string) bool { return canBegin(format, begins) })
	}
	if !required && begins == "" {
		without := *r
		all = append(all, &without)
	}
	if some {
		with := *r
		with.target.Unknown = true
		with.target.Resource = begins
		all = append(all, &with)
	}
	return all
}

// nowhere says that the action is asked for on no resource of the pattern.
func nowhere(action *policy.ServiceAction, pattern string) string {
	if len(action.Resources) == 0 {
		return fmt.Sprintf("%s has no resource types, and AWS asks for it on * only: write %q, not %q", action.Name, "*", pattern)
	}
	var formats []string
	for _, resource := range action.Resources {
		formats = append(formats, resource.Type.Formats...)
	}
	return fmt.Sprintf("no resource of %s begins as %q does: it works on %s", action.Name, pattern, strings.Join(formats, ", "))
}

// canBegin reports whether an ARN of the format can begin so. A placeholder
// stands for anything, in the first five fields for anything without a colon.
func canBegin(format, begins string) bool {
	if format == "" || begins == "" {
		return begins == ""
	}
	end := 0
	switch {
	case strings.HasPrefix(format, "${"):
		end = strings.IndexByte(format, '}') + 1
	case format[0] == '*':
		end = 1
	case format[0] == begins[0]:
		return canBegin(format[1:], begins[1:])
	}
	if end == 0 {
		return false
	}
	inField := strings.Contains(format[end:], ":")
	for i := range len(begins) {
		if canBegin(format[end:], begins[i:]) {
			return true
		}
		if inField && begins[i] == ':' {
			return false
		}
	}
	return true // it goes on within what the placeholder stands for
}

func worksOn(action *policy.ServiceAction, resource string) bool {
	if resource == "*" {
		for _, r := range action.Resources {
			if r.Required {
				return false
			}
		}
		return true
	}
	for _, r := range action.Resources {
		if catalog.Default().Fits(r.Type, resource) {
			return true
		}
	}
	return false
}

// unloaded is what an assertion says of a Who that is not loaded.
func (w *Who) unloaded() string {
	return cmp.Or(w.missing, "nobody is asked about: the principal is not loaded")
}

// unloaded is what an assertion says of a What that is not loaded.
func (w *What) unloaded() string {
	return cmp.Or(w.missing, "nothing is asked about: the resource is not loaded")
}
