package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/review"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
	"github.com/iamsim/iamsim/policy/load"
)

func proveCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "prove QUESTION",
		Short: "Answer questions about all requests: proved, or refuted with a request",
		Long: `Answer questions about all requests there can be.

The answer is proved, refuted with a request that the evaluator confirms, or
unknown with the reason. A POLICY is a file (what the AWS CLI prints and YAML are
read, too), a folder, - for standard input, a document, or an AWS managed policy
by its ARN or name; where several apply together, they stand with commas between
them: role.json,extra.json. What has an address in a plan or template goes by it:
plan.json#aws_iam_role.deploy. A policy that names
principals is taken for one of a resource, every other for an identity-based
one; --kind says otherwise. Policies that only limit are asked about under an
administrator, and those that limit a resource where its own policy lets
everyone in. "none" is a side without policies.`,
		Example: "  iamsim prove new-access after.json before.json\n  iamsim prove pass-role deploy.json --role 'arn:aws:iam::123456789012:role/app-*'",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("prove has no question %s; see iamsim prove --help", spelling.Quote(args[0]))
			}
			return errors.New("prove needs a question; see iamsim prove --help")
		},
	}
	c.AddCommand(
		newAccessCommand(), notGrantedCommand(), equivalentCommand(), publicCommand(),
		redundantCommand(), passRoleCommand(), invokableByCommand(),
	)
	return c
}

// proofFlags are flags of all questions.
type proofFlags struct {
	to      output
	kind    string
	budget  int
	timeout time.Duration

	beside   policyFiles // on each side
	compares bool        // the question is about two sides

	// What sides finds: the kind of the policies, 0 where their text alone says it,
	// and what was assumed of them beside what verdicts assume.
	asked   policy.Kind
	assumed []string
}

func (x *proofFlags) define(c *cobra.Command) {
	x.defineFor(c, "text", "json", "markdown", "sarif", "github")
	x.to.formerly(c, "format")
}

// defineFor defines the flags of a verb with formats of its own.
func (x *proofFlags) defineFor(c *cobra.Command, formats ...string) {
	f := c.Flags()
	x.to.define(c, formats...)
	f.StringVar(&x.kind, "kind", "", "what the policies are, where the text does not say it: "+strings.Join(proofKinds(), ", "))
	f.IntVar(&x.budget, "budget", prove.DefaultBudget, "work for each question, in states of automata")
	f.DurationVar(&x.timeout, "timeout", time.Minute, "time for everything; 0 for any")
}

// defineLayers are flags for the policies that apply beside those asked about.
func (x *proofFlags) defineLayers(c *cobra.Command) {
	x.beside.define(c, " on each side", slices.Collect(policy.Layers())...)
}

// prover is the prover of the flags, and a context that ends in time.
func (x *proofFlags) prover(c *cobra.Command) (*prove.Prover, context.Context, context.CancelFunc, error) {
	ctx, cancel := inTime(c.Context(), x.timeout)
	switch {
	case x.kind != "" && !slices.Contains(proofKinds(), x.kind):
		return nil, ctx, cancel, fmt.Errorf("--kind is %s, not %s", strings.Join(proofKinds(), ", "), spelling.Quote(x.kind))
	case x.budget <= 0:
		return nil, ctx, cancel, fmt.Errorf("--budget is a positive number, not %d", x.budget)
	case x.timeout < 0:
		return nil, ctx, cancel, fmt.Errorf("--timeout is no negative time such as %s", x.timeout)
	}
	return &prove.Prover{Catalog: catalog.Default(), Budget: x.budget}, ctx, cancel, nil
}

// inTime is a context that ends when the time of --timeout is used up; it does not
// where that is 0.
func inTime(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, timeout, fmt.Errorf("the time of %s is used up", timeout))
}

// proofKinds are the names of the kinds that a question can be about.
func proofKinds() []string {
	var names []string
	for k := policy.Identity; k.String() != ""; k++ {
		names = append(names, k.String())
	}
	return names
}

// sides reads what stands on each side of a question: the policies of its
// arguments and those beside them on all sides. "none" is a side without policies.
func (x *proofFlags) sides(c *cobra.Command, args ...[]string) ([]policy.Policies, error) {
	from := newPolicyLoader(c)
	given := make([][]load.Policy, len(args))
	for i, arg := range args {
		if !slices.Equal(arg, []string{"none"}) {
			given[i] = from.each(arg)
		}
	}
	return x.sidesOf(from, given...)
}

