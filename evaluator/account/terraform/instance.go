package terraform

import (
	"fmt"
	"strconv"
	"strings"
)

// An instance is a resource or data source, one of those that count and for_each
// make.
type instance struct {
	address string // `module.teams["blue"].aws_iam_role.r[0]`
	module  string // `module.teams["blue"]`; "" for the root
	block   string // "aws_iam_role.r", "data.aws_iam_role.r"
	key     string // `["blue"]`, "[0]"; "" for none
	mode    string // "managed" or "data"
	typ     string // "aws_iam_role"
	name    string
	line    int // in the file

	ours     bool // of the provider hashicorp/aws
	created  bool // by the plan: nothing is there before
	deposed  bool // left over from a replacement that failed
	before   any  // a tree; nil: it is not there
	after    any
	identity [2]string // accounts that its identity says, before and after
	config   block
}

// within is the address of something in the module of the instance.
func (x *instance) within(address string) string { return join(x.module, address) }

// join is the address of something in a module.
func join(module, address string) string {
	if module == "" {
		return address
	}
	return module + "." + address
}

// depose makes the instance the one that a replacement left over under a key, which
// no reference leads to.
func (x *instance) depose(key string) {
	if key != "" {
		x.address, x.deposed = x.address+" (deposed object "+key+")", true
	}
}

// isData reports whether the instance is read, and not made.
func (x *instance) isData() bool { return x.mode == "data" }

// splitAddress splits the address of an instance of a block.
func splitAddress(address, block string) (module, key string, ok bool) {
	steps := steps(address)
	n := strings.Count(block, ".") + 1
	if len(steps) < n {
		return "", "", false
	}
	own := steps[len(steps)-n:]
	last, key := cutKey(own[n-1])
	own[n-1] = last
	return strings.Join(steps[:len(steps)-n], "."), key, strings.Join(own, ".") == block
}

// steps splits an address at the dots that stand in no key.
func steps(address string) []string {
	var list []string
	start, quoted := 0, false
	for i := 0; i < len(address); i++ {
		switch c := address[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == '.' && !quoted:
			list = append(list, address[start:i])
			start = i + 1
		}
	}
	return append(list, address[start:])
}

// cutKey splits `teams["blue"]` into name and key.
func cutKey(step string) (name, key string) {
	if i := strings.IndexByte(step, '['); i > 0 {
		return step[:i], step[i:]
	}
	return step, ""
}

// path writes where in an instance a value stands: "statement[0].resources[1]".
func path(steps ...any) string {
	var b strings.Builder
	for _, s := range steps {
		switch s := s.(type) {
		case int:
			b.WriteString("[" + strconv.Itoa(s) + "]")
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			fmt.Fprint(&b, s)
		}
	}
	return b.String()
}
