// Package bounds holds, as tests, what hostile input may cost: each entry of the
// library gets the input that is worst for it, and takes time and memory in
// proportion to its size, or stops with an error at a documented limit.
package bounds
