package cloudformation_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/cloudformation"
	"github.com/iamsim/iamsim/evaluator/account/internal/printed"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/internal/golden"
)

// shop is where most templates of these tests are deployed.
var shop = planned.Given{Account: "111122223333", Region: "eu-west-1", Stack: "shop"}

// build reads templates, each a file of its own.
// trust is the trust policy of a role of these templates.
const trust = `AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}}`

func build(given planned.Given, templates ...string) (*account.Snapshot, error) {
	b := account.New()
	b.Partial = true
	r := cloudformation.NewReader(b, given)
	for i, text := range templates {
		name := "template.yaml"
		if i > 0 {
			name = fmt.Sprintf("template%d.yaml", i+1)
		}
		if err := r.Read(name, strings.NewReader(text)); err != nil {
			return nil, err
		}
	}
	r.Finish()
	return b.Build()
}

// snapshot is that of templates without fault.
func snapshot(t testing.TB, given planned.Given, templates ...string) *account.Snapshot {
	s, err := build(given, templates...)
	require.NoError(t, err)
	return s
}

// parameters and the like are in every template whose expression is evaluated.
const head = `AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Open: {Type: String}
  OpenList: {Type: CommaDelimitedList}
  Name: {Type: String, Default: orders}
  Number: {Type: Number, Default: 7}
  List: {Type: CommaDelimitedList, Default: "a, b,c"}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /orders/arn}
Mappings:
  Regions:
    eu-west-1: {Name: ireland, Names: [one, two]}
Conditions:
  Yes: !Equals [!Ref Name, orders]
  No: !Not [!Condition Yes]
  Perhaps: !Equals [!Ref Open, prod]
  Never: !And [!Condition No, !Condition Perhaps]
  Surely: !Or [!Condition Perhaps, !Condition Yes]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - Effect: Allow
                Action: s3:GetObject
                Resource: "*"
                Condition: {StringEquals: {"s3:prefix": EXPRESSION}}
  Function: {Type: AWS::Lambda::Function, Properties: {Role: "arn:aws:iam::111122223333:role/x", FunctionName: orders}}
  Other: {Type: AWS::Lambda::Function, Properties: {Role: "arn:aws:iam::111122223333:role/x"}}
  Alias: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Function, Name: live, FunctionVersion: $LATEST}}
  Bucket: {Type: AWS::S3::Bucket}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}
  Fifo: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref Name}}
  OpenTable: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub "t-${Open}"}}
  Policy: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: p, Path: /team/, PolicyDocument: {Version: 2012-10-17, Statement: {Effect: Allow, Action: "s3:*", Resource: "*"}}}}
  Machine: {Type: AWS::StepFunctions::StateMachine, Properties: {StateMachineName: m}}
  Rule: {Type: AWS::Events::Rule, Properties: {Name: r, EventBusName: bus}}
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: s}}
  Log: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /l}}
  Custom: {Type: Custom::Thing}
`

// evaluated is the value of a condition key that an expression stands for.
func evaluated(t *testing.T, given planned.Given, expression string) []string {
	t.Helper()
	s := snapshot(t, given, strings.Replace(head, "EXPRESSION", expression, 1))
	p, err := s.Principal("Role")
	require.NoError(t, err)
	require.Len(t, p.Identity().Inline, 1)
	conditions := p.Identity().Inline[0].Document.Statements[0].Condition
	if len(conditions) == 0 {
		return nil
	}
	return conditions[0].Values
}

