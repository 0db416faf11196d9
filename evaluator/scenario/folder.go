package scenario

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy/load"
)

// A root is the folder out of which no policy is read, with what was loaded from
// it.
type root struct {
	policies load.Loader
	begin    string // the folder in the root where the scenarios are
	disk     *os.Root
}

// A folder is where a scenario's file lies, within a root.
type folder struct {
	policies *load.Loader
	dir      string
}

// folder is a folder by its path from the one where the scenarios are.
func (r *root) folder(dir string) *folder { return &folder{&r.policies, path.Join(r.begin, dir)} }

// load are the policies that a scenario in the folder names.
func (f *folder) load(given string) ([]load.Policy, error) { return f.policies.LoadFrom(f.dir, given) }

// around is the root for scenarios in a folder on disk. Nothing outside of it can
// be reached, not even through a symbolic link.
func (r *Reader) around(dir string) (*root, error) {
	top, begin := dir, "."
	if r.Root != "" {
		var err error
		top = r.Root
		if begin, err = within(top, dir); err != nil {
			return nil, err
		}
	}
	disk, err := os.OpenRoot(top)
	if err != nil {
		return nil, err
	}
	return &root{load.Loader{Files: disk.FS(), Path: filepath.ToSlash(top), Within: r.Within}, begin, disk}, nil
}

func (r *root) close() { r.disk.Close() }

// within is the path of a folder within another one, both on disk. It is an error
// where it leads out.
func within(top, dir string) (string, error) {
	resolved := [2]string{top, dir}
	for i, name := range resolved {
		name, err := filepath.Abs(name)
		if err != nil {
			return "", err
		}
		if resolved[i], err = filepath.EvalSymlinks(name); err != nil {
			return "", err
		}
	}
	within, err := filepath.Rel(resolved[0], resolved[1])
	if within = filepath.ToSlash(within); err != nil || !fs.ValidPath(within) {
		return "", fmt.Errorf("is not within the root %s", spelling.Quote(top))
	}
	return within, nil
}

// rootOf is the root for scenarios in a folder of a file system.
func rootOf(fsys fs.FS, dir, shown string) (*root, error) {
	files, err := fs.Sub(fsys, dir)
	if err != nil {
		return nil, err
	}
	return &root{policies: load.Loader{Files: files, Path: shown}, begin: "."}, nil
}

// nowhere has no files.
type nowhere struct{}

func (nowhere) Open(string) (fs.File, error) {
	return nil, fmt.Errorf("there is no folder to read policies from: %w", fs.ErrNotExist)
}
