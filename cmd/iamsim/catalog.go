package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

func catalogCommand() *cobra.Command {
	var to output
	c := &cobra.Command{
		Use:   "catalog NAME...",
		Short: "Look up actions, context keys, resource types and services",
		Long: `Look up what AWS documents, each NAME by its shape:

  lambda:CreateFunction    an action: its level, resource types, context keys, operations
  'lambda:*Policy'         a pattern: the actions that it stands for
  aws:SourceArn            a context key: its type, and which actions have it
  arn:aws:lambda:…         an ARN: the resource types that it can be, and their actions
  lambda                   a service: its actions, resource types and context keys`,
		Example: "  iamsim catalog iam:PassRole\n  iamsim catalog 'lambda:*Permission' lambda:FunctionUrlAuthType",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, names []string) error {
			entries := make([]entry, 0, len(names))
			known := true
			for _, name := range names {
				e := lookUp(catalog.Default(), name)
				known = known && e.Kind != ""
				entries = append(entries, e)
			}
			if err := to.to(c, func(s *sheet) error { return printEntries(s, to.format, entries) }); err != nil {
				return err
			}
			if !known {
				return notMet
			}
			return nil
		},
	}
	to.define(c, "text", "json", "jsonl")
	return c
}

func printEntries(s *sheet, format string, entries []entry) error {
	switch format {
	case "json":
		return s.json(entries)
	case "jsonl":
		for i := range entries {
			if err := s.jsonLine(&entries[i]); err != nil {
				return err
			}
		}
		return nil
	}
	var b strings.Builder
	for i := range entries {
		if i > 0 {
			b.WriteByte('\n')
		}
		entries[i].text(&b)
	}
	return s.text(b.String())
}

// An entry is what the catalogue has by a name. Kind is "" where it has nothing;
// Nearest is then a name that it has, if one is near.
type entry struct {
	Name    string `json:"name"`
	Kind    string `json:"kind,omitempty"`
	Nearest string `json:"nearest,omitempty"`

	Level          policy.AccessLevel `json:"accessLevel,omitempty"`
	PermissionOnly bool               `json:"permissionOnly,omitempty"`
	Type           string             `json:"type,omitempty"` // of a context key's values
	Multivalued    bool               `json:"multivalued,omitempty"`
	Everywhere     bool               `json:"everyService,omitempty"`
	Formats        []string           `json:"formats,omitempty"`
	Actions        []string           `json:"actions,omitempty"`
	Resources      []string           `json:"resourceTypes,omitempty"`
	Keys           []string           `json:"contextKeys,omitempty"`
	Operations     []string           `json:"operations,omitempty"`
	Dependent      []string           `json:"dependentActions,omitempty"`
}

// lookUp finds a name by its shape.
func lookUp(c *catalog.Catalog, name string) entry {
	e := entry{Name: name}
	switch {
	case strings.HasPrefix(name, "arn:"):
		e.arn(c)
	case strings.ContainsAny(name, "*?"):
		if actions := c.Expand(name); len(actions) > 0 {
			e.Kind, e.Actions = "pattern", actionNames(actions)
		}
	case !strings.Contains(name, ":"):
		e.service(c)
	default:
		if action, ok := c.Action(name); ok {
			e.action(c, action)
		} else if key, ok := c.Key(name); ok {
			e.key(c, key)
		} else if e.Nearest = c.NearestAction(name); e.Nearest == "" {
			e.Nearest = c.NearestKey(name)
		}
	}
	return e
}

func (e *entry) action(c *catalog.Catalog, a *policy.ServiceAction) {
	e.Kind, e.Name, e.Level, e.PermissionOnly = "action", a.Name, a.Level, a.PermissionOnly
	for _, r := range a.Resources {
		text := r.Type.Name
		if r.Required {
			text += " (required)"
		}
		e.Resources = append(e.Resources, text)
		e.Formats = append(e.Formats, r.Type.Formats...)
	}
	e.Keys = keyNames(c.ActionKeys(a))
	e.Operations, e.Dependent = c.Operations(a), c.DependentActions(a)
}

func (e *entry) key(c *catalog.Catalog, k *policy.ConditionKey) {
	e.Kind, e.Name, e.Type, e.Multivalued, e.Everywhere = "context key", k.Name, k.Type.String(), k.Multivalued, k.Everywhere
	if k.Everywhere {
		return // every action
	}
	for service := range c.Services() {
		for a := range c.Actions(service) {
			if slices.Contains(c.ActionKeys(a), k) {
				e.Actions = append(e.Actions, a.Name)
			}
		}
	}
}

func (e *entry) arn(c *catalog.Catalog) {
	for _, t := range c.TypesOf(e.Name) {
		e.Kind = "resource"
		e.Resources = append(e.Resources, t.Service+" "+t.Name)
		e.Formats = append(e.Formats, t.Formats...)
		e.Keys = append(e.Keys, keyNames(t.Keys)...)
		for a := range c.Actions(t.Service) {
			if slices.ContainsFunc(a.Resources, func(r policy.ActionResource) bool { return r.Type == t }) {
				e.Actions = append(e.Actions, a.Name)
			}
		}
	}
	slices.Sort(e.Keys)
	e.Keys = slices.Compact(e.Keys)
}

func (e *entry) service(c *catalog.Catalog) {
	if !c.HasService(e.Name) {
		return
	}
	e.Kind = "service"
	for a := range c.Actions(e.Name) {
		e.Actions = append(e.Actions, a.Name)
	}
	for t := range c.ResourceTypes(e.Name) {
		e.Resources = append(e.Resources, t.Name)
	}
	for k := range c.Keys(e.Name) {
		e.Keys = append(e.Keys, k.Name)
	}
}

func actionNames(actions []*policy.ServiceAction) []string {
	names := make([]string, len(actions))
	for i, a := range actions {
		names[i] = a.Name
	}
	return names
}

func keyNames(keys []*policy.ConditionKey) []string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.Name
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// text writes an entry for people: a line for what it is, and one for each thing
// that it has.
func (e *entry) text(b *strings.Builder) {
	if e.Kind == "" {
		fmt.Fprintf(b, "%s  not known", oneLine(e.Name))
		if e.Nearest != "" {
			fmt.Fprintf(b, "; the nearest name is %s", e.Nearest)
		}
		b.WriteByte('\n')
		return
	}
	what := []string{e.Kind}
	if e.Level != "" {
		what = append(what, string(e.Level))
	}
	if e.PermissionOnly {
		what = append(what, "no operation stands for it")
	}
	if e.Type != "" {
		what = append(what, e.Type)
	}
	if e.Multivalued {
		what = append(what, "several values")
	}
	if e.Everywhere {
		what = append(what, "requests to every service can have it")
	}
	fmt.Fprintf(b, "%s  %s\n", oneLine(e.Name), strings.Join(what, ", "))
	for _, list := range []struct {
		label string
		names []string
	}{
		{"operations", e.Operations}, {"needs too", e.Dependent}, {"resources", e.Resources}, {"ARN", e.Formats},
		{"keys", e.Keys}, {"actions", e.Actions},
	} {
		for i, name := range list.names {
			label := list.label
			if i > 0 {
				label = ""
			}
			fmt.Fprintf(b, "  %-11s %s\n", label, name)
		}
	}
}
