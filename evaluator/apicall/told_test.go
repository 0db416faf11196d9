package apicall_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/internal/golden"
)

// told are all parts of an authorization but its note and source, on one line.
func told(a *apicall.Authorization) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s on %s", a.Action, a.Resource)
	if a.Unknown {
		fmt.Fprintf(&b, "… by %s%s", a.Parameter, a.Rest)
	}
	if a.AsGiven != "" {
		fmt.Fprintf(&b, " (%s)", a.AsGiven)
	}
	if a.Effect != apicall.Required || a.Confidence != apicall.High {
		fmt.Fprintf(&b, ", %s, %s", a.Effect, a.Confidence)
	}
	if a.When != "" {
		fmt.Fprintf(&b, " %s", a.When)
	}
	if a.Lookup != "" {
		fmt.Fprintf(&b, " by %s", a.Lookup)
	}
	if a.Anonymous {
		b.WriteString(", anonymous")
	}
	if a.ResourceTags {
		b.WriteString(", tags")
	}
	if a.Forwarded {
		b.WriteString(", forwarded")
	}
	for _, k := range a.Context {
		switch k.State {
		case evaluator.Known:
			fmt.Fprintf(&b, "; %s = %s", k.Name, strings.Join(k.Values, ", "))
		case evaluator.Present:
			fmt.Fprintf(&b, "; %s", k.Name)
		default:
			fmt.Fprintf(&b, "; %s?", k.Name)
		}
	}
	for _, list := range []struct {
		name  string
		words []string
	}{{"absent", a.Absent}, {"open", a.Open}} {
		if len(list.words) > 0 {
			fmt.Fprintf(&b, "; %s: %s", list.name, strings.Join(list.words, " "))
		}
	}
	for _, d := range a.Doubts {
		fmt.Fprintf(&b, "; doubt: %s %s", d.Key, d.Confidence)
	}
	if a.Observed != "" {
		fmt.Fprintf(&b, "; observed: %s", a.Observed)
	}
	if a.Note != "" {
		b.WriteString("; note")
	}
	return b.String()
}

// What each operation needs: with all parameters, with the required ones, and where
// nothing of the call is known, with the caller's account and without.
func TestWhatEachOperationNeeds(t *testing.T) {
	m := readModel(t)
	var b strings.Builder
	for _, operation := range apicall.Operations() {
		all, err := json.Marshal(m.complete(m.calls[operation], everything))
		require.NoError(t, err)
		required, err := json.Marshal(m.complete(m.calls[operation], func(_ string, required bool) bool { return required }))
		require.NoError(t, err)
		last := ""
		for _, c := range []struct {
			name string
			call apicall.Call
		}{
			{"all", apicall.Call{Parameters: all, Defaults: defaults}},
			{"required", apicall.Call{Parameters: required, Defaults: defaults}},
			{"partial", apicall.Call{Partial: true, Defaults: defaults}},
			{"partial, without account", apicall.Call{Partial: true, Defaults: arn.Defaults{Partition: "aws-cn"}}},
		} {
			c.call.Operation = operation
			p, err := c.call.Plan(evaluator.Options{})
			require.NoError(t, err, operation)
			text := ""
			for i := range p.Authorizations {
				text += "\t" + told(&p.Authorizations[i]) + "\n"
			}
			for _, pre := range p.Preconditions {
				text += fmt.Sprintf("\tmust: %s %s on %s: %s, %s\n", pre.Principal, pre.Action, pre.Resource, pre.ErrorCode, pre.Confidence)
			}
			if p.Note != "" && c.name == "all" {
				text += "\tnote: " + p.Note + "\n"
			}
			if p.Missing != nil {
				text += "\tmissing: " + strings.Join(p.Missing, " ") + "\n"
			}
			if text == last {
				text = "\tthe same\n"
			} else {
				last = text
			}
			b.WriteString(operation + ", " + c.name + "\n" + text)
		}
	}
	golden.Compare(t, "testdata/needed.txt", b.String())
}

func principal(t *testing.T, text string) evaluator.Principal {
	p, err := evaluator.ParsePrincipal(text)
	require.NoError(t, err)
	return p
}

