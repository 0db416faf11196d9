package denial

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/policy"
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
	// Catalog knows the actions of AWS's services; catalog.Default() of package
	// policy/catalog is one. With it, the action is concluded from an operation that
	// one service alone has, and so is the service that a role is passed to. Nil:
	// neither is.
	Catalog interface {
		Services() iter.Seq[string]
		Action(name string) (*policy.ServiceAction, bool)
		DependentActions(*policy.ServiceAction) []string
	}
}

// Parse parses with the zero [Parser]; see [Parser.Parse].
func Parse(text string) ([]Denial, error) { return new(Parser).Parse(text) }

// Parse finds the denials of a text, in its order: up to 10,000, and up to 100
// messages that are not understood.
//
// The error joins a [*NotUnderstoodError] for each message that begins as a
// denial and cannot be read as one, and is one alone for a text without any
// denial. Denials that were understood are returned beside it.
func (p *Parser) Parse(text string) ([]Denial, error) {
	if len(text) > MaxSize {
		return nil, fmt.Errorf("%w: the text is longer than %d MiB: give it in parts", ErrNotUnderstood, MaxSize>>20)
	}
	if !utf8.ValidString(text) {
		return nil, &NotUnderstoodError{Problem: "the text is not UTF-8", Next: "save it as UTF-8, or paste it", Recognised: recognise(strings.ToValidUTF8(text, "?"))}
	}
	found := secret.Find(text)
	if len(found) > 0 {
		text = secret.Redact(text)
	}
	r := reader{parser: p, text: text, line: 1}
	r.read()
	if len(r.denials) == 0 && len(r.errs) == 0 && r.notDenied == 0 && r.bare != nil {
		r.add(*r.bare)
	}
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
	// requests are the ids of the requests that were denied.
	requests map[string]bool
	errs     []error
	// notDenied are events and decoded messages of requests that were allowed, or
	// that failed for other reasons.
	notDenied int
	// quoted: what is read now stands in JSON, and its lines are none of the text.
	quoted bool
	// bare is the first error code that stands alone, and tells nothing more. It
	// counts where nothing else does.
	bare *Denial
	// full: the text has more than is read.
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
	r.errs = append(r.errs, &NotUnderstoodError{Line: line, Problem: problem, Recognised: recognise(excerpt), Next: wholeText})
}

// wholeText is what to do where a message is there in part.
const wholeText = "give the whole message: where a log or a page cut it, its CloudTrail event has it (aws cloudtrail lookup-events), or call again and keep what is printed"

// nothing is the error of a text without denials.
func (r *reader) nothing() error {
	e := &NotUnderstoodError{Recognised: recognise(r.text)}
	switch {
	case strings.TrimSpace(r.text) == "":
		e.Problem = "the text is empty"
		e.Next = "give the error as it was printed: a program's errors go to standard error (2>&1)"
	case r.notDenied == 1:
		e.Problem = "the request was not denied"
		e.Next = "give the event of the request that was denied: one with an errorCode such as AccessDenied"
	case r.notDenied > 1:
		e.Problem = fmt.Sprintf("none of %d requests was denied", r.notDenied)
		e.Next = "give the event of the request that was denied: one with an errorCode such as AccessDenied"
	default:
		e.Problem = "no denial is in the text"
		e.Next = r.insteadOfADenial()
	}
	return e
}

// insteadOfADenial is what to do with a text that holds no denial: one about
// credentials is none, and policies decide nothing there.
func (r *reader) insteadOfADenial() string {
	for _, other := range otherErrors {
		if strings.Contains(r.text, other.code) {
			return other.next
		}
	}
	return "give the whole error as it was printed, with its request id, or its CloudTrail event (aws cloudtrail lookup-events)"
}

// otherErrors are errors that are taken for denials, and what to do about them.
var otherErrors = [...]struct{ code, next string }{
	{"ExpiredToken", "no policy denied it: the credentials have expired; sign in again (aws sso login, aws sts assume-role)"},
	{"InvalidClientTokenId", "no policy denied it: AWS does not know the access key; see aws configure list, and whether the key was deleted or lacks its session token"},
	{"UnrecognizedClientException", "no policy denied it: AWS does not know the access key, or the Region is not enabled; see aws configure list"},
	{"security token included in the request", "no policy denied it: the credentials are not valid here; see aws sts get-caller-identity"},
	{"SignatureDoesNotMatch", "no policy denied it: the request was signed with another secret access key, or changed on its way; see aws configure list, and the clock"},
	{"IncompleteSignature", "no policy denied it: the request was not signed as a whole; see how the client signs it"},
	{"MissingAuthenticationToken", "no policy denied it: the request was not signed, or its path or method does not exist in the API"},
	{"Missing Authentication Token", "no policy denied it: the request was not signed, or its path or method does not exist in the API"},
	{"Unable to locate credentials", "no policy denied it: the client has no credentials; see aws configure list"},
	{"NoCredentialProviders", "no policy denied it: the client has no credentials; see aws configure list"},
	{"Could not load credentials", "no policy denied it: the client has no credentials; see aws configure list"},
	{kubernetes, "no policy of IAM denied it: Kubernetes did; see the roles of the cluster (RBAC), and which of its groups the caller is in (access entries, aws-auth)"},
	{"OptInRequired", "no policy denied it: the account is not subscribed to the service, or the Region is not enabled"},
}

