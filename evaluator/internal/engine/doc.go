// Package engine decides requests: it compiles policies to sets and walks the
// gates of the law with them. Nothing here knows how a decision is explored or
// told.
//
// Start at evaluate.go: it is the algorithm. A set is compiled in set.go and
// side.go; a request finds its statements by action (action.go), by resource
// (index.go) and by a value that they ask for (guard.go), and remembers what it
// worked out (memo.go). plain.go is the short way for the simplest requests. These
// only leave out what cannot match.
package engine
