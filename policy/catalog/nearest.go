package catalog

import (
	"iter"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
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
		near := near(prefix, c.Services())
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
		if fold.Compare(r.name, name) == 0 {
			return r.successors[0]
		}
	}
	if a, ok := c.Operation(name); ok {
		return a.Name
	}
	stem, isStem := strings.CutSuffix(name, "*")
	if isStem = isStem && !strings.ContainsAny(stem, "*?"); !isStem {
		return near(name, func(yield func(string) bool) {
			for i := range d.actions {
				if !yield(d.actions[i].Name) {
					return
				}
			}
		})
	}
	if near := near(stem, d.stems(len(s.prefix)+1)); near != "" {
		return near + "*"
	}
	return ""
}

// stems are the beginnings of the names of actions that end where a word does:
// "lambda:Get", "lambda:GetFunction". Each comes once where its actions stand
// together.
func (d *definitions) stems(from int) iter.Seq[string] {
	ends := func(name string, at int) bool { return at == len(name) || 'A' <= name[at] && name[at] <= 'Z' }
	return func(yield func(string) bool) {
		last := ""
		for i := range d.actions {
			name := d.actions[i].Name
			for end := from + 1; end <= len(name); end++ {
				seen := strings.HasPrefix(last, name[:end]) && ends(last, end)
				if ends(name, end) && !seen && !yield(name[:end]) {
					return
				}
			}
			last = name
		}
	}
}

// NearestKey is the key with the most similar name; "" if there is none worth
// suggesting. A key with a part of its own is suggested with the part that was
// given: "aws:RequestTags/team" gives "aws:RequestTag/team". Where the part is
// missing, the suggestion has its placeholder. One of an identity provider is
// suggested for the provider that was given.
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
		case fold.Compare(own, stem) == 0:
			return o.key.Name
		}
	}
	slices.Sort(stems)
	if near := near(stem, slices.Values(stems)); near != "" {
		return near + "/" + part
	}
	provider := name[:max(0, strings.LastIndexByte(name, ':'))]
	return near(name, func(yield func(string) bool) {
		for i := range x.keys {
			key := x.keys[i].Name
			if claim, ok := strings.CutPrefix(key, ofProvider); ok && isProvider(provider) {
				key = provider + claim
			} else if ok {
				continue
			}
			if !yield(key) {
				return
			}
		}
	})
}

// near is the word most like another, the first of several, if it is like
// enough. A policy can name thousands of actions that do not exist, so lengths
// and letters alone tell most words to be too far away, and how far a word is
// counts only until it is too far.
func near(word string, words iter.Seq[string]) string {
	word = word[:min(len(word), spelling.Longest)]
	count := lettersOf(word)
	nearest, least := "", len(word)+1
	for w := range words {
		most := min(spelling.Far(w), least-1)
		if len(w)-len(word) > most || len(word)-len(w) > most || !count.within(most, w) {
			continue
		}
		if d := spelling.Distance(word, w, most); d <= most {
			nearest, least = w, d
		}
	}
	return nearest
}

// letters count the letters of a word, without case; all else counts as one.
type letters [27]int8

func lettersOf(word string) (count letters) {
	for i := range len(word) {
		count[letter(word[i])]++
	}
	return count
}

func letter(c byte) int {
	if c = fold.Lower(c) - 'a'; c < 26 {
		return int(c)
	}
	return 26
}

// within reports whether another word has all letters but for a few, and not
// more than a few others: each fault adds at most one of either.
func (l letters) within(few int, other string) bool {
	more := 0
	for i := range len(other) {
		if c := letter(other[i]); l[c] > 0 {
			l[c]--
		} else if more++; more > few {
			return false
		}
	}
	less := 0
	for _, n := range l {
		less += int(n)
	}
	return less <= few
}
