package terraform_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/internal/printed"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/account/terraform"
	"github.com/iamsim/iamsim/internal/golden"
)

// What is read of small plans: all that there is, what is not known, and what is
// said about it.
func TestWhatIsReadOfAPlan(t *testing.T) {
	golden.Cases(t, "testdata/cases/*.txt", whatIsRead)
}

// whatIsRead is the snapshot after a plan is applied, and the one before where that
// is another.
func whatIsRead(t testing.TB, text string) string {
	var w written
	if !strings.HasPrefix(text, "{") {
		w, text = w.parse(t, text)
	}
	if w.given.Account == "" && !w.nowhere {
		w.given.Account, w.given.Region = "111122223333", "eu-west-1"
	}
	p, err := terraform.Read("plan.json", strings.NewReader(text), w.given)
	if err != nil {
		return "error: " + err.Error()
	}
	shown := func(put func(*account.Builder)) string {
		b := account.New()
		b.Partial = w.partial
		put(b)
		s, err := b.Build()
		out := strings.ReplaceAll(printed.Snapshot(s), "gap: service control policies, resource control policies of 111122223333: not known; taken to be in no organization: give the answers of AWS Organizations if it is in one\n", "")
		if err != nil {
			out += "fault: " + strings.ReplaceAll(err.Error(), "\n", "\nfault: ") + "\n"
		}
		return out
	}
	before, after := shown(p.Before), shown(p.After)
	if before != "" && before != after {
		return "# before\n" + before + "# after\n" + after
	}
	return after
}

// A written plan is short. Each line of it is one of
//
//   - ADDRESS [@PROVIDER] AFTER [EXPRESSIONS]     a resource that is made
//   - ADDRESS [@PROVIDER] BEFORE [EXPRESSIONS]    one that goes
//     = ADDRESS [@PROVIDER] VALUES [EXPRESSIONS]    one that stays
//     ~ ADDRESS [@PROVIDER] BEFORE AFTER [EXPRESSIONS]
//     prior ADDRESS [@PROVIDER] VALUES [EXPRESSIONS]  a data source that was read
//     provider NAME EXPRESSIONS
//     call module.m EXPRESSIONS
//     output module.m.NAME EXPRESSION
//     default module.m.NAME VALUE                   of a variable
//     variable NAME VALUE                           of the root
//     member NAME VALUE                             of the plan itself
//     given GIVEN
//     nowhere                                       account and region are not given
//     partial                                       the Builder is
//
// "?" is a value that is known after apply, and $allow, $deny, $trust and $public are
// policies. Of expressions, a list of strings are
// references, other scalars are constants, and the rest is as a plan has it.
type written struct {
	given            planned.Given
	nowhere, partial bool
}

// documents are policies as plans have them, within a JSON string.
var documents = strings.NewReplacer(
	"$allow", `{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}`,
	"$deny", `{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"D\",\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}`,
	"$public", `{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}`,
	"$trust", trust,
)

type object = map[string]any

func (w written) parse(t testing.TB, text string) (written, string) {
	plan := object{"format_version": "1.2", "resource_changes": []any{}}
	providers, root := object{}, object{}
	for line := range strings.Lines(documents.Replace(text)) {
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		name, rest, _ := strings.Cut(rest, " ")
		if kind == "" || kind == "#" {
			continue
		}
		provider := "aws"
		if p, more, ok := strings.Cut(rest, " "); ok && strings.HasPrefix(p, "@") {
			provider, rest = p[1:], more
		}
		if kind == "given" {
			rest = name + " " + rest
		}
		values := decoded(t, line, rest)
		switch kind {
		case "+", "-", "=", "~":
			x := resourceOf(name, provider)
			before, after := any(nil), any(nil)
			switch kind {
			case "+":
				after = values[0]
			case "-":
				before = values[0]
			case "=":
				before, after = values[0], values[0]
			case "~":
				before, after = values[0], values[1]
				values = values[1:]
			}
			known, unknown := split(after)
			x["change"] = object{"actions": []any{"update"}, "before": before, "after": known, "after_unknown": unknown}
			plan["resource_changes"] = append(plan["resource_changes"].([]any), x)
			configure(root, x, provider, values)
		case "prior":
			x := resourceOf(name, provider)
			x["values"] = values[0]
			state, _ := plan["prior_state"].(object)
			if state == nil {
				state = object{"values": object{"root_module": object{"resources": []any{}}}}
				plan["prior_state"] = state
			}
			module := state["values"].(object)["root_module"].(object)
			module["resources"] = append(module["resources"].([]any), x)
			configure(root, x, provider, values)
		case "provider":
			providers[name] = object{"name": "aws", "expressions": expressions(values[0])}
		case "call":
			module, call := parent(name)
			within(root, module, "module_calls", call)["expressions"] = expressions(values[0])
		case "output":
			module, output := parent(name)
			within(root, module, "outputs", output)["expression"] = expressions(values[0])
		case "default":
			module, variable := parent(name)
			within(root, module, "variables", variable)["default"] = values[0]
		case "variable":
			within(plan, "", "variables", name)["value"] = values[0]
		case "member":
			plan[name] = values[0]
		case "given":
			text, err := json.Marshal(values[0])
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(text, &w.given))
		case "nowhere":
			w.nowhere = true
		case "partial":
			w.partial = true
		default:
			require.FailNow(t, "no line of a plan: "+line)
		}
	}
	if _, ok := plan["configuration"]; !ok {
		plan["configuration"] = object{"provider_config": providers, "root_module": root}
	}
	all, err := json.Marshal(plan)
	require.NoError(t, err)
	return w, string(all)
}

