package cloudformation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/policy"
)

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// A writer is a type of resources that gives others their policy.
type writer struct {
	targets  string // the property that names them; "" for the resource itself
	document string // the property that has the document, "A.B" for one within another
}

var writers = map[string]writer{
	"AWS::S3::BucketPolicy":               {"Bucket", "PolicyDocument"},
	"AWS::SQS::QueuePolicy":               {"Queues", "PolicyDocument"},
	"AWS::SQS::QueueInlinePolicy":         {"Queue", "PolicyDocument"},
	"AWS::SNS::TopicPolicy":               {"Topics", "PolicyDocument"},
	"AWS::SNS::TopicInlinePolicy":         {"TopicArn", "PolicyDocument"},
	"AWS::SecretsManager::ResourcePolicy": {"SecretId", "ResourcePolicy"},
	"AWS::Kinesis::ResourcePolicy":        {"ResourceArn", "ResourcePolicy"},
	"AWS::KMS::Key":                       {"", "KeyPolicy"},
	"AWS::KMS::ReplicaKey":                {"", "KeyPolicy"},
	"AWS::DynamoDB::Table":                {"", "ResourcePolicy.PolicyDocument"},
	"AWS::ECR::Repository":                {"", "RepositoryPolicyText"},
	"AWS::EFS::FileSystem":                {"", "FileSystemPolicy"},
	"AWS::OpenSearchService::Domain":      {"", "AccessPolicies"},
	"AWS::Elasticsearch::Domain":          {"", "AccessPolicies"},
	"AWS::Backup::BackupVault":            {"", "AccessPolicy"},
	"AWS::CodeArtifact::Repository":       {"", "PermissionsPolicyDocument"},
	"AWS::S3::AccessPoint":                {"", "Policy"},
	"AWS::S3Tables::TableBucketPolicy":    {"TableBucketARN", "ResourcePolicy"},
	"AWS::VpcLattice::ResourcePolicy":     {"ResourceArn", "Policy"},
	"AWS::MSK::ClusterPolicy":             {"ClusterArn", "Policy"},
	"AWS::SSM::ResourcePolicy":            {"ResourceArn", "Policy"},
	"AWS::Logs::LogGroup":                 {"", "ResourcePolicyDocument"},
	"AWS::Events::EventBus":               {"", "Policy"},
	"AWS::CloudTrail::ResourcePolicy":     {"ResourceArn", "ResourcePolicy"},
	"AWS::S3Express::BucketPolicy":        {"Bucket", "PolicyDocument"},
}

// policiesOfResources adds resources that have an ARN, with the policies that other
// resources, or their own properties, give them.
func (s *stack) policiesOfResources(there []*resource) {
	trees := make(map[string]*policyTree)
	var doubts []doubt
	for _, r := range there {
		w, ok := writers[r.kind]
		if !ok || w.document == "" {
			continue
		}
		document := s.value(r.properties.Get(first(w.document)))
		if m, ok := document.(map[string]any); ok && strings.Contains(w.document, ".") {
			document = m[w.document[strings.IndexByte(w.document, '.')+1:]]
		}
		if document == nil || document == (noValue{}) {
			if w.targets != "" {
				s.faultOf(r.id, r.properties.Place, "%s has a %s", r.kind, w.document)
			}
			continue
		}
		targets, open := s.targetsOf(r, w)
		doubts = append(doubts, open...)
		for _, of := range targets {
			t := trees[of]
			if t == nil {
				t = &policyTree{of: r, whole: document}
				trees[of] = t
			} else {
				t.statements = append(t.statements, document)
			}
			t.writers = append(t.writers, r.id)
		}
	}
	if len(doubts) > mostOpen {
		doubts = anyOf(doubts)
	}
	for _, r := range there {
		if r.kind == "AWS::Lambda::Function" || strings.HasPrefix(r.kind, "AWS::IAM::") || r.kind == "AWS::Lambda::Alias" ||
			r.kind == "AWS::Lambda::Version" || r.kind == "AWS::Lambda::Url" || r.kind == "AWS::Lambda::LayerVersion" {
			continue
		}
		of, ok := s.entity(r)
		if !ok {
			continue
		}
		if _, err := arn.Parse(of); err != nil {
			continue
		}
		own := account.Resource{ARN: of, Address: r.id, Account: s.account(), Source: s.at(r)}
		own.Tags, own.Known = s.tags(s.value(r.properties.Get("Tags")))
		own.Known |= account.ResourcePolicy
		if t := trees[of]; t != nil {
			delete(trees, of)
			if own.Policy = s.policyOf(of, t); own.Policy == nil {
				own.Known &^= account.ResourcePolicy
			}
		} else if r.kind == "AWS::KMS::Key" {
			own.Policy = s.ownersKey(r)
		}
		if s.isDoubted(r, doubts) {
			own.Known &^= account.ResourcePolicy
		}
		s.builder.AddResource(own)
	}
	for _, of := range sortedKeys(trees) {
		t := trees[of]
		if d := s.policyOf(of, t); d != nil {
			own := account.Resource{ARN: of, Policy: d, Known: account.ResourcePolicy, Source: s.at(t.of)}
			if a, _ := arn.Parse(of); !arn.IsAccountID(a.Account()) {
				own.Account = s.account()
			}
			s.builder.AddResource(own)
		}
	}
}

