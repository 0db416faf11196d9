package policy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/iamsim/iamsim/policy"
)

func ExampleParse() {
	doc, err := policy.Parse("reader.json", []byte(`{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "Read",
    "Effect": "Allow",
    "Action": ["lambda:Get*", "lambda:List*"],
    "Resource": "*"
  }
}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := doc.Check(policy.Identity); err != nil {
		fmt.Println(err)
		return
	}
	for i, statement := range doc.Statements {
		line, column := doc.Position("Statement", i)
		fmt.Printf("%s:%d:%d: %s %v\n", doc.Name(), line, column, statement.Effect, statement.Action)
	}
	// Output:
	// reader.json:3:16: Allow [lambda:Get* lambda:List*]
}

func ExampleParse_faults() {
	_, err := policy.Parse("deployer.json", []byte(`{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "allow", "Action": "lambda:*", "Resource": "*"},
    {"Effect": "Allow", "Action": "GetFunction", "Resource": "*",
     "Condition": {"StringEqual": {"aws:username": "alice"}}}
  ]
}`))
	fmt.Println(err)

	fmt.Println(errors.Is(err, policy.Code("invalid-operator")))
	var first *policy.Error
	if errors.As(err, &first) {
		fmt.Println(first.Line, first.Path, first.Code)
	}
	// Output:
	// deployer.json:4:16: Statement[0].Effect: "allow" is no effect; did you mean "Allow"?
	// deployer.json:5:35: Statement[1].Action: "GetFunction" has no service prefix; write it as "service:Action"
	// deployer.json:6:20: Statement[1].Condition.StringEqual: "StringEqual" is no condition operator; did you mean "StringEquals"?
	// true
	// 4 Statement[0].Effect invalid-effect
}

func ExampleMustParse() {
	doc := policy.MustParse("everything.json", `{
  "Version": "2012-10-17",
  "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}
}`)
	fmt.Println(doc.Name(), doc.Statements[0].Action)
	// Output: everything.json [*]
}

func ExampleDocument_Check() {
	doc := &policy.Document{
		Version: policy.Version2012,
		Statements: []policy.Statement{{
			Effect:    policy.Allow,
			Principal: &policy.Principals{Everyone: true},
			Action:    policy.Values{"sts:AssumeRole"},
		}},
	}
	fmt.Println(doc.Check(policy.Trust))
	fmt.Println(doc.Check(policy.Identity))
	// Output:
	// <nil>
	// Statement[0].Principal: an identity-based policy has no Principal: it is about those it is attached to
	// Statement[0]: a statement of an identity-based policy needs a Resource or a NotResource
}

func ExamplePermission() {
	doc, err := policy.AddPermission(nil, policy.Permission{
		StatementID:   "bucket",
		Action:        "lambda:InvokeFunction",
		Principal:     "s3.amazonaws.com",
		FunctionARN:   "arn:aws:lambda:us-east-1:111122223333:function:thumbnails",
		SourceARN:     "arn:aws:s3:::photos",
		SourceAccount: "111122223333",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(doc); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	//   "Version": "2012-10-17",
	//   "Id": "default",
	//   "Statement": [
	//     {
	//       "Sid": "bucket",
	//       "Effect": "Allow",
	//       "Principal": {
	//         "Service": "s3.amazonaws.com"
	//       },
	//       "Action": "lambda:InvokeFunction",
	//       "Resource": "arn:aws:lambda:us-east-1:111122223333:function:thumbnails",
	//       "Condition": {
	//         "StringEquals": {
	//           "AWS:SourceAccount": "111122223333"
	//         },
	//         "ArnLike": {
	//           "AWS:SourceArn": "arn:aws:s3:::photos"
	//         }
	//       }
	//     }
	//   ]
	// }
}
