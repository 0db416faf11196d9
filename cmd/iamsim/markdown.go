package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/review"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// A direction is one of the two ways in which access changes.
type direction struct {
	word, whole, part string // whole: actions that the other side allows nowhere
	partRule, level   string // of SARIF
	of                func(*review.Change) (*prove.Verdict, []review.Access)
}

var (
	gained = direction{"gained", "New actions", "Wider than before", "wider", "error", func(c *review.Change) (*prove.Verdict, []review.Access) { return c.Gain, c.Gained }}
	lost   = direction{"lost", "No longer allowed at all", "Narrower than before", "narrower", "note", func(c *review.Change) (*prove.Verdict, []review.Access) { return c.Loss, c.Lost }}
)

// changeMarkdown is a change for those who review it: what is gained before what
// is lost, actions that are new before those that are wider.
func changeMarkdown(change *review.Change, rests *basisJSON, all bool) string {
	var b strings.Builder
	for _, way := range []direction{gained, lost} {
		fmt.Fprintf(&b, "## Access %s\n\n", way.word)
		way.markdown(&b, "###", change, all)
	}
	markdownCut(&b, change)
	rests.markdown(&b)
	return b.String()
}

func markdownCut(b *strings.Builder, change *review.Change) {
	if change.Cut != nil {
		fmt.Fprintf(b, "The list ends early: %s.\n\n", markdownCode(change.Cut.Error()))
	}
}

// markdown writes what a change gives, or takes, under headings of a level.
func (way *direction) markdown(b *strings.Builder, level string, change *review.Change, all bool) {
	whole, list := way.of(change)
	switch {
	case whole.Outcome == prove.Proved:
		b.WriteString("None: proved for all requests.\n\n")
	case whole.Outcome == prove.Unknown && len(list) == 0:
		fmt.Fprintf(b, "Unknown: %s.\n\n", markdownCode(whole.Reason))
	case whole.Outcome == prove.Unknown:
		fmt.Fprintf(b, "It is unknown whether this is all: %s.\n\n", markdownCode(whole.Reason))
	}
	for _, part := range []struct {
		title   string
		belongs func(*review.Access) bool
	}{
		{way.whole, func(a *review.Access) bool { return a.New && !a.Idle && a.Verdict.Outcome == prove.Refuted }},
		{way.part, func(a *review.Access) bool { return !a.New && !a.Idle && a.Verdict.Outcome == prove.Refuted }},
		{"Perhaps " + way.word, func(a *review.Access) bool { return a.Verdict.Outcome == prove.Unknown }},
		{"Without effect: AWS never authorizes these actions there", func(a *review.Access) bool { return a.Idle && a.Verdict.Outcome == prove.Refuted }},
	} {
		title := level + " " + part.title + "\n\n"
		for i := range list {
			if a := &list[i]; part.belongs(a) {
				b.WriteString(title)
				title = ""
				markdownEntry(b, a, all)
			}
		}
		if title == "" {
			b.WriteString("\n")
		}
	}
}

// markdownEntry is an item of a list: the resource, the actions by what they do,
// and a request that shows it.
func markdownEntry(b *strings.Builder, a *review.Access, all bool) {
	fmt.Fprintf(b, "- on %s\n", markdownCode(a.Resource))
	for _, level := range byLevel(a.Actions) {
		fmt.Fprintf(b, "  - %s: %s\n", level.name, markdownActions(level.actions, all))
	}
	if a.Verdict.Outcome == prove.Unknown {
		fmt.Fprintf(b, "  - unknown: %s\n", markdownCode(a.Verdict.Reason))
		return
	}
	v := newVerdict(a.Verdict)
	v.markdown(b)
}

// fewActions of an access level are named; the others are counted.
const fewActions = 5

