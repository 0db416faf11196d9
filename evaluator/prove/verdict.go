package prove

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
)

// Outcome is the answer to a question about all requests. The zero Outcome is
// Unknown.
type Outcome uint8

// The outcomes.
const (
	Unknown Outcome = iota // see Verdict.Reason
	Proved                 // for every request of the universe
	Refuted                // by Verdict.Request
)

func (o Outcome) String() string {
	switch o {
	case Unknown:
		return "unknown"
	case Proved:
		return "proved"
	case Refuted:
		return "refuted"
	}
	return fmt.Sprintf("Outcome(%d)", uint8(o))
}

// MarshalText is [Outcome.String].
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// A Verdict is the answer to a question, and what it rests on.
type Verdict struct {
	Outcome Outcome
	// Request refutes: p allows it and q does not. Nil unless Outcome is Refuted.
	Request *Request
	// AllowedBy is the statement of p that allows the request; nil where none of
	// p's does: a root user in its own account needs none, and a caller whose own
	// policies are left open may have it there.
	AllowedBy *evaluator.StatementRef
	// Nearest is the statement of q that denies the request, or else the Allow
	// that comes nearest to allowing it; nil if there is none.
	Nearest *evaluator.StatementRef
	// Lacks says why Nearest does not allow the request: what it asks for and the
	// request has not, and the traps that it may have fallen into, in words. Nil
	// where it denies.
	Lacks []string
	// Reason says why the outcome is Unknown: what ran out, or what is outside
	// the method.
	Reason string
	// Unconfirmed is set where a request was found that the evaluator does not
	// confirm. The outcome is Unknown then, and this package has a defect.
	Unconfirmed bool
	// Universe is what "every request" means, in words.
	Universe string
	// CatalogDate is the day of the catalogue's data; "" without catalogue.
	CatalogDate string
	// Assumptions are what else the verdict rests on, in words.
	Assumptions []string
	Stats       Stats
}

// assume adds assumptions, each once.
func (v *Verdict) assume(list ...string) {
	for _, a := range list {
		if !slices.Contains(v.Assumptions, a) {
			v.Assumptions = append(v.Assumptions, a)
		}
	}
}

// Stats say how much work a verdict was.
type Stats struct {
	Parts  int // questions that the whole was split into
	States int // states of automata that were visited
}

// String is the outcome with the request or the reason, for people; free to
// change.
func (v *Verdict) String() string {
	switch v.Outcome {
	case Refuted:
		text := "refuted by " + v.Request.String()
		if v.AllowedBy != nil {
			text += "\n  allowed by " + v.AllowedBy.String()
		}
		if v.Nearest != nil {
			text += "\n  nearest in the ceiling: " + v.Nearest.String()
		}
		for _, lack := range v.Lacks {
			text += "\n    " + lack
		}
		return text
	case Proved:
		return "proved for " + v.Universe
	}
	return "unknown: " + v.Reason
}

// A Request is a request that refutes, ready for Evaluate, which allows
// it under the policies of p, and denies it under those of q.
type Request struct {
	Principal evaluator.Principal
	// Role is the ARN of the role whose session the principal is, with its path;
	// "" for all others.
	Role string
	// UniqueID is that of the user or role; "" for all others.
	UniqueID string
	Resource string
	// Account owns the resource. It is the one in the resource's ARN, if there is
	// one there.
	Account string
	Action  string
	Context evaluator.Context
}

// String is the request in one line: who does what on what, with which context
// keys.
func (r *Request) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s on %s by %s", r.Action, r.Resource, r.Principal.String())
	if r.Account != "" && r.Account != r.Principal.Account() {
		fmt.Fprintf(&b, ", resource of account %s", r.Account)
	}
	for i, key := range r.Context {
		b.WriteString([]string{", with ", ", "}[min(i, 1)])
		switch len(key.Values) {
		case 0:
			fmt.Fprintf(&b, "no %s", key.Name)
		case 1:
			fmt.Fprintf(&b, "%s=%s", key.Name, key.Values[0])
		default:
			fmt.Fprintf(&b, "%s=[%s]", key.Name, strings.Join(key.Values, ", "))
		}
	}
	return b.String()
}
