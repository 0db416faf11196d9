package plain

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// How much gzip may unpack to. It could make a thousand bytes of one; of JSON that
// tells of thousands of roles it makes less than a hundred.
const (
	alwaysUnpacked = 32 << 20 // bytes, however small the file is
	mostTimes      = 100      // of the size of the file, beyond these
)

var (
	errPackedTwice = errors.New("is packed twice, gzip in gzip: unpack it with gunzip")
	errUnpacked    = fmt.Errorf("is too large: gzip unpacks it to more than %d MiB and %d times its size; what can be trusted, gunzip unpacks",
		alwaysUnpacked>>20, mostTimes)
)

func isPacked(head []byte) bool { return bytes.HasPrefix(head, []byte{0x1f, 0x8b}) }

// unpacked reads what gzip packed, with a limit.
type unpacked struct {
	from counted
	text *gzip.Reader
	read int64
}

func unpack(r io.Reader) (*unpacked, error) {
	u := &unpacked{from: counted{from: r}}
	var err error
	u.text, err = gzip.NewReader(&u.from)
	return u, err
}

// Read implements [io.Reader].
func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.text.Read(p)
	if u.read += int64(n); u.read > alwaysUnpacked+mostTimes*u.from.read {
		return 0, errUnpacked
	}
	return n, err
}

// counted counts what is read.
type counted struct {
	from io.Reader
	read int64
}

// Read implements [io.Reader].
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.read += int64(n)
	return n, err
}
