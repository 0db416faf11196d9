// Package printed writes all that a snapshot has as text, one fact a line: tests of
// readers compare it with a file (package golden). Only tests import it.
package printed

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
)

// Snapshot is the entities of a snapshot by kind and name, each with its facts below
// it, then what is not known, and the notes. Left out are facts that are zero, and
// policies of AWS, which change with package managed.
func Snapshot(s *account.Snapshot) string {
	var b strings.Builder
	for i := range s.Identities() {
		entity(&b, i.ARN, *i)
	}
	for p := range s.Policies() {
		if !managed.IsARN(p.ARN) {
			entity(&b, p.ARN, *p)
		}
	}
	for f := range s.Functions() {
		entity(&b, f.ARN, *f)
	}
	for r := range s.Resources() {
		entity(&b, r.ARN, *r)
	}
	for o := range s.Organizations() {
		entity(&b, o.ID, *o)
	}
	for n := range s.Nodes() {
		entity(&b, n.ID, *n)
	}
	for p := range s.OrganizationPolicies() {
		entity(&b, p.ID, *p)
	}
	for _, g := range s.Gaps() {
		fmt.Fprintf(&b, "gap: %v\n", g)
	}
	for _, note := range s.Notes() {
		if !strings.Contains(note, managed.Date()) {
			fmt.Fprintf(&b, "note: %s\n", note)
		}
	}
	return b.String()
}

// entity writes the fields of a struct that are not zero, and not its name.
func entity(b *strings.Builder, name string, e any) {
	fmt.Fprintf(b, "%T %s\n", e, name)
	v := reflect.ValueOf(e)
	for i := range v.NumField() {
		if field := v.Field(i); !field.IsZero() && field.String() != name {
			fmt.Fprintf(b, "  %s: %s\n", v.Type().Field(i).Name, text(field.Interface()))
		}
	}
}

// text is a fact in one line.
func text(v any) string {
	switch v := v.(type) {
	case *policy.Document:
		document, err := json.Marshal(v)
		if err != nil {
			return err.Error()
		}
		return string(document)
	case []policy.Attached:
		var list []string
		for _, a := range v {
			list = append(list, a.Name+" "+text(a.Document))
		}
		return strings.Join(list, "; ")
	case []account.Version:
		var list []string
		for _, version := range v {
			list = append(list, version.ID+" "+text(version.Document))
		}
		return strings.Join(list, "; ")
	}
	return fmt.Sprintf("%+v", v)
}
