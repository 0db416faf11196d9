package arn_test

import (
	"strings"
	"testing"

	"github.com/iamsim/iamsim/arn"
)

func BenchmarkMatch(b *testing.B) {
	const function = "arn:aws:lambda:us-east-1:111122223333:function:my-function"
	for _, c := range []struct {
		name, pattern, text string
		lang                arn.Language
		values              []string
	}{
		{"exact", function, function, arn.Resource, nil},
		{"prefix", "arn:aws:lambda:us-east-1:111122223333:function:my-*", function, arn.Resource, nil},
		{"suffix", "*-function", function, arn.Text, nil},
		{"ends", "arn:aws:lambda:*-function", function, arn.Text, nil},
		{"contains", "*1111222233*", function, arn.Text, nil},
		{"pieces", "*a*m*d*east*1*function*my*nc*n", function, arn.Text, nil},
		{"four stars in fields", "arn:aws:lambda:*:*:function:*-f*n", function, arn.Resource, nil},
		{"question marks", "bucket-????/logs/*", "bucket-2024/logs/01/02.gz", arn.Text, nil},
		{"question marks between stars, short", "*-?-*x?z*", "ab-c-0123xyz89", arn.Text, nil},
		{"question marks between stars, long", "*-?-*x?z*", strings.Repeat("ab-c-0123xyz89", 40) + "x", arn.Text, nil},
		{"variable", "arn:aws:iam::111122223333:user/${aws:username}/*", "arn:aws:iam::111122223333:user/alice/keys", arn.Resource, []string{"alice"}},
		{"variable between stars", "arn:aws:s3:::*-${aws:username}-*", "arn:aws:s3:::home-alice-keys", arn.Resource, []string{"alice"}},
		{"operator", "arn:aws:sns:*:111122223333:topic-*", "arn:aws:sns:us-east-1:111122223333:topic-a", arn.Operator, nil},
	} {
		p, err := arn.Compile(c.lang, c.pattern, arn.Options{Variables: c.values != nil})
		if err != nil {
			b.Fatal(err)
		}
		fields := arn.Split(c.text)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.MatchFields(&fields, c.values)
			}
		})
	}
	b.Run("folded", func(b *testing.B) {
		p, err := arn.Compile(arn.Text, "lambda:Get*", arn.Options{FoldCase: true})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			p.Match("lambda:GetFunction")
		}
	})
	b.Run("worst 5 KB on 10 KB", func(b *testing.B) {
		p := arn.MustCompile(arn.Text, "*"+strings.Repeat("a?", 2500)+"b*")
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
		arn.Split("arn:aws:lambda:us-east-1:111122223333:function:my-function")
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, pattern := range []string{
		"arn:aws:lambda:us-east-1:111122223333:function:my-function",
		"arn:aws:lambda:us-east-1:111122223333:function:my-*",
		"arn:aws:lambda:*:*:function:*",
		"arn:aws:s3:::bucket-????/*/logs-?/*",
	} {
		b.Run(pattern, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = arn.Compile(arn.Resource, pattern, arn.Options{})
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = arn.Parse("arn:aws:lambda:us-east-1:111122223333:function:my-function")
	}
}
