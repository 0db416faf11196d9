package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// The steps of the action that are ours, run as a runner would run them: with the
// command built, annotations come out, and SARIF and a summary lie in files.
func TestTheActionAnnotates(t *testing.T) {
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
	script := ""
	for _, step := range action.Runs.Steps {
		if step.ID == "validate" {
			script = step.Run
		}
	}
	require.NotEmpty(t, script)
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	dir := t.TempDir()
	program, err := os.Executable()
	require.NoError(t, err)
	// The test's own binary is the command under that name, see TestMain.
	require.NoError(t, os.Symlink(program, filepath.Join(dir, "iamsim")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "admin.json"), []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}}`), 0o600))
	c := exec.Command(bash, "-c", script)
	c.Dir = dir
	c.Env = append(os.Environ(), "RUNNER_TEMP="+dir, "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary"), "GITHUB_OUTPUT="+filepath.Join(dir, "output"),
		"POLICIES=admin.json", "SEVERITY=warning", "ARGUMENTS=--no-proofs", "SARIF=findings.sarif")
	out, err := c.Output()
	var failed *exec.ExitError
	require.ErrorAs(t, err, &failed)
	assert.Equal(t, 1, failed.ExitCode(), "%s%s", out, failed.Stderr)
	assert.True(t, strings.HasPrefix(string(out), "::error file=admin.json,line=1,"), "%s", out)
	for file, holds := range map[string]string{"summary": "PASS_ROLE_WITH_STAR_IN_RESOURCE", "output": "status=1\n", "findings.sarif": `"version": "2.1.0"`} {
		text, err := os.ReadFile(filepath.Join(dir, file))
		require.NoError(t, err)
		assert.Contains(t, string(text), holds, file)
	}
}
