package prove

import (
	"slices"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/policy"
)

// witness makes a request of what was found, and asks the evaluator. It prefers
// one whose caller and resource fit together.
func (q *question) witness(in *inquiry, p *part, points []*point) asked {
	for _, wish := range in.wishes() {
		better, a := in.solve(ordered(slices.Concat(p.must, wish)), p.not)
		if a != classes.Found {
			continue
		}
		if r, ok := in.request(better); ok && q.confirms(in.setting, r) {
			return q.confirmed(in, p, better, r)
		}
	}
	if r, ok := in.request(points); ok && q.confirms(in.setting, r) {
		return q.confirmed(in, p, points, r)
	}
	return asked{reason: "a request was found that the evaluator does not confirm", unconfirmed: true}
}

// wishes are predicates that make a request more plausible, the best first: the
// caller's account owns the resource, or does not; both are in one partition.
func (in *inquiry) wishes() [][]int {
	st := in.setting
	owner := ownAccount
	switch st.owner {
	case "":
	case otherOwners:
		owner = in.stranger("")
	default:
		owner = st.owner
	}
	account := owner
	if !st.same {
		if account = otherAccount; owner == otherAccount {
			account = ownAccount
		}
	}
	var list [][]int
	add := func(caller []string, resource []string) {
		var wish []int
		if st.caller.signed() {
			wish = append(wish, in.wish(callerCoordinate, caller))
		}
		list = append(list, append(wish, in.wish(resourceCoordinate, resource)))
	}
	add([]string{"arn:aws:+::" + account + ":%\n%"}, []string{"arn:aws:+:*::~", "arn:aws:+:*:" + owner + ":~", "arn:aws:+:*:aws:~", "*"})
	for _, partition := range append([]string{"aws", "aws-iso", "x"}, in.facts.partitions...) {
		add([]string{"arn:" + partition + ":%\n%"}, []string{"arn:" + partition + ":~", "*"})
	}
	return list
}

func (s *space) wish(at int, alternatives []string) int {
	return s.clause(at, "form "+strings.Join(alternatives, " "), false, func() []*classes.Pattern {
		var patterns []classes.Pattern
		for _, form := range alternatives {
			if form == "*" {
				patterns = append(patterns, classes.Exactly("*"))
				continue
			}
			samples := []string{"arn:aws:s3:::example", "arn:aws:lambda:us-east-1:111122223333:function:example"}
			if at == callerCoordinate {
				samples = callerSamples()
			}
			patterns = append(patterns, classes.Form(form).Sampled(samples...))
		}
		return pointers(patterns)
	})
}

// derivable are keys that the evaluator derives where the request does not give
// them, and that callers of this package's do not all have alike.
var derivable = []string{"aws:tokenissuetime", "aws:multifactorauthpresent", "aws:resourceaccount", "aws:userid", "aws:username", "aws:principalarn", "aws:principalaccount"}

// request puts a request together; ok is false where a value is not known.
func (in *inquiry) request(points []*point) (r *Request, ok bool) {
	texts := make([]string, callerCoordinate+1)
	for at := range texts {
		if texts[at], ok = points[at].words[0].Text(); !ok {
			return nil, false
		}
	}
	r = &Request{Action: texts[actionCoordinate], Resource: texts[resourceCoordinate]}
	r.Principal = in.setting.caller.principal(texts[callerCoordinate])
	if r.Principal.Err() != nil {
		return nil, false
	}
	if r.Account, ok = in.account(r); !ok {
		return nil, false
	}
	for i, c := range in.coordinates[callerCoordinate+1:] {
		name := strings.ToLower(c.name)
		if c.options.Only != nil && c.options.Samples == nil { // as the evaluator derives it
			continue
		}
		var values []string
		for _, w := range points[callerCoordinate+1+i].words {
			text, ok := w.Text()
			if !ok {
				return nil, false
			}
			values = append(values, text)
		}
		if len(values) > 0 || slices.Contains(derivable, name) {
			r.Context = append(r.Context, evaluator.Key{Name: c.name, Values: values})
		}
	}
	slices.SortFunc(r.Context, func(a, b evaluator.Key) int { return strings.Compare(a.Name, b.Name) })
	return r, true
}

