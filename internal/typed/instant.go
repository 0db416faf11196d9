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
func ParseInstant(s string) (Instant, bool) {
	if isDigits(s) && len(s) != 4 {
		seconds, err := strconv.ParseInt(s, 10, 64)
		return Instant{seconds: seconds}, err == nil
	}
	date, clock, hasClock := strings.Cut(s, "T")
	year, month, day, ok := parseDate(date)
	if !ok || hasClock && len(date) != len("2006-01-02") {
		return Instant{}, false
	}
	i := Instant{seconds: time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix()}
	if hasClock && !i.addClock(clock) {
		return Instant{}, false
	}
	return i, true
}

// parseDate reads 2006, 2006-01 or 2006-01-02.
func parseDate(s string) (year, month, day int, ok bool) {
	month, day = 1, 1
	switch len(s) {
	case 10:
		day, ok = twoDigits(s[8:], 1, 31)
		if !ok || s[7] != '-' {
			return 0, 0, 0, false
		}
		fallthrough
	case 7:
		month, ok = twoDigits(s[5:7], 1, 12)
		if !ok || s[4] != '-' {
			return 0, 0, 0, false
		}
		fallthrough
	case 4:
		if !isDigits(s[:4]) {
			return 0, 0, 0, false
		}
	default:
		return 0, 0, 0, false
	}
	year = int(s[0]-'0')*1000 + int(s[1]-'0')*100 + int(s[2]-'0')*10 + int(s[3]-'0')
	// The thirtieth of February is no day.
	return year, month, day, time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Day() == day
}

// addClock adds 15:04, 15:04:05 or 15:04:05.999, each with Z or an offset.
func (i *Instant) addClock(s string) bool {
	offset := 0
	if rest, ok := strings.CutSuffix(s, "Z"); ok {
		s = rest
	} else {
		if len(s) < len("15:04+00:00") {
			return false
		}
		zone := s[len(s)-6:]
		hours, ok1 := twoDigits(zone[1:3], 0, 23)
		minutes, ok2 := twoDigits(zone[4:], 0, 59)
		if !ok1 || !ok2 || zone[3] != ':' || zone[0] != '+' && zone[0] != '-' {
			return false
		}
		offset = hours*3600 + minutes*60
		if zone[0] == '-' {
			offset = -offset
		}
		s = s[:len(s)-6]
	}
	s, fraction, hasFraction := strings.Cut(s, ".")
	if hasFraction && (!isDigits(fraction) || len(s) != len("15:04:05")) {
		return false
	}
	seconds := 0
	ok := true
	switch len(s) {
	case len("15:04:05"):
		seconds, ok = twoDigits(s[6:], 0, 60) // 60: a leap second
		if !ok || s[5] != ':' {
			return false
		}
		fallthrough
	case len("15:04"):
		hours, ok1 := twoDigits(s[:2], 0, 23)
		minutes, ok2 := twoDigits(s[3:5], 0, 59)
		if !ok1 || !ok2 || s[2] != ':' {
			return false
		}
		i.seconds += int64(hours*3600 + minutes*60 + seconds - offset)
		i.fraction = strings.TrimRight(fraction, "0")
		return true
	}
	return false
}

func twoDigits(s string, low, high int) (int, bool) {
	if len(s) != 2 || !isDigits(s) {
		return 0, false
	}
	n := int(s[0]-'0')*10 + int(s[1]-'0')
	return n, low <= n && n <= high
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
