package scenario

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// A folder is where a scenario's file lies. Its policies are read from there
// and from nowhere else, each once.
type folder struct {
	// open gives the files; it is called when the first policy is asked for.
	open func() (fs.FS, error)
	// shown is the folder's path in errors.
	shown string

	fsys   fs.FS
	failed error
	cached map[string]cachedPolicy
}

type cachedPolicy struct {
	document *policy.Document
	err      error
}

// policy reads the policy at a path within the folder.
func (f *folder) policy(name string) (*policy.Document, error) {
	if c, ok := f.cached[name]; ok {
		return c.document, c.err
	}
	doc, err := f.read(name)
	if f.cached == nil {
		f.cached = make(map[string]cachedPolicy)
	}
	f.cached[name] = cachedPolicy{doc, err}
	return doc, err
}

func (f *folder) read(name string) (*policy.Document, error) {
	name, shown := strings.TrimPrefix(name, "./"), spelling.Quote(name)
	if !fs.ValidPath(name) || name == "." {
		return nil, fmt.Errorf(`policy path %s must stay below the scenario's folder: no leading slash, no ".."`, shown)
	}
	if f.fsys == nil && f.failed == nil && f.open != nil {
		f.fsys, f.failed = f.open()
	}
	switch {
	case f.failed != nil:
		return nil, fmt.Errorf("policy %s: %w", shown, f.failed)
	case f.fsys == nil:
		return nil, fmt.Errorf("policy %s: there is no folder to read policies from", shown)
	}
	src, err := readFile(f.fsys, name, policy.DefaultMaxSize)
	if err != nil {
		return nil, fmt.Errorf("policy %s: %w", shown, reason(err))
	}
	return policy.Parse(path.Join(f.shown, name), src)
}

// close gives back what open took, if that is to be given back.
func (f *folder) close() {
	if c, ok := f.fsys.(io.Closer); ok {
		c.Close()
	}
}

// reason is an error of the file system without the path, which the fault that
// is made of it names as the scenario does.
func reason(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

var errNotRegular = errors.New("is not a regular file")

// readFile reads a regular file of at most limit bytes, and one byte of a
// larger one more, so that the reader can say that it is too large.
func readFile(fsys fs.FS, name string, limit int) ([]byte, error) {
	// Opening a pipe would wait for its writer.
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, int64(limit)+1))
}

// disk is a folder on disk. Nothing outside it can be reached, not even through
// a symbolic link.
type disk struct{ root *os.Root }

func openDisk(name string) (fs.FS, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return disk{root}, nil
}

func (d disk) Open(name string) (fs.File, error) {
	file, err := d.root.Open(name)
	if err != nil {
		return nil, err // and not a nil *os.File in an fs.File
	}
	return file, nil
}

func (d disk) Stat(name string) (fs.FileInfo, error) { return d.root.Stat(name) }

func (d disk) Sub(name string) (fs.FS, error) {
	root, err := d.root.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return disk{root}, nil
}

func (d disk) Close() error { return d.root.Close() }
