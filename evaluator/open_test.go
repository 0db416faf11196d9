package evaluator_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

var openRequests = flag.Int("evaluator.open", 1500, "random requests with open keys")

// A testKey is a context key with the conditions that policies put on it, and
// with values on both sides of each.
type testKey struct {
	name   string
	asked  []string   // operator and values
	values [][]string // a request's; nil: the key is absent
}

var testKeys = []testKey{
	{"example:text", []string{
		`"StringEquals":%s:"a"`, `"StringNotEquals":%s:["a","b"]`, `"StringEqualsIfExists":%s:"b"`, `"StringLike":%s:"a*"`, `"StringNotLike":%s:["*b","c?"]`,
		`"StringEqualsIgnoreCase":%s:"AB"`, `"StringNotEqualsIgnoreCaseIfExists":%s:"A"`, `"Null":%s:"true"`, `"Null":%s:"false"`, `"StringEquals":%s:"${aws:username}"`,
	}, [][]string{nil, {"a"}, {"b"}, {"A"}, {"AB"}, {"Ab"}, {"ab"}, {"aB"}, {"cb"}, {"cx"}, {"ax"}, {"acb"}, {"zz"}, {""}, {"alice"}, {"cab"}}},
	{"example:number", []string{
		`"NumericLessThan":%s:"5"`, `"NumericGreaterThanEquals":%s:["3","7"]`, `"NumericEquals":%s:"5"`, `"NumericNotEqualsIfExists":%s:["5","9"]`, `"NumericLessThanEqualsIfExists":%s:"3"`, `"Null":%s:"true"`,
	}, [][]string{nil, {"0"}, {"3"}, {"4"}, {"5"}, {"6"}, {"7"}, {"8"}, {"9"}, {"10"}}},
	{"example:flag", []string{`"Bool":%s:"true"`, `"BoolIfExists":%s:"false"`, `"Null":%s:"false"`}, [][]string{nil, {"true"}, {"false"}}},
	{"example:list", []string{
		`"ForAnyValue:StringEquals":%s:["x","y"]`, `"ForAllValues:StringEquals":%s:["x","y"]`, `"ForAnyValue:StringNotLike":%s:"x*"`, `"ForAllValues:StringNotEquals":%s:"z"`, `"Null":%s:"true"`,
	}, [][]string{nil, {"x"}, {"y"}, {"z"}, {"xx"}, {"w"}, {"x", "y"}, {"x", "z"}, {"x", "xx"}, {"x", "w"}, {"y", "z"}, {"z", "w"}, {"xx", "z"}, {"x", "z", "w"}, {"x", "xx", "z"}, {"w", "xx"}}},
	{"example:address", []string{`"IpAddress":%s:"10.0.0.0/8"`, `"NotIpAddress":%s:["10.1.0.0/16","2001:db8::/32"]`, `"IpAddressIfExists":%s:"10.1.2.0/24"`},
		[][]string{nil, {"10.1.2.3"}, {"10.1.3.1"}, {"10.2.0.1"}, {"192.0.2.1"}, {"2001:db8::1"}, {"::1"}}},
	{"example:date", []string{`"DateLessThan":%s:"2026-01-01T00:00:00Z"`, `"DateGreaterThanIfExists":%s:"2025-06-01T00:00:00Z"`, `"DateNotEquals":%s:"2025-09-01T00:00:00Z"`},
		[][]string{nil, {"2025-01-01T00:00:00Z"}, {"2025-06-01T00:00:00Z"}, {"2025-09-01T00:00:00Z"}, {"2025-10-01T00:00:00Z"}, {"2026-01-01T00:00:00Z"}, {"2027-01-01T00:00:00Z"}}},
	{"example:part", nil, [][]string{nil, {"red"}, {"re"}, {"r"}, {"red-x"}, {"blue"}, {""}, {"red-"}, {"-x"}}}, // of a Resource, as a variable
	{"example:arn", []string{`"ArnLike":%s:"arn:aws:s3:::b*"`, `"ArnNotEqualsIfExists":%s:"arn:aws:s3:::bb"`},
		[][]string{nil, {"arn:aws:s3:::b"}, {"arn:aws:s3:::bb"}, {"arn:aws:s3:::c"}, {"none"}}},
}

