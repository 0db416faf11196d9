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
	return s.functionNamed(t)
}

// functionNamed is the ARN of the function that a text names.
func (s *stack) functionNamed(t planned.Text) planned.Text {
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
		if r.kind == "AWS::Lambda::LayerVersion" {
			s.entity(r)
		}
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
	var strays []stray
	points := make(map[string]*resource) // where policies may be, and what is there
	for _, r := range there {
		switch r.kind {
		case "AWS::Lambda::Version":
			if f, a := s.ofFunction(r, "FunctionName", account.Versions, found, &strays); f != nil {
				addVersion(f, a.Qualifier())
			}
		case "AWS::Lambda::Alias":
			f, a := s.ofFunction(r, "FunctionName", account.Aliases, found, &strays)
			if f == nil {
				continue
			}
			f.Aliases = append(f.Aliases, s.alias(r, f, a.Qualifier()))
			if r.maybe != nil {
				f.Known &^= account.Aliases
			}
			points[a.String()] = r
		case "AWS::Lambda::Url":
			f, a := s.ofFunction(r, "TargetFunctionArn", account.URLs, found, &strays)
			if f == nil {
				continue
			}
			qualifier := a.Qualifier()
			own := s.value(r.properties.Get("Qualifier"))
			if q, ok := whole(own); ok && q != "" {
				qualifier = q
			}
			auth, ok := whole(s.value(r.properties.Get("AuthType")))
			if !ok || r.maybe != nil || len(holesOf(own)) > 0 {
				f.Known &^= account.URLs
			}
			f.URLs = append(f.URLs, account.URL{Qualifier: qualifier, AuthType: auth})
		}
	}
	if len(strays) > mostOpen {
		strays = []stray{{anything, account.Versions | account.Aliases | account.URLs}}
	}
	for _, f := range order {
		f.Known &^= s.strayed(s.entities[f.ARN], strays)
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
	s.elsewhere(grants.trees)
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
// belongs, which a property says, and the ARN of that. One that is of no function of
// the template for certain is a stray.
func (s *stack) ofFunction(r *resource, property string, part account.Part, found map[string]*account.Function, strays *[]stray) (*account.Function, arn.ARN) {
	t, _ := s.arnOf(r)
	a, err := arn.Parse(s.resolved(t))
	if f := found[a.Unqualified().String()]; f != nil {
		return f, a
	}
	for _, name := range s.functionsNamed(s.value(r.properties.Get(property))) {
		*strays = append(*strays, stray{name, part})
	}
	if err != nil {
		s.builder.AddNote(fmt.Sprintf("%s: of which function %s is, is not known: %s", s.at(r), r.id, t))
	} else {
		s.builder.AddNote(fmt.Sprintf("%s: %s is of %s, which is not of this template: not shown there", s.at(r), r.id, a.Unqualified()))
	}
	return nil, a
}

// resolved is the ARN that a text is; "" where that is not known. One with holes is
// known where it is that of a function or layer of the template, with a qualifier or
// without.
func (s *stack) resolved(t planned.Text) string {
	of, ok := t.Value()
	if ok {
		return of
	}
	of = s.madeUp(t)
	if r := s.holder(of); r != nil {
		if own, _ := s.arnOf(r); len(own.Holes()) == len(t.Holes()) {
			return of
		}
	}
	return ""
}

// holder is the function or layer of the template that has an ARN, with a qualifier or
// without; nil for none.
func (s *stack) holder(of string) *resource {
	if r := s.entities[of]; r != nil {
		return r
	}
	a, _ := arn.Parse(of)
	return s.entities[a.Unqualified().String()]
}

// functionsNamed are the ARNs of the functions of which a value names one.
func (s *stack) functionsNamed(v any) []planned.Text {
	list := candidates(v)
	for i := range list {
		list[i] = s.functionNamed(list[i])
	}
	return list
}

// A stray is a part of a function, by the ARN that it may be of.
type stray struct {
	name planned.Text
	part account.Part
}

// strayed are the parts that may be of a function, by its ARN or that with a
// qualifier.
func (s *stack) strayed(r *resource, strays []stray) (parts account.Part) {
	own, _ := s.arnOf(r)
	qualified := planned.Concat(own, planned.Known(":"), anything)
	for _, of := range strays {
		if mayBe(of.name, own) || mayBe(of.name, qualified) {
			parts |= of.part
		}
	}
	return parts
}

// A grants is the policies of functions and layers by ARN, and what is known of the
// ARNs of others.
type grants struct {
	trees map[string]*policyTree
	open  []planned.Text
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
func (s *stack) grants(there []*resource) grants {
	all := make(map[string]*policyTree)
	var unknown []planned.Text
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
			of, statement, open := s.permission(r)
			unknown = append(unknown, open...)
			if statement == nil {
				continue
			}
			if r.maybe != nil {
				statement = planned.Maybe{Value: statement, Hole: r.maybe}
			}
			if s.holder(of) == nil { // but perhaps one of which the name is not known
				unknown = append(unknown, planned.Known(of))
			}
			t := tree(of, r)
			t.statements = append(t.statements, statement)
		case "AWS::Lambda::ResourcePolicy":
			v := s.value(r.properties.Get("ResourceArn"))
			target, ok := textOf(v)
			of := s.resolved(target)
			if !ok || of == "" {
				s.gap("the function of "+r.id, "give the values that ResourceArn needs")
				unknown = append(unknown, candidates(v)...)
				continue
			}
			if _, err := arn.Parse(of); err != nil {
				s.faultIn(r, "ResourceArn", "%v", err)
				continue
			}
			if s.holder(of) == nil {
				unknown = append(unknown, planned.Known(of))
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
	if len(unknown) > mostOpen {
		unknown = []planned.Text{anything}
	}
	return grants{all, unknown}
}

// point adds a function, an alias or a version of a layer as what has a policy.
func (s *stack) point(own account.Resource, r *resource, grants grants) {
	own.Source = s.at(r)
	own.Known |= account.ResourcePolicy
	if t := grants.trees[own.ARN]; t != nil {
		delete(grants.trees, own.ARN)
		own.Policy, own.Rivals = s.granted(t), t.rivals()
		if own.Policy == nil {
			own.Known &^= account.ResourcePolicy
		}
	}
	name, _ := s.arnOf(r)
	if slices.ContainsFunc(grants.open, func(t planned.Text) bool { return mayBe(t, name) }) {
		own.Known &^= account.ResourcePolicy
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
// put back when the statement is written. Where the ARN is not known, it is one of
// open.
func (s *stack) permission(r *resource) (of string, statement any, open []planned.Text) {
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
		return "", nil, nil
	}
	if of = s.resolved(target); of == "" && len(target.Holes()) > 0 {
		s.gap(fmt.Sprintf("the function of %s, %s", r.id, target.Holes()[0]), target.Holes()[0].Mend)
		if name == "LayerVersionArn" {
			return "", nil, candidates(s.value(p.Get(name)))
		}
		return "", nil, s.functionsNamed(s.value(p.Get(name)))
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
		return "", nil, nil
	}
	written, err := policy.Document{Statements: []policy.Statement{st}}.MarshalJSON()
	var tree struct{ Statement []map[string]any }
	if err == nil {
		err = json.Unmarshal(written, &tree)
	}
	if err != nil {
		s.faultOf(r.id, p.Place, "%v", err)
		return "", nil, nil
	}
	planned.Put(tree.Statement[0], places{p})
	return of, in.putBack(tree.Statement[0]), nil
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
