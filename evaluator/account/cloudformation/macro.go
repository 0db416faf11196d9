package cloudformation

import (
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/sam"
	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
)

// transform is the function that puts what a macro makes in the place where it stands.
const transform = "Fn::Transform"

// macros says what macros and modules make that is not here, and opens the properties
// of which a macro may make more. Where a macro makes a value, that is a hole (see
// call).
func (s *stack) macros() {
	for _, section := range []string{"Resources", "Mappings", "Conditions"} {
		all := s.template.Object(section)
		if all.Has(transform) {
			s.adds(transform + " makes of the " + strings.ToLower(section))
			all.Delete(transform)
		}
	}
	for name, v := range s.template.Object("Mappings").All() {
		if o, _ := v.(*template.Object); o.Has(transform) {
			s.adds(transform + " makes of mapping " + name)
		}
	}
	for id, v := range s.template.Object("Resources").All() {
		o, _ := v.(*template.Object)
		if kind := o.Text("Type"); strings.HasSuffix(kind, "::MODULE") {
			s.adds("module " + kind + " makes")
		}
		for _, in := range []*template.Object{o, o.Object("Properties")} {
			if made := in.Get(transform); made != nil {
				s.macro(transform + " makes of " + id)
				o.Set("Properties", opened(o, made))
			}
		}
	}
}

// adds says that a macro makes things of the template, so that a name which leads
// nowhere may be of one of them.
func (s *stack) adds(makes string) {
	s.hasMore = true
	s.macro(makes)
}

// missing reports a name that leads nowhere, where no macro makes what it names.
func (s *stack) missing(at template.Place, format string, args ...any) {
	if !s.hasMore {
		s.fault(at, format, args...)
	}
}

// opened are the properties of a resource of which a macro may make more: those that
// are not given are not known.
func opened(o *template.Object, made any) *template.Object {
	p := o.Object("Properties").Clone()
	if !o.Has("Properties") {
		p.Place = o.Place
	}
	names := read[o.Text("Type")]
	if o.Text("Type") == "AWS::Serverless::Function" && !p.Has("Role") {
		names = "Policies PermissionsBoundary" // of the role that SAM makes
	}
	for _, name := range strings.Fields(names) {
		if !p.Has(name) {
			p.Set(name, template.New(transform, made))
		}
	}
	return p
}

// macro says that what a macro makes is not known.
func (s *stack) macro(makes string) {
	s.gap("what "+makes, "give what aws cloudformation get-template --template-stage Processed prints")
}

// transforms applies the transforms that are known: that of SAM.
func (s *stack) transforms(known map[string]any) {
	names, _ := listOf(plainly(s.template.Get("Transform")))
	isSAM := s.template.Has("Globals")
	for _, v := range names {
		name := text(v)
		if o, ok := v.(*template.Object); ok {
			name = o.Text("Name")
		}
		switch name {
		case sam.Name:
			isSAM = true
		case "AWS::LanguageExtensions":
		default:
			s.adds("transform " + name + " makes")
		}
	}
	if !isSAM {
		for _, v := range s.template.Object("Resources").All() {
			r, _ := v.(*template.Object)
			isSAM = isSAM || strings.HasPrefix(r.Text("Type"), "AWS::Serverless::")
		}
		if isSAM && len(names) == 0 {
			s.builder.AddNote(s.file + ": resources of AWS SAM need Transform: " + sam.Name + "; read as if it were there")
		}
	}
	if s.isSAM = isSAM; !isSAM {
		return
	}
	mappings := s.template.Object("Mappings")
	made, faults := sam.Transform(s.template, sam.Values{
		Partition: s.place.partition(), Known: func(v any) any { return template.Known(v, known, mappings) },
	})
	s.template = made
	for _, f := range faults {
		f.File = s.file
		s.builder.AddFault(f)
	}
}
