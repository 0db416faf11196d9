package validate_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The parts of an account 111122223333, as aws iam get-account-authorization-details
// prints them.
func userDetail(name string, more ...string) string {
	return fmt.Sprintf(`{"Path": "/", "UserName": %q, "UserId": "AIDAEXAMPLE", "Arn": "arn:aws:iam::111122223333:user/%s"%s}`, name, name, withList(more, "GroupList", "AttachedManagedPolicies"))
}

func groupDetail(name string, more ...string) string {
	return fmt.Sprintf(`{"Path": "/", "GroupName": %q, "GroupId": "AGPAEXAMPLE", "Arn": "arn:aws:iam::111122223333:group/%s"%s}`, name, name, withList(more, "GroupPolicyList", "AttachedManagedPolicies"))
}

func roleDetail(name, trust string, more ...string) string {
	return fmt.Sprintf(`{"Path": "/", "RoleName": %q, "RoleId": "AROAEXAMPLE", "Arn": "arn:aws:iam::111122223333:role/%s", "AssumeRolePolicyDocument": %s%s}`, name, name, statementOf(trust), withList(more, "RolePolicyList", "AttachedManagedPolicies"))
}

// withList are further members; the lists that are not among them are empty.
func withList(more []string, lists ...string) string {
	text := ""
	for _, m := range more {
		text += ", " + m
	}
	for _, list := range lists {
		if !strings.Contains(text, `"`+list+`"`) {
			text += fmt.Sprintf(`, %q: []`, list)
		}
	}
	return text
}

func policyDetail(name string) string {
	return fmt.Sprintf(`{"PolicyName": %q, "PolicyId": "ANPAEXAMPLE", "Arn": "arn:aws:iam::111122223333:policy/%s", "Path": "/", "DefaultVersionId": "v1", "PolicyVersionList": [{"Document": %s, "VersionId": "v1", "IsDefaultVersion": true}]}`,
		name, name, statementOf(`"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:111122223333:q"`))
}

func statementOf(members string) string {
	return `{"Version": "2012-10-17", "Statement": [{` + members + `}]}`
}

func attached(name string) string {
	return fmt.Sprintf(`"AttachedManagedPolicies": [{"PolicyName": %q, "PolicyArn": "arn:aws:iam::111122223333:policy/%s"}]`, name, name)
}

func inlinePolicy(list, members string) string {
	return fmt.Sprintf(`%q: [{"PolicyName": "p", "PolicyDocument": %s}]`, list, statementOf(members))
}

func boundedBy(name string) string {
	return fmt.Sprintf(`"PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/%s"}`, name)
}

// details are users, groups, roles and policies, each a list of parts.
func details(users, groups, roles, policies []string) map[string]json.RawMessage {
	list := func(parts []string) string { return "[" + strings.Join(parts, ", ") + "]" }
	return map[string]json.RawMessage{"iam.json": []byte(`{"UserDetailList": ` + list(users) + `, "GroupDetailList": ` + list(groups) + `, "RoleDetailList": ` + list(roles) + `, "Policies": ` + list(policies) + `}`)}
}

