package bounds_test

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// A cost is what one call takes.
type cost struct {
	time  time.Duration
	bytes uint64 // allocated
}

// measure is the least cost of a few calls.
func measure(run func()) (least cost) {
	const enough = 10 * time.Millisecond
	begin := cpu()
	for i := 0; i == 0 || i < 20 && cpu()-begin < enough; i++ {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := cpu()
		run()
		c := cost{time: cpu() - start}
		runtime.ReadMemStats(&after)
		c.bytes = after.TotalAlloc - before.TotalAlloc
		if i == 0 {
			least = c
		}
		least = cost{min(least.time, c.time), min(least.bytes, c.bytes)}
	}
	return least
}

// steady keeps the heap of this process large, so that a call does not pay for its
// growth and seldom for the collector, until the function that it returns is
// called.
func steady() (end func()) {
	before := debug.SetGCPercent(400)
	heap := make([]byte, 32<<20)
	for range 6 { // all that the heap will need comes from the system now
		clear(make([]byte, len(heap)))
	}
	return func() {
		runtime.KeepAlive(heap)
		debug.SetGCPercent(before)
	}
}

const (
	// times is how much longer the second input is than the first.
	times = 4
	// mostTimes is how much more that may cost: what is linear costs times as
	// much, and somewhat more where memory grows; what is quadratic 16 times.
	mostTimes = 8

	// What a call costs besides its input, below which nothing is compared.
	leastTime  = 2 * time.Millisecond
	leastBytes = 256 << 10
)

// The cost of each entry is in proportion to its input at most. It is compared
// with itself, so that the machine does not matter.
func TestCostGrowsNoFasterThanTheInput(t *testing.T) {
	defer steady()()
	for _, e := range entries(t) {
		t.Run(e.call+"/"+e.input, func(t *testing.T) {
			const tries = 5 // a core may be slow for a while
			var once, more cost
			for i := range tries {
				a, b := measure(e.prepare(e.size)), measure(e.prepare(times*e.size))
				if i == 0 {
					once, more = a, b
				}
				// The longer input got its best run, and the shorter its worst.
				once = cost{max(once.time, a.time), max(once.bytes, a.bytes)}
				more = cost{min(more.time, b.time), min(more.bytes, b.bytes)}
				if grown(once, more) == "" {
					break
				}
			}
			assert.Empty(t, grown(once, more), "%v for %d bytes, %v for %d", once, e.size, more, times*e.size)
		})
	}
}

// mostStored is the size in bytes of the largest policy that AWS stores.
const mostStored = 20 << 10

func TestADecisionOnTheLargestPolicyTakes50Milliseconds(t *testing.T) {
	defer steady()()
	for _, e := range entries(t) {
		if e.call != "evaluator.Evaluate" {
			continue
		}
		t.Run(e.input, func(t *testing.T) {
			const limit = 50 * time.Millisecond
			least := measure(e.prepare(mostStored))
			// Other work may slow a core down for a while.
			for end := time.Now().Add(30 * time.Second); least.time > limit && time.Now().Before(end); {
				least.time = min(least.time, measure(e.prepare(mostStored)).time)
			}
			assert.LessOrEqual(t, least.time, limit)
		})
	}
}

// grown says which cost has grown faster than the input; "" for neither.
func grown(once, more cost) string {
	switch {
	case more.time > mostTimes*max(once.time, leastTime):
		return "time"
	case more.bytes > mostTimes*max(once.bytes, leastBytes):
		return "memory"
	}
	return ""
}
