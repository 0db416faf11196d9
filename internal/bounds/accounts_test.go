package bounds_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing/fstest"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/awscli"
	"github.com/iamsim/iamsim/evaluator/account/collect"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/policy"
)

// entriesOfAccounts are collections in folders, what an account comes to, calls, and
// tables of access in files, which stand in a folder.
func entriesOfAccounts(folder string) []entry {
	all := []entry{
		{"collect.Read", "roles", 20_000, collecting(folder, `{"arn":"arn:aws:iam::111122223333:role/r#"}`)},
		{"collect.Read", "one role again and again", 20_000, collecting(folder, `{"arn":"arn:aws:iam::111122223333:role/r"}`)},
		{"collect.Read", "files that are none", 5_000, collecting(folder, `{"arn":["`)},
		{"collect.Read", "one wide file", 50_000, func(n int) func() {
			files := fstest.MapFS{
				collected + "role/r/metadata.json": {Data: []byte(`{"arn":"arn:aws:iam::111122223333:role/r"}`)},
				collected + "role/r/tags.json":     {Data: []byte(`{` + members(n, `"t#":"v"`) + `}`)},
			}
			return func() { readCollection(files) }
		}},
		{"account.Builder", "users of a group of many policies", 50_000, building(func(n int) string {
			return `{"UserDetailList":[` + members(n/2, `{"Arn":"arn:aws:iam::111122223333:user/u#","UserName":"u#","GroupList":["g"]}`) +
				`],"GroupDetailList":[{"Arn":"arn:aws:iam::111122223333:group/g","GroupName":"g","GroupPolicyList":[` + members(n/2, `{"PolicyName":"p#","PolicyDocument":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}}`) + `]}]}`
		}, func(s *account.Snapshot) {
			for p := range s.Principals() {
				_ = p.String()
			}
		})},
		{"Principal.Caller", "groups of a user", 50_000, building(func(n int) string {
			return `{"UserDetailList":[{"Arn":"arn:aws:iam::111122223333:user/u","UserName":"u","GroupList":[` + members(n/3, `"g#"`) +
				`]}],"GroupDetailList":[` + members(n, `{"Arn":"arn:aws:iam::111122223333:group/g#","GroupName":"g#","GroupPolicyList":[{"PolicyName":"p","PolicyDocument":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}}]}`) + `]}`
		}, func(s *account.Snapshot) {
			if p, err := s.Principal("u"); err == nil {
				_, _ = p.Caller()
			}
		})},
		{"account.Differences", "roles that are others", 50_000, func(n int) func() {
			before, after := authorization(n, "a#"), authorization(n, "b#")
			return func() { _, _ = account.Differences(built(before), built(after)) }
		}},
		{"account.Differences", "statements of a role", 50_000, func(n int) func() {
			before := authorizationOf(document(n, `{"Effect":"Allow","Action":"s3:Get#","Resource":"*"}`))
			after := authorizationOf(document(n, `{"Effect":"Allow","Action":"s3:Put#","Resource":"*"}`))
			return func() { _, _ = account.Differences(built(before), built(after)) }
		}},
		{"apicall.Call.Plan", "tags", 50_000, planning("lambda:CreateFunction", func(n int) string {
			return `{"FunctionName":"f","Role":"arn:aws:iam::111122223333:role/r","Tags":{` + members(n, `"t#":"v"`) + `}}`
		})},
		{"apicall.Call.Plan", "tags of a session", 50_000, planning("sts:AssumeRole", func(n int) string {
			return `{"RoleArn":"arn:aws:iam::111122223333:role/r","RoleSessionName":"s","Tags":[` + members(n, `{"Key":"t#","Value":"v"}`) + `]}`
		})},
		{"apicall.Call.Plan", "parameters that are none", 20_000, planning("lambda:CreateFunction", func(n int) string {
			return `{"FunctionName":"f","Role":"arn:aws:iam::111122223333:role/r",` + members(n, `"Tag#":"v"`) + `}`
		})},
		{"apicall.Call.Plan", "one parameter again and again", 50_000, planning("lambda:CreateFunction", func(n int) string {
			return `{` + members(n, `"FunctionName":"f#"`) + `}`
		})},
		{"apicall.Call.Plan", "lists of resources", 50_000, planning("lambda:CreateFunction", func(n int) string {
			return `{"FunctionName":"f","Role":"arn:aws:iam::111122223333:role/r","Layers":[` + members(n, `"arn:aws:lambda:us-east-1:111122223333:layer:l#:1"`) +
				`],"VpcConfig":{"SubnetIds":[` + members(n, `"subnet-#"`) + `]}}`
		})},
		{"apicall.Call.Plan", "brackets", 50_000, planning("lambda:CreateFunction", func(n int) string { return `{"Tags":` + strings.Repeat("[", n) })},
	}
	for _, table := range []struct {
		ending string
		make   func(n int) string
	}{
		{".csv", func(n int) string {
			return "action,resource,alice\n" + list(n, "s3:GetObject,arn:aws:s3:::b/k#,allow\n")
		}},
		{".md", func(n int) string {
			return "| action | resource | alice |\n|---|---|---|\n" + list(n, "| s3:GetObject | arn:aws:s3:::b/k# | allow |\n")
		}},
		{".json", func(n int) string {
			return "[" + members(n, `{"action":"s3:GetObject","resource":"arn:aws:s3:::b/k#","access":{"alice":"deny"}}`) + "]"
		}},
	} {
		all = append(all, entry{"iamtest.Matrix.CheckFile", "rows of a " + table.ending + " file", 50_000, checkingTable(folder, table.ending, table.make)},
			entry{"iamtest.Matrix.CheckFile", "bars, commas and brackets: " + table.ending, 50_000, checkingTable(folder, table.ending, func(n int) string {
				return strings.Repeat(map[string]string{".csv": `",`, ".md": "|", ".json": "["}[table.ending], n/2) + "\n"
			})})
	}
	return all
}

