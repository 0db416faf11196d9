package main

import (
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/review"
)

// The parts of SARIF 2.1.0 that a code review shows.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver sarifDriver `json:"driver"`
		} `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string    `json:"id"`
		Short sarifText `json:"shortDescription"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
		Related   []sarifLocation `json:"relatedLocations,omitempty"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical struct {
			Artifact struct {
				URI string `json:"uri"`
			} `json:"artifactLocation"`
			Region *sarifRegion `json:"region,omitempty"`
		} `json:"physicalLocation"`
		Message *sarifText `json:"message,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
	}
)

// sarif is the proof with a result for each claim that is not proved and each
// statement that does nothing.
func (p *proof) sarif() *sarifLog {
	s := sarifWriter{rules: map[string]string{}}
	for _, c := range p.Claims {
		s.claim(p, &c)
	}
	for i := range p.Statements {
		s.statement(&p.Statements[i])
	}
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: append([]sarifResult{}, s.results...)}
	run.Tool.Driver = sarifDriver{Name: "iamsim", Rules: []sarifRule{}}
	for i, id := range slices.Sorted(maps.Keys(s.rules)) {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{id, sarifText{s.rules[id]}})
		for k := range run.Results {
			if run.Results[k].RuleID == id {
				run.Results[k].RuleIndex = i
			}
		}
	}
	return &sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}}
}

type sarifWriter struct {
	rules   map[string]string // what they ask, by id
	results []sarifResult
}

func (s *sarifWriter) claim(p *proof, c *claim) {
	s.rules[p.Question] = p.about
	r := sarifResult{RuleID: p.Question, Level: "error"}
	switch c.Outcome {
	case prove.Proved:
		return
	case prove.Refuted:
		r.Message.Text = fmt.Sprintf("%s: %s", c.contrary, c.verdict.Request)
	default:
		r.Level = "warning"
		r.Message.Text = fmt.Sprintf("it is unknown whether %s: %s", c.Text, c.Verdict.Reason)
	}
	at := c.Verdict.AllowedBy
	if at == nil {
		file, _, _ := strings.Cut(c.file, ",")
		at = &statementJSON{Policy: file}
	}
	r.Locations = []sarifLocation{at.location("")}
	if near := c.Verdict.Nearest; near != nil {
		r.Related = []sarifLocation{near.location("the nearest statement of the other side")}
	}
	s.results = append(s.results, r)
}

func (s *sarifWriter) statement(f *finding) {
	r := sarifResult{RuleID: f.Finding.String(), Level: "warning", Message: sarifText{f.Effect.String() + " " + f.text()}}
	switch f.Finding {
	case review.Needed:
		return
	case review.Guard:
		r.Level = "note"
	}
	s.rules[r.RuleID] = map[review.Finding]string{
		review.Undecided: "whether the statement does anything is not known", review.Guard: "the statement matters beside other policies only",
		review.Dead: "the statement applies to no request", review.Unreachable: "all that the statement allows is denied",
		review.Shadowed: "another statement applies wherever it does", review.Redundant: "others do what the statement does",
	}[f.Finding]
	r.Locations = []sarifLocation{f.location("")}
	if f.By != nil {
		r.Related = []sarifLocation{f.By.location("this statement")}
	}
	s.results = append(s.results, r)
}

// location is where the statement begins.
func (s *statementJSON) location(message string) sarifLocation {
	var l sarifLocation
	l.Physical.Artifact.URI = fileURI(s.Policy)
	if s.Line > 0 {
		l.Physical.Region = &sarifRegion{s.Line, s.Column}
	}
	if message != "" {
		l.Message = &sarifText{message}
	}
	return l
}

// fileURI is a path as a URI, relative if the path is.
func fileURI(path string) string {
	u := url.URL{Path: filepath.ToSlash(path)}
	if filepath.IsAbs(path) {
		u.Scheme = "file"
		u.Path = "/" + strings.TrimPrefix(u.Path, "/")
	}
	return u.String()
}
