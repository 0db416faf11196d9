package report_test

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"unicode"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/report"
	"github.com/iamsim/iamsim/policy"
)

// Whatever is explained, each rendering is made, holds no control characters
// but line breaks, and keeps its form.
func FuzzRenderings(f *testing.F) {
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:*","Resource":"arn:aws:lambda:*:*:function:${aws:username}"}}`,
		"arn:aws:sts::111122223333:assumed-role/app/s1", "lambda:GetFunction", "arn:aws:lambda:us-east-1:111122223333:function:f:prod", "aws:PrincipalTag/x", "\x1b[1m")
	f.Add(`{"Statement":[{"Sid":"<b>","Effect":"Deny","NotAction":"s3:*","NotResource":["*"],"Condition":{"ForAllValues:StringLike":{"k":["a","*"]},"Null":{"k":"true"}}}]}`,
		"arn:aws:iam::111122223333:user/alice", "iam:PassRole", "*", "k", "</script>")
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":[],"Resource":[]}}`, "anonymous", "a:b", "arn:aws:s3:::b/o", "", "")
	f.Fuzz(func(t *testing.T, document, principal, action, resource, key, value string) {
		doc, err := policy.ParseString("p.json", document)
		if err != nil {
			return
		}
		p, err := evaluator.ParsePrincipal(principal)
		if err != nil {
			return
		}
		set, err := evaluator.Compile(policy.Identity, policy.Attached{Document: doc, Name: value, From: key})
		if err != nil {
			return
		}
		request := evaluator.Request{Action: action}
		if key != "" {
			request.Context = evaluator.Context{{Name: key, Values: []string{value}}}
		}
		x := evaluator.Explain(&evaluator.Caller{Principal: p, Identity: set}, &evaluator.Target{Resource: resource}, &request)
		for kind, write := range renderings {
			for _, complete := range []bool{false, true} {
				var b strings.Builder
				if err := write(&b, report.Options{Title: value, Complete: complete}, x); err != nil {
					t.Fatalf("%s: %v", kind, err)
				}
				out := b.String()
				switch kind {
				case "text":
					if i := strings.IndexFunc(out, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }); i >= 0 {
						t.Errorf("text holds the control character %q", out[i])
					}
				case "JSON":
					d := json.NewDecoder(strings.NewReader(out))
					var v map[string]any
					if err := d.Decode(&v); err != nil {
						t.Errorf("JSON: %v", err)
					}
					if err := d.Decode(&v); err != io.EOF {
						t.Errorf("JSON: more than one object")
					}
				case "HTML":
					if strings.Contains(out, "<script") {
						t.Errorf("HTML holds a script")
					}
					readPage(t, out)
					if i := strings.Index(out, "<svg"); i >= 0 {
						picture := out[i:]
						readPicture(t, picture[:strings.Index(picture, "</svg>")+len("</svg>")])
					}
				}
			}
		}
	})
}

// readPage fails unless the elements of a page are closed in order, and have no
// attributes that run anything.
func readPage(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var open []string
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("HTML: %v", err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			open = append(open, e.Name.Local)
			for _, a := range e.Attr {
				if strings.HasPrefix(strings.ToLower(a.Name.Local), "on") {
					t.Errorf("HTML: <%s> has %s", e.Name.Local, a.Name.Local)
				}
			}
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != e.Name.Local {
				t.Fatalf("HTML: </%s> closes none of %v", e.Name.Local, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("HTML: %v are not closed", open)
	}
}
