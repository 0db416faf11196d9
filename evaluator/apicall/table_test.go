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
