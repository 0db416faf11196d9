// Package history is the form in which policies and their versions are stored:
// the newest version as a whole, each older one as what changes on the way back
// to it.
//
// A policy with its versions is a text:
//
//	@job-function/ViewOnlyAccess 2016-11-10T17:20:15Z
//	v2 2016-12-09T22:20:46Z
//	{
//	"Version": "2012-10-17",
//	…
//	v1 2016-11-10T17:20:15Z
//	=4
//	~1
//	"acm:ListCertificates",
//
// The line with @ has path, name and date of creation; for a deprecated policy
// also the date from which it is deprecated, and the name of the policy that
// replaces it. A line with v begins a version; its date is - where it is not
// known. Below it stand the lines of its document, or the edit that makes them
// from the lines of the version above: =4 keeps four lines, ~1 leaves one out,
// any other line is new, and what is left at the end is kept. No line of JSON
// begins with @, v, = or ~.
//
// A history is these texts, packed together (see internal/packed) in the order
// of the names of policies, each by its path and name. The index has one other
// line, "date 2026-09-26".
package history

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// A History is policies as of a date.
type History struct {
	Date     string // "2026-09-26"
	Policies []Policy
}

// A Policy has its versions from the oldest to the newest.
type Policy struct {
	Path    string // "job-function/"; may be ""
	Name    string
	Created time.Time

	Deprecated  time.Time // zero: it is not
	Replacement string    // name; "" unless deprecated

	Versions []Version
}

// A Version is one version of a policy.
type Version struct {
	Number int
	Date   time.Time // zero: not known

	// Lines are the document's, without indentation. Entry.Read leaves them
	// out: Policy.Lines makes them.
	Lines []string
	edit  string
}

// Lines are those of a document, each value on a line of its own.
func Lines(document []byte) ([]string, error) {
	var b bytes.Buffer
	if err := json.Indent(&b, bytes.TrimSpace(document), "", ""); err != nil {
		return nil, err
	}
	return strings.Split(b.String(), "\n"), nil
}

// Document is the JSON that has these lines, indented.
func Document(lines []string) ([]byte, error) {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(strings.Join(lines, "\n")), "", "  "); err != nil {
		return nil, err
	}
	return append(b.Bytes(), '\n'), nil
}

// Lines are those of the document of a version, by its index, after Entry.Read.
func (p *Policy) Lines(version int) ([]string, error) {
	var lines []string
	for i := len(p.Versions) - 1; i >= version; i-- {
		var err error
		if lines, err = apply(lines, p.Versions[i].edit); err != nil {
			return nil, fmt.Errorf("version %d of %s: %w", p.Versions[i].Number, p.Name, err)
		}
	}
	return lines, nil
}
