package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// A mutant is one change of one file.
type mutant struct {
	folder, file string // seen from the top of the module
	line, column int
	from, to     int // bytes of the file that are replaced
	before       string
	after        string
}

func (m mutant) String() string {
	after := m.after
	if after == "" {
		after = "nothing"
	}
	return fmt.Sprintf("%s:%d:%d: %s → %s", m.file, m.line, m.column, short(m.before), short(after))
}

func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 60 {
		text = text[:60] + "…"
	}
	return text
}

func (m mutant) compare(o mutant) int {
	return cmp.Or(strings.Compare(m.file, o.file), cmp.Compare(m.from, o.from), strings.Compare(m.after, o.after))
}

// apply is the source with the change.
func (m *mutant) apply(source string) (string, error) {
	if m.to > len(source) || source[m.from:m.to] != m.before {
		return "", fmt.Errorf("%s has changed since it was read", m.file)
	}
	return source[:m.from] + m.after + source[m.to:], nil
}

// mutantsOf are all mutants of packages, which are folders below the current one.
func mutantsOf(folders []string) ([]mutant, error) {
	var all []mutant
	for _, folder := range folders {
		folder = path.Clean(filepath.ToSlash(folder))
		files, err := filepath.Glob(filepath.Join(filepath.FromSlash(folder), "*.go"))
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("%s has no Go files", folder)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			found, err := mutantsIn(folder, filepath.ToSlash(file), string(source))
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
	}
	return all, nil
}

// operators are what stands in the place of an operator.
var operators = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.LAND: token.LOR, token.LOR: token.LAND, token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO,
	token.AND: token.OR, token.OR: token.AND, token.AND_NOT: token.AND, token.SHL: token.SHR, token.SHR: token.SHL,
}

// mutantsIn are the mutants of a file's functions.
func mutantsIn(folder, file, source string) ([]mutant, error) {
	positions := token.NewFileSet()
	tree, err := parser.ParseFile(positions, file, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var found []mutant
	add := func(from, to token.Pos, after string) {
		at := positions.Position(from)
		m := mutant{folder: folder, file: file, line: at.Line, column: at.Column, from: at.Offset, to: positions.Position(to).Offset, after: after}
		m.before = source[m.from:m.to]
		found = append(found, m)
	}
	text := func(n ast.Node) string {
		return source[positions.Position(n.Pos()).Offset:positions.Position(n.End()).Offset]
	}
	for _, d := range tree.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if other, ok := operators[n.Op]; ok {
					add(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), other.String())
				}
			case *ast.IfStmt:
				add(n.Cond.Pos(), n.Cond.End(), "!("+text(n.Cond)+")")
			case *ast.CaseClause:
				for _, e := range n.List {
					if b, ok := e.(*ast.BinaryExpr); ok && (b.Op == token.LAND || b.Op == token.LOR) {
						add(e.Pos(), e.End(), "!("+text(e)+")")
					}
				}
			case *ast.BasicLit:
				if value, err := strconv.Atoi(n.Value); n.Kind == token.INT && err == nil {
					add(n.Pos(), n.End(), strconv.Itoa(value+1))
				}
			case *ast.Ident:
				switch n.Name {
				case "true":
					add(n.Pos(), n.End(), "false")
				case "false":
					add(n.Pos(), n.End(), "true")
				}
			case *ast.ReturnStmt:
				if len(n.Results) == 1 && isCondition(n.Results[0]) {
					add(n.Results[0].Pos(), n.Results[0].End(), "!("+text(n.Results[0])+")")
				}
			case *ast.ExprStmt, *ast.IncDecStmt:
				add(n.Pos(), n.End(), "")
			case *ast.AssignStmt:
				if n.Tok != token.DEFINE {
					add(n.Pos(), n.End(), "")
				}
			case *ast.BranchStmt:
				if n.Label == nil && n.Tok == token.CONTINUE {
					add(n.Pos(), n.End(), "")
				}
			}
			return true
		})
	}
	return found, nil
}

// isCondition reports whether an expression is surely a bool.
func isCondition(e ast.Expr) bool {
	b, ok := e.(*ast.BinaryExpr)
	if !ok {
		u, ok := e.(*ast.UnaryExpr)
		return ok && u.Op == token.NOT
	}
	switch b.Op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ, token.LAND, token.LOR:
		return true
	}
	return false
}
