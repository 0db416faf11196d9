package workload

import (
	"fmt"
	"math/rand/v2"

	"github.com/iamsim/iamsim/evaluator"
)

const (
	departmentTag = "s3:ExistingObjectTag/department"
	userAgent     = "aws:UserAgent"
	sourceIP      = "aws:SourceIp"
)

var (
	departments = [...]string{
		"accounting", "advertising", "analytics", "compliance", "delivery", "design", "engineering", "facilities",
		"finance", "legal", "logistics", "operations", "procurement", "research", "sales", "support",
	}
	agents = [...]string{"aws-cli/2.", "Boto3/1.", "aws-sdk-go-v2/1.", "HashiCorp Terraform/1."}
)

// Conditional is workload c: ten policies of twenty statements. All have the
// same actions and the same resource, so that only their conditions tell them
// apart: one statement in eight lists the object's department, one in four of
// those the caller's agent, and one alone, among the last twenty, its network.
func Conditional() *Workload {
	const policies, each = 10, 20
	w := &Workload{
		Name: "c", About: "10 policies × 20 statements with StringEquals, StringLike and IpAddress conditions, match near the end",
		Principal: User,
	}
	r := newRand(w.Name)
	for p := range policies {
		doc := Policy{Name: fmt.Sprintf("team-%d", p)}
		for s := range each {
			first := r.IntN(len(departments))
			second := (first + 1 + r.IntN(len(departments)-1)) % len(departments)
			doc.Statements = append(doc.Statements, Statement{
				Sid:       fmt.Sprintf("Team%dRule%d", p, s),
				Actions:   []string{getObject, "s3:GetObjectVersion"},
				Resources: []string{"arn:aws:s3:::records/*"},
				Conditions: []Condition{
					{"StringEquals", departmentTag, []string{departments[first], departments[second]}},
					{"StringLike", userAgent, []string{agents[r.IntN(len(agents))] + "*"}},
					{"IpAddress", sourceIP, []string{fmt.Sprintf("10.%d.0.0/16", p*each+s)}},
				},
			})
		}
		w.Identity = append(w.Identity, doc)
	}
	last := w.Identity[policies-1].Statements
	request := func(network int, s *Statement, want evaluator.Outcome) Request {
		agent := s.Conditions[1].Values[0]
		return Request{
			Action:   getObject,
			Resource: fmt.Sprintf("arn:aws:s3:::records/%04d/%08x.json", r.IntN(3000), r.Uint32()),
			Context: []Key{
				{"aws:SecureTransport", []string{"true"}},
				{sourceIP, []string{fmt.Sprintf("10.%d.%d.%d", network, r.IntN(256), r.IntN(256))}},
				{userAgent, []string{fmt.Sprintf("%s%d.%d", agent[:len(agent)-1], r.IntN(40), r.IntN(100))}},
				{departmentTag, []string{s.Conditions[0].Values[r.IntN(2)]}},
			},
			Want: want,
		}
	}
	w.Requests = requests(r,
		func(r *rand.Rand) Request {
			s := r.IntN(each)
			return request((policies-1)*each+s, &last[s], evaluator.Allowed)
		},
		func(r *rand.Rand) Request {
			return request(policies*each+r.IntN(50), &last[r.IntN(each)], evaluator.ImplicitDeny)
		})
	return w
}
