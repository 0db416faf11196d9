package twin

import (
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
)

// A request is a scenario with what follows from it at once.
type request struct {
	scenario.Request
	policies        policy.Policies
	options         evaluator.Options
	caller          caller
	action          string // in lower case
	resourceAccount string
	foreign         bool // the resource is another account's, whichever that is
	otherWorld      bool // and of another partition
}

func newRequest(s *scenario.Scenario) *request {
	r := &request{
		Request:  s.Request,
		policies: s.Policies,
		options:  s.Options,
		caller:   newCaller(s.Request.Principal),
		action:   lower(s.Request.Action),
	}
	r.resourceAccount = s.Request.ResourceAccount
	if r.resourceAccount == "" {
		r.resourceAccount = r.known(4)
	}
	if r.resourceAccount == "" || s.Request.ResourceAccount == "" && r.resourceAccount == "aws" {
		r.resourceAccount = r.caller.account
	}
	return r
}

// openOwner: the resource may be of the caller's account, and of another. It is
// another's where what is known of its account parts from the caller's.
func (r *request) openOwner() (open, foreign bool) {
	fields := strings.Split(r.Resource, ":")
	if !r.ResourceUnknown || r.ResourceAccount != "" || len(fields) > 5 {
		return false, false
	}
	if len(fields) == 5 && !strings.HasPrefix(r.caller.account, fields[4]) && !strings.HasPrefix("aws", fields[4]) {
		return false, true
	}
	return r.caller.signed() && !r.otherPartition(), false
}

// valid: the request has a principal, an action and a resource, and no context
// key twice.
func (r *request) valid() bool {
	service, name, ok := strings.Cut(r.action, ":")
	if !ok || service == "" || name == "" || strings.Contains(name, ":") || strings.ContainsAny(r.action, "*?") {
		return false
	}
	for _, c := range []byte(r.action) {
		if c <= ' ' || c >= 0x7F {
			return false
		}
	}
	if r.ResourceUnknown {
		if len(r.Resource) > 2048 || !beginsAlike(r.Resource, "arn:") {
			return false
		}
	} else if r.Resource != "*" && (len(r.Resource) > 2048 || arnField(r.Resource, 0) != "arn" ||
		arnField(r.Resource, 1) == "" || arnField(r.Resource, 2) == "" || arnField(r.Resource, 5) == "") {
		return false
	}
	seen := map[string]bool{}
	for _, name := range r.givenKeys() {
		if name == "" || seen[lower(name)] {
			return false
		}
		seen[lower(name)] = true
	}
	return r.caller.kind != invalid
}

func (r *request) givenKeys() []string {
	var names []string
	for _, k := range r.Context {
		names = append(names, k.Name)
	}
	names = append(names, r.Unknown...)
	return append(names, r.Present...)
}

func (r *request) service() string {
	service, _, _ := strings.Cut(r.action, ":")
	return service
}

// ends: the resource is known beyond its field i.
func (r *request) ends(i int) bool {
	return !r.ResourceUnknown || strings.Count(r.Resource, ":") > i
}

// known is field i of the resource, before its last; "" where it is not known.
func (r *request) known(i int) string {
	if !r.ResourceUnknown {
		return arnField(r.Resource, i)
	}
	if !r.ends(i) {
		return ""
	}
	return strings.Split(r.Resource, ":")[i]
}

// may: the last field of the resource begins so, or may when it is known.
func (r *request) may(begins string) bool {
	if !r.ResourceUnknown {
		return strings.HasPrefix(arnField(r.Resource, 5), begins)
	}
	fields := strings.SplitN(r.Resource, ":", 6)
	return len(fields) < 6 || beginsAlike(fields[5], begins)
}

// beginsAlike: one of the texts is the beginning of the other.
func beginsAlike(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }

func (r *request) passRole() bool { return r.action == "iam:passrole" }

// trustActions need the role's trust policy (E-50, E-54).
var trustActions = map[string]bool{
	"sts:assumerole": true, "sts:assumerolewithsaml": true, "sts:assumerolewithwebidentity": true,
	"sts:tagsession": true, "sts:setsourceidentity": true, "sts:setcontext": true,
}

// onTrustPolicy: the resource's policy is a role trust policy.
func (r *request) onTrustPolicy() bool {
	return trustActions[r.action] && (r.known(2) == "iam" || !r.ends(2)) && r.may("role/")
}

// needsResourcePolicy: roles that are assumed and KMS keys are of no use
// without their policy (E-10, L-7).
func (r *request) needsResourcePolicy() bool {
	key := r.service() == "kms" && (r.known(2) == "kms" || !r.ends(2)) && r.may("key/")
	return key || r.onTrustPolicy()
}

func (r *request) resourceLayer() policy.Layer {
	if r.onTrustPolicy() {
		return policy.TrustLayer
	}
	return policy.ResourceLayer
}

func (r *request) sameAccount() bool {
	return !r.foreign && r.caller.account == r.resourceAccount && !r.otherPartition()
}

// otherPartition: caller and resource are known to be of different partitions
// (B-43).
func (r *request) otherPartition() bool {
	partition := r.known(1)
	if r.otherWorld {
		return true
	}
	if r.ResourceUnknown && strings.Count(r.Resource, ":") == 1 {
		return r.caller.signed() && !strings.HasPrefix(r.caller.partition, strings.Split(r.Resource, ":")[1])
	}
	return partition != "" && r.caller.partition != "" && partition != r.caller.partition
}

// scpsApply: service control policies bind the principals of member accounts
// (E.2).
func (r *request) scpsApply() bool {
	return r.caller.signed() && !r.caller.serviceLinkedRole() && !manages(r.Principal.Org, r.caller.account)
}

