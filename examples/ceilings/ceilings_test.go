package main_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/iamtest"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// Your own test is one line a role: it holds for all requests there can be.
func TestDeployRole(t *testing.T) {
	deploy := iamtest.Role(t, "arn:aws:iam::123456789012:role/orders-deploy", "deploy-within.json")
	iamtest.NoMoreThan(t, deploy, "deploy.json")
}

func TestExecutionRole(t *testing.T) {
	orders := iamtest.Role(t, "arn:aws:iam::123456789012:role/orders-exec-api", "execution-within.json")
	iamtest.NoMoreThan(t, orders, "execution.json")
}

func TestReadOnlyRole(t *testing.T) {
	support := iamtest.Role(t, "arn:aws:iam::123456789012:role/support", "read-only-within.json")
	iamtest.NoMoreThan(t, support, "read-only.json")
}

func TestBreakGlassRole(t *testing.T) {
	rescue := iamtest.Role(t, "arn:aws:iam::123456789012:role/rescue", "break-glass-within.json")
	iamtest.NoMoreThan(t, rescue, "break-glass.json")
}

// A ceiling on a role can be its permissions boundary at the same time: then it
// holds whatever the role's policies say.
func TestABoundaryMakesARoleFit(t *testing.T) {
	var prover prove.Prover
	boundary := policy.Attach(documents(t, "deploy.json")...)
	bounded := prove.Identity(documents(t, "deploy-beyond.json")...).With(policy.BoundaryLayer.At(0), boundary...)
	verdict, err := prover.Within(t.Context(), bounded, prove.Identity(documents(t, "deploy.json")...))
	require.NoError(t, err)
	assert.Equal(t, prove.Proved, verdict.Outcome, "%s", verdict)
}

// Each mistake is found, in the statement that has it.
func TestWhatGoesBeyond(t *testing.T) {
	prover := prove.Prover{Catalog: catalog.Default()}
	for name, c := range map[string]struct{ ceiling, action, sid, nearest string }{
		"a role is passed to any service":         {"deploy", "iam:PassRole", "PassRole", "PassExecutionRolesToLambda"},
		"a whole table is read":                   {"execution", "dynamodb:Scan", "Orders", "ReadAndWriteOrders"},
		"a wildcard takes more than what it says": {"read-only", "lambda:UpdateFunctionConfiguration", "Functions", "ReadHowThingsAreSetUp"},
		"credentials without MFA pass":            {"break-glass", "lambda:GetFunction", "Repair", "EverythingWithMFA"},
	} {
		t.Run(name, func(t *testing.T) {
			older, newer := documents(t, c.ceiling+"-within.json"), documents(t, c.ceiling+"-beyond.json")
			for what, than := range map[string][]*policy.Document{"the ceiling": documents(t, c.ceiling+".json"), "the ceiling and the good role": append(older, documents(t, c.ceiling+".json")...)} {
				verdict, err := prover.NoNewAccess(t.Context(), prove.Identity(newer...), prove.Identity(than...))
				require.NoError(t, err)
				require.Equal(t, prove.Refuted, verdict.Outcome, "against %s: %s", what, verdict)
				assert.Equal(t, c.action, verdict.Request.Action)
				assert.Equal(t, c.sid, verdict.AllowedBy.Sid)
			}
			verdict, err := prover.Within(t.Context(), prove.Identity(newer...), prove.Identity(documents(t, c.ceiling+".json")...))
			require.NoError(t, err)
			assert.Equal(t, c.nearest, verdict.Nearest.Sid)
		})
	}
}

func documents(t *testing.T, name string) []*policy.Document {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	document, err := policy.Parse(name, text)
	require.NoError(t, err)
	return []*policy.Document{document}
}
