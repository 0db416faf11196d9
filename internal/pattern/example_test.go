package pattern_test

import (
	"fmt"

	"github.com/iamsim/iamsim/internal/pattern"
)

// The same pattern means three things, and only one of them is right for a
// Resource element.
func ExampleCompile() {
	const text = "arn:aws:lambda:us-east-1:123456789012:function:my-function"
	for _, written := range []string{
		"arn:aws:lambda:*:*:function:my-*",
		"arn:aws:lambda:*:function:my-function",
		"arn:aws:lambda:*",
	} {
		fmt.Println(written)
		for _, lang := range []pattern.Language{pattern.Text, pattern.Resource, pattern.Operator} {
			p, err := pattern.Compile(lang, written, pattern.Options{})
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
	p, err := pattern.Compile(pattern.Resource, "arn:aws:iam::*:user/${aws:username}", pattern.Options{Variables: true})
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
