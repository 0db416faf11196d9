package catalog_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

func TestActionIsFoundByItsName(t *testing.T) {
	c := catalog.Default()
	for name, want := range map[string]string{
		"lambda:GetFunction": "lambda:GetFunction",
		"LAMBDA:getfunction": "lambda:GetFunction", // B-1
		"iam:passrole":       "iam:PassRole",
		"lambda:GetFuncton":  "",
		"lamda:GetFunction":  "",
		"lambda:":            "",
		"lambda":             "",
		"":                   "",
		"*":                  "",
		"lambda:Get*":        "",
		"lambda:Invoke":      "", // an operation
	} {
		t.Run(name, func(t *testing.T) {
			a, ok := c.Action(name)
			require.Equal(t, want != "", ok)
			if ok {
				assert.Equal(t, want, a.Name)
			}
		})
	}
}

// walk is Expand without any thought.
func walk(c *catalog.Catalog, written string) (found []*policy.ServiceAction) {
	p, err := pattern.Compile(pattern.Text, written, pattern.Options{FoldCase: true})
	if err != nil {
		return nil
	}
	for service := range c.Services() {
		for a := range c.Actions(service) {
			if p.Match(a.Name) {
				found = append(found, a)
			}
		}
	}
	return found
}

func TestPatternsExpandToTheirActions(t *testing.T) {
	c := catalog.Default()
	for pattern, count := range map[string]int{
		"*": 22091, "*:*": 22091, "lambda:*": 119, "LAMBDA:*": 119, "lambda:GetFunction": 1, "lambda:getfunctio?": 1,
		"l*:Get?unction": 1, "iam:*Role": 10, "sts:assume*": 4, "lambda": 0, "lambda*": 119, "lambda:": 0, "": 0, "?": 0,
		"s3*:PutObject": 3, "*:PassRole": 1, "lambda:\xff*": 0, "none:*": 0, "lambdas:*": 0, "lamb:*": 0,
	} {
		t.Run(pattern, func(t *testing.T) {
			got := c.Expand(pattern)
			require.Equal(t, walk(c, pattern), got)
			assert.Len(t, got, count)
			assert.Equal(t, count > 0, c.Matches(pattern))
		})
	}
}

func TestExpandIsTheWalkOverAllActions(t *testing.T) {
	c := catalog.Default()
	all := c.Expand("*")
	rapid.Check(t, func(t *rapid.T) {
		name := []byte(rapid.SampledFrom(all).Draw(t, "action").Name)
		for range rapid.IntRange(0, 4).Draw(t, "changes") {
			at := rapid.IntRange(0, len(name)-1).Draw(t, "at")
			switch rapid.IntRange(0, 4).Draw(t, "change") {
			case 0:
				name[at] = '*'
			case 1:
				name[at] = '?'
			case 2:
				name = name[:at+1]
			case 3:
				name = slices.Insert(name, at, '*')
			default:
				name = []byte(strings.ToUpper(string(name)))
			}
		}
		pattern := string(name)
		if got, want := c.Expand(pattern), walk(c, pattern); !slices.Equal(got, want) {
			t.Fatalf("%q expands to %d actions, not %d", pattern, len(got), len(want))
		}
	})
}

func TestWhatIsExpandedCanBeChangedByTheCaller(t *testing.T) {
	c := catalog.Default()
	c.Expand("lambda:*")[0] = nil
	assert.NotNil(t, c.Expand("lambda:*")[0])
}

func TestOperationFindsItsAction(t *testing.T) {
	c := catalog.Default()
	for operation, want := range map[string]string{
		"lambda:Invoke":                   "lambda:InvokeFunction", // B-4
		"lambda:InvokeWithResponseStream": "lambda:InvokeFunction",
		"lambda:GetLayerVersionByArn":     "lambda:GetLayerVersion",
		"lambda:getlayerversion":          "lambda:GetLayerVersion",
		"lambda:CreateFunction":           "lambda:CreateFunction",
		"s3:PutObject":                    "s3:PutObject",
		"lambda:InvokeFunction":           "", // an action, not an operation
		"iam:PassRole":                    "",
		"iam:AcquireRole":                 "",
		"none:Get":                        "",
		"Get":                             "",
	} {
		t.Run(operation, func(t *testing.T) {
			a, ok := c.Operation(operation)
			require.Equal(t, want != "", ok)
			if ok {
				assert.Equal(t, want, a.Name)
			}
		})
	}
}

func TestOperationsOfOtherServicesAreNotKnown(t *testing.T) {
	c := catalog.Default()
	put, _ := c.Action("s3:PutObject")
	assert.Empty(t, c.Operations(put))
	assert.False(t, put.PermissionOnly)
	assert.Empty(t, c.Operations(&policy.ServiceAction{Name: "none:Get"}))
}

