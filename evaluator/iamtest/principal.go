package iamtest

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/internal/plausible"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/load"
)

// A Principal is a user, a role or another caller, with the policies that
// follow it. [Principal.Load] reads them.
//
// Each policy is one string, as package load takes it: a document, the ARN or the
// name of an AWS managed policy, or the path of a file, which a failure names with
// line and column, or of a folder. A file may have what the AWS CLI prints, or
// YAML (package read).
type Principal struct {
	// ARN of a user, a role (then an unnamed session of it), a role session, a
	// federated user or the root user; or the name of a service, or
	// "anonymous".
	ARN string
	// Role is the ARN of the role with its path, where ARN is of its session.
	// "" leaves the path unknown (L-2).
	Role string
	// ParentUser is the ARN of the user who federated, where ARN is of a
	// federated user.
	ParentUser string
	// UniqueID of the user or role (AIDA…, AROA…); "" leaves it unknown.
	UniqueID string
	// Policies of the user or role itself, managed and inline.
	Policies []string
	// Groups of a user.
	Groups []Group
	// Boundary is the permissions boundary; "" for none.
	Boundary string
	// Session holds the policies passed when the session was made; they form a
	// union. Nil: there are none.
	Session []string
	// SCPs are the service control policies by level, root first, account last.
	// Nil: there are none. A level without policies allows nothing.
	SCPs [][]string
	// Tags of the user or role, and of the session.
	Tags, SessionTags map[string]string
	// Organization of the principal's account; nil for none.
	Organization *evaluator.Organization
	// FS has the files, such as an embed.FS; nil for those of the operating
	// system, paths from the folder of the test.
	FS fs.FS
}

// A Group is an IAM group and its policies.
type Group struct {
	Name     string
	Policies []string
}

// Role loads a role and its identity-based policies. Requests are made by an
// unnamed session of it.
func Role(t TestingT, roleARN string, policies ...string) Who {
	helper(t)()
	return Principal{ARN: roleARN, Policies: policies}.Load(t)
}

// User loads a user and its identity-based policies.
func User(t TestingT, userARN string, policies ...string) Who {
	helper(t)()
	return Principal{ARN: userARN, Policies: policies}.Load(t)
}

// Load reads the policies. Whatever is wrong with them, or with the principal,
// fails the test and stops it; every fault is reported, with file, line and
// column.
func (p Principal) Load(t TestingT) Who {
	helper(t)()
	s := newSource(p.FS, short(p.ARN))
	principal, err := p.principal()
	if err != nil {
		s.faults = append(s.faults, err)
	}
	who := Who{name: s.load.Of, began: time.Now().UTC()}
	who.caller.Principal, who.organization = principal, p.Organization
	who.beyondSCPs = p.beyondSCPs(principal.Account())
	s.policies(p).Apply(&who.caller, nil, nil)
	who.texts = s.read
	who.loaded = s.report(t)
	return who
}

// policies reads and compiles the policies that follow the principal.
func (s *source) policies(of Principal) evaluator.Sets {
	var p policy.Policies
	identity := s.attached("", of.Policies)
	for _, group := range of.Groups {
		identity = append(identity, s.attached("group "+group.Name, group.Policies)...)
	}
	if identity != nil {
		p = p.With(policy.IdentityLayer.At(0), identity...)
	}
	if of.Boundary != "" {
		p = p.With(policy.BoundaryLayer.At(0), s.single("permissions boundary", of.Boundary)...)
	}
	if of.Session != nil {
		p = p.With(policy.SessionLayer.At(0), s.attached("", of.Session)...)
	}
	return s.compile(p.WithLevels(policy.SCPLayer, s.levels(of.SCPs)...))
}

func (p *Principal) principal() (evaluator.Principal, error) {
	made, err := evaluator.ParsePrincipal(p.ARN)
	if err != nil {
		return evaluator.Principal{}, err
	}
	if err := cmp.Or(p.misplaced(made.Kind()), p.mistyped(made.Kind())); err != nil {
		return evaluator.Principal{}, err
	}
	switch {
	case p.Role != "" && p.Role != p.ARN:
		made = evaluator.Session(p.ARN, p.Role)
	case p.ParentUser != "":
		made = evaluator.Federated(p.ARN, p.ParentUser)
	}
	if p.UniqueID != "" {
		made = made.WithUniqueID(p.UniqueID)
	}
	made = made.WithTags(tags(p.Tags)...).WithSessionTags(tags(p.SessionTags)...)
	return made.WithOrganization(p.Organization), made.Err()
}

