package explain

import "github.com/iamsim/iamsim/policy"

// A Catalog knows what AWS services define. An engine that has one checks
// requests by it, see [Engine.Check]; package policy/catalog has one. It must
// be safe for concurrent use. All names compare without regard to ASCII case.
type Catalog interface {
	// Action finds an action by its name, "service:Action".
	Action(name string) (action *policy.ServiceAction, ok bool)
	// Matches reports whether an action matches the pattern of an Action
	// element.
	Matches(pattern string) bool
	// NearestAction is the action whose name is most like a wrong one; "" if
	// there is none worth suggesting.
	NearestAction(name string) string
	// Fits reports whether an ARN can be that of a resource of the type.
	Fits(t *policy.ResourceType, resource string) bool
	// Key finds a context key by its name; one with a part of its own, such as
	// aws:RequestTag/team, by the whole name.
	Key(name string) (key *policy.ConditionKey, ok bool)
	// Carries reports whether requests for the action can have the key: its
	// own keys, those of its resource types, those that every request can
	// have, and those that the data ties to no action.
	Carries(action *policy.ServiceAction, key *policy.ConditionKey) bool
	// NearestKey is the key whose name is most like a wrong one; "" if there is
	// none worth suggesting.
	NearestKey(name string) string
}