// others are many more values of a key.
func (k *testKey) others() [][]string {
	letters := []string{"", "a", "b", "c", "A", "B", "C", "z"}
	members := []string{"", "w", "x", "xx", "y", "z"}
	var all [][]string
	switch k.name {
	case "example:text":
		for i := range 8 * 8 * 8 {
			all = append(all, []string{letters[i/64] + letters[i/8%8] + letters[i%8]})
		}
	case "example:list":
		for i := range 1 << len(members) {
			var list []string
			for j, m := range members {
				if i&(1<<j) != 0 {
					list = append(list, m)
				}
			}
			all = append(all, list)
		}
	case "example:number":
		for i := range 24 {
			all = append(all, []string{fmt.Sprint(float64(i) / 2)})
		}
	}
	return all
}

// The definition is tried out on a key's values: what other values do to all its
// conditions together, one of these does, too.
func TestTheValuesOfAKeyStandForAllOthers(t *testing.T) {
	for _, k := range testKeys {
		holds := make([]evaluator.Caller, len(k.asked))
		for i, asked := range k.asked {
			operator, values, _ := strings.Cut(asked, ":%s:")
			holds[i] = *aliceWith(t, allow(fmt.Sprintf("%s:{%q:%s}", operator, k.name, values)))
		}
		does := func(values []string) (all string) {
			request := evaluator.Request{Action: "s3:GetObject"}
			if values != nil {
				request.Context = evaluator.Context{{Name: k.name, Values: values}}
			}
			for i := range holds {
				all += fmt.Sprint(evaluator.Evaluate(&holds[i], &evaluator.Target{Resource: "arn:aws:s3:::b"}, &request).Allowed(), " ")
			}
			return all
		}
		stand := map[string]bool{}
		for _, values := range k.values {
			stand[does(values)] = true
		}
		for _, values := range k.others() {
			assert.True(t, stand[does(values)], "%s %q", k.name, values)
		}
	}
}

// openRequest is a random request of alice with open keys: an identity policy
// of a few statements, at times a boundary.
type openRequest struct {
	caller     evaluator.Caller
	target     evaluator.Target
	request    evaluator.Request
	keys       []testKey // that the policies ask for
	statements string
}

