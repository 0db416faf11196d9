package workload

import "fmt"

// Document is a policy for reading: statements of mixed length with lists,
// conditions and Sids. Nineteen are 6 KB.
func Document(statements int) Policy {
	p := Policy{Name: fmt.Sprintf("%d-statements", statements)}
	r := newRand(p.Name)
	for i := range statements {
		bucket := fmt.Sprintf("arn:aws:s3:::%s-%03x", departments[r.IntN(len(departments))], r.IntN(4096))
		s := Statement{Sid: fmt.Sprintf("Rule%dForOutsidePartner", i), Actions: []string{getObject}, Resources: []string{bucket + "/*"}}
		switch i % 5 {
		case 0:
			s.Actions = []string{getObject, "s3:PutObject", "s3:DeleteObject"}
		case 1:
			s.Actions, s.Resources = []string{"s3:ListBucket"}, []string{bucket}
			s.Conditions = []Condition{{"StringLike", "s3:prefix", []string{"incoming/*", "home/*"}}}
		case 2:
			s.Conditions = []Condition{{"IpAddress", sourceIP, []string{fmt.Sprintf("10.%d.0.0/16", r.IntN(256)), "192.0.2.0/24"}}}
		case 3:
			s.Deny = true
			s.Conditions = []Condition{{"StringNotEquals", departmentTag, []string{departments[r.IntN(len(departments))]}}}
		case 4:
			s.Resources = append(s.Resources, bucket+"-logs/*")
			s.Conditions = []Condition{{"StringEquals", departmentTag, []string{"finance", "legal"}}, {"StringLike", userAgent, []string{"aws-cli/2.*"}}}
		}
		p.Statements = append(p.Statements, s)
	}
	return p
}
