package iamtest

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/replace"
	"github.com/iamsim/iamsim/internal/spelling"
)

// A Matrix is a table of access: who can do what. It is checked as it stands in
// Go, with [Matrix.Check], or as a file that people review, with
// [Matrix.CheckFile].
type Matrix struct {
	// Who has the principals by the names of their columns.
	Who map[string]Who
	// Rows are what is asked for.
	Rows []Row
	// What has the resources that are loaded with their policies or tags. Rows
	// name them by ARN, and of each a row must ask something; a resource that is
	// not among them has none. A function is also that of its versions and
	// aliases, as in a [Call].
	What []What
}

// A Row is one action on one resource, and who of the matrix is allowed it.
// Everybody else must be denied.
type Row struct {
	Action   string
	Resource string
	Allowed  []string
}

// Check asserts that in each row exactly those are allowed whom it names.
func (m Matrix) Check(t TestingT, msgAndArgs ...any) bool {
	helper(t)()
	names := slices.Sorted(maps.Keys(m.Who))
	var checks []check
	var faults []string
	var asked []string
	for i, row := range m.Rows {
		asked = append(asked, row.Resource)
		for _, name := range row.Allowed {
			if _, ok := m.Who[name]; !ok {
				faults = append(faults, fmt.Sprintf("%s is allowed to %q, who is not in the matrix%s", row.Action, name, spelling.Suggestion(name, names)))
			}
		}
		for _, name := range names {
			c := denied
			if slices.Contains(row.Allowed, name) {
				c = allowed
			}
			checks = append(checks, check{claim: c, of: m.request(name, row.Action, row.Resource), at: fmt.Sprintf("row %d", i+1)})
		}
	}
	if len(checks) == 0 {
		faults = append(faults, "the matrix is empty: it would hold whatever the policies say")
	}
	faults = append(faults, whats(m.What).faults("the matrix", asked)...)
	return settle(t, "the matrix", checks, faults, msgAndArgs)
}

// CheckFile asserts that the access is what the table in a file says, as
// Markdown (.md), CSV (.csv) or JSON (.json). The first two columns are action
// and resource, each other one a principal of the matrix with cells
//
//	allow          the request is allowed
//	deny           it is denied
//	explicitDeny   a Deny statement denies it
//
// and in JSON each row is {"action": …, "resource": …, "access": {name: cell}}.
// The rows are those of the file if Rows is nil, else the file must have these;
// Allowed is not used.
//
// With IAMSIM_UPDATE=1 in the environment the file is written instead, with what
// is decided, so that a change of access shows as a change of the file. Of a
// Markdown file only the table changes; it has one matrix.
func (m Matrix) CheckFile(t TestingT, path string, msgAndArgs ...any) bool {
	helper(t)()
	format, err := formatOf(path)
	if err != nil {
		return settle(t, path, nil, []string{err.Error()}, msgAndArgs)
	}
	updating := os.Getenv("IAMSIM_UPDATE") == "1"
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && updating {
		text, err = nil, nil
	}
	var was table
	if err == nil && text != nil {
		was, err = format.read(path, text)
	}
	if err != nil {
		return settle(t, path, nil, strings.Split(err.Error(), "\n"), msgAndArgs)
	}
	if updating {
		return m.update(t, path, format, text, was, msgAndArgs)
	}
	checks, faults := m.checks(path, was)
	return settle(t, path, checks, faults, msgAndArgs)
}