// first is what stands before a dot.
func first(path string) string {
	name, _, _ := strings.Cut(path, ".")
	return name
}

// A doubt is how a property names a resource that is given a policy, where it is not
// certain which one that is.
type doubt struct {
	service string
	name    planned.Text
	sole    bool // and not one of several that it may be
}

// service is that of a resource's type: "AWS::S3::".
func service(r *resource) string { return r.kind[:strings.LastIndexByte(r.kind, ':')+1] }

// anyOf are doubts about all resources of the same services.
func anyOf(doubts []doubt) []doubt {
	var all []doubt
	told := make(map[string]bool)
	for _, d := range doubts {
		if !told[d.service] {
			told[d.service] = true
			all = append(all, doubt{d.service, anything, false})
		}
	}
	return all
}

// isDoubted reports whether the resource may be one of those.
func (s *stack) isDoubted(r *resource, doubts []doubt) bool {
	if w, ok := writers[r.kind]; ok && w.targets == "" {
		return false // it has its policy itself
	}
	names := s.names(r)
	for _, d := range doubts {
		if d.service != service(r) {
			continue
		}
		for _, own := range names {
			if d.sole && own.String() == d.name.String() {
				continue // which is certain
			}
			if mayBe(own, d.name) {
				return true
			}
		}
	}
	return false
}

// targetsOf are the ARNs of the resources that a resource gives a policy, and what
// others it may give it.
func (s *stack) targetsOf(r *resource, w writer) (found []string, open []doubt) {
	if w.targets == "" {
		if of, ok := s.entity(r); ok {
			return []string{of}, nil
		}
		return nil, nil
	}
	list, ok := listed(s.value(r.properties.Get(w.targets)))
	if !ok || len(list) == 0 {
		s.gap("the resource to which "+r.id+" gives a policy", "give the values that "+w.targets+" needs")
	}
	for _, v := range list {
		t, isText := textOf(v)
		if !isText {
			s.faultIn(r, w.targets, "%s names resources by texts", w.targets)
			continue
		}
		name, known := t.Value()
		if known {
			open = append(open, doubt{service(r), t, true})
		} else {
			if of := s.planned(t); of != "" {
				found = append(found, of)
				continue
			}
			for _, c := range candidates(v) {
				open = append(open, doubt{service(r), c, false})
			}
			if ok {
				s.gap(fmt.Sprintf("the resource to which %s gives a policy, %s", r.id, t.Holes()[0]), t.Holes()[0].Mend)
			}
			continue
		}
		switch {
		case strings.HasPrefix(name, "arn:"):
			if _, err := arn.Parse(name); err != nil {
				s.faultIn(r, w.targets, "%v", err)
				continue
			}
			found = append(found, name)
		case strings.HasPrefix(r.kind, "AWS::S3::"):
			found = append(found, "arn:"+s.place.partition()+":s3:::"+name)
		case strings.HasPrefix(r.kind, "AWS::SQS::"): // https://sqs.us-east-1.amazonaws.com/111122223333/orders
			parts := strings.Split(strings.TrimPrefix(name, "https://"), "/")
			if host := strings.Split(parts[0], "."); len(parts) == 3 && len(host) > 2 {
				found = append(found, "arn:"+s.place.partition()+":sqs:"+host[1]+":"+parts[1]+":"+parts[2])
				continue
			}
			fallthrough
		default:
			s.faultIn(r, w.targets, "%s is neither the ARN of a resource nor, for a queue, its URL", name)
		}
	}
	return found, open
}