func newOpenRequest(t testing.TB, random *rand.Rand) *openRequest {
	o := &openRequest{target: evaluator.Target{Resource: "arn:aws:s3:::b-red/x"}, request: evaluator.Request{Action: "s3:GetObject"}}
	keys := slices.Clone(testKeys)
	random.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	o.keys = keys[:1+random.IntN(3)]
	document := func() string {
		var list []string
		for range 1 + random.IntN(3) {
			resource, conditions := `"*"`, map[string]string{}
			for range random.IntN(4) {
				k := o.keys[random.IntN(len(o.keys))]
				if k.asked == nil {
					resource = []string{`"arn:aws:s3:::b-${example:part}/*"`, `"arn:aws:s3:::*${example:part, 'blue'}*/x"`, `["arn:aws:s3:::c/*","arn:aws:s3:::b-${example:part, 'red'}/x"]`}[random.IntN(3)]
					continue
				}
				operator, values, _ := strings.Cut(k.asked[random.IntN(len(k.asked))], ":%s:")
				conditions[operator] = fmt.Sprintf("%s:{%q:%s}", operator, k.name, values)
			}
			var all []string
			for _, c := range conditions {
				all = append(all, c)
			}
			slices.Sort(all)
			effect := "Allow"
			if len(list) > 0 && random.IntN(3) == 0 {
				effect = "Deny"
			}
			element := "Resource"
			if random.IntN(8) == 0 && resource != `"*"` {
				element = "NotResource"
			}
			list = append(list, fmt.Sprintf(`{"Effect":%q,"Action":"s3:*",%q:%s,"Condition":{%s}}`, effect, element, resource, strings.Join(all, ",")))
		}
		return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[%s]}`, strings.Join(list, ","))
	}
	compile := func(kind policy.Kind) *evaluator.Set {
		text := document()
		o.statements += text + "\n"
		doc, err := policy.ParseString(kind.String(), text)
		require.NoError(t, err)
		return evaluator.MustCompile(kind, doc)
	}
	o.caller = evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/alice"), Identity: compile(policy.Identity)}
	if random.IntN(3) == 0 {
		o.caller.Boundary = compile(policy.Boundary)
	}
	return o
}

// with is the request with values for its keys.
func (o *openRequest) with(values [][]string) *evaluator.Request {
	r := evaluator.Request{Action: o.request.Action}
	for i, k := range o.keys {
		if values[i] != nil {
			r.Context = append(r.Context, evaluator.Key{Name: k.name, Values: values[i]})
		}
	}
	return &r
}

func (o *openRequest) allowed(values [][]string) bool {
	return evaluator.Evaluate(&o.caller, &o.target, o.with(values)).Allowed()
}

// each visits all values of all keys.
func (o *openRequest) each(visit func([][]string)) {
	values := make([][]string, len(o.keys))
	var next func(i int)
	next = func(i int) {
		if i == len(values) {
			visit(values)
			return
		}
		for _, values[i] = range o.keys[i].values {
			next(i + 1)
		}
	}
	next(0)
}

// missing is the definition, tried out: a key belongs if for some values of the
// others changing it alone changes the outcome.
func (o *openRequest) missing() []string {
	var names []string
	for i, k := range o.keys {
		decides := false
		o.each(func(values [][]string) {
			if decides || values[i] != nil {
				return
			}
			first := o.allowed(values)
			other := slices.Clone(values)
			for _, other[i] = range k.values {
				decides = decides || o.allowed(other) != first
			}
		})
		if decides {
			names = append(names, k.name)
		}
	}
	slices.Sort(names)
	return names
}

func TestExplainSettlesWhatEvaluateLeavesOpen(t *testing.T) {
	for name, tc := range map[string]struct {
		statements string
		want       evaluator.Outcome
	}{
		"a key equals a value or differs from it": {
			`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"example:k":"a"}}},
			 {"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"example:k":"a"}}}`, evaluator.Allowed},
		"a comparison with no values, which no index may decide either": {
			`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"example:k":[]}}}`, evaluator.ImplicitDeny},
		"a key is there or is not": {
			`{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Null":{"example:k":"true"}}},
			 {"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Null":{"example:k":"false"}}}`, evaluator.ExplicitDeny},
		"it is denied, for one value explicitly": {
			`{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"example:k":"a"}}},
			 {"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"example:k":"a"}}}`, evaluator.ImplicitDeny},
		"what it equals decides": {
			`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"example:k":"a"}}}`, evaluator.Indeterminate},
		"two unknown keys are compared with each other": {
			`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"example:k":"${example:l}"}}}`, evaluator.Indeterminate},
	} {
		t.Run(name, func(t *testing.T) {
			request := evaluator.Request{Action: "s3:GetObject", Context: evaluator.Context{
				{Name: "example:k", State: evaluator.Unknown}, {Name: "example:l", State: evaluator.Present},
			}}
			target := evaluator.Target{Resource: "arn:aws:s3:::b/k"}
			caller := aliceWith(t, tc.statements)
			assert.Equal(t, evaluator.Indeterminate, evaluator.Evaluate(caller, &target, &request).Outcome(), "conservative")
			why := evaluator.Explain(caller, &target, &request)
			assert.Equal(t, tc.want, why.Decision().Outcome())
			assert.Equal(t, tc.want == evaluator.Allowed || tc.want == evaluator.ExplicitDeny, len(why.Statements()) > 0)
		})
	}
}

// allow is a statement that allows everything where a condition holds.
func allow(condition string) string {
	return `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{` + condition + `}}`
}