func TestExpressionsAreEvaluated(t *testing.T) {
	const hole = "${iamsim:planned/"
	for sentence, c := range map[string]struct {
		expression string
		want       []string
	}{
		"Ref of a parameter is its default":                        {`!Ref Name`, []string{"orders"}},
		"Ref of a number is its text":                              {`!Ref Number`, []string{"7"}},
		"Ref of a list is a list":                                  {`!Ref List`, []string{"a", "b", "c"}},
		"Ref of a parameter without value in a text is a hole":     {`!Sub "x-${Open}"`, []string{"x-" + hole + "parameter_Open}"}},
		"Ref of the account":                                       {`!Ref AWS::AccountId`, []string{"111122223333"}},
		"Ref of the region":                                        {`!Ref AWS::Region`, []string{"eu-west-1"}},
		"Ref of the partition":                                     {`!Ref AWS::Partition`, []string{"aws"}},
		"Ref of the suffix of hosts":                               {`!Ref AWS::URLSuffix`, []string{"amazonaws.com"}},
		"Ref of the stack":                                         {`!Ref AWS::StackName`, []string{"shop"}},
		"Ref of a function is its name":                            {`!Ref Function`, []string{"orders"}},
		"Ref of a queue is its URL":                                {`!Ref Queue`, []string{"https://sqs.eu-west-1.amazonaws.com/111122223333/jobs"}},
		"Ref of a topic is its ARN":                                {`!Ref Topic`, []string{"arn:aws:sns:eu-west-1:111122223333:news"}},
		"Ref of a managed policy is its ARN with its path":         {`!Ref Policy`, []string{"arn:aws:iam::111122223333:policy/team/p"}},
		"Ref of an alias is its ARN":                               {`!Ref Alias`, []string{"arn:aws:lambda:eu-west-1:111122223333:function:orders:live"}},
		"Ref of a state machine is its ARN":                        {`!Ref Machine`, []string{"arn:aws:states:eu-west-1:111122223333:stateMachine:m"}},
		"Ref of a table is its name":                               {`!Ref Table`, []string{"orders"}},
		"Ref of what nobody knows in a text is a hole":             {`!Sub "${Custom}"`, []string{hole + "Custom}"}},
		"GetAtt of a function":                                     {`!GetAtt Function.Arn`, []string{"arn:aws:lambda:eu-west-1:111122223333:function:orders"}},
		"GetAtt as a list":                                         {`!GetAtt [Queue, Arn]`, []string{"arn:aws:sqs:eu-west-1:111122223333:jobs"}},
		"GetAtt in full":                                           {`{"Fn::GetAtt": [Table, Arn]}`, []string{"arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}},
		"GetAtt in full with a dot":                                {`{"Fn::GetAtt": Table.Arn}`, []string{"arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}},
		"GetAtt of a rule on a bus":                                {`!GetAtt Rule.Arn`, []string{"arn:aws:events:eu-west-1:111122223333:rule/bus/r"}},
		"GetAtt of a log group ends in a star":                     {`!GetAtt Log.Arn`, []string{"arn:aws:logs:eu-west-1:111122223333:log-group:/l:*"}},
		"GetAtt of a topic's name":                                 {`!GetAtt Topic.TopicName`, []string{"news"}},
		"GetAtt with an unknown part of the name keeps the rest":   {`!GetAtt OpenTable.Arn`, []string{"arn:aws:dynamodb:eu-west-1:111122223333:table/t-" + hole + "parameter_Open}"}},
		"Sub of parameters, resources and attributes":              {`!Sub "${Name}-${Function}-${Queue.Arn}-${AWS::Region}"`, []string{"orders-orders-arn:aws:sqs:eu-west-1:111122223333:jobs-eu-west-1"}},
		"Sub with variables of its own":                            {`!Sub ["${a}-${Name}", {a: !Ref Number}]`, []string{"7-orders"}},
		"Sub leaves policy variables alone":                        {`!Sub "${!aws:username}/${Name}"`, []string{"${aws:username}/orders"}},
		"Join of texts":                                            {`!Join [":", [a, !Ref Name, c]]`, []string{"a:orders:c"}},
		"Join of a parameter that is a list":                       {`!Join ["-", !Ref List]`, []string{"a-b-c"}},
		"Join with a hole keeps the rest":                          {`!Join ["", ["x-", !Ref Open, "-y"]]`, []string{"x-" + hole + "parameter_Open}-y"}},
		"Join of a list that is not known is a hole":               {`!Sub ["${x}", {x: !Join ["-", !Ref OpenList]}]`, []string{hole + `!Join_"-"_of__(parameter_OpenList)}`}},
		"Select of a list":                                         {`!Select [1, !Ref List]`, []string{"b"}},
		"Select with an index in quotes":                           {`!Select ["2", [x, y, z]]`, []string{"z"}},
		"Select of Split":                                          {`!Select [5, !Split [":", !GetAtt Queue.Arn]]`, []string{"jobs"}},
		"Select of what stands before a hole":                      {`!Select [2, !Split [":", !GetAtt OpenTable.Arn]]`, []string{"dynamodb"}},
		"Split of a text":                                          {`!Split [",", "a,b"]`, []string{"a", "b"}},
		"FindInMap":                                                {`!FindInMap [Regions, !Ref AWS::Region, Name]`, []string{"ireland"}},
		"FindInMap of a list":                                      {`!FindInMap [Regions, eu-west-1, Names]`, []string{"one", "two"}},
		"FindInMap with a default":                                 {`{"Fn::FindInMap": [Regions, us-east-1, Name, {DefaultValue: other}]}`, []string{"other"}},
		"If of a condition that holds":                             {`!If [Yes, a, b]`, []string{"a"}},
		"If of one that does not":                                  {`!If [No, a, b]`, []string{"b"}},
		"And with one that does not hold does not hold":            {`!If [Never, a, b]`, []string{"b"}},
		"Or with one that holds does":                              {`!If [Surely, a, b]`, []string{"a"}},
		"If of a condition that is not known, but of equal values": {`!If [Perhaps, a, a]`, []string{"a"}},
		"NoValue takes an element away":                            {`[a, !Ref AWS::NoValue, !If [No, b, !Ref AWS::NoValue]]`, []string{"a"}},
		"Base64":                                                   {`!Base64 abc`, []string{"YWJj"}},
		"Length":                                                   {`{"Fn::Length": !Ref List}`, []string{"3"}},
		"ToJsonString":                                             {`{"Fn::ToJsonString": {a: 1}}`, []string{`{"a":1}`}},
		"a date is a text":                                         {`2012-10-17`, []string{"2012-10-17"}},
		"an account that begins with 0 is a text":                  {`012345678901`, []string{"012345678901"}},
		"a dynamic reference in a text is a hole":                  {`"x-{{resolve:ssm:/a/b}}"`, []string{"x-" + hole + "resolve:ssm:/a/b}"}},
		"an import in a text is a hole":                            {`!Sub ["${x}", {x: !ImportValue net-Vpc}]`, []string{hole + "!ImportValue_net-Vpc}"}},
		"a parameter of Systems Manager is a hole":                 {`!Sub "${Stored}"`, []string{hole + "parameter_Stored}"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			assert.Equal(t, c.want, evaluated(t, shop, c.expression))
		})
	}
}

func TestWhatIsGivenFillsHoles(t *testing.T) {
	given := shop
	given.Parameters = map[string]string{"Open": "prod", "OpenList": "x,y"}
	given.Imports = map[string]string{"net-Vpc": "vpc-1"}
	given.Values = map[string]string{"resolve:ssm:/a/b": "v", "Custom.Arn": "arn:aws:s3:::custom", "parameter Stored": "arn:aws:s3:::stored"}
	for expression, want := range map[string][]string{
		`!Sub "x-${Open}"`:               {"x-prod"},
		`!Ref OpenList`:                  {"x", "y"},
		`!If [Perhaps, a, b]`:            {"a"},
		`!ImportValue net-Vpc`:           {"vpc-1"},
		`"{{resolve:ssm:/a/b}}"`:         {"v"},
		`!GetAtt Custom.Arn`:             {"arn:aws:s3:::custom"},
		`!Ref Stored`:                    {"arn:aws:s3:::stored"},
		`!Select [1, !Ref OpenList]`:     {"y"},
		`!Sub "${OpenTable.Arn}/index/i`: nil,
	} {
		if want == nil {
			expression, want = expression+`"`, []string{"arn:aws:dynamodb:eu-west-1:111122223333:table/t-prod/index/i"}
		}
		assert.Equal(t, want, evaluated(t, given, expression), expression)
	}
}

func TestNamesThatCloudFormationMakes(t *testing.T) {
	s := snapshot(t, shop, strings.Replace(head, "EXPRESSION", "x", 1))
	role, err := s.Principal("Role")
	require.NoError(t, err)
	assert.Regexp(t, `^arn:aws:iam::111122223333:role/shop-Role-planned[0-9A-Z]{5}$`, role.String())
	f, err := s.Function("Other")
	require.NoError(t, err)
	assert.Regexp(t, `^arn:aws:lambda:eu-west-1:111122223333:function:shop-Other-planned[0-9A-Z]{5}$`, f.ARN)
	for id, pattern := range map[string]string{
		"Bucket": `^arn:aws:s3:::shop-bucket-planned[0-9a-z]{5}$`,
		"Fifo":   `^arn:aws:sqs:eu-west-1:111122223333:shop-Fifo-planned[0-9A-Z]{5}\.fifo$`,
		"Secret": `^arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-[0-9A-Z]{6}$`,
	} {
		target, err := s.Target(id)
		require.NoError(t, err)
		assert.Regexp(t, pattern, target.Resource)
	}
	given := shop
	given.Stack = strings.Repeat("s", 100)
	s = snapshot(t, given, strings.Replace(head, "EXPRESSION", "x", 1))
	role, err = s.Principal("Role")
	require.NoError(t, err)
	assert.Len(t, role.Identity().Name(), 64, "both words are cut to fit")
}

// A path that is not known is a path all the same.
func TestAPathThatIsNotKnownHasItsSlashes(t *testing.T) {
	const hole = "planned[0-9A-Z]{5}"
	for path, want := range map[string]string{
		"/team/":                              "role/team/r",
		"!Ref AWS::NoValue":                   "role/r",
		"!Ref Open":                           "role/" + hole + "/r",
		`!Sub "/${Open}/"`:                    "role/" + hole + "/r",
		`!Sub "${Open}x/"`:                    "role/" + hole + "x/r",
		`!Sub "/x${Open}"`:                    "role/x" + hole + "/r",
		`!Join ["/", ["", !Ref Open, a, ""]]`: "role/" + hole + "/a/r",
	} {
		t.Run(path, func(t *testing.T) {
			s := snapshot(t, shop, "Parameters: {Open: {Type: String}}\nResources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: r\n      Path: "+path+
				"\n      "+trust+"\n")
			r, err := s.Principal("R")
			require.NoError(t, err)
			assert.Regexp(t, "^arn:aws:iam::111122223333:"+want+"$", r.String())
		})
	}
}

// decide asks whether a principal may do something to a resource of a snapshot, both
// by logical id.
func decide(t testing.TB, s *account.Snapshot, who, action, resource string) string {
	t.Helper()
	p, err := s.Principal(who)
	require.NoError(t, err)
	caller, err := p.Caller()
	require.NoError(t, err)
	target, err := s.Target(resource)
	if err != nil {
		target = evaluator.Target{Resource: resource}
	}
	return evaluator.Evaluate(&caller, &target, &evaluator.Request{Action: action}).String()
}

// role is a template with a role R, a table T, and what else is given.
func role(statements string, more ...string) string {
	return `
Parameters: {Stage: {Type: String}, Names: {Type: CommaDelimitedList}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}}
      Policies: [{PolicyName: own, PolicyDocument: {Version: 2012-10-17, Statement: ` + statements + `}}]
  T: {Type: AWS::DynamoDB::Table}
  Named: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
` + strings.Join(more, "\n")
}

func TestHolesDecideNothingForCertain(t *testing.T) {
	const read = "dynamodb:GetItem"
	for sentence, c := range map[string]struct{ statements, resource, want string }{
		"a reference matches the planned resource for certain":      {`{Effect: Allow, Action: "dynamodb:*", Resource: !GetAtt T.Arn}`, "T", "allowed"},
		"a pattern of the stack's name matches it for certain":      {`{Effect: Allow, Action: "dynamodb:*", Resource: !Sub "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${AWS::StackName}-*"}`, "T", "allowed"},
		"another exact name does not match it":                      {`{Effect: Allow, Action: "dynamodb:*", Resource: "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}`, "T", "implicitDeny"},
		"a parameter without value may match":                       {`{Effect: Allow, Action: "dynamodb:*", Resource: !Sub "arn:aws:dynamodb:eu-west-1:111122223333:table/${Stage}"}`, "Named", "indeterminate"},
		"its known parts rule out":                                  {`{Effect: Allow, Action: "dynamodb:*", Resource: !Sub "arn:aws:dynamodb:eu-west-1:111122223333:table/x-${Stage}"}`, "Named", "implicitDeny"},
		"one that is the action may be any":                         {`{Effect: Allow, Action: !Ref Stage, Resource: "*"}`, "T", "indeterminate"},
		"one that is the effect may be either":                      {`{Effect: !Ref Stage, Action: "dynamodb:*", Resource: "*"}`, "T", "indeterminate"},
		"a statement under a condition that is not known may apply": {`[!If [IsProd, {Effect: Allow, Action: "dynamodb:*", Resource: "*"}, !Ref AWS::NoValue]]`, "T", "indeterminate"},
		"a resource of a list under such a condition may":           {`{Effect: Allow, Action: "dynamodb:*", Resource: [!If [IsProd, !GetAtt T.Arn, !GetAtt Named.Arn]]}`, "T", "indeterminate"},
		"a list that is joined may be longer under it":              {`{Effect: Allow, Action: "dynamodb:*", Resource: !Join [":", [arn, aws, dynamodb, eu-west-1, "111122223333", table/x, !If [IsProd, "y", !Ref AWS::NoValue]]]}`, "T", "indeterminate"},
		"an action under such a condition may":                      {`{Effect: Allow, Action: !If [IsProd, "dynamodb:Get*", "dynamodb:Put*"], Resource: "*"}`, "T", "indeterminate"},
		"what is allowed in both cases is allowed":                  {`{Effect: Allow, Action: ["dynamodb:GetItem", !If [IsProd, "dynamodb:PutItem", !Ref AWS::NoValue]], Resource: "*"}`, "T", "allowed"},
		"a list that is not known may hold it":                      {`{Effect: Allow, Action: "dynamodb:*", Resource: !Ref Names}`, "T", "indeterminate"},
		"a Deny that may apply leaves it open":                      {`[{Effect: Allow, Action: "*", Resource: "*"}, !If [IsProd, {Effect: Deny, Action: "*", Resource: "*"}, !Ref AWS::NoValue]]`, "T", "indeterminate"},
		"a whole statement list that is not known":                  {`!If [IsProd, [{Effect: Allow, Action: "*", Resource: "*"}], []]`, "T", "indeterminate"},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := snapshot(t, shop, role(c.statements))
			assert.Contains(t, decide(t, s, "R", read, c.resource), c.want)
		})
	}
}

func TestPoliciesOfOtherResourcesAreAttached(t *testing.T) {
	document := `{Version: 2012-10-17, Statement: {Effect: Allow, Action: "dynamodb:*", Resource: "*"}}`
	deny := `[{Effect: Allow, Action: "s3:*", Resource: "*"}]`
	for sentence, c := range map[string]struct{ more, want string }{
		"AWS::IAM::Policy":                             {`  P: {Type: AWS::IAM::Policy, Properties: {PolicyName: p, PolicyDocument: ` + document + `, Roles: [!Ref R]}}`, "allowed"},
		"AWS::IAM::RolePolicy":                         {`  P: {Type: AWS::IAM::RolePolicy, Properties: {PolicyName: p, PolicyDocument: ` + document + `, RoleName: !Ref R}}`, "allowed"},
		"AWS::IAM::ManagedPolicy":                      {`  P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: ` + document + `, Roles: [!Ref R]}}`, "allowed"},
		"one that is there under an unknown condition": {`  P: {Type: AWS::IAM::Policy, Condition: IsProd, Properties: {PolicyName: p, PolicyDocument: ` + document + `, Roles: [!Ref R]}}`, "indeterminate"},
		"one of another role":                          {`  P: {Type: AWS::IAM::Policy, Properties: {PolicyName: p, PolicyDocument: ` + document + `, Roles: [elsewhere]}}`, "implicitDeny"},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := snapshot(t, shop, role(deny, c.more))
			assert.Contains(t, decide(t, s, "R", "dynamodb:GetItem", "T"), c.want)
		})
	}
}

