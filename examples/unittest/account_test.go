package main_test

import (
	"testing"

	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/policy"
)

// Across accounts both sides must allow: the caller's policies and the
// function's.
func TestThePartnerInvokesOrders(t *testing.T) {
	function := iamtest.Function(t, orders, "orders-policy.json")
	caller := iamtest.Role(t, "arn:aws:iam::444455556666:role/caller", "partner-caller.json")
	other := iamtest.Role(t, "arn:aws:iam::444455556666:role/other", "partner-caller.json")

	iamtest.Can(t, caller, "lambda:InvokeFunction", function)
	iamtest.DeniedBy(t, other, "lambda:InvokeFunction", function, policy.ResourceLayer)
	iamtest.Cannot(t, caller, "lambda:InvokeFunction", orders, "the function's policy is what lets it in")
}

// The organization's guardrail holds for administrators too, whatever their own
// policies say.
func TestNobodyTouchesTheAuditRoles(t *testing.T) {
	administrator := iamtest.Principal{
		ARN:      "arn:aws:iam::123456789012:role/administrator",
		Policies: []string{"arn:aws:iam::aws:policy/AdministratorAccess"},
		SCPs:     [][]string{{"guardrail.json"}},
	}.Load(t).CountIn(&coverage)

	iamtest.DeniedBy(t, administrator, []string{"iam:DeleteRole", "iam:PutRolePolicy"}, "arn:aws:iam::123456789012:role/audit/reader", policy.SCPLayer)
	iamtest.Can(t, administrator, "iam:DeleteRole", ordersExec)
}

// The matrix of access is a file that people review. After a change of the
// policies, IAMSIM_UPDATE=1 go test writes it anew, and the change of access
// shows in the diff.
func TestAccess(t *testing.T) {
	iamtest.Matrix{Who: map[string]iamtest.Who{
		"deploy":        deploy(t),
		"on call":       iamtest.Role(t, "arn:aws:iam::123456789012:role/on-call", "arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess"),
		"administrator": iamtest.Role(t, adminRole, "arn:aws:iam::aws:policy/AdministratorAccess"),
	}}.CheckFile(t, "access.md")
}