// sidesOf puts the policies of each side where they belong, and others beside them,
// which from loads. All are of one kind, but for those of a caller and of a resource,
// which can stand together on a side.
func (x *proofFlags) sidesOf(from *policyLoader, loaded ...[]load.Policy) ([]policy.Policies, error) {
	beside, _ := x.beside.read(from) // whose faults are those of from
	given := make([]map[policy.Kind][]policy.Attached, len(loaded))
	first := map[policy.Kind]string{} // the first policy of each kind
	var all []policy.Attached
	guessed, together := false, false // by the text alone
	for i, side := range loaded {
		given[i] = map[policy.Kind][]policy.Attached{}
		for _, one := range side {
			kind, err := x.kindOf(&one)
			if err != nil {
				from.faults = append(from.faults, fmt.Errorf("%s: %w", one.DisplayName(), err))
				continue
			}
			guessed = guessed || x.kind == "" && one.Kind == 0
			if _, has := first[kind]; !has {
				first[kind] = one.DisplayName()
			}
			given[i][kind], all = append(given[i][kind], one.Attached), append(all, one.Attached)
		}
		together = together || given[i][policy.Identity] != nil && given[i][policy.Resource] != nil
	}
	kinds := slices.Sorted(maps.Keys(first))
	if len(kinds) > 1 && !(together && len(kinds) == 2) {
		from.faults = append(from.faults, fmt.Errorf("%s is %s, and %s is %s; all policies of a question are of one kind, see --kind", first[kinds[0]], kindText(kinds[0]), first[kinds[1]], kindText(kinds[1])))
	}
	for _, kind := range kinds {
		if at := kind.Layer(); beside.Has(at) {
			from.faults = append(from.faults, fmt.Errorf("the policies asked about are of the layer %s, so that no others can stand there on both sides", at))
		}
	}
	if err := from.err(); err != nil {
		return nil, err
	}
	common := policy.Identity
	switch {
	case len(kinds) > 0:
		common = kinds[len(kinds)-1]
	case x.kind != "":
		if err := common.UnmarshalText([]byte(x.kind)); err != nil {
			return nil, err
		}
	}
	switch {
	case x.compares && common == policy.Identity && x.kind == "" && deniesOnly(all):
		return nil, allowsNothing(first[common])
	case !guessed:
		x.asked = common
	case slices.Contains(kinds, policy.Identity):
		x.assumed = append(x.assumed, "policies that name no principals are identity-based; --kind says otherwise")
	}
	list := make([]policy.Policies, len(loaded))
	for i, side := range given {
		list[i] = sideOf(common, side[common], beside)
		if together && side[policy.Identity] != nil {
			list[i] = list[i].With(policy.IdentityLayer.At(0), side[policy.Identity]...)
		}
	}
	return list, nil
}

// allowsNothing is why a policy is not compared: its kind is not said.
func allowsNothing(name string) error {
	return fmt.Errorf("%s has Deny statements alone, and allows nothing as an identity-based policy: say with --kind what it is, such as scp", name)
}

// oneByOne makes a side of each argument.
func oneByOne(args []string) [][]string {
	var sides [][]string
	for _, arg := range args {
		sides = append(sides, []string{arg})
	}
	return sides
}

// kindOf is the kind of a policy: what --kind says, what it was unwrapped from, or
// what its text can be. A text without principals is taken for identity-based.
func (x *proofFlags) kindOf(p *load.Policy) (policy.Kind, error) {
	var kind policy.Kind
	switch {
	case x.kind != "":
		if err := kind.UnmarshalText([]byte(x.kind)); err != nil {
			return 0, err
		}
	case p.Kind != 0:
		kind = p.Kind
	case p.Document.NamesPrincipals():
		kind = policy.Resource
	default:
		kind = policy.Identity
	}
	if kind == policy.Trust {
		kind = policy.Resource // a role's policy is that of a resource
	}
	return kind, nil
}

