package terraform

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/policy"
)

// grants are what a policy that is made of single permissions has.
type grants struct {
	of         string // the ARN that it belongs to
	by         *instance
	statements list
	writers    []string  // the addresses of those that write it
	whole      *instance // an aws_lambda_resource_policy, which replaces all of it
	document   *policy.Document
}

// lambda reads functions, aliases, URLs and layers, and who may call them.
func (v *view) lambda() {
	v.all("aws_lambda_function", v.function)
	v.all("aws_lambda_layer_version", func(x *instance) { v.layers[withoutVersion(concrete(v.arnOf(x)))] = !x.isData() })
	v.all("aws_lambda_alias", v.alias)
	v.all("aws_lambda_function_url", v.url)
	v.all("aws_lambda_permission", v.permission)
	v.all("aws_lambda_resource_policy", v.wholePolicy)
	v.all("aws_lambda_layer_version_permission", v.layerPermission)
	for _, of := range sortedKeys(v.grants) {
		g := v.grants[of]
		r := account.Resource{ARN: g.of, Source: v.source(g.by), Policy: g.document}
		if g.whole != nil || v.isMade(g.of) {
			r.Known = account.ResourcePolicy
		}
		if g.whole != nil && len(g.writers) > 1 {
			r.Rivals = g.writers
		}
		if g.whole == nil {
			r.Policy = v.made(g.by, g.by.address, policy.Resource, object{"Version": policy.Version2012, "Id": "default", "Statement": g.statements})
		}
		v.builder.AddResource(r)
	}
	for _, of := range sortedKeys(v.functions) {
		f := v.functions[of]
		v.builder.AddFunction(*f)
		points := []string{of}
		for _, alias := range f.Aliases {
			points = append(points, of+":"+alias.Name)
		}
		for _, point := range points {
			if v.grants[point] == nil && v.isMade(point) { // nothing in the plan calls it
				v.builder.AddResource(account.Resource{ARN: point, Known: account.ResourcePolicy, Source: f.Source})
			}
		}
	}
}

// isMade reports whether the permissions of a function, an alias or a layer are all
// in the plan: it makes it, and each permission in it says what it is of.
func (v *view) isMade(of string) bool {
	if f := v.functions[unqualified(of)]; f != nil {
		return !v.astray && !v.at[f.Address].isData()
	}
	return v.layers[withoutVersion(of)]
}

// withoutVersion is the ARN of a layer without the version.
func withoutVersion(layer string) string { return layer[:strings.LastIndexByte(layer, ':')+1] }

// function reads a function.
func (v *view) function(x *instance) {
	of := unqualified(concrete(v.arnOf(x)))
	if old := v.functions[of]; old != nil {
		v.fault(x, fmt.Errorf("%s is that of %s too", of, old.Address))
		return
	}
	f := &account.Function{ARN: of, Address: x.address, Known: account.OfFunction, Source: v.source(x)}
	if x.isData() {
		f.Known = account.ExecutionRole | account.Layers
	}
	if role, ok := v.text(x, anARN, "role"); ok {
		if i, found := v.identityOf(x, "role", role); found {
			f.Role = i.ARN
		} else {
			f.Known &^= account.ExecutionRole
			v.unresolved(x, "role", role)
		}
	}
	n := length(at(v.tree(x), "layers"))
	for i := range n {
		v.layer(f, x, "layers", i)
	}
	if n < 0 {
		v.layer(f, x, "layers")
	}
	switch version := at(v.tree(x), "version").(type) {
	case string:
		if version != "" && version != "$LATEST" {
			f.Versions = append(f.Versions, version)
		}
	case unknown:
		f.Known &^= account.Versions
	}
	v.functions[of] = f
	r := account.Resource{ARN: of, Address: x.address, Begins: v.begins(x), Source: v.source(x)}
	r.Tags, r.Known = tags(v.tree(x))
	v.builder.AddResource(r)
}

// layer adds the version of a layer that an attribute names. Of one that is planned
// the version may not be known.
func (v *view) layer(f *account.Function, x *instance, steps ...any) {
	layer, _ := v.text(x, anARN, steps...)
	if layer.Holes() != nil && !strings.HasPrefix(layer.Prefix(), "arn:") {
		f.Known &^= account.Layers
		v.unresolved(x, path(steps...), layer)
		return
	}
	f.Layers = append(f.Layers, concrete(layer))
}

