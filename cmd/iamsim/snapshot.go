package main

import (
	"errors"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/files"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
)

// A snapshotFlag names what was read of accounts: the policies, tags and
// organizations of a request's principal and resource.
type snapshotFlag struct {
	paths    []string
	complete bool
	notes    io.Writer
	read     *account.Snapshot // nil where none is named
	lacks    bool              // of a principal or resource not all is known
}

func (f *snapshotFlag) define(c *cobra.Command) {
	c.Flags().StringArrayVar(&f.paths, "snapshot", nil,
		"who and what there is, a `path` as for iamsim account: it has the policies, tags and organization of principal and resource; may be repeated")
	defineComplete(c, &f.complete)
}

// defineComplete defines the flag that says what a snapshot leaves out.
func defineComplete(c *cobra.Command, complete *bool) {
	c.Flags().BoolVar(complete, "complete", false, "a function of which no policy, alias or URL was read has none")
}

// load reads what is named.
func (f *snapshotFlag) load(c *cobra.Command) error {
	if len(f.paths) == 0 {
		return nil
	}
	s, unread, faults := readSnapshot(c.InOrStdin(), planned.Given{}, f.complete, f.paths...)
	f.notes, f.read = c.ErrOrStderr(), s
	return errors.Join(unread, faults)
}

// readSnapshot reads who and what there is, "-" from standard input. It gives what
// could be read, beside what could not, and what is wrong with what was.
func readSnapshot(stdin io.Reader, given planned.Given, complete bool, paths ...string) (s *account.Snapshot, unread, faults error) {
	b := account.New()
	b.Partial = true
	if complete {
		b.Complete = account.ResourcePolicy | account.Versions | account.Aliases | account.URLs
	}
	named := slices.DeleteFunc(slices.Clone(paths), func(path string) bool { return path == "-" })
	if len(named) < len(paths) {
		unread = files.Read(b, given, "standard input", stdin)
	}
	unread = errors.Join(unread, files.Load(b, given, named...))
	s, faults = b.Build()
	return s, unread, faults
}

// fill takes from the snapshot what the scenario lacks of principal and
// resource: policies of layers that have none, tags, organizations, the role of a
// session. What is not known is told.
func (f *snapshotFlag) fill(s *scenario.Scenario) error {
	if f.read == nil {
		return nil
	}
	caller, err := f.principal(&s.Request.Principal)
	if err := f.tell(s.Request.Principal.ARN, err); err != nil {
		return err
	}
	var target evaluator.Target
	if r := &s.Request; r.Resource != "*" && !r.ResourceUnknown {
		target, err = f.resource(r)
		if err := f.tell(r.Resource, err); err != nil {
			return err
		}
	}
	s.Policies = beside(s.Policies, evaluator.SetsOf(&caller, &target, nil).Policies())
	return nil
}

// principal completes who calls, and gives its policies.
func (f *snapshotFlag) principal(p *scenario.Principal) (evaluator.Caller, error) {
	who, err := f.read.Principal(p.ARN)
	if err != nil {
		return evaluator.Caller{}, err
	}
	if p.Tags == nil {
		p.Tags = who.Identity().Tags
	}
	if p.Org == nil {
		p.Org = who.Organization()
	}
	if p.ARN = who.String(); p.ARN != who.Identity().ARN {
		p.Role = who.Identity().ARN // of the session
	}
	return who.Caller()
}

// resource completes what is asked for, and gives its policies.
func (f *snapshotFlag) resource(r *scenario.Request) (evaluator.Target, error) {
	t, err := f.read.Target(r.Resource)
	if errors.Is(err, account.ErrNotFound) {
		return evaluator.Target{}, err
	}
	r.Resource, r.ResourceUnknown = t.Resource, t.Unknown
	r.ResourceAccount = or(r.ResourceAccount, t.Account)
	if r.ResourceTags == nil {
		r.ResourceTags = t.Tags
	}
	if r.ResourceOrg == nil {
		r.ResourceOrg = t.Organization
	}
	return t, err
}

// target is a resource of the snapshot.
func (f *snapshotFlag) target(resource string) (t evaluator.Target, ok bool) {
	if f.read == nil {
		return t, false
	}
	t, err := f.read.Target(resource)
	return t, err == nil
}

// tell tells what the snapshot does not know, and gives any other error back.
func (f *snapshotFlag) tell(of string, err error) error {
	var gap *account.Gap
	switch {
	case errors.Is(err, account.ErrNotFound):
		note(f.notes, "the snapshot does not have %s: what flags give applies", of)
	case errors.As(err, &gap):
		f.lacks = true
		note(f.notes, "%v", err)
	default:
		return err
	}
	return nil
}

// beside are policies with those of another value in the layers that have none.
func beside(given, known policy.Policies) policy.Policies {
	for l := range policy.Layers() {
		resources := l == policy.TrustLayer || l == policy.ResourceLayer
		if given.Has(l) || resources && (given.Has(policy.TrustLayer) || given.Has(policy.ResourceLayer)) {
			continue
		}
		given = given.WithLevels(l, known.Levels(l)...)
	}
	return given
}
