package sam_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/sam"
	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
)

// checkout is that of aws/serverless-application-model:
//
//	go test ./evaluator/account/cloudformation/internal/sam -run Golden -v -args -sam.checkout=DIR
var checkout = flag.String("sam.checkout", "", "a checkout of aws/serverless-application-model, whose golden pairs are all compared")

// A pair is what somebody wrote, and what the transform makes of it.
type pair struct{ name, partition, input, output string }

// pairs are the golden pairs in a folder that has input/ and output/.
func pairs(t *testing.T, folder string) []pair {
	var list []pair
	for partition, below := range map[string]string{"aws": "", "aws-cn": "aws-cn", "aws-us-gov": "aws-us-gov"} {
		outputs, err := filepath.Glob(filepath.Join(folder, "output", below, "*.json"))
		require.NoError(t, err)
		for _, output := range outputs {
			name := strings.TrimSuffix(filepath.Base(output), ".json")
			input := filepath.Join(folder, "input", name+".yaml")
			if _, err := os.Stat(input); err != nil || strings.HasPrefix(name, "error_") {
				continue
			}
			list = append(list, pair{name, partition, input, output})
		}
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].name+list[i].partition < list[j].name+list[j].partition
	})
	return list
}

// granting are the types of resources that are compared.
var granting = []string{
	"AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::Lambda::Permission", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy",
}

// resources are those of a template that are compared, each as text.
func resources(t *testing.T, o *template.Object) map[string]string {
	found := make(map[string]string)
	for id, v := range o.Object("Resources").All() {
		r, _ := v.(*template.Object)
		if !slices.Contains(granting, r.Text("Type")) {
			continue
		}
		compared := map[string]any{"Type": r.Text("Type"), "Condition": r.Get("Condition"), "Properties": plain(r.Object("Properties"))}
		text, err := json.Marshal(compared)
		require.NoError(t, err)
		found[id] = string(text)
	}
	return found
}

// version is the id of a version that SAM publishes, with its hash of the code.
var version = regexp.MustCompile(`(Version)[0-9a-f]{10}$`)

// ordered are functions, and a pair in them, the order of whose arguments counts.
var ordered = []string{"Fn::If", "Fn::Sub", "Fn::Join", "Fn::GetAtt", "Fn::Select"}

// plain is a value as JSON has it, lists whose order says nothing sorted.
func plain(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = plain(v[i])
		}
		return list
	case *template.Object:
		m := make(map[string]any)
		for name, value := range v.All() {
			if list, ok := value.([]any); value == nil || ok && len(list) == 0 {
				continue
			}
			m[name] = plain(value)
			if list, ok := m[name].([]any); ok && !slices.Contains(ordered, name) {
				sort.Slice(list, func(i, j int) bool { return text(list[i]) < text(list[j]) })
			}
			if list, ok := m[name].([]any); ok && name == "Fn::Sub" && len(list) == 2 { // some golden files have it sorted
				if _, isText := list[1].(string); isText {
					list[0], list[1] = list[1], list[0]
				}
			}
			attribute, isText := m[name].(string)
			if id, rest, ok := strings.Cut(attribute, "."); isText && ok && name == "Fn::GetAtt" {
				m[name] = []any{id, rest}
			}
		}
		return m
	case string:
		return version.ReplaceAllString(v, "$1")
	}
	return v
}

func text(v any) string { b, _ := json.Marshal(v); return string(b) }

// transform is what we make of the input of a pair.
func transform(t *testing.T, p pair) (*template.Object, []*template.Fault) {
	src, err := os.ReadFile(p.input)
	require.NoError(t, err)
	from, _, err := template.Parse(p.input, src)
	require.NoError(t, err, p.name)
	parameters := map[string]any{"param1": "value1", "param2": "value2"} // which the transform's own tests give
	for name, v := range from.Object("Parameters").All() {
		if o, _ := v.(*template.Object); o.Has("Default") {
			parameters[name] = o.Get("Default")
		}
	}
	return sam.Transform(from, sam.Values{Partition: p.partition, Known: func(v any) any {
		return template.Known(v, parameters, from.Object("Mappings"))
	}})
}

// differences are those between what is wanted and what was made; nil for none.
func differences(t *testing.T, p pair) (compared int, list []string) {
	src, err := os.ReadFile(p.output)
	require.NoError(t, err)
	golden, _, err := template.Parse(p.output, src)
	require.NoError(t, err, p.name)
	made, faults := transform(t, p)
	want, got := resources(t, golden), resources(t, made)
	for id, w := range want {
		switch g, ok := got[id]; {
		case !ok:
			list = append(list, fmt.Sprintf("%s is missing: %s", id, w))
		case g != w:
			list = append(list, fmt.Sprintf("%s\n   want %s\n   got  %s", id, w, g))
		}
	}
	for id, g := range got {
		if want[id] == "" {
			list = append(list, fmt.Sprintf("%s is one too many: %s", id, g))
		}
	}
	for _, f := range faults {
		list = append(list, "fault: "+f.Error())
	}
	sort.Strings(list)
	return len(want), list
}

func TestGoldenPairsGiveTheSameRoles(t *testing.T) {
	folder, least := "testdata/golden", 1.0
	if *checkout != "" {
		folder, least = filepath.Join(*checkout, "tests", "translator"), 0.95
	}
	total, same, parts := 0, 0, 0
	for _, p := range pairs(t, folder) {
		n, list := differences(t, p)
		if n == 0 && len(list) == 0 {
			continue
		}
		total++
		parts += n
		if len(list) == 0 {
			same++
			continue
		}
		t.Logf("%s in %s:\n  %s", p.name, p.partition, strings.Join(list, "\n  "))
	}
	require.Positive(t, total)
	t.Logf("%d of %d pairs give the same %d roles, policies and permissions: %.1f %%", same, total, parts, 100*float64(same)/float64(total))
	assert.GreaterOrEqual(t, float64(same)/float64(total), least)
}
