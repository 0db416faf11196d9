// Package typed reads the values of conditions as the operators for numbers,
// dates, booleans, binary data and addresses read them.
package typed

import (
	"encoding/base64"
	"net/netip"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
)

// IsBool reports whether the text is true or false, in letters of either case.
func IsBool(s string) bool { return fold.Equal(s, "true") || fold.Equal(s, "false") }

// IsBinary reports whether the text is base64 in its one canonical form, in
// which equal bytes are equal texts.
func IsBinary(s string) bool {
	_, err := base64.StdEncoding.Strict().DecodeString(s)
	return err == nil && !strings.ContainsAny(s, "\r\n")
}

// Address reads an address; one with a zone is none.
func Address(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	return a, err == nil && a.Zone() == ""
}

// Range reads an address or a range of addresses; an address alone is the range
// of itself (C-15), bits beyond the prefix are ignored (L-8).
func Range(s string) (netip.Prefix, bool) {
	if !strings.Contains(s, "/") {
		a, ok := Address(s)
		if !ok {
			return netip.Prefix{}, false
		}
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err == nil
}
