package scenario

import (
	"fmt"

	"github.com/tidwall/gjson"
)

// each yields the scenario of an object, or one of each pair where the object
// has lists of actions or resources.
func (d *decoder) each(v gjson.Result, path, name string, defaults Scenario, yield func(*Scenario, error) bool) bool {
	s, err := d.scenario(v, path, name, defaults)
	if err != nil {
		return yield(s, err)
	}
	for _, one := range s.multiply() {
		if !yield(one, nil) {
			return false
		}
	}
	return true
}

// multiply is the scenario once for each pair of its actions and resources, with
// the pair in the name.
func (s *Scenario) multiply() []*Scenario {
	r := &s.Request
	if r.actions == nil && r.resources == nil {
		return []*Scenario{s}
	}
	actions, resources := r.actions, r.resources
	if actions == nil {
		actions = []string{r.Action}
	}
	if resources == nil {
		resources = []string{r.Resource}
	}
	var all []*Scenario
	for _, action := range actions {
		for _, resource := range resources {
			one := *s
			one.Name = fmt.Sprintf("%s: %s on %s", s.Name, action, resource)
			one.Request.Action, one.Request.Resource = action, resource
			one.Request.actions, one.Request.resources = nil, nil
			all = append(all, &one)
		}
	}
	return all
}

// some reads a list that must not be empty: the case would hold for nothing.
func (d *decoder) some(v gjson.Result, path string) []string {
	list := d.strings(v, path)
	if v.IsArray() && len(v.Array()) == 0 {
		d.add(v, path, "must not be empty")
	}
	return list
}
