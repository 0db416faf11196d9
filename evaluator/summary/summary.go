package summary

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
)

// A Summary is what policies of one kind say together. What it holds must not be
// changed.
type Summary struct {
	Kind policy.Kind
	// Rows that allow stand before those that deny; rows of the same resources and
	// conditions follow each other.
	Rows []Row
	// Less says whether the policies allow nothing that the rows do not, More
	// whether the rows allow nothing that the policies do not.
	Less, More *prove.Verdict
}

// Outcome answers whether the rows say what the policies do: it is proved where
// both verdicts are, refuted where one is.
func (s *Summary) Outcome() prove.Outcome { return both(s.Less, s.More) }

func both(a, b *prove.Verdict) prove.Outcome {
	switch {
	case a.Outcome == prove.Refuted || b.Outcome == prove.Refuted:
		return prove.Refuted
	case a.Outcome == prove.Proved:
		return b.Outcome
	}
	return prove.Unknown
}

// Of summarizes policies of one kind that apply together, and proves that the
// summary is equal to them. The prover's catalogue has the access levels; without
// one no level is named. Its budget is for each question of which there are four
// at most.
//
// An error is about the documents, as of [prove.Prover.Within].
func Of(ctx context.Context, x *prove.Prover, kind policy.Kind, documents ...*policy.Document) (*Summary, error) {
	if err := prove.Of(kind, policy.Attach(documents...)...).Check(); err != nil {
		return nil, err
	}
	s := &Summary{Kind: kind, Rows: byLevel(rowsOfAll(newNamer(x.Catalog), documents))}
	var err error
	s.Less, s.More, err = s.prove(ctx, x, documents)
	return s, err
}

// rowsOfAll are the rows of documents that apply together.
func rowsOfAll(n *namer, documents []*policy.Document) []Row {
	var rows []Row
	for _, d := range documents {
		rows = append(rows, rowsOf(n, d)...)
	}
	return merged(rows)
}

// byLevel are rows in order, which say their actions by level.
func byLevel(rows []Row) []Row {
	rows = ordered(rows)
	for i := range rows {
		rows[i].level()
	}
	return rows
}

// ordered are rows that allow and then rows that deny, those on all resources and
// without conditions first, by scope and service.
func ordered(rows []Row) []Row {
	scopes := make(map[string]int) // the first of it
	of := make([]string, len(rows))
	for i := range rows {
		of[i] = rows[i].scope()
		if _, ok := scopes[of[i]]; !ok {
			scopes[of[i]] = i
		}
	}
	index := make([]int, len(rows))
	for i := range index {
		index[i] = i
	}
	everywhere := func(r *Row) int {
		if slices.Equal(r.Resources, []string{"*"}) && !r.NotResource && len(r.Conditions) == 0 {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(index, func(i, k int) int {
		a, b := &rows[i], &rows[k]
		return cmp.Or(cmp.Compare(a.Effect, b.Effect), cmp.Compare(everywhere(a), everywhere(b)),
			cmp.Compare(scopes[of[i]], scopes[of[k]]), strings.Compare(a.Service, b.Service))
	})
	list := make([]Row, len(rows))
	for at, i := range index {
		list[at] = rows[i]
	}
	return list
}
