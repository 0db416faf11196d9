package awscli

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/policy"
)

// organization reads describe-organization.
func (p *page) organization() { p.organizationOf(p.members["Organization"]) }

func (p *page) organizationOf(e member) {
	o := account.Organization{
		ID: e.Get("Id").Str, ManagementAccount: e.Get("MasterAccountId").Str,
		AllFeatures: e.Get("FeatureSet").Str == "ALL", Source: e.source,
	}
	if o.ID == "" || !arn.IsAccountID(o.ManagementAccount) || !slices.Contains([]string{"ALL", "CONSOLIDATED_BILLING"}, e.Get("FeatureSet").Str) {
		p.fault(e, "an organization has Id, MasterAccountId and FeatureSet, ALL or CONSOLIDATED_BILLING")
		return
	}
	p.builder.AddOrganization(o)
}

// root reads a root of list-roots.
func (p *page) root(e member) {
	n := account.Node{ID: e.Get("Id").Str, Name: e.Get("Name").Str, Known: account.Parent, Source: e.source}
	if parts := strings.Split(e.Get("Arn").Str, "/"); len(parts) == 3 {
		n.Organization = parts[1] // arn:aws:organizations::999999999999:root/o-a1b2c3d4e5/r-ab12
	}
	if types := e.Get("PolicyTypes"); types.Exists() {
		n.Known |= account.PolicyTypes
		p.all(member{types, e.source, e.name + ".PolicyTypes"}, func(v member) {
			kind := kindOfType(v.Get("Type").Str)
			// A type that is being enabled or disabled may count or not.
			switch status := v.Get("Status").Str; {
			case kind == 0:
			case status == "ENABLED":
				n.Enabled = append(n.Enabled, kind)
			default:
				p.note("policies of type %s are %s, and taken not to count", v.Get("Type").Str, status)
			}
		})
	}
	p.node(n)
}

// unit reads an organizational unit, whose parent its path or the file's name says.
func (p *page) unit(e member) {
	p.child(e, account.Node{ID: e.Get("Id").Str, Name: e.Get("Name").Str, Source: e.source}, e.Get("Path").Str)
}

// accountOf reads an account of an organization.
func (p *page) accountOf(e member) {
	state := e.Get("State").Str
	if state == "" {
		state = e.Get("Status").Str
	}
	n := account.Node{ID: e.Get("Id").Str, Name: e.Get("Name").Str, Inactive: state != "" && state != "ACTIVE", Source: e.source}
	if n.Inactive {
		p.note("account %s is %s", n.ID, state)
	}
	p.child(e, n, e.Get("Paths.0").Str)
}

// child adds a node whose parent stands in a path, or is what the file's name ends
// in.
func (p *page) child(e member, n account.Node, path string) {
	if !isNode(n.ID) {
		p.fault(e, "Id is that of an organizational unit or an account")
		return
	}
	steps := slices.DeleteFunc(strings.Split(path, "/"), func(s string) bool { return s == "" || s == n.ID })
	switch {
	case len(steps) > 1:
		n.Parent, n.Known = steps[len(steps)-1], account.Parent
	case nodeIn(base(p.file)) != "" && nodeIn(base(p.file)) != n.ID:
		n.Parent, n.Known = nodeIn(base(p.file)), account.Parent
	}
	p.node(n)
}

// node adds a node.
func (p *page) node(n account.Node) {
	p.found = append(p.found, n.ID)
	p.builder.AddNode(n)
}

// related reads list-children and list-parents, of the node that the file's name
// ends in.
func (p *page) related(e member) {
	of, id := nodeIn(base(p.file)), e.Get("Id").Str
	switch {
	case of == "":
		p.fault(e, "the answer does not say of which root, organizational unit or account it is: let the file's name end in the id, as in children-of-ou-ab12-cd34ef56.json")
	case strings.HasPrefix(e.name, "Parents"):
		p.node(account.Node{ID: of, Parent: id, Known: account.Parent, Source: e.source})
	default:
		p.node(account.Node{ID: id, Parent: of, Known: account.Parent, Source: e.source})
	}
}

