package catalog_test

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

var _ evaluator.Catalog = (*catalog.Catalog)(nil)

func TestDefaultHasAllThatAWSDocuments(t *testing.T) {
	c := catalog.Default()
	services, actions, types, keys := 0, 0, 0, 0
	levels := map[policy.AccessLevel]int{}
	for prefix := range c.Services() {
		services++
		require.True(t, c.HasService(prefix), prefix)
		for a := range c.Actions(prefix) {
			actions++
			levels[a.Level]++
			found, ok := c.Action(a.Name)
			require.True(t, ok, a.Name)
			require.Same(t, a, found, a.Name)
		}
		for range c.ResourceTypes(prefix) {
			types++
		}
		for k := range c.Keys(prefix) {
			keys++
			found, ok := c.Key(k.Name)
			require.True(t, ok, k.Name)
			require.Same(t, k, found, k.Name)
		}
	}
	t.Logf("%s: %d services, %d actions, %d resource types, %d keys, %v", c.Date(), services, actions, types, keys, levels)
	assert.Equal(t, "2026-09-26", c.Date())
	assert.Equal(t, 456, services)
	assert.Equal(t, 22091, actions)
	assert.Equal(t, 2334+1, types, "and transforms")
	assert.Equal(t, 2578-3, keys, "three of which services write in two ways")
	assert.Equal(t, map[policy.AccessLevel]int{
		"Write": 11357, "Read": 5871, "List": 3719, "Tagging": 719, "Permissions management": 425,
	}, levels)
	assert.Less(t, len(data(t)), 250_000, "bytes in the repository")
}

func TestEverythingIsInItsOrder(t *testing.T) {
	c := catalog.Default()
	assert.True(t, slices.IsSorted(slices.Collect(c.Services())))
	assert.False(t, c.HasService("lamda"))
	for _, prefix := range []string{"ec2", "iam", "lambda", "s3"} {
		var names []string
		for a := range c.Actions(prefix) {
			names = append(names, strings.ToLower(a.Name))
		}
		assert.True(t, slices.IsSorted(names), prefix)
	}
	for range c.Actions("none") {
		t.Error("an action of no service")
	}
	for range c.ResourceTypes("none") {
		t.Error("a type of no service")
	}
	for range c.Keys("none") {
		t.Error("a key of no service")
	}
	for range c.Retired("none") {
		t.Error("a name of no service")
	}
}

func TestGoroutinesShareACatalogue(t *testing.T) {
	c := catalog.Fresh(string(data(t)))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			a, ok := c.Action("lambda:CreateFunction")
			assert.True(t, ok)
			key, ok := c.Key("lambda:Layer")
			assert.True(t, ok)
			assert.True(t, c.Carries(a, key))
			assert.Len(t, c.Expand("iam:Pass*"), 1)
			assert.NotEmpty(t, c.TypesOf("arn:aws:s3:::amzn-s3-demo-bucket"))
		})
	}
	all.Wait()
}

func TestLookUpsAllocateNothing(t *testing.T) {
	c := catalog.Default()
	create, _ := c.Action("lambda:CreateFunction")
	layer, _ := c.Key("lambda:Layer")
	for name, look := range map[string]func(){
		"an action":                    func() { c.Action("LAMBDA:getfunction") },
		"an action that is none":       func() { c.Action("lambda:GetFuncton") },
		"a key":                        func() { c.Key("aws:SourceIp") },
		"a key with a part of its own": func() { c.Key("aws:requesttag/team") },
		"whether an action has a key":  func() { c.Carries(create, layer) },
		"whether an ARN fits":          func() { c.Fits(create.Resources[0].Type, "arn:aws:lambda:us-east-1:123456789012:function:f") },
	} {
		t.Run(name, func(t *testing.T) { assert.Zero(t, testing.AllocsPerRun(100, look)) })
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	whole, err := os.ReadFile("catalog.data")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":                 {nil, `catalog: data begin with ""`},
		"another file":            {[]byte("{}\n"), `catalog: data begin with "{}"`},
		"a size that is none":     {[]byte("iamsim catalog 1 x/2\n"), `catalog: index: "x" is no number below 1`},
		"a size beyond the data":  {[]byte("iamsim catalog 1 9/9\nabc"), `catalog: index: "9" is no number below 4`},
		"a text that is too long": {[]byte("iamsim catalog 1 3/999999999\nabc"), `catalog: index: "999999999" is no number below 4194304`},
		"data that are cut off":   {whole[:len(whole)-1], "catalog: index:"},
		"data that go on":         {append(slices.Clone(whole), 'x'), "catalog: 1 bytes follow the last chunk"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := catalog.Parse(c.data)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("iamsim catalog 1 0/0\n"))
	for _, text := range damaged {
		f.Add(file(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := catalog.Parse(data)
		if err != nil {
			return
		}
		for prefix := range c.Services() {
			for a := range c.Actions(prefix) {
				c.ActionKeys(a)
				c.Operations(a)
				for _, r := range a.Resources {
					c.Fits(r.Type, "arn:aws:lambda:us-east-1:123456789012:function:f")
				}
			}
		}
		c.NearestAction("lambda:GetFuncton")
		c.TypesOf("arn:aws:lambda:us-east-1:123456789012:function:f")
	})
}
