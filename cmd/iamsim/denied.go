package main

import (
	"context"
	"errors"
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
		Use:   "denied [flags] [POLICY …]",
		Short: "Read what AWS said when it denied a request, and tell why",
		Long: `Read what AWS said when it denied a request, and ask iamsim the same.

Standard input has the message: alone, as an SDK, the AWS CLI, Terraform or
CloudFormation prints it, the console's panel, a service's own sentence, a log, a
CloudTrail event, or what aws sts decode-authorization-message answers. Each POLICY is an
identity-based policy of the caller: a file, of what the AWS CLI prints, too, a
folder, a document, or an AWS managed policy by its ARN or name. The other layers
are given by flags. What a snapshot of accounts, a template or a plan has of caller and
resource need not be given: --snapshot names it, as for iamsim account.

An API call needs several authorizations at times. Those that the policies do not
give either are told, each with its fix, where the text names the operation or
--call does; --call also takes the parameters that decide what is needed.

What the message does not tell, or hides, can be given by flags: the caller, the
resource's ARN, the path of a session's role, context keys. What it tells stays.
Tags are context keys too: --context aws:PrincipalTag/team=red.`,
		Example: `  iamsim denied deployer.json < error.txt
  iamsim denied --snapshot snapshot/ < error.txt
  aws lambda get-function --function-name my-function 2>&1 |
    iamsim denied --context aws:SourceIp=203.0.113.9 deployer.json`,
		RunE: func(c *cobra.Command, paths []string) error { return x.run(c, paths) },
	}
	x.define(c)
	return c
}

// deniedFlags are the flags of denied.
type deniedFlags struct {
	principal, role, action, resource, region string
	calls                                     []string
	policyFlags
	snapshot snapshotFlag

	to     output
	all    bool
	whole  callFlag // what calls say
	parser denial.Parser
}

func (x *deniedFlags) define(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&x.principal, "principal", "", "who asked, where the message does not tell")
	f.StringVar(&x.role, "role", "", "ARN of the role, with its path, where the caller is a session")
	f.StringVar(&x.action, "action", "", "what was asked, where the message does not tell")
	f.StringVar(&x.resource, "resource", "", "ARN of the resource, where the message does not tell it")
	f.StringVar(&x.region, "region", "", "Region of the request, which also completes the name of a function")
	f.StringArrayVar(&x.calls, "call", nil, "the call that was denied: its `operation`, or its parameters as JSON or a file; may be repeated")
	x.policyFlags.define(c, slices.Collect(policy.Layers())[1:]...) // those of the caller are arguments
	x.snapshot.define(c)
	x.to.define(c, "text", "json", "html")
	f.BoolVar(&x.all, "all", false, "explain every layer, policy, statement and element")
}

func (x *deniedFlags) run(c *cobra.Command, paths []string) error {
	x.files[policy.IdentityLayer] = paths
	load := newPolicyLoader(c)
	load.Stdin = nil // it has the message
	policies, err := x.files.read(load)
	if err != nil {
		return err
	}
	if slices.Contains(x.snapshot.paths, "-") {
		return errors.New("--snapshot -: standard input has the message; give a file")
	}
	if err := x.snapshot.load(c); err != nil {
		return err
	}
	context, err := x.contextKeys()
	if err != nil {
		return err
	}
	if x.whole, err = readCall(x.calls); err != nil {
		return err
	}
	text, err := io.ReadAll(io.LimitReader(c.InOrStdin(), denial.MaxSize+1))
	if err != nil {
		return err
	}
	x.parser.Catalog = catalog.Default()
	denials, notUnderstood := x.parser.Parse(string(text))
	var answers []*answer
	var status exitStatus
	for _, d := range once(denials) {
		a := x.answer(d, policies, context)
		if a.call, err = x.call(a); err != nil {
			return err
		}
		status = worse(status, a.status())
		answers = append(answers, a)
	}
	if notUnderstood != nil {
		status = broken
	}
	err = x.to.to(c, func(s *sheet) error {
		if err := x.print(s, answers, notUnderstood); err != nil {
			return err
		}
		return status.error()
	})
	if printed(err) && notUnderstood != nil {
		return notUnderstood
	}
	return err
}

// print writes all answers in the format that is wanted.
func (x *deniedFlags) print(s *sheet, answers []*answer, notUnderstood error) error {
	o := report.Options{Complete: x.all}
	switch {
	case x.to.format == "json":
		return printDenials(s, o, answers, notUnderstood)
	case x.to.format == "html" && len(answers) > 0:
		return printPage(s, o, answers)
	case x.to.format == "html":
		return nil
	}
	o.Color = s.color
	var b strings.Builder
	for i, a := range answers {
		if i > 0 {
			b.WriteByte('\n')
		}
		if err := a.text(&b, o); err != nil {
			return err
		}
	}
	return s.marked(s.flowed(b.String(), 9))
}

// once leaves out what is said again, as tools do that print an error twice, and
// takes from it what was not said before.
func once(denials []denial.Denial) []*denial.Denial {
	var kept []*denial.Denial
	said := make(map[string]*denial.Denial)
	for i := range denials {
		d := &denials[i]
		sentence := strings.Join([]string{d.Principal, d.Action, d.Resource, d.ResourceAsGiven, d.Reason, d.PolicyARN, d.EncodedMessage}, "\n")
		if first := said[sentence]; d.Form == denial.FromMessage && first != nil {
			if first.Operation == "" && (first.Service == "" || first.Service == d.Service) {
				first.Service, first.Operation = d.Service, d.Operation
			}
			first.Code, first.RequestID = or(first.Code, d.Code), or(first.RequestID, d.RequestID)
			first.Status = max(first.Status, d.Status)
			continue
		}
		said[sentence] = d
		kept = append(kept, d)
	}
	return kept
}

