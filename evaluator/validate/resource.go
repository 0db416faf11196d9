package validate

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator/internal/plausible"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// resources finds what is wrong with Resource and NotResource.
func (c *checker) resources() {
	for _, e := range [...]struct {
		name   string
		values policy.Values
	}{{"Resource", c.st.Resource}, {"NotResource", c.st.NotResource}} {
		if e.values != nil && len(e.values) == 0 {
			c.report("EMPTY_ARRAY_RESOURCE", c.at(e.name), "names no resource: the statement does nothing")
		}
		for i, value := range e.values {
			if !isStar(value) {
				c.resource(e.name, i, value)
			}
		}
		c.redundant(e.values, pattern.Resource, pattern.Options{}, func(i, by int) {
			f := c.report("REDUNDANT_RESOURCE", c.at(e.name, i), "%s is among %s already", spelling.Quote(e.values[i]), spelling.Quote(e.values[by]))
			c.remove(f, "removes the resource")
		})
	}
	if c.st.Effect == policy.Allow {
		c.unqualified()
		c.neighbours()
	}
}

// resource checks the fields of an ARN, or of a pattern of ARNs, by the formats that
// its service defines.
func (c *checker) resource(element string, i int, value string) {
	fields := pattern.Split(value)
	if !fields.IsARN() {
		return
	}
	partition, service, region, account := fields.Field(1), fields.Field(2), fields.Field(3), fields.Field(4)
	at := func() []any { return c.at(element, i) }
	if isLiteral(partition) && !slices.Contains(plausible.Partitions(), partition) {
		c.report("INVALID_PARTITION", at(), "%q is no partition%s", partition, spelling.Suggestion(partition, plausible.Partitions()))
	}
	if service != "*" && strings.ContainsAny(service, "*?") && isLiteral(strings.Trim(service, "*?")) || service == "*" {
		c.report("WILDCARD_IN_SERVICE_NAME", at(), "%s has a wildcard in the name of the service, and means services that are still to come, too", spelling.Quote(value))
	}
	if lower := fold.String(service); lower != service && c.catalog.HasService(lower) {
		c.report("INVALID_ARN_SERVICE_CASE", at(), "services in ARNs are in lower case: %q", lower)
		return
	}
	formats := c.formatsOf(service)
	if isLiteral(region) && !plausible.IsRegion(region) && !formats.have(3, region) {
		c.report("INVALID_ARN_REGION", at(), "%q in %s is no Region, such as us-east-1", region, spelling.Quote(value))
	}
	if isLiteral(account) && !plausible.IsOwner(account) && !formats.have(4, account) {
		c.report("INVALID_ARN_ACCOUNT", at(), "%q in %s is no account, which has 12 digits", account, spelling.Quote(value))
	}
	c.byFormat(formats, at, value, &fields)
	if account == "aws" {
		c.managedPolicy(at(), value)
	}
	if own := serviceOf(c.v.ResourceType); c.kind == policy.Resource && own != "" && isLiteral(service) && c.catalog.HasService(own) && own != service {
		c.report("UNSUPPORTED_RESOURCE_ARN_IN_POLICY", at(), "%s can not be in the policy of an %s", spelling.Quote(value), c.v.ResourceType)
	}
}

// isLiteral reports whether a field has a value of its own.
func isLiteral(field string) bool { return field != "" && !strings.ContainsAny(field, "*?$") }

// byFormat compares a pattern with the formats of its service that it can meet.
func (c *checker) byFormat(all arnFormats, at func() []any, value string, fields *pattern.Fields) {
	if len(all) == 0 {
		return // nothing is known of the service
	}
	region, account, resource := fields.Field(3), fields.Field(4), fields.Field(5)
	var met arnFormats
	for _, f := range all {
		if overlap(f.resource, resource) {
			met = append(met, f)
		}
	}
	service := fields.Field(2)
	switch {
	case len(met) == 0:
		if !c.isOfAnother(service, value) {
			c.report("INVALID_ARN_RESOURCE", at(), "%s is no resource of %s: the last part of its ARNs is %s", spelling.Quote(value), service, all.examples())
		}
		return
	case isLiteral(region) && met.all(func(f *arnFormat) bool { return f.region == "" }):
		c.report("ARN_REGION_NOT_ALLOWED", at(), "ARNs of such resources of %s have no Region", service)
	case region == "" && met.all(func(f *arnFormat) bool { return f.region != "" }):
		c.report("MISSING_ARN_REGION", at(), `ARNs of such resources of %s have a Region; for all of them write "*"`, service)
	}
	if arn.IsAccountID(account) && met.all(func(f *arnFormat) bool { return f.account == "" }) {
		c.report("ARN_ACCOUNT_NOT_ALLOWED", at(), "ARNs of such resources of %s have no account", service)
	}
}

// isOfAnother reports whether an ARN with the prefix of a service is of a type that
// another service defines, as sts does the root user of iam.
func (c *checker) isOfAnother(service, value string) bool {
	return slices.ContainsFunc(c.catalog.TypesOf(value), func(t *policy.ResourceType) bool {
		return slices.ContainsFunc(t.Formats, func(format string) bool {
			fields := pattern.Split(format)
			return fields.Field(2) == service
		})
	})
}

// An arnFormat is the format of a type's ARNs. Placeholders are "*".
type arnFormat struct{ region, account, resource, shown string }

type arnFormats []arnFormat

// formatsOf are the formats in which ARNs of a service are written.
func (c *checker) formatsOf(service string) arnFormats {
	if !isLiteral(service) {
		return nil
	}
	if known, ok := c.v.formats.Load(service); ok {
		return known.(arnFormats)
	}
	var list arnFormats
	for t := range c.catalog.ResourceTypes(service) {
		for _, format := range t.Formats {
			fields := pattern.Split(format)
			if of := fields.Field(2); of != service && !strings.HasPrefix(of, "$") {
				continue
			}
			list = append(list, arnFormat{anyValue(fields.Field(3)), anyValue(fields.Field(4)), anyValue(fields.Field(5)), fields.Field(5)})
		}
	}
	c.v.formats.Store(service, list)
	return list
}

// anyValue has a star in the place of each placeholder.
func anyValue(format string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(format, "${")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		_, format, _ = strings.Cut(rest, "}")
		b.WriteByte('*')
	}
}

func (l arnFormats) all(is func(*arnFormat) bool) bool {
	return !slices.ContainsFunc(l, func(f arnFormat) bool { return !is(&f) })
}

// have reports whether a format has the text in the place of Region or account.
func (l arnFormats) have(field int, text string) bool {
	return slices.ContainsFunc(l, func(f arnFormat) bool { return field == 3 && f.region == text || field == 4 && f.account == text })
}

// examples are some of the formats.
func (l arnFormats) examples() string {
	var list []string
	for _, f := range l {
		if len(list) < 4 && !slices.Contains(list, f.shown) {
			list = append(list, f.shown)
		}
	}
	return strings.Join(list, ", ")
}
