package main

import (
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator/account"
)

func accountCommand() *cobra.Command {
	var to output
	var complete bool
	var open plannedFlags
	c := &cobra.Command{
		Use:   "account [flags] PATH…|-",
		Short: "List who and what there is in accounts, as it was read",
		Long: `List who and what there is in accounts, as it was read: principals, functions,
policies, and what is not known.

A PATH is a file, a folder or - for standard input: what the AWS CLI or an SDK printed, such as
aws iam get-account-authorization-details, what AWS Config recorded, a folder of
iam-collect, templates of CloudFormation and SAM, a cdk.out, plans and states of
Terraform. Files are told apart by what they hold; of answers of AWS that do not say whose they are, the end of the file's name does,
as in policy-orders.json. What is not known before deployment is told with its
origin, and a flag gives it.`,
		Example: "  aws iam get-account-authorization-details > snapshot/iam.json\n  iamsim account snapshot\n  iamsim account template.yaml --account 111122223333 --region eu-west-1 --stack shop",
		Args: func(_ *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				return errors.New("account needs a PATH: a file or a folder with what the AWS CLI printed, or with templates")
			}
			return nil
		},
		RunE: func(c *cobra.Command, paths []string) error {
			given, err := open.given()
			if err != nil {
				return err
			}
			s, unread, faults := readSnapshot(c.InOrStdin(), given, complete, paths...)
			err = to.to(c, func(out *sheet) error {
				if to.format == "json" {
					return out.json(list(s))
				}
				return printAccount(out, s)
			})
			if err != nil {
				return err
			}
			if err := errors.Join(unread, faults); err != nil {
				return err
			}
			for _, g := range s.Gaps() {
				if errors.Is(g, account.ErrDangling) {
					return notSettled
				}
			}
			return nil
		},
	}
	to.define(c, "text", "json")
	defineComplete(c, &complete)
	open.define(c)
	return c
}

// listedAccount is what the command lists, as JSON.
type listedAccount struct {
	Accounts   []string          `json:"accounts"`
	Principals []listedPrincipal `json:"principals"`
	Functions  []listedFunction  `json:"functions"`
	Policies   []listedPolicy    `json:"policies"`
	Resources  []listedResource  `json:"resources"`
	Nodes      []listedNode      `json:"organization"`
	Gaps       []listedGap       `json:"unknown"`
	Notes      []string          `json:"notes"`
}

type listedPrincipal struct {
	ARN      string   `json:"arn"`
	Groups   []string `json:"groups,omitempty"`
	Managed  []string `json:"managedPolicies"`
	Inline   []string `json:"inlinePolicies"`
	Boundary string   `json:"boundary,omitempty"`
	Unknown  string   `json:"unknown,omitempty"`
	Source   string   `json:"source,omitempty"`
}

type listedFunction struct {
	ARN      string   `json:"arn"`
	Role     string   `json:"role,omitempty"`
	Versions []string `json:"versions,omitempty"`
	Aliases  []string `json:"aliases,omitempty"`
	URLs     []string `json:"urls,omitempty"`
	Layers   []string `json:"layers,omitempty"`
	Policy   string   `json:"policy"` // "one", "none" or "unknown"
	Source   string   `json:"source,omitempty"`
}

type listedPolicy struct {
	ARN      string   `json:"arn"`
	Default  string   `json:"defaultVersion"`
	Versions []string `json:"versions"`
	Source   string   `json:"source,omitempty"`
}

type listedResource struct {
	ARN    string `json:"arn"`
	Policy string `json:"policy"`
	Source string `json:"source,omitempty"`
}

type listedNode struct {
	ID     string   `json:"id"`
	Name   string   `json:"name,omitempty"`
	Parent string   `json:"parent,omitempty"`
	SCPs   []string `json:"scps"`
	RCPs   []string `json:"rcps"`
	Source string   `json:"source,omitempty"`
}

type listedGap struct {
	Of     string `json:"of"`
	Part   string `json:"part"`
	Needs  string `json:"needs,omitempty"`
	Source string `json:"source,omitempty"`
	Mend   string `json:"mend,omitempty"`
}

