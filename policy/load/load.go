package load

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
	"github.com/iamsim/iamsim/policy/read"
)

// A Policy is a policy that was loaded.
type Policy struct {
	// Attached has the document with its Name: the path as it was given, the name
	// of an AWS managed policy, "stdin", or "inline policy"; and the ARN of an AWS
	// managed policy.
	policy.Attached
	// Kind of the policy, where what the document was wrapped in says it; the zero
	// Kind: nothing does.
	Kind policy.Kind
	// Unwrapped is what was taken off to get at the document, from the outside in.
	Unwrapped []string
	// Text is what was read, with the lines and columns of the document.
	Text string
	// File says that the policy lies in a file, whose path the Name is.
	File bool
}

// A Loader loads policies, each file and each AWS managed policy once. The zero
// Loader reads files of the operating system. It is for one goroutine.
type Loader struct {
	// Files has the files, and nothing outside it is read; nil: those of the
	// operating system.
	Files fs.FS
	// Path of Files, which errors and explanations show before the names in it.
	Path string
	// Stdin is what "-" reads; nil: there is none.
	Stdin io.Reader
	// Of says whose policies they are, in the names of those that are given as
	// text; "" leaves it out.
	Of string
	// Within loads the policies of what has an address in a file of many: in an
	// account, a template or a plan, "plan.json#aws_iam_role.deploy". Nil: no address
	// is understood.
	Within func(files fs.FS, file, address string) ([]Policy, error)

	inline int
	loaded map[string]loaded
}

type loaded struct {
	policies []Policy
	err      error
}

// Load loads what is given: one policy, or those of a folder. The errors of what
// is in a policy are [policy.Errors]; of a folder all are joined.
func (l *Loader) Load(given string) ([]Policy, error) { return l.LoadFrom("", given) }

// LoadFrom is [Loader.Load] for paths that begin at a folder of Files.
func (l *Loader) LoadFrom(dir, given string) ([]Policy, error) {
	switch {
	case given == "":
		return nil, errors.New(`a policy is "": give the path of a file, a document, or the ARN or name of an AWS managed policy`)
	case IsText(given):
		p, err := l.text(l.nextInline(), []byte(given))
		return list(p, err)
	}
	key := given
	if !managed.IsARN(given) && given != "-" {
		key = path.Join(dir, given)
	}
	policies, err := l.once(key, func() ([]Policy, error) { return l.load(dir, given) })
	if len(policies) == 1 && policies[0].File {
		policies[0].Name = given // which another path to the file may have been before
	}
	return policies, err
}

// Managed is an AWS managed policy in a version, "v3"; "" is that of today.
func (l *Loader) Managed(p *managed.Policy, version string) (Policy, error) {
	policies, err := l.once(p.ARN()+" "+version, func() ([]Policy, error) {
		doc, err := p.Document(version)
		if err != nil {
			return nil, err
		}
		text, err := p.JSON(version)
		return []Policy{{Attached: policy.Attached{Name: p.Name(), ARN: p.ARN(), Document: doc}, Text: string(text)}}, err
	})
	if err != nil {
		return Policy{}, err
	}
	return policies[0], nil
}

// once loads what has not been loaded before. The caller owns the list.
func (l *Loader) once(key string, load func() ([]Policy, error)) ([]Policy, error) {
	was, known := l.loaded[key]
	if !known {
		was.policies, was.err = load()
		if l.loaded == nil {
			l.loaded = make(map[string]loaded)
		}
		l.loaded[key] = was
	}
	return slices.Clone(was.policies), was.err
}

// IsText reports whether a policy is given as its text, and not by a name.
func IsText(given string) bool {
	begin := strings.TrimLeft(given, " \t\r\n\ufeff")
	return begin != "" && strings.ContainsRune(`{["`, rune(begin[0])) || strings.HasPrefix(begin, "%7B") || strings.HasPrefix(begin, "%7b")
}

func list(p Policy, err error) ([]Policy, error) {
	if err != nil {
		return nil, err
	}
	return []Policy{p}, nil
}

func (l *Loader) nextInline() string {
	l.inline++
	name := "inline policy"
	if l.inline > 1 {
		name = fmt.Sprintf("inline policy %d", l.inline)
	}
	if l.Of != "" {
		name += " of " + l.Of
	}
	return name
}

// text loads a policy of which the text is there.
func (l *Loader) text(name string, src []byte) (Policy, error) {
	found, err := read.Policy(name, src)
	if err != nil {
		return Policy{}, err
	}
	return Policy{
		Attached: policy.Attached{Name: name, Document: found.Document},
		Kind:     found.Kind, Unwrapped: found.Unwrapped, Text: found.Text,
	}, nil
}

func (l *Loader) load(dir, given string) ([]Policy, error) {
	switch {
	case given == "-":
		return list(l.stdin())
	case managed.IsARN(given):
		p, err := managed.ByARN(given)
		if err != nil {
			return nil, err
		}
		loaded, err := l.Managed(p, "")
		loaded.ARN = given // of its own partition
		return list(loaded, err)
	}
	policies, err := l.file(dir, given)
	if !errors.Is(err, fs.ErrNotExist) {
		return policies, err
	}
	switch {
	case strings.HasPrefix(given, "arn:"):
		return nil, fmt.Errorf("the document of %s is known to its account alone: give the file that aws iam get-policy-version --policy-arn ARN --version-id VERSION writes", spelling.Quote(given))
	case strings.ContainsAny(given, `./\`):
		return nil, err
	}
	p, unknown := managed.ByName(given)
	if unknown != nil {
		return nil, fmt.Errorf("%w, and %w", err, unknown)
	}
	return list(l.Managed(p, ""))
}

func (l *Loader) stdin() (Policy, error) {
	if l.Stdin == nil {
		return Policy{}, errors.New("- is standard input, which is not for policies here: give a file")
	}
	src, err := ReadAll(l.Stdin, MaxSize)
	if err != nil {
		return Policy{}, fmt.Errorf("policy of standard input: %w", err)
	}
	return l.text("stdin", src)
}
