package terraform_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/internal/printed"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/account/terraform"
	"github.com/iamsim/iamsim/internal/golden"
	"github.com/iamsim/iamsim/policy"
)

// read reads a file of testdata.
func read(t testing.TB, file string, given planned.Given) *terraform.Plan {
	src, err := os.Open(filepath.Join("testdata", file))
	require.NoError(t, err)
	defer src.Close()
	p, err := terraform.Read(file, src, given)
	require.NoError(t, err)
	return p
}

// side is what there is before or after a plan is applied, without fault.
func side(t testing.TB, p *terraform.Plan, when string) *account.Snapshot {
	b := account.New()
	if when == "before" {
		p.Before(b)
	} else {
		p.After(b)
	}
	s, err := b.Build()
	require.NoError(t, err)
	return s
}

// decide asks whether a principal, by address, may do something with what has an
// address or an ARN.
func decide(t testing.TB, s *account.Snapshot, who, action, resource string) string {
	p, err := s.Principal(who)
	require.NoError(t, err)
	caller, err := p.Caller()
	require.NoError(t, err)
	target, err := evaluator.Target{Resource: resource}, error(nil)
	if resource != "*" {
		if target, err = s.Target(resource); errors.Is(err, account.ErrNotFound) {
			target, err = evaluator.Target{Resource: resource}, nil
		}
	}
	require.NoError(t, err)
	return evaluator.Evaluate(&caller, &target, &evaluator.Request{Action: action}).Outcome().String()
}

func TestWhatAPlanDecides(t *testing.T) {
	given := planned.Given{Account: "123456789012"}
	const deploy = "aws_iam_role.deploy"
	for sentence, c := range map[string]struct {
		plan, when, who, action, resource, want string
	}{
		"a document that had to wait is rebuilt from its blocks":         {"deferred", "after", deploy, "lambda:UpdateFunctionCode", "aws_lambda_function.orders", "allowed"},
		"and allows no more than they say":                               {"deferred", "after", deploy, "lambda:InvokeFunction", "aws_lambda_function.orders", "implicitDeny"},
		"a planned boundary binds":                                       {"deferred", "after", deploy, "lambda:DeleteFunction", "aws_lambda_function.orders", "explicitDeny"},
		"an attached policy of AWS counts, within the boundary":          {"deferred", "after", deploy, "lambda:ListFunctions", "*", "allowed"},
		"another function is not the planned one":                        {"deferred", "after", deploy, "lambda:UpdateFunctionCode", "arn:aws:lambda:us-east-1:123456789012:function:orders2", "implicitDeny"},
		"what stands around the ARN of a bucket is not known":            {"deferred", "after", deploy, "s3:GetObject", "arn:aws:s3:::artifacts-example/code.zip", "indeterminate"},
		"and it is no other bucket":                                      {"deferred", "after", deploy, "s3:GetObject", "arn:aws:s3:::another/code.zip", "implicitDeny"},
		"a policy whose structure is lost may be anything":               {"deferred", "after", "aws_iam_role.orders", "logs:PutLogEvents", "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/orders:log-stream:x", "indeterminate"},
		"a reference leads through an output and a variable":             {"modules", "after", "module.deploy.aws_iam_role.this", "lambda:InvokeFunction", "module.orders.aws_lambda_function.this", "allowed"},
		"and not to a module of another name":                            {"modules", "after", "module.deploy.aws_iam_role.this", "lambda:InvokeFunction", "module.returns.aws_lambda_function.this", "implicitDeny"},
		"modules that for_each makes have what is theirs":                {"modules", "after", `module.teams["green"].aws_iam_role.this`, "lambda:InvokeFunction", "module.returns.aws_lambda_function.this", "allowed"},
		"an attachment of the root reaches the role of a module":         {"modules", "after", "module.deploy.aws_iam_role.this", "lambda:ListFunctions", "*", "allowed"},
		"instances of one key belong together":                           {"foreach", "after", `aws_iam_role.teams["blue"]`, "lambda:InvokeFunction", `aws_lambda_function.teams["blue"]`, "allowed"},
		"instances of different keys do not":                             {"foreach", "after", `aws_iam_role.teams["blue"]`, "lambda:InvokeFunction", `aws_lambda_function.teams["green"]`, "implicitDeny"},
		"documents are merged, and one with the same Sid replaces":       {"foreach", "after", "aws_iam_role.counted[1]", "lambda:DeleteFunction", `aws_lambda_function.teams["green"]`, "explicitDeny"},
		"a merged document keeps the others":                             {"foreach", "after", "aws_iam_role.counted[0]", "lambda:GetFunction", `aws_lambda_function.teams["green"]`, "allowed"},
		"a dynamic block is there, and what it refers to is not":         {"foreach", "after", "aws_iam_role.counted[0]", "logs:PutLogEvents", "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/orders:log-stream:x", "allowed"},
		"a local value is followed no further":                           {"foreach", "after", "aws_iam_role.counted[0]", "logs:PutLogEvents", "arn:aws:logs:us-east-1:123456789012:log-group:/other:log-stream:x", "indeterminate"},
		"a user has the policies of the planned group":                   {"foreach", "after", "aws_iam_user.alice", "s3:ListBucket", "arn:aws:s3:::any", "allowed"},
		"a role whose name is not known has its policies":                {"unnamed", "after", "aws_iam_role.unnamed", "s3:GetObject", "arn:aws:s3:::reports/2026.csv", "allowed"},
		"a function whose name is not known is the same where it is not": {"unnamed", "after", "aws_iam_role.unnamed", "lambda:InvokeFunction", "aws_lambda_function.unnamed", "indeterminate"},
		"a role that lists its policies":                                 {"kinds", "after", "aws_iam_role.job", "lambda:ListFunctions", "*", "allowed"},
		"a policy that is attached to many":                              {"kinds", "after", "aws_iam_user.alice", "sqs:SendMessage", "aws_sqs_queue.jobs", "allowed"},
		"a Deny that the plan takes away denies before":                  {"change", "before", deploy, "lambda:DeleteFunction", "aws_lambda_function.orders", "explicitDeny"},
		"and not after": {"change", "after", deploy, "lambda:DeleteFunction", "aws_lambda_function.orders", "allowed"},
		"a list of what is there and what is planned": {"change", "after", deploy, "lambda:DeleteFunction", "aws_lambda_function.returns", "allowed"},
		"an attachment that goes allows before":       {"change", "before", deploy, "lambda:ListFunctions", "*", "allowed"},
		"and is gone after":                           {"change", "after", deploy, "lambda:ListFunctions", "*", "implicitDeny"},
		"what the plan leaves alone stays":            {"change", "after", "aws_iam_role.same", "s3:GetObject", "arn:aws:s3:::data-example/x", "allowed"},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := side(t, read(t, c.plan+"/plan.json", given), c.when)
			assert.Equal(t, c.want, decide(t, s, c.who, c.action, c.resource))
		})
	}
}

