package cloudformation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/internal/spelling"
)

// A stack is one template with what is known of its deployment.
type stack struct {
	*Reader
	file     string
	name     string // "" where it is not known
	place    place
	template *template.Object // without resources of SAM

	parameters map[string]any
	conditions map[string]truth
	resources  map[string]*resource
	order      []*resource
	holes      map[string]*planned.Hole // that were met, by origin
	exporting  bool                     // what another asks for leads back here
	following  map[string]bool          // names that were computed, and of which the value is sought
	entities   map[string]*resource     // by ARN
	byName     map[string]*resource     // by what properties name them by; nil until that is asked for
	isSAM      bool
	hasMore    bool // a macro makes things that are not here
	repeated   int  // by loops
}

// A resource is one resource of a template.
type resource struct {
	id, kind      string
	object        *template.Object
	properties    *template.Object // empty where there are none
	name          planned.Text
	named, naming bool
	maybe         *planned.Hole // it is not known whether the resource is there
}

// newStack reads a template, up to its expressions.
func (r *Reader) newStack(file string, o *template.Object, name string, at place) (*stack, error) {
	s := &stack{
		Reader: r, file: file, name: name, place: at, template: o,
		parameters: make(map[string]any), conditions: make(map[string]truth), resources: make(map[string]*resource),
		holes: make(map[string]*planned.Hole), entities: make(map[string]*resource), following: make(map[string]bool),
	}
	if o.Object("Resources") == nil {
		return nil, &template.Fault{File: file, Place: o.At("Resources"), Message: "a template has Resources, an object of one resource or more"}
	}
	for name, v := range o.All() {
		switch known := slices.Contains(sections, name); {
		case !known:
			s.fault(o.At(name), "%s is no section of a template%s", spelling.Quote(name), spelling.Suggestion(name, sections))
		case v == nil:
			o.Delete(name)
		}
	}
	s.parametersOf()
	known := make(map[string]any)
	for name, v := range s.parameters {
		switch v := v.(type) {
		case string:
			known[name] = v
		case []any:
			known[name] = v
		}
	}
	known["AWS::Partition"] = at.partition()
	if at.region != "" {
		known["AWS::Region"] = at.region
	}
	s.template = s.expanded(o, known)
	s.macros()
	s.transforms(known)
	s.resourcesOf()
	return s, nil
}

// sections are those of a template.
var sections = strings.Fields("AWSTemplateFormatVersion Description Metadata Parameters Mappings Conditions Rules Transform Globals Resources Outputs Hooks")

// plainly is a value of which an object stands for itself.
func plainly(v any) any { return v }

// resourcesOf lists the resources that are there, or may be.
func (s *stack) resourcesOf() {
	all := s.template.Object("Resources")
	for id, v := range all.All() {
		o, ok := v.(*template.Object)
		if !ok || o.Text("Type") == "" {
			s.faultOf(id, all.At(id), "a resource is an object with a Type")
			continue
		}
		r := &resource{id: id, kind: o.Text("Type"), object: o, properties: o.Object("Properties")}
		if r.properties == nil {
			if v := o.Get("Properties"); v != nil {
				s.faultOf(id, o.At("Properties"), "Properties is an object")
			}
			r.properties = &template.Object{Place: o.Place}
		}
		s.resources[id] = r
		s.order = append(s.order, r)
	}
}

// describe puts what the template describes into the Builder.
func (s *stack) describe() {
	s.cycles()
	var there []*resource
	for _, r := range s.order {
		if name, ok := r.object.Get("Condition").(string); ok {
			holds, hole := s.condition(r.object.At("Condition"), name)
			if hole == nil && !holds {
				continue
			}
			if r.maybe = hole; hole != nil {
				s.builder.AddNote(fmt.Sprintf("%s: %s is there or not: %s", s.at(r), r.id, hole))
			}
		}
		there = append(there, r)
	}
	s.identities(there)
	s.functions(there)
	s.policiesOfResources(there)
	s.others(there)
	s.outputs()
	s.open()
}

