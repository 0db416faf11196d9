package validate

import (
	"errors"
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/internal/lazy"
)

// ignore is a comment that suppresses, and how it goes on.
var (
	ignore      = lazy.Regexp(`(?:^|\s)#\s*iamsim:ignore(?:\s+(.*?))?\s*$`)
	ignoreAfter = lazy.Regexp(`^([A-Z0-9_]+)(?:\s+until\s+([0-9-]+))?\s*(?::\s*(.*))?$`)
)

// ParseComments reads the suppressions in the comments of a YAML text, a template or
// a policy:
//
//	# iamsim:ignore PASS_ROLE_WITH_STAR_IN_RESOURCE until 2027-06-30: the deployer passes all roles
//
// At the end of a line it is for what is found in that line; alone in a line for the
// next one and all that stands in it, which is what is indented further. The name
// is that of the findings' Source, and stands in errors, which are about all that is
// wrong. A text that is JSON has no comments.
func ParseComments(name, text string) ([]Suppression, error) {
	if !strings.Contains(text, "iamsim:ignore") || strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		return nil, nil
	}
	var list []Suppression
	var faults []error
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		found := ignore().FindStringSubmatchIndex(line)
		if found == nil {
			continue
		}
		s := Suppression{at: fmt.Sprintf("%s:%d: iamsim:ignore", name, i+1), in: name, lines: [2]int{i + 1, i + 1}}
		if strings.TrimSpace(line[:found[0]]) == "" {
			s.lines = below(lines, i)
		}
		var rest string
		if found[2] >= 0 {
			rest = line[found[2]:found[3]]
		}
		parts := ignoreAfter().FindStringSubmatch(rest)
		if parts == nil {
			faults = append(faults, fmt.Errorf("%s: is followed by CODE until 2027-06-30: and the reason", s.at))
			continue
		}
		s.Code, s.Until, s.Reason = parts[1], parts[2], parts[3]
		faults = append(faults, s.check()...)
		list = append(list, s)
	}
	return list, errors.Join(faults...)
}

// below are the lines that a comment alone in a line is for.
func below(lines []string, comment int) [2]int {
	first := comment + 1
	for first < len(lines) && isComment(lines[first]) {
		first++
	}
	last := first
	if first < len(lines) {
		for next := first + 1; next < len(lines); next++ {
			if !isComment(lines[next]) {
				if indent(lines[next]) <= indent(lines[first]) {
					break
				}
				last = next
			}
		}
	}
	return [2]int{first + 1, last + 1}
}

// isComment reports whether a line has a comment at most.
func isComment(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line[0] == '#'
}

// indent is how far a line is indented.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