// What a plan says, the state must have when it is applied: but for what is known
// after apply.
func TestTheStateIsWhatThePlanSaid(t *testing.T) {
	plans, err := filepath.Glob("testdata/*/plan.json")
	require.NoError(t, err)
	require.Len(t, plans, 6)
	for _, file := range plans {
		name := filepath.Base(filepath.Dir(file))
		t.Run(name, func(t *testing.T) {
			given := planned.Given{Account: "123456789012"}
			plan, state := read(t, name+"/plan.json", given), read(t, name+"/state.json", planned.Given{Region: "us-east-1"})
			assert.False(t, plan.IsState())
			assert.True(t, state.IsState())
			after, is := side(t, plan, "after"), side(t, state, "after")
			assert.Equal(t, listed(is), listed(after))
			assert.Equal(t, listed(is), listed(side(t, state, "before")))
		})
	}
}

// All that is read of a plan, before and after it is applied, and of the state.
func TestAllThatIsReadOfAPlan(t *testing.T) {
	given := planned.Given{Account: "123456789012", Region: "us-east-1"}
	plans, err := filepath.Glob("testdata/*/plan.json")
	require.NoError(t, err)
	for _, file := range plans {
		folder := filepath.Dir(file)
		plan, state := read(t, filepath.Base(folder)+"/plan.json", given), read(t, filepath.Base(folder)+"/state.json", planned.Given{})
		golden.Compare(t, filepath.Join(folder, "snapshots.txt"), "# before\n\n"+printed.Snapshot(side(t, plan, "before"))+
			"\n# after\n\n"+printed.Snapshot(side(t, plan, "after"))+"\n# state\n\n"+printed.Snapshot(side(t, state, "after")))
	}
}

