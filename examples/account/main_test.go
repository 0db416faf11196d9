package main

import (
	"testing"

	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/examples/internal/storytest"
)

func TestOutput(t *testing.T) { storytest.Output(t, tell) }

func TestScenarios(t *testing.T) { storytest.Scenarios(t) }

func TestProd(t *testing.T) {
	prod := iamtest.Account(t, "snapshot")
	orders := prod.Function("orders")

	iamtest.Can(t, prod.User("alice"), "lambda:InvokeFunction", orders)
	iamtest.Can(t, prod.Role("deploy"), "lambda:UpdateFunctionCode", orders)
	iamtest.Cannot(t, prod.Role("deploy"), []string{"lambda:UpdateFunctionConfiguration", "lambda:DeleteFunction"}, orders)
}
