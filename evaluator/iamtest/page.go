package iamtest

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"sync"
)

//go:embed page.html
var pageSource string

var page = sync.OnceValue(func() *template.Template { return template.Must(template.New("policies").Parse(pageSource)) })

// html is a page with the text of every policy, coloured by what decided.
func (c *Coverage) html() []byte {
	type policyOfPage struct {
		Name    string
		Percent int
		Text    []span
	}
	var total tally
	var policies []policyOfPage
	for _, p := range c.policies {
		units := p.units()
		var one tally
		for i := range units {
			one.add(&units[i])
		}
		total.sum(one)
		policies = append(policies, policyOfPage{p.Name, one.percent(), spans(p.Text, units)})
	}
	var b bytes.Buffer
	page().Execute(&b, map[string]any{"Percent": total.percent(), "Policies": policies}) // to a buffer: no error
	return b.Bytes()
}

// A span is a run of a policy's text.
type span struct {
	Text  string
	Class string // "decided", "never", or "" for what does not count
	Title string
}

// spans cuts a text where units begin and end. Of units within each other the
// innermost gives the colour.
func spans(text string, units []unit) []span {
	cuts := []int{0, len(text)}
	for _, u := range units {
		cuts = append(cuts, u.begin, u.end)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	begins := slices.Clone(units)
	slices.SortStableFunc(begins, func(a, b unit) int { return cmp.Compare(a.begin, b.begin) })
	var spans []span
	var around []unit // of the place
	for i, begin := range cuts[:len(cuts)-1] {
		around = slices.DeleteFunc(around, func(u unit) bool { return begin >= u.end })
		for len(begins) > 0 && begins[0].begin <= begin {
			if begin < begins[0].end {
				around = append(around, begins[0])
			}
			begins = begins[1:]
		}
		s := span{Text: text[begin:cuts[i+1]]}
		if len(around) > 0 {
			u := slices.MinFunc(around, func(a, b unit) int { return cmp.Compare(a.end-a.begin, b.end-b.begin) })
			s.Class, s.Title = "never", u.label+" never decided in a test"
			if u.decided > 0 {
				s.Class, s.Title = "decided", fmt.Sprintf("%s: requests decided: %d", u.label, u.decided)
			}
		}
		spans = append(spans, s)
	}
	return spans
}
