package template

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/lazy"
)

// Known puts values in a value: for references to parameters that have one, in
// substitutions of nothing else, and for look-ups in mappings with keys that are
// known. What is not known stays as it is.
func Known(v any, parameters map[string]any, mappings *Object) any {
	known := func(v any) any { return Known(v, parameters, mappings) }
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = known(v[i])
		}
		return list
	case *Object:
		switch name, argument := Only(v); name {
		case "Ref":
			if id, ok := argument.(string); ok && parameters[id] != nil {
				return parameters[id]
			}
			return v
		case "Fn::Sub":
			if text, ok := argument.(string); ok {
				return substitute(v, text, parameters)
			}
			return v
		case "Fn::FindInMap":
			keys, _ := known(argument).([]any)
			if len(keys) == 3 && !slices.ContainsFunc(keys, func(k any) bool { _, ok := k.(string); return !ok }) {
				if of := mappings.Object(keys[0].(string)).Object(keys[1].(string)); of.Has(keys[2].(string)) {
					return of.Get(keys[2].(string))
				}
			}
			return v
		}
		o := &Object{Place: v.Place, places: v.places}
		for name, value := range v.All() {
			o.Set(name, known(value))
		}
		return o
	}
	return v
}

// substitute is a text with the parameters that it names; the substitution itself
// where other variables stay.
func substitute(v *Object, text string, parameters map[string]any) any {
	text = parameter().ReplaceAllStringFunc(text, func(of string) string {
		if s, ok := parameters[of[2:len(of)-1]].(string); ok {
			return s
		}
		return of
	})
	if strings.Contains(text, "${") {
		o := New("Fn::Sub", text)
		o.Place = v.Place
		return o
	}
	return text
}

// parameter is a variable that may be a parameter.
var parameter = lazy.Regexp(`\$\{[A-Za-z0-9:]+\}`)
