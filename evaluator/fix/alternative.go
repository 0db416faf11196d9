package fix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/typed"
	"github.com/iamsim/iamsim/policy"
)

// mostAlternatives bounds how many values of context keys are tried.
const mostAlternatives = 24

// alternatives are context keys that the request could bring instead: those of
// conditions that keep an Allow from applying, or through which a Deny applies.
// Each is tried: with it, fewer changes must be enough.
func (q *finder) alternatives(s *state, x *evaluator.Explanation, edits []edit) []Alternative {
	var list []Alternative
	var done []string // keys for which a value was found
	tried := 0
	quick := &finder{ctx: q.ctx, denied: q.denied}
	token := s.token()
	for _, e := range openConditions(x) {
		folded := fold.String(e.Key)
		if slices.ContainsFunc(token, func(c policy.Condition) bool { return fold.Equal(c.Key, e.Key) }) {
			continue // what its identity provider says is who the caller is
		}
		for _, key := range bringable(e) {
			if slices.Contains(done, folded) || tried == mostAlternatives {
				break
			}
			if len(key.Values) == 0 && key.State != evaluator.Present && q.alwaysThere(s, key.Name) {
				continue
			}
			tried++
			fewer, dead := quick.search(s.withKey(key))
			if dead != nil || len(fewer) >= len(edits) {
				continue
			}
			if replaced, ok := missingFrom(edits, fewer); ok {
				list = append(list, Alternative{Key: key, Replaces: replaced, How: s.how(key)})
				done = append(done, folded)
			}
		}
	}
	return list
}

// alwaysThere reports whether every request of the caller has a context key, whatever
// its value, as proofs take it (D.2).
func (q *finder) alwaysThere(s *state, name string) bool {
	kind := s.caller.Principal.Kind()
	if k := law.KeyOf(name); k != law.OtherKey {
		return k.Row().Always.Has(kind)
	}
	keys, ok := q.denied.Catalog.(interface {
		Key(name string) (*policy.ConditionKey, bool)
	})
	if !ok {
		return false
	}
	key, ok := keys.Key(name)
	return ok && (key.Always || key.WhenSigned && kind.Signed())
}

// openConditions are conditions that a context key could change: of the Allow
// statements that lack nothing else, and of the Deny statements that apply.
func openConditions(x *evaluator.Explanation) []*trace.Element {
	var list []*trace.Element
	for _, l := range x.Layers() {
		for p := range l.Policies {
			for i := range l.Policies[p].Statements {
				st := &l.Policies[p].Statements[i]
				allow := st.Effect == policy.Allow
				if allow && (st.Lacks() != 1 || st.Match == trace.Matches) || !allow && st.Match == trace.NoMatch {
					continue
				}
				for k := range st.Elements {
					e := &st.Elements[k]
					if e.Element == "Condition" && (e.Match == trace.Matches) != allow && isBringable(e.Key) {
						list = append(list, e)
					}
				}
			}
		}
	}
	return list
}

// isBringable: the key is for a request to bring, or is a tag, which can be set;
// not what the caller or the resource is, nor the service that a role is passed
// to, which is what was asked.
func isBringable(key string) bool {
	if fold.Equal(key, "iam:PassedToService") {
		return false
	}
	caller, resource := evaluator.FollowsFrom(key)
	return !caller && !resource && !fold.Equal(key, "aws:ViaAWSService") || strings.Contains(key, "/")
}

// bringable are values to try for a condition's key: those that the condition
// itself suggests, and that the request does not have the key.
func bringable(e *trace.Element) []evaluator.Key {
	var list []evaluator.Key
	add := func(values ...string) { list = append(list, evaluator.Key{Name: e.Key, Values: values}) }
	written := e.Values
	if e.Bound != nil {
		written = e.Bound
	}
	switch e.Operator.Test {
	case policy.Bool:
		add("true")
		add("false")
	case policy.Null:
		if e.Absent {
			list = append(list, evaluator.Key{Name: e.Key, State: evaluator.Present})
		}
	case policy.IPAddress, policy.NotIPAddress:
		for _, v := range written {
			if p, ok := typed.Range(v); ok {
				if next := p.Addr().Next(); p.Contains(next) {
					add(next.String())
				}
				add(p.Addr().String())
			}
		}
	default:
		for _, v := range written {
			if v != "" && !strings.Contains(v, "${") {
				add(plain.Replace(v))
			}
		}
	}
	if !e.Absent {
		add() // without the key
	}
	return list
}

// missingFrom are the changes that a smaller fix does without. It is not ok
// where the smaller fix has one that the other has not.
func missingFrom(edits, fewer []edit) (indices []int, ok bool) {
	for i := range edits {
		if !slices.ContainsFunc(fewer, edits[i].isLike) {
			indices = append(indices, i)
		}
	}
	return indices, len(edits)-len(indices) == len(fewer)
}

// isLike: both change the same layer, or the same statement of it.
func (e edit) isLike(o edit) bool {
	if e.Slot != o.Slot || (e.change.Kind == ExceptFromDeny) != (o.change.Kind == ExceptFromDeny) {
		return false
	}
	return e.change.Kind != ExceptFromDeny || e.document == o.document && e.change.Statement == o.change.Statement
}

// how says who brings a context key.
func (s *state) how(key evaluator.Key) string {
	name := fold.String(key.Name)
	is := fmt.Sprintf("%s=%s", key.Name, strings.Join(key.Values, ","))
	switch {
	case key.State == evaluator.Present:
		is = key.Name + ", whatever its value"
	case len(key.Values) == 0:
		return "a request without " + key.Name
	}
	switch {
	case strings.HasPrefix(name, "aws:principaltag/"):
		return "a tag of the caller: " + is
	case strings.HasPrefix(name, "aws:resourcetag/"), strings.HasPrefix(name, "iam:resourcetag/"):
		return "a tag of the resource: " + is
	case strings.HasPrefix(name, "aws:multifactorauth"):
		return "credentials of a session with MFA: " + is
	case name == "aws:sourceip", name == "aws:vpcsourceip":
		return "a call from another address: " + is
	case name == "aws:sourcevpc", name == "aws:sourcevpce":
		return "a call through that VPC: " + is
	case name == "aws:requestedregion":
		return "a call in another Region: " + is
	}
	return "a request with " + is
}
