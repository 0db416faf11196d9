package prove_test

import (
	"flag"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

var (
	directed = flag.Int("prove.directed", -1, "how many adversarial pairs of policies are decided, and their proofs attacked at the ends of each condition; -1: one to sixteen random pairs, and not less than 200, or a quarter with -short")
	from     = flag.Int("prove.from", 0, "the first of them")
)

// ends are the instants where calendars begin and end, and others that are
// written in two ways.
var ends = []string{
	"0000", "0000-01-01T00:00:00Z", "0000-01-01T00:00:00+23:59", "0000-01-01T00:00:00.5+23:59", "9999-12-31T23:59:59Z", "9999-12-31T23:59:60Z", "9999-12-31T23:59:60.5Z",
	"9999-12-31T23:59:60.5-23:59", "253402300800", "253402300801", "253402387140", "253402387141", "253402387142", "9223372036854775807",
	"2016-12-31T23:59:60Z", "2017-01-01T01:00:00+01:00", "2026-06-01", "2026-06-01T00:00Z",
}

// adversarialWorlds are the ordinary ones, and values at the ends of types.
var adversarialWorlds = append(slices.Clone(worlds),
	world{"aws:CurrentTime", dateTests, ends, ends, false},
	world{"example:dates", dateTests, ends, ends, true},
	world{"example:n", numericTests, []string{"0", "-0", "0.0", "1e3", "999999999999999999999999", "-999999999999999999999999", "0.000000000000000000001"}, []string{"0", "-0", "00", "0.00", "1"}, false},
	world{"aws:SourceIp", []string{"IpAddress", "NotIpAddress"}, []string{"0.0.0.0/0", "::/0", "0.0.0.0/32", "255.255.255.255", "::ffff:203.0.113.7", "128.0.0.0/1"}, []string{"0.0.0.0", "255.255.255.255", "::", "::ffff:203.0.113.7"}, false},
	world{"kms:CallerAccount", textTests, []string{"111122223333", "4444*", "*", "${aws:PrincipalAccount}"}, nil, false},
	world{"aws:PrincipalAccount", textTests, []string{"111122223333", "${kms:CallerAccount}", "444455556666"}, nil, false},
	world{"aws:userid", textTests, []string{"111122223333", "444455556666", "*", "1111*"}, nil, false},
	world{"example:s", textTests, []string{"${example:t, 'a'}", "${example:s}", "${aws:PrincipalTag/t, ''}", "${aws:PrincipalTag/t, '*'}", "a"}, textRequests, false},
	world{"aws:TagKeys", textTests, []string{"${example:t, 'a'}", "a", "*"}, textRequests, true},
	world{"example:s", textTests, []string{"é*", "*É", "\u00b5", "k", "*:*", "a\n*", "", "**", "?*?"}, []string{"é", "É", "\u212a", "K", "a\nb", ":", "\u03bc"}, false},
	world{"aws:PrincipalArn", arnTests, []string{"arn:*:iam::*:user/*:*", "arn:aws:iam::111122223333:user/?*", "arn:*:iam::*:*/x/*", "arn:aws:iam::111122223333:root", "*:root", "*"}, nil, false},
	world{"aws:PrincipalServiceName", textTests, []string{"s3.amazonaws.com", "*.amazonaws.com", "s*"}, nil, false},
	world{"aws:FederatedProvider", textTests, []string{"accounts.google.com", "*google*", "arn:*"}, nil, false},
	world{"aws:PrincipalIsAWSService", []string{"Bool", "StringEquals"}, []string{"true", "false", "TRUE"}, nil, false},
	world{"aws:ResourceAccount", textTests, []string{"111122223333", "444455556666", "*", "${aws:PrincipalAccount}"}, nil, false},
	world{"aws:PrincipalTag/t", textTests, []string{"${aws:ResourceAccount}", "${aws:PrincipalServiceName}", "${aws:FederatedProvider, 'a'}", "${aws:userid}"}, textRequests, false},
)

// candidates are values at the ends of what the conditions of both sides tell
// apart, by key in lower case.
type candidates map[string][]string

var variables = regexp.MustCompile(`\$\{[^}]*\}`)

// around are texts that a pattern matches, and their neighbours.
func around(written string) []string {
	var list []string
	for _, value := range []string{"alice", "a", "111122223333"} {
		text := variables.ReplaceAllString(written, value)
		for _, star := range []string{"", "x", "a/b", "*"} {
			list = append(list, strings.NewReplacer("*", star, "?", "x").Replace(text))
		}
		if !strings.Contains(written, "${") {
			break
		}
	}
	if found := list[0]; found != "" {
		list = append(list, found+"x", found[:len(found)-1], strings.ToUpper(found), strings.ToLower(found))
	}
	return list
}

func candidatesOf(documents []*policy.Document) candidates {
	c := candidates{}
	for _, d := range documents {
		for i := range d.Statements {
			for _, condition := range d.Statements[i].Condition {
				key := strings.ToLower(condition.Key)
				for _, value := range condition.Values {
					c[key] = append(c[key], around(value)...)
				}
				switch condition.Operator.Type() {
				case policy.DateValue:
					c[key] = append(c[key], ends...)
				case policy.NumericValue:
					for _, value := range condition.Values {
						c[key] = append(c[key], value+"1", value+".5", "-"+value, "0"+value)
					}
				case policy.IPAddressValue:
					c[key] = append(c[key], "0.0.0.0", "255.255.255.255", "::", "203.0.112.255", "203.0.114.0", "127.255.255.255", "128.0.0.0")
				}
				c[key] = append(c[key], "", "x")
			}
		}
	}
	return c
}

// request draws a request near an Allow statement of p: its values are at the ends
// of what the documents ask for.
func (a *attacker) directedRequest(c candidates, keys map[string]string) (evaluator.Caller, evaluator.Target, evaluator.Request) {
	caller, target, request := a.request()
	request.Context = nil
	documents := allDocuments(a.p)
	statements := pick(a.generator, documents).Statements
	st := pick(a.generator, statements)
	if len(st.Action) > 0 && a.chance(80) {
		if action := pick(a.generator, around(pick(a.generator, st.Action))); strings.Count(action, ":") == 1 && !strings.ContainsAny(action, "*/") && !strings.HasPrefix(action, ":") && !strings.HasSuffix(action, ":") {
			request.Action = action
		}
	}
	if len(st.Resource) > 0 && a.chance(80) {
		resource := pick(a.generator, around(pick(a.generator, st.Resource)))
		f := pattern.Split(resource)
		account := f.Field(4)
		if f.IsARN() && f.Field(1) != "" && f.Field(2) != "" && (account == "" || len(account) == 12 && strings.Trim(account, "0123456789") == "") {
			if target.Resource = resource; account != "" {
				target.Account = account
			} else if !a.p.Has(policy.ResourceLayer) {
				target.Account = caller.Principal.Account()
			}
		}
	}
	own := map[string]bool{}
	for _, condition := range st.Condition {
		own[strings.ToLower(condition.Key)] = true
	}
	session := caller.Principal.Kind() == evaluator.RoleSession
	for _, lower := range keysInOrder(keys) {
		name := keys[lower]
		always := session && (lower == "aws:multifactorauthpresent" || lower == "aws:tokenissuetime")
		odds := 30
		if own[lower] {
			odds = 75
		}
		switch {
		case follows[lower], caller.Principal.Account() == "" && (strings.HasPrefix(lower, "aws:principal") || lower == "aws:multifactorauthpresent" || lower == "aws:tokenissuetime"):
			continue
		case !always && !a.chance(odds):
			if a.chance(20) {
				request.Context = append(request.Context, evaluator.Key{Name: name, Values: []string{}})
			}
			continue
		}
		values := []string{pick(a.generator, c[lower])}
		if a.several[lower] && !always && !strings.Contains(lower, "tag/") {
			for a.chance(45) {
				if v := pick(a.generator, c[lower]); !slices.Contains(values, v) {
					values = append(values, v)
				}
			}
		}
		if !slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, "${") }) {
			request.Context = append(request.Context, evaluator.Key{Name: name, Values: values})
		}
	}
	return caller, target, request
}

