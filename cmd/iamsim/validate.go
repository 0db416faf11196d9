package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator/validate"
	"github.com/iamsim/iamsim/internal/replace"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/load"
)

// validateFlags are what iamsim validate was asked for.
type validateFlags struct {
	to                 output
	kind, severity     string
	suppress, baseline string
	writeBaseline      string
	fix, noProofs      bool
	timeout            time.Duration
	quota              int
	validator          validate.Validator
	open               plannedFlags

	of           policy.Kind // 0: the text says it
	least        validate.Type
	suppressions []validate.Suppression
}

func validateCommand() *cobra.Command {
	var x validateFlags
	c := &cobra.Command{
		Use:   "validate POLICY|PATH...",
		Short: "Find what AWS stores and people regret, under the codes of IAM Access Analyzer",
		Long: `Find what is wrong with policies, under the codes of IAM Access Analyzer, and what
it does not have: escalations, confused deputies, statements that do nothing.

A POLICY is a file (what the AWS CLI prints and YAML are read, too), a folder, -
for standard input, a document, or an AWS managed policy by its ARN or name. A
policy that names principals is taken for one of a resource, or of a role if all
its actions are those of a role trust policy, every other for an identity-based
one; --kind says otherwise.

A file that is no policy is taken for what iamsim account reads: a template of
CloudFormation or SAM, a plan of Terraform, what the AWS CLI printed of an account; a
folder without policies for one of these. Each of their policies is told with its
address. What depends on a value that is not known before deployment is not found.

What is found can be suppressed, each with a reason and an end date, in a file:

  {"suppress": [{"code": "PASS_ROLE_WITH_STAR_IN_RESOURCE", "policy": "admin.json",
    "path": "Statement[0]", "reason": "…", "until": "2027-06-30"}]}

or in a comment of YAML, for what is found in its line, or, alone in a line, for what
stands below it:

  # iamsim:ignore PASS_ROLE_WITH_STAR_IN_RESOURCE until 2027-06-30: the reason`,
		Example: "  iamsim validate policies/\n  iamsim validate --fix deployer.json\n  iamsim validate --output sarif --out findings.sarif policies/\n  iamsim validate template.yaml plan.json",
		RunE:    func(c *cobra.Command, args []string) error { return x.run(c, args) },
	}
	f := c.Flags()
	x.to.define(c, "text", "json", "markdown", "sarif", "junit", "github")
	f.StringVar(&x.kind, "kind", "", "what the policies are: "+strings.Join(proofKinds(), ", "))
	f.StringVar(&x.severity, "severity", "suggestion", "what is told and counts: this `type` of finding and graver ones: suggestion, warning, security_warning, error")
	f.StringVar(&x.suppress, "suppress", "", "a `file` with findings that are wanted, each with a reason and an end")
	f.StringVar(&x.baseline, "baseline", "", "a `file` with findings that are known; only new ones are told")
	f.StringVar(&x.writeBaseline, "write-baseline", "", "write all findings to this `file`")
	cobra.CheckErr(c.RegisterFlagCompletionFunc("severity", oneOf("suggestion", "warning", "security_warning", "error")))
	f.BoolVar(&x.fix, "fix", false, "apply the edits of findings to the files, and change nothing else in them")
	f.BoolVar(&x.noProofs, "no-proofs", false, "leave out what only a proof finds")
	f.DurationVar(&x.timeout, "timeout", time.Minute, "time for proofs; 0 for any")
	f.IntVar(&x.quota, "quota", 0, "`characters` that a policy may have; 0 for AWS's default")
	f.StringVar(&x.validator.ResourceType, "resource-type", "", "what resource-based policies are attached to, such as AWS::S3::Bucket")
	f.StringVar(&x.validator.Owner, "owner", "", "the `account` that resource-based policies are of")
	x.open.define(c)
	f.BoolVar(&x.validator.LegacySCPGrammar, "legacy-scp-grammar", false, "hold service control policies to the grammar before September 2025")
	return c
}

// check reads the flags.
func (x *validateFlags) check(args []string) error {
	if len(args) == 0 {
		return errors.New("validate needs a POLICY; see iamsim validate --help")
	}
	if x.kind != "" {
		if err := x.of.UnmarshalText([]byte(x.kind)); err != nil {
			return fmt.Errorf("--kind is %s, not %s", strings.Join(proofKinds(), ", "), spelling.Quote(x.kind))
		}
	}
	if err := x.least.UnmarshalText([]byte(x.severity)); err != nil {
		return fmt.Errorf("--severity: %w", err)
	}
	if x.quota < 0 || x.timeout < 0 {
		return errors.New("--quota and --timeout are not negative")
	}
	if x.quota > 0 {
		x.validator.Quotas = map[policy.Kind]int{}
		for kind := policy.Identity; kind.String() != ""; kind++ {
			x.validator.Quotas[kind] = x.quota
		}
	}
	return nil
}

