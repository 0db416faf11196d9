package awsconfig

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/internal/plain"
	"github.com/iamsim/iamsim/evaluator/account/internal/walk"
)

// A Reader puts configuration items into a Builder: those of several files, in any
// order. [NewReader] makes one. Call [Reader.Finish] when all is read, and then
// Build of the Builder.
type Reader struct {
	builder *account.Builder
	newest  map[string]item
	order   []string
	noted   map[string]bool
}

// An item is a configuration item, and where it stands.
type item struct {
	gjson.Result
	source string
	at     string // when it was captured
}

// NewReader makes a Reader into a Builder.
func NewReader(b *account.Builder) *Reader {
	return &Reader{builder: b, newest: make(map[string]item), noted: make(map[string]bool)}
}

// Read reads a file: one object, or several after one another. The name stands in
// errors. The error is why the file could not be read to its end; what stands before
// stays. Faults of single items are reported by Build.
func (r *Reader) Read(name string, src io.Reader) error {
	text, err := plain.Text(src)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	s := walk.New(name, text)
	for n := 0; ; n++ {
		c, err := s.Next()
		switch {
		case errors.Is(err, io.EOF) && n > 0:
			return nil
		case err != nil:
			return fmt.Errorf("%s: %w", name, err)
		case c != '{':
			return s.Fault(s.Place, "a file of AWS Config is an object with configurationItems, configurationItem or Results")
		}
		if err := r.file(name, s); err != nil {
			return err
		}
	}
}

// file reads an object: the items of its list one by one.
func (r *Reader) file(name string, s *walk.Scanner) error {
	found, more := false, false
	err := s.Members("the file of AWS Config", func(member string) error {
		c, err := s.Needed("the file of AWS Config")
		if err != nil {
			return err
		}
		list := member == "configurationItems" || member == "baseConfigurationItems" || member == "Results"
		switch {
		case list && c == '[':
			found = true
			return s.Elements(member, func(i int) error {
				source := fmt.Sprintf("%s:%d: %s[%d]", name, s.Place.Line, member, i)
				v, err := s.Value(member)
				if err == nil {
					r.item(v, source)
				}
				return err
			})
		case member == "configurationItem" && c == '{':
			found = true
			source := fmt.Sprintf("%s:%d: %s", name, s.Place.Line, member)
			v, err := s.Value(member)
			if err == nil {
				r.item(v, source)
			}
			return err
		}
		v, err := s.Value(member)
		more = more || strings.EqualFold(member, "nextToken") && v.Str != ""
		return err
	})
	switch {
	case err != nil:
		return err
	case !found:
		return fmt.Errorf("%s: no configuration items: a file of AWS Config has configurationItems, baseConfigurationItems, configurationItem or Results", name)
	case more:
		r.builder.AddGap(account.Gap{Of: name, Part: account.Everything, Needs: "further pages", Mend: "give all pages, or say that the snapshot may be partial"})
	}
	return nil
}

// recorded are the states in which an item says what is there.
var recorded = []string{"", "OK", "ResourceDiscovered"}

// item keeps an item, if none of the same resource is newer. A row of
// select-resource-config is a string with an object.
func (r *Reader) item(v gjson.Result, source string) {
	if v.Type == gjson.String && gjson.Valid(v.Str) {
		v = gjson.Parse(v.Str)
	}
	kind, of := v.Get("resourceType").Str, first(v, "ARN", "arn", "configuration.arn", "resourceId").Str
	if kind == "" || of == "" {
		r.builder.AddFault(fmt.Errorf("%s: a configuration item has resourceType, and an ARN or resourceId", source))
		return
	}
	key, next := kind+" "+of, item{v, source, v.Get("configurationItemCaptureTime").String()}
	old, known := r.newest[key]
	if !known {
		r.order = append(r.order, key)
	}
	if !known || old.at <= next.at {
		r.newest[key] = next
	}
}

// Finish puts the newest items into the Builder.
func (r *Reader) Finish() {
	for _, key := range r.order {
		i := r.newest[key]
		if status := i.Get("configurationItemStatus").Str; !slices.Contains(recorded, status) {
			continue // deleted, or not recorded
		}
		r.resource(i)
	}
}

// note says a thing once.
func (r *Reader) note(text string) {
	if !r.noted[text] {
		r.noted[text] = true
		r.builder.AddNote(text)
	}
}

// first is the first of some members that is there and not null.
func first(v gjson.Result, names ...string) gjson.Result {
	for _, name := range names {
		if m := v.Get(name); m.Exists() && m.Type != gjson.Null {
			return m
		}
	}
	return gjson.Result{}
}

// unwrapped is a member that can be an object or a string with one.
func unwrapped(v gjson.Result) gjson.Result {
	if v.Type == gjson.String && gjson.Valid(v.Str) {
		return gjson.Parse(v.Str)
	}
	return v
}
