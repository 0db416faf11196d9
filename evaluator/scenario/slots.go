package scenario

import (
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/load"
	"github.com/iamsim/iamsim/policy/read"
)

var (
	slots         = members()
	policyMembers = []string{"name", "arn", "document"}
)

// resources is the member of "policies" that has those of the further resources
// of a call.
const resources = "resources"

// members of "policies".
func members() []string {
	var names []string
	for l := range policy.Layers() {
		if names = append(names, l.String()); l == policy.ResourceLayer {
			names = append(names, resources)
		}
	}
	return names
}

// policies reads slots, which replace those of the defaults, each as a whole. Null
// or an empty array takes a slot away.
func (d *decoder) policies(v gjson.Result, path string, s *Scenario) {
	d.members(v, path, slots, func(name, path string, v gjson.Result) {
		if name == resources {
			s.Resources = d.byResource(v, path)
			return
		}
		var layer policy.Layer
		if err := layer.UnmarshalText([]byte(name)); err != nil { // which cannot be: it is a member
			d.add(v, path, "%s", err)
			return
		}
		s.Policies = s.Policies.WithLevels(layer, d.layerPolicies(v, path, layer.Form())...)
	})
}

// layerPolicies are the policies of a layer by slot.
func (d *decoder) layerPolicies(v gjson.Result, path string, form policy.Form) [][]policy.Attached {
	var list []policy.Attached
	switch form {
	case policy.LevelsForm:
		return d.levels(v, path)
	case policy.SingleForm:
		list = d.single(v, path)
	default:
		list = d.list(v, path)
	}
	if form == policy.ListForm {
		return slices.Collect(slices.Chunk(list, 1))
	}
	if list == nil {
		return nil
	}
	return [][]policy.Attached{list}
}

// list is an array of policies, or one.
func (d *decoder) list(v gjson.Result, path string) []policy.Attached {
	if v.Type == gjson.Null {
		return nil
	}
	if !v.IsArray() {
		return d.policy(v, path)
	}
	var list []policy.Attached
	d.elements(v, path, "", func(path string, v gjson.Result) {
		list = append(list, d.policy(v, path)...)
	})
	return list
}

// byResource is an object from ARNs to policies.
func (d *decoder) byResource(v gjson.Result, path string) map[string][]policy.Attached {
	if v.Type == gjson.Null {
		return nil
	}
	all := make(map[string][]policy.Attached)
	d.entries(v, path, func(key, v gjson.Result) {
		if policies := d.list(v, join(path, key.Str)); policies != nil {
			all[key.Str] = policies
		}
	})
	return all
}

func (d *decoder) single(v gjson.Result, path string) []policy.Attached {
	if v.Type == gjson.Null || v.IsArray() && len(v.Array()) == 0 {
		return nil
	}
	list := d.policy(v, path)
	if len(list) > 1 {
		d.add(v, path, "has room for one policy, and the folder %s has %d", spelling.Quote(v.Str), len(list))
	}
	return list
}

func (d *decoder) levels(v gjson.Result, path string) [][]policy.Attached {
	if v.Type == gjson.Null {
		return nil
	}
	var levels [][]policy.Attached
	d.elements(v, path, "an array of levels, each an array of policies", func(path string, v gjson.Result) {
		if !v.IsArray() {
			d.wrongType(v, path, `a level, which is an array of policies, as in [["root.json"], ["account.json"]]`)
			return
		}
		var level []policy.Attached
		d.elements(v, path, "", func(path string, v gjson.Result) {
			level = append(level, d.policy(v, path)...)
		})
		levels = append(levels, level)
	})
	return levels
}

// policy is a path, a bare document, a document with a name, or an AWS managed
// policy. A folder is several.
func (d *decoder) policy(v gjson.Result, path string) []policy.Attached {
	p := policy.Attached{Name: slotOf(path)}
	switch {
	case isManaged(v):
		d.managed(v, path, &p)
	case v.Type == gjson.String && !load.IsText(v.Str):
		return d.load(v, path)
	case v.Type == gjson.String:
		p.Document = d.inline(v, path)
	case !v.IsObject():
		d.wrongType(v, path, `a policy: a path, a document, an object with name and document, or {"managed": "AWSLambda_FullAccess"}`)
	case slices.ContainsFunc(policyMembers, func(member string) bool { return v.Get(member).Exists() }):
		d.members(v, path, policyMembers, func(name, path string, v gjson.Result) {
			switch name {
			case "name":
				p.Name = d.string(v, path)
			case "arn":
				p.ARN = d.string(v, path)
			case "document":
				p.Document = d.named(v, path)
			}
		})
		if !v.Get("document").Exists() {
			d.add(v, path, `has no "document"`)
		}
	default:
		p.Document = d.inline(v, path)
	}
	return []policy.Attached{p}
}

