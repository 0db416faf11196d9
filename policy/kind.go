package policy

import (
	"strings"

	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/spelling"
)

// Kind is the kind of a policy: where it is attached, and so which elements it
// may have (A.6). The zero Kind is invalid.
type Kind uint8

const (
	Identity Kind = iota + 1 // managed or inline policy of a user, group or role
	Resource                 // resource-based policy
	Trust                    // role trust policy
	Boundary                 // permissions boundary
	Session                  // session policy
	SCP                      // service control policy
	RCP                      // resource control policy
	Endpoint                 // VPC endpoint policy
)

// OfResource is the kind of the policies that are attached to a resource, by its
// ARN: [Trust] for a role, [Resource] for all others, and for what is no ARN.
func OfResource(resource string) Kind {
	if f := pattern.Split(resource); f.IsARN() && f.Field(2) == "iam" && strings.HasPrefix(f.Field(5), "role/") {
		return Trust
	}
	return Resource
}

func (k Kind) valid() bool { return k >= Identity && k <= Endpoint }

// String is "identity", "resource", "trust", "boundary", "session", "scp",
// "rcp" or "endpoint"; "" for an invalid Kind.
func (k Kind) String() string {
	if k.valid() {
		return k.Layer().String()
	}
	return ""
}

// Layer is the layer in which policies of the kind have a say; [NoLayer] for an
// invalid Kind.
func (k Kind) Layer() Layer {
	for l := range layers {
		if layers[l].kind == k && k.valid() {
			return Layer(l)
		}
	}
	return NoLayer
}

// title is a policy of the kind in texts: "an identity-based policy".
func (k Kind) title() string {
	article := "a "
	if k == Identity {
		article = "an "
	}
	return article + k.Layer().Noun()
}

// MarshalText is [Kind.String]; an invalid Kind is an error.
func (k Kind) MarshalText() ([]byte, error) {
	if !k.valid() {
		return nil, &Error{Code: codeInvalidKind, Message: "the zero Kind has no spelling"}
	}
	return []byte(k.String()), nil
}

// UnmarshalText reads what [Kind.String] writes.
func (k *Kind) UnmarshalText(text []byte) error {
	var names []string
	for i := Identity; i.valid(); i++ {
		if i.String() == string(text) {
			*k = i
			return nil
		}
		names = append(names, i.String())
	}
	return &Error{Code: codeInvalidKind, Message: spelling.Quote(string(text)) + " is no kind of policy" + spelling.Suggestion(string(text), names)}
}
