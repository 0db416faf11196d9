package cloudformation

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/policy"
)

// functionARN is the ARN of the function that a property names, by name, by ARN in
// part or in full, with or without qualifier.
func (s *stack) functionARN(expression any) planned.Text {
	t, ok := textOf(s.value(expression))
	if !ok {
		return planned.Unknown(&planned.Hole{Origin: "FunctionName", Why: "not a text"})
	}
	prefix := t.Prefix()
	switch {
	case strings.HasPrefix(prefix, "arn:"), len(t.Holes()) > 0 && prefix == "" && s.isARN(t):
		return t
	case strings.Count(prefix, ":") >= 2: // 111122223333:function:orders
		return planned.Concat(planned.Known("arn:"+s.place.partition()+":lambda:"+s.region()+":"), t)
	}
	return planned.Concat(s.written("lambda:<R>:<A>:function:", ""), t)
}

// isARN reports whether a hole stands for an ARN: an import, or an attribute.
func (s *stack) isARN(t planned.Text) bool {
	origin := strings.ToLower(t.Holes()[0].Origin)
	return strings.Contains(origin, "arn")
}

// functions adds the Lambda functions, with versions, aliases and URLs, and their
// policies.
func (s *stack) functions(there []*resource) {
	found := make(map[string]*account.Function)
	var order []*account.Function
	for _, r := range there {
		if r.kind != "AWS::Lambda::Function" {
			continue
		}
		name, _ := s.entity(r)
		f := &account.Function{ARN: name, Address: r.id, Known: account.OfFunction, Source: s.at(r)}
		if v := s.value(r.properties.Get("Role")); v != nil {
			role, ok := whole(v)
			if _, err := arn.Parse(role); !ok || err != nil {
				f.Known &^= account.ExecutionRole
			} else {
				f.Role = role
			}
		}
		if layers, ok := listOf(s.value(r.properties.Get("Layers"))); ok {
			for _, v := range layers {
				if layer, ok := whole(v); ok {
					f.Layers = append(f.Layers, layer)
				} else {
					f.Known &^= account.Layers
				}
			}
		} else {
			f.Known &^= account.Layers
		}
		found[name] = f
		order = append(order, f)
	}
	points := make(map[string]*resource) // where policies may be, and what is there
	for _, r := range there {
		switch r.kind {
		case "AWS::Lambda::Version":
			if f, a := s.ofFunction(r, found); f != nil {
				addVersion(f, a.Qualifier())
			}
		case "AWS::Lambda::Alias":
			f, a := s.ofFunction(r, found)
			if f == nil {
				continue
			}
			f.Aliases = append(f.Aliases, s.alias(r, f, a.Qualifier()))
			if r.maybe != nil {
				f.Known &^= account.Aliases
			}
			points[a.String()] = r
		case "AWS::Lambda::Url":
			f, a := s.ofFunction(r, found)
			if f == nil {
				continue
			}
			qualifier := a.Qualifier()
			if q, ok := whole(s.value(r.properties.Get("Qualifier"))); ok && q != "" {
				qualifier = q
			}
			auth, ok := whole(s.value(r.properties.Get("AuthType")))
			if !ok || r.maybe != nil {
				f.Known &^= account.URLs
			}
			f.URLs = append(f.URLs, account.URL{Qualifier: qualifier, AuthType: auth})
		}
	}
	grants := s.grants(there)
	for _, f := range order {
		of := s.entities[f.ARN]
		s.builder.AddFunction(*f)
		own := account.Resource{ARN: f.ARN}
		own.Tags, own.Known = s.tags(s.value(of.properties.Get("Tags")))
		s.point(own, of, grants)
		for _, alias := range f.Aliases {
			s.point(account.Resource{ARN: f.ARN + ":" + alias.Name}, points[f.ARN+":"+alias.Name], grants)
		}
	}
	for _, r := range there {
		if r.kind != "AWS::Lambda::LayerVersion" {
			continue
		}
		if of, ok := s.entity(r); ok {
			s.point(account.Resource{ARN: of, Address: r.id, Known: account.Tags}, r, grants)
		}
	}
	s.elsewhere(grants)
}

// alias is an alias, which leads to a version, and with weights to others.
func (s *stack) alias(r *resource, f *account.Function, name string) account.Alias {
	known := func(v any) string {
		version, ok := whole(v)
		if !ok {
			version = "$LATEST"
			f.Known &^= account.Versions
		}
		addVersion(f, version)
		return version
	}
	a := account.Alias{Name: name, Version: known(s.value(r.properties.Get("FunctionVersion")))}
	routing, _ := s.value(r.properties.Get("RoutingConfig")).(map[string]any)
	weights, ok := listOf(routing["AdditionalVersionWeights"])
	if !ok {
		f.Known &^= account.Versions
	}
	for _, w := range weights {
		weight, _ := w.(map[string]any)
		if other := known(weight["FunctionVersion"]); other != "$LATEST" {
			a.Others = append(a.Others, other)
		}
	}
	return a
}

