package apicall_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
)

var defaults = arn.Defaults{Partition: "aws", Region: "us-east-1", Account: "111122223333"}

const (
	function = "arn:aws:lambda:us-east-1:111122223333:function:my-fn"
	role     = "arn:aws:iam::111122223333:role/lambda-exec"
	layer    = "arn:aws:lambda:us-east-1:111122223333:layer:shared:3"
	key      = "arn:aws:kms:us-east-1:111122223333:key/k-1"
)

func plan(t *testing.T, operation, parameters string) *apicall.Plan {
	t.Helper()
	p, err := apicall.Call{Operation: operation, Parameters: []byte(parameters), Defaults: defaults}.Plan(evaluator.Options{})
	require.NoError(t, err)
	return p
}

// brief is what is asked: "action on resource".
func brief(list []apicall.Authorization) []string {
	var out []string
	for _, a := range list {
		out = append(out, a.Action+" on "+a.Resource)
	}
	return out
}

func known(name string, values ...string) evaluator.Key {
	return evaluator.Key{Name: name, Values: values}
}

func TestCreateFunctionAsksForAllThatItsParametersName(t *testing.T) {
	p := plan(t, "lambda:CreateFunction", `{
		"FunctionName": "my-fn", "Role": "`+role+`", "Code": {"S3Bucket": "artifacts", "S3Key": "a/b.zip"}, "KMSKeyArn": "`+key+`",
		"Layers": ["`+layer+`"], "Tags": {"team": "red"}, "CodeSigningConfigArn": "arn:aws:lambda:us-east-1:111122223333:code-signing-config:c",
		"VpcConfig": {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]},
		"FileSystemConfigs": [{"Arn": "arn:aws:elasticfilesystem:us-east-1:111122223333:access-point/a", "LocalMountPath": "/mnt/a"}]}`)
	assert.Equal(t, []string{
		"lambda:CreateFunction on " + function,
		"iam:PassRole on " + role,
		"lambda:GetLayerVersion on " + layer,
		"lambda:TagResource on " + function,
		"s3:GetObject on arn:aws:s3:::artifacts/a/b.zip",
		"kms:CreateGrant on " + key,
		"kms:Encrypt on " + key,
		"ec2:DescribeSecurityGroups on *",
		"ec2:DescribeSubnets on *",
		"ec2:DescribeVpcs on *",
		"elasticfilesystem:DescribeMountTargets on *",
	}, brief(p.Authorizations))
	assert.Equal(t, evaluator.Context{
		known("aws:RequestTag/team", "red"), known("aws:TagKeys", "team"), known("aws:ResourceTag/team", "red"),
		known("lambda:CodeSigningConfigArn", "arn:aws:lambda:us-east-1:111122223333:code-signing-config:c"),
		known("lambda:Layer", layer), known("lambda:SubnetIds", "subnet-1", "subnet-2"), known("lambda:SecurityGroupIds", "sg-1"),
		{Name: "lambda:VpcIds", State: evaluator.Present},
	}, p.Authorizations[0].Context)
	assert.Equal(t, evaluator.Context{
		known("iam:PassedToService", "lambda.amazonaws.com"), known("iam:AssociatedResourceArn", function),
	}, p.Authorizations[1].Context)
	assert.Equal(t, evaluator.Context{known("aws:RequestTag/team", "red"), known("aws:TagKeys", "team")}, p.Authorizations[3].Context)
	assert.Equal(t, evaluator.Context{
		known("aws:ViaAWSService", "true"),
		known("kms:ViaService", "lambda.us-east-1.amazonaws.com"), known("kms:EncryptionContext:aws:lambda:FunctionArn", function),
	}, p.Authorizations[5].Context)
	assert.Equal(t, []apicall.Precondition{{
		Principal: "lambda.amazonaws.com", Action: "sts:AssumeRole", Resource: role,
		ErrorCode: "InvalidParameterValueException", Message: "The role defined for the function cannot be assumed by Lambda.",
		Source: p.Preconditions[0].Source,
	}}, p.Preconditions)
}

// How a qualified resource follows is not documented: without a qualifier there is
// nothing to doubt, nor to note.
func TestAQualifierMakesTheResourceDoubtful(t *testing.T) {
	plain := plan(t, "lambda:GetFunctionConfiguration", `{"FunctionName": "my-fn"}`).Authorizations[0]
	assert.Equal(t, apicall.High, plain.Confidence)
	assert.Empty(t, plain.Note)
	qualified := plan(t, "lambda:GetFunctionConfiguration", `{"FunctionName": "my-fn", "Qualifier": "prod"}`).Authorizations[0]
	assert.Equal(t, apicall.Medium, qualified.Confidence)
	assert.Contains(t, qualified.Note, "the qualified form follows from")
	certain := plan(t, "lambda:CreateFunction", `{"FunctionName": "my-fn", "Role": "`+role+`", "Code": {"ZipFile": "UEs="}, "Layers": ["`+layer+`"]}`).Authorizations[2]
	assert.Equal(t, []any{"lambda:GetLayerVersion", apicall.High}, []any{certain.Action, certain.Confidence})
	assert.Contains(t, certain.Note, "one check for each layer version ARN", "what is not about a doubt stays")
}

