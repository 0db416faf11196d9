package policy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/policy"
)

func TestMustParsePanicsOnAFaultAndQuotesWhereItIs(t *testing.T) {
	doc := policy.MustParse("all.json", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`)
	assert.Len(t, doc.Statements, 1)
	defer func() { assert.Contains(t, recover(), "broken.json") }()
	policy.MustParse("broken.json", `{"Statement": `)
}