// addVersion adds a version that is there, or that an alias leads to.
func addVersion(f *account.Function, version string) {
	if version != "$LATEST" && !slices.Contains(f.Versions, version) {
		f.Versions = append(f.Versions, version)
	}
}

// ofFunction is the function of the template to which a version, an alias or a URL
// belongs, and the ARN of that.
func (s *stack) ofFunction(r *resource, found map[string]*account.Function) (*account.Function, arn.ARN) {
	t, _ := s.arnOf(r)
	text, ok := t.Value()
	a, err := arn.Parse(text)
	if !ok || err != nil {
		s.builder.AddNote(fmt.Sprintf("%s: of which function %s is, is not known: %s", s.at(r), r.id, t))
		return nil, a
	}
	if f := found[a.Unqualified().String()]; f != nil {
		return f, a
	}
	s.builder.AddNote(fmt.Sprintf("%s: %s is of %s, which is not of this template: not shown there", s.at(r), r.id, a.Unqualified()))
	return nil, a
}

// A policyTree is a resource-based policy on its way.
type policyTree struct {
	of         *resource // the first that grants
	statements []any
	whole      any // a document that somebody wrote
	writers    []string
}

// rivals are those that write the policy, where one of them writes it whole (F-4).
func (t *policyTree) rivals() []string {
	if t.whole == nil || len(t.writers) < 2 {
		return nil
	}
	return t.writers
}

// grants are the policies of functions and layers by ARN: those that permissions add
// up to, and those that are written whole.
func (s *stack) grants(there []*resource) map[string]*policyTree {
	all := make(map[string]*policyTree)
	tree := func(of string, r *resource) *policyTree {
		t := all[of]
		if t == nil {
			t = &policyTree{of: r}
			all[of] = t
		}
		t.writers = append(t.writers, r.id)
		return t
	}
	for _, r := range there {
		switch r.kind {
		case "AWS::Lambda::Permission", "AWS::Lambda::LayerVersionPermission":
			of, statement := s.permission(r)
			if statement == nil {
				continue
			}
			if r.maybe != nil {
				statement = planned.Maybe{Value: statement, Hole: r.maybe}
			}
			t := tree(of, r)
			t.statements = append(t.statements, statement)
		case "AWS::Lambda::ResourcePolicy":
			of, ok := whole(s.value(r.properties.Get("ResourceArn")))
			if !ok {
				s.gap("the function of "+r.id, "give the values that ResourceArn needs")
				continue
			}
			if _, err := arn.Parse(of); err != nil {
				s.faultIn(r, "ResourceArn", "%v", err)
				continue
			}
			t := tree(of, r)
			t.whole = s.value(r.properties.Get("PolicyDocument"))
		}
	}
	for _, of := range sortedKeys(all) {
		t := all[of]
		if rivals := t.rivals(); rivals != nil {
			s.builder.AddNote(fmt.Sprintf("%s: %s has AWS::Lambda::ResourcePolicy and other permissions (%s): each deployment overwrites the other; keep one",
				s.at(t.of), of, strings.Join(rivals, ", ")))
		}
	}
	return all
}

// point adds a function, an alias or a version of a layer as what has a policy.
func (s *stack) point(own account.Resource, r *resource, grants map[string]*policyTree) {
	own.Source = s.at(r)
	own.Known |= account.ResourcePolicy
	if t := grants[own.ARN]; t != nil {
		delete(grants, own.ARN)
		own.Policy, own.Rivals = s.granted(t), t.rivals()
		if own.Policy == nil {
			own.Known &^= account.ResourcePolicy
		}
	}
	s.builder.AddResource(own)
}

// granted is the document that grants add up to; nil where it is wrong.
func (s *stack) granted(t *policyTree) *policy.Document {
	if t.whole != nil {
		return s.document(t.of, "PolicyDocument", policy.Resource, t.whole)
	}
	d, _, err := planned.Document(t.of.id+".PolicyDocument", policy.Resource, map[string]any{
		"Version": policy.Version2012, "Id": "default", "Statement": t.statements,
	})
	if err != nil {
		s.refused(t.of, "PolicyDocument", err)
		return nil
	}
	return d
}

// elsewhere adds permissions of functions that the template does not have, with what
// is known of their policies.
func (s *stack) elsewhere(grants map[string]*policyTree) {
	for _, of := range sortedKeys(grants) {
		t := grants[of]
		d := s.granted(t)
		if d == nil {
			continue
		}
		own := account.Resource{ARN: of, Policy: d, Rivals: t.rivals(), Source: s.at(t.of)}
		if t.whole != nil {
			own.Known = account.ResourcePolicy
			s.builder.AddResource(own)
			continue
		}
		s.builder.AddResource(own)
		s.builder.AddNote(fmt.Sprintf("%s: %s adds to the policy of %s, which is not of this template: only what is added is known", s.at(t.of), t.of.id, of))
	}
}

