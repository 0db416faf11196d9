package validate_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/internal/golden"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
	"github.com/iamsim/iamsim/policy/managed"
)

// reasons are why an AWS managed policy has a finding that is an error.
var reasons = map[string]string{
	"INVALID_ACTION":                       "AWS finds them, too: actions that the Service Authorization Reference does not have, since a service gave them up or never documented them.",
	"INVALID_SERVICE_IN_ACTION":            "Services that AWS closed or does not document.",
	"INVALID_ARN_RESOURCE":                 "ARNs in forms that the Service Authorization Reference does not have; of some services they exist, such as apigateway:/v2/apis.",
	"INVALID_GLOBAL_CONDITION_KEY":         "aws:PrincipalOrgMasterAccountId is documented nowhere.",
	"INVALID_SERVICE":                      "Keys of AWS DeepRacer, which is closed.",
	"INVALID_SERVICE_CONDITION_KEY":        "A key that AWS Lake Formation does not document.",
	"MISSING_QUALIFIER":                    "events:detail-type is multivalued in the Service Authorization Reference, and an event has one.",
	"UNSUPPORTED_ACTION_FOR_CONDITION_KEY": "AWS finds them, too: the key is not among those of the action in the Service Authorization Reference.",
}

func TestErrorsInAWSManagedPoliciesHaveReasons(t *testing.T) {
	var v validate.Validator
	found := map[string][]string{}
	for p := range managed.Policies() {
		d, err := p.Document("")
		require.NoError(t, err)
		for _, f := range v.Validate(d, policy.Identity) {
			if f.Type == validate.Error && !slices.Contains(found[f.Code], p.Name()) {
				found[f.Code] = append(found[f.Code], p.Name())
			}
		}
	}
	var b strings.Builder
	for _, code := range slices.Sorted(maps.Keys(found)) {
		assert.NotEmpty(t, reasons[code], "%s in %v", code, found[code])
		fmt.Fprintf(&b, "%s (%d of %d policies)\n%s\n", code, len(found[code]), len(slices.Collect(managed.Policies())), reasons[code])
		for _, name := range found[code] {
			fmt.Fprintf(&b, "  %s\n", name)
		}
	}
	golden.Compare(t, "testdata/managed.txt", b.String())
}

// What an edit says to leave the meaning alone does, and what it says to change it
// is said.
func TestEditsMeanWhatTheySay(t *testing.T) {
	x := prove.Prover{Catalog: catalog.Default()}
	edits := 0
	for _, c := range cases(t) {
		t.Run(c.Code, func(t *testing.T) {
			before, err := policy.ParseString("before", text(c.Found))
			if err != nil {
				return
			}
			for _, f := range c.find(t, c.Found) {
				if f.Edit == nil {
					continue
				}
				edits++
				mended, applied := validate.Apply(before.Text(), []validate.Finding{f})
				require.Len(t, applied, 1)
				after, err := policy.ParseString("after", mended)
				require.NoError(t, err, "%s: %s", f.Code, mended)
				assert.NotEmpty(t, f.Edit.Says)
				if f.Edit.Changes {
					requireAnnounced(t, before, after, &f)
					continue
				}
				if after.Check(c.Kind) != nil {
					continue
				}
				ab, ba, err := x.Equivalent(context.Background(), prove.Alone(before), prove.Alone(after))
				require.NoError(t, err)
				assert.Equal(t, [2]prove.Outcome{prove.Proved, prove.Proved}, [2]prove.Outcome{ab.Outcome, ba.Outcome}, "%s: %s", f.Code, mended)
			}
		})
	}
	assert.Greater(t, edits, 15)
}

// requireAnnounced demands that an edit that can change what a document means does
// what it says and nothing else: one string becomes another, one is gone, or the
// Version is set.
func requireAnnounced(t *testing.T, before, after *policy.Document, f *validate.Finding) {
	t.Helper()
	text, e := before.Text(), f.Edit
	was, becomes := strings.Trim(text[e.From:e.To], " \t\r\n,"), e.New
	isString := func(text string) bool { return json.Unmarshal([]byte(text), new(string)) == nil }
	switch written, writes := strings.CutPrefix(e.Says, "writes "); {
	case writes:
		require.True(t, isString(was), "%s: %q", f.Code, was)
		require.JSONEq(t, strconv.Quote(written), becomes, f.Code)
	case strings.HasPrefix(e.Says, "removes "):
		require.True(t, isString(was), "%s: %q", f.Code, was)
		require.Empty(t, becomes)
	default:
		require.Equal(t, `sets the Version "2012-10-17"`, e.Says)
		require.Equal(t, policy.Version2012, after.Version)
		same := *before
		same.Version = after.Version
		want, err := same.MarshalJSON()
		require.NoError(t, err)
		got, err := after.MarshalJSON()
		require.NoError(t, err)
		require.JSONEq(t, string(want), string(got))
	}
}

// All edits of a document together, until there are none.
func TestMendedManagedPoliciesMeanTheSame(t *testing.T) {
	var v validate.Validator
	x := prove.Prover{Catalog: catalog.Default()}
	mended := 0
	for p := range managed.Policies() {
		if mended >= 25 && os.Getenv("IAMSIM_FIGURES") == "" {
			break
		}
		before, err := p.Document("")
		require.NoError(t, err)
		after, applied := before, 0
		for range 5 {
			found := slices.DeleteFunc(v.Validate(after, policy.Identity), func(f validate.Finding) bool { return f.Edit == nil || f.Edit.Changes })
			text, some := validate.Apply(after.Text(), found)
			if some == nil {
				break
			}
			applied += len(some)
			after, err = policy.ParseString(p.Name(), text)
			require.NoError(t, err, "%s: %s", p.Name(), text)
		}
		if applied == 0 {
			continue
		}
		mended++
		ab, ba, err := x.Equivalent(context.Background(), prove.Identity(before), prove.Identity(after))
		require.NoError(t, err)
		assert.NotEqual(t, prove.Refuted, ab.Outcome, "%s: %v", p.Name(), ab)
		assert.NotEqual(t, prove.Refuted, ba.Outcome, "%s: %v", p.Name(), ba)
	}
	assert.Positive(t, mended)
}

// With IAMSIM_FIGURES=1 it prints how long the proofs of each policy take.
func TestProofsOfManagedPolicies(t *testing.T) {
	var v validate.Validator
	all := os.Getenv("IAMSIM_FIGURES") != ""
	var times []time.Duration
	count := map[string]int{}
	i := 0
	for p := range managed.Policies() {
		if i++; !all && i%40 != 0 {
			continue
		}
		d, err := p.Document("")
		require.NoError(t, err)
		start := time.Now()
		found, err := v.Prove(context.Background(), d, policy.Identity)
		times = append(times, time.Since(start))
		require.NoError(t, err)
		for _, f := range found {
			count[f.Code]++
			assert.Positive(t, f.From.Line)
		}
	}
	slices.Sort(times)
	t.Logf("%d policies: median %v, p99 %v, most %v; found %v", len(times), times[len(times)/2], times[len(times)*99/100], times[len(times)-1], count)
}
