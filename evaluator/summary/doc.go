// Package summary tells in a screen what policies allow, as a person would say it:
// by service, access level, resources and conditions. Each summary is compared with
// the policies by package prove, so that nobody has to take it on trust.
//
//	prover := prove.Prover{Catalog: catalog.Default()}
//	s, err := summary.Of(ctx, &prover, policy.Identity, document)
//	for _, row := range s.Rows {
//		fmt.Println(row.String()) // s3: List and Read (Get*, List*) on shop-* if aws:SecureTransport is true
//	}
//	s.Outcome() // prove.Proved: the rows say all of it, and nothing else
//
// [Compare] summarizes what access a change gives and takes in the same rows.
//
// # What the rows mean
//
// A [Row] is data. All rows together are a policy, [Summary.Document], and it is
// this policy that is proved to be equal to the given ones: their Allow statements
// decide the same, and their Deny statements do, be it that the policies allow
// nothing that these deny. So two policies of one summary can stand for each other
// wherever they are attached.
//
// That an access level is named means all of its actions in the catalogue, but
// those that are excepted. Patterns that match further actions, which AWS may add
// tomorrow, are in [Row.New]; it is checked that they match no known action that
// the row does not name otherwise.
//
// # Limits
//
// A summary is no smaller than what it says: policies without any wildcard take a
// line for each few actions. Of policies with many hundred patterns for a service, what
// one says of another is not left out, and many services on many resources are one row
// of any service. Rows are of one kind of policy; how several layers
// limit each other is for package evaluator to say. What is granted by a
// policy whose statements the prover can not compare in its budget is summarized
// all the same, and [Summary.Outcome] is then not proved.
package summary
