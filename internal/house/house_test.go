// Package house_test holds the repository to its own rules: who may import
// whom, what lies at the top, what the public API is, and that the README shows
// what really happens.
package house_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/iamsim/iamsim"

// root is the top of the repository, seen from this package.
var root = filepath.Join("..", "..")

// A listed package is what `go list -json` says of it.
type listed struct {
	ImportPath string
	Name       string
	Dir        string
	GoFiles    []string
	Imports    []string
	Deps       []string
}

// room is the package's path below the module.
func (p *listed) room() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
}

// packages are all packages of the module, without their tests.
var packages = sync.OnceValues(func() ([]listed, error) {
	out, err := run("go", "list", "-json=ImportPath,Name,Dir,GoFiles,Imports,Deps", "./...")
	if err != nil {
		return nil, err
	}
	var all []listed
	decoder := json.NewDecoder(strings.NewReader(out))
	for {
		var p listed
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, p)
	}
})

func listPackages(t *testing.T) []listed {
	t.Helper()
	all, err := packages()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return all
}

// run gives what a command prints, started at the top of the repository.
func run(name string, args ...string) (string, error) {
	command := exec.Command(name, args...)
	command.Dir = root
	out, err := command.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = errors.New(name + " " + strings.Join(args, " ") + ": " + exit.Error() + "\n" + string(exit.Stderr))
	}
	return string(out), err
}

// updating says that what a test compares with is to be written anew.
func updating() bool { return os.Getenv("IAMSIM_UPDATE") == "1" }
