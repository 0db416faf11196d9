package awscli

import (
	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/policy"
)

// tree reads the one file of our own: an organization as a whole, put together
// from the answers of AWS Organizations, which do not say of whom they are.
//
//	{"organization": {"Id": "o-…", "MasterAccountId": "…", "FeatureSet": "ALL"},
//	 "root": {"Id": "r-…", "PolicyTypes": […], "policies": ["p-…"], "accounts": ["111111111111"],
//	   "children": [{"Id": "ou-…", "Name": "Prod", "policies": ["p-…"], "accounts": ["…"], "children": []}]},
//	 "accounts": {"222222222222": {"policies": ["p-…"]}},
//	 "policies": {"p-…": {as in describe-policy}}}
//
// Policies of a node are of both types; an account that "accounts" lacks has none
// of its own known.
func (p *page) tree() {
	p.organizationOf(p.members["organization"])
	policies := p.members["policies"]
	policies.ForEach(func(id, v gjson.Result) bool {
		p.control(member{v, policies.source, "policies." + id.Str})
		return true
	})
	root := p.members["root"]
	p.root(root)
	p.branch(root, "")
	accounts := p.members["accounts"]
	accounts.ForEach(func(id, v gjson.Result) bool {
		p.held(member{v, accounts.source, "accounts." + id.Str}, account.Node{ID: id.Str, Source: accounts.source})
		return true
	})
}

// branch reads a root or an organizational unit, and what stands below it.
func (p *page) branch(e member, parent string) {
	n := account.Node{ID: e.Get("Id").Str, Name: e.Get("Name").Str, Parent: parent, Source: e.source}
	if parent != "" {
		n.Known = account.Parent
	}
	if !isNode(n.ID) {
		p.fault(e, "Id is that of a root or an organizational unit")
		return
	}
	p.held(e, n)
	accounts := member{e.Get("accounts"), e.source, e.name + ".accounts"}
	if accounts.Exists() {
		p.all(accounts, func(v member) {
			p.node(account.Node{ID: p.text(v), Parent: n.ID, Known: account.Parent, Source: e.source})
		})
	}
	children := member{e.Get("children"), e.source, e.name + ".children"}
	if children.Exists() {
		p.all(children, func(v member) { p.branch(v, n.ID) })
	}
}

// held adds a node with the policies that are attached to it.
func (p *page) held(e member, n account.Node) {
	policies := member{e.Get("policies"), e.source, e.name + ".policies"}
	if policies.Exists() {
		n.Known |= account.SCPs | account.RCPs
		p.all(policies, func(v member) {
			id := p.text(v)
			switch p.kindOfID(id) {
			case account.SCPs:
				n.SCPs = append(n.SCPs, id)
			case account.RCPs:
				n.RCPs = append(n.RCPs, id)
			default:
				p.fault(v, `policy %s is not among "policies"`, id)
			}
		})
	}
	p.node(n)
}

// kindOfID is the part of a node that a policy belongs to; 0 where its kind is not
// known.
func (p *page) kindOfID(id string) account.Part {
	kind := p.kinds[id]
	switch id {
	case "p-FullAWSAccess":
		kind = policy.SCP
	case "p-RCPFullAWSAccess":
		kind = policy.RCP
	}
	switch kind {
	case policy.SCP:
		return account.SCPs
	case policy.RCP:
		return account.RCPs
	}
	return 0
}