func markdownActions(actions []string, all bool) string {
	named := actions
	if !all && len(actions) > fewActions {
		named = actions[:fewActions]
	}
	var words []string
	for _, name := range named {
		words = append(words, markdownCode(name))
	}
	text := strings.Join(words, ", ")
	if more := len(actions) - len(named); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// levelActions are the actions of one access level.
type levelActions struct {
	name    policy.AccessLevel
	actions []string
}

// byLevel sorts actions by their access levels, those that can do most harm first.
// What the catalogue does not know stands after them.
func byLevel(actions []string) []levelActions {
	list := []levelActions{{name: "Permissions management"}, {name: "Write"}, {name: "Tagging"}, {name: "Read"}, {name: "List"}, {name: "Access level not known"}}
	for _, name := range actions {
		at := len(list) - 1
		if known, ok := catalog.Default().Action(name); ok {
			at = slices.IndexFunc(list, func(l levelActions) bool { return l.name == known.Level })
		}
		list[at].actions = append(list[at].actions, name)
	}
	return slices.DeleteFunc(list, func(l levelActions) bool { return l.actions == nil })
}

// markdown is the proof for those who review it.
func (p *proof) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s: %s\n\n", p.Question, p.Outcome)
	for _, c := range p.Claims {
		switch c.Outcome {
		case prove.Proved:
			fmt.Fprintf(&b, "- **proved**: %s\n", markdownCode(c.Text))
		case prove.Refuted:
			fmt.Fprintf(&b, "- **refuted**: %s\n", markdownCode(c.contrary))
			c.Verdict.markdown(&b)
		default:
			fmt.Fprintf(&b, "- **unknown** whether %s: %s\n", markdownCode(c.Text), markdownCode(c.Verdict.Reason))
		}
	}
	for _, f := range p.Statements {
		if f.Finding != review.Needed {
			fmt.Fprintf(&b, "- **%s**: %s\n", f.Finding, markdownCode(f.String()+": "+f.Effect.String()+" "+f.text()))
		}
	}
	if len(p.Statements) > 0 {
		b.WriteString("\n")
		p.count(&b)
	}
	for _, note := range p.Notes {
		fmt.Fprintf(&b, "- note: %s\n", markdownCode(note))
	}
	b.WriteString("\n")
	p.basisJSON.markdown(&b)
	return b.String()
}

// markdown writes the request and the statements behind it, below an item.
func (v *verdict) markdown(b *strings.Builder) {
	r := v.Request
	fmt.Fprintf(b, "  - for example %s on %s", markdownCode(r.Action), markdownCode(r.Resource))
	if r.foreign {
		fmt.Fprintf(b, " of account %s", markdownCode(r.ResourceAccount))
	}
	fmt.Fprintf(b, " by %s", markdownCode(r.Principal))
	if keys := contextWords(r); keys != nil {
		fmt.Fprintf(b, " with %s", markdownCode(strings.Join(keys, ", ")))
	}
	b.WriteString("\n")
	if v.AllowedBy != nil {
		fmt.Fprintf(b, "  - allowed by %s\n", markdownCode(v.AllowedBy.String()))
	}
	switch {
	case v.Nearest == nil:
	case v.Nearest.Effect == policy.Deny:
		fmt.Fprintf(b, "  - denied on the other side by %s\n", markdownCode(v.Nearest.String()))
	default:
		fmt.Fprintf(b, "  - nearest on the other side: %s\n", markdownCode(v.Nearest.String()))
		for _, lack := range v.Lacks {
			fmt.Fprintf(b, "    - %s\n", markdownCode(lack))
		}
	}
}

func (x *basisJSON) markdown(b *strings.Builder) {
	b.WriteString("<details><summary>What this rests on</summary>\n\n")
	fmt.Fprintf(b, "- universe: %s\n", markdownCode(x.Universe))
	if x.CatalogDate != "" {
		fmt.Fprintf(b, "- catalogue of %s\n", x.CatalogDate)
	}
	for _, a := range x.Assumptions {
		fmt.Fprintf(b, "- assuming: %s\n", markdownCode(a))
	}
	b.WriteString("\n</details>\n")
}

// markdownCode is a text in which no character is markup: policies, whose names
// and Sids it shows, are written by others.
func markdownCode(text string) string {
	longest, run := 0, 0
	for _, c := range text {
		if run++; c != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	text = strings.Join(strings.Fields(text), " ")
	fence := strings.Repeat("`", longest+1)
	if longest > 0 {
		return fence + " " + text + " " + fence
	}
	return fence + text + fence
}
