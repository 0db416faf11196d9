package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/evaluator/fix"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/report"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

func deniedCommand() *cobra.Command {
	var x deniedFlags
	c := &cobra.Command{
		Use:   "denied [flags] [POLICY.json …]",
		Short: "Read what AWS said when it denied a request, and tell why",
		Long: `Read what AWS said when it denied a request, and ask iamsim the same.

Standard input has the message: alone, as an SDK, the AWS CLI, Terraform or
CloudFormation prints it, a log, a CloudTrail event, or what
aws sts decode-authorization-message answers. Each POLICY.json is an
identity-based policy of the caller; the other layers are given by flags.

  aws lambda get-function --function-name my-function 2>&1 |
    iamsim denied --context aws:SourceIp=203.0.113.9 deployer.json

What the message does not tell can be given by flags: the resource's ARN where
it has only a name, the path of a session's role, context keys. Tags are context
keys too: --context aws:PrincipalTag/team=red.

Exit status:
  0  iamsim denies too, by the layer that AWS names
  1  it allows, denies otherwise, or cannot decide
  2  the message was not understood, or some input is missing or wrong`,
		RunE: func(c *cobra.Command, paths []string) error { return x.run(c, paths) },
	}
	x.define(c)
	return c
}

// deniedFlags are the flags of denied.
type deniedFlags struct {
	principal, role, action, resource, region string
	policyFlags

	json, all bool
}

func (x *deniedFlags) define(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&x.principal, "principal", "", "who asked, where the message does not tell")
	f.StringVar(&x.role, "role", "", "ARN of the role, with its path, where the caller is a session")
	f.StringVar(&x.action, "action", "", "what was asked, where the message does not tell")
	f.StringVar(&x.resource, "resource", "", "ARN of the resource, where the message does not tell it")
	f.StringVar(&x.region, "region", "", "region of the request, which completes the name of a function")
	x.policyFlags.define(c, slices.Collect(policy.Layers())[1:]...) // those of the caller are arguments
	f.BoolVar(&x.json, "json", false, "print JSON, one object a denial")
	f.BoolVar(&x.all, "all", false, "explain every layer, policy, statement and element")
}

func (x *deniedFlags) run(c *cobra.Command, paths []string) error {
	x.files[policy.IdentityLayer] = paths
	policies, err := x.files.read()
	if err != nil {
		return err
	}
	context, err := x.contextKeys()
	if err != nil {
		return err
	}
	text, err := io.ReadAll(io.LimitReader(c.InOrStdin(), denial.MaxSize+1))
	if err != nil {
		return err
	}
	denials, notUnderstood := denial.Parse(string(text))
	var out bytes.Buffer
	var status exitStatus
	for i, d := range once(denials) {
		a := x.answer(d, policies, context)
		status = max(status, a.status())
		if i > 0 && !x.json {
			out.WriteByte('\n')
		}
		write := a.text
		if x.json {
			write = a.json
		}
		o := report.Options{Complete: x.all, Color: !x.json && hasColor(c.OutOrStdout())}
		if err := write(&out, o); err != nil {
			return err
		}
	}
	if _, err := c.OutOrStdout().Write(out.Bytes()); err != nil {
		return err
	}
	switch {
	case notUnderstood != nil:
		return notUnderstood
	case status != 0:
		return status
	}
	return nil
}

// once leaves out what is said again, as tools do that print an error twice.
func once(denials []denial.Denial) []*denial.Denial {
	var kept []*denial.Denial
	said := make(map[string]bool)
	for i := range denials {
		d := &denials[i]
		sentence := strings.Join([]string{d.Principal, d.Action, d.Resource, d.ResourceAsGiven, d.Reason, d.PolicyARN, d.EncodedMessage}, "\n")
		if d.Form == denial.FromMessage && said[sentence] {
			continue
		}
		said[sentence] = true
		kept = append(kept, d)
	}
	return kept
}

// answer replays a denial.
func (x *deniedFlags) answer(d *denial.Denial, policies policy.Policies, context []scenario.ContextKey) *answer {
	a := &answer{denial: d}
	for _, fill := range []struct {
		what       string
		told       *string
		name, flag string
	}{
		{"caller", &d.Principal, "--principal", x.principal}, {"role", &d.Role, "--role", x.role}, {"action", &d.Action, "--action", x.action},
		{"resource", &d.Resource, "--resource", x.resource}, {"region", &d.Region, "--region", x.region},
	} {
		switch {
		case *fill.told == "":
			*fill.told = fill.flag
		case fill.flag != "" && fill.flag != *fill.told:
			a.err = errors.Join(a.err, fmt.Errorf("%w: its %s is not that of %s", denial.ErrOtherRequest, fill.what, fill.name))
		}
	}
	if a.err != nil {
		return a
	}
	for _, key := range context {
		d.Context = replaceKey(d.Context, evaluator.Key{Name: key.Name, Values: key.Values})
	}
	s, err := d.Scenario()
	if err != nil {
		a.err = err
		return a
	}
	s.Policies = policies
	c, err := s.Compile()
	if err != nil {
		a.err = err
		return a
	}
	c.Engine.Catalog = catalog.Default()
	a.replayed, a.err = denial.Replay(&c.Engine, d, c.Caller, c.Target, c.Request)
	if a.err == nil && a.replayed.Explanation.Decision().Denied() {
		a.fix, a.err = smallestFix(c.Engine, a.replayed)
	}
	return a
}

