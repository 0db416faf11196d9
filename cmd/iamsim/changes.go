package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/review"
)

// A change is one of several: what access the change of a file gives and takes, or of
// a user, role or resource in a plan.
type change struct {
	*review.Change // nil where there is no comparison

	title string // the file, or the address
	state string // of a file: added, removed or "", changed
	file  string // the newer side of it; "" of a plan, which has no lines to point at

	arn, address string // of what a plan changes

	assumed []string
	unknown error // why it is not known, or not all of it
	broken  bool  // since the newer side is wrong
}

// name says what has changed.
func (c *change) name() string {
	if c.state == "" {
		return c.title
	}
	return c.title + ", " + c.state
}

// rests is what the verdicts rest on.
func (c *change) rests() basisJSON { return newBasis(c.assumed, c.Gain, c.Loss) }

// exitOf is the status of all changes: wrong input before access gained, and that
// before what is not known.
func exitOf(list []change) error {
	is := func(what func(*change) bool) bool {
		return slices.ContainsFunc(list, func(c change) bool { return what(&c) })
	}
	switch {
	case is(func(c *change) bool { return c.broken }):
		return broken
	case is(func(c *change) bool { return c.Change != nil && c.Outcome() == prove.Refuted }):
		return notMet
	case is(func(c *change) bool { return c.unknown != nil || c.Outcome() == prove.Unknown }):
		return notSettled
	}
	return nil
}

// printChanges prints the changes, and gives the exit status.
func printChanges(s *sheet, format string, list []change, all bool) error {
	var err error
	switch format {
	case "json":
		err = s.json(changesJSON(list))
	case "sarif":
		err = s.json(changesSARIF(list))
	case "github":
		err = s.marked(annotations(changesSARIF(list)))
	case "markdown":
		err = s.print(changesMarkdown(list, all))
	default:
		err = s.text(changesText(list, all))
	}
	if err != nil {
		return err
	}
	return exitOf(list)
}

func changesText(list []change, all bool) string {
	var b strings.Builder
	var verdicts []*prove.Verdict // of those before that rest on the same
	var assumed []string
	for i := range list {
		it := &list[i]
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n", oneLine(it.name()))
		if it.unknown != nil {
			fmt.Fprintf(&b, "not all is known: %s\n", strings.ReplaceAll(it.unknown.Error(), "\n", "\n  "))
		}
		if it.Change != nil {
			writeChange(&b, it.Change, all)
			verdicts, assumed = append(verdicts, it.Gain, it.Loss), it.assumed
		}
		if verdicts != nil && (i == len(list)-1 || list[i+1].Change == nil || list[i+1].rests().Universe != it.rests().Universe) {
			rests := newBasis(assumed, verdicts...)
			rests.text(&b)
			verdicts = nil
		}
	}
	if len(list) == 0 {
		b.WriteString("no policy changes\n")
	}
	return b.String()
}

// A changeOf is a change as JSON.
type changeOf struct {
	ARN     string `json:"arn,omitempty"`
	Address string `json:"address,omitempty"`
	File    string `json:"file,omitempty"`
	State   string `json:"state,omitempty"`   // of a file: added or removed
	Unknown string `json:"unknown,omitempty"` // what of its policies is not known
	*changeJSON
}

func changesJSON(list []change) any {
	out := []changeOf{}
	for i := range list {
		it := &list[i]
		row := changeOf{ARN: it.arn, Address: it.address, File: it.file, State: it.state}
		if it.Change != nil {
			j := newChangeJSON(it.Change, it.rests())
			row.changeJSON = &j
		}
		if it.unknown != nil {
			row.Unknown = it.unknown.Error()
		}
		out = append(out, row)
	}
	return struct {
		Changes []changeOf `json:"changes"`
	}{out}
}

// changesMarkdown is for those who review: what is gained by each, before what is
// lost.
func changesMarkdown(list []change, all bool) string {
	var b strings.Builder
	if len(list) == 0 {
		return "No policy changes.\n"
	}
	for _, way := range []direction{gained, lost} {
		changesAccess(&b, way, list, all)
	}
	title := "## Not known\n\n"
	for i := range list {
		if it := &list[i]; it.unknown != nil {
			fmt.Fprintf(&b, "%s- %s: %s\n", title, markdownCode(it.name()), markdownCode(it.unknown.Error()))
			title = ""
		}
	}
	if title == "" {
		b.WriteString("\n")
	}
	var shown []string
	for i := range list {
		if list[i].Change == nil {
			continue
		}
		var one strings.Builder
		rests := list[i].rests()
		if rests.markdown(&one); !slices.Contains(shown, one.String()) {
			shown = append(shown, one.String())
		}
	}
	return b.String() + strings.Join(shown, "\n")
}

// changesAccess is what all changes give, or take; those that do nothing of it are
// counted.
func changesAccess(b *strings.Builder, way direction, list []change, all bool) {
	fmt.Fprintf(b, "## Access %s\n\n", way.word)
	nothing, compared := 0, 0
	for i := range list {
		it := &list[i]
		if it.Change == nil {
			continue
		}
		compared++
		if whole, _ := way.of(it.Change); whole.Outcome == prove.Proved {
			nothing++
			continue
		}
		fmt.Fprintf(b, "### %s\n\n", markdownCode(it.name()))
		way.markdown(b, "####", it.Change, all)
		markdownCut(b, it.Change)
	}
	if nothing > 0 {
		fmt.Fprintf(b, "Nothing by %d of %d that changed: proved for all requests.\n\n", nothing, compared)
	}
}
