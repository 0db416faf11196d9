package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/iamsim/iamsim/policy/managed/internal/history"
)

// changes prints what differs between two histories, a line each: + for what is
// new, - for what is gone, ~ for what is different.
func changes(w io.Writer, before, after *history.History) {
	if before.Date != after.Date {
		fmt.Fprintf(w, "~ date of the data: %s, was %s\n", after.Date, orNone(before.Date))
	}
	merge(before.Policies, after.Policies, func(p *history.Policy) string { return p.Name }, strings.Compare,
		func(old, new *history.Policy) {
			switch {
			case old == nil:
				fmt.Fprintf(w, "+ %s%s, %d versions, default v%d\n", new.Path, new.Name, len(new.Versions), newest(new))
			case new == nil:
				fmt.Fprintf(w, "- %s%s\n", old.Path, old.Name)
			default:
				policyChanges(w, old, new)
			}
		})
}

func policyChanges(w io.Writer, old, new *history.Policy) {
	different := func(what, was, is string) {
		if was != is {
			fmt.Fprintf(w, "~ %s: %s %s, was %s\n", new.Name, what, orNone(is), orNone(was))
		}
	}
	different("path", old.Path, new.Path)
	different("created", day(old.Created), day(new.Created))
	different("deprecated", day(old.Deprecated), day(new.Deprecated))
	different("replaced by", old.Replacement, new.Replacement)
	merge(old.Versions, new.Versions, func(v *history.Version) int { return v.Number }, func(a, b int) int { return a - b },
		func(was, is *history.Version) {
			switch {
			case was == nil:
				fmt.Fprintf(w, "+ %s v%d of %s\n", new.Name, is.Number, orNone(day(is.Date)))
			case is == nil:
				fmt.Fprintf(w, "- %s v%d\n", new.Name, was.Number)
			default:
				different(fmt.Sprintf("date of v%d", is.Number), day(was.Date), day(is.Date))
				if !slices.Equal(was.Lines, is.Lines) {
					fmt.Fprintf(w, "~ %s: document of v%d\n", new.Name, is.Number)
				}
			}
		})
}

// merge visits two ascending lists side by side; nil stands for what one of them
// lacks.
func merge[T, K any](a, b []T, key func(*T) K, compare func(K, K) int, visit func(a, b *T)) {
	for len(a) > 0 || len(b) > 0 {
		order := 0
		switch {
		case len(a) == 0:
			order = 1
		case len(b) == 0:
			order = -1
		default:
			order = compare(key(&a[0]), key(&b[0]))
		}
		var left, right *T
		if order <= 0 {
			left, a = &a[0], a[1:]
		}
		if order >= 0 {
			right, b = &b[0], b[1:]
		}
		visit(left, right)
	}
}

func newest(p *history.Policy) int { return p.Versions[len(p.Versions)-1].Number }

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