// follows are keys whose values follow from the caller.
var follows = map[string]bool{
	"aws:principalarn": true, "aws:principalaccount": true, "aws:principaltype": true, "aws:userid": true, "aws:username": true, "kms:calleraccount": true,
	"aws:principalservicename": true, "aws:federatedprovider": true, "aws:principalisawsservice": true, "aws:resourceaccount": true,
}

// siblings are policies in the same slots that differ in few statements, as before
// and after a change, most of them beside denials of all but some actions.
func (g *generator) siblings() pair {
	g.principals = false
	kept := policy.Policies{}
	var slots []policy.Slot
	give := func(slot policy.Slot, d *policy.Document) {
		if g.chance(50) && slot.Layer != policy.RCPLayer {
			blanket := policy.Statement{Effect: policy.Deny, NotAction: policy.Values{pick(g, actionPatterns[1:])}, Resource: policy.Values{"*"}}
			if g.principals {
				blanket.Principal = &policy.Principals{Everyone: true}
			}
			d.Statements = append(d.Statements, blanket)
		}
		kept = kept.With(slot, policy.Attached{Document: d})
		slots = append(slots, slot)
	}
	give(policy.IdentityLayer.At(0), g.document())
	for _, layer := range []policy.Layer{policy.BoundaryLayer, policy.SessionLayer, policy.SCPLayer, policy.SCPLayer} {
		if g.chance(30) {
			give(layer.At(kept.Count(layer)), g.document())
		}
	}
	for _, layer := range []policy.Layer{policy.ResourceLayer, policy.EndpointLayer, policy.RCPLayer} {
		if !g.chance(30) {
			continue
		}
		if g.principals = true; layer == policy.RCPLayer {
			give(layer.At(0), g.rcp())
		} else {
			give(layer.At(0), g.document())
		}
		g.principals = false
	}
	sibling := kept
	for range 1 + g.IntN(2) {
		slot := pick(g, slots)
		g.principals = slot.Layer == policy.ResourceLayer || slot.Layer == policy.EndpointLayer
		d := *sibling.At(slot)[0].Document
		d.Statements = slices.Clone(d.Statements)
		at := g.IntN(len(d.Statements))
		switch {
		case slot.Layer == policy.RCPLayer:
			d = *g.rcp()
		case len(d.Statements) > 1 && g.chance(50):
			d.Statements = slices.Delete(d.Statements, at, at+1)
		case g.chance(50):
			d.Statements = append(d.Statements, g.statement(d.Version == policy.Version2012))
		default:
			d.Statements[at] = g.statement(d.Version == policy.Version2012)
		}
		sibling = sibling.With(slot, policy.Attached{Document: &d})
	}
	if g.chance(50) {
		return pair{p: sibling, q: kept}
	}
	return pair{p: kept, q: sibling}
}

