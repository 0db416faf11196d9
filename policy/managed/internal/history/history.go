// Package history is the form in which policies and their versions are kept:
// the newest version as a whole, each older one as what changes on the way back
// to it.
//
// A history is text. Its first line is the date of the data. Then come the
// policies:
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
// A line with @ has path, name and date of creation; for a deprecated policy
// also the date from which it is deprecated, and the name of the policy that
// replaces it. A line with v begins a version; its date is - where it is not
// known. Below it stand the lines of its document, or the edit that makes them
// from the lines of the version above: =4 keeps four lines, ~1 leaves one out,
// any other line is new, and what is left at the end is kept. No line of JSON
// begins with @, v, = or ~.
package history

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
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

	// Lines are the document's, without indentation. Decode leaves them out:
	// Policy.Lines makes them.
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

// Encode is the text of a history. Each version must have its lines.
func Encode(h *History) []byte {
	var b bytes.Buffer
	b.WriteString(h.Date + "\n")
	for i := range h.Policies {
		p := &h.Policies[i]
		b.WriteString("@" + p.Path + p.Name + " " + date(p.Created))
		if !p.Deprecated.IsZero() {
			b.WriteString(" " + date(p.Deprecated) + " " + p.Replacement)
		}
		b.WriteByte('\n')
		var newer []string
		for j := len(p.Versions) - 1; j >= 0; j-- {
			v := &p.Versions[j]
			fmt.Fprintf(&b, "v%d %s\n", v.Number, date(v.Date))
			for _, line := range edit(newer, v.Lines) {
				b.WriteString(line + "\n")
			}
			newer = v.Lines
		}
	}
	return b.Bytes()
}

func date(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}

// Decode reads the text of a history. It leaves out the lines of documents,
// which stay in the text until they are asked for.
func Decode(text string) (*History, error) {
	var h History
	var p *Policy
	edited := 0 // where the edit of the version at hand begins
	end := func(at int) {
		if p != nil && len(p.Versions) > 0 {
			p.Versions[len(p.Versions)-1].edit = text[edited:at]
		}
	}
	for at, number := 0, 1; at < len(text); number++ {
		next := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			next = at + i + 1
		}
		line := strings.TrimSuffix(text[at:next], "\n")
		var err error
		switch {
		case number == 1:
			h.Date = line
		case strings.HasPrefix(line, "@"):
			end(at)
			h.Policies = append(h.Policies, Policy{})
			p = &h.Policies[len(h.Policies)-1]
			err = p.begin(line[1:])
		case p == nil:
			err = fmt.Errorf("%q belongs to no policy", line)
		case strings.HasPrefix(line, "v"):
			end(at)
			p.Versions = append(p.Versions, Version{})
			err = p.Versions[len(p.Versions)-1].begin(line[1:])
			edited = next
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		at = next
	}
	end(len(text))
	for i := range h.Policies {
		slices.Reverse(h.Policies[i].Versions)
	}
	return &h, nil
}

func (p *Policy) begin(line string) error {
	fields := strings.Split(line, " ")
	if len(fields) != 2 && len(fields) != 4 {
		return fmt.Errorf("%q is no policy", line)
	}
	slash := strings.LastIndexByte(fields[0], '/') + 1
	p.Path, p.Name = fields[0][:slash], fields[0][slash:]
	var err error
	if p.Created, err = parseDate(fields[1]); err != nil || len(fields) == 2 {
		return err
	}
	p.Replacement = fields[3]
	p.Deprecated, err = parseDate(fields[2])
	return err
}

func (v *Version) begin(line string) error {
	number, day, ok := strings.Cut(line, " ")
	if !ok {
		return fmt.Errorf("%q is no version", line)
	}
	var err error
	if v.Number, err = strconv.Atoi(number); err != nil {
		return err
	}
	v.Date, err = parseDate(day)
	return err
}

func parseDate(s string) (time.Time, error) {
	if s == "-" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, s)
}

// Lines are those of the document of a version, by its index, after Decode.
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
