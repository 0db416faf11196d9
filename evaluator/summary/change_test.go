package summary_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/summary"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

func TestChangesInRows(t *testing.T) {
	const (
		get    = `{"Effect": "Allow", "Action": "sqs:Get*", "Resource": "*"}`
		all    = `{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}`
		office = `{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:a", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}`
		send   = `{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": ["arn:aws:sqs:*:*:a", "arn:aws:sqs:*:*:b"]}`
		guard  = `{"Effect": "Deny", "Action": ["sqs:DeleteQueue", "iam:*"], "Resource": "*"}`
	)
	for name, tc := range map[string]struct {
		kind          policy.Kind
		before, after string
		want          string
	}{
		"nothing": {before: get, after: get, want: "gained: nothing (proved)\nlost: nothing (proved)\n"},
		"another way to say the same": {
			before: all + "," + get, after: `{"Effect": "Allow", "Action": ["sqs:*"], "NotResource": "arn:aws:s3:::none"}`,
			want: "gained: nothing (proved)\nlost:\n  sqs: Full\nproved that nothing else is lost\n",
		},
		"the rest of a service": {
			before: get, after: all,
			want: "gained:\n  sqs: Write, Tagging and Permissions management (*); ListDeadLetterSourceQueues, ListMessageMoveTasks, ListQueueTags, ListQueues, ReceiveMessage\nproved that nothing else is gained\nlost: nothing (proved)\n",
		},
		"a condition that fell away, and a resource more": {
			before: office, after: send,
			want: "gained:\n  sqs: SendMessage on a, b\nproved that nothing else is gained\nlost: nothing (proved)\n",
		},
		"a Deny that was lifted where something is allowed": {
			before: all + "," + guard, after: all,
			want: "gained:\n  no longer denied:\n    sqs: DeleteQueue\nproved that nothing else is gained\nlost: nothing (proved)\n",
		},
		"a Deny more": {
			before: all, after: all + "," + guard,
			want: "gained: nothing (proved)\nlost:\n  denied now:\n    sqs: DeleteQueue\nproved that nothing else is lost\n",
		},
		"a service control policy": {
			kind: policy.SCP, before: guard, after: `{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}`,
			want: "gained:\n  no longer denied:\n    sqs: DeleteQueue\nproved that nothing else is gained\nlost: nothing (proved)\n",
		},
		"a boundary where there was none": {
			kind: policy.Boundary, after: all,
			want: "gained: nothing (proved)\nlost:\n  all actions\nproved that nothing else is lost\n",
		},
		"a boundary whose Deny was lifted": {
			kind: policy.Boundary, before: all + "," + guard, after: all,
			want: "gained:\n  no longer denied:\n    sqs: DeleteQueue\nproved that nothing else is gained\nlost: nothing (proved)\n",
		},
		"what is allowed but for some actions": {
			before: send, after: `{"Effect": "Allow", "NotAction": "iam:*", "Resource": "arn:aws:sqs:*:*:a"}`,
			want: "gained:\n  all actions but iam on sqs:a\nproved that nothing else is gained\nlost:\n  sqs: SendMessage on b\nproved that nothing else is lost\n",
		},
		"all that was there": {before: send, want: "gained: nothing (proved)\nlost:\n  sqs: SendMessage on a, b\nproved that nothing else is lost\n"},
	} {
		t.Run(name, func(t *testing.T) {
			kind := policy.Identity
			if tc.kind != 0 {
				kind = tc.kind
			}
			side := func(text string) []*policy.Document {
				if text == "" {
					return nil
				}
				return []*policy.Document{document(t, policy.Version2012, text)}
			}
			c, err := summary.Compare(t.Context(), &prove.Prover{Catalog: catalog.Default()}, kind, side(tc.before), side(tc.after))
			require.NoError(t, err)
			assert.Equal(t, tc.want, c.Text())
		})
	}
}
