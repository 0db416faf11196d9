package workload

import (
	"fmt"
	"math/rand/v2"

	"github.com/iamsim/iamsim/evaluator"
)

// Layers is workload e: a user reads the bucket of another account, and so
// every layer has a say: two identity policies, a permissions boundary, three
// levels of service control policies with a Deny each, the bucket policy.
func Layers() *Workload {
	w := &Workload{
		Name: "e", About: "identity + resource policy + boundary + 3 SCP levels",
		Principal: User, ResourceAccount: "444455556666",
	}
	const objects = "arn:aws:s3:::shared-reports/*"
	every := []string{"*"}
	fullAccess := Policy{Name: "FullAWSAccess", Statements: []Statement{{Actions: every, Resources: every}}}
	w.Identity = []Policy{
		{Name: "read-reports", Statements: []Statement{
			{Sid: "Read", Actions: []string{getObject, "s3:GetObjectVersion"}, Resources: []string{objects}},
		}},
		{Name: "write-logs", Statements: []Statement{
			{Sid: "Write", Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"}, Resources: every},
		}},
	}
	w.Boundary = &Policy{Name: "boundary", Statements: []Statement{
		{Sid: "Storage", Actions: []string{"s3:*"}, Resources: every},
		{Sid: "Logs", Actions: []string{"logs:*"}, Resources: every},
	}}
	w.Resource = []Policy{{Name: "bucket-policy", Statements: []Statement{
		{Sid: "Builder", Principal: User, Actions: []string{getObject}, Resources: []string{objects}},
	}}}
	w.SCPs = [][]Policy{
		{fullAccess, {Name: "stay", Statements: []Statement{
			{Sid: "Stay", Deny: true, Actions: []string{"organizations:LeaveOrganization"}, Resources: every},
		}}},
		{fullAccess, {Name: "regions", Statements: []Statement{{
			Sid: "Regions", Deny: true, NotActions: []string{"iam:*", "organizations:*", "sts:*"}, Resources: every,
			Conditions: []Condition{{"StringNotEquals", "aws:RequestedRegion", []string{"eu-central-1", "eu-west-1"}}},
		}}}},
		{fullAccess, {Name: "keep", Statements: []Statement{
			{Sid: "Keep", Deny: true, Actions: []string{"s3:DeleteBucket", "s3:DeleteBucketPolicy"}, Resources: every},
		}}},
	}
	request := func(r *rand.Rand, action, region string, want evaluator.Outcome) Request {
		return Request{
			Action:   action,
			Resource: fmt.Sprintf("arn:aws:s3:::shared-reports/%04d/%08x.csv", r.IntN(3000), r.Uint32()),
			Context:  []Key{{"aws:RequestedRegion", []string{region}}},
			Want:     want,
		}
	}
	w.Requests = requests(newRand(w.Name),
		func(r *rand.Rand) Request { return request(r, getObject, "eu-west-1", evaluator.Allowed) },
		func(r *rand.Rand) Request {
			if r.IntN(2) == 0 {
				return request(r, getObject, "us-west-2", evaluator.ExplicitDeny)
			}
			return request(r, "s3:PutObject", "eu-west-1", evaluator.ImplicitDeny)
		})
	return w
}
