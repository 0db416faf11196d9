package summary

import (
	"context"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
)

// A Change is what access a change of policies gives and takes, in rows.
type Change struct {
	Gained, Lost Difference
}

// A Difference is what policies allow that others do not.
type Difference struct {
	// Rows that allow are allowed by the one side; rows that deny are denied by the
	// other side alone, so that their actions can be allowed now. Each makes a
	// difference for some request, if not for all that it is about.
	Rows []Row
	// Within says whether there is no difference at all. One that is proved has no
	// rows.
	Within *prove.Verdict
	// Beyond says whether the rows are all of it: whether the one side stays within
	// the other side together with the rows.
	Beyond *prove.Verdict
	// Undecided is the first verdict on a row of which it is not known whether it
	// makes a difference; nil if each does.
	Undecided *prove.Verdict
}

// Compare summarizes a change of policies of one kind. No policies that limit are
// taken for one that allows everything, and service control policies of Deny
// statements alone stand beside it. Prover and errors are those of [Of].
func Compare(ctx context.Context, x *prove.Prover, kind policy.Kind, before, after []*policy.Document) (*Change, error) {
	names := newNamer(x.Catalog)
	older, err := newSide(names, kind, before)
	if err != nil {
		return nil, err
	}
	newer, err := newSide(names, kind, after)
	if err != nil {
		return nil, err
	}
	var c Change
	within := func(p, q []*policy.Document) (*prove.Verdict, error) {
		return x.Within(ctx, prove.Of(kind, policy.Attach(p...)...), prove.Of(kind, policy.Attach(q...)...))
	}
	if c.Gained, err = exceeding(ctx, newer, older, within); err != nil {
		return nil, err
	}
	c.Lost, err = exceeding(ctx, older, newer, within)
	return &c, err
}

// Outcome answers whether the change gives no access: it is refuted where some was
// gained.
func (c *Change) Outcome() prove.Outcome {
	if g := &c.Gained; len(g.Rows) > 0 && g.Undecided == nil {
		return prove.Refuted
	}
	return c.Gained.Within.Outcome
}

// A side is one of the two of a change.
type side struct {
	documents      []*policy.Document
	allows, denies []Row // with actions as the documents have them
}

func newSide(n *namer, kind policy.Kind, documents []*policy.Document) (*side, error) {
	if err := prove.Of(kind, policy.Attach(documents...)...).Check(); err != nil {
		return nil, err
	}
	limits := prove.Of(kind).Has(policy.IdentityLayer) && kind != policy.Identity
	if limits && (len(documents) == 0 || kind == policy.SCP && !prove.Allows(documents...)) {
		documents = append([]*policy.Document{prove.FullAccess().Document}, documents...)
	}
	s := &side{documents: documents}
	for _, r := range rowsOfAll(n, documents) {
		if r.Effect == policy.Deny {
			s.denies = append(s.denies, r)
		} else {
			s.allows = append(s.allows, r)
		}
	}
	return s, nil
}

// exceeding is what p allows and q does not: each row that only p allows and each
// that only q denies, if it makes a difference.
func exceeding(ctx context.Context, p, q *side, within func(p, q []*policy.Document) (*prove.Verdict, error)) (d Difference, err error) {
	d.Within, err = within(p.documents, q.documents)
	if err != nil || d.Within.Outcome == prove.Proved {
		d.Beyond = d.Within
		return d, err
	}
	gained, err := d.filter(ctx, without(p.allows, q.allows), func(r []*policy.Document) (*prove.Verdict, error) {
		return within(append(part(p.documents, policy.Deny), r...), q.documents)
	})
	if err != nil {
		return d, err
	}
	lifted, err := d.filter(ctx, without(q.denies, p.denies), func(r []*policy.Document) (*prove.Verdict, error) {
		return within(p.documents, slices.Concat(p.documents, r))
	})
	if err != nil {
		return d, err
	}
	together := part(q.documents, policy.Allow)
	if rows := slices.Concat(gained, without(q.denies, lifted)); len(rows) > 0 {
		together = append(together, documentOf(rows))
	}
	d.Beyond, err = within(p.documents, together)
	d.Rows = byLevel(merged(slices.Concat(gained, lifted)))
	return d, err
}

