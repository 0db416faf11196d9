package iamtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy/catalog"
)

// mistyped tells where no resource of AWS has such an ARN. What a typo names is
// denied whatever the policies say.
func (r *request) mistyped() []string {
	resource := r.target.Resource
	if resource == "*" {
		return nil
	}
	if !r.asIs && strings.ContainsAny(resource, "*?") {
		return []string{fmt.Sprintf("a request names one resource, and a star in it is a character like any other (B-19): name one in place of %s, or ask CannotAny about all that begin so", spelling.Quote(resource))}
	}
	fields := strings.SplitN(resource, ":", 6)
	if r.target.Unknown {
		fields = fields[:len(fields)-1] // the last goes on
	}
	var faults []string
	wrong := func(field, what string) {
		faults = append(faults, fmt.Sprintf("%s in %s is no %s", spelling.Quote(field), spelling.Quote(resource), what))
	}
	if len(fields) > 1 && !slices.Contains(partitions, fields[1]) {
		wrong(fields[1], "partition"+spelling.Suggestion(fields[1], partitions))
	}
	if len(fields) > 3 && !isRegion(fields[3]) && !r.hasField(3, fields[3]) {
		wrong(fields[3], "region, such as us-east-1")
	}
	if len(fields) > 4 && !isOwner(fields[4]) && !r.hasField(4, fields[4]) {
		wrong(fields[4], "account, which has 12 digits")
	}
	return faults
}

// hasField: the resources of the action have this text where others have a
// region or an account.
func (r *request) hasField(i int, text string) bool {
	action, ok := catalog.Default().Action(r.action)
	if !ok {
		return false
	}
	for _, resource := range action.Resources {
		for _, format := range resource.Type.Formats {
			if fields := strings.SplitN(format, ":", 6); len(fields) > i && fields[i] == text {
				return true
			}
		}
	}
	return false
}

// partitions are those of AWS.
var partitions = []string{"aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"}

// regions have names like us-east-1, us-gov-west-1, us-isob-east-1 and
// eusc-de-east-1: a direction between a country and a number.
var regions = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(eusc-)?[a-z]{2}-((gov|iso[a-z]?)-)?((north|south)(east|west)?|east|west|central)-[0-9]+$`)
})

// isRegion takes what stands for the region in ARNs: resources of a global
// service have none, and events of AWS Health can be global.
func isRegion(s string) bool { return s == "" || s == "global" || regions().MatchString(s) }

// isOwner takes what stands for the account in ARNs: some resources have none,
// and AWS has some itself.
func isOwner(s string) bool { return s == "" || s == "aws" || arn.IsAccountID(s) }

// mistypedService tells where a name is surely meant to be another service
// principal; "" elsewhere. There is no list of all of them: most begin with the
// prefix of their service's actions, give or take a hyphen or a version, and
// some do not, such as edgelambda.amazonaws.com.
func mistypedService(name string) string {
	service, domain, _ := strings.Cut(name, ".")
	if lower := strings.ToLower(name); name != lower {
		return fmt.Sprintf("service principals are in lower case: write %q, not %s", lower, spelling.Quote(name))
	}
	if !strings.HasPrefix(domain, "amazonaws.com") || len(service) < 5 || catalog.Default().HasService(service) {
		return ""
	}
	near := ""
	for known := range catalog.Default().Services() {
		switch a, b := plain(service), plain(known); {
		case a == b:
			return ""
		case near == "" && oneEdit(a, b):
			near = known
		}
	}
	if near == "" {
		return ""
	}
	return fmt.Sprintf("%s is no service principal%s", spelling.Quote(name), meant(near+"."+domain))
}

// plain is the name of a service without hyphens and version.
func plain(service string) string {
	return strings.ReplaceAll(strings.TrimSuffix(strings.TrimRight(service, "0123456789"), "v"), "-", "")
}

// oneEdit: to insert, delete or replace one letter, or to swap two neighbours,
// makes one of the other.
func oneEdit(a, b string) bool {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}
