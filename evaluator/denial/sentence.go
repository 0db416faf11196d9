package denial

import (
	"regexp"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// A sentence is IAM's message where it stands in a text (H.1).
type sentence struct {
	denial     Denial
	start, end int
	// begun: the message goes on in the next sentence, as EC2's does (H-10).
	begun bool
	// weak: what stands beside it may tell more.
	weak bool
	// ready: it is read, and not only found.
	ready   bool
	problem string // why it cannot be understood; "" if it can
}

var (
	// cross-account PassRole has a text of its own (H-10).
	bareText = lazily(`\A«Cross-account pass role is not allowed»`)

	userBefore  = lazily(`«User:»`)
	isBefore    = lazily(`« is »\z`)
	youAre      = lazily(`«You are »\z`)
	arnBefore   = lazily(`arn:[^\s"']+(?:` + lineBreak + `[^\s"']+)*'?\z`)
	toPerform   = lazily(`\A(?:` + lineBreak + `?:)?« »?`)
	operation   = lazily(`\A(?:«this operation»|«this action»)\.?`)
	nameRun     = lazily(`\A[A-Za-z0-9_:*-]+`)
	afterAction = lazily(`\A'?« »(?:«on resource»|«on this resource»|«because»|«with an explicit deny»)`)

	onResource     = lazily(`\A« on resource»(?:` + lineBreak + `?:|« »)« »?`)
	onThisResource = lazily(`\A« on this resource because ` + notThere + `»`)
	reason         = lazily(`« »(?:«because no »|«with an explicit deny»)`)
	becauseNo      = lazily(`\A« because no »`)
	explicitDeny   = lazily(`\A« with an explicit deny»`)
	inPolicy       = lazily(`\A« in»(?:« »(?:«an»|«a»|«the»)(?:« »|\z)|\s*\z)`)
	transitively   = lazily(`\A« transitively through a service control policy»`)
	policyARN      = lazily(`\A` + lineBreak + `?(?:«, with policy ARN:»|:)« »(«arn:»)`)
	encoded        = lazily(`\A` + lineBreak + `?\.?« Encoded authorization failure message: »`)
	blob           = lazily(`\A[A-Za-z0-9_=-]+`)
)

// notThere is what KMS says of keys.
const notThere = "the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access"

// A layerPhrase is a type of policies as messages name it.
type layerPhrase struct {
	phrase  string
	layer   policy.Layer
	pattern *regexp.Regexp
}

// layerPhrases are those of AWS's texts (H-3), with the spelling of the 2023
// sample.
var layerPhrases = sync.OnceValue(func() []layerPhrase {
	var phrases []layerPhrase
	add := func(phrase string, l policy.Layer) {
		phrases = append(phrases, layerPhrase{phrase, l, regexp.MustCompile(`\A(?i:` + loose(phrase) + `)`)})
	}
	for l := policy.IdentityLayer; l < policy.RuleLayer; l++ {
		add(l.Noun(), l)
	}
	add("sessions policy", policy.SessionLayer)
	return phrases
})

// readSentence reads the message around an anchor. It begins no earlier than
// from and ends before to.
func readSentence(text string, anchor [2]int, from, to int) sentence {
	s := sentence{start: anchor[0], end: anchor[1]}
	d := &s.denial
	d.Form = FromMessage
	if bareText().MatchString(text[anchor[0]:to]) {
		d.Action, d.Implicit, d.Layer = "iam:PassRole", true, policy.RuleLayer
		d.Reason = "Cross-account pass role is not allowed."
		d.note("the text names neither caller nor role: it says only that a role of another account was passed (G-4)")
		return s
	}
	p := sentenceParser{text: text[:to], sentence: &s}
	p.caller(from)
	p.at += len(toPerform().FindString(p.text[p.at:]))
	if m := operation().FindString(p.text[p.at:]); m != "" {
		p.at += len(m)
		p.encodedMessage()
		s.end = p.at
		s.begun = d.EncodedMessage == ""
		return s
	}
	p.action()
	p.resource()
	p.reason()
	p.encodedMessage()
	s.end = p.at
	return s
}

// sentenceParser reads the parts of a message one after the other; after a
// problem it does nothing.
type sentenceParser struct {
	*sentence
	text string
	at   int
}

func (p *sentenceParser) failed() bool { return p.problem != "" }

// take reads what matches a pattern at this place.
func (p *sentenceParser) take(pattern *regexp.Regexp) bool {
	m := pattern.FindStringIndex(p.text[p.at:])
	if m == nil || m[0] != 0 {
		return false
	}
	p.at += m[1]
	return true
}

// takeWords reads words that copying may have broken anywhere, whatever the case
// of their letters: what a pattern of [loose] matches, without compiling one. The
// words begin with a blank.
func (p *sentenceParser) takeWords(words string) bool {
	at := p.at
	for i := range len(words) {
		next := breakAt(p.text, at)
		switch {
		case words[i] != ' ':
			if words[i-1] != ' ' {
				at = next
			}
			if at == len(p.text) || !fold.Equal(p.text[at:at+1], words[i:i+1]) {
				return false
			}
			at++
		case next > at:
			at = next
		default:
			blanks := len(p.text[at:]) - len(strings.TrimLeft(p.text[at:], " \t"))
			if blanks == 0 {
				return false
			}
			at += blanks
		}
	}
	p.at = at
	return true
}

// caller reads backwards from the anchor.
func (p *sentenceParser) caller(from int) {
	p.at = p.end
	const most = 4096
	low := max(from, p.start-most)
	before := p.text[low:p.start]
	if m := youAre().FindStringIndex(before); m != nil {
		p.start = low + m[0]
		return
	}
	is := isBefore().FindStringIndex(before)
	if is == nil {
		return // "Not authorized to perform sts:AssumeRoleWithWebIdentity"
	}
	before = before[:is[0]]
	if users := userBefore().FindAllStringIndex(before, -1); users != nil {
		last := users[len(users)-1]
		name := strings.TrimLeft(before[last[1]:], " \t")
		// A caller who wraps at the colon leaves a break before the name.
		if next := breakAt(before, last[1]); next > last[1] {
			name = before[next:]
		}
		name = joined(strings.TrimSpace(name))
		if name != "" && !strings.ContainsAny(name, " \t\n") {
			p.start, p.denial.Principal = low+last[0], name
		}
		return
	}
	if m := arnBefore().FindStringIndex(before); m != nil {
		p.start, p.denial.Principal = low+m[0], strings.TrimSuffix(joined(before[m[0]:]), "'")
	}
}

// actionName reads a name that copying may have broken. It ends where the words
// follow that come next in a message; else at the first break behind which it
// need not go on.
func (p *sentenceParser) actionName() (name string, end int) {
	const most = 16 // lines
	var ends string
	var endsAt int
	at := p.at
	for range most {
		run := nameRun().FindString(p.text[at:])
		name += run
		at += len(run)
		if afterAction().MatchString(p.text[at:]) {
			return name, at
		}
		next := breakAt(p.text, at)
		_, action, _ := strings.Cut(name, ":")
		if ends == "" && (next == at || action != "" && !filled(p.text, p.start, at)) {
			ends, endsAt = name, at
		}
		if run == "" || next == at {
			break
		}
		at = next
	}
	if ends == "" {
		return name, at
	}
	return ends, endsAt
}

// action reads "service:Name".
func (p *sentenceParser) action() {
	if p.failed() {
		return
	}
	name, at := p.actionName()
	if cutOff(p.text, at) {
		p.problem = "the message is cut off in the action"
		return
	}
	service, action, ok := strings.Cut(strings.TrimRight(name, ":"), ":")
	switch {
	case name == "" || strings.HasSuffix(name, ":") && !ok:
		p.problem = "the message is cut off before the action"
	case !ok:
		p.problem = spelling.Quote(name) + " is not an action, which is written service:Name"
	default:
		p.denial.Action = service + ":" + action
		if p.at = at; strings.HasPrefix(p.text[at:], "'") && afterAction().MatchString(p.text[at:]) {
			p.at++ // Amazon SES quotes each name: `ses:SendEmail'
		}
	}
}

// resource reads what follows "on resource:".
func (p *sentenceParser) resource() {
	d := &p.denial
	if p.failed() {
		return
	}
	if m := onThisResource().FindStringIndex(p.text[p.at:]); m != nil {
		d.Reason = "because " + notThere
		d.note("the text names no resource: it may not exist in this Region, or its policy may not allow or may deny")
		p.at += m[1]
		return
	}
	if !p.take(onResource()) {
		return
	}
	end := paragraphEnd(p.text, p.at)
	window := p.text[:end]
	for _, quote := range [...]string{`\"`, `"`, `'`, "`"} {
		if !strings.HasPrefix(window[p.at:], quote) {
			continue
		}
		begin := p.at + len(quote)
		n := strings.Index(window[begin:], quote)
		if n < 0 {
			p.problem = "the message is cut off in the resource"
			return
		}
		p.named(joined(window[begin : begin+n]))
		p.at = begin + n + len(quote)
		return
	}
	if m := reason().FindStringIndex(window[p.at:]); m != nil {
		value := window[p.at : p.at+m[0]]
		if name := iamName(value); name != "" {
			p.at += m[0]
			p.named(name)
			return
		}
		if !strings.Contains(value, "\n") || !strings.ContainsAny(joined(value), " \t") {
			p.at += m[0]
			p.named(joined(value))
			return
		}
	}
	begin := p.at
	if m := iamType().FindStringIndex(window[p.at:]); m != nil {
		begin += m[1]
	}
	value, at := word(window, p.start, begin)
	if begin > p.at && value != "" {
		value = iamTypeOf(window[p.at:begin]) + " " + value
	}
	switch {
	case value == "":
		p.problem = "the message is cut off before the resource"
	case cutOff(window, at):
		p.problem = "the message is cut off in the resource"
	default:
		p.named(value)
		p.at = at
	}
}

// named sets the resource, unless it is cut off.
func (p *sentenceParser) named(resource string) {
	if strings.HasSuffix(resource, "...") || strings.HasSuffix(resource, "…") {
		p.problem = "the message is cut off in the resource"
		return
	}
	p.denial.named(resource)
}

// named sets the resource: an ARN or "*", else the name that the caller gave.
func (d *Denial) named(resource string) {
	if resource != "*" && !strings.HasPrefix(resource, "arn:") {
		d.ResourceAsGiven = resource
		return
	}
	d.Resource = resource
	if a, err := arn.Parse(resource); err == nil {
		d.Region = a.Region()
	}
}

// reason reads why: no policy of a type allows, or one of a type denies.
func (p *sentenceParser) reason() {
	d := &p.denial
	if p.failed() {
		return
	}
	switch {
	case p.take(becauseNo()):
		d.Implicit = true
		d.Reason = "because no"
		if d.Layer = p.policyType(); d.Layer != policy.NoLayer {
			d.Reason += " allows the " + d.Action + " action"
			if !p.takeWords(" allows the " + d.Action + " action") {
				p.problem = "the message is cut off in its reason, or contradicts itself there"
			}
		}
	case p.take(explicitDeny()):
		d.Explicit = true
		d.Reason = "with an explicit deny"
		in := inPolicy().FindString(p.text[p.at:])
		if in == "" {
			break // an older text, which names no policy
		}
		p.at += len(in)
		d.Reason += " in " + strings.TrimPrefix(strings.Join(strings.Fields(joined(in)), ""), "in")
		if d.Layer = p.policyType(); d.Layer == policy.EndpointLayer && p.take(transitively()) {
			d.Through = policy.SCPLayer
			d.Reason += " transitively through a service control policy"
		}
	default:
		p.cutOffReason()
		return
	}
	if m := policyARN().FindStringSubmatchIndex(p.text[p.at:]); m != nil {
		p.at += m[2]
		value, at := word(p.text[:paragraphEnd(p.text, p.at)], p.start, p.at)
		if cutOff(p.text, at) {
			p.problem = "the message is cut off in the ARN of the policy"
		}
		d.PolicyARN, p.at = value, at
	}
}

// policyType reads the type of a policy.
func (p *sentenceParser) policyType() policy.Layer {
	for _, named := range layerPhrases() {
		if p.take(named.pattern) {
			p.denial.Reason += " " + named.phrase
			return named.layer
		}
	}
	p.problem = "the reason is cut off, or names a type of policy that is not known"
	return policy.NoLayer
}

// cutOffReason notices a reason that ends within its first words.
func (p *sentenceParser) cutOffReason() {
	rest, _, _ := strings.Cut(p.text[p.at:], "\n")
	rest = strings.TrimRight(strings.TrimSpace(rest), ".…")
	for _, whole := range [...]string{"because no", "with an explicit deny", "on resource:"} {
		if strings.HasPrefix(whole, rest) && rest != "" {
			p.problem = "the message is cut off"
			return
		}
	}
}

// encodedMessage reads what sts:DecodeAuthorizationMessage decodes (H-20).
func (p *sentenceParser) encodedMessage() {
	if p.failed() || !p.take(encoded()) {
		return
	}
	first := p.at
	for p.take(blob()) {
		next := breakAt(p.text, p.at)
		const most = 16 << 10 // AWS's longest has 10,240 characters (H-20)
		if next == p.at || len(p.denial.EncodedMessage) > most {
			break
		}
		// The next line is more of it if it is nothing else.
		more := blob().FindString(p.text[next:])
		after := next + len(more)
		if more == "" || after < len(p.text) && strings.IndexByte("\r\n", p.text[after]) < 0 || len(more) < 16 && !filled(p.text, p.start, p.at) {
			break
		}
		p.denial.EncodedMessage += p.text[first:p.at]
		p.at, first = next, next
	}
	p.denial.EncodedMessage += p.text[first:p.at]
}
