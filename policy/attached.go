package policy

import (
	"errors"
	"fmt"
)

// Attached is a policy document and how it came to apply.
type Attached struct {
	Document *Document
	// Name by which explanations call the policy; "" takes the name the
	// document was parsed under.
	Name string
	// ARN of a managed policy, SCP or RCP; error messages can end in it (H-7).
	ARN string
	// From says where the policy is attached: "group developers".
	From string
}

// Attach gives documents of which nothing else is known.
func Attach(documents ...*Document) []Attached {
	list := make([]Attached, len(documents))
	for i, d := range documents {
		list[i].Document = d
	}
	return list
}

// DisplayName is how explanations call the policy: its Name, or else the name
// that its document was parsed under; "" where there is neither.
func (a *Attached) DisplayName() string {
	if a.Name == "" && a.Document != nil {
		return a.Document.Name()
	}
	return a.Name
}

// ErrNoDocument is the error of policies among which a document is nil: one
// that could not be loaded is not the same as none.
var ErrNoDocument = errors.New("no policy document")

// Check checks documents that apply together against their kind (A.6). It
// reports all faults of all documents, as [Errors] of each, and wraps
// [ErrNoDocument] for each that is nil.
func Check(kind Kind, documents ...Attached) error {
	var faults []error
	for i := range documents {
		a := &documents[i]
		if a.Document == nil {
			faults = append(faults, fmt.Errorf("%s policy %d (%q): %w", kind, i, a.Name, ErrNoDocument))
		} else if err := a.Document.Check(kind); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}
