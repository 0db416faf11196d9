package iamtest_test

import (
	"testing"

	"github.com/iamsim/iamsim/evaluator/iamtest"
)

// A thousand assertions as a test suite has them: each test loads its
// principal, and asks a few things of it. The first also decodes the catalogue.
func BenchmarkThousandAssertions(b *testing.B) {
	ask := map[string]func(t iamtest.TestingT, who iamtest.Who){
		"can":    func(t iamtest.TestingT, who iamtest.Who) { iamtest.Can(t, who, "lambda:GetFunction", orders) },
		"cannot": func(t iamtest.TestingT, who iamtest.Who) { iamtest.Cannot(t, who, "lambda:DeleteFunction", orders) },
		"pass":   func(t iamtest.TestingT, who iamtest.Who) { iamtest.CanPassRole(t, who, execRole, lambda) },
		"other": func(t iamtest.TestingT, who iamtest.Who) {
			iamtest.Cannot(t, who, "s3:GetObject", "arn:aws:s3:::bucket/key")
		},
	}
	for b.Loop() {
		for range 100 {
			who := deploy(b)
			for range 2 {
				ask["can"](b, who)
				ask["cannot"](b, who)
				ask["pass"](b, who)
				ask["other"](b, who)
			}
			iamtest.Cannot(b, who, "lambda:InvokeFunction", payments)
			iamtest.ExplicitlyDenied(b, who, "lambda:DeleteAlias", orders)
		}
	}
}

// The same for the widest of policies and with coverage.
func BenchmarkAssertions(b *testing.B) {
	admin := iamtest.Role(b, deployARN, "arn:aws:iam::aws:policy/ReadOnlyAccess")
	var coverage iamtest.Coverage
	for name, assert := range map[string]func(){
		"one":               func() { iamtest.Can(b, admin, "lambda:GetFunction", orders) },
		"one with coverage": func() { iamtest.Can(b, admin.CountIn(&coverage), "lambda:GetFunction", orders) },
		"a pattern":         func() { iamtest.Cannot(b, deploy(b), "lambda:Delete*", orders) },
		"everything":        func() { iamtest.CannotAny(b, deploy(b), "s3:*", "*") },
		"a failure":         func() { iamtest.Cannot(new(recorder), admin, "lambda:GetFunction", orders) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				assert()
			}
		})
	}
}
