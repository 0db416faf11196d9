package scenario

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/spelling"
)

// A decoder walks one text and collects its faults. A value of the wrong type
// is reported and left out; the walk goes on, so that every fault is found.
type decoder struct {
	*text
	folder *folder
	faults []error
}

func (d *decoder) add(v gjson.Result, path, format string, args ...any) {
	d.faults = append(d.faults, d.fault(v.Index, path, fmt.Sprintf(format, args...)))
}

func (d *decoder) wrongType(v gjson.Result, path, want string) {
	d.add(v, path, "must be %s, not %s", want, typeName(v))
}

func typeName(v gjson.Result) string {
	switch {
	case v.IsArray():
		return "an array"
	case v.IsObject():
		return "an object"
	case v.Type == gjson.String:
		return "a string"
	case v.Type == gjson.Number:
		return "a number"
	case v.Type == gjson.Null:
		return "null"
	}
	return "a boolean"
}

// join is the path of a member; "" is the path of the whole.
func join(path, member string) string {
	if path == "" {
		return member
	}
	return path + "." + member
}

func element(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// members visits an object whose members have fixed names. What is not among
// them, or there twice, is a fault.
func (d *decoder) members(v gjson.Result, path string, allowed []string, visit func(name, path string, v gjson.Result)) {
	d.entries(v, path, func(key, v gjson.Result) {
		if !slices.Contains(allowed, key.Str) {
			d.add(key, path, "unknown member %s%s", spelling.Quote(key.Str), spelling.Suggestion(key.Str, allowed))
			return
		}
		visit(key.Str, join(path, key.Str), v)
	})
}

// entries visits an object whose members have any names, none of them twice.
func (d *decoder) entries(v gjson.Result, path string, visit func(key, v gjson.Result)) {
	if !v.IsObject() {
		d.wrongType(v, path, "an object")
		return
	}
	seen := make(map[string]struct{})
	v.ForEach(func(key, v gjson.Result) bool {
		if _, twice := seen[key.Str]; twice {
			d.add(key, path, "%s is written twice in one object", spelling.Quote(key.Str))
			return true
		}
		seen[key.Str] = struct{}{}
		visit(key, v)
		return true
	})
}

// elements visits an array.
func (d *decoder) elements(v gjson.Result, path, want string, visit func(path string, v gjson.Result)) {
	if !v.IsArray() {
		d.wrongType(v, path, want)
		return
	}
	i := 0
	v.ForEach(func(_, v gjson.Result) bool {
		visit(element(path, i), v)
		i++
		return true
	})
}

// string is a string; null, as everywhere, is nothing.
func (d *decoder) string(v gjson.Result, path string) string {
	if v.Type != gjson.String && v.Type != gjson.Null {
		d.wrongType(v, path, "a string")
	}
	return v.Str
}

func (d *decoder) bool(v gjson.Result, path string) bool {
	if v.Type != gjson.True && v.Type != gjson.False {
		d.wrongType(v, path, "true or false")
	}
	return v.Type == gjson.True
}

func (d *decoder) int(v gjson.Result, path string) int {
	n, err := strconv.Atoi(v.Raw)
	if v.Type != gjson.Number || err != nil {
		d.add(v, path, "must be a whole number, not %s", spelling.Quote(v.Raw))
	}
	return n
}

// strings is an array of strings; nil for null, and not nil for [].
func (d *decoder) strings(v gjson.Result, path string) []string {
	if v.Type == gjson.Null {
		return nil
	}
	list := []string{}
	d.elements(v, path, "an array of strings", func(path string, v gjson.Result) {
		if v.Type != gjson.String {
			d.wrongType(v, path, "a string")
			return
		}
		list = append(list, v.Str)
	})
	return list
}

// tags are an object of strings, in the order of the document.
func (d *decoder) tags(v gjson.Result, path string) []evaluator.Tag {
	if v.Type == gjson.Null {
		return nil
	}
	var tags []evaluator.Tag
	d.entries(v, path, func(key, v gjson.Result) {
		if v.Type != gjson.String {
			d.wrongType(v, join(path, key.Str), "a string")
			return
		}
		tags = append(tags, evaluator.Tag{Key: key.Str, Value: v.Str})
	})
	return tags
}

// tagsOrNone are tags of which an empty object says that there are none.
func (d *decoder) tagsOrNone(v gjson.Result, path string) []evaluator.Tag {
	tags := d.tags(v, path)
	if tags == nil && v.IsObject() {
		return []evaluator.Tag{}
	}
	return tags
}

var organizationMembers = []string{"id", "paths", "managementAccount"}

func (d *decoder) organization(v gjson.Result, path string) *evaluator.Organization {
	if v.Type == gjson.Null {
		return nil
	}
	o := &evaluator.Organization{}
	d.members(v, path, organizationMembers, func(name, path string, v gjson.Result) {
		switch name {
		case "id":
			o.ID = d.string(v, path)
		case "paths":
			o.Paths = d.strings(v, path)
		case "managementAccount":
			o.ManagementAccount = d.string(v, path)
		}
	})
	return o
}

// scalars are the values of a context key: a string, number or boolean, or an
// array of these. Numbers keep their text.
func (d *decoder) scalars(v gjson.Result, path string) []string {
	const want = "a string, a number, a boolean, or an array of these"
	values := []string{}
	scalar := func(path string, v gjson.Result) {
		switch v.Type {
		case gjson.String:
			values = append(values, v.Str)
		case gjson.Number, gjson.True, gjson.False:
			values = append(values, v.Raw)
		default:
			d.wrongType(v, path, want)
		}
	}
	if v.IsArray() {
		d.elements(v, path, want, scalar)
	} else {
		scalar(path, v)
	}
	return values
}
