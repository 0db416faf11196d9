package packed

import (
	"bytes"
	"compress/flate"
	"fmt"
	"slices"
	"strings"
)

// A Writer puts texts together. Only NewWriter makes one.
type Writer struct {
	size   int
	index  strings.Builder // of the chunks that are written
	chunks bytes.Buffer
	text   strings.Builder // of the chunk at hand
	names  []string        // of its texts
}

// NewWriter makes a writer of chunks of up to a size, in bytes of text. A longer
// text is a chunk of its own.
func NewWriter(size int) *Writer { return &Writer{size: size} }

// Add adds a text. The package's documentation says what its name and its lines
// may be.
func (w *Writer) Add(name, text string) {
	if w.text.Len() > 0 && w.text.Len()+len(text) > w.size {
		w.flush()
	}
	w.text.WriteString(text)
	w.names = append(w.names, name)
}

// Bytes are the data, with further lines for the index. The same texts give the
// same bytes.
func (w *Writer) Bytes(title, lines string) []byte {
	w.flush()
	lines += w.index.String()
	index := deflate(lines)
	return slices.Concat(fmt.Appendf(nil, "%s %d/%d\n", title, len(index), len(lines)), index, w.chunks.Bytes())
}

func (w *Writer) flush() {
	if len(w.names) == 0 {
		return
	}
	data := deflate(w.text.String())
	fmt.Fprintf(&w.index, "chunk %d/%d %s\n", len(data), w.text.Len(), strings.Join(w.names, " "))
	w.chunks.Write(data)
	w.names = nil
	w.text.Reset()
}

func deflate(text string) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}
