package terraform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
)

// principals reads users, groups and roles with their policies.
func (v *view) principals() {
	v.managedPolicies()
	v.all("aws_iam_role", v.role)
	v.all("aws_iam_user", func(x *instance) { v.entity(x, account.OfUser) })
	v.all("aws_iam_group", func(x *instance) { v.entity(x, account.OfGroup) })
	v.inline("aws_iam_role_policy", "role")
	v.inline("aws_iam_user_policy", "user")
	v.inline("aws_iam_group_policy", "group")
	v.attachments("aws_iam_role_policy_attachment", "role")
	v.attachments("aws_iam_user_policy_attachment", "user")
	v.attachments("aws_iam_group_policy_attachment", "group")
	v.attachmentsOfMany()
	v.memberships()
	for _, kind := range [...]string{"role", "user", "group"} {
		v.exclusive(kind)
	}
	v.permissionSets()
}

// managedPolicies reads aws_iam_policy, and those of AWS and of others that a data
// source has.
func (v *view) managedPolicies() {
	v.all("aws_iam_policy", func(x *instance) {
		of := concrete(v.arnOf(x))
		v.policies[of] = true
		if managed.IsARN(of) {
			return // which the snapshot has
		}
		p := account.ManagedPolicy{ARN: of, Address: x.address, Default: "v1", Source: v.source(x)}
		if d := v.document(x, policy.Identity, "policy"); d != nil {
			p.Versions = []account.Version{{ID: "v1", Document: d}}
		}
		v.builder.AddPolicy(p)
	})
}

// entity adds a user, a group or a role, and gives what is gathered of it. A data
// source does not have the policies of one.
func (v *view) entity(x *instance, known account.Part) *account.Identity {
	if x.isData() {
		known &= account.TrustPolicy | account.PermissionsBoundary | account.Tags
	}
	of := concrete(v.arnOf(x))
	i := v.identities[of]
	switch {
	case i == nil:
		i = &account.Identity{ARN: of}
		v.enter(i)
	case i.Address != "" && !x.isData():
		v.fault(x, fmt.Errorf("%s is that of %s too", of, i.Address))
		return i
	}
	if i.Address == "" || !x.isData() {
		i.Address, i.Source = x.address, v.source(x)
	}
	if name := v.arnOf(x); name.Holes() != nil {
		i.Begins = name.Prefix()
		v.report(name.Holes())
	}
	i.UniqueID = text(v.tree(x), "unique_id")
	own, whole := tags(v.tree(x))
	i.Tags = own
	i.Known |= known&^account.Tags | known&whole
	if boundary, ok := v.text(x, anARN, "permissions_boundary"); ok {
		if b, known := boundary.Value(); known {
			i.Boundary = b
			v.elsewhere(x, b)
		} else {
			i.Known &^= account.PermissionsBoundary
			v.unresolved(x, "permissions_boundary", boundary)
		}
	}
	return i
}

// tags are those of a resource with the default ones of its provider, and
// [account.Tags] where all are known.
func tags(tree any) (list []evaluator.Tag, known account.Part) {
	own, ok := at(tree, "tags_all").(map[string]any)
	if !ok {
		own, _ = at(tree, "tags").(map[string]any)
	}
	if known = account.Tags; at(tree, "tags") == (unknown{}) {
		known = 0
	}
	for key, value := range own {
		switch value := value.(type) {
		case string:
			list = append(list, evaluator.Tag{Key: key, Value: value})
		case unknown:
			known = 0
		}
	}
	slices.SortFunc(list, func(a, b evaluator.Tag) int { return strings.Compare(a.Key, b.Key) })
	return list, known
}

