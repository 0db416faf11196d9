package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMutants(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"a comparison takes its end in, or leaves it out": {"return a < b", []string{"< → <=", "a < b → !(a < b)"}},
		"and becomes or":                           {"x = p && q", []string{"x = p && q → nothing", "&& → ||"}},
		"a condition turns round":                  {"if p { f() }", []string{"p → !(p)", "f() → nothing"}},
		"a number grows by one":                    {"x := 41", []string{"41 → 42"}},
		"true becomes false, and false true":       {"x := []bool{true, false}", []string{"true → false", "false → true"}},
		"a statement goes, but not a declaration":  {"x := f(); x++; g()", []string{"x++ → nothing", "g() → nothing"}},
		"a text stays":                             {`x := "a" + 'b'`, []string{"+ → -"}},
		"a case that joins conditions turns round": {"switch { case p || q: }", []string{"p || q → !(p || q)", "|| → &&"}},
		"what a loop leaves out is not left out":   {"for { continue }", []string{"continue → nothing"}},
	} {
		t.Run(name, func(t *testing.T) {
			source := "package p\n\nfunc _() {\n\t" + c.body + "\n}\n"
			mutants, err := mutantsIn("p", "p/p.go", source)
			require.NoError(t, err)
			var got []string
			for _, m := range mutants {
				changed, err := m.apply(source)
				require.NoError(t, err)
				assert.NotEqual(t, source, changed)
				_, change, _ := strings.Cut(m.String(), ": ")
				got = append(got, change)
			}
			assert.ElementsMatch(t, c.want, got)
		})
	}
}

func TestAMutantKnowsItsSource(t *testing.T) {
	mutants, err := mutantsIn("p", "p/p.go", "package p\n\nfunc _() { x++ }\n")
	require.NoError(t, err)
	_, err = mutants[0].apply("package p\n\nfunc _() { y-- }\n")
	assert.ErrorContains(t, err, "has changed since it was read")
}