func TestWhatMustHoldOfOpenKeys(t *testing.T) {
	known := func(name string, values ...string) evaluator.Key { return evaluator.Key{Name: name, Values: values} }
	k, l := evaluator.Key{Name: "example:k", State: evaluator.Unknown}, evaluator.Key{Name: "example:l", State: evaluator.Unknown}
	there := evaluator.Key{Name: "example:k", State: evaluator.Present}
	session := evaluator.Session("arn:aws:sts::111122223333:assumed-role/app/s1", "arn:aws:iam::111122223333:role/app")
	long := func(n int) string { return strings.Repeat("a", n-1) + "*" }
	for name, tc := range map[string]struct {
		statements []string
		context    evaluator.Context
		want       string // alternatives; "" where they cannot be said
	}{
		"one key or another": {[]string{allow(`"StringEquals":{"example:k":"a"}`), allow(`"StringEquals":{"example:l":"b"}`)}, evaluator.Context{k, l},
			`[StringEquals example:k ["a"]] or [StringEquals example:l ["b"]]`},
		"one value or another of one key": {[]string{allow(`"StringLike":{"example:k":"a*"}`), allow(`"StringLike":{"example:k":"b*"}`)}, evaluator.Context{k},
			`[StringLike example:k ["a*"]] or [StringLike example:k ["b*"]]`},
		"no value of a kind, or none at all": {[]string{allow(`"StringNotLikeIfExists":{"example:k":"a*"}`)}, evaluator.Context{k}, `[StringNotLikeIfExists example:k ["a*"]]`},
		"no value at all":                    {[]string{allow(`"StringNotLikeIfExists":{"example:k":"*"}`)}, evaluator.Context{k}, `[StringNotLikeIfExists example:k ["*"]]`},
		"both keys": {[]string{allow(`"StringEquals":{"example:k":"a","example:l":"b"}`)}, evaluator.Context{k, l},
			`[StringEquals example:k ["a"], StringEquals example:l ["b"]]`},
		"an open key in a pattern for a known one": {[]string{allow(`"StringEquals":{"example:k":"${example:l}"}`)}, evaluator.Context{known("example:k", "abc"), l},
			`[StringEquals example:l ["abc"]]`},
		"all parts of a text that it can stand for, each once": {[]string{allow(`"StringLike":{"example:k":"*a${example:l}*"}`)}, evaluator.Context{known("example:k", "aaa"), l},
			`[StringEquals example:l ["" "a" "aa"]]`},
		"texts whose letter case does not count": {[]string{allow(`"StringEqualsIgnoreCase":{"example:k":"${example:l}"}`)}, evaluator.Context{known("example:k", "abc"), l}, ``},
		"two open keys in one value":             {[]string{allow(`"StringEquals":{"example:m":"${example:k}-${example:l}"}`)}, evaluator.Context{k, l, known("example:m", "a-b")}, ``},
		"one open key twice in one value":        {[]string{allow(`"StringEquals":{"example:m":"${example:k}-${example:k}"}`)}, evaluator.Context{k, known("example:m", "a-a")}, `[StringEquals example:k ["a"]]`},
		"lists that are one text if put together": {[]string{allow(`"StringEquals":{"example:k":["ab","c"]}`), allow(`"StringEquals":{"example:k":["a","bc"]}`)}, evaluator.Context{k},
			`[StringEquals example:k ["ab" "c"]] or [StringEquals example:k ["a" "bc"]]`},
		"an open key compared with another": {[]string{allow(`"StringEquals":{"example:k":"${example:l}"}`)}, evaluator.Context{k, l}, ``},
		"two open keys in one resource":     {[]string{`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${example:k}${example:l}/k"}`}, evaluator.Context{k, l}, ``},
		"a default where the key is absent": {[]string{allow(`"StringLike":{"example:k":"${example:m, 'red'}"}`), allow(`"StringNotLike":{"example:k":"red*"}`)}, evaluator.Context{k},
			`[StringLike example:k ["${example:m, 'red'}"]] or [StringNotLike example:k ["red*"]]`},
		"a default that the same text rules out": {[]string{allow(`"StringLike":{"example:k":"${example:m, 'red'}"}`), allow(`"StringNotLike":{"example:k":"red"}`)}, evaluator.Context{k}, `[]`},
		"a value in the place of the default": {[]string{allow(`"StringLike":{"example:k":"${example:m, 'red'}"}`), allow(`"StringNotLike":{"example:k":"red"}`)}, evaluator.Context{k, known("example:m", "blue")},
			`[StringLike example:k ["${example:m, 'red'}"]] or [StringNotLike example:k ["red"]]`},
		"a variable with several values matches nothing": {[]string{allow(`"StringLike":{"example:k":"${aws:TagKeys}"}`), allow(`"StringLike":{"example:k":"b*"}`)}, evaluator.Context{k, known("aws:TagKeys", "a")},
			`[StringLike example:k ["b*"]]`},
		"a variable without value matches nothing": {[]string{allow(`"StringLike":{"example:k":"${example:m}"}`), allow(`"StringLike":{"example:k":"b*"}`)}, evaluator.Context{k},
			`[StringLike example:k ["b*"]]`},
		"what holds, rather than what does not": {[]string{`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Null":{"example:k":"true"}}}`, allow(`"StringLike":{"example:k":"*"}`)}, evaluator.Context{k},
			`[StringLike example:k ["*"]]`},
		"that of several values none is one": {[]string{allow(`"ForAnyValue:StringEquals":{"example:k":"a"}`), `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"example:k":"a"}}}`}, evaluator.Context{k}, ``},
		"binary data":                        {[]string{allow(`"BinaryEquals":{"example:k":"QQ=="}`)}, evaluator.Context{k}, `[BinaryEquals example:k ["QQ=="]]`},
		"a variable without value, behind a text, matches nothing": {[]string{allow(`"StringLike":{"example:k":"x${example:m}"}`), allow(`"StringLike":{"example:k":"x"}`)}, evaluator.Context{k},
			`[StringLike example:k ["x"]]`},
		"a variable with several values, behind a text, matches nothing": {[]string{allow(`"StringLike":{"example:k":"x${aws:TagKeys}"}`), allow(`"StringLike":{"example:k":"x"}`)}, evaluator.Context{k},
			`[StringLike example:k ["x"]]`},
		"a key that is there, whatever its value": {[]string{allow(`"StringEquals":{"example:k":"a"}`), allow(`"StringNotEquals":{"example:k":"a"}`)}, evaluator.Context{there, l}, `[]`},
		"what is known of a value":                {[]string{allow(`"StringLike":{"aws:userid":"*A:s1"}`), allow(`"StringNotLike":{"aws:userid":"*A:s?"}`)}, nil, `[]`},
		"what is not known of a value": {[]string{allow(`"StringLike":{"aws:userid":"*A:s1"}`)}, nil,
			`[StringLike aws:userid ["*A:s1"]]`},
		"patterns of 16 KiB": {[]string{allow(`"StringLike":{"example:k":"` + long(1<<14) + `"}`)}, evaluator.Context{k}, `[StringLike example:k ["` + long(1<<14) + `"]]`},
		"longer patterns":    {[]string{allow(`"StringLike":{"example:k":"` + long(1<<14+1) + `"}`)}, evaluator.Context{k}, ``},
	} {
		t.Run(name, func(t *testing.T) {
			caller := aliceWith(t, strings.Join(tc.statements, ","))
			if tc.context == nil {
				caller.Principal = session
			}
			x := evaluator.Explain(caller, &evaluator.Target{Resource: "arn:aws:s3:::b/k"}, &evaluator.Request{Action: "s3:GetObject", Context: tc.context})
			alternatives, ok := x.Residual()
			assert.Equal(t, tc.want != "", ok)
			var all []string
			for _, conditions := range alternatives {
				text := []string{}
				for _, c := range conditions {
					text = append(text, fmt.Sprintf("%s %s %q", c.Operator, c.Key, c.Values))
				}
				all = append(all, "["+strings.Join(text, ", ")+"]")
			}
			assert.Equal(t, tc.want, strings.Join(all, " or "))
		})
	}
}

