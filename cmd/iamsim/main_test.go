package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the output of the scripts into them")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"iamsim": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "narrow": narrow, "sarif": isSARIF},
	})
}

// exits runs a command and demands its exit status: exits 2 iamsim eval x.json.
func exits(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) < 2 {
		ts.Fatalf("usage: exits status command [args...]")
	}
	status := 0
	var failed *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &failed):
		status = failed.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(status) != args[0] {
		ts.Fatalf("exit status %d, not %s", status, args[0])
	}
}

// Whoever writes a policy sees at once what each change of it does.
func TestWatchRunsAgainWhenAFileChanges(t *testing.T) {
	const scenario = `{"name": "reads", "request": {"principal": "arn:aws:iam::123456789012:user/m", "action": "lambda:GetFunction",
		"resource": "arn:aws:lambda:us-east-1:123456789012:function:orders"}, "policies": {"identity": "policy.json"}, "want": "allowed"}`
	const document = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:%s", "Resource": "*"}}`
	folder := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644))
	}
	write("scenario.json", scenario)
	write("policy.json", fmt.Sprintf(document, "ListTags"))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "iamsim", "test", "--watch", folder) // which testscript has in the path
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	lines := bufio.NewScanner(out)
	until := func(line string) {
		t.Helper()
		for lines.Scan() {
			if lines.Text() == line {
				return
			}
		}
		t.Fatalf("%q was not printed", line)
	}
	until("FAIL   0 as wanted, 1 not")
	write("policy.json", fmt.Sprintf(document, "GetFunction"))
	until("PASS   1 as wanted")
	require.NoError(t, command.Process.Signal(os.Interrupt))
	assert.NoError(t, command.Wait())
}
