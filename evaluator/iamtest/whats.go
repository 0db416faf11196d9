package iamtest

import (
	"fmt"
	"slices"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/spelling"
)

// whats are the resources that are loaded beside a call or a matrix, which name
// theirs by ARN.
type whats []What

// what is the resource with this ARN, with what is loaded of it. A version or an
// alias has the tags of its function, and beside its own policy that of the
// function, of which those statements count whose Resource matches (B-34, D.3).
func (w whats) what(resource string) What {
	found := named(resource)
	if i := w.find(resource); i >= 0 {
		found = w[i]
	}
	i := w.find(unqualified(resource))
	if i < 0 {
		return found
	}
	function := w[i]
	target := function.target
	target.Resource, target.Policies = resource, slices.Concat(found.target.Policies, target.Policies)
	if found.target.Tags != nil {
		target.Tags = found.target.Tags
	}
	return What{
		target: target, texts: slices.Concat(found.texts, function.texts),
		loaded: true, engines: found.engines || function.engines,
	}
}

func (w whats) find(resource string) int {
	return slices.IndexFunc(w, func(what What) bool { return what.target.Resource == resource })
}

// faults are what of the resources has no say in what is asked, though it was
// given to have one.
func (w whats) faults(about string, asked []string) []string {
	var faults []string
	for i, what := range w {
		resource := what.target.Resource
		shown := spelling.Quote(resource)
		switch {
		case !what.loaded:
			faults = append(faults, what.unloaded())
		case w.find(resource) < i:
			faults = append(faults, fmt.Sprintf("%s stands in What twice", shown))
		case slices.Contains(asked, resource):
		case slices.ContainsFunc(asked, func(other string) bool { return unqualified(other) == resource }):
			if what.leavesOpen() {
				faults = append(faults, fmt.Sprintf("a policy of %s has a statement without Resource, which leaves open whether it counts for versions and aliases: write the Resource", shown))
			}
		default:
			faults = append(faults, fmt.Sprintf("%s asks nothing of %s, which stands in What%s", about, shown, meant(similar(resource, asked))))
		}
	}
	return faults
}

// leavesOpen: a statement of the resource's policies does not say on which
// resources.
func (w *What) leavesOpen() bool {
	for _, attached := range w.policies() {
		for _, s := range attached.Document.Statements {
			if s.Resource == nil && s.NotResource == nil {
				return true
			}
		}
	}
	return false
}

// similar is the nearest of the ARNs that are of the same kind of resource; ""
// for none.
func similar(resource string, others []string) string {
	this, _ := arn.Parse(resource)
	return spelling.Nearest(resource, slices.DeleteFunc(slices.Clone(others), func(other string) bool {
		that, err := arn.Parse(other)
		return err != nil || that.Service() != this.Service() || that.Type() != this.Type()
	}))
}

// unqualified is the ARN of the function of which the resource is a version or
// an alias; "" for another resource.
func unqualified(resource string) string {
	a, err := arn.Parse(resource)
	if err != nil || a.Service() != "lambda" || a.Type() != "function" || a.Qualifier() == "" {
		return ""
	}
	function := a.Unqualified().String()
	if resource != function+":"+a.Qualifier() {
		return "" // a durable execution
	}
	return function
}
