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
