package read_test

import (
	"fmt"

	"github.com/iamsim/iamsim/policy/read"
)

// What aws lambda get-policy prints has the document in a string.
func ExamplePolicy() {
	printed := `{
  "Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"s3.amazonaws.com\"},\"Action\":\"lambda:InvokeFunction\",\"Resource\":\"arn:aws:lambda:us-east-1:111122223333:function:orders\"}]}",
  "RevisionId": "93017fc9-59cb-41dc-901b-4845ce4bf668"
}`
	found, err := read.Policy("orders.json", []byte(printed))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(found.Unwrapped[0])
	fmt.Println("a policy of kind", found.Kind)
	line, column := found.Document.Position("Statement", 0, "Action")
	fmt.Printf("the action stands in line %d, column %d\n", line, column)
	// Output:
	// the Policy that aws lambda get-policy prints
	// a policy of kind resource
	// the action stands in line 2, column 139
}
