package iamtest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/fix"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/variable"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
)

// why tells why assertions do not hold.
func why(about string, violations []violation, asked int, faults []string) *failure {
	switch {
	case len(violations) == 1 && len(faults) == 0:
		f := violations[0].inFull()
		if asked > 1 {
			f.addLong("of", fmt.Sprintf("%d requests; all others hold", asked))
		}
		return f
	case len(violations) == 0 && len(faults) == 1:
		return &failure{headline: faults[0]}
	}
	f := &failure{headline: fmt.Sprintf("%s: %d of %d requests are not as they should be", about, len(violations), asked)}
	if asked == 0 {
		f.headline = about + ": what is asked is wrong"
	}
	for _, fault := range faults {
		f.add("wrong", fault)
	}
	said := make(map[string]bool)
	for _, v := range violations {
		if len(v.faults) > 0 { // often the same of each request
			if said[v.faults[0]] {
				continue
			}
			said[v.faults[0]] = true
		}
		f.add("", v.inShort())
	}
	if !verbose() {
		return f
	}
	for _, v := range violations {
		full := v.inFull()
		f.addLong("—", full.headline)
		for _, l := range full.lines {
			f.addLong(l.label, l.text)
		}
	}
	return f
}

// inShort is a violation in one line.
func (v *violation) inShort() string {
	x := v.explain()
	what := fmt.Sprintf("%s on %s", v.request.action, v.where(x))
	place := ""
	if v.at != "" {
		place = fmt.Sprintf("%s: %s ", v.at, v.request.who)
	}
	switch {
	case len(v.faults) > 0:
		return fmt.Sprintf("%sinvalid request: %s: %s", place, what, v.faults[0])
	case v.unloaded != "":
		return fmt.Sprintf("%sis not settled for %s: its %s is not loaded", place, what, v.unloaded)
	case v.decision.Outcome() == evaluator.Invalid:
		return fmt.Sprintf("%s%s: %v", place, what, x.Err())
	case v.decision.Outcome() != evaluator.Indeterminate:
		return place + v.broken(v.decision) + " " + what + by(x.Statements())
	case v.mayBe():
		return place + "may be allowed " + what + by(opened(x))
	}
	unsaid := openKeys(x)
	if v.resourceOpen(x) {
		unsaid = append([]string{"the rest of the resource"}, unsaid...)
	}
	return fmt.Sprintf("%sis not settled for %s: the test does not say %s", place, what, strings.Join(unsaid, ", "))
}

// mayBe: it is about whatever resources there are, and depends on which.
func (v *violation) mayBe() bool {
	return v.decision.Outcome() == evaluator.Indeterminate && v.request.target.Unknown && v.request.rest == ""
}

// resourceOpen: it depends on a resource of which a call shows only a part.
func (v *violation) resourceOpen(x *evaluator.Explanation) bool {
	if v.request.rest == "" {
		return false
	}
	for s := range statements(x) {
		for _, e := range s.Elements {
			if s.Match == trace.MayMatch && e.Match == trace.MayMatch && strings.HasSuffix(e.Element, "Resource") {
				return true
			}
		}
	}
	return false
}

// where is the resource. Of a request on whatever resources there may be it is
// those that the policies name.
func (v *violation) where(x *evaluator.Explanation) string {
	if v.request.rest != "" || v.request.target.Unknown && (v.unloaded != "" || len(v.faults) > 0) {
		return v.request.target.Resource + "*"
	}
	if v.request.target.Unknown {
		for s := range statements(x) {
			for _, e := range s.Elements {
				if s.Effect == policy.Allow && s.Match != trace.NoMatch && e.Element == "Resource" {
					return strings.Join(written(&e), ", ")
				}
			}
		}
	}
	return x.Resource()
}