// role reads a role.
func (v *view) role(x *instance) {
	i := v.entity(x, account.OfRole)
	if d := v.document(x, policy.Trust, "assume_role_policy"); d != nil {
		i.Trust = d
	} else {
		i.Known &^= account.TrustPolicy
	}
	switch n := length(at(v.tree(x), "inline_policy")); {
	case n > 0:
		for n := range n {
			if d := v.document(x, policy.Identity, "inline_policy", n, "policy"); d != nil {
				name, _ := v.text(x, anything, "inline_policy", n, "name")
				v.putInline(i, policy.Attached{Name: concrete(name), Document: d})
			}
		}
	case n < 0 && x.config.expressions.Get("inline_policy").Exists():
		i.Known &^= account.InlinePolicies
		v.unresolved(x, "inline_policy", planned.Unknown(v.hole(x.address+".inline_policy", "")))
	}
	switch n := length(at(v.tree(x), "managed_policy_arns")); {
	case n > 0:
		for n := range n {
			v.attach(i, account.ManagedPolicies, x, "managed_policy_arns", n)
		}
	case n < 0 && x.config.expressions.Get("managed_policy_arns").Exists():
		i.Known &^= account.ManagedPolicies
		v.unresolved(x, "managed_policy_arns", planned.Unknown(v.hole(x.address+".managed_policy_arns", "")))
	}
}

// putInline adds an inline policy once: a role lists those of aws_iam_role_policy too.
func (v *view) putInline(i *account.Identity, a policy.Attached) {
	at := slices.IndexFunc(i.Inline, func(b policy.Attached) bool { return b.Name == a.Name })
	if at < 0 {
		i.Inline = append(i.Inline, a)
	} else {
		i.Inline[at] = a
	}
}

// attach attaches the managed policy that an attribute names.
func (v *view) attach(i *account.Identity, part account.Part, x *instance, steps ...any) {
	t, ok := v.text(x, anARN, steps...)
	if !ok {
		return
	}
	of, known := t.Value()
	if !known {
		i.Known &^= part
		v.unresolved(x, path(steps...), t)
		return
	}
	if !slices.Contains(i.Managed, of) {
		i.Managed = append(i.Managed, of)
	}
	v.elsewhere(x, of)
}

// elsewhere adds a managed policy that something refers to and that is not in the
// plan: what it says is not known.
func (v *view) elsewhere(x *instance, of string) {
	if v.policies[of] || managed.IsARN(of) {
		return
	}
	v.policies[of] = true
	v.builder.AddPolicy(account.ManagedPolicy{ARN: of, Source: v.source(x) + ": it is not in the plan"})
}

// unresolved reports a reference that leads to what is not known.
func (v *view) unresolved(x *instance, attribute string, t planned.Text) {
	for _, h := range t.Holes() {
		v.builder.AddGap(account.Gap{Of: x.address + "." + attribute, Part: account.Planned, Source: v.source(x), Mend: h.String() + ": " + h.Mend})
	}
}

// report tells once of each value that policies hang on.
func (v *view) report(holes []*planned.Hole) {
	for _, h := range holes {
		if !v.reported[h.Origin] {
			v.reported[h.Origin] = true
			v.builder.AddGap(account.Gap{Of: h.Origin, Part: account.Planned, Source: v.file, Mend: h.Why + ": " + h.Mend})
		}
	}
}

// whom are the users, groups or roles that an attribute names. Where it is not
// known which, the part is not known of any of those that it can be.
func (v *view) whom(x *instance, kind string, part account.Part, steps ...any) []*account.Identity {
	t, ok := v.text(x, aName, steps...)
	if !ok {
		return nil
	}
	if of, known := v.identityOf(x, kind, t); known {
		return []*account.Identity{of}
	}
	v.unresolved(x, path(steps...), t)
	e, _ := v.expression(x, v.tree(x), steps)
	var can []string
	for _, s := range v.sources(e, scope{x.module, x.key}, 0) {
		if s.instance != nil && s.instance.typ == "aws_iam_"+kind && v.tree(s.instance) != nil {
			can = append(can, concrete(v.arnOf(s.instance)))
		}
	}
	for _, of := range v.order {
		if i := v.identities[of]; i.Kind() == kind && (can == nil || slices.Contains(can, of)) {
			i.Known &^= part
		}
	}
	return nil
}

