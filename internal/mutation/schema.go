package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/mutation/active"
)

// A schema is the source of packages with all their mutants in it.
type schema struct {
	mutants []*mutant         // that compile, by id - 1
	files   map[string]string // by the name of the file
}

// A source is a package as go list shows it.
type source struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
}

// schemaOf finds the mutants of the packages in folders below the current one.
func schemaOf(folders []string) (*schema, error) {
	patterns := []string{"list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles", active.Path}
	for _, f := range folders {
		patterns = append(patterns, "./"+f)
	}
	listed, err := exec.Command("go", patterns...).Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	top, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	exports, sources := make(map[string]string), make(map[string]source)
	for d := json.NewDecoder(bytes.NewReader(listed)); ; {
		var s source
		if err := d.Decode(&s); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		exports[s.ImportPath] = s.Export
		if folder, err := filepath.Rel(top, s.Dir); err == nil {
			sources[filepath.ToSlash(folder)] = s
		}
	}
	c := &checker{positions: token.NewFileSet()}
	c.importer = importer.ForCompiler(c.positions, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	all := &schema{files: make(map[string]string)}
	for _, folder := range folders {
		if err := all.addPackage(c, folder, sources[folder]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// A checker compiles packages as far as their types.
type checker struct {
	positions *token.FileSet
	importer  types.Importer
}

// check gives the trees of files and the types, and all faults of type.
func (c *checker) check(path string, names []string, texts map[string]string) ([]*ast.File, *types.Info, []types.Error, error) {
	var trees []*ast.File
	for _, name := range names {
		tree, err := parser.ParseFile(c.positions, name, texts[name], parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, nil, err
		}
		trees = append(trees, tree)
	}
	info := &types.Info{Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object)}
	var faults []types.Error
	config := types.Config{Importer: c.importer, Error: func(err error) {
		var fault types.Error
		if errors.As(err, &fault) {
			faults = append(faults, fault)
		}
	}}
	config.Check(path, c.positions, trees, info) //nolint:errcheck // the faults are collected
	return trees, info, faults, nil
}

// addPackage adds the mutants of a package that compile.
func (s *schema) addPackage(c *checker, folder string, p source) error {
	plain := make(map[string]string)
	var names []string
	for _, name := range p.GoFiles {
		text, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err != nil {
			return err
		}
		names = append(names, folder+"/"+name)
		plain[folder+"/"+name] = string(text)
	}
	if len(names) == 0 {
		return fmt.Errorf("%s has no Go files", folder)
	}
	trees, info, faults, err := c.check(p.ImportPath, names, plain)
	if err != nil {
		return err
	} else if len(faults) > 0 {
		return fmt.Errorf("%s does not compile: %w", folder, faults[0])
	}
	writers := make(map[string]*writer)
	for i, name := range names {
		f := &finder{source: plain[name], positions: c.positions, info: info, proto: mutant{folder: folder, file: name}}
		f.file(trees[i])
		writers[name] = newWriter(plain[name], trees[i], f.found)
	}
	for {
		id, with := len(s.mutants), make(map[string]string)
		for _, name := range names {
			with[name] = writers[name].file(&id)
		}
		_, _, faults, err := c.check(p.ImportPath, names, with)
		if err != nil {
			return err
		}
		if len(faults) == 0 {
			for _, name := range names {
				s.files[name] = with[name]
				s.mutants = append(s.mutants, writers[name].mutants...)
			}
			return nil
		}
		for _, fault := range faults {
			at := c.positions.Position(fault.Pos)
			if !writers[at.Filename].drop(at.Offset) {
				return fmt.Errorf("%s with its mutants: %w", folder, fault)
			}
		}
	}
}

// A writer writes a file with its mutants.
type writer struct {
	source  string
	imports map[string]string // names of packages in the file, by path
	at      int               // where the import stands
	mutants []*mutant         // outer ones first
	out     strings.Builder
	spans   map[*mutant]span // in what was written
}

func newWriter(source string, tree *ast.File, mutants []*mutant) *writer {
	w := &writer{source: source, imports: make(map[string]string), mutants: mutants}
	for _, i := range tree.Imports {
		path := strings.Trim(i.Path.Value, `"`)
		w.imports[path] = ""
		if i.Name != nil {
			w.imports[path] = i.Name.Name
		}
	}
	w.at = int(tree.Name.End() - tree.FileStart)
	slices.SortStableFunc(w.mutants, func(a, b *mutant) int {
		if a.from != b.from {
			return a.from - b.from
		} else if a.to != b.to {
			return b.to - a.to
		}
		return int(a.kind) - int(b.kind)
	})
	return w
}

// file is the text with the mutants, which get their numbers: those after *id.
func (w *writer) file(id *int) string {
	for _, m := range w.mutants {
		*id++
		m.id = *id
	}
	w.out.Reset()
	w.spans = make(map[*mutant]span)
	w.out.WriteString(w.source[:w.at] + active.Import)
	w.write(span{w.at, len(w.source)}, w.mutants)
	w.out.WriteString(active.Use)
	return w.out.String()
}

// write writes a part of the source with the mutants in it.
func (w *writer) write(part span, mutants []*mutant) {
	at := part.from
	for i := 0; i < len(mutants); {
		m := mutants[i]
		end := i + 1
		for end < len(mutants) && mutants[end].from < m.to {
			end++
		}
		w.out.WriteString(w.source[at:m.from])
		w.mutant(mutants[i:end])
		at, i = m.to, end
	}
	w.out.WriteString(w.source[at:part.to])
}

// mutant writes the first of mutants, and the others in it.
func (w *writer) mutant(mutants []*mutant) {
	m, inner := mutants[0], mutants[1:]
	from := w.out.Len()
	put := func(format string, args ...any) { fmt.Fprintf(&w.out, format, args...) }
	whole := span{m.from, m.to}
	switch m.kind {
	case negate:
		put("(active_.Is(%d) != (", m.id)
		w.write(whole, inner)
		put("))")
	case zero:
		put("active_.Zero%s(%d, ", w.typeOf(m.typ), m.id)
		w.write(whole, inner)
		put(")")
	case compare:
		symbol := m.op.String()
		put("(active_.Is(%d) && (%s%s%s) || !active_.Is(%d) && (", m.id,
			w.source[m.from:m.opAt], operators[m.op], w.source[m.opAt+len(symbol):m.to], m.id)
		w.write(whole, inner)
		put("))")
	case compute:
		put("active_.%s%s(%d, ", map[token.Token]string{token.ADD: "Add", token.SUB: "Sub", token.MUL: "Mul", token.AND: "And",
			token.OR: "Or", token.AND_NOT: "AndNot", token.SHL: "Shl", token.SHR: "Shr"}[m.op], w.typeOf(m.typ), m.id)
		split := slices.IndexFunc(inner, func(o *mutant) bool { return o.from >= m.y.from })
		if split < 0 {
			split = len(inner)
		}
		w.write(m.x, inner[:split])
		put(", ")
		w.write(m.y, inner[split:])
		put(")")
	case next:
		put("active_.Next%s(%d, ", w.typeOf(m.typ), m.id)
		w.write(whole, inner)
		put(")")
	case remove:
		put("if !active_.Is(%d) { ", m.id)
		w.write(whole, inner)
		put(" }")
	}
	w.spans[m] = span{from, w.out.Len()}
}

// typeOf is a type between brackets, or nothing where the file can not name it.
func (w *writer) typeOf(t types.Type) string {
	named := true
	text := types.TypeString(t, func(p *types.Package) string {
		if p.Path() == w.mutants[0].path() {
			return ""
		}
		name, ok := w.imports[p.Path()]
		named = named && ok
		if name == "" {
			name = p.Name()
		}
		return name
	})
	if basic, ok := t.(*types.Basic); !named || ok && basic.Info()&types.IsUntyped != 0 {
		return ""
	}
	return "[" + text + "]"
}

func (m *mutant) path() string {
	return strings.TrimSuffix(active.Path, "internal/mutation/active") + m.folder
}

// drop takes away the innermost mutant at a byte of the text that was written.
func (w *writer) drop(at int) bool {
	best := -1
	for i, m := range w.mutants {
		if s := w.spans[m]; s.from <= at && at < s.to && (best < 0 || s.to-s.from < w.spans[w.mutants[best]].to-w.spans[w.mutants[best]].from) {
			best = i
		}
	}
	for i, m := range w.mutants { // or the next one: a fault of an expression stands at its start
		if s := w.spans[m]; best < 0 && s.from >= at && s.from < at+80 {
			best = i
		}
	}
	if best < 0 {
		return false
	}
	delete(w.spans, w.mutants[best])
	w.mutants = slices.Delete(w.mutants, best, best+1)
	return true
}
