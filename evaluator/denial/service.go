package denial

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
)

// A family is a sentence in which a service says that something was denied, in
// words of its own. It stands for one request, of which it tells a part.
//
// Says are the wordings, with holes in braces for what varies. Caller, Actions
// and Resource are what the sentence stands for, with the same holes.
type family struct {
	Says []string
	// Beside is what must stand somewhere in the text, for wordings that others
	// use, too.
	Beside string
	// Calls says whose request it is; calledBy has the words.
	Calls string
	// Caller is who asks; Else, where the wording does not name it.
	Caller, Else string
	// Actions that are needed, the one that was denied first.
	Actions []string
	// Service is the prefix of the action where the wording has the operation
	// alone. Tagging is the action that tags what is made.
	Service, Tagging string
	// Resource is the ARN, or its beginning where it is Partial.
	Resource string
	Partial  bool
	// Near is the beginning of an ARN that stands in the text around: "arn", its
	// service and its type.
	Near string
	// Look is the layer of policies to look at.
	Look policy.Layer
	// Keys are context keys that such a request has.
	Keys []string
	// Weak: IAM's own message beside it tells more.
	Weak bool
	// Bring says which policies of whom decide. Source is AWS's page.
	Bring, Source string

	wordings []wording             // of Says
	near     func() *regexp.Regexp // of Near
}

// A wording is a sentence in parts: its anchor, and what stands before and
// behind, compiled when it is first needed.
type wording struct {
	anchor        string
	before, after func() *regexp.Regexp
	longest       int // how far before reaches
}

//go:embed services.json
var servicesJSON []byte

// services is what services.json says.
var services = sync.OnceValue(func() *serviceTexts {
	t := new(serviceTexts)
	mustDecode(servicesJSON, t)
	for i := range t.Families {
		f := &t.Families[i]
		for _, text := range f.Says {
			f.wordings = append(f.wordings, newWording(text))
		}
		if kind, name, ok := strings.Cut(strings.TrimPrefix(f.Near, "arn:"), ":"); ok {
			f.near = lazily(`arn:aws[a-z-]*:` + kind + `:[a-z0-9-]*:[0-9*]*:` + name + `[A-Za-z0-9_+=.@/$:-]+`)
		}
	}
	return t
})

func mustDecode(data []byte, into any) {
	if err := json.Unmarshal(data, into); err != nil {
		panic(err)
	}
}

// serviceTexts is the table of the services' own sentences.
type serviceTexts struct {
	// Prefixes are the prefixes of actions by a service's name in texts, and
	// Principals their service principals.
	Prefixes, Principals map[string]string
	// PassedTo are the services that a role is passed to, by the prefix of the
	// operation that passes it.
	PassedTo map[string]string
	// Passing are the operations that a role may be passed by, beside those that
	// package apicall knows.
	Passing map[string][]string
	// Operations are the actions of those operations that are not named like them.
	Operations map[string]string
	// Together are actions that a service needs together with one.
	Together map[string][]string
	Families []family
}

// prefix is the prefix of actions of a service as an SDK, an event or a sentence
// names it: "Lambda", "AWSLambda", "lambda.amazonaws.com", "CloudWatch Logs".
func (t *serviceTexts) prefix(name string) string {
	name = strings.TrimSpace(name)
	for _, known := range [...]string{name, strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(name, "AWS"), "Amazon"), " ")} {
		for given, prefix := range t.Prefixes {
			if fold.Equal(given, known) {
				return prefix
			}
		}
	}
	name, _, _ = strings.Cut(name, ".amazonaws.com")
	name = fold.String(strings.ReplaceAll(name, " ", ""))
	for _, before := range [...]string{"aws", "amazon"} {
		if rest := strings.TrimPrefix(name, before); rest != "" {
			name = rest
		}
	}
	return name
}

// principal is the service principal of a service by its name in a sentence.
func (t *serviceTexts) principal(name string) string {
	name = strings.TrimSpace(name)
	if law.IsServicePrincipal(name) {
		return name
	}
	for given, principal := range t.Principals {
		if fold.Equal(given, name) {
			return principal
		}
	}
	return ""
}

