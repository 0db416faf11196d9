// Package planned makes policies of templates and plans in which parts are not
// known before deployment: the ARN of a function that does not exist yet, a
// parameter without value, an import from another stack.
//
//	arn := planned.Unknown(&planned.Hole{Origin: "aws_lambda_function.orders.arn", Why: "known after apply"})
//	document, holes, err := planned.Document("aws_iam_role_policy.deploy", policy.Identity, map[string]any{
//		"Statement": map[string]any{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": arn},
//	})
//
// A [Hole] is never empty and never "*". It stands in the document as a policy
// variable of its own, "${iamsim:planned/aws_lambda_function.orders.arn}", which
// every request has with a value that is not known. So what is known of a policy
// decides, and where a hole decides the decision is indeterminate and names the
// hole.
//
// Where IAM takes no variable (an action, a principal, a whole statement) the
// statement is parted: what is known of it stands, and beside it stands one that
// reaches as far as the hole could and that may apply or not.
package planned
