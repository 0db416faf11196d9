package files_test

import (
	"fmt"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/files"
	"github.com/iamsim/iamsim/evaluator/account/planned"
)

func ExampleLoad() {
	b := account.New()
	if err := files.Load(b, planned.Given{Account: "111122223333", Region: "eu-west-1", Stack: "shop"}, "testdata/shop"); err != nil {
		fmt.Println(err)
		return
	}
	s, err := b.Build()
	for p := range s.Principals() {
		fmt.Println(p, err)
	}
	// Output:
	// arn:aws:iam::111122223333:role/deploy <nil>
	// arn:aws:iam::111122223333:role/orders <nil>
}