func TestWhatIsFoundInAccounts(t *testing.T) {
	const (
		lambda  = `"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"`
		account = `"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"`
		send    = `"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:111122223333:q"`
		receive = `"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "arn:aws:sqs:us-east-1:111122223333:q"`
		assume  = `"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::111122223333:role/r"`
	)
	trusts := func(principal string) []string {
		return []string{roleDetail("r", `"Effect": "Allow", "Principal": {"AWS": `+principal+`}, "Action": "sts:AssumeRole"`)}
	}
	user := []string{userDetail("u")}
	type parts = []string
	for sentence, c := range map[string]struct {
		users, groups, roles, policies parts
		want                           []string
	}{
		"a policy that nobody has":                       {user, nil, nil, parts{policyDetail("a")}, []string{"UNUSED_MANAGED_POLICY arn:aws:iam::111122223333:policy/a"}},
		"a policy of a user":                             {parts{userDetail("u", attached("a"))}, nil, nil, parts{policyDetail("a")}, nil},
		"a policy of a role, and one of nobody":          {nil, nil, parts{roleDetail("r", lambda, attached("a"))}, parts{policyDetail("a"), policyDetail("b")}, []string{"UNUSED_MANAGED_POLICY arn:aws:iam::111122223333:policy/b"}},
		"a policy that bounds":                           {nil, nil, parts{roleDetail("r", lambda, boundedBy("a"), inlinePolicy("RolePolicyList", receive))}, parts{policyDetail("a")}, nil},
		"a group that nobody is in":                      {user, parts{groupDetail("g", attached("a"))}, nil, parts{policyDetail("a")}, []string{"GROUP_WITHOUT_USERS arn:aws:iam::111122223333:group/g"}},
		"a group with an inline policy":                  {user, parts{groupDetail("g", inlinePolicy("GroupPolicyList", send))}, nil, nil, []string{"GROUP_WITHOUT_USERS arn:aws:iam::111122223333:group/g"}},
		"a group without policies":                       {user, parts{groupDetail("g")}, nil, nil, nil},
		"a group with a user":                            {parts{userDetail("u", `"GroupList": ["g"]`)}, parts{groupDetail("g", attached("a"))}, nil, parts{policyDetail("a")}, nil},
		"a group in an account without users":            {nil, parts{groupDetail("g", attached("a"))}, nil, parts{policyDetail("a")}, nil},
		"a policy of AWS's that nobody can attach":       {nil, nil, parts{roleDetail("r", lambda, `"AttachedManagedPolicies": [{"PolicyName": "AWSLambdaFullAccess", "PolicyArn": "arn:aws:iam::aws:policy/AWSLambdaFullAccess"}]`)}, nil, []string{"DEPRECATED_MANAGED_POLICY arn:aws:iam::111122223333:role/r"}},
		"a trusted user that is there":                   {parts{userDetail("u", inlinePolicy("UserPolicyList", assume))}, nil, trusts(`"arn:aws:iam::111122223333:user/u"`), nil, nil},
		"a trusted user that is not":                     {user, nil, trusts(`["arn:aws:iam::111122223333:user/u", "arn:aws:iam::111122223333:user/x"]`), nil, []string{"PRINCIPAL_NOT_FOUND arn:aws:iam::111122223333:role/r"}},
		"a trusted role that is not":                     {user, nil, trusts(`"arn:aws:iam::111122223333:role/x"`), nil, []string{"PRINCIPAL_NOT_FOUND arn:aws:iam::111122223333:role/r"}},
		"a trusted user, where no user was read":         {nil, nil, trusts(`"arn:aws:iam::111122223333:user/x"`), nil, nil},
		"a trusted user of another account":              {user, nil, trusts(`"arn:aws:iam::444455556666:user/x"`), nil, nil},
		"a role for its account, where nobody may":       {user, nil, parts{roleDetail("r", account)}, nil, []string{"ROLE_NEVER_ASSUMED arn:aws:iam::111122223333:role/r"}},
		"a role for its account, where a user may":       {parts{userDetail("u", inlinePolicy("UserPolicyList", assume))}, nil, parts{roleDetail("r", account)}, nil, nil},
		"a role for its account, where one is denied":    {parts{userDetail("u", `"UserPolicyList": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{`+assume+`}, {"Effect": "Deny", "Action": "sts:*", "Resource": "*"}]}}]`)}, nil, parts{roleDetail("r", account)}, nil, []string{"ROLE_NEVER_ASSUMED arn:aws:iam::111122223333:role/r", "UNREACHABLE_ALLOW arn:aws:iam::111122223333:user/u"}},
		"a role for its account, where another is meant": {parts{userDetail("u", inlinePolicy("UserPolicyList", strings.ReplaceAll(assume, "role/r", "role/x")))}, nil, parts{roleDetail("r", account)}, nil, []string{"ROLE_NEVER_ASSUMED arn:aws:iam::111122223333:role/r"}},
		"a role for an account that was not read":        {user, nil, trusts(`"444455556666"`), nil, nil},
		"a role for its account and a service":           {user, nil, parts{roleDetail("r", `"Effect": "Allow", "Principal": {"AWS": "111122223333", "Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"`)}, nil, nil},
		"a role that trusts nobody":                      {user, nil, parts{roleDetail("r", `"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"`)}, nil, []string{"ROLE_NEVER_ASSUMED arn:aws:iam::111122223333:role/r"}},
		"a role that can be tagged alone":                {user, nil, parts{roleDetail("r", `"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:TagSession"`)}, nil, []string{"ROLE_NEVER_ASSUMED arn:aws:iam::111122223333:role/r"}},
		"a boundary that allows all that is allowed":     {nil, nil, parts{roleDetail("r", lambda, boundedBy("a"), inlinePolicy("RolePolicyList", send))}, parts{policyDetail("a")}, []string{"PERMISSIONS_BOUNDARY_WITHOUT_EFFECT arn:aws:iam::111122223333:role/r"}},
		"a boundary of one who has nothing":              {nil, nil, parts{roleDetail("r", lambda, boundedBy("a"))}, parts{policyDetail("a")}, []string{"PERMISSIONS_BOUNDARY_WITHOUT_EFFECT arn:aws:iam::111122223333:role/r"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			var found []string
			for _, f := range inAccount(snapshot(t, deployment, details(c.users, c.groups, c.roles, c.policies))) {
				of, _, _ := strings.Cut(f.Address, ",")
				found = append(found, f.Code+" "+of)
			}
			assert.Equal(t, c.want, found)
		})
	}
}
