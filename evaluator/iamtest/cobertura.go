package iamtest

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"path"
	"slices"
)

// The elements of a Cobertura report, as far as CI services read them. A policy
// is a class, its folder a package. A line on which several units begin has
// branches.
type (
	coberturaReport struct {
		XMLName xml.Name `xml:"coverage"`
		coberturaRates
		LinesCovered    int                `xml:"lines-covered,attr"`
		LinesValid      int                `xml:"lines-valid,attr"`
		BranchesCovered int                `xml:"branches-covered,attr"`
		BranchesValid   int                `xml:"branches-valid,attr"`
		Version         string             `xml:"version,attr"`
		Timestamp       int                `xml:"timestamp,attr"` // 0: the same tests make the same file
		Sources         []string           `xml:"sources>source"`
		Packages        []coberturaPackage `xml:"packages>package"`
	}
	coberturaRates struct {
		LineRate   string `xml:"line-rate,attr"`
		BranchRate string `xml:"branch-rate,attr"`
		Complexity int    `xml:"complexity,attr"`
	}
	coberturaPackage struct {
		Name string `xml:"name,attr"`
		coberturaRates
		Classes []coberturaClass `xml:"classes>class"`
	}
	coberturaClass struct {
		Name     string `xml:"name,attr"`
		Filename string `xml:"filename,attr"`
		coberturaRates
		Methods struct{}        `xml:"methods"`
		Lines   []coberturaLine `xml:"lines>line"`
	}
	coberturaLine struct {
		Number   int    `xml:"number,attr"`
		Hits     int    `xml:"hits,attr"`
		Branch   bool   `xml:"branch,attr"`
		Coverage string `xml:"condition-coverage,attr,omitempty"`

		branches tally
	}
)

// cobertura is the report of the policies that lie in files of the folder.
func (c *Coverage) cobertura(folder string) []byte {
	report := coberturaReport{Version: "1", Sources: []string{"."}}
	var lines, branches tally
	for _, p := range c.policies {
		if !p.File {
			continue
		}
		name := path.Join(folder, p.Name)
		class := coberturaClass{Name: path.Base(name), Filename: name, Lines: p.lines()}
		var ownLines, ownBranches tally
		for i := range class.Lines {
			class.Lines[i].tally(&ownLines, &ownBranches)
		}
		class.coberturaRates = rates(ownLines, ownBranches)
		lines.sum(ownLines)
		branches.sum(ownBranches)
		// Policies of one folder stand together: they are sorted by path.
		last := len(report.Packages) - 1
		if dir := path.Dir(name); last < 0 || report.Packages[last].Name != dir {
			report.Packages = append(report.Packages, coberturaPackage{Name: dir})
			last++
		}
		report.Packages[last].Classes = append(report.Packages[last].Classes, class)
	}
	for i := range report.Packages {
		var ownLines, ownBranches tally
		for _, class := range report.Packages[i].Classes {
			for j := range class.Lines {
				class.Lines[j].tally(&ownLines, &ownBranches)
			}
		}
		report.Packages[i].coberturaRates = rates(ownLines, ownBranches)
	}
	report.coberturaRates = rates(lines, branches)
	report.LinesCovered, report.LinesValid = lines.decided, lines.all
	report.BranchesCovered, report.BranchesValid = branches.decided, branches.all
	text, _ := xml.MarshalIndent(&report, "", "  ") // numbers and strings: no error
	return slices.Concat([]byte(xml.Header), text, []byte("\n"))
}

// lines are those on which something begins that counts.
func (p *coveredPolicy) lines() []coberturaLine {
	byNumber := make(map[int]*coberturaLine)
	for _, u := range p.units() {
		l := byNumber[u.line]
		if l == nil {
			l = &coberturaLine{Number: u.line}
			byNumber[u.line] = l
		}
		l.Hits = max(l.Hits, u.decided)
		l.branches.add(&u)
	}
	lines := make([]coberturaLine, 0, len(byNumber))
	for _, l := range byNumber {
		if l.branches.all > 1 {
			l.Branch = true
			l.Coverage = fmt.Sprintf("%d%% (%d/%d)", l.branches.percent(), l.branches.decided, l.branches.all)
		}
		lines = append(lines, *l)
	}
	slices.SortFunc(lines, func(a, b coberturaLine) int { return cmp.Compare(a.Number, b.Number) })
	return lines
}

func (l *coberturaLine) tally(lines, branches *tally) {
	lines.add(&unit{decided: l.Hits})
	if l.Branch {
		branches.sum(l.branches)
	}
}

func rates(lines, branches tally) coberturaRates {
	return coberturaRates{LineRate: lines.rate(), BranchRate: branches.rate()}
}

// rate is a fraction with four digits, rounded down.
func (t tally) rate() string {
	if t.all == 0 {
		return "1"
	}
	return fmt.Sprintf("%.4f", float64(10000*t.decided/t.all)/10000)
}
