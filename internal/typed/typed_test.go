package typed_test

import (
	"cmp"
	"math/big"
	"strings"
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
		"a range of no address":                {isRange, "/24", false},
		"a range of one byte and a length":     {isRange, "1/24", false},
		"no range":                             {isRange, "everywhere", false},
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

func TestParseInstant(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a year is its first second":                  {"2026", "2026-01-01T00:00:00Z"},
		"a month is its first second":                 {"2026-03", "2026-03-01T00:00:00Z"},
		"a day is its first second":                   {"2026-03-15", "2026-03-15T00:00:00Z"},
		"the first century":                           {"0099-12-31", "0099-12-31T00:00:00Z"},
		"a day that leap years have":                  {"2024-02-29", "2024-02-29T00:00:00Z"},
		"a day that other years do not have":          {"2023-02-29", ""},
		"no day of any month":                         {"2026-01-32", ""},
		"no day before the first":                     {"2026-01-00", ""},
		"a month after the last":                      {"2026-13", ""},
		"a month before the first":                    {"2026-00", ""},
		"a month of one digit":                        {"2026-1", ""},
		"a month and one byte":                        {"2026-01-", ""},
		"a day of one digit":                          {"2026-01-1", ""},
		"no year":                                     {"x026-01-15", ""},
		"no end of the year":                          {"202x-01-15", ""},
		"no month":                                    {"2026-x1-15", ""},
		"no day":                                      {"2026-01-1x", ""},
		"another sign before the month":               {"2026/01-15", ""},
		"another sign before the day":                 {"2026-01/15", ""},
		"nothing":                                     {"", ""},
		"three digits are epoch seconds":              {"999", "1970-01-01T00:16:39Z"},
		"five digits are epoch seconds":               {"10000", "1970-01-01T02:46:40Z"},
		"more seconds than 64 bits hold":              {"9223372036854775808", ""},
		"hours and minutes":                           {"2026-01-15T11:30Z", "2026-01-15T11:30:00Z"},
		"hours, minutes and seconds":                  {"2026-01-15T11:30:45Z", "2026-01-15T11:30:45Z"},
		"a fraction of a second":                      {"2026-01-15T11:30:45.250Z", "2026-01-15T11:30:45.25Z"},
		"a fraction of nothing":                       {"2026-01-15T11:30:45.000Z", "2026-01-15T11:30:45Z"},
		"a fraction without digits":                   {"2026-01-15T11:30:45.Z", ""},
		"a fraction of letters":                       {"2026-01-15T11:30:45.5xZ", ""},
		"a fraction of a minute":                      {"2026-01-15T11:30.5Z", ""},
		"east of Greenwich it is earlier in UTC":      {"2026-01-15T11:30:45+05:45", "2026-01-15T05:45:45Z"},
		"west of Greenwich it is later in UTC":        {"2026-01-15T11:30-05:45", "2026-01-15T17:15:00Z"},
		"the widest offset":                           {"2026-01-15T11:30-23:59", "2026-01-16T11:29:00Z"},
		"an offset of a day":                          {"2026-01-15T11:30-24:00", ""},
		"an offset with an hour of minutes":           {"2026-01-15T11:30+05:60", ""},
		"an offset without its colon":                 {"2026-01-15T11:30+05x45", ""},
		"an offset of hours alone":                    {"2026-01-15T11:30+05", ""},
		"an offset of letters":                        {"2026-01-15T11:30+0x:00", ""},
		"an offset with minutes of letters":           {"2026-01-15T11:30+00:0x", ""},
		"an offset after Z":                           {"2026-01-15T11:30Z05:45", ""},
		"two offsets":                                 {"2026-01-15T11:30-05:45Z", ""},
		"no offset":                                   {"2026-01-15T11:30:45", ""},
		"an offset alone":                             {"2026-01-15TZ", ""},
		"the last second of a day":                    {"2026-01-15T23:59:59Z", "2026-01-15T23:59:59Z"},
		"a leap second is the one after it (C-16)":    {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
		"a second after the leap second":              {"2016-12-31T23:59:61Z", ""},
		"a second of one digit":                       {"2026-01-15T11:30:5Z", ""},
		"a second of letters":                         {"2026-01-15T11:30:xxZ", ""},
		"another sign before the second":              {"2026-01-15T11:30.45Z", ""},
		"another sign before the second and as long":  {"2026-01-15T11:30;45Z", ""},
		"an hour of the next day":                     {"2026-01-15T24:00Z", ""},
		"a minute of the next hour":                   {"2026-01-15T11:60Z", ""},
		"an hour with a colon for a digit":            {"2026-01-15T0::30Z", ""},
		"a minute with a colon for a digit":           {"2026-01-15T11:3:Z", ""},
		"a month with a colon for a digit":            {"2026-0:-15", ""},
		"a century with a colon for a digit":          {":026-01-15", ""},
		"a year with a colon for a digit":             {"202:-01-15", ""},
		"an hour of letters":                          {"2026-01-15Tx1:30Z", ""},
		"a minute of letters":                         {"2026-01-15T11:3xZ", ""},
		"another sign before the minute":              {"2026-01-15T11.30Z", ""},
		"another sign before the minute and a second": {"2026-01-15T11;30:45Z", ""},
		"hours alone":                                 {"2026-01-15T11Z", ""},
		"no time after T":                             {"2026-01-15T", ""},
		"a time on a month":                           {"2026-01T11:30Z", ""},
		"a time on a year":                            {"2026T11:30Z", ""},
		"a time on no day":                            {"2026-02-30T11:30Z", ""},
		"a blank for T":                               {"2026-01-15 11:30Z", ""},
		"a small t":                                   {"2026-01-15t11:30Z", ""},
	} {
		t.Run(name, func(t *testing.T) {
			i, ok := typed.ParseInstant(c.text)
			assert.Equal(t, c.want != "", ok)
			if ok {
				assert.Equal(t, c.want, typed.InstantText(i.Rat()))
			}
		})
	}
}

func TestParseNumber(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"digits":                          {"3600", "3600"},
		"zeros before and after":          {"007.1500", "7.15"},
		"a fraction of nothing":           {"5.0", "5"},
		"less than one":                   {"0.05", "0.05"},
		"a sign below":                    {"-1.50", "-1.5"},
		"a sign above":                    {"+1.50", "1.5"},
		"nothing below is nothing":        {"-0.00", "0"},
		"more digits than 64 bits hold":   {"123456789012345678901234567890.5", "123456789012345678901234567890.5"},
		"no digit":                        {"", ""},
		"a sign alone":                    {"-", ""},
		"two signs":                       {"--1", ""},
		"a sign at the end":               {"1-", ""},
		"no digit before the point":       {".5", ""},
		"no digit after the point":        {"5.", ""},
		"two points":                      {"1.2.3", ""},
		"an exponent (L-9)":               {"1e3", ""},
		"a blank before the number (L-9)": {" 1", ""},
		"a blank after the number (L-9)":  {"1 ", ""},
		"hexadecimal":                     {"0x10", ""},
		"digits of another script":        {"\u0661", ""},
		"the byte before 0":               {"/", ""},
		"the byte after 9":                {":", ""},
	} {
		t.Run(name, func(t *testing.T) {
			n, ok := typed.ParseNumber(c.text)
			assert.Equal(t, c.want != "", ok)
			if ok {
				assert.Equal(t, c.want, typed.NumberText(n.Rat()))
			}
		})
	}
}

