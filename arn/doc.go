// Package arn has Amazon Resource Names as values.
//
// An [ARN] is comparable. [Parse] makes one, [New] makes one of parts, and
// [ParseFunction] reads a Lambda function the way callers name it: name, partial
// ARN or ARN, with or without qualifier. Accessors give the parts, and what
// Lambda and IAM keep inside the resource: [ARN.Qualifier], [ARN.Path],
// [ARN.Name], [ARN.AssumedRole].
//
// An ARN that a policy has as a pattern is matched by the package evaluator.
//
// Everything in this package is safe for concurrent use.
package arn
