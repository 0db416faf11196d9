package summary_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/summary"
	"github.com/iamsim/iamsim/policy"
)

func TestConditionsInWords(t *testing.T) {
	for operator, c := range map[string]struct {
		values policy.Values
		want   string
	}{
		"StringEquals":                        {policy.Values{"a", "b"}, "k is a or b"},
		"StringNotEquals":                     {policy.Values{"a", "b"}, "k is not a nor b"},
		"StringEqualsIgnoreCase":              {policy.Values{"a"}, "k is, in any letter case, a"},
		"StringNotEqualsIgnoreCase":           {policy.Values{"a"}, "k is not, in any letter case, a"},
		"StringLike":                          {policy.Values{"a*"}, "k is like a*"},
		"StringNotLike":                       {policy.Values{"a*"}, "k is not like a*"},
		"NumericEquals":                       {policy.Values{"1"}, "k = 1"},
		"NumericNotEquals":                    {policy.Values{"1"}, "k is not = 1"},
		"NumericLessThan":                     {policy.Values{"1"}, "k < 1"},
		"NumericLessThanEquals":               {policy.Values{"1"}, "k <= 1"},
		"NumericGreaterThan":                  {policy.Values{"1"}, "k > 1"},
		"NumericGreaterThanEquals":            {policy.Values{"1"}, "k >= 1"},
		"DateEquals":                          {policy.Values{"2026-01-15"}, "k is at 2026-01-15"},
		"DateNotEquals":                       {policy.Values{"2026-01-15"}, "k is not at 2026-01-15"},
		"DateLessThan":                        {policy.Values{"2026-01-15"}, "k is before 2026-01-15"},
		"DateLessThanEquals":                  {policy.Values{"2026-01-15"}, "k is at or before 2026-01-15"},
		"DateGreaterThan":                     {policy.Values{"2026-01-15"}, "k is after 2026-01-15"},
		"DateGreaterThanEquals":               {policy.Values{"2026-01-15"}, "k is at or after 2026-01-15"},
		"Bool":                                {policy.Values{"true"}, "k is true"},
		"BinaryEquals":                        {policy.Values{"QQ=="}, "k is in base64 QQ=="},
		"IpAddress":                           {policy.Values{"10.0.0.0/8"}, "k is in 10.0.0.0/8"},
		"NotIpAddress":                        {policy.Values{"10.0.0.0/8"}, "k is not in 10.0.0.0/8"},
		"ArnEquals":                           {policy.Values{"arn:aws:s3:::b"}, "k is ARN arn:aws:s3:::b"},
		"ArnNotEquals":                        {policy.Values{"arn:aws:s3:::b"}, "k is not ARN arn:aws:s3:::b"},
		"ArnLike":                             {policy.Values{"arn:aws:s3:::*"}, "k is ARN arn:aws:s3:::*"},
		"ArnNotLike":                          {policy.Values{"arn:aws:s3:::*"}, "k is not ARN arn:aws:s3:::*"},
		"StringEqualsIfExists":                {policy.Values{"a"}, "k is a or absent"},
		"ForAllValues:StringEquals":           {policy.Values{"a"}, "every k is a"},
		"ForAnyValue:StringNotLike":           {policy.Values{"a*", "b"}, "some k is not like a* nor b"},
		"ForAllValues:StringEqualsIfExists":   {policy.Values{"a"}, "every k is a or absent"},
		"ForAnyValue:StringEquals":            {policy.Values{}, "some k is any of none"},
		"ForAllValues:StringNotEquals":        {policy.Values{"a b", "", "c"}, `every k is not "a b" nor "" nor c`},
		"Null":                                {policy.Values{"TRUE"}, "k is absent"},
		"ForAnyValue:Null":                    {policy.Values{"true", "false", "true"}, "k is absent or is present"},
		"ForAllValues:Null":                   {policy.Values{"false"}, "k is present"},
		"ForAllValues:StringEqualsIgnoreCase": {policy.Values{"${aws:username}"}, "every k is, in any letter case, ${aws:username}"},
	} {
		op, err := policy.ParseOperator(operator)
		require.NoError(t, err)
		r := summary.Row{Service: "s3", Conditions: []policy.Condition{{Operator: op, Key: "k", Values: c.values}}}
		assert.Equal(t, "if "+c.want, r.Where(), operator)
	}
}

