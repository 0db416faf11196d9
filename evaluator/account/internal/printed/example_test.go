package printed_test

import (
	"fmt"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/internal/printed"
	"github.com/iamsim/iamsim/policy"
)

func ExampleSnapshot() {
	b := account.New()
	b.Partial = true
	document := policy.MustParse("read", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}`)
	b.AddIdentity(account.Identity{ARN: "arn:aws:iam::111122223333:user/alice", Inline: []policy.Attached{{Name: "read", Document: document}}, Known: account.OfUser})
	s, err := b.Build()
	fmt.Print(printed.Snapshot(s), err)
	// Output:
	// account.Identity arn:aws:iam::111122223333:user/alice
	//   Inline: read {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}
	//   Known: inline policies, managed policies, groups, permissions boundary, tags
	// gap: service control policies, resource control policies of 111122223333: not known; taken to be in no organization: give the answers of AWS Organizations if it is in one
	// <nil>
}
