package bounds_test

import (
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/files"
	"github.com/iamsim/iamsim/evaluator/account/planned"
)

// entriesOfTemplates are what is read of deployments: templates, plans, and what AWS
// Config recorded.
func entriesOfTemplates() []entry {
	var all []entry
	for _, in := range []struct {
		name string
		size int
		make func(n int) string
	}{
		{"template: roles", 50_000, func(n int) string { return resources(members(n, `"R#":`+templateRole(`"a"`))) }},
		{"template: Fn::If in Fn::If", 20_000, func(n int) string {
			return resources(`"R":` + templateRole(nested(n, `{"Fn::If":["C",`, `"a"`, `,"b"]}`)))
		}},
		{"template: a chain of conditions", 20_000, func(n int) string {
			return `{"Conditions":{"C0":{"Fn::Equals":["a","a"]},` + chain(n, `"C%d":{"Fn::Not":[{"Condition":"C%d"}]}`) + `},` + strings.TrimPrefix(resources(`"R":`+templateRole(`"a"`)), `{`)
		}},
		{"template: Fn::Sub that does not end", 50_000, func(n int) string {
			return resources(`"R":` + templateRole(`{"Fn::Sub":"`+strings.Repeat("${", n/2)+`"}`))
		}},
		{"template: Fn::Sub of many that are not known", 20_000, func(n int) string {
			return resources(`"R":` + templateRole(`{"Fn::Sub":"`+strings.ReplaceAll(members(n, "${P#}x"), ",", "")+`"}`))
		}},
		{"template: Fn::Join of many that are not known", 50_000, func(n int) string {
			return resources(`"R":` + templateRole(`{"Fn::Join":["-",[`+members(n, `{"Ref":"P#"}`)+`]]}`))
		}},
		{"template: dynamic references", 50_000, func(n int) string {
			return resources(`"R":` + templateRole(`"`+strings.ReplaceAll(members(n, "{{resolve:ssm:p#}}x"), ",", "")+`"`))
		}},
		{"template: policies of buckets that are not known", 50_000, func(n int) string {
			return withStage(members(n, `"B#":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"b-#"}},"P#":{"Type":"AWS::S3::BucketPolicy","Properties":{"Bucket":{"Fn::Sub":"c-${Stage}-#"},"PolicyDocument":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}}}}`))
		}},
		{"template: policies of users that are not known", 50_000, func(n int) string {
			return withStage(members(n, `"U#":{"Type":"AWS::IAM::User","Properties":{"UserName":"u-#"}},"P#":{"Type":"AWS::IAM::Policy","Properties":{"PolicyName":"p","Users":[{"Fn::Sub":"c-${Stage}-#"}],"PolicyDocument":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}}}`))
		}},
		{"template: permissions and aliases of functions that are not known", 50_000, func(n int) string {
			return withStage(members(n, `"F#":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"f-#"}},"P#":{"Type":"AWS::Lambda::Permission","Properties":{"FunctionName":{"Fn::Sub":"c-${Stage}-#"},"Action":"lambda:InvokeFunction","Principal":"*"}},"A#":{"Type":"AWS::Lambda::Alias","Properties":{"FunctionName":{"Fn::Sub":"c-${Stage}-#"},"Name":"a","FunctionVersion":"1"}}`))
		}},
		{"template: a chain of references", 20_000, func(n int) string {
			return resources(`"R0":` + templateRole(`"a"`) + `,` + chain(n, `"R%d":{"Type":"AWS::IAM::Role","Properties":{"RoleName":{"Fn::Sub":"${R%d}x"}}}`))
		}},
		{"template: a circle of references", 20_000, func(n int) string {
			return resources(`"R0":{"Type":"AWS::IAM::Role","Properties":{"RoleName":{"Ref":"R1"}}},` + chain(n, `"R%d":{"Type":"AWS::IAM::Role","Properties":{"RoleName":{"Ref":"R%d"}}}`))
		}},
		{"template: Fn::ForEach over values", 20_000, func(n int) string {
			return `{"Transform":"AWS::LanguageExtensions","Resources":{"Fn::ForEach::L":["X",[` + members(n, `"a#"`) + `],{"R${X}":` + templateRole(`"a"`) + `}]}}`
		}},
		{"template: Fn::ForEach in Fn::ForEach", 2_000, func(n int) string {
			text := `{"R${X0}":` + templateRole(`"a"`) + `}`
			for i := range n / 40 {
				text = fmt.Sprintf(`{"Fn::ForEach::L%d":["X%d",["a","b"],%s]}`, i, i, text)
			}
			return `{"Transform":"AWS::LanguageExtensions","Resources":` + text + `}`
		}},
		{"template: YAML, aliases of aliases", 20_000, func(n int) string {
			text := "Resources:\n  R: {Type: 'AWS::IAM::Role'}\nx0: &x0 [a, a]\n"
			for i := 1; len(text) < n; i++ {
				text += fmt.Sprintf("x%d: &x%d [*x%d, *x%d]\n", i, i, i-1, i-1)
			}
			return text
		}},
		{"template: brackets", 50_000, func(n int) string { return `{"Resources":` + strings.Repeat("[", n) }},
		{"plan: roles", 50_000, func(n int) string { return plan(members(n, planRole)) }},
		{"plan: modules in modules", 50_000, func(n int) string {
			return `{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[],"planned_values":{"root_module":` +
				nested(n, `{"child_modules":[`, `{}`, `]}`) + `}}`
		}},
		{"plan: many modules", 50_000, func(n int) string {
			return `{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[],"planned_values":{"root_module":{"child_modules":[` +
				members(n, `{"address":"module.m#","resources":[]}`) + `]}}}`
		}},
		{"plan: a wide map", 50_000, func(n int) string {
			return plan(strings.Replace(planRole, `"path":"/"`, `"tags":{`+members(n, `"t#":"v"`)+`}`, 1))
		}},
		{"plan: a circle of outputs", 20_000, func(n int) string {
			return `{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{}},"resource_changes":[` + planRole +
				`],"configuration":{"root_module":{"module_calls":{` + members(n, `"m#":{"expressions":{"a":{"references":["module.m#.a","module.m#"]}},"module":{"outputs":{"a":{"expression":{"references":["var.a"]}}}}}`) + `}}}}`
		}},
		{"AWS Config: roles", 50_000, func(n int) string { return `{"configurationItems":[` + members(n, configRole) + `]}` }},
		{"AWS Config: a wide map", 50_000, func(n int) string {
			return `{"configurationItems":[{"resourceType":"AWS::IAM::Role","configuration":{` + members(n, `"k#":{}`) + `}}]}`
		}},
	} {
		all = append(all, entry{"files.Read", in.name, in.size, readingAny(in.make)})
	}
	return all
}

