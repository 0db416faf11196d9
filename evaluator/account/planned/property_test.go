package planned_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/policy"
)

// deployed is a tree with a value for each hole, as it is after the deployment.
func deployed(v any, values map[string]string, there map[string]bool) any {
	switch v := v.(type) {
	case *planned.Hole:
		return values[v.Origin]
	case planned.Text:
		all := ""
		for text, hole := range v.Parts() {
			if hole != nil {
				text = values[hole.Origin]
			}
			all += text
		}
		return all
	case list:
		own := list{}
		for _, item := range v {
			if m, ok := item.(planned.Maybe); ok {
				if !there[m.Hole.Origin] {
					continue
				}
				item = m.Value
			}
			own = append(own, deployed(item, values, there))
		}
		return own
	case object:
		own := object{}
		for k, member := range v {
			own[k] = deployed(member, values, there)
		}
		return own
	}
	return v
}

// holes are those of random trees.
var holes = []*planned.Hole{{Origin: "a"}, {Origin: "b"}, {Origin: "c"}}

// trees are random policies in which parts are not known.
func trees() *rapid.Generator[object] {
	hole := rapid.SampledFrom(holes)
	pieces := []any{"arn:aws:lambda:", "arn:aws:s3:::", "us-east-1", ":", "123456789012", ":function:", "orders", "*", "or", "arn:", "?"}
	piece := rapid.Custom(func(t *rapid.T) any {
		if rapid.IntRange(0, 3).Draw(t, "kind") == 0 {
			return hole.Draw(t, "hole")
		}
		return rapid.SampledFrom(pieces).Draw(t, "piece")
	})
	resource := rapid.Custom(func(t *rapid.T) any {
		switch rapid.IntRange(0, 5).Draw(t, "form") {
		case 0:
			return hole.Draw(t, "hole")
		case 1:
			return "*"
		case 2:
			return text(append([]any{"arn:aws:lambda:"}, rapid.SliceOfN(piece, 1, 6).Draw(t, "parts")...)...)
		case 3:
			return text("arn:aws:lambda:", piece.Draw(t, "region"), ":", piece.Draw(t, "account"), ":function:", piece.Draw(t, "name"), piece.Draw(t, "rest"))
		case 4:
			return "arn:aws:lambda:us-east-1:123456789012:function:orders"
		}
		return text(rapid.SliceOfN(piece, 1, 8).Draw(t, "parts")...)
	})
	action := rapid.Custom(func(t *rapid.T) any {
		return rapid.SampledFrom([]any{"lambda:*", "lambda:GetFunction", "s3:GetObject", holes[0], text("lambda:", holes[1]), text("s3:", holes[2]), text(holes[0], ":GetFunction")}).Draw(t, "action")
	})
	value := rapid.Custom(func(t *rapid.T) any {
		return rapid.SampledFrom([]any{"u", "x", "u*", holes[0], text("u", holes[1]), text(holes[2], "u"), text("", holes[0], holes[1])}).Draw(t, "value")
	})
	several := func(t *rapid.T, g *rapid.Generator[any], label string) any {
		l := list{}
		for _, v := range rapid.SliceOfN(g, 1, 3).Draw(t, label) {
			if rapid.IntRange(0, 4).Draw(t, "maybe") == 0 {
				v = planned.Maybe{Value: v, Hole: hole.Draw(t, "if")}
			}
			l = append(l, v)
		}
		return l
	}
	stmt := rapid.Custom(func(t *rapid.T) any {
		s := object{"Effect": rapid.SampledFrom([]any{"Allow", "Allow", "Deny", holes[2]}).Draw(t, "effect")}
		s[rapid.SampledFrom([]string{"Action", "NotAction"}).Draw(t, "a")] = several(t, action, "actions")
		s[rapid.SampledFrom([]string{"Resource", "Resource", "NotResource"}).Draw(t, "r")] = several(t, resource, "resources")
		if rapid.Bool().Draw(t, "conditional") {
			operator := rapid.SampledFrom([]string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "ForAnyValue:StringLike", "ForAllValues:StringNotEquals", "StringEqualsIfExists", "ArnLike", "Null"}).Draw(t, "operator")
			key := rapid.SampledFrom([]string{"aws:username", "aws:userid", "aws:RequestTag/t", "aws:PrincipalArn"}).Draw(t, "key")
			s["Condition"] = object{operator: object{key: several(t, value, "values")}}
		}
		return s
	})
	return rapid.Custom(func(t *rapid.T) object {
		statements := list{}
		for range rapid.IntRange(1, 3).Draw(t, "statements") {
			var s any = stmt.Draw(t, "statement")
			if rapid.IntRange(0, 9).Draw(t, "presence") == 0 {
				s = planned.Maybe{Value: s, Hole: hole.Draw(t, "if")}
			}
			statements = append(statements, s)
		}
		tree := object{"Statement": statements}
		if rapid.IntRange(0, 3).Draw(t, "version") > 0 {
			tree["Version"] = "2012-10-17"
		}
		return tree
	})
}