func TestPermissionsMakeThePolicyOfAFunction(t *testing.T) {
	const function = `  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt R.Arn, FunctionName: orders}}
  A: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref F, Name: live, FunctionVersion: $LATEST}}
  U: {Type: AWS::IAM::User, Properties: {UserName: u}}
`
	for sentence, c := range map[string]struct{ properties, resource, want string }{
		"by name":                         {`{Action: lambda:InvokeFunction, FunctionName: !Ref F, Principal: "111122223333"}`, "F", `"AWS":"arn:aws:iam::111122223333:root"`},
		"by ARN":                          {`{Action: lambda:InvokeFunction, FunctionName: !GetAtt F.Arn, Principal: sns.amazonaws.com, SourceArn: !GetAtt T.Arn}`, "F", `"AWS:SourceArn"`},
		"on an alias":                     {`{Action: lambda:InvokeFunction, FunctionName: !Ref A, Principal: s3.amazonaws.com, SourceAccount: !Ref AWS::AccountId}`, "arn:aws:lambda:eu-west-1:111122223333:function:orders:live", `"AWS:SourceAccount":"111122223333"`},
		"with a source that is a hole":    {`{Action: lambda:InvokeFunction, FunctionName: !Ref F, Principal: sns.amazonaws.com, SourceArn: !Sub "arn:aws:sns:eu-west-1:111122223333:${Stage}"}`, "F", `arn:aws:sns:eu-west-1:111122223333:${iamsim:planned/parameter_Stage}`},
		"for a URL that anybody may call": {`{Action: lambda:InvokeFunctionUrl, FunctionName: !Ref F, Principal: "*", FunctionUrlAuthType: NONE}`, "F", `"lambda:FunctionUrlAuthType":"NONE"`},
		"for whom a hole says":            {`{Action: lambda:InvokeFunction, FunctionName: !Ref F, Principal: !Ref Stage}`, "F", `"StringEquals":{"iamsim:planned/parameter_Stage#`},
		"through a URL":                   {`{Action: lambda:InvokeFunction, FunctionName: !Ref F, Principal: "*", InvokedViaFunctionUrl: true}`, "F", `"lambda:InvokedViaFunctionUrl":"true"`},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := snapshot(t, shop, role(`[{Effect: Allow, Action: "s3:*", Resource: "*"}]`, function+"  P: {Type: AWS::Lambda::Permission, Properties: "+c.properties+"}"))
			found := ""
			for r := range s.Resources() {
				if r.Policy != nil && (r.ARN == c.resource || strings.HasSuffix(r.ARN, "function:orders") && c.resource == "F") {
					text, err := r.Policy.MarshalJSON()
					require.NoError(t, err)
					found = string(text)
				}
			}
			assert.Contains(t, found, c.want)
		})
	}
}

