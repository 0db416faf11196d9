package apicall

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// authorizations are what a row gives for the parameters: none, one, or one for
// each element of a list.
func (r *reader) authorizations(row *row, o evaluator.Options) []Authorization {
	applies, when := r.applies(row)
	if row.off(o) || !applies {
		return nil
	}
	a := Authorization{
		Action: row.action, Types: row.types, ResourceTags: row.tags, Open: slices.Clone(row.open),
		Forwarded: row.forwarded, Confidence: row.confidence, Note: row.note, Source: row.source,
	}
	switch {
	case row.answer:
		a.Effect = ResponseOnly
	case row.possibly != "" && !r.shown(row.shownBy):
		a.Effect, a.When = Possible, row.possibly
	case row.asked != "":
		values, given := r.call.State[row.asked]
		if given && values[0] == "false" {
			return nil
		}
		if !given {
			a.Effect, a.Lookup = Possible, row.asked
			a.When = "if " + strings.TrimPrefix(r.states[row.asked].text, "whether ")
		}
	}
	if when != "" {
		if a.When != "" {
			when += ", and " + a.When
		}
		a.Effect, a.When = Possible, when
	}
	if row.forwarded {
		service, _, _ := strings.Cut(row.action, ":")
		a.Open = append(a.Open, service+":", "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast")
		a.ResourceTags = row.resource != "*"
		a.add(evaluator.Key{Name: "aws:ViaAWSService", Values: []string{"true"}}) // (E-42)
	}
	if path, text := row.anonymous[0], row.anonymous[1]; path != "" {
		n := r.at(path)
		a.Anonymous = n != nil && n.text == text
	}
	// A qualifier that is not there cannot make the resource doubtful.
	if !strings.HasSuffix(row.resource, "]") || r.qualifier() != "" {
		a.Confidence = max(a.Confidence, row.resourceConfidence)
	}
	if a.Confidence == High && row.confidence < row.resourceConfidence {
		a.Note = ""
	}
	if row.observed != "" {
		if observed := r.fill(row.observed); !observed.unknown {
			a.Observed = observed.arn
		}
	}
	r.requestTags(row, &a)
	for i := range row.keys {
		r.key(&row.keys[i], &a)
	}
	var list []Authorization
	for _, one := range r.resources(row) {
		each := a
		each.Resource, each.AsGiven = one.arn, one.asGiven
		each.Unknown, each.Rest, each.Parameter = one.unknown, one.rest, one.parameter
		each.Context = slices.Clone(a.Context)
		list = append(list, each)
	}
	return list
}

func (r *reader) preconditions(row *row) []Precondition {
	if applies, when := r.applies(row); !applies || when != "" {
		return nil
	}
	var list []Precondition
	for _, one := range r.resources(row) {
		if one.unknown {
			continue
		}
		list = append(list, Precondition{
			Principal: row.principal, Action: row.action, Resource: one.arn,
			ErrorCode: row.errorCode, Message: row.message, Confidence: row.confidence, Source: row.source,
		})
	}
	return list
}

// applies reports whether the parameters ask for the row. when is "" where that
// is certain; else it says which parameters of a partial call decide.
func (r *reader) applies(row *row) (applies bool, when string) {
	var conditions []string
	for _, paths := range row.needs {
		switch {
		case slices.ContainsFunc(paths, r.given), slices.ContainsFunc(paths, r.isRequired):
		case slices.ContainsFunc(paths, r.hidden):
			conditions = append(conditions, strings.Join(paths, " or ")+" is given")
		default:
			return false, ""
		}
	}
	if slices.ContainsFunc(row.excludes, r.given) {
		return false, ""
	}
	for _, path := range row.excludes {
		if r.hidden(path) {
			conditions = append(conditions, path+" is not")
		}
	}
	if len(conditions) > 0 {
		when = "if " + strings.Join(conditions, " and ")
	}
	return true, when
}

// isRequired reports whether a partial call has a parameter all the same.
func (r *reader) isRequired(name string) bool { return slices.Contains(r.missing, name) }

// shown reports whether the context of the whole request has one of the keys.
func (r *reader) shown(by []string) bool {
	return slices.ContainsFunc(r.call.Context, func(k evaluator.Key) bool {
		return (k.State == evaluator.Present || len(k.Values) > 0) && covers(by, k.Name)
	})
}

// add appends context keys of different names. One that is there, in other letters
// too, becomes one whose value cannot be predicted (C-52).
func (a *Authorization) add(keys ...evaluator.Key) {
	before := a.Context
	for _, key := range keys {
		a.Absent = slices.DeleteFunc(a.Absent, func(name string) bool { return fold.Equal(name, key.Name) })
		if i := before.Index(key.Name); i >= 0 {
			a.Context[i] = evaluator.Key{Name: a.Context[i].Name, State: evaluator.Present}
			continue
		}
		a.Context = append(a.Context, key)
	}
}

// keysOf are the context keys of tags. Two of one name, which differ in case alone,
// are one key whose value cannot be predicted (C-52).
func keysOf(prefix string, tags []pair) []evaluator.Key {
	var keys []evaluator.Key
	places := make(map[string]int, len(tags)) // by the names in lower case
	for _, tag := range tags {
		name := fold.String(tag.key)
		if i, again := places[name]; again {
			keys[i] = evaluator.Key{Name: keys[i].Name, State: evaluator.Present}
			continue
		}
		places[name] = len(keys)
		keys = append(keys, evaluator.Key{Name: prefix + tag.key, Values: []string{tag.value}})
	}
	return keys
}

