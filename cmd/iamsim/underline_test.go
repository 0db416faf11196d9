package main

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/policy"
)

func TestUnderline(t *testing.T) {
	long := strings.Repeat("é", 200) + `"a"` + strings.Repeat("x", 300)
	for sentence, c := range map[string]struct {
		text     string
		from, to policy.Mark
		want     string
	}{
		"a token":                   {`{"a": 1}`, policy.Mark{Line: 1, Column: 2}, policy.Mark{}, "    1 | {\"a\": 1}\n      |  ^^^\n"},
		"what has an end":           {"{\n\t\"a\": 1}", policy.Mark{Line: 2, Column: 2}, policy.Mark{Line: 2, Column: 8}, "    2 |  \"a\": 1}\n      |  ^^^^^^\n"},
		"the end of the text":       {`{`, policy.Mark{Line: 1, Column: 2}, policy.Mark{}, "    1 | {\n      |  ^\n"},
		"the middle of a long line": {long, policy.Mark{Line: 1, Column: 201}, policy.Mark{}, "    1 | " + strings.Repeat("é", 10) + `"a"` + strings.Repeat("x", 28) + "\n      | " + strings.Repeat(" ", 10) + "^^^\n"},
		"a line that is not there":  {`{`, policy.Mark{Line: 2, Column: 1}, policy.Mark{}, ""},
		"a line with a secret":      {`{"aws_secret_access_key": "` + accessKey + `"}`, policy.Mark{Line: 1, Column: 2}, policy.Mark{}, ""},
		"no UTF-8":                  {"\xff", policy.Mark{Line: 1, Column: 1}, policy.Mark{}, ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			var b strings.Builder
			pageOf(c.text).underline(&b, &validate.Finding{From: c.from, To: c.to}, 50)
			assert.Equal(t, c.want, b.String())
		})
	}
}

// A policy of one line is underlined as fast as one of many.
func TestUnderliningALongLineAllocatesInProportion(t *testing.T) {
	allocated := func(keys int) uint64 {
		p := pageOf(strings.Repeat(`"key": 1, `, keys))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for i := range keys {
			var b strings.Builder
			p.underline(&b, &validate.Finding{From: policy.Mark{Line: 1, Column: 1 + 10*i}}, 0)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	assert.Less(t, allocated(4000), 6*allocated(1000))
}
