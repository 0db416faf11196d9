package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/report"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

func explainCommand() *cobra.Command {
	var x explainFlags
	c := &cobra.Command{
		Use:   "explain [flags] [PATH…|-]",
		Short: "Explain a decision: what decided, what came near, what to write",
		Long: `Explain why a request is allowed or denied.

The request is a scenario (a PATH as for eval; --name picks one of several), or
is given by flags.

A policy is a file in any form that people have it in (what the AWS CLI prints,
YAML), a folder, - for standard input, a document, or an AWS managed policy by
its ARN or name. What a snapshot of accounts, a template or a plan has of principal
and resource need not be given: --snapshot names it, as for iamsim account.`,
		Example: `  iamsim explain denial.json
  iamsim explain --output html --out why.html --name 'mateo reads the alias' suite.json
  iamsim explain --principal arn:aws:iam::123456789012:user/mateojackson \
    --action lambda:GetFunction \
    --resource arn:aws:lambda:us-east-1:123456789012:function:my-function \
    --context aws:SourceIp=203.0.113.9 --identity deployer.json
  iamsim explain --snapshot snapshot/ --principal arn:aws:iam::123456789012:role/deploy \
    --action iam:PassRole --resource arn:aws:iam::123456789012:role/app`,
		RunE: func(c *cobra.Command, paths []string) error { return x.run(c, paths) },
	}
	x.define(c)
	return c
}

// explainFlags are the flags of explain.
type explainFlags struct {
	name    string
	to      output
	all     bool
	from    scenario.Reader
	request requestFlags
}

func (x *explainFlags) define(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&x.name, "name", "", "the scenario to explain, by its name")
	f.BoolVar(&x.all, "all", false, "every layer, policy, statement and element")
	x.to.define(c, "text", "json", "html")
	x.to.formerly(c, "format")
	defineRoot(c, &x.from)
	x.request.define(c)
}

func (x *explainFlags) run(c *cobra.Command, paths []string) error {
	scenarios, err := x.scenarios(c, paths)
	if err != nil {
		return err
	}
	return x.to.to(c, func(s *sheet) error {
		if err := x.print(s, scenarios); err != nil || !x.request.snapshot.lacks {
			return err
		}
		return notSettled
	})
}

// print prints the explanations of scenarios.
func (x *explainFlags) print(out *sheet, scenarios []*scenario.Scenario) error {
	e := scenario.Evaluator{Catalog: catalog.Default()}
	for i, s := range scenarios {
		explanations, err := e.Explain(s)
		if err != nil {
			return err
		}
		o := report.Options{Title: s.Name, Complete: x.all, Color: out.color}
		switch x.to.format {
		case "json":
			err = report.JSON(out, o, explanations...)
		case "html":
			err = report.HTML(out, o, explanations...)
		default:
			err = explainText(out, o, i > 0, explanations)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// explainText prints explanations as text, which shows what it holds and has its own
// colours.
func explainText(out *sheet, o report.Options, further bool, explanations []*evaluator.Explanation) error {
	var b strings.Builder
	if further {
		b.WriteByte('\n')
	}
	return errors.Join(report.Text(&b, o, explanations...), out.marked(out.flowed(b.String(), 9)))
}

// scenarios are those to explain: read, or made of the flags.
func (x *explainFlags) scenarios(c *cobra.Command, paths []string) ([]*scenario.Scenario, error) {
	given := x.request.given(c)
	switch {
	case len(paths) > 0 && given != "":
		return nil, fmt.Errorf("explain takes either a PATH or the request by flags, and has both: %s and --%s", paths[0], given)
	case len(paths) == 0 && given == "":
		return nil, errors.New("explain needs a PATH, or a request by flags such as --principal, --action and --resource")
	case len(paths) == 0 && x.name != "":
		return nil, errors.New("--name picks a scenario of a PATH, and there is none")
	case len(paths) == 0:
		s, err := x.request.scenario(c)
		return []*scenario.Scenario{s}, err
	}
	x.from.Stdin = c.InOrStdin()
	var found []*scenario.Scenario
	var names []string
	for s, err := range x.from.Files(paths...) {
		switch {
		case err != nil && (x.name == "" || s.Name == x.name):
			return nil, err
		case err != nil:
		case x.name == "" || s.Name == x.name:
			found = append(found, s)
		}
		names = append(names, fmt.Sprintf("%q", s.Name))
	}
	switch {
	case len(found) == 0 && x.name != "":
		return nil, fmt.Errorf("no scenario is named %q; there are %s", x.name, strings.Join(names, ", "))
	case x.to.format == "html" && len(found) > 1:
		return nil, fmt.Errorf("an HTML page holds one scenario, and there are %d: pick one with --name", len(found))
	}
	return found, nil
}

// requestFlags describe one request and the policies that may apply to it.
type requestFlags struct {
	principal, role, action, resource, account string
	unknown                                    []string
	policyFlags
	snapshot snapshotFlag
}

func (r *requestFlags) define(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&r.principal, "principal", "", "who asks: an ARN, a service such as s3.amazonaws.com, or anonymous")
	f.StringVar(&r.role, "role", "", "ARN of the role, with its path, where the principal is a session")
	f.StringVar(&r.action, "action", "", "what is asked: service:Action")
	f.StringVar(&r.resource, "resource", "*", "on what: an ARN, or * for actions without resources")
	f.StringVar(&r.account, "resource-account", "", "account that owns the resource, where its ARN has none")
	f.StringArrayVar(&r.unknown, "unknown", nil, "a context `key` that is not known")
	r.policyFlags.define(c, slices.Collect(policy.Layers())...)
	r.snapshot.define(c)
}

// given is a flag of the request that is set; "" if none is.
func (r *requestFlags) given(c *cobra.Command) string {
	names := []string{"principal", "role", "action", "resource", "resource-account", "context", "unknown", "snapshot"}
	for _, f := range layerFlags {
		names = append(names, f.name)
	}
	for _, name := range names {
		if c.Flags().Changed(name) {
			return name
		}
	}
	return ""
}

// scenario is the request as a scenario.
func (r *requestFlags) scenario(c *cobra.Command) (*scenario.Scenario, error) {
	switch {
	case r.principal == "":
		return nil, errors.New("--principal is missing: who asks?")
	case r.action == "":
		return nil, errors.New("--action is missing: what is asked?")
	}
	s := &scenario.Scenario{Request: scenario.Request{
		Principal: scenario.Principal{ARN: r.principal, Role: r.role},
		Action:    r.action, Resource: r.resource, ResourceAccount: r.account, Unknown: r.unknown,
	}}
	var err error
	if s.Request.Context, err = r.contextKeys(); err != nil {
		return nil, err
	}
	if s.Policies, err = r.files.read(newPolicyLoader(c)); err != nil {
		return nil, err
	}
	if err := r.snapshot.load(c); err != nil {
		return nil, err
	}
	return s, r.snapshot.fill(s)
}
