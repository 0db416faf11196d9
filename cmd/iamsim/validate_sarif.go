package main

import (
	"slices"

	"github.com/iamsim/iamsim/evaluator/validate"
)

// pageOfCodes explains each code.
const pageOfCodes = "https://github.com/iamsim/iamsim/blob/main/evaluator/validate/CODES.md"

// findingsSARIF is a run with a result for each finding.
func findingsSARIF(list []validate.Finding) *sarifLog {
	var rules []sarifRule
	for _, rule := range validate.Rules() {
		if slices.ContainsFunc(list, func(f validate.Finding) bool { return f.Code == rule.Code }) {
			rules = append(rules, sarifRuleOf(&rule))
		}
	}
	var results []sarifResult
	for i := range list {
		f := &list[i]
		r := sarifResult{RuleID: f.Code, Level: sarifLevel(f.Type), Message: sarifText{f.Told()}, Prints: map[string]string{"iamsim/v1": f.Fingerprint()}}
		if f.Request != nil {
			r.Message.Text += "; such as: " + f.Request.String()
		}
		var at sarifLocation
		at.file, at.Physical.Artifact.URI = f.Source, fileURI(f.Source)
		if f.From.Line > 0 {
			at.Physical.Region = &sarifRegion{StartLine: f.From.Line, StartColumn: f.From.Column, EndLine: f.To.Line, EndColumn: f.To.Column}
		}
		if f.Address != "" {
			at.Logical = []sarifLogical{{f.Address}}
		}
		r.Locations = []sarifLocation{at}
		results = append(results, r)
	}
	return newSARIF("validate", rules, results)
}

func sarifRuleOf(r *validate.Rule) sarifRule {
	out := sarifRule{ID: r.Code, Short: sarifText{r.Means}, Help: &sarifText{r.Means + " Decided by " + string(r.By) + "; see " + pageOfCodes}, URI: pageOfCodes}
	// What code scanning ranks by: above 7 is high.
	severity := map[validate.Type]string{validate.Error: "5.0", validate.SecurityWarning: "8.0"}[r.Type]
	if severity != "" {
		out.Properties = &sarifRuleProperties{Severity: severity, Tags: []string{"security"}}
	}
	return out
}

func sarifLevel(t validate.Type) string {
	switch t {
	case validate.Error, validate.SecurityWarning:
		return "error"
	case validate.Warning:
		return "warning"
	}
	return "note"
}
