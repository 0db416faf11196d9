package managed_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy/managed"
)

func TestAsOf(t *testing.T) {
	for name, c := range map[string]struct{ policy, day, want, fault string }{
		"a policy with one version has it from its first day": {policy: "AWSLambdaRole", day: "2015-02-07", want: "v1"},
		"a version lasts until the next one":                  {policy: "AWSLambda_ReadOnlyAccess", day: "2023-07-27", want: "v1"},
		"the next one begins":                                 {policy: "AWSLambda_ReadOnlyAccess", day: "2023-07-28", want: "v2"},
		"a date from AWS's documentation fills a gap":         {policy: "AWSLambda_FullAccess", day: "2025-06-01", want: "v2"},
		"the newest lasts":                                    {policy: "AWSLambda_FullAccess", day: "2026-09-01", want: "v7"},
		"old versions are there":                              {policy: "ReadOnlyAccess", day: "2021-05-01", want: "v76"},
		"a deprecated policy keeps its last version":          {policy: "AWSLambdaFullAccess", day: "2022-01-01", want: "v8"},
		"no version before the policy": {
			policy: "AWSLambda_FullAccess", day: "2020-11-17",
			fault: "policy AWSLambda_FullAccess as of 2020-11-17 is not known: AWS created it at 2020-11-17T21:14:08Z",
		},
		"a gap is not guessed": {
			policy: "SecurityAudit", day: "2025-01-01",
			fault: "which version of SecurityAudit was in force at 2025-01-01, of v39 to v91, is not known",
		},
		"a number that is missing may have been in force": {
			policy: "AWSLambda_FullAccess", day: "2026-01-15",
			fault: "which version of AWSLambda_FullAccess was in force at 2026-01-15, of v3 to v6, is not known",
		},
		"versions before the oldest that is known": {
			policy: "AWSLambdaFullAccess", day: "2017-01-01",
			fault: "which version of AWSLambdaFullAccess was in force at 2017-01-01, of v1 to v7, is not known",
		},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := find(t, c.policy).AsOf(date(t, c.day))
			if c.fault != "" {
				require.ErrorIs(t, err, managed.ErrUnknown)
				assert.EqualError(t, err, c.fault)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, v.ID)
		})
	}
}

// A walk over the days of each policy: an answer never goes back, and is the
// version whose date is the last.
func TestAsOf_onEveryVersionsOwnDate(t *testing.T) {
	answered := 0
	for p := range managed.Policies() {
		versions := p.Versions()
		for i, v := range versions {
			if v.Date.IsZero() {
				continue
			}
			sameMoment := i+1 < len(versions) && versions[i+1].Date.Equal(v.Date)
			found, err := p.AsOf(v.Date)
			if err == nil && !sameMoment {
				answered++
				assert.Equal(t, v, found)
			}
			if i > 0 {
				before, err := p.AsOf(v.Date.Add(-time.Second))
				if err == nil {
					assert.True(t, before.Date.Before(v.Date), "%s %s", p.Name(), v.ID)
				}
			}
		}
	}
	assert.Greater(t, answered, 250)
}

func TestAttachable(t *testing.T) {
	for name, c := range map[string]struct {
		policy, day string
		want        error
		fault       string
	}{
		"a policy can be attached":                        {policy: "AWSLambda_FullAccess", day: "2021-03-02"},
		"a deprecated one could before that":              {policy: "AWSLambdaFullAccess", day: "2021-02-28"},
		"EX-K6 a deprecated one can not":                  {policy: "AWSLambdaFullAccess", day: "2021-03-01", want: managed.ErrDeprecated, fault: "policy AWSLambdaFullAccess can not be attached: it is deprecated since 2021-03-01 and replaced by AWSLambda_FullAccess"},
		"nor the other":                                   {policy: "AWSLambdaReadOnlyAccess", day: "2026-01-01", want: managed.ErrDeprecated, fault: "policy AWSLambdaReadOnlyAccess can not be attached: it is deprecated since 2021-03-01 and replaced by AWSLambda_ReadOnlyAccess"},
		"a service-linked role's is for that alone":       {policy: "AWSLambdaReplicator", day: "2026-01-01", want: managed.ErrServiceLinked, fault: "policy AWSLambdaReplicator can not be attached: it is only for service-linked roles"},
		"a policy can not be attached before it is there": {policy: "AWSLambda_FullAccess", day: "2020-01-01", want: managed.ErrUnknown, fault: "policy AWSLambda_FullAccess as of 2020-01-01 is not known: AWS created it at 2020-11-17T21:14:08Z"},
	} {
		t.Run(name, func(t *testing.T) {
			err := find(t, c.policy).Attachable(date(t, c.day))
			require.ErrorIs(t, err, c.want)
			if c.want != nil {
				assert.EqualError(t, err, c.fault)
			}
		})
	}
}

func TestAReplacementIsAPolicyThatIsNotDeprecated(t *testing.T) {
	deprecated := 0
	for p := range managed.Policies() {
		_, replacement, ok := p.Deprecated()
		if !ok {
			assert.Empty(t, replacement)
			continue
		}
		deprecated++
		_, _, ok = find(t, replacement).Deprecated()
		assert.False(t, ok, replacement)
	}
	assert.Equal(t, 2, deprecated)
}
