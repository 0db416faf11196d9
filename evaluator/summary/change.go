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

	names *namer
}

// Compare summarizes a change of policies of one kind. No policies that limit are
// taken for one that allows everything, and service control policies of Deny
// statements alone stand beside it. Prover and errors are those of [Of].
func Compare(ctx context.Context, x *prove.Prover, kind policy.Kind, before, after []*policy.Document) (*Change, error) {
	older, err := newVersion(kind, before)
	if err != nil {
		return nil, err
	}
	newer, err := newVersion(kind, after)
	if err != nil {
		return nil, err
	}
	var c Change
	c.Gained, err = exceeding(ctx, x, kind, newer, older)
	if err == nil {
		c.Lost, err = exceeding(ctx, x, kind, older, newer)
	}
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

// A version is one side of a change.
type version struct {
	documents []*policy.Document
	rows      []Row // of single resources, with actions as the documents have them
}

func newVersion(kind policy.Kind, documents []*policy.Document) (*version, error) {
	if err := prove.Of(kind, policy.Attach(documents...)...).Check(); err != nil {
		return nil, err
	}
	limits := prove.Of(kind).Has(policy.IdentityLayer) && kind != policy.Identity
	if limits && (len(documents) == 0 || kind == policy.SCP && !prove.Allows(documents...)) {
		documents = append([]*policy.Document{prove.FullAccess().Document}, documents...)
	}
	v := &version{documents: documents}
	for _, d := range documents {
		v.rows = append(v.rows, rowsOf(d)...)
	}
	v.rows = merged(v.rows)
	return v, nil
}

// exceeding is what p allows and q does not.
func exceeding(ctx context.Context, x *prove.Prover, kind policy.Kind, p, q *version) (Difference, error) {
	d := Difference{names: newNamer(x.Catalog)}
	var err error
	d.Within, err = within(ctx, x, kind, p.documents, q.documents)
	if err != nil || d.Within.Outcome == prove.Proved {
		d.Beyond = d.Within
		return d, err
	}
	allows := func(r Row) bool { return r.Effect != policy.Deny }
	denies := func(r Row) bool { return r.Effect == policy.Deny }
	only := func(rows []Row, which func(Row) bool) []Row {
		return slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return !which(r) })
	}
	for _, r := range slices.Concat(p.rows, q.rows) {
		d.names.learn(&r)
	}
	differs := func(v *prove.Verdict) bool {
		if v.Outcome == prove.Unknown && d.Undecided == nil {
			d.Undecided = v
		}
		return v.Outcome != prove.Proved
	}
	var gained []Row
	for _, r := range d.names.without(only(p.rows, allows), only(q.rows, allows)) {
		one := append(part(p.documents, policy.Deny), d.names.document([]Row{r}))
		v, err := within(ctx, x, kind, one, q.documents)
		if err != nil {
			return d, err
		}
		if differs(v) {
			gained = append(gained, r)
		}
	}
	var lifted []Row
	for _, r := range d.names.without(only(q.rows, denies), only(p.rows, denies)) {
		still := append(slices.Clone(p.documents), d.names.document([]Row{r}))
		v, err := within(ctx, x, kind, p.documents, still)
		if err != nil {
			return d, err
		}
		if differs(v) {
			lifted = append(lifted, r)
		}
	}
	together := part(q.documents, policy.Allow)
	kept := d.names.without(only(q.rows, denies), lifted)
	if rows := slices.Concat(gained, kept); len(rows) > 0 {
		together = append(together, d.names.document(rows))
	}
	if d.Beyond, err = within(ctx, x, kind, p.documents, together); err != nil {
		return d, err
	}
	d.Rows = ordered(merged(slices.Concat(gained, lifted)))
	for i := range d.Rows {
		d.Rows[i].names = d.names
		d.names.name(&d.Rows[i])
	}
	return d, nil
}

// without are the rows without what others say, each about one action on one
// resource. Where others say a part of a pattern, its known actions that they do not
// say are named, and the pattern stands for new ones.
func (n *namer) without(rows, others []Row) []Row {
	var list []Row
	for _, whole := range rows {
		for _, r := range whole.single() {
			said := func(action string) bool {
				return slices.ContainsFunc(others, func(o Row) bool { return o.surrounds(&r) && o.has(r.Service, action) })
			}
			if r.NotAction {
				if !slices.ContainsFunc(others, func(o Row) bool { return o.surrounds(&r) && o.actions() == r.actions() }) {
					list = append(list, r)
				}
				continue
			}
			for _, action := range r.Actions {
				if said(action) {
					continue
				}
				one := r
				one.Actions = []string{action}
				var left []string
				known := n.of(r.Service)
				hits := matching(known, action)
				for _, k := range hits {
					if name := known[k].name; !said(name) {
						left = append(left, name)
					}
				}
				if len(left) == len(hits) {
					list = append(list, one)
					continue
				}
				for _, name := range left {
					one.Actions = []string{name}
					list = append(list, one)
				}
				one.Actions, one.New = nil, []string{action}
				list = append(list, one)
			}
		}
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

// within decides whether documents of a kind allow nothing that others do not.
func within(ctx context.Context, x *prove.Prover, kind policy.Kind, p, q []*policy.Document) (*prove.Verdict, error) {
	return x.Within(ctx, prove.Of(kind, policy.Attach(p...)...), prove.Of(kind, policy.Attach(q...)...))
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
