package review

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// A Change is what a change of policies gives and takes.
type Change struct {
	// Gained is access that only the newer policies give, Lost that only the
	// older ones gave.
	Gained, Lost []Access
	// Gain says whether the newer policies stay within the older ones, Loss
	// whether it is so the other way round, for all requests there can be. One
	// that is proved has no Access.
	Gain, Loss *prove.Verdict
	// Cut is why the lists of access end early: the cause for which the context
	// ended. Nil if they are complete.
	Cut error
}

// Outcome answers whether the change gives no new access: it is refuted where
// some was gained, be it that the question of all requests stays undecided, and
// else what Gain is.
func (c *Change) Outcome() prove.Outcome {
	if slices.ContainsFunc(c.Gained, func(a Access) bool { return a.Verdict.Outcome == prove.Refuted }) {
		return prove.Refuted
	}
	return c.Gain.Outcome
}

// Access is actions on resources which, for some requests at least, one side
// allows and the other does not.
type Access struct {
	// Actions by name, of those that AWS authorizes on such a resource; a pattern
	// as a document writes it where the catalogue has no action for it.
	Actions []string
	// Resource is a pattern as a document writes it, or "*". What narrower
	// patterns of other Access cover is left to these.
	Resource string
	// New says that the other side allows the actions on no resource: proved. Of
	// others it allows some requests, or it is not known.
	New bool
	// Verdict has the request that shows it, for one of the actions. Where it is
	// unknown instead of refuted, so is whether there is a difference here.
	Verdict *prove.Verdict
	// Idle says that AWS authorizes none of them there, as far as the catalogue
	// says: no call is decided otherwise.
	Idle bool
}

