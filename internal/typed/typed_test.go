package typed_test

import (
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
