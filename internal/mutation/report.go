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

// part is the part of the mutants that is killed, of those that can be; 1 if none of them can.
func (s score) part() float64 {
	if s.explained > 0 && s.explained == s.tried {
		return 1
	}
	return float64(s.killed) / float64(max(s.tried-s.explained, 1))
}

func (s score) row(name string) string {
	return fmt.Sprintf("| %-36s | %6d | %6d | %6d | %6d | %6d | %5.1f %% ", name, s.all, s.tried, s.killed, s.explained, s.survived, 100*s.part())
}

// report prints the score of each package, and what is stale in the explanations.
func report(o *options, all, tried []*mutant, results []result, reasons []explanation) error {
	scores := make(map[string]*score)
	for _, folder := range o.packages {
		s := o.earlier[folder]
		scores[folder] = &s
	}
	for _, m := range all {
		if s := scores[m.folder]; s != nil {
			s.all++
		}
	}
	survivors := make(map[string][]string)
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
			if reason >= 0 && !reasons[reason].whole() {
				stale[reason] = "a test notices it"
			}
		case reason >= 0:
			s.explained++
		default:
			s.survived++
			survivors[m.folder] = append(survivors[m.folder], fmt.Sprint(results[i], m))
		}
	}
	for _, i := range slices.Sorted(maps.Keys(stale)) {
		fmt.Printf("stale: %s: %s, %s: %s\n", stale[i], reasons[i].File, reasons[i].Function, reasons[i].After)
	}
	fmt.Print("\n", tableHead)
	var total score
	for _, folder := range o.packages {
		s := scores[folder]
		fmt.Print(s.row(folder), "|\n")
		total.all += s.all
		total.tried += s.tried
		total.killed += s.killed
		total.explained += s.explained
		total.survived += s.survived
	}
	fmt.Print(total.row("all"), "|\n")
	if o.table != "" {
		if err := writeTable(o.table, scores, survivors, reasons); err != nil {
			return err
		}
	}
	if total.part() < o.least {
		return fmt.Errorf("%.1f %% are killed, and %.1f %% must be", 100*total.part(), 100*o.least)
	}
	return nil
}

func (e *explanation) folder() string { return e.File[:max(strings.LastIndexByte(e.File, '/'), 0)] }

const tableHead = "| package | mutants | tried | killed | explained | survived | score | when, and of which commit |\n|---|--:|--:|--:|--:|--:|--:|---|\n"

const pageHead = `# Mutants

Each mutant is one small change of the source: another comparison, a condition turned round, a number that grows by one, a result that is
zero, a statement that is gone. Tests should notice it. *Explained* are survivors with a reason in [explained.json](explained.json), below;
they do not count in the score. The command writes this page: it takes a random sample of each package, and leaves the rows of packages
that it did not try as they were.

    go run ./internal/mutation -per 60 -table internal/mutation/README.md [PACKAGE...]

With -again it tries the survivors of this page, after cases or reasons were written for them; the others stay as they ended, and the row
has the later commit.

`

const survivorsHead, explainedHead = "\n## Survivors\n\n", "## Explained\n\n"

// writeTable writes the page of what was found. What it says of other packages
// stays.
func writeTable(name string, scores map[string]*score, survivors map[string][]string, reasons []explanation) error {
	commit, err := exec.Command("git", "describe", "--always", "--dirty").Output()
	if err != nil {
		return fmt.Errorf("git describe: %w", err)
	}
	rows, sections, err := readTable(name)
	if err != nil {
		return err
	}
	for folder, s := range scores {
		rows[folder] = s.row(folder) + fmt.Sprintf("| %s %s |\n", time.Now().UTC().Format(time.DateOnly), strings.TrimSpace(string(commit)))
		sections[folder] = ""
		if list := survivors[folder]; len(list) > 0 {
			sections[folder] = "```text\n" + strings.Join(list, "\n") + "\n```\n\n"
		}
	}
	var b strings.Builder
	b.WriteString(pageHead + tableHead)
	for _, folder := range slices.Sorted(maps.Keys(rows)) {
		b.WriteString(rows[folder])
	}
	b.WriteString(survivorsHead)
	for _, folder := range slices.Sorted(maps.Keys(sections)) {
		if sections[folder] != "" {
			b.WriteString("### " + folder + "\n\n" + sections[folder])
		}
	}
	b.WriteString(explainedHead + "| Where | Change | Why no test notices |\n|---|---|---|\n")
	for _, e := range reasons {
		fmt.Fprintf(&b, "| %s, %s | %s | %s |\n", e.File, e.Function, e.change(), e.Why)
	}
	return os.WriteFile(name, []byte(b.String()), 0o644)
}

// readRow is what a row says beside its survivors, of a package whose mutants are
// counted anew.
func readRow(row string) (score, error) {
	var s score
	cells := strings.Split(row, "|")
	if len(cells) < 7 {
		return s, fmt.Errorf("no row of a package: %q", row)
	}
	for i, n := range []*int{&s.tried, &s.killed, &s.explained, &s.survived} {
		if _, err := fmt.Sscan(cells[3+i], n); err != nil {
			return s, fmt.Errorf("%q: %w", row, err)
		}
	}
	s.tried, s.survived = s.tried-s.survived, 0
	return s, nil
}

// readTable reads the rows and the survivors of such a page, by package.
func readTable(name string) (rows, sections map[string]string, err error) {
	rows, sections = make(map[string]string), make(map[string]string)
	text, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return rows, sections, nil
	} else if err != nil {
		return nil, nil, err
	}
	table, rest, _ := strings.Cut(string(text), survivorsHead)
	_, table, _ = strings.Cut(table, tableHead)
	for row := range strings.Lines(table) {
		rows[strings.TrimSpace(strings.Split(row, "|")[1])] = row
	}
	rest, _, _ = strings.Cut(rest, explainedHead)
	for _, section := range strings.Split(rest, "### ")[1:] {
		folder, list, _ := strings.Cut(section, "\n\n")
		sections[folder] = list
	}
	return rows, sections, nil
}