func TestAnOpenResourceLeavesNothingToSay(t *testing.T) {
	caller := aliceWith(t, `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/k"}`)
	x := evaluator.Explain(caller, &evaluator.Target{Resource: "arn:aws:s3:::b/", Unknown: true}, &evaluator.Request{Action: "s3:GetObject"})
	assert.Equal(t, evaluator.Indeterminate, x.Decision().Outcome())
	_, ok := x.Residual()
	assert.False(t, ok)
}

// A fixed rule asks for the keys that temporary credentials bring. Who has none may
// still lack them for a statement.
func TestAKeyOfAFixedRuleIsMissingForAStatement(t *testing.T) {
	for name, c := range map[string]struct {
		action, statements string
		want               []string
	}{
		"the rule alone asks for it":       {"iam:GetUser", `{"Effect":"Allow","Action":"*","Resource":"*"}`, nil},
		"a statement asks for it, too":     {"iam:GetUser", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{"aws:TokenIssueTime":"true"}}}`, []string{"aws:TokenIssueTime"}},
		"no rule for the action does":      {"s3:GetObject", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{"aws:TokenIssueTime":"true"}}}`, []string{"aws:TokenIssueTime"}},
		"a statement for another service":  {"iam:GetUser", `{"Effect":"Allow","Action":"iam:*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Null":{"aws:TokenIssueTime":"false"}}}`, nil},
		"a statement that decides nothing": {"iam:GetUser", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{"aws:MultiFactorAuthPresent":"true"}}}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			why := evaluator.Explain(aliceWith(t, c.statements), &evaluator.Target{Resource: alice}, &evaluator.Request{Action: c.action})
			assert.Equal(t, c.want, why.Missing())
			assert.True(t, why.MissingIsExact())
		})
	}
}