// listed are the addresses of all that there is, with the names of what they have.
func listed(s *account.Snapshot) []string {
	var all []string
	address := func(of string) string {
		for i := range s.Identities() {
			if i.ARN == of {
				return i.Address
			}
		}
		for p := range s.Policies() {
			if p.ARN == of && p.Address != "" {
				return p.Address
			}
		}
		return of
	}
	for i := range s.Identities() {
		line := i.Address + " trust " + map[bool]string{true: "yes", false: "no"}[i.Trust != nil] + " boundary " + address(i.Boundary)
		for _, group := range i.Groups {
			line += " group " + group
		}
		for _, a := range i.Inline {
			line += " inline"
			for _, st := range a.Document.Statements {
				if st.Condition == nil && st.Resource == nil {
					line += " " + strings.Join(st.Action, ",")
				}
			}
		}
		managed := []string{}
		for _, of := range i.Managed {
			managed = append(managed, address(of))
		}
		slices.Sort(managed)
		all = append(all, line+" managed "+strings.Join(managed, " "))
	}
	for f := range s.Functions() {
		line := f.Address + " runs as " + address(f.Role)
		for _, alias := range f.Aliases {
			line += " alias " + alias.Name
		}
		for _, u := range f.URLs {
			line += " URL " + u.Qualifier + " " + u.AuthType
		}
		all = append(all, line)
	}
	for r := range s.Resources() {
		if r.Address != "" {
			all = append(all, r.Address+" policy "+map[bool]string{true: "yes", false: "no"}[r.Policy != nil])
		}
	}
	slices.Sort(all)
	return all
}

func TestWhatIsNotKnownIsNamedWithItsOrigin(t *testing.T) {
	s := side(t, read(t, "deferred/plan.json", planned.Given{}), "after")
	var gaps []string
	for _, g := range s.Gaps() {
		gaps = append(gaps, g.Error())
	}
	text := strings.Join(gaps, "\n")
	assert.Contains(t, text, "aws_iam_policy.log.policy: not known (deferred/plan.json); known after apply, from aws_cloudwatch_log_group.orders.arn")
	assert.Contains(t, text, `write it as a data "aws_iam_policy_document"`)
	assert.Contains(t, text, "data.aws_iam_policy_document.deploy.statement[1].resources[0]: not known")
	assert.Contains(t, strings.Join(s.Notes(), "\n"), "data.aws_iam_policy_document.deploy.statement[0].resources[0] is taken to be aws_lambda_function.orders.arn and nothing more")
}

