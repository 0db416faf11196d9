package engine

import (
	"fmt"
	"log/slog"

	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// A Decision is what IAM would answer to one request: an [Outcome] and, for a
// denial, the [policy.Layer] that denied. It is eight bytes, comparable, and holds no
// pointers. The zero Decision is an implicit deny, as in IAM (E-1).
//
// A Decision says nothing about why; [Explain] does.
type Decision struct {
	// bits hold, from the lowest: outcome, layer, rule and fault in a byte each,
	// and the index of the context key at fault. One word travels in one
	// register where five fields take five.
	bits uint64
}

func (d Decision) rule() law.Rule { return law.Rule(d.bits >> 16) }
func (d Decision) fault() fault   { return fault(d.bits >> 24) }
func (d Decision) at() int        { return int(d.bits >> 32) }

// Outcome is the kind of a [Decision].
type Outcome uint8

const (
	// ImplicitDeny: no Deny applies, and some layer has no Allow, or a fixed rule
	// refuses the request (E-1).
	ImplicitDeny Outcome = iota
	// ExplicitDeny: a Deny statement applies (E-1).
	ExplicitDeny
	// Allowed: every layer that has a say allows.
	Allowed
	// Indeterminate: something the request leaves unknown decides.
	Indeterminate
	// Invalid: the request is not well-formed. It is neither allowed nor denied;
	// [Explanation.Err] says what is wrong with it.
	Invalid
)

// Outcome tells allowed from denied, and how.
func (d Decision) Outcome() Outcome { return Outcome(d.bits) }

// Layer is the layer that denied; [policy.NoLayer] unless the outcome is
// [ImplicitDeny] or [ExplicitDeny].
func (d Decision) Layer() policy.Layer { return policy.Layer(d.bits >> 8) }

// Allowed reports whether the outcome is [Allowed]. Nothing else is a yes.
func (d Decision) Allowed() bool { return d.Outcome() == Allowed }

// Denied reports whether the request is denied, implicitly or explicitly.
func (d Decision) Denied() bool { return d.Outcome() == ImplicitDeny || d.Outcome() == ExplicitDeny }

// String is the outcome, and the layer in parentheses for a denial:
// "implicitDeny(identity)".
func (d Decision) String() string {
	if d.Layer() == policy.NoLayer {
		return d.Outcome().String()
	}
	return d.Outcome().String() + "(" + d.Layer().String() + ")"
}

// LogValue implements [slog.LogValuer].
func (d Decision) LogValue() slog.Value {
	if d.Layer() == policy.NoLayer {
		return slog.GroupValue(slog.String("outcome", d.Outcome().String()))
	}
	return slog.GroupValue(slog.String("outcome", d.Outcome().String()), slog.String("deniedBy", d.Layer().String()))
}

var outcomeNames = [...]string{
	ImplicitDeny:  "implicitDeny",
	ExplicitDeny:  "explicitDeny",
	Allowed:       "allowed",
	Indeterminate: "indeterminate",
	Invalid:       "invalid",
}

// String spells the outcome as SimulateCustomPolicy's EvalDecision does;
// "indeterminate" and "invalid" are our own.
func (o Outcome) String() string { return NameOf(outcomeNames[:], int(o), "Outcome") }

// MarshalText implements [encoding.TextMarshaler] with the spelling of String.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (o *Outcome) UnmarshalText(text []byte) error {
	i, err := indexOf(outcomeNames[:], string(text), "decision")
	if err == nil {
		*o = Outcome(i)
	}
	return err
}

func NameOf(names []string, i int, kind string) string {
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("%s(%d)", kind, i)
}

func indexOf(names []string, text, kind string) (int, error) {
	for i, name := range names {
		if name == text {
			return i, nil
		}
	}
	return 0, fmt.Errorf("unknown %s %s", kind, spelling.Quote(string(text)))
}

func AllowedDecision() Decision            { return Decision{uint64(Allowed)} }
func indeterminate() Decision              { return Decision{uint64(Indeterminate)} }
func explicitDeny(l policy.Layer) Decision { return Decision{uint64(ExplicitDeny) | uint64(l)<<8} }
func implicitDeny(l policy.Layer) Decision { return Decision{uint64(ImplicitDeny) | uint64(l)<<8} }

func deniedByRule(r law.Rule) Decision {
	return Decision{uint64(ImplicitDeny) | uint64(policy.RuleLayer)<<8 | uint64(r)<<16}
}

// invalid is the fault of a request; at is the index of a context key.
func invalid(f fault, at int) Decision {
	return Decision{uint64(Invalid) | uint64(f)<<24 | uint64(uint32(at))<<32}
}
