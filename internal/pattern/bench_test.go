package pattern_test

import (
	"strings"
	"testing"

	"github.com/iamsim/iamsim/internal/pattern"
)

func BenchmarkMatch(b *testing.B) {
	const function = "arn:aws:lambda:us-east-1:111122223333:function:my-function"
	for _, c := range []struct {
		name, pattern, text string
		lang                pattern.Language
		values              []string
	}{
		{"exact", function, function, pattern.Resource, nil},
		{"prefix", "arn:aws:lambda:us-east-1:111122223333:function:my-*", function, pattern.Resource, nil},
		{"suffix", "*-function", function, pattern.Text, nil},
		{"ends", "arn:aws:lambda:*-function", function, pattern.Text, nil},
		{"contains", "*1111222233*", function, pattern.Text, nil},
		{"pieces", "*a*m*d*east*1*function*my*nc*n", function, pattern.Text, nil},
		{"four stars in fields", "arn:aws:lambda:*:*:function:*-f*n", function, pattern.Resource, nil},
		{"question marks", "bucket-????/logs/*", "bucket-2024/logs/01/02.gz", pattern.Text, nil},
		{"question marks between stars, short", "*-?-*x?z*", "ab-c-0123xyz89", pattern.Text, nil},
		{"question marks between stars, long", "*-?-*x?z*", strings.Repeat("ab-c-0123xyz89", 40) + "x", pattern.Text, nil},
		{"variable", "arn:aws:iam::111122223333:user/${aws:username}/*", "arn:aws:iam::111122223333:user/alice/keys", pattern.Resource, []string{"alice"}},
		{"variable between stars", "arn:aws:s3:::*-${aws:username}-*", "arn:aws:s3:::home-alice-keys", pattern.Resource, []string{"alice"}},
		{"operator", "arn:aws:sns:*:111122223333:topic-*", "arn:aws:sns:us-east-1:111122223333:topic-a", pattern.Operator, nil},
	} {
		p, err := pattern.Compile(c.lang, c.pattern, pattern.Options{Variables: c.values != nil})
		if err != nil {
			b.Fatal(err)
		}
		fields := pattern.Split(c.text)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.MatchFields(&fields, c.values)
			}
		})
	}
	b.Run("folded", func(b *testing.B) {
		p, err := pattern.Compile(pattern.Text, "lambda:Get*", pattern.Options{FoldCase: true})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			p.Match("lambda:GetFunction")
		}
	})
	b.Run("worst 5 KB on 10 KB", func(b *testing.B) {
		p := pattern.MustCompile(pattern.Text, "*"+strings.Repeat("a?", 2500)+"b*")
		text := strings.Repeat("a", 10<<10)
		b.ReportAllocs()
		for b.Loop() {
			p.Match(text)
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		pattern.Split("arn:aws:lambda:us-east-1:111122223333:function:my-function")
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, text := range []string{
		"arn:aws:lambda:us-east-1:111122223333:function:my-function",
		"arn:aws:lambda:us-east-1:111122223333:function:my-*",
		"arn:aws:lambda:*:*:function:*",
		"arn:aws:s3:::bucket-????/*/logs-?/*",
	} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = pattern.Compile(pattern.Resource, text, pattern.Options{})
			}
		})
	}
}