// decoded are the JSON values of a line.
func decoded(t testing.TB, line, text string) []any {
	var all []any
	for d := json.NewDecoder(strings.NewReader(text)); ; {
		var v any
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err, line)
		all = append(all, v)
	}
}

// keys are those of instances and of modules.
var keys = regexp.MustCompile(`\[[^\]]*\]`)

// resourceOf is a resource with the names that its address has.
func resourceOf(address, provider string) object {
	steps, mode := strings.Split(keys.ReplaceAllString(address, ""), "."), "managed"
	n := len(steps)
	if n > 2 && steps[n-3] == "data" {
		mode = "data"
	}
	name, _, _ := strings.Cut(provider[strings.LastIndexByte(provider, ':')+1:], ".")
	return object{"address": address, "mode": mode, "type": steps[n-2], "name": steps[n-1], "provider_name": "registry.terraform.io/hashicorp/" + name}
}

// configure puts the expressions of a resource into its module, those that the first
// instance of a block has.
func configure(root, x object, provider string, values []any) {
	block := fmt.Sprint(x["type"], ".", x["name"])
	if x["mode"] == "data" {
		block = "data." + block
	}
	module, _, _ := strings.Cut(x["address"].(string), block)
	m := moduleOf(root, strings.TrimSuffix(module, "."))
	list, _ := m["resources"].([]any)
	if slices.ContainsFunc(list, func(r any) bool { return r.(object)["address"] == block }) {
		return
	}
	own := object{"address": block, "provider_config_key": provider, "expressions": object{}}
	if len(values) > 1 {
		own["expressions"] = expressions(values[1])
	}
	m["resources"] = append(list, own)
}

// moduleOf is the configuration of the module with an address.
func moduleOf(root object, address string) object {
	for address != "" {
		step, rest, _ := strings.Cut(strings.TrimPrefix(address, "module."), ".module.")
		name, _, _ := strings.Cut(step, "[")
		call := within(root, "", "module_calls", name)
		if call["module"] == nil {
			call["module"] = object{}
		}
		root, address = call["module"].(object), rest
	}
	return root
}

// within is a member of a section of a module, which is made where there is none.
func within(root object, module, section, name string) object {
	m := moduleOf(root, module)
	if m[section] == nil {
		m[section] = object{}
	}
	s := m[section].(object)
	if s[name] == nil {
		s[name] = object{}
	}
	return s[name].(object)
}

// parent splits module.a.module.b into the module that calls, and the call; and
// module.a.out into the module and its output.
func parent(address string) (module, name string) {
	i := strings.LastIndexByte(address, '.')
	if i < 0 {
		return "", address
	}
	return strings.TrimSuffix(strings.TrimSuffix(address[:i], "module"), "."), address[i+1:]
}

// split is a value as a plan has it: what is known, and the mirror of what is not.
func split(v any) (known, unknown any) {
	switch v := v.(type) {
	case object:
		k, u := object{}, object{}
		for name, member := range v {
			mk, mu := split(member)
			if mu != true {
				k[name] = mk
			}
			if mu != false {
				u[name] = mu
			}
		}
		return k, u
	case []any:
		k, u := make([]any, len(v)), make([]any, len(v))
		for i, member := range v {
			k[i], u[i] = split(member)
		}
		return k, u
	case string:
		if v == "?" {
			return nil, true
		}
	}
	return v, false
}

// expressions are those of a block as the configuration of a plan has them.
func expressions(v any) any {
	switch v := v.(type) {
	case object:
		if _, ok := v["constant_value"]; ok {
			return v
		}
		own := object{}
		for name, member := range v {
			own[name] = expressions(member)
		}
		return own
	case []any:
		own := make([]any, len(v))
		for i, member := range v {
			if _, ok := member.(string); ok {
				return object{"references": v}
			}
			own[i] = expressions(member)
		}
		return own
	}
	return object{"constant_value": v}
}