// answer replays a denial: where it stands for several actions, the first that
// is not allowed.
func (x *deniedFlags) answer(d *denial.Denial, policies policy.Policies, context []scenario.ContextKey) *answer {
	d.Fill(&denial.Denial{Principal: x.principal, Role: x.role, Action: x.action, Resource: x.resource, Region: x.region})
	providers := d.FillProvider(federated(policies))
	for _, key := range context {
		d.Context = replaceKey(d.Context, evaluator.Key{Name: key.Name, Values: key.Values})
	}
	var first *answer
	for _, action := range actionsOf(d) {
		one := *d
		one.Action = action
		a := x.ask(&one, policies)
		a.providers = providers
		if a.err != nil || !a.replayed.Explanation.Decision().Allowed() {
			return a
		}
		if first == nil {
			first = a
		}
	}
	return first
}

// actionsOf are the actions that a denial stands for.
func actionsOf(d *denial.Denial) []string {
	if len(d.Actions) > 0 {
		return d.Actions
	}
	return []string{d.Action}
}

// federated are the identity providers that trust policies name.
func federated(policies policy.Policies) []string {
	var providers []string
	for _, attached := range slices.Concat(policies.Levels(policy.ResourceLayer)...) {
		for _, s := range attached.Document.Statements {
			if s.Principal == nil {
				continue
			}
			for _, entry := range s.Principal.Entries {
				if entry.Type == policy.PrincipalFederated {
					providers = append(providers, entry.Values...)
				}
			}
		}
	}
	slices.Sort(providers)
	return slices.Compact(providers)
}

// ask puts the same request to the engine. Without a resource it is asked for any.
func (x *deniedFlags) ask(d *denial.Denial, policies policy.Policies) *answer {
	a := &answer{denial: d}
	s, err := d.Scenario()
	if errors.Is(err, denial.ErrNoResource) && d.Resource == "" && d.ResourceAsGiven == "" {
		a.anyResource = true
		unnamed := *d
		unnamed.Resource = "*"
		if s, err = unnamed.Scenario(); err == nil {
			s.Request.Resource, s.Request.ResourceUnknown = d.ResourceBegins, true
			s.Request.ResourceAccount = accountOf(d)
		}
	}
	if err != nil {
		a.err = err
		return a
	}
	s.Policies = policies
	if a.err = x.snapshot.fill(s); a.err != nil {
		return a
	}
	d.Role = or(d.Role, s.Request.Principal.Role)
	a.target = x.snapshot.target
	c, err := s.Compile()
	if err != nil {
		a.err = err
		return a
	}
	c.Engine.Catalog = catalog.Default()
	a.engine = c.Engine
	a.replayed, a.err = denial.Replay(&c.Engine, d, c.Caller, c.Target, c.Request)
	switch {
	case a.err != nil:
	case len(d.PassedTo) > 0 && !isGiven(a.replayed.Request.Context, "iam:PassedToService"):
		a.err = a.fixEach(c.Engine, d.PassedTo)
	case a.replayed.Explanation.Decision().Denied():
		a.fix, a.err = smallestFix(c.Engine, a.replayed)
	}
	return a
}

// isGiven reports whether a context key has a value.
func isGiven(keys evaluator.Context, name string) bool {
	i := keys.Index(name)
	return i >= 0 && keys[i].State == evaluator.Known
}

// fixEach finds a fix for each service that the role may have been passed to.
func (a *answer) fixEach(e evaluator.Engine, services []string) error {
	for _, service := range services {
		r := *a.replayed
		r.Request.Context = replaceKey(slices.Clone(r.Request.Context), evaluator.Key{Name: "iam:PassedToService", Values: []string{service}})
		f, err := smallestFix(e, &r)
		switch {
		case errors.Is(err, fix.ErrNotDenied):
		case err != nil:
			return err
		default:
			a.passing = append(a.passing, passingFix{service, f})
		}
	}
	return nil
}

// accountOf is the account of the caller, which a resource that is not named is
// taken to be of; "" for one that has none.
func accountOf(d *denial.Denial) string {
	caller, err := d.Caller()
	if err != nil {
		return ""
	}
	return caller.Principal.Account()
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

// A passingFix is the fix for one of several services that a role may have been
// passed to.
type passingFix struct {
	Service string   `json:"passedToService"`
	Fix     *fix.Fix `json:"fix"`
}

// An answer is a denial and what iamsim says to it.
type answer struct {
	denial   *denial.Denial
	replayed *denial.Replayed
	fix      *fix.Fix // nil where iamsim does not deny
	passing  []passingFix
	err      error // why it was not replayed
	engine   evaluator.Engine
	call     *neededCall // nil where it needs nothing else, or is not known
	// anyResource: the text names none, and the answer is for any.
	anyResource bool
	// target is a resource of a snapshot, for what else a call needs.
	target func(resource string) (evaluator.Target, bool)
	// providers are the identity providers that may have asked.
	providers []string
}

func (a *answer) status() exitStatus {
	switch {
	case a.lacks():
		return notSettled
	case a.err != nil:
		return broken
	case a.replayed.Agreement == denial.Undecided:
		return notSettled
	case a.replayed.Agreement != denial.Agrees:
		return notMet
	}
	return 0
}

// lacks reports whether it was not asked because something is missing.
func (a *answer) lacks() bool {
	return errors.Is(a.err, denial.ErrNoCaller) || errors.Is(a.err, denial.ErrNoAction) || errors.Is(a.err, denial.ErrNoResource)
}
