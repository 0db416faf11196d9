package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
)

// mismatch says what of the wanted does not hold; nil: all of it does.
func (w *Want) mismatch(r *Result) []string {
	var differs []string
	report := func(member, want, got string) {
		differs = append(differs, fmt.Sprintf("%s: want %s, got %s", member, want, got))
	}
	got := r.Decision.String()
	if layer := r.DeniedBy.String(); layer != "" {
		got += " by " + layer
	}
	switch {
	case w.Denied && !denied(r.Decision):
		report("decision", anyDeny, got)
	case w.Decision != nil && *w.Decision != r.Decision:
		report("decision", w.Decision.String(), got)
	}
	if w.DeniedBy != nil && *w.DeniedBy != r.DeniedBy {
		report("deniedBy", orNone(w.DeniedBy.String()), orNone(r.DeniedBy.String()))
	}
	if w.Action != nil && *w.Action != r.Action {
		report("action", spelling.Quote(*w.Action), orNone(r.Action))
	}
	if w.Preconditions != nil {
		got := make([]evaluator.Outcome, len(r.Preconditions))
		for i := range got {
			got[i] = r.Preconditions[i].Decision
		}
		if !slices.Equal(w.Preconditions, got) {
			report("preconditions", fmt.Sprint(w.Preconditions), fmt.Sprint(got))
		}
	}
	if w.Statements != nil {
		differs = append(differs, mismatchStatements(w.Statements, r.Statements)...)
	}
	if w.Message != nil && *w.Message != r.Message {
		differs = append(differs, fmt.Sprintf("message: want %q, got %q", *w.Message, r.Message))
	}
	if w.MissingContext != nil && !sameNames(w.MissingContext, r.MissingContext) {
		report("missingContext", fmt.Sprintf("%q", w.MissingContext), fmt.Sprintf("%q", r.MissingContext))
	}
	return differs
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// sameNames compares context keys, which have no case and no order.
func sameNames(a, b []string) bool {
	fold := func(names []string) []string {
		folded := make([]string, len(names))
		for i := range names {
			folded[i] = fold.String(names[i])
		}
		slices.Sort(folded)
		return slices.Compact(folded)
	}
	return slices.Equal(fold(a), fold(b))
}

func mismatchStatements(want []WantStatement, got []Statement) []string {
	if len(want) != len(got) {
		names := make([]string, len(got))
		for i := range got {
			names[i] = fmt.Sprintf("%s[%d]", got[i].Policy, got[i].Index)
		}
		return []string{fmt.Sprintf("statements: want %d, got %d (%s)", len(want), len(got), strings.Join(names, ", "))}
	}
	var differs []string
	for i := range want {
		w, g := &want[i], &got[i]
		path := element("statements", i)
		differs = append(differs, differ(path+".policy", w.Policy, g.Policy)...)
		differs = append(differs, differ(path+".slot", w.Slot, g.Slot)...)
		differs = append(differs, differ(path+".index", w.Index, g.Index)...)
		differs = append(differs, differ(path+".sid", w.Sid, g.Sid)...)
		differs = append(differs, differ(path+".effect", w.Effect, g.Effect)...)
		differs = append(differs, differ(path+".line", w.Line, g.Line)...)
		differs = append(differs, differ(path+".column", w.Column, g.Column)...)
	}
	return differs
}

func differ[T comparable](member string, want *T, got T) []string {
	if want == nil || *want == got {
		return nil
	}
	return []string{fmt.Sprintf("%s: want %v, got %v", member, *want, got)}
}