func TestPoliciesOfResources(t *testing.T) {
	const allow = `{Version: 2012-10-17, Statement: {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: "ACTION", Resource: "*"}}`
	for sentence, c := range map[string]struct{ more, resource, action string }{
		"a bucket by Ref":                 {`  X: {Type: AWS::S3::Bucket}` + "\n" + `  P: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref X, PolicyDocument: DOCUMENT}}`, "X", "s3:ListBucket"},
		"a layer by its version":          {`  X: {Type: AWS::Lambda::LayerVersion, Properties: {LayerName: common}}` + "\n" + `  P: {Type: AWS::Lambda::LayerVersionPermission, Properties: {Action: lambda:GetLayerVersion, LayerVersionArn: !Ref X, Principal: !Ref AWS::AccountId}}`, "X", "lambda:GetLayerVersion"},
		"a queue by its URL":              {`  X: {Type: AWS::SQS::Queue}` + "\n" + `  P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref X], PolicyDocument: DOCUMENT}}`, "X", "sqs:SendMessage"},
		"a topic by its ARN":              {`  X: {Type: AWS::SNS::Topic}` + "\n" + `  P: {Type: AWS::SNS::TopicPolicy, Properties: {Topics: [!Ref X], PolicyDocument: DOCUMENT}}`, "X", "sns:Publish"},
		"a key has its own":               {`  X: {Type: AWS::KMS::Key, Properties: {KeyPolicy: DOCUMENT}}`, "X", "kms:Decrypt"},
		"a secret by its ARN":             {`  X: {Type: AWS::SecretsManager::Secret}` + "\n" + `  P: {Type: AWS::SecretsManager::ResourcePolicy, Properties: {SecretId: !Ref X, ResourcePolicy: DOCUMENT}}`, "X", "secretsmanager:GetSecretValue"},
		"a table has its own":             {`  X: {Type: AWS::DynamoDB::Table, Properties: {ResourcePolicy: {PolicyDocument: DOCUMENT}}}`, "X", "dynamodb:GetItem"},
		"a repository of images":          {`  X: {Type: AWS::ECR::Repository, Properties: {RepositoryPolicyText: DOCUMENT}}`, "X", "ecr:BatchGetImage"},
		"a queue with an inline one":      {`  X: {Type: AWS::SQS::Queue}` + "\n" + `  P: {Type: AWS::SQS::QueueInlinePolicy, Properties: {Queue: !Ref X, PolicyDocument: DOCUMENT}}`, "X", "sqs:SendMessage"},
		"a queue of which parts are open": {`  X: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "q-${Stage}"}}` + "\n" + `  P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref X], PolicyDocument: DOCUMENT}}`, "X", "sqs:SendMessage"},
	} {
		t.Run(sentence, func(t *testing.T) {
			document := strings.Replace(allow, "ACTION", c.action, 1)
			s := snapshot(t, shop, role(`[{Effect: Allow, Action: "athena:*", Resource: "*"}]`, strings.Replace(c.more, "DOCUMENT", document, 1)))
			target, err := s.Target(c.resource)
			require.NoError(t, err)
			require.Len(t, target.Policies, 1)
		})
	}
}

