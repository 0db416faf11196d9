package awscli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account"
)

// endingsRead are the endings of files that are read in a folder.
var endingsRead = [...]string{".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz"}

// Load reads files and folders into a Builder: of a folder, all files in it and
// below that end in .json, .jsonl or .ndjson, the first two also with .gz. What
// begins with a dot is left out. It reports every file that could not be read; what
// the others have is in the Builder.
func Load(b *account.Builder, paths ...string) error {
	r := NewReader(b)
	var faults []error
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil && info.IsDir() {
			faults = append(faults, r.folder(os.DirFS(p), p))
			continue
		}
		faults = append(faults, r.file(p, func() (fs.File, error) { return os.Open(p) }))
	}
	r.Finish()
	return errors.Join(faults...)
}

// LoadFS is [Load] for all files of a file system, such as an [embed.FS].
func LoadFS(b *account.Builder, files fs.FS) error {
	r := NewReader(b)
	err := r.folder(files, "")
	r.Finish()
	return err
}

// folder reads a folder, which is shown in errors as people wrote it.
func (r *Reader) folder(files fs.FS, shown string) error {
	var faults []error
	read := 0
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(entry.Name(), ".") && name != "."
		switch {
		case err != nil:
			return err
		case hidden && entry.IsDir():
			return fs.SkipDir
		case hidden || entry.IsDir() || !slices.ContainsFunc(endingsRead[:], func(e string) bool { return strings.HasSuffix(name, e) }):
			return nil
		}
		read++
		if err := r.file(filepath.Join(shown, name), func() (fs.File, error) { return files.Open(name) }); err != nil {
			faults = append(faults, err)
		}
		return nil
	})
	if err == nil && read == 0 {
		err = fmt.Errorf("%s: no file here ends in %s", path.Join(shown, "."), strings.Join(endingsRead[:], ", "))
	}
	return errors.Join(append(faults, err)...)
}

// file reads one file.
func (r *Reader) file(shown string, open func() (fs.File, error)) error {
	file, err := open()
	if err != nil {
		return err
	}
	defer file.Close()
	return r.Read(shown, file)
}
