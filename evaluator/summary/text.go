package summary

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// Text are the rows in lines, what is denied after what is allowed, and at last what
// is proved of them.
func (s *Summary) Text() string {
	return strings.Join(append(s.Lines(), s.Conclusion()), "\n") + "\n"
}

// Lines are the lines of the text but the last.
func (s *Summary) Lines() []string {
	if len(s.Rows) == 0 {
		return []string{"nothing is allowed"}
	}
	return lines(s.Rows, "denied")
}

// Conclusion says what is proved of the rows.
func (s *Summary) Conclusion() string {
	less, more := s.Less.Outcome == prove.Proved, s.More.Outcome == prove.Proved
	switch {
	case less && more:
		return "proved equal to the policy" + ofCatalog(s.Less)
	case less:
		return "proved that there is no more than this; not proved that there is all of it: " + because(s.More)
	case more:
		return "proved that there is at least this; not proved that there is no more: " + because(s.Less)
	case s.Less.Outcome == prove.Refuted:
		return "not proved, and there is more than this: " + because(s.Less)
	}
	return "not proved: " + because(s.Less)
}

// ofCatalog says of which day the actions of levels are.
func ofCatalog(v *prove.Verdict) string {
	if v.CatalogDate == "" {
		return ""
	}
	return ", with the catalogue of " + v.CatalogDate
}

// because is why a verdict is no proof.
func because(v *prove.Verdict) string {
	if v.Outcome == prove.Refuted {
		return strings.ReplaceAll(v.Request.String(), "\n", " ")
	}
	return strings.ReplaceAll(v.Reason, "\n", " ")
}

// lines are rows in lines: rows of one scope below it, services of the same access
// on one line. What is denied stands below a line of its own.
func lines(rows []Row, deny string) []string {
	var list []string
	denied := false
	for len(rows) > 0 {
		count, scope := 1, rows[0].scope()
		for count < len(rows) && rows[count].scope() == scope {
			count++
		}
		if rows[0].Effect == policy.Deny && !denied {
			denied = true
			list = append(list, deny+":")
		}
		for _, line := range linesOfScope(rows[:count]) {
			if denied {
				line = "  " + line
			}
			list = append(list, line)
		}
		rows = rows[count:]
	}
	return list
}

// linesOfScope are the lines of rows of one scope.
func linesOfScope(rows []Row) []string {
	var services [][]string
	var access []string
	for _, full := range []bool{true, false} {
		for i := range rows {
			r := &rows[i]
			if r.IsFull() != full {
				continue
			}
			text := r.Access()
			at := slices.Index(access, text)
			if at < 0 || r.Service == "*" {
				at = len(access)
				access, services = append(access, text), append(services, nil)
			}
			if r.Service != "*" {
				services[at] = append(services[at], word(r.Service))
			}
		}
	}
	first := &rows[0]
	of := first.Service
	if len(access) > 1 || len(services[0]) > 1 {
		of = ""
	}
	where := first.where(of)
	var lines []string
	for i, text := range access {
		if services[i] != nil {
			text = strings.Join(services[i], ", ") + ": " + text
		}
		if where != "" && len(access) == 1 {
			return []string{text + " " + where}
		}
		if where != "" {
			text = "  " + text
		}
		lines = append(lines, text)
	}
	if where != "" {
		lines = append([]string{where + ":"}, lines...)
	}
	return lines
}

// String is the row in one line: "s3: List and Read (Get*, List*) on shop/* if
// aws:SecureTransport is true".
func (r *Row) String() string {
	text := r.Access()
	if r.Service != "*" {
		text = word(r.Service) + ": " + text
	}
	if where := r.Where(); where != "" {
		text += " " + where
	}
	if r.Effect == policy.Deny {
		return "denied: " + text
	}
	return text
}

// fewNamed is how many actions are named without their levels.
const fewNamed = 5

// Access is what is meant of the service, in words: "Full", "List and Read (Get*,
// List*); PutObject".
func (r *Row) Access() string {
	switch {
	case r.NotAction && len(r.Actions) > 0:
		return "all actions but " + strings.Join(services(r.Actions), ", ")
	case r.NotAction || r.Service == "*" && r.IsFull():
		return "all actions"
	case r.IsFull():
		return "Full"
	case r.Service == "*":
		return "of any service " + words(r.Actions)
	}
	var parts []string
	fresh := ""
	if len(r.New) > 0 {
		fresh = " (" + words(r.New) + ")"
	}
	if len(r.Levels) > 0 {
		text := andList(r.Levels)
		if len(r.But) > 0 {
			text += " but " + words(r.But)
		}
		parts, fresh = append(parts, text+fresh), ""
	}
	switch {
	case len(r.Actions) > fewNamed:
		parts = append(parts, r.some()...)
	case len(r.Actions) > 0:
		parts = append(parts, words(r.Actions))
	}
	if fresh != "" {
		parts = append(parts, "what AWS adds"+fresh)
	}
	return strings.Join(parts, "; ")
}

