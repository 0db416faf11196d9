package iamtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/internal/plausible"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy/catalog"
)

// mistyped tells where no resource of AWS has such an ARN. What a typo names is
// denied whatever the policies say.
func (r *request) mistyped() []string {
	resource := r.target.Resource
	if resource == "*" {
		return nil
	}
	if !r.asIs && strings.ContainsAny(resource, "*?") {
		return []string{fmt.Sprintf("a request names one resource, and a star in it is a character like any other (B-19): name one in place of %s, or ask CannotAny about all that begin so", spelling.Quote(resource))}
	}
	fields := strings.SplitN(resource, ":", 6)
	if r.target.Unknown {
		fields = fields[:len(fields)-1] // the last goes on
	}
	var faults []string
	wrong := func(field, what string) {
		faults = append(faults, fmt.Sprintf("%s in %s is no %s", spelling.Quote(field), spelling.Quote(resource), what))
	}
	if len(fields) > 1 && !slices.Contains(plausible.Partitions(), fields[1]) {
		wrong(fields[1], "partition"+spelling.Suggestion(fields[1], plausible.Partitions()))
	}
	if len(fields) > 3 && !plausible.IsRegion(fields[3]) && !r.hasField(3, fields[3]) {
		wrong(fields[3], "region, such as us-east-1")
	}
	if len(fields) > 4 && !plausible.IsOwner(fields[4]) && !r.hasField(4, fields[4]) {
		wrong(fields[4], "account, which has 12 digits")
	}
	return faults
}

// hasField: the resources of the action have this text where others have a
// region or an account.
func (r *request) hasField(i int, text string) bool {
	action, ok := catalog.Default().Action(r.action)
	if !ok {
		return false
	}
	for _, resource := range action.Resources {
		for _, format := range resource.Type.Formats {
			if fields := strings.SplitN(format, ":", 6); len(fields) > i && fields[i] == text {
				return true
			}
		}
	}
	return false
}

// mistypedService tells where a name is surely meant to be another service
// principal; "" elsewhere.
func mistypedService(name string) string {
	near, why := plausible.ServicePrincipal(catalog.Default(), name)
	switch why {
	case plausible.UpperCase:
		return fmt.Sprintf("service principals are in lower case: write %q, not %s", near, spelling.Quote(name))
	case plausible.Misspelt:
		return fmt.Sprintf("%s is no service principal%s", spelling.Quote(name), meant(near))
	}
	return ""
}
