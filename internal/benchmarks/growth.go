package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/iamsim/iamsim/internal/workload"
)

// A panel is one of the plots of growth: a line an engine.
type panel struct {
	title, unit string
	lines       []line
}

type line struct {
	engine string
	points []point
}

type point struct{ x, y float64 }

// dimensions are what grows, each with the sizes at which it is measured.
var dimensions = []struct {
	title, unit string
	sizes       []int
	make        func(int) *workload.Workload
}{
	{"statements", "statements", []int{10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000}, workload.Many},
	{"conditions of a statement", "conditions", []int{1, 2, 4, 8, 16, 32, 64}, workload.Conditions},
	{"keys of the context", "keys", []int{1, 2, 5, 10, 20, 50, 100, 200}, workload.ContextKeys},
	{"values of a key", "values", []int{1, 3, 10, 30, 100, 300, 1000}, workload.Members},
	{"length of the ARN", "bytes", []int{20, 50, 100, 200, 500, 1000, 2048}, workload.ARNLength},
}

// growth measures the time of a decision as one dimension of the work grows.
func growth(b *bench, r *report) error {
	quick := bench{rounds: b.rounds, slot: b.slot / 5, short: b.short}
	text := "Time of a decision as the work grows, both axes logarithmic.\n\n![Time of a decision as the work grows](internal/benchmarks/growth.svg)\n"
	for _, d := range dimensions {
		t := table{columns: []string{iamsimStrings, iamsimPrepared, cedar, minio}}
		sizes := d.sizes
		if b.short {
			sizes = slices.DeleteFunc(slices.Clone(sizes), func(size int) bool { return size > largest })
		}
		for _, size := range sizes {
			w := d.make(size)
			row := t.row(fmt.Sprint(size))
			for _, e := range engines {
				if e.isPeer() && w.Statements() > largest {
					continue // it tries every statement, as the smaller sizes show
				}
				task, err := quick.taskOf(e, w)
				if errors.Is(err, errLeftOut) {
					continue
				}
				if err != nil {
					return fmt.Errorf("%s: %w", e.name, err)
				}
				row.tasks[e.name] = task
			}
		}
		quick.measure(t.tasks())
		r.panels = append(r.panels, panelOf(d.title, d.unit, sizes, &t))
		text += "\n" + t.markdown(d.title, func(t *task) string { return duration(t.median()) })
	}
	r.section("Growth", text)
	return nil
}

func panelOf(title, unit string, sizes []int, t *table) panel {
	p := panel{title: title, unit: unit}
	for _, column := range t.columns {
		l := line{engine: column}
		for i, size := range sizes {
			if task := t.rows[i].tasks[column]; task != nil {
				l.points = append(l.points, point{float64(size), task.median()})
			}
		}
		if l.points != nil {
			p.lines = append(p.lines, l)
		}
	}
	return p
}
