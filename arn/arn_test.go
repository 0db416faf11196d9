package arn_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/arn"
)

const function = "arn:aws:lambda:us-east-1:111122223333:function:my-fn"

func TestParse(t *testing.T) {
	a, err := arn.Parse("arn:aws:lambda:us-east-1:111122223333:function:my-fn:prod")
	require.NoError(t, err)
	assert.Equal(t, "aws", a.Partition())
	assert.Equal(t, "lambda", a.Service())
	assert.Equal(t, "us-east-1", a.Region())
	assert.Equal(t, "111122223333", a.Account())
	assert.Equal(t, "function:my-fn:prod", a.Resource())
	assert.Equal(t, "function", a.Type())
	assert.True(t, a.IsValid())

	for _, c := range []struct{ sentence, in, want string }{
		{"nothing", "", `invalid ARN "": it does not begin with "arn:"`},
		{"a name", "my-fn", `invalid ARN "my-fn": it does not begin with "arn:"`},
		{"letter case counts", "ARN:aws:iam::1:user/a", `does not begin with "arn:"`},
		{"five parts", "arn:aws:s3::bucket", `invalid ARN "arn:aws:s3::bucket": it has 5 parts of six`},
		{"no partition", "arn::s3:::bucket", `its partition is empty`},
		{"no service", "arn:aws::::bucket", `its service is empty`},
		{"no resource", "arn:aws:s3:::", `its resource is empty`},
		{"broken UTF-8", "arn:aws:s3:::a\xff", `it is not valid UTF-8`},
		{"too long", "arn:aws:s3:::" + strings.Repeat("a", 2048), `it has 2061 bytes, and an ARN has at most 2048`},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			a, err := arn.Parse(c.in)
			require.ErrorContains(t, err, c.want)
			assert.Equal(t, arn.ARN{}, a)
			assert.Less(t, len(err.Error()), 400)
		})
	}
	_, err = arn.Parse("arn:aws:s3:::" + strings.Repeat("a", 2048-13))
	require.NoError(t, err)
	assert.Panics(t, func() { arn.MustParse("x") })
}

func TestType(t *testing.T) {
	for sentence, c := range map[string]struct{ resource, want string }{
		"up to a colon":          {"function:my-fn", "function"},
		"up to a slash":          {"role/app", "role"},
		"the whole resource":     {"root", "root"},
		"nothing before a slash": {"/aws/lambda/my-fn", ""},
		"nothing before a colon": {":a", ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			assert.Equal(t, c.want, arn.MustParse("arn:aws:x:us-east-1:111122223333:"+c.resource).Type())
		})
	}
}

func TestNew(t *testing.T) {
	a, err := arn.New("aws", "s3", "", "", "bucket/a:b")
	require.NoError(t, err)
	assert.Equal(t, arn.MustParse("arn:aws:s3:::bucket/a:b"), a)
	_, err = arn.New("aws", "s3", "a:b", "", "bucket")
	require.EqualError(t, err, `invalid ARN "arn:aws:s3:a:b::bucket": the region "a:b" holds a colon`)
	_, err = arn.New("aws", "s3", "", "", "")
	require.ErrorContains(t, err, "its resource is empty")
}

func TestZero(t *testing.T) {
	var zero arn.ARN
	assert.False(t, zero.IsValid())
	assert.Empty(t, zero.String()+zero.Partition()+zero.Service()+zero.Region()+zero.Account()+zero.Resource()+
		zero.Type()+zero.Name()+zero.Path()+zero.Qualifier())
	assert.Equal(t, zero, zero.Unqualified())
	assert.Equal(t, zero, zero.WithQualifier("1"))
	_, _, ok := zero.AssumedRole()
	assert.False(t, ok || zero.IsServiceLinkedRole())
	assert.Negative(t, zero.Compare(arn.MustParse(function)))
}

func TestValue(t *testing.T) {
	a, b := arn.MustParse(function), arn.MustParse(strings.Clone(function))
	assert.True(t, a == b, "the same text is the same ARN")
	assert.Equal(t, 7, map[arn.ARN]int{a: 7}[b])
	sorted := []arn.ARN{arn.MustParse("arn:aws:s3:::b"), a, arn.MustParse("arn:aws:s3:::a")}
	slices.SortFunc(sorted, arn.ARN.Compare)
	assert.Equal(t, function, sorted[0].String())
	assert.Equal(t, "arn:aws:s3:::a", sorted[1].String())

	text, err := a.AppendText([]byte("x "))
	require.NoError(t, err)
	assert.Equal(t, "x "+function, string(text))

	var decoded struct{ A, Empty arn.ARN }
	require.NoError(t, json.Unmarshal([]byte(`{"A":"`+function+`","Empty":""}`), &decoded))
	assert.Equal(t, a, decoded.A)
	assert.False(t, decoded.Empty.IsValid())
	encoded, err := json.Marshal(decoded)
	require.NoError(t, err)
	assert.JSONEq(t, `{"A":"`+function+`","Empty":""}`, string(encoded))
	require.ErrorContains(t, json.Unmarshal([]byte(`{"A":"b"}`), &decoded), `invalid ARN "b"`)
	assert.Equal(t, a, decoded.A, "a text that is no ARN changes nothing")
	require.NoError(t, json.Unmarshal([]byte(`{"A":""}`), &decoded))
	assert.False(t, decoded.A.IsValid(), "an empty text makes an ARN the zero ARN")
}

