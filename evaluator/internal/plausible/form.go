package plausible

import (
	"iter"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/lazy"
)

// Partitions are those of AWS.
func Partitions() []string { return partitions[:] }

var partitions = [...]string{"aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"}

// regions have names like us-east-1, us-gov-west-1, us-isob-east-1 and
// eusc-de-east-1: a direction between a country and a number.
var regions = lazy.Regexp(`^(eusc-)?[a-z]{2}-((gov|iso[a-z]?)-)?((north|south)(east|west)?|east|west|central)-[0-9]+$`)

// IsRegion takes what stands for the region in ARNs: resources of a global
// service have none, and events of AWS Health can be global.
func IsRegion(s string) bool { return s == "" || s == "global" || regions().MatchString(s) }

// IsOwner takes what stands for the account in ARNs: some resources have none,
// and AWS has some itself.
func IsOwner(s string) bool { return s == "" || s == "aws" || arn.IsAccountID(s) }

// Services are the prefixes of actions that services have.
type Services interface {
	HasService(prefix string) bool
	Services() iter.Seq[string]
}

// Misnomer says why a name is surely none of a service principal. The zero
// Misnomer: it can be one.
type Misnomer uint8

const (
	UpperCase Misnomer = iota + 1
	Misspelt           // a letter away from another
)

// ServicePrincipal tells where a name is surely meant to be another service
// principal, and which. There is no list of all of them: most begin with the
// prefix of their service's actions, give or take a hyphen or a version, and
// some do not, such as edgelambda.amazonaws.com.
func ServicePrincipal(by Services, name string) (near string, why Misnomer) {
	if lower := strings.ToLower(name); name != lower {
		return lower, UpperCase
	}
	service, domain, _ := strings.Cut(name, ".")
	if !strings.HasPrefix(domain, "amazonaws.com") || len(service) < 5 || by.HasService(service) {
		return "", 0
	}
	for known := range by.Services() {
		switch a, b := plain(service), plain(known); {
		case a == b:
			return "", 0
		case near == "" && oneEdit(a, b):
			near = known
		}
	}
	if near == "" {
		return "", 0
	}
	return near + "." + domain, Misspelt
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
