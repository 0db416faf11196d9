package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// processes measures the command from outside: how long a process takes that is
// started, answers and ends, beside one that does nothing.
func processes(b *bench, r *report) error {
	dir, err := os.MkdirTemp("", "processes")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	nothing := filepath.Join(dir, "nothing.go")
	if err := os.WriteFile(nothing, []byte("package main\n\nfunc main() {}\n"), 0o666); err != nil {
		return err
	}
	empty, iamsim := filepath.Join(dir, "nothing"), filepath.Join(dir, "iamsim")
	if err := build(".", empty, nothing); err != nil {
		return err
	}
	if err := build("../..", iamsim, "./cmd/iamsim"); err != nil {
		return err
	}
	const denial = "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: lambda:InvokeFunction on resource: " +
		"arn:aws:lambda:us-east-1:123456789012:function:orders because no identity-based policy allows the lambda:InvokeFunction action"
	var failed error
	process := func(stdin, name string, args ...string) *task {
		return &task{run: func(n int) {
			for range n {
				c := exec.Command(name, args...)
				c.Stdin = strings.NewReader(stdin)
				if err := c.Run(); err != nil && c.ProcessState == nil { // an answer may be a status other than 0
					failed = err
				}
			}
		}}
	}
	const column = "time"
	t := table{columns: []string{column}}
	t.row("an empty Go program").tasks[column] = process("", empty)
	t.row("`iamsim --version`").tasks[column] = process("", iamsim, "--version")
	t.row("`iamsim denied` of one denial").tasks[column] = process(denial, iamsim, "denied")
	b.measure(t.tasks())
	if failed != nil {
		return failed
	}
	r.section("A process", "From the start of a process to its end.\n\n"+t.markdown("Process", func(t *task) string { return duration(t.median()) }))
	return nil
}

// build builds a program from a directory.
func build(dir, program, source string) error {
	c := exec.Command("go", "build", "-o", program, source)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", source, err, out)
	}
	return nil
}
