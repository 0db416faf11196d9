package planshapes

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/account/terraform"
)

// given is for plans that do not say where they are.
var given = planned.Given{Account: "123456789012", Region: "us-east-1"}

func read(t *testing.T, file string) (*terraform.Plan, error) {
	src, err := os.Open(file)
	require.NoError(t, err)
	defer src.Close()
	return terraform.Read(file, src, given)
}

// The plans and states that come with the module are read, but for those that it
// refuses too.
func TestPlansOfTheModuleAreRead(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/hashicorp/terraform-json").Output()
	require.NoError(t, err)
	plans := 0
	err = filepath.Walk(filepath.Join(strings.TrimSpace(string(dir)), "testdata"), func(file string, _ os.FileInfo, err error) error {
		name := filepath.Base(file)
		isPlan, isState := strings.HasPrefix(name, "plan"), strings.HasPrefix(name, "state")
		if err != nil || !strings.HasSuffix(name, ".json") || !isPlan && !isState {
			return err
		}
		plans++
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var theirs error
		if isPlan {
			theirs = json.Unmarshal(text, new(tfjson.Plan))
		} else {
			theirs = json.Unmarshal(text, new(tfjson.State))
		}
		p, ours := read(t, file)
		if theirs != nil {
			assert.Error(t, ours, file)
			return nil
		}
		if assert.NoError(t, ours, file) {
			assert.Equal(t, isState, p.IsState(), file)
		}
		return nil
	})
	require.NoError(t, err)
	assert.GreaterOrEqual(t, plans, 22)
}

// Principals, policies and functions are the same by address, with name and path.
func TestBothFindTheSame(t *testing.T) {
	files, err := filepath.Glob("../../evaluator/account/terraform/testdata/*/plan.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var theirs tfjson.Plan
			require.NoError(t, json.Unmarshal(text, &theirs))
			p, err := read(t, file)
			require.NoError(t, err)
			for when, put := range map[string]func(*account.Builder){"before": p.Before, "after": p.After} {
				b := account.New()
				put(b)
				s, err := b.Build()
				require.NoError(t, err)
				assert.Equal(t, expected(&theirs, when), found(s), when)
			}
		})
	}
}

// expected are the resources that a plan makes, by their types.
func expected(p *tfjson.Plan, when string) []string {
	var list []string
	for _, r := range p.ResourceChanges {
		value := r.Change.After
		if when == "before" {
			value = r.Change.Before
		}
		attributes, _ := value.(map[string]any)
		if attributes == nil || r.Mode != tfjson.ManagedResourceMode {
			continue
		}
		text := func(name string) string { s, _ := attributes[name].(string); return s }
		switch r.Type {
		case "aws_iam_role", "aws_iam_user", "aws_iam_group":
			name := text("name") // of one that is made up, the prefix alone
			list = append(list, r.Address+" "+text("path")+name)
		case "aws_iam_policy":
			list = append(list, r.Address+" "+text("path")+text("name"))
		case "aws_lambda_function":
			list = append(list, r.Address+" "+text("function_name"))
		}
	}
	slices.Sort(list)
	return list
}

func found(s *account.Snapshot) []string {
	var list []string
	known := func(name string) string {
		if strings.Contains(name, "known-after-apply") {
			return ""
		}
		return name
	}
	for i := range s.Identities() {
		if strings.Contains(i.Address, "data.") || i.Address == "" {
			continue
		}
		path := "/"
		if _, rest, ok := strings.Cut(i.ARN, "/"); ok {
			path = "/" + rest[:len(rest)-len(i.Name())]
		}
		list = append(list, i.Address+" "+path+known(i.Name()))
	}
	for p := range s.Policies() {
		if p.Address == "" || strings.Contains(p.Address, "data.") {
			continue
		}
		parts := strings.SplitN(p.ARN, ":policy", 2)
		list = append(list, p.Address+" "+parts[1])
	}
	for f := range s.Functions() {
		list = append(list, f.Address+" "+known(f.ARN[strings.LastIndexByte(f.ARN, ':')+1:]))
	}
	slices.Sort(list)
	return list
}