func TestConfidenceInWords(t *testing.T) {
	for confidence, want := range map[apicall.Confidence]string{apicall.High: "high", apicall.Medium: "medium", apicall.Low: "low", 3: "Confidence(3)"} {
		assert.Equal(t, want, confidence.String())
	}
}

func TestTheRepositoryOfAnImage(t *testing.T) {
	const repository = "arn:aws:ecr:us-east-1:111122223333:repository/team/app"
	for _, image := range []string{"team/app", "team/app:1", "team/app@sha256:0", "team/app:1@sha256:0"} {
		p := plan(t, "lambda:UpdateFunctionCode", `{"FunctionName": "my-fn", "ImageUri": "111122223333.dkr.ecr.us-east-1.amazonaws.com/`+image+`"}`)
		assert.Contains(t, brief(p.Authorizations), "ecr:GetRepositoryPolicy on "+repository, image)
	}
}

func TestWhatTheSkeletonFillsInIsNotGiven(t *testing.T) {
	for name, parameters := range map[string]string{
		"null":                        `"Layers": null, "VpcConfig": null, "KMSKeyArn": null, "Tags": null`,
		"empty strings":               `"Layers": ["", ""], "VpcConfig": {"SubnetIds": [""], "SecurityGroupIds": [""]}, "KMSKeyArn": "", "Tags": {"KeyName": ""}`,
		"empty lists and objects":     `"Layers": [], "VpcConfig": {}, "Tags": {}, "Environment": {"Variables": {}}`,
		"objects with required parts": `"FileSystemConfigs": [{"Arn": "", "LocalMountPath": ""}], "CapacityProviderConfig": {"LambdaManagedInstancesCapacityProviderConfig": {"CapacityProviderArn": ""}}`,
	} {
		t.Run(name, func(t *testing.T) {
			p := plan(t, "CreateFunction", `{"FunctionName": "my-fn", "Role": "`+role+`", "Code": {"ZipFile": "UEs="}, `+parameters+`}`)
			assert.Equal(t, []string{"lambda:CreateFunction on " + function, "iam:PassRole on " + role}, brief(p.Authorizations))
			assert.Empty(t, p.Authorizations[0].Context)
		})
	}
}

func TestATagWithoutAValueIsATag(t *testing.T) {
	p := plan(t, "lambda:TagResource", `{"Resource": "`+function+`", "Tags": {"done": ""}}`)
	assert.Equal(t, evaluator.Context{known("aws:RequestTag/done", ""), known("aws:TagKeys", "done")}, p.Authorizations[0].Context)
	p = plan(t, "sts:GetFederationToken", `{"Name": "temp", "Tags": [{"Key": "done", "Value": ""}, {"Key": "", "Value": ""}]}`)
	assert.Equal(t, evaluator.Context{known("aws:RequestTag/done", ""), known("aws:TagKeys", "done")}, p.Authorizations[0].Context)
}

func TestTheKeyOfTheSkeletonIsATagBesideOthers(t *testing.T) {
	p := plan(t, "lambda:TagResource", `{"Resource": "`+function+`", "Tags": {"KeyName": "", "a": "1"}}`)
	assert.Contains(t, p.Authorizations[0].Context, known("aws:TagKeys", "KeyName", "a"))
}

func TestTagsThatDifferInCaseAreOneKeyThatCannotBePredicted(t *testing.T) {
	p := plan(t, "lambda:TagResource", `{"Resource": "`+function+`", "Tags": {"Team": "a", "team": "b"}}`)
	assert.Equal(t, evaluator.Context{{Name: "aws:RequestTag/Team", State: evaluator.Present}, known("aws:TagKeys", "Team", "team")}, p.Authorizations[0].Context)
}

func TestTheRegionOfTheRequestIsThatOfNames(t *testing.T) {
	call := apicall.Call{Operation: "GetFunction", Parameters: []byte(`{"FunctionName": "my-fn"}`), Context: evaluator.Context{known("aws:RequestedRegion", "eu-west-1")}}
	call.Defaults = arn.Defaults{Partition: "aws", Account: "111122223333"}
	p, err := call.Plan(evaluator.Options{})
	require.NoError(t, err)
	assert.Equal(t, "arn:aws:lambda:eu-west-1:111122223333:function:my-fn", p.Authorizations[0].Resource)

	call.Defaults.Region = "us-east-1"
	p, err = call.Plan(evaluator.Options{})
	require.NoError(t, err)
	assert.Equal(t, function, p.Authorizations[0].Resource, "what is given goes before")
}