const (
	planRole   = `{"address":"aws_iam_role.r#","mode":"managed","type":"aws_iam_role","name":"r#","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["create"],"before":null,"after":{"name":"r#","path":"/"},"after_unknown":{}}}`
	configRole = `{"resourceType":"AWS::IAM::Role","resourceId":"AROA#","accountId":"111122223333","ARN":"arn:aws:iam::111122223333:role/r#","configuration":{"roleName":"r#","arn":"arn:aws:iam::111122223333:role/r#","path":"/","rolePolicyList":[],"attachedManagedPolicies":[]}}`
)

func resources(list string) string { return `{"Resources":{` + list + `}}` }

// withStage is a template with a parameter Stage that has no value.
func withStage(list string) string {
	return `{"Parameters":{"Stage":{"Type":"String"}},"Resources":{` + list + `}}`
}

// templateRole is a role of a template with a value in a policy of its own.
func templateRole(resource string) string {
	return `{"Type":"AWS::IAM::Role","Properties":{"Policies":[{"PolicyName":"p","PolicyDocument":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":` + resource + `}}}]}}`
}

func plan(changes string) string {
	return `{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{}},"resource_changes":[` + changes + `]}`
}

// nested is a text within itself, in about n bytes.
func nested(n int, before, inside, after string) string {
	times := n / len(before+after)
	return strings.Repeat(before, times) + inside + strings.Repeat(after, times)
}

// chain are members each of which names the one before it.
func chain(n int, format string) string {
	var b strings.Builder
	for i := 1; b.Len() < n; i++ {
		if i > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, format, i, i-1)
	}
	return b.String()
}

func readingAny(make func(int) string) func(int) func() {
	return func(n int) func() {
		src := make(n)
		return func() {
			b := account.New()
			b.Partial = true
			s := told(b, files.Read(b, planned.Given{}, "a.json", strings.NewReader(src)))
			for _, g := range s.Gaps() {
				_ = g.Error()
			}
		}
	}
}
