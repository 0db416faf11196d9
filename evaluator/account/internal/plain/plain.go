// Package plain reads files as UTF-8, whatever they were written as.
package plain

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Text is a file as UTF-8 without a byte order mark. PowerShell writes UTF-16,
// Windows editors write the mark; gzip is undone, once.
func Text(r io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	if head, err := in.Peek(2); err != nil || !isPacked(head) {
		return text(in) // which meets the error, too
	}
	unpacked, err := unpack(in)
	if err != nil {
		return nil, err
	}
	return text(unpacked)
}

// text is what is not packed, or not any more.
func text(r io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	head, err := in.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	begins := func(mark ...byte) bool { return bytes.HasPrefix(head, mark) }
	switch {
	case isPacked(head):
		return nil, errPackedTwice
	case begins(0xef, 0xbb, 0xbf):
		_, err := in.Discard(3)
		return in, err
	case begins(0xff, 0xfe):
		_, err := in.Discard(2)
		return &wide{in: in, order: binary.LittleEndian}, err
	case begins(0xfe, 0xff):
		_, err := in.Discard(2)
		return &wide{in: in, order: binary.BigEndian}, err
	case begins('{', 0), begins('[', 0):
		return &wide{in: in, order: binary.LittleEndian}, nil
	case begins(0, '{'), begins(0, '['):
		return &wide{in: in, order: binary.BigEndian}, nil
	}
	return in, nil
}

var errNotUTF16 = errors.New("not UTF-16: half of a character is missing")

// wide reads UTF-16 as UTF-8.
type wide struct {
	in    *bufio.Reader
	order binary.ByteOrder
	rest  []byte // of a character that had no room
}

func (w *wide) unit() (rune, error) {
	var pair [2]byte
	_, err := io.ReadFull(w.in, pair[:])
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = errNotUTF16
	}
	return rune(w.order.Uint16(pair[:])), err
}

// Read implements [io.Reader].
func (w *wide) Read(p []byte) (int, error) {
	n := copy(p, w.rest)
	w.rest = w.rest[n:]
	for n < len(p) && len(w.rest) == 0 {
		r, err := w.unit()
		if err == nil && utf16.IsSurrogate(r) {
			var low rune
			if low, err = w.unit(); err == nil {
				if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
					err = errNotUTF16
				}
			}
		}
		if err != nil {
			if n > 0 && errors.Is(err, io.EOF) {
				return n, nil
			}
			return n, err
		}
		encoded := utf8.AppendRune(nil, r)
		done := copy(p[n:], encoded)
		n, w.rest = n+done, encoded[done:]
	}
	return n, nil
}
