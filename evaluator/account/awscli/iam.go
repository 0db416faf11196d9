package awscli

import (
	"strings"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/policy"
)

// detail reads a user, group or role of get-account-authorization-details: what it
// does not have is absent.
func (p *page) detail(e member) { p.identity(e, true) }

// summary reads a user, group or role of another command, which has what it is
// but not its policies.
func (p *page) summary(e member) { p.identity(e, false) }

func (p *page) identity(e member, whole bool) {
	i := account.Identity{Source: e.source}
	broken := account.Part(0)
	p.each(e, func(name string, v member) bool {
		switch name {
		case "Arn":
			i.ARN = p.text(v)
		case "UserId", "GroupId", "RoleId":
			i.UniqueID = p.text(v)
		case "UserPolicyList", "GroupPolicyList", "RolePolicyList":
			var ok bool
			if i.Inline, ok = p.inline(v); !ok {
				broken |= account.InlinePolicies
			}
		case "GroupList":
			p.all(v, func(g member) { i.Groups = append(i.Groups, p.text(g)) })
		case "AttachedManagedPolicies":
			i.Managed = p.attached(v)
		case "PermissionsBoundary":
			i.Boundary = v.Get("PermissionsBoundaryArn").Str
			if i.Boundary == "" {
				p.fault(v, "has no PermissionsBoundaryArn")
			}
			i.Known |= account.PermissionsBoundary
		case "AssumeRolePolicyDocument":
			if i.Trust = p.document(v, "trust policy"); i.Trust != nil {
				i.Known |= account.TrustPolicy
			}
		case "Tags":
			i.Tags = p.tags(v)
			i.Known |= account.Tags
		case "Path", "UserName", "GroupName", "RoleName", "CreateDate", "InstanceProfileList", "RoleLastUsed",
			"Description", "MaxSessionDuration", "PasswordLastUsed", "SourceRoleTemplate":
		default:
			return false
		}
		return true
	})
	a, err := arn.Parse(i.ARN)
	if err != nil {
		p.fault(e, "has no ARN: %w", err)
		return
	}
	if whole {
		if a.Type() == "role" && i.Trust == nil {
			broken |= account.TrustPolicy // every role has one
		}
		i.Known = (i.Known | i.Unknown()) &^ broken
	} else if _, got := p.members[e.name]; got && a.Type() != "group" {
		// get-role and get-user leave out a boundary and tags where there are none;
		// the lists leave them out always.
		i.Known |= account.PermissionsBoundary | account.Tags
	}
	p.entity(i.ARN)
	p.identities.add(a.Name(), i.ARN)
	p.builder.AddIdentity(i)
}

// entity remembers whose the answer is.
func (p *page) entity(of string) {
	if a, err := arn.Parse(of); err == nil && p.account == "" && arn.IsAccountID(a.Account()) {
		p.account = a.Account()
	}
	p.found = append(p.found, of)
}

// inline reads inline policies; ok is false where one could not be read.
func (p *page) inline(e member) (list []policy.Attached, ok bool) {
	ok = true
	p.all(e, func(v member) {
		name := v.Get("PolicyName").Str
		if name == "" {
			p.fault(v, "has no PolicyName")
		}
		document := member{v.Get("PolicyDocument"), v.source, v.name + " " + name + ".PolicyDocument"}
		if d := p.document(document, name); d != nil && name != "" {
			list = append(list, policy.Attached{Name: name, Document: d})
			return
		}
		ok = false
	})
	return list, ok
}

// attached reads the ARNs of managed policies that are attached.
func (p *page) attached(e member) []string {
	var list []string
	p.all(e, func(v member) {
		if of := v.Get("PolicyArn").Str; of != "" {
			list = append(list, of)
			return
		}
		p.fault(v, "has no PolicyArn")
	})
	return list
}

// tags reads tags, a list of Key and Value or an object.
func (p *page) tags(e member) []evaluator.Tag {
	list := []evaluator.Tag{}
	if e.IsObject() && !e.Get("Key").Exists() {
		e.ForEach(func(key, value gjson.Result) bool {
			list = append(list, evaluator.Tag{Key: key.Str, Value: value.Str})
			return true
		})
		return list
	}
	p.all(e, func(v member) {
		key, value := v.Get("Key"), v.Get("Value")
		if key.Type != gjson.String || value.Type != gjson.String {
			p.fault(v, "has no Key and Value")
			return
		}
		list = append(list, evaluator.Tag{Key: key.Str, Value: value.Str})
	})
	return list
}

// policy reads an element of a list of policies: a managed policy with its
// versions, one without, or the summary of a policy of an organization.
func (p *page) policy(e member) {
	if e.Get("Id").Exists() { // IAM says PolicyId
		p.summaries = append(p.summaries, e)
		return
	}
	managed := account.ManagedPolicy{Source: e.source}
	name, listed, byFlag := "", false, []string(nil)
	p.each(e, func(part string, v member) bool {
		switch part {
		case "Arn":
			managed.ARN = p.text(v)
		case "PolicyName":
			name = p.text(v)
		case "DefaultVersionId":
			managed.Default = p.text(v)
		case "PolicyVersionList":
			listed = true
		case "PolicyId", "Path", "AttachmentCount", "PermissionsBoundaryUsageCount", "IsAttachable", "Description",
			"CreateDate", "UpdateDate", "Tags":
		default:
			return false
		}
		return true
	})
	p.entity(managed.ARN)
	p.policies.add(name, managed.ARN)
	if !listed {
		p.defaults[managed.ARN] = managed.Default
		return
	}
	p.versions = true
	versions := member{e.Get("PolicyVersionList"), e.source, e.name + " " + name + ".PolicyVersionList"}
	p.all(versions, func(v member) {
		id := v.Get("VersionId").Str
		if v.Get("IsDefaultVersion").Bool() {
			byFlag = append(byFlag, id)
		}
		document := member{v.Get("Document"), v.source, v.name + " " + id + ".Document"}
		if d := p.document(document, name+" "+id); d != nil {
			managed.Versions = append(managed.Versions, account.Version{ID: id, Document: d})
		}
	})
	switch {
	case managed.Default == "" && len(byFlag) == 1:
		managed.Default = byFlag[0]
	case managed.Default == "":
		p.fault(e, "%s has neither DefaultVersionId nor one version with IsDefaultVersion: which version counts is not known", name)
	case len(byFlag) > 1 || len(byFlag) == 1 && byFlag[0] != managed.Default:
		p.fault(e, "%s has DefaultVersionId %s, and IsDefaultVersion is true for %s: which version counts is not known", name, managed.Default, strings.Join(byFlag, ", "))
	}
	p.builder.AddPolicy(managed)
}
