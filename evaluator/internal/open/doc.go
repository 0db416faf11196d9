// Package open explores what a request leaves open: all values that its unknown
// context keys can have, in classes that the policies tell apart. From these it
// knows the decision that holds for all of them, the keys that are missing, and
// the condition under which the request is allowed.
package open
