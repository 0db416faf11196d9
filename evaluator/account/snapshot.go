package account

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/spelling"
)

// A Snapshot is what there is in one or several accounts. It is immutable:
// nobody may change the entities that it gives. [Builder.Build] makes one; the
// zero Snapshot is empty.
type Snapshot struct {
	identities    table[Identity]
	policies      table[ManagedPolicy]
	functions     table[Function]
	resources     table[Resource]
	organizations table[Organization]
	nodes         table[Node]
	controls      table[OrganizationPolicy]

	groups    map[string]string    // ARNs of groups, see groupKey
	standings map[string]*standing // by account
	interned  *interner
	gaps      []*Gap
	notes     []string
}

// Identities are the users, groups and roles by ARN.
func (s *Snapshot) Identities() iter.Seq[*Identity] { return values(&s.identities) }

// Policies are the managed policies by ARN.
func (s *Snapshot) Policies() iter.Seq[*ManagedPolicy] { return values(&s.policies) }

// Functions are the Lambda functions by ARN.
func (s *Snapshot) Functions() iter.Seq[*Function] { return values(&s.functions) }

// Resources are those of which a policy or tags were read, by ARN.
func (s *Snapshot) Resources() iter.Seq[*Resource] { return values(&s.resources) }

// Organizations are the organizations by id.
func (s *Snapshot) Organizations() iter.Seq[*Organization] { return values(&s.organizations) }

// Nodes are the roots, organizational units and accounts of the organizations, by
// id.
func (s *Snapshot) Nodes() iter.Seq[*Node] { return values(&s.nodes) }

// OrganizationPolicies are the service and resource control policies by id.
func (s *Snapshot) OrganizationPolicies() iter.Seq[*OrganizationPolicy] { return values(&s.controls) }

// Principals are the users and roles by ARN: all who can call.
func (s *Snapshot) Principals() iter.Seq[*Principal] {
	return func(yield func(*Principal) bool) {
		for i := range s.Identities() {
			if i.Kind() != "group" && !yield(&Principal{of: i, in: s}) {
				return
			}
		}
	}
}

// Gaps are what Build did not know, by what they are of. The caller must not change
// them.
func (s *Snapshot) Gaps() []*Gap { return s.gaps }

// Notes say in sentences what was supplied from elsewhere, and what readers made
// of things that are not as they should be.
func (s *Snapshot) Notes() []string { return s.notes }

// Accounts are the ids of the accounts of which something was read, in order.
func (s *Snapshot) Accounts() []string {
	ids := s.accounts()
	for id := range s.nodes.all() {
		if arn.IsAccountID(id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// accounts are those of identities, functions and resources.
func (s *Snapshot) accounts() []string {
	seen := make(map[string]struct{})
	for name := range s.identities.all() {
		seen[accountOf(name)] = struct{}{}
	}
	for name := range s.functions.all() {
		seen[accountOf(name)] = struct{}{}
	}
	for name, r := range s.resources.all() {
		seen[cmp.Or(accountOf(name), r.Account)] = struct{}{}
	}
	delete(seen, "")
	return slices.Sorted(maps.Keys(seen))
}

// Principal is the user or role with an ARN, the name "role/deploy" or
// "user/alice", with or without path, or the address in a template or plan; or the
// session of a role with the ARN that AWS shows,
// "arn:aws:sts::123456789012:assumed-role/deploy/ci", which lacks the role's path
// (B-42). The error wraps [ErrNotFound]; a name that several have is an error too.
func (s *Snapshot) Principal(name string) (*Principal, error) {
	if i := s.identities.get(name); i != nil && i.Kind() != "group" {
		return &Principal{of: i, in: s}, nil
	}
	if role, _, ok := parsed(name).AssumedRole(); ok {
		return s.session(name, role)
	}
	return find(s.Principals(), name, "user or role", func(p *Principal) []string {
		i := p.of
		return []string{i.ARN, i.Kind() + "/" + i.Name(), parsed(i.ARN).Resource(), i.Address}
	})
}

// session is the session of a role that has an ARN. Roles of an account differ by
// name, whatever their paths.
func (s *Snapshot) session(name, role string) (*Principal, error) {
	account := accountOf(name)
	var known []string
	for i := range s.Identities() {
		switch {
		case i.Kind() != "role" || i.Account() != account:
		case i.Name() == role:
			return &Principal{of: i, in: s, session: name}, nil
		default:
			known = append(known, i.Name())
		}
	}
	return nil, fmt.Errorf("role %s of account %s is %w%s", spelling.Quote(role), account, ErrNotFound, spelling.Suggestion(role, known))
}

// Function is the Lambda function with an ARN, a name, or an address in a
// template or plan. The error is that of [Snapshot.Principal].
func (s *Snapshot) Function(name string) (*Function, error) {
	if f := s.functions.get(name); f != nil {
		return f, nil
	}
	return find(s.Functions(), name, "function", func(f *Function) []string {
		return []string{f.ARN, parsed(f.ARN).Name(), f.Address}
	})
}

// Policy is the managed policy with an ARN, a name, or an address in a template
// or plan. The error is that of [Snapshot.Principal].
func (s *Snapshot) Policy(name string) (*ManagedPolicy, error) {
	if p := s.policies.get(name); p != nil {
		return p, nil
	}
	return find(s.Policies(), name, "managed policy", func(p *ManagedPolicy) []string {
		return []string{p.ARN, parsed(p.ARN).Name(), p.Address}
	})
}

// find is the only entity that has a name.
func find[T any](all iter.Seq[T], name, what string, names func(T) []string) (T, error) {
	var found []T
	var known, at []string
	for e := range all {
		has := names(e)
		if known = append(known, has[1]); strings.HasPrefix(name, "arn:") {
			known[len(known)-1] = has[0]
		}
		if name != "" && slices.Contains(has, name) {
			found, at = append(found, e), append(at, has[0])
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		var none T
		return none, fmt.Errorf("%s %s is %w%s", what, spelling.Quote(name), ErrNotFound, spelling.Suggestion(name, known))
	}
	var none T
	return none, fmt.Errorf("%s %s is in several accounts: give the ARN, one of %s", what, spelling.Quote(name), strings.Join(at[:min(len(at), 10)], ", "))
}

// values gives the entities of a table.
func values[T any](t *table[T]) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for _, e := range t.all() {
			if !yield(e) {
				return
			}
		}
	}
}
