// Package replace writes files whole or not at all: whoever reads one finds what
// was there before, or all that is written.
package replace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// File writes the data to the file, which keeps its permissions, or gets those of
// a new file. A link is followed. What is no regular file, such as a terminal or a
// pipe, is written as it is. After an error a file that was there is as it was,
// and a new one is not there.
func File(name string, data []byte) error {
	mode, kept := fs.FileMode(0o644), false
	switch info, err := os.Stat(name); {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a folder, and a file is to be written", name)
	case err == nil && !info.Mode().IsRegular():
		return os.WriteFile(name, data, 0)
	case err == nil:
		mode, kept = info.Mode().Perm(), true
		if mode&0o200 == 0 { // a new file in its place would pass over that
			return &fs.PathError{Op: "write", Path: name, Err: fs.ErrPermission}
		}
		if name, err = filepath.EvalSymlinks(name); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	written, err := write(name, data, mode, kept)
	if err == nil {
		err = os.Rename(written, name)
	}
	if err != nil && written != "" {
		err = errors.Join(err, os.Remove(written))
	}
	return err
}

// write writes the data to a new file beside the one that is meant.
func write(name string, data []byte, mode fs.FileMode, kept bool) (written string, err error) {
	for n := 0; ; n++ {
		beside := fmt.Sprintf("%s.%d-%d.tmp", name, os.Getpid(), n)
		file, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = file.Write(data)
		if kept {
			err = errors.Join(err, file.Chmod(mode)) // whatever the mask of the process
		}
		return beside, errors.Join(err, file.Close())
	}
}