// permission is the statement that a permission adds, as Lambda stores it, and the
// ARN to whose policy. What is not known of the parameters has a stand-in, which is
// put back when the statement is written.
func (s *stack) permission(r *resource) (of string, statement any) {
	p := r.properties
	in := standins{stack: s, r: r, values: make(map[string]any)}
	name := "FunctionName"
	target := s.functionARN(p.Get(name))
	if r.kind == "AWS::Lambda::LayerVersionPermission" {
		name = "LayerVersionArn"
		target, _ = textOf(s.value(p.Get(name)))
	}
	if !p.Has(name) {
		s.faultOf(r.id, p.Place, "a permission has a %s", name)
		return "", nil
	}
	of, known := target.Value()
	if !known {
		s.gap(fmt.Sprintf("the function of %s, %s", r.id, target.Holes()[0]), target.Holes()[0].Mend)
		return "", nil
	}
	sid := "stack"
	if s.name != "" {
		sid = s.name
	}
	sid += "-" + r.id + "-" + s.made(r.id, 12)
	if len(sid) > 100 {
		sid = sid[len(sid)-100:]
	}
	var grant policy.Grant = policy.Permission{
		StatementID: sid, FunctionARN: of,
		Action:                in.text("Action", "lambda:Unknown"),
		Principal:             in.principal(),
		SourceARN:             in.text("SourceArn", "arn:aws:unknown:::source"),
		SourceAccount:         in.text("SourceAccount", "000000000001"),
		PrincipalOrgID:        in.text("PrincipalOrgID", "o-0000000001"),
		FunctionURLAuthType:   in.text("FunctionUrlAuthType", "NONE"),
		InvokedViaFunctionURL: in.text("InvokedViaFunctionUrl", "true") == "true",
		EventSourceToken:      in.text("EventSourceToken", "unknown.token"),
	}
	if r.kind == "AWS::Lambda::LayerVersionPermission" {
		grant = policy.LayerPermission{
			StatementID: sid, LayerVersionARN: of, Action: in.text("Action", "lambda:GetLayerVersion"),
			Principal: in.principal(), OrganizationID: in.text("OrganizationId", "o-0000000001"),
		}
	}
	st, err := grant.Statement()
	if err != nil {
		var faults policy.Errors
		if errors.As(err, &faults) {
			for _, f := range faults {
				s.faultIn(r, f.Path, "%s %s", f.Path, f.Message)
			}
		}
		return "", nil
	}
	written, err := policy.Document{Statements: []policy.Statement{st}}.MarshalJSON()
	var tree struct{ Statement []map[string]any }
	if err == nil {
		err = json.Unmarshal(written, &tree)
	}
	if err != nil {
		s.faultOf(r.id, p.Place, "%v", err)
		return "", nil
	}
	planned.Put(tree.Statement[0], places{p})
	return of, in.putBack(tree.Statement[0])
}

// standins stand for what is not known of a permission.
type standins struct {
	*stack
	r      *resource
	values map[string]any // by stand-in
}

// text is a parameter, or its stand-in.
func (in *standins) text(property, standin string) string {
	v := in.value(in.r.properties.Get(property))
	if v == nil || v == (noValue{}) {
		return ""
	}
	if text, ok := whole(v); ok {
		return text
	}
	t, ok := textOf(v)
	if !ok {
		in.faultIn(in.r, property, "%s is a text", property)
		return ""
	}
	in.values[standin] = t
	return standin
}

// principal is the parameter Principal. What its beginning does not tell apart can be
// anybody.
func (in *standins) principal() string {
	const anybody = "unknown.amazonaws.com"
	name := in.text("Principal", anybody)
	if t, ok := in.values[anybody].(planned.Text); ok {
		in.values[anybody] = t.Holes()[0]
		if strings.HasPrefix(t.Prefix(), "arn:") {
			in.values["arn:aws:iam::000000000001:root"] = t
			delete(in.values, anybody)
			return "arn:aws:iam::000000000001:root"
		}
	}
	return name
}

// putBack is a statement with what the stand-ins stand for.
func (in *standins) putBack(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, item := range v {
			v[name] = in.putBack(item)
			if m, ok := v[name].(map[string]any); ok && name == "Principal" {
				if hole, ok := m["Service"].(*planned.Hole); ok {
					v[name] = hole
				}
			}
		}
	case []any:
		for i := range v {
			v[i] = in.putBack(v[i])
		}
	case string:
		if value, ok := in.values[v]; ok {
			return value
		}
	}
	return v
}
