package denial

import (
	"regexp"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/fold"
)

// iamTypes are the types of IAM's resources as its older texts name them before
// a name or an ARN, "role app", and as ARNs have them.
var iamTypes = [...]struct{ words, arn string }{
	{"role", "role"}, {"user", "user"}, {"group", "group"}, {"policy", "policy"}, {"instance profile", "instance-profile"},
	{"server certificate", "server-certificate"}, {"SAML provider", "saml-provider"}, {"OIDC provider", "oidc-provider"},
	{"MFA device", "mfa"}, {"provider", ""},
}

// iamType is the beginning of such a text.
var iamType = sync.OnceValue(func() *regexp.Regexp {
	words := make([]string, len(iamTypes))
	for i, t := range iamTypes {
		words[i] = "«" + t.words + "»"
	}
	return regexp.MustCompile(loosened(`\A(?i:` + strings.Join(words, "|") + `)« »`))
})

// iamName is the type and the name of such a text without line breaks; "" if it
// is none.
func iamName(text string) string {
	m := iamType().FindStringIndex(text)
	if m == nil {
		return ""
	}
	name := joined(strings.TrimSpace(text[m[1]:]))
	if name == "" || strings.ContainsAny(name, " \t\n") {
		return ""
	}
	return iamTypeOf(text[:m[1]]) + " " + name
}

// iamTypeOf is the type that a text names, wherever it was broken.
func iamTypeOf(text string) string {
	for _, t := range iamTypes {
		if squeezed(t.words) == squeezed(text) {
			return t.words
		}
	}
	return ""
}

// iamARN is the ARN of a resource that IAM's older texts name: "role app" is the
// role of that name in the caller's account, without a path, which these texts do
// not tell. ok is false if it is none.
func (d *Denial) iamARN() (resource string, ok bool) {
	for _, t := range iamTypes {
		n := len(t.words) + 1
		if len(d.ResourceAsGiven) <= n || !fold.Equal(d.ResourceAsGiven[:n], t.words+" ") {
			continue
		}
		name := d.ResourceAsGiven[n:]
		if strings.HasPrefix(name, "arn:") {
			return name, true
		}
		caller, err := arn.Parse(d.Principal)
		if err != nil || t.arn == "" || caller.Account() == "" {
			return "", false
		}
		return "arn:" + caller.Partition() + ":iam::" + caller.Account() + ":" + t.arn + "/" + name, true
	}
	return "", false
}
