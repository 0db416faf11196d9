package workload

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// Accounts is what the AWS CLI prints of many accounts: one answer of
// get-account-authorization-details with the roles of all.
type Accounts struct {
	// Accounts is how many there are, and Roles how many they have together.
	Accounts, Roles int
	// Statements that each role has in an inline policy of its own.
	Statements int
}

// AccountID is the id of the n-th account.
func (a *Accounts) AccountID(n int) string { return fmt.Sprintf("1111%08d", n) }

// RoleARN is the ARN of the n-th role.
func (a *Accounts) RoleARN(n int) string {
	return fmt.Sprintf("arn:aws:iam::%s:role/team-%d/app-%d", a.AccountID(n%a.Accounts), n%7, n)
}

type (
	object = map[string]any
	array  = []any
)

// Write writes the answer as the AWS CLI indents it.
func (a *Accounts) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	lists := []struct {
		name string
		n    int
		make func(int) object
	}{
		{"UserDetailList", a.Accounts, a.user},
		{"GroupDetailList", a.Accounts, a.group},
		{"RoleDetailList", a.Roles, a.role},
		{"Policies", 2 * a.Accounts, a.policy},
	}
	for i, list := range lists {
		fmt.Fprintf(out, "%s\n    %q: [", [...]string{"{", ","}[min(i, 1)], list.name)
		for n := range list.n {
			text, err := json.MarshalIndent(list.make(n), "        ", "    ")
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "%s\n        %s", [...]string{"", ","}[min(n, 1)], text)
		}
		fmt.Fprint(out, "\n    ]")
	}
	fmt.Fprint(out, "\n}\n")
	return out.Flush()
}

func (a *Accounts) user(n int) object {
	of := "arn:aws:iam::" + a.AccountID(n)
	return object{
		"Path": "/", "UserName": "admin", "UserId": fmt.Sprintf("AIDA%016d", n), "Arn": of + ":user/admin", "CreateDate": "2022-08-07T12:55:43+00:00",
		"GroupList": array{"Admins"}, "AttachedManagedPolicies": array{}, "Tags": array{},
	}
}

func (a *Accounts) group(n int) object {
	return object{
		"Path": "/", "GroupName": "Admins", "GroupId": fmt.Sprintf("AGPA%016d", n), "Arn": "arn:aws:iam::" + a.AccountID(n) + ":group/Admins",
		"CreateDate": "2022-08-07T12:55:43+00:00", "GroupPolicyList": array{},
		"AttachedManagedPolicies": array{object{"PolicyName": "AdministratorAccess", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}},
	}
}

func (a *Accounts) role(n int) object {
	account := a.AccountID(n % a.Accounts)
	of := "arn:aws:iam::" + account + ":"
	trust := object{"Version": "2012-10-17", "Statement": array{object{
		"Effect": "Allow", "Principal": object{"Service": array{"ec2.amazonaws.com", "lambda.amazonaws.com"}}, "Action": "sts:AssumeRole",
		"Condition": object{"StringEquals": object{"aws:SourceAccount": account}},
	}}}
	name, id, arn := fmt.Sprintf("app-%d", n), fmt.Sprintf("AROA%016d", n), a.RoleARN(n)
	whole := object{
		"Path": fmt.Sprintf("/team-%d/", n%7), "RoleName": name, "RoleId": id, "Arn": arn, "CreateDate": "2022-08-07T12:55:43+00:00", "AssumeRolePolicyDocument": trust,
	}
	profiles := array{}
	if n%2 == 0 {
		profiles = array{object{
			"Path": "/", "InstanceProfileName": name, "InstanceProfileId": fmt.Sprintf("AIPA%016d", n), "Arn": of + "instance-profile/" + name,
			"CreateDate": "2022-08-07T12:55:43+00:00", "Roles": array{whole},
		}}
	}
	statements := array{}
	for i := range a.Statements {
		statements = append(statements, object{
			"Sid": fmt.Sprintf("S%d", i), "Effect": "Allow", "Action": array{"lambda:InvokeFunction", "lambda:GetFunction", "s3:GetObject"},
			"Resource":  array{fmt.Sprintf("arn:aws:lambda:us-east-1:%s:function:%s-%d", account, name, i), fmt.Sprintf("arn:aws:s3:::%s-%d/*", name, i)},
			"Condition": object{"StringEquals": object{"aws:PrincipalTag/team": array{"a", "b"}}},
		})
	}
	role := object{
		"InstanceProfileList": profiles,
		"RolePolicyList": array{
			object{"PolicyName": "own", "PolicyDocument": object{"Version": "2012-10-17", "Statement": statements}},
			object{"PolicyName": "logs", "PolicyDocument": object{"Version": "2012-10-17", "Statement": array{
				object{"Effect": "Allow", "Action": array{"logs:CreateLogStream", "logs:PutLogEvents"}, "Resource": "*"},
			}}},
		},
		"AttachedManagedPolicies": array{
			object{"PolicyName": "baseline", "PolicyArn": of + "policy/baseline"},
			object{"PolicyName": "AWSLambda_ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess"},
		},
		"PermissionsBoundary": object{"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": of + "policy/edge"},
		"Tags":                array{object{"Key": "team", "Value": [...]string{"a", "b", "c"}[n%3]}},
		"RoleLastUsed":        object{"LastUsedDate": "2022-08-07T12:56:48+00:00", "Region": "us-east-1"},
	}
	for member, v := range whole {
		role[member] = v
	}
	return role
}

// policy is one of two of each account: a baseline that is attached, and a
// permissions boundary.
func (a *Accounts) policy(n int) object {
	account, name, actions := a.AccountID(n/2), "baseline", "cloudwatch:*"
	if n%2 == 1 {
		name, actions = "edge", "*"
	}
	version := func(id string, isDefault bool) object {
		return object{"VersionId": id, "IsDefaultVersion": isDefault, "CreateDate": "2022-08-07T12:55:43+00:00", "Document": object{
			"Version": "2012-10-17", "Statement": array{object{"Effect": "Allow", "Action": actions, "Resource": "*"}},
		}}
	}
	return object{
		"PolicyName": name, "PolicyId": fmt.Sprintf("ANPA%016d", n), "Arn": "arn:aws:iam::" + account + ":policy/" + name, "Path": "/",
		"DefaultVersionId": "v2", "AttachmentCount": 1, "PermissionsBoundaryUsageCount": 0, "IsAttachable": true,
		"CreateDate": "2022-08-07T12:55:43+00:00", "UpdateDate": "2022-08-07T12:55:43+00:00",
		"PolicyVersionList": array{version("v2", true), version("v1", false)},
	}
}
