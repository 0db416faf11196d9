//go:build !race

// Under the race detector a sync.Pool drops what it is given at random, and
// glob then allocates anew.

package arn_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/arn"
)

func TestNoAllocation(t *testing.T) {
	long := strings.Repeat("a", 4<<10)
	for _, c := range []struct {
		lang          arn.Language
		pattern, text string
	}{
		{arn.Text, "*", long},
		{arn.Text, "a*a*a*", long},
		{arn.Text, "a?a?*", long},
		{arn.Text, "*a?b*", long[:20]},
		{arn.Text, "*a?b*", long},
		{arn.Text, "*" + strings.Repeat("a?", 20) + "b*", long},
		{arn.Text, "*" + strings.Repeat("a?", 2500) + "b*", long},
		{arn.Text, "*-?-*x?z*", strings.Repeat("ab-c-0123xyz8", 5)},
		{arn.Resource, function, function},
		{arn.Resource, "arn:aws:lambda:*:*:function:*", function},
		{arn.Resource, "arn:aws:lambda:u?-*:function:*", function},
		{arn.Resource, "arn:aws:*a?b*", "arn:aws:" + long},
		{arn.Operator, "arn:*:*:*:*:f*n", function},
	} {
		p := arn.MustCompile(c.lang, c.pattern)
		assert.Zero(t, testing.AllocsPerRun(20, func() {
			f := arn.Split(c.text)
			p.Match(c.text)
			p.MatchFields(&f, nil)
		}), "%.40q", c.pattern)
	}
	p, err := arn.Compile(arn.Resource, "arn:aws:s3:${r}:*:*-${u}-*?*", arn.Options{Variables: true})
	require.NoError(t, err)
	values := []string{"eu-west-1", "alice"}
	assert.Zero(t, testing.AllocsPerRun(20, func() {
		p.MatchValues("arn:aws:s3:eu-west-1:1:home-alice-x", values)
	}))
}
