package cloudformation_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/cloudformation"
	"github.com/iamsim/iamsim/evaluator/account/internal/printed"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/internal/golden"
)

// corpus is a folder with many templates, aws-samples/serverless-patterns say:
//
//	go test ./evaluator/account/cloudformation -run Corpus -v -args -cloudformation.corpus=DIR
var corpus = flag.String("cloudformation.corpus", "", "a folder whose templates are all read: each error is printed, and counts")

var isTemplate = regexp.MustCompile(`(?m)^["']?(AWSTemplateFormatVersion|Transform)["']?:|"AWSTemplateFormatVersion"|^Resources:`)

// templates are the files of a folder that are templates.
func templates(t *testing.T, folder string) []string {
	var list []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		ending := filepath.Ext(path)
		if err != nil || entry.IsDir() || !slices.Contains([]string{".yaml", ".yml", ".json", ".template"}, ending) {
			return err
		}
		if info, err := entry.Info(); err == nil && info.Size() < 1<<20 && info.Mode().IsRegular() {
			src, err := os.ReadFile(path)
			require.NoError(t, err)
			if isTemplate.Match(src) && strings.Contains(string(src), "Resources") {
				list = append(list, path)
			}
		}
		return nil
	})
	require.NoError(t, err)
	return list
}

func TestCorpusOfTemplatesIsRead(t *testing.T) {
	folder := "testdata/corpus"
	if *corpus != "" {
		folder = *corpus
	}
	counts := struct{ templates, faulty, roles, functions, policies, resources, unknown, unresolved, errors int }{}
	for _, file := range templates(t, folder) {
		b := account.New()
		b.Partial = true
		src, err := os.ReadFile(file)
		require.NoError(t, err)
		r := cloudformation.NewReader(b, planned.Given{Account: "111122223333", Region: "us-east-1", Stack: "orders"})
		err = r.Read(file, strings.NewReader(string(src)))
		r.Finish()
		s, faults := b.Build()
		counts.templates++
		text := ""
		if err != nil {
			text += err.Error() + "\n"
		}
		if faults != nil {
			text += faults.Error()
		}
		if *corpus == "" {
			golden.Compare(t, file+".txt", printed.Snapshot(s))
		}
		for i := range s.Identities() {
			if i.Kind() == "role" {
				counts.roles++
			}
		}
		for range s.Functions() {
			counts.functions++
		}
		for range s.Policies() {
			counts.policies++
		}
		for range s.Resources() {
			counts.resources++
		}
		for _, g := range s.Gaps() {
			if g.Part == account.Planned {
				counts.unknown++
			}
		}
		counts.unresolved += strings.Count(text, "no parameter and no resource") + strings.Count(text, "is no resource of this template")
		if text != "" {
			counts.faulty++
			counts.errors += strings.Count(strings.TrimSpace(text), "\n") + 1
			t.Log(strings.TrimSpace(text))
		}
	}
	require.Positive(t, counts.templates)
	t.Logf("%d templates, %d of them with errors (%d): %d roles, %d functions, %d managed policies, %d resources; %d values are unknown, %d intrinsic functions are unresolved",
		counts.templates, counts.faulty, counts.errors, counts.roles, counts.functions, counts.policies, counts.resources, counts.unknown, counts.unresolved)
	if *corpus == "" {
		assert.Zero(t, counts.faulty)
	}
}
