package main

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/workload"
)

func TestEnginesGiveTheSameAnswers(t *testing.T) {
	for _, c := range []struct {
		work    *workload.Workload
		without []string // engines that cannot say the same
	}{
		{workload.Single(), nil},
		{workload.SingleDenied(), nil},
		{workload.Conditional(), nil},
		{workload.Many(1000), nil},
		{workload.Many(1001), []string{minio}},
		{workload.Middle(1000), nil},
		{workload.Layers(), []string{cedar, minio}},
		{workload.Conditions(64), nil},
		{workload.ContextKeys(200), nil},
		{workload.Members(1), nil},
		{workload.Members(100), nil},
		{workload.ARNLength(20), nil},
		{workload.ARNLength(2048), nil},
	} {
		t.Run(c.work.Name, func(t *testing.T) {
			var without []string
			for _, e := range engines {
				on, err := e.load(c.work)
				if errors.Is(err, errLeftOut) {
					without = append(without, e.name)
					continue
				}
				require.NoError(t, err, e.name)
				require.NoError(t, agrees(on, c.work, 1), e.name)
			}
			assert.Equal(t, c.without, without, "engines left out")
		})
	}
}

func TestAWrongAnswerIsSeen(t *testing.T) {
	w := workload.Single()
	on, err := loadCedar(w)
	require.NoError(t, err)
	w.Requests[700].Want = workload.SingleDenied().Requests[0].Want
	assert.ErrorContains(t, agrees(on, w, 1), "request 700")
	_, err = loadStrings(w)
	assert.ErrorContains(t, err, "request 700")
}

func TestWhatCedarCannotSayIsLeftOut(t *testing.T) {
	for _, s := range []workload.Statement{
		{NotActions: []string{"iam:*"}, Resources: []string{"*"}},
		{Actions: []string{"s3:Get*"}, Resources: []string{"*"}},
		{Actions: []string{"s3:GetObject"}, Resources: []string{"arn:aws:s3:::bucket-?/*"}},
		{Actions: []string{"s3:GetObject"}, Resources: []string{"*"}, Conditions: []workload.Condition{
			{Operator: "ArnLike", Key: "aws:PrincipalArn", Values: []string{"*"}},
		}},
	} {
		_, err := cedarText(&workload.Policy{Name: "p", Statements: []workload.Statement{s}})
		assert.ErrorIs(t, err, errLeftOut)
	}
}
