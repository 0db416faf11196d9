package workload

import (
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
)

// grown is one statement and one kind of request, allowed, of which one
// dimension grows.
func grown(name string, conditions []Condition, pattern, resource string, context []Key) *Workload {
	w := &Workload{Name: name, Principal: User, Identity: []Policy{{Name: "grown", Statements: []Statement{
		{Actions: []string{getObject}, Resources: []string{pattern}, Conditions: conditions},
	}}}}
	for i := range Rotation {
		r := resource
		if r == "" {
			r = fmt.Sprintf("arn:aws:s3:::reports/%08x.csv", i)
		}
		w.Requests = append(w.Requests, Request{Action: getObject, Resource: r, Context: context, Want: evaluator.Allowed})
	}
	return w
}

const reports = "arn:aws:s3:::reports/*"

// Conditions is a statement with n conditions that all hold.
func Conditions(n int) *Workload {
	var conditions []Condition
	var context []Key
	for i := range n {
		key := fmt.Sprintf("s3:ExistingObjectTag/key%02d", i)
		conditions = append(conditions, Condition{"StringEquals", key, []string{"blue", "green"}})
		context = append(context, Key{key, []string{"green"}})
	}
	return grown(fmt.Sprintf("conditions-%d", n), conditions, reports, "", context)
}

// ContextKeys is a request with n context keys; the policy asks for the last.
func ContextKeys(n int) *Workload {
	var context []Key
	for i := range n {
		context = append(context, Key{fmt.Sprintf("s3:ExistingObjectTag/key%03d", i), []string{"green"}})
	}
	last := Condition{"StringEquals", context[n-1].Name, []string{"blue", "green"}}
	return grown(fmt.Sprintf("keys-%d", n), []Condition{last}, reports, "", context)
}

// Members is a request with a context key of n values, each of which must be
// one of the thousand that the policy lists.
func Members(n int) *Workload {
	var permitted []string
	for i := range 1000 {
		permitted = append(permitted, fmt.Sprintf("project-%03d", i))
	}
	all := Condition{"ForAllValues:StringEquals", departmentTag, permitted}
	return grown(fmt.Sprintf("members-%d", n), []Condition{all}, reports, "", []Key{{departmentTag, permitted[len(permitted)-n:]}})
}

// ARNLength is a request for a resource of n bytes, n at least 20, with a
// pattern that has to look at all of them.
func ARNLength(n int) *Workload {
	const begin, end = "arn:aws:s3:::b/", "x-d"
	return grown(fmt.Sprintf("arn-%d", n), nil, begin+"*x*d", begin+strings.Repeat("a", n-len(begin)-len(end))+end, nil)
}
