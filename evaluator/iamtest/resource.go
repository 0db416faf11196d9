package iamtest

import (
	"fmt"
	"io/fs"
	"slices"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/load"
)

// A Resource is a resource with the policies that follow it. [Resource.Load]
// reads them; they are written as those of a [Principal] are.
//
// A resource without policies and tags needs none of this: assertions take its
// ARN.
type Resource struct {
	ARN string
	// Policies attached to the resource: of a function or bucket, the trust
	// policy of a role, a key policy. Nil: there are none.
	Policies []string
	// Tags of the resource.
	Tags map[string]string
	// Account owns the resource; "" for the account in the ARN, else the
	// caller's.
	Account string
	// Organization of the owner; nil for none.
	Organization *evaluator.Organization
	// RCPs are the resource control policies by level, root first.
	// RCPFullAWSAccess is implied at each.
	RCPs [][]string
	// FS has the files; nil for those of the operating system.
	FS fs.FS
}

// Function loads a Lambda function, or its version or alias, with its
// resource-based policies.
func Function(t TestingT, functionARN string, policies ...string) What {
	helper(t)()
	return Resource{ARN: functionARN, Policies: policies}.Load(t)
}

// Load reads the policies; every fault fails the test and stops it.
func (r Resource) Load(t TestingT) What {
	helper(t)()
	s := newSource(r.FS, short(r.ARN))
	if _, err := arn.Parse(r.ARN); err != nil {
		s.faults = append(s.faults, err)
	}
	if r.Account != "" && !arn.IsAccountID(r.Account) {
		s.faults = append(s.faults, fmt.Errorf("%q is no account id, which has 12 digits", r.Account))
	}
	what := What{target: evaluator.Target{
		Resource: r.ARN, Account: r.Account, Organization: r.Organization, Tags: tags(r.Tags),
	}}
	var p policy.Policies
	if r.Policies != nil {
		layer := policy.ResourceLayer
		if policy.OfResource(r.ARN) == policy.Trust {
			layer = policy.TrustLayer
		}
		p = p.WithLevels(layer, s.attached("", r.Policies))
	}
	p = p.WithLevels(policy.RCPLayer, s.levels(r.RCPs)...)
	s.compile(p).Apply(nil, &what.target, nil)
	what.texts = s.read
	what.loaded = s.report(t)
	return what
}

// A What is a resource whose policies are loaded. It is a value that tests may
// share. The zero What is no resource, and every assertion about it fails.
type What struct {
	target  evaluator.Target
	texts   []load.Policy
	loaded  bool
	missing string // why it is not loaded, where that is known
	engines bool   // put together with package evaluator
}

// policies are those that are attached to the resource.
func (w *What) policies() []policy.Attached {
	return slices.Concat(evaluator.SetsOf(nil, &w.target, nil).Policies().Levels(policy.ResourceLayer)...)
}

// Target is the What of a target that was put together with package evaluator.
// In its ARN a star is a star: services ask for some listings on "layer:*" (B-19).
func Target(t evaluator.Target) What { return What{target: t, loaded: true, engines: true} }

// String is the resource's ARN.
func (w What) String() string { return w.target.Resource }
