package validate

import (
	"errors"
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
)

// unqualified finds grants to invoke a function that never reach its versions and
// aliases (B-31). The policy of a function names nothing else: its versions and
// aliases have policies of their own (B-33).
func (c *checker) unqualified() {
	if c.kind == policy.Resource {
		return
	}
	if _, at := c.grants("lambda:InvokeFunction"); at == nil {
		return
	}
	for i, resource := range c.st.Resource {
		name, ok := functionName(resource)
		if !ok || strings.ContainsAny(name, ":*?$") || c.reaches(resource+":prod") {
			continue
		}
		c.report("UNQUALIFIED_FUNCTION_ONLY", c.at("Resource", i), "the aliases and versions of %q are other resources, and not reached: %s:* reaches them", name, resource)
	}
}

// functionName is the end of a function's ARN.
func functionName(resource string) (name string, ok bool) {
	fields := pattern.Split(resource)
	if fields.Field(2) != "lambda" {
		return "", false
	}
	return strings.CutPrefix(fields.Field(5), "function:")
}

// reaches reports whether a Resource of the statement matches.
func (c *checker) reaches(resource string) bool {
	for _, value := range c.st.Resource {
		if !strings.ContainsAny(value, "*?") {
			if value == resource {
				return true
			}
			continue
		}
		if p, err := pattern.Compile(pattern.Resource, value, pattern.Options{}); err == nil && p.Match(resource) {
			return true
		}
	}
	return false
}

// ends are the resources whose names end where the ARN does.
var ends = [...]struct{ service, kind string }{
	{"lambda", "function:"}, {"dynamodb", "table/"}, {"sqs", ""}, {"sns", ""}, {"iam", "role/"}, {"s3", ""},
}

// neighbours finds a star that goes on with a name: it reaches resources whose names
// begin alike.
func (c *checker) neighbours() {
	for i, resource := range c.st.Resource {
		before, ok := strings.CutSuffix(resource, "*")
		if !ok || before == "" || !isAlphanumeric(before[len(before)-1]) || strings.ContainsAny(before, "?") {
			continue
		}
		fields := pattern.Split(before)
		for _, n := range ends {
			name, typed := strings.CutPrefix(fields.Field(5), n.kind)
			if fields.Field(2) != n.service || !typed || name == "" || strings.ContainsAny(name, "*/:") {
				continue
			}
			c.report("PREFIX_REACHES_NEIGHBOR", c.at("Resource", i), "%s reaches %q as well: end the prefix with a hyphen, or name the resource", spelling.Quote(resource), name+"2")
			break
		}
	}
}

func isAlphanumeric(b byte) bool {
	lower := fold.Lower(b)
	return 'a' <= lower && lower <= 'z' || '0' <= b && b <= '9'
}

// managedPolicy finds AWS managed policies that nobody can attach.
func (c *checker) managedPolicy(path []any, value string) {
	if code, message := managedFault(value); code != "" {
		c.report(code, path, "%s", message)
	}
}

// managedFault is why nobody can attach an AWS managed policy; "" for any other ARN.
func managedFault(value string) (code, message string) {
	if !managed.IsARN(value) || strings.ContainsAny(value, "*?$") {
		return "", ""
	}
	p, err := managed.ByARN(value)
	if errors.Is(err, managed.ErrUnknown) {
		return "UNKNOWN_MANAGED_POLICY", fmt.Sprintf("AWS has no such managed policy: %v", err)
	}
	if err != nil {
		return "", ""
	}
	if from, by, ok := p.Deprecated(); ok {
		return "DEPRECATED_MANAGED_POLICY", fmt.Sprintf("since %s nobody can attach %s; %s takes its place (K-1)", from.Format("2006-01-02"), p.Name(), by)
	}
	return "", ""
}

// legacySCP holds a statement to the grammar of service control policies before
// September 2025.
func (c *checker) legacySCP() {
	allow := c.st.Effect == policy.Allow
	for element, values := range c.actionElements {
		for i, value := range values {
			if strings.ContainsAny(strings.TrimSuffix(value, "*"), "*?") {
				c.report("SCP_SYNTAX_ERROR_ACTION_WILDCARD", c.at(element, i), "a wildcard stands at the end of an action alone: %s", spelling.Quote(value))
			}
		}
	}
	if allow && len(c.st.Condition) > 0 {
		c.report("SCP_SYNTAX_ERROR_ALLOW_CONDITION", c.at("Condition"), "an Allow has no Condition")
	}
	if allow && c.st.NotAction != nil {
		c.report("SCP_SYNTAX_ERROR_ALLOW_NOTACTION", c.at("NotAction"), "an Allow has no NotAction")
	}
	if allow && c.st.Resource != nil && !hasStar(c.st.Resource) {
		c.report("SCP_SYNTAX_ERROR_ALLOW_RESOURCE", c.at("Resource"), `an Allow has the Resource "*"`)
	}
	if c.st.NotResource != nil {
		c.report("SCP_SYNTAX_ERROR_NOTRESOURCE", c.at("NotResource"), "there is no NotResource")
	}
}
