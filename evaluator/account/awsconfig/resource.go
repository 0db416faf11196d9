package awsconfig

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/internal/document"
	"github.com/iamsim/iamsim/policy"
)

// A subject is an item on its way into the Builder.
type subject struct {
	*Reader
	item
	configuration, supplement gjson.Result
	arn                       string
}

// resource puts an item into the Builder. Types that have no say in access are left
// out.
func (r *Reader) resource(i item) {
	s := subject{Reader: r, item: i, configuration: unwrapped(i.Get("configuration")), supplement: unwrapped(i.Get("supplementaryConfiguration"))}
	s.arn = first(i.Result, "ARN", "arn").Str
	if s.arn == "" {
		s.arn = first(s.configuration, "arn", "functionArn").Str
	}
	switch kind := i.Get("resourceType").Str; kind {
	case "AWS::IAM::Role":
		s.identity("role", account.OfRole)
	case "AWS::IAM::User":
		s.identity("user", account.OfUser)
	case "AWS::IAM::Group":
		s.identity("group", account.OfGroup)
	case "AWS::IAM::Policy":
		s.managed()
	case "AWS::Lambda::Function":
		s.function()
	default:
		if at, ok := policies[kind]; ok {
			s.withPolicy(at)
		}
	}
}

// policies are where items have the policy of the resource, by type: members of
// configuration or supplementaryConfiguration, the first that is there.
var policies = map[string][]string{
	"AWS::S3::Bucket":               {"BucketPolicy"},
	"AWS::KMS::Key":                 {"Policy", "policy", "keyPolicy"},
	"AWS::SQS::Queue":               {"Policy", "policy"},
	"AWS::SNS::Topic":               {"Policy", "policy"},
	"AWS::ECR::Repository":          {"RepositoryPolicyText", "repositoryPolicyText"},
	"AWS::EFS::FileSystem":          {"FileSystemPolicy", "fileSystemPolicy"},
	"AWS::Events::EventBus":         {"Policy", "policy"},
	"AWS::OpenSearch::Domain":       {"AccessPolicies", "accessPolicies"},
	"AWS::Elasticsearch::Domain":    {"AccessPolicies", "accessPolicies"},
	"AWS::ApiGateway::RestApi":      {"policy", "Policy"},
	"AWS::Backup::BackupVault":      {"AccessPolicy", "accessPolicy"},
	"AWS::Glacier::Vault":           {"AccessPolicy", "accessPolicy"},
	"AWS::CodeArtifact::Repository": {"PermissionsPolicyDocument", "permissionsPolicyDocument"},
}

// fault reports what is wrong with the item.
func (s *subject) fault(format string, args ...any) {
	s.builder.AddFault(fmt.Errorf("%s: %w", s.source, fmt.Errorf(format, args...)))
}

// document reads a policy; nil where it cannot be read, which is reported.
func (s *subject) document(v gjson.Result, name string) *policy.Document {
	d, err := document.Read(s.builder, name, v)
	if err != nil {
		s.fault("%s: %w", name, err)
		return nil
	}
	return d
}

// each gives the elements of a list; an object where a list is due is a list of one.
func each(v gjson.Result, element func(gjson.Result)) {
	if v.IsObject() {
		element(v)
		return
	}
	for _, e := range v.Array() {
		element(e)
	}
}

// identity reads a user, group or role: what its item lacks is absent.
func (s *subject) identity(kind string, all account.Part) {
	c := s.configuration
	i := account.Identity{ARN: s.arn, UniqueID: c.Get(kind + "Id").Str, Known: all, Source: s.source}
	each(c.Get(kind+"PolicyList"), func(p gjson.Result) {
		name := p.Get("policyName").Str
		if d := s.document(p.Get("policyDocument"), name); d != nil {
			i.Inline = append(i.Inline, policy.Attached{Name: name, Document: d})
		} else {
			i.Known &^= account.InlinePolicies
		}
	})
	each(c.Get("attachedManagedPolicies"), func(p gjson.Result) { i.Managed = append(i.Managed, p.Get("policyArn").Str) })
	for _, g := range c.Get("groupList").Array() {
		i.Groups = append(i.Groups, g.Str)
	}
	i.Boundary = c.Get("permissionsBoundary.permissionsBoundaryArn").Str
	if kind == "role" {
		if i.Trust = s.document(c.Get("assumeRolePolicyDocument"), "trust policy"); i.Trust == nil {
			i.Known &^= account.TrustPolicy
		}
	}
	if all.Has(account.Tags) {
		i.Tags = s.tags()
	}
	if !c.IsObject() {
		s.fault("has no configuration")
		return
	}
	s.builder.AddIdentity(i)
}

