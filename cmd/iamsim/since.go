package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/files"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/review"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy/load"
)

// diffSince compares each file of the paths with what it was at a revision of git,
// and prints what changes.
func diffSince(c *cobra.Command, ctx context.Context, prover *prove.Prover, x *proofFlags, base string, paths []string, given planned.Given, all bool) error {
	old, err := revisionOf(ctx, base)
	if err != nil {
		return err
	}
	folder, err := os.OpenRoot(".")
	if err != nil {
		return err
	}
	defer folder.Close()
	s := since{old: old, now: folder.FS(), given: given}
	names, faults := s.files(paths)
	var list []change
	for _, name := range names {
		list = append(list, s.compare(c, ctx, prover, x, name)...)
	}
	err = x.to.to(c, func(s *sheet) error { return printChanges(s, x.to.format, list, all) })
	if faults != nil {
		return faults
	}
	return err
}

// since are the two sides of a change, as file systems of the working directory.
type since struct {
	old *revision
	now fs.FS

	given planned.Given // of what templates leave open
}

// files are the policies at paths on either side, sorted: files, and those of folders.
func (s *since) files(paths []string) ([]string, error) {
	var names []string
	var faults []error
	for _, given := range paths {
		at := path.Clean(filepath.ToSlash(given))
		if !fs.ValidPath(at) {
			faults = append(faults, fmt.Errorf("%s is not below the working directory: with --base, run iamsim at the top of the repository", spelling.Quote(given)))
			continue
		}
		found := false
		for _, side := range []fs.FS{s.now, s.old} {
			if _, err := fs.Stat(side, at); errors.Is(err, fs.ErrNotExist) {
				continue
			}
			list, err := (&load.Loader{Files: side}).Names(at)
			if err != nil && !errors.Is(err, load.ErrNoPolicies) {
				faults = append(faults, err)
			}
			found = found || !errors.Is(err, load.ErrNoPolicies)
			names = append(names, list...)
		}
		if !found {
			faults = append(faults, fmt.Errorf("%s has no policies, neither now nor at %s", spelling.Quote(given), s.old.name))
		}
	}
	slices.Sort(names)
	return slices.Compact(names), errors.Join(faults...)
}

// compare compares a file with what it was: the policy in it, or what a template has;
// nothing where it is the same. What cannot be compared is a change that is unknown.
func (s *since) compare(c *cobra.Command, ctx context.Context, prover *prove.Prover, x *proofFlags, name string) []change {
	was, wasErr := load.ReadFile(s.old, name, load.MaxSize)
	is, isErr := load.ReadFile(s.now, name, load.MaxSize)
	one := change{title: name, file: name}
	switch {
	case wasErr == nil && isErr == nil && bytes.Equal(was, is):
		return nil
	case errors.Is(wasErr, fs.ErrNotExist):
		one.state = "added"
	case errors.Is(isErr, fs.ErrNotExist):
		one.state = "removed"
	}
	var sides [2][]load.Policy
	var wrong [2]error
	if one.state != "added" {
		sides[0], wrong[0] = policiesIn(s.old, s.old.name, name)
	}
	if one.state != "removed" {
		sides[1], wrong[1] = policiesIn(s.now, "", name)
	}
	if isForeign(wrong[0]) || isForeign(wrong[1]) {
		if list, ok := s.compareWithin(ctx, prover, one); ok {
			return list
		}
	}
	if one.unknown = errors.Join(wrong[:]...); one.unknown != nil {
		one.broken = wrong[1] != nil
		return []change{one}
	}
	its := *x // which notes what it assumes
	compared, err := its.sidesOf(newPolicyLoader(c), sides[:]...)
	if err == nil {
		one.assumed = its.assumed
		one.Change, err = review.Compare(ctx, prover, compared[0], compared[1])
	}
	one.unknown = err
	return []change{one}
}

// policiesIn loads the policies of a file, which names them, below a folder that is
// shown before it.
func policiesIn(files fs.FS, shown, name string) ([]load.Policy, error) {
	list, err := (&load.Loader{Files: files, Path: shown}).Load("./" + name) // which is a path, whatever the name is
	for i := range list {
		list[i].Name = path.Join(shown, name)
	}
	return list, err
}

// compareWithin compares what a template, or a file of an account, has; ok tells
// whether it is one.
func (s *since) compareWithin(ctx context.Context, prover *prove.Prover, of change) (list []change, ok bool) {
	var snapshots [2]*account.Snapshot
	for i, side := range []fs.FS{s.old, s.now} {
		b := account.New()
		b.Partial = true
		if _, err := fs.Stat(side, of.file); err == nil {
			if err := files.LoadFS(b, s.given, side, of.file); err != nil {
				return nil, false
			}
		}
		var err error
		if snapshots[i], err = b.Build(); err != nil {
			return nil, false
		}
	}
	differences, err := account.Differences(snapshots[0], snapshots[1])
	if err != nil {
		of.unknown = err
		return []change{of}, true
	}
	for i := range differences {
		one := changeAt(ctx, prover, &differences[i])
		one.title, one.file = of.file+": "+one.title, of.file
		list = append(list, one)
	}
	return list, true
}
