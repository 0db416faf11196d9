package scenario

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/iamsim/iamsim/policy/load"
)

// maxSize is the size, 64 MiB, above which a file or a line of JSON lines is
// refused.
const maxSize = 64 << 20

// A Reader reads scenarios from the disk.
type Reader struct {
	// Stdin is what "-" reads; nil: it is empty.
	Stdin io.Reader
	// Root is the folder out of which no policy is read, and in which all
	// scenarios lie: they name policies beside and above them, "../deployer.json".
	// "" is for each path the folder that was given, or that of the file.
	Root string
	// Within loads the policies of what has an address in a file of many, such as
	// "plan.json#aws_iam_role.deploy"; see [load.Loader]. Nil: no address is
	// understood.
	Within func(files fs.FS, file, address string) ([]load.Policy, error)
}

// Files are the scenarios of files, of folders with all that is below them, and
// of standard input for "-", in the order of the paths. It yields every
// scenario with a nil error, or one with no more than its name and place, and
// why it could not be read: an [*Error] or a [*policy.Error], or several joined.
// One that could not be read never stops the others.
//
// A file that ends in ".jsonl" has one scenario a line. One that ends in
// ".json" is one scenario or a suite. Standard input, and a file with any other
// name, is one document where that begins on a line on which it does not end;
// else it has JSON lines.
//
// In a folder, files that end in ".json" or ".jsonl" are read, in the order of
// their names; a policy among them is passed over, and so are folders whose
// names begin with a dot. Any other file that is no scenario is an error, and so
// is a folder, a suite or a file without any.
//
// The paths of policies begin at the folder of the scenario's file (for standard
// input the working directory) and stay within the Root, never through a link
// that leads out.
func (r *Reader) Files(paths ...string) iter.Seq2[*Scenario, error] {
	return func(yield func(*Scenario, error) bool) {
		for _, p := range paths {
			if !r.path(p, yield) {
				return
			}
		}
	}
}

// Files is [Reader.Files] without a root.
func Files(stdin io.Reader, paths ...string) iter.Seq2[*Scenario, error] {
	r := &Reader{Stdin: stdin}
	return r.Files(paths...)
}

// FS reads scenarios like [Files], from files and folders of a file system:
// embedded ones, or a test's.
func FS(fsys fs.FS, paths ...string) iter.Seq2[*Scenario, error] {
	return func(yield func(*Scenario, error) bool) {
		for _, p := range paths {
			if !readFS(fsys, p, yield) {
				return
			}
		}
	}
}

// Stream reads scenarios like [Files] from standard input. The name stands in
// errors; policies are read from the file system, which may be nil.
func Stream(name string, r io.Reader, policies fs.FS) iter.Seq2[*Scenario, error] {
	return func(yield func(*Scenario, error) bool) {
		if policies == nil {
			policies = nowhere{}
		}
		stream(name, r, &folder{policies: &load.Loader{Files: policies}, dir: "."}, yield)
	}
}

func (r *Reader) path(name string, yield func(*Scenario, error) bool) bool {
	shown, dir := filepath.ToSlash(name), filepath.Dir(name)
	var info fs.FileInfo
	if name == "-" {
		shown, dir = "stdin", "."
	} else {
		var err error
		if info, err = os.Stat(name); err != nil {
			return unreadable(shown, err, yield)
		}
		if info.IsDir() {
			dir = name
		}
	}
	around, err := r.around(dir)
	if err != nil {
		return unreadable(shown, err, yield)
	}
	defer around.close()
	switch {
	case info == nil && r.Stdin == nil:
		return stream(shown, strings.NewReader(""), around.folder("."), yield)
	case info == nil:
		return stream(shown, r.Stdin, around.folder("."), yield)
	case info.IsDir():
		given, err := os.OpenRoot(name)
		if err != nil {
			return unreadable(shown, err, yield)
		}
		defer given.Close()
		return walk(given.FS(), ".", shown, around, yield)
	}
	// The user named the file itself, which may be a link to anywhere; only its
	// policies must lie in the root.
	file, err := os.Open(name)
	if err != nil {
		return unreadable(shown, err, yield)
	}
	defer file.Close()
	return readNamed(shown, file, around.folder("."), false, yield)
}

func readFS(fsys fs.FS, name string, yield func(*Scenario, error) bool) bool {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return unreadable(name, err, yield)
	}
	dir := path.Dir(name)
	if info.IsDir() {
		dir = name
	}
	around, err := rootOf(fsys, dir, dir)
	if err != nil {
		return unreadable(name, err, yield)
	}
	if info.IsDir() {
		return walk(fsys, name, name, around, yield)
	}
	file, err := fsys.Open(name)
	if err != nil {
		return unreadable(name, err, yield)
	}
	defer file.Close()
	return readNamed(name, file, around.folder("."), false, yield)
}