// All that is read of a template with everything in it, where it is known where it
// is deployed, and where nothing is.
func TestAllThatIsReadOfATemplate(t *testing.T) {
	text, err := os.ReadFile("testdata/everything.yaml")
	require.NoError(t, err)
	china := planned.Given{Account: "111122223333", Region: "cn-north-1", Stack: strings.Repeat("long-", 20)}
	for name, given := range map[string]planned.Given{"known": shop, "china": china, "open": {}} {
		s, err := build(given, string(text))
		require.NoError(t, err)
		golden.Compare(t, "testdata/everything-"+name+".txt", printed.Snapshot(s))
	}
}

func TestFaultsNamePlaceAndMend(t *testing.T) {
	const ok = `{Effect: Allow, Action: "s3:*", Resource: "*"}`
	for sentence, c := range map[string]struct {
		template string
		want     []string
	}{
		"a Ref to nothing":                   {role(`{Effect: Allow, Action: "s3:*", Resource: !Ref Tabel}`), []string{"template.yaml:9:", `"Tabel" is no parameter and no resource of this template`}},
		"a GetAtt of nothing":                {role(`{Effect: Allow, Action: "s3:*", Resource: !GetAtt X.Arn}`), []string{"template.yaml:9:", `"X" is no resource of this template`}},
		"a policy variable without its mark": {role(`{Effect: Allow, Action: "s3:*", Resource: !Sub "arn:aws:s3:::b/${aws:username}"}`), []string{"${aws:username} is no parameter", "written ${!aws:username} in Fn::Sub"}},
		"a condition that is not there":      {role(`[!If [IsProduction, ` + ok + `, !Ref AWS::NoValue]]`), []string{`there is no condition "IsProduction"`, "IsProd"}},
		"a circular dependency":              {role(ok, "  A: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref B}}\n  B: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetAtt A.Arn}}"), []string{"template.yaml:12:", "circular dependency: A → B → A"}},
		"a property that a type has not":     {role(ok, "  P: {Type: AWS::IAM::Policy, Properties: {PolicyName: p, PolicyDocuments: {}, Roles: [!Ref R]}}"), []string{"template.yaml:12:", "P: AWS::IAM::Policy has no property \"PolicyDocuments\"", "PolicyDocument"}},
		"a type of IAM that is none":         {role(ok, "  P: {Type: AWS::IAM::Roles}"), []string{`"AWS::IAM::Roles" is no type of CloudFormation`, "AWS::IAM::Role"}},
		"a wrong policy":                     {role(`{Effect: Alow, Action: "s3:*", Resource: "*"}`), []string{"template.yaml:9:", "R: Policies.Statement[0].Effect", `did you mean "Allow"`}},
		"a wrong permission":                 {role(ok, `  P: {Type: AWS::Lambda::Permission, Properties: {Action: lambda:InvokeFunction, FunctionName: x, Principal: "a*"}}`), []string{"template.yaml:12:", "P: Principal", "wildcard"}},
		"a Select beyond the list":           {role(`{Effect: Allow, Action: !Select [4, [a, b]], Resource: "*"}`), []string{"index 4 of Fn::Select is beyond the list, which has 2 elements"}},
		"a Select before the list":           {role(`{Effect: Allow, Action: !Select [-1, [a, b]], Resource: "*"}`), []string{"index -1 of Fn::Select is beyond the list"}},
		"a Select at the end of the list":    {role(`{Effect: Allow, Action: !Select [2, [a, b]], Resource: "*"}`), []string{"index 2 of Fn::Select is beyond the list"}},
		"a Select by what is no number":      {role(`{Effect: Allow, Action: !Select [x, [a, b]], Resource: "*"}`), []string{`index "x" of Fn::Select is no number`}},
		"a Sub of a list without variables":  {role(`{Effect: Allow, Action: !Sub ["s3:*"], Resource: "*"}`), []string{"Fn::Sub takes a text, or a text and its variables"}},
		"a Split without a text":             {role(`{Effect: Allow, Action: !Split [","], Resource: "*"}`), []string{"Fn::Split takes a separator and a text"}},
		"a GetAtt without an attribute":      {role(`{Effect: Allow, Action: "s3:*", Resource: {"Fn::GetAtt": [T]}}`), []string{"Fn::GetAtt takes the logical id of a resource and an attribute"}},
		"a mapping by a list":                {role(`{Effect: Allow, Action: !FindInMap [M, [a], b], Resource: "*"}`), []string{`mapping "M" has no`}},
		"a mapping that is not there":        {role(`{Effect: Allow, Action: !FindInMap [M, a, b], Resource: "*"}`), []string{`mapping "M" has no "a", "b"`}},
		"an unknown function":                {role(`{Effect: Allow, Action: {"Fn::Subb": x}, Resource: "*"}`), []string{`"Fn::Subb" is no intrinsic function`, "Fn::Sub"}},
		"a section that is none":             {"Resource: {}\nResources:\n  A: {Type: AWS::SQS::Queue}\n", []string{"template.yaml:1:1", `"Resource" is no section of a template`, "Resources"}},
		"a resource without a type":          {"Resources:\n  A: {Properties: {}}\n", []string{"template.yaml:2:3", "A: a resource is an object with a Type"}},
		"a policy template that is none":     {"Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {Type: AWS::Serverless::Function, Properties: {Policies: [{SQSPolerPolicy: {QueueName: q}}]}}\n", []string{"template.yaml:3:", "F: \"SQSPolerPolicy\" is no policy template of SAM", "SQSPollerPolicy"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			s, err := build(shop, c.template)
			require.Error(t, err)
			for _, want := range c.want {
				assert.ErrorContains(t, err, want)
			}
			assert.NotNil(t, s, "what is sound stands beside it")
		})
	}
}

