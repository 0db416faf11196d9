// Package active says which mutant of a program is active. All mutants of a
// package are compiled together, each behind a call into this package, so that one
// build serves them all: the environment chooses.
//
//	IAMSIM_MUTANT=17      mutant 17 is active; without it none is
//	IAMSIM_MUTANTS=FILE   the number of each mutant that is reached goes to FILE
//
// Nothing that people use imports it.
package active

import (
	"os"
	"strconv"
	"sync/atomic"
)

// Path is this package's import path, and Variable the one of the environment that
// chooses a mutant.
const (
	Path     = "github.com/iamsim/iamsim/internal/mutation/active"
	Variable = "IAMSIM_MUTANT"
)

// Import imports the package under the name active_: it stands behind a package
// clause. Use stands at the end of such a file, which may use it nowhere else.
const (
	Import = `; import active_ "` + Path + `"`
	Use    = "\nvar _ = active_.Is\n"
)

var (
	chosen, _ = strconv.Atoi(os.Getenv(Variable))
	reached   = newRecord(os.Getenv("IAMSIM_MUTANTS"))
)

// Is reports whether a mutant is active.
func Is(mutant int) bool {
	if reached != nil {
		reached.note(mutant)
	}
	return mutant == chosen
}

// A record writes the number of each mutant once.
type record struct {
	seen [1 << 18]atomic.Bool
	file *os.File
}

func newRecord(name string) *record {
	if name == "" {
		return nil
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	return &record{file: file}
}

func (r *record) note(mutant int) {
	if r.seen[mutant].Load() || r.seen[mutant].Swap(true) {
		return
	}
	if _, err := r.file.WriteString(strconv.Itoa(mutant) + "\n"); err != nil {
		panic(err)
	}
}

type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

type number interface {
	integer | ~float32 | ~float64
}

// Next is a number, or the next one.
func Next[T number](mutant int, v T) T {
	if Is(mutant) {
		return v + 1
	}
	return v
}

// Zero is a value, or the zero value.
func Zero[T any](mutant int, v T) T {
	if Is(mutant) {
		var zero T
		return zero
	}
	return v
}

// Add is a + b, or a - b.
func Add[T number](mutant int, a, b T) T {
	if Is(mutant) {
		return a - b
	}
	return a + b
}

// Sub is a - b, or a + b.
func Sub[T number](mutant int, a, b T) T {
	if Is(mutant) {
		return a + b
	}
	return a - b
}

// Mul is a * b, or a / b.
func Mul[T number](mutant int, a, b T) T {
	if Is(mutant) {
		return a / b
	}
	return a * b
}

// And is a & b, or a | b.
func And[T integer](mutant int, a, b T) T {
	if Is(mutant) {
		return a | b
	}
	return a & b
}

// Or is a | b, or a & b.
func Or[T integer](mutant int, a, b T) T {
	if Is(mutant) {
		return a & b
	}
	return a | b
}

// AndNot is a &^ b, or a & b.
func AndNot[T integer](mutant int, a, b T) T {
	if Is(mutant) {
		return a & b
	}
	return a &^ b
}

// Shl is a << b, or a >> b.
func Shl[T, U integer](mutant int, a T, b U) T {
	if Is(mutant) {
		return a >> b
	}
	return a << b
}

// Shr is a >> b, or a << b.
func Shr[T, U integer](mutant int, a T, b U) T {
	if Is(mutant) {
		return a << b
	}
	return a >> b
}