// Services are the prefixes of the actions, each once.
func (a *Access) Services() []string {
	var list []string
	for _, name := range a.Actions {
		service, _, _ := strings.Cut(name, ":")
		list = append(list, fold.String(service))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Compare finds what access a change gives and takes. The prover's catalogue
// supplies the actions; without one they are the patterns that the documents
// have. Its budget is for each question, of which there can be many: see the
// deadline of ctx.
//
// An error is about the documents, as of [prove.Prover.Within].
func Compare(ctx context.Context, x *prove.Prover, before, after policy.Policies) (*Change, error) {
	c := &comparison{prover: x, sameLayers: sameLayers(before, after), scps: before.Has(policy.SCPLayer) || after.Has(policy.SCPLayer)}
	c.read(0, before)
	c.read(1, after)
	change := &Change{}
	var err, lossErr error
	change.Gain, change.Gained, err = c.exceeds(ctx, after, before)
	change.Loss, change.Lost, lossErr = c.exceeds(ctx, before, after)
	if err := cmp.Or(err, lossErr); err != nil {
		return nil, err
	}
	if ctx.Err() != nil && change.differs() {
		change.Cut = context.Cause(ctx)
	}
	return change, nil
}

// differs reports whether one of the sides may allow what the other does not.
func (c *Change) differs() bool {
	return c.Gain.Outcome != prove.Proved || c.Loss.Outcome != prove.Proved
}

// sameLayers reports whether both sides have the same slots, whatever these hold.
// That there are no identity-based policies is the same as that they grant
// nothing.
func sameLayers(a, b policy.Policies) bool {
	for l := range policy.Layers() {
		if l != policy.IdentityLayer && a.Count(l) != b.Count(l) {
			return false
		}
	}
	return true
}

// A comparison decides the same questions in both directions.
type comparison struct {
	prover     *prove.Prover
	elements   []element
	sameLayers bool
	scps       bool    // one side has service control policies
	classes    []class // made when there is a difference
}

// read reads the statements of one side.
func (c *comparison) read(side int, p policy.Policies) {
	for slot, documents := range p.All() {
		for i := range documents {
			d := documents[i].Document
			if d == nil { // an error of the prover
				continue
			}
			for k := range d.Statements {
				c.elements = append(c.elements, newElement(side, slot.String(), d.Version, d.Statements[k]))
			}
		}
	}
}

func newElement(side int, place, version string, st policy.Statement) element {
	e := element{patterns: st.Action, not: st.NotAction != nil, side: side}
	if e.not {
		e.patterns = st.NotAction
	}
	for _, pattern := range slices.Concat(st.Resource, st.NotResource) {
		e.resources = append(e.resources, resource{pattern, version})
	}
	st.Sid, st.Action, st.NotAction = "", policy.Values{"*"}, nil
	// Of a document that cannot be written the prover says what is wrong.
	text, _ := (&policy.Document{Version: version, Statements: []policy.Statement{st}}).MarshalJSON()
	e.rest = place + string(text)
	return e
}

// exceeds finds what p allows that q does not.
func (c *comparison) exceeds(ctx context.Context, p, q policy.Policies) (*prove.Verdict, []Access, error) {
	whole, err := c.prover.Within(ctx, p, q)
	if err != nil || whole.Outcome == prove.Proved {
		return whole, nil, err
	}
	if c.classes == nil {
		c.classes = classesOf(ctx, c.prover.Catalog, c.elements)
	}
	var found accesses
	for i := range c.classes {
		if ctx.Err() != nil {
			break
		}
		if c.sameLayers && c.classes[i].alike() {
			continue
		}
		if err := c.locate(ctx, p, q, &c.classes[i], &found); err != nil {
			return nil, nil, err
		}
	}
	if r := whole.Request; len(found.list) == 0 && r != nil {
		found.list = []Access{{Actions: []string{r.Action}, Resource: r.Resource, Verdict: whole}}
	}
	return whole, found.sorted(), nil
}

// locate finds the resources on which p allows what q does not, for one class.
func (c *comparison) locate(ctx context.Context, p, q policy.Policies, of *class, found *accesses) error {
	anywhere, err := c.prover.Within(ctx, only(p, c.scps, of.actions[0], everyResource, nil), q)
	if err != nil || anywhere.Outcome == prove.Proved {
		return err
	}
	other, err := c.prover.NotGranted(ctx, q, prove.Access{Actions: []string{of.actions[0].name}})
	if err != nil {
		return err
	}
	isNew := other.Outcome == prove.Proved
	var listed, asides []resource // gained, and gained or not
	for _, r := range of.resources() {
		used := r.used(ctx, of.actions, asides)
		idle := len(used) == 0
		if idle {
			used = of.actions
		}
		v := anywhere
		if a := plainest(used); r != everyResource || len(listed) > 0 || a.name != of.actions[0].name {
			if v, err = c.prover.Within(ctx, only(p, c.scps, a, r, listed), q); err != nil || ctx.Err() != nil {
				return err
			}
		}
		if v.Outcome != prove.Unknown {
			asides = append(asides, r)
		}
		if v.Outcome != prove.Proved {
			found.add(used, Access{Resource: r.pattern, New: isNew, Verdict: v, Idle: idle})
		}
		if v.Outcome == prove.Refuted {
			listed = append(listed, r)
		}
	}
	return nil
}

// plainest is an action that reads well in a request: one with resources.
func plainest(actions []action) action {
	at := slices.IndexFunc(actions, func(a action) bool { return a.known != nil && len(a.known.Resources) > 0 })
	return actions[max(at, 0)]
}

// only are the policies for requests of one action, on resources of a pattern
// and not of some others: whatever else they allow is denied. scps tells whether
// one side of the question has service control policies.
func only(p policy.Policies, scps bool, a action, r resource, but []resource) policy.Policies {
	at := policy.IdentityLayer.At(0)
	ofResource := p.Has(policy.ResourceLayer)
	switch {
	case ofResource:
		at = policy.ResourceLayer.At(0)
	case scps: // which limit the root user, too
		at = policy.SCPLayer.At(0)
		if !p.Has(policy.SCPLayer) {
			p = p.With(at, prove.FullAccess())
		}
	}
	isTrust := p.Kind(at) == policy.Trust
	list := slices.Clone(p.At(at))
	deny := func(version string, st policy.Statement) {
		st.Effect = policy.Deny
		if ofResource {
			st.Principal = &policy.Principals{Everyone: true}
		}
		list = append(list, policy.Attached{Document: &policy.Document{Version: version, Statements: []policy.Statement{st}}})
	}
	rest := policy.Statement{NotAction: policy.Values{a.name}}
	if !isTrust {
		rest.Resource = policy.Values{"*"}
	}
	deny(policy.Version2012, rest)
	if r.pattern != "*" {
		deny(r.version, policy.Statement{Action: policy.Values{"*"}, NotResource: policy.Values{r.pattern}})
	}
	for _, other := range but {
		deny(other.version, policy.Statement{Action: policy.Values{"*"}, Resource: policy.Values{other.pattern}})
	}
	return p.With(at, list...)
}

// accesses joins what is alike: actions of one service on one pattern, by the
// same statements, and those of classes that cross services.
type accesses struct {
	list []Access
	at   map[likeness]int
}

type likeness struct {
	resource, service  string
	outcome            prove.Outcome
	idle, isNew        bool
	allowedBy, nearest evaluator.StatementRef
}

func (f *accesses) add(actions []action, a Access) {
	v := a.Verdict
	one := likeness{resource: a.Resource, service: actions[0].service(), outcome: v.Outcome, idle: a.Idle, isNew: a.New}
	if v.AllowedBy != nil {
		one.allowedBy = *v.AllowedBy
	}
	if v.Nearest != nil {
		one.nearest = *v.Nearest
	}
	if slices.ContainsFunc(actions, func(a action) bool { return a.service() != one.service }) {
		one.service = "several"
	}
	at, ok := f.at[one]
	if !ok {
		if f.at == nil {
			f.at = make(map[likeness]int)
		}
		at = len(f.list)
		f.at[one] = at
		f.list = append(f.list, a)
	}
	for _, a := range actions {
		f.list[at].Actions = append(f.list[at].Actions, a.name)
	}
}

// sorted has what is real before what is idle or unknown, by action.
func (f *accesses) sorted() []Access {
	for i := range f.list {
		slices.Sort(f.list[i].Actions)
	}
	rank := func(a *Access) int {
		switch {
		case a.Verdict.Outcome == prove.Unknown:
			return 2
		case a.Idle:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(f.list, func(a, b Access) int {
		return cmp.Or(cmp.Compare(rank(&a), rank(&b)), cmp.Compare(a.Actions[0], b.Actions[0]), cmp.Compare(a.Resource, b.Resource))
	})
	return f.list
}
