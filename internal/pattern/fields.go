package pattern

import (
	"math/bits"
	"strings"

	"github.com/iamsim/iamsim/internal/words"
)

// Fields is a text with the places of its first five colons, found once so
// that many patterns can be matched against it. The zero Fields is the empty
// text.
type Fields struct {
	text  string
	colon [5]int32
	n     int32
}

// Split finds the first five colons of text that stand outside ${…} (B-12).
// It does not allocate, and it takes any text: one that is no ARN has fewer
// than five colons and is matched by few patterns.
func Split(text string) Fields {
	var f Fields
	f.Split(text)
	return f
}

// Split is the function [Split] in place, which spares a copy.
func (f *Fields) Split(text string) {
	f.text = text
	n, i := 0, 0
	// Eight bytes a step, until what needs a closer look.
	for ; i+8 <= len(text); i += 8 {
		x := words.Load(text[i : i+8])
		colons, dollars := words.Equal(x, ':'), words.Equal(x, '$')
		if colons|dollars == 0 {
			continue
		}
		if dollars != 0 {
			break
		}
		for ; colons != 0; colons &= colons - 1 {
			f.colon[n] = int32(i + bits.TrailingZeros64(colons)>>3)
			if n++; n == len(f.colon) {
				f.n = int32(n)
				return
			}
		}
	}
	for ; i < len(text) && n < len(f.colon); i++ {
		switch text[i] {
		case ':':
			f.colon[n] = int32(i)
			n++
		case '$':
			if strings.HasPrefix(text[i:], "${") {
				if end := strings.IndexByte(text[i:], '}'); end > 0 {
					i += end
				}
			}
		}
	}
	f.n = int32(n)
}

// Text returns the text that was split.
func (f *Fields) Text() string { return f.text }

// IsARN reports whether the text begins with "arn:" and has six fields, the
// last of them not empty.
func (f *Fields) IsARN() bool {
	return f.n == numFields-1 && f.colon[0] == 3 && f.text[:3] == "arn" && int(f.colon[4])+1 < len(f.text)
}

// field returns field i, counted from 0; the sixth is all that remains. The
// caller has checked that there is such a field.
func (f *Fields) field(i int) string {
	start, end := 0, len(f.text)
	if i > 0 {
		start = int(f.colon[i-1]) + 1
	}
	if i < int(f.n) {
		end = int(f.colon[i])
	}
	return f.text[start:end]
}

// Field returns field i, counted from 0; the sixth (5) is all that remains. It
// is "" where the text has no such field.
func (f *Fields) Field(i int) string {
	if i < 0 || i > int(f.n) {
		return ""
	}
	return f.field(i)
}
