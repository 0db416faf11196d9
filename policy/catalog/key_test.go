package catalog_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

func TestKeyIsFoundByItsName(t *testing.T) {
	c := catalog.Default()
	for name, want := range map[string]string{
		"aws:SourceIp":                                   "aws:SourceIp",
		"aws:SourceIP":                                   "aws:SourceIp",
		"aws:RequestTag/team":                            "aws:RequestTag/${TagKey}",
		"AWS:requesttag/a/b:c":                           "aws:RequestTag/${TagKey}",
		"aws:RequestTag/${TagKey}":                       "aws:RequestTag/${TagKey}",
		"aws:RequestTag/":                                "",
		"aws:RequestTag":                                 "",
		"kms:EncryptionContext:app":                      "kms:EncryptionContext:${EncryptionContextKey}",
		"events:Metadata/x":                              "events:Metadata/${MetadataKey}",
		"events:Metadata/x/Matcher":                      "events:Metadata/${MetadataKey}/Matcher",
		"codebuild:fileSystemLocations/a.type":           "codebuild:fileSystemLocations/${identifier}.type",
		"codebuild:fileSystemLocations/.type":            "",
		"token.actions.githubusercontent.com/octo:actor": "token.actions.githubusercontent.com/${SubPath}:actor",
		"token.actions.githubusercontent.com:actor":      "token.actions.githubusercontent.com:actor",
		"lambda:FunctionUrlAuthType":                     "lambda:FunctionUrlAuthType",
		"lambda:FunctionUrlAuth":                         "",
		"":                                               "",
		// Services write the place of a tag's key in four ways.
		"s3:ExistingObjectTag/team":                              "s3:ExistingObjectTag/${TagKey}",
		"s3:RequestObjectTag/servicecatalog:owner":               "s3:RequestObjectTag/${TagKey}",
		"s3-outposts:existingobjecttag/team":                     "s3-outposts:ExistingObjectTag/${TagKey}",
		"secretsmanager:ResourceTag/team":                        "secretsmanager:ResourceTag/${TagKey}",
		"secretsmanager:ResourceTag/tag-key":                     "secretsmanager:ResourceTag/${TagKey}",
		"sagemaker:ResourceTag/team":                             "sagemaker:ResourceTag/${TagKey}",
		"elasticloadbalancing:ResourceTag/team":                  "elasticloadbalancing:ResourceTag/${TagKey}",
		"glacier:ResourceTag/team":                               "glacier:ResourceTag/${TagKey}",
		"ssm:resourceTag/team":                                   "ssm:resourceTag/${TagKey}",
		"ssm:resourceTag/aws:ssmmessages:session-id":             "ssm:resourceTag/aws:ssmmessages:session-id",
		"codebuild:environment.environmentVariables/STAGE.value": "codebuild:environment.environmentVariables/${name}.value",
		// Every OpenID Connect provider has five keys, whatever its host.
		"token.actions.githubusercontent.com:sub":                                  "${OidcProviderName}:sub",
		"token.actions.githubusercontent.com:AUD":                                  "${OidcProviderName}:aud",
		"token.actions.githubusercontent.com/octo:sub":                             "${OidcProviderName}:sub",
		"oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E:sub": "${OidcProviderName}:sub",
		"app.terraform.io:aud":                                                     "${OidcProviderName}:aud",
		"sts.windows.net/11111111-2222-3333/:amr":                                  "${OidcProviderName}:amr",
		"login.example.com/realms/staff:oaud":                                      "${OidcProviderName}:oaud",
		"login.example.com:email":                                                  "${OidcProviderName}:email",
		"accounts.google.com:sub":                                                  "accounts.google.com:sub",
		"agent.acme.buildkite.dev:pipeline_slug":                                   "agent.${Domain}.buildkite.dev:pipeline_slug",
		"saml:sub":                                                                 "saml:sub",
		"https://login.example.com:sub":                                            "",
		"login.example.com:8080:sub":                                               "",
		"login.example.com:subject":                                                "",
		"login example.com:sub":                                                    "",
		"lambda:sub":                                                               "",
		"a/b.c:sub":                                                                "",
		":sub":                                                                     "",
	} {
		t.Run(name, func(t *testing.T) {
			key, ok := c.Key(name)
			require.Equal(t, want != "", ok)
			if ok {
				assert.Equal(t, want, key.Name)
			}
		})
	}
}