// beyondSCPs says what the principal is, if that is what SCPs do not bind (E.2).
func (p *Principal) beyondSCPs(account string) string {
	role, _ := arn.Parse(cmp.Or(p.Role, p.ARN))
	switch {
	case role.IsServiceLinkedRole():
		return "a service-linked role"
	case p.Organization != nil && account != "" && p.Organization.ManagementAccount == account:
		return "of the management account"
	}
	return ""
}

// misplaced finds a field that was given to have an effect, and has none for a
// principal of this kind.
func (p *Principal) misplaced(kind evaluator.PrincipalKind) error {
	named := kind == evaluator.IAMUser || kind == evaluator.RoleSession
	switch {
	case p.Role != "" && kind != evaluator.RoleSession:
		return fmt.Errorf("%s is no session of a role, which alone has Role", p.ARN)
	case p.ParentUser != "" && kind != evaluator.FederatedUser:
		return fmt.Errorf("%s is no federated user, which alone has ParentUser", p.ARN)
	case len(p.Groups) > 0 && kind != evaluator.IAMUser:
		return fmt.Errorf("%s is no user, and only users are in groups", p.ARN)
	case p.UniqueID != "" && !named:
		return fmt.Errorf("%s is neither a user nor a role, which alone have a UniqueID", p.ARN)
	case (p.Tags != nil || p.SessionTags != nil) && !named && kind != evaluator.FederatedUser:
		return fmt.Errorf("%s is neither a user, a role nor a session, which alone have tags", p.ARN)
	}
	return nil
}

// mistyped finds a partition or a service that AWS does not have.
func (p *Principal) mistyped(kind evaluator.PrincipalKind) error {
	if kind == evaluator.ServicePrincipal {
		if fault := mistypedService(p.ARN); fault != "" {
			return errors.New(fault)
		}
	}
	if of := partition(p.ARN); !slices.Contains(plausible.Partitions(), of) {
		return fmt.Errorf("%q in %q is no partition%s", of, p.ARN, spelling.Suggestion(of, plausible.Partitions()))
	}
	return nil
}

// tags are in the order of their keys, so that messages are the same each time.
func tags(m map[string]string) []evaluator.Tag {
	var list []evaluator.Tag
	for key, value := range m {
		list = append(list, evaluator.Tag{Key: key, Value: value})
	}
	slices.SortFunc(list, func(a, b evaluator.Tag) int { return strings.Compare(a.Key, b.Key) })
	return list
}

// A Who is a principal whose policies are loaded: the one of whom assertions
// speak. It is a value; the methods return changed copies, and tests that run
// in parallel may share one. The zero Who is nobody, and every assertion about
// it fails.
type Who struct {
	caller       evaluator.Caller
	organization *evaluator.Organization // of the principal; nil: none, or not known
	beyondSCPs   string                  // "a service-linked role"; "" where SCPs bind the principal
	name         string
	given        evaluator.Context
	began        time.Time
	loaded       bool
	missing      string // why it is not loaded, where that is known
	engines      bool   // put together with package evaluator
	texts        []load.Policy
	coverage     *Coverage
}

// policies are those of the principal.
func (w *Who) policies() policy.Policies { return evaluator.SetsOf(&w.caller, nil, nil).Policies() }

// Caller is the Who of a caller that was put together with package evaluator.
func Caller(c evaluator.Caller) Who {
	return Who{caller: c, name: cmp.Or(short(c.Principal.String()), "nobody"), began: time.Now().UTC(), loaded: true, engines: true}
}

// Given adds a context key to the principal's requests, or replaces one that
// was given before or is given by default. Without values the requests do not
// have the key.
func (w Who) Given(key string, values ...string) Who {
	given := slices.DeleteFunc(slices.Clone(w.given), func(k evaluator.Key) bool { return fold.Equal(k.Name, key) })
	w.given = append(given, evaluator.Key{Name: key, Values: slices.Clone(values)})
	return w
}

// inOrganization puts a resource of the caller's account into the organization
// of the caller, where nothing else is said of it: both have one account.
func (w *Who) inOrganization(t *evaluator.Target) {
	if w.organization == nil || t.Organization != nil {
		return
	}
	owner := t.Account
	if fields := pattern.Split(t.Resource); owner == "" && fields.IsARN() {
		owner = fields.Field(4)
	}
	if law.Owner(owner, w.caller.Principal.Account()) == w.caller.Principal.Account() {
		t.Organization = w.organization
	}
}

// String is the principal in short, as failures name it: "role/deploy".
func (w Who) String() string { return w.name }

// short is what tells a principal or resource from others in the same test:
// "role/deploy".
func short(of string) string {
	if f := pattern.Split(of); f.IsARN() && f.Field(5) != "" {
		return f.Field(5)
	}
	return of
}
