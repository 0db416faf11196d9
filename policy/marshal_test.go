package policy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/policy"
)

func TestMarshalJSON(t *testing.T) {
	for sentence, tt := range map[string]struct{ src, want string }{
		"what is in order stays as it is": {
			`{"Version":"2012-10-17","Id":"<&>","Statement":{"Sid":"S","Effect":"Allow","Principal":{"AWS":["123456789012"],"Service":"a.b"},"Action":["*"],"Resource":"*","Condition":{"Bool":{"a:b":"true"}}}}`,
			``},
		"a list of one statement":           {`{"Statement":[{"Effect":"Deny","NotPrincipal":"*","NotAction":"*","NotResource":["*","*"]}]}`, ``},
		"empty lists and objects":           {`{"Statement":[{"Effect":"Deny","Principal":{},"Action":[],"Condition":{}}]}`, ``},
		"characters of every kind":          {`{"Id":"\"\\\u0001\n\u00e9日\/<>&","Statement":{"Effect":"Deny","Action":"*"}}`, `{"Id":"\"\\\u0001\u000aé日/<>&","Statement":{"Effect":"Deny","Action":"*"}}`},
		"elements come into order":          {`{"Statement":{"Resource":"*","Action":"*","Effect":"Deny"},"Version":"2008-10-17"}`, `{"Version":"2008-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`},
		"numbers and booleans become texts": {`{"Statement":{"Effect":"Deny","Action":"*","Condition":{"NumericEquals":{"k:x":[1,2]},"Bool":{"k:x":true}}}}`, `{"Statement":{"Effect":"Deny","Action":"*","Condition":{"NumericEquals":{"k:x":["1","2"]},"Bool":{"k:x":"true"}}}}`},
		"what has no meaning goes":          {`{"Statement":{"Sid":"","Effect":"Deny","Action":"*","Condition":{"Bool":{}}}}`, `{"Statement":{"Effect":"Deny","Action":"*","Condition":{}}}`},
	} {
		t.Run(sentence, func(t *testing.T) {
			if tt.want == "" {
				tt.want = tt.src
			}
			doc := parse(t, tt.src)
			written, err := doc.MarshalJSON()
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(written))
			assert.Equal(t, doc.Statements, parse(t, string(written)).Statements)
		})
	}
}

func TestMarshalJSON_groupsTheConditionsOfALiteralByOperator(t *testing.T) {
	equals, like := policy.Operator{Test: policy.StringEquals}, policy.Operator{Test: policy.StringLike, Set: policy.ForAnyValue, IfExists: true}
	doc := &policy.Document{Statements: []policy.Statement{{
		Effect: policy.Deny, Action: policy.Values{"*"},
		Condition: []policy.Condition{
			{Operator: equals, Key: "k:a", Values: policy.Values{"1"}},
			{Operator: like, Key: "k:a", Values: policy.Values{}},
			{Operator: equals, Key: "k:b", Values: policy.Values{"\xff", "2"}},
		},
	}}}
	written, err := doc.MarshalJSON()
	require.NoError(t, err)
	assert.Equal(t, `{"Statement":[{"Effect":"Deny","Action":"*","Condition":{`+
		`"StringEquals":{"k:a":"1","k:b":["`+"\ufffd"+`","2"]},"ForAnyValue:StringLikeIfExists":{"k:a":[]}}}]}`, string(written))
}

func TestDocument_insideOtherJSON(t *testing.T) {
	var outer struct {
		Name   string
		Policy policy.Document
		None   *policy.Document
	}
	text := `{"Name":"x","Policy":{"Statement":[{"Effect":"Deny","Action":"*"}]},"None":null}`
	require.NoError(t, json.Unmarshal([]byte(text), &outer))
	assert.Equal(t, policy.Deny, outer.Policy.Statements[0].Effect)
	assert.Nil(t, outer.None)
	for _, v := range []any{outer, &outer} {
		written, err := json.Marshal(v)
		require.NoError(t, err)
		assert.Equal(t, text, string(written))
	}

	kept := outer.Policy
	assert.ErrorIs(t, json.Unmarshal([]byte(`{"Policy":{"Statement":[]}}`), &outer), policy.Code("missing-statement"))
	assert.Equal(t, kept, outer.Policy, "an error leaves the document alone")
	require.NoError(t, outer.Policy.UnmarshalJSON([]byte("null")))
	assert.Equal(t, kept, outer.Policy, "null leaves the document alone")
}

