package arn_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gobwas/glob"

	"github.com/iamsim/iamsim/arn"
)

var globEscaper = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `{`, `\{`, `}`, `\}`)

// likeGlob asks the independent matcher; ok is false where it is too slow to
// be asked.
func likeGlob(pattern, text string, separators ...rune) (match, ok bool) {
	if len(pattern)*len(text) > 4<<10 {
		return false, false
	}
	g, err := glob.Compile(globEscaper.Replace(pattern), separators...)
	return err == nil && g.Match(text), err == nil
}

// tooLong keeps the references quick.
func tooLong(pattern, text string) bool { return len(pattern)*len(text) > 1<<20 }

func addCorpus(f *testing.F) {
	for _, c := range corpus {
		f.Add(c.pattern, c.text)
	}
	f.Add("*"+strings.Repeat("a?", 40)+"b*", strings.Repeat("a", 300))
}

func FuzzText(f *testing.F) {
	addCorpus(f)
	f.Fuzz(func(t *testing.T, pattern, text string) {
		p, err := arn.Compile(arn.Text, pattern, arn.Options{})
		if (err == nil) != utf8.ValidString(pattern) {
			t.Fatalf("Compile(%q): %v", pattern, err)
		}
		if err != nil || tooLong(pattern, text) {
			return
		}
		want := likeText(pattern, text)
		if got := p.Match(text); got != want {
			t.Errorf("%q against %q, class %v: got %v, want %v", pattern, text, p.Class(), got, want)
		}
		if got, _ := p.Steps(text); got != want {
			t.Errorf("%q against %q, automaton: got %v, want %v", pattern, text, got, want)
		}
		if got, ok := likeGlob(pattern, text); ok && got != want {
			t.Errorf("%q against %q: glob says %v, the reference %v", pattern, text, got, want)
		}
		checkIndex(t, &p, text, want)

		folded, err := arn.Compile(arn.Text, pattern, arn.Options{FoldCase: true})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := folded.Match(text), likeText(lowerASCII(pattern), lowerASCII(text)); got != want {
			t.Errorf("%q against %q, folded, class %v: got %v, want %v", pattern, text, folded.Class(), got, want)
		}
	})
}

func FuzzResource(f *testing.F) {
	addCorpus(f)
	f.Fuzz(func(t *testing.T, pattern, text string) {
		p, err := arn.Compile(arn.Resource, pattern, arn.Options{})
		if (err == nil) != isResourcePattern(pattern) {
			t.Fatalf("Compile(%q): %v", pattern, err)
		}
		if err != nil || tooLong(pattern, text) {
			return
		}
		want := likeResource(pattern, text)
		fields := arn.Split(text)
		if got := p.MatchFields(&fields, nil); got != want || p.Match(text) != want {
			t.Errorf("%q against %q, class %v: got %v, want %v", pattern, text, p.Class(), got, want)
		}
		checkGlobFields(t, pattern, text, want)
		checkIndex(t, &p, text, want)
	})
}

func FuzzOperator(f *testing.F) {
	addCorpus(f)
	f.Fuzz(func(t *testing.T, pattern, text string) {
		p, err := arn.Compile(arn.Operator, pattern, arn.Options{})
		if (err == nil) != utf8.ValidString(pattern) {
			t.Fatalf("Compile(%q): %v", pattern, err)
		}
		if err != nil || tooLong(pattern, text) {
			return
		}
		want := likeOperator(pattern, text)
		if got := p.Match(text); got != want {
			t.Errorf("%q against %q, class %v: got %v, want %v", pattern, text, p.Class(), got, want)
		}
		if len(split(pattern)) == 6 {
			checkGlobFields(t, pattern, text, want)
		}
		checkIndex(t, &p, text, want)
	})
}

