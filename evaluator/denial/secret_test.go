package denial_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/policy"
)

const exampleKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

func TestSecretsArePointedOutAndNotShown(t *testing.T) {
	d := one(t, "aws_secret_access_key="+exampleKey+"\naws_access_key_id=ASIAIOSFODNN7EXAMPLE\n\n"+noID)
	assert.Equal(t, []string{"the text holds a secret access key; whoever saw it can use it: deactivate the access key"}, d.Notes)
	assert.Equal(t, "ASIAIOSFODNN7EXAMPLE", d.AccessKeyID)
	assert.Equal(t, map[string]string{"aws:TokenIssueTime": "?", "aws:MultiFactorAuthPresent": "?"}, values(d))

	d = one(t, "User: "+alice+" is not authorized to perform: s3:GetObject on resource: "+exampleKey)
	assert.Equal(t, "‹secret access key, not shown›", d.ResourceAsGiven)
	_, err := d.Target()
	require.ErrorContains(t, err, "‹secret access key, not shown›")
}

// planted is a random secret access key.
func planted(n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "planted %d", n))
	return base64.StdEncoding.EncodeToString(sum[:])[:40]
}

func TestNoRenderingShowsASecret(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := planted(rapid.IntRange(0, 1<<30).Draw(t, "secret"))
		named := rapid.SampledFrom([]string{"SecretAccessKey: ", "aws_secret_access_key=", "secret key \"", `"secretAccessKey": "`}).Draw(t, "name") + key + rapid.SampledFrom([]string{"\n", " ", "\"", "."}).Draw(t, "end")
		text := rapid.SampledFrom([]string{
			noID + "\n%s", "%s\n" + noID, "%s", "User: %s is not authorized to perform: a:B", "User: " + alice + " is not authorized to perform: %s",
			"User: " + alice + " is not authorized to perform: a:B on resource: %s", getFn + " because no %s", ofARole[:len(ofARole)-2] + `, "x": %q}`,
			`{"Records": [` + ofARole + `], "y": %q}`, `{"DecodedMessage": %q}`,
		}).Draw(t, "text")
		text = fmt.Sprintf(text, named)
		for _, version := range []string{text, hard(text, 70)} {
			if version != text && !strings.Contains(version, key) {
				continue // a key that is broken anywhere is recognised after its name only
			}
			found, err := denial.Parse(version)
			shown := fmt.Sprint(found, err)
			for i := range found {
				text, err := json.Marshal(found[i])
				require.NoError(t, err)
				_, failed := denial.Replay(new(evaluator.Engine), &found[i], evaluator.Caller{}, evaluator.Target{}, evaluator.Request{})
				shown += string(text) + fmt.Sprint(failed)
			}
			assert.NotContains(t, shown, key)
			assert.NotContains(t, shown, key[:20])
		}
	})
}

func TestErrorsOfPoliciesShowNoSecrets(t *testing.T) {
	for sentence, text := range map[string]string{
		"in the place of an effect":    `{"Version": "2012-10-17", "Statement": {"Effect": %q, "Action": "*", "Resource": "*"}}`,
		"in the place of an action":    `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": %q, "Resource": "*"}}`,
		"in the place of a resource":   `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": %q}}`,
		"in the place of a version":    `{"Version": %q, "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`,
		"after the end of a document":  `{"Version": "2012-10-17", "Statement": []} %q`,
		"in the place of the document": `%q`,
	} {
		_, err := policy.ParseString("p.json", fmt.Sprintf(text, exampleKey))
		require.Error(t, err, sentence)
		assert.NotContains(t, err.Error(), exampleKey[:20], sentence)
	}
}
