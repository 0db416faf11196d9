// Package terraform reads what `terraform show -json` prints, or `tofu show -json`,
// of a plan or a state into an [account.Builder]: who and what there is before the
// plan is applied, and after it.
//
//	terraform plan -out plan.out
//	terraform show -json plan.out > plan.json
//
//	plan, err := terraform.Read("plan.json", file, planned.Given{})
//	b := account.New()
//	plan.After(b)
//	after, err := b.Build()
//	role, err := after.Principal("aws_iam_role.deploy")
//
// # What is read
//
// Users, groups, roles and managed policies with all that attaches them; functions
// with aliases, URLs, layers and permissions; the policies of buckets, queues,
// topics, keys, secrets, tables and of what else has one; service and resource
// control policies. Of the attributes, those that decide access. A user, role,
// function or resource has the address that the plan calls it by.
//
// What the plan makes has nothing but what the plan gives it. Of what a data source
// finds, or something names and the plan does not have, the rest is not known.
//
// # What is known after apply
//
// The ARN of what is made follows from its name, account and Region, and so does
// each reference to it: a policy for `aws_lambda_function.orders.arn` is about the
// planned function orders for certain. A name that the provider makes up stands for
// itself behind its prefix. Whatever else is not known is a hole (package planned),
// with its address for an origin.
//
// References are followed by the configuration in the plan, through variables and
// outputs of modules, count and for_each; never by names that look alike. A data
// "aws_iam_policy_document" that waits for what it refers to is rebuilt from its
// blocks. A jsonencode that has to wait is lost: the plan has no part of it, and the
// policy may say anything.
//
// A plan does not keep what stands around a reference. One that is an element of
// resources alone is taken to be all of the element, and a note says so; not that of
// a bucket and the like, of which parts are usual, or one that is there twice: these
// are the beginning of an element whose rest is not known.
//
// Account and Region are those that are given, or else what the configuration of the
// provider, its data sources and the ARNs of what it made before say.
package terraform
