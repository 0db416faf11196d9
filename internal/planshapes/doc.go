// Package planshapes tests that package terraform reads what HashiCorp's own types
// of plans and states read, and finds the same in it. It is a module of its own, so
// that these types are not in our go.sum.
package planshapes