// slotOf is the path without what stands before the slot: "scp[1][0]".
func slotOf(path string) string {
	return path[strings.Index(path, "policies.")+len("policies."):]
}

// named is the document of a policy that is given a name.
func (d *decoder) named(v gjson.Result, path string) *policy.Document {
	if v.Type != gjson.String || load.IsText(v.Str) {
		return d.inline(v, path)
	}
	list := d.load(v, path)
	if len(list) > 1 {
		d.add(v, path, "is one document, and the folder %s has %d", spelling.Quote(v.Str), len(list))
	}
	return list[0].Document
}

// inline is a policy that stands in the scenario's file, as an object or, in any
// form that policies have, as a string.
func (d *decoder) inline(v gjson.Result, path string) *policy.Document {
	at := d.at(v.Index)
	found, err := read.Part(d.file, v.Raw, at.line, at.column)
	if err != nil {
		d.faults = append(d.faults, inline(err, path, at)...)
		return nil
	}
	return found.Document
}

// load are the policies that a string names, one or more; after a fault one
// without document.
func (d *decoder) load(v gjson.Result, path string) []policy.Attached {
	policies, err := d.folder.load(v.Str)
	if err != nil {
		var faults policy.Errors
		if errors.As(err, &faults) {
			d.faults = append(d.faults, err) // has the policy's own file and lines
		} else {
			d.caused(v, path, err)
		}
		return []policy.Attached{{Name: v.Str}}
	}
	list := make([]policy.Attached, len(policies))
	for i := range policies {
		list[i] = policies[i].Attached
	}
	return list
}

// placed are the policies of the request, each with its place as From, those of
// the resource at the layer that they are of.
func (s *Scenario) placed() policy.Policies {
	var placed policy.Policies
	for slot, documents := range s.Policies.All() {
		documents = slices.Clone(documents)
		for i := range documents {
			documents[i].From = slot.Path(i)
		}
		placed = placed.With(slot, documents...)
	}
	if s.Request.resourceKind() == policy.Trust {
		placed = placed.WithLevels(policy.TrustLayer, placed.Levels(policy.ResourceLayer)...)
	}
	return placed
}

// placedOf are the policies of a further resource.
func (s *Scenario) placedOf(resource string) policy.Policies {
	layer := policy.ResourceLayer
	if policy.OfResource(resource) == policy.Trust {
		layer = policy.TrustLayer
	}
	var placed policy.Policies
	for i, a := range s.Resources[resource] {
		a.From = element(join(resources, resource), i)
		placed = placed.With(layer.At(i), a)
	}
	return placed
}

// all are all policies with their kinds and, as From, their places.
func (s *Scenario) all() iter.Seq2[policy.Kind, policy.Attached] {
	return func(yield func(policy.Kind, policy.Attached) bool) {
		each := func(p policy.Policies) bool {
			for slot, list := range p.All() {
				kind := p.Kind(slot)
				for _, a := range list {
					if !yield(kind, a) {
						return false
					}
				}
			}
			return true
		}
		if !each(s.placed()) {
			return
		}
		for _, resource := range slices.Sorted(maps.Keys(s.Resources)) {
			if !each(s.placedOf(resource)) {
				return
			}
		}
	}
}

// memberOf is the member of "policies" in which a place is: "scp" of
// "scp[1][0]".
func memberOf(place string) string {
	if i := strings.IndexAny(place, "[."); i >= 0 {
		return place[:i]
	}
	return place
}

// check holds each policy against the rules of its slot (A.6).
func (d *decoder) check(path string, s *Scenario) {
	for kind, a := range s.all() {
		err := a.Document.Check(kind)
		switch {
		case err == nil:
		case a.Document.Name() != d.file:
			d.faults = append(d.faults, err)
		default:
			d.faults = append(d.faults, inline(err, join(path, "policies."+a.From), position{s.Line, s.Column})...)
		}
	}
}

// resourceKind is the kind of the resource's own policies: for the actions that
// assume a role, its trust policy (E-50, E-54).
func (r *Request) resourceKind() policy.Kind {
	action := r.Action
	switch {
	case r.Call != nil:
		action = "sts:" + strings.TrimPrefix(r.Call.Operation, "sts:")
	case !r.ResourceUnknown && !strings.Contains(r.Resource, ":role/"):
		return policy.Resource
	}
	if law.AssumesRole(action) {
		return policy.Trust
	}
	return policy.Resource
}