// What calls are decided to be, and what a reader is told of it.
func TestWhatCallsAreTold(t *testing.T) {
	const url = `{"FunctionName": "my-fn", "AuthType": "%s"}`
	asking := func(keys ...string) string {
		return `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"` + strings.Join(keys, `": "x", "`) + `": "x"}}}`
	}
	image := `{"FunctionName": "my-fn", "Role": "` + role + `", "PackageType": "Image", "Code": {"ImageUri": "111122223333.dkr.ecr.us-east-1.amazonaws.com/app:1"}}`
	tagged := []evaluator.Tag{{Key: "team", Value: "x"}}
	cases := map[string]struct {
		call       apicall.Call
		statements string
		tags       []evaluator.Tag
	}{
		"all is allowed":                            {apicall.Call{Operation: "CreateFunction", Parameters: []byte(createFunction)}, allow(`"*"`), nil},
		"nothing is allowed":                        {apicall.Call{Operation: "CreateFunction", Parameters: []byte(createFunction)}, allow(`"s3:*"`), nil},
		"an image":                                  {apicall.Call{Operation: "CreateFunction", Parameters: []byte(image)}, allow(`"lambda:*", "iam:*"`), nil},
		"an image, and it is known":                 {apicall.Call{Operation: "CreateFunction", Parameters: []byte(image), State: apicall.State{apicall.RepositoryLacksLambdaGrant: {"true"}}}, allow(`"lambda:*", "iam:*"`), nil},
		"an image that a caller may read":           {apicall.Call{Operation: "CreateFunction", Parameters: []byte(image)}, allow(`"*"`), nil},
		"the tags of the resource are not known":    {apicall.Call{Operation: "GetFunction", Parameters: []byte(`{"FunctionName": "my-fn"}`)}, asking("aws:ResourceTag/team"), nil},
		"the tags of the resource are known":        {apicall.Call{Operation: "GetFunction", Parameters: []byte(`{"FunctionName": "my-fn"}`)}, asking("aws:ResourceTag/team"), tagged},
		"it has no tags":                            {apicall.Call{Operation: "GetFunction", Parameters: []byte(`{"FunctionName": "my-fn"}`)}, asking("aws:ResourceTag/team"), []evaluator.Tag{}},
		"the tags of the request":                   {apicall.Call{Operation: "CreateFunction", Parameters: []byte(createFunction)}, asking("aws:RequestTag/team"), nil},
		"the function of a mapping":                 {apicall.Call{Operation: "GetEventSourceMapping", Parameters: []byte(`{"UUID": "u-1"}`)}, asking("lambda:FunctionArn"), nil},
		"the function of a mapping, and it is told": {apicall.Call{Operation: "GetEventSourceMapping", Parameters: []byte(`{"UUID": "u-1"}`), State: apicall.State{apicall.MappingFunctionARN: {"x"}}}, asking("lambda:FunctionArn"), nil},
		"the image of a MicroVM":                    {apicall.Call{Operation: "SuspendMicrovm", Parameters: []byte(`{"microvmIdentifier": "vm-1"}`)}, `{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:lambda:us-east-1:111122223333:microvm-image:web"}`, nil},
		"a qualifier that is not known":             {apicall.Call{Operation: "GetFunctionConfiguration", Partial: true, Parameters: []byte(`{"FunctionName": "my-fn"}`)}, `{"Effect": "Allow", "Action": "*", "Resource": "` + function + `:prod"}`, nil},
		"a qualifier that is known":                 {apicall.Call{Operation: "GetFunctionConfiguration", Parameters: []byte(`{"FunctionName": "my-fn", "Qualifier": "prod"}`)}, `{"Effect": "Allow", "Action": "*", "Resource": "` + function + `:prod"}`, nil},
		"a function URL for everyone":               {apicall.Call{Operation: "InvokeFunctionUrl", Parameters: fmt.Appendf(nil, url, "NONE")}, allow(`"*"`), nil},
		"a function URL for callers":                {apicall.Call{Operation: "InvokeFunctionUrl", Parameters: fmt.Appendf(nil, url, "AWS_IAM")}, allow(`"*"`), nil},
		"an object of S3, with keys of S3":          {apicall.Call{Operation: "UpdateFunctionCode", Parameters: []byte(`{"FunctionName": "my-fn", "S3Bucket": "b", "S3Key": "k"}`)}, allow(`"lambda:*"`) + `, ` + asking("s3:ExistingObjectTag/a", "aws:CalledViaFirst", "s3:authType"), nil},
		"a context key of S3 is given":              {apicall.Call{Operation: "UpdateFunctionCode", Parameters: []byte(`{"FunctionName": "my-fn", "S3Bucket": "b", "S3Key": "k"}`), Context: evaluator.Context{known("s3:authType", "x"), known("aws:SourceIp", "203.0.113.9"), known("lambda:Layer", "l"), known("aws:RequestTag/a", "b")}}, allow(`"lambda:*"`) + `, ` + asking("s3:authType"), nil},
		"a key whose value is doubtful":             {apicall.Call{Operation: "PutResourcePolicy", Parameters: []byte(`{"ResourceArn": "` + function + `", "Policy": "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"Service\": \"s3.amazonaws.com\", \"AWS\": [\"444455556666\", \"111122223333\"]}, \"Action\": \"lambda:InvokeFunction\", \"Resource\": \"*\"}]}"}`)}, asking("lambda:Principal"), nil},
		"a role that another account owns":          {apicall.Call{Operation: "sts:AssumeRole", Parameters: []byte(`{"RoleArn": "arn:aws:iam::444455556666:role/r", "RoleSessionName": "s"}`)}, allow(`"*"`), nil},
		"a layer of another account":                {apicall.Call{Operation: "GetLayerVersionByArn", Parameters: []byte(`{"Arn": "arn:aws:lambda:us-east-1:444455556666:layer:l:1"}`)}, allow(`"*"`), nil},
		"a role for replication":                    {apicall.Call{Operation: "EnableReplication", Parameters: []byte(`{"FunctionName": "my-fn", "Version": "3"}`)}, allow(`"lambda:*"`), nil},
		"nothing of a call is known":                {apicall.Call{Operation: "CreateFunction", Partial: true}, asking("aws:RequestTag/team", "lambda:Layer", "iam:PassedToService"), nil},
		"a permission that may be of a URL":         {apicall.Call{Operation: "RemovePermission", Parameters: []byte(`{"FunctionName": "my-fn", "StatementId": "s"}`)}, asking("lambda:Principal", "lambda:FunctionUrlAuthType"), nil},
		"a role whose tags are known":               {apicall.Call{Operation: "sts:AssumeRole", Parameters: []byte(`{"RoleArn": "` + role + `", "RoleSessionName": "s", "ProvidedContexts": [{"ContextAssertion": "a"}, {"ProviderArn": "p"}]}`)}, asking("iam:ResourceTag/team"), tagged},
		"tags that are taken off":                   {apicall.Call{Operation: "UntagResource", Parameters: []byte(`{"Resource": "` + function + `", "TagKeys": ["team"]}`)}, asking("aws:TagKeys"), nil},
	}
	const web = `{"RoleArn": "` + role + `", "RoleSessionName": "s", "WebIdentityToken": "t"}`
	callers := make(map[string]evaluator.Principal)
	for name, principal := range map[string]evaluator.Principal{
		"a web identity":            principal(t, "token.actions.githubusercontent.com"),
		"a web identity by its ARN": principal(t, "arn:aws:iam::111122223333:oidc-provider/token.example.com/a"),
	} {
		callers[name] = principal
		c := cases["all is allowed"]
		c.call = apicall.Call{Operation: "sts:AssumeRoleWithWebIdentity", Parameters: []byte(web), Context: evaluator.Context{known("token.example.com/a:sub", "x"), known("token.actions.githubusercontent.com:sub", "x"), known("other.example.com:sub", "x")}}
		cases[name] = c
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		c := cases[name]
		by := caller(t, c.statements)
		if principal, ok := callers[name]; ok {
			by.Principal = principal
		}
		r := evaluate(t, by, c.call, func(resource string) evaluator.Target {
			return evaluator.Target{Resource: resource, Tags: c.tags}
		})
		fmt.Fprintf(&b, "%s: %s, %d, %s\n", name, r.Outcome, r.Deciding, r.Message())
		if err := r.Err(); err != nil {
			fmt.Fprintf(&b, "\terror: %v\n", err)
		}
		for _, d := range r.Diagnostics {
			fmt.Fprintf(&b, "\t%s %s: %s\n", d.Code, d.Subject, d.Message)
		}
		for i := range r.Authorizations {
			a := &r.Authorizations[i]
			fmt.Fprintf(&b, "\t%s on %s (%s): %s\n", a.Action, a.Target.Resource, a.Target.AsGiven, a.Explanation.Decision())
			for _, k := range a.Request.Context {
				fmt.Fprintf(&b, "\t\t%s %d %s\n", k.Name, k.State, strings.Join(k.Values, ", "))
			}
			for _, d := range a.Diagnostics {
				fmt.Fprintf(&b, "\t\t%s %s: %s\n", d.Code, d.Subject, d.Message)
			}
		}
		for i := range r.Preconditions {
			p := &r.Preconditions[i]
			fmt.Fprintf(&b, "\tmust: %s: %s\n", p.Action, p.Outcome())
		}
	}
	golden.Compare(t, "testdata/told.txt", b.String())
}
