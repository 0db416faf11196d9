package engine

import (
	"slices"
)

// A Prepared is a request that was checked and read once, to be evaluated for
// many callers and targets. It is immutable: any number of goroutines may use
// it. A zero Prepared is [Invalid] for every caller and target.
type Prepared struct {
	options Options
	request Request
	action  Action
	table   *contextTable // of a context of many keys
}

// Prepare checks a request and reads what does not depend on caller and
// target. Its error wraps [ErrInvalidRequest]. The Prepared keeps the
// Options. Later changes to the request do not reach it; the endpoint's Set is
// immutable, and shared.
func Prepare(r *Request, o Options) (*Prepared, error) {
	p := &Prepared{options: o, request: *r}
	p.request.Context = slices.Clone(r.Context)
	for i := range p.request.Context {
		p.request.Context[i].Values = slices.Clone(p.request.Context[i].Values)
	}
	if d, ok := p.action.read(&p.request); !ok {
		return nil, d.err(nil, nil, r)
	}
	if r.Context.fitsTable() {
		p.table = new(contextTable)
		p.table.fill(p.request.Context)
	}
	return p, nil
}

// Evaluate decides the request for a caller and a target, as
// [Evaluate] does.
func (p *Prepared) Evaluate(c *Caller, t *Target) Decision {
	if p.empty() {
		return invalid(malformedAction, 0)
	}
	return evaluate(c, t, &p.request, &p.action, &p.options, p.table)
}

// empty: there is no request in it.
func (p *Prepared) empty() bool { return p == nil || p.action.Text == "" }
