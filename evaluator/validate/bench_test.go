package validate_test

import (
	"testing"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/internal/workload"
	"github.com/iamsim/iamsim/policy"
)

// BenchmarkValidate reads and validates a document of 2 KB.
func BenchmarkValidate(b *testing.B) {
	document := workload.Document(6)
	text := string(document.JSON())
	if len(text) < 1800 || len(text) > 2300 {
		b.Fatalf("the document has %d bytes", len(text))
	}
	var v validate.Validator
	d := policy.MustParse("policy.json", text)
	v.Validate(d, policy.Identity)
	b.Run("parsed", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			v.Validate(d, policy.Identity)
		}
	})
	b.Run("with parsing", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			d, err := policy.ParseString("policy.json", text)
			if err != nil {
				b.Fatal(err)
			}
			v.Validate(d, policy.Identity)
		}
	})
}
