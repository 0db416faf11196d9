package main

import (
	"fmt"
	"os"
)

// managedText stands around the table of AWS managed policies, which a test of
// evaluator/review writes.
const managedText = `All AWS managed policies: **redundant** reviews the statements of each, **diff** compares each version with the one before. One
process, with the usual budget; undecided are policies or pairs with anything left unknown.

%s
Measured by:

` + "```" + `
go test ./evaluator/review -run ManagedTable -v -args -managed.all -managed.table "$PWD/internal/benchmarks/managed.md"
` + "```" + `
`

// addManaged adds the section about proofs on AWS managed policies.
func addManaged(file string, r *report) error {
	table, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	r.section("Proofs on AWS managed policies", fmt.Sprintf(managedText, table))
	return nil
}
