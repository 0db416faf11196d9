package policy

import "errors"

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

// CalledName is how explanations call the policy: its Name, or else the name
// that its document was parsed under.
func (a *Attached) CalledName() string {
	if a.Name != "" {
		return a.Name
	}
	return a.Document.Name()
}

// ErrNoDocument is the error of a set for a nil document.
var ErrNoDocument = errors.New("no policy document")
