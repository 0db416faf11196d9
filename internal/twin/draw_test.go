package twin_test

import "strings"

// A draw is a number from 0 to n-1. Everything random comes from one, so that
// a fast generator can draw for volume and rapid can draw where it shrinks.
type draw func(n int) int

func (d draw) chance(percent int) bool { return d(100) >= 100-percent }

func pick[T any](d draw, list []T) T { return list[d(len(list))] }

// some are up to most members of the list.
func some[T any](d draw, list []T, most int) []T {
	out := []T{}
	for range d(most + 1) {
		out = append(out, pick(d, list))
	}
	return out
}

// spelling changes the letters' case, which matters in no identifier.
func (d draw) spelling(s string) string {
	if !d.chance(12) {
		return s
	}
	if d.chance(50) {
		return strings.ToUpper(s)
	}
	return strings.ToLower(s)
}