// patternOfHole is the pattern of what varies. One that may be broken by a
// terminal has a break within; one at the end of a wording has none.
func patternOfHole(name string) string {
	switch name {
	case "operation":
		return `[A-Za-z][A-Za-z0-9]*(?:` + lineBreak + `[A-Za-z0-9]+)?`
	case "operations":
		return `[A-Za-z]+(?:,?\s+(?:and\s+)?[A-Z][A-Za-z]+)*`
	case "action":
		return `[a-z][a-z0-9-]*:[A-Z][A-Za-z]+`
	case "service":
		return `[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Z][A-Za-z0-9]*|` + lineBreak + `[a-z0-9][A-Za-z0-9]*){0,3}`
	case "principal":
		return `'?[a-z0-9.-]+\.(?:amazonaws|amazon)\.com(?:\.cn)?'?`
	case "caller":
		return `[^\s"'()]+`
	case "account":
		return `[0-9*xX]+`
	case "bucket":
		return `[a-z0-9.*-]+`
	case "type":
		return `[A-Za-z0-9]+::[A-Za-z0-9:]+`
	case "trigger":
		return `[A-Z][A-Za-z]+`
	case "url":
		return `https?://\S+`
	case "key", "image":
		return `\S+`
	case "words":
		return `[a-z ]{1,40}`
	default: // an ARN or a name
		return `['"(\[]{0,2}(?:arn:[^\s"'\])<>]*(?:` + lineBreak + `[^\s"'\])<>]+)*?|[A-Za-z0-9_+=,.@/-]+)['")\]]{0,2}`
	}
}

// hole finds a hole in a wording.
var hole = lazily(`\{[a-z]+\}`)

// newWording splits a wording at its anchor, the longest part between its holes.
func newWording(text string) wording {
	w := wording{}
	for _, part := range hole().Split(text, -1) {
		if part = strings.TrimSpace(part); len(part) > len(w.anchor) {
			w.anchor = part
		}
	}
	before, after, _ := strings.Cut(text, w.anchor)
	if before != "" {
		w.longest = 256
	}
	w.before = lazily(`(?s)` + patternOfWords(before) + `\z`)
	w.after = lazily(`(?s)\A` + patternOfWords(after))
	return w
}

// patternOfWords is the pattern of a part of a wording.
func patternOfWords(part string) string {
	var b strings.Builder
	at := 0
	for _, m := range hole().FindAllStringIndex(part, -1) {
		name := part[m[0]+1 : m[1]-1]
		b.WriteString(literal(part[at:m[0]]) + `(?P<` + name + `>` + patternOfHole(name) + `)`)
		at = m[1]
	}
	return b.String() + literal(part[at:])
}

// literal is the pattern of the words between holes.
func literal(words string) string {
	if words == "" {
		return ""
	}
	return `(?i:«` + words + `»)`
}

// readService reads the sentence of a family around the anchor of one of its
// wordings.
func readService(f *family, w *wording, text string, anchor hit) (sentence, bool) {
	const most = 1 << 10 // a sentence is not longer
	before := text[max(0, anchor.start-w.longest):anchor.start]
	after := text[anchor.end:min(len(text), anchor.end+most)]
	first, rest := w.before().FindStringSubmatchIndex(before), w.after().FindStringSubmatchIndex(after)
	if first == nil || rest == nil {
		return sentence{}, false
	}
	found := make(map[string]string)
	take(found, w.before(), before, first)
	take(found, w.after(), after, rest)
	s := sentence{start: anchor.start - len(before) + first[0], end: anchor.end + rest[1], denial: f.denial(found), weak: f.Weak}
	f.nearby(&s.denial, text[max(0, s.start-2*most):min(len(text), s.end+most)])
	return s, true
}

// take adds what fills the holes of a pattern.
func take(found map[string]string, pattern *regexp.Regexp, text string, m []int) {
	for i, name := range pattern.SubexpNames()[1:] {
		value := text[m[2*i+2]:m[2*i+3]]
		switch name {
		case "service":
			value = services().name(value)
		case "operations":
			value = spaced(value)
		}
		found[name] = strings.Trim(joined(value), `'"()[]., `)
	}
}

