package cloudformation_test

import (
	"strings"
	"testing"

	"github.com/iamsim/iamsim/evaluator/account"
)

// listing is all that a snapshot has, and what was wrong.
func listing(s *account.Snapshot, err error) string {
	var b strings.Builder
	if err != nil {
		b.WriteString(err.Error())
	}
	if s == nil {
		return b.String()
	}
	for i := range s.Identities() {
		b.WriteString(i.ARN + " " + i.Known.String() + "\n")
		for _, a := range i.Inline {
			text, err := a.Document.MarshalJSON()
			b.Write(text)
			if err != nil {
				b.WriteString(err.Error())
			}
		}
	}
	for f := range s.Functions() {
		b.WriteString(f.ARN + "\n")
	}
	for r := range s.Resources() {
		b.WriteString(r.ARN + "\n")
	}
	for _, g := range s.Gaps() {
		b.WriteString(g.Error() + "\n")
	}
	return b.String() + strings.Join(s.Notes(), "\n")
}

// FuzzTemplate reads any text as a template: without a panic, and twice alike.
func FuzzTemplate(f *testing.F) {
	f.Add(strings.Replace(head, "EXPRESSION", `!If [Perhaps, !Select [1, !Split [":", !Ref Open]], !Ref AWS::NoValue]`, 1))
	f.Add(`{"Resources": {"A": {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": {"Fn::Sub": ["${a}", {"a": {"Ref": "A"}}]}}}}}`)
	f.Add("Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: Api, Properties: {Path: /, Method: get}}}}}\n")
	f.Add("Resources: &a {A: *a}")
	f.Add(role(`[!If [IsProd, {Effect: Allow, Action: !Ref Stage, Resource: !Sub "arn:aws:s3:::b-${Stage}"}, !Ref AWS::NoValue]]`))
	f.Add("Resources:\n  C: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: F}, Destination: [{Id: T}], Permissions: [Read]}}\n")
	f.Add("Resources:\n  Fn::ForEach::X: [N, [a, b], {\"A${N}\": {Type: AWS::SQS::Queue}}]\n")
	f.Add("{\"Resources\": [\n,]}")
	f.Fuzz(func(t *testing.T, text string) {
		first := listing(build(shop, text))
		if again := listing(build(shop, text)); again != first {
			t.Errorf("read twice, it is not the same:\n%s\n\n%s", first, again)
		}
	})
}
