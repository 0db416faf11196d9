package main

import (
	"fmt"
	"strings"
)

// A table has a task, or a reason why there is none, for each row and column.
type table struct {
	columns []string
	rows    []*row
	missing []string // reasons, as footnotes
}

type row struct {
	name  string
	tasks map[string]*task  // by column
	texts map[string]string // by column, where there is no task
	notes map[string]int    // by column: 1 + index into table.missing
}

func (t *table) row(name string) *row {
	r := &row{name: name, tasks: map[string]*task{}, notes: map[string]int{}, texts: map[string]string{}}
	t.rows = append(t.rows, r)
	return r
}

// leaveOut says why a column has nothing in a row.
func (t *table) leaveOut(r *row, column, reason string) {
	for i, known := range t.missing {
		if known == reason {
			r.notes[column] = i + 1
			return
		}
	}
	t.missing = append(t.missing, reason)
	r.notes[column] = len(t.missing)
}

func (t *table) tasks() []*task {
	var list []*task
	for _, r := range t.rows {
		for _, c := range t.columns {
			if task := r.tasks[c]; task != nil {
				list = append(list, task)
			}
		}
	}
	return list
}

// find is the row of a name; nil if there is none.
func (t *table) find(name string) *row {
	for _, r := range t.rows {
		if r.name == name {
			return r
		}
	}
	return nil
}

// markdown writes each cell by format.
func (t *table) markdown(corner string, format func(*task) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |", corner)
	for _, c := range t.columns {
		fmt.Fprintf(&b, " %s |", c)
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(t.columns)) + "\n")
	for _, r := range t.rows {
		fmt.Fprintf(&b, "| %s |", r.name)
		for _, c := range t.columns {
			fmt.Fprintf(&b, " %s |", r.cell(c, format))
		}
		b.WriteString("\n")
	}
	for i, reason := range t.missing {
		fmt.Fprintf(&b, "\n<sup>%d</sup> %s.\n", i+1, reason)
	}
	return b.String()
}

func (r *row) cell(column string, format func(*task) string) string {
	switch {
	case r.tasks[column] != nil:
		return format(r.tasks[column])
	case r.texts[column] != "":
		return r.texts[column]
	case r.notes[column] != 0:
		return fmt.Sprintf("– <sup>%d</sup>", r.notes[column])
	}
	return "–"
}

// duration writes nanoseconds with three digits that count.
func duration(ns float64) string {
	switch {
	case ns < 1e3:
		return digits(ns) + " ns"
	case ns < 1e6:
		return digits(ns/1e3) + " µs"
	case ns < 1e9:
		return digits(ns/1e6) + " ms"
	}
	return digits(ns/1e9) + " s"
}

func digits(x float64) string {
	switch {
	case x < 10:
		return fmt.Sprintf("%.2f", x)
	case x < 100:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

func times(x float64) string { return digits(x) + "×" }
