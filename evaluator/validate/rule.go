package validate

import (
	"slices"
	"strings"
	"sync"
)

// A Rule is one code: what it means and how it is decided.
type Rule struct {
	Code string
	Type Type
	// AWS says that IAM Access Analyzer has the code.
	AWS bool
	// Means is what was found, in a sentence.
	Means string
	// By is how it is decided.
	By Method
	// Not says why the code is never found here; "" for one that is.
	Not string
}

// Method is how a code is decided.
type Method string

// The methods.
const (
	ByText      Method = "text"      // from the document alone
	ByCatalogue Method = "catalogue" // from the document and what AWS services define
	ByProof     Method = "proof"     // for all requests there can be, see [Validator.Prove]
	ByAccount   Method = "account"   // from all that was read of accounts, a template or a plan, see [Validator.ValidateAccount]
	ByLaw       Method = "law"       // from the document and the law of IAM as data: providers, keys of callers, managed policies
)

// Rules are all codes: by type, the gravest first, then by name. The caller owns
// the list.
func Rules() []Rule { return slices.Clone(sorted()) }

var sorted = sync.OnceValue(func() []Rule {
	all := slices.Concat(errorRules, securityRules, warningRules, suggestionRules)
	slices.SortStableFunc(all, func(a, b Rule) int {
		if a.Type != b.Type {
			return int(b.Type) - int(a.Type)
		}
		return strings.Compare(a.Code, b.Code)
	})
	return all
})

// Explain is the rule of a code.
func Explain(code string) (Rule, bool) {
	all := sorted()
	i := slices.IndexFunc(all, func(r Rule) bool { return r.Code == code })
	if i < 0 {
		return Rule{}, false
	}
	return all[i], true
}

// typeOf is the type of a code. A test holds all codes to the rules.
func typeOf(code string) Type {
	r, _ := Explain(code)
	return r.Type
}
