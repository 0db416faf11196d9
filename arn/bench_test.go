package arn_test

import (
	"testing"

	"github.com/iamsim/iamsim/arn"
)

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = arn.Parse("arn:aws:lambda:us-east-1:111122223333:function:my-function")
	}
}
