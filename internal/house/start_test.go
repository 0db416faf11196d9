package house_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// program builds a program that does nothing but import packages of ours.
func program(t testing.TB, rooms ...string) string {
	t.Helper()
	source, err := filepath.Abs(filepath.Join(root, "internal", "house", "testdata"))
	require.NoError(t, err)
	folder, err := os.MkdirTemp(source, "start")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(folder) })
	var text strings.Builder
	text.WriteString("package main\n\n")
	for _, room := range rooms {
		fmt.Fprintf(&text, "import _ %q\n", module+"/"+room)
	}
	text.WriteString("\nfunc main() {}\n")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "main.go"), []byte(text.String()), 0o644))
	binary := filepath.Join(t.TempDir(), "start")
	out, err := exec.Command("go", "build", "-o", binary, filepath.Join(folder, "main.go")).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return binary
}

var ofInit = regexp.MustCompile(`(?m)^init (\S+) @.* (\d+) bytes, (\d+) allocs$`)

// initialised is what each package of ours allocates before main begins.
func initialised(t testing.TB, binary string) map[string]int {
	t.Helper()
	command := exec.Command(binary)
	command.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := command.CombinedOutput()
	require.NoError(t, err)
	bytes := map[string]int{}
	found := ofInit.FindAllStringSubmatch(string(out), -1)
	require.NotEmpty(t, found, "the runtime tells what it initialises:\n%s", out)
	for _, m := range found {
		if below(m[1], module) {
			n, err := strconv.Atoi(m[2])
			require.NoError(t, err)
			bytes[strings.TrimPrefix(m[1], module+"/")] = n
		}
	}
	return bytes
}

func TestImportingCostsNoStartUpAndNoMemory(t *testing.T) {
	engine := program(t, "evaluator")
	all := program(t, "evaluator", "evaluator/apicall", "policy/catalog", "policy/managed")
	for name, binary := range map[string]string{"the engine": engine, "with its data": all} {
		for room, bytes := range initialised(t, binary) {
			assert.Less(t, bytes, 2048, "%s: importing %s allocates", name, room)
		}
	}
	size := func(path string) int64 {
		info, err := os.Stat(path)
		require.NoError(t, err)
		return info.Size()
	}
	t.Logf("a program with the engine: %d KB; with catalogue, managed policies and API calls as well: %d KB", size(engine)>>10, size(all)>>10)
	assert.Less(t, size(engine), size(all)-200<<10, "the engine alone does not hold the data")
}

// BenchmarkStart starts programs that import nothing of ours, the engine, and
// the engine with everything that has data.
func BenchmarkStart(b *testing.B) {
	for name, rooms := range map[string][]string{
		"nothing": nil, "engine": {"evaluator"}, "everything": {"evaluator", "evaluator/apicall", "policy/catalog", "policy/managed"},
	} {
		binary := program(b, rooms...)
		b.Run(name, func(b *testing.B) {
			var memory int64
			for b.Loop() {
				command := exec.Command(binary)
				require.NoError(b, command.Run())
				memory = max(memory, peak(command.ProcessState))
			}
			b.ReportMetric(float64(memory)/1024, "KB-peak")
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(b.Elapsed())/float64(time.Millisecond)/float64(b.N), "ms/start")
		})
	}
}
