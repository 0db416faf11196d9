package awscli

import (
	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/policy"
)

// group reads a group of list-groups or get-group. In list-groups-for-user, whose
// file's name ends in that of the user, it is one of the user's.
func (p *page) group(e member) {
	p.summary(e)
	name := e.Get("GroupName").Str
	if e.name == "Group" { // get-group lists its users
		p.later(func(r *Reader) {
			for _, of := range p.found {
				if a, _ := arn.Parse(of); a.Type() == "user" {
					r.builder.AddIdentity(account.Identity{ARN: of, Groups: []string{name}, Source: e.source})
				}
			}
		})
		return
	}
	p.later(func(r *Reader) {
		if user, ok := r.identities.in(base(p.file), "user"); ok {
			r.builder.AddIdentity(account.Identity{ARN: user, Groups: []string{name}, Source: e.source})
			r.builder.AddPart(user, account.Membership)
		}
	})
}

// inlineOf reads get-role-policy and the like: an inline policy of an identity by
// its name.
func (p *page) inlineOf(kind, nameMember string) {
	name := p.members["PolicyName"].Str
	d := p.document(p.members["PolicyDocument"], name)
	if d == nil {
		return
	}
	of := p.members[nameMember]
	p.named(of, kind, of.Str, account.Identity{Inline: []policy.Attached{{Name: name, Document: d}}, Source: of.source})
}

// policyNames reads list-role-policies and the like: with it, the inline policies
// of an identity are known, if each was read.
func (p *page) policyNames() {
	e := p.members["PolicyNames"]
	var names []string
	p.all(e, func(v member) { names = append(names, p.text(v)) })
	p.later(func(r *Reader) {
		of, ok := r.identities.in(base(p.file), "user", "group", "role")
		if !ok {
			p.nobody(e)
			return
		}
		if p.truncated() {
			return
		}
		p.later(func(r *Reader) { r.builder.AddInlineNames(of, names, e.source) }) // when all are added
	})
}

// attachedPolicies reads list-attached-role-policies and the like.
func (p *page) attachedPolicies() {
	e := p.members["AttachedPolicies"]
	list := p.attached(e)
	p.later(func(r *Reader) {
		of, ok := r.identities.in(base(p.file), "user", "group", "role")
		if !ok {
			p.nobody(e)
			return
		}
		i := account.Identity{ARN: of, Managed: list, Source: e.source}
		if p.whole(of) {
			i.Known = account.ManagedPolicies
		}
		r.builder.AddIdentity(i)
		if !p.truncated() {
			p.later(func(r *Reader) { r.builder.AddPart(of, account.ManagedPolicies) })
		}
	})
}

// nobody is the fault of an answer that does not say of whom it is.
func (p *page) nobody(e member) {
	p.fault(e, "the answer does not say whose it is: let the file's name end in that of the user, group or role, as in attached-policies-deploy.json, and give the answer of get-role too")
}

// named adds parts of the only identity of a kind with a name.
func (p *page) named(e member, kind, name string, i account.Identity) {
	p.later(func(r *Reader) {
		found := r.identities.of(name, kind)
		switch len(found) {
		case 1:
			i.ARN = found[0]
			r.builder.AddIdentity(i)
		case 0:
			p.fault(e, "%s %s was not read: give the answer of get-%s, which has its ARN", kind, name, kind)
		default:
			p.fault(e, "there are several %ss %s, and the answer does not say of which account", kind, name)
		}
	})
}

// policyVersion reads get-policy-version, of the policy in whose name the file's
// name ends.
func (p *page) policyVersion() {
	e := p.members["PolicyVersion"]
	id := e.Get("VersionId").Str
	p.later(func(r *Reader) {
		of, ok := r.policies.in(base(p.file), "policy")
		if !ok {
			p.fault(e, "the answer does not say of which policy it is: let the file's name end in that of the policy, and give the answer of get-policy too")
			return
		}
		a, _ := arn.Parse(of)
		d := p.document(member{e.Get("Document"), e.source, e.name + ".Document"}, a.Name()+" "+id)
		m := account.ManagedPolicy{ARN: of, Source: e.source}
		if d != nil {
			m.Versions = []account.Version{{ID: id, Document: d}}
		}
		if e.Get("IsDefaultVersion").Bool() {
			m.Default = id
		}
		r.builder.AddPolicy(m)
	})
}

// onePolicy tells apart the answers with one member Policy: get-policy of IAM,
// describe-policy of AWS Organizations, and policies of resources.
func (p *page) onePolicy() {
	e := p.members["Policy"]
	switch {
	case e.Get("PolicySummary").Exists():
		p.control(e)
	case e.IsObject() && e.Get("DefaultVersionId").Exists():
		p.policy(e)
	default:
		p.resourcePolicy()
	}
}

// tagsOf reads list-tags of Lambda and the like, of the function, role or user in
// whose name the file's name ends.
func (p *page) tagsOf() {
	e := p.members["Tags"]
	tags := p.tags(e)
	p.later(func(r *Reader) {
		if of, ok := r.functions.in(base(p.file), "function"); ok {
			r.builder.AddResource(account.Resource{ARN: of, Tags: tags, Known: account.Tags, Source: e.source})
			return
		}
		if of, ok := r.identities.in(base(p.file), "user", "group", "role"); ok {
			r.builder.AddIdentity(account.Identity{ARN: of, Tags: tags, Known: account.Tags, Source: e.source})
			return
		}
		p.fault(e, "the answer does not say whose tags they are: let the file's name end in that of the function, user or role")
	})
}