func TestRowsInWords(t *testing.T) {
	secure := policy.Condition{Operator: policy.Operator{Test: policy.Bool}, Key: "aws:SecureTransport", Values: policy.Values{"true"}}
	entry := func(kind policy.PrincipalType, values ...string) *policy.Principals {
		return &policy.Principals{Entries: []policy.PrincipalEntry{{Type: kind, Values: values}}}
	}
	for want, r := range map[string]summary.Row{
		"s3: Full":                        {Service: "s3", Actions: []string{"*"}, Resources: []string{"*"}},
		"denied: s3: Full":                {Effect: policy.Deny, Service: "s3", Actions: []string{"*"}, Resources: []string{"*"}},
		"all actions":                     {Service: "*", Actions: []string{"*"}, Resources: []string{"*"}},
		"all actions on nothing":          {Service: "*", NotAction: true, Resources: []string{}},
		"all actions but iam, s3:Get*":    {Service: "*", NotAction: true, Actions: []string{"iam:*", "s3:Get*"}},
		"all actions but s?:*":            {Service: "*", NotAction: true, Actions: []string{"s?:*"}},
		"of any service *:Get*, s?:List*": {Service: "*", Actions: []string{"*:Get*", "s?:List*"}},
		"s3: List":                        {Service: "s3", Levels: []policy.AccessLevel{"List"}},
		"s3: List, Read and Write but PutObject (Get*); Do, Go": {
			Service: "s3", Levels: []policy.AccessLevel{"List", "Read", "Write"}, But: []string{"PutObject"}, New: []string{"Get*"}, Actions: []string{"Do", "Go"}},
		"s3: Do; what AWS adds (Get*, List*)":            {Service: "s3", New: []string{"Get*", "List*"}, Actions: []string{"Do"}},
		"s3: A, B, C, D, E":                              {Service: "s3", Actions: []string{"A", "B", "C", "D", "E"}},
		"s3: some of an unknown level: A, B, C, D, E, F": {Service: "s3", Actions: []string{"A", "B", "C", "D", "E", "F"}},
		`"s 3": Do on "a b", c`:                          {Service: "s 3", Actions: []string{"Do"}, Resources: []string{"a b", "c"}},
		"s3: Do on all but *":                            {Service: "s3", Actions: []string{"Do"}, Resources: []string{"*"}, NotResource: true},
		"s3: Do on everything*":                          {Service: "s3", Actions: []string{"Do"}, Resources: []string{"everything*"}},
		"s3: Do on s3:::b, sqs:us-east-1:*:q, arn:aws-cn:s3:::b, q, sns:t": {
			Service: "s3", Actions: []string{"Do"}, Resources: []string{"arn:aws:s3:::b", "arn:aws:sqs:us-east-1:*:q", "arn:aws-cn:s3:::b", "arn:aws:s3:*:*:q", "arn:aws:sns:*:*:t"}},
		"sts: AssumeRole to everyone":                                      {Service: "sts", Actions: []string{"AssumeRole"}, Principal: &policy.Principals{Everyone: true}},
		"sts: AssumeRole to everyone, 111122223333":                        {Service: "sts", Actions: []string{"AssumeRole"}, Principal: entry(policy.PrincipalAWS, "*", "111122223333")},
		"sts: AssumeRole to all but identity provider accounts.google.com": {Service: "sts", Actions: []string{"AssumeRole"}, NotPrincipal: entry(policy.PrincipalFederated, "accounts.google.com")},
		"sts: AssumeRole to service *":                                     {Service: "sts", Actions: []string{"AssumeRole"}, Principal: entry(policy.PrincipalService, "*")},
		"s3: Do to canonical user 79a59df9 on b if aws:SecureTransport is true, and aws:SecureTransport is true": {
			Service: "s3", Actions: []string{"Do"}, Principal: entry(policy.PrincipalCanonicalUser, "79a59df9"), Resources: []string{"b"}, Conditions: []policy.Condition{secure, secure}},
	} {
		if r.Effect == 0 {
			r.Effect = policy.Allow
		}
		assert.Equal(t, want, r.String())
	}
}