func TestDependentActionsAreNamed(t *testing.T) {
	c := catalog.Default()
	create, _ := c.Action("lambda:CreateFunction")
	assert.Equal(t, []string{"iam:PassRole"}, c.DependentActions(create))
	put, _ := c.Action("lambda:PutResourcePolicy")
	assert.Equal(t, []string{"lambda:AddPermission", "lambda:RemovePermission"}, c.DependentActions(put))
	get, _ := c.Action("lambda:GetFunction")
	assert.Empty(t, c.DependentActions(get))
	assert.Empty(t, c.DependentActions(&policy.ServiceAction{Name: "none:Get"}))
}

func TestRetiredNamesHaveSuccessors(t *testing.T) {
	c := catalog.Default()
	found := map[string][]string{}
	for name, successors := range c.Retired("lambda") {
		found[name] = successors
		_, ok := c.Action(name)
		assert.False(t, ok, name)
		for _, successor := range successors {
			_, ok := c.Action(successor)
			assert.True(t, ok, successor)
		}
	}
	assert.Len(t, found, 5)
	assert.Equal(t, []string{"lambda:CreateFunction", "lambda:UpdateFunctionCode"}, found["lambda:UploadFunction"])
}

func TestNoActionIsLongerThanPatternsMayAsk(t *testing.T) {
	c := catalog.Default()
	for _, a := range c.Expand("*") {
		require.LessOrEqual(t, len(a.Name), 128, a.Name)
	}
	assert.True(t, c.Matches("s3:Get"+strings.Repeat("*", 200_000)+"Object"), "a run of stars is one star")
	assert.Len(t, c.Expand("s3:GetObject"+strings.Repeat("*", 200_000)), len(c.Expand("s3:GetObject*")))
	for sentence, pattern := range map[string]string{
		"question marks beyond any name":           "s3:" + strings.Repeat("?", 200_000),
		"question marks and stars beyond any name": "s3:" + strings.Repeat("*?", 100_000),
		"letters beyond any name":                  "s3:" + strings.Repeat("a*", 100_000),
		"no pattern, and beyond any name":          "s3:" + strings.Repeat("a", 200_000),
	} {
		t.Run(sentence, func(t *testing.T) {
			began := time.Now()
			assert.False(t, c.Matches(pattern))
			assert.Empty(t, c.NearestAction(pattern))
			assert.Less(t, time.Since(began), time.Second)
		})
	}
}

// What is left out by letters alone is not what a look at all would find.
func TestTheNearestActionIsThatOfAllActions(t *testing.T) {
	c := catalog.Default()
	var names []string
	for a := range c.Actions("ec2") {
		names = append(names, a.Name)
	}
	rapid.Check(t, func(t *rapid.T) {
		word := []byte(rapid.SampledFrom(names).Draw(t, "name"))
		for range rapid.IntRange(1, 4).Draw(t, "faults") {
			at := rapid.IntRange(len("ec2:"), len(word)-1).Draw(t, "at")
			letter := rapid.SampledFrom([]byte("aetsXIQ")).Draw(t, "letter")
			switch rapid.SampledFrom([]string{"lose", "gain", "change"}).Draw(t, "fault") {
			case "lose":
				word = slices.Delete(word, at, at+1)
			case "gain":
				word = slices.Insert(word, at, letter)
			default:
				word[at] = letter
			}
		}
		if c.Matches(string(word)) {
			return
		}
		want := spelling.Nearest(string(word), names)
		if got := c.NearestAction(string(word)); got != want {
			t.Fatalf("%s: %q, not %q", word, got, want)
		}
	})
}

func TestNearestAction(t *testing.T) {
	c := catalog.Default()
	for name, want := range map[string]string{
		"lambda:GetFuncton":              "lambda:GetFunction",
		"lambda:getfuncton":              "lambda:GetFunction",
		"lambda:Invoke":                  "lambda:InvokeFunction",        // an operation
		"lambda:GetEventSource":          "lambda:GetEventSourceMapping", // a retired name
		"lamda:GetFunction":              "lambda:GetFunction",
		"lamda:GetFuncton":               "lambda:GetFunction",
		"lamda:Get*":                     "lambda:Get*",
		"lambda:Gett*":                   "lambda:Get*",
		"lambda:GetFuncton*":             "lambda:GetFunction*",
		"lambda:ListFuncton?":            "lambda:ListFunctions",
		"lambda:Xyzzyplughplover":        "",
		"lambda:Xyzzyplughplover*":       "",
		"completely-unknown-service:Get": "",
		"lambda":                         "",
		"":                               "",
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, want, c.NearestAction(name)) })
	}
}
