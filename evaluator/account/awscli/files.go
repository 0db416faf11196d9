package awscli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account"
)

// endingsRead are the endings of files that are read in a folder.
var endingsRead = [...]string{".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz"}

// Load reads files and folders into a Builder: of a folder, all files in it and
// below that end in .json, .jsonl or .ndjson, also with .gz. It reports every
// file that could not be read; what the others have is in the Builder.
func Load(b *account.Builder, paths ...string) error {
	r := NewReader(b)
	var faults []error
	for _, path := range paths {
		files, err := filesOf(path)
		if err != nil {
			faults = append(faults, err)
		}
		for _, file := range files {
			if err := r.file(file); err != nil {
				faults = append(faults, err)
			}
		}
		if err == nil && len(files) == 0 {
			faults = append(faults, fmt.Errorf("%s: no file here ends in %s", path, strings.Join(endingsRead[:], ", ")))
		}
	}
	r.Finish()
	return errors.Join(faults...)
}

func (r *Reader) file(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	return r.Read(name, file)
}

// filesOf are the files of a folder in the order of their paths, or the file
// itself. What begins with a dot is left out.
func filesOf(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return []string{path}, nil // opening it will say what is wrong
	}
	var files []string
	err = filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(entry.Name(), ".") && file != path
		switch {
		case err != nil:
			return err
		case hidden && entry.IsDir():
			return filepath.SkipDir
		case hidden || entry.IsDir():
			return nil
		}
		if slices.ContainsFunc(endingsRead[:], func(e string) bool { return strings.HasSuffix(entry.Name(), e) }) {
			files = append(files, file)
		}
		return nil
	})
	return files, err
}
