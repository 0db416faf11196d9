package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// traps are what somebody could have put into a folder that others have read, and
// why it is not read.
var traps = map[string]struct {
	set func(t *testing.T, file string)
	why string
}{
	"a pipe that nobody writes": {func(t *testing.T, file string) { require.NoError(t, syscall.Mkfifo(file, 0o600)) }, "is not a regular file"},
	"a device without end":      {linked("/dev/zero"), "path escapes from parent"},
	"a link to a file outside":  {linked("../outside.json"), "path escapes from parent"},
	"a link to itself":          {linked("a.json"), "too many levels of symbolic links"},
	"a link to nothing":         {linked("none"), "no such file or directory"},
}

func linked(to string) func(*testing.T, string) {
	return func(t *testing.T, file string) {
		require.NoError(t, os.Symlink(strings.ReplaceAll(to, "a.json", filepath.Base(file)), file))
	}
}

// folderReaders are the verbs that read folders, with the names of files that they read.
var folderReaders = map[string][]string{
	"account":                    {"a.json", "manifest.json"},
	"denied":                     {"a.json"},
	"denied --snapshot":          {"a.json", "manifest.json"},
	"diff none":                  {"a.json"},
	"diff --before none --after": {"a.json"},
	"eval":                       {"a.json", "a.jsonl"},
	"explain":                    {"a.json"},
	"explain --principal arn:aws:iam::111122223333:user/a --action s3:ListAllMyBuckets --identity": {"a.json"},
	"explain --principal arn:aws:iam::111122223333:user/a --action s3:ListAllMyBuckets --snapshot": {"a.json"},
	"fmt":                  {"a.json"},
	"fmt --write":          {"a.json"},
	"prove redundant":      {"a.json", "a.yaml"},
	"prove public":         {"a.json"},
	"summarize":            {"a.json"},
	"summarize --snapshot": {"a.json"},
	"test":                 {"a.json"},
	"validate":             {"a.json", "manifest.json"},
	"validate --fix":       {"a.json"},
}

// Whoever names a folder did not choose what is in it: nothing outside of it is read
// or written, and nothing is waited for.
func TestAFolderIsNotLeft(t *testing.T) {
	const outside = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","NotPrincipal":"*"}}`
	for name, trap := range traps {
		for verb, files := range folderReaders {
			for _, file := range files {
				t.Run(name+"/"+verb+"/"+file, func(t *testing.T) {
					top := t.TempDir()
					folder, beside := filepath.Join(top, "folder"), filepath.Join(top, "outside.json")
					require.NoError(t, os.Mkdir(folder, 0o700))
					require.NoError(t, os.WriteFile(beside, []byte(outside), 0o600))
					trap.set(t, filepath.Join(folder, file))
					const message = "User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k"
					stdout, stderr, status := ran(t, message, append(strings.Fields(verb), folder)...)
					assert.Equal(t, int(broken), status, stdout)
					assert.Contains(t, stdout+stderr, trap.why)
					assert.NotContains(t, stdout+stderr, "NotPrincipal")
					text, err := os.ReadFile(beside)
					require.NoError(t, err)
					assert.Equal(t, outside, string(text))
				})
			}
		}
	}
}

// A file that is named by a flag is read with a limit.
func TestADeviceWithoutEndIsTooLarge(t *testing.T) {
	policy := filepath.Join(t.TempDir(), "policy.json")
	require.NoError(t, os.WriteFile(policy, []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`), 0o600))
	for _, args := range []string{"denied --call", "validate --suppress", "validate --baseline", "account --parameters", "fmt", "diff none", "prove redundant", "eval", "summarize"} {
		t.Run(args, func(t *testing.T) {
			given := append(strings.Fields(args), "/dev/zero")
			if strings.Contains(args, "--") {
				given = append(given, policy)
			}
			stdout, stderr, status := ran(t, "", given...)
			assert.Equal(t, int(broken), status)
			assert.Regexp(t, "is too large|is larger than", stdout+stderr)
		})
	}
}
