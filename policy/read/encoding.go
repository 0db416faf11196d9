package read

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/iamsim/iamsim/internal/spelling"
)

// decode is the text of a file as UTF-8, without a byte order mark. A mark has no
// place in a line; so lines and columns stay what editors show.
func (r *reader) decode(src []byte) (string, error) {
	const mark = "\ufeff"
	s := string(src)
	if strings.HasPrefix(s, mark) {
		r.note("a byte order mark")
		return s[len(mark):], nil
	}
	order := order16(src)
	if order == nil {
		return s, nil
	}
	r.note("UTF-16")
	if len(src)%2 != 0 {
		return "", r.fault(whole(""), 0, NotDecoded, "UTF-16 with half a character at its end: the file is cut off")
	}
	units := make([]uint16, len(src)/2)
	for i := range units {
		units[i] = order.Uint16(src[2*i:])
	}
	s = strings.TrimPrefix(string(utf16.Decode(units)), mark)
	if bad := strings.IndexRune(s, utf8.RuneError); bad >= 0 && !slices.Contains(units, uint16(utf8.RuneError)) {
		return "", r.fault(whole(s), bad, NotDecoded, "UTF-16 with half a surrogate pair, which is no character")
	}
	return s, nil
}

// order16 is the order of the bytes of UTF-16, which a mark tells or the zero
// beside the first character; nil for other texts.
func order16(src []byte) binary.ByteOrder {
	if len(src) < 2 {
		return nil
	}
	first := string(src[:2])
	zero := strings.IndexByte(first, 0)
	switch {
	case first == "\xff\xfe", zero == 1:
		return binary.LittleEndian
	case first == "\xfe\xff", zero == 0:
		return binary.BigEndian
	}
	return nil
}

// percent is what a text says that is percent-encoded from start on, as URIs are
// and forms are not: a plus sign is one.
func (r *reader) percent(t text, start int) (*text, error) {
	w := newWriter(t)
	end := len(strings.TrimRight(t.string, white))
	for i := start; i < end; {
		if t.string[i] != '%' {
			plain, _, _ := strings.Cut(t.string[i:end], "%")
			w.copy(i, i+len(plain))
			i += len(plain)
			continue
		}
		code := t.string[i:min(i+3, end)]
		b, err := strconv.ParseUint(strings.TrimPrefix(code, "%"), 16, 8)
		if err != nil || len(code) < 3 {
			return nil, r.fault(t, i, NotDecoded, spelling.Quote(code)+" is no percent-encoding, which is % and two hexadecimal digits")
		}
		w.put(i, string([]byte{byte(b)}))
		i += 3
	}
	w.put(end, "")
	r.note("percent-encoding")
	decoded := w.text()
	return &decoded, nil
}