func TestServicesAgreeOnAKey(t *testing.T) {
	c := catalog.Default()
	key, _ := c.Key("identitystore:UserId")
	assert.False(t, key.Multivalued)
	for _, service := range []string{"identitystore", "q", "qbusiness"} {
		var found []*policy.ConditionKey
		for k := range c.Keys(service) {
			if k == key {
				found = append(found, k)
			}
		}
		assert.Len(t, found, 1, service)
	}
}

func TestWhichKeysRequestsCarry(t *testing.T) {
	c := catalog.Default()
	for name, row := range map[string]struct {
		action, key string
		want        bool
	}{
		"the action's own":                           {"lambda:CreateFunction", "lambda:Layer", true},
		"another action's":                           {"lambda:GetFunction", "lambda:Layer", false},
		"one of a resource type":                     {"lambda:GetFunction", "aws:ResourceTag/team", true},
		"tags, where no tags are documented":         {"lambda:ListFunctions", "aws:RequestTag/team", false},
		"a global key":                               {"lambda:ListFunctions", "aws:SourceIp", true},
		"one that credentials bring along":           {"s3:PutObject", "lambda:SourceFunctionArn", true},
		"one of an identity provider":                {"s3:GetObject", "saml:sub", true},
		"one of an OpenID Connect provider":          {"sts:AssumeRoleWithWebIdentity", "app.terraform.io:sub", true},
		"the tag of an object":                       {"s3:GetObject", "s3:ExistingObjectTag/team", true},
		"the tag of an object that is deleted":       {"s3:DeleteObject", "s3:ExistingObjectTag/team", false},
		"the tag of a secret":                        {"secretsmanager:GetSecretValue", "secretsmanager:ResourceTag/team", true},
		"one that its service ties to no action":     {"dynamodb:GetItem", "dynamodb:FirstPartitionKeyValues", true},
		"one that another service ties to none":      {"s3:GetObject", "dynamodb:FirstPartitionKeyValues", false},
		"iam:PassedToService for PassRole":           {"iam:PassRole", "iam:PassedToService", true},
		"iam:PassedToService for another (G-7)":      {"lambda:CreateFunction", "iam:PassedToService", false},
		"tags of the role that is passed (G-9)":      {"iam:PassRole", "aws:ResourceTag/env", false},
		"the same by IAM's own name":                 {"iam:PassRole", "iam:ResourceTag/env", false},
		"tags of a role otherwise":                   {"iam:GetRole", "iam:ResourceTag/env", true},
		"the endpoint's account for PassRole (G-12)": {"iam:PassRole", "aws:VpceAccount", false},
		"the endpoint's account otherwise":           {"iam:GetRole", "aws:VpceAccount", true},
	} {
		t.Run(name, func(t *testing.T) {
			action, ok := c.Action(row.action)
			require.True(t, ok)
			key, ok := c.Key(row.key)
			require.True(t, ok)
			assert.Equal(t, row.want, c.Carries(action, key))
		})
	}
}

func TestActionKeysHaveEachOnce(t *testing.T) {
	c := catalog.Default()
	for service := range c.Services() {
		for a := range c.Actions(service) {
			keys := c.ActionKeys(a)
			seen := map[*policy.ConditionKey]bool{}
			for _, k := range keys {
				require.False(t, seen[k], "%s: %s", a.Name, k.Name)
				require.True(t, c.Carries(a, k), "%s: %s", a.Name, k.Name)
				seen[k] = true
			}
		}
	}
	pass, _ := c.Action("iam:PassRole")
	assert.Equal(t, []string{"iam:AssociatedResourceArn", "iam:PassedToService"}, names(c.ActionKeys(pass)))
}

func TestNearestKey(t *testing.T) {
	c := catalog.Default()
	for name, want := range map[string]string{
		"aws:SourceIpp":                    "aws:SourceIp",
		"aws:sourceip2":                    "aws:SourceIp",
		"aws:RequestTags/team":             "aws:RequestTag/team",
		"lambda:Layers":                    "lambda:Layer",
		"iam:PassToService":                "iam:PassedToService",
		"aws:RequestTag":                   "aws:RequestTag/${TagKey}",
		"xyzzy:plughploverabcdefgh":        "",
		"app.terraform.io:subb":            "app.terraform.io:sub",
		"secretsmanager:ResourceTags/team": "secretsmanager:ResourceTag/team",
		"s3:ExistingObjectTag":             "s3:ExistingObjectTag/${TagKey}",
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, want, c.NearestKey(name)) })
	}
}
