package load

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

// MaxSize is the size, 8 MiB, above which a file with a policy is refused: a
// document is smaller, but it may be escaped.
const MaxSize = 8 * policy.DefaultMaxSize

var errNotRegular = errors.New("is not a regular file")

// ErrTooLarge is what the error of a file wraps that is above its limit.
var ErrTooLarge = errors.New("is too large")

// file loads a file, or the files of a folder.
func (l *Loader) file(dir, given string) ([]Policy, error) {
	files, name, shown := l.Files, given, given
	if files == nil {
		files = system{}
	} else {
		name = path.Join(dir, given)
		shown = path.Join(l.Path, name)
		if path.IsAbs(given) || !fs.ValidPath(name) {
			return nil, fmt.Errorf(`policy path %s must stay within the folder %s: no leading slash, and no ".." that leads out of it`,
				spelling.Quote(given), spelling.Quote(path.Join(l.Path, ".")))
		}
	}
	info, err := fs.Stat(files, name)
	if err == nil && info.IsDir() {
		return l.folder(files, name, shown)
	}
	if in, address, ok := strings.Cut(name, "#"); ok && err != nil && l.Within != nil {
		if _, err := fs.Stat(files, in); err == nil {
			policies, err := l.Within(files, in, address)
			if err != nil {
				return nil, fmt.Errorf("policy %s: %w", spelling.Quote(given), err)
			}
			for i := range policies {
				policies[i].Name = given
			}
			return policies, nil
		}
	}
	p, err := l.one(files, name, shown)
	if p.Name = given; err != nil {
		return nil, l.unread(given, err)
	}
	return []Policy{p}, nil
}

// one loads one file.
func (l *Loader) one(files fs.FS, name, shown string) (Policy, error) {
	src, err := ReadFile(files, name, MaxSize)
	switch {
	case errors.Is(err, ErrTooLarge):
		return Policy{}, fmt.Errorf("%w; of a whole account, a plan or a template give one policy", err)
	case err != nil:
		return Policy{}, err
	}
	p, err := l.text(shown, src)
	p.File = true
	return p, err
}

// unread is the error of what could not be read, without the path in it; faults
// of the policy name their file.
func (l *Loader) unread(given string, err error) error {
	var faults policy.Errors
	if errors.As(err, &faults) {
		return err
	}
	return fmt.Errorf("policy %s: %w", spelling.Quote(given), withoutPath(err))
}

// withoutPath is an error of a file, whose path is told beside it.
func withoutPath(err error) error {
	if at, ok := err.(*fs.PathError); ok { // what wraps it has more to say
		return at.Err
	}
	return err
}

// folder loads the policies of a folder.
func (l *Loader) folder(files fs.FS, name, shown string) ([]Policy, error) {
	names, faults := l.policiesIn(files, name, shown)
	var policies []Policy
	for _, file := range names {
		at := path.Join(shown, file)
		p, err := l.one(files, path.Join(name, file), at)
		if p.Name = at; err != nil {
			faults = append(faults, l.unread(at, err))
			continue
		}
		policies = append(policies, p)
	}
	switch {
	case faults != nil:
		return nil, errors.Join(faults...)
	case policies == nil:
		return nil, fmt.Errorf("policy %s: %w", spelling.Quote(shown), ErrNoPolicies)
	}
	return policies, nil
}

// ErrNoPolicies is what the error of a folder wraps that has no policies.
var ErrNoPolicies = errors.New("the folder has no file that ends in .json, .yaml or .yml")

// policiesIn are the names of the files of a folder that have policies, and what is
// wrong with others. A link that leads out of the folder is an error, as is a pipe:
// people name the folder, and perhaps somebody else what is in it.
func (l *Loader) policiesIn(files fs.FS, folder, shown string) (names []string, faults []error) {
	if _, own := files.(system); own {
		root, err := os.OpenRoot(folder)
		if err != nil {
			return nil, []error{l.unread(shown, err)}
		}
		defer root.Close()
		files, folder = root.FS(), "."
	}
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		return nil, []error{l.unread(shown, err)}
	}
	for _, entry := range entries {
		name := entry.Name()
		switch path.Ext(name) {
		case ".json", ".yaml", ".yml":
			if entry.IsDir() {
				continue
			}
			if err := regular(files, path.Join(folder, name)); err != nil {
				faults = append(faults, l.unread(path.Join(shown, name), err))
				continue
			}
			names = append(names, name)
		}
	}
	return names, faults
}

// Names are the paths of the policies of a folder, for those who load each by
// itself; of what is no folder it is what was given. The error tells of the files of
// the folder that cannot be loaded, beside the names of the others.
func (l *Loader) Names(given string) ([]string, error) {
	files := l.Files
	if files == nil {
		files = system{}
	}
	info, err := fs.Stat(files, given)
	if IsText(given) || given == "-" || err != nil || !info.IsDir() {
		return []string{given}, nil
	}
	names, faults := l.policiesIn(files, given, given)
	if names == nil && faults == nil {
		return nil, l.unread(given, ErrNoPolicies)
	}
	for i := range names {
		names[i] = path.Join(given, names[i])
	}
	return names, errors.Join(faults...)
}

// ReadFile reads a regular file of at most limit bytes. The error of a larger one
// wraps [ErrTooLarge]. Where files is nil, it is a file of the operating system by
// the path that people write, and may be a pipe.
func ReadFile(files fs.FS, name string, limit int) ([]byte, error) {
	open := Open
	if _, own := files.(system); own || files == nil {
		files, open = system{}, fs.FS.Open
	}
	file, err := open(files, name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return ReadAll(file, limit)
}

// Open opens a regular file. To open a pipe would wait for its writer.
func Open(files fs.FS, name string) (fs.File, error) {
	if err := regular(files, name); err != nil {
		return nil, err
	}
	return files.Open(name)
}

// regular reports what is no regular file.
func regular(files fs.FS, name string) error {
	info, err := fs.Stat(files, name)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	return err
}

// ReadAll reads all, if that is not more than limit bytes; else the error wraps
// [ErrTooLarge].
func ReadAll(r io.Reader, limit int) ([]byte, error) {
	src, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err == nil && len(src) > limit {
		return nil, fmt.Errorf("%w: it has more than %d MiB", ErrTooLarge, limit>>20)
	}
	return src, err
}

// system has the files of the operating system by the paths that people write.
type system struct{}

func (system) Open(name string) (fs.File, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err // and not a nil *os.File in an fs.File
	}
	return file, nil
}

func (system) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

func (system) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }
