package explain

import (
	"cmp"
	"slices"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
)

// nearMisses are the Allow statements that almost applied, of the layers that
// lack an Allow.
func nearMisses(ev *engine.Evaluation, d engine.Decision, layers []LayerTrace) []StatementTrace {
	if !d.Denied() {
		return nil
	}
	var found []StatementTrace
	for i := range layers {
		l := &layers[i]
		if !l.Binds || l.Denies == Matches || l.opens() != NoMatch || l.Layer == policy.RuleLayer || !l.Asked && l.Layer != policy.ResourceLayer {
			continue
		}
		for _, p := range l.Policies {
			for _, s := range p.Statements {
				if s.Effect == policy.Allow && s.Match != Matches && isNear(ev, &s) {
					found = append(found, s)
				}
			}
		}
	}
	stopped := slices.IndexFunc(layers, func(l LayerTrace) bool { return l.Stopped })
	elsewhere := func(s *StatementTrace) int {
		if stopped >= 0 && layers[stopped].Layer == s.Layer && layers[stopped].Level == s.Level {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(found, func(a, b StatementTrace) int {
		return cmp.Or(
			cmp.Compare(otherAction(&a), otherAction(&b)),
			cmp.Compare(a.Lacks(), b.Lacks()),
			cmp.Compare(elsewhere(&a), elsewhere(&b)),
			cmp.Compare(farness(&a), farness(&b)),
			cmp.Compare(len(b.Hints), len(a.Hints)),
		)
	})
	return found
}

// isNear: the statement has the action; or all but the action, which then is
// of the same service or looks like a mistake.
func isNear(ev *engine.Evaluation, s *StatementTrace) bool {
	if s.Elements[0].Match == Matches {
		return true
	}
	if s.Lacks() > 1 {
		return false
	}
	return len(s.Hints) > 0 || slices.ContainsFunc(s.Elements[0].Values, func(other string) bool { return sharesService(&ev.Action, other) })
}

// sharesService reports whether an action, or a pattern of actions, is of the
// same service.
func sharesService(a *engine.Action, other string) bool {
	return len(other) > a.Service && fold.Equal(other[:a.Service+1], a.Text[:a.Service+1])
}

// otherAction is 1 for a statement on another action that does not look like a
// mistake: it comes after all that have the action.
func otherAction(s *StatementTrace) int {
	if s.Elements[0].Match == Matches || len(s.Hints) > 0 {
		return 0
	}
	return 1
}

// farness orders statements by the first element that they lack: a condition
// is nearer than a resource, a principal, an action.
func farness(s *StatementTrace) int {
	switch s.First().Element {
	case "Condition":
		return 0
	case "Resource", "NotResource":
		return 1
	case "Principal", "NotPrincipal":
		return 2
	}
	return 3
}
