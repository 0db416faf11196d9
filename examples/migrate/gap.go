package main

import (
	"bytes"
	"encoding/json"
	"log"
	"slices"
	"strings"
	"unicode"

	"github.com/iamsim/iamsim/policy"
)

// fill is a policy that allows the calls and little more: a statement for each
// resource, with the context that the calls had as its condition.
func fill(calls []call) *policy.Document {
	d := &policy.Document{Version: policy.Version2012}
	for _, c := range calls {
		resource := policy.Values{object(c.resource)}
		var condition []policy.Condition
		if c.key != "" {
			condition = []policy.Condition{{Operator: policy.Operator{Test: policy.StringEquals}, Key: c.key, Values: policy.Values{c.value}}}
		}
		i := slices.IndexFunc(d.Statements, func(s policy.Statement) bool {
			return slices.Equal(s.Resource, resource) && same(s.Condition, condition) && strings.HasPrefix(s.Action[0], c.service()+":")
		})
		if i < 0 {
			d.Statements = append(d.Statements, policy.Statement{Effect: policy.Allow, Action: policy.Values{c.action}, Resource: resource, Condition: condition})
		} else {
			d.Statements[i].Action = append(d.Statements[i].Action, c.action)
		}
	}
	for i := range d.Statements {
		slices.Sort(d.Statements[i].Action)
	}
	if err := d.Check(policy.Identity); err != nil {
		log.Fatal(err)
	}
	return d
}

// object is any object of the bucket in place of one: tomorrow's has another
// name. Other resources stay as they are.
func object(resource string) string {
	if bucket, _, ok := strings.Cut(resource, "/"); ok && strings.HasPrefix(resource, "arn:aws:s3:::") {
		return bucket + "/*"
	}
	return resource
}

func same(a, b []policy.Condition) bool {
	return slices.EqualFunc(a, b, func(a, b policy.Condition) bool {
		return a.Operator == b.Operator && a.Key == b.Key && slices.Equal(a.Values, b.Values)
	})
}

func indented(d *policy.Document) []byte {
	text, err := d.MarshalJSON()
	if err != nil {
		log.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		log.Fatal(err)
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// characters are those that count against the size of a policy: all but white
// space.
func characters(text []byte) (n int) {
	for _, r := range string(text) {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}
