//go:build !race

// Under the race detector a sync.Pool drops what it is given at random, and
// glob then allocates anew.

package pattern_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/pattern"
)

func TestNoAllocation(t *testing.T) {
	long := strings.Repeat("a", 4<<10)
	for _, c := range []struct {
		lang          pattern.Language
		pattern, text string
	}{
		{pattern.Text, "*", long},
		{pattern.Text, "a*a*a*", long},
		{pattern.Text, "a?a?*", long},
		{pattern.Text, "*a?b*", long[:20]},
		{pattern.Text, "*a?b*", long},
		{pattern.Text, "*" + strings.Repeat("a?", 20) + "b*", long},
		{pattern.Text, "*" + strings.Repeat("a?", 2500) + "b*", long},
		{pattern.Text, "*-?-*x?z*", strings.Repeat("ab-c-0123xyz8", 5)},
		{pattern.Resource, function, function},
		{pattern.Resource, "arn:aws:lambda:*:*:function:*", function},
		{pattern.Resource, "arn:aws:lambda:u?-*:function:*", function},
		{pattern.Resource, "arn:aws:*a?b*", "arn:aws:" + long},
		{pattern.Operator, "arn:*:*:*:*:f*n", function},
	} {
		p := pattern.MustCompile(c.lang, c.pattern)
		assert.Zero(t, testing.AllocsPerRun(20, func() {
			f := pattern.Split(c.text)
			p.Match(c.text)
			p.MatchFields(&f, nil)
		}), "%.40q", c.pattern)
	}
	p, err := pattern.Compile(pattern.Resource, "arn:aws:s3:${r}:*:*-${u}-*?*", pattern.Options{Variables: true})
	require.NoError(t, err)
	values := []string{"eu-west-1", "alice"}
	assert.Zero(t, testing.AllocsPerRun(20, func() {
		p.MatchValues("arn:aws:s3:eu-west-1:1:home-alice-x", values)
	}))
}
