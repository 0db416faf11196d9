package policy

import (
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
)

var principalTypes = []string{
	string(PrincipalAWS), string(PrincipalService), string(PrincipalFederated), string(PrincipalCanonicalUser),
}

func principalTypeOf(key string) PrincipalType {
	switch t := PrincipalType(key); t {
	case PrincipalAWS, PrincipalService, PrincipalFederated, PrincipalCanonicalUser:
		return t
	}
	return ""
}

func principalKeyMessage(found string) string {
	return spelling.Quote(found) + " is no kind of principal" + spelling.Suggestion(found, principalTypes)
}

// principals checks a Principal or NotPrincipal element.
func (c *checker) principals(element string, p *Principals, variables bool) {
	if p == nil {
		return
	}
	c.element = element
	if p.Everyone && len(p.Entries) > 0 {
		c.fault(codeInvalidPrincipal, `is either "*" or a map, not both`)
	}
	for i := range p.Entries {
		entry := &p.Entries[i]
		c.group = string(entry.Type)
		if principalTypeOf(c.group) == "" {
			c.fault(codeInvalidPrincipalKey, principalKeyMessage(c.group))
			continue
		}
		for j := range i {
			if p.Entries[j].Type == entry.Type {
				c.fault(codeDuplicateKey, spelling.Quote(c.group)+" is written twice in one object")
				break
			}
		}
		for j, value := range entry.Values {
			c.value = index(j, len(entry.Values), entry.listed)
			c.principal(entry.Type, value, variables)
		}
		c.value = alone
	}
	c.element, c.group = "", ""
}

func (c *checker) principal(t PrincipalType, value string, variables bool) {
	if t == PrincipalAWS && value == "*" {
		return
	}
	switch {
	case variables && hasVariable(value):
		c.misplacedVariable(value)
	case value == "":
		c.fault(codeInvalidPrincipal, "a principal is not empty")
	case value == "*":
		c.fault(codePrincipalWildcard, `"*" stands for everybody only under AWS`)
	case strings.ContainsAny(value, "*?"):
		c.fault(codePrincipalWildcard, spelling.Quote(value)+` has a wildcard; in a principal only "*" alone is one`)
	default:
		if want := principalFault(t, value); want != "" {
			c.fault(codeInvalidPrincipal, spelling.Quote(value)+" "+want).subject = value
		}
	}
}

// principalFault is what is wrong with a principal without wildcards, or "".
func principalFault(t PrincipalType, value string) string {
	switch t {
	case PrincipalService:
		if !isHost(value, "") {
			return `is no service principal, such as "lambda.amazonaws.com"`
		}
	case PrincipalFederated:
		if strings.HasPrefix(value, "arn:") {
			return providerFault(value)
		}
		if !isHost(value, "/:_") {
			return `is no identity provider: neither a host such as "accounts.google.com" nor the ARN of a saml-provider or oidc-provider`
		}
	case PrincipalCanonicalUser:
		if !isAlphanumeric(value) {
			return "is no canonical user id: it has letters and digits"
		}
	case PrincipalAWS:
		return awsPrincipalFault(value)
	}
	return ""
}

// awsPrincipalFault knows the forms of A-51.
func awsPrincipalFault(value string) string {
	switch {
	case arn.IsAccountID(value), isUniqueID(value):
		return ""
	case !strings.HasPrefix(value, "arn:"):
		if isHost(value, "") {
			return "is no account, ARN or unique id; a service stands under Service, an identity provider under Federated"
		}
		return "is no account of 12 digits, no ARN of a principal, no unique id"
	}
	service, account, resource, ok := principalARN(value)
	if !ok {
		return "is no ARN of a principal: it has six parts and an empty region"
	}
	kind, name, _ := strings.Cut(resource, "/")
	switch service {
	case "iam":
		// Amazon CloudFront's origin access identities are users of an account
		// of their own.
		if !arn.IsAccountID(account) && !(account == "cloudfront" && kind == "user") {
			return "has no account of 12 digits"
		}
		switch {
		case resource == "root":
			return ""
		case kind == "group":
			return "is a group, which cannot be a principal"
		case kind != "user" && kind != "role":
			return "is no root, user or role"
		case name == "" || strings.HasSuffix(name, "/"):
			return "names no " + kind
		}
	case "sts":
		first, second, two := strings.Cut(name, "/")
		switch {
		case !arn.IsAccountID(account):
			return "has no account of 12 digits"
		case kind == "federated-user":
			if first == "" || two {
				return "is not of the form federated-user/name"
			}
		case kind == "assumed-role":
			if first == "" || second == "" || strings.Contains(second, "/") {
				return "is not of the form assumed-role/role/session; the role's path is not part of it"
			}
		default:
			return "is no assumed-role or federated-user"
		}
	default:
		return "is no ARN of iam or sts"
	}
	return ""
}

func providerFault(value string) string {
	service, account, resource, ok := principalARN(value)
	kind, name, _ := strings.Cut(resource, "/")
	if !ok || service != "iam" || !arn.IsAccountID(account) || kind != "saml-provider" && kind != "oidc-provider" || name == "" {
		return "is no ARN of a saml-provider or oidc-provider"
	}
	return ""
}

// principalARN splits the ARN of a principal, which has no region (B-40).
func principalARN(value string) (service, account, resource string, ok bool) {
	rest, isARN := strings.CutPrefix(value, "arn:")
	partition, rest, _ := strings.Cut(rest, ":")
	service, rest, _ = strings.Cut(rest, ":")
	region, rest, _ := strings.Cut(rest, ":")
	account, resource, ok = strings.Cut(rest, ":")
	return service, account, resource, ok && isARN && region == "" && isPartition(partition)
}

// isUniqueID accepts the ids of users and roles, which replace the ARN of a
// principal that was deleted.
func isUniqueID(s string) bool {
	if len(s) <= 4 || s[:4] != "AIDA" && s[:4] != "AROA" {
		return false
	}
	return isAlphanumeric(s) && strings.ToUpper(s) == s
}

func isAlphanumeric(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		default:
			return false
		}
	}
	return s != ""
}

// isHost accepts a name with at least one dot, of letters, digits, hyphens and
// the extra characters.
func isHost(s, extra string) bool {
	dot := strings.IndexByte(s, '.')
	if dot <= 0 || dot == len(s)-1 {
		return false
	}
	for i := range len(s) {
		c := fold.Lower(s[i])
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '-' && strings.IndexByte(extra, c) < 0 {
			return false
		}
	}
	return true
}
