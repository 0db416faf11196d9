package bounds_test

import (
	"context"
	"encoding/json"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/summary"
	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// entriesOfDocuments are those that take a whole policy, and no request. Of what
// proves, it is what no deadline ends.
func entriesOfDocuments() []entry {
	inputs := []struct {
		name string
		kind policy.Kind
		make func(n int) string
	}{
		{"actions", policy.Identity, func(n int) string { return statement(`"Action":[` + members(n, `"s3:*#"`) + `]`) }},
		{"actions that are none", policy.Identity, func(n int) string { return statement(`"Action":[` + members(n, `"s3:Gett#"`) + `]`) }},
		{"services", policy.Identity, func(n int) string { return statement(`"Action":[` + members(n, `"s#:*"`) + `]`) }},
		{"services on resources", policy.Identity, func(n int) string {
			return statement(`"Action":[` + members(n/2, `"s#:*"`) + `],"Resource":[` + members(n/2, `"arn:aws:s3:::b#/*"`) + `]`)
		}},
		{"resources", policy.Identity, func(n int) string { return statement(`"Resource":[` + members(n, `"arn:aws:s3:::*#/*"`) + `]`) }},
		{"condition keys", policy.Identity, func(n int) string { return condition("StringLike", members(n, `"s3:prefx#":"a*"`)) }},
		{"variables", policy.Identity, func(n int) string {
			return statement(`"Resource":"arn:aws:s3:::b/` + list(n, "${aws:PrincipalTag/t#}*") + `"`)
		}},
		{"statements of other actions", policy.Identity, func(n int) string {
			return document(n, `{"Effect":"Allow","Action":"s3:Get#*","Resource":"arn:aws:s3:::b#/*"}`)
		}},
		{"statements of other resources", policy.Identity, func(n int) string {
			return document(n, `{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b#/*"}`)
		}},
		{"statements of other conditions", policy.Identity, func(n int) string {
			return document(n, `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/k#":"*#*"}}}`)
		}},
		{"statements that deny", policy.Identity, func(n int) string {
			return document(n, `{"Effect":"Deny","Action":"s3:Get#*","Resource":"arn:aws:s3:::b#/*"}`)
		}},
		{"statements of all but", policy.Identity, func(n int) string {
			return document(n, `{"Effect":"Allow","NotAction":"s3:Get#*","NotResource":"arn:aws:s3:::b#/*"}`)
		}},
		{"principals", policy.Resource, func(n int) string {
			return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":{"AWS":[` + members(n, `"arn:aws:iam::111122223333:role/r#"`) + `]}}}`
		}},
		{"statements of services", policy.Resource, func(n int) string {
			return document(n, `{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":{"Service":"x#.amazonaws.com"}}`)
		}},
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	var (
		v      validate.Validator
		prover = prove.Prover{Catalog: catalog.Default()}
		all    = policy.MustParse("", statement(`"Sid":"A"`))
		list   []entry
	)
	for _, entries := range []struct {
		call string
		ask  func(*policy.Document, policy.Kind) error
	}{
		{"Document.MarshalJSON", func(d *policy.Document, _ policy.Kind) error {
			_, err := json.Marshal(d)
			return err
		}},
		{"Validator.Validate", func(d *policy.Document, kind policy.Kind) error {
			validate.Sort(v.Validate(d, kind))
			return nil
		}},
		{"Validator.Prove", func(d *policy.Document, kind policy.Kind) error {
			_, err := v.Prove(ended, d, kind)
			return err
		}},
		{"summary.Of", func(d *policy.Document, kind policy.Kind) error {
			s, err := summary.Of(ended, &prover, kind, d)
			if err == nil {
				s.Text()
			}
			return err
		}},
		{"summary.Compare", func(d *policy.Document, kind policy.Kind) error {
			before := []*policy.Document{all}
			if kind == policy.Resource {
				before = nil
			}
			c, err := summary.Compare(ended, &prover, kind, before, []*policy.Document{d})
			if err == nil {
				c.Text()
			}
			return err
		}},
	} {
		for _, in := range inputs {
			list = append(list, entry{entries.call, in.name, 20_000, func(n int) func() {
				d := policy.MustParse("", in.make(n))
				return func() {
					if err := entries.ask(d, in.kind); err != nil {
						panic(err)
					}
				}
			}})
		}
	}
	return list
}
