package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed/internal/history"
)

const arnPrefix = "arn:aws:iam::aws:policy/"

// packagedPolicy is a policy in the package's one file of data, which has them by
// name. A version that the package did not see when it was made has the date of its
// policy in place of its own; the date of the newest version is the policy's last
// update.
type packagedPolicy struct {
	ARN         string    `json:"arn"`
	Created     time.Time `json:"createdDate"`
	LastUpdated time.Time `json:"lastUpdatedDate"`
	Versions    map[string]struct {
		Created  time.Time       `json:"createdDate"`
		Document json.RawMessage `json:"document"`
	} `json:"versions"`
}

// A knownDate is the date of a version, from elsewhere.
type knownDate struct {
	Policy  string    `json:"policy"`
	Version string    `json:"version"`
	Date    time.Time `json:"date"`
	Source  string    `json:"source"`
}

// A deprecatedPolicy is one that the package no longer has.
type deprecatedPolicy struct {
	ARN         string    `json:"arn"`
	Created     time.Time `json:"created"`
	Deprecated  time.Time `json:"deprecated"`
	Replacement string    `json:"replacement"`
	Source      string    `json:"source"`
	Versions    []struct {
		ID       string          `json:"id"`
		Date     time.Time       `json:"date"`
		Document json.RawMessage `json:"document"`
	} `json:"versions"`
}

// gather puts the policies together, in the order of their names.
func gather(folder fs.FS, knownDates, deprecated []byte) (*history.History, error) {
	packaged, err := fs.ReadFile(folder, "dist/managedPolicies.json")
	if err != nil {
		return nil, err
	}
	var policies map[string]packagedPolicy
	if err := json.Unmarshal(packaged, &policies); err != nil {
		return nil, fmt.Errorf("dist/managedPolicies.json: %w", err)
	}
	var dates []knownDate
	if err := strictly(knownDates, &dates); err != nil {
		return nil, fmt.Errorf("dates.json: %w", err)
	}
	var gone []deprecatedPolicy
	if err := strictly(deprecated, &gone); err != nil {
		return nil, fmt.Errorf("deprecated.json: %w", err)
	}

	var h history.History
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(policies)) {
		from := policies[name]
		h.Date = max(h.Date, from.LastUpdated.UTC().Format(time.DateOnly))
		path, begins := strings.CutPrefix(from.ARN, arnPrefix)
		path, ends := strings.CutSuffix(path, name)
		if !begins || !ends {
			faults = append(faults, fmt.Errorf("policy %q has the ARN %q", name, from.ARN))
			continue
		}
		p, err := from.policy(path, name)
		faults = append(faults, err)
		h.Policies = append(h.Policies, p)
	}
	for i := range gone {
		p, err := gone[i].policy()
		faults = append(faults, err)
		h.Policies = append(h.Policies, p)
	}
	slices.SortFunc(h.Policies, func(a, b history.Policy) int { return strings.Compare(a.Name, b.Name) })
	faults = append(faults, correct(h.Policies, dates), check(h.Policies))
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return &h, nil
}

// strictly reads JSON in which no member is unknown.
func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

func (from *packagedPolicy) policy(path, name string) (history.Policy, error) {
	p := history.Policy{Path: path, Name: name, Created: from.Created}
	var faults []error
	for id, v := range from.Versions {
		version, err := newVersion(name, id, v.Document)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if version.Number == 1 || !v.Created.Equal(from.Created) {
			version.Date = v.Created
		}
		p.Versions = append(p.Versions, version)
	}
	slices.SortFunc(p.Versions, func(a, b history.Version) int { return a.Number - b.Number })
	if n := len(p.Versions); n > 0 {
		p.Versions[n-1].Date = from.LastUpdated
	}
	return p, errors.Join(faults...)
}

func (from *deprecatedPolicy) policy() (history.Policy, error) {
	path, ok := strings.CutPrefix(from.ARN, arnPrefix)
	if !ok {
		return history.Policy{}, fmt.Errorf("deprecated.json: %q is not the ARN of an AWS managed policy", from.ARN)
	}
	name := path[strings.LastIndexByte(path, '/')+1:]
	p := history.Policy{
		Path: strings.TrimSuffix(path, name), Name: name, Created: from.Created,
		Deprecated: from.Deprecated, Replacement: from.Replacement,
	}
	if p.Deprecated.IsZero() || p.Replacement == "" || from.Source == "" {
		return p, fmt.Errorf("deprecated.json: %s needs a date, a replacement and a source", name)
	}
	for _, v := range from.Versions {
		version, err := newVersion(name, v.ID, v.Document)
		if err != nil {
			return p, err
		}
		version.Date = v.Date
		p.Versions = append(p.Versions, version)
	}
	return p, nil
}

func newVersion(name, id string, document []byte) (history.Version, error) {
	number, err := strconv.Atoi(strings.TrimPrefix(id, "v"))
	if err != nil || number < 1 || id != "v"+strconv.Itoa(number) {
		return history.Version{}, fmt.Errorf("%s has a version %q", name, id)
	}
	lines, err := history.Lines(document)
	if err != nil {
		return history.Version{}, fmt.Errorf("%s %s: %w", name, id, err)
	}
	return history.Version{Number: number, Lines: lines}, nil
}

// correct sets the dates that are known from elsewhere. One that finds no
// version without a date is an error: it has had its day.
func correct(policies []history.Policy, dates []knownDate) error {
	var faults []error
	for _, d := range dates {
		v := find(policies, d.Policy, d.Version)
		switch {
		case d.Source == "":
			faults = append(faults, fmt.Errorf("dates.json: %s %s has no source", d.Policy, d.Version))
		case v == nil:
			faults = append(faults, fmt.Errorf("dates.json: %s %s does not exist", d.Policy, d.Version))
		case !v.Date.IsZero():
			faults = append(faults, fmt.Errorf("dates.json: %s %s has a date already, %s", d.Policy, d.Version, v.Date.Format(time.RFC3339)))
		default:
			v.Date = d.Date
		}
	}
	return errors.Join(faults...)
}

func find(policies []history.Policy, name, id string) *history.Version {
	for i := range policies {
		for j := range policies[i].Versions {
			if v := &policies[i].Versions[j]; policies[i].Name == name && "v"+strconv.Itoa(v.Number) == id {
				return v
			}
		}
	}
	return nil
}

// check refuses policies that cannot be: without versions, without a date of the
// newest, with dates that do not ascend, with documents that are no
// identity-based policies.
func check(policies []history.Policy) error {
	var faults []error
	for _, p := range policies {
		if n := len(p.Versions); n == 0 {
			faults = append(faults, fmt.Errorf("%s has no version", p.Name))
		} else if p.Versions[n-1].Date.IsZero() {
			faults = append(faults, fmt.Errorf("%s: the newest version has no date", p.Name))
		}
		last := p.Created
		for _, v := range p.Versions {
			if !v.Date.IsZero() {
				if v.Date.Before(last) {
					faults = append(faults, fmt.Errorf("%s v%d of %s is older than what is before it", p.Name, v.Number, v.Date.Format(time.RFC3339)))
				}
				last = v.Date
			}
			text, err := history.Document(v.Lines)
			if err == nil {
				err = parse(fmt.Sprintf("%s v%d", p.Name, v.Number), text)
			}
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

func parse(name string, text []byte) error {
	doc, err := policy.Parse(name, text)
	if err != nil {
		return err
	}
	return doc.Check(policy.Identity)
}
