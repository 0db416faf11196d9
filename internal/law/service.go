package law

import (
	"slices"
	"strings"
)

// serviceDomains are what the names of service principals end with, in all
// partitions. Alexa's are of amazon.com.
var serviceDomains = []string{
	"amazonaws.com", "amazonaws.com.cn", "amazonaws.eu", "amazon.com", "aws.internal",
	"c2s.ic.gov", "sc2s.sgov.gov", "cloud.adc-e.uk", "csp.hci.ic.gov",
}

// likeServices are identity providers whose hosts have the form of a service
// principal.
var likeServices = []string{"cognito-identity.amazonaws.com", "www.amazon.com"}

// ServiceDomains are what the names of service principals end with, behind a dot.
func ServiceDomains(yield func(string) bool) {
	for _, domain := range serviceDomains {
		if !yield(domain) {
			return
		}
	}
}

// IsServicePrincipal tells the names of service principals from the hosts of
// identity providers and from all other texts.
func IsServicePrincipal(s string) bool {
	if strings.ContainsAny(s, "/:*? ") || slices.Contains(likeServices, s) {
		return false
	}
	return slices.ContainsFunc(serviceDomains, func(domain string) bool {
		name, ok := strings.CutSuffix(s, domain)
		return ok && len(name) > 1 && strings.HasSuffix(name, ".")
	})
}
