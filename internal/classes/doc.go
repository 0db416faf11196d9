// Package classes finds values that policies tell apart.
//
// The conditions of policies on one context key, or their patterns for one
// element of a request, divide all values into classes: two values are of one
// class if every condition gives the same answer for both. There are infinitely
// many values and few classes. [Key.Find] finds a value that some conditions
// accept and others refuse, or shows that there is none; [Of] lists all classes,
// each with a value that reads well.
//
// A question about texts ([Question]) is decided by walking all patterns at once,
// one character a step, breadth first, so that the first value found is a short
// one. Numbers, dates and addresses are decided by trying every constant of the
// conditions and a point in each gap between them.
//
// Answers are exact, or say that they are not known: where the [Budget] is used
// up, and where one key is compared both as text and as another type. What a
// condition means is what the evaluator makes of it.
package classes
