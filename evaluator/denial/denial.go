package denial

import (
	"errors"
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// Form is what a [Denial] was read from.
type Form uint8

const (
	FromMessage Form = iota + 1 // IAM's message, alone or in an exception (H.1)
	FromCode                    // an exception whose message does not say what was denied (H-6)
	FromEvent                   // a CloudTrail event
	FromDecoded                 // a decoded authorization message (H.2)
	FromService                 // a sentence of a service's own, without IAM's message
)

var formNames = [...]string{FromMessage: "message", FromCode: "code", FromEvent: "event", FromDecoded: "decoded", FromService: "service"}

// String is "message", "code", "event", "decoded" or "service".
func (f Form) String() string {
	if int(f) < len(formNames) {
		return formNames[f]
	}
	return fmt.Sprintf("Form(%d)", int(f))
}

// MarshalText implements [encoding.TextMarshaler] with the spelling of String.
func (f Form) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// A Denial is what AWS said of one denied request. It is plain data: what the
// text does not say is empty, and may be filled in. It holds no secrets.
type Denial struct {
	Form Form
	// Line of the text where it stands, from 1.
	Line int

	// Principal is the caller as AWS names it: for a session the session's ARN,
	// which does not hold the role's path (B-42).
	Principal string
	// Role is the ARN of a session's role, where an event tells it.
	Role string
	// PrincipalID is the caller's unique id ("AIDA…", "AROA…:session"), where an
	// event or a decoded message tells it.
	PrincipalID string
	// AccessKeyID is the access key id of the event or beside the message.
	AccessKeyID string
	// Action is "service:Name"; "" where it is not told.
	Action string
	// Resource is an ARN or "*"; "" where none is told.
	Resource string
	// ResourceAsGiven is the resource where the text names it otherwise than by
	// ARN: "my-function" (H-5).
	ResourceAsGiven string
	// ResourceBegins is the beginning of the resource's ARN where no more of it is
	// known, and Resource is "".
	ResourceBegins string
	// Region of the request, where it is known.
	Region string

	// Explicit: a Deny statement denied (H-2). Implicit: no statement allowed
	// (H-1). Neither: the text does not say.
	Explicit, Implicit bool
	// Layer is the type of policy that denied, [policy.RuleLayer] for a fixed
	// rule (G-4), [policy.NoLayer] where the text does not say.
	Layer policy.Layer
	// Through is the layer by which a denial came about transitively (H-3).
	Through policy.Layer
	// Reason is the part of the message that gives it.
	Reason string
	// PolicyARN is the policy that denied, where the message ends in it (H-7).
	PolicyARN string
	// Matched are the statements that a decoded message shows (H-21).
	Matched []Statement
	// CalledBy says whose request a sentence of a service is about: "the execution
	// role". Actions are all that it stands for, Action among them; nil where it
	// is Action alone. Look is the layer of policies to look at, Bring says which
	// policies of whom decide, Source is AWS's page about it. All are concluded
	// from the sentence, and AWS does not say them there.
	CalledBy      string
	Actions       []string
	Look          policy.Layer
	Bring, Source string
	// EncodedMessage is for sts:DecodeAuthorizationMessage (H-20).
	EncodedMessage string

	// Context are the context keys that the source tells: all of an event and of
	// a decoded message that are known to be such.
	Context evaluator.Context

	// PassedTo are the services that a role may have been passed to, where several
	// have an operation of this name; nil where it is one, which Context has.
	PassedTo []string

	// Service and Operation that was called, as an SDK names them: "Lambda",
	// "GetFunction"; for an event "lambda.amazonaws.com".
	Service, Operation string
	// Code is the error code, such as "AccessDeniedException" (H-8).
	Code string
	// Status is the HTTP status; 0 where it is not told.
	Status    int
	RequestID string

	// Notes say what a reader should know: what was concluded rather than read,
	// and that a secret stood in the text.
	Notes []string
}

// Errors of [Denial.Caller], [Denial.Request] and [Denial.Target].
var (
	// ErrNoCaller: the text does not name the caller, or not as a principal.
	ErrNoCaller = errors.New("the caller is not known")
	// ErrNoAction: the text does not name the action.
	ErrNoAction = errors.New("the action is not known")
	// ErrNoResource: the text does not name the resource, or not by an ARN.
	ErrNoResource = errors.New("the resource is not known")
)

// Caller is the caller without policies. Its error wraps [ErrNoCaller].
func (d *Denial) Caller() (evaluator.Caller, error) {
	if d.Principal == "" {
		return evaluator.Caller{}, fmt.Errorf("%w: the text does not name it", ErrNoCaller)
	}
	if masked(d.Principal) {
		return evaluator.Caller{}, fmt.Errorf("%w: the text shows it as %s", ErrNoCaller, spelling.Quote(d.Principal))
	}
	principal, err := evaluator.ParsePrincipal(d.Principal)
	if err == nil && d.Role != "" && principal.Kind() == evaluator.RoleSession && d.Role != d.Principal {
		principal = evaluator.Session(d.Principal, d.Role)
		err = principal.Err()
	}
	if err != nil {
		return evaluator.Caller{}, fmt.Errorf("%w: %w", ErrNoCaller, err)
	}
	switch principal.Kind() {
	case evaluator.IAMUser, evaluator.RoleSession:
		if id := d.uniqueID(); id != "" {
			principal = principal.WithUniqueID(id)
		}
	}
	return evaluator.Caller{Principal: principal}, nil
}

// uniqueID is the caller's id without the name of its session.
func (d *Denial) uniqueID() string {
	id, _, _ := strings.Cut(d.PrincipalID, ":")
	return id
}

// Target is the resource without policies. The name of a Lambda function is
// completed with the caller's account and [Denial.Region], that of a role, user,
// group or policy with the caller's account. Its error wraps
// [ErrNoResource].
func (d *Denial) Target() (evaluator.Target, error) {
	t := evaluator.Target{Resource: d.Resource, AsGiven: d.ResourceAsGiven}
	switch {
	case masked(d.Resource):
		return t, fmt.Errorf("%w: the text shows it as %s", ErrNoResource, spelling.Quote(d.Resource))
	case d.Resource != "":
		return t, nil
	case d.ResourceAsGiven == "":
		return t, fmt.Errorf("%w: the text does not name it", ErrNoResource)
	}
	if resource, ok := d.iamARN(); ok {
		t.Resource = resource
		return t, nil
	}
	if service, _, _ := strings.Cut(d.Action, ":"); fold.Equal(service, "lambda") {
		caller, err := arn.Parse(d.Principal)
		if err == nil {
			defaults := arn.Defaults{Partition: caller.Partition(), Region: d.Region, Account: caller.Account()}
			if function, err := arn.ParseFunction(d.ResourceAsGiven, defaults); err == nil {
				t.Resource = function.String()
				return t, nil
			}
		}
	}
	return t, fmt.Errorf("%w: the text names it %s, which is no ARN", ErrNoResource, spelling.Quote(d.ResourceAsGiven))
}

// Request is the action and the context. Its error is [ErrNoAction].
func (d *Denial) Request() (evaluator.Request, error) {
	if d.Action == "" {
		return evaluator.Request{}, ErrNoAction
	}
	return evaluator.Request{Action: d.Action, Context: append(evaluator.Context(nil), d.Context...)}, nil
}

// set gives a context key one known value, unless the value is empty.
func (d *Denial) set(name, value string) {
	if value != "" {
		d.Context = append(d.Context, evaluator.Key{Name: name, Values: []string{value}})
	}
}

// has reports whether the context has a key.
func (d *Denial) has(name string) bool { return d.Context.Index(name) >= 0 }

func (d *Denial) note(format string, args ...any) {
	d.Notes = append(d.Notes, fmt.Sprintf(format, args...))
}
