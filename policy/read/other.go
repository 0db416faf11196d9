package read

import (
	"strings"

	"github.com/iamsim/iamsim/internal/lazy"
	"github.com/tidwall/gjson"
)

// An other is what people have beside policies.
type other struct {
	is string // "a CloudFormation template"
	do string // what to do with it
}

// other is the error that names what a text is.
func (r *reader) other(t text, at int, o *other) error {
	return r.fault(t, at, NotPolicy, "no policy, but "+o.is+": "+o.do)
}

// byAddress is the way to what a whole account, plan or template has.
const byAddress = "name what is meant in it, FILE#ADDRESS, as iamsim account FILE lists it; or "

var (
	cloudFormation = &other{"a CloudFormation template",
		byAddress + "give the value of one PolicyDocument in it, with values in the place of its functions (Ref, Fn::Sub …)"}
	sam = &other{"an AWS SAM template, which CloudFormation transforms",
		byAddress + "give the value of one PolicyDocument, or of the Statement under Policies, with values in the place of its functions (!Ref, !Sub …)"}
	cdk = &other{"output of the AWS CDK about a template",
		"the template is the file that ends in .template.json beside it: give the value of one PolicyDocument in it"}
	serverless = &other{"a configuration of the Serverless Framework",
		"give the template that serverless package writes, .serverless/cloudformation-template-update-stack.json, or the value of iam.role.statements"}
	terraformPlan = &other{"a Terraform plan as terraform show -json prints it",
		byAddress + "give the policy of one resource in it: .values.policy, or .values.assume_role_policy of a role"}
	terraformState = &other{"a Terraform state",
		byAddress + "give the policy of one resource in it: .policy of its attributes, or .assume_role_policy of a role"}
	terraformSource = &other{"Terraform source",
		"give the plan as terraform show -json prints it, or the policy of one resource in it: .values.policy"}
	cdkSource = &other{"source that makes statements with the AWS CDK",
		"give the template that cdk synth writes, cdk.out/STACK.template.json"}
	authorizationDetails = &other{"what aws iam get-account-authorization-details prints, the policies of a whole account",
		byAddress + "give one of them: a PolicyDocument, a Document of a version, or an AssumeRolePolicyDocument"}
	config = &other{"a snapshot or an item of AWS Config",
		byAddress + "give one policy in it: a policyDocument, document, assumeRolePolicyDocument or supplementaryConfiguration.Policy"}
	cloudTrail = &other{"an event, such as AWS CloudTrail has",
		"iamsim denied reads it from standard input"}
	decoded = &other{"what aws sts decode-authorization-message prints",
		"iamsim denied reads it from standard input"}
	accessDenied = &other{"what AWS says when it denies a request",
		"iamsim denied reads it from standard input"}
	failedCommand = &other{"the error of an AWS command",
		"the command that should have written the policy failed: run it again and look at what it says"}
	aScenario = &other{"a scenario or a suite",
		"iamsim eval and iamsim explain read it"}
	managedPolicy = &other{"what aws iam get-policy prints, which has no document",
		"aws iam get-policy-version --policy-arn ARN --version-id VERSION prints it"}
	policyList = &other{"a list that an AWS command prints",
		"give what the command prints that gets one policy: aws iam get-role-policy, get-policy-version, get-role …"}
	noAttributes = &other{"attributes without a Policy",
		"the queue or topic has none, or it was not asked for: --attribute-names Policy"}
)

// others are told by the members of the object.
var others = []struct {
	members []string // all of them
	is      *other
}{
	{[]string{"UserDetailList"}, authorizationDetails},
	{[]string{"RoleDetailList"}, authorizationDetails},
	{[]string{"GroupDetailList"}, authorizationDetails},
	{[]string{"AWSTemplateFormatVersion"}, cloudFormation},
	{[]string{"Resources"}, cloudFormation},
	{[]string{"planned_values"}, terraformPlan},
	{[]string{"resource_changes"}, terraformPlan},
	{[]string{"terraform_version"}, terraformState},
	{[]string{"lineage"}, terraformState},
	{[]string{"configurationItems"}, config},
	{[]string{"configurationItem"}, config},
	{[]string{"configurationItemStatus"}, config},
	{[]string{"configSnapshotId"}, config},
	{[]string{"Records"}, cloudTrail},
	{[]string{"Events"}, cloudTrail},
	{[]string{"CloudTrailEvent"}, cloudTrail},
	{[]string{"eventName", "eventSource"}, cloudTrail},
	{[]string{"detail", "detail-type"}, cloudTrail},
	{[]string{"DecodedMessage"}, decoded},
	{[]string{"request"}, aScenario},
	{[]string{"cases"}, aScenario},
	{[]string{"artifacts"}, cdk},
	{[]string{"files", "dockerImages"}, cdk},
	{[]string{"service", "provider"}, serverless},
	{[]string{"Roles"}, policyList},
	{[]string{"Users"}, policyList},
	{[]string{"Groups"}, policyList},
	{[]string{"Policies"}, policyList},
	{[]string{"PolicyNames"}, policyList},
	{[]string{"AttachedPolicies"}, policyList},
	{[]string{"Functions"}, policyList},
	{[]string{"VpcEndpoints"}, policyList},
}

// objectOf is what an object is beside a policy; nil where nobody knows.
func objectOf(v gjson.Result) *other {
	switch {
	case has(member(v, "Policy"), "DefaultVersionId"):
		return managedPolicy
	case has(v, "Attributes") && !has(member(v, "Attributes"), "Policy"):
		return noAttributes
	}
	for _, o := range others {
		all := true
		for _, name := range o.members {
			all = all && has(v, name)
		}
		switch {
		case !all:
		case o.is == cloudFormation && strings.Contains(member(v, "Transform").Raw, "AWS::Serverless"):
			return sam
		default:
			return o.is
		}
	}
	return nil
}

var (
	terraformBlock = lazy.Regexp(`(?m)^(resource|data|module|provider|terraform|locals|variable)\s+("[^"]*"\s*)*\{`)
	commandFailed  = lazy.Regexp(`^\s*(aws: \[ERROR\]: )?An error occurred \(`)
)

// saysDenied reports whether a text has IAM's sentence.
func saysDenied(s string) bool { return strings.Contains(s, "is not authorized to perform") }

// deniedSomehow is in most of what services say when they deny a request.
var deniedSomehow = lazy.Regexp(`(?i)access[ _]?(was |has been )?denied|not authorized|unauthorized|forbidden|not have permission|status ?code: 403`)

// prose is the error for a text that is no data, where it may be of a service that
// denies a request; else nil, and the parser says what is wrong.
func (r *reader) prose(t text) error {
	if deniedSomehow().MatchString(t.string) {
		return r.other(t, 0, accessDenied)
	}
	return nil
}

// textOf is what a text is that is no data; nil where nobody knows. What begins
// as JSON or percent-encoded is looked at by its members.
func textOf(s string) *other {
	begin := strings.TrimLeft(s, white)
	switch {
	case begin == "" || strings.ContainsRune(`{["%`, rune(begin[0])):
	case saysDenied(s) || strings.HasPrefix(begin, "AccessDenied"):
		return accessDenied
	case commandFailed().MatchString(s):
		return failedCommand
	case terraformBlock().MatchString(s):
		return terraformSource
	case strings.Contains(s, "PolicyStatement("):
		return cdkSource
	}
	return nil
}
