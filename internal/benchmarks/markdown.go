package main

import (
	"fmt"
	"strings"
)

const notComparable = `Each engine decides the same requests and was first shown to give the same answers, on every request of a workload;
a peer on more than 10,000 statements, and any peer in a short run, on every 61st. No engine keeps a result between requests. What to know beside the figures:

- **cedar-go** decides another language. Its policies say the same in the form that it decides fastest: no test of the principal, the
  ARN in the context, addresses and sets of the request read beforehand. Its answer names the policies that decided and the errors
  met, which iamsim leaves to Explain. Folders as parents of objects, in place of patterns on ARNs, were tried and were slower.
- **MinIO** knows S3 alone and decides one merged policy: no boundaries, no service control policies, no other accounts. Its
  requests are split into bucket and object beforehand. Its parser compares every pair of statements, so it is left out above 1,000.
- **iamsim, from strings** gets structs of strings, and reads the ARN and the context at each call. The principal was made by
  ParsePrincipal before. **Prepared** requests had action and context read before; and targets the resource.
- **iam-simulate** runs in Node, explains every decision, and reads its policies anew at each call: that is its interface.
`

// markdown is the whole report.
func (r *report) markdown() string {
	var b strings.Builder
	b.WriteString("# Benchmarks\n\n")
	fmt.Fprintf(&b, "%s.\n\nMeasured with %s.\n\n", machine(), strings.Join(versions(), ", "))
	b.WriteString("Written by, from internal/benchmarks:\n\n```\n" + r.command + "\n```\n\n" + r.measured + "\n\n")
	b.WriteString(notComparable)
	if r.verdicts != nil {
		b.WriteString("\n## Goals\n\nRatios are medians of the ratios within each round, so that a machine that slows down slows all alike.\n\n")
		b.WriteString("| What | Goal | Measured | |\n|---|---:|---:|---|\n")
		for _, v := range r.verdicts {
			word := "reached"
			if !v.reached {
				word = "**not reached**"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", v.work, v.goal, v.measured, word)
		}
	}
	for _, s := range r.sections {
		fmt.Fprintf(&b, "\n## %s\n\n%s", s.title, s.text)
		if !strings.HasSuffix(s.text, "\n") {
			b.WriteString("\n")
		}
	}
	return b.String()
}
