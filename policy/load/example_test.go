package load_test

import (
	"fmt"

	"github.com/iamsim/iamsim/policy/load"
)

// A policy is given as a command line has it.
func ExampleLoader() {
	var l load.Loader
	for _, given := range []string{
		"AWSLambda_ReadOnlyAccess",
		`{"RoleName": "app", "PolicyName": "inline", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}}`,
		"nowhere.json",
	} {
		policies, err := l.Load(given)
		if err != nil {
			fmt.Println(err)
			continue
		}
		for _, p := range policies {
			fmt.Println(p.Name, len(p.Document.Statements), p.Unwrapped)
		}
	}
	// Output:
	// AWSLambda_ReadOnlyAccess 2 []
	// inline policy 1 [the PolicyDocument that aws iam get-role-policy prints]
	// policy "nowhere.json": no such file or directory
}