// Values from low to high; texts that mean the same stand together.
func TestOrder(t *testing.T) {
	ordered(t, typed.ParseNumber, (*typed.Number).Compare, "-10", "-9", "-1.5", "-1.25", "-1", "-0.5", "0 -0 +0 -0.0 00.00", "0.5", "0.75", "1 +1 01 1.0", "1.25", "1.5 +01.50", "9", "10", "20", "100")
	ordered(t, typed.ParseInstant, (*typed.Instant).Compare, "0000", "1969-12-31T23:59:59.75Z", "0", "1970-01-01T00:00:00.05Z 1970-01-01T01:00:00.0500+01:00",
		"1970-01-01T00:00:00.5Z", "1970-01-01T00:00:00.75Z", "1", "2", "10", "2026 2026-01 1767225600 2025-12-31T23:59:60Z")
}

func ordered[T any](t *testing.T, parse func(string) (T, bool), compare func(a, b *T) int, values ...string) {
	for i, these := range values {
		for j, those := range values {
			for _, a := range strings.Fields(these) {
				for _, b := range strings.Fields(those) {
					x, ok1 := parse(a)
					y, ok2 := parse(b)
					assert.True(t, ok1 && ok2, "%s and %s", a, b)
					assert.Equal(t, cmp.Compare(i, j), cmp.Compare(compare(&x, &y), 0), "%s and %s", a, b)
				}
			}
		}
	}
}

// Every instant that a text can be has a text that means it.
func TestInstantText(t *testing.T) {
	for text, want := range map[string]string{
		"2026-01-15T11:00:00Z":          "2026-01-15T11:00:00Z",
		"2026-01-15T11:00:00.250+01:00": "2026-01-15T10:00:00.25Z",
		"2016-12-31T23:59:60Z":          "2017-01-01T00:00:00Z",
		"0000":                          "0000-01-01T00:00:00Z",
		"0000-01-01T00:00:00+00:01":     "0000-01-01T23:58:00+23:59",
		"0000-01-01T00:00:00.5+23:59":   "0000-01-01T00:00:00.5+23:59",
		"9999-12-31T23:59:59Z":          "9999-12-31T23:59:59Z",
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
