package scenario

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
	"github.com/tidwall/gjson"
)

var (
	slots         = []string{"identity", "boundary", "session", "resource", "resources", "scp", "rcp", "endpoint"}
	policyMembers = []string{"name", "arn", "document"}
)

// slots of an object replace those of the defaults, each as a whole. Null or an
// empty array takes a slot away.
func (d *decoder) policies(v gjson.Result, path string, p *Policies) {
	d.members(v, path, slots, func(name, path string, v gjson.Result) {
		switch name {
		case "identity":
			p.Identity = d.list(v, path)
		case "boundary":
			p.Boundary = d.single(v, path)
		case "session":
			p.Session = d.list(v, path)
		case "resource":
			p.Resource = d.list(v, path)
		case "resources":
			p.Resources = d.byResource(v, path)
		case "scp":
			p.SCP = d.levels(v, path)
		case "rcp":
			p.RCP = d.levels(v, path)
		case "endpoint":
			p.Endpoint = d.single(v, path)
		}
	})
}

// list is an array of policies, or one.
func (d *decoder) list(v gjson.Result, path string) []Policy {
	if v.Type == gjson.Null {
		return nil
	}
	if !v.IsArray() {
		return []Policy{d.policy(v, path)}
	}
	var list []Policy
	d.elements(v, path, "", func(path string, v gjson.Result) {
		list = append(list, d.policy(v, path))
	})
	return list
}

// byResource is an object from ARNs to policies.
func (d *decoder) byResource(v gjson.Result, path string) []ResourcePolicies {
	if v.Type == gjson.Null {
		return nil
	}
	var all []ResourcePolicies
	d.entries(v, path, func(key, v gjson.Result) {
		if policies := d.list(v, join(path, key.Str)); policies != nil {
			all = append(all, ResourcePolicies{key.Str, policies})
		}
	})
	return all
}

func (d *decoder) single(v gjson.Result, path string) *Policy {
	if v.Type == gjson.Null || v.IsArray() && len(v.Array()) == 0 {
		return nil
	}
	p := d.policy(v, path)
	return &p
}

func (d *decoder) levels(v gjson.Result, path string) [][]Policy {
	if v.Type == gjson.Null {
		return nil
	}
	var levels [][]Policy
	d.elements(v, path, "an array of levels, each an array of policies", func(path string, v gjson.Result) {
		if !v.IsArray() {
			d.wrongType(v, path, `a level, which is an array of policies, as in [["root.json"], ["account.json"]]`)
			return
		}
		level := []Policy{}
		d.elements(v, path, "", func(path string, v gjson.Result) {
			level = append(level, d.policy(v, path))
		})
		levels = append(levels, level)
	})
	return levels
}

// policy is a path, a bare document, a document with a name, or an AWS managed
// policy.
func (d *decoder) policy(v gjson.Result, path string) Policy {
	p := Policy{Name: slotOf(path)}
	switch {
	case isManaged(v):
		d.managed(v, path, &p)
	case v.Type == gjson.String:
		p.Name = v.Str
		p.Document = d.load(v, path)
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
				if v.Type == gjson.String {
					p.Document = d.load(v, path)
					return
				}
				p.place = d.at(v.Index)
				p.Document = d.inline(v, path)
			}
		})
		if !v.Get("document").Exists() {
			d.add(v, path, `has no "document"`)
		}
	default:
		p.place = d.at(v.Index)
		p.Document = d.inline(v, path)
	}
	return p
}

// slotOf is the path without what stands before the slot: "scp[1][0]".
func slotOf(path string) string {
	return path[strings.Index(path, "policies.")+len("policies."):]
}

func (d *decoder) inline(v gjson.Result, path string) *policy.Document {
	doc, err := policy.ParseString(d.file, v.Raw)
	if err != nil {
		d.faults = append(d.faults, inline(err, d.file, path, d.at(v.Index))...)
		return nil
	}
	return doc
}

func (d *decoder) load(v gjson.Result, path string) *policy.Document {
	doc, err := d.folder.policy(v.Str)
	if _, faults := err.(policy.Errors); faults {
		d.faults = append(d.faults, err) // has the policy's own file and lines
		return nil
	}
	if err != nil {
		fault := d.fault(v.Index, path, err.Error())
		fault.err = err
		d.faults = append(d.faults, fault)
	}
	return doc
}

// A slotted policy is a policy and its slot.
type slotted struct {
	*Policy
	slot string
	path string // within "policies": "scp[1][0]"
	kind policy.Kind
}

// all visits every policy in its slot.
func (p *Policies) all(resource policy.Kind, visit func(slotted)) {
	list := func(slot, path string, kind policy.Kind, policies []Policy) {
		for i := range policies {
			visit(slotted{&policies[i], slot, element(path, i), kind})
		}
	}
	list("identity", "identity", policy.Identity, p.Identity)
	if p.Boundary != nil {
		visit(slotted{p.Boundary, "boundary", "boundary", policy.Boundary})
	}
	list("session", "session", policy.Session, p.Session)
	list("resource", "resource", resource, p.Resource)
	for _, r := range p.Resources {
		list("resources", join("resources", r.ARN), policy.OfResource(r.ARN), r.Policies)
	}
	for i := range p.SCP {
		list("scp", element("scp", i), policy.SCP, p.SCP[i])
	}
	for i := range p.RCP {
		list("rcp", element("rcp", i), policy.RCP, p.RCP[i])
	}
	if p.Endpoint != nil {
		visit(slotted{p.Endpoint, "endpoint", "endpoint", policy.Endpoint})
	}
}

// check holds each policy against the rules of its slot (A.6).
func (d *decoder) check(path string, p *Policies, resource policy.Kind) {
	p.all(resource, func(s slotted) {
		err := s.Document.Check(s.kind)
		switch {
		case err == nil:
		case s.place == position{}:
			d.faults = append(d.faults, err)
		default:
			d.faults = append(d.faults, inline(err, d.file, join(path, "policies."+s.path), s.place)...)
		}
	})
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
