package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy/catalog"
	"github.com/iamsim/iamsim/policy/managed"
)

// built is what a program is made of: its own version, and the dates of what it
// knows about AWS.
type built struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Go      string `json:"go,omitempty"`
	Rules   string `json:"rules"`
	Catalog string `json:"catalog"`
	Managed string `json:"managedPolicies"`
}

// newBuilt is what the program is built of, without the dates of its data: to
// know these costs reading the data, and every start is here.
func newBuilt() built {
	b := built{Version: "(devel)", Rules: evaluator.Version}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Go = info.GoVersion
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	changed := false
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			changed = s.Value == "true"
		}
	}
	if b.Commit != "" && changed {
		b.Commit += " and changes"
	}
	return b
}

func versionCommand() *cobra.Command {
	var to output
	c := &cobra.Command{
		Use:   "version",
		Short: "Print the version, and the dates of what iamsim knows about AWS",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			b := newBuilt()
			b.Catalog, b.Managed = catalog.Default().Date(), managed.Date()
			return to.to(c, func(s *sheet) error {
				if to.format == "json" {
					return s.json(b)
				}
				return s.print(b.text())
			})
		},
	}
	to.define(c, "text", "json")
	return c
}

// text is a line for each thing that is known.
func (b *built) text() string {
	var text strings.Builder
	for _, line := range [][2]string{
		{"iamsim", b.Version}, {"commit", b.Commit}, {"go", b.Go}, {"rules", b.Rules},
		{"catalogue", b.Catalog}, {"managed policies", b.Managed},
	} {
		if line[1] != "" {
			fmt.Fprintf(&text, "%-17s %s\n", line[0], line[1])
		}
	}
	return text.String()
}
