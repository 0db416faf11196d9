// Package sam writes the resources of the AWS Serverless Application Model as those
// of CloudFormation, as the transform AWS::Serverless-2016-10-31 does: as far as
// they have a say in access. Resources that have none are written without their
// properties, so that references to them lead somewhere.
package sam

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
	"github.com/iamsim/iamsim/internal/lazy"
)

// Name is the transform as templates name it.
const Name = "AWS::Serverless-2016-10-31"

// prefix is that of the types of SAM.
const prefix = "AWS::Serverless::"

// Values are what the transform knows of what a template leaves open.
type Values struct {
	// Partition is "aws" in most regions.
	Partition string
	// Known puts values of parameters and mappings in a value, as far as there are any.
	Known func(any) any
}

// Transform is the template without resources of SAM. The one that is given stays as
// it is. Faults are what the transform would refuse; a resource with faults is
// written as far as it can be.
func Transform(from *template.Object, with Values) (*template.Object, []*template.Fault) {
	t := &transform{Values: with, template: from.Clone(), out: new(template.Object), renamed: make(map[string]string)}
	t.in = t.template.Object("Resources")
	if t.in == nil {
		return t.template, nil
	}
	t.conditions = t.template.Object("Conditions")
	if t.conditions == nil {
		t.conditions = new(template.Object)
	}
	t.embeddedConnectors()
	t.templates()
	t.implicitAPIs()
	t.globals()
	for id, v := range t.in.All() {
		r, ok := v.(*template.Object)
		if !ok {
			t.out.Set(id, v)
			continue
		}
		t.resource(id, r)
	}
	t.codeDeployRole()
	t.connectors() // which look at what the others have become
	t.out.Place = t.in.Place
	for _, v := range t.out.All() {
		if r, ok := v.(*template.Object); ok {
			putAt(r, r.Place)
		}
	}
	t.template.Set("Resources", rename(t.out, t.renamed))
	if t.conditions.Len() > 0 {
		t.template.Set("Conditions", t.conditions)
	}
	if outputs := t.template.Get("Outputs"); outputs != nil {
		t.template.Set("Outputs", rename(outputs, t.renamed))
	}
	t.template.Delete("Transform")
	t.template.Delete("Globals")
	return t.template, t.faults
}

// A transform is one template on its way.
type transform struct {
	Values
	template   *template.Object
	in, out    *template.Object // resources
	conditions *template.Object
	// renamed has "Function.Alias" and the like, which SAM lets a template refer to.
	renamed  map[string]string
	deployed []deployment
	faults   []*template.Fault
}

// fault reports what is wrong with a resource.
func (t *transform) fault(id string, at template.Place, format string, args ...any) {
	t.faults = append(t.faults, &template.Fault{Place: at, Of: id, Message: fmt.Sprintf(format, args...)})
}

// resource writes one resource.
func (t *transform) resource(id string, r *template.Object) {
	kind, sam := strings.CutPrefix(r.Text("Type"), prefix)
	p := r.Object("Properties")
	if p == nil {
		p = &template.Object{Place: r.Place}
	}
	source := source{transform: t, id: id, resource: r, properties: p, condition: r.Get("Condition")}
	switch {
	case !sam:
		t.out.Set(id, r)
	case kind == "Function":
		source.function()
	case kind == "StateMachine":
		source.stateMachine()
	case kind == "Api":
		source.api()
	case kind == "HttpApi":
		source.httpAPI()
	case kind == "WebSocketApi":
		source.webSocketAPI()
	case kind == "GraphQLApi":
		source.graphQLAPI()
	case kind == "CapacityProvider":
		source.capacityProvider()
	case kind == "SimpleTable":
		own := new(template.Object)
		own.Put("TableName", p.Get("TableName"))
		source.put("AWS::DynamoDB::Table", own)
	case kind == "LayerVersion":
		own := template.New("LayerName", id)
		own.Put("LayerName", p.Get("LayerName"))
		source.put("AWS::Lambda::LayerVersion", own)
	case kind == "Application":
		source.put("AWS::CloudFormation::Stack", new(template.Object))
	case kind == "Connector":
	default:
		t.fault(id, r.At("Type"), "%s is no type of AWS SAM", r.Text("Type"))
	}
}

// A source is a resource of SAM on its way.
type source struct {
	*transform
	id         string
	resource   *template.Object
	properties *template.Object
	condition  any // of the resource, and of what is made for it
}

// put writes the resource that stands for the source itself.
func (s *source) put(kind string, properties *template.Object) {
	r := s.resource.Clone()
	r.Set("Type", kind)
	r.Set("Properties", properties)
	r.Delete("Connectors")
	r.Delete("IgnoreGlobals")
	s.out.Set(s.id, r)
}

// add writes a resource that is made for the source, under its condition.
func (s *source) add(id, kind string, properties *template.Object) *template.Object {
	properties.Place = s.resource.Place
	r := template.New("Type", kind, "Properties", properties)
	r.Put("Condition", s.condition)
	r.Place = s.resource.Place
	s.out.Set(id, r)
	return r
}

// text is a property that is a string once parameters are known.
func (s *source) text(of *template.Object, name string) string {
	v, _ := s.Known(of.Get(name)).(string)
	return v
}

// isTrue reports whether a value is true, once parameters are known.
func (t *transform) isTrue(v any) bool {
	switch v := t.Known(v).(type) {
	case bool:
		return v
	case string:
		return strings.EqualFold(v, "true")
	}
	return false
}