func TestFilesThatAreNoTemplates(t *testing.T) {
	for sentence, c := range map[string]struct{ text, want string }{
		"an empty file":            {"", "template.yaml:1:1: the file is empty"},
		"JSON that was cut off":    {`{"Resources": {"A": {"Type": "AWS::SQS`, "template.yaml:1:"},
		"JSON with a comma alone":  {"{\"Resources\": [\n,]}", "template.yaml:2:1: no JSON"},
		"no object":                {"- a\n", "no template"},
		"without resources":        {"AWSTemplateFormatVersion: '2010-09-09'\n", "a template has Resources"},
		"broken YAML":              {"Resources:\n  A: [\n", "no YAML"},
		"an unknown short form":    {"Resources:\n  A: !Reff x\n", `template.yaml:2:6: "!Reff" is no short form of an intrinsic function; did you mean "!Ref"?`},
		"two documents":            {"Resources: {}\n---\nResources: {}\n", "a second YAML document"},
		"values beyond all depths": {strings.Repeat("[", 100000), ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			_, err := build(shop, c.text)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestStacksExportToOneAnother(t *testing.T) {
	exports := `Resources: {T: {Type: AWS::DynamoDB::Table, Properties: {TableName: shared}}}
Outputs: {Arn: {Value: !GetAtt T.Arn, Export: {Name: !Sub "${AWS::StackName}-Table"}}}
`
	s := snapshot(t, shop, role(`{Effect: Allow, Action: "dynamodb:*", Resource: !ImportValue shop-Table}`), exports)
	assert.Equal(t, "allowed", decide(t, s, "R", "dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/shared"))
}

func TestLoopsAreWrittenOut(t *testing.T) {
	s := snapshot(t, shop, `Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Tables:
    - Name
    - [orders, items]
    - Table${Name}: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref Name}}
`)
	for _, name := range []string{"orders", "items"} {
		target, err := s.Target("Table" + name)
		require.NoError(t, err)
		assert.Equal(t, "arn:aws:dynamodb:eu-west-1:111122223333:table/"+name, target.Resource)
	}
}

func TestALoopThatIsNotKnownIsToldOnce(t *testing.T) {
	_, err := build(shop, `Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Tables: [Name, !Ref Names, {"Table${Name}": {Type: AWS::DynamoDB::Table}}]
`)
	require.ErrorContains(t, err, "the list of Fn::ForEach is not known")
	assert.NotContains(t, err.Error(), "\n", "one fault")
}

// Newer templates may compute the names that Ref and Fn::GetAtt take.
func TestNamesMayBeComputed(t *testing.T) {
	s := snapshot(t, shop, `Transform: AWS::LanguageExtensions
Parameters:
  Which: {Type: String, Default: Orders}
  Open: {Type: String}
Resources:
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
  Items: {Type: AWS::DynamoDB::Table, Properties: {TableName: items}}
  R:
    Type: AWS::IAM::Role
    Properties:
      RoleName: r
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Principal: {AWS: "111122223333"}, Action: "sts:AssumeRole"}}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt [!Ref Which, Arn]}
              - {Effect: Allow, Action: "dynamodb:PutItem", Resource: !Sub ["arn:aws:dynamodb:eu-west-1:111122223333:table/${T}", {T: {Ref: !Sub "${Which}"}}]}
              - {Effect: Allow, Action: "dynamodb:Query", Resource: !GetAtt [!Ref Open, Arn]}
`)
	const table = "arn:aws:dynamodb:eu-west-1:111122223333:table/"
	for action, want := range map[string][2]string{
		"dynamodb:GetItem": {"allowed", "implicitDeny(identity)"}, "dynamodb:PutItem": {"allowed", "implicitDeny(identity)"}, "dynamodb:Query": {"indeterminate", "indeterminate"},
	} {
		assert.Equal(t, want[0], decide(t, s, "R", action, table+"orders"), action)
		assert.Equal(t, want[1], decide(t, s, "R", action, table+"items"), action)
	}
}

func TestComputedNamesThatNeedThemselvesEnd(t *testing.T) {
	for _, name := range []string{`!GetAtt [!Sub "${Itself}", TopicName]`, `{Ref: !Sub "${Itself}"}`, `!GetAtt [!Sub "A", TopicName]`} {
		_, err := build(shop, "Parameters: {Itself: {Type: String, Default: A}}\nResources: {A: {Type: AWS::SNS::Topic, Properties: {TopicName: "+name+"}}}")
		assert.ErrorContains(t, err, "circular reference: the name of A leads to itself", name)
	}
	_, err := build(shop, "Parameters: {A: {Type: String, Default: A}}\nResources: {V: {Type: AWS::Lambda::Version, Properties: {FunctionName: {Ref: !Sub V}}}}")
	assert.ErrorContains(t, err, `circular dependency: "V" needs itself`)
}

func TestLoopsWithinLoopsEnd(t *testing.T) {
	const levels = 8
	var loops strings.Builder
	for i := range levels {
		fmt.Fprintf(&loops, `"Fn::ForEach::L%d": [X%d, [a, b, c, d, e, f, g, h], {`, i, i)
	}
	_, err := build(shop, "Resources: {"+loops.String()+`"T": {Type: AWS::SNS::Topic}`+strings.Repeat("}]", levels)+"}")
	assert.ErrorContains(t, err, "the loops of the template make more than 10000 things")
}

func TestTheTemplateThatAWSKeepsIsReadToo(t *testing.T) {
	s := snapshot(t, shop, `{"TemplateBody": "Resources:\n  T: {Type: AWS::DynamoDB::Table}\n", "StagesAvailable": ["Original"]}`)
	_, err := s.Target("T")
	require.NoError(t, err)
}

func TestWhatIsNotGivenIsAGap(t *testing.T) {
	s := snapshot(t, planned.Given{}, role(`{Effect: Allow, Action: "s3:*", Resource: !Sub "arn:aws:s3:::b-${Stage}"}`))
	var gaps []string
	for _, g := range s.Gaps() {
		gaps = append(gaps, g.Error())
	}
	text := strings.Join(gaps, "\n")
	for _, want := range []string{"the account", "--account", "the region", "--region", "the name of the stack", "--stack", "parameter Stage", "--parameters Stage=VALUE"} {
		assert.Contains(t, text, want)
	}
}

// What a macro puts among resources and properties is not known, and is not taken
// for nothing.
func TestWhatAMacroMakesIsNotKnown(t *testing.T) {
	const (
		parts = account.InlinePolicies | account.ManagedPolicies | account.PermissionsBoundary
		macro = `Fn::Transform: {Name: AWS::Include, Parameters: {Location: "s3://b/k"}}`
	)
	for name, c := range map[string]struct {
		role, beside, gap string
		unknown           account.Part
	}{
		"none":                  {"Properties: {RoleName: r, " + trust + "}", "", "", 0},
		"among the properties":  {"Properties: {RoleName: r, " + macro + "}", "", "what Fn::Transform makes of R", parts},
		"beside the properties": {"Properties: {RoleName: r}, " + macro, "", "what Fn::Transform makes of R", parts},
		"for the properties":    {"Properties: {" + macro + "}", "", "what Fn::Transform makes of R", parts},
		"among the resources":   {"Properties: {RoleName: r, " + trust + "}", "  " + macro, "what Fn::Transform makes of the resources", 0},
		"beside what is given": {`Properties: {RoleName: r, Policies: [{PolicyName: p, PolicyDocument: {Statement: {Effect: Allow, Action: "*", Resource: "*"}}}],
			ManagedPolicyArns: [], PermissionsBoundary: !Ref AWS::NoValue, ` + macro + "}", "", "what Fn::Transform makes of R", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := snapshot(t, shop, "Resources:\n  T: {Type: AWS::DynamoDB::Table}\n  R: {Type: AWS::IAM::Role, "+c.role+"}\n"+c.beside)
			r, err := s.Principal("R")
			require.NoError(t, err)
			assert.Equal(t, c.unknown, r.Identity().Unknown()&parts)
			var gaps []string
			for _, g := range s.Gaps() {
				gaps = append(gaps, g.Error())
			}
			if told := strings.Join(gaps, "\n"); c.gap == "" {
				assert.NotContains(t, told, "Fn::Transform")
			} else {
				assert.Contains(t, told, c.gap+":")
			}
		})
	}
}

// A name that leads nowhere is a fault, unless a macro or a module may make what it
// names.
func TestANameMayBeOfWhatAMacroMakes(t *testing.T) {
	const include = `Fn::Transform: {Name: AWS::Include, Parameters: {Location: "s3://b/k"}}`
	for name, more := range map[string]string{
		"nothing is made":               "",
		"a transform of the template":   "Transform: [Ours]\n",
		"a transform with parameters":   "Transform: {Name: AWS::Include, Parameters: {Location: x}}\n",
		"a macro among the mappings":    "Mappings: {" + include + "}\n",
		"a macro in a mapping":          "Mappings: {M: {" + include + "}}\n",
		"a macro among the conditions":  "Conditions: {" + include + "}\n",
		"a module beside the resources": "  Made: {Type: Our::Own::Queue::MODULE}\n",
	} {
		t.Run(name, func(t *testing.T) {
			for expression, fault := range map[string]string{
				"!Ref MadeQueue":                 `"MadeQueue" is no parameter and no resource`,
				"!GetAtt Made.Queue.Arn":         `is no resource of this template`,
				"!GetAtt MadeQueue.Arn":          `"MadeQueue" is no resource of this template`,
				`!Sub "${MadeQueue}/x"`:          `"MadeQueue" is no parameter and no resource`,
				"!FindInMap [M, a, b]":           `mapping "M" has no "a", "b"`,
				`!If [Prod, !GetAtt T.Arn, "*"]`: `there is no condition "Prod"`,
			} {
				if strings.Contains(more, "MODULE") && expression == "!GetAtt Made.Queue.Arn" {
					continue // which is an attribute of Made
				}
				text := "Resources:\n  T: {Type: AWS::DynamoDB::Table}\n  R: {Type: AWS::IAM::Role, Properties: {RoleName: r, " + trust + ",\n" +
					"    Policies: [{PolicyName: p, PolicyDocument: {Statement: {Effect: Allow, Action: \"dynamodb:*\", Resource: " + expression + "}}}]}}\n"
				if strings.HasPrefix(more, " ") {
					text += more
				} else {
					text = more + text
				}
				s, err := build(shop, text)
				if more == "" {
					assert.ErrorContains(t, err, fault)
					continue
				}
				require.NoError(t, err, expression)
				assert.Contains(t, decide(t, s, "R", "dynamodb:GetItem", "T"), "indeterminate", expression)
			}
		})
	}
}

func TestWhatAMacroMakesOfAFunctionOfSAMIsNotKnown(t *testing.T) {
	for properties, unknown := range map[string]account.Part{
		"Handler: a": 0,
		`Handler: a, Fn::Transform: {Name: AWS::Include}`:                                           account.ManagedPolicies | account.PermissionsBoundary,
		`Fn::Transform: {Name: AWS::Include}, Policies: [], PermissionsBoundary: !Ref AWS::NoValue`: 0,
	} {
		s := snapshot(t, shop, "Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {Type: AWS::Serverless::Function, Properties: {"+properties+"}}\n")
		r, err := s.Principal("FRole")
		require.NoError(t, err)
		assert.Equal(t, unknown, r.Identity().Unknown(), properties)
	}
}

func TestSAMGivesRolesAndPermissions(t *testing.T) {
	s := snapshot(t, shop, `Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: nodejs22.x}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      AutoPublishAlias: live
      Policies: [{DynamoDBReadPolicy: {TableName: !Ref Table}}, {LambdaInvokePolicy: {FunctionName: !Ref Other}}]
      Events: {Topic: {Type: SNS, Properties: {Topic: !Ref News}}}
  Other: {Type: AWS::Serverless::Function, Properties: {FunctionName: orders, FunctionUrlConfig: {AuthType: AWS_IAM}}}
  Admin: {Type: AWS::Serverless::Function, Properties: {FunctionName: orders-admin}}
  Table: {Type: AWS::Serverless::SimpleTable}
  News: {Type: AWS::SNS::Topic}
`)
	assert.Equal(t, "allowed", decide(t, s, "OrdersRole", "dynamodb:GetItem", "Table"))
	assert.Contains(t, decide(t, s, "OrdersRole", "dynamodb:PutItem", "Table"), "implicitDeny")
	assert.Equal(t, "allowed", decide(t, s, "OrdersRole", "lambda:InvokeFunction", "Other"))
	assert.Equal(t, "allowed", decide(t, s, "OrdersRole", "lambda:InvokeFunction", "Admin"), "LambdaInvokePolicy grants a prefix of names")
	orders, err := s.Function("Orders")
	require.NoError(t, err)
	require.Len(t, orders.Aliases, 1)
	target, err := s.Target(orders.ARN + ":live")
	require.NoError(t, err)
	require.NotEmpty(t, target.Policies, "the permission is that of the alias")
	other, err := s.Function("Other")
	require.NoError(t, err)
	assert.Equal(t, []account.URL{{AuthType: "AWS_IAM"}}, other.URLs)
}

func TestFilesOfParametersHaveThreeShapes(t *testing.T) {
	want := map[string]string{"Stage": "prod", "Size": "3"}
	for sentence, text := range map[string]string{
		"a list of keys and values": `[{"ParameterKey": "Stage", "ParameterValue": "prod"}, {"ParameterKey": "Size", "ParameterValue": "3"}]`,
		"a list of texts":           `["Stage=prod", "Size=3"]`,
		"as CodePipeline has them":  `{"Parameters": {"Stage": "prod", "Size": 3}, "Tags": {}}`,
	} {
		values, err := cloudformation.Values("p.json", []byte(text))
		require.NoError(t, err, sentence)
		assert.Equal(t, want, values, sentence)
	}
	for text, want := range map[string]map[string]string{
		`{"Stage": "prod", "Size": 1.5}`:                                                                 {"Stage": "prod", "Size": "1.5"},
		`{"Size": 1000000, "Account": 111122223333, "Small": 0.0000001, "On": true}`:                     {"Size": "1000000", "Account": "111122223333", "Small": "0.0000001", "On": "true"},
		`[{"ParameterKey": "A", "UsePreviousValue": true}, {"ParameterKey": "B", "ParameterValue": ""}]`: {"B": ""},
		`[{"ParameterKey": "A", "UsePreviousValue": true, "ParameterValue": "x"}]`:                       {"A": "x"},
		`["A=", "B=x=y"]`:     {"A": "", "B": "x=y"},
		`[]`:                  {},
		`{}`:                  {},
		`{"Parameters": "x"}`: {"Parameters": "x"},
	} {
		values, err := cloudformation.Values("p.json", []byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, want, values, text)
	}
	for _, text := range []string{
		`7`, `["Stage"]`, `["=x"]`, `[7]`, `{`, `[{"ParameterValue": "x"}]`, `[{"ParameterKey": "A"}]`, `[{"ParameterKey": "A", "ParameterValue": null}]`,
		`[{"ParameterKey": "A", "UsePreviousValue": false}]`, `{"A": null}`, `{"A": ["x"]}`, `{"": "x"}`, `{"Parameters": {"A": {}}}`,
	} {
		_, err := cloudformation.Values("p.json", []byte(text))
		assert.ErrorContains(t, err, "p.json: no parameters: ", text)
		assert.NotContains(t, err.Error(), "%!", text)
	}
	_, err := build(planned.Given{Parameters: map[string]string{"Stag": "x"}}, role(`{Effect: Allow, Action: "s3:*", Resource: "*"}`))
	assert.ErrorContains(t, err, `no template that was read has a parameter "Stag"; did you mean "Stage"?`)
}

func TestOfAMemberThatIsHereTwiceTheLastCounts(t *testing.T) {
	b := account.New()
	b.Partial = true
	r := cloudformation.NewReader(b, planned.Given{Account: "111122223333", Region: "eu-west-1", Stack: "shop"})
	require.NoError(t, r.Read("template.yaml", strings.NewReader("Resources:\n  A: {Type: AWS::SQS::Queue}\n  A: {Type: AWS::SNS::Topic, Properties: {TopicName: last}}\n")))
	r.Finish()
	s, err := b.Build()
	require.NoError(t, err)
	target, err := s.Target("A")
	require.NoError(t, err)
	assert.Equal(t, "arn:aws:sns:eu-west-1:111122223333:last", target.Resource)
	assert.Contains(t, strings.Join(s.Notes(), "\n"), `template.yaml:3:3: member "A" is here twice, first at line 2`)
}

func TestAFileThatCannotBeRead(t *testing.T) {
	broken := errors.New("the disk is gone")
	err := cloudformation.NewReader(account.New(), planned.Given{}).Read("template.yaml", iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
	assert.ErrorContains(t, err, "template.yaml: ")
}

// More names than a stack has resources are not compared one by one: each may be any.
func TestOfTooManyOpenNamesEachMayBeAny(t *testing.T) {
	const most = 500
	known := func(number int, one string) map[string]account.Part {
		var b strings.Builder
		b.WriteString(`Parameters: {Stage: {Type: String}}
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: b}}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: t}}
  Function: {Type: AWS::Lambda::Function, Properties: {FunctionName: f, Role: "arn:aws:iam::111122223333:role/r"}}
  User: {Type: AWS::IAM::User, Properties: {UserName: u}}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: u, AssumeRolePolicyDocument: $trust}}
`)
		for i := range number {
			b.WriteString("  " + strings.ReplaceAll(one, "#", strconv.Itoa(i)) + "\n")
		}
		s, err := build(shop, documents.Replace(b.String()))
		require.NoError(t, err)
		parts := make(map[string]account.Part)
		for i := range s.Identities() {
			parts[i.Address] = i.Known
		}
		for f := range s.Functions() {
			parts[f.Address] = f.Known
		}
		for r := range s.Resources() {
			parts["policy of "+r.ARN[strings.LastIndexByte(r.ARN, ':')+1:]] = r.Known
		}
		return parts
	}
	all := known(0, "")
	for one, without := range map[string]map[string]account.Part{
		`X#: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Sub "x-${Stage}-#", PolicyDocument: $public}}`:                                            {"policy of b": account.ResourcePolicy},
		`X#: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Sub "x-${Stage}-#", Action: "lambda:InvokeFunction", Principal: "444455556666"}}`: {"policy of f": account.ResourcePolicy},
		`X#: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Sub "x-${Stage}-#", Name: a, FunctionVersion: "1"}}`:                                   {"Function": account.Aliases | account.Versions | account.URLs},
		`X#: {Type: AWS::IAM::Policy, Properties: {PolicyName: p, Users: [!Sub "x-${Stage}-#"], PolicyDocument: $allow}}`:                                  {"User": account.InlinePolicies},
		`X#: {Type: AWS::IAM::ManagedPolicy, Properties: {Roles: [!Sub "x-${Stage}-#"], PolicyDocument: $allow}}`:                                          {"Role": account.ManagedPolicies},
	} {
		assert.Equal(t, all, known(most, one), one)
		want := maps.Clone(all)
		for of, part := range without {
			want[of] &^= part
		}
		assert.Equal(t, want, known(most+1, one), one)
	}
}
