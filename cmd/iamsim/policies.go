package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// A layerFlag is the flag for the policies of a layer.
type layerFlag struct {
	layer       policy.Layer
	name, title string
	value       string // what is given, after the title
}

// layerFlags are the flags of all layers.
var layerFlags = []layerFlag{
	{policy.IdentityLayer, "identity", "identity-based policy", "a `file`; may be repeated"},
	{policy.BoundaryLayer, "boundary", "permissions boundary", "a `file`"},
	{policy.SessionLayer, "session", "session policy", "a `file`; may be repeated"},
	{policy.ResourceLayer, "resource-policy", "policy of the resource (of a role: its trust policy)", "a `file`; may be repeated"},
	{policy.SCPLayer, "scp", "one level of service control policies", "root first: `file,file…`"},
	{policy.RCPLayer, "rcp", "one level of resource control policies", "root first: `file,file…`"},
	{policy.EndpointLayer, "endpoint", "VPC endpoint policy", "a `file`"},
}

// policyFiles are the files of policies, by layer.
type policyFiles [policy.RuleLayer][]string

// define defines the flags of some layers. of says whose policies they are; "" is
// said of those of the request.
func (p *policyFiles) define(c *cobra.Command, of string, layers ...policy.Layer) {
	for _, f := range layerFlags {
		if slices.Contains(layers, f.layer) {
			c.Flags().StringArrayVar(&p[f.layer], f.name, nil, f.title+of+", "+f.value)
		}
	}
}

// read reads the policies. It gives what could be read, beside an error.
func (p *policyFiles) read() (policy.Policies, error) {
	var load policyLoader
	var all policy.Policies
	for _, f := range layerFlags {
		all = all.WithLevels(f.layer, load.layer(f, p[f.layer])...)
	}
	return all, errors.Join(load.faults...)
}

// policyFlags are the context keys of a request, and its policies.
type policyFlags struct {
	context []string
	files   policyFiles
}

// define defines the flags for the context and for some layers.
func (p *policyFlags) define(c *cobra.Command, layers ...policy.Layer) {
	c.Flags().StringArrayVar(&p.context, "context", nil, "a context key, `key=value`; again for further keys, or values of a key")
	p.files.define(c, "", layers...)
}

func (p *policyFlags) contextKeys() ([]scenario.ContextKey, error) {
	var keys []scenario.ContextKey
	for _, pair := range p.context {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, fmt.Errorf("--context is key=value, not %s", spelling.Quote(pair))
		}
		keys = addValue(keys, key, value)
	}
	return keys, nil
}

func addValue(keys []scenario.ContextKey, name, value string) []scenario.ContextKey {
	for i := range keys {
		if fold.Equal(keys[i].Name, name) {
			keys[i].Values = append(keys[i].Values, value)
			return keys
		}
	}
	return append(keys, scenario.ContextKey{Name: name, Values: []string{value}})
}

// policyLoader reads policies and collects what is wrong with them.
type policyLoader struct{ faults []error }

func (l *policyLoader) all(files []string) []policy.Attached {
	var list []policy.Attached
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err == nil {
			var doc *policy.Document
			if doc, err = policy.Parse(file, text); err == nil {
				list = append(list, policy.Attached{Name: file, Document: doc})
				continue
			}
		}
		l.faults = append(l.faults, err)
	}
	return list
}

// layer reads the policies of a layer by slot, written as the formats write
// them.
func (l *policyLoader) layer(f layerFlag, files []string) [][]policy.Attached {
	var levels [][]policy.Attached
	switch form := f.layer.Form(); {
	case len(files) == 0:
	case form == policy.LevelsForm:
		for _, level := range files {
			levels = append(levels, l.all(strings.Split(level, ",")))
		}
	case form == policy.ListForm:
		levels = slices.Collect(slices.Chunk(l.all(files), 1))
	case form == policy.SingleForm && len(files) > 1:
		l.faults = append(l.faults, fmt.Errorf("there is one --%s at most, and %d are given", f.name, len(files)))
	default:
		levels = append(levels, l.all(files))
	}
	return levels
}