func TestAValueThatIsGivenIsTaken(t *testing.T) {
	for sentence, c := range map[string]struct {
		plan                  string
		values                map[string]string
		who, action, resource string
		want                  string
	}{
		"an element of a document": {
			"deferred", map[string]string{"data.aws_iam_policy_document.deploy.statement[1].resources[0]": "arn:aws:s3:::artifacts-example/*"},
			"aws_iam_role.deploy", "s3:GetObject", "arn:aws:s3:::artifacts-example/code.zip", "allowed",
		},
		"a whole policy": {
			"deferred", map[string]string{"aws_iam_policy.log.policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:PutLogEvents","Resource":"*"}]}`},
			"aws_iam_role.orders", "logs:PutLogEvents", "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/orders:log-stream:x", "allowed",
		},
		"the name of a function, which its ARN and references have": {
			"unnamed", map[string]string{"aws_lambda_function.unnamed.function_name": "job-1a2b"},
			"aws_iam_role.unnamed", "lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:job-1a2b", "allowed",
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := side(t, read(t, c.plan+"/plan.json", planned.Given{Account: "123456789012", Values: c.values}), "after")
			assert.Equal(t, c.want, decide(t, s, c.who, c.action, c.resource))
		})
	}
}

func TestPoliciesOfResources(t *testing.T) {
	s := side(t, read(t, "kinds/plan.json", planned.Given{}), "after")
	all := policy.MustParse("all", `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`)
	partner := evaluator.Caller{Principal: evaluator.Role("arn:aws:iam::111122223333:role/partner"), Identity: evaluator.MustCompile(policy.Identity, all)}
	for resource, action := range map[string]string{
		"aws_sqs_queue.jobs": "sqs:SendMessage", "aws_sns_topic.placed": "sns:Publish", "aws_kms_key.data": "kms:Decrypt",
		"aws_kms_key.other": "kms:Encrypt", "aws_secretsmanager_secret.token": "secretsmanager:GetSecretValue",
		"aws_dynamodb_table.orders": "dynamodb:GetItem", "aws_ecr_repository.images": "ecr:BatchGetImage", "aws_lambda_function.returns": "lambda:InvokeFunction",
		"arn:aws:lambda:us-east-1:123456789012:layer:common:1": "lambda:GetLayerVersion",
	} {
		t.Run(resource, func(t *testing.T) {
			target, err := s.Target(resource)
			require.NoError(t, err)
			assert.Equal(t, "allowed", evaluator.Evaluate(&partner, &target, &evaluator.Request{Action: action}).Outcome().String())
			service, _, _ := strings.Cut(action, ":")
			assert.Equal(t, "implicitDeny", evaluator.Evaluate(&partner, &target, &evaluator.Request{Action: service + ":DeleteSomething"}).Outcome().String())
		})
	}
	live, err := s.Target("arn:aws:lambda:us-east-1:123456789012:function:orders:live")
	require.NoError(t, err)
	events := evaluator.Caller{Principal: evaluator.Service("events.amazonaws.com")}
	request := evaluator.Request{Action: "lambda:InvokeFunction", Context: evaluator.Context{{Name: "aws:SourceArn", Values: []string{"arn:aws:events:us-east-1:123456789012:rule/nightly"}}}}
	assert.True(t, evaluator.Evaluate(&events, &live, &request).Allowed())
	request.Context[0].Values[0] = "arn:aws:events:us-east-1:123456789012:rule/another"
	assert.False(t, evaluator.Evaluate(&events, &live, &request).Allowed())
}

func TestFilesComeInManyEncodings(t *testing.T) {
	text, err := os.ReadFile("testdata/deferred/plan.json")
	require.NoError(t, err)
	wide := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(string(text))) {
		wide = binary.LittleEndian.AppendUint16(wide, unit)
	}
	for encoding, content := range map[string]string{
		"UTF-8 with a byte order mark": "\ufeff" + string(text),
		"UTF-16 of PowerShell":         string(wide),
	} {
		p, err := terraform.Read(encoding, strings.NewReader(content), planned.Given{})
		require.NoError(t, err, encoding)
		assert.Equal(t, "allowed", decide(t, side(t, p, "after"), "aws_iam_role.deploy", "lambda:GetFunction", "aws_lambda_function.orders"), encoding)
	}
}

// A path that is known after apply is not the path "/".
func TestAPathThatIsNotKnownIsNotNone(t *testing.T) {
	for name, c := range map[string]struct{ after, unknown, want string }{
		"given":   {`"path": "/team/",`, "", "role/team/r"},
		"none":    {"", "", "role/r"},
		"unknown": {"", `"path": true,`, "role/known-after-apply-[0-9a-f]{8}/r"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := terraform.Read("plan.json", strings.NewReader(`{"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": [{"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role", "name": "r",
				"provider_name": "aws", "change": {"actions": ["create"], "before": null, "after": {`+c.after+` "name": "r", "assume_role_policy": "{}"}, "after_unknown": {`+c.unknown+` "arn": true, "id": true}}}]}`), planned.Given{Account: "123456789012"})
			require.NoError(t, err)
			b := account.New()
			b.Partial = true
			p.After(b)
			s, _ := b.Build() // which has a trust policy to complain of
			r, err := s.Principal("aws_iam_role.r")
			require.NoError(t, err)
			assert.Regexp(t, "^arn:aws:iam::123456789012:"+c.want+"$", r.String())
		})
	}
}

// States of Terraform 0.12 leave modules and keys out of addresses.
func TestAStateOfAnOldVersionHasWholeAddresses(t *testing.T) {
	role := func(name, index string) string {
		return `{"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role", "name": "r"` + index + `, "provider_name": "aws", "schema_version": 0,
			"values": {"name": "` + name + `", "path": "/", "arn": "arn:aws:iam::123456789012:role/` + name + `"}}`
	}
	p, err := terraform.Read("state.json", strings.NewReader(`{"format_version": "0.1", "terraform_version": "0.12.11", "values": {"root_module": {
		"resources": [`+role("first", `, "index": 0`)+`,`+role("second", `, "index": 1`)+`],
		"child_modules": [{"resources": [`+role("third", `, "index": "blue"`)+`], "address": "module.m", "child_modules": [
			{"resources": [`+role("fourth", "")+`], "address": "module.m.module.n"}]}]}}}`), planned.Given{})
	require.NoError(t, err)
	b := account.New()
	b.Partial = true
	p.After(b)
	s, err := b.Build()
	require.NoError(t, err)
	for address, name := range map[string]string{
		"aws_iam_role.r[0]": "first", "aws_iam_role.r[1]": "second", `module.m.aws_iam_role.r["blue"]`: "third", "module.m.module.n.aws_iam_role.r": "fourth",
	} {
		role, err := s.Principal(address)
		if assert.NoError(t, err, address) {
			assert.Equal(t, name, role.Identity().Name())
		}
	}
}