// name is the name of a service at the beginning of some words: the longest that
// is known, else the first word.
func (t *serviceTexts) name(text string) string {
	words := strings.Fields(text)
	for n := len(words); n > 1; n-- {
		for _, between := range [...]string{" ", ""} { // broken between words, or within one
			name := strings.Join(words[:n], between)
			if t.Prefixes[name] != "" || t.Principals[name] != "" {
				return name
			}
		}
	}
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// The callers that sign with credentials of their own.
const (
	theCaller   = "the caller"
	theDeployer = "whoever deploys"
)

// calledBy says whose request the sentence is about.
func (f *family) calledBy() string {
	switch f.Calls {
	case "execution role":
		return "the execution role"
	case "service role":
		return "the role that the service uses"
	case "service":
		return "the service"
	case "deployer":
		return theDeployer
	case "caller":
		return theCaller
	}
	return ""
}

// denial is what a sentence stands for.
func (f *family) denial(found map[string]string) Denial {
	t := services()
	d := Denial{Form: FromService, CalledBy: f.calledBy(), Look: f.Look, Bring: f.Bring, Source: f.Source, Service: f.Service}
	filled := func(text string) string {
		return hole().ReplaceAllStringFunc(text, func(h string) string { return found[h[1:len(h)-1]] })
	}
	d.Principal = f.caller(found, filled)
	if service := found["service"]; service != "" {
		found["service"] = t.prefix(service)
	} else {
		found["service"] = f.Service
	}
	if a, err := arn.Parse(found["stream"]); err == nil {
		found["prefix"] = a.Service()
	}
	found["tagging"] = f.Tagging
	for _, action := range f.Actions {
		for _, operation := range operations(found["operations"]) {
			one := filled(strings.ReplaceAll(action, "{operations}", operation))
			if service, name, ok := strings.Cut(one, ":"); ok && service != "" && name != "" && !slices.Contains(d.Actions, one) {
				d.Actions = append(d.Actions, one)
			}
		}
	}
	if len(d.Actions) > 0 {
		d.Action = d.Actions[0]
		for _, together := range t.Together[d.Action] {
			if !slices.Contains(d.Actions, together) {
				d.Actions = append(d.Actions, together)
			}
		}
	}
	d.resource(filled(f.Resource), f)
	for _, key := range f.Keys {
		d.Context = append(d.Context, evaluator.Key{Name: key, State: evaluator.Present})
	}
	if account := found["account"]; account != "" {
		d.note("the caller is of account %s", account)
	}
	return d
}

// caller is the principal that the sentence stands for; "" where it does not
// tell.
func (f *family) caller(found map[string]string, filled func(string) string) string {
	switch {
	case f.Calls == "service" && strings.Contains(f.Caller, "{service}") && found["service"] != "":
		return services().principal(found["service"])
	case f.Calls == "service" && strings.Contains(f.Caller, "{"):
		if name := strings.Trim(filled("{principal}"), "'"); name != "" {
			return name
		}
		return f.Else
	case strings.Contains(f.Caller, "{"):
		if name := filled(f.Caller); strings.HasPrefix(name, "arn:") {
			return name
		}
		return ""
	}
	return f.Caller
}

// operations splits a list of operations; one that is empty is one of nothing.
func operations(list string) []string {
	if list == "" {
		return []string{""}
	}
	return strings.Fields(strings.NewReplacer("and ", " ", ",", " ").Replace(list))
}

// resource sets what a sentence tells of the resource.
func (d *Denial) resource(text string, f *family) {
	switch {
	case text == "" || strings.HasSuffix(text, ":::"):
	case f.Partial:
		d.ResourceBegins = strings.ReplaceAll(text, ":::/AWSLogs/", ":::")
	case text == "*":
		d.Resource = text
	default:
		d.named(text)
	}
}

// nearby takes the resource from the text around, where it holds one ARN of the
// kind.
func (f *family) nearby(d *Denial, around string) {
	if f.Near == "" || d.Resource != "" {
		return
	}
	var one string
	for _, found := range f.near().FindAllString(around, -1) {
		found = strings.TrimRight(found, ".:/")
		if i := strings.Index(found, "/invocations"); i >= 0 {
			found = found[:i]
		}
		if one != "" && found != one {
			return
		}
		one = found
	}
	if one == "" {
		return
	}
	d.named(one)
	d.note("the resource is the one of its kind that the text around names")
}
