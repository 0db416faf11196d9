package facts_test

import (
	"maps"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
	"github.com/iamsim/iamsim/policy/catalog/internal/facts"
)

func TestWhatIsEmbeddedIsWhatItsFactsEncodeTo(t *testing.T) {
	embedded, err := os.ReadFile("../../catalog.data")
	require.NoError(t, err)
	assert.Equal(t, embedded, facts.Of(catalog.Default()).Encode())
}

// A made-up package of two services.
func made(changes map[string]string) fstest.MapFS {
	files := map[string]string{
		"package.json":                     `{"updatedAt": "2026-01-02T03:04:05.000Z"}`,
		"data/services.json":               `["zoo", "bar"]`,
		"data/unassociatedConditions.json": `{"idp.example": ["sts"]}`,
		"data/conditionKeys/zoo.json": `{
			"zoo:kind": {"key": "zoo:Kind", "type": "String"},
			"zoo:keepers": {"key": "zoo:Keepers", "type": "ArrayOfARN"},
			"idp.example:sub": {"key": "idp.example:sub", "type": "String"},
			"aws:resourcetag/${tagkey}": {"key": "aws:ResourceTag/${TagKey}", "type": "String"}}`,
		"data/resourceTypes/zoo.json": `{
			"cage": {"key": "cage", "arn": "arn:${Partition}:zoo:${Region}:${Account}:cage/${Id}", "conditionKeys": ["aws:ResourceTag/${TagKey}"]},
			"animal": {"key": "animal", "arn": "arn:${Partition}:zoo:${Region}:${Account}:animal/${Id}, arn:${Partition}:ark:::animal/${Id}"}}`,
		"data/actions/zoo.json": `{
			"feedanimal": {"name": "FeedAnimal", "accessLevel": "Write", "conditionKeys": ["zoo:Kind"],
				"resourceTypes": [{"name": "Animal", "required": true, "conditionKeys": ["zoo:Keepers"]}, {"name": "cage", "required": false}]},
			"listanimals": {"name": "ListAnimals", "accessLevel": "List"},
			"feed": {"name": "Feed", "accessLevel": "Permissions management, Write"}}`,
		"data/conditionKeys/bar.json": `{}`,
		"data/resourceTypes/bar.json": `{}`,
		"data/actions/bar.json":       `{"serve": {"name": "Serve", "accessLevel": "Read"}}`,
	}
	maps.Copy(files, changes)
	source := fstest.MapFS{}
	for name, text := range files {
		source[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return source
}

// corrections of the made-up package.
const corrections = `
# Global keys.
key aws:ResourceTag/${TagKey} String sometimes documented
key aws:EpochTime Date,Numeric always everywhere
key aws:PrincipalArn ARN signed everywhere # a reason
key zoo:Keepers ARN* sometimes everywhere
operations zoo
operation zoo:FeedAnimal Feed2 FeedAnimal
permission zoo:Feed
resource zoo arn:${Partition}:zoo:::animal/${Id} animal
resource zoo arn:${Partition}:zoo:${Region}:${Account}:house/${Id} big house
observed zoo:ListAnimals animal, cage
dependent zoo:FeedAnimal bar:Serve
without zoo:FeedAnimal aws:PrincipalArn zoo:Kind
retired zoo:Throw zoo:FeedAnimal
`

func TestPackageBecomesACatalogue(t *testing.T) {
	f, err := facts.Read(made(nil), corrections)
	require.NoError(t, err)
	data := f.Encode()
	assert.Equal(t, data, f.Encode(), "the same facts, the same bytes")
	c, err := catalog.Parse(data)
	require.NoError(t, err)
	assert.Equal(t, data, facts.Of(c).Encode())

	assert.Equal(t, "2026-01-02", c.Date())
	feed, ok := c.Action("zoo:FeedAnimal")
	require.True(t, ok)
	require.Len(t, feed.Resources, 2)
	assert.Equal(t, "animal", feed.Resources[0].Type.Name)
	assert.True(t, feed.Resources[0].Required)
	assert.Len(t, feed.Resources[0].Type.Formats, 3, "one of a correction")
	house := c.TypesOf("arn:aws:zoo:eu-west-1:123456789012:house/2")
	require.Len(t, house, 1)
	assert.Equal(t, "big house", house[0].Name)
	assert.Len(t, feed.Keys, 2, "its own, and the one of action and type together")
	assert.Equal(t, []string{"Feed2", "FeedAnimal"}, c.Operations(feed))
	assert.Equal(t, []string{"bar:Serve"}, c.DependentActions(feed))
	assert.Len(t, c.Without(feed), 2)
	list, ok := c.Action("zoo:ListAnimals")
	require.True(t, ok)
	assert.True(t, list.Resources[1].Observed)
	assert.Equal(t, []string{"ListAnimals"}, c.Operations(list))
	alone, ok := c.Action("zoo:Feed")
	require.True(t, ok)
	assert.True(t, alone.PermissionOnly)
	found := c.TypesOf("arn:aws:ark:::animal/leo")
	require.Len(t, found, 1)
	assert.Equal(t, "zoo", found[0].Service)
	for name, everywhere := range map[string]bool{
		"aws:ResourceTag/x": false, "aws:EpochTime": true, "zoo:Kind": false, "zoo:Keepers": true, "idp.example:sub": true,
	} {
		key, ok := c.Key(name)
		require.True(t, ok, name)
		assert.Equal(t, everywhere, key.Everywhere, name)
	}
}

func TestCompareTellsWhatChanged(t *testing.T) {
	before, err := facts.Read(made(nil), corrections)
	require.NoError(t, err)
	after, err := facts.Read(made(map[string]string{
		"package.json":       `{"updatedAt": "2026-01-09T03:04:05.000Z"}`,
		"data/services.json": `["zoo"]`,
		"data/conditionKeys/zoo.json": `{
			"zoo:kind": {"key": "zoo:Kind", "type": "ArrayOfString"},
			"zoo:food": {"key": "zoo:Food", "type": "String"},
			"zoo:keepers": {"key": "zoo:Keepers", "type": "ArrayOfARN"},
			"idp.example:sub": {"key": "idp.example:sub", "type": "String"},
			"aws:resourcetag/${tagkey}": {"key": "aws:ResourceTag/${TagKey}", "type": "String"}}`,
		"data/actions/zoo.json": `{
			"feedanimal": {"name": "FeedAnimal", "accessLevel": "Write", "conditionKeys": ["zoo:Food"]},
			"listanimals": {"name": "ListAnimals", "accessLevel": "List"},
			"pet": {"name": "Pet", "accessLevel": "Tagging, Write", "resourceTypes": [{"name": "cage", "required": false}]}}`,
	}), `
key aws:ResourceTag/${TagKey} String sometimes documented
key aws:EpochTime Date always everywhere
`)
	require.NoError(t, err)
	assert.Equal(t, `- action bar:Serve
- action zoo:Feed
~ action zoo:FeedAnimal: Write on animal, cage (optional); keys zoo:Keepers, zoo:Kind; never aws:PrincipalArn, zoo:Kind; operations Feed2, FeedAnimal; also bar:Serve → Write on *; keys zoo:Food
~ action zoo:ListAnimals: List on animal (observed), cage (observed); keys none → List on *; keys none
+ action zoo:Pet: Tagging on cage (optional); keys none
~ key aws:EpochTime: Date or Numeric, always, everywhere → Date, always, everywhere
- key aws:PrincipalArn
+ key zoo:Food: String, sometimes
~ key zoo:Keepers: ARN, several values, sometimes, everywhere → ARN, several values, sometimes
~ key zoo:Kind: String, sometimes → String, several values, sometimes
~ resource type zoo animal: arn:${Partition}:zoo:${Region}:${Account}:animal/${Id} or arn:${Partition}:ark:::animal/${Id} or arn:${Partition}:zoo:::animal/${Id}; keys none → arn:${Partition}:zoo:${Region}:${Account}:animal/${Id} or arn:${Partition}:ark:::animal/${Id}; keys none
- resource type zoo big house
- retired zoo:Throw
- service bar
+ service zoo has zoo:Food
data of 2026-01-09: 1 services, 3 actions, 2 resource types, 5 keys
since 2026-01-02: 3 new, 6 gone, 6 different
`, facts.Compare(before, after))
	assert.Equal(t, `data of 2026-01-09: 1 services, 3 actions, 2 resource types, 5 keys
since 2026-01-09: 0 new, 0 gone, 0 different
`, facts.Compare(after, after))
}

// Services write the place of a tag's key in several ways, one sometimes in two.
func TestKeysOfTagsAreSpelledInOneWay(t *testing.T) {
	f, err := facts.Read(made(map[string]string{
		"data/conditionKeys/bar.json": `{
			"bar:resourcetag/": {"key": "bar:ResourceTag/", "type": "String"},
			"bar:resourcetag/${tagkey}": {"key": "bar:ResourceTag/${TagKey}", "type": "String"},
			"bar:existingtag/<key>": {"key": "bar:ExistingTag/<key>", "type": "String"},
			"bar:requesttag/tag-key": {"key": "bar:RequestTag/tag-key", "type": "String"},
			"bar:path/": {"key": "bar:Path/", "type": "String"}}`,
		"data/actions/bar.json": `{"serve": {"name": "Serve", "accessLevel": "Read", "conditionKeys": ["bar:ResourceTag/", "bar:ResourceTag/${TagKey}", "bar:ExistingTag/<key>"]}}`,
	}), corrections)
	require.NoError(t, err)
	c, err := catalog.Parse(f.Encode())
	require.NoError(t, err)
	names := func(keys []*policy.ConditionKey) (all []string) {
		for _, k := range keys {
			all = append(all, k.Name)
		}
		return all
	}
	assert.Equal(t, []string{"bar:ExistingTag/${TagKey}", "bar:Path/", "bar:RequestTag/${TagKey}", "bar:ResourceTag/${TagKey}"},
		names(slices.Collect(c.Keys("bar"))))
	serve, ok := c.Action("bar:Serve")
	require.True(t, ok)
	assert.Equal(t, []string{"bar:ExistingTag/${TagKey}", "bar:ResourceTag/${TagKey}"}, names(serve.Keys))
}

func TestReadNamesEveryFaultOfThePackage(t *testing.T) {
	for name, row := range map[string]struct{ file, text, want string }{
		"a file that is missing":      {"data/services.json", `["zoo", "none"]`, "data/actions/none.json: open"},
		"a file that is no JSON":      {"data/actions/zoo.json", `{`, "data/actions/zoo.json: unexpected end"},
		"a date that is none":         {"package.json", `{"updatedAt": "today"}`, `package.json: updatedAt is "today"`},
		"a prefix that leaves":        {"data/services.json", `["../zoo"]`, `"../zoo" is no prefix of a service`},
		"a key of an unknown type":    {"data/conditionKeys/bar.json", `{"bar:a": {"key": "bar:A", "type": "Colour"}}`, `service "bar": key "bar:A" has the type "Colour"`},
		"an unknown level":            {"data/actions/bar.json", `{"serve": {"name": "Serve", "accessLevel": "Drink"}}`, `bar:Serve: access level "Drink"`},
		"a type that is none":         {"data/actions/bar.json", `{"serve": {"name": "Serve", "accessLevel": "Read", "resourceTypes": [{"name": "glass"}]}}`, `bar:Serve: resource type "glass" is none of the service's`},
		"a key that is none":          {"data/actions/bar.json", `{"serve": {"name": "Serve", "accessLevel": "Read", "conditionKeys": ["bar:Age"]}}`, `bar:Serve: key "bar:Age" is none of the service's`},
		"a name with a space":         {"data/actions/bar.json", `{"serve": {"name": "Serve it", "accessLevel": "Read"}}`, `"Serve it" is no name of an action`},
		"a format that is no ARN":     {"data/resourceTypes/bar.json", `{"glass": {"key": "glass", "arn": "glass/${Id}"}}`, `bar: resource type "glass": "glass/${Id}" is no ARN`},
		"a format with a bar":         {"data/resourceTypes/bar.json", `{"glass": {"key": "glass", "arn": "arn:${Partition}:bar:::a|b"}}`, `"arn:${Partition}:bar:::a|b" is no ARN`},
		"a key that services dispute": {"data/conditionKeys/bar.json", `{"zoo:kind": {"key": "zoo:Kind", "type": "ARN"}}`, `services do not agree on the key "zoo:Kind"`},
		"a global key of no presence": {"data/conditionKeys/bar.json", `{"aws:new": {"key": "aws:New", "type": "ARN"}}`, `the global key "aws:New" has no line in the corrections`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := facts.Read(made(map[string]string{row.file: row.text}), corrections)
			require.ErrorContains(t, err, row.want)
		})
	}
}

func TestReadNamesTheCorrectionThatDoesNotApply(t *testing.T) {
	for line, want := range map[string]string{
		"praise zoo:Feed":                      `corrections:1: "praise zoo:Feed": no correction begins so`,
		"key":                                  `corrections:1: "key": it says nothing`,
		"key aws:X String":                     "a key has name, type, presence and where it is found",
		"key aws:X Colour always everywhere":   "no such type",
		"key aws:X String,X always everywhere": "no such type",
		"key aws:X String often everywhere":    "a key is present always, signed or sometimes",
		"key aws:X String always here":         "a key is found everywhere, or where it is documented",
		"resource zoo arn:x":                   "a resource has service, ARN and type",
		"resource none arn:x cage":             "there is no such service",
		"resource zoo arn:x cage":              "that is no ARN",
		"resource zoo arn:${Partition}:zoo:${Region}:${Account}:cage/${Id} cage": "the package has the ARN by now",
		"observed zoo:None cage":                  "there is no such action",
		"observed zoo:Feed none":                  "there is no such resource type",
		"observed zoo:FeedAnimal cage":            "the package names the resource type by now",
		"operations none":                         "there is no such service",
		"operation zoo:Feed Feed2":                "the operations of the service are not known",
		"operations zoo\noperation zoo:Feed Feed": `corrections:2: "operation zoo:Feed Feed": that is the rule anyway`,
		"permission none:None":                    "there is no such action",
		"dependent none:None zoo:Feed":            "there is no such action",
		"dependent zoo:Feed zoo:None":             "there is no such dependent action",
		"without none:None zoo:Kind":              "there is no such action",
		"without zoo:Feed zoo:None":               "there is no such key",
		"retired none:None zoo:Feed":              "there is no such service",
		"retired zoo:Feed zoo:FeedAnimal":         "there is such an action",
		"retired zoo:Throw":                       "nothing took its place",
		"retired zoo:Throw bar:Serve":             "no action of the service took its place",
	} {
		t.Run(line, func(t *testing.T) {
			_, err := facts.Read(made(nil), line)
			require.ErrorContains(t, err, want)
		})
	}
}
