package sam

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy/managed"
)

//go:embed data/policy_templates.json
var policyTemplates []byte

// templatesOfPolicies are the policy templates of SAM, by name: their parameters,
// and the statements that they are written as.
var templatesOfPolicies = data("policy_templates.json", policyTemplates)

// templates writes policy templates out as statements.
func (t *transform) templates() {
	for id, v := range t.in.All() {
		r, _ := v.(*template.Object)
		switch r.Text("Type") {
		case prefix + "Function", prefix + "StateMachine":
		default:
			continue
		}
		p := r.Object("Properties")
		if p == nil || p.Get("Policies") == nil {
			continue
		}
		list, ok := p.Get("Policies").([]any)
		if !ok {
			list = []any{p.Get("Policies")}
		}
		for i := range list {
			list[i] = t.policyTemplate(id, list[i])
		}
		p.Set("Policies", list)
	}
}

// policyTemplate is a policy of a template, or the policy itself where it is of
// another kind.
func (t *transform) policyTemplate(id string, v any) any {
	name, argument := template.Only(v)
	if name == "Fn::If" {
		if branches, ok := argument.([]any); ok && len(branches) == 3 {
			return choice(branches[0], t.policyTemplate(id, branches[1]), t.policyTemplate(id, branches[2]))
		}
	}
	if name == "" || name == "Statement" || isIntrinsic(v) {
		return v
	}
	at := v.(*template.Object).Place
	known := templatesOfPolicies().Object(name)
	if known == nil {
		t.fault(id, at, "%s is no policy template of SAM%s", spelling.Quote(name), spelling.Suggestion(name, templatesOfPolicies().Names()))
		return v
	}
	values, _ := argument.(*template.Object)
	for _, parameter := range known.List("Parameters") {
		if name, _ := parameter.(string); !values.Has(name) {
			t.fault(id, at, "policy template %s needs %s", v.(*template.Object).Names()[0], name)
		}
	}
	return template.New("Statement", fill(template.Move(template.Clone(known.Get("Statement")), at), known.List("Parameters"), values))
}

// fill puts values in the place of the parameters of a policy template.
func fill(v any, parameters []any, values *template.Object) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = fill(v[i], parameters, values)
		}
	case *template.Object:
		if name, argument := template.Only(v); name == "Ref" && slices.Contains(parameters, argument) {
			return template.Clone(values.Get(argument.(string)))
		}
		for name, value := range v.All() {
			v.Set(name, fill(value, parameters, values))
		}
	}
	return v
}

// A role is the execution role of a function or a state machine on its way.
type role struct {
	id       string
	trust    any
	managed  []any
	inline   []any
	path     any
	boundary any
	tags     []any
}

// attach adds a managed policy, once.
func (r *role) attach(policy any) {
	if policy != nil && !slices.ContainsFunc(r.managed, func(m any) bool { return same(m, policy) }) {
		r.managed = append(r.managed, policy)
	}
}

// include adds an inline policy, unless there is one that says the same.
func (r *role) include(policy any) {
	document := policy.(*template.Object).Get("PolicyDocument")
	if !slices.ContainsFunc(r.inline, func(p any) bool {
		o, _ := p.(*template.Object)
		return same(o.Get("PolicyDocument"), document)
	}) {
		r.inline = append(r.inline, policy)
	}
}

// same reports whether two values are written alike.
func same(a, b any) bool {
	x, err := json.Marshal(a)
	y, other := json.Marshal(b)
	return err == nil && other == nil && string(x) == string(y)
}

// properties are those of the role as a resource.
func (r *role) properties() *template.Object {
	p := template.New("AssumeRolePolicyDocument", r.trust)
	if len(r.managed) > 0 {
		p.Set("ManagedPolicyArns", r.managed)
	}
	if len(r.inline) > 0 {
		p.Set("Policies", r.inline)
	}
	p.Put("Path", r.path)
	p.Put("PermissionsBoundary", r.boundary)
	if len(r.tags) > 0 {
		p.Set("Tags", r.tags)
	}
	return p
}

// policies adds what stands under Policies: statements are inline policies, numbered
// among all entries, and texts and references are managed policies.
func (s *source) policies(r *role, list any) {
	entries, ok := list.([]any)
	if !ok && list != nil {
		entries = []any{list}
	}
	for i, entry := range entries {
		name := r.id + "Policy" + strconv.Itoa(i)
		if s.isStatement(entry) {
			r.inline = append(r.inline, s.branches(entry, func(v any) any {
				return template.New("PolicyName", name, "PolicyDocument", v)
			}))
			continue
		}
		if o, ok := entry.(*template.Object); ok && !isIntrinsic(o) {
			s.fault(s.id, o.Place, "entry %d of Policies is neither a policy with a Statement, nor a policy template, nor a managed policy", i)
			continue
		}
		r.attach(s.branches(entry, s.managedPolicy))
	}
}

// isStatement reports whether an entry of Policies is a document, in the branch of
// an Fn::If too.
func (s *source) isStatement(v any) bool {
	name, argument := template.Only(v)
	if branches, ok := argument.([]any); ok && name == "Fn::If" && len(branches) == 3 {
		return s.isStatement(branches[1]) || s.isStatement(branches[2])
	}
	o, ok := v.(*template.Object)
	return ok && o.Has("Statement")
}

// branches has a function write a value, or both branches of an Fn::If.
func (s *source) branches(v any, write func(any) any) any {
	name, argument := template.Only(v)
	branches, ok := argument.([]any)
	switch {
	case name == "Fn::If" && ok && len(branches) == 3:
		return choice(branches[0], s.branches(branches[1], write), s.branches(branches[2], write))
	case isNoValue(v):
		return v
	}
	return write(v)
}

// managedPolicy is the ARN of a managed policy of AWS that is given by name; what is
// none stays as it is.
func (s *source) managedPolicy(v any) any {
	name, ok := v.(string)
	if !ok || strings.HasPrefix(name, "arn:") {
		return v
	}
	if p, err := managed.ByName(name); err == nil {
		return s.partition(p.ARN())
	}
	return v
}

// partition is the ARN of a managed policy of AWS in the partition of the template.
func (s *source) partition(policyARN string) string {
	_, rest, _ := strings.Cut(strings.TrimPrefix(policyARN, "arn:"), ":")
	return "arn:" + s.Partition + ":" + rest
}

// awsManaged is the ARN of a managed policy of AWS with its path.
func (s *source) awsManaged(name string) string {
	return "arn:" + s.Partition + ":iam::aws:policy/" + name
}

// xray is the managed policy of what is traced.
func (s *source) xray() string {
	if s.Partition == "aws" {
		return s.awsManaged("AWSXrayWriteOnlyAccess")
	}
	return s.awsManaged("AWSXRayDaemonWriteAccess")
}
