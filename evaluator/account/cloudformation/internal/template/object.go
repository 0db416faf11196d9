// Package template is a CloudFormation template as a tree: JSON or YAML, short
// forms written out, with the place of each object and each of its members.
package template

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
)

// A Place is a line and a column of a file, counted from 1. The zero Place is
// none.
type Place struct{ Line, Column int }

// An Object is a mapping. Its values are *Object, []any, string, bool,
// [json.Number] and nil. The zero Object is empty.
type Object struct {
	Place   Place
	names   []string // in the order of the file
	members map[string]any
	places  map[string]Place
}

// New makes an Object of names and values by turns.
func New(pairs ...any) *Object {
	o := new(Object)
	for i := 0; i+1 < len(pairs); i += 2 {
		o.Set(pairs[i].(string), pairs[i+1])
	}
	return o
}

// Get is the value of a member; nil where there is none, or no Object.
func (o *Object) Get(name string) any {
	if o == nil {
		return nil
	}
	return o.members[name]
}

// Has reports whether there is such a member, be it null.
func (o *Object) Has(name string) bool {
	if o == nil {
		return false
	}
	_, ok := o.members[name]
	return ok
}

// Object is a member that is an Object; nil where it is none.
func (o *Object) Object(name string) *Object {
	v, _ := o.Get(name).(*Object)
	return v
}

// List is a member that is a list; nil where it is none.
func (o *Object) List(name string) []any {
	v, _ := o.Get(name).([]any)
	return v
}

// Text is a member that is a string; "" where it is none.
func (o *Object) Text(name string) string {
	v, _ := o.Get(name).(string)
	return v
}

// Set gives a member a value.
func (o *Object) Set(name string, value any) {
	if o.members == nil {
		o.members = make(map[string]any)
	}
	if _, ok := o.members[name]; !ok {
		o.names = append(o.names, name)
	}
	o.members[name] = value
}

// Put is Set for a value that is not nil.
func (o *Object) Put(name string, value any) {
	if value != nil {
		o.Set(name, value)
	}
}

// Delete takes a member away.
func (o *Object) Delete(name string) {
	if o.Has(name) {
		delete(o.members, name)
		o.names = slices.DeleteFunc(o.names, func(n string) bool { return n == name })
	}
}

// Len is the number of members.
func (o *Object) Len() int {
	if o == nil {
		return 0
	}
	return len(o.names)
}

// Names are the names of the members, in the order of the file. The caller must not
// change them.
func (o *Object) Names() []string {
	if o == nil {
		return nil
	}
	return o.names
}

// All gives the members, in the order of the file.
func (o *Object) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for _, name := range slices.Clone(o.Names()) {
			if !yield(name, o.members[name]) {
				return
			}
		}
	}
}

// At is where a member stands; where its object does, if that is not known.
func (o *Object) At(name string) Place {
	if o == nil {
		return Place{}
	}
	if at, ok := o.places[name]; ok {
		return at
	}
	return o.Place
}

// Only is the name and the value of the one member of an object; "" for any other
// value.
func Only(v any) (name string, value any) {
	o, ok := v.(*Object)
	if !ok || len(o.names) != 1 {
		return "", nil
	}
	return o.names[0], o.members[o.names[0]]
}

// Clone is a copy of a value that shares nothing with it.
func Clone(v any) any {
	switch v := v.(type) {
	case *Object:
		return v.Clone()
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = Clone(v[i])
		}
		return list
	}
	return v
}

// Clone is a copy that shares nothing with the object. That of nil is empty.
func (o *Object) Clone() *Object {
	own := new(Object)
	if o == nil {
		return own
	}
	own.Place, own.places = o.Place, o.places
	for name, v := range o.All() {
		own.Set(name, Clone(v))
	}
	return own
}

// Move puts all of a value at one place, that of what it was made of, and gives it.
func Move(v any, to Place) any {
	switch v := v.(type) {
	case *Object:
		v.Place, v.places = to, nil
		for _, item := range v.All() {
			Move(item, to)
		}
	case []any:
		for _, item := range v {
			Move(item, to)
		}
	}
	return v
}

// MarshalJSON writes the object, members in their order.
func (o *Object) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, name := range o.names {
		if i > 0 {
			out = append(out, ',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(o.members[name])
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, key...), ':'), value...)
	}
	return append(out, '}'), nil
}

// A Fault is what is wrong with a template, and where.
type Fault struct {
	File  string
	Place Place
	// Of is the logical id of the resource, or the name of the section; "" for the
	// whole file.
	Of      string
	Message string
}

// Error is "template.yaml:12:9: OrdersRole: what is wrong".
func (f *Fault) Error() string {
	text := f.File
	if f.Place != (Place{}) {
		text = fmt.Sprintf("%s:%d:%d", f.File, f.Place.Line, f.Place.Column)
	}
	if f.Of != "" {
		text += ": " + f.Of
	}
	return text + ": " + f.Message
}
