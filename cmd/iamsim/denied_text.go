package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/evaluator/report"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// text prints the cause in one sentence, what to do, and the evidence: what AWS
// said, what iamsim says, and the change in full.
func (a *answer) text(w io.Writer, o report.Options) error {
	around := showing{w}
	a.head(around)
	if a.err != nil {
		return a.tail(around)
	}
	if a.assumesAll() {
		return a.tail(around)
	}
	fmt.Fprintln(w)
	o.Color = o.Color && a.replayed.Agreement != denial.Allows // nothing green about a denial
	if err := report.Text(w, o, a.replayed.Explanation); err != nil {
		return err
	}
	return a.tail(around)
}

// showing writes texts that a terminal is to show, and not to obey.
type showing struct{ to io.Writer }

func (s showing) Write(p []byte) (int, error) {
	_, err := io.WriteString(s.to, spelling.Shown(string(p)))
	return len(p), err
}

// head prints what stands before the explanation.
func (a *answer) head(w io.Writer) {
	fmt.Fprintf(w, "%s\n%s", a.cause(), a.remedy())
	if a.call != nil {
		fmt.Fprint(w, a.call.beside())
	}
	fmt.Fprint(w, "\n\n")
	a.asked(w)
	if a.err != nil {
		a.missing(w)
		return
	}
	a.compared(w)
}

// tail prints what stands behind the explanation: what to change, and what comes
// next.
func (a *answer) tail(w io.Writer) error {
	for _, p := range a.passing {
		if _, err := fmt.Fprintf(w, "\nif the role is passed to %s:\n%s", p.Service, p.Fix); err != nil {
			return err
		}
	}
	if a.fix != nil {
		if _, err := fmt.Fprintf(w, "\n%s", a.fix); err != nil {
			return err
		}
	}
	if a.call != nil {
		a.call.text(w)
	}
	return nil
}

// cause is the first line: why it was denied, as far as that is known.
func (a *answer) cause() string {
	what := a.what()
	switch d := a.denial; {
	case a.lacks() && d.Layer == policy.RuleLayer:
		return "DENIED  " + what + " by AWS: no policy can allow it"
	case a.lacks():
		return "NOT SETTLED  " + what + " was denied; the text does not tell enough to say why"
	case a.err != nil:
		return "NOT ASKED  " + what + " was denied, and iamsim cannot ask the same"
	case a.replayed.Agreement == denial.Allows && d.Layer != policy.NoLayer:
		return "DENIED  " + what + " by AWS, in the " + d.Layer.Noun() + "; the policies that were given allow it"
	case a.replayed.Agreement == denial.Allows:
		return "DENIED  " + what + " by AWS; the policies that were given allow it, so another one denied"
	case a.assumesAll() && d.Layer != policy.NoLayer:
		return "DENIED  " + what + " by AWS, " + a.reason() + "; no " + d.Layer.Noun() + " was given"
	case a.assumesAll():
		return "DENIED  " + what + " by AWS, " + a.reason() + "; no policy that denies it was given"
	case a.replayed.Agreement == denial.Undecided:
		return "NOT SETTLED  " + what + " was denied; whether by the policies that were given hangs on what is not known"
	}
	decision := a.replayed.Explanation.Decision()
	text := "DENIED  " + what + ": " + a.layerSays()
	if a.replayed.Agreement == denial.DeniesOtherwise {
		text += fmt.Sprintf(" (iamsim; AWS names another reason: %s)", or(a.denial.Reason, decision.String()))
	}
	return text
}

// assumesAll reports whether nothing that was given denies, since the layers that
// would are taken to allow.
func (a *answer) assumesAll() bool {
	return a.replayed.Agreement == denial.Undecided && len(a.replayed.Assumed) > 0
}

// reason is what AWS says of why; "" where it says nothing.
func (a *answer) reason() string {
	if a.denial.Reason == "" && a.denial.Explicit {
		return "with an explicit deny"
	}
	return a.denial.Reason
}

// layerSays is what the layer that denies says, by iamsim.
func (a *answer) layerSays() string {
	decision := a.replayed.Explanation.Decision()
	layer := decision.Layer()
	switch {
	case layer == policy.RuleLayer:
		return "no policy can allow it"
	case decision.Outcome().String() == "explicitDeny":
		return layer.Article() + " " + layer.Noun() + " denies it"
	}
	if a.replayed.Target.Policies == nil && (layer == policy.ResourceLayer || layer == policy.TrustLayer) {
		return "no " + layer.Noun() + " that allows it was given"
	}
	return "no " + layer.Noun() + " allows it"
}

// what is the request in words.
func (a *answer) what() string {
	d := a.denial
	text := or(d.Action, d.Operation)
	if text == "" {
		text = "the request"
	}
	if resource := or(d.Resource, d.ResourceAsGiven); resource != "" && resource != "*" {
		text += " on " + resource
	}
	if caller := or(d.Principal, d.CalledBy); caller != "" && caller != "the caller" {
		text += " for " + caller
	}
	return text
}

