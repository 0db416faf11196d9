package terraform

import (
	"github.com/tidwall/gjson"
)

// unknown stands in a tree for a value that is known after apply.
type unknown struct{}

// merged is a value with what of it is not known: map[string]any, []any, string,
// float64, bool, nil and unknown. The second value mirrors the first, with true
// where a value is not known (and the first lacks it, or has null).
func merged(v, open gjson.Result) any {
	if open.Type == gjson.True {
		return unknown{}
	}
	switch {
	case v.IsObject() || open.IsObject() && !v.IsArray():
		if !v.IsObject() && v.Type != gjson.Null {
			return v.Value()
		}
		if !v.IsObject() && !anyOpen(open) {
			return nil
		}
		own := make(map[string]any)
		opened := make(map[string]gjson.Result)
		open.ForEach(func(name, o gjson.Result) bool { opened[name.Str] = o; return true })
		v.ForEach(func(name, member gjson.Result) bool {
			own[name.Str] = merged(member, opened[name.Str])
			delete(opened, name.Str)
			return true
		})
		for name, o := range opened {
			if m := merged(gjson.Result{}, o); m != nil {
				own[name] = m
			}
		}
		return own
	case v.IsArray() || open.IsArray():
		if !v.IsArray() && !anyOpen(open) {
			return nil
		}
		values, opened := v.Array(), open.Array()
		own := make([]any, max(len(values), len(opened)))
		for i := range own {
			var member, o gjson.Result
			if i < len(values) {
				member = values[i]
			}
			if open.IsArray() && i < len(opened) {
				o = opened[i]
			}
			own[i] = merged(member, o)
		}
		return own
	}
	return v.Value()
}

// anyOpen reports whether anything in a mirror of a value is not known.
func anyOpen(open gjson.Result) bool {
	if open.Type == gjson.True {
		return true
	}
	found := false
	if open.IsObject() || open.IsArray() {
		open.ForEach(func(_, o gjson.Result) bool { found = anyOpen(o); return !found })
	}
	return found
}

// at is the value at a path in a tree: of names and numbers. What stands in an
// unknown value is unknown; what is not there is nil.
func at(tree any, path ...any) any {
	for _, step := range path {
		switch t := tree.(type) {
		case unknown:
			return t
		case map[string]any:
			name, _ := step.(string)
			tree = t[name]
		case []any:
			i, ok := step.(int)
			if !ok || i >= len(t) {
				return nil
			}
			tree = t[i]
		default:
			return nil
		}
	}
	return tree
}

// length is the number of elements of a list, or -1 where that is not known.
func length(v any) int {
	switch v := v.(type) {
	case []any:
		return len(v)
	case unknown:
		return -1
	}
	return 0
}
