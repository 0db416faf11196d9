package law

import (
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// everybodys is in the place of the account in ARNs of what AWS shares with all
// accounts: arn:aws:iam::aws:policy/….
const everybodys = "aws"

// NamesOwner reports whether the account field of a resource's ARN says who owns
// it. One that does not may be anybody's: it is taken for the caller's (E-3).
func NamesOwner(account string) bool { return account != "" && account != everybodys }

// IsAWS reports whether the account field of an ARN names AWS itself.
func IsAWS(account string) bool { return account == everybodys }

// MayBeAWS reports whether it may, where only its beginning is known.
func MayBeAWS(begins string) bool { return strings.HasPrefix(everybodys, begins) }

// MayBeOwn reports whether a resource may be of an account, where only the
// beginning of its ARN's account field is known.
func MayBeOwn(begins, account string) bool {
	return strings.HasPrefix(account, begins) || strings.HasPrefix(everybodys, begins)
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