// identityOf is the user, group or role with a name or an ARN. One that is not in
// the plan is added: of it only what the plan attaches is known.
func (v *view) identityOf(x *instance, kind string, t planned.Text) (*account.Identity, bool) {
	name, known := t.Value()
	if !known { // a planned one may have a name that is not known
		name = concrete(t)
	}
	h := v.accountOf(x)
	if i := v.identities[name]; i != nil && i.Kind() == kind {
		return i, true
	}
	if i := v.named[nameKey(kind, h, name)]; i != nil {
		return i, true
	}
	if !known {
		return nil, false
	}
	of := name
	if !strings.HasPrefix(of, "arn:") {
		of = "arn:" + v.home(x).partition + ":iam::" + h + ":" + kind + "/" + name
	}
	i := &account.Identity{ARN: of, Source: v.source(x) + ": it is not in the plan"}
	v.enter(i)
	return i, true
}

// enter lists a user, a group or a role that was found.
func (v *view) enter(i *account.Identity) {
	v.identities[i.ARN], v.order = i, append(v.order, i.ARN)
	v.named[nameKey(i.Kind(), i.Account(), i.Name())] = i
}

// nameKey finds an identity by its name, whose case does not count in an account.
func nameKey(kind, account, name string) string {
	return kind + "/" + account + "/" + fold.String(name)
}

// inline reads resources that are one inline policy.
func (v *view) inline(typ, kind string) {
	v.all(typ, func(x *instance) {
		for _, i := range v.whom(x, kind, account.InlinePolicies, kind) {
			name, ok := v.text(x, anything, "name")
			value, known := name.Value()
			if !ok || !known {
				value = x.address
			}
			if d := v.document(x, policy.Identity, "policy"); d != nil {
				v.putInline(i, policy.Attached{Name: value, Document: d})
			} else {
				i.Known &^= account.InlinePolicies
			}
		}
	})
	if !v.after {
		return
	}
	for _, x := range v.gone(typ) { // a role lists it as it was
		for _, i := range v.was(x, kind) {
			i.Inline = slices.DeleteFunc(i.Inline, func(a policy.Attached) bool { return a.Name == text(x.before, "name") })
		}
	}
}

// gone are the instances of a type that the plan takes away.
func (v *view) gone(typ string) []*instance {
	var list []*instance
	for _, x := range v.instances {
		if x.typ == typ && x.ours && x.before != nil && (x.after == nil || text(x.before, "name") != text(x.after, "name")) {
			list = append(list, x)
		}
	}
	return list
}

// was are the identities that an attribute named before.
func (v *view) was(x *instance, kind string) []*account.Identity {
	if i := v.named[nameKey(kind, v.accountOf(x), text(x.before, kind))]; i != nil {
		return []*account.Identity{i}
	}
	return nil
}

// attachments reads resources that attach one managed policy to one identity.
func (v *view) attachments(typ, kind string) {
	if v.after {
		for _, x := range v.instances {
			if x.typ == typ && x.ours && x.before != nil && x.after == nil {
				for _, i := range v.was(x, kind) {
					i.Managed = slices.DeleteFunc(i.Managed, func(m string) bool { return m == text(x.before, "policy_arn") })
				}
			}
		}
	}
	v.all(typ, func(x *instance) {
		for _, i := range v.whom(x, kind, account.ManagedPolicies, kind) {
			v.attach(i, account.ManagedPolicies, x, "policy_arn")
		}
	})
}

// attachmentsOfMany reads aws_iam_policy_attachment, which takes its policy from
// all that it does not name.
func (v *view) attachmentsOfMany() {
	v.all("aws_iam_policy_attachment", func(x *instance) {
		t, _ := v.text(x, anARN, "policy_arn")
		of, known := t.Value()
		var named []*account.Identity
		for _, kind := range [...]string{"role", "user", "group"} {
			n := length(at(v.tree(x), kind+"s"))
			if n < 0 {
				v.whom(x, kind, account.ManagedPolicies, kind+"s")
			}
			for n := range max(n, 0) {
				for _, i := range v.whom(x, kind, account.ManagedPolicies, kind+"s", n) {
					v.attach(i, account.ManagedPolicies, x, "policy_arn")
					named = append(named, i)
				}
			}
		}
		for _, arn := range v.order {
			if i := v.identities[arn]; known && !slices.Contains(named, i) {
				i.Managed = slices.DeleteFunc(i.Managed, func(m string) bool { return m == of })
			}
		}
	})
}