// checks are the cells of a table. Rows and columns that the matrix or the file
// lacks are faults.
func (m *Matrix) checks(path string, was table) (checks []check, faults []string) {
	update := "; IAMSIM_UPDATE=1 go test writes it"
	names := slices.Sorted(maps.Keys(m.Who))
	for _, name := range was.who {
		if _, ok := m.Who[name]; !ok {
			faults = append(faults, fmt.Sprintf("%s has a column %q, who is not in the matrix%s", path, name, spelling.Suggestion(name, names)))
		}
	}
	for _, name := range names {
		if !slices.Contains(was.who, name) {
			faults = append(faults, fmt.Sprintf("%s has no column %q%s", path, name, update))
		}
	}
	own := make(map[question]bool, len(m.Rows))
	for _, row := range m.Rows {
		asked := question{row.Action, row.Resource}
		own[asked] = true
		if _, ok := was.at[asked]; !ok {
			faults = append(faults, fmt.Sprintf("%s has no row for %s on %s%s", path, row.Action, row.Resource, update))
		}
	}
	var asked []string
	for i := range was.rows {
		row := &was.rows[i]
		asked = append(asked, row.resource)
		at := fmt.Sprintf("%s:%d", path, row.line)
		if m.Rows != nil && !own[row.question] {
			faults = append(faults, fmt.Sprintf("%s: the matrix has no row for %s on %s", at, row.action, row.resource))
			continue
		}
		for j, name := range was.who {
			if _, ok := m.Who[name]; !ok {
				continue
			}
			c, ok := claims[row.cells[j]]
			if !ok {
				faults = append(faults, fmt.Sprintf("%s: %s is %q%s", at, name, row.cells[j], spelling.Suggestion(row.cells[j], cells)))
				continue
			}
			checks = append(checks, check{claim: c, of: m.request(name, row.action, row.resource), at: at})
		}
	}
	if len(was.rows) == 0 {
		faults = append(faults, path+" has no rows: it would hold whatever the policies say")
	}
	return checks, append(faults, whats(m.What).faults(path, asked)...)
}

// The cells of a table.
const (
	cellAllow        = "allow"
	cellDeny         = "deny"
	cellExplicitDeny = "explicitDeny"
)

var (
	cells  = []string{cellAllow, cellDeny, cellExplicitDeny}
	claims = map[string]claim{cellAllow: allowed, cellDeny: denied, cellExplicitDeny: explicitlyDenied}
)

// update writes the table with what is decided. A request without a definite
// outcome keeps its cell and fails the test.
func (m *Matrix) update(t TestingT, path string, format format, text []byte, was table, msgAndArgs []any) bool {
	helper(t)()
	now := table{}
	for _, name := range was.who {
		if _, ok := m.Who[name]; ok {
			now.who = append(now.who, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Who)) {
		if !slices.Contains(now.who, name) {
			now.who = append(now.who, name)
		}
	}
	rows := m.Rows
	if rows == nil {
		for _, row := range was.rows {
			rows = append(rows, Row{Action: row.action, Resource: row.resource})
		}
	}
	var unsettled []check
	var asked []string
	for _, row := range rows {
		asked = append(asked, row.Resource)
		cells := make([]string, len(now.who))
		of := question{row.Action, row.Resource}
		old, there := was.at[of]
		for i, name := range now.who {
			r := m.request(name, row.Action, row.Resource)
			before := ""
			if j := slices.Index(was.who, name); there && j >= 0 {
				before = was.rows[old].cells[j]
			}
			a := ask(r)
			switch {
			case !a.definite():
				unsettled = append(unsettled, check{claim: denied, of: r, at: path})
				cells[i] = before
			case a.decision.Allowed():
				cells[i] = cellAllow
			case before == cellExplicitDeny && a.decision.Outcome() == evaluator.ExplicitDeny:
				cells[i] = before
			default:
				cells[i] = cellDeny
			}
		}
		now.rows = append(now.rows, tableRow{question: of, cells: cells})
	}
	faults := whats(m.What).faults(path, asked)
	if err := replace.File(path, format.write(text, now)); err != nil {
		faults = append(faults, err.Error())
	}
	return settle(t, path, unsettled, faults, msgAndArgs)
}

func (m *Matrix) request(name, action, resource string) *request {
	what := whats(m.What).what(resource)
	who := m.Who[name]
	who.name = name
	return &request{who: who, action: action, target: what.target, texts: what.texts, asIs: what.engines}
}