// attachments reads list-policies-for-target, of the node that the file's name
// ends in. One that ends in none lists the policies that there are.
func (p *page) attachments() {
	n := account.Node{ID: nodeIn(base(p.file)), Source: p.at(p.place)}
	if n.ID == "" {
		if len(p.summaries) > 0 {
			p.note("lists policies of an organization, and says of no root, organizational unit or account that it has them: let the file's name end in the id, as in scps-of-ou-ab12-cd34ef56.json")
		}
		return
	}
	for _, e := range p.summaries {
		switch kindOfSummary(e.Result) {
		case policy.SCP:
			n.SCPs, n.Known = append(n.SCPs, e.Get("Id").Str), n.Known|account.SCPs
		case policy.RCP:
			n.RCPs, n.Known = append(n.RCPs, e.Get("Id").Str), n.Known|account.RCPs
		}
	}
	if name := strings.ToLower(base(p.file)); len(p.summaries) == 0 {
		switch {
		case strings.Contains(name, "scp"), strings.Contains(name, "service_control"):
			n.Known = account.SCPs
		case strings.Contains(name, "rcp"), strings.Contains(name, "resource_control"):
			n.Known = account.RCPs
		default:
			p.note("an empty list of policies does not say of which type: let the file's name begin with scps or rcps")
		}
	}
	if part := n.Known; !p.whole(n.ID) {
		n.Known = 0
		if !p.truncated() {
			p.later(func(r *Reader) { r.builder.AddPart(n.ID, part) })
		}
	}
	p.node(n)
}

// target reads an element of list-targets-for-policy, of the policy in whose id
// the file's name ends.
func (p *page) target(e member) {
	name := base(p.file)
	i := strings.LastIndex("-"+name, "-p-")
	if i < 0 {
		p.fault(e, "the answer does not say of which policy it is: let the file's name end in the id, as in targets-of-p-1a2b3c4d.json")
		return
	}
	id, n := name[i:], account.Node{ID: e.Get("TargetId").Str, Source: e.source}
	p.later(func(r *Reader) {
		switch r.kinds[id] {
		case policy.SCP:
			n.SCPs = []string{id}
		case policy.RCP:
			n.RCPs = []string{id}
		default:
			p.fault(e, "policy %s was not read: give the answer of describe-policy", id)
			return
		}
		r.builder.AddNode(n)
	})
}

// control reads describe-policy.
func (p *page) control(e member) {
	summary, content := e.Get("PolicySummary"), member{e.Get("Content"), e.source, e.name + ".Content"}
	c := account.OrganizationPolicy{
		ID: summary.Get("Id").Str, ARN: summary.Get("Arn").Str, Name: summary.Get("Name").Str,
		Kind: kindOfSummary(summary), Source: e.source,
	}
	switch {
	case c.ID == "":
		p.fault(e, "has no PolicySummary with Id")
	case c.Kind == 0:
		p.note("policy %s is of type %s, which decides nothing", c.ID, summary.Get("Type").Str)
	default:
		if c.Document = p.document(content, c.Name); c.Document != nil {
			p.kinds[c.ID] = c.Kind
			p.builder.AddOrganizationPolicy(c)
		}
	}
}

// kindOfSummary is the kind of a policy of an organization, by its type or its ARN;
// 0 for one that decides nothing.
func kindOfSummary(v gjson.Result) policy.Kind {
	if t := v.Get("Type").Str; t != "" {
		return kindOfType(t)
	}
	for _, step := range strings.Split(v.Get("Arn").Str, "/") {
		if kind := kindOfType(strings.ToUpper(step)); kind != 0 {
			return kind
		}
	}
	return 0
}

func kindOfType(t string) policy.Kind {
	switch t {
	case "SERVICE_CONTROL_POLICY":
		return policy.SCP
	case "RESOURCE_CONTROL_POLICY":
		return policy.RCP
	}
	return 0
}
