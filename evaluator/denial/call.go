package denial

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/internal/fold"
)

// Call is the API call that was denied, as far as the text tells it: its operation,
// "service:Operation", and of its parameters what the denied resource gives away.
// The rest is not known: the call is [apicall.Call.Partial]. ok is false where the
// text names no operation, or speaks of another caller than whoever made the call.
//
// An action that an operation is named like is taken to come from that.
func (d *Denial) Call() (call apicall.Call, ok bool) {
	if d.Form == FromService && d.CalledBy != theCaller && d.CalledBy != theDeployer {
		return apicall.Call{}, false
	}
	call = apicall.Call{Operation: d.operation(), Partial: true, Defaults: arn.Defaults{Region: d.Region}}
	if call.Operation == "" {
		return apicall.Call{}, false
	}
	if caller, err := arn.Parse(d.Principal); err == nil {
		call.Defaults.Partition, call.Defaults.Account = caller.Partition(), caller.Account()
	}
	call.Parameters = d.parameters(call.Operation)
	return call, true
}

// operation is the operation that was called, with its service; "" where it is
// not known.
func (d *Denial) operation() string {
	name := versionSuffix().ReplaceAllLiteralString(d.Operation, "")
	if name == "" {
		if slices.Contains(apicall.Operations(), d.Action) {
			return d.Action
		}
		return ""
	}
	if d.Service != "" {
		return services().prefix(d.Service) + ":" + name
	}
	prefix, _, _ := strings.Cut(d.Action, ":")
	if i := d.Context.Index("iam:PassedToService"); i >= 0 && fold.Equal(d.Action, "iam:PassRole") {
		prefix = ""
		for operations, principal := range services().PassedTo {
			if slices.Contains(d.Context[i].Values, principal) {
				prefix = operations
			}
		}
	}
	if prefix == "" {
		return ""
	}
	return fold.String(prefix) + ":" + name
}

// parameters are those that the denied resource shows; nil where it shows none.
func (d *Denial) parameters(operation string) []byte {
	target, _ := d.Target()
	resource, err := arn.Parse(target.Resource)
	if err != nil {
		return nil
	}
	var names []string
	switch resource.Type() {
	case "function":
		names = []string{"FunctionName", "Resource"}
	case "role":
		names = []string{"Role", "RoleArn"}
	}
	for _, name := range names {
		text, err := json.Marshal(map[string]string{name: target.Resource})
		if err != nil {
			return nil
		}
		call := apicall.Call{Operation: operation, Parameters: text, Partial: true}
		if _, err := call.Plan(evaluator.Options{}); err == nil {
			return text
		}
	}
	return nil
}

// Plan is what a call needs. Of an operation that package apicall does not
// know, it is what the catalogue and this package know that may be asked. Its error
// is that of [apicall.Call.Plan].
func (p *Parser) Plan(c apicall.Call) (*apicall.Plan, error) {
	plan, err := c.Plan(evaluator.Options{})
	if errors.Is(err, apicall.ErrUnknownOperation) && p.Catalog != nil {
		return p.planOf(c, err)
	}
	return plan, err
}

// planOf is what may be asked for an operation of which the parameters are not
// known.
func (p *Parser) planOf(c apicall.Call, unknown error) (*apicall.Plan, error) {
	prefix, operation, _ := strings.Cut(c.Operation, ":")
	actions := p.having(prefix, operation, "")
	if len(actions) != 1 {
		return nil, unknown
	}
	own := actions[0]
	plan := &apicall.Plan{Operation: prefix + ":" + operation, Authorizations: []apicall.Authorization{{Action: own.Name, Unknown: true}}}
	others := p.Catalog.DependentActions(own)
	if slices.Contains(services().Passing[prefix], operation) && !slices.Contains(others, "iam:PassRole") {
		others = append(others, "iam:PassRole")
	}
	for _, other := range others {
		a := apicall.Authorization{Action: other, Unknown: true, Effect: apicall.Possible, When: "where the call asks for it", Confidence: apicall.Medium}
		if other == "iam:PassRole" {
			a.When = "if the call names a role"
			if c.Defaults.Account != "" {
				a.Resource = "arn:" + c.Defaults.Partition + ":iam::" + c.Defaults.Account + ":role/"
			}
			if principal := services().PassedTo[prefix]; principal != "" {
				a.Context = evaluator.Context{{Name: "iam:PassedToService", Values: []string{principal}}}
			}
		}
		plan.Authorizations = append(plan.Authorizations, a)
	}
	return plan, nil
}
