package files_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/files"
)

// Whatever a file holds and is called, it is read, or there is an error that names it.
func FuzzLoad(f *testing.F) {
	for _, text := range []string{
		queue, users, wide(queue), "", "{", "[]", "---\nResources: {}\n", `{"configurationItems": [{"resourceType": "AWS::IAM::Role"}]}`,
		`{"format_version": "1.2", "planned_values": {"root_module": {"resources": []}}}`, `{"Results": ["{}"]}`, `{"lineage": "x", "resources": [{}]}`,
		"AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  T: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub '${AWS::StackName}-news'}}\n",
	} {
		f.Add("a.json", text)
		f.Add("cdk.out/manifest.json", text)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		if !fs.ValidPath(name) || name == "." || strings.HasPrefix(name, "users.json") {
			return // no name of a file; a MapFS with one is a folder without end
		}
		b := account.New()
		b.Partial = true
		err := files.LoadFS(b, given, folder(map[string]string{name: text, "users.json": users}))
		s, faults := b.Build()
		if err == nil && faults == nil && s == nil {
			t.Fatal("neither a snapshot nor a fault")
		}
		if err != nil && !strings.Contains(err.Error(), ":") {
			t.Fatalf("%q names no file", err)
		}
	})
}
