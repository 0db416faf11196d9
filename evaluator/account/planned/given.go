package planned

import (
	"maps"
	"slices"
	"strings"
)

// Given is what people say of what templates and plans leave open. The zero Given
// says nothing.
type Given struct {
	// Account and Region are those in which all is to be made, Stack is the name of
	// the stack.
	Account, Region, Stack string
	// Parameters of templates, by name.
	Parameters map[string]string
	// Imports are the values that other stacks export, by the name of the export.
	Imports map[string]string
	// Values of holes, by their origin.
	Values map[string]string

	asked map[string]bool // origins, of Values, that were asked for; nil: nobody remembers
}

// Watched is the same, and remembers which of the values are asked for. It is for
// one goroutine.
func (g Given) Watched() Given {
	g.asked = make(map[string]bool)
	return g
}

// Value is what is given for the hole of an origin.
func (g *Given) Value(origin string) (value string, ok bool) {
	if value, ok = g.Values[origin]; ok && g.asked != nil {
		g.asked[origin] = true
	}
	return value, ok
}

// Unasked are the origins, in order, of values that nothing has asked for since
// [Given.Watched].
func (g *Given) Unasked() []string {
	var list []string
	for _, origin := range slices.Sorted(maps.Keys(g.Values)) {
		if !g.asked[origin] {
			list = append(list, origin)
		}
	}
	return list
}

// PartitionOf is the partition of a region; "aws" where the region is not known.
func PartitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case strings.HasPrefix(region, "us-iso-"):
		return "aws-iso"
	case strings.HasPrefix(region, "us-isob-"):
		return "aws-iso-b"
	case strings.HasPrefix(region, "eu-isoe-"):
		return "aws-iso-e"
	case strings.HasPrefix(region, "us-isof-"):
		return "aws-iso-f"
	case strings.HasPrefix(region, "eusc-"):
		return "aws-eusc"
	}
	return "aws"
}
