// Package load loads policies by what people give: the path of a file or a
// folder, "-" for standard input, the document itself, or the ARN or the name of
// an AWS managed policy. The command, scenarios and package iamtest load theirs
// here.
//
//	var l load.Loader
//	policies, err := l.Load("deployer.json")
//
// A file, standard input and a text may have the document in any form that
// package read knows.
//
// # What is given
//
// These are told apart in this order:
//
//   - standard input, once
//     {"Version": …}, […], "…", %7B…  the policy itself
//     arn:aws:iam::aws:policy/…       an AWS managed policy, in its version of today
//     deployer.json, policies         a file; of a folder all files in it that end
//     in .json, .yaml or .yml, not those below it
//     plan.json#aws_iam_role.deploy   what has an address in a file of many, by
//     [Loader.Within]
//     AWSLambda_FullAccess            an AWS managed policy, where no file has the name
//
// # Limits
//
// A file has at most 8 MiB, a document [policy.DefaultMaxSize]. In a file system
// that is given, and in a folder, only regular files are read and nothing outside it;
// a file of the operating system that is named may be a pipe.
package load
