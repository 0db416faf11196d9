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
	for _, e := range [...]struct {
		name   string
		values Values
		listed elements
	}{{"Resource", st.Resource, elementResource}, {"NotResource", st.NotResource, elementNotResource}} {
		c.element = e.name
		for i, value := range e.values {
			c.value = index(i, len(e.values), st.listed&e.listed != 0)
			c.resourceForm(kind, value)
		}
	}
	c.element, c.value = "", alone
}

func (c *checker) resourceForm(kind Kind, value string) {
	text := value
	if hasVariable(value) {
		text = withoutVariables(value)
	}
	switch fields := strings.SplitN(text, ":", 6); {
	case value == pattern.AnyAPI && kind != Resource:
		c.fault(ErrInvalidResource, spelling.Quote(value)+` stands in the resource policy of an API alone`+howToWriteAPI(value)).subject = value
	case fields[0] != "arn" || len(fields) < 3:
	case len(fields) < 6 && !kind.completesARNs() && !strings.HasSuffix(text, "*"):
		c.fault(ErrMissingARNField, spelling.Quote(value)+" has fewer than the six parts of an ARN, which "+kind.title()+" needs")
	case len(fields) == 6 && fields[2] == "iam" && kind.storedByIAM():
		c.resourceOfIAM(value, fields)
	}
}

// resourceOfIAM checks an ARN of IAM as IAM does when it stores a policy: IAM
// has no Regions, and the type of the resource is written out.
func (c *checker) resourceOfIAM(value string, fields []string) {
	if fields[3] != "" && !strings.ContainsAny(fields[3], "*?") {
		c.fault(ErrInvalidARNRegion, spelling.Quote(value)+" names the Region "+spelling.Quote(fields[3])+
			": IAM resource cannot contain region information").subject = value
	}
	kind, _, typed := strings.Cut(fields[5], "/")
	switch wild := strings.ContainsAny(kind, "*?"); {
	case strings.Trim(fields[5], "*") == "" && fields[5] != "", fields[5] == "root", strings.HasPrefix(fields[5], "?"):
	case wild && kind != "", !typed:
		c.fault(ErrInvalidARNResource, spelling.Quote(value)+` does not write out the type of the resource: IAM resource path must either be "*", root, or start with user/, role/, group/, policy/ or another type`).subject = value
	}
}