func TestConclusionsSayWhatIsProved(t *testing.T) {
	proof := &prove.Verdict{Outcome: prove.Proved, CatalogDate: "2026-01-15"}
	open := &prove.Verdict{Reason: "time\nis up"}
	request := &prove.Verdict{Outcome: prove.Refuted, Request: &prove.Request{
		Action: "s3:Do", Resource: "*", Principal: evaluator.User("arn:aws:iam::111122223333:user/alice"), Account: "111122223333"}}
	const found = "s3:Do on * by arn:aws:iam::111122223333:user/alice"
	for name, c := range map[string]struct {
		less, more *prove.Verdict
		outcome    prove.Outcome
		want       string
	}{
		"equal":                              {proof, proof, prove.Proved, "proved equal to the policy, with the catalogue of 2026-01-15"},
		"equal without catalogue":            {&prove.Verdict{Outcome: prove.Proved}, proof, prove.Proved, "proved equal to the policy"},
		"the rows allow more":                {proof, request, prove.Refuted, "proved that there is no more than this; not proved that there is all of it: " + found},
		"the rows may allow more":            {proof, open, prove.Unknown, "proved that there is no more than this; not proved that there is all of it: time is up"},
		"the policies allow more":            {request, proof, prove.Refuted, "proved that there is at least this; not proved that there is no more: " + found},
		"the policies may allow more":        {open, proof, prove.Unknown, "proved that there is at least this; not proved that there is no more: time is up"},
		"both allow what the other does not": {request, request, prove.Refuted, "not proved, and there is more than this: " + found},
		"more, and perhaps less":             {request, open, prove.Refuted, "not proved, and there is more than this: " + found},
		"perhaps more, and less":             {open, request, prove.Refuted, "not proved: time is up"},
		"nothing is known":                   {open, open, prove.Unknown, "not proved: time is up"},
	} {
		s := &summary.Summary{Less: c.less, More: c.more}
		assert.Equal(t, c.want, s.Conclusion(), name)
		assert.Equal(t, c.outcome, s.Outcome(), name)
		assert.Equal(t, "nothing is allowed\n"+c.want+"\n", s.Text(), name)
	}
}

func TestChangesSayWhatIsProved(t *testing.T) {
	proof, open := &prove.Verdict{Outcome: prove.Proved}, &prove.Verdict{Reason: "time\nis up"}
	refuted := &prove.Verdict{Outcome: prove.Refuted}
	rows := []summary.Row{
		{Effect: policy.Allow, Service: "s3", Actions: []string{"Do"}, Resources: []string{"*"}},
		{Effect: policy.Deny, Service: "sns", Actions: []string{"*"}, Resources: []string{"*"}},
		{Effect: policy.Deny, Service: "sqs", Actions: []string{"*"}, Resources: []string{"a", "b"}},
	}
	nothing := summary.Difference{Within: proof, Beyond: proof}
	for name, c := range map[string]struct {
		gained  summary.Difference
		outcome prove.Outcome
		want    string
	}{
		"nothing":   {nothing, prove.Proved, "gained: nothing (proved)\n"},
		"not known": {summary.Difference{Within: open, Beyond: open}, prove.Unknown, "gained: unknown: time is up\n"},
		"rows and no more": {summary.Difference{Within: refuted, Beyond: proof, Rows: rows}, prove.Refuted,
			"gained:\n  s3: Do\n  no longer denied:\n    sns: Full\n    sqs: Full on a, b\nproved that nothing else is gained\n"},
		"rows that may be none, and perhaps more": {summary.Difference{Within: open, Beyond: open, Rows: rows[:1], Undecided: open}, prove.Unknown,
			"gained:\n  s3: Do\nnot proved that each of it is gained: time is up\nnot proved that nothing else is gained: time is up\n"},
		"rows, where the whole is not known": {summary.Difference{Within: open, Beyond: open, Rows: rows[:1]}, prove.Refuted,
			"gained:\n  s3: Do\nnot proved that nothing else is gained: time is up\n"},
	} {
		change := summary.Change{Gained: c.gained, Lost: nothing}
		assert.Equal(t, c.want+"lost: nothing (proved)\n", change.Text(), name)
		assert.Equal(t, c.outcome, change.Outcome(), name)
	}
}
