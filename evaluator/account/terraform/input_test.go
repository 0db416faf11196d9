package terraform_test

import (
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/account/terraform"
)

// parse reads a text.
func parse(t testing.TB, text string, given planned.Given) *terraform.Plan {
	p, err := terraform.Read("plan.json", strings.NewReader(text), given)
	require.NoError(t, err)
	return p
}

// plan is a plan with changes and a configuration of the root module.
func plan(changes, resources, providers string) string {
	return `{"format_version": "1.2", "resource_changes": [` + changes + `], "configuration": {"provider_config": {` + providers + `}, "root_module": {"resources": [` + resources + `]}}}`
}

// change is a resource that is made.
func change(address, after, unknown string) string {
	typ, name, _ := strings.Cut(address, ".")
	mode := "managed"
	if typ == "data" {
		mode = "data"
		typ, name, _ = strings.Cut(name, ".")
	}
	name, _, _ = strings.Cut(name, "[")
	return `{"address": "` + strings.ReplaceAll(address, `"`, `\"`) + `", "mode": "` + mode + `", "type": "` + typ + `", "name": "` + name +
		`", "provider_name": "registry.opentofu.org/hashicorp/aws", "change": {"actions": ["create"], "before": null, "after": ` + after + `, "after_unknown": ` + unknown + `}}`
}

const trust = `{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}`

func TestWhatIsNoPlanIsNamedWithWhatToDo(t *testing.T) {
	whole, err := os.ReadFile("testdata/deferred/plan.json")
	require.NoError(t, err)
	for sentence, c := range map[string]struct{ text, want string }{
		"an empty file":                     {"", "plan.json is empty: terraform show -json printed an error"},
		"a plan as Terraform stores it":     {"PK\x03\x04", "plan.json:1:1: not JSON: it looks like a plan as terraform plan -out writes it: print it with terraform show -json plan.json > plan.json"},
		"text for people":                   {"Terraform will perform the following actions", `plan.json:1:1: not JSON: a plan begins with { and not with "T"`},
		"a log of terraform plan -json":     {`{"@level":"info","@message":"Terraform 1.11.4"}`, "plan.json:1:11: this is a log, as terraform plan -json writes it"},
		"a state as Terraform stores it":    {`{"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x"}`, "this is a state as Terraform stores it: print it with terraform show -json plan.json > state.json"},
		"a plan of a format to come":        {`{"format_version": "2.0"}`, `plan.json:1:20: format_version is "2.0", and 0.1 to 1.x can be read`},
		"a plan of a format that never was": {`{"format_version": "0.0"}`, `format_version is "0.0"`},
		"a version that is none":            {`{"format_version": 1}`, `format_version is "1"`},
		"no version at all":                 {`{"resource_changes": []}`, "plan.json: neither a plan nor a state: it has no format_version"},
		"a plan without its changes":        {`{"format_version": "1.2", "planned_values": {"root_module": {"resources": [{"address": "aws_iam_role.r", "type": "aws_iam_role", "name": "r"}]}}}`, "the plan has planned_values and no resource_changes"},
		"a file that was cut off":           {string(whole[:len(whole)/2]), "it was cut off, make it anew"},
		"a member twice":                    {`{"format_version": "1.2", "format_version": "1.2"}`, `the plan has the member "format_version" twice`},
		"more after the end":                {`{"format_version": "1.2"} {}`, `plan.json:1:27: there is more after the end of the plan, from "{" on`},
		"changes that are no list":          {`{"format_version": "1.2", "resource_changes": {}}`, "resource_changes is an object, and not a list"},
		"a change that is no object":        {`{"format_version": "1.2", "resource_changes": [1]}`, "plan.json:1:48: a resource has no address or no type"},
		"a change without a change":         {`{"format_version": "1.2", "resource_changes": [{"address": "aws_iam_role.r", "type": "aws_iam_role", "name": "r"}]}`, "aws_iam_role.r has no change"},
		"an address of another resource":    {`{"format_version": "1.2", "resource_changes": [{"address": "aws_iam_role.other", "type": "aws_iam_role", "name": "r", "change": {}}]}`, `address "aws_iam_role.other" is not that of "aws_iam_role.r"`},
		"a resource twice":                  {plan(change("aws_iam_role.r", "{}", "{}")+","+change("aws_iam_role.r", "{}", "{}"), "", ""), "aws_iam_role.r is there twice"},
	} {
		t.Run(sentence, func(t *testing.T) {
			_, err := terraform.Read("plan.json", strings.NewReader(c.text), planned.Given{})
			assert.ErrorContains(t, err, c.want)
		})
	}
	_, err = terraform.Read("plan.json", iotest.ErrReader(os.ErrClosed), planned.Given{})
	assert.ErrorIs(t, err, os.ErrClosed)
}

