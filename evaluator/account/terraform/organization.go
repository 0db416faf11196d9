package terraform

import (
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/policy"
)

// organization reads service and resource control policies. Where the accounts of
// a plan stand in an organization, few plans say: then what the policies are
// attached to is told in a note.
func (v *view) organization() {
	v.all("aws_organizations_policy", func(x *instance) {
		kind := policy.SCP
		switch t := text(v.tree(x), "type"); t {
		case "", "SERVICE_CONTROL_POLICY":
		case "RESOURCE_CONTROL_POLICY":
			kind = policy.RCP
		default:
			return // of tags, backups and the like, which decide no access
		}
		d := v.document(x, kind, "content")
		if d == nil {
			return
		}
		id := text(v.tree(x), "id")
		if id == "" {
			id = x.address
		}
		v.builder.AddOrganizationPolicy(account.OrganizationPolicy{ID: id, ARN: text(v.tree(x), "arn"), Name: text(v.tree(x), "name"), Kind: kind, Document: d, Source: v.source(x)})
	})
	v.all("aws_organizations_policy_attachment", func(x *instance) {
		target, _ := v.text(x, anything, "target_id")
		v.note("%s attaches a policy to %s: where the accounts of the plan stand is not in it, so it is left out of what they may do", x.address, target)
	})
}
