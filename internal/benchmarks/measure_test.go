package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestMedianIsTheMiddleOfAnyOrder(t *testing.T) {
	assert.Equal(t, 3.0, median([]float64{9, 3, 1}))
	assert.Equal(t, 2.5, median([]float64{4, 1, 3, 2}))
}

func TestARatioIsTakenWithinEachRound(t *testing.T) {
	slow, fast := &task{ns: []float64{10, 200, 30}}, &task{ns: []float64{1, 20, 3}}
	assert.Equal(t, 10.0, slow.slower(fast))
}

func TestEachTaskIsDoneAsOftenEachRound(t *testing.T) {
	var done []int
	work := &task{run: func(n int) {
		done = append(done, n)
		time.Sleep(time.Duration(n) * 20 * time.Microsecond)
	}}
	b := bench{rounds: 3, slot: time.Millisecond}
	b.measure([]*task{work})
	assert.Len(t, work.ns, 3)
	assert.Equal(t, []int{work.times, work.times, work.times}, done[len(done)-3:])
	assert.GreaterOrEqual(t, work.median(), 20_000.0)
}

func TestAllocationsAreCounted(t *testing.T) {
	var kept []byte
	work := &task{run: func(n int) {
		for range n {
			kept = make([]byte, 1000)
		}
	}}
	b := bench{rounds: 1, slot: time.Millisecond}
	b.measure([]*task{work})
	assert.NotNil(t, kept)
	assert.Equal(t, 1.0, work.allocs)
}

func TestRetainedIsWhatStays(t *testing.T) {
	size := retained(func() any {
		gone := make([]byte, 4<<20)
		return append([]byte(nil), gone[:1<<20]...)
	})
	assert.InDelta(t, 1<<20, size, 1<<18)
}