func TestAFunctionHasManyNames(t *testing.T) {
	for name, tc := range map[string]struct{ parameters, resource string }{
		"its name":                       {`"FunctionName": "my-fn"`, function},
		"its ARN":                        {`"FunctionName": "arn:aws:lambda:us-east-1:111122223333:function:my-fn"`, function},
		"its account and name":           {`"FunctionName": "444455556666:function:my-fn"`, "arn:aws:lambda:us-east-1:444455556666:function:my-fn"},
		"the word function and its name": {`"FunctionName": "function:my-fn"`, function},
		"a name with an alias":           {`"FunctionName": "my-fn:prod"`, function + ":prod"},
		"an ARN with a version":          {`"FunctionName": "` + function + `:3"`, function + ":3"},
		"an alias apart":                 {`"FunctionName": "my-fn", "Qualifier": "prod"`, function + ":prod"},
		"the same alias twice":           {`"FunctionName": "my-fn:prod", "Qualifier": "prod"`, function + ":prod"},
		"the unpublished version":        {`"FunctionName": "my-fn", "Qualifier": "$LATEST"`, function + ":$LATEST"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tc.resource, plan(t, "lambda:Invoke", "{"+tc.parameters+"}").Authorizations[0].Resource)
		})
	}
	p := plan(t, "lambda:GetAlias", `{"FunctionName": "my-fn", "Name": "prod"}`)
	assert.Equal(t, function, p.Authorizations[0].Resource, "Name is no part of the resource")
	assert.Equal(t, "my-fn", p.Authorizations[0].AsGiven)
	p = plan(t, "lambda:CreateFunctionUrlConfig", `{"FunctionName": "arn:aws-cn:lambda:cn-north-1:444455556666:function:f", "AuthType": "NONE"}`)
	assert.Equal(t, known("lambda:FunctionArn", "arn:aws-cn:lambda:cn-north-1:444455556666:function:f"), p.Authorizations[0].Context[0])
}

func TestWhatIsStoredIsToldOrNotKnown(t *testing.T) {
	state := func(operation, parameters string, s apicall.State) []apicall.Authorization {
		p, err := apicall.Call{Operation: operation, Parameters: []byte(parameters), Defaults: defaults, State: s}.Plan(evaluator.Options{})
		require.NoError(t, err)
		return p.Authorizations
	}
	mapping := `{"UUID": "u-1"}`
	assert.Equal(t, evaluator.Context{{Name: "lambda:FunctionArn", State: evaluator.Present}}, state("GetEventSourceMapping", mapping, nil)[0].Context)
	assert.Equal(t, evaluator.Context{known("lambda:FunctionArn", function)}, state("GetEventSourceMapping", mapping, apicall.State{apicall.MappingFunctionARN: {function}})[0].Context)

	moved := state("UpdateEventSourceMapping", `{"UUID": "u-1", "FunctionName": "other"}`, apicall.State{apicall.MappingFunctionARN: {function}})[0]
	assert.Equal(t, evaluator.Context{{Name: "lambda:FunctionArn", State: evaluator.Present}}, moved.Context, "the stored function or the new one")
	assert.Empty(t, moved.Absent)
	kept := state("UpdateEventSourceMapping", mapping, apicall.State{apicall.MappingFunctionARN: {function}})[0]
	assert.Equal(t, evaluator.Context{known("lambda:FunctionArn", function)}, kept.Context)
	assert.Empty(t, kept.Absent)

	permission := `{"FunctionName": "my-fn", "StatementId": "s"}`
	assert.Equal(t, evaluator.Context{{Name: "lambda:Principal", State: evaluator.Present}, {Name: "lambda:FunctionUrlAuthType", State: evaluator.Unknown}}, state("RemovePermission", permission, nil)[0].Context)
	told := state("RemovePermission", permission, apicall.State{apicall.StatementPrincipal: {"sns.amazonaws.com"}, apicall.StatementURLAuthType: {}})[0]
	assert.Equal(t, evaluator.Context{known("lambda:Principal", "sns.amazonaws.com")}, told.Context)
	assert.Equal(t, []string{"lambda:FunctionUrlAuthType"}, told.Absent)

	url := `{"FunctionName": "my-fn"}`
	assert.Equal(t, evaluator.Key{Name: "lambda:FunctionUrlAuthType", State: evaluator.Present}, state("UpdateFunctionUrlConfig", url, nil)[0].Context[1])
	assert.Equal(t, known("lambda:FunctionUrlAuthType", "NONE"), state("UpdateFunctionUrlConfig", `{"FunctionName": "my-fn", "AuthType": "NONE"}`, apicall.State{apicall.URLAuthType: {"AWS_IAM"}})[0].Context[1])

	vm := state("SuspendMicrovm", `{"microvmIdentifier": "vm-1"}`, nil)[0]
	assert.True(t, vm.Unknown)
	assert.Equal(t, "arn:aws:lambda:us-east-1:111122223333:microvm-image:", vm.Resource)
	assert.Equal(t, "arn:aws:lambda:us-east-1:111122223333:microvm:vm-1", vm.Observed)
	vm = state("SuspendMicrovm", `{"microvmIdentifier": "vm-1"}`, apicall.State{apicall.MicroVMImage: {"web"}})[0]
	assert.False(t, vm.Unknown)
	assert.Equal(t, "arn:aws:lambda:us-east-1:111122223333:microvm-image:web", vm.Resource)

	edge := `{"FunctionName": "my-fn", "Version": "3"}`
	list := state("lambda:EnableReplication", edge, nil)
	assert.Equal(t, apicall.Possible, list[3].Effect)
	assert.Equal(t, apicall.ServiceLinkedRoleMissing, list[3].Lookup)
	assert.Len(t, state("lambda:EnableReplication", edge, apicall.State{apicall.ServiceLinkedRoleMissing: {"false"}}), 3)
	assert.Equal(t, apicall.Required, state("lambda:EnableReplication", edge, apicall.State{apicall.ServiceLinkedRoleMissing: {"true"}})[3].Effect)
	assert.Equal(t, apicall.Possible, list[2].Effect)
	assert.Equal(t, apicall.Lookup(""), list[2].Lookup, "no state says whether the function is taken off")
}

