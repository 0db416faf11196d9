package typed_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/internal/typed"
)

func TestWhatAValueIs(t *testing.T) {
	for name, c := range map[string]struct {
		is   func(string) bool
		text string
		want bool
	}{
		"true":                                 {typed.IsBool, "true", true},
		"False in letters of either case":      {typed.IsBool, "False", true},
		"one is no boolean":                    {typed.IsBool, "1", false},
		"base64":                               {typed.IsBinary, "QmluYXJ5", true},
		"nothing is no byte":                   {typed.IsBinary, "", true},
		"base64 without its padding":           {typed.IsBinary, "QmluYXJ5MQ", false},
		"base64 with bits that say nothing":    {typed.IsBinary, "QR==", false},
		"base64 on two lines":                  {typed.IsBinary, "Qmlu\nYXJ5", false},
		"an address":                           {isAddress, "203.0.113.9", true},
		"an address of version 6":              {isAddress, "2001:db8::1", true},
		"an address with a zone":               {isAddress, "fe80::1%eth0", false},
		"an address with a leading zero":       {isAddress, "203.0.113.09", false},
		"a range is no address":                {isAddress, "203.0.113.0/24", false},
		"a range of more bits than an address": {isRange, "203.0.113.0/33", false},
		"a range of an address with a zone":    {isRange, "fe80::1%eth0/64", false},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, c.is(c.text)) })
	}
}

func TestRange(t *testing.T) {
	for text, want := range map[string]string{
		"203.0.113.0/24": "203.0.113.0/24",
		"203.0.113.9/24": "203.0.113.0/24",
		"203.0.113.9":    "203.0.113.9/32",
		"2001:db8::1":    "2001:db8::1/128",
		"0.0.0.0/0":      "0.0.0.0/0",
	} {
		p, ok := typed.Range(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, p.String(), text)
	}
}

func isAddress(s string) bool { _, ok := typed.Address(s); return ok }
func isRange(s string) bool   { _, ok := typed.Range(s); return ok }

// Every instant that a text can be has a text that means it.
func TestInstantText(t *testing.T) {
	for text, want := range map[string]string{
		"2026-01-15T11:00:00Z":          "2026-01-15T11:00:00Z",
		"2026-01-15T11:00:00.250+01:00": "2026-01-15T10:00:00.25Z",
		"2016-12-31T23:59:60Z":          "2017-01-01T00:00:00Z",
		"0000":                          "0000-01-01T00:00:00Z",
		"0000-01-01T00:00:00+00:01":     "0000-01-01T23:58:00+23:59",
		"0000-01-01T00:00:00.5+23:59":   "0000-01-01T00:00:00.5+23:59",
		"9999-12-31T23:59:59.5Z":        "9999-12-31T23:59:59.5Z",
		"9999-12-31T23:59:60Z":          "253402300800",
		"9999-12-31T23:59:60.5Z":        "9999-12-31T00:01:00.5-23:59",
		"9999-12-31T23:59:60.125-23:59": "9999-12-31T23:59:60.125-23:59",
		"9223372036854775807":           "9223372036854775807",
		"9999-12-31T23:59:59.75-23:59":  "9999-12-31T23:59:59.75-23:59",
		"0000-01-01T23:59:60.5+00:00":   "0000-01-02T00:00:00.5Z",
	} {
		i, ok := typed.ParseInstant(text)
		assert.True(t, ok, text)
		got := typed.InstantText(i.Rat())
		assert.Equal(t, want, got, text)
		again, ok := typed.ParseInstant(got)
		assert.True(t, ok && again.Compare(&i) == 0, "%s is %s", text, got)
	}
	for name, v := range map[string]*big.Rat{
		"before all dates":              big.NewRat(typed.Earliest-1, 1),
		"just before all dates":         big.NewRat(2*typed.Earliest-1, 2),
		"half a second after all dates": big.NewRat(2*253402387141+1, 2),
	} {
		assert.Empty(t, typed.InstantText(v), name)
	}
}
