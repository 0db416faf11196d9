package engine

import (
	"context"
	"iter"
	"runtime"
	"sync"
)

// A Matrix is every caller with every target and every request: who can do
// what to which. What depends on the caller alone, on the target alone, or on
// one of them and the request, is worked out once and not for each cell.
//
// The matrix reads its fields while it runs; do not change them meanwhile.
type Matrix struct {
	Callers  []Caller
	Targets  []Target
	Requests []*Prepared
	// Progress, if not nil, is called with the number of decisions so far and
	// of all, after each block of decisions, on the goroutine that ranges.
	Progress func(done, total int)
}

// A Cell names a decision of a [Matrix] by its place in the fields.
type Cell struct{ Caller, Target, Request int }

// Size is the number of decisions.
func (m *Matrix) Size() int { return len(m.Callers) * len(m.Targets) * len(m.Requests) }

// All decides every cell, on all cores, and streams the decisions in a stable
// order: by caller, then target, then request. Beside the targets little more
// than a block for each core is held in memory at a time. It ends early when the
// loop breaks or ctx is done, which [context.Context.Err] tells; no goroutine
// outlives it.
func (m *Matrix) All(ctx context.Context) iter.Seq2[Cell, Decision] {
	return func(yield func(Cell, Decision) bool) {
		if m.Size() == 0 {
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		var running sync.WaitGroup
		defer running.Wait()
		defer cancel()

		columns := m.columns()
		cores := runtime.GOMAXPROCS(0)
		work := make(chan *block)
		ordered := make(chan *block, 2*cores) // bounds what is decided and not yet taken
		running.Add(1 + cores)
		go func() {
			defer running.Done()
			defer close(work)
			defer close(ordered)
			m.blocks(func(b *block) bool {
				for _, to := range [2]chan *block{ordered, work} {
					select {
					case to <- b:
					case <-ctx.Done():
						return false
					}
				}
				return true
			})
		}()
		for range cores {
			go func() {
				defer running.Done()
				for b := range work {
					b.decide(ctx, m, columns)
				}
			}()
		}

		done := 0
		for b := range ordered {
			select {
			case <-b.decided:
			case <-ctx.Done():
				return
			}
			for i, d := range b.decisions {
				cell := Cell{b.caller, b.target + i/len(m.Requests), i % len(m.Requests)}
				if ctx.Err() != nil || !yield(cell, d) {
					return
				}
			}
			done += len(b.decisions)
			if m.Progress != nil {
				m.Progress(done, m.Size())
			}
		}
	}
}

// A block is the decisions of one caller for a run of targets.
type block struct {
	caller            int
	target, targetEnd int
	decisions         []Decision // by target, then request
	decided           chan struct{}
}

// blockSize is about how many decisions a block holds: enough that handing it
// over costs nothing beside making it.
const blockSize = 4096

func (m *Matrix) blocks(each func(*block) bool) {
	step := max(1, blockSize/len(m.Requests))
	for c := range m.Callers {
		for t := 0; t < len(m.Targets); t += step {
			if !each(&block{caller: c, target: t, targetEnd: min(t+step, len(m.Targets)), decided: make(chan struct{})}) {
				return
			}
		}
	}
}

// decide decides the block, or some of it if ctx is done before.
func (b *block) decide(ctx context.Context, m *Matrix, columns []column) {
	defer close(b.decided)
	caller := &m.Callers[b.caller]
	rows := make([]plan, len(m.Requests))
	sets := setsOf(caller, nil, nil)
	for i, p := range m.Requests {
		if p.empty() {
			continue
		}
		rows[i] = planOf(&p.action, sets)
	}
	b.decisions = make([]Decision, 0, (b.targetEnd-b.target)*len(m.Requests))
	var both plans
	for t := b.target; t < b.targetEnd; t++ {
		column := &columns[t]
		column.once.Do(func() { column.fill(m, &m.Targets[t]) })
		for i, p := range m.Requests {
			if i%patience == 0 && ctx.Err() != nil {
				return
			}
			if p.empty() {
				b.decisions = append(b.decisions, invalid(malformedAction, 0))
				continue
			}
			both = plans{rows[i], nil}
			if column.plans != nil {
				both[1] = column.plans[i]
			}
			ev := Evaluation{plans: &both}
			d, ok := ev.begin(caller, &column.target, &p.request, &p.options, &p.action, &column.target.read, p.table)
			if ok {
				d = ev.Decide()
			}
			b.decisions = append(b.decisions, d)
		}
	}
}

// patience is how many decisions are made before a block looks whether they are
// still wanted.
const patience = 256

// A column is what a target brings to all callers. It is filled when the first
// block comes to it.
type column struct {
	once    sync.Once
	planned bool
	target  Target
	plans   []plan // by request; nil without policies, or where they would be too many
}

// mostPlans is how many plans of targets are held. Beyond, each decision finds
// the groups of the target's policies anew.
const mostPlans = 1 << 20

func (m *Matrix) columns() []column {
	planned := 0
	for t := range m.Targets {
		if m.Targets[t].hasPolicies() {
			planned += len(m.Requests)
		}
	}
	columns := make([]column, len(m.Targets))
	for t := range columns {
		columns[t].planned = planned <= mostPlans && m.Targets[t].hasPolicies()
	}
	return columns
}

func (t *Target) hasPolicies() bool { return len(t.Policies)+len(t.RCPs) > 0 }

func (c *column) fill(m *Matrix, t *Target) {
	c.target = t.Prepared()
	if !c.planned {
		return
	}
	sets := append(t.RCPs[:len(t.RCPs):len(t.RCPs)], t.Policies...)
	c.plans = make([]plan, len(m.Requests))
	for i, p := range m.Requests {
		if !p.empty() {
			c.plans[i] = planOf(&p.action, sets)
		}
	}
}

// A plan is which groups of some sets match an action.
type plan []plannedSide

type plannedSide struct {
	side   *side
	groups []uint32
}

func planOf(a *Action, sets []*Set) plan {
	var p plan
	for _, s := range sets {
		if s == nil {
			continue
		}
		for _, side := range [2]*side{&s.deny, &s.allow} {
			if side.actions.shape == mixed && len(side.groups) > 0 {
				p = append(p, plannedSide{side, side.actions.groups(a)})
			}
		}
	}
	return p
}

// plans are of the caller's sets, and of the target's.
type plans [2]plan

// of are the groups of the side that match the action, if they were found
// before.
func (p *plans) of(s *side) ([]uint32, bool) {
	for _, plan := range p {
		for i := range plan {
			if plan[i].side == s {
				return plan[i].groups, true
			}
		}
	}
	return nil, false
}
