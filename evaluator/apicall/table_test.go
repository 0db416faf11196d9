package apicall_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/policy/catalog"
)

func TestEveryOperationOfLambdaIsKnown(t *testing.T) {
	services := make(map[string]int)
	for _, name := range apicall.Operations() {
		services[name[:strings.IndexByte(name, ':')]]++
	}
	assert.Equal(t, map[string]int{"lambda": 114 + 2, "sts": 11}, services, "114 operations, the function URL and Lambda@Edge; STS")
}

// A line that is not understood is a fault, which names the line.
func TestFaultsOfATable(t *testing.T) {
	const (
		head   = "source SAR the reference\nnote n a note\ntype function arn:${Partition}:lambda:${Region}:${Account}:function:${Name}\nstate s part what it is\nresource FUNCTION function arn:${Partition}:lambda:${Region}:${Account}:function:${Name}\n"
		call   = head + "call a:B Name* Kind=x|y\n"
		row    = call + " a:B FUNCTION\n"
		detail = row + "   "
	)
	for text, want := range map[string]string{
		"":                        "",
		head:                      "",
		call:                      "",
		row:                       "",
		"# a remark\n\n#\n" + row: "",
		row + " must x.amazonaws.com a:B FUNCTION medium\n":         "",
		call + " a:B * medium tags forwarded answer resource:low\n": "",
		call + " a:B * from:SAR\n":                                  "",
		call + " a:B arn:x is:function\n":                           "",
		call + " note what is known\n":                              "",
		detail + "k:K = Name\n":                                     "",
		detail + "k:K = Name else present medium if Name\n":         "",
		detail + "k:K = @s\n":                                       "",
		detail + "k:K = @tags\n":                                    "",
		detail + "if Name\n":                                        "",
		detail + "if @s\n":                                          "",
		detail + "unless Name\n":                                    "",
		detail + "unless option legacyFunctionUrl\n":                "",
		detail + "shown by k:K\n":                                   "",
		detail + "anonymous if Kind x\n":                            "",
		detail + "request tags Tags\n":                              "",
		detail + "unknown k:K k:L\n":                                "",
		detail + "see n\n":                                          "",
		detail + "error E a text\n":                                 "",
		"x\n":                                                       "1: has no name",
		"\n#\nx\n":                                                  "3: has no name",
		"x y\n":                                                     `1: "x" begins no entry`,
		" a:B *\n":                                                  "1: stands below no call",
		call + "    if Name\n":                                      "7: stands below no row",
		"state s\n":                                                 "1: a state has how it is, and a text",
		"state s part\n":                                            "1: a state has how it is, and a text",
		"state s gone a text\n":                                     "1: a state has how it is, and a text",
		head + "resource R function\n":                              "6: a resource has types and a template",
		head + "resource R function a b\n":                          "6: a resource has types and a template",
		head + "resource R role arn:x\n":                            `6: "role" is no type`,
		head + "resource R function,x arn:x\n":                      `6: "x" is no type`,
		"call a:B =x\n":                                             `1: "=x" is no member`,
		"call a:B *\n":                                              `1: "*" is no member`,
		"call a:B Name=\n":                                          `1: "Name=" is no member`,
		"call a:B Name=[x\n":                                        "1: a bracket does not close",
		"call a:B Name={[x}\n":                                      "1: a bracket does not close",
		"shape S Name=[\n":                                          "1: a bracket does not close",
		call + " a:B\n":                                             "7: a row has an action and a resource",
		call + " must\n":                                            "7: a row has an action and a resource",
		call + " must x.amazonaws.com a:B\n":                        "7: a row has an action and a resource",
		call + " a:B arn:x\n":                                       "7: arn:x has no type",
		call + " a:B arn:x is:x\n":                                  `7: "x" is no type`,
		call + " a:B * high\n":                                      `7: "high" is no word of a row`,
		call + " a:B * resource:high\n":                             `7: "high" is no confidence`,
		call + " a:B * resource:x\n":                                `7: "x" is no confidence`,
		call + " a:B * from:x\n":                                    `7: "x" is no source`,
		detail + "if\n":                                             "8: says nothing",
		detail + "k:K =\n":                                          `8: "k:K" says nothing of a row`,
		detail + "if @x\n":                                          `8: "x" is no state`,
		detail + "unless option x\n":                                `8: "x" is no option`,
		detail + "unless option\n":                                  `8: "" is no option`,
		detail + "shown by\n":                                       "8: shown by is followed by keys",
		detail + "shown as k:K\n":                                   "8: shown by is followed by keys",
		detail + "anonymous if Kind\n":                              "8: anonymous is followed by if, a path and a text",
		detail + "anonymous by Kind x\n":                            "8: anonymous is followed by if, a path and a text",
		detail + "request tags\n":                                   "8: request tags is followed by a path",
		detail + "request tag Tags\n":                               "8: request tags is followed by a path",
		detail + "see x\n":                                          `8: "x" is no note`,
		detail + "x y\n":                                            `8: "x" says nothing of a row`,
		detail + "k:K = Name else\n":                                `8: "else" is no confidence`,
		detail + "k:K = Name if\n":                                  `8: "if" is no confidence`,
		detail + "k:K = Name high\n":                                `8: "high" is no confidence`,
		detail + "k:K = Name else @x\n":                             `8: "x" is no state`,
	} {
		err := apicall.ParseTable(text)
		if want == "" {
			assert.NoError(t, err, text)
			continue
		}
		assert.EqualError(t, err, "operations.txt:"+want, text)
	}
	err := apicall.ParseTable("x y\nz\n")
	assert.EqualError(t, err, "operations.txt:1: \"x\" begins no entry\noperations.txt:2: has no name")
}

// The table writes the formats of the few types that it needs, so that a call is
// planned without the catalogue; they may not drift apart.
func TestTypesHaveTheFormatsOfTheCatalogue(t *testing.T) {
	text, err := os.ReadFile("operations.txt")
	require.NoError(t, err)
	types := 0
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) < 3 || words[0] != "type" {
			continue
		}
		types++
		name, formats := strings.ReplaceAll(words[1], "_", " "), words[2:]
		found := false
		for _, service := range []string{"lambda", "sts", "iam", "kms", "s3", "ecr"} {
			for known := range catalog.Default().ResourceTypes(service) {
				if known.Name == name && known.Formats[0] == formats[0] {
					found = true
					assert.Subset(t, formats, known.Formats, "%s: one more has been observed, none is missing", name)
				}
			}
		}
		assert.True(t, found, "no service has a type %q with %s", name, formats[0])
	}
	assert.Greater(t, types, 10)
}
