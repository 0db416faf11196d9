package terraform

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/policy"
)

// A tree of a policy has what package planned takes.
type (
	object = map[string]any
	list   = []any
)

// document reads a policy that is an attribute of an instance; nil where there is
// none, or it cannot be read, which is reported. Of one that is not known until all
// is applied, the blocks of the aws_iam_policy_document that it is made by say what
// they can.
func (v *view) document(x *instance, kind policy.Kind, steps ...any) *policy.Document {
	tree := v.policy(x, steps...)
	if tree == nil {
		return nil
	}
	name := x.address + "." + path(steps...)
	if s, ok := tree.(string); ok {
		d, err := v.builder.Document(name, s)
		if err != nil {
			v.fault(x, err)
		}
		return d
	}
	return v.made(x, name, kind, tree)
}

// made makes a policy of a tree, and reports the holes that it has.
func (v *view) made(x *instance, name string, kind policy.Kind, tree any) *policy.Document {
	d, holes, err := planned.Document(name, kind, tree)
	if err != nil {
		v.fault(x, err)
		return nil
	}
	v.report(holes)
	return d
}

// policy is the tree of a policy, or its text; nil where there is none.
func (v *view) policy(x *instance, steps ...any) any {
	origin := x.address + "." + path(steps...)
	switch value := at(v.tree(x), steps...).(type) {
	case string:
		if strings.TrimSpace(value) == "" {
			return nil
		}
		return value
	case unknown:
	case nil:
		return nil
	default:
		return fmt.Sprint(value) // no policy, as Parse will say
	}
	if given, ok := v.given.Value(origin); ok {
		return given
	}
	s, all, ok := v.sourceOf(x, steps...)
	if ok {
		if tree := v.rebuilt(s); tree != nil {
			return tree
		}
	}
	h := v.hole(origin, names(all))
	h.Mend = "write it as a data \"aws_iam_policy_document\", whose blocks a plan keeps, or give it: --set '" + origin + "=JSON'"
	return object{"Version": policy.Version2012, "Statement": h}
}

// rebuilt is the policy that a source gives; nil where that is not known.
func (v *view) rebuilt(s source) any {
	x := s.instance
	switch {
	case x == nil || !x.ours || v.tree(x) == nil:
		return nil
	case x.isData() && x.typ == "aws_iam_policy_document":
		if s.attribute == "json" || s.attribute == "minified_json" || s.attribute == "" {
			return v.blocks(x)
		}
	case s.attribute == "policy" || s.attribute == "content" || s.attribute == "assume_role_policy":
		if origin := s.String(); !v.following[origin] {
			v.following[origin] = true
			defer delete(v.following, origin)
			return v.policy(x, s.attribute)
		}
	}
	return nil
}

// blocks is the policy that a data "aws_iam_policy_document" makes of its
// blocks, and of the documents that it is given.
func (v *view) blocks(x *instance) any {
	if s := text(v.tree(x), "json"); s != "" {
		return s
	}
	if given, ok := v.given.Value(x.address + ".json"); ok {
		return given
	}
	if v.following[x.address] {
		return nil
	}
	v.following[x.address] = true
	defer delete(v.following, x.address)

	m := merging{version: text(v.tree(x), "version")}
	m.addAll(v.givenOne(x, "source_json"))
	m.addAll(v.givenAll(x, "source_policy_documents"))
	switch own := at(v.tree(x), "statement").(type) {
	case unknown:
		m.statements = append(m.statements, v.hole(x.address+".statement", ""))
	case []any:
		for i := range own {
			m.add(v.statement(x, i))
		}
	}
	m.addAll(v.givenOne(x, "override_json"))
	m.addAll(v.givenAll(x, "override_policy_documents"))
	tree := object{"Version": m.version, "Statement": m.statements}
	if m.version == "" {
		tree["Version"] = policy.Version2012
	}
	if id, ok := v.text(x, anything, "policy_id"); ok {
		tree["Id"] = id
	}
	if m.statements == nil {
		tree["Statement"] = list{}
	}
	return tree
}

// givenOne is a document that another is given as an attribute of its own.
func (v *view) givenOne(x *instance, attribute string) list {
	if tree := v.policy(x, attribute); tree != nil {
		return list{parsed(tree)}
	}
	return nil
}

// givenAll are the documents of a list that another is given.
func (v *view) givenAll(x *instance, attribute string) list {
	n := length(at(v.tree(x), attribute))
	if n < 0 {
		return list{v.hole(x.address+"."+attribute, "")}
	}
	var all list
	for i := range n {
		switch value := at(v.tree(x), attribute, i).(type) {
		case string:
			all = append(all, parsed(value))
		case unknown:
			origin := x.address + "." + path(attribute, i)
			s, found, ok := v.sourceOf(x, attribute, i)
			var tree any
			if given, set := v.given.Value(origin); set {
				tree = given
			} else if ok {
				tree = v.rebuilt(s)
			}
			if tree == nil {
				tree = v.hole(origin, names(found))
			}
			all = append(all, parsed(tree))
		}
	}
	return all
}

// parsed is the tree of a document that is text.
func parsed(tree any) any {
	s, ok := tree.(string)
	if !ok {
		return tree
	}
	var own object
	decoder := json.NewDecoder(strings.NewReader(s))
	decoder.UseNumber()
	if err := decoder.Decode(&own); err != nil {
		return &planned.Hole{Origin: "a document that cannot be read", Why: err.Error()}
	}
	return own
}

// A merging merges documents as aws_iam_policy_document does: a statement replaces
// one of the same Sid that came before.
type merging struct {
	version    string
	statements list
}

// addAll adds the statements of documents. A document that is not known may replace
// any statement that has a Sid.
func (m *merging) addAll(documents list) {
	for _, d := range documents {
		switch d := d.(type) {
		case object:
			if version, _ := d["Version"].(string); version > m.version {
				m.version = version
			}
			switch statements := d["Statement"].(type) {
			case []any:
				for _, s := range statements {
					m.add(s)
				}
			case nil:
			default:
				m.add(statements)
			}
		case *planned.Hole:
			m.add(d)
		}
	}
}

// add adds a statement, or a hole that may be any number of them.
func (m *merging) add(statement any) {
	if hole, ok := statement.(*planned.Hole); ok {
		for i, s := range m.statements {
			if sidOf(s) != "" {
				m.statements[i] = planned.Maybe{Value: s, Hole: hole}
			}
		}
		m.statements = append(m.statements, hole)
		return
	}
	if sid := sidOf(statement); sid != "" {
		for i, s := range m.statements {
			if maybe, ok := s.(planned.Maybe); ok {
				s = maybe.Value
			}
			if sidOf(s) == sid {
				m.statements[i] = statement
				return
			}
		}
	}
	m.statements = append(m.statements, statement)
}

// sidOf is the Sid of a statement; "" for none, or one that is not known.
func sidOf(statement any) string {
	s, _ := statement.(object)
	switch sid := s["Sid"].(type) {
	case string:
		return sid
	case planned.Text:
		value, _ := sid.Value()
		return value
	}
	return ""
}
