package summary

import (
	"slices"

	"github.com/iamsim/iamsim/policy"
)

// Document is the policy that the rows are, each scope a statement.
func (s *Summary) Document() *policy.Document { return documentOf(s.Rows) }

func documentOf(rows []Row) *policy.Document {
	d := &policy.Document{Version: policy.Version2012}
	at := make(map[string]int)
	for i := range rows {
		r := &rows[i]
		st := r.scoped()
		if r.NotAction {
			st.NotAction = r.Actions
			d.Statements = append(d.Statements, st)
			continue
		}
		scope := r.scope()
		k, ok := at[scope]
		if !ok {
			k = len(d.Statements)
			at[scope] = k
			d.Statements = append(d.Statements, st)
		}
		d.Statements[k].Action = append(d.Statements[k].Action, r.written()...)
	}
	return d
}

// written are the row's actions as a policy writes them. Those of levels that a
// pattern of the row matches are left to it.
func (r *Row) written() []string {
	names := slices.Concat(r.Actions, r.New)
	patterns := len(names)
	for _, a := range r.meant() {
		if !slices.ContainsFunc(names[:patterns], func(p string) bool { return coversAction(p, a) }) {
			names = append(names, a)
		}
	}
	if r.Service == "*" {
		return names
	}
	for i, a := range names {
		names[i] = r.Service + ":" + a
	}
	return names
}
