package main

import (
	"testing"

	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/examples/internal/storytest"
)

func TestOutput(t *testing.T) { storytest.Output(t, tell) }

func TestScenarios(t *testing.T) { storytest.Scenarios(t) }

func TestOrders(t *testing.T) {
	stack := iamtest.Template(t, "cured.yaml", shop)
	orders := stack.Role("OrdersRole")

	iamtest.Can(t, orders, []string{"dynamodb:GetItem", "dynamodb:PutItem"}, stack.Resource("Table"))
	iamtest.Cannot(t, orders, "dynamodb:DeleteTable", stack.Resource("Table"))
}
