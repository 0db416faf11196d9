package report_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"html"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/report"
	"github.com/iamsim/iamsim/policy"
)

func page(t *testing.T, o report.Options, x ...*evaluator.Explanation) string {
	var b strings.Builder
	require.NoError(t, report.HTML(&b, o, x...))
	return b.String()
}

// The picture is well-formed by itself, and shows where the request stopped.
func TestThePictureShowsWhereTheRequestStopped(t *testing.T) {
	for s, x := range cases(t) {
		t.Run(s.Name, func(t *testing.T) {
			p := page(t, report.Options{Title: s.Name}, x)
			if x.Decision().Outcome() == evaluator.Invalid {
				assert.NotContains(t, p, "<svg")
				return
			}
			picture := p[strings.Index(p, "<svg"):]
			picture = picture[:strings.Index(picture, "</svg>")+len("</svg>")]
			gates, stopped, reached, lines := readPicture(t, picture)
			layers := x.Layers()
			assert.Equal(t, len(layers)+2, gates, "a gate a layer, one for the request, one for the end")
			assert.Equal(t, gates-1, lines)
			if x.Decision().Denied() {
				assert.Equal(t, 1, stopped)
				assert.Less(t, reached, lines, "behind the layer that stopped nothing is reached")
			} else {
				assert.Zero(t, stopped)
				assert.Equal(t, lines, reached)
			}
		})
	}
}

// What the text says is lacking and near, the page says too.
func TestThePageSaysWhatTheTextSays(t *testing.T) {
	lacking := regexp.MustCompile(`(?m)^missing +(.*)$`)
	near := regexp.MustCompile(`(?m)^nearest +(.*) would allow it but for (.*)$`)
	lacked, nearest := 0, 0
	for s, x := range cases(t) {
		shown, p := text(t, report.Options{}, x), html.UnescapeString(page(t, report.Options{}, x))
		if m := lacking.FindStringSubmatch(shown); m != nil {
			lacked++
			assert.Contains(t, p, m[1], s.Name)
		}
		if m := near.FindStringSubmatch(shown); m != nil {
			nearest++
			assert.Contains(t, p, "<code>"+m[1]+"</code> would allow it but for "+m[2], s.Name)
		}
	}
	assert.Greater(t, lacked, 20)
	assert.Greater(t, nearest, 20)
}

