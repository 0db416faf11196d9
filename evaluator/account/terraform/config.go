package terraform

import (
	"strings"

	"github.com/tidwall/gjson"
)

// A module is a module as it is configured.
type module struct {
	parent    *module // nil: the root
	call      string  // its name in the parent
	given     gjson.Result
	resources map[string]block
	calls     map[string]*module
	variables gjson.Result
	outputs   gjson.Result
}

// A block is a resource block as it is configured. In the zero block nothing is.
type block struct {
	expressions gjson.Result
	provider    string // "aws", "aws.europe", "module.m:aws"
	repeated    bool   // by count or for_each
}

func newModule(v gjson.Result, parent *module, call string) *module {
	m := &module{
		parent: parent, call: call, resources: make(map[string]block), calls: make(map[string]*module),
		variables: v.Get("variables"), outputs: v.Get("outputs"),
	}
	for _, r := range v.Get("resources").Array() {
		m.resources[r.Get("address").Str] = block{
			expressions: r.Get("expressions"), provider: r.Get("provider_config_key").Str,
			repeated: r.Get("for_each_expression").Exists() || r.Get("count_expression").Exists(),
		}
	}
	v.Get("module_calls").ForEach(func(name, c gjson.Result) bool {
		child := newModule(c.Get("module"), m, name.Str)
		child.given = c.Get("expressions")
		m.calls[name.Str] = child
		return true
	})
	return m
}

// moduleAt is the module with an address, `module.teams["blue"]`; nil where there
// is none.
func (p *Plan) moduleAt(address string) *module {
	m := p.root
	list := steps(address)
	for i := 1; i < len(list) && m != nil; i += 2 {
		name, _ := cutKey(list[i])
		m = m.calls[name]
	}
	return m
}

// A scope is where an expression stands: a module by address, and the key of the
// instance whose expression it is.
type scope struct {
	module string
	key    string
}

// up is the scope of the call of the module.
func (s scope) up() scope {
	list := steps(s.module)
	n := max(0, len(list)-2)
	key := ""
	if len(list) > 1 {
		_, key = cutKey(list[len(list)-1])
	}
	return scope{strings.Join(list[:n], "."), key}
}

// A source is what an expression takes a value from. Either an attribute of an
// instance, or a constant, or what the configuration does not follow further.
type source struct {
	instance  *instance
	attribute string // "arn"; "" where the configuration does not say which
	constant  gjson.Result
	end       string // "local.role"
}

// String is the source as errors and holes name it.
func (s source) String() string {
	switch {
	case s.instance == nil && s.end == "":
		return s.constant.Raw
	case s.instance == nil:
		return s.end
	case s.attribute == "":
		return s.instance.address
	}
	return s.instance.address + "." + s.attribute
}

// maxHops is how many variables and outputs a reference is followed through.
const maxHops = 100

// sources are what an expression refers to, in order. A plan does not keep what
// stands around a reference.
func (p *Plan) sources(expression gjson.Result, in scope, hops int) []source {
	if c := expression.Get("constant_value"); c.Exists() {
		return []source{{constant: c}}
	}
	var list []source
	keyed := false
	references := whole(expression.Get("references"))
	for _, r := range references {
		keyed = keyed || r == "each.key" || r == "count.index"
	}
	for _, r := range references {
		list = append(list, p.follow(r, in, keyed, hops)...)
	}
	return list
}

// whole are references without the parts of them that follow each.
func whole(references gjson.Result) []string {
	var list []string
	last := ""
	for _, r := range references.Array() {
		if part := r.Str; last != "" && strings.HasPrefix(last, part) && last != part && strings.IndexByte(".[", last[len(part)]) >= 0 {
			last = part
			continue
		}
		last = r.Str
		list = append(list, r.Str)
	}
	return list
}

