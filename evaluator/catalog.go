package evaluator

import "github.com/iamsim/iamsim/policy"

// A Catalog knows what AWS services define. An engine that has one checks
// requests by it, see [Engine.Explain]; catalog.Default of package
// policy/catalog is one. It must be safe for concurrent use. All names compare
// without regard to ASCII case.
type Catalog interface {
	// Action finds an action by its name, "service:Action".
	Action(name string) (action *policy.ServiceAction, ok bool)
	// NearestAction is the action whose name is most like a wrong one; "" if
	// there is none worth suggesting.
	NearestAction(name string) string
	// Key finds a context key by its name; one with a part of its own, such as
	// aws:RequestTag/team, by the whole name.
	Key(name string) (key *policy.ConditionKey, ok bool)
	// NearestKey is the key whose name is most like a wrong one; "" if there is
	// none worth suggesting.
	NearestKey(name string) string
	// Date is the day of the data, "2026-09-26".
	Date() string
}
