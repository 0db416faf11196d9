package prove_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
)

// managedPolicies are the default versions of all AWS managed policies that are
// not deprecated, by name; with -short a quarter of them.
func managedPolicies(t *testing.T) map[string]*policy.Document {
	t.Helper()
	list := map[string]*policy.Document{}
	i := 0
	for p := range managed.Policies() {
		i++
		if _, _, deprecated := p.Deprecated(); deprecated || testing.Short() && i%4 != 0 && p.Name() != "AdministratorAccess" {
			continue
		}
		d, err := p.Document("")
		require.NoError(t, err)
		list[p.Name()] = d
	}
	require.NotEmpty(t, list)
	return list
}

// A row is a question put to many policies.
type row struct {
	name    string
	times   []time.Duration
	answers map[prove.Outcome]int
	unknown []string
	slowest string
}

func (r *row) add(name string, v *prove.Verdict, took time.Duration) {
	if len(r.times) == 0 || took > slices.Max(r.times) {
		r.slowest = name
	}
	r.times = append(r.times, took)
	r.answers[v.Outcome]++
	if v.Outcome == prove.Unknown {
		r.unknown = append(r.unknown, name+": "+v.Reason)
	}
}

func (r *row) String() string {
	slices.Sort(r.times)
	n := len(r.times)
	return fmt.Sprintf("| %s | %d | %d proved, %d refuted, %d unknown | %v | %v | %v (%s) |", r.name, n, r.answers[prove.Proved], r.answers[prove.Refuted], r.answers[prove.Unknown],
		r.times[n/2].Round(time.Microsecond), r.times[n*99/100].Round(time.Microsecond), r.times[n-1].Round(time.Microsecond), r.slowest)
}

func questions(t *testing.T, r *row, documents map[string]*policy.Document, question func(*policy.Document) (*prove.Verdict, error)) {
	t.Helper()
	r.answers = map[prove.Outcome]int{}
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		start := time.Now()
		v, err := question(documents[name])
		took := time.Since(start)
		require.NoError(t, err)
		assert.False(t, v.Unconfirmed, name)
		r.add(name, v, took)
	}
	t.Log(r)
	for _, u := range r.unknown {
		t.Log("  unknown: ", u)
	}
}

func TestManagedPolicies(t *testing.T) {
	all := managedPolicies(t)
	var x prove.Prover
	within := row{name: "P within P"}
	questions(t, &within, all, func(d *policy.Document) (*prove.Verdict, error) {
		return x.Within(t.Context(), prove.Identity(d), prove.Identity(d))
	})
	assert.LessOrEqual(t, len(all)-within.answers[prove.Proved], 2)
	admin := row{name: "P within AdministratorAccess"}
	questions(t, &admin, all, func(d *policy.Document) (*prove.Verdict, error) {
		return x.Within(t.Context(), prove.Identity(d), prove.Identity(all["AdministratorAccess"]))
	})
	assert.Equal(t, len(all), admin.answers[prove.Proved])
	pass := row{name: "P grants no iam:PassRole"}
	questions(t, &pass, all, func(d *policy.Document) (*prove.Verdict, error) {
		return x.NotGranted(t.Context(), prove.Identity(d), prove.Access{Actions: []string{"iam:PassRole"}})
	})
}
