package main

import (
	"math"
	"runtime"
	"slices"
	"time"
)

// A bench says how long to measure.
type bench struct {
	rounds int
	slot   time.Duration // of one task in one round
	short  bool
}

// A task is work that is done over and over and timed.
type task struct {
	run func(n int) // does the work n times

	times  int       // a round
	ns     []float64 // of one time, by round
	allocs float64   // of one time
}

// measure times the tasks in rounds: each round does each task once, so that
// what disturbs the machine disturbs all of them.
func (b *bench) measure(tasks []*task) {
	for _, t := range tasks {
		b.calibrate(t)
	}
	for range b.rounds {
		for _, t := range tasks {
			runtime.GC() // what others left is not this task's to clear
			start := time.Now()
			t.run(t.times)
			t.ns = append(t.ns, perTime(start, t.times))
		}
	}
}

// calibrate finds how many times fill the slot and counts allocations.
func (b *bench) calibrate(t *task) {
	for n := 1; ; n *= 4 {
		start := time.Now()
		t.run(n)
		if taken := time.Since(start); taken > b.slot/8 || n > 1<<28 {
			t.times = max(1, int(float64(n)*float64(b.slot)/float64(taken)))
			break
		}
	}
	n := min(t.times, 4096)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	t.run(n)
	runtime.ReadMemStats(&after)
	t.allocs = math.Floor(float64(after.Mallocs-before.Mallocs) / float64(n))
}

func perTime(start time.Time, n int) float64 {
	return float64(time.Since(start).Nanoseconds()) / float64(n)
}

func (t *task) median() float64 { return median(t.ns) }

// slower is how many times as long t takes as u: the median of the ratios of
// each round, which drift of the machine's speed leaves alone.
func (t *task) slower(u *task) float64 {
	ratios := make([]float64, len(t.ns))
	for i := range ratios {
		ratios[i] = t.ns[i] / u.ns[i]
	}
	return median(ratios)
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(list))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// retained is how many bytes of memory stay in use for what build returns.
func retained(build func() any) int64 {
	var before, after runtime.MemStats
	collect(&before)
	kept := build()
	collect(&after)
	runtime.KeepAlive(kept)
	return int64(after.HeapAlloc) - int64(before.HeapAlloc)
}

// collect reads the memory in use once garbage and finalizers are gone.
func collect(m *runtime.MemStats) {
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(m)
}