// collected is the folder of the identities of a collection.
const collected = "aws/aws/accounts/111122223333/iam/"

// collecting reads a folder of roles, of which each has the same file, but for #.
func collecting(folder, metadata string) func(int) func() {
	return func(n int) func() {
		top, err := os.MkdirTemp(folder, "")
		if err != nil {
			panic(err)
		}
		for i := range n / len(metadata) {
			write(filepath.Join(top, collected, "role", fmt.Sprint("r", i), "metadata.json"), strings.ReplaceAll(metadata, "#", fmt.Sprint(i)))
		}
		return func() { readCollection(os.DirFS(top)) }
	}
}

func write(name, text string) {
	err := os.MkdirAll(filepath.Dir(name), 0o700)
	if err == nil {
		err = os.WriteFile(name, []byte(text), 0o600)
	}
	if err != nil {
		panic(err)
	}
}

func readCollection(files fs.FS) {
	b := account.New()
	b.Partial = true
	told(b, collect.Read(b, "a", files))
}

// told builds what was read, and writes what was wrong with it.
func told(b *account.Builder, unread error) *account.Snapshot {
	s, faults := b.Build()
	for _, err := range []error{unread, faults} {
		if err != nil {
			_ = err.Error()
		}
	}
	return s
}

// built is the account that get-account-authorization-details tells of.
func built(src string) *account.Snapshot {
	b := account.New()
	b.Partial = true
	r := awscli.NewReader(b)
	if err := r.Read("a.json", strings.NewReader(src)); err != nil {
		panic(err)
	}
	r.Finish()
	s, err := b.Build()
	if err != nil {
		panic(err)
	}
	return s
}

func building(make func(int) string, then func(*account.Snapshot)) func(int) func() {
	return func(n int) func() {
		src := make(n)
		return func() { then(built(src)) }
	}
}

// authorization is an account of roles with a name each and one statement.
func authorization(n int, name string) string {
	return `{"RoleDetailList":[` + members(n, strings.ReplaceAll(`{"Arn":"arn:aws:iam::111122223333:role/NAME","RoleName":"NAME","RolePolicyList":[{"PolicyName":"p","PolicyDocument":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::NAME/*"}}}]}`, "NAME", name)) + `]}`
}

// authorizationOf is an account of one role with a document.
func authorizationOf(document string) string {
	return `{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/r","RoleName":"r","RolePolicyList":[{"PolicyName":"p","PolicyDocument":` + document + `}]}]}`
}

func planning(operation string, parameters func(int) string) func(int) func() {
	return func(n int) func() {
		call := apicall.Call{Operation: operation, Parameters: []byte(parameters(n))}
		return func() {
			if _, err := call.Plan(evaluator.Options{}); err != nil {
				_ = err.Error()
			}
		}
	}
}

func checkingTable(folder, ending string, make func(int) string) func(int) func() {
	alice := evaluator.Caller{Principal: evaluator.User("arn:aws:iam::111122223333:user/alice")}
	alice.Identity = evaluator.MustCompile(policy.Identity, policy.MustParse("a.json", statement(`"Resource":"*"`)))
	who := map[string]iamtest.Who{"alice": iamtest.Caller(alice)}
	return func(n int) func() {
		name := filepath.Join(folder, fmt.Sprint(n, ending))
		write(name, make(n))
		return func() { iamtest.Matrix{Who: who}.CheckFile(silent{}, name) }
	}
}
