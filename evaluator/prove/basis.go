package prove

import (
	"maps"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// What a verdict rests on, in words.

// has reports whether one of the sides has a layer.
func (q *question) has(l policy.Layer) bool { return q.p.Has(l) || q.q.Has(l) }

// universe is what every request means here.
func (q *question) universe() string {
	sessions := q.has(policy.SessionLayer) // which users do not have
	if !q.has(policy.ResourceLayer) {
		callers := "IAM users and role sessions"
		switch {
		case sessions:
			callers = "role sessions"
		case q.has(policy.SCPLayer):
			callers = "IAM users, role sessions and root users"
		}
		return "all requests of " + callers + ", for any action, on any resource of the shape of an ARN and on *"
	}
	callers := "users, role sessions, root users"
	if sessions {
		callers = "role sessions, root users"
	}
	return "all requests of " + callers + ", services, identity providers and unsigned callers, in the resource's account and in others, for any action, on any resource of the shape of an ARN, whose account is an id, none or AWS's, and on *"
}

// assumptions are what else the verdict rests on.
func (q *question) assumptions() []string {
	list := []string{
		`no resource and no value that is compared as an ARN holds "${"`,
		"a context key that is tested without ForAllValues and ForAnyValue only has at most one value; the values of a key differ from each other",
		"no two tags differ in letter case only",
		"callers are no sessions of GetFederationToken",
	}
	if q.catalog != nil {
		list[1] = "context keys have the types and numbers of values of the catalogue; the values of a key differ from each other"
	}
	if q.has(policy.SCPLayer) {
		list = append(list, "callers are no service-linked roles, and their account is not the management account")
	}
	if q.has(policy.RCPLayer) {
		list = append(list, "callers are no service-linked roles, and the resource's account is a member of the organization and not its management account")
	}
	if q.has(policy.EndpointLayer) {
		list = append(list, "all requests pass through the VPC endpoint")
	}
	if isAdministrators(q.p) {
		list = append(list, "callers are administrators: their identity-based policy allows everything")
	}
	if isOpen(q.p) {
		list = append(list, "the policy of the resource allows everything to everyone")
	}
	if leavesCallersOpen(q.p) || leavesCallersOpen(q.q) {
		list = append(list,
			"callers have no permissions boundary and no session policy",
			"the callers' own policies allow everything, or in the resource's account there may be none")
	}
	if !q.has(policy.ResourceLayer) {
		list = append(list, "the policy of the resource leaves the decision to the caller's account")
	}
	list = append(list, q.present()...)
	list = append(list, q.ofPassRole()...)
	if q.facts.keys["kms:calleraccount"] != "" {
		list = append(list, "requests of kms have kms:CallerAccount, which is the caller's account, and no others have it")
	}
	if q.facts.keys[fold.String(ownerKey)] != "" {
		list = append(list, "requests have aws:ResourceAccount, and it is the account in the ARN of the resource where there is one")
	}
	for _, name := range slices.Sorted(maps.Keys(q.facts.keys)) {
		if of := law.KeyOf(name).Row().Service; of != "" && isOwnerKey(name) {
			list = append(list, "requests of "+of+" have "+q.facts.spelling(name)+" as they have aws:ResourceAccount, and no others have it")
		}
	}
	for _, resource := range impossible(q.pList, q.qList) {
		list = append(list, "no resource can have the ARN "+spelling.Quote(resource)+": its account is no id of 12 digits")
	}
	if len(q.facts.variables) > 0 {
		list = append(list, "ids of accounts and organizations, names of users and names of Regions hold no colon")
	}
	return list
}

// ofPassRole says which context keys that the documents mention iam:PassRole is
// taken to have alone, and which it is taken never to have.
func (q *question) ofPassRole() []string {
	var only, never []string
	for _, name := range slices.Sorted(maps.Keys(q.facts.keys)) {
		switch spelled := q.facts.spelling(name); law.KeyOf(name).Row().PassRole {
		case law.OnlyPassRole:
			only = append(only, spelled)
		case law.NeverPassRole:
			never = append(never, spelled)
		}
	}
	var list []string
	if only != nil {
		list = append(list, "no request but those for iam:PassRole has "+strings.Join(only, ", "))
	}
	if never != nil {
		list = append(list, "no request for iam:PassRole has "+strings.Join(never, ", "))
	}
	return list
}

// present says which context keys that the documents mention are taken to be in
// every request of some callers.
func (q *question) present() []string {
	var every, signed, sessions []string
	for _, name := range slices.Sorted(maps.Keys(q.facts.keys)) {
		spelled, row := q.facts.spelling(name), law.KeyOf(name).Row()
		var key policy.ConditionKey
		if q.catalog != nil {
			if known, ok := q.catalog.Key(spelled); ok {
				key = *known
			}
		}
		switch {
		case row.Source != law.FromRequest: // it follows from the caller or the resource
		case key.Always:
			every = append(every, spelled)
		case key.WhenSigned:
			signed = append(signed, spelled)
		case row.Always.Has(evaluator.RoleSession):
			sessions = append(sessions, spelled)
		}
	}
	var list []string
	for _, one := range []struct {
		who  string
		keys []string
	}{{"every request has ", every}, {"every signed request has ", signed}, {"every role session has ", sessions}} {
		if one.keys != nil {
			list = append(list, one.who+strings.Join(one.keys, ", "))
		}
	}
	return list
}
