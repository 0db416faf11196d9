package arn_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/arn"
)

func TestIsPartition(t *testing.T) {
	for text, want := range map[string]bool{
		"aws": true, "aws-cn": true, "aws-us-gov": true, "aws-iso-b": true, "aws-eusc": true,
		"": false, "awss": false, "amazon": false, "AWS": false, "aws-CN": false, "aws-*": false, "aws/x": false, "aws-cn\n": false,
	} {
		assert.Equal(t, want, arn.IsPartition(text), "%q", text)
	}
}
