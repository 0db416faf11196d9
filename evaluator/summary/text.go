package summary

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// String is the row in one line: "s3: Read (Get*) on shop/* if …".
func (r *Row) String() string {
	text := r.Access()
	if where := r.Scope(); where != "" {
		text += " " + where
	}
	return text
}

// Access is the service and what is meant of it, in words: "s3: List and Read
// (Get*, List*), PutObject".
func (r *Row) Access() string {
	switch {
	case r.NotAction && len(r.Actions) > 0:
		return "all actions but " + strings.Join(services(r.Actions), ", ")
	case r.NotAction:
		return "all actions"
	case r.Service == "*" && r.IsFull():
		return "all actions"
	case r.Service == "*":
		return "of any service: " + strings.Join(r.Actions, ", ")
	case r.IsFull():
		return r.Service + ": Full"
	}
	text := andList(r.Levels)
	if len(r.But) > 0 {
		text += " but " + strings.Join(r.But, ", ")
	}
	if len(r.New) > 0 {
		text += " (" + strings.Join(r.New, ", ") + ")"
	}
	if text != "" && len(r.Actions) > 0 {
		text += "; "
	}
	return r.Service + ": " + text + strings.Join(r.Actions, ", ")
}

// services are actions with those that are all of a service by its name alone.
func services(actions []string) []string {
	var list []string
	for _, a := range actions {
		service, all := strings.CutSuffix(a, ":*")
		if !all || strings.ContainsAny(service, "*?") {
			service = a
		}
		list = append(list, service)
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

// Scope is for whom, on what and under which conditions, in words; "" for
// everything.
func (r *Row) Scope() string {
	var words []string
	add := func(text string) {
		if text != "" {
			words = append(words, text)
		}
	}
	add(principals("to", r.Principal))
	add(principals("to all but", r.NotPrincipal))
	if shown := shortened(r.Resources); r.NotResource {
		add("on all but " + shown)
	} else if shown != "" && shown != "*" {
		add("on " + shown)
	}
	var conditions []string
	for i := range r.Conditions {
		conditions = append(conditions, Condition(&r.Conditions[i]))
	}
	if conditions != nil {
		add("if " + strings.Join(conditions, " and "))
	}
	return strings.Join(words, " ")
}

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
			if e.Type == policy.PrincipalAWS {
				list = append(list, cmp.Or(map[string]string{"*": "everyone"}[value], value))
			} else {
				list = append(list, string(e.Type)+" "+value)
			}
		}
	}
	return to + " " + strings.Join(list, ", ")
}

// shortened are resources without what says nothing: "arn:aws:", and Region and
// account where they are anything.
func shortened(resources []string) string {
	var list []string
	for _, r := range resources {
		list = append(list, short(r))
	}
	return strings.Join(list, ", ")
}

func short(resource string) string {
	f := pattern.Split(resource)
	if !f.IsARN() || f.Field(1) != "aws" {
		return resource
	}
	rest := strings.TrimPrefix(resource, "arn:aws:")
	if f.Field(3) == "*" && f.Field(4) == "*" || f.Field(2) == "s3" && f.Field(3) == "" && f.Field(4) == "" || f.Field(2) == "iam" && f.Field(3) == "" && f.Field(4) == "*" {
		return f.Field(2) + ":" + f.Field(5)
	}
	return rest
}

// verbs are the words of tests, for a value that matches and for one that does not.
var verbs = map[policy.Test][2]string{
	policy.StringEquals: {"is"}, policy.StringNotEquals: {"is not"},
	policy.StringEqualsIgnoreCase: {"is in any case"}, policy.StringNotEqualsIgnoreCase: {"is in no case"},
	policy.StringLike: {"is like"}, policy.StringNotLike: {"is not like"},
	policy.NumericEquals: {"="}, policy.NumericNotEquals: {"≠"},
	policy.NumericLessThan: {"<"}, policy.NumericLessThanEquals: {"≤"},
	policy.NumericGreaterThan: {">"}, policy.NumericGreaterThanEquals: {"≥"},
	policy.DateEquals: {"is at"}, policy.DateNotEquals: {"is not at"},
	policy.DateLessThan: {"is before"}, policy.DateLessThanEquals: {"is not after"},
	policy.DateGreaterThan: {"is after"}, policy.DateGreaterThanEquals: {"is not before"},
	policy.Bool: {"is"}, policy.BinaryEquals: {"is binary"},
	policy.IPAddress: {"is in"}, policy.NotIPAddress: {"is not in"},
	policy.ArnEquals: {"is like"}, policy.ArnNotEquals: {"is not like"},
	policy.ArnLike: {"is like"}, policy.ArnNotLike: {"is not like"},
}

// Condition is a condition in words: "aws:SourceIp is in 10.0.0.0/8".
func Condition(c *policy.Condition) string {
	if c.Operator.Test == policy.Null {
		var words []string
		for _, v := range c.Values {
			words = append(words, map[bool]string{true: "is absent", false: "is present"}[fold.Equal(v, "true")])
		}
		slices.Sort(words)
		return c.Key + " " + strings.Join(slices.Compact(words), " or ")
	}
	text := c.Key + " " + verbs[c.Operator.Test][0] + " " + strings.Join(c.Values, " or ")
	switch c.Operator.Set {
	case policy.ForAllValues:
		text = "every " + text
	case policy.ForAnyValue:
		text = "some " + text
	}
	if c.Operator.IfExists {
		text += fmt.Sprintf(" (if present)")
	}
	return text
}

// Text is a draft of the layout.
func (s *Summary) Text() string {
	var lines []string
	last := "?"
	for i := range s.Rows {
		r := &s.Rows[i]
		scope := r.scope()
		next := i+1 < len(s.Rows) && s.Rows[i+1].scope() == scope
		deny := ""
		if r.Effect == policy.Deny {
			deny = "never "
		}
		if scope != last {
			last = scope
			if next && r.Scope() != "" {
				lines = append(lines, wrap(deny+r.Scope()+":", 80)...)
			}
			if !next {
				lines = append(lines, wrap(deny+r.String(), 80)...)
				continue
			}
		}
		in := ""
		if r.Scope() != "" {
			in = "  "
		}
		lines = append(lines, wrap(in+r.Access(), 80)...)
	}
	lines = append(lines, "proved equal")
	return strings.Join(lines, "\n")
}

func wrap(text string, most int) []string {
	var lines []string
	line := ""
	for _, w := range strings.SplitAfter(text, " ") {
		if len(line)+len(strings.TrimRight(w, " ")) > most && strings.TrimSpace(line) != "" {
			lines = append(lines, strings.TrimRight(line, " "))
			line = "    "
		}
		line += w
	}
	return append(lines, line)
}
