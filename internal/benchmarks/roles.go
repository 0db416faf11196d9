package main

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/policy"
)

// roles measures what a role of a snapshot costs: bytes that stay in use for what
// was read of it, and for its policies once they are compiled.
func roles(b *bench, r *report) error {
	var text strings.Builder
	text.WriteString("Bytes that stay in use for each role of a snapshot with five statements, once read and once its policies are compiled.\n\n" +
		"| The roles' policies | read | compiled |\n|---|---:|---:|\n")
	many := 2000
	if b.short {
		many = 50
	}
	for _, c := range []struct {
		name string
		of   func(account string) string
	}{
		{"are one", func(string) string { return "*" }},
		{"are alike but for the account", func(account string) string { return account }},
	} {
		var (
			snapshot *account.Snapshot
			err      error
		)
		read := retained(func() any { snapshot, err = rolesOf(many, c.of); return snapshot })
		if err != nil {
			return err
		}
		compiled := retained(func() any {
			var callers []evaluator.Caller
			for p := range snapshot.Principals() {
				caller, fault := p.Caller()
				if fault != nil {
					err = fault
				}
				callers = append(callers, caller)
			}
			return callers
		})
		runtime.KeepAlive(snapshot)
		if err != nil {
			return err
		}
		fmt.Fprintf(&text, "| %s | %d B | %d B |\n", c.name, read/int64(many), compiled/int64(many))
	}
	r.section("A role", text.String())
	return nil
}

// rolesOf are roles, each in an account of its own, with a policy of five statements
// on functions of an account.
func rolesOf(many int, of func(account string) string) (*account.Snapshot, error) {
	b := account.New()
	for i := range many {
		id := fmt.Sprint(111122220000 + i)
		var statements []string
		for team := range 5 {
			statements = append(statements, fmt.Sprintf(`{"Effect":"Allow","Action":["lambda:GetFunction","lambda:InvokeFunction"],`+
				`"Resource":"arn:aws:lambda:us-east-1:%s:function:app-%d-*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"t%d"}}}`, of(id), team, team))
		}
		d, err := b.Document("functions", `{"Version":"2012-10-17","Statement":[`+strings.Join(statements, ",")+`]}`)
		if err != nil {
			return nil, err
		}
		b.AddIdentity(account.Identity{ARN: "arn:aws:iam::" + id + ":role/app", Inline: policy.Attach(d), Known: account.OfRole})
	}
	return b.Build()
}
