package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// An answer that nobody gets is no success.
func TestAnAnswerThatCannotBeWrittenFails(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	defer full.Close()
	reader, closed, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	defer closed.Close()
	for name, stdout := range map[string]*os.File{"a full disk": full, "a pipe that nobody reads": closed} {
		t.Run(name, func(t *testing.T) {
			var stderr bytes.Buffer
			c := exec.Command("iamsim", "catalog", "sts") // of the scripts, as TestMain puts it into the path
			c.Stdout, c.Stderr = stdout, &stderr
			var failed *exec.ExitError
			require.ErrorAs(t, c.Run(), &failed)
			if stdout == full {
				assert.Equal(t, int(broken), failed.ExitCode())
				assert.Contains(t, stderr.String(), "no space left on device")
			}
		})
	}
}

// Whoever interrupts a question gets no half of an answer: nothing is printed, and
// the file of --out is as it was, with nothing beside it.
func TestAnInterruptedQuestionLeavesNothing(t *testing.T) {
	const document = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`
	dir := t.TempDir()
	policy, report := filepath.Join(dir, "policy.json"), filepath.Join(dir, "report.json")
	require.NoError(t, os.WriteFile(policy, []byte(document), 0o600))
	for name, args := range map[string][]string{
		"diff": {"diff", policy, "-"}, "prove": {"prove", "equivalent", "-", policy}, "redundant": {"prove", "redundant", policy, "-"},
		"explain": {"explain", "--principal", "arn:aws:iam::111122223333:user/a", "--action", "s3:ListAllMyBuckets", "--identity", "-"},
		"account": {"account", "-"}, "summarize": {"summarize", "-"}, "denied": {"denied", policy}, "html": {"explain", "--output", "html", "-"},
	} {
		for _, out := range [][]string{{"--output", "json"}, {"--output", "json", "--out", report}} {
			t.Run(name, func(t *testing.T) {
				require.NoError(t, os.WriteFile(report, []byte("as it was"), 0o600))
				var stdout bytes.Buffer
				c := exec.Command("iamsim", append(args, out...)...) // of the scripts, as TestMain puts it into the path
				c.Stdout = &stdout
				stdin, err := c.StdinPipe()
				require.NoError(t, err)
				defer stdin.Close()
				require.NoError(t, c.Start())
				_, err = io.WriteString(stdin, document[:20]) // and then nothing, for ever
				require.NoError(t, err)
				require.NoError(t, c.Process.Signal(os.Interrupt))
				var failed *exec.ExitError
				require.ErrorAs(t, c.Wait(), &failed)
				assert.Equal(t, syscall.SIGINT, failed.Sys().(syscall.WaitStatus).Signal())
				assert.Empty(t, stdout.String())
				text, err := os.ReadFile(report)
				require.NoError(t, err)
				assert.Equal(t, "as it was", string(text))
				entries, err := os.ReadDir(dir)
				require.NoError(t, err)
				assert.Len(t, entries, 2)
			})
		}
	}
}

// A proof that would take long ends at once when it is interrupted, and leaves nothing.
func TestAProofAtWorkIsInterrupted(t *testing.T) {
	var statements []string
	for i := range 400 {
		statements = append(statements, fmt.Sprintf(`{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::%s%d*", "Condition": {"StringLike": {"aws:PrincipalTag/t": "*b?c%[2]d*"}}}`, strings.Repeat("*a?", 40), i))
	}
	dir := t.TempDir()
	hard, plain := filepath.Join(dir, "hard.json"), filepath.Join(dir, "plain.json")
	require.NoError(t, os.WriteFile(hard, []byte(`{"Version": "2012-10-17", "Statement": [`+strings.Join(statements, ",")+`]}`), 0o600))
	require.NoError(t, os.WriteFile(plain, []byte(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}}`), 0o600))
	for _, args := range [][]string{{"prove", "redundant", hard}, {"diff", plain, hard}} {
		for _, format := range []string{"text", "json"} {
			t.Run(args[0]+" "+format, func(t *testing.T) {
				t.Parallel()
				var answer bytes.Buffer
				c := exec.Command("iamsim", slices.Concat(args, []string{"--output", format, "--timeout", "1m"})...) // of the scripts, as TestMain puts it into the path
				c.Stdout = &answer
				require.NoError(t, c.Start())
				at := time.Now()
				for worked := 0; worked < 20 && time.Since(at) < 20*time.Second; time.Sleep(10 * time.Millisecond) {
					worked = ticks(t, c.Process.Pid)
				}
				require.NoError(t, c.Process.Signal(os.Interrupt))
				at = time.Now()
				var failed *exec.ExitError
				require.ErrorAs(t, c.Wait(), &failed)
				assert.Less(t, time.Since(at), 5*time.Second)
				assert.Equal(t, syscall.SIGINT, failed.Sys().(syscall.WaitStatus).Signal())
				assert.Empty(t, answer.String())
			})
		}
	}
}

// ticks is how long a process has worked, in hundredths of a second.
func ticks(t *testing.T, pid int) int {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	require.NoError(t, err)
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	n, err := strconv.Atoi(fields[11]) // utime, proc(5)
	require.NoError(t, err)
	return n
}

// Whoever ends the answering of many scenarios has a document that says so: each that
// was answered, and at last that it is not all.
func TestAnInterruptedAnswerIsADocument(t *testing.T) {
	const one = `{"name": "a", "request": {"principal": "arn:aws:iam::111122223333:user/a", "action": "s3:ListAllMyBuckets", "resource": "*"}, "policies": {}}` + "\n"
	const many = 200 // more than a buffer holds
	for _, args := range [][]string{{"eval", "-"}, {"test", "-"}} {
		for _, format := range []string{"json", "jsonl", "csv"} {
			for _, sent := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
				file := filepath.Join(t.TempDir(), "answers")
				for _, out := range [][]string{nil, {"--out", file}} {
					name := strings.Join(append(append(slices.Clone(args), format, sent.String()), out...), " ")
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						text, status := interrupted(t, sent, strings.Repeat(one, many), slices.Concat(args, []string{"--output", format}, out)...)
						assert.Equal(t, sent, status.Signal())
						if out != nil {
							assert.Empty(t, text)
							assert.NoFileExists(t, file)
							return
						}
						assert.Equal(t, many, strings.Count(text, "is not authorized"), text)
						assert.Equal(t, 1, strings.Count(text, "interrupted: "))
						switch format {
						case "csv":
							isCSV(t, text)
						default:
							isJSON(t, []byte(text))
						}
					})
				}
			}
		}
	}
}

// interrupted runs the command with a text on standard input that does not end, and
// sends a signal when it has read all.
func interrupted(t *testing.T, sent syscall.Signal, text string, args ...string) (stdout string, status syscall.WaitStatus) {
	t.Helper()
	var answer bytes.Buffer
	c := exec.Command("iamsim", args...) // of the scripts, as TestMain puts it into the path
	c.Stdout = &answer
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	defer writer.Close()
	c.Stdin = reader
	require.NoError(t, c.Start())
	require.NoError(t, reader.Close())
	_, err = writer.WriteString(text)
	require.NoError(t, err)
	for left := 1; left > 0; time.Sleep(10 * time.Millisecond) {
		left, err = unix.IoctlGetInt(int(writer.Fd()), unix.TIOCINQ)
		require.NoError(t, err)
	}
	time.Sleep(time.Second) // what it has read it answers
	require.NoError(t, c.Process.Signal(sent))
	var failed *exec.ExitError
	require.ErrorAs(t, c.Wait(), &failed)
	return answer.String(), failed.Sys().(syscall.WaitStatus)
}

// An answer that does not fit on the disk fails, in whatever form.
func TestAFullDiskFailsInEveryForm(t *testing.T) {
	const one = `{"name": "a", "request": {"principal": "arn:aws:iam::111122223333:user/a", "action": "s3:ListAllMyBuckets", "resource": "*"}, "policies": {}}` + "\n"
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	defer full.Close()
	for _, format := range []string{"text", "json", "jsonl", "csv"} {
		for _, count := range []int{1, 500} {
			var stderr bytes.Buffer
			c := exec.Command("iamsim", "eval", "--output", format, "-")
			c.Stdin, c.Stdout, c.Stderr = strings.NewReader(strings.Repeat(one, count)), full, &stderr
			var failed *exec.ExitError
			require.ErrorAs(t, c.Run(), &failed, format)
			assert.Equal(t, int(broken), failed.ExitCode(), format)
			assert.Equal(t, 1, strings.Count(stderr.String(), "no space left on device"), stderr.String())
		}
	}
}

// Whoever reads the first line alone, as head -1 does, ends the command.
func TestAReaderThatGoesAwayEndsTheCommand(t *testing.T) {
	const one = `{"name": "a", "request": {"principal": "arn:aws:iam::111122223333:user/a", "action": "s3:ListAllMyBuckets", "resource": "*"}, "policies": {}}` + "\n"
	for _, format := range []string{"text", "json", "jsonl", "csv"} {
		reader, writer, err := os.Pipe()
		require.NoError(t, err)
		var stderr bytes.Buffer
		c := exec.Command("iamsim", "eval", "--output", format, "-")
		c.Stdin, c.Stdout, c.Stderr = strings.NewReader(strings.Repeat(one, 5000)), writer, &stderr
		require.NoError(t, c.Start())
		require.NoError(t, writer.Close())
		_, err = reader.Read(make([]byte, 10))
		require.NoError(t, err)
		require.NoError(t, reader.Close())
		var failed *exec.ExitError
		require.ErrorAs(t, c.Wait(), &failed, format)
		assert.Equal(t, syscall.SIGPIPE, failed.Sys().(syscall.WaitStatus).Signal(), format)
		assert.Empty(t, stderr.String(), format)
	}
}