func TestAPlanThatDoesNotSayAllIsAnErrorUnlessAllowed(t *testing.T) {
	for sentence, c := range map[string]struct{ text, want string }{
		"it ended with an error": {`{"format_version": "1.2", "errored": true}`, "plan.json: the plan ended with an error, and what comes after it is missing: mend the error and plan again"},
		"it is not complete":     {`{"format_version": "1.2", "complete": false}`, "plan.json: the plan is not complete"},
		"it puts changes off": {`{"format_version": "1.2", "deferred_changes": [{"reason": "x", "resource_change": {"address": "aws_iam_role.r"}}]}`,
			"plan.json: aws_iam_role.r was deferred: its change is not in the plan"},
		"it does not say in which account": {plan(change("aws_iam_role.r", `{"name": "r", "assume_role_policy": "`+trust+`"}`, "{}"), "", ""),
			"plan.json: the plan does not say in which account the provider aws makes what it makes: give it, --account 123456789012"},
		"it does not say in which region": {plan(change("aws_sqs_queue.q", `{"name": "q"}`, `{"arn": true}`), "", `"aws": {"name": "aws", "expressions": {"allowed_account_ids": {"constant_value": ["123456789012"]}}}`),
			"plan.json: the plan does not say in which region the provider aws makes what it makes: give it, --region us-east-1"},
	} {
		t.Run(sentence, func(t *testing.T) {
			b := account.New()
			parse(t, c.text, planned.Given{}).After(b)
			_, err := b.Build()
			assert.ErrorContains(t, err, c.want)

			b = account.New()
			b.Partial = true
			parse(t, c.text, planned.Given{}).After(b)
			s, err := b.Build()
			require.NoError(t, err)
			require.NotEmpty(t, s.Gaps())
		})
	}
}

func TestAFaultOfOneResourceLeavesTheOthers(t *testing.T) {
	role := func(name, policy string) string {
		return change("aws_iam_role."+name, `{"name": "`+name+`", "arn": "arn:aws:iam::123456789012:role/`+name+`", "assume_role_policy": "`+policy+`"}`, "{}")
	}
	for sentence, c := range map[string]struct{ changes, want string }{
		"a policy that is none": {role("bad", `{\"Statement\": 1}`), "plan.json:1: aws_iam_role.bad: "},
		"two roles of one name": {role("bad", trust) + "," + strings.Replace(role("bad", trust), "aws_iam_role.bad", "aws_iam_role.worse", 1), "is not that of"},
		"a permission that AWS Lambda would refuse": {change("aws_lambda_permission.bad", `{"action": "s3:GetObject", "function_name": "arn:aws:lambda:us-east-1:123456789012:function:f", "principal": "s3.amazonaws.com", "statement_id": "x"}`, "{}"),
			"aws_lambda_permission.bad: "},
	} {
		t.Run(sentence, func(t *testing.T) {
			p, err := terraform.Read("plan.json", strings.NewReader(plan(c.changes+","+role("good", trust), "", "")), planned.Given{})
			if err != nil {
				assert.ErrorContains(t, err, c.want)
				return
			}
			b := account.New()
			p.After(b)
			s, err := b.Build()
			assert.ErrorContains(t, err, c.want)
			good, err := s.Principal("aws_iam_role.good")
			require.NoError(t, err)
			assert.NotNil(t, good.Identity().Trust)
		})
	}
}

