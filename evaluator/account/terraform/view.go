package terraform

import (
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/planned"
)

// Before puts what there is before the plan is applied into a Builder.
func (p *Plan) Before(b *account.Builder) { p.put(b, false) }

// After puts what there will be after the plan is applied into a Builder. A state
// is the same before and after.
func (p *Plan) After(b *account.Builder) { p.put(b, true) }

// A view is what there is before a plan is applied, or after.
type view struct {
	*Plan
	builder    *account.Builder
	after      bool
	homes      map[string]*home // by key of the provider
	identities map[string]*account.Identity
	order      []string                     // their ARNs as they were found
	named      map[string]*account.Identity // by nameKey
	policies   map[string]bool              // ARNs of managed policies
	functions  map[string]*account.Function
	layers     map[string]bool // by ARN without version: those that the plan makes
	astray     bool            // a permission is of a function that is not known
	grants     map[string]*grants
	said       map[string]bool
	following  map[string]bool // addresses of attributes that are being followed
	reported   map[string]bool // holes
}

func (p *Plan) put(b *account.Builder, after bool) {
	v := &view{
		Plan: p, builder: b, after: after || p.isState, homes: make(map[string]*home),
		identities: make(map[string]*account.Identity), named: make(map[string]*account.Identity), policies: make(map[string]bool),
		functions: make(map[string]*account.Function), layers: make(map[string]bool), grants: make(map[string]*grants),
		said: make(map[string]bool), following: make(map[string]bool), reported: make(map[string]bool),
	}
	for _, why := range p.partial {
		v.lacking(account.Gap{Of: p.file, Part: account.Everything, Needs: "what the plan leaves out", Mend: why})
	}
	v.principals()
	v.lambda()
	v.resources()
	v.organization()
	v.finish()
}

// tree is what there is of an instance; nil for nothing.
func (v *view) tree(x *instance) any {
	if v.after {
		return x.after
	}
	return x.before
}

// all gives the instances of a type that are there.
func (v *view) all(typ string, each func(x *instance)) {
	for _, x := range v.instances {
		if x.typ == typ && x.ours && v.tree(x) != nil {
			each(x)
		}
	}
}

// source is where an instance stands: "plan.json:17: aws_iam_role.deploy".
func (v *view) source(x *instance) string {
	return fmt.Sprintf("%s:%d: %s", v.file, x.line, x.address)
}

// fault reports what is wrong with an instance.
func (v *view) fault(x *instance, err error) {
	v.builder.AddFault(fmt.Errorf("%s: %w", v.source(x), err))
}

// note says a thing once.
func (v *view) note(format string, args ...any) {
	text := v.file + ": " + fmt.Sprintf(format, args...)
	if !v.said[text] {
		v.said[text] = true
		v.builder.AddNote(text)
	}
}

// lacking reports a gap of the plan as a whole: an error that says why, unless the
// Builder is Partial.
func (v *view) lacking(g account.Gap) {
	if v.said[g.Of+g.Mend] {
		return
	}
	v.said[g.Of+g.Mend] = true
	if g.Source = v.file; v.builder.Partial {
		v.builder.AddGap(g)
		return
	}
	v.builder.AddFault(fmt.Errorf("%s: %s", v.file, g.Mend))
}

// hole is a value that is not known before the plan is applied.
func (v *view) hole(origin, from string) *planned.Hole {
	why := "known after apply"
	if from != "" {
		why += ", from " + from
	}
	return &planned.Hole{Origin: origin, Why: why, Mend: "--set '" + origin + "=VALUE'"}
}

// text is an attribute of an instance; false where it is absent. One that is not
// known is followed through the configuration to the attribute that it is taken
// from, if that is one alone and of this kind.
func (v *view) text(x *instance, k kind, steps ...any) (planned.Text, bool) {
	origin := x.address + "." + path(steps...)
	switch value := at(v.tree(x), steps...).(type) {
	case string:
		return planned.Known(value), value != ""
	case unknown:
	case nil:
		return planned.Text{}, false
	default:
		return planned.Known(fmt.Sprint(value)), true
	}
	if given, ok := v.given.Value(origin); ok {
		return planned.Known(given), true
	}
	if len(steps) == 1 {
		if name, ok := steps[0].(string); ok {
			if own, ok := v.own(x, name); ok {
				return own, true
			}
		}
	}
	s, all, ok := v.sourceOf(x, steps...)
	if ok {
		if t, ok := v.linked(s, k); ok {
			return t, true
		}
	}
	return planned.Unknown(v.hole(origin, names(all))), true
}