// memberships reads which groups users are in.
func (v *view) memberships() {
	join := func(users, groups []*account.Identity, whole bool) {
		for _, u := range users {
			if !whole {
				u.Known &^= account.Membership
			}
			for _, g := range groups {
				if !slices.Contains(u.Groups, g.Name()) {
					u.Groups = append(u.Groups, g.Name())
				}
			}
		}
	}
	v.all("aws_iam_user_group_membership", func(x *instance) {
		groups, whole := v.each(x, "group", "groups")
		join(v.whom(x, "user", account.Membership, "user"), groups, whole)
	})
	v.all("aws_iam_group_membership", func(x *instance) {
		group := v.whom(x, "group", 0, "group")
		users, _ := v.each(x, "user", "users")
		join(users, group, len(group) > 0)
	})
}

// each are the identities that a list names, and whether these are all. Where a user
// is not known, membership is not known of any of those that it can be.
func (v *view) each(x *instance, kind, attribute string) (all []*account.Identity, whole bool) {
	n := length(at(v.tree(x), attribute))
	if n < 0 {
		return v.whom(x, kind, account.Membership, attribute), false
	}
	for i := range n {
		all = append(all, v.whom(x, kind, account.Membership, attribute, i)...)
	}
	return all, len(all) == n
}

// exclusive reads resources that take away all policies that they do not list.
func (v *view) exclusive(kind string) {
	v.all("aws_iam_"+kind+"_policies_exclusive", func(x *instance) {
		kept, known := v.listed(x, "policy_names")
		for _, i := range v.whom(x, kind, account.InlinePolicies, kind+"_name") {
			if known {
				i.Inline = slices.DeleteFunc(i.Inline, func(a policy.Attached) bool { return !slices.Contains(kept, a.Name) })
			} else {
				i.Known &^= account.InlinePolicies
			}
		}
	})
	v.all("aws_iam_"+kind+"_policy_attachments_exclusive", func(x *instance) {
		kept, known := v.listed(x, "policy_arns")
		for _, i := range v.whom(x, kind, account.ManagedPolicies, kind+"_name") {
			if known {
				i.Managed = slices.DeleteFunc(i.Managed, func(m string) bool { return !slices.Contains(kept, m) })
			} else {
				i.Known &^= account.ManagedPolicies
			}
		}
	})
}

// listed are the texts of a list, and whether all are known.
func (v *view) listed(x *instance, attribute string) (values []string, known bool) {
	n := length(at(v.tree(x), attribute))
	if n < 0 {
		t, _ := v.text(x, aName, attribute)
		v.unresolved(x, attribute, t)
		return nil, false
	}
	known = true
	for i := range n {
		t, _ := v.text(x, aName, attribute, i)
		value, ok := t.Value()
		if !ok {
			v.unresolved(x, path(attribute, i), t)
		}
		values, known = append(values, value), known && ok
	}
	return values, known
}

// permissionSets reads the permission sets of IAM Identity Center: each becomes a
// role in every account that it is assigned to.
func (v *view) permissionSets() {
	v.all("aws_ssoadmin_permission_set", func(x *instance) {
		v.note("%s becomes roles AWSReservedSSO_%s_… in the accounts that it is assigned to: these are not read", x.address, cmp.Or(text(v.tree(x), "name"), "…"))
	})
}

// finish adds the identities with all that was gathered.
func (v *view) finish() {
	for _, of := range v.order {
		v.builder.AddIdentity(*v.identities[of])
	}
}
