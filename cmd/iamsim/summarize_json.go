package main

import (
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/summary"
	"github.com/iamsim/iamsim/policy"
)

// summariesJSON are summaries as JSON.
type summariesJSON struct {
	Summaries []summaryJSON `json:"summaries"`
	basisJSON
}

type summaryJSON struct {
	Of      string        `json:"of"`
	Kind    policy.Kind   `json:"kind"`
	Outcome prove.Outcome `json:"outcome"` // proved: the rows are equal to the policies
	Less    verdict       `json:"less"`    // whether the policies allow nothing that the rows do not
	More    verdict       `json:"more"`    // whether the rows allow nothing that the policies do not
	Rows    []rowJSON     `json:"rows"`
}

func newSummariesJSON(list []summarized, rests basisJSON) summariesJSON {
	out := summariesJSON{Summaries: []summaryJSON{}, basisJSON: rests}
	for _, one := range list {
		out.Summaries = append(out.Summaries, summaryJSON{
			one.of, one.Kind, one.Outcome(), newVerdict(one.Less), newVerdict(one.More), newRowsJSON(one.Rows),
		})
	}
	return out
}

// summarizedChangesJSON are changes as JSON.
type summarizedChangesJSON struct {
	Changes []summarizedChangeJSON `json:"changes"`
	basisJSON
}

type summarizedChangeJSON struct {
	Kind   policy.Kind    `json:"kind"`
	Gained differenceJSON `json:"gained"`
	Lost   differenceJSON `json:"lost"`
}

type differenceJSON struct {
	Within verdict   `json:"within"` // proved: there is no difference
	Beyond verdict   `json:"beyond"` // proved: the rows are all of it
	Rows   []rowJSON `json:"rows"`
	// Undecided is why it is not known whether each row makes a difference.
	Undecided string `json:"undecided,omitempty"`
}

func newSummarizedChangesJSON(list []summarizedChange, rests basisJSON) summarizedChangesJSON {
	out := summarizedChangesJSON{Changes: []summarizedChangeJSON{}, basisJSON: rests}
	side := func(d *summary.Difference) differenceJSON {
		j := differenceJSON{Within: newVerdict(d.Within), Beyond: newVerdict(d.Beyond), Rows: newRowsJSON(d.Rows)}
		if d.Undecided != nil {
			j.Undecided = d.Undecided.Reason
		}
		return j
	}
	for _, one := range list {
		out.Changes = append(out.Changes, summarizedChangeJSON{one.kind, side(&one.Gained), side(&one.Lost)})
	}
	return out
}

// A rowJSON is a summary.Row as JSON.
type rowJSON struct {
	Effect       policy.Effect        `json:"effect"`
	Principal    any                  `json:"principal,omitempty"` // "*", or lists by type
	NotPrincipal any                  `json:"notPrincipal,omitempty"`
	Service      string               `json:"service"` // "*": any
	Full         bool                 `json:"full"`    // all actions of the service
	Levels       []policy.AccessLevel `json:"levels,omitempty"`
	But          []string             `json:"but,omitempty"` // actions of the levels that are not meant
	Actions      []string             `json:"actions,omitempty"`
	NotActions   []string             `json:"notActions,omitempty"` // all actions but these
	New          []string             `json:"new,omitempty"`        // patterns that match what AWS adds, too
	Resources    []string             `json:"resources,omitempty"`
	NotResources []string             `json:"notResources,omitempty"`
	Conditions   []conditionJSON      `json:"conditions,omitempty"`
}

type conditionJSON struct {
	Operator policy.Operator `json:"operator"`
	Key      string          `json:"key"`
	Values   []string        `json:"values"`
}

func newRowsJSON(rows []summary.Row) []rowJSON {
	list := []rowJSON{}
	for i := range rows {
		r := &rows[i]
		j := rowJSON{
			Effect: r.Effect, Principal: principalJSON(r.Principal), NotPrincipal: principalJSON(r.NotPrincipal), Service: r.Service, Full: r.IsFull(),
			Levels: r.Levels, But: r.But, New: r.New,
		}
		if r.NotAction {
			j.NotActions = r.Actions
		} else {
			j.Actions = r.Actions
		}
		if r.NotResource {
			j.NotResources = r.Resources
		} else {
			j.Resources = r.Resources
		}
		for _, c := range r.Conditions {
			j.Conditions = append(j.Conditions, conditionJSON{c.Operator, c.Key, append([]string{}, c.Values...)})
		}
		list = append(list, j)
	}
	return list
}

func principalJSON(p *policy.Principals) any {
	switch {
	case p == nil:
		return nil
	case p.Everyone:
		return "*"
	}
	types := make(map[policy.PrincipalType][]string)
	for _, e := range p.Entries {
		types[e.Type] = append([]string{}, e.Values...)
	}
	return types
}