// inFull is a violation with everything that helps.
func (v *violation) inFull() *failure {
	x := v.explain()
	who, action := v.request.who.name, v.request.action
	f := &failure{}
	f.add("on", v.where(x))
	switch {
	case len(v.faults) > 0:
		f.headline = fmt.Sprintf("invalid request: %s", action)
		for _, fault := range v.faults {
			f.add("wrong", fault)
		}
	case v.unloaded != "":
		f.headline = fmt.Sprintf("whether %s can %s depends on the %s, which is not loaded", who, action, v.unloaded)
		f.add("write", toLoad(v.request.target, v.unloaded))
	case v.decision.Outcome() == evaluator.Invalid:
		f.headline = fmt.Sprintf("%s of %s: %v", action, who, x.Err())
	case v.mayBe():
		f.headline = fmt.Sprintf("%s may be allowed %s, %s", who, action, v.should)
		f.openStatements(x)
		f.add("unsaid", strings.Join(openKeys(x), ", "))
	case v.decision.Outcome() == evaluator.Indeterminate:
		keys := openKeys(x)
		f.headline = fmt.Sprintf("whether %s can %s depends on what the test does not say", who, action)
		if v.resourceOpen(x) {
			f.add("unsaid", "the rest of the resource")
			f.add("write", fmt.Sprintf("iamtest.Call{…, State: apicall.State{%q: {%q}}}", v.request.rest, "…"))
		}
		for _, key := range keys {
			f.add("unsaid", key)
			f.add("write", v.request.write(key))
		}
		f.openStatements(x)
	default:
		f.headline = fmt.Sprintf("%s %s %s, %s", who, v.broken(v.decision), action, v.should)
		f.decided(v, x)
	}
	if v.at != "" {
		f.headline = v.at + ": " + f.headline
	}
	return f
}

// decided tells why a definite decision is what it is.
func (f *failure) decided(v *violation, x *evaluator.Explanation) {
	f.add("decision", v.decision.String())
	for i, s := range x.Statements() {
		if i < 2 {
			f.add("by", place(s))
		} else {
			f.addLong("by", place(s))
		}
	}
	if v.allow {
		f.nearest(x)
		f.fixes(v.answer)
	}
	f.add("missing", missing(x, v.answer))
	f.addLong("AWS", x.Message())
	add := f.addLong
	if v.allow { // a policy's typo may be what keeps it from allowing
		add = f.add
	}
	for _, d := range x.Diagnostics() {
		add("note", d.Message)
		add = f.addLong
	}
	f.context(v.answer)
}

// nearest adds the statement that almost allowed, and what kept it from that.
func (f *failure) nearest(x *evaluator.Explanation) {
	add := f.add
	for _, s := range x.NearMisses() {
		ref := s.Ref()
		first := s.First()
		line, column := first.Position()
		name := cmp.Or(ref.Policy, ref.Layer.String()+" policy")
		if line > 0 {
			name = fmt.Sprintf("%s:%d:%d", name, line, column)
		}
		add("nearest", fmt.Sprintf("%s%s: %s", name, sid(ref), mismatch(first)))
		add = f.addLong
	}
	if len(x.NearMisses()) == 0 && len(x.Statements()) == 0 {
		f.add("nearest", far(x))
	}
	add = f.add
	for _, h := range x.Hints() {
		add("hint", h.Text)
		f.addLong("try", h.Suggestion)
		add = f.addLong
	}
}

// far says that no statement of the layer that denied comes near the request.
func far(x *evaluator.Explanation) string {
	for _, l := range x.Layers() {
		if !l.Stopped || l.Layer == policy.RuleLayer {
			continue
		}
		var names []string
		for _, p := range l.Policies {
			names = append(names, p.Name)
		}
		if names == nil {
			return fmt.Sprintf("none: there is no %s policy", l.Layer)
		}
		return fmt.Sprintf("none in %s", strings.Join(names, ", "))
	}
	return ""
}

// mismatch says why an element of a statement does not match.
func mismatch(e *trace.Element) string {
	is := strings.Join(written(e), ", ")
	name := e.Element
	if e.Key != "" {
		name = e.Operator.String() + " " + e.Key
	}
	switch e.Reason {
	case trace.KeyMissing:
		return fmt.Sprintf("%s is %s, and the request has no such key", name, is)
	case trace.KeyPresent:
		return fmt.Sprintf("%s, and the request has the key", name)
	case trace.VariableWithoutValue:
		return fmt.Sprintf("%s has the variable ${%s}, which has no value here", name, e.Variable)
	case trace.SeveralValues:
		return fmt.Sprintf("%s has no ForAllValues or ForAnyValue, and the request has several values", name)
	case trace.NotKnown:
		return fmt.Sprintf("%s is %s, and what the request has is not known", name, is)
	}
	if e.Key != "" {
		return fmt.Sprintf("%s is %s, not %s", name, is, strings.Join(e.Got, ", "))
	}
	return fmt.Sprintf("%s is %s", name, is)
}

