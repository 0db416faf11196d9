package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// A pullRequest is what a repository has before and after it, by path, and what the
// action says of it.
type pullRequest struct {
	before, after map[string]string
	input         map[string]string // of the action, beside those of every test

	status  int
	outputs string
	says    []string // annotations, by their beginnings, in this order, and no others
	summary []string // what the summary has, in this order
}

const (
	readOne  = `{"Version":"2012-10-17","Statement":{"Sid":"Read","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::reports/a/*"}}`
	readAll  = `{"Version":"2012-10-17","Statement":{"Sid":"Read","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::reports/*"}}`
	passRole = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}}`
)

var pullRequests = map[string]pullRequest{
	"a gain": {
		before: map[string]string{"iam/a.json": readOne}, after: map[string]string{"iam/a.json": readAll},
		status: 1, outputs: "gain=1\nfindings=0\n",
		says:    []string{"::error file=iam/a.json,line=1,col=37,title=gained-wider::gained: s3:GetObject on arn:aws:s3:::reports/*"},
		summary: []string{"## Access gained\n\n### `iam/a.json`", "for example `s3:GetObject` on `arn:aws:s3:::reports/example`", "## Access lost\n\nNothing by 1 of 1", "## Findings\n\nNone, of 1 policies."},
	},
	"a gain that is shown alone": {
		before: map[string]string{"iam/a.json": readOne}, after: map[string]string{"iam/a.json": readAll}, input: map[string]string{"FAIL_ON_GAIN": "false"},
		outputs: "gain=1\nfindings=0\n",
		says:    []string{"::error file=iam/a.json,"},
		summary: []string{"## Access gained\n\n### `iam/a.json`"},
	},
	"a loss": {
		before: map[string]string{"iam/a.json": readAll}, after: map[string]string{"iam/a.json": readOne},
		outputs: "gain=0\nfindings=0\n",
		says:    []string{"::notice file=iam/a.json,line=1,col=37,title=lost-narrower::lost: s3:GetObject on arn:aws:s3:::reports/*"},
		summary: []string{"## Access gained\n\nNothing by 1 of 1", "## Access lost\n\n### `iam/a.json`", "for example `s3:GetObject`"},
	},
	"another spelling of the same": {
		before: map[string]string{"iam/a.json": readAll}, after: map[string]string{"iam/a.json": strings.ReplaceAll(readAll, ",", ",\n ")},
		outputs: "gain=0\nfindings=0\n",
		summary: []string{"## Access gained\n\nNothing by 1 of 1", "## Access lost\n\nNothing by 1 of 1", "## Findings\n\nNone"},
	},
	"nothing of policies": {
		before: map[string]string{"iam/a.json": readAll}, after: map[string]string{"iam/a.json": readAll, "README.md": "new"},
		outputs: "gain=0\nfindings=0\n",
		summary: []string{"No policy changes.", "## Findings\n\nNone"},
	},
	"a file added, with a finding, beside one removed": {
		before: map[string]string{"iam/a.json": readAll}, after: map[string]string{"iam/b.json": passRole}, input: map[string]string{"SARIF": "sarif"},
		status: 1, outputs: "gain=1\nfindings=1\n",
		says: []string{
			"::error file=iam/b.json,line=1,col=37,title=gained-action::gained: iam:PassRole on *",
			"::notice file=iam/a.json,title=lost-action::lost: s3:GetObject",
			"::error file=iam/b.json,line=1,col=90,endLine=1,endColumn=93,title=PASS_ROLE_WITH_STAR_IN_RESOURCE::",
		},
		summary: []string{
			"## Access gained\n\n### `iam/b.json, added`\n\n#### New actions", "for example `iam:PassRole` on", "Nothing by 1 of 2",
			"## Access lost\n\n### `iam/a.json, removed`", "## Findings\n\n### SECURITY_WARNING\n\n- **PASS_ROLE_WITH_STAR_IN_RESOURCE** at `iam/b.json:1:90`",
		},
	},
	"a broken file, beside a gain": {
		before: map[string]string{"iam/a.json": readOne, "iam/b.json": readOne}, after: map[string]string{"iam/a.json": readAll, "iam/b.json": strings.Replace(readOne, "Allow", "allow", 1)},
		status: 2, outputs: "gain=2\nfindings=1\n",
		says: []string{
			"::error file=iam/a.json,line=1,col=37,title=gained-wider::",
			"::error file=iam/b.json,title=not-compared::iam/b.json:1:60: Statement.Effect: \"allow\" is no effect",
			"::error file=iam/b.json,line=1,col=60,title=INVALID_EFFECT::",
		},
		summary: []string{"## Access gained\n\n### `iam/a.json`", "## Not known\n\n- `iam/b.json`", "**iamsim diff: some input is wrong", "## Findings\n\n### ERROR\n\n- **"},
	},
	"no policies where they are looked for": {
		before: map[string]string{"iam/a.json": readAll}, after: map[string]string{"iam/a.json": readOne}, input: map[string]string{"POLICIES": "nowhere"},
		status: 2, outputs: "gain=2\nfindings=2\n",
		summary: []string{"**iamsim diff: some input is wrong", "**iamsim validate: some input is wrong"},
	},
	"no base": {
		before: map[string]string{"iam/a.json": readOne}, after: map[string]string{"iam/a.json": readAll}, input: map[string]string{"BASE": ""},
		outputs: "findings=0\n",
		summary: []string{"## Findings"},
	},
	"hostile names": {
		before: map[string]string{"iam/a.json": readOne},
		after: map[string]string{
			"iam/::error file=x,line=1::b.json":            passRole,
			"iam/{\"a\":1}`<script>](x), c.json":           readOne,
			"iam/a\n::set-output name=gain::0\n## ok.json": readOne,
			"iam/-flag.json":                               strings.ReplaceAll(readOne, "reports/a/", "reports/`<b>](x) ::error::y/"),
		},
		status: 1, outputs: "gain=1\nfindings=1\n",
		says: []string{
			"::error file=iam/-flag.json,line=1,col=37,title=gained-action::gained: s3:GetObject on arn:aws:s3:::reports/`<b>] (x)",
			"::error file=iam/%3A%3Aerror file=x%2Cline=1%3A%3Ab.json,line=1,col=37,title=gained-action::gained: iam:PassRole",
			"::error file=iam/a%0A%3A\\u003aset-output name=gain%3A%3A0%0A## ok.json,line=1,col=37,title=gained-action::gained: s3:GetObject",
			"::error file=iam/{\"a\"%3A1}`<script>](x)%2C c.json,line=1,col=37,title=gained-action::gained: s3:GetObject",
			"::notice file=iam/a.json,title=lost-action::lost: s3:GetObject",
			"::error file=iam/%3A%3Aerror file=x%2Cline=1%3A%3Ab.json,line=1,col=90,endLine=1,endColumn=93,title=PASS_ROLE_WITH_STAR_IN_RESOURCE::",
		},
		summary: []string{"## Access gained"},
	},
}

