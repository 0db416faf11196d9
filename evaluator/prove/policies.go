package prove

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// Identity are policies of a user or role, and nothing else.
func Identity(documents ...*policy.Document) policy.Policies {
	return policy.Policies{}.With(policy.IdentityLayer.At(0), policy.Attach(documents...)...)
}

// Resource are policies of a resource, with the callers' own left open.
func Resource(documents ...*policy.Document) policy.Policies {
	return policy.Policies{}.With(policy.ResourceLayer.At(0), policy.Attach(documents...)...)
}

// leavesCallersOpen reports whether the caller's own policies are left open: there are
// policies of a resource, and none that follow the caller.
func leavesCallersOpen(p policy.Policies) bool {
	for slot := range p.All() {
		switch slot.Layer {
		case policy.ResourceLayer, policy.TrustLayer, policy.RCPLayer, policy.EndpointLayer:
		default:
			return false
		}
	}
	return p.Has(policy.ResourceLayer)
}

// attachment is a document and where it stands. All documents of a resource
// stand in one slot, since their statements are ORed.
type attachment struct {
	document *policy.Document
	name     string
	layer    policy.Layer
	level    int
	left     []bool // by statement: whether it has a part in the question; nil: all have
}

// has reports whether the i-th statement has a part in the question.
func (a *attachment) has(i int) bool { return a.left == nil || a.left[i] }

// attachments are all documents in a fixed order.
func attachments(p policy.Policies) []attachment {
	var list []attachment
	for slot, documents := range p.All() {
		if slot.Layer == policy.TrustLayer || slot.Layer == policy.ResourceLayer {
			slot = policy.ResourceLayer.At(0)
		}
		for i := range documents {
			list = append(list, attachment{documents[i].Document, documents[i].DisplayName(), slot.Layer, slot.Level, nil})
		}
	}
	return list
}

// checkOwner checks the account that owns the resource; "" leaves it open. A
// statement of a resource's policy that allows is about resources of the owner: one that
// names those of others alone shows that the owner is wrong.
func checkOwner(account string, lists ...[]attachment) error {
	switch {
	case account == "":
		return nil
	case !arn.IsAccountID(account):
		return fmt.Errorf("owner %q is no account id of 12 digits", account)
	}
	var faults []error
	for _, a := range slices.Concat(lists...) {
		for i := range a.document.Statements {
			st := &a.document.Statements[i]
			if a.layer != policy.ResourceLayer || st.Effect != policy.Allow || len(st.Resource) == 0 || slices.ContainsFunc(st.Resource, func(r string) bool { return mayBeOf(r, account) }) {
				continue
			}
			faults = append(faults, fmt.Errorf("%s: Statement[%d] is about %s, which account %s does not own", a.name, i, spelling.Quote(st.Resource[0]), account))
		}
	}
	return errors.Join(faults...)
}

// impossible are the ARNs in policies of resources that no resource can have: their
// account is no id, and neither left open nor AWS's.
func impossible(lists ...[]attachment) []string {
	var found []string
	for _, a := range slices.Concat(lists...) {
		for i := range a.document.Statements {
			for _, resource := range a.document.Statements[i].Resource {
				f := pattern.Split(resource)
				account := f.Field(4)
				known := account == "" || arn.IsAccountID(account) || strings.HasPrefix(account, "aws") || strings.ContainsAny(account, "*?$")
				if a.layer == policy.ResourceLayer && !known && !slices.Contains(found, resource) {
					found = append(found, resource)
				}
			}
		}
	}
	return found
}

// mayBeOf reports whether a resource that a pattern matches may be of an account.
func mayBeOf(resource, account string) bool {
	f := pattern.Split(resource)
	return !arn.IsAccountID(f.Field(4)) || f.Field(4) == account
}
