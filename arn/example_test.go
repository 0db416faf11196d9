package arn_test

import (
	"fmt"

	"github.com/iamsim/iamsim/arn"
)

func ExampleParse() {
	a, err := arn.Parse("arn:aws:iam::123456789012:role/service-role/my-function-role")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Account(), a.Path(), a.Name())

	_, err = arn.Parse("arn:aws:lambda:us-east-1:my-function")
	fmt.Println(err)
	// Output:
	// 123456789012 /service-role/ my-function-role
	// invalid ARN "arn:aws:lambda:us-east-1:my-function": it has 5 parts of six
}

func ExampleARN_Qualifier() {
	a := arn.MustParse("arn:aws:lambda:us-east-1:123456789012:function:my-function:prod")
	fmt.Println(a.Name(), a.Qualifier())
	fmt.Println(a.Unqualified())
	fmt.Println(a.WithQualifier("$LATEST"))
	// Output:
	// my-function prod
	// arn:aws:lambda:us-east-1:123456789012:function:my-function
	// arn:aws:lambda:us-east-1:123456789012:function:my-function:$LATEST
}

func ExampleParseFunction() {
	a, err := arn.ParseFunction("my-function:prod", arn.Defaults{Region: "us-east-1", Account: "123456789012"})
	fmt.Println(a, err)
	// Output: arn:aws:lambda:us-east-1:123456789012:function:my-function:prod <nil>
}

// The same pattern means three things, and only one of them is right for a
// Resource element.
func ExampleCompile() {
	const text = "arn:aws:lambda:us-east-1:123456789012:function:my-function"
	for _, pattern := range []string{
		"arn:aws:lambda:*:*:function:my-*",
		"arn:aws:lambda:*:function:my-function",
		"arn:aws:lambda:*",
	} {
		fmt.Println(pattern)
		for _, lang := range []arn.Language{arn.Text, arn.Resource, arn.Operator} {
			p, err := arn.Compile(lang, pattern, arn.Options{})
			if err != nil {
				fmt.Println(err)
				continue
			}
			fmt.Printf("  %-8v %v\n", lang, p.Match(text))
		}
	}
	// Output:
	// arn:aws:lambda:*:*:function:my-*
	//   text     true
	//   resource true
	//   operator true
	// arn:aws:lambda:*:function:my-function
	//   text     true
	//   resource false
	//   operator false
	// arn:aws:lambda:*
	//   text     true
	//   resource true
	//   operator false
}

func ExamplePattern_MatchValues() {
	p, err := arn.Compile(arn.Resource, "arn:aws:iam::*:user/${aws:username}", arn.Options{Variables: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Variables()[0].Key)
	fmt.Println(p.MatchValues("arn:aws:iam::123456789012:user/alice", []string{"alice"}))
	fmt.Println(p.MatchValues("arn:aws:iam::123456789012:user/alice", []string{"*"}))
	// Output:
	// aws:username
	// true
	// false
}
