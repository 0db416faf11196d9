package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A doc comment begins with the name of what it documents, or with an article
// before it, so that a reader who searches for the name finds it. A group of
// constants or variables may have a comment for all.
func TestADocCommentBeginsWithItsName(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, name := range p.GoFiles {
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
			require.NoError(t, err)
			for _, d := range documented(file) {
				place := fset.Position(d.at)
				assert.True(t, beginsWith(d.text, d.name), "%s/%s:%d: the comment on %s begins otherwise: %s",
					p.room(), name, place.Line, d.name, strings.SplitN(d.text, "\n", 2)[0])
			}
		}
	}
}

// commented is a declaration with a doc comment.
type commented struct {
	name, text string
	at         token.Pos
}

// documented are the functions, methods, types, constants and variables of a
// file that have a doc comment of their own.
func documented(file *ast.File) []commented {
	var found []commented
	add := func(doc *ast.CommentGroup, name *ast.Ident) {
		if doc != nil && doc.Text() != "" && name.Name != "_" {
			found = append(found, commented{name.Name, doc.Text(), name.Pos()})
		}
	}
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			add(d.Doc, d.Name)
		case *ast.GenDecl:
			alone := !d.Lparen.IsValid()
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					if alone {
						add(d.Doc, s.Name)
					}
					add(s.Doc, s.Name)
				case *ast.ValueSpec:
					if alone && len(s.Names) == 1 {
						add(d.Doc, s.Names[0])
					}
				}
			}
		}
	}
	return found
}

// beginsWith reports whether a comment begins with the name, or with an article
// and the name.
func beginsWith(text, name string) bool {
	words := strings.Fields(text)
	if len(words) > 1 && slices.Contains([]string{"A", "An", "The"}, words[0]) {
		words = words[1:]
	}
	first := strings.TrimRight(words[0], ",.:;'")
	return strings.TrimSuffix(first, "'s") == name
}
