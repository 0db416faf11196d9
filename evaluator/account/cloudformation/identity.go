package cloudformation

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// read are the properties of the types that are read. Another one is a fault, which
// CloudFormation would report as well.
var read = map[string]string{
	"AWS::IAM::Role":                "AssumeRolePolicyDocument Description ManagedPolicyArns MaxSessionDuration Path PermissionsBoundary Policies RoleName Tags",
	"AWS::IAM::User":                "Groups LoginProfile ManagedPolicyArns Path PermissionsBoundary Policies Tags UserName",
	"AWS::IAM::Group":               "GroupName ManagedPolicyArns Path Policies",
	"AWS::IAM::ManagedPolicy":       "Description Groups ManagedPolicyName Path PolicyDocument Roles Users",
	"AWS::IAM::Policy":              "Groups PolicyDocument PolicyName Roles Users",
	"AWS::IAM::RolePolicy":          "PolicyDocument PolicyName RoleName",
	"AWS::IAM::UserPolicy":          "PolicyDocument PolicyName UserName",
	"AWS::IAM::GroupPolicy":         "PolicyDocument PolicyName GroupName",
	"AWS::IAM::UserToGroupAddition": "GroupName Users",
	"AWS::Lambda::Permission": "Action EventSourceToken FunctionName FunctionUrlAuthType InvokedViaFunctionUrl Principal PrincipalOrgID " +
		"SourceAccount SourceArn",
	"AWS::Lambda::ResourcePolicy":         "ResourceArn PolicyDocument",
	"AWS::Lambda::LayerVersionPermission": "Action LayerVersionArn OrganizationId Principal",
	"AWS::S3::BucketPolicy":               "Bucket PolicyDocument",
	"AWS::SQS::QueuePolicy":               "Queues PolicyDocument",
	"AWS::SNS::TopicPolicy":               "Topics PolicyDocument",
}

// unread are types of IAM that have no say in who may do what.
var unread = strings.Fields("AWS::IAM::AccessKey AWS::IAM::InstanceProfile AWS::IAM::OIDCProvider AWS::IAM::SAMLProvider " +
	"AWS::IAM::ServerCertificate AWS::IAM::ServiceLinkedRole AWS::IAM::VirtualMFADevice")

// checkProperties reports properties that a type has not.
func (s *stack) checkProperties(r *resource) {
	list, known := read[r.kind]
	if !known {
		if strings.HasPrefix(r.kind, "AWS::IAM::") && !slices.Contains(unread, r.kind) {
			names := append([]string{}, unread...)
			for name := range read {
				names = append(names, name)
			}
			slices.Sort(names)
			s.faultOf(r.id, r.object.At("Type"), "%s is no type of CloudFormation%s", spelling.Quote(r.kind), spelling.Suggestion(r.kind, names))
		}
		return
	}
	names := strings.Fields(list)
	for _, name := range r.properties.Names() {
		if !slices.Contains(names, name) && name != transform {
			s.faultIn(r, name, "%s has no property %s%s", r.kind, spelling.Quote(name), spelling.Suggestion(name, names))
		}
	}
}

// identities adds users, groups, roles and managed policies, with what other
// resources attach to them.
func (s *stack) identities(there []*resource) {
	found := make(map[string]*account.Identity) // by ARN
	var order []*account.Identity
	names := &roster{found: make(map[string]*account.Identity), names: make(map[string]planned.Text), taken: make(map[string]bool)}
	for _, r := range there {
		s.checkProperties(r)
		switch r.kind {
		case "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group":
			if i := s.identity(r); i != nil {
				found[i.ARN] = i
				order = append(order, i)
				names.add(i, s.nameOf(r))
			}
		}
	}
	for _, r := range there {
		switch r.kind {
		case "AWS::IAM::ManagedPolicy":
			s.managedPolicy(r, names)
		case "AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy":
			s.policy(r, names)
		case "AWS::IAM::UserToGroupAddition":
			group := text(s.value(r.properties.Get("GroupName")))
			users, _ := s.attached(r, "user", "Users", account.Membership, names)
			for _, i := range users {
				i.Groups = append(i.Groups, group)
				if r.maybe != nil {
					i.Known &^= account.Membership
				}
			}
		}
	}
	for _, i := range order {
		s.builder.AddIdentity(*i)
	}
}

