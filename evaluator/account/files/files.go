// Package files reads files and folders into an [account.Builder]: what the AWS CLI
// printed, what AWS Config recorded, the folders of iam-collect, CloudFormation and SAM
// templates, the cdk.out folder of the CDK, plans and states of Terraform, and any mix
// of these. Of a plan it is what will be when the
// plan is applied.
//
//	b := account.New()
//	err := files.Load(b, planned.Given{Account: "111122223333"}, "template.yaml")
//	snapshot, err := b.Build()
//
// Files are told apart by what they hold, and never by their names.
package files

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/awscli"
	"github.com/iamsim/iamsim/evaluator/account/awsconfig"
	"github.com/iamsim/iamsim/evaluator/account/cloudformation"
	"github.com/iamsim/iamsim/evaluator/account/collect"
	"github.com/iamsim/iamsim/evaluator/account/internal/plain"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/account/terraform"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/load"
	"github.com/iamsim/iamsim/policy/read"
)

// endingsRead are the endings of files that are read in a folder.
var endingsRead = [...]string{".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".yaml", ".yml", ".template"}

// Load reads files and folders into a Builder, with what is given of that which
// templates leave open. Of a folder it reads all files in it and below that end in
// .json, .jsonl, .ndjson, .yaml, .yml or .template; what begins with a dot is left
// out, and a cdk.out folder is read as its manifest says. It reports every file that
// could not be read; what the others have is in the Builder.
func Load(b *account.Builder, given planned.Given, paths ...string) error {
	l := newLoader(b, given)
	var faults []error
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil && info.IsDir() {
			faults = append(faults, l.within(p))
			continue
		}
		faults = append(faults, l.file(p, func() (fs.File, error) { return os.Open(p) }, false))
	}
	l.finish()
	return errors.Join(faults...)
}

// within reads a folder of the disk. Nothing outside of it can be reached, not even
// through a symbolic link.
func (l *loader) within(folder string) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	return l.folder(root.FS(), folder)
}

// LoadFS is [Load] for the files of a file system, such as an [embed.FS]: those of
// some names, or else all.
func LoadFS(b *account.Builder, given planned.Given, files fs.FS, names ...string) error {
	l := newLoader(b, given)
	var faults []error
	for _, name := range names {
		faults = append(faults, l.file(name, func() (fs.File, error) { return load.Open(files, name) }, false))
	}
	if names == nil {
		faults = append(faults, l.folder(files, ""))
	}
	l.finish()
	return errors.Join(faults...)
}

// Read is [Load] for one text, such as standard input. What of AWS's answers does not
// say what it is about, it takes from the name, as from that of a file.
func Read(b *account.Builder, given planned.Given, name string, src io.Reader) error {
	l := newLoader(b, given)
	err := l.read(name, src, false)
	l.finish()
	return err
}

// A loader has a reader for each form of files.
type loader struct {
	builder   *account.Builder
	given     planned.Given
	answers   *awscli.Reader
	recorded  *awsconfig.Reader
	templates *cloudformation.Reader
}

func newLoader(b *account.Builder, given planned.Given) *loader {
	given = given.Watched()
	return &loader{builder: b, given: given, answers: awscli.NewReader(b), recorded: awsconfig.NewReader(b), templates: cloudformation.NewReader(b, given)}
}

// finish has the readers do what waits until all is read.
func (l *loader) finish() {
	l.answers.Finish()
	l.recorded.Finish()
	l.templates.Finish()
	for _, origin := range l.given.Unasked() {
		l.builder.AddNote("a value is given of " + spelling.Quote(origin) + ", and nothing that was read asks for it")
	}
}

// A form is a kind of file, told by the members that it begins with.
type form struct {
	members []string // any of them
	read    func(l *loader, name string, src io.Reader) error
}

// forms are the kinds of files. What is none of them is an answer of AWS, or not
// known.
var forms = [...]form{
	{[]string{"format_version", "planned_values", "resource_changes", "terraform_version", "lineage", "@level"}, func(l *loader, name string, src io.Reader) error {
		plan, err := terraform.Read(name, src, l.given)
		if err == nil {
			plan.After(l.builder)
		}
		return err
	}},
	{[]string{"configurationItems", "baseConfigurationItems", "configurationItem", "configSnapshotId", "Results"}, func(l *loader, name string, src io.Reader) error {
		return l.recorded.Read(name, src)
	}},
	{[]string{"AWSTemplateFormatVersion", "Resources", "Transform", "Globals", "Mappings", "TemplateBody"}, func(l *loader, name string, src io.Reader) error {
		return l.templates.Read(name, src)
	}},
}

// folder reads a folder, which is shown in errors as people wrote it.
func (l *loader) folder(files fs.FS, shown string) error {
	var faults []error
	read := 0
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(entry.Name(), ".") && name != "."
		switch {
		case err != nil:
			return err
		case hidden && entry.IsDir():
			return fs.SkipDir
		case hidden:
			return nil
		case entry.IsDir():
			below, err := fs.Sub(files, name)
			if err != nil {
				return err
			}
			switch whole := filepath.Join(shown, name); {
			case cloudformation.IsAssembly(below):
				err = l.templates.Assembly(whole, below)
			case collect.Is(below):
				err = collect.Read(l.builder, whole, below)
			default:
				return nil
			}
			if read++; err != nil {
				faults = append(faults, err)
			}
			return fs.SkipDir
		case !slices.ContainsFunc(endingsRead[:], func(e string) bool { return strings.HasSuffix(name, e) }):
			return nil
		}
		read++
		if err := l.file(filepath.Join(shown, name), func() (fs.File, error) { return load.Open(files, name) }, true); err != nil {
			faults = append(faults, err)
		}
		return nil
	})
	if err == nil && read == 0 {
		err = fmt.Errorf("%s: no file here ends in %s", path.Join(shown, "."), strings.Join(endingsRead[:], ", "))
	}
	return errors.Join(append(faults, err)...)
}

// sniffed is how much of a file is looked at to tell what it is.
const sniffed = 1 << 20

// file reads one file. Of the YAML of a folder, what is no template is left out,
// which a note says.
func (l *loader) file(shown string, open func() (fs.File, error), inFolder bool) error {
	file, err := open()
	var at *fs.PathError
	if inFolder && errors.As(err, &at) {
		return &fs.PathError{Op: at.Op, Path: shown, Err: at.Err}
	}
	if err != nil {
		return err
	}
	defer file.Close()
	return l.read(shown, file, inFolder)
}

func (l *loader) read(shown string, src io.Reader, inFolder bool) error {
	text, err := plain.Text(src)
	if err != nil {
		return fmt.Errorf("%s: %w", shown, err)
	}
	in := bufio.NewReaderSize(text, sniffed)
	head, err := in.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", shown, err)
	}
	members, isJSON := membersOf(head)
	for _, f := range forms {
		if slices.ContainsFunc(members, func(m string) bool { return slices.Contains(f.members, m) }) {
			return f.read(l, shown, in)
		}
	}
	switch {
	case isJSON:
		return l.answers.Read(shown, in)
	case inFolder && len(members) > 0:
		l.builder.AddNote(shown + " is YAML, and no template: not read")
		return nil
	case len(members) > 0:
		return fmt.Errorf("%s is YAML, and no template: it has no Resources, but %s", shown, strings.Join(members[:min(len(members), 10)], ", "))
	}
	var known *policy.Error
	if _, err := read.Policy(shown, head); errors.As(err, &known) && known.Code == read.NotPolicy {
		return err // which says what it is
	}
	return l.answers.Read(shown, in) // which says what is wrong with it
}