func (x *validateFlags) run(c *cobra.Command, args []string) error {
	if err := x.check(args); err != nil {
		return err
	}
	given, err := x.open.given()
	if err != nil {
		return err
	}
	known, err := x.files()
	if err != nil {
		return err
	}
	ctx, cancel := inTime(c.Context(), x.timeout)
	defer cancel()
	from := newPolicyLoader(c)
	r := findingsReport{texts: map[string]string{}}
	now := time.Now()
	wanted := func(list []validate.Finding) []validate.Finding {
		list = validate.Suppress(list, x.suppressions, now)
		return slices.DeleteFunc(known.New(list), func(f validate.Finding) bool { return f.Type < x.least })
	}
	policies, accounts := x.arguments(from, args)
	for _, name := range policies {
		x.one(ctx, from, &r, name, wanted)
	}
	if accounts != nil {
		x.account(ctx, from, &r, accounts, given, wanted)
	}
	if ctx.Err() != nil {
		from.faults = append(from.faults, fmt.Errorf("not all proofs were tried: %w", context.Cause(ctx)))
	}
	if err := x.end(c, &r, validate.Unused(x.suppressions, now)); err != nil {
		return err
	}
	if err := from.err(); err != nil {
		return err
	}
	if len(r.findings) > 0 {
		return notMet
	}
	return nil
}

// files reads the suppressions and the baseline.
func (x *validateFlags) files() (known validate.Baseline, err error) {
	if x.suppress != "" {
		text, err := load.ReadFile(nil, x.suppress, load.MaxSize)
		if err != nil {
			return known, err
		}
		if x.suppressions, err = validate.ParseSuppressions(x.suppress, text); err != nil {
			return known, err
		}
	}
	if x.baseline != "" {
		text, err := load.ReadFile(nil, x.baseline, maxBaseline)
		if err != nil {
			return known, err
		}
		if known, err = validate.ParseBaseline(x.baseline, text); err != nil {
			return known, err
		}
	}
	return known, nil
}

// one validates what one name stands for, and mends it.
func (x *validateFlags) one(ctx context.Context, from *policyLoader, r *findingsReport, name string, wanted func([]validate.Finding) []validate.Finding) {
	policies, err := from.Load(name)
	if err != nil {
		found := validate.Refused(err, x.of)
		if found == nil || isForeign(err) {
			from.faults = append(from.faults, err)
			return
		}
		r.read(name, "", "")
		x.comments(from, r, name)
		r.findings = append(r.findings, wanted(found)...)
		return
	}
	for i := range policies {
		p := &policies[i]
		from.tell(p)
		r.read(p.DisplayName(), "", p.Text)
		x.comments(from, r, p.DisplayName())
		list := x.find(ctx, p.Document, x.kindOf(p))
		if x.fix {
			list = x.mend(ctx, from, r, p, list, wanted)
		}
		r.texts[p.DisplayName()] = p.Text // as it was mended
		r.findings = append(r.findings, wanted(list)...)
	}
}

// comments takes the suppressions in the comments of a file.
func (x *validateFlags) comments(from *policyLoader, r *findingsReport, source string) {
	list, err := validate.ParseComments(source, r.texts[source])
	if err != nil {
		from.faults = append(from.faults, err)
	}
	x.suppressions = append(x.suppressions, list...)
}

// isForeign reports whether a text is no policy at all, but something else: not even
// its first character is one of JSON.
func isForeign(err error) bool {
	var fault *policy.Error
	if errors.As(err, &fault) && fault.Code == "not-json" {
		return fault.Line == 1 && fault.Column == 1
	}
	for _, code := range []policy.Code{"not-a-policy", "no-policy", "not-utf8"} {
		if errors.Is(err, code) {
			return true
		}
	}
	return false
}

// kindOf is the kind of a policy: as the flag says, or what it was wrapped in, or
// its text.
func (x *validateFlags) kindOf(p *load.Policy) policy.Kind {
	switch {
	case x.of != 0:
		return x.of
	case p.Kind != 0:
		return p.Kind
	case p.Document.NamesPrincipals():
		at := policy.ResourceLayer.At(0)
		return policy.Policies{}.With(at, p.Attached).Kind(at)
	}
	return policy.Identity
}

