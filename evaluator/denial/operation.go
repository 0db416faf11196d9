package denial

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// around are the words in which tools say what they were doing, where they do not
// name the operation: "creating Lambda Function (app)", "aws lambda get-function",
// "CREATE_FAILED … AWS::Lambda::Function".
var around = struct{ doing, command, stack func() *patternOf }{
	doing:   words(`\b(?P<verb>[Cc]reating|[Rr]eading|[Uu]pdating|[Dd]eleting|[Pp]utting|[Ll]isting|[Dd]escribing|[Ii]nvoking|[Pp]ublishing)\s+(?:AWS\s+|Amazon\s+)?(?P<noun>[A-Z][A-Za-z0-9]+(?: [A-Z][A-Za-z0-9]+){1,5})(?:\s*\([^)\n]{0,200}\))?(?:\s+(?P<part>code|configuration|alias)\b)?`),
	command: words(`\baws\s+(?P<service>[a-z][a-z0-9-]+)\s+(?P<command>[a-z][a-z0-9]*(?:-[a-z0-9]+)+)\b`),
	stack:   words(`\b(?P<verb>CREATE|UPDATE|DELETE)_FAILED\b[^\n]{0,120}?\bAWS::(?P<service>\w+)::(?P<noun>\w+)`),
}

// verbOf is the verb of an operation, by the word of a tool.
func verbOf(word string) string {
	switch fold.String(word) {
	case "creating", "create":
		return "Create"
	case "reading":
		return "Get"
	case "updating", "update":
		return "Update"
	case "deleting", "delete":
		return "Delete"
	case "putting":
		return "Put"
	case "listing":
		return "List"
	case "describing":
		return "Describe"
	case "invoking":
		return "Invoke"
	case "publishing":
		return "Publish"
	}
	return ""
}

// operationAround concludes service and operation from the words around.
func (d *Denial) operationAround(text string) {
	if !strings.Contains(text, "ing ") && !strings.Contains(text, "_FAILED") && !strings.Contains(text, "aws ") {
		return
	}
	if m := around.doing().last(text); m != nil {
		nouns := strings.Fields(m["noun"])
		for n := min(2, len(nouns)-1); n > 0; n-- {
			name := strings.Join(nouns[:n], " ")
			if n > 1 && services().Prefixes[name] == "" {
				continue
			}
			d.Service, d.Operation = name, verbOf(m["verb"])+strings.Join(nouns[n:], "")+capital(m["part"])
			return
		}
	}
	if m := around.stack().last(text); m != nil {
		d.Service, d.Operation = m["service"], verbOf(m["verb"])+m["noun"]
		return
	}
	if m := around.command().last(text); m != nil {
		d.Service = m["service"]
		for _, word := range strings.Split(m["command"], "-") {
			d.Operation += capital(word)
		}
	}
}

func capital(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// concludeAction finds the action of the operation that was called: by the
// parser's own knowledge, by the event, or by the catalogue where one service
// alone has the operation.
func (p *Parser) concludeAction(d *Denial) {
	if d.Action != "" || d.Operation == "" {
		return
	}
	if p.Action != nil {
		d.Action = p.Action(d.Service, d.Operation)
	}
	if d.Action == "" && p.Catalog != nil {
		name := versionSuffix().ReplaceAllLiteralString(d.Operation, "")
		switch candidates := p.having(d.Service, name, ""); len(candidates) {
		case 0:
		case 1:
			d.Action = candidates[0].Name
		default:
			d.note("several services have the operation %s: %s; give --action", d.Operation, names(candidates))
		}
	}
	if d.Action == "" && d.Form == FromEvent {
		d.Action = eventAction(d.Service, d.Operation)
	}
	if d.Action != "" {
		d.note("the text does not name the action: %s is concluded from the operation %s", d.Action, d.Operation)
	}
}

// having are the actions of a service, or of any, that an operation is named for
// and that depend on another action; "" for none.
func (p *Parser) having(service, operation, needs string) []*policy.ServiceAction {
	var found []*policy.ServiceAction
	look := func(prefix string) {
		if action := services().Operations[prefix+":"+operation]; action != "" {
			if a, ok := p.Catalog.Action(action); ok && needs == "" {
				found = append(found, a)
			}
			return
		}
		if a, ok := p.Catalog.Action(prefix + ":" + operation); ok && (needs == "" || slices.Contains(p.Catalog.DependentActions(a), needs)) {
			found = append(found, a)
		}
	}
	if service != "" {
		look(services().prefix(service))
		return found
	}
	for prefix := range p.Catalog.Services() {
		look(prefix)
	}
	return found
}

func names(actions []*policy.ServiceAction) string {
	list := make([]string, len(actions))
	for i, a := range actions {
		list[i] = a.Name
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// concludePassedTo finds the service that a role is passed to: that of the
// operation (G-5), or the one service whose operation of this name passes a role.
func (p *Parser) concludePassedTo(d *Denial) {
	const key = "iam:PassedToService"
	if !fold.Equal(d.Action, "iam:PassRole") || d.has(key) {
		return
	}
	prefix := services().prefix(d.Service)
	var candidates []*policy.ServiceAction
	if d.Service == "" && d.Operation != "" && p.Catalog != nil {
		operation := versionSuffix().ReplaceAllLiteralString(d.Operation, "")
		candidates = p.having("", operation, "iam:PassRole")
		if len(candidates) == 0 {
			candidates = p.having("", operation, "") // the catalogue does not know of all operations that pass a role
		}
	}
	switch len(candidates) {
	case 0:
	case 1:
		prefix, _, _ = strings.Cut(candidates[0].Name, ":")
	default:
		d.Context = append(d.Context, evaluator.Key{Name: key, State: evaluator.Present})
		for _, a := range candidates {
			prefix, _, _ := strings.Cut(a.Name, ":")
			if principal := services().PassedTo[prefix]; principal != "" && !slices.Contains(d.PassedTo, principal) {
				d.PassedTo = append(d.PassedTo, principal)
			}
		}
		slices.Sort(d.PassedTo)
		d.note("the role was passed to a service by %s, and several have such an operation: %s; give --context iam:PassedToService=…", d.Operation, names(candidates))
		return
	}
	if principal := services().PassedTo[prefix]; principal != "" {
		d.set(key, principal)
		d.note("the role was passed to %s: iam:PassedToService is %s", or(d.Service, prefix), principal)
	}
}
