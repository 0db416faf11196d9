package validate_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/internal/golden"
)

// CODES.md is made of the rules and the cases; IAMSIM_UPDATE=1 writes it.
func TestThePageHasEveryCode(t *testing.T) {
	examples := map[string]testCase{}
	for _, c := range cases(t) {
		examples[c.Code] = c
	}
	accounts := map[string]accountCase{}
	for _, c := range accountCases(t) {
		accounts[c.Code] = c
	}
	rules := validate.Rules()
	aws := 0
	for _, r := range rules {
		if r.AWS {
			aws++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Codes of findings\n\n`go test ./evaluator/validate` makes this page of the rules and of `testdata/cases.json`.\n\n"+
		"%d codes, of which IAM Access Analyzer has %d. Each is decided by the **text** of the document; by the **catalogue**, what AWS services define; "+
		"by the **law** of IAM as data, such as identity providers and the keys that callers have; by **proof**, for all requests there can be; or of the **account**, all that was read of accounts, a template or a plan.\n", len(rules), aws)
	var of validate.Type
	for _, r := range rules {
		if r.Type != of {
			of = r.Type
			fmt.Fprintf(&b, "\n## %s\n", of)
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n", r.Code, r.Means)
		who := "Access Analyzer does not have it."
		if r.AWS {
			who = "Access Analyzer has it."
		}
		if r.Not != "" {
			fmt.Fprintf(&b, "%s It is not found here: %s.\n", who, r.Not)
			continue
		}
		fmt.Fprintf(&b, "%s Decided by %s.\n", who, r.By)
		if c, ok := examples[r.Code]; ok {
			fmt.Fprintf(&b, "\nFound in a policy of kind %s:\n\n```json\n%s\n```\n", c.Kind, text(c.Found))
		}
		if c, ok := accounts[r.Code]; ok {
			for _, name := range slices.Sorted(maps.Keys(c.Found)) {
				fmt.Fprintf(&b, "\nFound in `%s`:\n\n```json\n%s\n```\n", name, c.Found[name])
			}
		}
	}
	golden.Compare(t, "CODES.md", b.String())
}
