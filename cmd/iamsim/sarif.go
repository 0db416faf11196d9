package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
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
		Automation  *sarifAutomation  `json:"automationDetails,omitempty"`
		Invocations []sarifInvocation `json:"invocations,omitempty"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
		Rests       *basisJSON        `json:"properties,omitempty"`
	}
	// sarifAutomation tells runs of one commit apart: those of one category replace
	// each other.
	sarifAutomation struct {
		ID string `json:"id"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		URI     string      `json:"informationUri"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID         string               `json:"id"`
		Short      sarifText            `json:"shortDescription"`
		Help       *sarifText           `json:"help,omitempty"`
		URI        string               `json:"helpUri,omitempty"`
		Properties *sarifRuleProperties `json:"properties,omitempty"`
	}
	sarifRuleProperties struct {
		Severity string   `json:"security-severity"`
		Tags     []string `json:"tags"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
		Related   []sarifLocation `json:"relatedLocations,omitempty"`

		// Prints are the same for the same result of an edited file.
		Prints map[string]string `json:"partialFingerprints"`
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
		Logical []sarifLogical `json:"logicalLocations,omitempty"`
		Message *sarifText     `json:"message,omitempty"`

		file string // that the URI is of
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
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
	return s.log("prove", &p.basisJSON)
}

// changeSARIF has a result for each access that a change gains, or takes.
func changeSARIF(change *review.Change, rests *basisJSON) *sarifLog {
	s := sarifWriter{rules: map[string]string{}}
	for _, way := range []direction{gained, lost} {
		s.access(way, change, "")
	}
	return s.log("diff", rests)
}

// changesSARIF has what all changes of files give before what they take, each at the
// newer side of its file, which is the one that there is.
func changesSARIF(list []change) *sarifLog {
	s := sarifWriter{rules: map[string]string{}}
	for _, way := range []direction{gained, lost} {
		for i := range list {
			if it := &list[i]; it.Change != nil {
				s.access(way, it.Change, it.file)
			}
		}
	}
	for i := range list {
		if it := &list[i]; it.unknown != nil {
			s.rules["not-compared"] = "whether a change gives access is not known"
			s.add(sarifResult{RuleID: "not-compared", Level: "error", Message: sarifText{it.unknown.Error()}}, &evaluator.StatementRef{Policy: it.file}, it.name())
		}
	}
	return s.log("diff", nil)
}

// log is a run with the results.
func (s *sarifWriter) log(verb string, rests *basisJSON) *sarifLog {
	var rules []sarifRule
	for _, id := range slices.Sorted(maps.Keys(s.rules)) {
		rules = append(rules, sarifRule{ID: id, Short: sarifText{s.rules[id]}})
	}
	log := newSARIF(verb, rules, s.results)
	log.Runs[0].Rests = rests
	return log
}

// newSARIF is a log of one run of a verb. No message of its results is a link.
func newSARIF(verb string, rules []sarifRule, results []sarifResult) *sarifLog {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: append([]sarifResult{}, results...)}
	run.Tool.Driver = sarifDriver{"iamsim", newBuilt().Version, "https://github.com/iamsim/iamsim", append([]sarifRule{}, rules...)}
	if verb != "" {
		run.Automation = &sarifAutomation{"iamsim/" + verb + "/"}
	}
	for i := range run.Results {
		r := &run.Results[i]
		r.RuleIndex = slices.IndexFunc(rules, func(rule sarifRule) bool { return rule.ID == r.RuleID })
		r.Message = plainMessage(r.Message.Text)
	}
	return &sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}}
}

// failedSARIF is a run that ended with an error before it had results.
func failedSARIF(err error) *sarifLog {
	var s sarifWriter
	log := s.log("", nil)
	log.Runs[0].Invocations = []sarifInvocation{{Notifications: []sarifNotification{{"error", plainMessage(err.Error())}}}}
	return log
}

// plainMessage is a message of which no part is a link, [text](address).
func plainMessage(text string) sarifText { return sarifText{strings.ReplaceAll(text, "](", "] (")} }

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
		at = &evaluator.StatementRef{Policy: file}
	}
	if near := c.Verdict.Nearest; near != nil {
		r.Related = []sarifLocation{locationOf(near, "the nearest statement of the other side")}
	}
	s.add(r, at, c.Text)
}

// access adds what one side allows and the other does not, each at its statement, or
// at the nearest of the other side. Where a file is given, only its statements are
// there to be shown. That something stays undecided is a result of its own.
func (s *sarifWriter) access(way direction, change *review.Change, file string) {
	whole, list := way.of(change)
	place := &evaluator.StatementRef{Policy: file}
	isThere := func(at *evaluator.StatementRef) bool { return at != nil && (file == "" || at.Policy == file) }
	undecided := func(about, reason string) {
		id := way.word + "-undecided"
		s.rules[id] = "whether access is " + way.word + " is not known"
		s.add(sarifResult{RuleID: id, Level: "warning", Message: sarifText{about + ": " + reason}}, place, about)
	}
	if whole.Outcome == prove.Unknown {
		undecided("it is unknown whether more is "+way.word, whole.Reason)
	}
	for i := range list {
		a := &list[i]
		text := fmt.Sprintf("%s: %s on %s", way.word, actionWords(a, false), a.Resource)
		if a.Verdict.Outcome == prove.Unknown {
			undecided("perhaps "+text, a.Verdict.Reason)
			continue
		}
		id, rule := way.word+"-"+way.partRule, "actions that both sides allow, for requests that one of them denies"
		if a.New {
			id, rule = way.word+"-action", "actions that the other side allows on no resource"
		}
		s.rules[id] = rule
		r := sarifResult{RuleID: id, Level: way.level, Message: sarifText{text + ", as in " + a.Verdict.Request.String()}}
		if a.Idle {
			r.Level, r.Message.Text = "note", r.Message.Text+", which AWS never authorizes on such a resource"
		}
		by, near := named(a.Verdict.AllowedBy), named(a.Verdict.Nearest)
		if isThere(near) {
			r.Related = []sarifLocation{locationOf(near, "the nearest statement of the other side")}
		}
		at := place
		switch {
		case isThere(by):
			at = by
		case isThere(near):
			at = near
		}
		s.add(r, at, strings.Join(a.Actions, ",")+" "+a.Resource)
	}
}

// add places a result at a statement. Its fingerprint is made of the rule, the
// policy, the Sid and what it is about, and not of lines, which move.
func (s *sarifWriter) add(r sarifResult, at *evaluator.StatementRef, about string) {
	r.Locations = []sarifLocation{}
	if at.Policy != "" {
		r.Locations = append(r.Locations, locationOf(at, ""))
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{r.RuleID, at.Policy, at.Sid, about}, "\x00")))
	r.Prints = map[string]string{"iamsim/v1": hex.EncodeToString(sum[:16])}
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
	if f.By != nil {
		r.Related = []sarifLocation{locationOf(f.By, "this statement")}
	}
	about := f.Sid
	if about == "" {
		about = strconv.Itoa(f.Index)
	}
	s.add(r, &f.StatementRef, about)
}

// locationOf is where a statement begins.
func locationOf(s *evaluator.StatementRef, message string) sarifLocation {
	var l sarifLocation
	l.file, l.Physical.Artifact.URI = s.Policy, fileURI(s.Policy)
	if s.Line > 0 {
		l.Physical.Region = &sarifRegion{StartLine: s.Line, StartColumn: s.Column}
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
