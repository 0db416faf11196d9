package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
)

// The places in a long statement are found in another way than those in a short
// one: white space at its end makes it long, and moves nothing.
func FuzzPositionsInLongStatements(f *testing.F) {
	for _, elements := range []string{
		`"Sid":"A"`, `"Action":["s3:Get*","s3:Put*"],"Resource":"*"`, "\"Sid\":\"é\",\n \"Resource\":[\n\"*\"]",
		`"Condition":{"StringEquals":{"aws:a":["b","c"],"aws:d":"e"},"Null":{"aws:f":true}}`,
		`"Principal":{"AWS":["*"],"Service":"s3.amazonaws.com"},"Action":"*"`, `"Condition":{}`, `"Action":[]`,
	} {
		f.Add(elements)
	}
	paths := [][]any{
		{}, {"Sid"}, {"Sid", 0}, {"Sid", 1}, {"Action"}, {"Action", 0}, {"Action", 1}, {"Action", 0, 0}, {"Resource", 0}, {"Resource", 2}, {"Principal", "AWS", 0},
		{"Principal", "Service", 0}, {0, "Action"}, {"Condition", "StringEquals", "aws:a", 1}, {"Condition", "StringEquals", "aws:d", 0}, {"Condition", "Null", "aws:f"}, {"None"},
	}
	f.Fuzz(func(t *testing.T, elements string) {
		document := func(end string) *policy.Document {
			d, err := policy.ParseString("", `{"Statement":[{"Effect":"Allow","NotAction":"a:b",`+elements+end+`}]}`)
			if err != nil && !strings.Contains(elements, "Action") {
				return nil
			}
			if err != nil {
				d, err = policy.ParseString("", `{"Statement":[{"Effect":"Allow","NotResource":"*",`+elements+end+`}]}`)
			}
			if err != nil {
				return nil
			}
			return d
		}
		short, long := document(""), document(strings.Repeat(" ", 5000))
		if short == nil || long == nil || len(elements) > 3000 {
			return
		}
		for _, path := range paths {
			path = append([]any{"Statement", 0}, path...)
			line, column := short.Position(path...)
			longLine, longColumn := long.Position(path...)
			require.Equal(t, [2]int{line, column}, [2]int{longLine, longColumn}, "%v", path)
		}
	})
}