// smallestFix is what would allow the request under these policies.
func smallestFix(e evaluator.Engine, r *denial.Replayed) (*fix.Fix, error) {
	return fix.For(context.Background(), &fix.Denied{
		Engine: e, Caller: r.Caller, Target: r.Target, Request: r.Request,
		Catalog: catalog.Default(), Prover: &prove.Prover{Catalog: catalog.Default()},
	})
}

// replaceKey puts a key in the place of one with the same name.
func replaceKey(keys evaluator.Context, key evaluator.Key) evaluator.Context {
	if i := keys.Index(key.Name); i >= 0 {
		keys[i] = key
		return keys
	}
	return append(keys, key)
}

// An answer is a denial and what iamsim says to it.
type answer struct {
	denial   *denial.Denial
	replayed *denial.Replayed
	fix      *fix.Fix // nil where iamsim does not deny
	err      error    // why it was not replayed
}

func (a *answer) status() exitStatus {
	switch {
	case a.err != nil:
		return broken
	case a.replayed.Agreement != denial.Agrees:
		return notMet
	}
	return 0
}

// text prints what was asked, what iamsim says, and why.
func (a *answer) text(w io.Writer, o report.Options) error {
	a.asked(w)
	if a.err != nil {
		a.missing(w)
		return nil
	}
	a.compared(w)
	fmt.Fprintln(w)
	if err := report.Text(w, o, a.replayed.Explanation); err != nil || a.fix == nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s", a.fix)
	return err
}

func (a *answer) asked(w io.Writer) {
	d := a.denial
	fmt.Fprintf(w, "AWS denied, line %d:\n", d.Line)
	field := func(name, value string) {
		if value == "" {
			value = "not told"
		}
		fmt.Fprintf(w, "  %-9s %s\n", name, value)
	}
	resource := d.Resource
	if resource == "" {
		resource = d.ResourceAsGiven
	}
	field("caller", d.Principal)
	field("action", d.Action)
	field("resource", resource)
	reason := d.Reason
	if reason == "" && d.Explicit {
		reason = "with an explicit deny"
	}
	if d.PolicyARN != "" {
		reason += ": " + d.PolicyARN
	}
	field("reason", reason)
	if exception := a.exception(); exception != "" {
		field("error", exception)
	}
	for _, note := range d.Notes {
		fmt.Fprintf(w, "  note: %s\n", note)
	}
	if d.EncodedMessage != "" {
		fmt.Fprintln(w, "  note: AWS can decode the rest: aws sts decode-authorization-message --encoded-message …; give its answer to iamsim denied")
	}
}

// exception is what is known of the error beside its message.
func (a *answer) exception() string {
	d := a.denial
	var parts []string
	if d.Code != "" {
		parts = append(parts, d.Code)
	}
	if operation := strings.TrimSpace(d.Service + " " + d.Operation); operation != "" {
		parts = append(parts, operation)
	}
	if d.RequestID != "" {
		parts = append(parts, "request "+d.RequestID)
	}
	return strings.Join(parts, ", ")
}

// missing says why there is no answer, and how there will be one.
func (a *answer) missing(w io.Writer) {
	for line := range strings.SplitSeq(a.err.Error(), "\n") {
		fmt.Fprintf(w, "iamsim cannot ask the same: %s\n", line)
	}
	resource := "--resource, an ARN"
	if a.denial.ResourceAsGiven != "" {
		resource += ", or --region where it is the name of a function"
	}
	for _, help := range []struct {
		err  error
		flag string
	}{{denial.ErrNoCaller, "--principal, an ARN"}, {denial.ErrNoAction, "--action, service:Action"}, {denial.ErrNoResource, resource}} {
		if errors.Is(a.err, help.err) {
			fmt.Fprintf(w, "  give %s\n", help.flag)
		}
	}
}

func (a *answer) compared(w io.Writer) {
	decision := a.replayed.Explanation.Decision()
	switch a.replayed.Agreement {
	case denial.Agrees:
		fmt.Fprintf(w, "iamsim agrees: %s\n", decision)
	case denial.DeniesOtherwise:
		fmt.Fprintf(w, "iamsim denies too, but otherwise: %s\n", decision)
	case denial.Undecided:
		fmt.Fprintf(w, "iamsim cannot decide: %s\n", decision)
	case denial.Allows:
		fmt.Fprintf(w, "iamsim allows it with what it was given\n")
	}
	if len(a.replayed.Unknown) > 0 {
		fmt.Fprintln(w, "  AWS knew, and iamsim was not told:")
	}
	for _, unknown := range a.replayed.Unknown {
		fmt.Fprintf(w, "  - %s\n", unknown.Text)
	}
}

// json prints the same as one line.
func (a *answer) json(w io.Writer, o report.Options) error {
	type unknown struct {
		Layer policy.Layer `json:"layer,omitempty"`
		Key   string       `json:"key,omitempty"`
		Text  string       `json:"text"`
	}
	j := struct {
		Denial      *denial.Denial    `json:"denial"`
		Agreement   *denial.Agreement `json:"agreement,omitempty"`
		Unknown     []unknown         `json:"unknown,omitempty"`
		Explanation json.RawMessage   `json:"explanation,omitempty"`
		Fix         *fix.Fix          `json:"fix,omitempty"`
		Error       string            `json:"error,omitempty"`
	}{Denial: a.denial, Fix: a.fix}
	if a.err != nil {
		j.Error = a.err.Error()
	} else {
		j.Agreement = &a.replayed.Agreement
		for _, u := range a.replayed.Unknown {
			j.Unknown = append(j.Unknown, unknown(u))
		}
		var explanation bytes.Buffer
		if err := report.JSON(&explanation, o, a.replayed.Explanation); err != nil {
			return err
		}
		j.Explanation = explanation.Bytes()
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	return out.Encode(j)
}
