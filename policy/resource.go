package policy

import (
	"strings"

	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/spelling"
)

// completesARNs says that AWS completes an ARN with fewer than six parts with
// "*": "arn:aws:sqs" is "arn:aws:sqs:*:*:*". It does so in identity-based
// policies and refuses such session policies; for the others see the choices in
// CONFORMANCE.md (B-12).
func (k Kind) completesARNs() bool {
	return k == Identity || k == Boundary || k == SCP || k == RCP
}

// resourceForms checks the forms that a Resource has in some kinds of policy
// alone.
func (c *checker) resourceForms(kind Kind, st *Statement) {
	check := func(c *checker, value string, _ bool) { c.resourceForm(kind, value) }
	c.values(st, "Resource", st.Resource, elementResource, false, check)
	c.values(st, "NotResource", st.NotResource, elementNotResource, false, check)
}

func (c *checker) resourceForm(kind Kind, value string) {
	text := value
	if hasVariable(value) {
		text = withoutVariables(value)
	}
	switch colons := strings.Count(text, ":"); {
	case value == pattern.AnyAPI && kind != Resource:
		c.fault(codeInvalidResource, spelling.Quote(value)+` stands in the resource policy of an API alone`+howToWriteAPI(value)).subject = value
	case !strings.HasPrefix(text, "arn:") || colons < 2:
	case colons < 5 && !kind.completesARNs() && !strings.HasSuffix(text, "*"):
		c.fault(codeMissingARNField, spelling.Quote(value)+" has fewer than the six parts of an ARN, which "+kind.title()+" needs")
	case colons >= 5 && kind.storedByIAM() && strings.Contains(text, ":iam:"):
		if fields := pattern.Split(text); fields.Field(2) == "iam" {
			c.resourceOfIAM(value, fields.Field(3), fields.Field(5))
		}
	}
}

// resourceOfIAM checks the Region and the resource in an ARN of IAM as IAM does
// when it stores a policy: IAM has no Regions, and the type of the resource is
// written out.
func (c *checker) resourceOfIAM(value, region, resource string) {
	if region != "" && !strings.ContainsAny(region, "*?") {
		c.fault(codeInvalidARNRegion, spelling.Quote(value)+" names the Region "+spelling.Quote(region)+
			": IAM resource cannot contain region information").subject = value
	}
	kind, _, typed := strings.Cut(resource, "/")
	switch {
	case resource == "root", strings.HasPrefix(resource, "?"), resource != "" && strings.Trim(resource, "*") == "":
	case !typed, strings.ContainsAny(kind, "*?"):
		c.fault(codeInvalidARNResource, spelling.Quote(value)+` does not write out the type of the resource: IAM resource path must either be "*", root, or start with user/, role/, group/, policy/ or another type`).subject = value
	}
}
