package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iamsim/iamsim/policy"
)

// benchDocument is an identity policy of n statements of about 320 bytes, with
// lists, conditions and variables, as people write them.
func benchDocument(n int) []byte {
	var b strings.Builder
	b.WriteString(`{"Version":"2012-10-17","Statement":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"Sid":"Statement%d","Effect":"Allow","Action":["lambda:GetFunction","lambda:ListFunctions","lambda:Invoke*","logs:CreateLogStream"],`+
			`"Resource":["arn:aws:lambda:us-east-1:111122223333:function:app-%d-*","arn:aws:logs:*:*:log-group:/aws/lambda/app-%d"],`, i, i, i)
		fmt.Fprintf(&b, `"Condition":{"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}}`)
	}
	b.WriteString(`]}`)
	return []byte(b.String())
}

func benchParse(b *testing.B, src []byte) {
	b.ReportAllocs()
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		doc, err := policy.Parse("bench.json", src)
		if err != nil {
			b.Fatal(err)
		}
		if err := doc.Check(policy.Identity); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse6KB(b *testing.B) { benchParse(b, benchDocument(19)) }

func BenchmarkParse1MB(b *testing.B) { benchParse(b, benchDocument(3000)) }

func BenchmarkMarshal6KB(b *testing.B) {
	doc, err := policy.Parse("", benchDocument(19))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := doc.MarshalJSON(); err != nil {
			b.Fatal(err)
		}
	}
}
