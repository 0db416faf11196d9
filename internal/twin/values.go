package twin

import (
	"bytes"
	"encoding/base64"
	"math/big"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ordered is whether request and policy value stand in the relation that the
// operator names. What is no value of the type matches nothing (C-17).
func ordered(relation, requestValue, policyValue string, parse func(string) *big.Rat) bool {
	a, b := parse(requestValue), parse(policyValue)
	if a == nil || b == nil {
		return false
	}
	switch order := a.Cmp(b); relation {
	case "Equals":
		return order == 0
	case "LessThan":
		return order < 0
	case "LessThanEquals":
		return order <= 0
	case "GreaterThan":
		return order > 0
	case "GreaterThanEquals":
		return order >= 0
	}
	panic("twin: no relation " + relation)
}

var number = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)

// parseNumber reads a decimal of any length, exactly (L-9); nil: it is none.
func parseNumber(s string) *big.Rat {
	if !number.MatchString(s) {
		return nil
	}
	n, _ := new(big.Rat).SetString(s)
	return n
}

var (
	epoch = regexp.MustCompile(`^[0-9]+$`)
	day   = regexp.MustCompile(`^([0-9]{4})(-[0-9]{2})?(-[0-9]{2})?$`)
	clock = regexp.MustCompile(`^([0-9]{2}):([0-9]{2})(:[0-9]{2})?(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$`)
)

// parseDate reads epoch seconds, or the W3C profile of ISO 8601, as seconds
// since 1970 (C-16); nil: it is none.
func parseDate(s string) *big.Rat {
	if epoch.MatchString(s) && len(s) != 4 {
		seconds, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return nil
		}
		return new(big.Rat).SetInt64(seconds)
	}
	date, timeOfDay, hasTime := strings.Cut(s, "T")
	d := day.FindStringSubmatch(date)
	if d == nil || hasTime && d[3] == "" {
		return nil
	}
	text := d[1] + or(d[2], "-01") + or(d[3], "-01")
	midnight, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return nil
	}
	instant := new(big.Rat).SetInt64(midnight.Unix())
	if !hasTime {
		return instant
	}
	c := clock.FindStringSubmatch(timeOfDay)
	if c == nil || c[4] != "" && c[3] == "" {
		return nil
	}
	hour, minute, second := atoi(c[1]), atoi(c[2]), atoi(strings.TrimPrefix(or(c[3], ":00"), ":"))
	offset := 0
	if zone := c[5]; zone != "Z" {
		hours, minutes := atoi(zone[1:3]), atoi(zone[4:6])
		if hours > 23 || minutes > 59 {
			return nil
		}
		offset = hours*3600 + minutes*60
		if zone[0] == '-' {
			offset = -offset
		}
	}
	if hour > 23 || minute > 59 || second > 60 { // 60 is a leap second
		return nil
	}
	instant.Add(instant, new(big.Rat).SetInt64(int64(hour*3600+minute*60+second-offset)))
	if c[4] != "" {
		fraction, _ := new(big.Rat).SetString("0" + c[4])
		instant.Add(instant, fraction)
	}
	return instant
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func atoi(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

func isBool(s string) bool { return lower(s) == "true" || lower(s) == "false" }

// equalBinary compares the bytes behind base64 in its canonical form (C-17).
func equalBinary(a, b string) bool {
	x, ok := decode(a)
	y, ok2 := decode(b)
	return ok && ok2 && bytes.Equal(x, y)
}

func decode(s string) ([]byte, bool) {
	b, err := base64.StdEncoding.DecodeString(s)
	return b, err == nil && base64.StdEncoding.EncodeToString(b) == s
}

// inRange is whether the address lies in the range (C-15, L-8): both of one
// family, and the first bits equal.
func inRange(address, cidr string) bool {
	base, length, hasLength := strings.Cut(cidr, "/")
	a, err := netip.ParseAddr(address)
	b, err2 := netip.ParseAddr(base)
	if err != nil || err2 != nil || a.Zone() != "" || b.Zone() != "" || a.BitLen() != b.BitLen() {
		return false
	}
	n := b.BitLen()
	if hasLength {
		n = atoi(length)
		if strconv.Itoa(n) != length || n < 0 || n > b.BitLen() {
			return false
		}
	}
	x, y := a.AsSlice(), b.AsSlice()
	for i := range n {
		bit := byte(0x80) >> (i % 8)
		if x[i/8]&bit != y[i/8]&bit {
			return false
		}
	}
	return true
}
