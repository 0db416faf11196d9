// Package explain tells why a request was decided so: which statements and which
// layer, in AWS's words (message.go), every layer with its policies (trace*.go),
// what almost allowed it (nearmiss.go), the known traps (hint*.go), and what a
// reader should know beside it (diagnose.go, check.go).
package explain
