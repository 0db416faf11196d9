package validate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
)

// A survey finds in a snapshot what no policy tells alone.
type survey struct {
	v    *Validator
	s    *account.Snapshot
	read map[string]map[string]int       // users, groups and roles, by account and type, of accounts that AWS told of
	able map[string][]*account.Principal // by action

	grants map[*policy.Document]granted // of trust policies, and those of functions
	list   []Finding
}

func (v *Validator) survey(s *account.Snapshot) *survey {
	x := &survey{v: v, s: s, read: map[string]map[string]int{}, able: map[string][]*account.Principal{}, grants: map[*policy.Document]granted{}}
	for i := range s.Identities() {
		if i.Address != "" {
			continue // of a template, beside which there are others
		}
		if x.read[i.Account()] == nil {
			x.read[i.Account()] = map[string]int{}
		}
		x.read[i.Account()][i.Kind()]++
	}
	return x
}

// report adds a finding about what stands at a source.
func (x *survey) report(code, of, address, source, format string, args ...any) {
	f := Finding{Code: code, Type: typeOf(code), Message: fmt.Sprintf(format, args...), Address: address}
	if f.Source, f.From.Line, _ = account.Place(source); address == "" {
		f.Address = of
	}
	x.list = append(x.list, f)
}

// attachments finds managed policies that are attached and should not be, or that
// nobody has, and groups without users.
func (x *survey) attachments() {
	used, members := map[string]bool{}, map[string]bool{}
	known := true // what is attached to whom
	for i := range x.s.Identities() {
		known = known && i.Unknown()&(account.ManagedPolicies|account.PermissionsBoundary|account.Membership) == 0
		for _, policyARN := range i.Managed {
			used[policyARN] = true
			if code, message := managedFault(policyARN); code != "" {
				x.report(code, i.ARN, i.Address, i.Source, "%s", message)
			}
		}
		used[i.Boundary] = true
		for _, group := range i.Groups {
			members[i.Account()+"/"+strings.ToLower(group)] = true
		}
	}
	if !known {
		return
	}
	for p := range x.s.Policies() {
		if !used[p.ARN] && !p.Elsewhere && !managed.IsARN(p.ARN) {
			x.report("UNUSED_MANAGED_POLICY", p.ARN, p.Address, p.Source, "no user, group or role that was read has it, and it bounds none")
		}
	}
	for i := range x.s.Identities() {
		if i.Kind() == "group" && i.Address == "" && x.read[i.Account()]["user"] > 0 && len(i.Managed)+len(i.Inline) > 0 && !members[i.Account()+"/"+strings.ToLower(i.Name())] {
			x.report("GROUP_WITHOUT_USERS", i.ARN, i.Address, i.Source, "its policies apply to nobody: none of the %d users that were read is in it", x.read[i.Account()]["user"])
		}
	}
}

// principals finds users and roles that policies name and their account does not
// have.
func (x *survey) principals() {
	there := map[string]bool{}
	for i := range x.s.Identities() {
		there[i.ARN] = true
	}
	for w := range x.s.Written() {
		c := checker{v: x.v, document: w.Document, kind: w.Kind}
		for i := range w.Document.Statements {
			st := &w.Document.Statements[i]
			for element, p := range map[string]*policy.Principals{"Principal": st.Principal, "NotPrincipal": st.NotPrincipal} {
				if p == nil {
					continue
				}
				for _, entry := range p.Entries {
					for k, value := range entry.Values {
						a, err := arn.Parse(value)
						count := x.read[a.Account()][a.Type()]
						if err != nil || entry.Type != policy.PrincipalAWS || a.Service() != "iam" || count == 0 || there[value] || strings.ContainsAny(value, "*?$") {
							continue
						}
						c.report("PRINCIPAL_NOT_FOUND", []any{"Statement", i, element, "AWS", k}, "%s is none of the %d %ss of account %s that were read", value, count, a.Type(), a.Account())
					}
				}
			}
		}
		for _, f := range c.findings() {
			x.list = append(x.list, f.in(&w))
		}
	}
}

// overwritten finds policies that several resources of a template or plan keep.
func (x *survey) overwritten() {
	for r := range x.s.Resources() {
		if len(r.Rivals) > 1 {
			x.report("PERMISSION_OVERWRITTEN", r.ARN, r.Address, r.Source, "%s keep the policy of %s, one of them the whole of it: each deployment takes away what the others have; keep one", strings.Join(r.Rivals, " and "), r.ARN)
		}
	}
}