// account is who owns the request's resource; ok is false where its ARN says
// otherwise.
func (in *inquiry) account(r *Request) (account string, ok bool) {
	st, own := in.setting, r.Principal.Account()
	if st.delegates {
		return own, true
	}
	f := arn.Split(r.Resource)
	if id := f.Field(4); arn.IsAccountID(id) {
		return id, (id == own) == st.same
	}
	if st.owner != "" && st.owner != otherOwners {
		return st.owner, true
	}
	if st.same {
		return own, true
	}
	if st.owner == otherOwners {
		return in.stranger(own), true
	}
	if own == ownAccount {
		return otherAccount, true
	}
	return ownAccount, true
}

// stranger is an account that no policy names, and not the one given.
func (in *inquiry) stranger(but string) string {
	for n := 777788889999; ; n-- {
		if id := strconv.Itoa(n); id != but && !slices.Contains(in.facts.accounts, id) {
			return id
		}
	}
}

var everything = &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{
	{Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"}},
}}

// confirms asks the evaluator: p allows the request, and q denies it.
func (q *question) confirms(st *setting, r *Request) bool {
	if q.pSets == nil {
		var err, qErr error
		q.pSets, err = q.p.compile()
		if q.qSets, qErr = q.q.compile(); err != nil || qErr != nil {
			return false // they have been checked: this does not happen
		}
	}
	return decide(st, r, q.pSets).Allowed() && decide(st, r, q.qSets).Denied()
}

// decide is the evaluator's decision under the policies of one side.
func decide(st *setting, r *Request, s *sets) evaluator.Decision {
	caller := evaluator.Caller{Principal: r.Principal, Identity: s.identity, Boundary: s.boundary, Session: s.session, SCPs: s.scps}
	if st.own == allowAll {
		caller.Identity = evaluator.MustCompile(policy.Identity, everything)
	}
	target := evaluator.Target{Resource: r.Resource, Account: r.Account}
	switch {
	case s.resource != nil:
		target.Policies = []*evaluator.Set{s.resource}
	case st.delegates:
		target.Policies = []*evaluator.Set{delegation(r.Account)}
	}
	return evaluator.Evaluate(&caller, &target, &evaluator.Request{Action: r.Action, Context: r.Context})
}

// delegation is a resource-based policy that leaves all to the account.
func delegation(account string) *evaluator.Set {
	return evaluator.MustCompile(policy.Resource, &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{{
		Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"},
		Principal: &policy.Principals{Entries: []policy.PrincipalEntry{{Type: policy.PrincipalAWS, Values: policy.Values{account}}}},
	}}})
}

// confirmed tells of a confirmed request, made to read as well as it can.
func (q *question) confirmed(in *inquiry, p *part, points []*point, r *Request) asked {
	out := asked{request: r, allowedBy: allowedBy(p), nearest: in.nearest(p, points)}
	q.polish(in.setting, r, out.allowedBy, p)
	return out
}

// allowedBy is the chosen statement that grants, and not one of those that only
// do not stand in the way.
func allowedBy(p *part) *evaluator.StatementRef {
	var found *source
	for i := range p.chosen {
		switch src := p.chosen[i].source; {
		case src == nil:
		case found == nil, src.layer == evaluator.IdentityLayer || src.layer == evaluator.ResourceLayer:
			found = src
		}
	}
	if found == nil {
		return nil
	}
	return found.ref()
}