// globals merges the section Globals into the resources that it speaks of.
func (t *transform) globals() {
	sections := t.template.Object("Globals")
	for id, v := range t.in.All() {
		r, _ := v.(*template.Object)
		kind, sam := strings.CutPrefix(r.Text("Type"), prefix)
		section := sections.Object(kind)
		if !sam || section == nil || r.Get("IgnoreGlobals") == "*" {
			continue
		}
		section = section.Clone()
		for _, name := range r.List("IgnoreGlobals") {
			if name, ok := name.(string); ok {
				section.Delete(name)
			}
		}
		own := r.Object("Properties")
		if own == nil && r.Has("Properties") && r.Get("Properties") != nil {
			t.fault(id, r.At("Properties"), "Properties is no object")
			continue
		}
		if own == nil {
			own = new(template.Object)
		}
		r.Set("Properties", merge(section, own))
	}
}

// merge is the global value with the resource's own: lists follow one another,
// objects are merged, and of anything else the own one counts.
func merge(global, own any) any {
	switch g := global.(type) {
	case *template.Object:
		o, ok := own.(*template.Object)
		if !ok || isIntrinsic(g) || isIntrinsic(o) {
			return own
		}
		merged := g.Clone()
		for name, v := range o.All() {
			if merged.Has(name) {
				v = merge(merged.Get(name), v)
			}
			merged.Set(name, v)
		}
		merged.Place = o.Place
		return merged
	case []any:
		if o, ok := own.([]any); ok {
			return append(slices.Clone(g), o...)
		}
	}
	return own
}

// isIntrinsic reports whether a value is a call of an intrinsic function.
func isIntrinsic(v any) bool {
	name, _ := template.Only(v)
	return name == "Ref" || name == "Condition" || strings.HasPrefix(name, "Fn::")
}

// Values that templates are made of.

func ref(id string) any { return template.New("Ref", id) }

func getAtt(id, attribute string) any { return template.New("Fn::GetAtt", []any{id, attribute}) }

func sub(text string, variables ...any) any {
	if len(variables) == 0 {
		return template.New("Fn::Sub", text)
	}
	return template.New("Fn::Sub", []any{text, template.New(variables...)})
}

func choice(condition, yes, no any) any { return template.New("Fn::If", []any{condition, yes, no}) }

func isNoValue(v any) bool {
	name, argument := template.Only(v)
	return name == "Ref" && argument == "AWS::NoValue"
}

// referred is the logical id that a Ref or Fn::GetAtt names; "" for any other value.
func referred(v any) string {
	switch name, argument := template.Only(v); name {
	case "Ref":
		id, _ := argument.(string)
		return id
	case "Fn::GetAtt":
		switch a := argument.(type) {
		case string:
			id, _, _ := strings.Cut(a, ".")
			return id
		case []any:
			if len(a) > 0 {
				id, _ := a[0].(string)
				return id
			}
		}
	}
	return ""
}

// statement is one statement that allows.
func statement(action, resource any) any {
	return template.New("Effect", "Allow", "Action", action, "Resource", resource)
}

// inline is an inline policy. What SAM generates has no Version, unless it is said
// that it has.
func inline(name string, statements ...any) any {
	return template.New("PolicyName", name, "PolicyDocument", template.New("Statement", statements))
}

// trust lets a service assume a role.
func trust(service string) *template.Object {
	return template.New("Version", "2012-10-17", "Statement", []any{template.New(
		"Effect", "Allow", "Action", []any{"sts:AssumeRole"}, "Principal", template.New("Service", []any{service}))})
}

// tags is a list of tags, those of an object last.
func tags(own any, first ...string) []any {
	var list []any
	for i := 0; i+1 < len(first); i += 2 {
		list = append(list, template.New("Key", first[i], "Value", first[i+1]))
	}
	if o, ok := own.(*template.Object); ok && !isIntrinsic(o) {
		for name, v := range o.All() {
			list = append(list, template.New("Key", name, "Value", v))
		}
	}
	return list
}

// rename puts the ids of resources for "Function.Alias" and the like.
func rename(v any, renamed map[string]string) any {
	if len(renamed) == 0 {
		return v
	}
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = rename(v[i], renamed)
		}
	case *template.Object:
		for name, value := range v.All() {
			v.Set(name, rename(value, renamed))
		}
		switch name, argument := template.Only(v); argument := argument.(type) {
		case string:
			switch {
			case name == "Ref" && renamed[argument] != "":
				v.Set(name, renamed[argument])
			case name == "Fn::Sub":
				v.Set(name, renameIn(argument, renamed))
			}
		case []any:
			first, _ := at(argument, 0).(string)
			switch {
			case name == "Fn::Sub":
				argument[0] = renameIn(first, renamed)
			case name == "Fn::GetAtt":
				second, _ := at(argument, 1).(string)
				property, attribute, ok := strings.Cut(second, ".")
				switch id := renamed[first+"."+property]; {
				case ok && id != "":
					v.Set(name, []any{id, attribute})
				case renamed[first] != "":
					v.Set(name, []any{renamed[first], second})
				}
			}
		}
	}
	return v
}

var variable = lazy.Regexp(`\$\{([A-Za-z0-9.]+)\}`)

// renameIn does the same for the variables of a text.
func renameIn(text string, renamed map[string]string) string {
	return variable().ReplaceAllStringFunc(text, func(v string) string {
		name := v[2 : len(v)-1]
		if id := renamed[name]; id != "" {
			return "${" + id + "}"
		}
		if i := strings.LastIndexByte(name, '.'); i > 0 && renamed[name[:i]] != "" {
			return "${" + renamed[name[:i]] + name[i:] + "}"
		}
		return v
	})
}

// putAt gives what was made for a resource the place of what it was made for.
func putAt(v any, at template.Place) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			putAt(item, at)
		}
	case *template.Object:
		if v.Place == (template.Place{}) {
			v.Place = at
		}
		for _, item := range v.All() {
			putAt(item, at)
		}
	}
}

func at(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return nil
}