func TestWhereAProviderIs(t *testing.T) {
	queue := func(provider string) (changes, resources string) {
		return change("aws_sqs_queue.q", `{"name": "q"}`, `{"arn": true}`), `{"address": "aws_sqs_queue.q", "provider_config_key": "` + provider + `", "expressions": {}}`
	}
	identity := `,` + change("data.aws_caller_identity.me", `{"account_id": "111122223333"}`, "{}")
	for sentence, c := range map[string]struct {
		provider, providers, more, moreResources string
		given                                    planned.Given
		want                                     string
	}{
		"flags say it": {"aws", `"aws": {"name": "aws"}`, "", "", planned.Given{Account: "123456789012", Region: "eu-west-1"}, "arn:aws:sqs:eu-west-1:123456789012:q"},
		"its configuration says it": {"aws", `"aws": {"name": "aws", "expressions": {"region": {"constant_value": "us-west-2"}, "allowed_account_ids": {"constant_value": ["123456789012"]}}}`, "", "",
			planned.Given{}, "arn:aws:sqs:us-west-2:123456789012:q"},
		"the role that it assumes says it": {"aws.x", `"aws.x": {"name": "aws", "alias": "x", "expressions": {"region": {"constant_value": "us-west-2"}, "assume_role": [{"role_arn": {"constant_value": "arn:aws:iam::444455556666:role/ci"}}]}}`, "", "",
			planned.Given{}, "arn:aws:sqs:us-west-2:444455556666:q"},
		"its data source says it": {"aws", `"aws": {"name": "aws", "expressions": {"region": {"constant_value": "us-west-2"}}}`, identity, `,{"address": "data.aws_caller_identity.me", "provider_config_key": "aws"}`,
			planned.Given{}, "arn:aws:sqs:us-west-2:111122223333:q"},
		"a provider that differs in its region says it": {"aws.eu", `"aws": {"name": "aws", "expressions": {"region": {"constant_value": "us-west-2"}}}, "aws.eu": {"name": "aws", "alias": "eu", "expressions": {"region": {"constant_value": "eu-west-1"}}}`,
			identity, `,{"address": "data.aws_caller_identity.me", "provider_config_key": "aws"}`, planned.Given{}, "arn:aws:sqs:eu-west-1:111122223333:q"},
		"a region of China is of another partition": {"aws", `"aws": {"name": "aws", "expressions": {"region": {"constant_value": "cn-north-1"}}}`, "", "",
			planned.Given{Account: "123456789012"}, "arn:aws-cn:sqs:cn-north-1:123456789012:q"},
		"what it made before says it": {"aws", `"aws": {"name": "aws"}`, `,{"address": "aws_sns_topic.t", "type": "aws_sns_topic", "name": "t", "mode": "managed", "change": {"actions": ["no-op"], "before": {"arn": "arn:aws:sns:us-east-2:777788889999:t"}, "after": {"arn": "arn:aws:sns:us-east-2:777788889999:t"}}}`,
			`,{"address": "aws_sns_topic.t", "provider_config_key": "aws"}`, planned.Given{}, "arn:aws:sqs:us-east-2:777788889999:q"},
	} {
		t.Run(sentence, func(t *testing.T) {
			changes, resources := queue(c.provider)
			s := side(t, parse(t, plan(changes+c.more, resources+c.moreResources, c.providers), c.given), "after")
			target, err := s.Target("aws_sqs_queue.q")
			require.NoError(t, err)
			assert.Equal(t, c.want, target.Resource)
		})
	}
}

