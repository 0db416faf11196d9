package house_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A change of the public API must show in review: it changes testdata/api.txt,
// which IAMSIM_UPDATE=1 writes anew.
func TestPublicAPI(t *testing.T) {
	var got strings.Builder
	for _, p := range listPackages(t) {
		if p.Name == "main" || slices.Contains(strings.Split(p.room(), "/"), "internal") || len(p.GoFiles) == 0 {
			continue
		}
		declared, err := exported(&p)
		require.NoError(t, err)
		fmt.Fprintf(&got, "# %s\n\n%s\n\n", p.ImportPath, strings.Join(declared, "\n"))
	}
	snapshot := filepath.Join("testdata", "api.txt")
	if updating() {
		require.NoError(t, os.WriteFile(snapshot, []byte(got.String()), 0o644))
	}
	want, err := os.ReadFile(snapshot)
	require.NoError(t, err)
	if string(want) == got.String() {
		return
	}
	before, after := strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")
	t.Errorf("the public API changed; if that is meant, write the snapshot: IAMSIM_UPDATE=1 go test ./internal/house\ngone:\n%s\nnew:\n%s",
		strings.Join(without(before, after), "\n"), strings.Join(without(after, before), "\n"))
}

// without are the lines that the others lack.
func without(lines, others []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return slices.Contains(others, line) })
}

// exported are the exported declarations of a package as Go source without
// comments and bodies, sorted.
func exported(p *listed) ([]string, error) {
	var declared []string
	fset := token.NewFileSet()
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		ast.FileExports(file)
		for _, declaration := range file.Decls {
			texts, err := sources(declaration)
			if err != nil {
				return nil, err
			}
			declared = append(declared, texts...)
		}
	}
	slices.Sort(declared)
	return declared, nil
}

// sources is the text of a declaration, one for each of a group of types or
// variables. Constants stay together: what iota makes of one depends on those
// before it.
func sources(declaration ast.Decl) ([]string, error) {
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil && !receiver(d).IsExported() {
			return nil, nil
		}
		d.Body = nil
	case *ast.GenDecl:
		if d.Tok == token.IMPORT {
			return nil, nil
		}
		if d.Tok != token.CONST && len(d.Specs) > 1 {
			var texts []string
			for _, spec := range d.Specs {
				one, err := sources(&ast.GenDecl{Tok: d.Tok, Specs: []ast.Spec{spec}})
				if err != nil {
					return nil, err
				}
				texts = append(texts, one...)
			}
			return texts, nil
		}
	}
	// A file set of its own leaves out where lines were broken and comments stood.
	var text bytes.Buffer
	config := printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}
	if err := config.Fprint(&text, token.NewFileSet(), declaration); err != nil {
		return nil, err
	}
	return []string{unexported.Replace(text.String())}, nil
}

// unexported shortens what the printer says of fields that it leaves out.
var unexported = strings.NewReplacer(
	" {\n\n}// contains filtered or unexported fields\n", "{ … }",
	"\n\n}// contains filtered or unexported fields\n", "\n\t…\n}",
)

func receiver(d *ast.FuncDecl) *ast.Ident {
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if generic, ok := t.(*ast.IndexExpr); ok {
		t = generic.X
	}
	return t.(*ast.Ident)
}
