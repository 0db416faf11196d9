package denial

import (
	"strings"
	"unicode/utf8"
)

// prefixLength is the length of what a log, a box or a quotation puts before a
// line: a time, a level or a name in brackets, the name of a container, the bar
// of a box, the mark of a quotation. 0 if the line begins with its own text.
// A line has none twice, but several behind each other.
func prefixLength(line string) int {
	blank := 0
	for blank < len(line) && isBlank(line[blank]) {
		blank++
	}
	rest := line[blank:]
	if rest == "" {
		return 0
	}
	n := 0
	switch c := rest[0]; {
	case c >= utf8.RuneSelf:
		n = barLength(rest)
	case c == '|' || c == '>':
		n = 1
	case c == '[' || c == '(':
		n = bracketed(rest)
	case isDigit(c):
		n = timeLength(rest)
	case isLetter(c):
		n = namedPrefix(rest)
	case c == '#':
		n = commandLength(rest)
	}
	if n == 0 {
		return 0
	}
	n += blank
	if n < len(line) && isBlank(line[n]) {
		n++ // further blanks are the line's own indentation
	}
	return n
}

// barLength is the length of the bars and corners that boxes are drawn with.
func barLength(text string) int {
	n := 0
	for i, r := range text {
		if r < '─' || r > '╿' {
			return i
		}
		n = i + utf8.RuneLen(r)
	}
	return n
}

// bracketed is the length of a time, a level or an origin in brackets, as in
// "[2024-05-01 12:00:00]", "[ERROR]", "[pod/app-1/main]". A JSON array is none.
func bracketed(text string) int {
	const longest = 80
	end := strings.IndexAny(text, "])")
	if end < 0 || end > longest {
		return 0
	}
	inner := strings.TrimSpace(text[1:end])
	switch {
	case inner == "" || strings.ContainsAny(inner, "\"'{}<>,["):
		return 0
	case isLevel(inner), timeLength(inner) == len(inner), text[0] == '[' && strings.Contains(inner, "/") && !strings.ContainsAny(inner, " ="):
		return end + 1
	}
	return 0
}

