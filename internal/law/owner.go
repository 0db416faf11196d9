package law

import (
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// ownedByAWS stands in place of the account in the ARN of what AWS shares with all
// accounts: arn:aws:iam::aws:policy/….
const ownedByAWS = "aws"

// NamesOwner reports whether the account field of a resource's ARN says who owns
// it. A resource whose ARN does not say counts as the caller's (E-3).
func NamesOwner(account string) bool { return account != "" && account != ownedByAWS }

// IsAWS reports whether the account field of an ARN names AWS itself.
func IsAWS(account string) bool { return account == ownedByAWS }

// MayBeAWS reports whether an account field of which only the beginning is known
// may name AWS itself.
func MayBeAWS(begins string) bool { return strings.HasPrefix(ownedByAWS, begins) }

// MayBeOwn reports whether a resource may be of an account, where only the
// beginning of its ARN's account field is known.
func MayBeOwn(begins, account string) bool {
	return strings.HasPrefix(account, begins) || strings.HasPrefix(ownedByAWS, begins)
}

// Owner is the account that owns a resource, by the account field of its ARN;
// the caller's where that does not say.
func Owner(account, caller string) string {
	if NamesOwner(account) {
		return account
	}
	return caller
}

// AssumesRole reports whether an action assumes a role or goes with that: on a
// role, its trust policy must allow it (E-50, E-54).
func AssumesRole(action string) bool {
	for a := range policy.TrustActions {
		if fold.Equal(a, action) {
			return true
		}
	}
	return false
}

// A ResourceType is a type of resources that the law knows.
type ResourceType struct {
	Service string // in the ARN
	Begins  string // what the resource part of the ARN begins with
}

// The policy of a role that is assumed (E-50) and of a KMS key (E-10) must allow,
// whatever others do.
var (
	Role          = ResourceType{"iam", "role/"}
	KMSKey        = ResourceType{"kms", "key/"}
	ManagedPolicy = ResourceType{"iam", "policy/"}
)

// Pattern matches the ARNs of the type, as a Resource element does.
func (t ResourceType) Pattern() string { return "arn:*:" + t.Service + ":*:*:" + t.Begins + "*" }