// nearest is the statement of q that denies, or the one of the gate that asks
// for the least that the request has not, and the most that it has.
func (in *inquiry) nearest(p *part, points []*point) *evaluator.StatementRef {
	if p.denied != nil {
		if p.denied.source == nil {
			return nil
		}
		return p.denied.source.ref()
	}
	var best *source
	fewest, most := 0, 0
	for i := range p.gate {
		st, failing, holding := &p.gate[i], 0, 0
		for _, id := range st.predicates {
			if in.fails(points[in.predicates[id].coordinate], id) {
				failing++
			} else {
				holding++
			}
		}
		if st.source != nil && (best == nil || failing < fewest || failing == fewest && holding > most) {
			best, fewest, most = st.source, failing, holding
		}
	}
	if best == nil {
		return nil
	}
	return best.ref()
}

// mostTries bounds how often a request is tried in other words.
const mostTries = 400

// polish puts better words into a request, as long as it still refutes: a real
// action on a resource in its format, and no context key that does not matter.
func (q *question) polish(st *setting, r *Request, ref *evaluator.StatementRef, p *part) {
	tries := 0
	keep := func(changed Request) bool {
		tries++
		if tries > mostTries || !q.confirms(st, &changed) {
			return false
		}
		*r = changed
		return true
	}
	if changed := *r; !fits(r) {
		changed.Resource = resourceOf(r.Action, ownAccount)
		keep(changed)
	}
	if q.catalog != nil && ref != nil {
		q.realAction(r, p, keep)
	}
	for i := len(r.Context) - 1; i >= 0; i-- {
		changed := *r
		changed.Context = slices.Delete(slices.Clone(r.Context), i, i+1)
		keep(changed)
	}
}

// fits reports whether the action's service is that of the resource.
func fits(r *Request) bool {
	f := arn.Split(r.Resource)
	service, _, _ := strings.Cut(r.Action, ":")
	return strings.EqualFold(f.Field(2), service)
}

// realAction finds an action of the catalogue, best on a resource of its own.
func (q *question) realAction(r *Request, p *part, keep func(Request) bool) {
	real := false
	for _, pattern := range append([]string{r.Action}, actionPatterns(p)...) {
		for i, action := range q.catalog.Expand(pattern) {
			if i > 60 {
				break
			}
			changed := *r
			changed.Action = action.Name
			for _, resource := range resourcesOf(action, r) {
				changed.Resource = resource
				if keep(changed) {
					return
				}
			}
			changed.Resource = r.Resource
			if !real && keep(changed) {
				real = true
			}
		}
	}
}

// actionPatterns are the Action elements of the statements that allow.
func actionPatterns(p *part) []string {
	var list []string
	for _, st := range p.chosen {
		if st.source == nil {
			continue
		}
		s := &st.source.document.Statements[st.source.statement]
		if s.Action == nil {
			list = append(list, "*")
		}
		list = append(list, s.Action...)
	}
	return list
}

// resourcesOf are resources of the action's types: the request's own where it
// has the shape, and examples.
func resourcesOf(action *policy.ServiceAction, r *Request) []string {
	if len(action.Resources) == 0 {
		return []string{"*"}
	}
	var list []string
	for _, resource := range action.Resources {
		for _, format := range resource.Type.Formats {
			if p, err := arn.Compile(arn.Resource, withoutPlaceholders(format, nil), arn.Options{}); err == nil && r.Resource != "*" && p.Match(r.Resource) {
				list = append([]string{r.Resource}, list...)
			}
			list = append(list, withoutPlaceholders(format, map[string]string{
				"Partition": "aws", "Region": "us-east-1", "Account": r.Account,
			}))
		}
	}
	return list
}

// withoutPlaceholders fills the placeholders of an ARN format; with "*" where
// there are no values at all.
func withoutPlaceholders(format string, values map[string]string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(format, "${")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		switch v, ok := values[name]; {
		case values == nil:
			b.WriteByte('*')
		case ok:
			b.WriteString(v)
		default:
			b.WriteString("example")
		}
		format = after
	}
}