// sourceOf is what a value that is not known is taken from, where its expression
// refers to one thing alone; or that of a list refers to as many as it has elements
// that are not known. All are what the expression refers to.
func (v *view) sourceOf(x *instance, steps ...any) (s source, all []source, ok bool) {
	e, within := v.expression(x, v.tree(x), steps)
	all = v.sources(e, scope{x.module, x.key}, 0)
	switch {
	case within == 0 && len(all) == 1:
		return all[0], all, true
	case within == 1:
		last := len(steps) - 1
		i, _ := steps[last].(int)
		switch values, _ := at(v.tree(x), steps[:last]...).([]any); {
		case len(v.open(x, steps[:last]...)) == len(all):
			return all[v.open(x, steps[:last]...)[i]], all, true
		case v.inOrder(values, all):
			return all[i], all, true
		}
	}
	return source{}, all, false
}

// inOrder reports whether each element of a list is what one source gives, by those
// that are known.
func (v *view) inOrder(values []any, all []source) bool {
	if len(values) != len(all) {
		return false
	}
	for i, value := range values {
		if s, known := value.(string); known {
			gives := all[i].constant.String()
			if x := all[i].instance; x != nil {
				gives = text(v.tree(x), all[i].attribute)
			}
			if gives != s {
				return false
			}
		}
	}
	return true
}

// open numbers the elements of a list that are not known.
func (v *view) open(x *instance, steps ...any) map[int]int {
	own := make(map[int]int)
	values, _ := at(v.tree(x), steps...).([]any)
	for i, value := range values {
		if value == (unknown{}) {
			own[i] = len(own)
		}
	}
	return own
}

// A kind is what an attribute holds, and so what it can be taken from.
type kind int

const (
	anything kind = iota // nothing that is followed
	anARN                // of whatever it is
	aName                // a name, an id, a URL, or an ARN: what names a resource
)

// linked is what a source gives where an attribute of this kind is due; false for
// what would be a guess.
func (v *view) linked(s source, k kind) (planned.Text, bool) {
	switch {
	case s.instance == nil && s.end == "":
		return planned.Known(s.constant.String()), s.constant.Type != 0 && !s.constant.IsObject() && !s.constant.IsArray()
	case s.instance == nil || !s.instance.ours || v.tree(s.instance) == nil || k == anything:
		return planned.Text{}, false
	}
	attribute := s.attribute
	if attribute == "" { // of an instance by its key
		attribute = "arn"
	}
	switch names := namings[s.instance.typ]; {
	case attribute == "arn", names.id == "arn" && attribute == "id", strings.HasSuffix(attribute, "_arn") && attribute != "invoke_arn" && attribute != "execution_arn":
	case k == aName && (attribute == "id" || attribute == names.name || attribute == "url" || attribute == "key_id" || attribute == "name"):
	case v.passes(s.instance, attribute):
	default:
		return planned.Text{}, false
	}
	return v.attribute(s.instance, k, attribute)
}

// passes reports whether an attribute is one in which another resource is named,
// such as the role of a policy, from which a reference is followed further.
func (v *view) passes(x *instance, attribute string) bool {
	switch attribute {
	case "role", "user", "group", "function_name", "bucket", "queue_url", "topic", "key_id", "policy_arn", "target_arn":
		return namings[x.typ].name != attribute
	}
	return false
}

// attribute is an attribute that something refers to.
func (v *view) attribute(x *instance, k kind, name string) (planned.Text, bool) {
	origin := x.address + "." + name
	if v.following[origin] {
		return planned.Text{}, false // it leads back to itself
	}
	v.following[origin] = true
	defer delete(v.following, origin)
	return v.text(x, k, name)
}

// names are the sources that a value is made of, for a hole.
func names(found []source) string {
	var list []string
	for _, s := range found {
		if s.instance != nil || s.end != "" {
			list = append(list, s.String())
		}
	}
	if len(list) > 4 {
		list = append(list[:4], fmt.Sprintf("%d more", len(list)-4))
	}
	return strings.Join(list, " and ")
}
