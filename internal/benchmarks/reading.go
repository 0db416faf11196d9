package main

import (
	"bytes"
	"fmt"

	cedargo "github.com/cedar-policy/cedar-go"
	miniopolicy "github.com/minio/pkg/v3/policy"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/workload"
	"github.com/iamsim/iamsim/policy"
)

const (
	parseOnly       = "iamsim, parse"
	parseAndCompile = "iamsim, parse + compile"
	cedarParse      = "cedar-go (Cedar text)"
	minioParse      = "MinIO (JSON)"
)

// reading times policies from text to what can be asked.
func reading(b *bench, r *report) error {
	t := table{columns: []string{parseOnly, parseAndCompile, cedarParse, minioParse}}
	for _, statements := range []int{19, 3150} {
		p := workload.Document(statements)
		text := p.JSON()
		name := fmt.Sprintf("%d statements, %.1f KB of JSON", statements, float64(len(text))/1e3)
		row := t.row(name)
		inCedar, err := cedarText(&p)
		if err != nil {
			return err
		}
		columns := []struct {
			name string
			read func() error
		}{
			{parseOnly, func() error { _, err := policy.Parse(p.Name, text); return err }},
			{parseAndCompile, func() error { _, err := readPolicy(&p, text); return err }},
			{cedarParse, func() error { _, err := cedargo.NewPolicySetFromBytes(p.Name, inCedar); return err }},
			{minioParse, func() error { _, err := miniopolicy.ParseConfig(bytes.NewReader(text)); return err }},
		}
		for _, c := range columns {
			if c.name == minioParse && statements > minioLimit {
				t.leaveOut(row, c.name, "MinIO: left out above 1000 statements, since its parser compares every pair")
				continue
			}
			if err := c.read(); err != nil {
				return fmt.Errorf("%s: %s: %w", c.name, name, err)
			}
			row.tasks[c.name] = repeated(c.read)
		}
	}
	b.measure(t.tasks())
	r.section("Parsing and compiling", "From the text of a policy to what decides, and allocations in parentheses.\n\n"+
		t.markdown("Policy", func(t *task) string { return fmt.Sprintf("%s (%.0f)", duration(t.median()), t.allocs) }))
	small := t.rows[0].tasks
	ns := small[parseAndCompile].median()
	r.is("parse + compile of 6 KB", "≤ 60 µs", duration(ns), ns <= 60_000)
	r.atLeast("parse + compile of 6 KB: faster than cedar-go", 4.5, small[cedarParse].slower(small[parseAndCompile]))
	r.atLeast("parse + compile of 6 KB: faster than MinIO", 14, small[minioParse].slower(small[parseAndCompile]))
	return nil
}

func readPolicy(p *workload.Policy, text []byte) (*evaluator.Set, error) {
	doc, err := policy.Parse(p.Name, text)
	if err != nil {
		return nil, err
	}
	return evaluator.Compile(policy.Identity, policy.Attached{Document: doc})
}

// repeated does once what was seen to work as often as asked.
func repeated(work func() error) *task {
	return &task{run: func(n int) {
		for range n {
			if err := work(); err != nil {
				panic(err) // it did not fail the first time
			}
		}
	}}
}