// tags are those of the configuration or of the item: a list or an object.
func (s *subject) tags() []evaluator.Tag {
	list := []evaluator.Tag{}
	v := first(s.configuration, "tags")
	if !v.IsArray() || len(v.Array()) == 0 {
		v = first(s.Result, "tags")
	}
	v.ForEach(func(key, value gjson.Result) bool {
		if value.IsObject() {
			key, value = first(value, "key", "Key"), first(value, "value", "Value")
		}
		list = append(list, evaluator.Tag{Key: key.Str, Value: value.Str})
		return true
	})
	return list
}

// managed reads a customer managed policy with its versions.
func (s *subject) managed() {
	c := s.configuration
	p := account.ManagedPolicy{ARN: s.arn, Default: c.Get("defaultVersionId").Str, Source: s.source}
	each(c.Get("policyVersionList"), func(v gjson.Result) {
		id := v.Get("versionId").Str
		if d := s.document(v.Get("document"), c.Get("policyName").Str+" "+id); d != nil {
			p.Versions = append(p.Versions, account.Version{ID: id, Document: d})
		}
	})
	if p.Default == "" {
		s.fault("has no defaultVersionId: which version counts is not known")
	}
	s.builder.AddPolicy(p)
}

// function reads a function. What of it AWS Config does not record is not known.
func (s *subject) function() {
	a, err := arn.ParseFunction(first(s.configuration, "functionArn").Str, arn.Defaults{})
	if err != nil {
		if a, err = arn.ParseFunction(s.arn, arn.Defaults{}); err != nil {
			s.fault("has no ARN of a function: %w", err)
			return
		}
	}
	s.arn = a.Unqualified().String()
	f := account.Function{ARN: s.arn, Role: s.configuration.Get("role").Str, Known: account.ExecutionRole | account.Layers, Source: s.source}
	if f.Role == "" {
		f.Known &^= account.ExecutionRole
	}
	each(s.configuration.Get("layers"), func(layer gjson.Result) { f.Layers = append(f.Layers, first(layer, "arn", "Arn").Str) })
	s.builder.AddFunction(f)
	s.note("AWS Config records neither aliases, versions and URLs of functions nor the policies of aliases and versions")
	s.withPolicy([]string{"Policy", "policy"})
}

// withPolicy reads a resource and its policy. A policy that is null, or an empty
// string, is none; one of which nothing is said is not known.
func (s *subject) withPolicy(members []string) {
	r := account.Resource{ARN: s.arn, Tags: s.tags(), Known: account.Tags, Source: s.source}
	if a, err := arn.Parse(r.ARN); err == nil && a.Account() == "" {
		r.Account = first(s.Result, "awsAccountId", "accountId").Str
	}
	for _, from := range []gjson.Result{s.supplement, s.configuration} {
		for _, name := range members {
			v := from.Get(name)
			if !v.Exists() {
				continue
			}
			r.Known |= account.ResourcePolicy
			if v = inner(v); v.Type != gjson.Null && v.Raw != `""` {
				if r.Policy = s.document(v, "policy of "+r.ARN); r.Policy == nil {
					r.Known &^= account.ResourcePolicy
				}
			}
			s.builder.AddResource(r)
			return
		}
	}
	s.builder.AddResource(r)
}

// inner is the policy within {"policyText": …}, {"policy": …} or a string of these.
func inner(v gjson.Result) gjson.Result {
	for range 4 {
		u := unwrapped(v)
		if !u.IsObject() || u.Get("Statement").Exists() {
			return v
		}
		next := gjson.Result{}
		u.ForEach(func(name, value gjson.Result) bool {
			if strings.EqualFold(name.Str, "policyText") || strings.EqualFold(name.Str, "policy") {
				next = value
			}
			return !next.Exists()
		})
		if !next.Exists() {
			return v
		}
		v = next
	}
	return v
}