// filter are the rows of which it is not proved that they make no difference. Those
// that the end of the context leaves are not asked about.
func (d *Difference) filter(ctx context.Context, rows []Row, none func([]*policy.Document) (*prove.Verdict, error)) ([]Row, error) {
	var list []Row
	for i, r := range rows {
		if d.Undecided != nil && ctx.Err() != nil {
			return append(list, rows[i:]...), nil
		}
		v, err := none([]*policy.Document{documentOf([]Row{r})})
		if err != nil {
			return nil, err
		}
		if v.Outcome == prove.Unknown && d.Undecided == nil {
			d.Undecided = v
		}
		if v.Outcome != prove.Proved {
			list = append(list, r)
		}
	}
	return list, nil
}

// without are the rows without what others say, each about one action on one
// resource; those that would be too many stay together.
func without(rows, others []Row) []Row {
	var list []Row
	wide := grouped(others)
	for i := range rows {
		if len(rows[i].Resources)*len(rows[i].Actions) > mostCompared {
			list = append(list, rows[i])
			continue
		}
		near := wide.around(&rows[i])
		for _, r := range rows[i].single() {
			var around []Row
			for _, k := range near {
				if others[k].surrounds(&r) {
					around = append(around, others[k])
				}
			}
			if !r.NotAction {
				list = append(list, r.without(around)...)
			} else if !slices.ContainsFunc(around, func(o Row) bool { return o.actions() == r.actions() }) {
				list = append(list, r)
			}
		}
	}
	return list
}

// without are rows of the actions that others do not have. Where others have a part
// of a pattern, the known actions that are left are named, and the pattern stands for
// new ones.
func (r *Row) without(others []Row) []Row {
	said := func(action string) bool {
		return slices.ContainsFunc(others, func(o Row) bool { return o.has(r.Service, action) })
	}
	var list []Row
	add := func(actions, fresh []string) {
		one := *r
		one.Actions, one.New = actions, fresh
		list = append(list, one)
	}
	known := r.names.of(r.Service)
	for _, action := range r.Actions {
		if said(action) {
			continue
		}
		hits := matching(known, action)
		left := slices.DeleteFunc(slices.Clone(hits), func(k int) bool { return said(known[k].name) })
		if len(left) == len(hits) {
			add([]string{action}, nil)
			continue
		}
		for _, k := range left {
			add([]string{known[k].name}, nil)
		}
		add(nil, []string{action})
	}
	return list
}

// single are rows of one resource each.
func (r *Row) single() []Row {
	if r.NotResource || len(r.Resources) < 2 {
		return []Row{*r}
	}
	var list []Row
	for _, resource := range r.Resources {
		one := *r
		one.Resources = []string{resource}
		list = append(list, one)
	}
	return list
}

// Text is the change in lines, what is gained first.
func (c *Change) Text() string {
	return strings.Join(c.Lines(), "\n") + "\n"
}

// Lines are the lines of the text.
func (c *Change) Lines() []string {
	return append(c.Gained.lines("gained", "no longer denied"), c.Lost.lines("lost", "denied now")...)
}

// lines are the text of a difference that is called "gained" or "lost".
func (d *Difference) lines(word, lifted string) []string {
	switch {
	case d.Within.Outcome == prove.Proved:
		return []string{word + ": nothing (proved)"}
	case d.Within.Outcome == prove.Unknown && len(d.Rows) == 0:
		return []string{word + ": unknown: " + because(d.Within)}
	}
	list := []string{word + ":"}
	for _, line := range lines(d.Rows, lifted) {
		list = append(list, "  "+line)
	}
	if d.Undecided != nil {
		list = append(list, "not proved that each of it is "+word+": "+because(d.Undecided))
	}
	if d.Beyond.Outcome == prove.Proved {
		return append(list, "proved that nothing else is "+word)
	}
	return append(list, "not proved that nothing else is "+word+": "+because(d.Beyond))
}