// some are the named actions by what they do, what can do most harm first.
func (r *Row) some() []string {
	var order []string
	actions := make(map[string][]string)
	harm := make(map[string]int)
	for _, a := range r.Actions {
		levels := r.levelsOf(a)
		level := cmp.Or(andList(levels), "of an unknown level")
		if actions[level] == nil {
			order = append(order, level)
			for _, l := range levels {
				harm[level] = max(harm[level], 1+slices.Index(allLevels[:], l))
			}
		}
		actions[level] = append(actions[level], a)
	}
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Or(harm[b]-harm[a], strings.Compare(a, b)) })
	for i, level := range order {
		order[i] = "some " + level + ": " + words(actions[level])
	}
	return order
}

// services are actions, those that are all of a service by its name alone.
func services(actions []string) []string {
	var list []string
	for _, a := range actions {
		service, all := strings.CutSuffix(a, ":*")
		if !all || isPattern(service) {
			service = a
		}
		list = append(list, word(service))
	}
	return list
}

func andList(levels []policy.AccessLevel) string {
	var b strings.Builder
	for i, l := range levels {
		switch {
		case i > 0 && i == len(levels)-1:
			b.WriteString(" and ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(string(l))
	}
	return b.String()
}

// Where is for whom, on what and under which conditions, in words; "" where it is
// for all that the policy is about. Resources are without "arn:aws:", and without
// Region and account where these are anything that they can be; those of the row's
// service are without its name, too.
func (r *Row) Where() string { return r.where(r.Service) }

func (r *Row) where(service string) string {
	var parts []string
	add := func(text string) {
		if text != "" {
			parts = append(parts, text)
		}
	}
	add(principals("to", r.Principal))
	add(principals("to all but", r.NotPrincipal))
	var shown []string
	for _, resource := range r.Resources {
		shown = append(shown, word(r.names.short(service, resource)))
	}
	switch {
	case r.NotResource && len(shown) > 0:
		add("on all but " + strings.Join(shown, ", "))
	case len(shown) > 0 && !slices.Equal(shown, []string{"*"}):
		add("on " + strings.Join(shown, ", "))
	case r.Resources != nil && len(shown) == 0 && !r.NotResource:
		add("on nothing")
	}
	var conditions []string
	for i := range r.Conditions {
		conditions = append(conditions, condition(&r.Conditions[i]))
	}
	if conditions != nil {
		add("if " + strings.Join(conditions, ", and "))
	}
	return strings.Join(parts, " ")
}

// principalTypes are what stands before principals that are no ARN, account or id.
var principalTypes = map[policy.PrincipalType]string{
	policy.PrincipalService: "service ", policy.PrincipalFederated: "identity provider ", policy.PrincipalCanonicalUser: "canonical user ",
}

// principals are whom a Principal element names, in words; "" for none.
func principals(to string, p *policy.Principals) string {
	switch {
	case p == nil:
		return ""
	case p.Everyone:
		return to + " everyone"
	}
	var list []string
	for _, e := range p.Entries {
		for _, value := range e.Values {
			value = word(value)
			if e.Type == policy.PrincipalAWS && value == "*" {
				value = "everyone"
			}
			list = append(list, principalTypes[e.Type]+value)
		}
	}
	return to + " " + strings.Join(list, ", ")
}

// word is a text of a policy as it stands in a line: in quotes where it could be
// taken for something else.
func word(text string) string {
	plain := text != "" && !strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsPrint(c) || strings.ContainsRune(" ,;\"()", c) })
	if plain {
		return text
	}
	return strconv.Quote(text)
}

// words are several.
func words(texts []string) string { return joined(texts, ", ") }

func joined(texts []string, by string) string {
	list := make([]string, len(texts))
	for i, text := range texts {
		list[i] = word(text)
	}
	return strings.Join(list, by)
}

// short is a resource without what says nothing.
func (n *namer) short(own, resource string) string {
	f := pattern.Split(resource)
	rest, isAWS := strings.CutPrefix(resource, "arn:aws:")
	if !isAWS || !f.IsARN() {
		return resource
	}
	name := f.Field(2)
	region, account := f.Field(3), f.Field(4)
	open := region == "*" && account == "*"
	if n != nil && n.services[name] != nil && len(n.services[name].fields) > 0 && !open {
		is := func(text string, has bool) bool { return text == "*" && has || text == "" && !has }
		for has := range n.services[name].fields {
			open = open || is(region, has.region) && is(account, has.account)
		}
	}
	switch {
	case open && name == own:
		return f.Field(5)
	case open:
		return name + ":" + f.Field(5)
	}
	return rest
}