func TestQualifier(t *testing.T) {
	const account = "arn:aws:lambda:us-east-1:111122223333:"
	for _, c := range []struct{ sentence, resource, name, qualifier, unqualified string }{
		{"a function", "function:my-fn", "my-fn", "", "function:my-fn"},
		{"a version", "function:my-fn:1", "my-fn", "1", "function:my-fn"},
		{"$LATEST", "function:my-fn:$LATEST", "my-fn", "$LATEST", "function:my-fn"},
		{"an alias", "function:my-fn:prod", "my-fn", "prod", "function:my-fn"},
		{"a durable execution", "function:my-fn:3/durable-execution/a/b", "my-fn", "3", "function:my-fn"},
		{"a layer", "layer:my-layer", "my-layer", "", "layer:my-layer"},
		{"a layer version", "layer:my-layer:3", "my-layer", "3", "layer:my-layer"},
		{"an event source mapping", "event-source-mapping:1-2", "1-2", "", "event-source-mapping:1-2"},
		{"a function with a slash is none", "function/my-fn", "", "", "function/my-fn"},
		{"the word alone is no function", "function", "", "", "function"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			a := arn.MustParse(account + c.resource)
			assert.Equal(t, c.name, a.Name())
			assert.Equal(t, c.qualifier, a.Qualifier())
			assert.Equal(t, account+c.unqualified, a.Unqualified().String())
			assert.Equal(t, a.Unqualified(), a.WithQualifier(""))
			assert.Equal(t, arn.MustParse(a.Unqualified().String()), a.Unqualified())
			if strings.HasPrefix(c.resource, "function:") || strings.HasPrefix(c.resource, "layer:") {
				assert.Equal(t, account+c.unqualified+":7", a.WithQualifier("7").String())
				assert.False(t, a.WithQualifier("a:b").IsValid() || a.WithQualifier("a/b").IsValid())
				assert.False(t, a.WithQualifier(strings.Repeat("a", 2048)).IsValid())
			} else {
				assert.Equal(t, a, a.WithQualifier("7"))
			}
		})
	}
	assert.Empty(t, arn.MustParse("arn:aws:s3:::function:a:b").Qualifier(), "other services have no qualifiers")
}

