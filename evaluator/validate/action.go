package validate

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/internal/plausible"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// names finds what the statement names and nobody defines.
func (c *checker) names() {
	plausible.Statement(&c.catalog, c.st, func(f plausible.Fault) {
		switch f.Kind {
		case plausible.UnknownAction:
			c.unknownAction(f)
		case plausible.OtherService:
			c.report("RESOURCE_OF_OTHER_SERVICE", c.at("Resource", f.Index), "%s is no resource of %s", spelling.Quote(f.Name), strings.Join(c.st.Action, ", "))
		case plausible.UnknownKey:
			c.unknownKey(&c.st.Condition[f.Index])
		case plausible.MismatchedValues:
			c.mismatched(&c.st.Condition[f.Index], f.Key)
		}
	})
}

func (c *checker) unknownAction(f plausible.Fault) {
	service, _, _ := strings.Cut(f.Name, ":")
	nearest := c.catalog.NearestAction(f.Name)
	var r *found
	path := c.at(f.Element, f.Index)
	switch {
	case strings.ContainsAny(service, "*?") || c.catalog.HasService(service):
		r = c.report("INVALID_ACTION", path, "no service has the action %q%s", f.Name, meant(nearest))
	default:
		r = c.report("INVALID_SERVICE_IN_ACTION", path, "no service has the prefix %q%s", service, meant(nearest))
	}
	if nearest != "" && f.Element == "Action" {
		if e := c.replace(r, nearest, "writes "+nearest); e != nil {
			e.Changes = true
		}
	}
}

func meant(nearest string) string {
	if nearest == "" {
		return ""
	}
	return "; did you mean " + spelling.Quote(nearest) + "?"
}

// actions finds what is odd about Action and NotAction as they are written.
func (c *checker) actions() {
	for element, values := range c.actionElements {
		if values != nil && len(values) == 0 {
			c.report("EMPTY_ARRAY_ACTION", c.at(element), "names no action: the statement does nothing")
		}
		for i, value := range values {
			service, _, ok := strings.Cut(value, ":")
			if ok && strings.ContainsAny(service, "*?") {
				c.report("WILDCARD_IN_SERVICE_NAME", c.at(element, i), "%s has a wildcard in the name of the service, and means services that are still to come, too", spelling.Quote(value))
			}
			if ok && c.v.ResourceType != "" && c.kind == policy.Resource {
				c.actionOfResource(element, i, service, value)
			}
		}
	}
	if c.st.Effect == policy.Allow {
		c.neverRequested()
	}
}

func (c *checker) actionElements(yield func(string, policy.Values) bool) {
	_ = yield("Action", c.st.Action) && yield("NotAction", c.st.NotAction)
}

// actionOfResource finds an action of another service than the resource that the
// policy is attached to.
func (c *checker) actionOfResource(element string, i int, service, value string) {
	if own := serviceOf(c.v.ResourceType); own != "" && c.catalog.HasService(own) && !fold.Equal(own, service) && !strings.ContainsAny(service, "*?") {
		c.report("UNSUPPORTED_ACTION_IN_POLICY", c.at(element, i), "%s has no place in the policy of an %s", spelling.Quote(value), c.v.ResourceType)
	}
}

// serviceOf is the service in the name of a type of resource: "s3" of
// "AWS::S3::Bucket".
func serviceOf(resourceType string) string {
	parts := strings.Split(resourceType, "::")
	if len(parts) != 3 {
		return ""
	}
	return strings.ToLower(parts[1])
}

// redundantActions finds actions that another value of the element covers.
func (c *checker) redundantActions() {
	for element, values := range c.actionElements {
		c.redundant(values, pattern.Text, pattern.Options{FoldCase: true}, func(i, by int) {
			f := c.report("REDUNDANT_ACTION", c.at(element, i), "%q is among %q already", values[i], values[by])
			c.remove(f, "removes the action")
		})
	}
}

// mostCompared is how many values of an element, the first, are compared with each
// other: more than a policy within AWS's quotas has.
const mostCompared = 2000

// redundant finds values that another one covers; of equals the later.
func (c *checker) redundant(values policy.Values, lang pattern.Language, o pattern.Options, yield func(i, by int)) {
	values = values[:min(len(values), mostCompared)]
	if len(values) < 2 {
		return
	}
	gone := make([]bool, len(values))
	for by, wide := range values {
		var p pattern.Pattern
		wild := strings.ContainsAny(wide, "*?")
		if wild {
			var err error
			if p, err = pattern.Compile(lang, wide, o); err != nil {
				continue // its faults are reported
			}
		}
		for i, narrow := range values {
			same := wide == narrow || o.FoldCase && fold.Equal(wide, narrow)
			if i == by || gone[i] || gone[by] || same && i < by || !same && !(wild && covers(&p, wide, narrow)) {
				continue
			}
			gone[i] = true
			yield(i, by)
		}
	}
}

// neverRequested finds an action that AWS asks for on none of the resources: on "*"
// alone, where they are all narrower, or on resources of other types.
func (c *checker) neverRequested() {
	if len(c.st.Resource) == 0 || hasStar(c.st.Resource) {
		return
	}
	for i, name := range c.st.Action {
		action, ok := c.catalog.Action(name)
		switch {
		case !ok:
		case len(action.Resources) == 0:
			c.report("RESOURCE_NEVER_REQUESTED", c.at("Action", i), `AWS asks for %s on "*" alone (B-14): on other resources it is never allowed`, action.Name)
		case action.Level != "Tagging" && c.ofOtherTypes(action):
			t := slices.MinFunc(action.Resources, func(a, b policy.ActionResource) int { return len(a.Type.Formats[0]) - len(b.Type.Formats[0]) }).Type
			c.report("RESOURCE_NEVER_REQUESTED", c.at("Action", i), `AWS asks for %s on a %s, such as %s: no resource of the statement can be one`, action.Name, t.Name, t.Formats[0])
		}
	}
}

// ofOtherTypes reports whether each Resource is of a type of the action's service,
// but of none that AWS asks for the action on. What the Service Authorization
// Reference says of elasticloadbalancing, which has two pages, and of tags is not all.
func (c *checker) ofOtherTypes(action *policy.ServiceAction) bool {
	service, _, _ := strings.Cut(action.Name, ":")
	if service == "elasticloadbalancing" {
		return false
	}
	return !slices.ContainsFunc(c.st.Resource, func(resource string) bool {
		of := func(t *policy.ResourceType) bool { return c.canBe(t, resource) }
		if slices.ContainsFunc(action.Resources, func(r policy.ActionResource) bool { return of(r.Type) }) {
			return true
		}
		for t := range c.catalog.ResourceTypes(service) {
			if of(t) {
				return false
			}
		}
		return true
	})
}

// canBe reports whether a pattern can match a resource of a type.
func (c *checker) canBe(t *policy.ResourceType, resource string) bool {
	resource = anyValue(resource) // of policy variables, whose names may have a slash
	switch {
	case !strings.ContainsAny(resource, "*?"):
		return c.catalog.Fits(t, resource)
	case t.Service == "s3" && t.Name == "bucket" && strings.Contains(resource, "/"):
		return false // the name of a bucket has none
	}
	fields := pattern.Split(resource)
	return fields.Field(5) == "" || slices.ContainsFunc(t.Formats, func(format string) bool {
		of := pattern.Split(anyValue(format))
		for i := 1; i <= 5; i++ {
			if !overlap(of.Field(i), fields.Field(i)) {
				return false
			}
		}
		return true
	})
}
