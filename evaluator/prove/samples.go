package prove

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
)

// Samples are texts that read well, to be tried before others.

// wellKnown are actions that most readers have met.
var wellKnown = []string{
	"lambda:GetFunction", "lambda:InvokeFunction", "lambda:UpdateFunctionCode", "lambda:DeleteFunction", "lambda:CreateFunction", "lambda:ListFunctions",
	"lambda:AddPermission", "lambda:PublishVersion", "lambda:TagResource", "lambda:GetPolicy",
	"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:CreateBucket", "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:AbortMultipartUpload",
	"iam:GetRole", "iam:PassRole", "iam:CreateRole", "iam:DeleteRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:ListRoles", "iam:UpdateRole",
	"ec2:DescribeInstances", "ec2:RunInstances", "ec2:CreateTags", "ec2:TerminateInstances", "ec2:StartInstances", "ec2:GetConsoleOutput",
	"sts:AssumeRole", "sts:TagSession", "kms:Decrypt", "kms:Encrypt", "kms:CreateKey", "sqs:SendMessage", "sqs:ReceiveMessage", "sns:Publish",
	"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "logs:CreateLogGroup", "logs:PutLogEvents",
}

func actionSamples(pattern string) []string {
	service, _, _ := strings.Cut(fold.String(pattern), ":")
	if strings.ContainsAny(service, "*?") {
		return wellKnown
	}
	var list []string
	for _, a := range wellKnown {
		if strings.HasPrefix(a, service+":") {
			list = append(list, a)
		}
	}
	return list
}

// region is a Region of a partition.
func region(partition string) string {
	switch partition {
	case "aws-cn":
		return "cn-north-1"
	case "aws-us-gov":
		return "us-gov-west-1"
	}
	return "us-east-1"
}

// resourceOf is a resource that fits actions of a service.
func resourceOf(action, partition, account string) string {
	service, _, _ := strings.Cut(fold.String(action), ":")
	begin := "arn:" + partition + ":"
	where := begin + service + ":" + region(partition) + ":" + account + ":"
	switch service {
	case "lambda":
		return where + "function:my-function"
	case "iam", "sts":
		return begin + "iam::" + account + ":role/app"
	case "kms":
		return where + "key/1234abcd-12ab-34cd-56ef-1234567890ab"
	case "ec2":
		return where + "instance/i-1234567890abcdef0"
	case "dynamodb":
		return where + "table/example"
	case "s3":
		return begin + "s3:::example/object"
	}
	return where + "example"
}

// callerSamples are callers of every kind in an account, as texts of their own.
func callerSamples(partition, account string) []string {
	iam := "arn:" + partition + ":iam::" + account + ":"
	return []string{iam + "user/alice\nAIDAALICE", iam + "role/app\nAROAAPP:session", iam + "root\n" + account}
}

// usualResources are resources that an account may own.
func usualResources(partition, account string) []string {
	return []string{resourceOf("lambda", partition, account), "arn:" + partition + ":s3:::example"}
}

// resourceSamples fills the parts of an ARN, once for each account.
func resourceSamples(pattern string, accounts []string) []string {
	var list []string
	for _, account := range accounts {
		for _, sample := range resourceSamplesOf(pattern, account) {
			if !slices.Contains(list, sample) {
				list = append(list, sample)
			}
		}
	}
	return list
}

func resourceSamplesOf(pattern, account string) []string {
	parts := strings.SplitN(pattern, ":", 6)
	if len(parts) < 2 || strings.Contains(pattern, "${") {
		return nil
	}
	usual := []string{"arn", "aws", "s3", region(parts[1]), account, "example"}
	for i := range parts {
		last := i == len(parts)-1
		switch {
		case parts[i] == "*", parts[i] == "" && i == 5:
			parts[i] = usual[i]
		case i == 3 && strings.HasPrefix(parts[i], "us-") && strings.Contains(parts[i], "*"):
			parts[i] = "us-east-1"
		case i < 5 && last: // its star swallows the rest
			parts[i] = strings.ReplaceAll(strings.ReplaceAll(parts[i], "*", ""), "?", "x")
			if parts[i] == "" {
				parts[i] = usual[i]
			}
			return []string{strings.Join(append(parts, usual[i+1:]...), ":")}
		}
	}
	joined := strings.Join(parts, ":")
	short := strings.ReplaceAll(joined, "?", "x")
	for len(parts) < 6 {
		short += ":" + usual[len(parts)]
		parts = append(parts, "")
	}
	return []string{strings.ReplaceAll(short, "*", "example"), strings.ReplaceAll(short, "*", "")}
}

// keySamples are plausible values of a key, by its name in lower case.
func keySamples(name string) []string {
	switch {
	case strings.HasSuffix(name, "account"):
		return []string{ownAccount, otherAccount}
	case strings.HasSuffix(name, "orgid"):
		return []string{"o-a1b2c3d4e5"}
	case strings.HasSuffix(name, "orgpaths"):
		return []string{"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"}
	case strings.HasPrefix(name, "aws:principaltag/"), strings.HasPrefix(name, "aws:requesttag/"), strings.Contains(name, "resourcetag/"):
		return []string{"blue", "green"}
	case name == "aws:requestedregion":
		return []string{"us-east-1", "eu-central-1"}
	case name == "aws:sourcearn":
		return []string{"arn:aws:s3:::example"}
	case name == "aws:sourceip", name == "aws:vpcsourceip":
		return []string{"203.0.113.10"}
	case name == "aws:currenttime", name == "aws:tokenissuetime":
		return []string{"2026-01-15T11:00:00Z"}
	case name == "iam:passedtoservice":
		return []string{"lambda.amazonaws.com", "ec2.amazonaws.com"}
	case name == "aws:principalarn":
		return []string{"arn:aws:iam::111122223333:user/alice"}
	case name == "aws:securetransport", name == "aws:multifactorauthpresent", name == "aws:viaawsservice":
		return []string{"true", "false"}
	}
	return []string{"example", "another"}
}

// usualValue is a value of a variable that is like no constant of a policy.
func usualValue(name string) string {
	switch {
	case name == "aws:username":
		return "alice"
	case name == "aws:userid":
		return "AROAAPP:session"
	}
	return keySamples(name)[0]
}