// FuzzVariables compiles any text with variables: it never panics, and where
// there are none it means what it means without.
func FuzzVariables(f *testing.F) {
	addCorpus(f)
	f.Add("arn:${a}:${*}:${b, 'x:y'}::${c}${$}{", "arn:aws:s3:::a")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		for _, lang := range []arn.Language{arn.Text, arn.Resource, arn.Operator} {
			p, err := arn.Compile(lang, pattern, arn.Options{Variables: true})
			if err != nil {
				continue
			}
			values := make([]string, len(p.Variables()))
			for i := range values {
				values[i] = text[:len(text)/(i+1)]
			}
			fields := arn.Split(text)
			got := p.MatchFields(&fields, values)
			checkIndex(t, &p, text, got)
			if len(values) > 0 && p.Match(text) {
				t.Errorf("%q has variables and matches %q without values", pattern, text)
			}
			if !strings.Contains(pattern, "${") {
				plain, err := arn.Compile(lang, pattern, arn.Options{})
				if err != nil || plain.Match(text) != got {
					t.Errorf("%q against %q: %v with variables, error %v without", pattern, text, got, err)
				}
			}
		}
	})
}

// checkGlobFields asks glob with ':' as separator, where the language of fields
// is what glob knows: both sides have six fields and no colon in the sixth.
func checkGlobFields(t *testing.T, pattern, text string, want bool) {
	if strings.Count(pattern, ":") != 5 || strings.Count(text, ":") != 5 || strings.Contains(pattern+text, "${") {
		return
	}
	for strings.Contains(pattern, "**") {
		pattern = strings.ReplaceAll(pattern, "**", "*") // glob has another meaning for it
	}
	if got, ok := likeGlob(pattern, text, ':'); ok && got != want {
		t.Errorf("%q against %q: glob says %v, the reference %v", pattern, text, got, want)
	}
}

// checkIndex checks what an index relies on.
func checkIndex(t *testing.T, p *arn.Pattern, text string, matches bool) {
	if matches && !strings.HasPrefix(text, p.Prefix()) {
		t.Errorf("%q matches %q, which does not begin with %q", p, text, p.Prefix())
	}
	if matches && !strings.Contains(text[len(p.Prefix()):], p.Inner()) {
		t.Errorf("%q matches %q, which does not contain %q behind its prefix", p, text, p.Inner())
	}
	if exact, ok := p.Exact(); ok && matches != (text == exact) {
		t.Errorf("%q against %q: %v, and the one text it matches is %q", p, text, matches, exact)
	}
	if p.MatchesAll() && !matches {
		t.Errorf("%q matches all, and not %q", p, text)
	}
}

func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func FuzzARN(f *testing.F) {
	for _, c := range corpus {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := arn.Parse(s)
		if err != nil {
			if a.IsValid() || !strings.HasPrefix(err.Error(), "invalid ARN ") {
				t.Fatalf("Parse(%q): %v, %v", s, a, err)
			}
			return
		}
		if a.String() != s {
			t.Errorf("%q formats as %q", s, a)
		}
		b, err := arn.New(a.Partition(), a.Service(), a.Region(), a.Account(), a.Resource())
		if err != nil || a != b || a.Compare(b) != 0 {
			t.Errorf("%q made of its parts: %q, %v", s, b, err)
		}
		var c arn.ARN
		text, _ := a.MarshalText()
		if err := c.UnmarshalText(text); err != nil || a != c {
			t.Errorf("%q marshalled: %q, %v", s, c, err)
		}
		if path := a.Path(); path != "" && !strings.HasSuffix(s, path+a.Name()) {
			t.Errorf("%q: path %q, name %q", s, path, a.Name())
		}
		u := a.Unqualified()
		if !u.IsValid() || u.Qualifier() != "" && u != a || !strings.HasPrefix(s, u.String()) {
			t.Errorf("%q unqualified: %q", s, u)
		}
		if reparsed, err := arn.Parse(u.String()); err != nil || reparsed != u {
			t.Errorf("%q unqualified: %q is not what Parse makes of it: %v", s, u, err)
		}
		if u != a && a.Qualifier() != "" && !strings.HasPrefix(s, u.WithQualifier(a.Qualifier()).String()) {
			t.Errorf("%q qualified again: %q", s, u.WithQualifier(a.Qualifier()))
		}
		a.AssumedRole()
		if full, err := arn.ParseFunction(s, arn.Defaults{}); err == nil && full != a {
			t.Errorf("%q as a function: %q", s, full)
		}
	})
}
