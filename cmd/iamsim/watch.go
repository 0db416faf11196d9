package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/iamsim/iamsim/internal/spelling"
)

// watched are the folders in which a change can change a result: those of the paths,
// and the root of the policies.
func (x *suiteFlags) watched(paths []string) []string {
	var folders []string
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			path = filepath.Dir(path)
		}
		folders = append(folders, path)
	}
	if x.from.Root != "" {
		folders = append(folders, x.from.Root)
	}
	return folders
}

// lookEvery is the time between two looks at the files, of which a look takes a
// tenth at most.
const lookEvery = 300 * time.Millisecond

// watch calls run, and again whenever a file in the folders has changed. It gives
// what the last run gave when the context ends.
func watch(ctx context.Context, notes io.Writer, folders []string, run func() error) error {
	if slices.Contains(folders, "-") {
		return errors.New("--watch is for files, and standard input is none")
	}
	before := stateOf(folders)
	err := run()
	fmt.Fprintf(notes, "iamsim: watching %s\n", spelling.Shown(strings.Join(folders, ", ")))
	for {
		if !printed(err) {
			fmt.Fprintln(notes, "iamsim:", spelling.Shown(err.Error()))
		}
		var now map[string]state
		wait := lookEvery
		for now == nil || len(changed(before, now)) == 0 {
			select {
			case <-ctx.Done():
				if !printed(err) {
					return broken.error() // it is said
				}
				return err
			case <-time.After(wait):
			}
			began := time.Now()
			now = stateOf(folders)
			wait = max(lookEvery, 10*time.Since(began))
		}
		fmt.Fprintf(notes, "\niamsim: changed: %s\n", spelling.Shown(strings.Join(changed(before, now), ", ")))
		before = now
		err = run()
	}
}

// A state of a file is what changes with it.
type state struct {
	size int64
	time time.Time
}

// stateOf is the state of each file in some folders, but for folders whose names
// begin with a dot. What cannot be read has none.
func stateOf(folders []string) map[string]state {
	states := make(map[string]state)
	for _, folder := range folders {
		// A folder that is gone is a change, and no reason to end.
		_ = filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil
			case entry.IsDir() && name != folder && strings.HasPrefix(entry.Name(), "."):
				return filepath.SkipDir
			case entry.IsDir():
				return nil
			}
			if info, err := os.Stat(name); err == nil {
				states[name] = state{info.Size(), info.ModTime()}
			}
			return nil
		})
	}
	return states
}

// changed are the files that are other than before, new, or gone.
func changed(before, now map[string]state) []string {
	var names []string
	for name, state := range now {
		if was, ok := before[name]; !ok || was != state {
			names = append(names, name)
		}
	}
	for name := range before {
		if _, ok := now[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
