package twin

// truth has a third value for what the request leaves unknown. AND is min, OR
// is max.
type truth int

const (
	no truth = iota
	maybe
	yes
)

func not(t truth) truth { return yes - t }

func is(b bool) truth {
	if b {
		return yes
	}
	return no
}
