package validate

import (
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// A delegation is an action that gives a role to somebody, with the codes for a
// grant of it on too many resources.
type delegation struct {
	action, prefix, says string
	key                  string // a condition on which names who gets it; "" for none
}

var delegations = [...]delegation{
	{"iam:PassRole", "PASS_ROLE_WITH_", "any role can be passed to a service", "iam:PassedToService"},
	{"iam:CreateServiceLinkedRole", "CREATE_SLR_WITH_", "service-linked roles for any service can be made", "iam:AWSServiceName"},
}

// passRole finds grants of iam:PassRole and iam:CreateServiceLinkedRole that reach
// any role.
func (c *checker) passRole() {
	if c.st.Effect != policy.Allow {
		return
	}
	for i := range delegations {
		c.delegates(&delegations[i])
	}
}

func (c *checker) delegates(d *delegation) {
	action, actionAt := c.grants(d.action)
	if action == "" {
		return
	}
	for k := range c.st.Condition {
		if fold.Equal(c.st.Condition[k].Key, d.key) {
			return
		}
	}
	code, at := "", actionAt
	switch notResource := len(c.st.NotResource) > 0; {
	case notResource && action == "NotAction":
		code = "NOTACTION_AND_NOTRESOURCE"
	case notResource && action == "star":
		code = "STAR_IN_ACTION_AND_NOTRESOURCE"
	case notResource:
		code = "NOTRESOURCE"
	default:
		i := anyRole(c.st.Resource)
		if i < 0 {
			return
		}
		at = c.at("Resource", i)
		switch action {
		case "NotAction":
			code = "STAR_IN_RESOURCE_AND_NOTACTION"
		case "star":
			code = "STAR_IN_ACTION_AND_RESOURCE"
		default:
			code = "STAR_IN_RESOURCE"
		}
	}
	c.report(d.prefix+code, at, "%s: name the roles, or test %s in a condition", d.says, d.key)
}

// grants says how the statement's actions have one in them: by its name, by a
// pattern ("star") or by "NotAction"; "" if they have not.
func (c *checker) grants(action string) (how string, at []any) {
	if c.st.NotAction != nil {
		for _, value := range c.st.NotAction {
			if matches(value, action) {
				return "", nil
			}
		}
		return "NotAction", c.at("NotAction")
	}
	for i, value := range c.st.Action {
		if fold.Equal(value, action) {
			return "name", c.at("Action", i)
		}
	}
	for i, value := range c.st.Action {
		if matches(value, action) {
			return "star", c.at("Action", i)
		}
	}
	return "", nil
}

// matches reports whether a pattern of actions matches an action.
func matches(value, action string) bool {
	if !strings.ContainsAny(value, "*?") {
		return fold.Equal(value, action)
	}
	if before := value[:strings.IndexAny(value, "*?")]; !fold.HasPrefix(action, before) {
		return false
	}
	p, err := pattern.Compile(pattern.Text, value, pattern.Options{FoldCase: true})
	return err == nil && p.Match(action)
}

// anyRole is the index of a resource that stands for the roles of all names; -1 if
// there is none.
func anyRole(resources policy.Values) int {
	for i, resource := range resources {
		if isStar(resource) {
			return i
		}
		fields := pattern.Split(resource)
		if service := fields.Field(2); service != "iam" && strings.Trim(service, "*?") != "" {
			continue
		}
		if !fields.IsARN() {
			if strings.HasSuffix(resource, "*") {
				return i
			}
			continue
		}
		name := strings.TrimPrefix(fields.Field(5), "role/")
		if strings.Trim(strings.TrimPrefix(name, "aws-service-role/"), "*?/") == "" {
			return i
		}
	}
	return -1
}
