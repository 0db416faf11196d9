package main

import (
	"errors"
	"fmt"

	"github.com/iamsim/iamsim/internal/workload"
)

// A peer tries every statement. Above largest, and in a short run, it is shown
// to be right on a sample of the requests; the short run and the plots leave it
// out above largest.
const (
	largest  = 10_000
	sampling = 61 // one request in so many, from each part of the rotation
)

// A family is workloads that are compared with each other, and therefore
// measured in the same rounds.
type family []func() *workload.Workload

func families() []family {
	return []family{
		{workload.Single, workload.SingleDenied, workload.Conditional, workload.Layers},
		{many(1000), many(10_000), many(100_000)},
		{func() *workload.Workload { return workload.Middle(10_000) }},
	}
}

func many(n int) func() *workload.Workload {
	return func() *workload.Workload { return workload.Many(n) }
}

// decisions times every engine on every workload that it can express, after
// it was shown to give the right answers.
func decisions(b *bench, r *report) error {
	all := table{columns: []string{iamsimStrings, iamsimPrepared, cedar, minio}}
	for _, f := range families() {
		from := len(all.rows)
		for _, make := range f {
			if err := b.load(&all, make()); err != nil {
				return err
			}
		}
		measured := table{columns: all.columns, rows: all.rows[from:]}
		b.measure(measured.tasks())
		for _, t := range measured.tasks() {
			t.run = nil // let go of the engines before the next are loaded
		}
	}
	text := ""
	for _, f := range families() {
		for _, make := range f {
			w := make()
			text += fmt.Sprintf("- **%s**: %s\n", w.Name, w.About)
		}
	}
	text += "\n" + all.markdown("Work", func(t *task) string {
		return fmt.Sprintf("%s (%.0f)", duration(t.median()), t.allocs)
	})
	r.section("Decisions", "Time of one decision, and its allocations in parentheses.\n\n"+text)
	judgeDecisions(r, &all)
	return nil
}

// load adds the workload as a row.
func (b *bench) load(t *table, w *workload.Workload) error {
	row := t.row(w.Name)
	for _, e := range engines {
		if e.isPeer() && b.short && w.Statements() > largest {
			t.leaveOut(row, e.name, "left out of a short run")
			continue
		}
		task, err := b.taskOf(e, w)
		if errors.Is(err, errLeftOut) {
			t.leaveOut(row, e.name, e.name+": "+err.Error())
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		row.tasks[e.name] = task
	}
	return nil
}

// taskOf is the task of deciding, once the engine was shown to do it right.
func (b *bench) taskOf(e engine, w *workload.Workload) (*task, error) {
	on, err := e.load(w)
	if err != nil {
		return nil, err
	}
	stride := 1
	if e.isPeer() && (b.short || w.Statements() > largest) {
		stride = sampling
	}
	if err := agrees(on, w, stride); err != nil {
		return nil, err
	}
	at := 0
	return &task{run: func(n int) {
		on.loop(at, n)
		at += n
	}}, nil
}

func judgeDecisions(r *report, t *table) {
	ratio := func(name, slow, fast string) float64 {
		row := t.find(name)
		return row.tasks[slow].slower(row.tasks[fast])
	}
	for _, name := range []string{"a", "b"} {
		r.atLeast(name+" from strings: faster than cedar-go", 6, ratio(name, cedar, iamsimStrings))
		r.atLeast(name+" from strings: faster than MinIO", 4, ratio(name, minio, iamsimStrings))
		r.atLeast(name+" prepared: faster than cedar-go", 18, ratio(name, cedar, iamsimPrepared))
		r.atLeast(name+" prepared: faster than MinIO", 12, ratio(name, minio, iamsimPrepared))
	}
	r.atLeast("c from strings: faster than cedar-go", 100, ratio("c", cedar, iamsimStrings))
	r.atLeast("c from strings: faster than MinIO", 300, ratio("c", minio, iamsimStrings))
	small, large := t.find("d-1000"), t.find("d-100000")
	r.atMost("d from strings: growth from 1,000 to 100,000 statements", 4, large.tasks[iamsimStrings].slower(small.tasks[iamsimStrings]))
	r.atMost("d prepared: growth from 1,000 to 100,000 statements", 6, large.tasks[iamsimPrepared].slower(small.tasks[iamsimPrepared]))
	best := min(ratio("d-1000", cedar, iamsimStrings), ratio("d-1000", minio, iamsimStrings))
	r.atLeast("d, 1,000 statements from strings: faster than the best peer", 400, best)
	r.atLeast("d-adv from strings: faster than cedar-go", 100, ratio("d-adv", cedar, iamsimStrings))
	r.atLeast("d-adv from strings: faster than cedar-go (stretch)", 500, ratio("d-adv", cedar, iamsimStrings))
	r.atMost("e from strings: the time of a", 8, t.find("e").tasks[iamsimStrings].slower(t.find("a").tasks[iamsimStrings]))
	most := 0.0
	for _, row := range t.rows {
		most = max(most, row.tasks[iamsimStrings].allocs, row.tasks[iamsimPrepared].allocs)
	}
	r.is("allocations of a decision, all workloads", "0", fmt.Sprintf("%.0f", most), most == 0)
}
