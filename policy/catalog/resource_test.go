package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

const lambda = "arn:aws:lambda:us-east-1:123456789012:"

func TestTypesOfAnARN(t *testing.T) {
	c := catalog.Default()
	for name, row := range map[string]struct {
		resource string
		want     string // of types in the service that the ARN names
	}{
		"a function":                       {lambda + "function:f", "function"},
		"a version":                        {lambda + "function:f:7", "function version"},
		"the unpublished version":          {lambda + "function:f:$LATEST", "function version"},
		"an alias":                         {lambda + "function:f:prod", "function alias"},
		"any qualifier":                    {lambda + "function:f:*", "function alias, function version"},
		"a durable execution":              {lambda + "function:f:1/durable-execution/a/b", "durable execution"},
		"a layer":                          {lambda + "layer:l", "layer"},
		"a version of a layer":             {lambda + "layer:l:3", "layerVersion"},
		"no version of a layer":            {lambda + "layer:l:prod", ""},
		"every code signing config":        {lambda + "code-signing-config:*", "code signing config"},
		"the connector of AWS":             {"arn:aws:lambda:us-east-1:aws:network-connector:aws-network-connector:HTTP_INGRESS", "networkConnector"},
		"a Lambda ARN of no type":          {lambda + "event-source:x", ""},
		"a function without a name":        {lambda + "function:", ""},
		"a function without account":       {"arn:aws:lambda:us-east-1::function:f", ""},
		"a role":                           {"arn:aws:iam::123456789012:role/app", "role"},
		"a role with a path":               {"arn:aws:iam::123456789012:role/svc/app", "role"},
		"a managed policy of AWS":          {"arn:aws:iam::aws:policy/AdministratorAccess", "policy"},
		"a role with a region":             {"arn:aws:iam:us-east-1:123456789012:role/app", ""},
		"a bucket":                         {"arn:aws:s3:::amzn-s3-demo-bucket", "bucket"},
		"an object":                        {"arn:aws:s3:::amzn-s3-demo-bucket/a/b:c", "object"},
		"an object of the China partition": {"arn:aws-cn:s3:::amzn-s3-demo-bucket/a", "object"},
		"a table":                          {"arn:aws:dynamodb:us-east-1:123456789012:table/t", "table"},
		"an index of a table":              {"arn:aws:dynamodb:us-east-1:123456789012:table/t/index/i", "index"},
		"a log group":                      {"arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f", "log-group"},
		"a log stream":                     {"arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f:log-stream:2026/01/02/[$LATEST]0", "log-stream, log-group"},
		"a log group as it is asked for":   {"arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f:log-stream:", "log-group"},
		"a device without account":         {"arn:aws:braket:::device/qpu/ionq/Aria-1", "device"},
		"a package group":                  {"arn:aws:codeartifact:us-east-1:123456789012:package-group/d/npm/*", "package-group"},
		"a template with a version":        {"arn:aws:proton:us-east-1:123456789012:service-template/t:1.2", "service-template-minor-version, service-template-version, service-template-major-version, service-template"},
		"a transform of AWS":               {"arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31", "transform"},
		"a macro of an account":            {"arn:aws:cloudformation:us-east-1:123456789012:transform/Count", "transform"},
		"a document of an account":         {"arn:aws:ssm:us-east-1:123456789012:document/Mine", "document"},
		"a document of AWS":                {"arn:aws:ssm:us-east-1::document/AWS-RunShellScript", "document"},
		"a runbook of AWS":                 {"arn:aws:ssm:us-east-1::automation-definition/AWS-StopEC2Instance:$DEFAULT", "automation-definition"},
		"a parameter of AWS":               {"arn:aws:ssm:us-east-1::parameter/aws/service/ami-amazon-linux-latest/al2023", "parameter"},
		"a view of AWS":                    {"arn:aws:resource-explorer-2:us-east-1::view/AWSServiceViewForApplicationSignals/service-view", "view"},
		"a recovery point":                 {"arn:aws:backup:us-east-1:123456789012:recovery-point:1EB3B5E7", "recoveryPoint"},
		"a star":                           {"*", ""},
		"nothing":                          {"", ""},
		"no ARN":                           {"my-function", ""},
		"an ARN without resource":          {"arn:aws:s3::", ""},
		"an ARN of no service":             {"arn:aws:none:us-east-1:123456789012:thing", ""},
	} {
		t.Run(name, func(t *testing.T) {
			service := strings.Join(strings.SplitN(row.resource+":::", ":", 4)[2:3], "")
			var got []string
			for _, found := range c.TypesOf(row.resource) {
				assert.True(t, c.Fits(found, row.resource), found.Name)
				if found.Service == service {
					got = append(got, found.Name)
				}
			}
			assert.Equal(t, row.want, strings.Join(got, ", "))
		})
	}
}

func TestTypesOfOtherServicesComeAfterTheirOwn(t *testing.T) {
	c := catalog.Default()
	var services []string
	for _, found := range c.TypesOf("arn:aws:iam::123456789012:role/app") {
		services = append(services, found.Service)
	}
	assert.Equal(t, []string{"iam", "ec2", "ssm", "sts"}, services)
	found := c.TypesOf("arn:aws:lambda:us-east-1:123456789012:function:f")
	require.Len(t, found, 2)
	assert.Equal(t, "backup", found[1].Service, "a recovery point can be of any service")
}

// An ARN made of a format is found again, whatever the type.
func TestEveryFormatIsFoundAgain(t *testing.T) {
	c := catalog.Default()
	count := 0
	for service := range c.Services() {
		for r := range c.ResourceTypes(service) {
			for _, format := range r.Formats {
				count++
				resource := filled(format)
				require.True(t, c.Fits(r, resource), "%s %s: %s", service, r.Name, resource)
				require.True(t, slices.Contains(c.TypesOf(resource), r), "%s %s: %s", service, r.Name, resource)
			}
		}
	}
	t.Logf("%d formats", count)
}

// filled puts a word into each placeholder.
func filled(format string) string {
	var b strings.Builder
	for format != "" {
		before, rest, ok := strings.Cut(format, "${")
		b.WriteString(before)
		if !ok {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		switch name {
		case "Version", "LayerVersion":
			b.WriteString("7")
		default:
			b.WriteString("x" + name)
		}
		format = after
	}
	return b.String()
}

func TestATypeThatWasMadeElsewhereFitsByItsFormats(t *testing.T) {
	c := catalog.Default()
	made := &policy.ResourceType{Service: "none", Name: "thing", Formats: []string{"arn:${Partition}:none:::${Name}"}}
	assert.True(t, c.Fits(made, "arn:aws:none:::a/b:c"))
	assert.False(t, c.Fits(made, "arn:aws:none:us-east-1::a"))
	assert.False(t, c.Fits(&policy.ResourceType{}, "arn:aws:none:::a"))
}

func FuzzTypesOf(f *testing.F) {
	for _, resource := range []string{"", "*", "::::::", "arn:aws:lambda:us-east-1:123456789012:function:f:1", "arn:aws:s3:::b/k", "arn:aws:proton:a:b:service-template/t:1.2.3"} {
		f.Add(resource)
	}
	c := catalog.Default()
	f.Fuzz(func(t *testing.T, resource string) {
		found := c.TypesOf(resource)
		for service := range c.Services() {
			if service != "lambda" && service != "s3" && service != "proton" && service != "iam" {
				continue
			}
			for r := range c.ResourceTypes(service) {
				assert.Equal(t, c.Fits(r, resource), slices.Contains(found, r), "%s %s", service, r.Name)
			}
		}
	})
}
