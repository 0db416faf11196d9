package main

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/internal/spelling"
)

// A revision is a commit of the git repository around the working directory: the
// file system of what lies below that directory there. It asks git for each folder
// and file when it is read, and checks nothing out.
type revision struct {
	ctx    context.Context
	name   string // as it was given
	commit string // its hash
}

// revisionOf finds a commit.
func revisionOf(ctx context.Context, name string) (*revision, error) {
	r := &revision{ctx: ctx, name: name}
	if name == "" || strings.HasPrefix(name, "-") { // which git would take for a flag
		return nil, fmt.Errorf("--base is a revision of git, such as HEAD or origin/main, not %s", spelling.Quote(name))
	}
	hash, err := r.git("rev-parse", "--verify", name+"^{commit}")
	if err != nil {
		return nil, fmt.Errorf("--base %s: %w; of a shallow clone, fetch it first: actions/checkout does with fetch-depth: 2 or 0", spelling.Quote(name), err)
	}
	r.commit = strings.TrimSpace(string(hash))
	return r, nil
}

// git runs git, which takes paths as they are.
func (r *revision) git(args ...string) ([]byte, error) {
	c := exec.CommandContext(r.ctx, "git", append([]string{"--literal-pathspecs"}, args...)...)
	out, err := c.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return nil, errors.New(strings.TrimSpace(string(failed.Stderr)))
	}
	return out, err
}

// list has the entries of a folder, or the one of a path.
func (r *revision) list(name string, folder bool) ([]gitEntry, error) {
	args := []string{"ls-tree", "-z", "-l", r.commit, "--"}
	switch {
	case folder && name != ".":
		args = append(args, name+"/")
	case name != ".":
		args = append(args, name)
	}
	out, err := r.git(args...)
	if err != nil {
		return nil, err
	}
	var list []gitEntry
	for line := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		about, name, _ := strings.Cut(line, "\t")
		field := strings.Fields(about) // mode, type, hash, size
		if len(field) != 4 {
			continue // the one line of no entry
		}
		size, _ := strconv.ParseInt(field[3], 10, 64) // a folder has none
		h := tar.Header{Name: path.Base(name), Size: size, Mode: 0o644, Typeflag: tar.TypeReg}
		switch {
		case field[1] == "tree":
			h.Typeflag = tar.TypeDir
		case field[1] != "blob" || field[0] == "120000":
			h.Typeflag = tar.TypeSymlink // or another repository: no file to be read
		}
		list = append(list, gitEntry{h.FileInfo(), field[2]})
	}
	return list, nil
}

// gitEntry is a file or folder with the hash under which git has it.
type gitEntry struct {
	fs.FileInfo
	hash string
}

func (r *revision) entry(op, name string) (gitEntry, error) {
	switch {
	case !fs.ValidPath(name):
		return gitEntry{}, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	case name == ".":
		h := tar.Header{Name: ".", Typeflag: tar.TypeDir}
		return gitEntry{FileInfo: h.FileInfo()}, nil
	}
	list, err := r.list(name, false)
	if err == nil && len(list) != 1 {
		err = fs.ErrNotExist
	}
	if err != nil {
		return gitEntry{}, &fs.PathError{Op: op, Path: name, Err: err}
	}
	return list[0], nil
}

func (r *revision) Stat(name string) (fs.FileInfo, error) { return r.entry("stat", name) }

func (r *revision) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := r.list(name, true)
	if err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	var entries []fs.DirEntry
	for _, e := range list {
		entries = append(entries, fs.FileInfoToDirEntry(e))
	}
	return entries, nil
}

func (r *revision) Open(name string) (fs.File, error) {
	e, err := r.entry("open", name)
	if err != nil {
		return nil, err
	}
	text, err := r.git("cat-file", "blob", e.hash)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return gitFile{bytes.NewReader(text), e}, nil
}

type gitFile struct {
	*bytes.Reader
	info fs.FileInfo
}

func (f gitFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f gitFile) Close() error               { return nil }
