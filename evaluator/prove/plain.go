package prove

import (
	"strings"
	"unicode"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
)

// Plain values are those that AWS's documentation uses. Requests are shrunk
// towards them.

// wellKnown are actions that most readers know.
var wellKnown = []string{
	"lambda:GetFunction", "lambda:InvokeFunction", "lambda:UpdateFunctionCode", "lambda:DeleteFunction", "lambda:CreateFunction", "lambda:ListFunctions",
	"lambda:AddPermission", "lambda:PublishVersion", "lambda:TagResource", "lambda:GetPolicy",
	"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:CreateBucket", "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:AbortMultipartUpload",
	"iam:GetRole", "iam:PassRole", "iam:CreateRole", "iam:DeleteRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:ListRoles", "iam:UpdateRole",
	"ec2:DescribeInstances", "ec2:RunInstances", "ec2:CreateTags", "ec2:TerminateInstances", "ec2:StartInstances", "ec2:GetConsoleOutput",
	"sts:AssumeRole", "sts:TagSession", "kms:Decrypt", "kms:Encrypt", "kms:CreateKey", "sqs:SendMessage", "sqs:ReceiveMessage", "sns:Publish",
	"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "logs:CreateLogGroup", "logs:PutLogEvents",
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
		if strings.Contains(fold.String(action), "bucket") {
			return begin + "s3:::example"
		}
		return begin + "s3:::example/object"
	}
	return where + "example"
}

// plain are usual names of callers in an account, and a usual id.
func (c *callers) plain(partition, account string) (names []string, id string) {
	iam := "arn:" + partition + ":iam::" + account + ":"
	switch c.kind {
	case evaluator.IAMUser:
		return []string{iam + "user/alice"}, "AIDAALICE"
	case evaluator.RoleSession:
		return []string{iam + "role/app"}, "AROAAPP:session"
	case evaluator.RootUser:
		return []string{iam + "root"}, ""
	case evaluator.ServicePrincipal:
		return []string{"s3.amazonaws.com", "events.amazonaws.com"}, ""
	case evaluator.WebIdentity:
		return []string{"accounts.google.com"}, ""
	case evaluator.SAMLIdentity:
		return []string{iam + "saml-provider/corp"}, ""
	}
	return nil, ""
}

// plainValues are usual values of a key, by its name in lower case; none where
// nothing is known of a key that is typed.
func plainValues(name string, typed bool) []string {
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
	case typed:
		return nil
	}
	return []string{"example", "another"}
}

// usualValue is a value of a variable that is like no constant of a policy, for
// callers of a kind.
func (c *callers) usualValue(name string) string {
	switch name {
	case "aws:username":
		return "alice"
	case "aws:userid":
		_, id := c.plain("aws", ownAccount)
		return id
	}
	return plainValues(name, false)[0]
}

// filled is a pattern of a policy as a text: where its wildcards let it through,
// an ARN has what is usual.
func filled(written, service, partition, account string) string {
	parts := strings.SplitN(written, ":", 6)
	switch {
	case isStar(written):
		return "*"
	case parts[0] != "arn":
		return withoutWildcards(written)
	}
	for len(parts) < 6 && strings.HasSuffix(written, "*") { // its star takes the rest
		parts = append(parts, "*")
	}
	for i, usual := range []string{"arn", partition, service, region(partition), account} {
		if i < len(parts) && matches(pattern.Text, parts[i], usual) {
			parts[i] = usual
		}
	}
	return withoutWildcards(strings.Join(parts, ":"))
}

func matches(language pattern.Language, written, text string) bool {
	p, err := pattern.Compile(language, written, pattern.Options{FoldCase: language == pattern.Text})
	return err == nil && p.Match(text)
}

// withoutWildcards puts something in the place of wildcards: nothing where a word
// can end.
func withoutWildcards(pattern string) string {
	var b strings.Builder
	before := ' '
	for _, r := range pattern {
		switch {
		case r == '?':
			b.WriteByte('x')
		case r != '*':
			b.WriteRune(r)
		case before != '*' && !unicode.IsLetter(before) && !unicode.IsDigit(before):
			b.WriteString("example")
		}
		before = r
	}
	return b.String()
}
