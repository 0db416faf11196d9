package arn

import "strings"

// Path of an IAM user, group, role, policy, instance profile, server
// certificate or MFA device: "/" where there is none, else with a slash at
// both ends, such as "/svc/" in role/svc/app2. The path is part of the ARN
// (B-40). Any other ARN has none and gives "".
func (a ARN) Path() string {
	path, _ := a.pathAndName()
	return path
}

// Name is the friendly name of what the ARN denotes: in IAM the part after the
// path ("app2" in role/svc/app2), in AWS STS the part after the type of a
// federated user, in Lambda the name of the function, layer or other resource
// without qualifier. Any other ARN gives "".
//
// An assumed-role session has no name of its own, see [ARN.AssumedRole].
func (a ARN) Name() string {
	switch a.Service() {
	case "iam":
		_, name := a.pathAndName()
		return name
	case "sts":
		if kind, name := a.typed(); kind == "federated-user" {
			return name
		}
	case "lambda":
		name, _, _ := a.lambdaName()
		return name
	}
	return ""
}

func (a ARN) pathAndName() (path, name string) {
	if a.Service() != "iam" {
		return "", ""
	}
	kind, rest := a.typed()
	switch kind {
	case "user", "group", "role", "policy", "instance-profile", "server-certificate", "mfa":
		// A slash is one byte, and so this is the slash after the type where
		// there is no path.
		resource := a.Resource()
		last := strings.LastIndexByte(resource, '/')
		if last < len(kind) {
			return "", ""
		}
		return resource[len(kind) : last+1], resource[last+1:]
	}
	return "", rest
}

// AssumedRole splits the ARN of a role session,
// arn:aws:sts::account:assumed-role/role/session. The role is its bare name:
// the path of the role is not part of the ARN of its sessions (B-42). ok is
// false for any other ARN.
func (a ARN) AssumedRole() (role, session string, ok bool) {
	if a.Service() != "sts" {
		return "", "", false
	}
	kind, rest := a.typed()
	if kind != "assumed-role" {
		return "", "", false
	}
	role, session, ok = strings.Cut(rest, "/")
	if !ok || role == "" || session == "" {
		return "", "", false
	}
	return role, session, true
}

// IsServiceLinkedRole reports whether the ARN is that of a service-linked
// role, by its path (B-41).
func (a ARN) IsServiceLinkedRole() bool {
	return a.Service() == "iam" && strings.HasPrefix(a.Resource(), "role/aws-service-role/")
}

// IsPartition reports whether s is a name that a partition can have: "aws", or
// one that begins with "aws-" and goes on in lower case.
func IsPartition(s string) bool {
	rest, ok := strings.CutPrefix(s, "aws")
	return ok && (rest == "" || rest[0] == '-' && strings.Trim(rest, "-abcdefghijklmnopqrstuvwxyz") == "")
}

// IsAccountID reports whether s is an account id: twelve digits.
func IsAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
