package terraform

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/evaluator/account/internal/plain"
	"github.com/iamsim/iamsim/evaluator/account/internal/walk"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/internal/jsontext"
	"github.com/iamsim/iamsim/internal/spelling"
)

// A Plan is a plan or a state, as it was read. [Read] makes one; [Plan.Before] and
// [Plan.After] give what there is. Nothing changes it, and goroutines may share it.
type Plan struct {
	file      string
	given     planned.Given
	instances []*instance // in the order of the file
	at        map[string]*instance
	blocks    map[string][]*instance // by address without the key of the instance
	variables gjson.Result
	root      *module // nil: a state, or a plan without configuration
	providers gjson.Result
	isState   bool
	partial   []string // why the plan does not say all
}

// IsState reports whether it is a state: then before and after are the same.
func (p *Plan) IsState() bool { return p.isState }

// Read reads what `terraform show -json` or `tofu show -json` prints of a plan or a
// state, as UTF-8 or UTF-16. Given are the values of what the plan leaves open, by
// origin, and the account and region of providers that do not say theirs. The error
// says where the file is not what it should be, or what it is instead.
func Read(name string, src io.Reader, given planned.Given) (*Plan, error) {
	text, err := plain.Text(src)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s := walk.New(name, text)
	r := reader{Scanner: s, Plan: &Plan{file: name, given: given, at: make(map[string]*instance), blocks: make(map[string][]*instance)}, seen: make(map[string]bool)}
	switch c, err := s.Next(); {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%s is empty: terraform show -json printed an error and no plan", name)
	case err != nil:
		return nil, err
	case c == 'P':
		return nil, s.Fault(s.Place, "not JSON: it looks like a plan as terraform plan -out writes it: print it with terraform show -json %s > plan.json", name)
	case c != '{':
		return nil, s.Fault(s.Place, "not JSON: a plan begins with { and not with %s: print it with terraform show -json plan.out > plan.json", spelling.Quote(string(rune(c))))
	}
	if err := s.Members("the plan", r.member); err != nil {
		return nil, err
	}
	if c, err := s.Next(); err == nil {
		return nil, s.Fault(s.Place, "there is more after the end of the plan, from %s on: give each plan a file of its own", spelling.Quote(string(rune(c))))
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	return r.plan()
}

// A reader reads one file.
type reader struct {
	*walk.Scanner
	*Plan
	seen     map[string]bool // members
	state    []*instance     // of prior_state, or of a state
	expected int             // resources of planned_values
}

// member reads a member of the plan.
func (r *reader) member(name string) error {
	at := r.Place
	if r.seen[name] {
		return r.Fault(at, "the plan has the member %s twice", spelling.Quote(name))
	}
	r.seen[name] = true
	if _, err := r.Needed("the plan"); err != nil {
		return err
	}
	at = r.Place
	switch name {
	case "resource_changes":
		return r.list(name, r.change)
	case "deferred_changes":
		return r.list(name, func(i int) error {
			v, err := r.Value(name)
			if address := v.Get("resource_change.address").Str; err == nil {
				r.partial = append(r.partial, fmt.Sprintf("%s was deferred: its change is not in the plan", address))
			}
			return err
		})
	case "prior_state":
		return r.object(name, func(member string) error {
			if member != "values" {
				return r.Skip(member)
			}
			return r.values(func(i *instance) { r.state = append(r.state, i) })
		})
	case "values":
		return r.values(func(i *instance) { r.state = append(r.state, i) })
	case "planned_values":
		return r.values(func(*instance) { r.expected++ })
	case "format_version", "variables", "configuration", "errored", "complete":
	case "@level", "@message":
		return r.Fault(at, "this is a log, as terraform plan -json writes it, and has no values: run terraform plan -out plan.out, then terraform show -json plan.out > plan.json")
	case "lineage", "serial":
		return r.Fault(at, "this is a state as Terraform stores it: print it with terraform show -json %s > state.json", r.file)
	default:
		return r.Skip(name)
	}
	v, err := r.Value(name)
	if err != nil {
		return err
	}
	switch name {
	case "format_version":
		return r.version(at, v)
	case "variables":
		r.variables = v
	case "configuration":
		r.root, r.providers = newModule(v.Get("root_module"), nil, ""), v.Get("provider_config")
	case "errored":
		if v.Bool() {
			r.partial = append(r.partial, "the plan ended with an error, and what comes after it is missing: mend the error and plan again")
		}
	case "complete":
		if v.Type == gjson.False {
			r.partial = append(r.partial, "the plan is not complete, and changes that it puts off are missing: apply it, and plan again")
		}
	}
	return nil
}

// version checks format_version: 0.1 to 1.x are alike.
func (r *reader) version(at walk.Place, v gjson.Result) error {
	major, minor, ok := strings.Cut(v.Str, ".")
	n, err := strconv.Atoi(minor)
	if ok && err == nil && (major == "1" || major == "0" && n > 0) {
		return nil
	}
	return r.Fault(at, "format_version is %s, and 0.1 to 1.x can be read: print the plan with a Terraform of 0.12 to 1.x, or an OpenTofu", spelling.Quote(strings.Trim(v.Raw, `"`)))
}

// object walks an object; null is none.
func (r *reader) object(in string, member func(name string) error) error {
	c, err := r.Needed(in)
	if err != nil {
		return err
	}
	if c == '{' {
		return r.Members(in, member)
	}
	return r.other(in, "an object")
}

// list walks a list; null is an empty one.
func (r *reader) list(in string, element func(i int) error) error {
	c, err := r.Needed(in)
	if err != nil {
		return err
	}
	if c == '[' {
		return r.Elements(in, element)
	}
	return r.other(in, "a list")
}

// other goes over null, and refuses what is neither that nor what is due.
func (r *reader) other(in, due string) error {
	at := r.Place
	v, err := r.Value(in)
	if err == nil && v.Type != gjson.Null {
		err = r.Fault(at, "%s is %s, and not %s", in, jsontext.TypeName(v.Raw), due)
	}
	return err
}

// values walks the values of a state: outputs, and modules within one another.
func (r *reader) values(found func(*instance)) error {
	return r.object("values", func(member string) error {
		if member != "root_module" {
			return r.Skip(member)
		}
		return r.module(found, 0)
	})
}

// maxModules is how deep modules stand within one another at most.
const maxModules = 100

func (r *reader) module(found func(*instance), level int) error {
	if level > maxModules {
		return r.Fault(r.Place, "modules stand within one another more than %d levels deep", maxModules)
	}
	var own []*instance
	var address string
	place := func() { // what was read: the address follows the resources
		for _, x := range own {
			if x.module == "" && address != "" { // states of Terraform 0.12 leave it out
				x.module, x.address = address, address+"."+x.address
			}
			found(x)
		}
		own = nil
	}
	err := r.object("a module", func(member string) error {
		switch member {
		case "address":
			v, err := r.Value("the address of a module")
			address = v.Str
			return err
		case "resources":
			return r.list(member, func(i int) error {
				at := r.Place
				v, err := r.Value("a resource")
				if err != nil {
					return err
				}
				x, err := r.instance(at, v)
				if err != nil {
					return err
				}
				if x.ours {
					x.after = merged(v.Get("values"), gjson.Result{})
					x.before = x.after
				}
				x.depose(v.Get("deposed_key").Str)
				own = append(own, x)
				return nil
			})
		case "child_modules":
			place()
			return r.list(member, func(int) error { return r.module(found, level+1) })
		}
		return r.Skip(member)
	})
	place()
	return err
}

// change reads one of resource_changes.
func (r *reader) change(int) error {
	at := r.Place
	v, err := r.Value("a change of a resource")
	if err != nil {
		return err
	}
	x, err := r.instance(at, v)
	if err != nil {
		return err
	}
	change := v.Get("change")
	if !change.IsObject() {
		return r.Fault(at, "%s has no change", x.address)
	}
	var actions []string
	for _, a := range change.Get("actions").Array() {
		actions = append(actions, a.Str)
	}
	if x.ours {
		x.before, x.after = merged(change.Get("before"), gjson.Result{}), merged(change.Get("after"), change.Get("after_unknown"))
		x.identity = [2]string{change.Get("before_identity.account_id").Str, change.Get("after_identity.account_id").Str}
		x.created = x.before == nil
		if slices.Contains(actions, "forget") { // from the state, and stays in AWS
			x.after = x.before
		}
	}
	x.depose(v.Get("deposed").Str)
	return r.add(at, x)
}

// instance reads what names a resource.
func (r *reader) instance(at walk.Place, v gjson.Result) (*instance, error) {
	x := &instance{
		address: v.Get("address").Str, module: v.Get("module_address").Str, mode: v.Get("mode").Str,
		typ: v.Get("type").Str, name: v.Get("name").Str, line: at.Line,
	}
	if x.address == "" || x.typ == "" {
		return nil, r.Fault(at, "a resource has no address or no type: is this what terraform show -json prints?")
	}
	block := x.typ + "." + x.name
	if x.mode == "data" {
		block = "data." + block
	}
	path, key, ok := splitAddress(x.address, block)
	if !ok {
		return nil, r.Fault(at, "address %s is not that of %s", spelling.Quote(x.address), spelling.Quote(block))
	}
	if index := v.Get("index"); key == "" && index.Exists() && index.Type != gjson.Null {
		key = "[" + index.Raw + "]" // states of Terraform 0.12 leave it out
		x.address += key
	}
	x.module, x.block, x.key = path, block, key
	x.ours = strings.HasPrefix(x.typ, "aws_") && isAWS(v.Get("provider_name").Str)
	return x, nil
}

// isAWS reports whether a provider is hashicorp/aws of any registry: "aws" of
// Terraform 0.12, "registry.terraform.io/hashicorp/aws".
func isAWS(provider string) bool {
	return provider == "" || provider == "aws" || provider == "hashicorp/aws" || strings.HasSuffix(provider, "/hashicorp/aws")
}

// add adds an instance by its address.
func (r *reader) add(at walk.Place, x *instance) error {
	if r.at[x.address] != nil {
		return r.Fault(at, "%s is there twice", x.address)
	}
	r.at[x.address] = x
	r.instances = append(r.instances, x)
	if !x.deposed {
		r.blocks[x.within(x.block)] = append(r.blocks[x.within(x.block)], x)
	}
	return nil
}

// ofPlans are members that no state has; that of nothing has none but its version.
var ofPlans = [...]string{"resource_changes", "planned_values", "configuration", "prior_state", "errored", "complete", "deferred_changes"}

// plan makes the plan of all that was read.
func (r *reader) plan() (*Plan, error) {
	changes := r.seen["resource_changes"]
	r.isState = r.seen["values"] || !slices.ContainsFunc(ofPlans[:], func(member string) bool { return r.seen[member] })
	switch {
	case !r.seen["format_version"]:
		return nil, fmt.Errorf("%s: neither a plan nor a state: it has no format_version, which terraform show -json prints", r.file)
	case !changes && r.expected > 0:
		return nil, fmt.Errorf("%s: the plan has planned_values and no resource_changes, which alone say what is not known: give all that terraform show -json prints", r.file)
	}
	changed := maps.Clone(r.at)
	for _, x := range r.state {
		if changed[x.address] == nil {
			if err := r.add(walk.Place{Line: x.line, Column: 1}, x); err != nil {
				return nil, err
			}
		}
	}
	for _, x := range r.instances {
		if m := r.moduleAt(x.module); m != nil {
			x.config = m.resources[x.block]
		}
	}
	return r.Plan, nil
}