// kubernetes is part of what Kubernetes says where its own roles do not allow a
// request: User "…" cannot list resource "pods" in API group "".
const kubernetes = "in API group"

// read reads the pieces of the text: JSON, and what is between.
func (r *reader) read() {
	counted := 0
	text := undecorated(r.text)
	for piece := range pieces(text) {
		r.line += strings.Count(text[counted:piece.start], "\n")
		counted = piece.start
		if r.quoted = piece.json; r.quoted {
			n := len(r.denials)
			r.value(piece.text)
			if lead := before(text, 0, piece.start); strings.HasSuffix(strings.TrimSpace(lead), ":") {
				r.led(r.denials[n:], lead)
			}
		} else {
			r.plain(piece.text, nil)
		}
	}
}

// led adds to denials in JSON what the text before the JSON says of them.
func (r *reader) led(denials []Denial, lead string) {
	for i := range denials {
		if d := &denials[i]; d.Form == FromMessage && d.Operation == "" {
			d.tell(lead, "")
		}
	}
}

// plain reads the denials of a text that is no JSON; around is what the JSON
// around the text tells.
func (r *reader) plain(text string, around *exception) {
	src := unwrapped(text)
	text = src.text
	line := func(offset int) int {
		if r.quoted {
			return r.line
		}
		return r.line + src.lineOf(offset) - 1
	}
	f := find(text, r.text)
	readings := f.inOrder()
	from, begun := 0, (*Denial)(nil)
	for i, at := range readings {
		if r.full {
			break
		}
		to := len(text)
		if i+1 < len(readings) {
			to = readings[i+1].start
		}
		s := at
		if !at.ready {
			s = readSentence(text, [2]int{at.start, at.end}, from, to)
			if i > 0 && readings[i-1].ready && s.repeats(at.start-from) {
				from = s.end
				continue
			}
		}
		s.start = max(s.start, from)
		left, behind := r.exceptions(text, f, from, s.start, true, line)
		d := s.denial
		d.Line = line(s.start)
		d.tell(before(text, behind, s.start), after(text, s.end, to))
		around.tell(&d)
		from = s.end
		if s.problem != "" {
			r.fault(d.Line, s.problem, text[s.start:min(len(text), s.end+200)])
			begun = nil
			continue
		}
		if left != nil && !d.follows(left) {
			r.code(*left)
		}
		switch {
		case begun != nil && d.Principal != "":
			// EC2's first words belong to this one (H-10).
			d.Code, d.Service, d.Operation = or(d.Code, begun.Code), or(d.Service, begun.Service), or(d.Operation, begun.Operation)
			d.RequestID, d.Status, d.Line = or(d.RequestID, begun.RequestID), max(d.Status, begun.Status), begun.Line
		case begun != nil:
			r.add(*begun)
		}
		if begun = nil; s.begun && i+1 < len(readings) && follows(text[s.end:]) {
			begun = &d
			continue
		}
		r.add(d)
	}
	if left, _ := r.exceptions(text, f, from, len(text), false, line); left != nil {
		around.tell(left)
		r.code(*left)
	}
}

// repeats reports whether a message says no more than that something was denied,
// right behind the sentence of a service, which says what.
func (s *sentence) repeats(behind int) bool {
	const near = 300
	d := &s.denial
	return behind < near && s.problem == "" && d.Principal == "" && d.Action == "" && d.EncodedMessage == ""
}

// inOrder are the readings and the messages that are still to be read.
func (f *found) inOrder() []sentence {
	all := slices.Clone(f.readings)
	for i := range all {
		all[i].ready = true
	}
	for _, h := range f.messages {
		all = append(all, sentence{start: h.start, end: h.end})
	}
	slices.SortFunc(all, func(a, b sentence) int { return a.start - b.start })
	return all
}

var userFollows = lazily(`\A« »?«User:»`)

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
	r.parser.concludeAction(&d)
	r.parser.concludePassedTo(&d)
	if d.RequestID != "" {
		if r.requests == nil {
			r.requests = make(map[string]bool)
		}
		r.requests[d.RequestID] = true
	}
	if maskedID(d.RequestID) {
		d.RequestID = ""
	}
	r.denials = append(r.denials, d)
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
		if d.Form == FromMessage && d.Principal == "" && d.Action == "" {
			d.note("the text names neither caller nor action nor resource")
		}
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