func TestAPolicyWithOnePrincipalTellsIt(t *testing.T) {
	put := func(policy string) evaluator.Key {
		return plan(t, "PutResourcePolicy", fmt.Sprintf(`{"ResourceArn": "%s", "Policy": %q}`, function, policy)).Authorizations[0].Context[0]
	}
	const one = `{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "lambda:InvokeFunction", "Resource": "*"}`
	const two = `{"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "*"}`
	assert.Equal(t, known("lambda:Principal", "s3.amazonaws.com"), put(`{"Statement": [`+one+`, `+one+`]}`))
	assert.Equal(t, evaluator.Key{Name: "lambda:Principal", State: evaluator.Present}, put(`{"Statement": [`+one+`, `+two+`]}`))
}

func TestAFunctionURLWithoutAuthenticationKnowsNoCaller(t *testing.T) {
	for authType, anonymous := range map[string]bool{"NONE": true, "AWS_IAM": false} {
		p := plan(t, "lambda:InvokeFunctionUrl", `{"FunctionName": "my-fn", "AuthType": "`+authType+`"}`)
		require.Len(t, p.Authorizations, 2)
		for _, a := range p.Authorizations {
			assert.Equal(t, anonymous, a.Anonymous, a.Action)
		}
	}
	p, err := apicall.Call{Operation: "InvokeFunctionUrl", Parameters: []byte(`{"FunctionName": "my-fn", "AuthType": "NONE"}`), Defaults: defaults}.Plan(evaluator.Options{LegacyFunctionURL: true})
	require.NoError(t, err)
	assert.Equal(t, []string{"lambda:InvokeFunctionUrl on " + function}, brief(p.Authorizations))
}

func TestAssumeRoleCarriesItsParametersAsKeys(t *testing.T) {
	p := plan(t, "sts:AssumeRole", `{"RoleArn": "`+role+`", "RoleSessionName": "s1", "ExternalId": "x", "SourceIdentity": "alice", "TokenCode": "123456",
		"Tags": [{"Key": "team", "Value": "red"}], "TransitiveTagKeys": ["team"]}`)
	assert.Equal(t, []string{"sts:AssumeRole on " + role, "sts:TagSession on " + role, "sts:SetSourceIdentity on " + role}, brief(p.Authorizations))
	assert.Equal(t, evaluator.Context{
		known("aws:RequestTag/team", "red"), known("aws:TagKeys", "team"), known("sts:RoleSessionName", "s1"), known("sts:ExternalId", "x"),
		known("sts:SourceIdentity", "alice"), known("sts:TransitiveTagKeys", "team"),
		known("aws:MultiFactorAuthPresent", "true"), {Name: "aws:MultiFactorAuthAge", State: evaluator.Present},
	}, p.Authorizations[0].Context)
	mfa := evaluator.Context{known("aws:MultiFactorAuthPresent", "true"), {Name: "aws:MultiFactorAuthAge", State: evaluator.Present}}
	assert.Equal(t, append(evaluator.Context{known("aws:RequestTag/team", "red"), known("aws:TagKeys", "team"), known("sts:TransitiveTagKeys", "team")}, mfa...), p.Authorizations[1].Context)
	assert.Equal(t, append(evaluator.Context{known("sts:SourceIdentity", "alice")}, mfa...), p.Authorizations[2].Context)
}

func TestAnARNTakesThePlaceOfANameAndOfNoOtherText(t *testing.T) {
	const arnOfLayer = "arn:aws:lambda:eu-west-1:444455556666:layer:shared"
	for sentence, tc := range map[string]struct{ operation, parameters, resource string }{
		"a layer by its name":              {"GetLayerVersion", `{"LayerName": "shared", "VersionNumber": 3}`, layer},
		"a layer by its ARN":               {"GetLayerVersion", `{"LayerName": "` + arnOfLayer + `", "VersionNumber": 3}`, arnOfLayer + ":3"},
		"an image by its ARN":              {"DeleteMicrovmImage", `{"imageIdentifier": "arn:aws:lambda:eu-west-1:444455556666:microvm-image:web"}`, "arn:aws:lambda:eu-west-1:444455556666:microvm-image:web"},
		"a parameter that is an ARN":       {"GetLayerVersionByArn", `{"Arn": "` + layer + `"}`, layer},
		"the name of a federated user":     {"sts:GetFederationToken", `{"Name": "arn:aws:sts::444455556666:federated-user/bob"}`, "arn:aws:sts::111122223333:federated-user/arn:aws:sts::444455556666:federated-user/bob"},
		"an account by its root's ARN":     {"sts:AssumeRoot", `{"TargetPrincipal": "arn:aws:iam::444455556666:root", "TaskPolicyArn": {"arn": "arn:aws:iam::aws:policy/x"}}`, "arn:aws:iam::444455556666:root"},
		"the number of a version, plainly": {"DeleteLayerVersion", `{"LayerName": "shared", "VersionNumber": 3}`, layer},
	} {
		t.Run(sentence, func(t *testing.T) {
			assert.Equal(t, tc.resource, plan(t, tc.operation, tc.parameters).Authorizations[0].Resource)
		})
	}
	const object = `"S3Bucket": "secret", "S3Key": "arn:aws:s3:::mine/x"`
	for operation, parameters := range map[string]string{
		"UpdateFunctionCode":  `{"FunctionName": "my-fn", ` + object + `}`,
		"CreateFunction":      `{"FunctionName": "my-fn", "Role": "` + role + `", "Code": {` + object + `}}`,
		"PublishLayerVersion": `{"LayerName": "shared", "Content": {` + object + `}}`,
	} {
		assert.Contains(t, brief(plan(t, operation, parameters).Authorizations), "s3:GetObject on arn:aws:s3:::secret/arn:aws:s3:::mine/x", operation)
	}
	p := plan(t, "UpdateFunctionCode", `{"FunctionName": "my-fn", "S3Bucket": "b", "S3Key": "Bücher/ä b\n"}`)
	assert.Equal(t, "arn:aws:s3:::b/Bücher/ä b\n", p.Authorizations[1].Resource, "the name of an object is any text")
}