// What a request may leave open until it is too much to look at all of it. The keys
// are named all the same.
func TestHowMuchMayBeOpen(t *testing.T) {
	list := func(n int, format string) string {
		var all []string
		for i := range n {
			all = append(all, strings.ReplaceAll(format, "#", fmt.Sprint(i)))
		}
		return strings.Join(all, ",")
	}
	known := func(n int) (c evaluator.Context) {
		for i := range n {
			c = append(c, evaluator.Key{Name: fmt.Sprintf("example:m%d", i), Values: []string{"a"}})
		}
		return c
	}
	for name, c := range map[string]struct {
		statements string
		context    evaluator.Context
		exact      bool
	}{
		"a key in 32 patterns":                           {list(32, allow(`"StringLike":{"example:k":"a#*"}`)), nil, true},
		"a key in 33 patterns":                           {list(33, allow(`"StringLike":{"example:k":"a#*"}`)), nil, false},
		"a key in one pattern of 33 statements":          {list(33, allow(`"StringLike":{"example:k":"a*"},"StringNotEquals":{"example:m#":"x"}`)), known(33), true},
		"a key that is compared with texts":              {list(100, allow(`"StringEquals":{"example:k":"a#"}`)), nil, true},
		"a request with many keys":                       {list(2000, allow(`"StringEquals":{"example:k":"a#"}`)), known(2000), false},
		"a request with too many keys":                   {list(4200, allow(`"StringEquals":{"example:k":"a#"}`)), known(4200), false},
		"a request with as many keys, and one condition": {allow(`"StringEquals":{"example:k":"a"}`), known(4200), true},
	} {
		t.Run(name, func(t *testing.T) {
			why := evaluator.Explain(aliceWith(t, c.statements), &evaluator.Target{Resource: "arn:aws:s3:::b/k"}, &evaluator.Request{Action: "s3:GetObject", Context: c.context})
			assert.Equal(t, []string{"example:k"}, why.Missing())
			assert.Equal(t, c.exact, why.MissingIsExact())
		})
	}
}

func TestMissingKeysAreThoseThatCouldChangeTheOutcome(t *testing.T) {
	named := 0
	for seed := range *openRequests {
		named += requireMissing(t, newOpenRequest(t, rand.New(rand.NewPCG(1, uint64(seed)))))
	}
	assert.Greater(t, named, *openRequests/2, "the requests have missing keys")
}

// requireMissing compares the missing keys with the definition, and counts them.
func requireMissing(t *testing.T, o *openRequest) int {
	why := evaluator.Explain(&o.caller, &o.target, &o.request)
	want := o.missing()
	require.Equal(t, want, why.Missing(), o.statements)
	require.True(t, why.MissingIsExact())
	return len(want)
}

func TestAResidualHoldsWhereTheRequestIsAllowed(t *testing.T) {
	stated, open := 0, 0
	for seed := range *openRequests {
		random := rand.New(rand.NewPCG(2, uint64(seed)))
		outcome, ok := requireResidual(t, newOpenRequest(t, random), random)
		if ok {
			stated++
		}
		if ok && outcome == evaluator.Indeterminate {
			open++
		}
	}
	t.Logf("%d of %d requests have a residual, %d are indeterminate", stated, *openRequests, open)
	assert.Greater(t, stated, *openRequests*9/10)
	assert.Greater(t, open, *openRequests/4)
}