// list is what there is to list of a snapshot.
func list(s *account.Snapshot) *listedAccount {
	l := &listedAccount{
		Accounts: s.Accounts(), Principals: []listedPrincipal{}, Functions: []listedFunction{}, Policies: []listedPolicy{},
		Resources: []listedResource{}, Nodes: []listedNode{}, Gaps: []listedGap{}, Notes: append([]string{}, s.Notes()...),
	}
	for p := range s.Principals() {
		i := p.Identity()
		row := listedPrincipal{ARN: i.ARN, Groups: i.Groups, Managed: append([]string{}, i.Managed...), Inline: []string{}, Boundary: i.Boundary, Unknown: i.Unknown().String(), Source: i.Source}
		for _, a := range i.Inline {
			row.Inline = append(row.Inline, a.Name)
		}
		l.Principals = append(l.Principals, row)
	}
	policies := make(map[string]string)
	for r := range s.Resources() {
		policies[r.ARN] = policyOf(r)
		l.Resources = append(l.Resources, listedResource{r.ARN, policyOf(r), r.Source})
	}
	for f := range s.Functions() {
		row := listedFunction{ARN: f.ARN, Role: f.Role, Versions: f.Versions, Layers: f.Layers, Policy: "unknown", Source: f.Source}
		if known := policies[f.ARN]; known != "" {
			row.Policy = known
		}
		for _, alias := range f.Aliases {
			row.Aliases = append(row.Aliases, alias.Name)
		}
		for _, url := range f.URLs {
			row.URLs = append(row.URLs, strings.TrimSpace(url.Qualifier+" "+url.AuthType))
		}
		l.Functions = append(l.Functions, row)
	}
	for p := range s.Policies() {
		row := listedPolicy{ARN: p.ARN, Default: p.Default, Versions: []string{}, Source: p.Source}
		for _, v := range p.Versions {
			row.Versions = append(row.Versions, v.ID)
		}
		l.Policies = append(l.Policies, row)
	}
	for n := range s.Nodes() {
		l.Nodes = append(l.Nodes, listedNode{n.ID, n.Name, n.Parent, append([]string{}, n.SCPs...), append([]string{}, n.RCPs...), n.Source})
	}
	for _, g := range s.Gaps() {
		l.Gaps = append(l.Gaps, listedGap{g.Of, g.Part.String(), g.Needs, g.Source, g.Mend})
	}
	return l
}

func policyOf(r *account.Resource) string {
	switch {
	case r.Policy != nil:
		return "one"
	case r.Known.Has(account.ResourcePolicy):
		return "none"
	}
	return "unknown"
}

// printAccount prints for people: a table of each kind of thing that there is, and
// then what is not known.
func printAccount(out *sheet, s *account.Snapshot) error {
	l := list(s)
	t := tables{on: out}
	rows := [][]string{{"ACCOUNT", "PRINCIPAL", "POLICIES", "BOUNDARY", "GROUPS", "NOT KNOWN"}}
	for _, p := range l.Principals {
		rows = append(rows, []string{accountIn(p.ARN), resourceIn(p.ARN), strconv.Itoa(len(p.Managed) + len(p.Inline)), resourceIn(p.Boundary), strings.Join(p.Groups, " "), p.Unknown})
	}
	t.print(rows)
	functions := make(map[string]bool)
	rows = [][]string{{"ACCOUNT", "FUNCTION", "ROLE", "POLICY", "ALIASES", "URLS"}}
	for _, f := range l.Functions {
		functions[f.ARN] = true
		rows = append(rows, []string{accountIn(f.ARN), resourceIn(f.ARN), resourceIn(f.Role), f.Policy, strings.Join(f.Aliases, " "), strings.Join(f.URLs, ", ")})
	}
	t.print(rows)
	rows = [][]string{{"ACCOUNT", "MANAGED POLICY", "VERSION", "VERSIONS"}}
	for _, p := range l.Policies {
		rows = append(rows, []string{accountIn(p.ARN), resourceIn(p.ARN), p.Default, strconv.Itoa(len(p.Versions))})
	}
	t.print(rows)
	rows = [][]string{{"RESOURCE", "POLICY"}}
	for _, r := range l.Resources {
		if !functions[r.ARN] {
			rows = append(rows, []string{r.ARN, r.Policy})
		}
	}
	t.print(rows)
	rows = [][]string{{"NODE", "NAME", "BELOW", "SCPS", "RCPS"}}
	for _, n := range l.Nodes {
		rows = append(rows, []string{n.ID, n.Name, n.Parent, strings.Join(n.SCPs, " "), strings.Join(n.RCPs, " ")})
	}
	t.print(rows)
	rows = [][]string{{"NOT KNOWN"}}
	for _, g := range s.Gaps() {
		rows = append(rows, []string{g.Error()})
	}
	t.print(rows)
	rows = [][]string{{"NOTES"}}
	for _, n := range l.Notes {
		rows = append(rows, []string{n})
	}
	t.print(rows)
	return t.err
}

// accountIn is the account in an ARN, "-" for none.
func accountIn(text string) string {
	if a, err := arn.Parse(text); err == nil && a.Account() != "" {
		return a.Account()
	}
	return "-"
}

// resourceIn is what an ARN has beyond the account: "role/deploy".
func resourceIn(text string) string {
	a, err := arn.Parse(text)
	if err != nil {
		return text
	}
	return a.Resource()
}