// assumable finds roles that nobody can assume.
func (x *survey) assumable(ctx context.Context) {
	for i := range x.s.Identities() {
		if i.Trust == nil || slices.ContainsFunc(i.Trust.Statements, func(st policy.Statement) bool { return doubted(&st) }) {
			continue
		}
		named, someone := x.granted(ctx, i.Trust, policy.Trust, "sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
		if someone {
			continue
		}
		if len(named) == 0 {
			x.report("ROLE_NEVER_ASSUMED", i.ARN, i.Address, i.Source, "its trust policy lets nobody assume it")
			continue
		}
		if x.nobody(ctx, named, "sts:AssumeRole", i.ARN) {
			x.report("ROLE_NEVER_ASSUMED", i.ARN, i.Address, i.Source, "its trust policy leaves it to account %s, of which none of the %d users and roles that were read may call sts:AssumeRole on it",
				strings.Join(named, ", "), x.callers(named))
		}
	}
}

// callers is how many users and roles were read of accounts.
func (x *survey) callers(accounts []string) int {
	n := 0
	for _, id := range accounts {
		n += x.read[id]["user"] + x.read[id]["role"]
	}
	return n
}

// invoke are the actions that run a function, and poll those by which Lambda reads
// for a function in its role what then invokes it.
var (
	invoke = [...]string{"lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:InvokeAsync"}
	poll   = [...]string{"sqs:ReceiveMessage", "kinesis:GetRecords", "kinesis:SubscribeToShard", "dynamodb:GetRecords", "kafka:DescribeClusterV2", "kafka:DescribeCluster", "kafka-cluster:ReadData", "mq:DescribeBroker", "rds:DescribeDBClusters", "secretsmanager:GetSecretValue"}
)

// invocable finds functions that nobody can invoke, in accounts of which callers were
// read.
func (x *survey) invocable(ctx context.Context) {
	policies := map[string]*account.Resource{}
	for r := range x.s.Resources() {
		policies[r.ARN] = r
	}
	for f := range x.s.Functions() {
		a, err := arn.Parse(f.ARN)
		role, unknown := x.s.Principal(f.Role)
		if err != nil || unknown != nil || f.Address != "" || x.callers([]string{a.Account()}) == 0 || !f.Known.Has(account.Aliases) {
			continue
		}
		points := []string{f.ARN}
		for _, alias := range f.Aliases {
			points = append(points, f.ARN+":"+alias.Name)
		}
		someone := false
		for _, point := range points {
			r := policies[point]
			someone = someone || r == nil || !r.Known.Has(account.ResourcePolicy)
			if r != nil && r.Policy != nil && !someone {
				_, someone = x.granted(ctx, r.Policy, policy.Resource, invoke[:]...)
			}
		}
		if someone || x.may(ctx, role, poll[:], "*") || runsAtTheEdge(role.Identity().Trust) {
			continue
		}
		if x.nobody(ctx, []string{a.Account()}, "lambda:InvokeFunction", f.ARN, f.ARN+":*") {
			x.report("FUNCTION_NEVER_INVOKED", f.ARN, f.Address, f.Source, "none of the %d users and roles of account %s that were read may invoke it, its policy lets nobody else, and its role reads no queue or stream",
				x.callers([]string{a.Account()}), a.Account())
		}
	}
}

// runsAtTheEdge reports whether a role is for functions that Amazon CloudFront runs.
func runsAtTheEdge(trust *policy.Document) bool {
	return trust == nil || slices.ContainsFunc(trust.Statements, func(st policy.Statement) bool {
		return st.Principal != nil && slices.ContainsFunc(st.Principal.Entries, func(e policy.PrincipalEntry) bool {
			return slices.Contains(e.Values, "edgelambda.amazonaws.com")
		})
	})
}

// inScope reports whether a principal of a policy is an account that was read, by its
// id or its root.
func (x *survey) inScope(value string) (id string, ok bool) {
	fields := pattern.Split(value)
	id = value
	if fields.Field(5) == "root" {
		id = fields.Field(4)
	}
	return id, arn.IsAccountID(id) && len(x.read[id]) > 0
}
