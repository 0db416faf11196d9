package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/iamsim/iamsim/internal/workload"
)

// parallel measures what a second goroutine gains, beside what it gains in a
// loop of arithmetic in the same rounds: that is as much as the machine gives.
func parallel(b *bench, r *report) error {
	if runtime.GOMAXPROCS(0) < 2 {
		r.section("Two goroutines", "Not measured: there is one core.")
		return nil
	}
	t := table{columns: []string{iamsimStrings, iamsimPrepared, cedar, minio}}
	machine := &pair{loop: arithmetic}
	pairs := []*pair{machine}
	measured := make(map[string]map[string]*pair) // by workload and engine
	for _, w := range []*workload.Workload{workload.Single(), workload.Conditional(), workload.Many(1000)} {
		t.row(w.Name)
		measured[w.Name] = make(map[string]*pair)
		for _, e := range engines {
			on, err := e.load(w)
			if err != nil {
				return fmt.Errorf("%s: %w", e.name, err)
			}
			p := &pair{loop: func(from, n int) { on.loop(from, n) }}
			measured[w.Name][e.name] = p
			pairs = append(pairs, p)
		}
	}
	for _, p := range pairs {
		counted := &task{run: func(n int) { p.loop(0, n) }}
		b.calibrate(counted)
		p.times = counted.times
	}
	for range b.rounds {
		for _, p := range pairs {
			p.round()
		}
	}
	for _, row := range t.rows {
		for name, p := range measured[row.name] {
			row.texts[name] = times(median(p.gains))
		}
	}
	r.section("Two goroutines", fmt.Sprintf("Gain in decisions a second of two goroutines over one. The machine gives %s to a loop of arithmetic.\n\n%s",
		times(median(machine.gains)), t.markdown("Work", nil)))
	for _, row := range t.rows {
		for _, name := range []string{iamsimStrings, iamsimPrepared} {
			shares := make([]float64, b.rounds)
			for round, gain := range measured[row.name][name].gains {
				shares[round] = gain / machine.gains[round]
			}
			share := median(shares)
			r.is(fmt.Sprintf("two goroutines, %s, %s: share of what arithmetic gains", row.name, name), "≥ 0.9", digits(share), share >= 0.9)
		}
	}
	return nil
}

// A pair compares one goroutine with two that each do as much.
type pair struct {
	loop  func(from, n int)
	times int
	gains []float64
}

func (p *pair) round() {
	runtime.GC()
	start := time.Now()
	p.loop(0, p.times)
	alone := time.Since(start)
	start = time.Now()
	var both sync.WaitGroup
	for i := range 2 {
		both.Go(func() { p.loop(i*workload.Rotation/2, p.times) })
	}
	both.Wait()
	p.gains = append(p.gains, 2*alone.Seconds()/time.Since(start).Seconds())
}

// arithmetic touches no memory.
func arithmetic(from, n int) {
	x := uint64(from) | 1
	for range n {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	if x == 0 {
		panic("xorshift never reaches 0")
	}
}
