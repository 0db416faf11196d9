package cloudformation

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/policy/load"
)

// manifest is manifest.json of a cdk.out folder: which files are templates, and where
// their stacks are deployed.
type manifest struct {
	Artifacts map[string]struct {
		Type        string
		Environment string // "aws://123456789012/us-east-1"
		Properties  struct {
			TemplateFile, StackName, DirectoryName string
			Parameters                             map[string]string
		}
		DisplayName string
	}
}

// maxManifest is the size of a manifest above which it is refused.
const maxManifest = 64 << 20

// IsAssembly reports whether a folder is a cdk.out: it has a manifest.json with
// artifacts.
func IsAssembly(files fs.FS) bool {
	text, err := load.ReadFile(files, "manifest.json", maxManifest)
	if err != nil {
		return false
	}
	var found map[string]json.RawMessage
	return json.Unmarshal(text, &found) == nil && found["artifacts"] != nil && found["version"] != nil
}

// Assembly reads the templates of a cdk.out folder, as its manifest says.
func (r *Reader) Assembly(shown string, files fs.FS) error {
	var m manifest
	text, err := load.ReadFile(files, "manifest.json", maxManifest)
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(shown, "manifest.json"), err)
	}
	var faults []error
	for _, id := range slices.Sorted(maps.Keys(m.Artifacts)) {
		a := m.Artifacts[id]
		switch a.Type {
		case "aws:cloudformation:stack":
			faults = append(faults, r.artifact(shown, files, a.Properties.TemplateFile, cmp.Or(a.Properties.StackName, id), a.Environment))
		case "cdk:cloud-assembly":
			below, err := fs.Sub(files, path.Clean(a.Properties.DirectoryName))
			if err == nil {
				err = r.Assembly(filepath.Join(shown, a.Properties.DirectoryName), below)
			}
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// artifact reads the template of one stack. What is given of account and region
// counts where the app leaves them open.
func (r *Reader) artifact(shown string, files fs.FS, file, stackName, environment string) error {
	at := place{r.given.Account, r.given.Region}
	if account, region, ok := strings.Cut(strings.TrimPrefix(environment, "aws://"), "/"); ok {
		if arn.IsAccountID(account) {
			at.account = account
		}
		if region != "" && region != "unknown-region" {
			at.region = region
		}
	}
	src, err := load.Open(files, path.Clean(file))
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(shown, "manifest.json"), err)
	}
	defer src.Close()
	return r.read(filepath.Join(shown, file), src, stackName, at)
}