// identity is a user, a group or a role, with its own policies.
func (s *stack) identity(r *resource) *account.Identity {
	arn, _ := s.entity(r)
	i := &account.Identity{ARN: arn, Address: r.id, Source: s.at(r)}
	i.Known = i.Unknown()
	p := r.properties
	policies, ok := listOf(s.value(p.Get("Policies")))
	if !ok {
		i.Known &^= account.InlinePolicies
	}
	for _, v := range policies {
		s.inline(r, i, v, nil)
	}
	managed, ok := listOf(s.value(p.Get("ManagedPolicyArns")))
	if !ok {
		i.Known &^= account.ManagedPolicies
	}
	for _, v := range managed {
		s.attach(r, i, v)
	}
	if v := s.value(p.Get("PermissionsBoundary")); v != nil && v != (noValue{}) {
		if i.Boundary, ok = whole(v); !ok {
			i.Known &^= account.PermissionsBoundary
		}
	}
	if groups, ok := listOf(s.value(p.Get("Groups"))); ok {
		for _, v := range groups {
			i.Groups = append(i.Groups, text(v))
		}
	} else {
		i.Known &^= account.Membership
	}
	if i.Kind() == "role" {
		if !p.Has("AssumeRolePolicyDocument") {
			s.faultOf(r.id, p.Place, "a role has an AssumeRolePolicyDocument")
		}
		i.Trust = s.document(r, "AssumeRolePolicyDocument", policy.Trust, s.value(p.Get("AssumeRolePolicyDocument")))
		if i.Trust == nil {
			i.Known &^= account.TrustPolicy
		}
	}
	own, known := s.tags(s.value(p.Get("Tags")))
	if i.Tags = own; known == 0 {
		i.Known &^= account.Tags
	}
	return i
}

// inline adds an inline policy, for certain or perhaps.
func (s *stack) inline(r *resource, i *account.Identity, v any, perhaps *planned.Hole) {
	switch v := v.(type) {
	case *either:
		for _, branch := range []any{v.yes, v.no} {
			if branch != (noValue{}) {
				s.inline(r, i, branch, v.hole)
			}
		}
	case map[string]any:
		document := v["PolicyDocument"]
		if perhaps != nil {
			document = doubtful(document, perhaps)
		}
		name := text(v["PolicyName"])
		if name == "" {
			s.faultIn(r, "Policies", "a policy has a PolicyName")
		}
		s.include(r, "Policies", i, name, document)
	default:
		i.Known &^= account.InlinePolicies
	}
}

// include adds a document to the inline policies of an identity.
func (s *stack) include(r *resource, property string, i *account.Identity, name string, document any) {
	if d := s.document(r, property, policy.Identity, document); d != nil {
		i.Inline = append(i.Inline, policy.Attached{Name: name, Document: d})
		return
	}
	i.Known &^= account.InlinePolicies
}

// attach adds a managed policy. One of which it is not known whether it is attached,
// or which one it is, leaves the managed policies unknown.
func (s *stack) attach(r *resource, i *account.Identity, v any) {
	switch v := v.(type) {
	case string:
		if !strings.HasPrefix(v, "arn:") {
			s.faultOf(r.id, r.properties.At("ManagedPolicyArns"), "%s is no ARN of a managed policy", spelling.Quote(v))
			i.Known &^= account.ManagedPolicies
			return
		}
		i.Managed = append(i.Managed, v)
	default:
		i.Known &^= account.ManagedPolicies
	}
}

// document makes a policy; nil where nothing of it is known, or it is wrong, which is
// reported.
func (s *stack) document(r *resource, property string, kind policy.Kind, v any) *policy.Document {
	if v == nil {
		return nil
	}
	tree := settled(v)
	if r.maybe != nil {
		tree = doubtful(tree, r.maybe)
	}
	d, _, err := planned.Document(r.id+"."+property, kind, tree)
	if err != nil {
		s.refused(r, property, err)
		return nil
	}
	return d
}

// refused reports what is wrong with a policy, where that stands, or else where the
// property does.
func (s *stack) refused(r *resource, property string, err error) {
	var faults policy.Errors
	if !errors.As(err, &faults) {
		s.faultIn(r, property, "%s: %v", property, err)
		return
	}
	for _, f := range faults {
		at := r.properties.At(property)
		if f.Line > 1 { // the text was made of expressions, and has one line of its own
			at = template.Place{Line: f.Line, Column: f.Column}
		}
		s.faultOf(r.id, at, "%s: %s", strings.TrimSuffix(property+"."+f.Path, "."), f.Message)
	}
}

