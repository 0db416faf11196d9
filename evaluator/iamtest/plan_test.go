package iamtest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/iamtest"
)

const plans = "../account/terraform/testdata/"

func ExamplePlan() {
	t := printer{}
	plan := iamtest.Plan(t, "../account/terraform/testdata/deferred/plan.json")

	fmt.Println(iamtest.Can(t, plan.Role("aws_iam_role.deploy"), "lambda:UpdateFunctionCode", plan.Function("aws_lambda_function.orders")))
	fmt.Println(iamtest.Cannot(t, plan.Role("aws_iam_role.deploy"), "lambda:DeleteFunction", plan.Function("orders")))
	// Output:
	// true
	// true
}

func TestAPlanAnswersForWhatIsNotThereYet(t *testing.T) {
	plan := iamtest.Plan(t, plans+"deferred/plan.json")
	deploy := plan.Role("aws_iam_role.deploy")

	iamtest.Can(t, deploy, []string{"lambda:UpdateFunctionCode", "lambda:GetFunction"}, plan.Function("aws_lambda_function.orders"))
	iamtest.Cannot(t, deploy, "lambda:InvokeFunction", plan.Function("aws_lambda_function.orders"))
	iamtest.Cannot(t, deploy, "lambda:UpdateFunctionCode", "arn:aws:lambda:us-east-1:123456789012:function:returns")
	iamtest.CanPassRole(t, deploy, plan.Resource("aws_iam_role.orders"), "lambda.amazonaws.com")
	iamtest.Cannot(t, deploy, "s3:GetObject", "arn:aws:s3:::another-bucket/code.zip")
}

func TestWhatIsKnownAfterApplyFailsAnAssertionThatHangsOnIt(t *testing.T) {
	const origin = "data.aws_iam_policy_document.deploy.statement[1].resources[0]"
	plan := iamtest.Plan(t, plans+"deferred/plan.json")
	code := "arn:aws:s3:::artifacts-example/code.zip"
	r := record(func(t *recorder) { iamtest.Can(t, plan.Role("aws_iam_role.deploy"), "s3:GetObject", code) })
	assert.Contains(t, r.text(), origin)
	r = record(func(t *recorder) { iamtest.Cannot(t, plan.Role("aws_iam_role.deploy"), "s3:GetObject", code) })
	assert.Contains(t, r.text(), origin)

	given := iamtest.Plan(t, plans+"deferred/plan.json", planned.Given{Values: map[string]string{origin: "arn:aws:s3:::artifacts-example/*"}})
	iamtest.Can(t, given.Role("aws_iam_role.deploy"), "s3:GetObject", code)
}

func TestAPlanHasWhatWasBefore(t *testing.T) {
	before, after := iamtest.PlanBefore(t, plans+"change/plan.json"), iamtest.Plan(t, plans+"change/plan.json")
	orders := after.Function("orders")

	iamtest.ExplicitlyDenied(t, before.Role("aws_iam_role.deploy"), "lambda:DeleteFunction", before.Function("orders"))
	iamtest.Can(t, after.Role("aws_iam_role.deploy"), "lambda:DeleteFunction", orders)
	iamtest.NotPublic(t, before.Function("orders"))
	r := record(func(t *recorder) { iamtest.NotPublic(t, orders) })
	assert.NotEmpty(t, r.text())
}

func TestAPlanThatCannotAnswerStopsTheTest(t *testing.T) {
	for sentence, c := range map[string]struct {
		path  string
		given []planned.Given
		want  string
	}{
		"there is no such file":            {plans + "none.json", nil, "no such file"},
		"it does not say in which account": {plans + "unnamed/plan.json", nil, "--account"},
		"values are given twice":           {plans + "deferred/plan.json", make([]planned.Given, 2), "one planned.Given"},
	} {
		t.Run(sentence, func(t *testing.T) {
			r := record(func(t *recorder) { iamtest.Plan(t, c.path, c.given...) })
			assert.True(t, r.stopped)
			assert.Contains(t, r.text(), c.want)
		})
	}
}
