package pattern_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gobwas/glob"

	"github.com/iamsim/iamsim/internal/pattern"
)

var globEscaper = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `{`, `\{`, `}`, `\}`)

// likeGlob asks the independent matcher; ok is false where it is too slow to
// be asked.
func likeGlob(written, text string, separators ...rune) (match, ok bool) {
	if len(written)*len(text) > 4<<10 {
		return false, false
	}
	g, err := glob.Compile(globEscaper.Replace(written), separators...)
	return err == nil && g.Match(text), err == nil
}

// tooLong keeps the references quick.
func tooLong(written, text string) bool { return len(written)*len(text) > 1<<20 }

func addCorpus(f *testing.F) {
	for _, c := range corpus {
		f.Add(c.pattern, c.text)
	}
	f.Add("*"+strings.Repeat("a?", 40)+"b*", strings.Repeat("a", 300))
}

func FuzzText(f *testing.F) {
	addCorpus(f)
	f.Fuzz(func(t *testing.T, written, text string) {
		p, err := pattern.Compile(pattern.Text, written, pattern.Options{})
		if (err == nil) != utf8.ValidString(written) {
			t.Fatalf("Compile(%q): %v", written, err)
		}
		if err != nil || tooLong(written, text) {
			return
		}
		want := likeText(written, text)
		if got := p.Match(text); got != want {
			t.Errorf("%q against %q, class %v: got %v, want %v", written, text, p.Class(), got, want)
		}
		if got, _ := p.Steps(text); got != want {
			t.Errorf("%q against %q, automaton: got %v, want %v", written, text, got, want)
		}
		if got, ok := likeGlob(written, text); ok && got != want {
			t.Errorf("%q against %q: glob says %v, the reference %v", written, text, got, want)
		}
		checkIndex(t, &p, text, want)

		folded, err := pattern.Compile(pattern.Text, written, pattern.Options{FoldCase: true})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := folded.Match(text), likeText(lowerASCII(written), lowerASCII(text)); got != want {
			t.Errorf("%q against %q, folded, class %v: got %v, want %v", written, text, folded.Class(), got, want)
		}
	})
}

func FuzzResource(f *testing.F) {
	addCorpus(f)
	f.Fuzz(func(t *testing.T, written, text string) {
		p, err := pattern.Compile(pattern.Resource, written, pattern.Options{})
		if (err == nil) != isResourcePattern(written) {
			t.Fatalf("Compile(%q): %v", written, err)
		}
		if err != nil || tooLong(written, text) {
			return
		}
		want := likeResource(written, text)
		fields := pattern.Split(text)
		if got := p.MatchFields(&fields, nil); got != want || p.Match(text) != want {
			t.Errorf("%q against %q, class %v: got %v, want %v", written, text, p.Class(), got, want)
		}
		checkGlobFields(t, written, text, want)
		checkIndex(t, &p, text, want)
	})
}

func FuzzOperator(f *testing.F) {
	addCorpus(f)
	f.Fuzz(func(t *testing.T, written, text string) {
		p, err := pattern.Compile(pattern.Operator, written, pattern.Options{})
		if (err == nil) != utf8.ValidString(written) {
			t.Fatalf("Compile(%q): %v", written, err)
		}
		if err != nil || tooLong(written, text) {
			return
		}
		want := likeOperator(written, text)
		if got := p.Match(text); got != want {
			t.Errorf("%q against %q, class %v: got %v, want %v", written, text, p.Class(), got, want)
		}
		if len(split(written)) == 6 {
			checkGlobFields(t, written, text, want)
		}
		checkIndex(t, &p, text, want)
	})
}

// FuzzVariables compiles any text with variables: it never panics, and where
// there are none it means what it means without.
func FuzzVariables(f *testing.F) {
	addCorpus(f)
	f.Add("arn:${a}:${*}:${b, 'x:y'}::${c}${$}{", "arn:aws:s3:::a")
	f.Fuzz(func(t *testing.T, written, text string) {
		for _, lang := range []pattern.Language{pattern.Text, pattern.Resource, pattern.Operator} {
			p, err := pattern.Compile(lang, written, pattern.Options{Variables: true})
			if err != nil {
				continue
			}
			values := make([]string, len(p.Variables()))
			for i := range values {
				values[i] = text[:len(text)/(i+1)]
			}
			fields := pattern.Split(text)
			got := p.MatchFields(&fields, values)
			checkIndex(t, &p, text, got)
			if len(values) > 0 && p.Match(text) {
				t.Errorf("%q has variables and matches %q without values", written, text)
			}
			if !strings.Contains(written, "${") {
				plain, err := pattern.Compile(lang, written, pattern.Options{})
				if err != nil || plain.Match(text) != got {
					t.Errorf("%q against %q: %v with variables, error %v without", written, text, got, err)
				}
			}
		}
	})
}

// checkGlobFields asks glob with ':' as separator, where the language of fields
// is what glob knows: both sides have six fields and no colon in the sixth.
func checkGlobFields(t *testing.T, written, text string, want bool) {
	if strings.Count(written, ":") != 5 || strings.Count(text, ":") != 5 || strings.Contains(written+text, "${") {
		return
	}
	for strings.Contains(written, "**") {
		written = strings.ReplaceAll(written, "**", "*") // glob has another meaning for it
	}
	if got, ok := likeGlob(written, text, ':'); ok && got != want {
		t.Errorf("%q against %q: glob says %v, the reference %v", written, text, got, want)
	}
}

// checkIndex checks what an index relies on.
func checkIndex(t *testing.T, p *pattern.Pattern, text string, matches bool) {
	if matches && !strings.HasPrefix(text, p.Prefix()) {
		t.Errorf("%q matches %q, which does not begin with %q", p, text, p.Prefix())
	}
	if matches && !strings.Contains(text[len(p.Prefix()):], p.Inner()) {
		t.Errorf("%q matches %q, which does not contain %q behind its prefix", p, text, p.Inner())
	}
	if exact, ok := p.Exact(); ok && matches != (text == exact) {
		t.Errorf("%q against %q: %v, and the one text it matches is %q", p, text, matches, exact)
	}
	if p.IsPrefix() && matches != strings.HasPrefix(text, p.Prefix()) {
		t.Errorf("%q matches all that begins so, but for %q: %v", p, text, matches)
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
