package twin

import (
	"strings"

	"github.com/iamsim/iamsim/evaluator/scenario"
)

type kind int

const (
	invalid kind = iota
	root
	user
	session // of a role
	federated
	service
	web
	saml
	anonymous
)

// A caller is what the principal's text says.
type caller struct {
	kind               kind
	partition, account string
	// arn of the user, root user, or session; "" for a session without a name.
	arn string
	// name of the user, role, federated user or service; the web identity or
	// SAML provider.
	name        string
	sessionName string
	role        string // ARN with its path; "" where it is not known (L-2)
	parent      string // ARN of the user who federated
	id          string
}

// signed: the request carries the credentials of an account.
func (c caller) signed() bool {
	return c.kind == root || c.kind == user || c.kind == session || c.kind == federated
}

// serviceLinkedRole is known by its path (B-41).
func (c caller) serviceLinkedRole() bool {
	return c.kind == session && strings.HasPrefix(arnField(c.role, 5), "role/aws-service-role/")
}

func newCaller(p scenario.Principal) caller {
	c := parseCaller(p.ARN)
	c.id = p.UserID
	switch {
	case p.Role != "" && c.kind == session && c.sessionName != "":
		r := parseCaller(p.Role)
		if r.role == "" || r.partition != c.partition || r.account != c.account || r.name != c.name {
			return caller{}
		}
		c.role = p.Role
	case p.Role != "" && p.Role != c.role:
		return caller{}
	}
	if p.ParentUser != "" {
		u := parseCaller(p.ParentUser)
		if c.kind != federated || u.kind != user || u.partition != c.partition || u.account != c.account {
			return caller{}
		}
		c.parent = p.ParentUser
	}
	return c
}

func parseCaller(s string) caller {
	if s == "anonymous" {
		return caller{kind: anonymous}
	}
	if strings.ContainsAny(s, "*? ") || s == "" {
		return caller{}
	}
	if strings.HasPrefix(s, "arn:") {
		return parseCallerARN(s)
	}
	switch {
	case isService(s):
		return caller{kind: service, name: s}
	case strings.Contains(s, "."):
		return caller{kind: web, name: s}
	}
	return caller{}
}

// isService: the name ends with a domain that AWS's services have. The hosts of
// two identity providers look so too.
func isService(s string) bool {
	if s == "cognito-identity.amazonaws.com" || s == "www.amazon.com" || strings.ContainsAny(s, "/:") {
		return false
	}
	for _, domain := range strings.Fields(`amazonaws.com amazonaws.com.cn amazonaws.eu amazon.com aws.internal
		c2s.ic.gov sc2s.sgov.gov cloud.adc-e.uk csp.hci.ic.gov`) {
		if strings.HasSuffix(s, "."+domain) && len(s) > len(domain)+1 {
			return true
		}
	}
	return false
}

func parseCallerARN(s string) caller {
	if len(strings.SplitN(s, ":", 6)) < 6 || arnField(s, 3) != "" || !isAccount(arnField(s, 4)) || arnField(s, 1) == "" {
		return caller{}
	}
	c := caller{partition: arnField(s, 1), account: arnField(s, 4), arn: s}
	typ, rest, _ := strings.Cut(arnField(s, 5), "/")
	parts := strings.Split(rest, "/")
	last := parts[len(parts)-1]
	switch arnField(s, 2) + " " + typ {
	case "iam root":
		if rest == "" {
			c.kind = root
		}
	case "iam user":
		if last != "" {
			c.kind, c.name = user, last
		}
	case "iam role":
		if last != "" { // a session without a name
			c.kind, c.name, c.role, c.arn = session, last, s, ""
		}
	case "sts assumed-role":
		if len(parts) == 2 && parts[0] != "" && parts[1] != "" {
			c.kind, c.name, c.sessionName = session, parts[0], parts[1]
		}
	case "sts federated-user":
		if rest != "" {
			c.kind, c.name = federated, rest
		}
	case "iam saml-provider":
		if rest != "" {
			c = caller{kind: saml, name: s}
		}
	case "iam oidc-provider":
		if rest != "" {
			c = caller{kind: web, name: s}
		}
	}
	return c
}

func isAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}
