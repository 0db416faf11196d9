package prove

// Slow is the prover without any short cut.
func Slow(x Prover) *Prover {
	x.slow = true
	return &x
}
