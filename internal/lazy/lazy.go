// Package lazy puts off what a program pays for when it starts and may never use.
package lazy

import (
	"regexp"
	"sync"
)

// Regexp compiles an expression when it is first asked for, and once. It is for
// variables of packages: a command compiles those that its input needs. Like
// [regexp.MustCompile] it panics where the expression is none, at its first use.
func Regexp(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