// outputs evaluates the outputs, so that what is wrong with them is told.
func (s *stack) outputs() {
	outputs := s.template.Object("Outputs")
	for _, v := range outputs.All() {
		if o, ok := v.(*template.Object); ok && s.isThere(o) {
			s.value(o.Get("Value"))
		}
	}
}

// isThere reports whether the condition of an output or a resource does not fail.
func (s *stack) isThere(o *template.Object) bool {
	name, ok := o.Get("Condition").(string)
	if !ok {
		return true
	}
	holds, hole := s.condition(o.At("Condition"), name)
	return holds || hole != nil
}

// exported is the value that another template that was read exports by a name.
func (r *Reader) exported(name string, by *stack) (any, bool) {
	for _, s := range r.stacks {
		if s == by || s.exporting {
			continue
		}
		s.exporting = true
		found, ok := s.export(name)
		s.exporting = false
		if ok {
			return found, true
		}
	}
	return nil, false
}

func (s *stack) export(name string) (any, bool) {
	for _, v := range s.template.Object("Outputs").All() {
		o, _ := v.(*template.Object)
		if own, ok := whole(s.value(o.Object("Export").Get("Name"))); ok && own == name && s.isThere(o) {
			return s.value(o.Get("Value")), true
		}
	}
	return nil, false
}

// open reports what is not known of the deployment.
func (s *stack) open() {
	if s.place.account == "" {
		s.gap("the account", "--account ACCOUNT: ARNs have "+noAccount)
	}
	if s.place.region == "" {
		s.gap("the region", "--region REGION: ARNs have "+noRegion)
	}
	if s.name == "" {
		s.gap("the name of the stack", "--stack NAME: names that are made of it begin with stack-")
	}
	for _, h := range s.holes { // gaps are sorted
		if !strings.HasPrefix(h.Origin, "AWS::") {
			s.gap(h.String(), h.Mend)
		}
	}
}

// gap says that something of the template is not known.
func (s *stack) gap(what, mend string) {
	s.builder.AddGap(account.Gap{Of: what, Part: account.Planned, Source: s.file, Mend: mend})
}

// at is where a resource stands: "template.yaml:12".
func (s *stack) at(r *resource) string { return fmt.Sprintf("%s:%d", s.file, r.object.Place.Line) }

// fault reports what is wrong at a place.
func (s *stack) fault(at template.Place, format string, args ...any) {
	s.faultOf("", at, format, args...)
}

// faultOf reports what is wrong with a resource or another thing of the template.
func (s *stack) faultOf(of string, at template.Place, format string, args ...any) {
	f := &template.Fault{File: s.file, Place: at, Of: of, Message: fmt.Sprintf(format, args...)}
	if !s.used["fault "+f.Error()] {
		s.used["fault "+f.Error()] = true
		s.builder.AddFault(f)
	}
}

// faultIn reports what is wrong with a property.
func (s *stack) faultIn(r *resource, property, format string, args ...any) {
	s.faultOf(r.id, r.properties.At(property), format, args...)
}

// entity is the ARN under which the resource stands in the snapshot. Where parts of
// its name are not known, they are made up, which a gap says.
func (s *stack) entity(r *resource) (string, bool) {
	t, ok := s.arnOf(r)
	if !ok {
		return "", false
	}
	own := s.madeUp(t)
	if holes := t.Holes(); len(holes) > 0 && s.entities[own] == nil {
		s.gap("the name of "+r.id+", "+holes[0].String(), holes[0].Mend)
	}
	s.entities[own] = r
	return own, true
}

// madeUp is a text in which something stands for each hole, always the same.
func (s *stack) madeUp(t planned.Text) string {
	var b strings.Builder
	for part, hole := range t.Parts() {
		b.WriteString(part)
		if hole != nil {
			b.WriteString(s.made(hole.Origin, 12))
		}
	}
	return b.String()
}