// A deployment gives each hole a value, and says whether what hangs on it is there.
type deployment struct {
	values map[string]string
	there  map[string]bool
}

func aDeployment(t *rapid.T) deployment {
	d := deployment{map[string]string{}, map[string]bool{}}
	for _, h := range holes {
		d.values[h.Origin] = rapid.SampledFrom([]string{"", "Allow", "Deny", "u", "*", "orders", "lambda", "GetFunction", "us-east-1", "123456789012", "us-east-1:123456789012", "function:orders", "arn:aws:lambda:us-east-1:123456789012:function:orders", "lambda:GetFunction", "a:b:c:d:e:f", "true"}).Draw(t, "value of "+h.Origin)
		d.there[h.Origin] = rapid.Bool().Draw(t, "is "+h.Origin)
	}
	return d
}

// of is the policy as it is after the deployment; nil where AWS would refuse it.
func (d deployment) of(t *rapid.T, tree object) *policy.Document {
	text, err := json.Marshal(deployed(tree, d.values, d.there))
	require.NoError(t, err)
	document, err := policy.Parse("after", text)
	if err != nil {
		return nil
	}
	return document
}

// decide is what a user gets for lambda:GetFunction on the function orders.
func decide(t *rapid.T, d *policy.Document) evaluator.Outcome {
	set, err := evaluator.Compile(policy.Identity, policy.Attach(d)...)
	if err != nil {
		t.Skip(err)
	}
	p, _ := evaluator.ParsePrincipal("arn:aws:iam::123456789012:user/u")
	caller := evaluator.Caller{Principal: p, Identity: set}
	target := evaluator.Target{Resource: "arn:aws:lambda:us-east-1:123456789012:function:orders"}
	got := new(evaluator.Engine).Evaluate(&caller, &target, &evaluator.Request{Action: "lambda:GetFunction"})
	return got.Outcome()
}

func TestADecisionBeforeTheDeploymentIsThatAfterIt(t *testing.T) { rapid.Check(t, aDecisionStands) }

var allTrees = trees()

func aDecisionStands(t *rapid.T) {
	tree := allTrees.Draw(t, "tree")
	after := aDeployment(t).of(t, tree)
	if after == nil {
		return
	}
	before, _, err := planned.Document("before", policy.Identity, tree)
	if err != nil {
		return // a known part is wrong, which need not have been there
	}
	if b, a := decide(t, before), decide(t, after); b != evaluator.Indeterminate && (b == evaluator.Allowed) != (a == evaluator.Allowed) {
		t.Fatalf("before %v, after %v\nbefore %s\nafter %s", b, a, marshalled(before), marshalled(after))
	}
}

// What is proved of two policies before the deployment holds after it.
func TestAProofBeforeTheDeploymentHoldsAfterIt(t *testing.T) { rapid.Check(t, aProofStands) }

func aProofStands(t *rapid.T) {
	p, q := allTrees.Draw(t, "p"), allTrees.Draw(t, "q")
	before := [2]*policy.Document{}
	for i, tree := range []object{p, q} {
		d, _, err := planned.Document("before", policy.Identity, tree)
		if err != nil {
			return
		}
		before[i] = d
	}
	x := prove.Prover{Budget: 1 << 14}
	v, err := x.Within(t.Context(), prove.Identity(before[0]), prove.Identity(before[1]))
	if err != nil || v.Outcome != prove.Proved {
		return
	}
	for range 8 {
		d := aDeployment(t)
		newer, older := d.of(t, p), d.of(t, q)
		if newer == nil || older == nil {
			continue
		}
		if decide(t, newer) == evaluator.Allowed && decide(t, older) != evaluator.Allowed {
			t.Fatalf("proved, and not so\nbefore %s\n  within %s\nafter %s\n  beside %s", marshalled(before[0]), marshalled(before[1]), marshalled(newer), marshalled(older))
		}
	}
}

func marshalled(d *policy.Document) string {
	text, err := json.Marshal(d)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