// requireResidual puts random values into the residual and into the request. It is
// false for a request that has none.
func requireResidual(t *testing.T, o *openRequest, random *rand.Rand) (evaluator.Outcome, bool) {
	for _, k := range o.keys {
		o.request.Context = append(o.request.Context, evaluator.Key{Name: k.name, State: evaluator.Unknown})
	}
	why := evaluator.Explain(&o.caller, &o.target, &o.request)
	d := why.Decision()
	alternatives, ok := why.Residual()
	if !ok {
		return d.Outcome(), false
	}
	for range 100 {
		values := make([][]string, len(o.keys))
		for i, k := range o.keys {
			values[i] = k.values[random.IntN(len(k.values))]
		}
		holds := slices.ContainsFunc(alternatives, func(all []policy.Condition) bool {
			return !slices.ContainsFunc(all, func(c policy.Condition) bool { return !o.holds(t, c, values) })
		})
		require.Equal(t, o.allowed(values), holds, "%v:\n%s\n%v", values, o.statements, alternatives)
		if d.Outcome() != evaluator.Indeterminate {
			require.Equal(t, d.Allowed(), o.allowed(values), "it is settled, %v:\n%s", values, o.statements)
		}
	}
	return d.Outcome(), true
}

// holds asks the engine whether a condition holds.
func (o *openRequest) holds(t testing.TB, c policy.Condition, values [][]string) bool {
	doc := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{{
		Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"}, Condition: []policy.Condition{c},
	}}}
	set, err := evaluator.Compile(policy.Identity, policy.Attached{Document: doc})
	require.NoError(t, err)
	caller := evaluator.Caller{Principal: o.caller.Principal, Identity: set}
	return evaluator.Evaluate(&caller, &o.target, o.with(values)).Allowed()
}

// A key that every session has, and that is compared as a time and as an address:
// no value is both, and the exploration of its values ends all the same.
func TestAKeyOfTwoTypesIsExplored(t *testing.T) {
	doc := policy.MustParse("p.json", `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"DateEqualsIfExists":{"aws:TokenIssueTime":"99999999999999999999"}}},
		{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddressIfExists":{"aws:TokenIssueTime":"*"}}}]}`)
	var e evaluator.Engine
	x := e.Explain(
		&evaluator.Caller{Principal: evaluator.Session("arn:aws:sts::111122223333:assumed-role/app/s1", "arn:aws:iam::111122223333:role/app"), Identity: evaluator.MustCompile(policy.Identity, doc)},
		&evaluator.Target{Resource: "arn:aws:s3:::b/k"}, &evaluator.Request{Action: "s3:GetObject"})
	assert.Equal(t, []string{"aws:TokenIssueTime"}, x.Missing())
	assert.False(t, x.MissingIsExact())
}

// Of one key's 300 values, each a way to be allowed, none is said.
func TestAResidualHasAsManyAlternativesAsOneMayRead(t *testing.T) {
	for _, n := range []int{64, 300} {
		var statements []string
		for i := range n {
			statements = append(statements, allow(fmt.Sprintf(`"StringEquals":{"example:k":"v%d"}`, i)))
		}
		why := evaluator.Explain(aliceWith(t, strings.Join(statements, ",")), &evaluator.Target{Resource: "arn:aws:s3:::b/k"},
			&evaluator.Request{Action: "s3:GetObject", Context: evaluator.Context{{Name: "example:k", State: evaluator.Unknown}}})
		alternatives, ok := why.Residual()
		assert.Equal(t, n == 64, ok, "%d alternatives", n)
		if ok {
			assert.Len(t, alternatives, n)
		}
	}
}

// Where the resource leaves the decision open as well, no values of keys say when
// the request is allowed.
func TestThereIsNoResidualWhereMoreThanKeysIsOpen(t *testing.T) {
	const there, elsewhere = "arn:aws:s3:::b/k", "arn:aws:s3:::c/k"
	statement := func(resource, conditions string) string {
		return `{"Effect":"Allow","Action":"s3:GetObject","Resource":"` + resource + `","Condition":{` + conditions + `}}`
	}
	const red, any = `"StringEquals":{"example:k":"red"}`, `"StringLike":{"example:k":"*"}`
	for name, c := range map[string]struct {
		statements string
		ok         bool
	}{
		"the key closes what the resource leaves open": {statement(there, red), false},
		"the resource is open whatever the key":        {statement(there, any) + "," + statement(there, `"Null":{"example:k":"true"}`), false},
		"the resource is another one":                  {statement(elsewhere, red), true},
		"the resource makes no difference":             {statement("*", red), true},
	} {
		t.Run(name, func(t *testing.T) {
			why := evaluator.Explain(aliceWith(t, c.statements), &evaluator.Target{Resource: "arn:aws:s3:::b/", Unknown: true},
				&evaluator.Request{Action: "s3:GetObject", Context: evaluator.Context{{Name: "example:k", State: evaluator.Unknown}}})
			_, ok := why.Residual()
			assert.Equal(t, c.ok, ok)
		})
	}
}