// planned is the ARN of the resource of the template that a text with holes names; ""
// for none.
func (s *stack) planned(t planned.Text) string {
	if s.byName == nil {
		s.byName = make(map[string]*resource)
		for _, r := range slices.Backward(s.order) { // the first with a name has it
			for _, own := range s.names(r) {
				s.byName[own.String()] = r
			}
		}
	}
	r := s.byName[t.String()]
	if r == nil {
		return ""
	}
	of, _ := s.entity(r)
	return of
}

// names are the texts by which properties name a resource that has an ARN: that, and
// what Ref gives.
func (s *stack) names(r *resource) []planned.Text {
	if kinds[r.kind].arn == "" {
		return nil
	}
	own, _ := s.arnOf(r)
	reference, _ := textOf(s.reference(r))
	return []planned.Text{own, reference}
}

// policyOf is the policy of a resource. Where several are written, the last one that
// is deployed counts, and nobody knows which one that is.
func (s *stack) policyOf(of string, t *policyTree) *policy.Document {
	kind := policy.OfResource(of)
	if len(t.writers) == 1 {
		return s.document(t.of, writers[t.of.kind].document, kind, t.whole)
	}
	hole := &planned.Hole{Origin: "policy of " + of, Why: "several are written: " + strings.Join(t.writers, ", "), Mend: "write one policy"}
	var statements []any
	for _, document := range append([]any{t.whole}, t.statements...) {
		if m, ok := doubtful(document, hole).(map[string]any); ok {
			list, _ := listOf(m["Statement"])
			statements = append(statements, list...)
		}
	}
	s.builder.AddNote(fmt.Sprintf("%s: %s has several policies, %s: the last that is deployed counts", s.at(t.of), of, strings.Join(t.writers, ", ")))
	return s.document(t.of, writers[t.of.kind].document, kind, map[string]any{"Version": policy.Version2012, "Statement": statements})
}

// ownersKey is the policy that KMS gives a key without one: the account may do
// everything, by policies of its identities too.
func (s *stack) ownersKey(r *resource) *policy.Document {
	return s.document(r, "KeyPolicy", policy.Resource, map[string]any{
		"Version": policy.Version2012, "Id": "key-default-1", "Statement": []any{map[string]any{
			"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Action": "kms:*", "Resource": "*",
			"Principal": map[string]any{"AWS": "arn:" + s.place.partition() + ":iam::" + s.account() + ":root"},
		}},
	})
}

// others says of resources that have a say in access and are not read, that they are
// not.
func (s *stack) others(there []*resource) {
	for _, r := range there {
		note := func(what string) { s.builder.AddNote(fmt.Sprintf("%s: %s %s", s.at(r), r.id, what)) }
		switch {
		case r.kind == "AWS::CloudFormation::Stack":
			note("is a stack of its own: give its template too")
		case r.kind == "AWS::Organizations::Policy":
			note("is a policy of the organization, which templates are not read for")
		case r.kind == "AWS::SSO::PermissionSet":
			note("makes roles in the accounts that it is assigned to, which templates are not read for")
		case r.kind == "AWS::EC2::VPCEndpoint" && r.properties.Has("PolicyDocument"):
			note("has an endpoint policy, which callers are not given: --endpoint takes it")
		}
	}
}