// rcpsApply: resource control policies bind the resources of member accounts,
// in the services that support them (E.2, E-9).
func (r *request) rcpsApply() bool {
	return policy.RCPSupports(r.service()) && !r.caller.serviceLinkedRole() &&
		!manages(r.ResourceOrg, r.resourceAccount) && r.action != "kms:retiregrant" &&
		!(r.resourceLayer() == policy.TrustLayer && strings.Contains(r.Resource, ":role/aws-service-role/"))
}

func manages(o *evaluator.Organization, account string) bool {
	return o != nil && o.ManagementAccount != "" && o.ManagementAccount == account
}

// allowedByRule: what no policy can deny (L-4).
func (r *request) allowedByRule() truth {
	switch r.action {
	case "sts:getcalleridentity":
		return is(r.caller.signed())
	case "sts:getsessiontoken":
		switch r.caller.kind {
		case root:
			return yes
		case user:
			return not(r.sessionToken())
		}
	}
	return no
}

// deniedByRule: what no policy can allow (G-4, L-4).
func (r *request) deniedByRule() truth {
	iam, sts := r.service() == "iam", r.service() == "sts"
	beside := r.action == "sts:tagsession" || r.action == "sts:setsourceidentity"
	switch r.caller.kind { // E-51
	case web:
		return is(r.action != "sts:assumerolewithwebidentity" && !beside)
	case saml:
		return is(r.action != "sts:assumerolewithsaml" && !beside)
	case anonymous:
		return is(iam || sts)
	}
	if r.action == "sts:assumerolewithwebidentity" || r.action == "sts:assumerolewithsaml" {
		return yes
	}
	if r.passRole() && r.caller.signed() && !r.sameAccount() {
		return yes
	}
	return max(r.changesManagedPolicy(), r.deniedByRuleForAny())
}

// deniedByRuleForAny: what the caller may not do whatever the resource is (L-4).
func (r *request) deniedByRuleForAny() truth {
	iam, sts := r.service() == "iam", r.service() == "sts"
	beside := r.action == "sts:tagsession" || r.action == "sts:setsourceidentity"
	switch r.caller.kind {
	case session:
		return is(r.action == "sts:getsessiontoken" || r.action == "sts:getfederationtoken")
	case federated:
		return is(iam && !r.passRole() || sts)
	case root:
		return is(r.action == "sts:assumerole")
	case user:
		switch {
		case iam && !r.passRole():
			return r.withoutMFA()
		case sts && r.action != "sts:assumerole" && !beside && r.action != "sts:setcontext":
			return r.sessionToken()
		}
	}
	return no
}

// unsignedAtIAMURL: a URL of AWS_IAM refuses whoever does not sign (F-22).
func (r *request) unsignedAtIAMURL() truth {
	if r.caller.kind != anonymous || r.action != "lambda:invokefunctionurl" {
		return no
	}
	v := r.value("lambda:FunctionUrlAuthType")
	if v.state == present || v.state == unknown {
		return maybe
	}
	return is(v.state == known && len(v.values) == 1 && v.values[0] == "AWS_IAM")
}

// changesManagedPolicy: nobody changes a policy of AWS (L-4).
func (r *request) changesManagedPolicy() truth {
	switch r.action {
	case "iam:createpolicy", "iam:createpolicyversion", "iam:deletepolicy", "iam:deletepolicyversion",
		"iam:setdefaultpolicyversion", "iam:tagpolicy", "iam:untagpolicy":
	default:
		return no
	}
	if !r.ResourceUnknown {
		return is(arnField(r.Resource, 2) == "iam" && arnField(r.Resource, 4) == "aws" && strings.HasPrefix(arnField(r.Resource, 5), "policy/"))
	}
	t, fields := yes, strings.SplitN(r.Resource, ":", 6)
	for i, want := range map[int]string{2: "iam", 4: "aws"} {
		switch {
		case r.ends(i):
			t = min(t, is(fields[i] == want))
		case len(fields) == i+1:
			t = min(t, maybe, is(strings.HasPrefix(want, fields[i])))
		default:
			t = min(t, maybe)
		}
	}
	if len(fields) < 6 || !strings.HasPrefix(fields[5], "policy/") {
		t = min(t, maybe, is(r.may("policy/")))
	}
	return min(t, is(r.ResourceAccount == ""))
}

// sessionToken: the user has credentials of GetSessionToken, which only then
// have a token issue time (L-3).
func (r *request) sessionToken() truth {
	switch r.value("aws:TokenIssueTime").state {
	case known, present:
		return yes
	case unknown:
		return maybe
	}
	return no
}

// withoutMFA: they were got without multi-factor authentication (L-4).
func (r *request) withoutMFA() truth {
	mfa := r.value("aws:MultiFactorAuthPresent")
	without := no
	switch mfa.state {
	case known:
		without = is(len(mfa.values) == 1 && lower(mfa.values[0]) == "false")
	case present, unknown:
		without = maybe
	}
	return min(r.sessionToken(), without)
}

// lower folds ASCII letters: actions, context keys and tag keys compare
// without their case (B-1, C-3, L-12).
func lower(s string) string {
	b := []byte(s)
	for i := range b {
		if 'A' <= b[i] && b[i] <= 'Z' {
			b[i] += 'a' - 'A'
		}
	}
	return string(b)
}

// arnField is a field of an ARN, from 0; "" where there is none.
func arnField(arn string, i int) string {
	fields := strings.SplitN(arn, ":", 6)
	if len(fields) < 6 {
		return ""
	}
	return fields[i]
}