// written are the values of an element with variables replaced, three at most;
// of actions those of the service that is asked, if there are any.
func written(e *trace.Element) []string {
	values := e.Values
	if e.Bound != nil {
		values = e.Bound
	}
	if e.Element == "Action" {
		service, _, _ := strings.Cut(e.Got[0], ":")
		same := slices.DeleteFunc(slices.Clone(values), func(v string) bool {
			of, _, _ := strings.Cut(v, ":")
			return !fold.Equal(of, service)
		})
		if len(same) > 0 {
			values = same
		}
	}
	if len(values) > 3 {
		return append(slices.Clone(values[:3]), "…")
	}
	return values
}

// missing are keys that the request does not have, that the policies ask for,
// and that could change the decision.
func missing(x *evaluator.Explanation, a *answer) string {
	keys := slices.DeleteFunc(x.Missing(), func(name string) bool { return has(a.asked.Context, name) })
	if len(keys) == 0 {
		return ""
	}
	return strings.Join(keys, ", ") + " could change this"
}

// context tells what the request had.
func (f *failure) context(a *answer) {
	var keys []string
	for _, key := range a.asked.Context {
		if key.State == evaluator.Known {
			keys = append(keys, key.Name+" = "+strings.Join(key.Values, ", "))
		}
	}
	f.addLong("context", strings.Join(keys, "; "))
}

// fixes are the smallest changes of the policies that would allow the request,
// one line each. Exceptions to a Deny are for its owner to make, and only told
// with -v.
func (f *failure) fixes(a *answer) {
	found, err := fix.For(context.Background(), &fix.Denied{
		Engine: engine(), Caller: a.request.who.caller, Target: a.request.target, Request: a.asked, Catalog: catalog.Default(),
	})
	if err != nil {
		return // it is about a request that can be fixed, or there is nothing to say
	}
	f.add("fix", found.Reason)
	f.add("", found.Instead)
	for i := range found.Changes {
		add := f.add
		if found.Changes[i].Proposal {
			add = f.addLong
		}
		add("fix", found.Changes[i].String())
	}
}

// openStatements adds the statements that may apply.
func (f *failure) openStatements(x *evaluator.Explanation) {
	for _, s := range opened(x) {
		f.add("by", place(s))
	}
}

// opened are the statements of which the request leaves open whether they
// apply.
func opened(x *evaluator.Explanation) []evaluator.StatementRef {
	var refs []evaluator.StatementRef
	for s := range statements(x) {
		if s.Match == trace.MayMatch {
			refs = append(refs, s.Ref())
		}
	}
	return refs
}

// openKeys are the context keys that leave statements open.
func openKeys(x *evaluator.Explanation) []string {
	var keys []string
	add := func(name string) {
		if name != "" && !slices.ContainsFunc(keys, func(k string) bool { return fold.Equal(k, name) }) {
			keys = append(keys, name)
		}
	}
	for s := range statements(x) {
		if s.Match != trace.MayMatch {
			continue
		}
		for i := range s.Elements {
			if e := &s.Elements[i]; e.Match == trace.MayMatch {
				add(e.Key)
				for _, value := range e.Bound { // a variable that is not known stays as it is written
					pieces, _ := variable.Parse(value)
					for _, piece := range pieces {
						add(piece.Key)
					}
				}
			}
		}
	}
	slices.Sort(keys)
	return keys
}

// statements are all statements that were held against the request.
func statements(x *evaluator.Explanation) func(func(*trace.Statement) bool) {
	return func(yield func(*trace.Statement) bool) {
		for _, l := range x.Layers() {
			for _, p := range l.Policies {
				for i := range p.Statements {
					if !yield(&p.Statements[i]) {
						return
					}
				}
			}
		}
	}
}

// by names the statements that decided, for the end of a line.
func by(refs []evaluator.StatementRef) string {
	switch len(refs) {
	case 0:
		return ""
	case 1:
		return ", by " + place(refs[0])
	}
	return fmt.Sprintf(", by %s and %d more", place(refs[0]), len(refs)-1)
}

// place names a statement so that an editor finds it.
func place(s evaluator.StatementRef) string {
	name := cmp.Or(s.Policy, "a policy without a name")
	if s.Line > 0 {
		name = fmt.Sprintf("%s:%d:%d", name, s.Line, s.Column)
	} else {
		name = fmt.Sprintf("%s, Statement[%d]", name, s.Index)
	}
	return name + sid(s)
}

// sid is what else tells a statement: its Sid, its layer and where its policy
// is attached.
func sid(s evaluator.StatementRef) string {
	var parts []string
	if s.Sid != "" {
		parts = append(parts, s.Sid)
	}
	if s.Layer != policy.IdentityLayer {
		parts = append(parts, s.Layer.String())
	}
	if s.From != "" {
		parts = append(parts, s.From)
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
