package terraform

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/planned"
)

// A home is where a provider makes what it makes.
type home struct{ partition, region, account string }

// What stands in ARNs for what is not known of a home. That it is not known is
// reported.
const (
	noAccount = "000000000000"
	noRegion  = "unknown-region"
)

// home is that of an instance. What is given counts first, then what the
// configuration of the provider says, its data sources, and the ARNs that there are.
func (v *view) home(x *instance) home {
	h := v.homes[x.config.provider]
	if h == nil {
		h = v.find(x.config.provider)
		v.homes[x.config.provider] = h
	}
	own := *h
	if region, ok := at(v.tree(x), "region").(string); ok && region != "" {
		own.region = region // provider 6
	}
	return own
}

// accountOf is the account of an instance: every ARN of it has one.
func (v *view) accountOf(x *instance) string {
	h := v.home(x)
	if h.account == noAccount {
		v.lacking(account.Gap{Of: "the account of provider " + providerName(x.config.provider), Part: account.Planned, Mend: "the plan does not say in which account the provider " + providerName(x.config.provider) +
			" makes what it makes: give it, --account 123456789012, or let the configuration have a data \"aws_caller_identity\""})
	}
	return h.account
}

// regionOf is the region of an instance.
func (v *view) regionOf(x *instance) string {
	h := v.home(x)
	if h.region == noRegion {
		v.lacking(account.Gap{Of: "the region of provider " + providerName(x.config.provider), Part: account.Planned, Mend: "the plan does not say in which region the provider " + providerName(x.config.provider) +
			" makes what it makes: give it, --region us-east-1, or let the configuration have a data \"aws_region\""})
	}
	return h.region
}

func providerName(key string) string { return cmp.Or(key, "aws") }

// find finds where a provider makes what it makes.
func (v *view) find(key string) *home {
	h := &home{account: v.given.Account, region: v.given.Region}
	expressions := v.expressionsOf(key)
	if h.region == "" {
		h.region = v.constant(expressions.Get("region"), key).Str
	}
	if h.account == "" {
		h.account = v.configured(expressions, key)
	}
	for _, x := range v.instances {
		if !x.ours || x.config.provider != key {
			continue
		}
		switch tree := x.after; {
		case !x.isData():
		case x.typ == "aws_caller_identity":
			h.account = cmp.Or(h.account, text(tree, "account_id"))
		case x.typ == "aws_region":
			h.region = cmp.Or(h.region, text(tree, "region"), text(tree, "name"))
		case x.typ == "aws_partition":
			h.partition = cmp.Or(h.partition, text(tree, "partition"))
		}
	}
	v.fromARNs(h, key)
	if h.account == "" {
		h.account = v.fromSibling(expressions, key)
	}
	if h.partition == "" {
		h.partition = planned.PartitionOf(h.region)
	}
	h.account, h.region = cmp.Or(h.account, noAccount), cmp.Or(h.region, noRegion)
	return h
}

// expressionsOf are the expressions of a provider as it is configured.
func (v *view) expressionsOf(key string) gjson.Result {
	return v.providers.Get(gjson.Escape(key) + ".expressions")
}

// constant is an expression of a provider that is a constant, or one variable.
func (v *view) constant(expression gjson.Result, key string) gjson.Result {
	in := scope{}
	if module, _, ok := strings.Cut(key, ":"); ok {
		in.module = module
	}
	if found := v.sources(expression, in, 0); len(found) == 1 {
		return found[0].constant
	}
	return gjson.Result{}
}

// configured is the account that the configuration of a provider names: the only
// one that is allowed, or that of the role that it assumes.
func (v *view) configured(expressions gjson.Result, key string) string {
	if allowed := v.constant(expressions.Get("allowed_account_ids"), key).Array(); len(allowed) == 1 && arn.IsAccountID(allowed[0].String()) {
		return allowed[0].String()
	}
	if role, err := arn.Parse(v.constant(expressions.Get("assume_role.0.role_arn"), key).Str); err == nil && arn.IsAccountID(role.Account()) {
		return role.Account()
	}
	return ""
}

// fromARNs takes account, region and partition from the ARNs of what the provider
// made before, if they all agree.
func (v *view) fromARNs(h *home, key string) {
	accounts, regions, partitions := make(map[string]bool), make(map[string]bool), make(map[string]bool)
	for _, x := range v.instances {
		if !x.ours || x.config.provider != key || x.isData() {
			continue
		}
		for i, tree := range [...]any{x.before, x.after} {
			if id := x.identity[i]; id != "" {
				accounts[id] = true
			}
			a, err := arn.Parse(text(tree, "arn"))
			if err != nil {
				continue
			}
			partitions[a.Partition()] = true
			if arn.IsAccountID(a.Account()) {
				accounts[a.Account()] = true
			}
			if a.Region() != "" {
				regions[a.Region()] = true
			}
		}
	}
	h.account = cmp.Or(h.account, only(accounts))
	h.region = cmp.Or(h.region, only(regions))
	h.partition = cmp.Or(h.partition, only(partitions))
}

// only is the only key there is; "" where there are none or several.
func only(set map[string]bool) string {
	if len(set) == 1 {
		for key := range set {
			return key
		}
	}
	return ""
}

// fromSibling is the account of a provider with the same credentials, that differs
// in its region alone.
func (v *view) fromSibling(expressions gjson.Result, key string) string {
	found := make(map[string]bool)
	own := credentials(expressions)
	v.providers.ForEach(func(name, other gjson.Result) bool {
		if name.Str == key || other.Get("name").Str != "aws" || !slices.Equal(credentials(other.Get("expressions")), own) {
			return true
		}
		h := &home{account: v.configured(other.Get("expressions"), name.Str)}
		for _, x := range v.instances {
			if x.ours && x.isData() && x.typ == "aws_caller_identity" && x.config.provider == name.Str {
				h.account = cmp.Or(h.account, text(x.after, "account_id"))
			}
		}
		v.fromARNs(h, name.Str)
		found[h.account] = true
		return true
	})
	delete(found, "")
	return only(found)
}

// credentials are the expressions of a provider that say who it is.
func credentials(expressions gjson.Result) []string {
	var list []string
	expressions.ForEach(func(name, e gjson.Result) bool {
		switch name.Str {
		case "region", "default_tags", "ignore_tags", "endpoints", "max_retries", "retry_mode":
		default:
			list = append(list, name.Str+"="+e.Raw)
		}
		return true
	})
	slices.Sort(list)
	return list
}

// text is a string at a path of a tree; "" where there is none.
func text(tree any, steps ...any) string {
	s, _ := at(tree, steps...).(string)
	return s
}
