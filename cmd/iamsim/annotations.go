package main

import (
	"fmt"
	"strconv"
	"strings"
)

// annotations are the results of a log as GitHub Actions shows them in a pull
// request, each beside its line. Each part of them is shown as a sheet shows it, since
// the whole is to be obeyed.
func annotations(log *sarifLog) string {
	var b strings.Builder
	for i := range log.Runs[0].Results {
		r := &log.Runs[0].Results[i]
		level := r.Level
		if level == "note" {
			level = "notice"
		}
		var properties []string
		add := func(name, value string) {
			properties = append(properties, name+"="+annotationProperty.Replace(shown(value)))
		}
		if len(r.Locations) > 0 {
			at := &r.Locations[0]
			add("file", at.file)
			if region := at.Physical.Region; region != nil {
				add("line", strconv.Itoa(region.StartLine))
				if region.StartColumn > 0 {
					add("col", strconv.Itoa(region.StartColumn))
				}
				if region.EndLine > 0 {
					add("endLine", strconv.Itoa(region.EndLine))
				}
				if region.EndLine == region.StartLine && region.EndColumn > 0 {
					add("endColumn", strconv.Itoa(region.EndColumn))
				}
			}
		}
		add("title", r.RuleID)
		fmt.Fprintf(&b, "::%s %s::%s\n", level, strings.Join(properties, ","), annotationText.Replace(shown(r.Message.Text)))
	}
	return b.String()
}

// What stands for the characters that end a property or a line.
var (
	annotationText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	annotationProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