// tags are the tags that are known, and [account.Tags] where all are.
func (s *stack) tags(v any) (tags []evaluator.Tag, known account.Part) {
	tags, known = []evaluator.Tag{}, account.Tags
	list, all := listOf(v)
	if !all {
		known = 0
	}
	for _, item := range list {
		m, _ := item.(map[string]any)
		key, isKey := whole(m["Key"])
		value, isValue := whole(m["Value"])
		if !isKey || !isValue {
			known = 0
			continue
		}
		tags = append(tags, evaluator.Tag{Key: key, Value: value})
	}
	return tags, known
}

// managedPolicy adds a managed policy, and attaches it.
func (s *stack) managedPolicy(r *resource, names *roster) {
	arn, _ := s.entity(r)
	d := s.document(r, "PolicyDocument", policy.Identity, s.value(r.properties.Get("PolicyDocument")))
	p := account.ManagedPolicy{ARN: arn, Address: r.id, Default: "v1", Source: s.at(r)}
	if d != nil {
		p.Versions = []account.Version{{ID: "v1", Document: d}}
	}
	for _, of := range [][2]string{{"role", "Roles"}, {"user", "Users"}, {"group", "Groups"}} {
		found, all := s.attached(r, of[0], of[1], account.ManagedPolicies, names)
		for _, i := range found {
			i.Managed = append(i.Managed, arn)
		}
		p.Elsewhere = p.Elsewhere || !all
	}
	s.builder.AddPolicy(p)
}

// policy adds an inline policy to those that it names.
func (s *stack) policy(r *resource, names *roster) {
	name := text(s.value(r.properties.Get("PolicyName")))
	if name == "" {
		name = r.id
	}
	document := s.value(r.properties.Get("PolicyDocument"))
	for _, of := range [][2]string{{"role", "Roles"}, {"user", "Users"}, {"group", "Groups"}, {"role", "RoleName"}, {"user", "UserName"}, {"group", "GroupName"}} {
		found, _ := s.attached(r, of[0], of[1], account.InlinePolicies, names)
		for _, i := range found {
			s.include(r, "PolicyDocument", i, name, document)
		}
	}
}

// A roster is the identities of a template by kind and name.
type roster struct {
	found map[string]*account.Identity
	names map[string]planned.Text // by the same
	asked int                     // how often a name was compared with all
	taken map[string]bool         // kinds and parts of which nothing is left to take
}

func (all *roster) add(i *account.Identity, name planned.Text) {
	all.found[i.Kind()+"/"+name.String()] = i
	all.names[i.Kind()+"/"+name.String()] = name
}

// doubt takes a part from what is known of each identity that may have the name.
func (all *roster) doubt(kind string, name planned.Text, part account.Part) {
	if all.asked++; all.asked > mostOpen {
		every := fmt.Sprint(kind, part)
		if all.taken[every] {
			return
		}
		all.taken[every], name = true, anything
	}
	for key, i := range all.found {
		if i.Kind() == kind && mayBe(all.names[key], name) {
			i.Known &^= part
		}
	}
}

// attached are the identities of the template that a property names, and whether they
// are all that it names. Of those that it perhaps names, the part is not known.
func (s *stack) attached(r *resource, kind, property string, part account.Part, names *roster) (found []*account.Identity, all bool) {
	if !r.properties.Has(property) {
		return nil, true
	}
	list, all := listed(s.value(r.properties.Get(property)))
	if !all {
		s.gap(fmt.Sprintf("those to whom %s is attached", r.id), "give the values that "+property+" needs")
	}
	elsewhere := false
	for _, v := range list {
		name, _ := textOf(v)
		if i := names.found[kind+"/"+name.String()]; i != nil {
			found = append(found, i)
			continue
		}
		for _, c := range candidates(v) {
			names.doubt(kind, c, part)
		}
		if _, isKnown := name.Value(); isKnown {
			s.builder.AddNote(fmt.Sprintf("%s: %s is attached to %s %s, which is not of this template: not shown there", s.at(r), r.id, kind, name))
		} else if all {
			s.builder.AddNote(fmt.Sprintf("%s: to which %s %s is attached is not known: %s", s.at(r), kind, r.id, name))
		}
		elsewhere = true
	}
	return found, all && !elsewhere
}
