package denial

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/secret"
)

// MaxSize is the most that [Parse] reads, in bytes.
const MaxSize = 8 << 20

// A Parser reads denials. The zero Parser works. It holds no state: use one from
// any number of goroutines, if Action may be.
type Parser struct {
	// Action tells which action the operation of a service needs, as an SDK or an
	// event names both: ("Lambda", "GetFunction"), ("lambda.amazonaws.com",
	// "GetFunction20150331v2"). It is asked where a text does not name the action;
	// "" says that it is not known. Nil: only events tell, and their action is the
	// service's prefix and the event's name without its version.
	Action func(service, operation string) string
}

// Parse parses with the zero [Parser]; see [Parser.Parse].
func Parse(text string) ([]Denial, error) { return new(Parser).Parse(text) }

// Parse finds all denials of a text, in its order: up to 10,000, and 100 that are
// not understood.
//
// The error joins a [*NotUnderstoodError] for each message that begins as a
// denial and cannot be read as one, and is one alone for a text without any
// denial. Denials that were understood are returned beside it.
func (p *Parser) Parse(text string) ([]Denial, error) {
	if len(text) > MaxSize {
		return nil, fmt.Errorf("%w: the text is longer than %d MiB: give it in parts", ErrNotUnderstood, MaxSize>>20)
	}
	if !utf8.ValidString(text) {
		return nil, &NotUnderstoodError{Problem: "the text is not UTF-8", Recognised: recognise(strings.ToValidUTF8(text, "?"))}
	}
	found := secret.Find(text)
	r := reader{parser: p, text: secret.Redact(text), line: 1}
	r.read()
	if len(r.denials) == 0 && len(r.errs) == 0 {
		r.errs = append(r.errs, r.nothing())
	}
	if r.full {
		r.errs = append(r.errs, fmt.Errorf("%w: there is more in the text than is read at once: give it in parts", ErrNotUnderstood))
	}
	r.remark(found)
	return r.denials, errors.Join(r.errs...)
}

// reader goes through one text.
type reader struct {
	parser  *Parser
	text    string
	line    int // of what is read now
	denials []Denial
	errs    []error
	// notDenied are events and decoded messages of requests that were allowed, or
	// that failed for other reasons.
	notDenied int
	// full: there are more than are read.
	full bool
}

const (
	mostDenials = 10_000
	mostErrors  = 100
)

func (r *reader) fault(line int, problem, excerpt string) {
	if len(r.errs) >= mostErrors {
		r.full = true
		return
	}
	r.errs = append(r.errs, &NotUnderstoodError{Line: line, Problem: problem, Recognised: recognise(excerpt)})
}

// nothing is the error of a text without denials.
func (r *reader) nothing() error {
	e := &NotUnderstoodError{Recognised: recognise(r.text)}
	switch {
	case strings.TrimSpace(r.text) == "":
		e.Problem = "the text is empty"
	case r.notDenied == 1:
		e.Problem = "the request was not denied"
	case r.notDenied > 1:
		e.Problem = fmt.Sprintf("none of %d requests was denied", r.notDenied)
	case deniedCodeSomewhere().MatchString(r.text):
		e.Problem = "the error does not say who was denied what: IAM's message (“User: … is not authorized to perform: …”) is missing"
	default:
		e.Problem = "no denial is in the text; AWS writes them in English, with the words “is not authorized to perform”"
	}
	return e
}

var deniedCodeSomewhere = lazily(`\b` + deniedCode + `\b`)

// read reads the pieces of the text: JSON, and what is between.
func (r *reader) read() {
	counted := 0
	for piece := range pieces(r.text) {
		r.line += strings.Count(r.text[counted:piece.start], "\n")
		counted = piece.start
		if piece.json {
			r.value(piece.text)
		} else {
			r.plain(piece.text, nil)
		}
	}
}

