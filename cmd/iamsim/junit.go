package main

import (
	"encoding/xml"
	"strings"

	"github.com/iamsim/iamsim/internal/spelling"
)

// The parts of JUnit's XML that servers of builds read. There is no time in it: the
// same input gives the same bytes.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string     `xml:"name,attr"`
		Class   string     `xml:"classname,attr"`
		File    string     `xml:"file,attr"`
		Line    int        `xml:"line,attr,omitempty"`
		Failure *junitText `xml:"failure"`
		Error   *junitText `xml:"error"`
		Skipped *junitText `xml:"skipped"`
	}
	junitText struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit prints the suites as JUnit's XML, a file of scenarios as a test suite.
func writeJUnit(s *sheet, r *suites) error {
	all := junitSuites{Tests: r.Passed + r.Failed + r.Wrong + r.Without, Failures: r.Failed, Errors: r.Wrong, Skipped: r.Without}
	for _, file := range r.Files {
		name := spelling.Shown(file.File)
		suite := junitSuite{Name: name, Tests: len(file.Cases), Failures: file.Failed, Errors: file.Wrong, Skipped: file.Without}
		for i := range file.Cases {
			t := &file.Cases[i]
			c := junitCase{Name: spelling.Shown(t.Name), Class: name, File: name, Line: t.Line}
			text := &junitText{
				Message: spelling.Shown(strings.Join(t.Differs, "; ")),
				Text:    spelling.Shown(strings.Join(append(t.Differs[:len(t.Differs):len(t.Differs)], t.Notes...), "\n")),
			}
			switch t.Ended {
			case "FAIL":
				c.Failure = text
			case "ERROR":
				c.Error = text
			case "SKIP":
				c.Skipped = &junitText{Message: "wants nothing"}
			}
			suite.Cases = append(suite.Cases, c)
		}
		all.Suites = append(all.Suites, suite)
	}
	return printJUnit(s, &all)
}

// failedJUnit is a run of a verb that ended with an error before it had results.
func failedJUnit(verb string, err error) *junitSuites {
	text := spelling.Shown(err.Error())
	first, _, _ := strings.Cut(text, "\n")
	c := junitCase{Name: verb, Class: strings.ReplaceAll(verb, " ", "."), Error: &junitText{Message: first, Text: text}}
	return &junitSuites{Tests: 1, Errors: 1, Suites: []junitSuite{{Name: verb, Tests: 1, Errors: 1, Cases: []junitCase{c}}}}
}

func printJUnit(s *sheet, all *junitSuites) error {
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return s.print(xml.Header + string(text) + "\n")
}
