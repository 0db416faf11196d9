package catalog_test

import (
	"fmt"

	"github.com/iamsim/iamsim/policy/catalog"
)

func Example() {
	c := catalog.Default()
	action, ok := c.Action("lambda:getfunction")
	fmt.Println(ok, action.Name, action.Level)
	for _, r := range action.Resources {
		fmt.Println(r.Type.Formats[0], "required:", r.Required)
	}
	// Output:
	// true lambda:GetFunction Read
	// arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName} required: true
	// arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}:${Alias} required: false
	// arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}:${Version} required: false
}

func ExampleCatalog_Expand() {
	for _, action := range catalog.Default().Expand("lambda:*Permission") {
		fmt.Println(action.Name, "-", action.Level)
	}
	// Output:
	// lambda:AddLayerVersionPermission - Permissions management
	// lambda:AddPermission - Permissions management
	// lambda:RemoveLayerVersionPermission - Permissions management
	// lambda:RemovePermission - Permissions management
}

func ExampleCatalog_NearestAction() {
	c := catalog.Default()
	fmt.Println(c.NearestAction("lambda:GetFuncton"))
	fmt.Println(c.NearestAction("lamda:GetFunction"))
	fmt.Println(c.NearestAction("lambda:Invoke")) // an operation, not an action
	fmt.Println(c.NearestAction("lambda:Gte*"))
	// Output:
	// lambda:GetFunction
	// lambda:GetFunction
	// lambda:InvokeFunction
	// lambda:Get*
}

func ExampleCatalog_TypesOf() {
	c := catalog.Default()
	for _, resource := range []string{
		"arn:aws:lambda:us-east-1:123456789012:function:my-function:prod",
		"arn:aws:s3:::amzn-s3-demo-bucket/photos/cat.jpg",
	} {
		t := c.TypesOf(resource)[0] // the most specific
		fmt.Println(t.Service, t.Name)
	}
	// Output:
	// lambda function alias
	// s3 object
}

func ExampleCatalog_Key() {
	key, ok := catalog.Default().Key("aws:PrincipalTag/team")
	fmt.Println(ok, key.Name, key.Type, key.Multivalued)
	key, _ = catalog.Default().Key("aws:CurrentTime")
	fmt.Println(key.Name, key.Type, key.Always)
	// Output:
	// true aws:PrincipalTag/${TagKey} String false
	// aws:CurrentTime Date true
}

func ExampleCatalog_ActionKeys() {
	c := catalog.Default()
	action, _ := c.Action("lambda:CreateFunction")
	for _, key := range c.ActionKeys(action) {
		fmt.Println(key.Name, key.Type)
	}
	// Output:
	// aws:RequestTag/${TagKey} String
	// aws:ResourceTag/${TagKey} String
	// aws:TagKeys String
	// lambda:CodeSigningConfigArn ARN
	// lambda:Layer String
	// lambda:SecurityGroupIds String
	// lambda:SubnetIds String
	// lambda:VpcIds String
}
