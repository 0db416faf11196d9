package catalog

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/spelling"
)

// NearestAction is what was probably meant by the name of an action that does
// not exist: the action that an operation of that name needs ("lambda:Invoke"),
// the one that took the place of a name AWS gave up, else the most similar name
// of the service, or of the service with the most similar prefix. For a pattern
// whose only wildcard is a star at its end, it is a pattern of that kind, such
// as "lambda:Get*". It is "" if nothing is worth suggesting.
func (c *Catalog) NearestAction(name string) string {
	x := c.index()
	prefix, rest, ok := strings.Cut(name, ":")
	if !ok {
		return ""
	}
	s := x.service(prefix)
	if s == nil {
		near := near(prefix, slices.Collect(c.Services()))
		if near == "" {
			return ""
		}
		if s = x.service(near); c.Matches(near + ":" + rest) {
			if a, ok := c.Action(near + ":" + rest); ok {
				return a.Name
			}
			return near + ":" + rest
		}
	}
	name = s.prefix + ":" + rest
	d := s.get()
	for _, r := range d.retired {
		if compareFold(r.name, name) == 0 {
			return r.successors[0]
		}
	}
	if a, ok := c.Operation(name); ok {
		return a.Name
	}
	stem, isStem := strings.CutSuffix(name, "*")
	if isStem = isStem && !strings.ContainsAny(stem, "*?"); !isStem {
		words := make([]string, len(d.actions))
		for i := range d.actions {
			words[i] = d.actions[i].Name
		}
		return near(name, words)
	}
	if near := near(stem, d.stems(len(s.prefix)+1)); near != "" {
		return near + "*"
	}
	return ""
}

// stems are the beginnings of the names of actions that end where a word does:
// "lambda:Get", "lambda:GetFunction".
func (d *definitions) stems(from int) []string {
	var stems []string
	for i := range d.actions {
		name := d.actions[i].Name
		for end := from + 1; end <= len(name); end++ {
			if end == len(name) || 'A' <= name[end] && name[end] <= 'Z' {
				stems = append(stems, name[:end])
			}
		}
	}
	slices.Sort(stems)
	return slices.Compact(stems)
}

// NearestKey is the key with the most similar name; "" if there is none worth
// suggesting. A key with a part of its own is suggested with the part that was
// given: "aws:RequestTags/team" gives "aws:RequestTag/team". Where the part is
// missing, the suggestion has its placeholder.
func (c *Catalog) NearestKey(name string) string {
	x := c.index()
	stem, part, _ := strings.Cut(name, "/")
	var stems []string
	for i := range x.open {
		o := &x.open[i]
		own, slash := strings.CutSuffix(o.parts[0], "/")
		switch {
		case !slash || len(o.parts) != 2 || o.parts[1] != "":
		case part != "":
			stems = append(stems, own)
		case compareFold(own, stem) == 0:
			return o.key.Name
		}
	}
	slices.Sort(stems)
	if near := near(stem, stems); near != "" {
		return near + "/" + part
	}
	words := make([]string, len(x.keys))
	for i := range x.keys {
		words[i] = x.keys[i].Name
	}
	return near(name, words)
}

// near is the word most like another if it is like enough.
func near(word string, words []string) string {
	nearest := spelling.Nearest(word, words)
	if nearest == "" || !strings.Contains(spelling.Suggestion(word, []string{nearest}), "did you mean") {
		return ""
	}
	return nearest
}