// unqualified is the ARN of a function without qualifier.
func unqualified(text string) string {
	if a, err := arn.Parse(text); err == nil {
		return a.Unqualified().String()
	}
	return text
}

// functionARN is the ARN of the function that an attribute names by name, partial
// ARN or ARN.
func (v *view) functionARN(x *instance, attribute string) planned.Text {
	t, _ := v.text(x, aName, attribute)
	value, known := t.Value()
	h := v.home(x)
	if !known {
		if strings.HasPrefix(t.Prefix(), "arn:") {
			return t
		}
		return planned.Concat(planned.Known("arn:"+h.partition+":lambda:"+v.regionOf(x)+":"+v.accountOf(x)+":function:"), t)
	}
	if strings.HasPrefix(value, "arn:") {
		return t
	}
	a, err := arn.ParseFunction(value, arn.Defaults{Partition: h.partition, Region: v.regionOf(x), Account: v.accountOf(x)})
	if err != nil {
		v.fault(x, fmt.Errorf("%s: %w", attribute, err))
		return t
	}
	return planned.Known(a.String())
}

// callee is the function that an attribute names; nil where that is in no plan.
func (v *view) callee(x *instance) (of string, f *account.Function) {
	of = concrete(v.functionARN(x, "function_name"))
	return of, v.functions[unqualified(of)]
}

// alias reads an alias.
func (v *view) alias(x *instance) {
	of, f := v.callee(x)
	name, _ := v.text(x, anything, "name")
	if f == nil {
		v.note("%s is an alias of %s, which the plan does not have: not read", x.address, of)
		return
	}
	version, _ := v.text(x, anything, "function_version")
	alias := account.Alias{Name: concrete(name), Version: concrete(version)}
	if version.Holes() != nil {
		alias.Version = "$LATEST" // which it will be, nobody knows; it decides nothing
	} else if !slices.Contains(f.Versions, alias.Version) && alias.Version != "$LATEST" {
		f.Versions = append(f.Versions, alias.Version)
	}
	weights, _ := at(v.tree(x), "routing_config", 0, "additional_version_weights").(map[string]any)
	for _, other := range sortedKeys(weights) {
		alias.Others = append(alias.Others, other)
		if !slices.Contains(f.Versions, other) {
			f.Versions = append(f.Versions, other)
		}
	}
	f.Aliases = append(f.Aliases, alias)
}

// url reads a function URL.
func (v *view) url(x *instance) {
	of, f := v.callee(x)
	if f == nil {
		v.note("%s is a URL of %s, which the plan does not have: not read", x.address, of)
		return
	}
	qualifier, _ := v.text(x, anything, "qualifier")
	v.unresolved(x, "qualifier", qualifier)
	auth, _ := v.text(x, anything, "authorization_type")
	v.unresolved(x, "authorization_type", auth)
	f.URLs = append(f.URLs, account.URL{Qualifier: concrete(qualifier), AuthType: concrete(auth), URL: text(v.tree(x), "function_url")})
}

// grant finds the policy of a function, a version or an alias.
func (v *view) grant(x *instance, of string) *grants {
	g := v.grants[of]
	if g == nil {
		g = &grants{of: of, by: x}
		v.grants[of] = g
	}
	g.writers = append(g.writers, x.address)
	return g
}

// permission reads aws_lambda_permission: the statement that AddPermission stores.
func (v *view) permission(x *instance) {
	of := v.functionARN(x, "function_name")
	if qualifier, ok := v.text(x, anything, "qualifier"); ok {
		of = planned.Concat(of, planned.Known(":"), qualifier)
	}
	s := stand{view: v, x: x}
	p := policy.Permission{
		StatementID: s.statementID(), FunctionARN: concrete(of), Action: s.value("action", "lambda:InvokeFunction"),
		Principal: s.value("principal", "999999999999"), SourceARN: s.value("source_arn", "arn:aws:events:us-east-1:999999999999:rule/"),
		SourceAccount: s.value("source_account", "999999999998"), PrincipalOrgID: s.value("principal_org_id", "o-0123456789"),
		EventSourceToken: s.value("event_source_token", "token"), FunctionURLAuthType: s.value("function_url_auth_type", "NONE"),
	}
	if via, _ := v.text(x, anything, "invoked_via_function_url"); concrete(via) == "true" {
		p.InvokedViaFunctionURL = true
	}
	if of.Holes() != nil && !v.has(p.FunctionARN) {
		v.astray = true
		v.unresolved(x, "function_name", of)
	}
	st, err := p.Statement()
	if err != nil {
		v.fault(x, err)
		return
	}
	g := v.grant(x, p.FunctionARN)
	g.statements = append(g.statements, s.filled(st))
}