func TestManyPoliciesAreNamedInPart(t *testing.T) {
	var sets []policy.Attached
	for n, want := range []string{"a.json", "a.json, b.json", "a.json, b.json, c.json", "a.json, b.json, c.json and 1 more", "a.json, b.json, c.json and 2 more"} {
		name := string(rune('a'+n)) + ".json"
		sets = append(sets, policy.Attached{Name: name, Document: policy.MustParse(name, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}}`)})
		set, err := evaluator.Compile(policy.Identity, sets...)
		require.NoError(t, err)
		caller := evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/alice"), Identity: set}
		x := evaluator.Explain(&caller, &evaluator.Target{Resource: "arn:aws:sqs:us-east-1:111122223333:q"}, &evaluator.Request{Action: "sqs:SendMessage"})
		assert.Contains(t, text(t, report.Options{}, x), "missing  an Allow of sqs:SendMessage in "+want+"; no statement there comes near\n")
	}
}

func readPicture(t *testing.T, text string) (gates, stopped, reached, lines int) {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		class := ""
		for _, a := range start.Attr {
			if a.Name.Local == "class" {
				class = a.Value
			}
		}
		switch start.Name.Local {
		case "g":
			gates++
			if strings.Contains(class, "stopped") {
				stopped++
			}
		case "line":
			lines++
			if class == "reached" {
				reached++
			}
		}
	}
}

// What a policy says is text on the page, whatever it looks like, and the page
// asks for nothing from elsewhere.
func TestThePageIsSelfContainedAndSafe(t *testing.T) {
	const evil = `</code><script>alert(1)</script><img src=x onerror=y>"'&`
	doc := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{{
		Effect: policy.Allow, Action: policy.Values{"s3:*"}, Resource: policy.Values{"arn:aws:s3:::b/" + evil},
		Condition: []policy.Condition{{Operator: policy.Operator{Test: policy.StringEquals}, Key: "aws:PrincipalTag/" + evil, Values: policy.Values{evil}}},
	}}}
	set, err := evaluator.Compile(policy.Identity, policy.Attached{Document: doc, Name: evil, From: evil, ARN: evil})
	require.NoError(t, err)
	x := evaluator.Explain(
		&evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/alice"), Identity: set},
		&evaluator.Target{Resource: "arn:aws:s3:::b/o" + evil},
		&evaluator.Request{Action: "s3:GetObject", Context: evaluator.Context{{Name: "aws:PrincipalTag/" + evil, Values: []string{"x" + evil}}}})
	p := page(t, report.Options{Title: evil, Complete: true}, x)
	assert.NotContains(t, p, "<script")
	assert.NotContains(t, p, "<img")
	assert.Equal(t, 1, strings.Count(p, "http://"), "the namespace of SVG")
	assert.NotContains(t, p, "https://")
	assert.NotRegexp(t, regexp.MustCompile(`(?i)(src|href|@import|url\()\s*[=("]`), strings.ReplaceAll(p, "src=x", ""))
	for _, tag := range []string{"section", "div", "dl", "table", "details", "svg", "g", "ul", "p", "code"} {
		opened := len(regexp.MustCompile(`<`+tag+`[ >]`).FindAllString(p, -1))
		assert.Equal(t, opened, strings.Count(p, "</"+tag+">"), "<%s>", tag)
	}
}

// The numbers of rules lead to CONFORMANCE.md, and the page leads nowhere else.
func TestCitedRulesAreLinks(t *testing.T) {
	x := evaluator.Explain(
		&evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/alice")},
		&evaluator.Target{Resource: "arn:aws:iam::444455556666:role/app"},
		&evaluator.Request{Action: "iam:PassRole"})
	p := page(t, report.Options{Complete: true}, x)
	const rules = `href="https://github.com/iamsim/iamsim/blob/main/CONFORMANCE.md#`
	assert.Contains(t, p, rules+`g-4">G-4</a>`)
	assert.Equal(t, strings.Count(p, "href="), strings.Count(p, rules))
}

// A browser draws the page, in light and in dark.
func TestABrowserDrawsThePage(t *testing.T) {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" || testing.Short() {
		t.Skip("no chromium here: the structure of the page is tested without one")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	for s, x := range cases(t) {
		if !strings.HasPrefix(s.Name, "EX-E26") {
			continue
		}
		require.NoError(t, os.WriteFile(file, []byte(page(t, report.Options{Title: s.Name, Complete: true}, x)), 0o600))
	}
	run := func(args ...string) []byte {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		args = append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--user-data-dir=" + dir, "--window-size=900,1200"}, args...)
		out, err := exec.CommandContext(ctx, browser, append(args, "file://"+file)...).Output()
		require.NoError(t, err)
		return out
	}
	dom := string(run("--dump-dom"))
	assert.Contains(t, dom, "the request stopped here")
	assert.Contains(t, dom, `class="denies stopped"`)
	corner := func(scheme string) uint32 {
		shot := filepath.Join(dir, scheme+".png")
		run("--blink-settings=preferredColorScheme="+scheme, "--screenshot="+shot)
		text, err := os.ReadFile(shot)
		require.NoError(t, err)
		img, err := png.Decode(bytes.NewReader(text))
		require.NoError(t, err)
		assert.Equal(t, 900, img.Bounds().Dx())
		r, _, _, _ := img.At(3, 3).RGBA()
		return r >> 8
	}
	assert.Greater(t, corner("1"), uint32(200), "light")
	assert.Less(t, corner("0"), uint32(60), "dark")
}
