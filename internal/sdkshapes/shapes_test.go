package sdkshapes

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/smithy-go/middleware"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/files"
	"github.com/iamsim/iamsim/evaluator/account/planned"
)

const (
	of     = "arn:aws:iam::111122223333:"
	orders = "arn:aws:lambda:us-east-1:111122223333:function:orders"
	full   = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`
)

// encoded is a document as the API of IAM has it.
func encoded(document string) *string { return aws.String(url.PathEscape(document)) }

// answers are those of the SDK, by the file in which somebody saves each.
func answers() map[string]any {
	when := aws.Time(time.Date(2022, 8, 7, 12, 55, 43, 0, time.UTC))
	trust := encoded(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "` + of + `user/alice"}, "Action": "sts:AssumeRole"}]}`)
	role := iamtypes.Role{Path: aws.String("/"), RoleName: aws.String("deploy"), RoleId: aws.String("AROAEXAMPLE"), Arn: aws.String(of + "role/deploy"), CreateDate: when, AssumeRolePolicyDocument: trust}
	return map[string]any{
		"iam.json": iam.GetAccountAuthorizationDetailsOutput{
			UserDetailList: []iamtypes.UserDetail{{
				Path: aws.String("/"), UserName: aws.String("alice"), UserId: aws.String("AIDAEXAMPLE"), Arn: aws.String(of + "user/alice"), CreateDate: when,
				GroupList:           []string{"Admins"},
				UserPolicyList:      []iamtypes.PolicyDetail{{PolicyName: aws.String("own"), PolicyDocument: encoded(full)}},
				PermissionsBoundary: &iamtypes.AttachedPermissionsBoundary{PermissionsBoundaryType: iamtypes.PermissionsBoundaryAttachmentTypePolicy, PermissionsBoundaryArn: aws.String(of + "policy/edge")},
			}},
			GroupDetailList: []iamtypes.GroupDetail{{
				Path: aws.String("/"), GroupName: aws.String("Admins"), GroupId: aws.String("AGPAEXAMPLE"), Arn: aws.String(of + "group/Admins"), CreateDate: when,
				AttachedManagedPolicies: []iamtypes.AttachedPolicy{{PolicyName: aws.String("ReadOnlyAccess"), PolicyArn: aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess")}},
			}},
			RoleDetailList: []iamtypes.RoleDetail{{
				Path: role.Path, RoleName: role.RoleName, RoleId: role.RoleId, Arn: role.Arn, CreateDate: when, AssumeRolePolicyDocument: trust,
				InstanceProfileList: []iamtypes.InstanceProfile{{Arn: aws.String(of + "instance-profile/deploy"), Roles: []iamtypes.Role{role}}},
				RolePolicyList:      []iamtypes.PolicyDetail{{PolicyName: aws.String("own"), PolicyDocument: encoded(full)}},
				RoleLastUsed:        &iamtypes.RoleLastUsed{LastUsedDate: when, Region: aws.String("us-east-1")},
				Tags:                []iamtypes.Tag{{Key: aws.String("team"), Value: aws.String("a")}},
			}},
			Policies: []iamtypes.ManagedPolicyDetail{{
				PolicyName: aws.String("edge"), PolicyId: aws.String("ANPAEXAMPLE"), Arn: aws.String(of + "policy/edge"), Path: aws.String("/"), DefaultVersionId: aws.String("v1"),
				AttachmentCount: aws.Int32(0), PermissionsBoundaryUsageCount: aws.Int32(1), IsAttachable: true, CreateDate: when, UpdateDate: when,
				PolicyVersionList: []iamtypes.PolicyVersion{{VersionId: aws.String("v1"), IsDefaultVersion: true, CreateDate: when, Document: encoded(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}]}`)}},
			}},
			ResultMetadata: middleware.Metadata{},
		},
		"functions.json": lambda.ListFunctionsOutput{Functions: []lambdatypes.FunctionConfiguration{{
			FunctionName: aws.String("orders"), FunctionArn: aws.String(orders), Role: aws.String(of + "role/deploy"), Version: aws.String("$LATEST"),
			Layers: []lambdatypes.Layer{{Arn: aws.String("arn:aws:lambda:us-east-1:111122223333:layer:shared:3")}},
		}}},
		"function.json": lambda.GetFunctionOutput{
			Configuration: &lambdatypes.FunctionConfiguration{
				FunctionName: aws.String("orders"), FunctionArn: aws.String(orders), Role: aws.String(of + "role/deploy"),
				Layers: []lambdatypes.Layer{{Arn: aws.String("arn:aws:lambda:us-east-1:111122223333:layer:shared:3")}},
			},
			Tags: map[string]string{"team": "a"},
		},
		"aliases.json": lambda.ListAliasesOutput{Aliases: []lambdatypes.AliasConfiguration{{
			AliasArn: aws.String(orders + ":prod"), Name: aws.String("prod"), FunctionVersion: aws.String("$LATEST"),
			RoutingConfig: &lambdatypes.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{"2": 0.1}},
		}}},
		"urls.json": lambda.ListFunctionUrlConfigsOutput{FunctionUrlConfigs: []lambdatypes.FunctionUrlConfig{{
			FunctionArn: aws.String(orders + ":prod"), FunctionUrl: aws.String("https://x"), AuthType: lambdatypes.FunctionUrlAuthTypeAwsIam,
		}}},
		"policy-orders.json": lambda.GetPolicyOutput{
			Policy:     aws.String(`{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"a","Effect":"Allow","Principal":{"AWS":"` + of + `role/deploy"},"Action":"lambda:InvokeFunction","Resource":"` + orders + `"}]}`),
			RevisionId: aws.String("1"),
		},
		"alias-policy.json": lambda.GetPolicyOutput{Policy: aws.String(`{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Deny","Principal":"*","Action":"lambda:InvokeFunction","Resource":"` + orders + `:prod"}]}`)},
		"organization.json": organizations.DescribeOrganizationOutput{Organization: &orgtypes.Organization{
			Id: aws.String("o-a1b2c3d4e5"), FeatureSet: orgtypes.OrganizationFeatureSetAll, MasterAccountId: aws.String("999999999999"),
		}},
		"roots.json": organizations.ListRootsOutput{Roots: []orgtypes.Root{{
			Id: aws.String("r-ab12"), Arn: aws.String("arn:aws:organizations::999999999999:root/o-a1b2c3d4e5/r-ab12"),
			PolicyTypes: []orgtypes.PolicyTypeSummary{{Type: orgtypes.PolicyTypeServiceControlPolicy, Status: orgtypes.PolicyTypeStatusEnabled}},
		}}},
		"accounts-of-r-ab12.json":   organizations.ListAccountsForParentOutput{Accounts: []orgtypes.Account{{Id: aws.String("111122223333"), Status: orgtypes.AccountStatusActive}}},
		"scps-of-r-ab12.json":       organizations.ListPoliciesForTargetOutput{Policies: []orgtypes.PolicySummary{{Id: aws.String("p-FullAWSAccess"), Type: orgtypes.PolicyTypeServiceControlPolicy, AwsManaged: true}}},
		"scps-of-111122223333.json": organizations.ListPoliciesForTargetOutput{Policies: []orgtypes.PolicySummary{{Id: aws.String("p-1a2b3c4d"), Type: orgtypes.PolicyTypeServiceControlPolicy}}},
		"scp.json": organizations.DescribePolicyOutput{Policy: &orgtypes.Policy{
			PolicySummary: &orgtypes.PolicySummary{Id: aws.String("p-1a2b3c4d"), Type: orgtypes.PolicyTypeServiceControlPolicy},
			Content:       aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["lambda:Get*","lambda:Invoke*"],"Resource":"*"}]}`),
		}},
	}
}

func TestWhatTheSDKMarshalsToIsRead(t *testing.T) {
	folder := t.TempDir()
	for name, answer := range answers() {
		text, err := json.Marshal(answer)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), text, 0o600))
	}
	b := account.New()
	require.NoError(t, files.Load(b, planned.Given{}, folder))
	s, err := b.Build()
	require.NoError(t, err)
	assert.Empty(t, s.Gaps(), "all is known")
	for _, note := range s.Notes() {
		assert.NotContains(t, note, "is not known")
	}

	for sentence, c := range map[string]struct{ who, action, resource, want string }{
		"an encoded inline policy, and SCPs":      {"role/deploy", "lambda:GetFunction", orders, "allowed"},
		"the SCP of the account":                  {"role/deploy", "lambda:DeleteFunction", orders, "implicitDeny(scp)"},
		"a boundary of an encoded managed policy": {"user/alice", "sts:AssumeRole", of + "role/deploy", "implicitDeny(scp)"},
		"the policy of an alias":                  {"role/deploy", "lambda:InvokeFunction", orders + ":prod", "explicitDeny(resource)"},
	} {
		t.Run(sentence, func(t *testing.T) {
			p, err := s.Principal(c.who)
			require.NoError(t, err)
			caller, err := p.Caller()
			require.NoError(t, err)
			target, err := s.Target(c.resource)
			require.NoError(t, err)
			assert.Equal(t, c.want, evaluator.Evaluate(&caller, &target, &evaluator.Request{Action: c.action}).String())
		})
	}
}