func TestAReferenceThatLeadsBackToItselfEnds(t *testing.T) {
	document := func(name, of string) string {
		return `{"address": "data.aws_iam_policy_document.` + name + `", "mode": "data", "provider_config_key": "aws", "expressions": {"source_policy_documents": {"references": ["data.aws_iam_policy_document.` + of + `.json", "data.aws_iam_policy_document.` + of + `"]}}}`
	}
	waits := func(name string) string {
		return change("data.aws_iam_policy_document."+name, `{"source_policy_documents": [null]}`, `{"json": true, "source_policy_documents": [true]}`)
	}
	text := plan(change("aws_iam_policy.p", `{"name": "p", "arn": "arn:aws:iam::123456789012:policy/p"}`, `{"policy": true}`)+","+waits("a")+","+waits("b"),
		`{"address": "aws_iam_policy.p", "provider_config_key": "aws", "expressions": {"policy": {"references": ["data.aws_iam_policy_document.a.json", "data.aws_iam_policy_document.a"]}}},`+document("a", "b")+","+document("b", "a"), "")
	s := side(t, parse(t, text, planned.Given{}), "after")
	p, err := s.Policy("aws_iam_policy.p")
	require.NoError(t, err)
	assert.NotEmpty(t, p.Versions[0].Document.Statements)
}

func FuzzRead(f *testing.F) {
	f.Add(plan(change("aws_iam_role.r", `{"name": "r"}`, `{"assume_role_policy": true}`)+","+change(`data.aws_iam_policy_document.d[0]`, `{"statement": [{"actions": ["s3:*"], "resources": [null], "condition": [{"test": "ArnLike", "variable": "x", "values": [null]}]}]}`,
		`{"json": true, "statement": [{"resources": [true], "condition": [{"values": [true]}]}]}`), `{"address": "data.aws_iam_policy_document.d", "expressions": {"statement": [{"resources": {"references": ["aws_iam_role.r.arn", "aws_iam_role.r"]}}]}},
		{"address": "aws_iam_role.r", "expressions": {"assume_role_policy": {"references": ["data.aws_iam_policy_document.d[0].json", "data.aws_iam_policy_document.d[0]", "data.aws_iam_policy_document.d"]}}}`, ""))
	f.Add(plan(change("aws_lambda_permission.p", `{"action": "lambda:InvokeFunction", "function_name": "f", "principal": "s3.amazonaws.com"}`, `{"source_arn": true}`)+","+change("aws_lambda_function.f", `{"function_name": "f"}`, `{"arn": true, "role": true}`), "", ""))
	f.Add(`{"format_version": "1.0", "values": {"root_module": {"child_modules": [{"resources": [{"address": "module.m.aws_sqs_queue.q", "type": "aws_sqs_queue", "name": "q", "values": {"policy": "{}"}}]}]}}}`)
	f.Add(plan(change("aws_iam_role.r", `{"name": "r"}`, `{"assume_role_policy": true}`), "", ""))
	f.Fuzz(func(t *testing.T, text string) {
		p, err := terraform.Read("plan.json", strings.NewReader(text), planned.Given{Account: "123456789012", Region: "us-east-1"})
		if err != nil {
			assert.Contains(t, err.Error(), "plan.json")
			return
		}
		for _, put := range []func(*account.Builder){p.Before, p.After} {
			b := account.New()
			put(b)
			s, err := b.Build()
			require.NotNil(t, s)
			for who := range s.Principals() {
				if _, broken := who.Caller(); broken != nil && err == nil {
					assert.ErrorIs(t, broken, account.ErrUnknown)
				}
			}
		}
	})
}

func TestModulesStandWithinOneAnotherAHundredLevelsDeep(t *testing.T) {
	nested := func(levels int) string {
		return `{"format_version": "1.0", "values": {"root_module": ` + strings.Repeat(`{"child_modules": [`, levels) + `{}` + strings.Repeat(`]}`, levels) + `}}`
	}
	parse(t, nested(100), planned.Given{})
	_, err := terraform.Read("plan.json", strings.NewReader(nested(101)), planned.Given{})
	assert.ErrorContains(t, err, "modules stand within one another more than 100 levels deep")
}