func (r *reader) requestTags(row *row, a *Authorization) {
	if row.tagsFrom == "" {
		return
	}
	pairs := r.tags(row.tagsFrom)
	if pairs == nil && r.hidden(row.tagsFrom) {
		a.Context = append(a.Context, allKeys("aws:RequestTag/"), evaluator.Key{Name: "aws:TagKeys", State: evaluator.Unknown})
		return
	}
	if pairs == nil {
		a.Absent = append(a.Absent, "aws:RequestTag/", "aws:TagKeys")
		return
	}
	a.add(keysOf("aws:RequestTag/", pairs)...)
	keys := make([]string, len(pairs))
	for i, p := range pairs {
		keys[i] = p.key
	}
	a.add(evaluator.Key{Name: "aws:TagKeys", Values: keys})
}

// key adds what a rule gives.
func (r *reader) key(k *keyRule, a *Authorization) {
	if k.needs != "" && r.hidden(k.needs) {
		a.add(evaluator.Key{Name: k.name, State: evaluator.Unknown})
		return
	}
	if k.needs != "" && !r.given(k.needs) {
		r.absent(k.name, a)
		return
	}
	if tagged, ok := strings.CutSuffix(k.name, "${TagKey}"); ok {
		r.tagKeys(tagged, k, a)
		return
	}
	for _, from := range k.from {
		key, ok := r.from(from, k.name, a)
		if !ok {
			continue
		}
		a.add(key)
		if k.confidence != High {
			a.Doubts = append(a.Doubts, Doubt{k.name, k.confidence})
		}
		return
	}
	r.absent(k.name, a)
}

// absent remembers that the call does not give a key of the action. One that
// comes with the caller the whole request may give all the same: credentials
// that were obtained with MFA, where the call has no code.
func (r *reader) absent(name string, a *Authorization) {
	if !r.ofWholeRequest(name) && !has(a.Context, name) {
		a.Absent = append(a.Absent, name)
	}
}

// tagKeys are keys that exist for each tag: of the request, or (which only the
// target tells) of the resource.
func (r *reader) tagKeys(prefix string, k *keyRule, a *Authorization) {
	if k.from[0] == "@tags" {
		a.tagged = append(a.tagged, prefix)
		return
	}
	pairs := r.tags(k.from[0])
	if pairs == nil && r.hidden(k.from[0]) {
		a.Context = append(a.Context, allKeys(prefix))
		return
	}
	if pairs == nil {
		a.Absent = append(a.Absent, prefix)
	}
	given := keysOf(prefix, pairs)
	a.add(given...)
	for _, key := range given {
		if k.confidence != High {
			a.Doubts = append(a.Doubts, Doubt{key.Name, k.confidence})
		}
	}
}

// from is the value of a key from one source; ok says that it gives one.
func (r *reader) from(source, name string, a *Authorization) (key evaluator.Key, ok bool) {
	key.Name = name
	path, isPolicy := strings.CutPrefix(source, "principals(")
	switch lookup, isState := strings.CutPrefix(source, "@"); {
	case source == "present":
		key.State = evaluator.Present
	case source == "unknown":
		key.State = evaluator.Unknown
	case source == "absent":
		return key, false
	case isState:
		var given bool
		if key, given = r.stateKey(name, Lookup(lookup)); !given {
			if a.lookups == nil {
				a.lookups = make(map[string]Lookup)
			}
			a.lookups[name] = Lookup(lookup)
		}
		return key, key.State != evaluator.Known || len(key.Values) > 0
	case isPolicy && r.hidden(strings.TrimSuffix(path, ")")), !isPolicy && isParameter(source) && r.hidden(source):
		key.State = evaluator.Unknown
	case isPolicy:
		return r.principals(name, strings.TrimSuffix(path, ")"))
	case strings.HasPrefix(source, "'"):
		key.Values = []string{strings.Trim(source, "'")}
	case strings.Contains(source, "${"):
		whole := r.fill(source)
		if whole.unknown {
			key.State = evaluator.Present
			break
		}
		key.Values = []string{whole.arn}
	default:
		key.Values = r.texts(source)
		return key, key.Values != nil
	}
	return key, true
}

// isParameter: a source of a key is the path of a parameter.
func isParameter(source string) bool {
	return !strings.HasPrefix(source, "@") && !strings.HasPrefix(source, "'") && !strings.Contains(source, "${")
}

// principals is the principal of the statements of a policy among the
// parameters. How AWS fills the key for several is not documented.
func (r *reader) principals(name, path string) (key evaluator.Key, ok bool) {
	n := r.at(path)
	if n == nil {
		return key, false
	}
	doc, err := policy.ParseString(path, n.text)
	if err != nil {
		r.wrong("%s is no policy: %v", path, err)
		return key, false
	}
	var values []string
	for i := range doc.Statements {
		if p := doc.Statements[i].Principal; p != nil && p.Everyone {
			values = append(values, "*")
		} else if p != nil {
			for _, entry := range p.Entries {
				values = append(values, entry.Values...)
			}
		}
	}
	slices.Sort(values)
	values = slices.Compact(values)
	if len(values) == 1 {
		return evaluator.Key{Name: name, Values: values}, true
	}
	return evaluator.Key{Name: name, State: evaluator.Present}, true
}
