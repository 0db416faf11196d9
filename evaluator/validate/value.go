package validate

import (
	"net/netip"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/internal/typed"
	"github.com/iamsim/iamsim/internal/variable"
	"github.com/iamsim/iamsim/policy"
)

// mismatched finds an operator that is not for the values of its key.
func (c *checker) mismatched(condition *policy.Condition, key *policy.ConditionKey) {
	f := c.report("TYPE_MISMATCH", c.on(condition), "%s holds values of type %s, and %s compares others", key.Name, key.Type, condition.Operator)
	f.key = true
}

// values finds values that the operator cannot read, or reads otherwise than they
// look.
func (c *checker) values(condition *policy.Condition) {
	o := condition.Operator
	for i, value := range condition.Values {
		if variable.Has(value) {
			continue
		}
		at := func() []any { return c.on(condition, i) }
		switch o.Type() {
		case policy.StringValue:
			if o.Test != policy.StringLike && o.Test != policy.StringNotLike && strings.ContainsAny(value, "*?") {
				c.report("WILDCARD_WITHOUT_LIKE_OPERATOR", at(), "%s compares %s letter by letter: a wildcard needs StringLike or StringNotLike", o, spelling.Quote(value))
			}
		case policy.BoolValue:
			if !typed.IsBool(value) {
				c.report("TYPE_MISMATCH_BOOLEAN", at(), "%s is neither true nor false", spelling.Quote(value))
			}
		case policy.NumericValue:
			if _, ok := typed.ParseNumber(value); !ok {
				c.report("TYPE_MISMATCH_NUMBER", at(), "%s is no number", spelling.Quote(value))
			}
		case policy.DateValue:
			if _, ok := typed.ParseInstant(value); !ok {
				c.report("TYPE_MISMATCH_DATE", at(), "%s is no date, such as 2026-11-28T12:00:00Z", spelling.Quote(value))
			} else if _, ok := typed.ParseNumber(value); ok && !strings.Contains(value, "-") && !fold.Equal(condition.Key, "aws:EpochTime") {
				c.report("INVALID_DATE_VALUE", at(), "%s counts seconds since 1970: a date is easier to read, 2026-11-28T12:00:00Z", spelling.Quote(value))
			}
		case policy.BinaryValue:
			if !typed.IsBinary(value) {
				c.report("TYPE_MISMATCH_STRING", at(), "%s is not base64", spelling.Quote(value))
			}
		case policy.IPAddressValue:
			c.addressRange(at, value)
		}
	}
	switch {
	case o.Type() == policy.NumericValue && o.Test > policy.NumericNotEquals && len(condition.Values) > 1:
		c.report("REDUNDANT_CONDITION_VALUE_NUM", c.on(condition), "of several values of %s one decides", o)
	case o.Type() == policy.IPAddressValue && fold.Equal(condition.Key, "aws:SourceIp"):
		c.privateAddresses(condition)
	}
}

// addressRange finds values that are no range, and ranges with more bits than
// count (L-8).
func (c *checker) addressRange(at func() []any, value string) {
	p, ok := typed.Range(value)
	if !ok {
		c.report("TYPE_MISMATCH_IP_RANGE", at(), "%s is no range of addresses, such as 203.0.113.0/24", spelling.Quote(value))
		return
	}
	if written, err := netip.ParsePrefix(value); err == nil && written != p {
		f := c.report("IMPROVE_IP_RANGE", at(), "bits behind the prefix do not count: write %s", p)
		c.replace(f, p.String(), "writes "+p.String())
	}
}

// privateAddresses finds addresses that no request comes from: aws:SourceIp is
// public.
func (c *checker) privateAddresses(condition *policy.Condition) {
	private := 0
	for _, value := range condition.Values {
		if p, ok := typed.Range(value); ok && isPrivate(p) {
			private++
		}
	}
	negated, some := condition.Operator.Negated(), private < len(condition.Values)
	switch {
	case private == 0:
	case some && negated:
		c.report("PRIVATE_NOTIPADDRESS_SUBSET", c.on(condition), "private addresses are never in aws:SourceIp: test them with aws:VpcSourceIp")
	case some:
		c.report("PRIVATE_IP_ADDRESS_SUBSET", c.on(condition), "private addresses are never in aws:SourceIp: test them with aws:VpcSourceIp")
	case negated:
		c.report("PRIVATE_NOTIPADDRESS", c.on(condition), "private addresses are never in aws:SourceIp: the condition always holds")
	default:
		c.report("PRIVATE_IP_ADDRESS", c.on(condition), "private addresses are never in aws:SourceIp: the condition never holds")
	}
}

// isPrivate reports whether a range is one of addresses that are not routed in the
// internet.
func isPrivate(p netip.Prefix) bool {
	for _, block := range privateBlocks {
		if block.Bits() <= p.Bits() && block.Contains(p.Addr()) {
			return true
		}
	}
	return false
}

var privateBlocks = [...]netip.Prefix{
	netip.PrefixFrom(netip.AddrFrom4([4]byte{10}), 8),
	netip.PrefixFrom(netip.AddrFrom4([4]byte{172, 16}), 12),
	netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 168}), 16),
	netip.PrefixFrom(netip.AddrFrom16([16]byte{0xfc}), 7),
}
