package planted

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/iamsim/iamsim/internal/mutation/active"
)

// A Mistake is an exact text, which a file has once, and what stands there instead.
// The file is named as seen from the top of the module.
type Mistake struct{ File, Text, Instead string }

// In is the mistake in a file that stands in the place of a text.
func In(file, text, instead string) Mistake { return Mistake{file, text, instead} }

// A Source is the module with mistakes in it, none of which is made unless a run
// asks for it. So one build of a package's tests serves the mistakes within
// functions: such a function has two bodies. The others take a build each. A Source
// is for one goroutine.
type Source struct {
	root, scratch string
	plain         map[string]string // files that get mistakes
	numbers       map[Mistake]int   // of those within functions, from 1
	programs      map[string]string // tests that are built, by package
}

// New plants mistakes. It builds nothing yet, and keeps its files in a folder.
func New(ctx context.Context, scratch string, mistakes ...Mistake) (*Source, error) {
	root, err := execute(ctx, time.Minute, "", nil, "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return nil, fmt.Errorf("no module: %w\n%s", err, root)
	}
	s := &Source{strings.TrimSpace(root), scratch, make(map[string]string), make(map[Mistake]int), make(map[string]string)}
	with := make(map[string]string)
	for _, m := range mistakes {
		text, ok := s.plain[m.File]
		if !ok {
			read, err := os.ReadFile(filepath.Join(s.root, filepath.FromSlash(m.File)))
			if err != nil {
				return nil, err
			}
			text = string(read)
			s.plain[m.File] = text
		}
		if n := strings.Count(text, m.Text); n != 1 {
			return nil, fmt.Errorf("%s must have this text once, and has it %d times: %s", m.File, n, m.Text)
		}
	}
	for file, text := range s.plain {
		if with[file], err = s.twoBodies(file, text, mistakes); err != nil {
			return nil, err
		}
	}
	return s, s.overlay("all", with)
}

// twoBodies is a file with its mistakes within functions.
func (s *Source) twoBodies(file, text string, mistakes []Mistake) (string, error) {
	tree, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	offset := func(p token.Pos) int { return int(p - tree.FileStart) }
	insert := map[int]string{offset(tree.Name.End()): active.Import}
	for _, m := range mistakes {
		if m.File != file || s.numbers[m] != 0 {
			continue
		}
		at := strings.Index(text, m.Text)
		function := functionAround(tree, at, at+len(m.Text))
		if function == nil {
			continue
		}
		s.numbers[m] = len(s.numbers) + 1
		from, to := offset(function.Body.Lbrace)+1, offset(function.Body.Rbrace)
		end := ""
		if function.Type.Results == nil {
			end = "\nreturn\n"
		}
		insert[from] += fmt.Sprintf("if active_.Is(%d) {", s.numbers[m]) + text[from:at] + m.Instead + text[at+len(m.Text):to] + end + "}\n"
	}
	var b strings.Builder
	at := 0
	for _, place := range slices.Sorted(maps.Keys(insert)) {
		b.WriteString(text[at:place] + insert[place])
		at = place
	}
	return b.String() + text[at:] + active.Use, nil
}

// functionAround is the function whose body has a part of the text; nil if none
// has, or if the body cannot stand there twice since it has labels.
func functionAround(tree *ast.File, from, to int) *ast.FuncDecl {
	for _, d := range tree.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil || int(f.Body.Lbrace-tree.FileStart) >= from || int(f.Body.Rbrace-tree.FileStart) < to {
			continue
		}
		for n := range ast.Preorder(f.Body) {
			if _, label := n.(*ast.LabeledStmt); label {
				return nil
			}
		}
		return f
	}
	return nil
}

// overlay writes files that stand in the place of others, and tells the go command
// of them.
func (s *Source) overlay(name string, files map[string]string) error {
	return Overlay(filepath.Join(s.scratch, name), s.root, files)
}

// Overlay writes files that stand in the place of others below the top of a module,
// and what go build -overlay wants to know of them: name.json. Both begin with the
// name.
func Overlay(name, root string, files map[string]string) error {
	replace := make(map[string]string)
	for file, text := range files {
		as := name + "+" + strings.ReplaceAll(file, "/", "+")
		if err := os.WriteFile(as, []byte(text), 0o600); err != nil {
			return err
		}
		replace[filepath.Join(root, filepath.FromSlash(file))] = as
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	return os.WriteFile(name+".json", text, 0o600)
}

// build builds the tests of a package with an overlay.
func (s *Source) build(ctx context.Context, of, overlay string) (program string, err error) {
	program = filepath.Join(s.scratch, overlay+"+"+strings.ReplaceAll(of, "/", "+")+".exe")
	output, err := execute(ctx, buildTime, s.root, nil, "go", "test", "-c", "-vet=off", "-ldflags=-s -w", "-o", program,
		"-overlay", filepath.Join(s.scratch, overlay+".json"), "./"+of)
	if err != nil {
		return "", fmt.Errorf("%s %w: %w\n%s", of, ErrNotBuilt, err, output)
	}
	return program, nil
}

// tests are the tests of a package that can make a mistake, and what the
// environment must say so that they do.
func (s *Source) tests(ctx context.Context, of string, m *Mistake) (program string, environment []string, err error) {
	if m != nil && s.numbers[*m] == 0 {
		text, ok := s.plain[m.File]
		if !ok {
			return "", nil, fmt.Errorf("%s has no such mistake: %s", m.File, m.Text)
		}
		if err := s.overlay("one", map[string]string{m.File: strings.Replace(text, m.Text, m.Instead, 1)}); err != nil {
			return "", nil, err
		}
		program, err = s.build(ctx, of, "one")
		return program, nil, err
	}
	program, ok := s.programs[of]
	if !ok {
		if program, err = s.build(ctx, of, "all"); err != nil {
			return "", nil, err
		}
		s.programs[of] = program
	}
	if m != nil {
		environment = []string{fmt.Sprintf("%s=%d", active.Variable, s.numbers[*m])}
	}
	return program, environment, nil
}