// kindText is a kind in a sentence.
func kindText(k policy.Kind) string {
	switch k {
	case policy.Identity:
		return "identity-based"
	case policy.Resource:
		return "resource-based"
	}
	return "of the kind " + k.String()
}

// deniesOnly reports whether there are statements, and none of them allows.
func deniesOnly(documents []policy.Attached) bool {
	return len(documents) > 0 && !slices.ContainsFunc(documents, func(a policy.Attached) bool { return prove.Allows(a.Document) })
}

// sideOf puts the policies of a side where their kind belongs, and others beside
// them. Service control policies of Deny statements alone stand beside FullAWSAccess,
// without which nothing would be allowed at all. Where limits of a caller stand
// beside the policies of a resource and none of the caller's own, it is an
// administrator.
func sideOf(kind policy.Kind, documents []policy.Attached, beside policy.Policies) policy.Policies {
	if kind == policy.SCP && deniesOnly(documents) {
		documents = append([]policy.Attached{prove.FullAccess()}, documents...)
	}
	side := prove.Of(kind, documents...)
	own := policy.IdentityLayer.At(0)
	for slot, list := range beside.All() {
		side = side.With(slot, list...)
		switch slot.Layer {
		case policy.BoundaryLayer, policy.SessionLayer, policy.SCPLayer:
			if kind != policy.Identity && !beside.Has(policy.IdentityLayer) {
				side = side.With(own, prove.Of(policy.SCP).At(own)...)
			}
		}
	}
	return side
}

// question makes the command of a question. What it decides of the sides that its
// arguments name is filled into the proof.
func question(c *cobra.Command, x *proofFlags, sides int, missing string, decide func(*inquiry) error) *cobra.Command {
	c.Args = func(_ *cobra.Command, args []string) error {
		if len(args) < max(sides, 1) || sides > 0 && len(args) > sides {
			return fmt.Errorf("%s needs %s", c.Name(), missing)
		}
		return nil
	}
	x.compares = sides == 2
	c.RunE = func(c *cobra.Command, args []string) error {
		x, err := newInquiry(c, x, args)
		if err != nil {
			return err
		}
		defer x.cancel()
		if err := decide(x); err != nil {
			return err
		}
		return x.flags.to.to(c, func(s *sheet) error { return x.proof.print(s, x.flags.to.format, x.flags.assumed) })
	}
	x.define(c)
	return c
}

// An inquiry is one run of the command of a question.
type inquiry struct {
	flags  *proofFlags
	prover *prove.Prover
	ctx    context.Context
	cancel context.CancelFunc
	files  []string
	sides  []policy.Policies
	proof  proof
}

func newInquiry(c *cobra.Command, x *proofFlags, files []string) (*inquiry, error) {
	a := &inquiry{flags: x, files: files, proof: proof{Question: c.Name(), about: c.Short}}
	var err error
	if a.prover, a.ctx, a.cancel, err = x.prover(c); err != nil {
		return nil, err
	}
	if a.sides, err = x.sides(c, oneByOne(files)...); err != nil {
		a.cancel()
		return nil, err
	}
	a.prover.Kind = x.asked
	return a, nil
}

// claim adds a verdict to the proof.
func (a *inquiry) claim(file, holds, fails string, v *prove.Verdict, err error) error {
	if err != nil {
		return err
	}
	a.proof.Claims = append(a.proof.Claims, claim{Text: holds, Outcome: v.Outcome, Verdict: newVerdict(v), file: file, contrary: fails, verdict: v})
	return nil
}

// each decides the same of every file.
func (a *inquiry) each(holds, fails string, decide func(policy.Policies) (*prove.Verdict, error)) error {
	var faults []error
	for i, p := range a.sides {
		v, err := decide(p)
		faults = append(faults, a.claim(a.files[i], a.files[i]+holds, a.files[i]+fails, v, err))
	}
	return errors.Join(faults...)
}

// asked is the kind of the policies that the question is about; without --kind, and
// where the text alone says it, that of a resource as far as it is asked for.
func (a *inquiry) asked() policy.Kind { return cmp.Or(a.flags.asked, policy.Resource) }

