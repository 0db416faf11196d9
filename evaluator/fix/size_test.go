package fix_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
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
		"the policy of a function has at most 20 KiB": {
			denial{who: evaluator.Service("s3.amazonaws.com"), action: "lambda:InvokeFunction", on: fn, resource: []string{"f.json " + filled(20_450, `"Principal":"*","Resource":"*",`)}},
			"", "the resource-based policy would have more than the 20480 characters that AWS takes",
		},
		"how long the policy of a bucket may be is not known": {
			denial{who: evaluator.Service("logging.s3.amazonaws.com"), action: "s3:PutObject", on: "arn:aws:s3:::logs/a", resource: []string{"b.json " + filled(20_450, `"Principal":"*","Resource":"*",`)}},
			fix.AddStatement, "",
		},
		"a trust policy has at most 4,096 characters": {
			denial{who: alice, action: "sts:AssumeRole", on: exec, identity: []string{"all.json " + full},
				resource: []string{`trust.json {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"` + strings.Repeat("x", 3800) + `"}}}}`}},
			"", "the role trust policy would have more than the 4096 characters that AWS takes",
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
