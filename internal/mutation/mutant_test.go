package main

import (
	"go/importer"
	"go/token"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMutants(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"a comparison takes its end in, or leaves it out, or turns round": {"return a < b", []string{"return a <= b", "return !(a < b)"}},
		"equal turns round once":                        {"return a == b", []string{"return a != b"}},
		"and becomes or":                                {"p = p && q", []string{"nothing", "p = p || q"}},
		"a condition turns round":                       {"if p { f() }", []string{"if !(p) { f() }", "if p { }"}},
		"a number grows by one":                         {"x := 41; _ = x", []string{"x := 41+1; _ = x"}},
		"a number with a sign is one number":            {"x := -1; _ = x", []string{"x := -1+1; _ = x"}},
		"true becomes false, and false true":            {"var _, _ = true, false", []string{"var _, _ = false, false", "var _, _ = true, true"}},
		"a statement goes, but not a declaration":       {"x := f(); x++; f()", []string{"x := f(); ; f()", "x := f(); x++;"}},
		"what a loop does after a round stays":          {"for ; p; a++ { f() }", []string{"for ; p; a++ { }"}},
		"a text stays":                                  {`_ = s + "a"`, nil},
		"a constant stays":                              {"const n = 4", nil},
		"a case that joins conditions turns round":      {"switch { case p || q: }", []string{"switch { case !(p || q): }", "switch { case p && q: }"}},
		"what a loop leaves out is not left out":        {"for p { continue }", []string{"for p { }"}},
		"a capacity is a matter of speed":               {"_ = make([]int, a, 10)", nil},
		"what is spent of a budget is a matter of time": {"var x interface{ spend(int) bool }\nif x.spend(1) { f() }", []string{"if !(x.spend(1)) { f() }", "if x.spend(1) { }"}},
		"a result is zero":                              {"func() string { return s }()", []string{"nothing", "func() string { return zero }()"}},
	} {
		t.Run(name, func(t *testing.T) {
			source := "package p\n\nfunc f() int { return 0 }\n\nfunc _(a, b int, p, q bool, s string) (_ bool) {\n\t" + c.body + "\n\treturn\n}\n"
			ck := &checker{positions: token.NewFileSet(), importer: importer.Default()}
			trees, info, faults, err := ck.check("p", []string{"p.go"}, map[string]string{"p.go": source})
			require.NoError(t, err)
			require.Empty(t, faults)
			f := &finder{source: source, positions: ck.positions, info: info}
			f.file(trees[0])
			var got []string
			for _, m := range f.found {
				if m.line > 5 {
					got = append(got, m.after)
				}
			}
			assert.ElementsMatch(t, c.want, got)
		})
	}
}

func TestAnExplanationIsThereOnceWithAReason(t *testing.T) {
	reasons, err := explained()
	require.NoError(t, err)
	seen := make(map[explanation]bool)
	for _, e := range reasons {
		e.Why = ""
		assert.False(t, seen[e], "%s, %s: %s is there twice", e.File, e.Function, e.After)
		seen[e] = true
	}
}
