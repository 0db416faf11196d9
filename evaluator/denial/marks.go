package denial

import (
	"slices"
	"sort"
	"strings"
	"sync"
)

// A markKind is what a phrase announces.
type markKind uint8

const (
	messageMark   markKind = iota // IAM's message
	labelMark                     // a label of the console's panel
	envelopeMark                  // an exception of an SDK
	codeMark                      // an error code
	forbiddenMark                 // words for a denial that tell nothing
	familyMark                    // a service's own sentence
)

// A mark is a phrase that announces a denial, or a part of one.
type mark struct {
	kind markKind
	// index of the label, or of the family and its wording.
	index, wording int
	text           string
}

// marks are the phrases that are looked for, and their index.
var marks = sync.OnceValue(func() *markIndex {
	var all []mark
	add := func(kind markKind, texts ...string) {
		for i, text := range texts {
			all = append(all, mark{kind, i, 0, text})
		}
	}
	add(messageMark, "not authorized to perform", "Cross-account pass role is not allowed")
	add(labelMark, labels[:]...)
	add(envelopeMark, "An error occurred (", "operation error ", "Access Denied (Service:")
	add(codeMark, "AccessDenied", "UnauthorizedOperation", "UnauthorizedException", "AuthorizationError")
	add(forbiddenMark, "Forbidden", "Access Denied", "status code: 403", "statuscode\":403", "not authorized")
	for i, f := range services().Families {
		for w := range f.wordings {
			all = append(all, mark{familyMark, i, w, f.wordings[w].anchor})
		}
	}
	texts := make([]string, len(all))
	for i := range all {
		texts[i] = all[i].text
	}
	return &markIndex{newPhraseIndex(texts), all}
})

type markIndex struct {
	phrases *phraseIndex
	all     []mark
}

// found is what stands in a text: the messages, panels and sentences in their
// order, and the hits of exceptions and codes.
type found struct {
	readings              []sentence
	messages              []hit
	envelopes, codes, bad []hit
}

// find looks through a text for all marks. whole is the text as it was given.
func find(text, whole string) *found {
	var f found
	var families, panelLabels []hit
	for h := range marks().phrases.in(text) {
		switch marks().all[h.id].kind {
		case messageMark:
			f.messages = append(f.messages, h)
		case labelMark:
			panelLabels = append(panelLabels, hit{marks().all[h.id].index, h.start, h.end})
		case envelopeMark:
			f.envelopes = append(f.envelopes, h)
		case codeMark:
			f.codes = append(f.codes, h)
		case forbiddenMark:
			f.bad = append(f.bad, h)
		case familyMark:
			families = append(families, h)
		}
	}
	f.readings = readPanels(text, panelLabels)
	stands := make(map[string]bool) // what families ask for beside
	for _, h := range families {
		m := &marks().all[h.id]
		family := &services().Families[m.index]
		beside, looked := stands[family.Beside]
		if !looked {
			beside = strings.Contains(whole, family.Beside)
			stands[family.Beside] = beside
		}
		if !beside {
			continue
		}
		if s, ok := readService(family, &family.wordings[m.wording], text, h); ok {
			f.readings = append(f.readings, s)
		}
	}
	f.settle()
	return &f
}

// settle leaves one reading of each place: a longer sentence rather than a
// shorter one, a sentence of a service rather than IAM's anchor within, and IAM's
// message rather than a sentence beside it that tells less.
func (f *found) settle() {
	slices.SortStableFunc(f.readings, func(a, b sentence) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	const again = 200 // a sentence that goes on in the next
	var kept []sentence
	for _, s := range f.readings {
		if n := len(kept); n > 0 && (s.start < kept[n-1].end || s.start < kept[n-1].end+again && s.says(&kept[n-1])) {
			continue
		}
		kept = append(kept, s)
	}
	f.messages = slices.DeleteFunc(f.messages, func(h hit) bool { return touches(kept, h.start, h.start+1) })
	strong := make([]sentence, 0, len(kept)+len(f.messages))
	for _, s := range kept {
		if !s.weak {
			strong = append(strong, s)
		}
	}
	for _, h := range f.messages {
		strong = append(strong, sentence{start: h.start, end: h.end})
	}
	slices.SortFunc(strong, func(a, b sentence) int { return a.start - b.start })
	const beside = 600
	f.readings = slices.DeleteFunc(kept, func(s sentence) bool { return s.weak && touches(strong, s.start-beside, s.end+beside) })
}

// touches reports whether one of some sentences, which are in order and do not
// overlap, has a part between two places.
func touches(sentences []sentence, start, end int) bool {
	i := sort.Search(len(sentences), func(i int) bool { return sentences[i].end > start })
	return i < len(sentences) && sentences[i].start < end
}

// says reports whether two sentences of a service stand for the same.
func (s *sentence) says(other *sentence) bool {
	a, b := &s.denial, &other.denial
	return a.Form == FromService && b.Form == FromService && a.Bring == b.Bring && a.Principal == b.Principal && a.Action == b.Action && a.Resource == b.Resource
}

// isWord reports whether a hit stands for itself, not within a longer name.
func isWord(text string, h hit) bool {
	return (h.start == 0 || !isLetter(text[h.start-1]) && strings.IndexByte("/_", text[h.start-1]) < 0) && (h.end == len(text) || !isLetter(text[h.end]))
}
