package policy

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/spelling"
)

// rcpServices are the service prefixes that resource control policies reach, as
// of 2026-09-26 (E-9), in alphabetical order.
var rcpServices = [...]string{
	"aoss",
	"appconfig",
	"appstream",
	"autoscaling",
	"autoscaling-plans",
	"budgets",
	"clouddirectory",
	"cloudfront",
	"cloudsearch",
	"cloudtrail-data",
	"codeartifact",
	"codebuild",
	"codecommit",
	"codepipeline",
	"cognito-identity",
	"cognito-idp",
	"comprehend",
	"comprehendmedical",
	"compute-optimizer",
	"cost-optimization-hub",
	"dax",
	"dsql",
	"dynamodb",
	"ecr",
	"ecr-public",
	"events",
	"firehose",
	"fis",
	"fms",
	"gamelift",
	"health",
	"inspector-scan",
	"kendra",
	"kinesisvideo",
	"kms",
	"logs",
	"memorydb",
	"networkmonitor",
	"notifications",
	"opensearch",
	"pca-connector-ad",
	"personalize",
	"polly",
	"pricing",
	"resource-groups",
	"rolesanywhere",
	"s3",
	"secretsmanager",
	"servicediscovery",
	"signin",
	"sqs",
	"sts",
	"support",
	"swf",
	"textract",
	"timestream-influxdb",
	"transcribe",
	"transfer",
	"translate",
	"wafv2",
	"workspaces",
	"xray",
}

// RCPSupports reports whether resource control policies reach a service, given
// as the prefix of its actions in any letter case: "s3", "sts". The list is
// AWS's of 2026-09-26; neither "lambda" nor "iam" is in it (E-9).
func RCPSupports(service string) bool {
	var folded [32]byte
	if len(service) > len(folded) {
		return false
	}
	for i := range len(service) {
		folded[i] = service[i]
		if 'A' <= service[i] && service[i] <= 'Z' {
			folded[i] |= 0x20
		}
	}
	_, found := slices.BinarySearchFunc(rcpServices[:], folded[:len(service)], func(name string, want []byte) int {
		return strings.Compare(name, string(want))
	})
	return found
}

// rcpStatement has the rules for a statement of a customer's resource control
// policy (A.6).
func (c *checker) rcpStatement(st *Statement) {
	if st.Effect == Allow {
		c.element = "Effect"
		c.fault(codeUnsupportedEffect, `the Effect of a resource control policy is "Deny"; RCPFullAWSAccess alone allows`)
		c.element = ""
	}
	c.forbid(st.NotAction != nil, "NotAction", RCP, codeUnsupportedElement, "it lists the actions to deny")
	c.element = "Action"
	for i, action := range st.Action {
		c.value = index(i, len(st.Action), st.listed&elementAction != 0)
		prefix, _, found := strings.Cut(action, ":")
		switch {
		case found && RCPSupports(prefix):
		case strings.Trim(action, "*") == "":
			c.fault(codeUnsupportedService, `"*" is no action of a resource control policy; name the services, such as "s3:*"`)
		case found:
			c.fault(codeUnsupportedService, spelling.Quote(action)+": resource control policies do not reach the service "+spelling.Quote(prefix)).subject = prefix
		}
	}
	c.element, c.value = "", alone
}

// isRCPFullAWSAccess recognizes AWS's own resource control policy, which is
// attached everywhere and the only one that allows (E-6).
func (d *Document) isRCPFullAWSAccess() bool {
	if len(d.Statements) != 1 {
		return false
	}
	st := &d.Statements[0]
	return st.Effect == Allow && st.Principal != nil && st.Principal.Everyone &&
		slices.Equal(st.Action, Values{"*"}) && slices.Equal(st.Resource, Values{"*"}) && len(st.Condition) == 0
}