// find is what is found in a document.
func (x *validateFlags) find(ctx context.Context, d *policy.Document, kind policy.Kind) []validate.Finding {
	list := x.validator.Validate(d, kind)
	if !x.noProofs {
		more, err := x.validator.Prove(ctx, d, kind)
		if err == nil { // else IAM refuses the document, which is found already
			list = validate.Sort(append(list, more...))
		}
	}
	return list
}

// mostRounds is how often a file is mended, since an edit can bring up another.
const mostRounds = 8

// mend applies the edits to the file of a policy, and gives what is found then.
func (x *validateFlags) mend(ctx context.Context, from *policyLoader, r *findingsReport, p *load.Policy, list []validate.Finding, wanted func([]validate.Finding) []validate.Finding) []validate.Finding {
	name := p.DisplayName()
	if !p.File || len(p.Unwrapped) > 0 {
		if slices.ContainsFunc(wanted(list), func(f validate.Finding) bool { return f.Edit != nil }) {
			r.notes = append(r.notes, fmt.Sprintf("%s: is not mended: only the file of a document alone is", name))
		}
		return list
	}
	before := p.Text
	for range mostRounds {
		text, applied := validate.Apply(p.Text, wanted(list))
		if applied == nil {
			break
		}
		d, err := policy.ParseString(name, text)
		if err != nil {
			r.notes = append(r.notes, fmt.Sprintf("%s: is not mended further: %v", name, err))
			break
		}
		for _, f := range applied {
			says := f.Edit.Says
			if f.Edit.Changes {
				says += ", which can change what the policy means"
			}
			r.mended = append(r.mended, fmt.Sprintf("%s:%d:%d: %s: %s", name, f.From.Line, f.From.Column, f.Code, says))
		}
		p.Document, p.Text = d, text
		list = x.find(ctx, d, x.kindOf(p))
	}
	if text := p.Text; text != before {
		if err := replace.File(name, []byte(text)); err != nil {
			from.faults = append(from.faults, err)
		}
	}
	return list
}

// maxBaseline is the size of a baseline above which it is refused.
const maxBaseline = 64 << 20

// end prints the report and what is to be said beside it, and writes the baseline.
func (x *validateFlags) end(c *cobra.Command, r *findingsReport, unused []string) error {
	r.notes = append(r.notes, unused...)
	if x.writeBaseline != "" {
		text, err := json.MarshalIndent(validate.NewBaseline(r.findings), "", " ")
		if err == nil {
			err = replace.File(x.writeBaseline, append(text, '\n'))
		}
		if err != nil {
			return err
		}
	}
	for _, m := range r.mended {
		fmt.Fprintf(c.ErrOrStderr(), "iamsim: mended: %s\n", m)
	}
	for _, told := range r.notes {
		note(c.ErrOrStderr(), "%s", told)
	}
	return x.to.to(c, func(s *sheet) error { return r.print(s, x.to.format) })
}

// findingsReport is what iamsim validate says.
type findingsReport struct {
	policies []validated // in their order
	texts    map[string]string
	findings []validate.Finding
	mended   []string
	notes    []string
}

// A validated policy is a file, or what has an address in one.
type validated struct{ source, address string }

// String is both, as far as they are there.
func (v validated) String() string {
	return strings.TrimPrefix(strings.TrimSuffix(v.source+": "+v.address, ": "), ": ")
}

// read adds a policy that was read, with the text of its file, or without.
func (r *findingsReport) read(source, address, text string) {
	r.policies = append(r.policies, validated{source, address})
	if _, known := r.texts[source]; known {
		return
	}
	if text == "" {
		if info, err := os.Stat(source); err == nil && info.Mode().IsRegular() { // a pipe has been read
			if read, err := load.ReadFile(nil, source, load.MaxSize); err == nil {
				text = string(read)
			}
		}
	}
	r.texts[source] = text
}

func (r *findingsReport) print(s *sheet, format string) error {
	switch format {
	case "json":
		return s.json(struct {
			Findings []validate.Finding `json:"findings"`
		}{append([]validate.Finding{}, r.findings...)})
	case "sarif":
		return s.json(findingsSARIF(r.findings))
	case "junit":
		return r.junit(s)
	case "github":
		return s.marked(annotations(findingsSARIF(r.findings)))
	case "markdown":
		return s.print(r.markdown())
	}
	return r.text(s)
}
