package typed

import (
	"cmp"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// An Instant is a point in time: seconds since 1970 and the digits of the
// fraction of a second, without zeros at their end. The zero Instant is the
// beginning of 1970.
type Instant struct {
	seconds  int64
	fraction string
}

// ParseInstant reads the W3C profile of ISO 8601 or epoch seconds (C-16).
// Exactly four digits are a year, other digits epoch seconds. A date without
// time means its first instant in UTC.
func ParseInstant(s string) (i Instant, ok bool) {
	if isDigits(s) && len(s) != 4 {
		seconds, err := strconv.ParseInt(s, 10, 64)
		return Instant{seconds: seconds}, err == nil
	}
	date, clock, hasClock := strings.Cut(s, "T")
	i.seconds, ok = parseDate(date)
	if hasClock {
		ok = ok && len(date) == len("2006-01-02") && i.addClock(clock)
	}
	return i, ok
}

// parseDate reads 2006, 2006-01 or 2006-01-02: the first second of it.
func parseDate(s string) (seconds int64, ok bool) {
	if len(s) != len("2006") && len(s) != len("2006-01") && len(s) != len("2006-01-02") {
		return 0, false
	}
	s += "2006-01-01"[len(s):]
	century, ok1 := twoDigits(s, 0)
	year, ok2 := twoDigits(s, 2)
	month, ok3 := twoDigits(s, 5)
	day, ok4 := twoDigits(s, 8)
	t := time.Date(century*100+year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	_, m, d := t.Date() // of the thirtieth of February, which is no day: a day of March
	return t.Unix(), ok1 && ok2 && ok3 && ok4 && s[4] == '-' && s[7] == '-' && m == time.Month(month) && d == day
}

// addClock adds 15:04, 15:04:05 or 15:04:05.999, each with Z or an offset.
func (i *Instant) addClock(s string) bool {
	zone := strings.LastIndexAny(s, "Z+-")
	if zone < 0 {
		return false
	}
	offset, ok1 := 0, s[zone:] == "Z"
	if s[zone] != 'Z' {
		offset, ok1 = hourMinute(s[zone+1:])
	}
	if s[zone] == '-' {
		offset = -offset
	}
	s, fraction, hasFraction := strings.Cut(s[:zone], ".")
	second, ok2 := 0, !hasFraction
	if len(s) == len("15:04:05") {
		second, ok2 = twoDigits(s, 6)
		ok2 = ok2 && s[5] == ':' && second <= 60 && (!hasFraction || isDigits(fraction)) // 60: a leap second
		s = s[:5]
	}
	minute, ok3 := hourMinute(s)
	i.seconds += int64(minute + second - offset)
	i.fraction = strings.TrimRight(fraction, "0")
	return ok1 && ok2 && ok3
}

// hourMinute reads 15:04, in seconds.
func hourMinute(s string) (seconds int, ok bool) {
	if len(s) != len("15:04") {
		return 0, false
	}
	hour, ok1 := twoDigits(s, 0)
	minute, ok2 := twoDigits(s, 3)
	return hour*3600 + minute*60, ok1 && ok2 && s[2] == ':' && hour < 24 && minute < 60
}

// twoDigits reads the two bytes at a place.
func twoDigits(s string, at int) (int, bool) {
	tens, ones := s[at]-'0', s[at+1]-'0'
	return int(tens)*10 + int(ones), tens <= 9 && ones <= 9
}

// Compare is below, at or above 0 as i is before, at or after j.
func (i *Instant) Compare(j *Instant) int {
	if c := cmp.Compare(i.seconds, j.seconds); c != 0 {
		return c
	}
	return strings.Compare(i.fraction, j.fraction)
}

// Rat is the instant in seconds since 1970, to find instants between others.
func (i *Instant) Rat() *big.Rat {
	v := new(big.Rat).SetInt64(i.seconds)
	return v.Add(v, decimal("", i.fraction))
}

// Of dates with four digits for the year, in seconds since 1970.
const (
	yearZero = -62167219200
	yearLast = 253402300799 // 9999-12-31T23:59:59Z
	widest   = 24*3600 - 60 // the widest offset, 23:59
)

// Earliest is the first instant that a text can be, in seconds since 1970: the
// year 0 begins early in the east.
const Earliest = yearZero - widest

// InstantText is an instant, in seconds since 1970, as a policy writes it: in
// UTC, with an offset before the year 0 and soon after the year 9999, or as epoch
// seconds beyond that. It is "" where none of them can write it.
func InstantText(v *big.Rat) string {
	whole := new(big.Int).Div(v.Num(), v.Denom()) // rounds down
	if !whole.IsInt64() {
		return ""
	}
	fraction := new(big.Rat).Sub(v, new(big.Rat).SetInt(whole))
	seconds, zone := whole.Int64(), "Z"
	switch {
	case seconds > yearLast && fraction.Sign() == 0:
		return whole.String()
	case seconds > yearLast:
		seconds, zone = seconds-widest, "-23:59"
	case seconds < Earliest:
		return ""
	case seconds < yearZero:
		seconds, zone = seconds+widest, "+23:59"
	}
	if seconds > yearLast+1 {
		return ""
	}
	text := time.Unix(min(seconds, yearLast), 0).UTC().Format("2006-01-02T15:04:05")
	if seconds > yearLast { // a leap second
		text = strings.TrimSuffix(text, "59") + "60"
	}
	if fraction.Sign() != 0 {
		text += strings.TrimPrefix(NumberText(fraction), "0")
	}
	return text + zone
}
