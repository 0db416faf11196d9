package prove

import (
	"iter"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
)

// A shrinking makes a request that refutes plainer: it puts a plainer value in
// the place of one of its coordinates, leaves it there if the request still refutes, and goes on
// until nothing changes. Whether a request refutes is what the evaluator says of
// the documents as they were given.
type shrinking struct {
	*inquiry
	*replay
	part    *part
	draft   draft
	replays int  // that may still be spent
	large   bool // a request was too large for one

	formats map[string]catalogued // by action
}

// mostReplays bounds how many requests are put to the evaluator for one witness.
const mostReplays = 600

// Bounds of a replay, which no deadline ends: some milliseconds' work. No request
// that AWS accepts is near them.
const (
	mostText = 1 << 28 // bytes of the request × bytes of patterns
	mostKeys = 1 << 22 // context keys of the request × conditions
)

// canReplay reports whether the evaluator decides a request in short time.
func (f *facts) canReplay(r *Request) bool {
	text := len(r.Resource)
	for _, key := range r.Context {
		for _, v := range key.Values {
			text += len(v)
		}
	}
	return int64(text)*int64(f.size) <= mostText && int64(len(r.Context))*int64(f.conditions) <= mostKeys
}

// begin looks for a partition and accounts in which what was found refutes:
// coordinates are independent, and these are not.
func (s *shrinking) begin(found draft) bool {
	for _, d := range s.places(found) {
		if s.question.ctx.Err() != nil {
			return false
		}
		if s.refutes(&d) {
			s.draft = d
			return true
		}
	}
	return false
}

// shrink goes over all coordinates until none becomes plainer.
func (s *shrinking) shrink() {
	for changed := true; changed && !s.over(); {
		changed = s.choose(slices.Values(s.places(s.draft)))
		for i := len(s.draft.context) - 1; i >= 0 && !s.over(); i-- {
			changed = s.choose(slices.Values(s.values(s.draft, i))) || changed
		}
		changed = s.choose(s.accesses(s.draft)) || changed
		changed = s.choose(slices.Values(s.callers(s.draft))) || changed
	}
}

// over reports whether no request may be tried any more.
func (s *shrinking) over() bool { return s.replays <= 0 || s.question.ctx.Err() != nil }

// choose takes the first candidate that refutes. Candidates come in order, the
// plainest first; behind the draft itself none is plainer.
func (s *shrinking) choose(candidates iter.Seq[draft]) (changed bool) {
	for d := range candidates {
		if s.over() || reflect.DeepEqual(d, s.draft) {
			return false
		}
		if s.refutes(&d) {
			s.draft = d
			return true
		}
	}
	return false
}

// refutes reports whether a draft is a request of the universe that p allows and
// q denies.
func (s *shrinking) refutes(d *draft) bool {
	s.replays--
	for at, text := range []string{actionCoordinate: d.action, resourceCoordinate: d.resource, callerCoordinate: d.caller} {
		if !s.coordinates[at].has(text) {
			return false
		}
	}
	if s.setting.shapeless != nil && slices.ContainsFunc(s.question.malformed(d.resource), func(shape string) bool { return slices.Contains(s.setting.shapeless, shape) }) {
		return false
	}
	r, ok := s.request(d)
	if ok && contradicted(r) != "" {
		return false
	}
	if ok && !s.question.facts.canReplay(r) {
		s.large = true
		return false
	}
	return ok && s.question.ctx.Err() == nil && s.replay.refutes(s.setting, r)
}

// has reports whether a text is of the universe of a coordinate.
func (c *coordinate) has(text string) bool {
	w := classes.Word(text)
	return !(c.noBraces && strings.Contains(text, "${")) && !slices.ContainsFunc(c.universe, func(u classes.Clause) bool { return !u.Holds(w) })
}

// Bounds of what one coordinate is tried with.
const (
	mostAccounts = 4    // that the policies name
	mostPatterns = 16   // of a policy's text
	mostActions  = 60   // of a pattern in the catalogue
	mostListed   = 1000 // patterns of the statements that allow
)

