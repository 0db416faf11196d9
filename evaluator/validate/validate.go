package validate

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// A Validator finds what is wrong with policies. The zero Validator works. It may
// be shared by goroutines, as long as it does not change.
type Validator struct {
	// Catalog knows the names; nil stands for [catalog.Default].
	Catalog *catalog.Catalog
	// ResourceType is what resource-based policies are attached to, as AWS
	// CloudFormation names it, "AWS::S3::Bucket"; "" leaves it open.
	ResourceType string
	// Quotas are characters by kind of policy (A.7); a kind that is not in it has
	// AWS's default, [DefaultQuota].
	Quotas map[policy.Kind]int
	// LegacySCPGrammar holds service control policies to the grammar before
	// September 2025.
	LegacySCPGrammar bool
	// Owner is the account that resource-based policies are of, for proofs; ""
	// takes it from the ARNs of their Resource.
	Owner string
	// Budget of each question of [Validator.Prove]; 0 stands for a hundredth of a
	// second's work.
	Budget int

	formats sync.Map // of ARNs, by the service that they name
}

func (v *Validator) catalog() *catalog.Catalog {
	if v.Catalog == nil {
		return catalog.Default()
	}
	return v.Catalog
}

// Validate finds what the text of a policy and the catalogue tell, in the order of
// the text, and with it what IAM refuses for policies of the kind.
func (v *Validator) Validate(d *policy.Document, kind policy.Kind) []Finding {
	c := checker{v: v, catalog: lookup{Catalog: v.catalog()}, document: d, kind: kind}
	c.refused(d.Check(kind))
	c.whole()
	for i := range d.Statements {
		c.index, c.st = i, &d.Statements[i]
		c.catalog.of(c.st)
		c.statement()
	}
	return c.findings()
}

// A checker goes through one document.
type checker struct {
	v        *Validator
	catalog  lookup
	document *policy.Document
	open     *policy.Document // with what may not apply; nil: the document
	kind     policy.Kind
	st       *policy.Statement
	index    int // of the statement
	found    []found
}

// found is a finding on its way to its place.
type found struct {
	Finding
	path []any
	key  bool // the place is the key of the last step
}

// statement finds what is wrong with one statement.
func (c *checker) statement() {
	c.actions()
	c.redundantActions()
	c.resources()
	c.passRole()
	c.conditions()
	c.tagConditions()
	c.names()
	if c.kind == policy.SCP && c.v.LegacySCPGrammar {
		c.legacySCP()
	}
	if c.st.Principal != nil || c.st.NotPrincipal != nil {
		c.principals()
	}
	if c.kind == policy.Trust {
		c.trust()
	}
}

// at is the path of an element of the statement, and of what is in it.
func (c *checker) at(element string, steps ...any) []any {
	return append([]any{"Statement", c.index, element}, steps...)
}

// report adds a finding at a path.
func (c *checker) report(code string, path []any, format string, args ...any) *found {
	f := found{path: path}
	f.Code, f.Type, f.Path = code, typeOf(code), secret.Redact(spell(path))
	f.Message, f.Source = secret.Redact(fmt.Sprintf(format, args...)), c.document.Name()
	c.found = append(c.found, f)
	return &c.found[len(c.found)-1]
}

// findings are all that was found, with their places, in the order of the text.
func (c *checker) findings() []Finding {
	for i := range c.found {
		f := &c.found[i]
		switch {
		case f.path == nil:
		case f.key:
			f.From, f.To = c.document.KeySpan(f.path...)
		default:
			f.From, f.To = c.document.Span(f.path...)
		}
		if f.To.Offset > 0 {
			f.text = c.document.Text()[f.From.Offset:f.To.Offset]
		}
	}
	c.found = c.certain(c.found)
	list := make([]Finding, len(c.found))
	for i := range c.found {
		list[i] = c.found[i].Finding
	}
	return Sort(list)
}

// Sort puts findings into the order of the text: by source, place and address.
func Sort(list []Finding) []Finding {
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.From.Line, b.From.Line), cmp.Compare(a.From.Column, b.From.Column), cmp.Compare(a.Address, b.Address))
	})
	return list
}