// Each fault is told once: what is wrong is not missing as well.
func TestFaultsInFull(t *testing.T) {
	for parameters, want := range map[string]string{
		`{"FunctionName": "f", "StartedAfter": true}`:                  "StartedAfter is true, not a time, as a string or a number",
		`{"FunctionName": "f", "StartedAfter": [1], "MaxItems": "a"}`:  "StartedAfter is a list, not a time, as a string or a number|MaxItems is \"a\", not a number",
		`{"FunctionName": "f", "Statuses": {"a": 1}, "Qualifier": {}}`: "Statuses is an object, not a list|Qualifier is an object, not a string",
		`{"FunctionName": "f", "ReverseOrder": 1}`:                     "ReverseOrder is 1, not true or false",
		`{"FunctionName": 1}`:                                          "FunctionName is 1, not a string",
		`{"FunctionNameX": 1}`:                                         "\"FunctionNameX\" is no parameter; did you mean \"FunctionName\"?|FunctionName is missing",
		`{"FunctionName": null}`:                                       "FunctionName is missing",
	} {
		_, err := apicall.Call{Operation: "ListDurableExecutionsByFunction", Parameters: []byte(parameters), Defaults: defaults}.Plan(evaluator.Options{})
		const head = "wrong parameter: lambda:ListDurableExecutionsByFunction: "
		assert.EqualError(t, err, head+strings.ReplaceAll(want, "|", "\n"+head), parameters)
	}
	for parameters, want := range map[string]string{
		`{"Resource": "` + function + `", "TagKeys": [1]}`:           "TagKeys[0] is 1, not a string",
		`{"Resource": "` + function + `", "TagKeys": ["a", "b", 1]}`: "TagKeys[2] is 1, not a string",
		`{"Resource": "` + function + `", "TagKeys": []}`:            "TagKeys is missing",
		`{"Resource": "` + function + `", "TagKeys": [""]}`:          "TagKeys is missing",
	} {
		_, err := apicall.Call{Operation: "lambda:UntagResource", Parameters: []byte(parameters), Defaults: defaults}.Plan(evaluator.Options{})
		assert.EqualError(t, err, "wrong parameter: lambda:UntagResource: "+want, parameters)
	}
	_, err := apicall.Call{Operation: "CreateFunction", Parameters: []byte(`{"FunctionName": "f", "Role": "` + role + `", "Code": {"ZipFile": 1}}`), Defaults: defaults}.Plan(evaluator.Options{})
	assert.EqualError(t, err, "wrong parameter: lambda:CreateFunction: Code.ZipFile is 1, not a string")
	p := plan(t, "ListDurableExecutionsByFunction", `{"FunctionName": "f", "StartedAfter": "2026-11-20T10:00:00Z", "StartedBefore": 1795168800}`)
	assert.Len(t, p.Authorizations, 1)
}

// Only an image in Amazon ECR has a repository there.
func TestWhatIsNoImage(t *testing.T) {
	for _, image := range []string{
		"11112222333.dkr.ecr.us-east-1.amazonaws.com/app", "111122223333.dkx.ecr.us-east-1.amazonaws.com/app", "x.dkx.ecr.us-east-1.amazonaws.com/app",
		"111122223333.dkr.ecx.us-east-1.amazonaws.com/app", "111122223333.dkr.ecr..amazonaws.com/app", "111122223333.dkr.ecr.us-east-1.amazonaws.com/",
		"111122223333.dkr.ecr.us-east-1.amazonaws.com", "111122223333.dkr.ecr.us-east-1.amazonaws.com/:tag", "app",
	} {
		_, err := apicall.Call{Operation: "lambda:UpdateFunctionCode", Parameters: []byte(`{"FunctionName": "my-fn", "ImageUri": "` + image + `"}`), Defaults: defaults}.Plan(evaluator.Options{})
		assert.ErrorContains(t, err, "is not the URI of an image in Amazon ECR", image)
	}
	for _, host := range []string{"111122223333.dkr.ecr.us-east-1.amazonaws.com", "111122223333.dkr.ecr-fips.us-east-1.amazonaws.com", "111122223333.dkr.ecr.us-east-1.amazonaws.com.cn"} {
		p := plan(t, "lambda:UpdateFunctionCode", `{"FunctionName": "my-fn", "ImageUri": "`+host+`/app"}`)
		assert.Contains(t, brief(p.Authorizations), "ecr:GetRepositoryPolicy on arn:aws:ecr:us-east-1:111122223333:repository/app", host)
	}
}