// The steps of the action that are ours, run as a runner would run them, in a
// repository of two commits.
func TestTheActionReviews(t *testing.T) {
	script := reviewOfTheAction(t)
	for name, x := range pullRequests {
		t.Run(name, func(t *testing.T) {
			dir, runner := t.TempDir(), t.TempDir()
			commit(t, dir, x.before)
			for _, gone := range slices.Collect(maps.Keys(x.before)) {
				require.NoError(t, os.Remove(filepath.Join(dir, gone)))
			}
			commit(t, dir, x.after)
			program, err := os.Executable()
			require.NoError(t, err)
			// The test's own binary is the command under that name, see TestMain.
			require.NoError(t, os.Symlink(program, filepath.Join(runner, "iamsim")))
			c := exec.Command("bash", "-c", script)
			c.Dir = dir
			c.Env = append(os.Environ(), "RUNNER_TEMP="+runner, "GITHUB_STEP_SUMMARY="+filepath.Join(runner, "summary"), "GITHUB_OUTPUT="+filepath.Join(runner, "output"),
				"POLICIES=iam", "BASE=HEAD^1", "KIND=", "SEVERITY=warning", "FAIL_ON_GAIN=true", "ARGUMENTS=", "SARIF=")
			for input, value := range x.input {
				c.Env = append(c.Env, input+"="+value)
			}
			out, err := c.CombinedOutput()
			if err != nil {
				require.ErrorAs(t, err, new(*exec.ExitError))
			}
			read := func(name string) string {
				text, err := os.ReadFile(filepath.Join(runner, name))
				require.NoError(t, err)
				return string(text)
			}
			t.Logf("%s\n%s\n%s", out, read("summary"), read("output"))
			assert.Equal(t, x.status, c.ProcessState.ExitCode())
			assert.Equal(t, x.outputs, read("output"))
			var said []string
			for line := range strings.Lines(string(out)) {
				if strings.HasPrefix(line, "::") {
					said = append(said, line)
				}
			}
			require.Len(t, said, len(x.says))
			for i, begins := range x.says {
				assert.True(t, strings.HasPrefix(said[i], begins), "%s\n%s", begins, said[i])
			}
			rest := read("summary")
			isMarkdown(t, rest)
			for _, part := range x.summary {
				_, after, found := strings.Cut(rest, part)
				require.True(t, found, part)
				rest = after
			}
			for _, file := range []string{"diff.sarif", "validate.sarif"} {
				if at := x.input["SARIF"]; at != "" {
					text, err := os.ReadFile(filepath.Join(dir, at, file))
					require.NoError(t, err)
					isJSON(t, text)
				}
			}
		})
	}
}

// reviewOfTheAction is the script of its step.
func reviewOfTheAction(t *testing.T) string {
	if runtime.GOOS == "windows" {
		t.Skip("no such names of files")
	}
	for _, program := range []string{"bash", "git"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("there is no " + program)
		}
	}
	text, err := os.ReadFile("../../action.yml")
	require.NoError(t, err)
	var action struct {
		Runs struct {
			Steps []struct {
				ID, Run string
			}
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &action))
	for _, step := range action.Runs.Steps {
		if step.ID == "review" {
			return step.Run
		}
	}
	t.Fatal("the action has no step review")
	return ""
}

// commit makes a commit of files in the repository of a folder.
func commit(t *testing.T, dir string, files map[string]string) {
	for name, text := range files {
		at := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(at), 0o755))
		require.NoError(t, os.WriteFile(at, []byte(text), 0o600))
	}
	for _, args := range [][]string{{"init", "-q", "."}, {"add", "-A"}, {"-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "a"}} {
		c := exec.Command("git", args...)
		c.Dir = dir
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
}