// levels of logs.
var levels = [...]string{"TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "ERR", "FATAL", "CRITICAL", "SEVERE"}

func isLevel(word string) bool {
	for _, level := range levels {
		if strings.EqualFold(word, level) {
			return true
		}
	}
	return false
}

// timeLength is the length of a time that a text begins with: a date, a time of
// day or both, with the zone and the marks behind.
//
//	2024-05-01T12:00:00.0000000Z   2024/01/04 10:51:20   12:00:00.123   12:00:00 PM
func timeLength(text string) int {
	date := shaped(text, "0000-00-00")
	if date == 0 {
		date = shaped(text, "0000/00/00")
	}
	if date == 0 {
		date = shaped(text, "00/00/0000")
	}
	at := date
	if date > 0 && date < len(text) && (text[date] == 'T' || text[date] == ' ' || text[date] == '_') {
		at++
	}
	clock := shaped(text[at:], "00:00:00")
	if clock == 0 && date == 0 {
		clock = shaped(text, "0:00:00") // "7:11:38 PM"
	}
	switch {
	case clock == 0:
		return ended(text, date)
	default:
		at += clock
	}
	for at < len(text) && (isDigit(text[at]) || text[at] == '.' || text[at] == ',') {
		at++
	}
	for _, zone := range [...]string{"Z", " UTC", " GMT", " AM", " PM", "UTC"} {
		if strings.HasPrefix(text[at:], zone) {
			at += len(zone)
			break
		}
	}
	if zone := strings.TrimPrefix(text[at:], " "); zone != "" && (zone[0] == '+' || zone[0] == '-') {
		for _, shape := range [...]string{"00:00", "0000"} {
			if n := shaped(zone[1:], shape); n > 0 {
				at += len(text[at:]) - len(zone) + 1 + n
				break
			}
		}
	}
	return ended(text, at)
}

// ended is n, and what separates a time from what follows it; 0 where nothing
// does, as in a name that begins like a time.
func ended(text string, n int) int {
	if n == 0 || n == len(text) {
		return n
	}
	at := n
	for at < len(text) && isBlank(text[at]) {
		at++
	}
	switch {
	case at < len(text) && strings.IndexByte("|-", text[at]) >= 0 && (at+1 == len(text) || isBlank(text[at+1])):
		return at + 1
	case at == n:
		return 0
	}
	return n
}

// shaped is the length of a shape that a text begins with: each 0 stands for a
// digit.
func shaped(text, shape string) int {
	if len(text) < len(shape) {
		return 0
	}
	for i := range len(shape) {
		if shape[i] == '0' && !isDigit(text[i]) || shape[i] != '0' && shape[i] != text[i] {
			return 0
		}
	}
	return len(shape)
}

var months, weekdays = []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}, []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// namedPrefix is the length of a prefix that begins with a letter: the time of a
// system's log, the name of a container and a bar, a level.
//
//	Nov 20 10:00:00 host app[12]:   Tue Feb 16 22:34:16 UTC 2016 :   app_1  |   ERROR
func namedPrefix(line string) int {
	if n := writtenTime(line); n > 0 {
		return n
	}
	n := 0
	for n < len(line) && (isLetter(line[n]) || isDigit(line[n]) || strings.IndexByte("_.-/", line[n]) >= 0) {
		n++
	}
	after := n
	for after < len(line) && isBlank(line[after]) {
		after++
	}
	rest := line[after:]
	switch {
	case strings.HasSuffix(line[:n], "_FAILED"): // CloudFormation
		return 0
	case strings.HasPrefix(rest, "|") && (len(rest) == 1 || isBlank(rest[1])): // docker compose
		return after + 1
	case after == n || !isLevel(line[:n]) || line[:n] != strings.ToUpper(line[:n]):
		return 0
	}
	return after
}

// writtenTime is the length of a time with the name of its month.
func writtenTime(line string) int {
	if name := line[:min(len(line), 3)]; !isOneOf(weekdays, name) && !isOneOf(months, name) {
		return 0
	}
	fields, ends := firstFields(line)
	i := 0
	if isOneOf(weekdays, fields[0]) {
		i = 1
	}
	if len(fields) < i+3 || !isOneOf(months, fields[i]) || len(fields[i+1]) > 2 || !isDigit(fields[i+1][0]) || shaped(fields[i+2], "00:00:00") == 0 {
		return 0
	}
	end := ends[i+2]
	for i += 3; i < len(fields); i++ {
		switch f := fields[i]; {
		case f == "UTC" || f == "GMT" || shaped(f, "0000") == len(f):
			end = ends[i]
		case f == ":": // API Gateway
			return ends[i]
		case strings.HasSuffix(f, "]:"): // app[12]:
			return ends[i]
		case i+1 < len(fields) && strings.HasSuffix(fields[i+1], "]:"): // host app[12]:
			return ends[i+1]
		default:
			return end
		}
	}
	return end
}

// firstFields are the first words of a line and where each ends.
func firstFields(line string) (fields []string, ends []int) {
	const most = 8
	for at := 0; at < len(line) && len(fields) < most; {
		for at < len(line) && isBlank(line[at]) {
			at++
		}
		begin := at
		for at < len(line) && !isBlank(line[at]) {
			at++
		}
		if at > begin {
			fields, ends = append(fields, line[begin:at]), append(ends, at)
		}
	}
	return fields, ends
}

func isOneOf(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}

// commandLength is the length of a mark that GitHub Actions and Azure DevOps put
// before a line: "##[error]".
func commandLength(line string) int {
	if !strings.HasPrefix(line, "##[") {
		return 0
	}
	return strings.IndexByte(line, ']') + 1
}

func isBlank(c byte) bool  { return c == ' ' || c == '\t' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
