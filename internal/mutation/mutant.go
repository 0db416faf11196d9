package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

// A mutant is one change of one file.
type mutant struct {
	folder, file string // seen from the top of the module
	function     string
	line         int
	from, to     int // bytes of the file that the change is about
	kind         kind
	typ          types.Type // of the value
	op           token.Token
	opAt         int // byte of the operator
	x, y         span
	before       string // the first of the lines, without and with the change
	after        string
	id           int // among all mutants; 0 where the change does not compile
}

// A span are bytes of a file.
type span struct{ from, to int }

// A kind is a way to change source.
type kind uint8

const (
	negate  kind = iota // a condition turns round
	zero                // a result is the zero value
	compare             // another comparison, or && for || and || for &&
	compute             // another arithmetic operator
	next                // a number grows by one
	remove              // a statement goes
)

// operators are what stands in the place of an operator.
var operators = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.LAND: token.LOR, token.LOR: token.LAND, token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO,
	token.AND: token.OR, token.OR: token.AND, token.AND_NOT: token.AND, token.SHL: token.SHR, token.SHR: token.SHL,
}

// A finder finds the mutants of a file.
type finder struct {
	source    string
	positions *token.FileSet
	info      *types.Info
	found     []*mutant
	proto     mutant
	results   []*types.Tuple // of the functions around
}

func (f *finder) file(tree *ast.File) {
	for _, d := range tree.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Body == nil {
				continue
			}
			f.proto.function = d.Name.Name
			if d.Recv != nil {
				f.proto.function = strings.TrimLeft(types.ExprString(d.Recv.List[0].Type), "*") + "." + d.Name.Name
			}
			f.function(d.Body, f.info.Defs[d.Name].Type().(*types.Signature))
		case *ast.GenDecl:
			for _, s := range d.Specs {
				v, ok := s.(*ast.ValueSpec)
				if !ok {
					continue
				}
				f.proto.function = v.Names[0].Name
				ast.Inspect(v, func(n ast.Node) bool {
					if l, ok := n.(*ast.FuncLit); ok {
						f.function(l.Body, f.info.TypeOf(l).(*types.Signature))
						return false
					}
					return true
				})
			}
		}
	}
}

func (f *finder) function(body *ast.BlockStmt, signature *types.Signature) {
	f.results = append(f.results, signature.Results())
	ast.Inspect(body, f.node)
	f.results = f.results[:len(f.results)-1]
}

func (f *finder) node(n ast.Node) bool {
	if e, ok := n.(ast.Expr); ok && f.isSum(e) {
		f.add(n, next, nil, f.text(f.span(n))+"+1").typ = f.info.TypeOf(e)
		return false
	}
	switch n := n.(type) {
	case *ast.FuncLit:
		f.function(n.Body, f.info.TypeOf(n).(*types.Signature))
		return false
	case *ast.GenDecl:
		return n.Tok == token.VAR // constants stay constant
	case *ast.ArrayType:
		return false
	case *ast.CallExpr:
		return f.call(n)
	case *ast.BinaryExpr:
		f.binary(n)
	case *ast.IfStmt:
		f.condition(n.Cond)
	case *ast.BlockStmt:
		f.statements(n.List)
	case *ast.CaseClause:
		for _, e := range n.List {
			if b, ok := e.(*ast.BinaryExpr); ok && (b.Op == token.LAND || b.Op == token.LOR) {
				f.condition(e)
			}
		}
		f.statements(n.Body)
	case *ast.CommClause:
		f.statements(n.Body)
	case *ast.BasicLit:
		if n.Kind == token.INT {
			f.add(n, next, nil, n.Value+"+1").typ = f.info.TypeOf(n)
		}
	case *ast.Ident:
		if v := f.info.Types[n]; v.Value != nil && (n.Name == "true" || n.Name == "false") && isBool(v.Type) {
			f.add(n, negate, nil, map[string]string{"true": "false", "false": "true"}[n.Name])
		}
	case *ast.ReturnStmt:
		f.returns(n)
	}
	return true
}

// isSum reports whether a number is computed of numbers that have no type of their
// own, such as -1: then the whole of it grows, and not its parts.
func (f *finder) isSum(e ast.Expr) bool {
	if v := f.info.Types[e]; v.Value == nil || v.Value.Kind() != constant.Int || isLiteral(e) {
		return false
	}
	whole := false
	ast.Inspect(e, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok {
			basic, ok := f.info.TypeOf(l).(*types.Basic)
			whole = whole || ok && basic.Info()&types.IsUntyped != 0
		}
		_, negative := n.(*ast.UnaryExpr)
		whole = whole || negative
		return true
	})
	return whole
}