// roundTrip fails unless doc survives being written and parsed.
func roundTrip(t require.TestingT, doc *policy.Document) {
	written, err := doc.MarshalJSON()
	require.NoError(t, err)
	again, err := policy.Parse("", written)
	require.NoError(t, err, "%s", written)
	require.Equal(t, doc.Version, again.Version)
	require.Equal(t, doc.ID, again.ID)
	require.Equal(t, doc.Statements, again.Statements)
	twice, err := again.MarshalJSON()
	require.NoError(t, err)
	require.Equal(t, string(written), string(twice))
}

// drawText is the JSON of a document that Parse accepts.
func drawText(t *rapid.T) string {
	text := rapid.StringN(0, 12, -1)
	values := func(label string, of *rapid.Generator[string]) any {
		if rapid.Bool().Draw(t, label+" is a list") {
			return rapid.SliceOfN(of, 0, 3).Draw(t, label)
		}
		return of.Draw(t, label)
	}
	action := rapid.SampledFrom([]string{"*", "s3:*", "lambda:Get?unction", "*:*", "iam:Ünë"})
	resource := rapid.SampledFrom([]string{"*", "**", "arn:aws:s3:::b/*", "arn:aws:lambda:*", "arn:aws:iam::${aws:PrincipalAccount}:role/${aws:username, 'x}'}"})
	statements := make([]any, rapid.IntRange(1, 3).Draw(t, "statements"))
	for i := range statements {
		st := map[string]any{
			"Effect": rapid.SampledFrom([]string{"Allow", "Deny"}).Draw(t, "effect"),
			rapid.SampledFrom([]string{"Action", "NotAction"}).Draw(t, "action element"): values("action", action),
		}
		if rapid.Bool().Draw(t, "has a Sid") {
			st["Sid"] = text.Draw(t, "sid")
		}
		if rapid.Bool().Draw(t, "has a resource") {
			st[rapid.SampledFrom([]string{"Resource", "NotResource"}).Draw(t, "resource element")] = values("resource", resource)
		}
		if rapid.Bool().Draw(t, "has a principal") {
			st["Principal"] = rapid.SampledFrom([]any{"*", map[string]any{}, map[string]any{"AWS": []string{"*"}, "Service": "a.b"}, map[string]any{"Federated": "a.b"}}).Draw(t, "principal")
		}
		if rapid.Bool().Draw(t, "has a condition") {
			blocks := map[string]any{}
			for _, operator := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"StringEquals", "ForAllValues:StringLikeIfExists", "NumericEquals", "ArnLike"}), 0, 3, rapid.ID).Draw(t, "operators") {
				block := map[string]any{}
				for range rapid.IntRange(0, 2).Draw(t, "keys") {
					block[fmt.Sprintf("k:%d", len(block))] = rapid.SampledFrom([]any{"x", "", "é\u0000\"", 5, 1e300, true, []string{"a"}, []string{"a", "b"}, []bool{}}).Draw(t, "value")
				}
				blocks[operator] = block
			}
			st["Condition"] = blocks
		}
		statements[i] = st
	}
	doc := map[string]any{"Statement": statements}
	if len(statements) == 1 && rapid.Bool().Draw(t, "single") {
		doc["Statement"] = statements[0]
	}
	if rapid.Bool().Draw(t, "has a version") {
		doc["Version"] = rapid.SampledFrom([]string{policy.Version2008, policy.Version2012}).Draw(t, "version")
	}
	if rapid.Bool().Draw(t, "has an Id") {
		doc["Id"] = text.Draw(t, "id")
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	if rapid.Bool().Draw(t, "indented") {
		encoder.SetIndent(" ", "\t")
	}
	require.NoError(t, encoder.Encode(doc))
	return b.String()
}

func TestProperty_whatIsParsedSurvivesJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := drawText(t)
		doc, err := policy.ParseString("", src)
		require.NoError(t, err, "%s", src)
		roundTrip(t, doc)
		for i := range doc.Statements {
			line, column := doc.Position("Statement", i, "Effect")
			require.Positive(t, line)
			require.Positive(t, column)
		}
	})
}