// follow is what one reference leads to. keyed: the expression has the key of its
// instance too, so that a block without key stands for the instance of that key.
func (p *Plan) follow(reference string, in scope, keyed bool, hops int) []source {
	if hops > maxHops {
		return []source{{end: reference}}
	}
	list := steps(reference)
	switch list[0] {
	case "each", "count", "path", "terraform", "self":
		if reference == "each.value" || strings.HasPrefix(reference, "each.value.") {
			return []source{{end: reference}}
		}
		return nil
	case "var":
		return p.variable(list, in, hops)
	case "module":
		return p.output(list, in, keyed, hops)
	case "data":
		if len(list) > 2 {
			return p.resource(strings.Join(list[:2], ".")+".", list[2:], reference, in, keyed)
		}
	case "local":
	default:
		if len(list) > 1 {
			return p.resource(list[0]+".", list[1:], reference, in, keyed)
		}
	}
	return []source{{end: join(in.module, reference)}}
}

// variable follows var.x to the value that the caller of the module gives.
func (p *Plan) variable(list []string, in scope, hops int) []source {
	end := []source{{end: join(in.module, strings.Join(list, "."))}}
	m := p.moduleAt(in.module)
	if m == nil || len(list) < 2 {
		return end
	}
	name, key := cutKey(list[1])
	var found []source
	switch given := m.given.Get(gjson.Escape(name)); {
	case m.parent == nil:
		if v := p.variables.Get(gjson.Escape(name) + ".value"); v.Exists() {
			found = []source{{constant: v}}
		}
	case given.Exists():
		found = p.sources(given, in.up(), hops+1)
	default:
		if v := m.variables.Get(gjson.Escape(name) + ".default"); v.Exists() {
			found = []source{{constant: v}}
		}
	}
	return narrowed(found, key, list[2:], end)
}

// narrowed are sources of which a part is taken: an attribute of a resource that
// was handed over whole.
func narrowed(found []source, key string, rest []string, end []source) []source {
	switch {
	case len(found) == 0:
		return end
	case key == "" && len(rest) == 0:
		return found
	case key == "" && len(rest) == 1 && len(found) == 1 && found[0].instance != nil && found[0].attribute == "":
		s := found[0]
		s.attribute, _ = cutKey(rest[0])
		return []source{s}
	case key == "[0]" && len(rest) == 0 && len(found) == 1:
		return found
	}
	return end
}

// output follows module.m.out into the module.
func (p *Plan) output(list []string, in scope, keyed bool, hops int) []source {
	end := []source{{end: join(in.module, strings.Join(list, "."))}}
	m := p.moduleAt(in.module)
	if m == nil || len(list) < 3 {
		return end
	}
	call, key := cutKey(list[1])
	child := m.calls[call]
	if child == nil {
		return end
	}
	name, part := cutKey(list[2])
	expression := child.outputs.Get(gjson.Escape(name) + ".expression")
	if !expression.Exists() {
		return end
	}
	if key == "" && keyed {
		key = in.key
	}
	found := p.sources(expression, scope{module: join(in.module, "module."+call) + key}, hops+1)
	return narrowed(found, part, list[3:], end)
}

// resource finds the instance that a reference names, and which attribute of it.
func (p *Plan) resource(typ string, list []string, reference string, in scope, keyed bool) []source {
	name, key := cutKey(list[0])
	attribute := ""
	if len(list) > 1 {
		attribute, _ = cutKey(list[1])
	}
	all := p.blocks[join(in.module, typ+name)]
	for _, x := range all {
		if x.key == key || key == "" && keyed && x.key == in.key {
			return []source{{instance: x, attribute: attribute}}
		}
	}
	if key != "" || len(all) == 0 {
		return []source{{end: join(in.module, reference)}}
	}
	candidates := make([]source, len(all))
	for i, x := range all {
		candidates[i] = source{instance: x, attribute: attribute}
	}
	return candidates
}

// expression is what stands at a path of a block as it is configured, and how many
// steps of the path lie within it: a list is one expression. It does not exist
// where a block is made by dynamic, which a plan does not keep.
func (p *Plan) expression(x *instance, tree any, steps []any) (e gjson.Result, within int) {
	e = x.config.expressions
	for n, step := range steps {
		switch step := step.(type) {
		case string:
			e = e.Get(gjson.Escape(step))
		case int:
			if !e.IsArray() {
				return e, len(steps) - n
			}
			blocks := e.Array()
			if len(blocks) != length(at(tree, steps[:n]...)) {
				return gjson.Result{}, 0
			}
			e = blocks[step]
		}
		if e.Get("references").Exists() || e.Get("constant_value").Exists() {
			return e, len(steps) - n - 1
		}
	}
	return e, 0
}
