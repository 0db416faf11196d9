package arn_test

import (
	"strings"
	"testing"

	"github.com/iamsim/iamsim/arn"
)

func FuzzARN(f *testing.F) {
	for _, text := range []string{
		"arn:aws:lambda:us-east-1:111122223333:function:my-fn:prod", "arn:aws:iam::111122223333:role/service-role/app", "arn:aws:s3:::b/k",
		"arn:aws:sts::111122223333:assumed-role/app/s1", "arn:aws:lambda:us-east-1:111122223333:layer:l:3", "arn:aws:lambda:::function:f:", "arn::::::", "*",
	} {
		f.Add(text)
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
