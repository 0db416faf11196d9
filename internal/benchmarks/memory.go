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

// memory measures what a statement costs: bytes that stay in use once its
// policy was read, and the time of reading it.
func memory(b *bench, r *report) error {
	space := table{columns: []string{"iamsim", cedar, minio}}
	span := table{columns: space.columns}
	makers := []func() *workload.Workload{workload.Conditional, many(1000), many(10_000), many(100_000)}
	if b.short {
		makers = makers[:2]
	}
	statements := make(map[string]float64)
	for _, maker := range makers {
		w := maker()
		statements[w.Name] = float64(w.Statements())
		texts, err := textsOf(w)
		if err != nil {
			return err
		}
		row, timed := space.row(w.Name), span.row(w.Name)
		for _, c := range []struct {
			name  string
			limit int
			build func() (any, error)
		}{
			{"iamsim", 1 << 30, texts.iamsim},
			{cedar, largest, texts.cedar},
			{minio, minioLimit, texts.minio},
		} {
			if w.Statements() > c.limit {
				space.leaveOut(row, c.name, "left out at this size")
				span.leaveOut(timed, c.name, "left out at this size")
				continue
			}
			size := retained(func() any {
				built, fault := c.build()
				err = fault
				return built
			})
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			row.texts[c.name] = fmt.Sprintf("%.0f B", float64(size)/statements[w.Name])
			timed.tasks[c.name] = repeated(func() error { _, err := c.build(); return err })
		}
	}
	b.measure(span.tasks())
	for _, row := range span.rows {
		for column, task := range row.tasks {
			row.texts[column] = duration(task.median() / statements[row.name])
			delete(row.tasks, column)
		}
	}
	r.section("A statement", "Bytes that stay in use for each statement of the workload, once read. iamsim's include the policy's text and "+
		"document, which explanations refer to.\n\n"+space.markdown("Work", nil)+
		"\nTime of parsing and compiling for each statement.\n\n"+span.markdown("Work", nil))
	return nil
}

// policyTexts are the identity policies of a workload as text, which is not
// counted as memory of the engines.
type policyTexts struct {
	names   []string
	json    [][]byte
	inCedar [][]byte
}

func textsOf(w *workload.Workload) (*policyTexts, error) {
	var t policyTexts
	for i := range w.Identity {
		text, err := cedarText(&w.Identity[i])
		if err != nil {
			return nil, err
		}
		t.names = append(t.names, w.Identity[i].Name)
		t.json = append(t.json, w.Identity[i].JSON())
		t.inCedar = append(t.inCedar, text)
	}
	return &t, nil
}

func (t *policyTexts) iamsim() (any, error) {
	docs := make([]policy.Attached, len(t.json))
	for i, text := range t.json {
		doc, err := policy.Parse(t.names[i], text)
		if err != nil {
			return nil, err
		}
		docs[i].Document = doc
	}
	return evaluator.Compile(policy.Identity, docs...)
}

func (t *policyTexts) cedar() (any, error) {
	all := cedargo.NewPolicySet()
	for i, text := range t.inCedar {
		part, err := cedargo.NewPolicySetFromBytes(t.names[i], text)
		if err != nil {
			return nil, err
		}
		for id, p := range part.All() {
			all.Add(cedargo.PolicyID(t.names[i])+"/"+id, p)
		}
	}
	return all, nil
}

func (t *policyTexts) minio() (any, error) {
	var all []miniopolicy.Policy
	for _, text := range t.json {
		p, err := miniopolicy.ParseConfig(bytes.NewReader(text))
		if err != nil {
			return nil, err
		}
		all = append(all, *p)
	}
	return miniopolicy.MergePolicies(all...), nil
}
