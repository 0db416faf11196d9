package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/load"
)

// A layerFlag is the flag for the policies of a layer.
type layerFlag struct {
	layer       policy.Layer
	name, title string
	value       string // what is given, after the title
}

// layerFlags are the flags of all layers.
var layerFlags = []layerFlag{
	{policy.IdentityLayer, "identity", "identity-based policy", "a `policy`; may be repeated"},
	{policy.BoundaryLayer, "boundary", "permissions boundary", "a `policy`"},
	{policy.SessionLayer, "session", "session policy", "a `policy`; may be repeated"},
	{policy.ResourceLayer, "resource-policy", "policy of the resource (of a role: its trust policy)", "a `policy`; may be repeated"},
	{policy.SCPLayer, "scp", "one level of service control policies", "root first: `policy,policy...`"},
	{policy.RCPLayer, "rcp", "one level of resource control policies", "root first: `policy,policy...`"},
	{policy.EndpointLayer, "endpoint", "VPC endpoint policy", "a `policy`"},
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
func (p *policyFiles) read(from *policyLoader) (policy.Policies, error) {
	var all policy.Policies
	for _, f := range layerFlags {
		all = all.WithLevels(f.layer, from.layer(f, p[f.layer])...)
	}
	return all, from.err()
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

// policyLoader loads policies, tells what was around them, and collects what is
// wrong.
type policyLoader struct {
	load.Loader
	notes  io.Writer // nil: nothing is told
	told   map[*policy.Document]bool
	faults []error
}

// newPolicyLoader loads policies for a command, from its standard input too.
func newPolicyLoader(c *cobra.Command) *policyLoader {
	return &policyLoader{Loader: load.Loader{Stdin: c.InOrStdin(), Within: policiesWithin(c)}, notes: c.ErrOrStderr(), told: make(map[*policy.Document]bool)}
}

// err is everything that was wrong.
func (l *policyLoader) err() error { return errors.Join(l.faults...) }

// each loads what several arguments name.
func (l *policyLoader) each(given []string) []load.Policy {
	var list []load.Policy
	for _, one := range given {
		list = append(list, l.all(one)...)
	}
	return list
}

// all loads what stands with commas in one argument.
func (l *policyLoader) all(given string) []load.Policy {
	parts := []string{given}
	if !load.IsText(given) {
		parts = strings.Split(given, ",")
	}
	var list []load.Policy
	for _, part := range parts {
		policies, err := l.Load(part)
		if err != nil {
			l.faults = append(l.faults, err)
			continue
		}
		for i := range policies {
			l.tell(&policies[i])
		}
		list = append(list, policies...)
	}
	return list
}

// tell says once what was taken off to get at a document.
func (l *policyLoader) tell(p *load.Policy) {
	if len(p.Unwrapped) > 0 && !l.told[p.Document] {
		note(l.notes, "read from %s: %s", p.Document.Name(), strings.Join(p.Unwrapped, ", "))
		l.told[p.Document] = true
	}
}

// attached are policies as they apply.
func attached(policies []load.Policy) []policy.Attached {
	list := make([]policy.Attached, len(policies))
	for i := range policies {
		list[i] = policies[i].Attached
	}
	return list
}

// layer loads the policies of a layer by slot, written as the formats write
// them.
func (l *policyLoader) layer(f layerFlag, given []string) [][]policy.Attached {
	var levels [][]policy.Attached
	var list []policy.Attached
	for _, one := range given {
		level := attached(l.all(one))
		levels, list = append(levels, level), append(list, level...)
	}
	switch form := f.layer.Form(); {
	case len(given) == 0 || form == policy.LevelsForm:
		return levels
	case form == policy.ListForm:
		return slices.Collect(slices.Chunk(list, 1))
	case form == policy.SingleForm && len(list) > 1:
		l.faults = append(l.faults, fmt.Errorf("there is one --%s at most, and %d are given", f.name, len(list)))
	}
	return [][]policy.Attached{list}
}
