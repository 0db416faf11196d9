package validate

import (
	"cmp"
	"context"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/policy"
)

// ValidateAccount finds what [Validator.Validate] finds in each policy of a
// snapshot, where people write it, and what only all of it together tells: a managed
// policy that nobody has. Of what is not known before a deployment nothing is found
// that depends on it.
func (v *Validator) ValidateAccount(s *account.Snapshot) []Finding {
	x := v.survey(s)
	x.attachments()
	x.principals()
	x.overwritten()
	return Sort(append(x.list, inAccount(s, func(w *account.Written) []Finding { return v.Validate(w.Document, w.Kind) })...))
}

// ProveAccount finds what [Validator.Prove] finds in each policy of a snapshot, and
// what nobody can do: a role that nobody can assume. What IAM refuses is left to
// [Validator.ValidateAccount].
func (v *Validator) ProveAccount(ctx context.Context, s *account.Snapshot) []Finding {
	x := v.survey(s)
	x.assumable(ctx)
	x.invocable(ctx)
	x.boundaries(ctx)
	return Sort(append(x.list, inAccount(s, func(w *account.Written) []Finding {
		found, err := v.prove(ctx, w.Document, w.Kind, cmp.Or(v.Owner, w.Owner))
		if err != nil {
			return nil
		}
		return found
	})...))
}

// in is the finding where a policy of a snapshot is written.
func (f Finding) in(w *account.Written) Finding {
	f.Source, f.Address, f.Edit = w.File, w.Address, nil
	if f.To = (policy.Mark{}); w.Column == 0 { // the text is not that of the file
		f.From = policy.Mark{Line: w.Line}
	}
	f.From.Offset = 0
	return f
}

// inAccount finds something in all policies of a snapshot, once in each document.
func inAccount(s *account.Snapshot, find func(*account.Written) []Finding) []Finding {
	type asked struct {
		document *policy.Document
		kind     policy.Kind
		owner    string
	}
	known := map[asked][]Finding{}
	var list []Finding
	for w := range s.Written() {
		key := asked{w.Document, w.Kind, w.Owner}
		found, ok := known[key]
		if !ok {
			found = find(&w)
			known[key] = found
		}
		for _, f := range found {
			list = append(list, f.in(&w))
		}
	}
	return list
}