func TestParseFunction(t *testing.T) {
	defaults := arn.Defaults{Region: "us-east-1", Account: "111122223333"}
	for in, want := range map[string]string{
		"my-fn":                       "arn:aws:lambda:us-east-1:111122223333:function:my-fn",
		"my-fn:prod":                  "arn:aws:lambda:us-east-1:111122223333:function:my-fn:prod",
		"my-fn:$LATEST":               "arn:aws:lambda:us-east-1:111122223333:function:my-fn:$LATEST",
		"444455556666:function:my_fn": "arn:aws:lambda:us-east-1:444455556666:function:my_fn",
		"444455556666:function:f:1":   "arn:aws:lambda:us-east-1:444455556666:function:f:1",
		"arn:aws-cn:lambda:cn-north-1:1:function:f:1":     "arn:aws-cn:lambda:cn-north-1:1:function:f:1",
		strings.Repeat("a", 64):                           "arn:aws:lambda:us-east-1:111122223333:function:" + strings.Repeat("a", 64),
		"azAZ09-_":                                        "arn:aws:lambda:us-east-1:111122223333:function:azAZ09-_",
		function + strings.Repeat("a", 140-len(function)): function + strings.Repeat("a", 140-len(function)),
	} {
		got, err := arn.ParseFunction(in, defaults)
		require.NoError(t, err, in)
		assert.Equal(t, want, got.String())
	}
	got, err := arn.ParseFunction("f", arn.Defaults{Partition: "aws-cn", Region: "cn-north-1", Account: "1"})
	require.NoError(t, err)
	assert.Equal(t, "arn:aws-cn:lambda:cn-north-1:1:function:f", got.String())

	for in, want := range map[string]string{
		"":                                    `invalid Lambda function "": the name is empty`,
		"my fn":                               `invalid Lambda function "my fn": the name "my fn" may hold only letters, digits, hyphens and underscores`,
		"my-fn:":                              `the qualifier is empty`,
		"my-fn:a:b":                           `the qualifier "a:b" is neither $LATEST, a version nor an alias`,
		"my-fn:$latest":                       `the qualifier "$latest" is neither`,
		"12345:function:f":                    `"12345" is not an account of twelve digits`,
		"44445555666x:function:f":             `"44445555666x" is not an account of twelve digits`,
		"444455556666:function:":              `the name is empty`,
		"arn:aws:lambda:us-east-1:1:layer:f":  `the ARN is not that of a function`,
		"arn:aws:s3:::b":                      `the ARN is not that of a function`,
		"arn:aws:lambda:us-east-1:1:function": `the ARN is not that of a function`,
		"arn:aws:lambda:us-east-1:1":          `it has 5 parts of six`,
		function + ":":                        `":" is not expected after the name`,
		function + ":1/durable-execution/a/b": `":1/durable-execution/a/b" is not expected after the name`,
		function + ":1:2":                     `":1:2" is not expected after the name`,
		function + "*":                        `the name "my-fn*" may hold only`,
		strings.Repeat("a", 65):               `the name has 65 characters, at most 64 are allowed`,
		function + strings.Repeat("a", 141-len(function)): `the ARN has 141 characters, at most 140 are allowed`,
	} {
		got, err := arn.ParseFunction(in, defaults)
		require.ErrorContains(t, err, want, in)
		assert.False(t, got.IsValid())
	}
	for _, d := range []arn.Defaults{{Region: "us:east", Account: "1"}, {Region: "us-east-1", Account: strings.Repeat("1", 2048)}} {
		got, err = arn.ParseFunction("f", d)
		require.ErrorContains(t, err, "invalid ARN", "a default that makes no ARN")
		assert.False(t, got.IsValid())
	}
	_, err = arn.ParseFunction("f", arn.Defaults{Account: "1"})
	require.EqualError(t, err, `invalid Lambda function "f": it has no region, and no default is given`)
	_, err = arn.ParseFunction("f", arn.Defaults{Region: "us-east-1"})
	require.EqualError(t, err, `invalid Lambda function "f": it has no account, and no default is given`)
}

func TestIAM(t *testing.T) {
	for _, c := range []struct {
		sentence, in, path, name string
		linked                   bool
	}{
		{"a role without path", "arn:aws:iam::1:role/app", "/", "app", false},
		{"a role with a path (B-40)", "arn:aws:iam::1:role/svc/app2", "/svc/", "app2", false},
		{"a longer path", "arn:aws:iam::1:role/a/b/app2", "/a/b/", "app2", false},
		{"a path that begins with a slash", "arn:aws:iam::1:role//app", "//", "app", false},
		{"a service-linked role (B-41)", "arn:aws:iam::1:role/aws-service-role/lambda.amazonaws.com/L", "/aws-service-role/lambda.amazonaws.com/", "L", true},
		{"a service role is not one (B-41)", "arn:aws:iam::1:role/service-role/x", "/service-role/", "x", false},
		{"a policy of AWS", "arn:aws:iam::aws:policy/job-function/Billing", "/job-function/", "Billing", false},
		{"a user", "arn:aws:iam::1:user/alice", "/", "alice", false},
		{"the root has neither", "arn:aws:iam::1:root", "", "", false},
		{"a provider has no path", "arn:aws:iam::1:oidc-provider/host/id", "", "host/id", false},
		{"a session has no path", "arn:aws:sts::1:assumed-role/app2/s1", "", "", false},
		{"a federated user has a name", "arn:aws:sts::1:federated-user/temp", "", "temp", false},
		{"the word role alone", "arn:aws:iam::1:role", "", "", false},
		{"a role after a colon is none", "arn:aws:iam::1:role:a", "", "", false},
		{"another service has no roles", "arn:aws:s3:::role/a/b", "", "", false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			a := arn.MustParse(c.in)
			assert.Equal(t, c.path, a.Path())
			assert.Equal(t, c.name, a.Name())
			assert.Equal(t, c.linked, a.IsServiceLinkedRole())
		})
	}
}

func TestAssumedRole(t *testing.T) {
	role, session, ok := arn.MustParse("arn:aws:sts::111122223333:assumed-role/app2/s1").AssumedRole()
	require.True(t, ok)
	assert.Equal(t, "app2", role)
	assert.Equal(t, "s1", session)
	for _, in := range []string{
		"arn:aws:sts::1:assumed-role/app2", "arn:aws:sts::1:assumed-role/app2/", "arn:aws:sts::1:assumed-role//s",
		"arn:aws:sts::1:federated-user/a", "arn:aws:iam::1:assumed-role/a/b",
	} {
		_, _, ok := arn.MustParse(in).AssumedRole()
		assert.False(t, ok, in)
	}
}
