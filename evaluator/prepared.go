package evaluator

import (
	"fmt"
	"slices"
)

// A Prepared is a request that was checked and read once, to be evaluated for
// many callers and targets. It is immutable: any number of goroutines may use
// it. A zero Prepared is [Invalid] for every caller and target.
type Prepared struct {
	options Options
	request Request
	action  action
	table   *contextTable // of a context of many keys
}

// Prepare checks a request and reads what does not depend on caller and
// target. Its error wraps [ErrInvalidRequest]. The Prepared keeps the engine's
// Options. Later changes to the request do not reach it; the endpoint's Set is
// immutable, and shared.
func (e *Engine) Prepare(r *Request) (*Prepared, error) {
	p := &Prepared{options: e.Options, request: *r}
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

// MustPrepare is Prepare with the zero [Engine]; it panics on an error.
func MustPrepare(r *Request) *Prepared {
	var e Engine
	p, err := e.Prepare(r)
	if err != nil {
		panic(fmt.Sprintf("evaluator.MustPrepare: %v", err))
	}
	return p
}

// Evaluate decides the request for a caller and a target, as
// [Engine.Evaluate] does.
func (p *Prepared) Evaluate(c *Caller, t *Target) Decision {
	if p.empty() {
		return invalid(malformedAction, 0)
	}
	return evaluate(c, t, &p.request, &p.action, &p.options, p.table)
}

// empty: there is no request in it.
func (p *Prepared) empty() bool { return p == nil || p.action.text == "" }
