package house_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// floors lists the rooms from the ground up: a package imports rooms of lower
// floors only. So evaluator cannot import the catalogue beside it, and nothing
// but assertions and the command can import the renderings.
var floors = [][]string{
	{"internal/lazy", "internal/mutation/active"},
	{"internal/cite", "internal/fold", "internal/fuzzing", "internal/golden", "internal/logic", "internal/replace", "internal/secret", "internal/variable", "internal/words"},
	{"internal/spelling", "internal/typed"},
	{"internal/jsontext", "internal/packed", "internal/pattern"},
	{"arn"},
	{"policy", "policy/managed/internal/history"},
	{"internal/law", "internal/operator", "policy/read"},
	{"internal/classes"},
	{"evaluator/internal/engine", "policy/catalog", "policy/managed"},
	{"evaluator/internal/open", "policy/load"},
	{"evaluator/internal/plausible"},
	{"evaluator/internal/explain"},
	{"evaluator", "evaluator/trace"},
	{"evaluator/wire"},
	{"evaluator/apicall", "evaluator/prove", "internal/defaults", "policy/catalog/internal/facts", "evaluator/account/planned"},
	{"evaluator/fix", "evaluator/review", "evaluator/summary", "evaluator/scenario", "evaluator/account"},
	{"evaluator/account/internal/document", "evaluator/account/internal/plain", "evaluator/account/internal/printed", "evaluator/account/internal/walk", "evaluator/account/cloudformation/internal/template", "evaluator/denial", "evaluator/validate", "evaluator/report"},
	{"evaluator/account/cloudformation/internal/sam"},
	{"evaluator/account/awscli", "evaluator/account/awsconfig", "evaluator/account/collect", "evaluator/account/cloudformation", "evaluator/account/terraform"},
	{"evaluator/account/files"},
	{"evaluator/iamtest"},
	{"cmd/*", "examples/*", "internal/conformance", "internal/planted", "internal/twin", "internal/workload", "policy/catalog/generate", "policy/managed/generate"},
	{"internal/bounds", "internal/mutation"},
}

// floor of a room; -1 for a room that is on none.
func floor(room string) int {
	return slices.IndexFunc(floors, func(rooms []string) bool {
		return slices.ContainsFunc(rooms, func(r string) bool {
			above, all := strings.CutSuffix(r, "*")
			return r == room || all && strings.HasPrefix(room, above)
		})
	})
}

func TestImportsGoDownOnly(t *testing.T) {
	for _, p := range listPackages(t) {
		if p.room() == "internal/house" {
			continue // tests only
		}
		here := floor(p.room())
		if !assert.NotEqual(t, -1, here, "package %s is on no floor: give it one", p.room()) {
			continue
		}
		for _, imported := range p.Imports {
			room, ours := strings.CutPrefix(imported, module+"/")
			if !ours || strings.HasPrefix(room, "examples/internal/") && strings.HasPrefix(p.room(), "examples/") {
				continue
			}
			assert.Less(t, floor(room), here, "%s may not import %s", p.room(), room)
		}
	}
}

func TestLibraryImportsNoSystem(t *testing.T) {
	direct := []string{"net", "os", "os/exec", "testing"}
	anywhere := []string{"net", "net/http", "os/exec", "testing"}
	seen := 0
	for _, p := range listPackages(t) {
		switch p.room() {
		case "arn", "policy", "evaluator":
		default:
			continue
		}
		seen++
		for _, forbidden := range direct {
			assert.NotContains(t, p.Imports, forbidden, "%s imports %s", p.room(), forbidden)
		}
		for _, forbidden := range anywhere {
			assert.NotContains(t, p.Deps, forbidden, "%s depends on %s", p.room(), forbidden)
		}
		assert.False(t, slices.ContainsFunc(p.Deps, func(d string) bool { return below(d, "github.com/stretchr/testify") }),
			"%s depends on testify", p.room())
	}
	assert.Equal(t, 3, seen, "arn, policy and evaluator")
}

func TestModulesForTestsStayInTests(t *testing.T) {
	allowed := map[string][]string{
		"github.com/tidwall/gjson":        {"policy", "evaluator", "internal/jsontext"},
		"github.com/gobwas/glob":          {"internal/pattern"},
		"github.com/spf13/cobra":          {"cmd"},
		"golang.org/x/sys":                {"cmd"},
		"golang.org/x/term":               {"cmd"},
		"golang.org/x/text":               {"cmd"},
		"go.yaml.in/yaml/v3":              {"evaluator/account/cloudformation/internal/template", "policy/read"},
		"github.com/stretchr/testify":     {"examples/internal/storytest", "internal/golden"},
		"pgregory.net/rapid":              nil,
		"github.com/rogpeppe/go-internal": nil,
		"github.com/iamsim/iamsim":        {""},
	}
	for _, p := range listPackages(t) {
		for _, imported := range p.Imports {
			if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
				continue // the standard library
			}
			known := false
			for from, rooms := range allowed {
				if !below(imported, from) {
					continue
				}
				known = true
				assert.True(t, slices.ContainsFunc(rooms, func(room string) bool { return room == "" || below(p.room(), room) }),
					"%s may not import %s", p.room(), imported)
			}
			assert.True(t, known, "%s imports %s: a new dependency needs a reason and a line here", p.room(), imported)
		}
	}
}

// below reports whether path is dir or lies under it.
func below(path, dir string) bool {
	return path == dir || strings.HasPrefix(path, dir+"/")
}

// Releases of glob before v1 match what they should not: "a*a" matches "a".
func TestGlobIsNotTheWrongOne(t *testing.T) {
	version, err := run("go", "list", "-m", "-f", "{{.Version}}", "github.com/gobwas/glob")
	require.NoError(t, err)
	assert.Regexp(t, `^v[1-9]`, version)
}
