package fix_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/fix"
)

// filled is a policy of about so many characters that allows nothing of use.
func filled(characters int, rest string) string {
	var list []string
	for i := 0; i*23 < characters-120; i++ {
		list = append(list, fmt.Sprintf(`"example:ActionNo%04d"`, i))
	}
	return `{"Version":"2012-10-17","Statement":{"Effect":"Allow",` + rest + `"Action":[` + strings.Join(list, ",") + `]}}`
}

func TestAPolicyIsNotMadeLongerThanAWSTakes(t *testing.T) {
	const anything = `"Resource":"*",`
	for name, c := range map[string]struct {
		denial
		kind   fix.Kind // of the one change
		reason string   // where there is none
	}{
		"a policy with room gets the statement": {
			denial{who: alice, action: "lambda:GetFunction", on: fn, identity: []string{"a.json " + filled(4000, anything)}}, fix.AddStatement, "",
		},
		"beside a full policy there is a new one": {
			denial{who: alice, action: "lambda:GetFunction", on: fn, identity: []string{"a.json " + filled(6100, anything)}}, fix.AddPolicy, "",
		},
		"inline policies of a role have more room": {
			denial{who: app, action: "lambda:GetFunction", on: fn, identity: []string{"a.json " + filled(6100, anything)}}, fix.AddStatement, "",
		},
		"a full boundary takes no more": {
			denial{who: alice, action: "lambda:GetFunction", on: fn, identity: []string{"all.json " + full}, boundary: "b.json " + filled(6100, anything)},
			"", "the permissions boundary would have more than the 6144 characters that AWS takes",
		},
		"what was longer before is under another quota": {
			denial{who: alice, action: "lambda:GetFunction", on: fn, identity: []string{"all.json " + full}, boundary: "b.json " + filled(8000, anything)}, fix.AddStatement, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := fix.For(context.Background(), c.denied(t))
			require.NoError(t, err)
			if c.reason != "" {
				assert.Equal(t, c.reason, f.Reason)
				assert.NotEmpty(t, f.Instead)
				return
			}
			require.Len(t, f.Changes, 1)
			assert.Equal(t, c.kind, f.Changes[0].Kind)
		})
	}
}
