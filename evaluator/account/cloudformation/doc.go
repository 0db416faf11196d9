// Package cloudformation reads templates of CloudFormation and AWS SAM into an
// [account.Builder]: who and what there will be once they are deployed.
//
//	b := account.New()
//	r := cloudformation.NewReader(b, planned.Given{Account: "111122223333", Region: "eu-west-1", Stack: "shop"})
//	err := r.Read("template.yaml", file)
//	r.Finish()
//	snapshot, err := b.Build()
//	role, err := snapshot.Principal("OrdersRole")
//
// Roles, users, functions and resources have the logical id for their address.
//
// # What is read
//
// JSON and YAML with the short forms of intrinsic functions; parameters, mappings,
// conditions, Fn::ForEach, exports and imports between templates that are read
// together; what aws cloudformation get-template prints; the folder cdk.out of the
// CDK, by its manifest. Resources of AWS SAM become those of CloudFormation as the
// transform makes them: execution roles, policy templates, events, aliases, function
// URLs, connectors. The ids of versions are without the hash of the code.
//
// Of the resources, those of AWS IAM and AWS Lambda that have a say in access, and
// policies of buckets, queues, topics, keys, secrets, tables and the like. All
// resources whose ARN is known are there as targets.
//
// # What is not known
//
// A parameter without value, an import, a dynamic reference, an attribute that only
// AWS knows is a hole with its origin, see package planned: never empty and never
// "*". Of a condition that is not known both cases may be. Each is a gap of the
// snapshot, which says how to give the value.
//
// A name that CloudFormation makes, and an id that AWS makes, is made up and always
// the same: "shop-OrdersRole-plannedD35HE". So references to the resource match it
// for certain, patterns of the known beginning too, and another name does not.
// What a module or a macro makes is a gap; where Fn::Transform stands among the
// properties of a resource, those that do not stand beside it are not known.
// Without account and region, ARNs have 000000000000 and us-east-1, which is a gap,
// and AWS::AccountId and AWS::Region are holes.
//
// # Errors
//
// What CloudFormation or SAM would refuse is an error of Build, with the place:
// "template.yaml:12:9: OrdersRole: …". What is sound stands beside it. Of a member that
// is there twice CloudFormation takes the last, and so does this, with a note. Nested
// stacks, policies of an organization and permission sets are notes.
package cloudformation
