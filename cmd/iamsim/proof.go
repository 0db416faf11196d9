package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/review"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// A proof is what iamsim prove says.
type proof struct {
	Question   string        `json:"question"`
	Outcome    prove.Outcome `json:"outcome"`
	Claims     []claim       `json:"claims,omitempty"`
	Statements []finding     `json:"statements,omitempty"` // of redundant
	Notes      []string      `json:"notes,omitempty"`
	basisJSON

	about string // what the question is
}

// basisJSON is what verdicts rest on.
type basisJSON struct {
	Universe    string   `json:"universe"`
	CatalogDate string   `json:"catalogDate,omitempty"`
	Assumptions []string `json:"assumptions"`
}

// A claim is what is to be proved.
type claim struct {
	Text    string        `json:"claim"`
	Outcome prove.Outcome `json:"outcome"`
	Verdict verdict       `json:"verdict"`

	file     string // whose statement would refute it
	contrary string // of the text
	verdict  *prove.Verdict
}

// A verdict is a prove.Verdict as JSON; its request is one of a scenario.
type verdict struct {
	Outcome   prove.Outcome           `json:"outcome"`
	Request   *proofRequest           `json:"request,omitempty"`
	AllowedBy *evaluator.StatementRef `json:"allowedBy,omitempty"`
	Nearest   *evaluator.StatementRef `json:"nearest,omitempty"`
	Lacks     []string                `json:"lacks,omitempty"` // why the nearest does not allow
	Reason    string                  `json:"reason,omitempty"`
}

type proofRequest struct {
	Principal       string         `json:"principal"`
	Role            string         `json:"role,omitempty"`
	Action          string         `json:"action"`
	Resource        string         `json:"resource"`
	ResourceAccount string         `json:"resourceAccount,omitempty"`
	Context         map[string]any `json:"context,omitempty"`

	foreign bool // the caller is not of the resource's account, and no ARN says so
}

func newVerdict(v *prove.Verdict) verdict {
	return verdict{
		v.Outcome, newProofRequest(v.Request), named(v.AllowedBy), named(v.Nearest),
		v.Lacks, v.Reason,
	}
}

func newProofRequest(r *prove.Request) *proofRequest {
	if r == nil {
		return nil
	}
	j := &proofRequest{Principal: r.Principal.String(), Role: r.Role, Action: r.Action, Resource: r.Resource, ResourceAccount: r.Account}
	resource := pattern.Split(r.Resource)
	j.foreign = r.Account != r.Principal.Account() && r.Account != resource.Field(4)
	for _, key := range r.Context {
		if j.Context == nil {
			j.Context = make(map[string]any)
		}
		if j.Context[key.Name] = append([]string{}, key.Values...); len(key.Values) == 1 {
			j.Context[key.Name] = key.Values[0]
		}
	}
	return j
}

// named is the reference to a statement of a policy with a name: a ceiling that the
// question itself makes has none.
func named(ref *evaluator.StatementRef) *evaluator.StatementRef {
	if ref == nil || ref.Policy == "" {
		return nil
	}
	return ref
}

// A finding is a statement and whether it does anything.
type finding struct {
	evaluator.StatementRef
	Finding review.Finding          `json:"finding"`
	By      *evaluator.StatementRef `json:"by,omitempty"`
	// Others do together what the statement does.
	Others []evaluator.StatementRef `json:"others,omitempty"`
	Key    string                   `json:"key,omitempty"` // that no request for its actions has
	Needed *proofRequest            `json:"neededFor,omitempty"`
	Reason string                   `json:"reason,omitempty"`

	verdict *prove.Verdict
}

func newFinding(d *policy.Document, s review.Statement) finding {
	f := finding{StatementRef: statementOf(d, s.Index), Finding: s.Finding, Key: s.Key, Reason: s.Verdict.Reason, verdict: s.Verdict}
	if s.By >= 0 {
		by := statementOf(d, s.By)
		f.By = &by
	}
	for _, i := range s.Others {
		f.Others = append(f.Others, statementOf(d, i))
	}
	if s.Finding == review.Needed {
		f.Needed = newProofRequest(s.Verdict.Request)
	}
	return f
}

func statementOf(d *policy.Document, i int) evaluator.StatementRef {
	line, column := d.Position("Statement", i)
	st := &d.Statements[i]
	return evaluator.StatementRef{Policy: d.Name(), Index: i, Sid: st.Sid, Effect: st.Effect, Line: line, Column: column}
}

// text says what was found of the statement.
func (f *finding) text() string {
	switch f.Finding {
	case review.Undecided:
		return "is undecided: " + f.Reason
	case review.Guard:
		return "denies only what the policy does not allow: it matters beside other policies"
	case review.Dead:
		if f.Key != "" {
			return "is dead: it applies to no request, since none for its actions has " + f.Key
		}
		return "is dead: it applies to no request"
	case review.Unreachable:
		return "is unreachable: all that it allows is denied"
	case review.Shadowed:
		return "is shadowed: " + f.By.String() + " applies wherever it does"
	case review.Redundant:
		if len(f.Others) == 0 {
			return "is redundant: callers of the resource's account may do by their own policies what it grants, and no others have it"
		}
		var places []string
		for _, other := range f.Others {
			places = append(places, other.String())
		}
		return "is redundant: " + strings.Join(places, ", ") + " do together what it does"
	}
	return "is needed"
}

