// Package pattern has the patterns that policies write for ARNs and for other
// texts.
//
// IAM has three languages of patterns, and to take one for another would allow
// what AWS denies. [Compile] makes a [Pattern] of one of them:
//
//   - [Text], for StringLike and for actions: "*" and "?" match anything.
//   - [Resource], for Resource and NotResource: in the first five fields of an
//     ARN wildcards stay inside their field, in the sixth they cross colons and
//     slashes, and a "*" at the very end swallows what follows (B-12).
//   - [Operator], for ArnLike and ArnEquals: pattern and text have six fields
//     each, or do not match (C-12, C-13).
//
// Only "*" and "?" are special; "?" is one Unicode character, and a byte that
// belongs to none counts as one. With [Options].Variables, ${key} stands for
// values that the caller gives to [Pattern.MatchValues]; what a value brings in
// is literal (B-17).
//
// What else is done to a pattern begins with the same reading: [Tokenize] gives
// its smallest parts, [Replace] writes values in the place of variables, [Loose]
// puts a "*" there, and [Escape] writes a text as a pattern.
//
// A caller that matches one text against many patterns splits it once, with
// [Split], and finds candidates by [Pattern.Exact], [Pattern.Prefix] and
// [Pattern.Inner]. Matching allocates nothing, never backtracks without
// bound, and takes at most one step a byte of text for every 64 bytes of
// pattern where a "?" stands between stars. (Short patterns of that kind go to
// github.com/gobwas/glob, which keeps a little memory in a pool.)
//
// Everything in this package is safe for concurrent use.
package pattern
