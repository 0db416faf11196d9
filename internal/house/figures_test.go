package house_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The slots of the policies of a request. A declaration (a function, a type, a
// group of constants, one variable) enumerates them if it names at least five of
// the seven, as identifiers or texts of their own: "SCPs", "policy.SCPLayer" and
// `"scp"` name one, "RoleSession" and "the resource" do not.
var slotNames = []string{"identity", "boundary", "session", "scp", "rcp", "resource", "endpoint"}

// mostEnumerations is how many declarations may enumerate the slots; each is one
// more place to change where there is a new layer.
const mostEnumerations = 12

// TestFigures prints how large the product is, with -v, and holds down what must
// not grow.
func TestFigures(t *testing.T) {
	lines, rooms := 0, 0
	var exportedNames, enumerations, purposeless []string
	total := 0
	for _, p := range listPackages(t) {
		if !isProduct(p.room()) || len(p.GoFiles) == 0 {
			continue
		}
		rooms++
		purpose := false
		fset := token.NewFileSet()
		for _, name := range p.GoFiles {
			path := filepath.Join(p.Dir, name)
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			lines += strings.Count(string(text), "\n")
			file, err := parser.ParseFile(fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
			require.NoError(t, err)
			purpose = purpose || saysPurpose(file)
			for _, d := range declarations(file) {
				if namesSlots(d.node) {
					enumerations = append(enumerations, fmt.Sprintf("%s/%s: %s", p.room(), name, d.name))
				}
			}
		}
		if !purpose {
			purposeless = append(purposeless, p.room())
		}
		if p.Name == "main" || slices.Contains(strings.Split(p.room(), "/"), "internal") {
			continue
		}
		n := countExported(t, &p)
		total += n
		exportedNames = append(exportedNames, fmt.Sprintf("%4d %s", n, p.room()))
	}
	t.Logf("%d product lines in %d packages", lines, rooms)
	t.Logf("%d exported names:\n%s", total, strings.Join(exportedNames, "\n"))
	t.Logf("%d declarations enumerate the slots:\n%s", len(enumerations), strings.Join(enumerations, "\n"))
	t.Logf("%d packages without a purpose in one sentence: %s", len(purposeless), strings.Join(purposeless, ", "))
	assert.LessOrEqual(t, len(enumerations), mostEnumerations, "range over policy.Layers or the slots of policy.Policies")
}

// isProduct: what users get, and not what tests, generates or shows it.
func isProduct(room string) bool {
	for _, other := range []string{
		"internal/twin", "internal/benchmarks", "internal/conformance", "internal/golden", "internal/workload", "internal/planted",
		"internal/house", "internal/mutation", "examples", "policy/catalog/generate", "policy/managed/generate",
	} {
		if below(room, other) {
			return false
		}
	}
	return true
}

// saysPurpose: the package comment is there, and its first sentence ends within
// its first paragraph.
func saysPurpose(file *ast.File) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(file.Doc.Text()), "\n\n")
	return regexp.MustCompile(`^(Package|Command|Iamsim) [^.]*[^.\s].*\.(\s|$)`).MatchString(strings.ReplaceAll(first, "\n", " "))
}

type declaration struct {
	name string
	node ast.Node
}

// declarations of a file: constants of a group together, as iota joins them.
func declarations(file *ast.File) []declaration {
	var list []declaration
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil {
				name = receiver(d).Name + "." + name
			}
			list = append(list, declaration{name, d})
		case *ast.GenDecl:
			switch d.Tok {
			case token.CONST:
				list = append(list, declaration{d.Specs[0].(*ast.ValueSpec).Names[0].Name, d})
			case token.TYPE:
				for _, s := range d.Specs {
					list = append(list, declaration{s.(*ast.TypeSpec).Name.Name, s})
				}
			case token.VAR:
				for _, s := range d.Specs {
					list = append(list, declaration{s.(*ast.ValueSpec).Names[0].Name, s})
				}
			}
		}
	}
	return list
}

func namesSlots(declaration ast.Node) bool {
	named := make(map[string]bool)
	ast.Inspect(declaration, func(n ast.Node) bool {
		text := ""
		switch n := n.(type) {
		case *ast.Ident:
			text = n.Name
		case *ast.BasicLit:
			text, _ = strconv.Unquote(n.Value)
		}
		text = strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(text), "layer"), "s")
		if slices.Contains(slotNames, text) {
			named[text] = true
		}
		return true
	})
	return len(named) >= 5
}

// countExported counts the exported names of a package, with those of methods,
// and not those of fields.
func countExported(t *testing.T, p *listed) int {
	t.Helper()
	n := 0
	fset := token.NewFileSet()
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.FileExports(file)
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil || receiver(d).IsExported() {
					n++
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						n++
					case *ast.ValueSpec:
						n += len(s.Names)
					}
				}
			}
		}
	}
	return n
}