// remedy is the second line: what to change and who can, or what to bring.
func (a *answer) remedy() string {
	const label = "do       "
	switch d := a.denial; {
	case a.lacks() && d.Layer == policy.RuleLayer: // G-4, the one rule that AWS tells of
		return label + "pass a role of the caller's account, or call from the account of the role; for an explanation, " + strings.Join(a.needed(), "; ")
	case a.lacks():
		return label + strings.Join(a.needed(), "; ")
	case a.err != nil:
		return label + "see below what is wrong with the input"
	case len(a.passing) > 0:
		return label + "find out to which service the role is passed, and allow that, as below: give --context iam:PassedToService=…"
	case a.fix != nil && len(a.fix.Alternatives) > 0:
		return label + a.fix.Alternatives[0].How
	case a.fix != nil && len(a.fix.Changes) > 0:
		c := &a.fix.Changes[0]
		text := "change the " + c.Layer.Noun()
		if c.Policy != "" {
			text += " " + c.Policy
		}
		if len(a.fix.Changes) > 1 {
			text += fmt.Sprintf(", the first of %d changes", len(a.fix.Changes))
		}
		return label + text + ", as below; who can: " + c.Owner
	case a.fix != nil:
		return label + or(a.fix.Instead, a.fix.Reason)
	case a.assumesAll() && d.Layer != policy.NoLayer:
		text := label + "give the " + d.Layer.Noun() + " that AWS names"
		if i := slices.IndexFunc(layerFlags, func(f layerFlag) bool { return f.layer == d.Layer }); d.Layer != policy.IdentityLayer && i >= 0 {
			text += ", by --" + layerFlags[i].name
		}
		if d.Explicit {
			text += ": no Allow elsewhere outweighs its Deny"
		}
		return text
	case a.replayed.Agreement == denial.Undecided && a.anyResource:
		return label + "give --resource, an ARN: the policies that were given allow some resources"
	case len(a.replayed.Unknown) > 0:
		return label + "find out " + a.replayed.Unknown[0].Text
	}
	return label + "compare what was given with what applies in AWS"
}

// needed is what must be given for an answer, flag by flag.
func (a *answer) needed() []string {
	d := a.denial
	var needed []string
	if errors.Is(a.err, denial.ErrNoCaller) {
		text := "give --principal, the ARN of the caller"
		if d.CalledBy != "" {
			text = "give --principal, the ARN of " + d.CalledBy
		}
		if len(a.providers) > 0 {
			text += ", one of those that the trust policy names: " + strings.Join(a.providers, ", ")
		}
		needed = append(needed, text)
	}
	if errors.Is(a.err, denial.ErrNoAction) {
		needed = append(needed, "give --action, service:Action")
	}
	if errors.Is(a.err, denial.ErrNoResource) {
		text := "give --resource, an ARN"
		if service, _, _ := strings.Cut(d.Action, ":"); d.ResourceAsGiven != "" && strings.EqualFold(service, "lambda") {
			text += ", or --region where it is the name of a function"
		}
		needed = append(needed, text)
	}
	return needed
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
	resource := or(d.Resource, d.ResourceAsGiven)
	if resource == "" && d.ResourceBegins != "" {
		resource = d.ResourceBegins + "…"
	}
	reason := a.reason()
	if d.PolicyARN != "" {
		reason += ": " + d.PolicyARN
	}
	caller := d.Principal
	if caller == "" && d.CalledBy != "" {
		caller = "not told: " + d.CalledBy
	}
	field("caller", caller)
	field("action", d.Action)
	field("resource", resource)
	field("reason", reason)
	if exception := a.exception(); exception != "" {
		field("error", exception)
	}
	if len(d.Actions) > 1 {
		fmt.Fprintf(w, "  needs     %s\n", strings.Join(d.Actions, ", "))
	}
	if d.Bring != "" {
		fmt.Fprintf(w, "  look at   %s\n", d.Bring)
		fmt.Fprintf(w, "  source    %s\n", d.Source)
	}
	for _, c := range d.Causes() {
		fmt.Fprintf(w, "  known     %s\n", c.Text)
		fmt.Fprintf(w, "  source    %s\n", c.Source)
	}
	for _, note := range d.Notes {
		fmt.Fprintf(w, "  note: %s\n", note)
	}
	if d.EncodedMessage != "" {
		fmt.Fprintln(w, "  note: AWS can decode the rest: aws sts decode-authorization-message --encoded-message …; give its answer to iamsim denied")
	}
	if lookup := d.LookUp(); lookup != "" {
		fmt.Fprintf(w, "  look up   %s\n", lookup)
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
	for _, help := range a.needed() {
		fmt.Fprintf(w, "  %s\n", help)
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
		if a.assumesAll() {
			fmt.Fprintln(w, "iamsim cannot decide: what denies was not given")
			break
		}
		fmt.Fprintf(w, "iamsim cannot decide: %s\n", decision)
	case denial.Allows:
		fmt.Fprintf(w, "iamsim allows it with what it was given\n")
	}
	for _, l := range a.replayed.Assumed {
		fmt.Fprintf(w, "  no %s was given, and AWS names another reason: it is taken to allow this\n", l.Noun())
	}
	if a.anyResource {
		fmt.Fprintln(w, "  for any resource of the caller's account, since the text names none: --resource tells it")
	}
	if l := decision.Layer(); (l == policy.TrustLayer || l == policy.ResourceLayer) && a.denial.Role == "" && strings.Contains(a.denial.Principal, ":assumed-role/") {
		fmt.Fprintln(w, "  the path of the caller's role is not told, and taken to be /: --role tells it")
	}
	if len(a.replayed.Unknown) > 0 {
		fmt.Fprintln(w, "  AWS knew, and iamsim was not told:")
	}
	for _, unknown := range a.replayed.Unknown {
		fmt.Fprintf(w, "  - %s\n", unknown.Text)
	}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