// places are partitions and accounts of the caller and the resource: the usual
// ones, those that were found, and those that the policies name. An account that
// nothing names comes last. Where the caller's account decides about resources
// of others too, its own come first, and so do roles of the identity provider's
// account, which is none of the caller.
func (s *shrinking) places(d draft) (list []draft) {
	caller, resource := pattern.Split(d.caller), pattern.Split(d.resource)
	if account := resource.Field(4); account != "" && !arn.IsAccountID(account) && !strings.HasPrefix(account, "aws") {
		// A wildcard let it be anything: an account's id is plainer.
		plain := d
		plain.resource = strings.Replace(d.resource, ":"+account+":", ":"+ownAccount+":", 1)
		list = s.places(plain)
	}
	named := s.question.facts.accounts[:min(len(s.question.facts.accounts), mostAccounts)]
	known := distinct(append([]string{ownAccount, resource.Field(4), caller.Field(4)}, named...)...)
	known = append(slices.DeleteFunc(known, func(id string) bool { return !arn.IsAccountID(id) }), s.unnamedAccount())
	for _, same := range []bool{true, false} {
		if same != s.setting.same && !s.setting.delegates && s.setting.caller.signed() {
			continue
		}
		for _, partition := range distinct(append([]string{"aws", resource.Field(1), caller.Field(1)}, s.question.facts.partitions...)...) {
			for _, owner := range known {
				for _, account := range distinct(append([]string{otherAccount}, known...)...) {
					if (account == owner) == same {
						list = append(list, d.moved(partition, account, owner))
					}
				}
			}
		}
	}
	return list
}

func distinct(values ...string) []string {
	var list []string
	for _, v := range values {
		if v != "" && !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// unnamedAccount is an account that no policy names.
func (s *shrinking) unnamedAccount() string {
	for n := 777788889999; ; n-- {
		if id := strconv.Itoa(n); !slices.Contains(s.question.facts.accounts, id) {
			return id
		}
	}
}

// moved is the draft with the caller in one account and the resource in another.
func (d draft) moved(partition, account, owner string) draft {
	d.partition, d.owner = partition, owner
	d.caller, d.resource = placed(d.caller, partition, account), placed(d.resource, partition, owner)
	return d
}

// placed is an ARN in a partition, and in an account if it names one.
func placed(text, partition, account string) string {
	parts := strings.SplitN(text, ":", 6)
	if len(parts) < 6 {
		return text
	}
	if parts[1] = partition; arn.IsAccountID(parts[4]) {
		parts[4] = account
	}
	return strings.Join(parts, ":")
}

// callers are names and ids for the caller: the usual ones, those of the
// policies, and its own.
func (s *shrinking) callers(d draft) (list []draft) {
	name, id, _ := strings.Cut(d.caller, "\n")
	f := pattern.Split(name)
	names, usual := s.setting.caller.plain(f.Field(1), f.Field(4))
	for _, pattern := range s.question.facts.literals {
		if !strings.Contains(pattern, ":iam:") {
			continue
		}
		if text := filled(pattern, "iam", f.Field(1), f.Field(4)); len(names) < mostPatterns && s.coordinates[callerCoordinate].has(text+"\n"+usual) {
			names = append(names, text)
		}
	}
	ids := []string{usual}
	if unique, session, ok := strings.Cut(id, ":"); ok {
		usualUnique, usualSession, _ := strings.Cut(usual, ":")
		ids = append(ids, usualUnique+":"+session, unique+":"+usualSession)
	}
	for _, name := range append(names, name) {
		for _, id := range append(ids, id) {
			d.caller = name + "\n" + id
			list = append(list, d)
		}
	}
	return list
}

// values are values for the i-th context key: none, the usual ones, those of the
// policies, and those it has less one. A key that AWS sends with every request is
// left out only where its value makes no difference.
func (s *shrinking) values(d draft, i int) (list []draft) {
	key := d.context[i]
	with := func(values ...string) draft {
		d.context = slices.Clone(s.draft.context)
		d.context[i].Values = values
		return d
	}
	usual, texts := s.texts(&d, fold.String(key.Name))
	needless := !s.isPresent(key.Name) || len(usual) > 0
	for _, text := range usual {
		if value := with(text); s.isPresent(key.Name) && needless {
			needless = s.refutes(&value)
		}
	}
	if needless {
		d.context = slices.Delete(slices.Clone(s.draft.context), i, i+1)
		list = append(list, d)
	}
	for _, text := range texts {
		list = append(list, with(text))
	}
	for k := range key.Values {
		if len(key.Values) > 1 {
			list = append(list, with(slices.Delete(slices.Clone(key.Values), k, k+1)...))
		}
	}
	return append(list, s.draft)
}

// isPresent reports whether requests have a key for sure, and the evaluator does
// not derive it.
func (s *shrinking) isPresent(key string) bool {
	name := fold.String(key)
	return s.coordinates[s.keys[name]].options.Present && !slices.Contains(derivable, name)
}

// texts are values of a context key: the usual ones, and these with those that
// the policies name.
func (s *shrinking) texts(d *draft, name string) (usual, all []string) {
	if only := s.coordinates[s.keys[name]].options.Only; only != nil {
		return only, only
	}
	usual = plainValues(name, s.question.facts.untextual[name])
	caller := pattern.Split(d.caller)
	constants := s.question.facts.constants[name]
	for _, pattern := range constants[:min(len(constants), mostPatterns)] {
		all = append(all, filled(pattern, "sns", caller.Field(1), caller.Field(4)))
	}
	return usual, distinct(append(slices.Clone(usual), all...)...)
}