// outcome is refuted if any claim is, and proved if all are.
func (p *proof) outcome() prove.Outcome {
	all := prove.Proved
	add := func(o prove.Outcome) {
		if o == prove.Refuted || all == prove.Proved {
			all = o
		}
	}
	for _, c := range p.Claims {
		add(c.Outcome)
	}
	for _, f := range p.Statements {
		switch {
		case f.Finding.Superfluous():
			add(prove.Refuted)
		case f.Finding == review.Undecided:
			add(prove.Unknown)
		}
	}
	return all
}

// exit is the status that an outcome ends the command with.
func exit(o prove.Outcome) error {
	switch o {
	case prove.Proved:
		return nil
	case prove.Refuted:
		return notMet
	}
	return notSettled
}

// print prints the proof, and what was assumed of its policies, and gives the exit
// status.
func (p *proof) print(s *sheet, format string, assumed []string) error {
	p.Outcome = p.outcome()
	var rests []*prove.Verdict
	for _, c := range p.Claims {
		rests = append(rests, c.verdict)
	}
	for _, f := range p.Statements {
		rests = append(rests, f.verdict)
	}
	p.basisJSON = newBasis(assumed, rests...)
	var err error
	switch format {
	case "json":
		err = s.json(p)
	case "sarif":
		err = s.json(p.sarif())
	case "github":
		err = s.marked(annotations(p.sarif()))
	case "markdown":
		err = s.print(p.markdown())
	default:
		err = s.text(p.text())
	}
	if err != nil {
		return err
	}
	return exit(p.Outcome)
}

func (p *proof) text() string {
	var b strings.Builder
	for _, c := range p.Claims {
		switch c.Outcome {
		case prove.Proved:
			fmt.Fprintf(&b, "proved: %s\n", oneLine(c.Text))
		case prove.Refuted:
			fmt.Fprintf(&b, "refuted: %s\n", oneLine(c.contrary))
			c.Verdict.refutation(&b)
		default:
			fmt.Fprintf(&b, "unknown whether %s: %s\n", oneLine(c.Text), oneLine(c.Verdict.Reason))
		}
	}
	for _, f := range p.Statements {
		if f.Finding != review.Needed {
			fmt.Fprintf(&b, "%s: %s %s\n", oneLine(f.String()), f.Effect, oneLine(f.text()))
		}
	}
	if len(p.Statements) > 0 {
		p.count(&b)
	}
	for _, note := range p.Notes {
		fmt.Fprintf(&b, "note: %s\n", oneLine(note))
	}
	p.basisJSON.text(&b)
	return b.String()
}

// count says how many statements do nothing.
func (p *proof) count(b *strings.Builder) {
	superfluous, undecided := 0, 0
	for _, f := range p.Statements {
		switch {
		case f.Finding.Superfluous():
			superfluous++
		case f.Finding == review.Undecided:
			undecided++
		}
	}
	switch p.Outcome {
	case prove.Proved:
		fmt.Fprintf(b, "proved: none of %d can be left out\n", len(p.Statements))
	case prove.Refuted:
		fmt.Fprintf(b, "refuted: of %d, %d can be left out, all at once\n", len(p.Statements), superfluous)
	default:
		fmt.Fprintf(b, "unknown: of %d, %d are undecided\n", len(p.Statements), undecided)
	}
}

// refutation writes the request and the statements behind it.
func (v *verdict) refutation(b *strings.Builder) {
	field := func(name, value string) { fmt.Fprintf(b, "  %-10s  %s\n", name, oneLine(value)) }
	r := v.Request
	field("action", r.Action)
	field("resource", r.Resource)
	if r.foreign {
		field("", "of account "+r.ResourceAccount)
	}
	field("caller", r.Principal)
	for i, key := range contextWords(r) {
		field([]string{"context", ""}[min(i, 1)], key)
	}
	if v.AllowedBy != nil {
		field("allowed by", v.AllowedBy.String())
	}
	switch {
	case v.Nearest == nil:
	case v.Nearest.Effect == policy.Deny:
		field("denied by", v.Nearest.String())
	default:
		field("nearest", v.Nearest.String())
		for _, lack := range v.Lacks {
			field("", lack)
		}
	}
}

// newBasis is what was assumed of the policies and what the verdicts rest on, each
// assumption once. They are about
// policies of one kind, so their universe is one.
func newBasis(assumed []string, verdicts ...*prove.Verdict) basisJSON {
	b := basisJSON{Assumptions: append([]string{}, assumed...)}
	for _, v := range verdicts {
		b.Universe, b.CatalogDate = v.Universe, v.CatalogDate
		for _, a := range v.Assumptions {
			if !slices.Contains(b.Assumptions, a) {
				b.Assumptions = append(b.Assumptions, a)
			}
		}
	}
	return b
}

func (x *basisJSON) text(b *strings.Builder) {
	fmt.Fprintf(b, "\nuniverse: %s\n", x.Universe)
	if x.CatalogDate != "" {
		fmt.Fprintf(b, "catalogue: %s\n", x.CatalogDate)
	}
	for _, a := range x.Assumptions {
		fmt.Fprintf(b, "assuming: %s\n", a)
	}
}

// contextWords are the context keys of a request, "key=value" each.
func contextWords(r *proofRequest) []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(r.Context)) {
		switch value := r.Context[name].(type) {
		case string:
			list = append(list, name+"="+value)
		case []string:
			if len(value) == 0 {
				list = append(list, "no "+name)
			} else {
				list = append(list, name+"=["+strings.Join(value, ", ")+"]")
			}
		}
	}
	return list
}