// What is null is not given, as a tag too; an element of a list may lack a member.
func TestWhatIsNull(t *testing.T) {
	p := plan(t, "lambda:TagResource", `{"Resource": "`+function+`", "Tags": {"a": null, "b": "x"}}`)
	assert.Equal(t, evaluator.Context{known("aws:RequestTag/b", "x"), known("aws:TagKeys", "b")}, p.Authorizations[0].Context)
	p = plan(t, "sts:AssumeRole", `{"RoleArn": "`+role+`", "RoleSessionName": "s", "ProvidedContexts": [{"ContextAssertion": "a"}, null, {"ProviderArn": "p"}]}`)
	assert.Equal(t, "sts:SetContext", p.Authorizations[1].Action)
	assert.Contains(t, p.Authorizations[1].Context, known("sts:RequestContextProviders", "p"))
}

// An account is twelve digits, or the ARN of its root user.
func TestAccountsByTheirRootUser(t *testing.T) {
	assume := func(target string) (*apicall.Plan, error) {
		return apicall.Call{Operation: "sts:AssumeRoot", Parameters: []byte(`{"TargetPrincipal": "` + target + `", "TaskPolicyArn": {"arn": "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}}`), Defaults: defaults}.Plan(evaluator.Options{})
	}
	for _, target := range []string{"444455556666", "arn:aws:iam::444455556666:root"} {
		p, err := assume(target)
		require.NoError(t, err, target)
		assert.Contains(t, p.Authorizations[0].Resource, "444455556666", target)
	}
	for _, target := range []string{"arn:aws:sts::444455556666:root", "arn:aws:iam::444455556666:user/root", "arn:aws:iam::444455556666:user/alice", "root", "44445555666"} {
		_, err := assume(target)
		require.ErrorContains(t, err, "is neither an account of twelve digits nor the ARN of its root user", target)
	}
}

func TestEffectsInWords(t *testing.T) {
	for effect, want := range map[apicall.Effect]string{apicall.Required: "required", apicall.ResponseOnly: "responseOnly", apicall.Possible: "possible", 3: "Effect(3)"} {
		assert.Equal(t, want, effect.String())
	}
}

func TestNoErrorShowsASecret(t *testing.T) {
	const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	const whole = `"FunctionName": "my-fn", "Role": "` + role + `", "Code": {"ZipFile": "UEs="}, `
	for sentence, tc := range map[string]struct{ operation, parameters, says string }{
		"a text for a number":           {"ListFunctions", `{"MaxItems": "` + secret + `"}`, "MaxItems is \"‹secret access key, not shown›\", not a number"},
		"a list for a text":             {"CreateFunction", `{` + whole + `"Environment": {"Variables": {"AWS_SECRET_ACCESS_KEY": ["` + secret + `"]}}}`, "AWS_SECRET_ACCESS_KEY is a list, not a string"},
		"an object for a text":          {"CreateFunction", `{` + whole + `"Handler": {"key": "` + secret + `"}}`, "Handler is an object, not a string"},
		"what is left of one":           {"CreateFunction", `{` + whole + `"Environment": "SecretAccessKey=` + secret[:30] + `"}`, "Environment is \"SecretAccessKey=‹secret access key, not shown›\", not an object"},
		"the key of a map":              {"CreateFunction", `{` + whole + `"Tags": {"` + secret + `": 1}}`, "Tags.\"‹secret access key, not shown›\" is 1, not a string"},
		"the key of a map, twice":       {"CreateFunction", `{` + whole + `"Tags": {"` + secret + `": "a", "` + secret + `": "b"}}`, "is given twice"},
		"the name of a parameter":       {"CreateFunction", `{` + whole + `"VpcConfig": {"` + secret + `": 1}}`, "is no parameter"},
		"a role":                        {"CreateFunction", `{"FunctionName": "my-fn", "Role": "` + secret + `", "Code": {"ZipFile": "UEs="}}`, "Role"},
		"the key of a map with a break": {"CreateFunction", `{` + whole + `"Tags": {"a\nb": 1}}`, `Tags."a\nb" is 1`},
		"the key of a map that is long": {"CreateFunction", `{` + whole + `"Tags": {"` + strings.Repeat("a", 5000) + `": 1}}`, "…"},
	} {
		t.Run(sentence, func(t *testing.T) {
			_, err := apicall.Call{Operation: tc.operation, Parameters: []byte(tc.parameters), Defaults: defaults}.Plan(evaluator.Options{})
			require.ErrorIs(t, err, apicall.ErrParameter)
			assert.ErrorContains(t, err, tc.says)
			assert.NotContains(t, err.Error(), secret[:20])
			assert.Less(t, len(err.Error()), 1000)
		})
	}
}

