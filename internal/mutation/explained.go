package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

// An explanation says why no test can notice a mutant, or need not; without
// Before and After, why that is so of every mutant of the function that survives:
// of a hash, say.
type explanation struct {
	File     string `json:"file"`
	Function string `json:"function"`
	Before   string `json:"before"` // the line
	After    string `json:"after"`
	Why      string `json:"why"`
}

//go:embed explained.json
var explainedText []byte

// explained reads the survivors that somebody looked at.
func explained() ([]explanation, error) {
	var all []explanation
	if err := json.Unmarshal(explainedText, &all); err != nil {
		return nil, fmt.Errorf("explained.json: %w", err)
	}
	for _, e := range all {
		if strings.TrimSpace(e.Why) == "" {
			return nil, fmt.Errorf("explained.json: %s, %s: %q has no reason", e.File, e.Function, e.After)
		}
	}
	return all, nil
}

// of reports whether an explanation is about a mutant, wherever in the function
// the line stands.
func (e *explanation) of(m *mutant) bool {
	return e.File == m.file && e.Function == m.function && (e.whole() || e.Before == m.before && e.After == m.after)
}

// whole reports whether it is about a whole function.
func (e *explanation) whole() bool { return e.Before == "" && e.After == "" }

// change is what it explains, in Markdown.
func (e *explanation) change() string {
	if e.whole() {
		return "whatever survives"
	}
	escape := strings.NewReplacer("|", "\\|").Replace
	return "`" + escape(e.Before) + "` → `" + escape(e.After) + "`"
}