func keysInOrder(keys map[string]string) []string {
	var list []string
	for key := range keys {
		list = append(list, key)
	}
	slices.Sort(list)
	return list
}

// Every proof of an adversarial pair stands up to requests at the ends of all
// conditions of both sides, with each key absent, empty and present.
func TestProofsStandUpToDirectedRequests(t *testing.T) {
	var proved, refuted, unknown, requests, allowed int
	reasons := map[string]int{}
	n := *directed
	if n < 0 {
		n = max(share(200), pairCount(t)/16)
	}
	for i := *from; i < *from+n; i++ {
		v, put, granted := requireSoundAtTheEnds(t, newGeneratorOf(adversarialWorlds, 7, uint64(i)))
		requests, allowed = requests+put, allowed+granted
		switch v.Outcome {
		case prove.Proved:
			proved++
		case prove.Refuted:
			refuted++
		case prove.Unknown:
			unknown++
			reasons[v.Reason]++
		}
	}
	t.Logf("%d pairs: %d proved, %d refuted, %d unknown %v; %d directed requests put to the proofs, %d times allowed",
		n, proved, refuted, unknown, reasons, requests, allowed)
}

// requireSoundAtTheEnds decides an adversarial pair, and attacks what is proved. It
// counts the requests that it put to the proof, and how often one was allowed.
func requireSoundAtTheEnds(t *testing.T, g *generator) (v *prove.Verdict, requests, allowed int) {
	g.empty = 3
	p := g.pair()
	if g.chance(40) {
		p = g.siblings()
	}
	var x prove.Prover
	if p.p.Has(policy.ResourceLayer) && g.chance(30) {
		x.Owner = "111122223333"
	}
	v, err := x.Within(t.Context(), p.p, p.q)
	require.NoError(t, err)
	require.False(t, v.Unconfirmed, "%s\n%s\nwithin\n%s", v, show(p.p), show(p.q))
	if v.Outcome != prove.Proved {
		return v, 0, 0
	}
	documents := append(allDocuments(p.p), allDocuments(p.q)...)
	c, keys := candidatesOf(documents), map[string]string{}
	for _, d := range documents {
		for i := range d.Statements {
			for _, condition := range d.Statements[i].Condition {
				keys[strings.ToLower(condition.Key)] = condition.Key
			}
		}
	}
	for _, w := range g.worlds { // keys of variables
		if lower := strings.ToLower(w.key); w.requests != nil && keys[lower] == "" && g.chance(10) {
			keys[lower], c[lower] = w.key, w.requests
		}
	}
	a := newAttacker(t, g, p)
	open := !p.p.Has(policy.IdentityLayer)
	for range *attack {
		caller, target, request := a.directedRequest(c, keys)
		if x.Owner != "" && target.Account != x.Owner {
			continue
		}
		requests++
		for _, all := range []bool{false, open} {
			if a.decide(0, caller, target, request, all) != evaluator.Allowed {
				continue
			}
			allowed++
			if a.decide(1, caller, target, request, all) == evaluator.Allowed {
				continue
			}
			r := prove.Request{Principal: caller.Principal, Action: request.Action, Resource: target.Resource, Account: target.Account, Context: request.Context}
			require.Fail(t, "a false proof", "owner %q, it is proved, and violated by %s\n%s\nwithin\n%s", x.Owner, r.String(), show(p.p), show(p.q))
		}
	}
	return v, requests, allowed
}
