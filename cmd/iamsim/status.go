package main

import (
	"fmt"
	"strings"
)

// exitStatus ends the command with a status when all is said.
type exitStatus int

const (
	notMet     exitStatus = 1 // an expectation is not met
	broken     exitStatus = 2 // input could not be read or was wrong
	notSettled exitStatus = 3 // what is missing decides
)

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// error is the status as an error; nil for 0.
func (s exitStatus) error() error {
	if s == 0 {
		return nil
	}
	return s
}

// worse is the status that tells more: wrong input before what is missing, that
// before a difference.
func worse(a, b exitStatus) exitStatus {
	rank := [...]int{0: 0, notMet: 1, notSettled: 2, broken: 3}
	if rank[b] > rank[a] {
		return b
	}
	return a
}

// statuses are what an exit status means, whatever the verb.
var statuses = [...]string{"as wanted", "not as wanted", "some input could not be read or was wrong", "not settled: what is not known decides"}

// verbStatuses are what each exit status means for a verb; "" does not happen. The
// status of wrong input is the same for all, and not repeated.
var verbStatuses = []struct {
	verb                string // as after iamsim; it holds for what is below it, too
	met, not, unsettled string
}{
	{"eval", "every expectation is met; a request without any is allowed", "one is not, or such a request is denied", "a request without expectation has no decision: what is not known decides"},
	{"test", "every expectation is met", "one is not", ""},
	{"explain", "explained, whatever the decision", "", "the --snapshot does not know all of principal or resource"},
	{"denied", "iamsim denies too, by the layer that AWS names", "it allows, or denies otherwise", "something is missing, which is named"},
	{"prove", "proved", "refuted, with a request that shows it", "unknown, with the reason"},
	{"diff", "nothing is gained: proved", "access is gained", "unknown, with the reason"},
	{"summarize", "summarized, and proved equal; of a change, nothing is gained", "of a change, access is gained", "not all is proved: the last line says what"},
	{"validate", "nothing was found", "something was, at least as grave as --severity says", ""},
	{"fmt", "done; with --check, all files are in the form already", "with --check, some are not; they are named", ""},
	{"account", "all was read", "", "something is referred to that is not there, or a page is missing"},
	{"catalog", "each name is known", "one is not; the nearest name is given", ""},
	{"managed list", "listed", "no policy has such a name", ""},
	{"managed show", "printed", "", ""},
	{"managed versions", "listed", "", ""},
	{"managed diff", "nothing is gained: proved", "access is gained", "unknown, with the reason"},
	{"version", "done", "", ""},
}

// statusesOf are the meanings of the exit statuses of a verb, by number; nil for
// one that has no row.
func statusesOf(path string) []string {
	for _, row := range verbStatuses {
		if below, ok := strings.CutPrefix(path, "iamsim "+row.verb); ok && (below == "" || below[0] == ' ') {
			return []string{row.met, row.not, statuses[broken], row.unsettled}
		}
	}
	return nil
}

// statusText is what help says of the exit statuses of a verb.
func statusText(path string) string {
	var b strings.Builder
	for status, means := range statusesOf(path) {
		if means != "" {
			fmt.Fprintf(&b, "\n  %d  %s", status, means)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "Exit status:" + b.String()
}