// documents decides the same of every document of resources.
func (a *inquiry) documents(holds, fails string, decide func(*policy.Document) (*prove.Verdict, error)) error {
	for i, p := range a.sides {
		if a.asked().Layer() != policy.ResourceLayer || len(p.At(policy.ResourceLayer.At(0))) != 1 {
			return fmt.Errorf("%s is about one policy of a resource at a time, and %s is none", a.proof.Question, a.files[i])
		}
	}
	return a.each(holds, fails, func(p policy.Policies) (*prove.Verdict, error) {
		return decide(p.At(policy.ResourceLayer.At(0))[0].Document)
	})
}

func newAccessCommand() *cobra.Command {
	x := &proofFlags{}
	c := question(&cobra.Command{
		Use:   "new-access NEW OLD",
		Short: "NEW allows nothing that OLD does not",
		Long: `Prove that NEW allows nothing that OLD does not.

OLD may be the policy before a change, or a ceiling.`,
	}, x, 2, "two policies, NEW and OLD", func(a *inquiry) error {
		v, err := a.prover.NoNewAccess(a.ctx, a.sides[0], a.sides[1])
		return a.claim(a.files[0], a.files[0]+" allows nothing that "+a.files[1]+" does not", a.files[0]+" allows what "+a.files[1]+" does not", v, err)
	})
	x.defineLayers(c)
	return c
}

func notGrantedCommand() *cobra.Command {
	x := &proofFlags{}
	var actions, resources []string
	c := question(&cobra.Command{
		Use:   "not-granted POLICY… --action … --resource …",
		Short: "POLICY grants none of some actions on some resources",
		Long: `Prove that POLICY grants none of the actions on any of the resources, both as a
policy writes them. Without --action: no action on the resources; without
--resource: the actions on no resource. An action that the catalogue does not
know is taken as a text; where it looks misspelt, nothing is proved.`,
	}, x, 0, "a POLICY", func(a *inquiry) error {
		if len(actions)+len(resources) == 0 {
			return errors.New("not-granted needs --action or --resource: what shall not be granted?")
		}
		if err := errors.Join(written("action", "Action", actions), written("resource", "Resource", resources)); err != nil {
			return err
		}
		what := strings.Join(actions, ", ")
		if len(actions) == 0 {
			what = "any action"
		}
		if len(resources) > 0 {
			what += " on " + strings.Join(resources, ", ")
		}
		var misspelt string
		misspelt, a.proof.Notes = unknownActions(actions)
		return a.each(" does not grant "+what, " grants "+what, func(p policy.Policies) (*prove.Verdict, error) {
			v, err := a.prover.NotGranted(a.ctx, p, prove.Access{Actions: actions, Resources: resources})
			if err == nil && v.Outcome == prove.Proved && misspelt != "" {
				// It holds of the text, which says little of what was meant.
				v.Outcome, v.Reason = prove.Unknown, misspelt
			}
			return v, err
		})
	})
	c.Flags().StringArrayVar(&actions, "action", nil, "an action, as in lambda:Delete*; may be repeated")
	c.Flags().StringArrayVar(&resources, "resource", nil, "an ARN, with wildcards or without; may be repeated")
	x.defineLayers(c)
	return c
}

// unknownActions says which actions and patterns match none of the catalogue:
// those that are near one in misspelt, "" where there is none, and in notes the
// others, such as actions that are newer than the catalogue.
func unknownActions(actions []string) (misspelt string, notes []string) {
	var near []string
	known := catalog.Default()
	for _, action := range actions {
		if known.Matches(action) {
			continue
		}
		text := fmt.Sprintf("no action of the catalogue of %s is %s", known.Date(), spelling.Quote(action))
		if nearest := known.NearestAction(action); nearest != "" {
			near = append(near, fmt.Sprintf("%s; did you mean %q?", text, nearest))
		} else {
			notes = append(notes, text+": it is taken as a text")
		}
	}
	return strings.Join(near, "; "), notes
}

// written checks the values of a flag as those of an element of a policy.
func written(flag, element string, values []string) error {
	var faults []error
	for _, value := range values {
		st := policy.Statement{Effect: policy.Deny, Action: policy.Values{"*"}, Resource: policy.Values{"*"}}
		if element == "Action" {
			st.Action = policy.Values{value}
		} else {
			st.Resource = policy.Values{value}
		}
		d := policy.Document{Version: policy.Version2012, Statements: []policy.Statement{st}}
		var found policy.Errors
		if errors.As(d.Check(policy.Identity), &found) {
			for _, fault := range found {
				faults = append(faults, fmt.Errorf("--%s: %s", flag, fault.Message))
			}
		}
	}
	return errors.Join(faults...)
}