// has reports whether a function or an alias is in the plan.
func (v *view) has(point string) bool {
	f := v.functions[unqualified(point)]
	return f != nil && (point == f.ARN || slices.ContainsFunc(f.Aliases, func(a account.Alias) bool { return point == f.ARN+":"+a.Name }))
}

// overwrites is the finding of two resources that keep one policy.
func (v *view) overwrites(x, whole *instance) {
	v.note("%s and %s keep the policy of one function: each apply of the one takes away what the other has", whole.address, x.address)
}

// wholePolicy reads aws_lambda_resource_policy, which is the whole policy.
func (v *view) wholePolicy(x *instance) {
	t, _ := v.text(x, anARN, "resource_arn")
	g := v.grant(x, concrete(t))
	if len(g.statements) > 0 {
		v.overwrites(g.by, x)
	}
	g.whole, g.by = x, x
	g.document = v.document(x, policy.Resource, "policy")
}

// layerPermission reads who may use a version of a layer.
func (v *view) layerPermission(x *instance) {
	t, _ := v.text(x, anARN, "layer_name")
	layer := concrete(t)
	if !strings.HasPrefix(layer, "arn:") {
		h := v.home(x)
		layer = "arn:" + h.partition + ":lambda:" + v.regionOf(x) + ":" + v.accountOf(x) + ":layer:" + layer
	}
	version, _ := v.text(x, anything, "version_number")
	layer += ":" + concrete(version)
	if s, _, ok := v.sourceOf(x, "version_number"); ok && version.Holes() != nil && s.instance != nil && s.instance.typ == "aws_lambda_layer_version" && s.attribute == "version" {
		layer = concrete(v.arnOf(s.instance))
	} else {
		v.unresolved(x, "version_number", version)
	}
	s := stand{view: v, x: x}
	p := policy.LayerPermission{
		StatementID: s.statementID(), Action: s.value("action", "lambda:GetLayerVersion"), Principal: s.value("principal", "999999999999"),
		OrganizationID: s.value("organization_id", "o-0123456789"), LayerVersionARN: layer,
	}
	st, err := p.Statement()
	if err != nil {
		v.fault(x, err)
		return
	}
	g := v.grant(x, p.LayerVersionARN)
	g.statements = append(g.statements, s.filled(st))
}

// A stand puts values in place of those that are not known, so that the statement
// of a permission is made by the one rule that there is; and then takes them out
// of it again.
type stand struct {
	*view
	x    *instance
	open map[string]planned.Text // by what stands for it
}

// value is an attribute, or what stands for one that is not known.
func (s *stand) value(attribute, instead string) string {
	t, ok := s.text(s.x, anARN, attribute)
	value, known := t.Value()
	if known {
		return value
	}
	if !ok {
		return ""
	}
	if s.open == nil {
		s.open = make(map[string]planned.Text)
	}
	s.open[instead] = t
	return instead
}

// statementID is the Sid. One that the provider makes up is made of the address.
func (s *stand) statementID() string {
	if t, ok := s.text(s.x, anything, "statement_id"); ok {
		if id, known := t.Value(); known {
			return id
		}
	}
	id := strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' {
			return r
		}
		return '-'
	}, s.x.address)
	return id[max(0, len(id)-100):]
}

// filled is the tree of a statement with the values that are not known.
func (s *stand) filled(st policy.Statement) any {
	text, err := json.Marshal(policy.Document{Version: policy.Version2012, Statements: []policy.Statement{st}})
	if err != nil {
		s.fault(s.x, err)
		return nil
	}
	return s.put(parsed(string(text)).(object)["Statement"].(list)[0])
}

// put puts the texts into a tree in place of what stands for them.
func (s *stand) put(tree any) any {
	switch t := tree.(type) {
	case string:
		for instead, text := range s.open {
			if t == instead || strings.HasPrefix(t, "arn:") && strings.Contains(t, ":"+instead+":root") {
				return text
			}
		}
	case object:
		for name, member := range t {
			t[name] = s.put(member)
		}
	case list:
		for i, member := range t {
			t[i] = s.put(member)
		}
	}
	return tree
}