func TestAWrongCallSaysWhatIsWrong(t *testing.T) {
	const code = `"FunctionName": "my-fn", "Role": "` + role + `", "Code": {"ZipFile": "UEs="}`
	for name, tc := range map[string]struct {
		operation, parameters string
		is                    error
		says                  []string
	}{
		"an operation that is not known":     {"lambda:Frobnicate", `{}`, apicall.ErrUnknownOperation, []string{`"lambda:Frobnicate"`}},
		"a misspelt operation":               {"lambda:CreateFuncton", `{}`, apicall.ErrUnknownOperation, []string{`did you mean "lambda:CreateFunction"?`}},
		"a misspelt operation alone":         {"Invok", `{}`, apicall.ErrUnknownOperation, []string{`did you mean "Invoke"?`}},
		"no operation":                       {"", `{}`, apicall.ErrUnknownOperation, []string{`""`}},
		"no parameters":                      {"lambda:InvokeFunctionUrl", ``, apicall.ErrParameter, []string{"FunctionName is missing", "AuthType is missing"}},
		"parameters that are no object":      {"lambda:InvokeFunctionUrl", `[1]`, apicall.ErrParameter, []string{"no JSON object"}},
		"parameters that are no JSON":        {"lambda:InvokeFunctionUrl", `{"a":}`, apicall.ErrParameter, []string{"not JSON: invalid character"}},
		"parameters that nest too deep":      {"lambda:Invoke", `{"a":` + deep(70) + `}`, apicall.ErrParameter, []string{"64 levels"}},
		"a parameter of another type":        {"lambda:InvokeFunctionUrl", `{"FunctionName":7,"AuthType":"NONE"}`, apicall.ErrParameter, []string{"FunctionName is 7, not a string"}},
		"an element of another type":         {"lambda:CreateFunction", `{` + code + `, "Layers": [true]}`, apicall.ErrParameter, []string{"Layers[0] is true, not a string"}},
		"a tag of another type":              {"lambda:CreateFunction", `{` + code + `, "Tags": {"a": 1}}`, apicall.ErrParameter, []string{"Tags.a is 1, not a string"}},
		"a number of another type":           {"lambda:CreateFunction", `{` + code + `, "Timeout": "3", "Publish": "yes"}`, apicall.ErrParameter, []string{`Timeout is "3", not a number`, `Publish is "yes", not true or false`}},
		"a parameter given twice":            {"lambda:InvokeFunctionUrl", `{"FunctionName":"f","AuthType":"NONE","AuthType":"AWS_IAM"}`, apicall.ErrParameter, []string{"AuthType is given twice"}},
		"a tag given twice":                  {"lambda:CreateFunction", `{` + code + `, "Tags": {"a": "1", "a": "2"}}`, apicall.ErrParameter, []string{"Tags.a is given twice"}},
		"an unknown parameter":               {"lambda:InvokeFunctionUrl", `{"FunctionName":"f","AuthType":"NONE","Payload":"x"}`, apicall.ErrParameter, []string{`"Payload" is no parameter`}},
		"a misspelt parameter":               {"lambda:CreateFunction", `{` + code + `, "Layer": []}`, apicall.ErrParameter, []string{`"Layer" is no parameter; did you mean "Layers"?`}},
		"a misspelt parameter within":        {"lambda:CreateFunction", `{` + code + `, "VpcConfig": {"SubnetId": ["a"]}}`, apicall.ErrParameter, []string{`"VpcConfig.SubnetId" is no parameter; did you mean "SubnetIds"?`}},
		"parameters where there are none":    {"sts:GetCallerIdentity", `{"a": 1}`, apicall.ErrParameter, []string{"there is none"}},
		"an unknown authentication":          {"lambda:InvokeFunctionUrl", `{"FunctionName":"f","AuthType":"none"}`, apicall.ErrParameter, []string{`"none" is none of NONE, AWS_IAM`}},
		"a version of a function URL":        {"lambda:InvokeFunctionUrl", `{"FunctionName":"f:3","AuthType":"NONE"}`, apicall.ErrParameter, []string{`"f:3"`, "F-25"}},
		"a version apart":                    {"lambda:InvokeFunctionUrl", `{"FunctionName":"f","Qualifier":"3","AuthType":"NONE"}`, apicall.ErrParameter, []string{"F-25"}},
		"two qualifiers":                     {"lambda:Invoke", `{"FunctionName":"f:a","Qualifier":"b"}`, apicall.ErrParameter, []string{`"b" contradicts`}},
		"a qualifier that is none":           {"lambda:Invoke", `{"FunctionName":"f","Qualifier":"a:b"}`, apicall.ErrParameter, []string{`"a:b" is neither`}},
		"a name that is none":                {"lambda:Invoke", `{"FunctionName":"my fn"}`, apicall.ErrParameter, []string{"my fn"}},
		"a role that is no ARN":              {"lambda:CreateFunction", `{"FunctionName": "f", "Role": "exec", "Code": {"ZipFile": "UEs="}}`, apicall.ErrParameter, []string{`Role "exec" is not an ARN of type role`}},
		"a layer without a version":          {"lambda:CreateFunction", `{` + code + `, "Layers": ["arn:aws:lambda:us-east-1:111122223333:layer:l"]}`, apicall.ErrParameter, []string{`not an ARN of type layerVersion`}},
		"the alias of a key":                 {"lambda:CreateFunction", `{` + code + `, "KMSKeyArn": "arn:aws:kms:us-east-1:111122223333:alias/a"}`, apicall.ErrParameter, []string{`not an ARN of type key`}},
		"an image elsewhere":                 {"lambda:UpdateFunctionCode", `{"FunctionName": "f", "ImageUri": "docker.io/library/busybox"}`, apicall.ErrParameter, []string{`"docker.io/library/busybox" is not the URI of an image in Amazon ECR`}},
		"a policy that is none":              {"lambda:PutResourcePolicy", `{"ResourceArn": "` + function + `", "Policy": "{}"}`, apicall.ErrParameter, []string{"Policy is no policy"}},
		"an account that is none":            {"sts:AssumeRoot", `{"TargetPrincipal": "me", "TaskPolicyArn": {"arn": "x"}}`, apicall.ErrParameter, []string{`"me" is neither an account`}},
		"several faults":                     {"lambda:CreateFunction", `{"Role": 1, "Rol": 2, "Tags": []}`, apicall.ErrParameter, []string{"FunctionName is missing", "Role is 1", `"Rol" is no parameter`, "Tags is a list, not an object", "Code is missing"}},
		"text that is not UTF-8":             {"lambda:Invoke", "{\"FunctionName\":\"\xff\"}", apicall.ErrParameter, []string{"UTF-8"}},
		"a version that is no whole number":  {"GetLayerVersion", `{"LayerName": "l", "VersionNumber": 1.5}`, apicall.ErrParameter, []string{"VersionNumber is 1.5, not a whole number"}},
		"a version that is not plain":        {"GetLayerVersion", `{"LayerName": "l", "VersionNumber": 1e1}`, apicall.ErrParameter, []string{"VersionNumber is 1e1, not a whole number"}},
		"a version below nothing":            {"GetLayerVersion", `{"LayerName": "l", "VersionNumber": -1}`, apicall.ErrParameter, []string{"VersionNumber is -1, not a whole number"}},
		"a role with a line feed":            {"lambda:CreateFunction", `{"FunctionName": "f", "Role": "` + role + `\n", "Code": {"ZipFile": "UEs="}}`, apicall.ErrParameter, []string{`lambda-exec\n" is not an ARN of type role`}},
		"a layer with a blank":               {"GetLayerVersion", `{"LayerName": "a b", "VersionNumber": 1}`, apicall.ErrParameter, []string{`a b:1" is not an ARN of type layerVersion`}},
		"an ARN of another type as a name":   {"GetCapacityProvider", `{"CapacityProviderName": "` + function + `"}`, apicall.ErrParameter, []string{"not an ARN of type capacityProvider"}},
		"an ARN where a name is made":        {"CreateMicrovmImage", `{"name": "arn:aws:lambda:us-east-1:111122223333:microvm-image:web", "baseImageArn": "b", "buildRoleArn": "` + role + `", "codeArtifact": {"uri": "s3://b/k"}, "tags": {"a": "b"}}`, apicall.ErrParameter, []string{"not an ARN of type microvmImage"}},
		"a part of the resource that breaks": {"lambda:DeleteEventSourceMapping", `{"UUID": "a:b/c"}`, apicall.ErrParameter, []string{"the resource", "eventSourceMapping"}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := apicall.Call{Operation: tc.operation, Parameters: []byte(tc.parameters), Defaults: defaults}.Plan(evaluator.Options{})
			assert.Nil(t, p)
			assert.ErrorIs(t, err, tc.is)
			for _, text := range tc.says {
				assert.ErrorContains(t, err, text)
			}
		})
	}
	_, err := apicall.Call{Operation: "Invoke", Parameters: []byte(`{"FunctionName": "f"}`)}.Plan(evaluator.Options{})
	assert.ErrorContains(t, err, "no region")
	_, err = apicall.Call{Operation: "GetLayerVersion", Parameters: []byte(`{"LayerName": "l", "VersionNumber": 1}`)}.Plan(evaluator.Options{})
	assert.ErrorContains(t, err, "the region is not known")
	assert.ErrorContains(t, err, "the account is not known")
}

