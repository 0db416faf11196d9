package main

import (
	"fmt"
	"strings"

	"github.com/gobwas/glob"
	"github.com/minio/pkg/v3/wildcard"

	"github.com/iamsim/iamsim/internal/pattern"
)

const (
	iamsimPattern = "iamsim"
	globPattern   = "glob"
	minioPattern  = "MinIO"
)

// patternClasses are a pattern of each class with a text that matches and one
// that does not.
var patternClasses = []struct{ name, pattern, match, miss string }{
	{"exact", "arn:aws:s3:::reports/2026/09/26.csv", "arn:aws:s3:::reports/2026/09/26.csv", "arn:aws:s3:::reports/2026/09/27.csv"},
	{"`prefix*`", "arn:aws:s3:::reports/*", "arn:aws:s3:::reports/2026/09/26.csv", "arn:aws:s3:::archive/2026/09/26.csv"},
	{"`*suffix`", "*/26.csv", "arn:aws:s3:::reports/2026/09/26.csv", "arn:aws:s3:::reports/2026/09/26.tsv"},
	{"`pre*suf`", "arn:aws:s3:::reports/*.csv", "arn:aws:s3:::reports/2026/09/26.csv", "arn:aws:s3:::reports/2026/09/26.tsv"},
	{"`*mid*`", "*/2026/*", "arn:aws:s3:::reports/2026/09/26.csv", "arn:aws:s3:::reports/2025/09/26.csv"},
	{"ARN with 4 stars", "arn:aws:lambda:*:*:function:*-f*n", "arn:aws:lambda:us-east-1:111122223333:function:my-function", "arn:aws:lambda:us-east-1:111122223333:function:my-handler"},
	{"9 stars", "*a*m*d*east*1*function*my*nc*n", "arn:aws:lambda:us-east-1:111122223333:function:my-function", "arn:aws:lambda:us-east-1:111122223333:function:my-handler"},
	{"`bucket-????/logs/*`", "bucket-????/logs/*", "bucket-2026/logs/09/26.gz", "bucket-2026/data/09/26.gz"},
}

// patterns times each class, half the texts matching.
func patterns(b *bench, r *report) error {
	t := table{columns: []string{iamsimPattern, globPattern, minioPattern}}
	for _, c := range patternClasses {
		ours, err := pattern.Compile(pattern.Text, c.pattern, pattern.Options{})
		if err != nil {
			return err
		}
		theirs, err := glob.Compile(c.pattern)
		if err != nil {
			return err
		}
		row := t.row(c.name)
		texts := [2]string{c.match, c.miss}
		for _, m := range []struct {
			name    string
			matches func(string) bool
			run     func(n int)
		}{
			{iamsimPattern, ours.Match, func(n int) { matchEach(n, &texts, ours.Match) }},
			{globPattern, theirs.Match, func(n int) { matchEach(n, &texts, theirs.Match) }},
			{minioPattern, minioMatcher(c.pattern), func(n int) { matchEach(n, &texts, minioMatcher(c.pattern)) }},
		} {
			if !m.matches(c.match) || m.matches(c.miss) {
				return fmt.Errorf("%s: pattern %q matches what it should not, or not what it should", m.name, c.pattern)
			}
			row.tasks[m.name] = &task{run: m.run}
		}
	}
	b.measure(t.tasks())
	text := "Time of one match, one text in two matching. MinIO reads its pattern at each match.\n\n" +
		t.markdown("Pattern", func(t *task) string { return duration(t.median()) })

	written := "*" + strings.Repeat("a?", 2559) + "b*"
	long := strings.Repeat("a", 10_000)
	worst, err := pattern.Compile(pattern.Text, written, pattern.Options{})
	if err != nil {
		return err
	}
	hard := &task{run: func(n int) {
		for range n {
			worst.Match(long)
		}
	}}
	b.measure([]*task{hard})
	text += fmt.Sprintf("\nThe worst pattern, %d bytes of `*a?a?…b*` on %d bytes of text: %s, %s a byte, %.0f allocations. "+
		"The others are left out: their time, or their memory, grows with the product of both.\n",
		len(written), len(long), duration(hard.median()), duration(hard.median()/float64(len(long))), hard.allocs)
	r.section("Patterns", text)
	r.is("worst pattern: allocations of a match", "0", fmt.Sprintf("%.0f", hard.allocs), hard.allocs == 0)
	return nil
}

func matchEach(n int, texts *[2]string, matches func(string) bool) {
	for i := range n {
		matches(texts[i&1])
	}
}

func minioMatcher(pattern string) func(string) bool {
	return func(text string) bool { return wildcard.Match(pattern, text) }
}
