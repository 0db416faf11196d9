package denial

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// deniedCode is a pattern for the codes of access-denied errors (H-8).
const deniedCode = `(?:Client\.)?(?:AccessDenied(?:Exception|ForDependencyException)?|UnauthorizedOperation|UnauthorizedException|AuthorizationError(?:Exception)?)`

var isDeniedCode = lazily(`\A` + deniedCode + `\z`)

// envelopes are what SDKs write around a message, or in its stead: they name the
// operation or the service, and the code.
var envelopes = lazily(
	// boto3 and the AWS CLI
	`An\s*error\s*occurred\s*\((?P<code>[\w.]+)\)\s*when\s*calling\s*the\s*(?P<operation>\w+?)\s*operation(?:\s*\([^)\n]{0,60}\))?:` +
		// AWS SDK for Go v2, and Terraform with it
		`|operation\s*error\s*(?P<service>[A-Za-z][A-Za-z0-9 ]{0,40}):\s*(?P<operation>\w+),[^\n]{0,120}?StatusCode:\s*(?P<status>\d{3}),(?:\s*RequestID:\s*(?P<request>[^\s,]+),)?[^\n]{0,120}?api\s*error\s*(?P<code>[\w.]+):` +
		// AWS SDK for Java v2, where IAM's message is missing
		`|Access\s*Denied\s*\(Service:\s*(?P<service>[^,;)\n]{1,60}),\s*Status\s*Code:\s*(?P<status>\d{3})(?:,\s*Request\s*ID:\s*(?P<request>[^\s,;)]{1,60}))?`)

// told are what an exception tells beside the message, before or behind it.
var told = struct{ before, after []func() *regexp.Regexp }{
	before: []func() *regexp.Regexp{
		envelopes,
		lazily(`API: ?(?P<service>[a-z][a-z0-9-]*):(?P<operation>\w+)`),                 // CloudFormation
		lazily(`Amazon\.(?P<service>[A-Z]\w+)\.`),                                       // .NET
		lazily(`services?\.(?P<service>[a-z][a-z0-9]*)\.model\.`),                       // Java
		lazily(`\b(?P<code>` + deniedCode + `)\b`),                                      // all
		lazily(`(?i)status ?code: ?(?P<status>\d{3})`),                                  //
		lazily(`(?i)request ?id"?: ?"?(?P<request>[0-9A-Za-z][0-9A-Za-z-]{9,50})[,;:]`), //
	},
	after: []func() *regexp.Regexp{
		lazily(`\(Service: ?(?P<service>[^,;)\n]{1,60})[,;] ?Status ?Code: ?(?P<status>\d{3})` + // Java, CloudFormation
			`(?:[,;] ?Error ?Code: ?(?P<code>[\w.]+))?(?:[,;] ?Request ?ID: ?(?P<request>[^\s,;)]{1,60}))?`),
		lazily(`\A[^\w]{0,20}status ?code: ?(?P<status>\d{3}), ?request ?id: ?(?P<request>[^\s,;]{1,60})`), // Go v1
		lazily(`httpStatusCode'?: ?(?P<status>\d{3})`),                                                     // JavaScript v3
		lazily(`statusCode'?: ?(?P<status>\d{3})`),                                                         // JavaScript v2
		lazily(`requestId'?: ?'(?P<request>[^'\n]{1,60})'`),                                                // both
		lazily(`\b(?:code|Code|name|__type)'?: ?'(?P<code>` + deniedCode + `)'`),                           // both
		lazily(`HandlerErrorCode: ?(?P<code>` + deniedCode + `)`),                                          // CloudFormation
	},
}

// tell takes from the text before and behind a message what the exception tells.
func (d *Denial) tell(before, after string) {
	before, after = joined(before), joined(after)
	for _, pattern := range told.before {
		if all := pattern().FindAllStringSubmatch(before, -1); all != nil {
			d.takeGroups(pattern(), all[len(all)-1])
		}
	}
	for _, pattern := range told.after {
		if m := pattern().FindStringSubmatch(after); m != nil {
			d.takeGroups(pattern(), m)
		}
	}
	d.Code = strings.TrimPrefix(d.Code, "Client.")
}

// takeGroups fills what is still empty from the groups of a pattern.
func (d *Denial) takeGroups(pattern *regexp.Regexp, groups []string) {
	fill := func(field *string, value string) {
		if *field == "" {
			*field = strings.TrimSpace(value)
		}
	}
	for i, name := range pattern.SubexpNames() {
		switch name {
		case "code":
			fill(&d.Code, groups[i])
		case "service":
			fill(&d.Service, groups[i])
		case "operation":
			fill(&d.Operation, groups[i])
		case "request":
			fill(&d.RequestID, groups[i])
		case "status":
			if status, err := strconv.Atoi(groups[i]); err == nil && d.Status == 0 {
				d.Status = status
			}
		}
	}
}

// before is the text in which the exception around a message may have begun: its
// line and a few lines above, from the end of the message before it.
func before(text string, from, start int) string {
	const lines, most = 4, 2 << 10
	begin := start
	for range lines + 1 {
		i := strings.LastIndexByte(text[:begin], '\n')
		if i < from {
			begin = from
			break
		}
		if strings.TrimSpace(text[i:begin]) == "" && begin != start {
			break // a blank line
		}
		begin = i
	}
	begin = max(begin, from, start-most)
	for begin < start && !utf8.RuneStart(text[begin]) {
		begin++
	}
	return text[begin:start]
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
		line := strings.TrimLeft(rest[at:], "│┃|> \t}'")
		if line == rest[at:] || strings.IndexFunc(line, unicode.IsSpace) == 0 {
			return rest[:at]
		}
	}
	return rest[:at]
}

// exceptions reads those that stand without a message of IAM, such as "Access
// Denied" of S3 (H-6). One at the end of the text belongs to the message that
// follows, if one does.
func (r *reader) exceptions(text string, line int, followed bool) {
	for _, m := range envelopes().FindAllStringSubmatchIndex(text, -1) {
		if rest := strings.Trim(text[m[1]:], " \t\r\n\"'│|>"); rest == "" && followed {
			continue
		}
		d := Denial{Form: FromCode, Line: line + strings.Count(text[:m[0]], "\n")}
		groups := make([]string, len(m)/2)
		for i := range groups {
			if m[2*i] >= 0 {
				groups[i] = text[m[2*i]:m[2*i+1]]
			}
		}
		d.takeGroups(envelopes(), groups)
		if d.Code == "" {
			d.Code = "AccessDenied"
		}
		if !isDeniedCode().MatchString(d.Code) {
			continue
		}
		d.note("the exception does not say who was denied what")
		r.add(d)
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