// Of a key that many patterns ask for not all classes of values are looked for, and
// nothing is said as if they were.
func TestAKeyThatTooManyPatternsAskForIsNotExplored(t *testing.T) {
	for n, exact := range map[int]bool{8: true, 40: false} {
		var statements []string
		for i := range n {
			statements = append(statements, allow(fmt.Sprintf(`"StringLike":{"example:k":"v%d*"}`, i)))
		}
		why := evaluator.Explain(aliceWith(t, strings.Join(statements, ",")), &evaluator.Target{Resource: "arn:aws:s3:::b/k"},
			&evaluator.Request{Action: "s3:GetObject", Context: evaluator.Context{{Name: "example:k", State: evaluator.Unknown}}})
		assert.Equal(t, []string{"example:k"}, why.Missing(), "%d patterns", n)
		assert.Equal(t, exact, why.MissingIsExact(), "%d patterns", n)
		_, ok := why.Residual()
		assert.Equal(t, exact, ok, "%d patterns", n)
	}
}

// What compares without letter case with a value that is not known is not told by
// classes of values.
func TestThereIsNoResidualWithoutLetterCase(t *testing.T) {
	for operator, ok := range map[string]bool{"StringEquals": true, "StringNotEquals": true, "StringEqualsIgnoreCase": false, "StringNotEqualsIgnoreCase": false} {
		why := evaluator.Explain(aliceWith(t, allow(fmt.Sprintf(`%q:{"aws:Referer":"${example:v}"}`, operator))), &evaluator.Target{Resource: "arn:aws:s3:::b/k"},
			&evaluator.Request{Action: "s3:GetObject", Context: evaluator.Context{{Name: "aws:Referer", Values: []string{"Red"}}, {Name: "example:v", State: evaluator.Unknown}}})
		assert.Equal(t, []string{"example:v"}, why.Missing(), operator)
		_, told := why.Residual()
		assert.Equal(t, ok, told, operator)
	}
}

// Of an absent key it counts what conditions say of an absent key.
func TestAResidualOfAKeyThatMayBeAbsent(t *testing.T) {
	why := evaluator.Explain(aliceWith(t, allow(`"NumericLessThanIfExists":{"example:n":"5"},"NumericGreaterThanIfExists":{"example:n":"3"}`)),
		&evaluator.Target{Resource: "arn:aws:s3:::b/k"},
		&evaluator.Request{Action: "s3:GetObject", Context: evaluator.Context{{Name: "example:n", State: evaluator.Unknown}}})
	alternatives, ok := why.Residual()
	require.True(t, ok)
	require.Len(t, alternatives, 1)
	var said []string
	for _, c := range alternatives[0] {
		said = append(said, c.Operator.String()+" "+c.Values[0])
	}
	assert.ElementsMatch(t, []string{"NumericLessThanIfExists 5", "NumericGreaterThanIfExists 3"}, said)
}

// Of 300 ways to be allowed, some hundred are too many to say: none is better than
// some of them.
func TestAResidualHasAllAlternativesOrNone(t *testing.T) {
	for _, n := range []int{100, 300} {
		var statements []string
		var open evaluator.Context
		for i := range n {
			statements = append(statements, fmt.Sprintf(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:k%d":"a"}}}`, i))
			open = append(open, evaluator.Key{Name: fmt.Sprintf("aws:k%d", i), State: evaluator.Unknown})
		}
		caller := evaluator.Caller{
			Principal: evaluator.User("arn:aws:iam::111122223333:user/alice"),
			Identity:  evaluator.MustCompile(policy.Identity, policy.MustParse("", `{"Version":"2012-10-17","Statement":[`+strings.Join(statements, ",")+`]}`)),
		}
		x := evaluator.Explain(&caller, &evaluator.Target{Resource: "arn:aws:s3:::b/k"}, &evaluator.Request{Action: "s3:GetObject", Context: open})
		alternatives, ok := x.Residual()
		assert.Equal(t, n == 100, ok, "%d alternatives", n)
		if ok {
			assert.Len(t, alternatives, n)
		}
	}
}
