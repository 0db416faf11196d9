package awscli

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
)

// names are ARNs by the last part of them, by which files are named.
type names map[string][]string

func (n names) add(name, of string) { n[name] = append(n[name], of) }

// of gives the ARNs of some types with a name, each once.
func (n names) of(name string, types ...string) []string {
	var found []string
	for _, known := range n[name] {
		if a, _ := arn.Parse(known); slices.Contains(types, a.Type()) {
			found = append(found, known)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// in is the only ARN of some types whose name a file's name ends in:
// "policy-orders" ends in that of orders. The longest name counts; of a user and a
// role of one name, that whose type the file's name has.
func (n names) in(file string, types ...string) (of string, ok bool) {
	for name := range endings(file) {
		found := n.of(name, types...)
		if len(found) > 1 {
			found = slices.DeleteFunc(found, func(known string) bool {
				a, _ := arn.Parse(known)
				return !strings.Contains(strings.TrimSuffix(file, name), a.Type())
			})
		}
		if len(found) > 0 {
			return found[0], len(found) == 1
		}
	}
	return "", false
}

// nodeIn is the id of a root, an organizational unit or an account in which a
// file's name ends; "" for none.
func nodeIn(file string) string {
	for id := range endings(file) {
		if isNode(id) {
			return id
		}
	}
	return ""
}

// endings gives a file's name, and what of it follows a mark between words.
func endings(file string) func(func(string) bool) {
	return func(yield func(string) bool) {
		if !yield(file) {
			return
		}
		for i := range len(file) {
			if strings.IndexByte("-_ @=+,", file[i]) >= 0 && !yield(file[i+1:]) {
				return
			}
		}
	}
}

// isNode reports whether a text is the id of a root, an organizational unit or an
// account.
func isNode(id string) bool {
	if arn.IsAccountID(id) {
		return true
	}
	if rest, ok := strings.CutPrefix(id, "r-"); ok {
		return isWord(rest, 4)
	}
	rest, ok := strings.CutPrefix(id, "ou-")
	root, own, both := strings.Cut(rest, "-")
	return ok && both && isWord(root, 4) && isWord(own, 8)
}

// isWord reports whether a text has small letters and digits, from least to 32.
func isWord(s string, least int) bool {
	return len(s) >= least && len(s) <= 32 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}
