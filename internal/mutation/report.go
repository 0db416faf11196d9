package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

func isFailure(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit)
}

func (m *mutant) String() string {
	return fmt.Sprintf("%s:%d %s\n\t%s\n\t%s", m.file, m.line, m.function, m.before, m.after)
}

// A score is how the mutants of a package ended.
type score struct{ all, tried, killed, explained, survived int }

// part is the part of the mutants that is killed, of those that can be.
func (s score) part() float64 {
	return float64(s.killed) / float64(max(s.tried-s.explained, 1))
}

func (s score) row(name string) string {
	return fmt.Sprintf("| %-36s | %6d | %6d | %6d | %6d | %6d | %5.1f %% |\n", name, s.all, s.tried, s.killed, s.explained, s.survived, 100*s.part())
}

// report prints the score of each package, and what is stale in the explanations.
func report(o *options, all, tried []*mutant, results []result, reasons []explanation) error {
	scores := make(map[string]*score)
	for _, folder := range o.packages {
		scores[folder] = new(score)
	}
	for _, m := range all {
		scores[m.folder].all++
	}
	var survivors []string
	stale := make(map[int]string)
	for i, e := range reasons {
		if scores[e.folder()] != nil && !slices.ContainsFunc(all, e.of) {
			stale[i] = "no such mutant"
		}
	}
	for i, m := range tried {
		if results[i] == cut {
			continue
		}
		s := scores[m.folder]
		s.tried++
		reason := slices.IndexFunc(reasons, func(e explanation) bool { return e.of(m) })
		switch {
		case results[i] == killed:
			s.killed++
			if reason >= 0 {
				stale[reason] = "a test notices it"
			}
		case reason >= 0:
			s.explained++
		default:
			s.survived++
			survivors = append(survivors, fmt.Sprint(results[i], m))
		}
	}
	for _, i := range slices.Sorted(maps.Keys(stale)) {
		fmt.Printf("stale: %s: %s, %s: %s\n", stale[i], reasons[i].File, reasons[i].Function, reasons[i].After)
	}
	var table strings.Builder
	fmt.Fprintf(&table, "| %-36s | %6s | %6s | %6s | %6s | %6s | %7s |\n", "package", "all", "tried", "killed", "expl.", "surv.", "score")
	table.WriteString("|---|--:|--:|--:|--:|--:|--:|\n")
	var total score
	for _, folder := range o.packages {
		s := scores[folder]
		table.WriteString(s.row(folder))
		total.all += s.all
		total.tried += s.tried
		total.killed += s.killed
		total.explained += s.explained
		total.survived += s.survived
	}
	table.WriteString(total.row("all"))
	fmt.Print("\n", table.String())
	if o.table != "" {
		if err := writeTable(o, table.String(), survivors, reasons); err != nil {
			return err
		}
	}
	if total.part() < o.least {
		return fmt.Errorf("%.1f %% are killed, and %.1f %% must be", 100*total.part(), 100*o.least)
	}
	return nil
}

func (e *explanation) folder() string { return e.File[:max(strings.LastIndexByte(e.File, '/'), 0)] }

// writeTable writes the document of what was found.
func writeTable(o *options, table string, survivors []string, reasons []explanation) error {
	commit, err := exec.Command("git", "describe", "--always", "--dirty").Output()
	if err != nil {
		return fmt.Errorf("git describe: %w", err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `# Mutants

Each mutant is one small change of the source: another comparison, a condition turned round, a number that grows by one, a result that is
zero, a statement that is gone. Tests should notice it. `+"`go run ./internal/mutation -n %d -seed %d -table FILE`"+` wrote this page, on
%s at %s. *Explained* are survivors with a reason in [explained.json](explained.json); they do not count in the score.

%s
## Survivors

`, o.n, o.seed, time.Now().UTC().Format(time.DateOnly), strings.TrimSpace(string(commit)), table)
	if len(survivors) == 0 {
		b.WriteString("None without a reason.\n")
	} else {
		b.WriteString("```text\n" + strings.Join(survivors, "\n") + "\n```\n")
	}
	b.WriteString("\n## Explained\n\n| Where | Change | Why no test notices |\n|---|---|---|\n")
	for _, e := range reasons {
		escape := strings.NewReplacer("|", "\\|").Replace
		fmt.Fprintf(&b, "| %s, %s | `%s` → `%s` | %s |\n", e.File, e.Function, escape(e.Before), escape(e.After), escape(e.Why))
	}
	return os.WriteFile(o.table, []byte(b.String()), 0o644)
}
