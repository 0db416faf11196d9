package bounds_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/awscli"
	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/evaluator/fix"
	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/evaluator/report"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
	"github.com/iamsim/iamsim/policy/read"
)

// An entry is one way into the library with the input that is worst for it.
type entry struct {
	call  string // what is called
	input string // with what
	// size is about the length of the input in bytes of which the cost is
	// compared with that of four times as much.
	size int
	// prepare makes an input of about a length, and what is then measured.
	prepare func(size int) func()
}

// entries are all that a stranger's text or request can reach. What has a
// budget instead, and says what it left, is tested beside its code: proofs,
// diffs, redundant statements.
func entries(t testing.TB) []entry {
	return append(slices.Concat(entriesOfDocuments(), entriesOfTemplates(), entriesOfAccounts(t.TempDir())), []entry{
		{"policy.Parse", "${${${…", 20_000, parsing(func(n int) string { return statement(`"Resource":` + text("${", n)) })},
		{"policy.Parse", "${a, '${a, '…", 20_000, parsing(func(n int) string { return statement(`"Resource":` + text("${a, '", n)) })},
		{"policy.Parse", "${a,${a,…", 20_000, parsing(func(n int) string { return statement(`"Resource":` + text("${a,", n)) })},
		{"policy.Parse", "${a,    …", 20_000, parsing(func(n int) string { return statement(`"Resource":"${a,` + strings.Repeat(" ", n) + `"`) })},
		{"policy.Parse", "${ ${ ${ …}", 20_000, parsing(func(n int) string { return statement(`"Resource":"` + strings.Repeat("${a b} ", n/7) + `"`) })},
		{"policy.Parse", "[[[[…", 100_000, parsing(func(n int) string { return strings.Repeat("[", n) })},
		{"policy.Parse", "{},{},…", 20_000, parsing(func(n int) string { return `{"Statement":[{}` + strings.Repeat(",{}", n/3) + `]}` })},
		{"policy.Parse", "elements that are none", 20_000, parsing(func(n int) string { return `{"Statement":{` + members(n, `"x#":1`) + `}}` })},
		{"policy.Parse", "one element again and again", 20_000, parsing(func(n int) string { return `{"Statement":{` + members(n, `"Sid":"#"`) + `}}` })},
		{"policy.Parse", "one condition key again and again", 20_000, parsing(func(n int) string { return condition("StringEquals", members(n, `"aws:a":"#"`)) })},
		{"policy.Parse", "condition keys", 20_000, parsing(func(n int) string { return condition("StringEquals", members(n, `"aws:k#":"a"`)) })},
		{"policy.Parse", "operators that are none", 20_000, parsing(func(n int) string { return statement(`"Condition":{` + members(n, `"Op#":{"a":"b"}`) + `}`) })},
		{"policy.Parse", "one long name of an element", 100_000, parsing(func(n int) string { return `{"` + strings.Repeat("a", n) + `":1}` })},
		{"policy.Parse", "one long action", 100_000, parsing(func(n int) string { return statement(`"Action":` + text("a", n)) })},
		{"policy.Parse", "escapes", 100_000, parsing(func(n int) string { return statement(`"Sid":` + text(`\u0041`, n)) })},
		{"policy.Parse", "a number of many digits", 100_000, parsing(func(n int) string {
			return condition("NumericEquals", `"aws:n":`+text("9", n))
		})},
		{"policy.Parse", "a secret in each fault", 20_000, parsing(func(n int) string {
			return `{"Statement":{` + members(n, `"AKIAIOSFODNN7EXAMPLE#":"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"`) + `}}`
		})},
		{"policy.Document.Check", "statements with faults of a kind", 20_000, checking},
		{"read.Policy", "YAML, nested", 20_000, func(n int) func() {
			src := []byte("Statement: " + strings.Repeat("[", n))
			return func() { read.Policy("a.yaml", src) }
		}},
		{"read.Policy", "YAML, aliases of aliases", 20_000, func(n int) func() {
			var b strings.Builder
			b.WriteString("a0: &a0 [x,x]\n")
			for i := 1; b.Len() < n; i++ {
				fmt.Fprintf(&b, "a%d: &a%d [*a%d,*a%d]\n", i, i, i-1, i-1)
			}
			src := []byte(b.String())
			return func() { read.Policy("a.yaml", src) }
		}},
		{"read.Policy", "a string in a string", 50_000, func(n int) func() {
			src := []byte(`"` + strings.Repeat(`\\`, n/2) + `"`)
			return func() { read.Policy("a.json", src) }
		}},
		{"evaluator.Compile", "*a?*a?… in a condition", 20_000, compiling(func(n int) string { return condition("StringLike", `"aws:a":`+text("*a?", n)) })},
		{"evaluator.Compile", "*a?*a?… in a resource", 20_000, compiling(func(n int) string { return statement(`"Resource":"arn:aws:s3:::` + strings.Repeat("*a?", n/3) + `"`) })},
		{"evaluator.Compile", "${*}${*}…", 20_000, compiling(func(n int) string { return condition("StringLike", `"aws:a":`+text("${*}", n)) })},
		{"evaluator.Compile", "variables", 20_000, compiling(func(n int) string { return condition("StringLike", `"aws:a":"`+list(n, "${aws:v#}")+`"`) })},
		{"evaluator.Compile", "a number of many digits", 100_000, compiling(func(n int) string { return condition("NumericLessThan", `"aws:a":`+text("9", n)) })},
		{"evaluator.Compile", "values of one key", 20_000, compiling(func(n int) string { return condition("StringEquals", `"aws:a":[`+members(n, `"v#"`)+`]`) })},
		{"evaluator.Compile", "statements that share their beginning", 40_000, compiling(func(n int) string {
			return document(n, `{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::bucket/#*"}`)
		})},
		{"evaluator.Compile", "actions", 40_000, compiling(func(n int) string { return statement(`"Action":[` + members(n, `"s3:*#*"`) + `]`) })},
		{"evaluator.Evaluate", "*a?*a?… for a long resource", 20_000, deciding(func(n int) string {
			return statement(`"Resource":"arn:aws:s3:::` + strings.Repeat("*a?", n/3) + `b"`)
		}, longResource, nil)},
		{"evaluator.Evaluate", "*a?*a?… for a long value", 10_000, deciding(func(n int) string {
			return condition("StringLike", `"aws:a":`+text("*a?", 2000))
		}, "arn:aws:s3:::b/k", func(n int) evaluator.Context {
			return evaluator.Context{{Name: "aws:a", Values: []string{strings.Repeat("a", n) + "b"}}}
		})},
		{"evaluator.Evaluate", "*a?*a?… for a value of 2 KB", 250_000, deciding(func(n int) string {
			return condition("StringLike", `"aws:a":`+text("*a?", n))
		}, "arn:aws:s3:::b/k", func(int) evaluator.Context {
			return evaluator.Context{{Name: "aws:a", Values: []string{strings.Repeat("a", 2048) + "b"}}}
		})},
		{"evaluator.Evaluate", "short patterns, for a value of 2 KB", 5_120, deciding(func(n int) string {
			return condition("StringLike", `"aws:a":[`+members(n, `"*?b#*"`)+`]`)
		}, "arn:aws:s3:::b/k", longValues)},
		{"evaluator.Evaluate", "long variables, for a value of 2 KB", 5_120, deciding(func(n int) string {
			return condition("StringLike", `"aws:a":[`+members(n, `"*${aws:b}?b#*"`)+`]`)
		}, "arn:aws:s3:::b/k", longValues)},
		{"evaluator.Evaluate", "values of a key", 10_000, deciding(func(n int) string {
			return condition("ForAllValues:StringLike", `"aws:a":["*x*y*z","v*"]`)
		}, "arn:aws:s3:::b/k", func(n int) evaluator.Context {
			var values []string
			for i := range n / 8 {
				values = append(values, fmt.Sprint("v", i))
			}
			return evaluator.Context{{Name: "aws:a", Values: values}}
		})},
		{"evaluator.Evaluate", "context keys", 20_000, deciding(func(n int) string {
			return condition("StringEquals", `"aws:k1":"a"`)
		}, "arn:aws:s3:::b/k", manyKeys)},
		{"evaluator.Explain", "condition keys, none known", 6_000, explaining(func(n int) string { return condition("StringEquals", members(n, `"aws:k#":"a"`)) }, nil)},
		{"evaluator.Explain", "condition keys, some known", 6_000, explaining(func(n int) string { return condition("StringEquals", members(n, `"aws:k#":"a"`)) }, func(int) evaluator.Context { return manyKeys(2_000) })},
		{"evaluator.Explain", "context keys", 20_000, explaining(func(n int) string { return condition("StringEquals", members(2_000, `"aws:k#":"a"`)) }, manyKeys)},
		{"evaluator.Explain", "unknown keys and statements", 80_000, explaining(func(n int) string {
			return document(n, `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:k#":"a"}}}`)
		}, nil)},
		{"evaluator.Explain", "unknown keys and statements that deny", 20_000, explaining(func(n int) string {
			return document(n, `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:k#":"a*"}}}`)
		}, nil)},
		{"evaluator.Explain", "*a?*a?… in a condition", 20_000, explaining(func(n int) string { return condition("StringLike", `"aws:a":`+text("*a?", n)) }, nil)},
		{"evaluator.Explain", "*a?*a?… in a resource", 20_000, explaining(func(n int) string { return statement(`"Resource":"arn:aws:s3:::` + strings.Repeat("*a?", n/3) + `"`) }, nil)},
		{"evaluator.Explain", "a number of many digits", 20_000, explaining(func(n int) string { return condition("NumericLessThan", `"aws:a":`+text("9", n)) }, nil)},
		{"evaluator.Explain", "values of one key", 20_000, explaining(func(n int) string { return condition("StringEquals", `"aws:a":[`+members(n, `"v#"`)+`]`) }, nil)},
		{"evaluator.Explain", "statements of another action", 40_000, explaining(func(n int) string {
			return document(n, `{"Effect":"Allow","Action":"s3:Put#*","Resource":"*"}`)
		}, nil)},
		{"Explanation.Missing", "two unknown keys of each statement", 80_000, opened(func(x *evaluator.Explanation) { x.Missing() })},
		{"Explanation.Residual", "two unknown keys of each statement", 80_000, opened(func(x *evaluator.Explanation) { x.Residual() })},
		{"report.Text", "statements", 40_000, reporting(report.Text, manyStatements)},
		{"report.JSON", "statements", 40_000, reporting(report.JSON, manyStatements)},
		{"report.HTML", "statements", 40_000, reporting(report.HTML, manyStatements)},
		{"report.Text", "condition keys", 20_000, reporting(report.Text, manyConditions)},
		{"report.JSON", "condition keys", 20_000, reporting(report.JSON, manyConditions)},
		{"report.HTML", "condition keys", 20_000, reporting(report.HTML, manyConditions)},
		{"iamtest.Coverage.Report", "statements", 20_000, covering(manyStatements)},
		{"iamtest.Coverage.Report", "condition keys on one line", 20_000, covering(manyConditions)},
		{"iamtest.Coverage.Report", "lines and letters of several bytes", 20_000, covering(func(n int) string {
			return document(n, "{\"Sid\":\"é\",\n\"Effect\":\"Allow\",\"Action\":\"s3:Put#*\",\"Resource\":\"*\"}")
		})},
		{"scenario.Stream", "scenarios on lines", 40_000, streaming(func(n int) string {
			return strings.Repeat(`{"principal":"arn:aws:iam::111122223333:user/a","action":"s3:GetObject","resource":"*"}`+"\n", n/90)
		})},
		{"scenario.Stream", "members that are none", 20_000, streaming(func(n int) string { return `{` + members(n, `"x#":1`) + `}` })},
		{"scenario.Stream", "context keys", 20_000, streaming(func(n int) string { return `{"context":{` + members(n, `"aws:k#":"v"`) + `}}` })},
		{"scenario.Stream", "brackets", 20_000, streaming(func(n int) string { return strings.Repeat("[", n) })},
		{"Engine.Check", "context keys that are none", 20_000, func(n int) func() {
			e := evaluator.Engine{Catalog: catalog.Default()}
			c, t, r := asking(statement(`"Sid":"A"`), "arn:aws:s3:::b/k", n, func(n int) (keys evaluator.Context) {
				for i := range n / 20 {
					keys = append(keys, evaluator.Key{Name: fmt.Sprintf("aws:RequestedRegio%d", i), Values: []string{"a"}})
				}
				return keys
			})
			return func() { e.Check(&c, &t, &r) }
		}},
		{"fix.For", "statements that almost allow", 40_000, fixing(manyStatements)},
		{"fix.For", "condition keys", 20_000, fixing(manyConditions)},
		{"denial.Parse", "one message again and again", 40_000, denied(`User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k` + "\n")},
		{"denial.Parse", "messages that break off", 40_000, denied("User: arn:aws:iam::111122223333:user/a is not authorized to perform: ")},
		{"denial.Parse", "spaces and line breaks", 40_000, denied("is not authorized to\n  perform ")},
		{"denial.Parse", "brackets", 40_000, denied(`{"a":[`)},
		{"denial.Parse", "escapes of escapes", 40_000, denied(`\\\\\\\"`)},
		{"awscli.Reader", "roles", 40_000, reading(func(n int) string {
			return `{"RoleDetailList":[` + members(n, `{"RoleName":"r#","Arn":"arn:aws:iam::111122223333:role/r#","RolePolicyList":[]}`) + `]}`
		})},
		{"awscli.Reader", "faults", 20_000, reading(func(n int) string { return `{"RoleDetailList":[` + members(n, `{"RoleName":#}`) + `]}` })},
		{"awscli.Reader", "brackets", 20_000, reading(func(n int) string { return strings.Repeat("[", n) })},
		{"arn.Parse", "colons", 100_000, func(n int) func() {
			s := "arn:" + strings.Repeat(":", n)
			return func() { arn.Parse(s) }
		}},
		{"catalog.Expand", "*a?*a?…", 1_000, func(n int) func() {
			s := "s3:" + strings.Repeat("*a?", n/3)
			return func() { catalog.Default().Expand(s) }
		}},
		{"catalog.NearestAction", "a long name", 10_000, func(n int) func() {
			s := "s3:" + strings.Repeat("a", n)
			return func() { catalog.Default().NearestAction(s) }
		}},
		{"secret.Redact", "letters of keys", 50_000, func(n int) func() {
			s := strings.Repeat("AKIAaB3/", n/8)
			return func() { secret.Redact(s) }
		}},
		{"secret.Redact", "backslashes", 50_000, func(n int) func() {
			s := strings.Repeat(`\`, n)
			return func() { secret.Redact(s) }
		}},
		{"secret.Redact", "slashes", 50_000, redacting("a/")},
		{"secret.Redact", "escapes", 50_000, redacting(`\u002f%2f=2f`)},
		{"secret.Redact", "private keys that do not end", 50_000, redacting("-----BEGIN PRIVATE KEY-----\n")},
		{"secret.Redact", "tokens that are too short", 50_000, redacting("ghp_")},
		{"secret.Redact", "names without values", 50_000, redacting("authorization: cookie: a signature=")},
		{"secret.Redact", "lines of keys", 50_000, func(n int) func() {
			s := strings.Repeat("aws_secret_access_key = \n", n/25)
			return func() { secret.Redact(s) }
		}},
	}...)
}

const (
	owner        = "arn:aws:iam::111122223333:user/a"
	longResource = "arn:aws:s3:::bucket/" // filled with a
)

// text is a JSON string of about n bytes.
func text(part string, n int) string { return `"` + strings.Repeat(part, n/len(part)) + `"` }

// list is a text of about n bytes of numbered parts, nothing between: a number stands for #.
func list(n int, part string) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		b.WriteString(strings.ReplaceAll(part, "#", strconv.Itoa(i)))
	}
	return b.String()
}

// members are numbered parts with commas between.
func members(n int, part string) string { return strings.TrimPrefix(list(n, ","+part), ",") }

// statement is a policy of one statement that allows everything but for what its
// elements say.
func statement(elements string) string {
	for _, e := range [...][2]string{{"Action", `"*"`}, {"Resource", `"*"`}} {
		if !strings.Contains(elements, `"`+e[0]+`":`) {
			elements += `,"` + e[0] + `":` + e[1]
		}
	}
	return `{"Version":"2012-10-17","Statement":{"Effect":"Allow",` + elements + `}}`
}

func condition(operator, keys string) string {
	return statement(`"Condition":{"` + operator + `":{` + keys + `}}`)
}

func document(n int, each string) string {
	return `{"Version":"2012-10-17","Statement":[` + members(n, each) + `]}`
}

func parsing(make func(int) string) func(int) func() {
	return func(n int) func() {
		src := make(n)
		return func() {
			_, err := policy.ParseString("a.json", src)
			if err != nil {
				_ = err.Error()
			}
		}
	}
}

func checking(n int) func() {
	doc := policy.MustParse("", document(n, `{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}`))
	return func() { _ = doc.Check(policy.Identity).Error() }
}

func compiling(make func(int) string) func(int) func() {
	return func(n int) func() {
		doc := policy.MustParse("", make(n))
		return func() {
			if _, err := evaluator.Compile(policy.Identity, policy.Attached{Document: doc}); err != nil {
				panic(err)
			}
		}
	}
}

func manyKeys(n int) evaluator.Context {
	var c evaluator.Context
	for i := range n / 13 {
		c = append(c, evaluator.Key{Name: fmt.Sprint("aws:k", i), Values: []string{"a"}})
	}
	return c
}

func deciding(make func(int) string, resource string, context func(int) evaluator.Context) func(int) func() {
	return func(n int) func() {
		c, t, r := asking(make(n), resource, n, context)
		return func() { evaluator.Evaluate(&c, &t, &r) }
	}
}

// longValues are a value of 2 KB and one of 256 bytes that it begins with again and
// again.
func longValues(int) evaluator.Context {
	return evaluator.Context{{Name: "aws:a", Values: []string{strings.Repeat("a", 2048)}}, {Name: "aws:b", Values: []string{strings.Repeat("a", 256)}}}
}

func asking(src, resource string, n int, context func(int) evaluator.Context) (evaluator.Caller, evaluator.Target, evaluator.Request) {
	if resource == longResource {
		resource += strings.Repeat("a", arn.MaxLength-len(resource))
	}
	r := evaluator.Request{Action: "s3:GetObject"}
	if context != nil {
		r.Context = context(n)
	}
	return evaluator.Caller{Principal: evaluator.User(owner), Identity: evaluator.MustCompile(policy.Identity, policy.MustParse("", src))},
		evaluator.Target{Resource: resource}, r
}

func explaining(make func(int) string, context func(int) evaluator.Context) func(int) func() {
	return func(n int) func() {
		c, t, r := asking(make(n), "arn:aws:s3:::b/k", n, context)
		return func() {
			x := evaluator.Explain(&c, &t, &r)
			x.Layers()
			x.Missing()
			x.Hints()
			x.Residual()
			_ = x.Decision().String()
		}
	}
}

func opened(ask func(*evaluator.Explanation)) func(int) func() {
	return func(n int) func() {
		c, t, r := asking(document(n, `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:k#":"a","aws:l#":"b"}}}`),
			"arn:aws:s3:::b/k", n, nil)
		return func() { ask(evaluator.Explain(&c, &t, &r)) }
	}
}

func manyStatements(n int) string {
	return document(n, `{"Effect":"Allow","Action":"s3:Put#*","Resource":"*"}`)
}

func manyConditions(n int) string { return condition("StringEquals", members(n, `"aws:k#":"a"`)) }

func reporting(write func(io.Writer, report.Options, ...*evaluator.Explanation) error, make func(int) string) func(int) func() {
	return func(n int) func() {
		c, t, r := asking(make(n), "arn:aws:s3:::b/k", n, nil)
		x := evaluator.Explain(&c, &t, &r)
		return func() { write(io.Discard, report.Options{Complete: true}, x) }
	}
}

func streaming(make func(int) string) func(int) func() {
	return func(n int) func() {
		src := make(n)
		return func() {
			for _, err := range scenario.Stream("a.jsonl", strings.NewReader(src), nil) {
				if err != nil {
					_ = err.Error()
				}
			}
		}
	}
}

func covering(make func(int) string) func(int) func() {
	return func(n int) func() {
		var c iamtest.Coverage
		iamtest.User(silent{}, owner, make(n)).CountIn(&c)
		return func() {
			if err := c.Report(iamtest.Report{Output: io.Discard, HTML: os.DevNull, Cobertura: os.DevNull}); err != nil {
				panic(err)
			}
		}
	}
}

// silent is a test of which nobody reads the failures.
type silent struct{}

func (silent) Errorf(string, ...any) {}

func fixing(make func(int) string) func(int) func() {
	return func(n int) func() {
		c, t, r := asking(make(n), "arn:aws:s3:::b/k", n, nil)
		return func() { fix.For(context.Background(), &fix.Denied{Caller: c, Target: t, Request: r}) }
	}
}

func denied(part string) func(int) func() {
	return func(n int) func() {
		src := strings.Repeat(part, n/len(part))
		return func() { denial.Parse(src) }
	}
}

func redacting(part string) func(int) func() {
	return func(n int) func() {
		s := strings.Repeat(part, n/len(part))
		return func() { secret.Redact(s) }
	}
}

func reading(make func(int) string) func(int) func() {
	return func(n int) func() {
		src := make(n)
		return func() {
			b := account.New()
			r := awscli.NewReader(b)
			err := r.Read("a.json", strings.NewReader(src))
			r.Finish()
			told(b, err)
		}
	}
}