// plain reads the messages of a text that is no JSON; around is what the JSON
// around the text tells.
func (r *reader) plain(text string, around *exception) {
	marks := anchors().FindAllStringIndex(text, -1)
	from, begun := 0, (*Denial)(nil)
	lines, counted := r.line, 0
	for i, mark := range marks {
		if r.full {
			break
		}
		to := len(text)
		if i+1 < len(marks) {
			to = marks[i+1][0]
		}
		s := readSentence(text, mark, from, to)
		r.exceptions(text[from:s.start], lines+strings.Count(text[counted:from], "\n"), true)
		lines += strings.Count(text[counted:s.start], "\n")
		counted = s.start
		d := s.denial
		d.Line = lines
		d.tell(before(text, from, s.start), after(text, s.end, to))
		around.tell(&d)
		from = s.end
		switch {
		case s.problem != "":
			r.fault(lines, s.problem, text[s.start:min(len(text), s.end+200)])
			begun = nil
			continue
		case begun != nil && d.Principal != "":
			// EC2's first words belong to this one (H-10).
			d.Code, d.Service, d.Operation = or(d.Code, begun.Code), or(d.Service, begun.Service), or(d.Operation, begun.Operation)
			d.RequestID, d.Status, d.Line = or(d.RequestID, begun.RequestID), max(d.Status, begun.Status), begun.Line
		case begun != nil:
			r.add(*begun)
		}
		if begun = nil; s.begun && i+1 < len(marks) && follows(text[s.end:]) {
			begun = &d
			continue
		}
		r.add(d)
	}
	r.exceptions(text[from:], lines+strings.Count(text[counted:from], "\n"), false)
}

var userFollows = lazily(`\A(?:` + blank + `)?` + loose("User:"))

func follows(rest string) bool { return userFollows().MatchString(rest) }

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// add completes a denial that was read.
func (r *reader) add(d Denial) {
	if len(r.denials) >= mostDenials {
		r.full = true
		return
	}
	if d.Action == "" && d.Operation != "" {
		if ask := r.parser.Action; ask != nil {
			d.Action = ask(d.Service, d.Operation)
		}
		if d.Action == "" && d.Form == FromEvent {
			d.Action = eventAction(d.Service, d.Operation)
		}
		if d.Action != "" {
			d.note("the text does not name the action: %s is concluded from the operation %s", d.Action, d.Operation)
		}
	}
	if fold.Equal(d.Action, "iam:PassRole") && !d.has("iam:PassedToService") && lambdaService(d.Service) {
		d.set("iam:PassedToService", "lambda.amazonaws.com") // G-5
		d.note("the role was passed to Lambda: iam:PassedToService is lambda.amazonaws.com")
	}
	r.denials = append(r.denials, d)
}

// lambdaService reports whether an SDK's or an event's name of a service is
// Lambda's.
func lambdaService(name string) bool {
	name = fold.String(name)
	return name == "lambda" || name == "awslambda" || name == "lambda.amazonaws.com"
}

// remark adds to the denials what the whole text tells: access key ids, and
// secrets that should not have been in it.
func (r *reader) remark(found []secret.Finding) {
	ids := make(map[string]bool)
	for _, id := range secret.AccessKeyIDs(r.text) {
		ids[id.ID] = true
	}
	for i := range r.denials {
		d := &r.denials[i]
		if d.AccessKeyID == "" && len(ids) == 1 && d.Form != FromDecoded {
			for id := range ids {
				d.AccessKeyID = id
			}
		}
		d.credentials()
		for _, kind := range [...]secret.Kind{secret.AccessKey, secret.SessionToken} {
			for _, f := range found {
				if f.Kind == kind {
					d.note("the text holds a %s; whoever saw it can use it: %s", kindNames[kind], remedies[kind])
					break
				}
			}
		}
	}
}

var (
	kindNames = [...]string{secret.AccessKey: "secret access key", secret.SessionToken: "session token"}
	remedies  = [...]string{secret.AccessKey: "deactivate the access key", secret.SessionToken: "revoke the role's active sessions"}
)

// credentials sets the context keys that follow from the form of the access key
// id (D.2): temporary credentials (ASIA…) have a time of issue and tell whether
// there was MFA, long-term ones (AKIA…) have neither.
func (d *Denial) credentials() {
	for _, id := range secret.AccessKeyIDs(d.AccessKeyID) {
		if !id.Temporary {
			continue
		}
		for _, key := range [...]string{"aws:TokenIssueTime", "aws:MultiFactorAuthPresent"} {
			if !d.has(key) {
				d.Context = append(d.Context, evaluator.Key{Name: key, State: evaluator.Present})
			}
		}
	}
}
