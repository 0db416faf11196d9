package catalog_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// table reads a file of testdata: lines of fields, without the comments.
func table(t *testing.T, name string) (rows [][]string) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			rows = append(rows, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
		}
	}
	return rows
}

// entries splits a field; an empty one has none.
func entries(field string) []string {
	if field == "" {
		return nil
	}
	return strings.Split(field, ",")
}

func names(keys []*policy.ConditionKey) (all []string) {
	for _, k := range keys {
		all = append(all, k.Name)
	}
	return all
}

func typeOf(k *policy.ConditionKey) string {
	text := k.Type.String()
	if k.AlsoType != 0 {
		text += "/" + k.AlsoType.String()
	}
	if k.Multivalued {
		text += "*"
	}
	return text
}

// What is documented on Lambda, IAM and STS is answered for, and nothing else.
func TestLambdaIAMAndSTSInEveryDetail(t *testing.T) {
	c := catalog.Default()
	service := ""
	count := map[string][3]int{}
	for _, row := range table(t, "details.txt") {
		n := count[service]
		switch row[0] {
		case "service":
			service, n = row[1], [3]int{}
		case "action":
			n[0]++
			sameAction(t, c, service+":"+row[1], row[2], entries(row[3]), entries(row[4]), entries(row[5]))
		case "type":
			n[1]++
			i := slices.IndexFunc(slices.Collect(c.ResourceTypes(service)), func(r *policy.ResourceType) bool { return r.Name == row[1] })
			require.GreaterOrEqual(t, i, 0, row[1])
			r := slices.Collect(c.ResourceTypes(service))[i]
			assert.Equal(t, service, r.Service)
			assert.Equal(t, []string{row[2]}, r.Formats, row[1])
			assert.ElementsMatch(t, entries(row[3]), names(r.Keys), row[1])
		case "key":
			n[2]++
			key, ok := c.Key(row[1])
			require.True(t, ok, row[1])
			assert.Equal(t, row[1], key.Name)
			assert.Equal(t, row[2], typeOf(key), row[1])
			assert.Contains(t, slices.Collect(c.Keys(service)), key)
		}
		count[service] = n
	}
	for service, n := range count {
		t.Logf("%s: %d actions, %d resource types, %d keys", service, n[0], n[1], n[2])
		assert.Len(t, slices.Collect(c.Actions(service)), n[0], service)
		assert.Len(t, slices.Collect(c.ResourceTypes(service)), n[1], service)
		assert.Len(t, slices.Collect(c.Keys(service)), n[2], service)
	}
	assert.Equal(t, map[string][3]int{"lambda": {119, 11, 14}, "iam": {190, 15, 22}, "sts": {16, 5, 131}}, count)
}

func sameAction(t *testing.T, c *catalog.Catalog, name, level string, types, keys, operations []string) {
	t.Helper()
	a, ok := c.Action(name)
	require.True(t, ok, name)
	assert.Equal(t, name, a.Name)
	assert.Equal(t, level, string(a.Level), name)
	var got []string
	for _, r := range a.Resources {
		switch {
		case r.Observed && strings.HasPrefix(r.Type.Name, "function "):
			// A qualified function, which no reference lists (B-30).
			assert.False(t, r.Required, name)
		case r.Observed:
			got = append(got, r.Type.Name+"~")
		case r.Required:
			got = append(got, r.Type.Name)
		default:
			got = append(got, r.Type.Name+"?")
		}
	}
	assert.ElementsMatch(t, types, got, name)
	assert.ElementsMatch(t, keys, names(a.Keys), name)
	assert.ElementsMatch(t, operations, c.Operations(a), name)
	assert.Equal(t, len(operations) == 0, a.PermissionOnly, name)
	for _, operation := range operations {
		service, _, _ := strings.Cut(name, ":")
		found, ok := c.Operation(service + ":" + operation)
		assert.True(t, ok && found == a, operation)
	}
}

func presenceOf(key *policy.ConditionKey) string {
	switch {
	case key.Always:
		return "always"
	case key.WhenSigned:
		return "in every signed request"
	}
	return "sometimes"
}

func TestGlobalKeysWithTypeAndPresence(t *testing.T) {
	c := catalog.Default()
	global, several := 0, 0
	for _, row := range table(t, "globalkeys.txt") {
		key, ok := c.Key(row[0])
		require.True(t, ok, row[0])
		assert.Equal(t, row[1], typeOf(key), row[0])
		assert.Equal(t, row[2], presenceOf(key), row[0])
		if strings.HasPrefix(row[0], "aws:") {
			assert.Equal(t, row[0], key.Name)
			global++
			if key.Multivalued {
				several++
			}
		}
	}
	assert.Equal(t, 53, global)
	assert.Equal(t, 7, several)
	assert.Len(t, slices.Collect(c.GlobalKeys()), global)
}
