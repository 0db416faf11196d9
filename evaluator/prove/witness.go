package prove

import (
	"slices"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/fold"
)

// witness makes a request of what was found, and asks the evaluator. It prefers
// one whose caller and resource fit together.
func (q *question) witness(in *inquiry, p *part, points []*point) (asked, error) {
	if q.replay == nil {
		var err error
		if q.replay, err = newReplay(q.p, q.q); err != nil {
			return asked{}, err
		}
	}
	for _, wish := range in.wishes(points) {
		better, a := in.solve(ordered(slices.Concat(p.must, wish)), p.not)
		if a != classes.Found {
			continue
		}
		if r, ok := in.request(better); ok && q.replay.refutes(in.setting, r) {
			return q.told(in, p, better, r), nil
		}
	}
	if r, ok := in.request(points); ok && q.replay.refutes(in.setting, r) {
		return q.told(in, p, points, r), nil
	}
	return asked{reason: "a request was found that the evaluator does not confirm", unconfirmed: true}, nil
}

// told tells of a confirmed request, made to read as well as it can.
func (q *question) told(in *inquiry, p *part, points []*point, r *Request) asked {
	q.polish(in.setting, r, p)
	return asked{request: r, allowedBy: q.replay.allowedBy(in.setting, r), nearest: q.replay.nearest(in, p, points, r)}
}

// mostAccounts bounds the pairs of accounts that a request is tried with.
const mostAccounts = 8

// wishes are predicates that make a request more plausible, the best first: the
// caller's account owns the resource, or does not where the question is about
// others; both are in one partition.
func (in *inquiry) wishes(points []*point) [][]int {
	st := in.setting
	var list [][]int
	add := func(partition, account, owner string, caller string, resource ...string) {
		wish := []int{in.wish(resourceCoordinate, resource, usualResources(partition, owner)...)}
		if st.caller.signed() {
			wish = append(wish, in.wish(callerCoordinate, []string{caller}, callerSamples(partition, account)...))
		}
		list = append(list, wish)
	}
	pairs := in.accounts(points)
	known := in.partitions(points)
	for _, partition := range known {
		begin := "arn:" + partition + ":+:"
		for _, pair := range pairs {
			account, owner := pair[0], pair[1]
			add(partition, account, owner, begin+":"+account+":%\n%", begin+"*::~", begin+"*:"+owner+":~", begin+"*:aws:~", "*")
		}
	}
	for _, partition := range append(known, "aws-iso", "x") {
		add(partition, ownAccount, ownAccount, "arn:"+partition+":%\n%", "arn:"+partition+":~", "*")
	}
	return list
}

// partitions are those that the policies name, and those of the caller and the
// resource that were found: a pattern such as arn:aws-iso* names none.
func (in *inquiry) partitions(points []*point) []string {
	known := append([]string{"aws"}, in.facts.partitions...)
	for _, at := range []int{resourceCoordinate, callerCoordinate} {
		if text, ok := points[at].words[0].Text(); ok {
			if f := arn.Split(text); f.IsARN() && !slices.Contains(known, f.Field(1)) {
				known = append(known, f.Field(1))
			}
		}
	}
	return known
}

// accounts are pairs of the caller's account and the resource's, the most usual
// first: one account where the question is about callers of the resource's own,
// else two. Those of the caller and the resource that were found are among them.
func (in *inquiry) accounts(points []*point) [][2]string {
	known := []string{ownAccount}
	add := func(id string) {
		if arn.IsAccountID(id) && !slices.Contains(known, id) {
			known = append(known, id)
		}
	}
	for _, at := range []int{resourceCoordinate, callerCoordinate} {
		if text, ok := points[at].words[0].Text(); ok {
			f := arn.Split(text)
			add(f.Field(4))
		}
	}
	for _, id := range in.facts.accounts {
		add(id)
	}
	owners := known
	switch in.setting.owner {
	case "":
	case otherOwners:
		owners = []string{in.stranger("")}
	default:
		owners = []string{in.setting.owner}
	}
	var pairs [][2]string
	for _, owner := range owners {
		callers := []string{owner}
		if !in.setting.same {
			callers = append([]string{otherAccount}, known...)
		}
		for _, account := range callers {
			if pair := [2]string{account, owner}; (account == owner) == in.setting.same && !slices.Contains(pairs, pair) && len(pairs) < mostAccounts {
				pairs = append(pairs, pair)
			}
		}
	}
	return pairs
}

// wish is a predicate that a text has one of some forms; the best samples are
// tried first.
func (s *space) wish(at int, forms []string, samples ...string) int {
	return s.form(at, forms, false, samples)
}

// unlike is a predicate that a text has none of some forms.
func (s *space) unlike(at int, forms []string) int { return s.form(at, forms, true, nil) }

func (s *space) form(at int, forms []string, none bool, samples []string) int {
	return s.clause(at, "form "+canonical(forms), none, func() []*classes.Pattern {
		for _, account := range []string{ownAccount, otherAccount} {
			if at == callerCoordinate {
				samples = append(samples, callerSamples("aws", account)...)
			} else {
				samples = append(samples, usualResources("aws", account)...)
			}
		}
		var patterns []classes.Pattern
		for _, form := range forms {
			if form == "*" {
				patterns = append(patterns, classes.Exactly("*"))
				continue
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
	r.Principal, r.Role, r.UniqueID = in.setting.caller.principal(texts[callerCoordinate])
	if r.Principal.Err() != nil {
		return nil, false
	}
	if r.Account, ok = in.account(r); !ok {
		return nil, false
	}
	for i, c := range in.coordinates[callerCoordinate+1:] {
		name := fold.String(c.name)
		if c.derived() {
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

// derived: no request gives the context key, since the evaluator derives it.
func (c *coordinate) derived() bool { return c.options.Only != nil && c.options.Samples == nil }

// account is who owns the request's resource; ok is false where its ARN says
// otherwise.
func (in *inquiry) account(r *Request) (account string, ok bool) {
	st, own := in.setting, r.Principal.Account()
	f := arn.Split(r.Resource)
	if id := f.Field(4); arn.IsAccountID(id) {
		return id, st.delegates || (id == own) == st.same
	}
	if st.delegates {
		return own, true
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
