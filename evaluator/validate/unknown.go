package validate

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
)

// A policy of a template or plan may have values that are not known before the
// deployment, and statements in doubt, see package planned. What is found there has
// to hold whatever they will be.

// isPlanned reports whether a text has a value that is not known.
func isPlanned(text string) bool { return strings.Contains(text, law.PlannedPrefix) }

// doubted reports whether it is not known whether the statement applies.
func doubted(st *policy.Statement) bool { return doubts(st, law.PlannedDoubt) }

// goesOn reports whether a statement may be more than it says, which the next one
// has.
func goesOn(statements []policy.Statement, i int) bool {
	return i+1 < len(statements) && doubts(&statements[i+1], law.PlannedDoubt+law.PlannedBeyond)
}

// doubts reports whether the statement has a condition in doubt, of some form.
func doubts(st *policy.Statement, form string) bool {
	return slices.ContainsFunc(st.Condition, func(c policy.Condition) bool {
		return law.KeyOf(c.Key) == law.Planned && strings.Contains(c.Key, form)
	})
}

// certain leaves out what depends on values that are not known, and what is found
// again in what a statement may be besides.
func (c *checker) certain(list []found) []found {
	if !isPlanned(c.document.Text()) {
		return list
	}
	statements := c.document.Statements
	if c.open != nil {
		statements = c.open.Statements
	}
	anyDoubt := false
	for i := range statements {
		anyDoubt = anyDoubt || doubted(&statements[i])
	}
	type same struct {
		code, message string
		at            policy.Mark
	}
	seen := map[same]bool{}
	return slices.DeleteFunc(list, func(f found) bool {
		key := same{f.Code, f.Message, policy.Mark{Line: f.From.Line, Column: f.From.Column}}
		if seen[key] {
			return true
		}
		seen[key] = true
		if f.Request != nil && slices.ContainsFunc(f.Request.Context, func(k evaluator.Key) bool { return law.KeyOf(k.Name) == law.Planned }) {
			return true
		}
		i, ok := statementOf(f.path)
		switch {
		case f.path == nil && f.Path != "": // what IAM refuses
			return false
		case !ok:
			return anyDoubt || isPlanned(f.text) || f.path == nil
		case isPlanned(f.text) && len(f.path) > 2:
			return true
		case f.Request != nil:
			return doubted(&statements[i])
		case doubted(&statements[i]) || goesOn(statements, i):
			return f.Type != Error // which one element has by itself
		}
		return false
	})
}

// statementOf is the index of the statement in a path.
func statementOf(path []any) (int, bool) {
	if len(path) < 2 || path[0] != "Statement" {
		return 0, false
	}
	i, ok := path[1].(int)
	return i, ok
}

// least is the document with no more than it will allow: without each Allow that may
// not apply. Nil where a Deny may not: then nothing is proved.
func least(d *policy.Document) *policy.Document {
	if !isPlanned(d.Text()) {
		return d
	}
	own := *d
	own.Statements = slices.Clone(d.Statements)
	for i := range own.Statements {
		st := &own.Statements[i]
		switch {
		case !doubted(st):
		case st.Effect == policy.Deny:
			return nil
		default:
			st.Action, st.NotAction = policy.Values{}, nil // which matches nothing
		}
	}
	return &own
}