func equivalentCommand() *cobra.Command {
	x := &proofFlags{}
	c := question(&cobra.Command{
		Use:   "equivalent A B",
		Short: "A and B allow the same",
		Long:  "Prove that A and B allow the same requests; else say which side exceeds, and where.",
	}, x, 2, "two policies, A and B", func(a *inquiry) error {
		ab, ba, err := a.prover.Equivalent(a.ctx, a.sides[0], a.sides[1])
		if err != nil {
			return err
		}
		for i, v := range []*prove.Verdict{ab, ba} {
			this, other := a.files[i], a.files[1-i]
			if err := a.claim(this, this+" allows nothing that "+other+" does not", this+" allows what "+other+" does not", v, nil); err != nil {
				return err
			}
		}
		return nil
	})
	x.defineLayers(c)
	return c
}

func publicCommand() *cobra.Command {
	x := &proofFlags{}
	var accounts, organizations []string
	var strict bool
	c := question(&cobra.Command{
		Use:   "public POLICY…",
		Short: "POLICY, of a resource, is not public",
		Long: `Prove that POLICY, of a resource, grants nothing to the public: to callers whom
it neither names nor binds by a condition on whose they are. With --strict, by
the letter of Amazon S3's definition: fewer keys, and no wildcards. With
--account and --organization: nothing beyond these accounts and organizations.
A trust policy is also asked whether it is open to everybody who has an account
at one of the identity providers that many share, such as GitHub's.`,
	}, x, 0, "a POLICY of a resource", func(a *inquiry) error {
		var faults []error
		for _, id := range accounts {
			if !arn.IsAccountID(id) {
				faults = append(faults, fmt.Errorf("--account is an id of 12 digits, not %s", spelling.Quote(id)))
			}
		}
		for _, id := range organizations {
			if !strings.HasPrefix(id, "o-") {
				faults = append(faults, fmt.Errorf("--organization is an id such as o-a1b2c3d4e5, not %s", spelling.Quote(id)))
			}
		}
		if faults != nil {
			return errors.Join(faults...)
		}
		ids := append(accounts, organizations...)
		a.prover.Strict = strict
		if len(ids) == 0 {
			err := a.documents(" grants nothing to the public", " is public", func(d *policy.Document) (*prove.Verdict, error) {
				return a.prover.NotPublic(a.ctx, d)
			})
			return errors.Join(err, a.sharedProviders())
		}
		beyond := " beyond " + strings.Join(ids, ", ")
		return a.documents(" grants nothing"+beyond, " grants access"+beyond, func(d *policy.Document) (*prove.Verdict, error) {
			return a.prover.OnlyWithin(a.ctx, d, ids...)
		})
	})
	c.Flags().StringArrayVar(&accounts, "account", nil, "an account that may have access, by its `id`; may be repeated")
	c.Flags().BoolVar(&strict, "strict", false, "what is public is what Amazon S3 calls so")
	c.Flags().StringArrayVar(&organizations, "organization", nil, "an organization that may, by its `id`; may be repeated")
	return c
}

// sharedProviders decides of every identity provider that many share whether the
// policies are open to all who have an account there.
func (a *inquiry) sharedProviders() error {
	var faults []error
	for i, p := range a.sides {
		for _, one := range p.At(policy.ResourceLayer.At(0)) {
			for _, provider := range prove.SharedProviders(one.Document) {
				v, err := a.prover.NotOpenTo(a.ctx, one.Document, provider)
				host := provider
				if _, issuer, ok := strings.Cut(provider, ":oidc-provider/"); ok {
					host = issuer
				}
				open := " open to everybody who has an account at " + host
				faults = append(faults, a.claim(a.files[i], a.files[i]+" is not"+open, a.files[i]+" is"+open, v, err))
			}
		}
	}
	return errors.Join(faults...)
}