// deep is a list in a list, n deep.
func deep(n int) string {
	text := ""
	for range n {
		text = "[" + text + "]"
	}
	return text
}

func TestAWrongStateSaysWhatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct {
		operation, parameters string
		state                 apicall.State
		says                  string
	}{
		"one that is not asked for":      {"Invoke", `{"FunctionName": "f"}`, apicall.State{apicall.URLAuthType: {"NONE"}}, `unknown state "urlAuthType"; allowed are eventSourceToken`},
		"a misspelt one":                 {"GetMicrovm", `{"microvmIdentifier": "m"}`, apicall.State{"microVmImag": {"x"}}, `did you mean "microvmImage"?`},
		"one where there is none":        {"ListFunctions", `{}`, apicall.State{apicall.URLAuthType: {"NONE"}}, "needs none"},
		"two values":                     {"GetEventSourceMapping", `{"UUID": "u"}`, apicall.State{apicall.MappingFunctionARN: {"a", "b"}}, "has one value, not 2"},
		"a part of a resource missing":   {"GetMicrovm", `{"microvmIdentifier": "m"}`, apicall.State{apicall.MicroVMImage: {}}, "needs one value"},
		"an authentication that is none": {"UpdateFunctionUrlConfig", `{"FunctionName": "f"}`, apicall.State{apicall.URLAuthType: {"none"}}, "AWS_IAM or NONE"},
		"an answer that is none":         {"lambda:EnableReplication", `{"FunctionName": "f", "Version": "1"}`, apicall.State{apicall.ServiceLinkedRoleMissing: {"perhaps"}}, "is true or false"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := apicall.Call{Operation: tc.operation, Parameters: []byte(tc.parameters), State: tc.state, Defaults: defaults}.Plan(evaluator.Options{})
			assert.ErrorIs(t, err, apicall.ErrState)
			assert.ErrorContains(t, err, tc.says)
		})
	}
}
