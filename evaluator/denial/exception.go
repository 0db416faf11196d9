package denial

import (
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// deniedCode is a pattern for the codes of access-denied errors (H-8).
const deniedCode = `(?:Client\.)?(?:AccessDenied(?:Exception|ForDependencyException)?|UnauthorizedOperation|UnauthorizedException|AuthorizationError(?:Exception)?)`

var isDeniedCode = lazily(`\A` + deniedCode + `\z`)

// envelope finds what SDKs write around a message, or in its place: it names the
// operation or the service, and the code.
const envelope = "" +
	// boto3 and the AWS CLI
	`An\s*error\s*occurred\s*\((?P<code>[\w.]+)\)\s*when\s*calling\s*the\s*(?P<operation>\w+?)\s*operation(?:\s*\([^)\n]{0,60}\))?:` +
	// AWS SDK for Go v2, and Terraform with it
	`|operation\s*error\s*(?P<service>[A-Za-z][A-Za-z0-9 ]{0,40}):\s*(?P<operation>\w+),[^\n]{0,120}?StatusCode:\s*(?P<status>\d{3}),(?:\s*RequestID:\s*(?P<request>[0-9A-Za-z][^\s,]*|[^0-9A-Za-z\s,]*),)?[^\n]{0,120}?api\s*error\s*(?P<code>[\w.]+):` +
	// AWS SDK for Java v2, where IAM's message is missing
	`|Access\s*Denied\s*\(Service:\s*(?P<service>[^,;)\n]{1,60}),\s*Status\s*Code:\s*(?P<status>\d{3})(?:,\s*Request\s*ID:\s*(?P<request>[^\s,;)]{1,60}))?`

var envelopes, envelopeAnywhere = words(`\A(?:` + envelope + `)`), words(envelope)

// told are what an exception tells beside the message, before or behind it.
var told = sync.OnceValue(func() *telling {
	return &telling{
		before: []*patternOf{
			envelopeAnywhere(),
			compiled(`API: ?(?P<service>[a-z][a-z0-9-]*):(?P<operation>\w+)`),                                                     // CloudFormation
			compiled(`Error executing "(?P<operation>\w+)" on "https?://(?P<service>[a-z][a-z0-9-]*)\.[a-z0-9.-]*amazonaws\.com`), // PHP
			compiled(`Amazon\.(?P<service>[A-Z]\w+)\.`),                                                                           // .NET
			compiled(`services?\.(?P<service>[a-z][a-z0-9]*)\.model\.`),                                                           // Java
			compiled(`(?:\b|_)(?P<code>` + deniedCode + `)(?:\b|[A-Z])`),                                                          // all
			compiled(`(?i)status ?code: ?(?P<status>\d{3})`),
		},
		after: []*patternOf{
			compiled(`\(Service: ?(?P<service>[^,;)\n]{1,60})[,;] ?Status ?Code: ?(?P<status>\d{3})(?:[,;] ?Error ?Code: ?(?P<code>[\w.]+))?`), // Java, CloudFormation
			compiled(`\A[^\w]{0,20}status ?code: ?(?P<status>\d{3})`),                                                                          // Go v1
			compiled(`httpStatusCode'?: ?(?P<status>\d{3})`),                                                                                   // JavaScript v3
			compiled(`statusCode["']?: ?(?P<status>\d{3})`),                                                                                    // JavaScript v2
			compiled(`\b(?:code|Code|name|__type)["']?: ?["']?(?P<code>` + deniedCode + `)\b`),                                                 // both
			compiled(`HandlerErrorCode: ?(?P<code>` + deniedCode + `)`),                                                                        // CloudFormation
			compiled(`\A ?\(Aws::(?P<service>\w+)::Errors::(?P<code>` + deniedCode + `)\)`),                                                    // Ruby
		},
		uuid:    compiled(`(?i)request[ _]?id["']?\)?[:=] ?["']?(?P<request>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})`),
		request: compiled(`(?i)request\s?id["']?\)?[:=]\s?["']?(?P<request>[0-9a-z][0-9a-z-]{5,50}[0-9a-z])`),
	}
})

type telling struct {
	before, after []*patternOf
	uuid, request *patternOf // ids of requests
}

// tell takes from the text before and behind a message what the exception tells.
func (d *Denial) tell(before, after string) {
	wholeBefore, wholeAfter := joined(before), joined(after)
	apartBefore, apartAfter := spaced(before), spaced(after)
	t := told()
	for _, pattern := range t.before {
		d.take(pattern.last(wholeBefore))
	}
	for _, pattern := range t.after {
		d.take(pattern.first(wholeAfter))
	}
	d.take(t.uuid.first(wholeAfter))
	d.take(t.uuid.last(wholeBefore))
	d.take(t.request.first(apartAfter))
	d.take(t.request.last(apartBefore))
	d.Code = strings.TrimPrefix(d.Code, "Client.")
	if d.Operation == "" {
		d.operationAround(apartBefore)
	}
	if d.Operation == "" && d.Form == FromCode {
		d.operationAround(apartAfter)
	}
}

// A patternOf finds parts of an exception by the names of its groups.
type patternOf struct{ *regexp.Regexp }

// compiled compiles a pattern now, words when it is first needed.
func compiled(pattern string) *patternOf { return &patternOf{regexp.MustCompile(pattern)} }

func words(pattern string) func() *patternOf {
	return sync.OnceValue(func() *patternOf { return compiled(pattern) })
}

// first and last are the groups of the first and of the last match in a text;
// nil if there is none.
func (p *patternOf) first(text string) map[string]string { return p.groups(p.FindStringSubmatch(text)) }

func (p *patternOf) last(text string) map[string]string {
	all := p.FindAllStringSubmatch(text, -1)
	if all == nil {
		return nil
	}
	return p.groups(all[len(all)-1])
}

// groups are the groups of a match that hold something.
func (p *patternOf) groups(m []string) map[string]string {
	if m == nil {
		return nil
	}
	groups := make(map[string]string)
	for i, name := range p.SubexpNames() {
		if name != "" && m[i] != "" {
			groups[name] = m[i]
		}
	}
	return groups
}

// take fills what is still empty.
func (d *Denial) take(groups map[string]string) {
	fill := func(field *string, name string) { *field = or(*field, strings.TrimSpace(groups[name])) }
	fill(&d.Code, "code")
	fill(&d.Service, "service")
	fill(&d.Operation, "operation")
	fill(&d.RequestID, "request")
	if status, err := strconv.Atoi(groups["status"]); err == nil && d.Status == 0 {
		d.Status = status
	}
}

// before is the text in which the exception around a message may have begun: its
// line and a few lines above, from the end of the message before it, and of an
// error that is no denial.
func before(text string, from, start int) string {
	const lines, most = 4, 2 << 10
	begin, low := start, max(from, start-most)
	for range lines + 1 {
		i := strings.LastIndexByte(text[low:begin], '\n') + low
		if i < low {
			begin = low
			break
		}
		if strings.TrimSpace(text[i:begin]) == "" && begin != start && !strings.HasSuffix(strings.TrimSpace(text[low:i]), ":") {
			break // a blank line, and nothing that leads over it
		}
		begin = i
	}
	return behindOtherError(text[begin:start])
}

// behindOtherError is what a text holds behind the last exception that is no
// denial, such as one of throttling. An exception that has not ended, or that ends in
// a colon, may be around what follows the text, and stays.
func behindOtherError(text string) string {
	begin := 0
	for _, m := range envelopeAnywhere().FindAllStringIndex(text, -1) {
		code := envelopeAnywhere().first(text[m[0]:m[1]])["code"]
		if code == "" || isDeniedCode().MatchString(code) {
			continue
		}
		said := after(text, m[1], len(text))
		if words := strings.TrimSpace(said); words != "" && !strings.HasSuffix(words, ":") && strings.HasSuffix(said, "\n") {
			begin = m[1] + len(said)
		}
	}
	return text[begin:]
}

// after is the text in which the exception around a message may go on: the rest
// of its line, and the lines below that are indented or close a bracket.
func after(text string, end, to int) string {
	const lines, most = 20, 4 << 10
	rest := text[end:min(to, end+most)]
	at := 0
	for n := 0; n < lines; n++ {
		i := strings.IndexByte(rest[at:], '\n')
		if i < 0 {
			return rest
		}
		at += i + 1
		if open := strings.LastIndexByte(rest[:at], '('); open > strings.LastIndexByte(rest[:at], ')') && at-open < 400 {
			continue // "(Service: …, Request ID: …)" goes on
		}
		if tailLine().MatchString(rest[at:]) {
			continue
		}
		line := strings.TrimLeft(rest[at:], " \t}'")
		if line == rest[at:] || strings.IndexFunc(line, unicode.IsSpace) == 0 {
			return rest[:at]
		}
	}
	return rest[:at]
}

// tailLine begins a line that belongs to the error above, though it is not
// indented.
var tailLine = lazily(`\A(?i:status ?code:|request ?id:|\(service:)|\{\r?\n`)

// exceptions reads the exceptions between two places that stand without a message
// of IAM, such as "Access Denied" of S3 (H-6). Where a message follows, the last may
// belong to it: an exception that leads to the message is left to it, and an error
// code is returned. behind is where the last of the others has ended.
func (r *reader) exceptions(text string, f *found, from, to int, followed bool, line func(int) int) (left *Denial, behind int) {
	const longest = 400
	read := from // up to here, exceptions were read
	behind = from
	for _, h := range within(f.envelopes, from, to) {
		if h.start < read {
			continue
		}
		window := text[h.start:min(to, h.start+longest)]
		m := envelopes().FindStringSubmatch(window)
		if m == nil {
			continue
		}
		end := h.start + len(m[0])
		if rest := strings.Trim(text[end:min(to, end+2*longest)], " \t\r\n\"'|"); followed && (rest == "" && to < end+2*longest || len(rest) < longest && !strings.HasPrefix(squeezed(rest), "accessdenied") && paragraphEnd(text[:to], end) == to) {
			to = h.start // the message tells it, but not what stands before
			break
		}
		d := Denial{Form: FromCode, Line: line(h.start)}
		d.take(envelopes().groups(m))
		if d.Code == "" {
			d.Code = "AccessDenied"
		}
		if !isDeniedCode().MatchString(d.Code) {
			continue
		}
		if d.Service == "" && strings.HasPrefix(squeezed(text[end:min(to, end+longest)]), "accessdenied") {
			d.Service = "S3" // which says no more than that (H-6)
		}
		said := after(text, end, min(to, end+longest))
		d.tell("", said)
		read, behind = end, end+len(said)
		r.code(d)
	}
	var last hit
	looked := from // at codes up to here
	for _, h := range within(f.codes, read, to) {
		code := deniedCodeFirst().FindString(text[h.start:min(to, h.start+60)])
		if h.start < read || code == "" || h.start > 0 && isLetter(text[h.start-1]) {
			continue
		}
		h.end = h.start + len(code)
		isNear := left != nil && h.start-last.end < longest
		if isNear && left.isBare() && !strings.Contains(text[looked:h.start], "\n") {
			continue // the first of a line has seen what the line tells
		}
		looked = h.end
		d := codeAt(text, h, code, from, to)
		if isNear && (d.isBare() || !left.isBare() && mayBeAlike(left.Operation, d.Operation) && mayBeAlike(left.RequestID, d.RequestID)) {
			continue // it repeats itself
		}
		if left != nil {
			r.code(*left)
		}
		left, last = d, h
		left.Line = line(h.start)
	}
	if left == nil && r.bare == nil {
		for _, h := range within(f.bad, read, to) {
			if isWord(text, h) && !ofKubernetes(text, h, from, to) {
				d := codeAt(text, h, "", from, to)
				d.Line = line(h.start)
				d.noteCode()
				r.bare = d
				break
			}
		}
	}
	return left, behind
}

// mayBeAlike reports whether two texts are equal, or one is not known.
func mayBeAlike(a, b string) bool { return a == "" || b == "" || a == b }

var deniedCodeFirst = lazily(`\A` + deniedCode)

// within are the hits between two places.
func within(hits []hit, from, to int) []hit {
	i := sort.Search(len(hits), func(i int) bool { return hits[i].start >= from })
	n := sort.Search(len(hits), func(i int) bool { return hits[i].end > to })
	return hits[i:max(i, n)]
}

// near is how far from an error code words are about it: there may be thousands
// of codes.
const near = 600

// ofKubernetes reports whether words for a denial are those of Kubernetes.
func ofKubernetes(text string, h hit, from, to int) bool {
	line := max(from, strings.LastIndexByte(text[:h.start], '\n'), h.start-near)
	return strings.Contains(text[line:h.start], kubernetes) || strings.Contains(after(text, h.end, min(to, h.end+near)), kubernetes)
}

// codeAt is what the words around an error code tell.
func codeAt(text string, h hit, code string, from, to int) *Denial {
	d := &Denial{Form: FromCode, Code: code}
	d.tell(before(text, max(from, h.end-near), h.end), after(text, h.end, min(to, h.end+near)))
	return d
}

// follows reports whether a code that stands before a message is of the same
// error, and takes from it what the message lacks.
func (d *Denial) follows(code *Denial) bool {
	const lines = 12
	switch {
	case d.Line-code.Line > lines, d.RequestID != "" && code.RequestID != "" && d.RequestID != code.RequestID:
		return false
	}
	d.Code, d.RequestID, d.Operation = or(d.Code, code.Code), or(d.RequestID, code.RequestID), or(d.Operation, code.Operation)
	d.Service, d.Status = or(d.Service, code.Service), max(d.Status, code.Status)
	return true
}

// code adds an exception without a message. One that tells nothing but that
// something was denied counts where the text holds nothing else.
func (r *reader) code(d Denial) {
	d.noteCode()
	if d.isBare() {
		if r.bare == nil {
			r.bare = &d
		}
		return
	}
	if d.RequestID != "" && r.requests[d.RequestID] {
		return // said again
	}
	r.add(d)
}

// isBare reports whether an exception tells nothing but that something was denied.
func (d *Denial) isBare() bool { return d.RequestID == "" && d.Operation == "" }

// noteCode says what such an exception lacks, and the way on.
func (d *Denial) noteCode() {
	if d.Action == "" {
		d.note("the exception does not say who was denied what")
	}
	if d.RequestID == "" {
		d.note("its request id would lead to its CloudTrail event: the answer has it in the header x-amzn-RequestId, which --debug of the AWS CLI shows")
	}
}

// exception is what the JSON object around a message tells.
type exception struct {
	code, request string
	status        int
}

// tell fills what a denial lacks.
func (x *exception) tell(d *Denial) {
	if x == nil {
		return
	}
	d.Code, d.RequestID = or(d.Code, x.code), or(d.RequestID, x.request)
	if d.Status == 0 {
		d.Status = x.status
	}
}