func redundantCommand() *cobra.Command {
	x := &proofFlags{}
	return question(&cobra.Command{
		Use:   "redundant POLICY…",
		Short: "each statement of POLICY does something",
		Long: `Prove that no statement of POLICY could be left out; else list which are

  dead         applies to no request
  unreachable  an Allow, all of which is denied
  shadowed     another statement applies wherever it does
  redundant    other statements do together what it does

All these can be left out at once. A Deny of what the policy does not allow is
no fault: it matters beside other policies.`,
	}, x, 0, "a POLICY", func(a *inquiry) error {
		var faults []error
		for i, p := range a.sides {
			documents := p.At(a.prover.Kind.Layer().At(0))
			if a.prover.Kind == 0 {
				documents = slices.Concat(p.At(policy.IdentityLayer.At(0)), p.At(policy.ResourceLayer.At(0)))
			}
			documents = slices.DeleteFunc(slices.Clone(documents), func(d policy.Attached) bool { return d.Document == prove.FullAccess().Document })
			if len(documents) != 1 {
				return fmt.Errorf("redundant is about one policy at a time, and %s are several", a.files[i])
			}
			list, err := review.Statements(a.ctx, a.prover, documents[0].Document)
			faults = append(faults, err)
			for _, s := range list {
				a.proof.Statements = append(a.proof.Statements, newFinding(documents[0].Document, s))
			}
		}
		return errors.Join(faults...)
	})
}

func passRoleCommand() *cobra.Command {
	x := &proofFlags{}
	var roles, services []string
	c := question(&cobra.Command{
		Use:   "pass-role POLICY… --role … --service …",
		Short: "POLICY lets nobody pass other roles, or to other services",
		Long: `Prove that POLICY lets nobody pass a role but these, or to a service but these
(iam:PassedToService). Without --service: to any service.`,
	}, x, 0, "a POLICY", func(a *inquiry) error {
		if len(roles) == 0 {
			return errors.New("pass-role needs --role: which roles may be passed?")
		}
		if err := written("role", "Resource", roles); err != nil {
			return err
		}
		what := " other than " + strings.Join(roles, ", ")
		if len(services) > 0 {
			what += ", or to services other than " + strings.Join(services, ", ")
		}
		return a.each(" lets nobody pass a role"+what, " lets a role be passed"+what, func(p policy.Policies) (*prove.Verdict, error) {
			return a.prover.NoPassRoleBeyond(a.ctx, p, roles, services)
		})
	})
	c.Flags().StringArrayVar(&roles, "role", nil, "`ARN` of a role that may be passed, with wildcards or without; may be repeated")
	c.Flags().StringArrayVar(&services, "service", nil, "a service that it may be passed to, such as lambda.amazonaws.com; may be repeated")
	x.defineLayers(c)
	return c
}

func invokableByCommand() *cobra.Command {
	x := &proofFlags{}
	var callers []string
	c := question(&cobra.Command{
		Use:   "invokable-by POLICY… --caller …",
		Short: "POLICY, of a function, lets nobody else invoke it",
		Long:  "Prove that POLICY, of a Lambda function, lets nobody invoke it but some callers.",
	}, x, 0, "a POLICY of a function", func(a *inquiry) error {
		if len(callers) == 0 {
			return errors.New("invokable-by needs --caller: who may invoke the function?")
		}
		return a.documents(" lets nobody invoke the function but "+strings.Join(callers, ", "), " lets others invoke the function than "+strings.Join(callers, ", "),
			func(d *policy.Document) (*prove.Verdict, error) {
				return a.prover.InvokableOnlyBy(a.ctx, d, principals(callers))
			})
	})
	c.Flags().StringArrayVar(&callers, "caller", nil, "an account, the ARN of a principal, or a service such as s3.amazonaws.com; may be repeated")
	return c
}

// principals are callers as a Principal element has them.
func principals(callers []string) *policy.Principals {
	aws, service := policy.PrincipalEntry{Type: policy.PrincipalAWS}, policy.PrincipalEntry{Type: policy.PrincipalService}
	for _, caller := range callers {
		to := &aws
		if named := evaluator.Service(caller); named.Err() == nil {
			to = &service
		}
		to.Values = append(to.Values, caller)
	}
	p := &policy.Principals{}
	for _, entry := range []policy.PrincipalEntry{aws, service} {
		if entry.Values != nil {
			p.Entries = append(p.Entries, entry)
		}
	}
	return p
}
