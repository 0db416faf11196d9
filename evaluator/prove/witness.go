package prove

import (
	"maps"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/pattern"
)

// A draft is a request as the texts of its coordinates.
type draft struct {
	action, resource string
	caller           string // see callers
	context          evaluator.Context
	partition, owner string // of the resource; its ARN may name none
}

// on is the draft with another action on another resource.
func (d draft) on(action, resource string) draft {
	d.action, d.resource = action, resource
	return d
}

// tooLarge is the reason of a verdict for which no replay is worth its time.
const tooLarge = "a request was found that is larger than any that AWS accepts"

// witness makes a request of the points that were found, and lets the evaluator confirm it.
// What it confirms is shrunk.
func (q *question) witness(in *inquiry, p *part, points []*point) (result, error) {
	if found, ok := in.draft(points); ok {
		if !q.facts.canReplay(&Request{Resource: found.resource, Context: found.context}) {
			return result{reason: tooLarge}, nil
		}
		if q.replay == nil {
			var err error
			if q.replay, err = newReplay(q.p, q.q); err != nil {
				return result{}, err
			}
		}
		s := shrinking{inquiry: in, replay: q.replay, part: p, replays: mostReplays, formats: map[string]catalogued{}}
		if s.begin(found) {
			s.shrink()
			r, _ := in.request(&s.draft)
			out := result{request: r, allowedBy: q.replay.allowedBy(in.setting, r)}
			out.nearest, out.lacks = q.replay.nearest(in, p, &s.draft, r)
			return out, nil
		}
		switch {
		case q.ctx.Err() != nil:
			return result{reason: q.why()}, nil
		case s.large:
			return result{reason: tooLarge}, nil
		case q.facts.comparesWithAnotherType():
			return result{reason: "a context key that follows from the caller or the resource is compared as values of another type"}, nil
		}
	}
	return result{reason: "a request was found that the evaluator does not confirm", unconfirmed: true}, nil
}

// comparesWithAnotherType reports whether a key that follows from the caller or the
// resource, and is text, is compared as a number, a date or the like. Its values
// are taken to be independent then, and they are not.
func (f *facts) comparesWithAnotherType() bool {
	for name, otherwise := range f.untextual {
		if otherwise && law.KeyOf(name).Row().Source != law.FromRequest {
			return true
		}
	}
	return false
}

// derivable are keys that the evaluator derives where the request does not give
// them, and that callers of one kind do not all have alike.
var derivable = []string{
	"aws:tokenissuetime", "aws:multifactorauthpresent", "aws:resourceaccount", "aws:userid", "aws:username", "aws:principalarn", "aws:principalaccount",
}

// draft puts the points together; ok is false where a value is not known.
func (in *inquiry) draft(points []*point) (d draft, ok bool) {
	for at, text := range []*string{actionCoordinate: &d.action, resourceCoordinate: &d.resource, callerCoordinate: &d.caller} {
		if *text, ok = points[at].words[0].Text(); !ok {
			return draft{}, false
		}
	}
	for i, c := range in.coordinates[callerCoordinate+1:] {
		if in.derives(c) {
			continue
		}
		var values []string
		for _, w := range points[callerCoordinate+1+i].words {
			text, ok := w.Text()
			if !ok {
				return draft{}, false
			}
			values = append(values, text)
		}
		if len(values) > 0 || slices.Contains(derivable, fold.String(c.name)) {
			d.context = append(d.context, evaluator.Key{Name: c.name, Values: values})
		}
	}
	slices.SortFunc(d.context, func(a, b evaluator.Key) int { return strings.Compare(a.Name, b.Name) })
	return d, true
}

// derives reports whether no request gives the key of a coordinate, since the
// evaluator derives it.
func (s *space) derives(c *coordinate) bool {
	_, ok := s.valuesOfAll(fold.String(c.name))
	return ok
}

// request is the draft as a request; ok is false where it is none of the
// setting.
func (in *inquiry) request(d *draft) (r *Request, ok bool) {
	r = &Request{Action: d.action, Resource: d.resource, Account: d.owner, Context: d.context}
	r.Principal, r.Role, r.UniqueID = in.setting.caller.principal(d.caller)
	if r.Principal.Err() != nil {
		return nil, false
	}
	f := pattern.Split(d.resource)
	id, own := f.Field(4), r.Principal.Account()
	owner := r.Context.Index(ownerKey)
	if owner >= 0 && len(r.Context[owner].Values) == 0 {
		r.Context = append(slices.Clip(r.Context), in.withoutOwner(d.action)...)
	}
	switch {
	case arn.IsAccountID(id):
		r.Account = id
	case owner >= 0 && len(r.Context[owner].Values) == 1 && arn.IsAccountID(r.Context[owner].Values[0]):
		r.Account = r.Context[owner].Values[0]
	case in.setting.delegates:
		r.Account = own
	}
	return r, in.setting.delegates || (r.Account == own) == in.setting.same && in.isOwner(r.Account)
}

// withoutOwner are the keys of a service that say who owns the resource, as absent as
// aws:ResourceAccount is.
func (in *inquiry) withoutOwner(action string) evaluator.Context {
	var keys evaluator.Context
	service, _, _ := strings.Cut(action, ":")
	for _, name := range slices.Sorted(maps.Keys(in.facts.keys)) {
		if fold.Equal(in.serviceOf(name), service) && isOwnerKey(name) {
			keys = append(keys, evaluator.Key{Name: in.facts.spelling(name)})
		}
	}
	return keys
}

// isOwner reports whether an account may own the resources of the setting.
func (in *inquiry) isOwner(account string) bool {
	owner := in.setting.owner
	return owner == "" || owner == otherOwners || owner == account
}

// shape is a predicate that a text has one of some forms (see classes.Form); "*"
// is the text itself.
func (s *space) shape(at int, forms ...string) int { return s.shaped(at, forms, false) }

// unlike is a predicate that a text has none of some forms.
func (s *space) unlike(at int, forms ...string) int { return s.shaped(at, forms, true) }

func (s *space) shaped(at int, forms []string, none bool) int {
	return s.clause(at, "shape "+canonical(forms), none, func() []*classes.Pattern {
		var patterns []classes.Pattern
		for _, form := range forms {
			if form == "*" {
				patterns = append(patterns, classes.Exactly("*"))
				continue
			}
			patterns = append(patterns, classes.Form(form))
		}
		return pointers(patterns)
	})
}
