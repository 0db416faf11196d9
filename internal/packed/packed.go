// Package packed stores many named texts in one piece of data. A reader inflates
// only the texts that it needs.
//
// The data are one line of ASCII, then compressed texts (flate) end to end: the
// index, then chunks. A chunk holds texts that are compressed together: as few
// as there can be without losing much to the compression.
//
//	iamsim catalog 1 <bytes of the index>/<bytes of its text>
//
// The words in front are the title, which names the kind of data.
// Every line of the index ends in a line feed, and its first word is its
// kind. One kind belongs to this package, the others to the package that stores
// the texts:
//
//	chunk <bytes>/<bytes of its text> <name of a text>…
//
// Names have no spaces. The first line of every text begins with "@", and no
// other line does.
package packed

import (
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/internal/spelling"
)

// largest is how many bytes an inflated text may have.
const largest = 4 << 20

// A Text is one of the texts. It is read when it is first needed. Goroutines may
// share it. Only Open makes one.
type Text struct {
	Name  string
	chunk *chunk
	place int // in the chunk
}

// Open reads the index. It calls line for each line of a kind that is not its
// own, in their order, and gives the texts in theirs.
func Open(title, data string, line func(kind, value string) error) ([]Text, error) {
	first, rest, ok := strings.Cut(data, "\n")
	sizes, isTitled := strings.CutPrefix(first, title+" ")
	if !ok || !isTitled {
		return nil, fmt.Errorf("data begin with %s, not with %q", spelling.Quote(first), title+" ")
	}
	packed, size, rest, err := take(rest, sizes)
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	index, err := inflate(packed, size)
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	var texts []Text
	for whole := range strings.Lines(index) {
		whole = strings.TrimSuffix(whole, "\n")
		if kind, value, _ := strings.Cut(whole, " "); kind != "chunk" {
			err = line(kind, value)
		} else {
			texts, rest, err = addChunk(texts, value, rest)
		}
		if err != nil {
			return nil, fmt.Errorf("index: %s: %w", spelling.Quote(whole), err)
		}
	}
	if rest != "" {
		return nil, fmt.Errorf("%d bytes follow the last chunk", len(rest))
	}
	return texts, nil
}

func addChunk(texts []Text, line, data string) (all []Text, rest string, err error) {
	sizes, names, ok := strings.Cut(line, " ")
	if !ok {
		return nil, "", errors.New("a chunk needs names")
	}
	c := &chunk{}
	if c.data, c.size, rest, err = take(data, sizes); err != nil {
		return nil, "", err
	}
	for name := range strings.SplitSeq(names, " ") {
		texts = append(texts, Text{Name: name, chunk: c, place: c.count})
		c.count++
	}
	return texts, rest, nil
}

// take cuts compressed bytes from data; sizes are their number and that of the
// text in them.
func take(data, sizes string) (packed string, size int, rest string, err error) {
	first, second, _ := strings.Cut(sizes, "/")
	n, err := number(first, len(data)+1)
	if err == nil {
		size, err = number(second, largest)
	}
	if err != nil {
		return "", 0, "", err
	}
	return data[:n], size, data[n:], nil
}

// number reads a number below n.
func number(text string, n int) (int, error) {
	i, err := strconv.Atoi(text)
	if err != nil || i < 0 || i >= n {
		return 0, fmt.Errorf("%s is no number below %d", spelling.Quote(text), n)
	}
	return i, nil
}

// Read is the text. It inflates the chunk the first time that one of its texts
// is asked for.
func (t *Text) Read() (string, error) {
	texts, err := t.chunk.read()
	if err != nil {
		return "", err
	}
	return texts[t.place], nil
}

// A chunk is what is compressed together.
type chunk struct {
	data  string
	size  int // of the inflated text
	count int // of its texts

	once  sync.Once
	texts []string
	err   error
}

func (c *chunk) read() ([]string, error) {
	c.once.Do(func() {
		var text string
		if text, c.err = inflate(c.data, c.size); c.err != nil {
			return
		}
		c.data = ""
		for at := 0; at < len(text); {
			end := strings.Index(text[at:], "\n@")
			if end < 0 {
				end = len(text) - at - 1
			}
			c.texts = append(c.texts, text[at:at+end+1])
			at += end + 1
		}
		if len(c.texts) != c.count {
			c.err = fmt.Errorf("a chunk has %d texts, and the index %d of it", len(c.texts), c.count)
		}
	})
	return c.texts, c.err
}

// inflate reads a compressed text of the given size.
func inflate(data string, size int) (string, error) {
	text := make([]byte, size)
	r := flate.NewReader(strings.NewReader(data))
	if _, err := io.ReadFull(r, text); err != nil {
		return "", fmt.Errorf("compressed data: %w", err)
	}
	if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		return "", fmt.Errorf("compressed data of more than %d bytes", size)
	}
	return string(text), nil
}
