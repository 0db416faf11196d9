package read

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// A wrapper is an object around a document.
type wrapper struct {
	from   string      // what prints it; "" for none
	path   []string    // the members that lead to the document
	beside string      // a member beside the first that tells the wrapper from others; "" for none
	kind   policy.Kind // of the policy; 0 where the wrapper does not say it
}

// wrappers are all that is known, the first that fits counts.
var wrappers = []wrapper{
	{"aws iam get-role-policy", []string{"PolicyDocument"}, "RoleName", policy.Identity},
	{"aws iam get-user-policy", []string{"PolicyDocument"}, "UserName", policy.Identity},
	{"aws iam get-group-policy", []string{"PolicyDocument"}, "GroupName", policy.Identity},
	{"", []string{"PolicyDocument"}, "VpcEndpointId", policy.Endpoint},
	{"", []string{"PolicyDocument"}, "", 0},
	{"aws iam get-policy-version", []string{"PolicyVersion", "Document"}, "", 0},
	{"", []string{"Document"}, "VersionId", 0}, // a version in a list
	{"aws iam get-role", []string{"Role", "AssumeRolePolicyDocument"}, "", policy.Trust},
	{"", []string{"AssumeRolePolicyDocument"}, "", policy.Trust},
	{"aws sso-admin get-inline-policy-for-permission-set", []string{"InlinePolicy"}, "", policy.Identity},
	{"aws organizations describe-policy", []string{"Policy", "Content"}, "", 0}, // the summary beside Content has the kind
	{"aws organizations describe-resource-policy", []string{"ResourcePolicy", "Content"}, "", policy.Resource},
	{"aws lambda get-policy", []string{"Policy"}, "RevisionId", policy.Resource}, // get-resource-policy and get-layer-version-policy, too
	{"aws kms get-key-policy", []string{"Policy"}, "PolicyName", policy.Resource},
	{"aws s3api get-bucket-policy", []string{"Policy"}, "", policy.Resource},
	{"aws sqs get-queue-attributes or aws sns get-topic-attributes", []string{"Attributes", "Policy"}, "", policy.Resource},
	{"aws secretsmanager get-resource-policy", []string{"ResourcePolicy"}, "", policy.Resource},
	{"aws ecr get-repository-policy", []string{"policyText"}, "", policy.Resource},
	{"aws codeartifact get-repository-permissions-policy", []string{"policy", "document"}, "", policy.Resource},
	{"aws glue get-resource-policy", []string{"PolicyInJson"}, "", policy.Resource},
}

// find is the member that leads to the document, where there is one.
func (w *wrapper) find(v gjson.Result) gjson.Result {
	for _, name := range w.path {
		v = member(v, name)
	}
	return v
}

// organizations are the types of policies in AWS Organizations that decide about
// access.
var organizations = map[string]policy.Kind{
	"SERVICE_CONTROL_POLICY":  policy.SCP,
	"RESOURCE_CONTROL_POLICY": policy.RCP,
}

// wrapped is the document at a member of a wrapper.
func (r *reader) wrapped(t text, v gjson.Result, w *wrapper, at gjson.Result) (*text, error) {
	what := strings.Join(w.path, ".")
	if w.from != "" {
		what += " that " + w.from + " prints"
	}
	for _, name := range w.path {
		if err := r.unambiguous(t, v); err != nil {
			return nil, err
		}
		if name == "Content" {
			if err := r.ofOrganization(t, v); err != nil {
				return nil, err
			}
		}
		v = member(v, name)
	}
	if w.kind != 0 {
		r.found.Kind = w.kind
	}
	r.note("the " + what)
	switch {
	case at.IsObject() || at.IsArray():
		inner := t.cut(at.Index, at.Index+len(at.Raw))
		return &inner, nil
	case at.Type == gjson.String && strings.Trim(at.Str, white) != "":
		inner := t.unquote(at.Index)
		return &inner, nil
	case at.Type == gjson.String || at.Type == gjson.Null:
		return nil, r.fault(t, at.Index, NoPolicy, "there is no policy in the "+what)
	}
	return nil, r.fault(t, at.Index, NoPolicy, fmt.Sprintf("the %s is %s, which is no policy", what, spelling.Quote(at.Raw)))
}

// ofOrganization takes the kind that the summary beside the Content of a policy
// says.
func (r *reader) ofOrganization(t text, v gjson.Result) error {
	is := member(member(v, "PolicySummary"), "Type")
	kind, ok := organizations[is.Str]
	if ok || !is.Exists() {
		r.found.Kind = kind
		return nil
	}
	return r.fault(t, is.Index, NotPolicy, fmt.Sprintf(
		"a policy of the type %s, which does not decide about access; SERVICE_CONTROL_POLICY and RESOURCE_CONTROL_POLICY do", spelling.Quote(is.Str)))
}

// unambiguous is an error where an object has a member twice: which one counts,
// nobody can tell.
func (r *reader) unambiguous(t text, v gjson.Result) (err error) {
	seen := make(map[string]bool)
	v.ForEach(func(key, _ gjson.Result) bool {
		if seen[key.Str] {
			err = r.fault(t, key.Index, DuplicateKey, "duplicate key "+spelling.Quote(key.Str))
		}
		seen[key.Str] = true
		return err == nil
	})
	return err
}