// call leaves out what is a matter of speed alone: capacities, and how much of a
// budget is spent.
func (f *finder) call(n *ast.CallExpr) bool {
	name := types.ExprString(n.Fun)
	if strings.HasSuffix(name, ".Grow") || strings.HasSuffix(name, ".spend") {
		return false
	}
	if name == "make" && len(n.Args) > 1 {
		if _, isMap := f.info.TypeOf(n.Args[0]).Underlying().(*types.Map); !isMap {
			ast.Inspect(n.Args[1], f.node)
		}
		return false
	}
	return true
}

func (f *finder) binary(n *ast.BinaryExpr) {
	other, ok := operators[n.Op]
	v := f.info.Types[n]
	if !ok || v.Value != nil {
		return
	}
	k := compare
	if !isBool(v.Type) {
		k = compute
		if basic, ok := v.Type.Underlying().(*types.Basic); ok && basic.Info()&types.IsString != 0 {
			return
		}
	}
	at := f.positions.Position(n.OpPos).Offset
	m := f.add(n, k, &span{at, at + len(n.Op.String())}, other.String())
	m.typ, m.op, m.opAt, m.x, m.y = v.Type, n.Op, at, f.span(n.X), f.span(n.Y)
}

// condition turns a condition round, where another comparison does not.
func (f *finder) condition(e ast.Expr) {
	switch b := e.(type) {
	case *ast.BinaryExpr:
		if b.Op == token.EQL || b.Op == token.NEQ {
			return
		}
	case *ast.Ident:
		if b.Name == "true" || b.Name == "false" {
			return
		}
	}
	f.add(e, negate, nil, "!("+f.text(f.span(e))+")")
}

func (f *finder) returns(n *ast.ReturnStmt) {
	results := f.results[len(f.results)-1]
	if len(n.Results) != results.Len() {
		return
	}
	for i, e := range n.Results {
		v := f.info.Types[e]
		switch {
		case isBool(results.At(i).Type()):
			f.condition(e)
		case v.IsNil() || v.Value != nil && strings.Trim(v.Value.ExactString(), `"0`) == "":
		case isLiteral(e), isEmpty(e):
		default:
			f.add(e, zero, nil, "zero").typ = results.At(i).Type()
		}
	}
}

func isLiteral(e ast.Expr) bool {
	l, ok := e.(*ast.BasicLit)
	return ok && l.Kind == token.INT
}

// isEmpty reports whether an expression is T{}: zero by itself where T is a struct.
func isEmpty(e ast.Expr) bool {
	l, ok := e.(*ast.CompositeLit)
	return ok && len(l.Elts) == 0
}

func isBool(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsBoolean != 0
}

// statements removes statements of a block. What a loop does after each round
// stays: without it no loop ends.
func (f *finder) statements(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt:
			if !strings.HasSuffix(strings.SplitN(f.text(f.span(s)), "(", 2)[0], ".Grow") {
				f.add(s, remove, nil, "")
			}
		case *ast.IncDecStmt:
			f.add(s, remove, nil, "")
		case *ast.AssignStmt:
			if blank, ok := s.Lhs[0].(*ast.Ident); s.Tok != token.DEFINE && (!ok || blank.Name != "_" || len(s.Lhs) > 1) {
				f.add(s, remove, nil, "")
			}
		case *ast.BranchStmt:
			if s.Label == nil && s.Tok == token.CONTINUE {
				f.add(s, remove, nil, "")
			}
		}
	}
}

func (f *finder) span(n ast.Node) span {
	return span{f.positions.Position(n.Pos()).Offset, f.positions.Position(n.End()).Offset}
}

func (f *finder) text(s span) string { return f.source[s.from:s.to] }

// add makes a mutant of a node, of which the part is shown as after; nil is the whole.
func (f *finder) add(n ast.Node, k kind, part *span, after string) *mutant {
	m := f.proto
	at := f.span(n)
	m.from, m.to, m.kind, m.line = at.from, at.to, k, f.positions.Position(n.Pos()).Line
	if part == nil {
		part = &at
	}
	m.before, m.after = f.lines(*part, f.text(*part)), f.lines(*part, after)
	f.found = append(f.found, &m)
	return &m
}

// lines is the source around a part, from the start of its line to the end of it,
// with another text in the place of the part; spaces are made one.
func (f *finder) lines(part span, text string) string {
	from := strings.LastIndexByte(f.source[:part.from], '\n') + 1
	to := len(f.source)
	if end := strings.IndexByte(f.source[part.to:], '\n'); end >= 0 {
		to = part.to + end
	}
	words := strings.Join(strings.Fields(f.source[from:part.from]+text+f.source[part.to:to]), " ")
	if words == "" {
		words = "nothing"
	}
	return words
}