// walk reads the scenarios in a folder and below it.
func walk(fsys fs.FS, dir, shown string, around *root, yield func(*Scenario, error) bool) bool {
	count := 0
	each := yield
	yield = func(s *Scenario, err error) bool {
		count++
		return each(s, err)
	}
	err := fs.WalkDir(fsys, dir, func(name string, entry fs.DirEntry, err error) error {
		within := strings.TrimPrefix(strings.TrimPrefix(name, dir), "/")
		if name == dir {
			within = ""
		} else if dir == "." {
			within = name
		}
		at := path.Join(shown, within)
		extension := path.Ext(name)
		more := true
		switch {
		case err != nil:
			more = unreadable(at, err, yield)
		case entry.IsDir():
			if within != "" && strings.HasPrefix(entry.Name(), ".") {
				return fs.SkipDir
			}
		case extension == ".json" || extension == ".jsonl":
			src, err := load.ReadFile(fsys, name, maxSize)
			if err != nil {
				more = unreadable(at, err, yield)
				break
			}
			more = readNamed(at, bytes.NewReader(src), around.folder(path.Dir(within)), true, yield)
		}
		if !more {
			return fs.SkipAll
		}
		return nil
	})
	return err == nil && (count > 0 || unreadable(shown, errNoScenario, yield))
}

var errNoScenario = errors.New("has no scenario in it")

// unreadable yields an error in the place of what could not be read.
func unreadable(name string, err error, yield func(*Scenario, error) bool) bool {
	reason := err
	var at *fs.PathError
	if errors.As(err, &at) {
		reason = at.Err // without the path, which the name is
	}
	return yield(&Scenario{Name: name, File: name}, &Error{File: name, Message: reason.Error(), err: err})
}

// readNamed chooses how to read by the name.
func readNamed(name string, r io.Reader, around *folder, inFolder bool, yield func(*Scenario, error) bool) bool {
	switch path.Ext(name) {
	case ".jsonl":
		return lines(name, bufio.NewReader(r), 1, around, yield)
	case ".json":
		return document(name, r, 1, around, inFolder, yield)
	}
	return stream(name, r, around, yield)
}

// document reads one scenario or suite, which begins on a line.
func document(name string, r io.Reader, number int, around *folder, inFolder bool, yield func(*Scenario, error) bool) bool {
	src, err := io.ReadAll(io.LimitReader(r, maxSize+1))
	switch {
	case err != nil:
		return unreadable(name, err, yield)
	case len(src) > maxSize:
		return unreadable(name, errTooLarge, yield)
	}
	d := decoder{text: &text{file: name, json: string(src), begins: number}, folder: around}
	return d.document(inFolder, yield)
}

var errTooLarge = fmt.Errorf("is larger than %d MiB", maxSize>>20)

// stream reads one document, or JSON lines where the first line is complete.
func stream(name string, r io.Reader, around *folder, yield func(*Scenario, error) bool) bool {
	in := bufio.NewReader(r)
	for number := 1; ; number++ {
		line, err := readLine(in)
		if err != nil && err != io.EOF {
			return unreadable(name, err, yield)
		}
		blank := len(bytes.TrimSpace(line)) == 0
		if blank && err == nil {
			continue
		}
		rest := io.MultiReader(bytes.NewReader(line), in)
		if !blank && !begins(line) {
			return lines(name, bufio.NewReader(rest), number, around, yield)
		}
		return document(name, rest, number, around, false, yield)
	}
}

// begins reports whether a line begins JSON that it does not end.
func begins(line []byte) bool {
	var v json.RawMessage
	return errors.Is(json.NewDecoder(bytes.NewReader(line)).Decode(&v), io.ErrUnexpectedEOF)
}

// lines reads one scenario a line; blank lines are passed over.
func lines(name string, in *bufio.Reader, number int, around *folder, yield func(*Scenario, error) bool) bool {
	for blank := true; ; number++ {
		line, err := readLine(in)
		if err != nil && err != io.EOF {
			return unreadable(name, err, yield)
		}
		if len(bytes.TrimSpace(line)) > 0 {
			d := decoder{
				text:   &text{file: name, json: string(bytes.TrimRight(line, "\r\n")), begins: number},
				folder: around,
			}
			if !d.line(yield) {
				return false
			}
			blank = false
		}
		if err == io.EOF {
			return !blank || unreadable(name, errNoScenario, yield)
		}
	}
}

// line yields the scenario of one line.
func (d *decoder) line(yield func(*Scenario, error) bool) bool {
	name := fmt.Sprintf("%s:%d", d.file, d.begins)
	v, err := d.parse()
	if err != nil {
		return yield(&Scenario{Name: name, File: d.file, Line: d.begins, Column: 1}, err)
	}
	return d.each(v, "", name, Scenario{}, yield)
}

// readLine reads a line with its end. Its memory is bounded.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxSize {
			return nil, errTooLarge
		}
		if err != bufio.ErrBufferFull {
			return line, err
		}
	}
}
