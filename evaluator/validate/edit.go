package validate

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// Apply applies the edits of findings to the text that they were found in, and gives
// the findings whose edits it applied. Of two that overlap the first counts:
// validate what comes out again.
func Apply(text string, list []Finding) (mended string, applied []Finding) {
	list = slices.DeleteFunc(slices.Clone(list), func(f Finding) bool { return f.Edit == nil })
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Edit.From, b.Edit.From), cmp.Compare(a.Edit.To, b.Edit.To))
	})
	var b strings.Builder
	done := 0
	for _, f := range list {
		e := f.Edit
		if e.From < done || e.To > len(text) || applied != nil && e.From == done && e.To == e.From {
			continue
		}
		b.WriteString(text[done:e.From])
		b.WriteString(e.New)
		done = e.To
		applied = append(applied, f)
	}
	b.WriteString(text[done:])
	return b.String(), applied
}

// replace mends by another text in the place of the element, or of its key.
func (c *checker) replace(f *found, with, says string) *Edit {
	from, to := c.document.Span(f.path...)
	if f.key {
		from, to = c.document.KeySpan(f.path...)
	}
	if to.Offset == 0 {
		return nil
	}
	f.Edit = &Edit{From: from.Offset, To: to.Offset, New: quote(with), Says: says}
	return f.Edit
}

// remove mends by removing a member of a list.
func (c *checker) remove(f *found, says string) *Edit {
	from, to := c.document.Span(f.path...)
	if to.Offset == 0 {
		return nil
	}
	text := c.document.Text()
	begin, end := from.Offset, to.Offset
	const space = " \t\r\n"
	if rest := strings.TrimLeft(text[end:], space); strings.HasPrefix(rest, ",") {
		end = len(text) - len(strings.TrimLeft(rest[1:], space))
	} else if before := strings.TrimRight(text[:begin], space); strings.HasSuffix(before, ",") {
		begin = len(before) - 1
	} else {
		return nil // alone, or no list
	}
	f.Edit = &Edit{From: begin, To: end, Says: says}
	return f.Edit
}

// setVersion mends by the version of the language that has variables, unless what is
// written as one is none.
func (c *checker) setVersion(f *found) {
	text := c.document.Text()
	brace := strings.IndexByte(text, '{')
	if brace < 0 {
		return
	}
	e := &Edit{From: brace + 1, To: brace + 1, Says: `sets the Version "2012-10-17"`, Changes: c.usesVariables() != nil}
	if from, to := c.document.Span("Version"); to.Offset > 0 {
		e.From, e.To, e.New = from.Offset, to.Offset, `"2012-10-17"`
	} else {
		rest := text[brace+1:]
		e.New = rest[:len(rest)-len(strings.TrimLeft(rest, " \t\r\n"))] + `"Version": "2012-10-17",`
	}
	if strings.ContainsAny(text, `$\`) { // what may be written as a variable, wherever
		if _, err := policy.ParseString("", text[:e.From]+e.New+text[e.To:]); err != nil {
			return
		}
	}
	f.Edit = e
}

// quote is a JSON string. What it is used for has no character that needs more.
func quote(s string) string { return strconv.Quote(s) }

// covers reports whether a pattern of actions or resources matches all that another
// matches. It can miss that, but is never wrong.
func covers(wide *pattern.Pattern, wideText, narrow string) bool {
	if strings.Contains(narrow, "${") || strings.Contains(wideText, "${") {
		return wideText == narrow
	}
	if strings.ContainsRune(narrow, '*') && strings.ContainsRune(wideText, '?') {
		return false // which would match the star as a character
	}
	return wide.Match(narrow)
}

// hasStar reports whether the values have a wildcard alone, which stands for all.
func hasStar(values policy.Values) bool {
	return slices.ContainsFunc(values, isStar)
}

func isStar(value string) bool { return value != "" && strings.Trim(value, "*") == "" }
