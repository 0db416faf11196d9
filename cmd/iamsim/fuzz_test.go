package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// FuzzSinks prints any text in every form: each stays well-formed, and nothing that
// was given is obeyed.
func FuzzSinks(f *testing.F) {
	sinks := sinks()
	names := slices.Sorted(maps.Keys(sinks))
	for i, name := range slices.Sorted(maps.Keys(payloads)) {
		for j := range 3 {
			f.Add(payloads[name], uint16(3*i+j))
		}
	}
	f.Fuzz(func(t *testing.T, payload string, sink uint16) {
		if len(payload) > 300 || strings.Contains(payload, accessKey[:8]) && !slices.Contains(slices.Collect(maps.Values(payloads)), payload) {
			return // a part of a secret is none
		}
		to := sinks[names[int(sink)%len(names)]]
		dir := t.TempDir()
		denial := write(t, dir, payload)
		stdout, stderr, _ := ran(t, denial, to.with(dir, payload)...)
		isHarmless(t, to.format, stdout, stderr)
	})
}

// FuzzFmt wants a canonical form to be canonical, and to mean the same.
func FuzzFmt(f *testing.F) {
	for _, text := range []string{
		`{"Statement":{"Resource":"*","Action":["a:b"],"Effect":"Allow"}}`,
		`{"Version":"2012-10-17","Id":"x","Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":["*"],"Service":"a.b"},"NotAction":[],"NotResource":"\u0041<&>","Condition":{"StringEquals":{"a:b":1},"Null":{"k":[true,"false"]}}}]}`,
		"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"a:b\",\"Resource\":\"\u202e##[group]\U000e0001\ufffd\"}}",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := policy.ParseString("fuzz", text)
		if err != nil {
			return
		}
		first, err := canonical(d)
		require.NoError(t, err)
		again, err := policy.ParseString("first", first)
		require.NoError(t, err, first)
		assert.Equal(t, d.Statements, again.Statements)
		second, err := canonical(again)
		require.NoError(t, err)
		assert.Equal(t, first, second)
		assert.Equal(t, spelling.Shown(first), first, "a terminal shows it and does not obey")
	})
}
