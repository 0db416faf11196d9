package cloudformation

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy/load"
)

// A Reader puts what templates describe into a Builder: those of several files,
// which may import what others export. [NewReader] makes one. Call [Reader.Finish]
// when all is read, and then Build of the Builder.
type Reader struct {
	builder *account.Builder
	given   planned.Given
	stacks  []*stack
	used    map[string]bool // what of given was asked for
}

// NewReader makes a Reader into a Builder, with what is given of that which
// templates leave open.
func NewReader(b *account.Builder, given planned.Given) *Reader {
	return &Reader{builder: b, given: given, used: make(map[string]bool)}
}

// Read reads a template, or the answer of aws cloudformation get-template. The error
// is why it is none; what is wrong within it is reported by Build.
func (r *Reader) Read(name string, src io.Reader) error {
	return r.read(name, src, r.given.Stack, place{r.given.Account, r.given.Region})
}

func (r *Reader) read(name string, src io.Reader, stackName string, at place) error {
	text, err := load.ReadAll(src, load.MaxSize)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	o, twice, err := template.Parse(name, text)
	if err != nil {
		return err
	}
	if body := o.Get("TemplateBody"); body != nil {
		switch body := body.(type) {
		case *template.Object:
			o = body
		case string:
			if o, twice, err = template.Parse(name+": TemplateBody", []byte(body)); err != nil {
				return err
			}
		}
	}
	for _, f := range twice { // which CloudFormation accepts
		r.builder.AddNote(f.Error())
	}
	s, err := r.newStack(name, o, stackName, at)
	if err != nil {
		return err
	}
	r.stacks = append(r.stacks, s)
	return nil
}

// Finish puts what the templates describe into the Builder.
func (r *Reader) Finish() {
	for _, s := range r.stacks {
		s.describe()
	}
	if len(r.stacks) == 0 {
		return
	}
	var declared []string
	for _, s := range r.stacks {
		declared = append(declared, s.template.Object("Parameters").Names()...)
	}
	for _, name := range slices.Sorted(maps.Keys(r.given.Parameters)) {
		if !r.used["parameter "+name] {
			r.builder.AddFault(fmt.Errorf("no template that was read has a parameter %s%s", spelling.Quote(name), suggestion(name, declared)))
		}
	}
}

// Values reads what stands in a file of parameters, in any of its three shapes: a
// list of ParameterKey and ParameterValue, a list of "Key=Value", or an object with
// Parameters.
func Values(name string, src []byte) (map[string]string, error) {
	wrong := func(err error) error {
		if err == nil {
			err = errors.New(`a list of {"ParameterKey", "ParameterValue"}, a list of "Key=Value", or {"Parameters": {"Key": "Value"}}`)
		}
		return fmt.Errorf("%s: no parameters: %w", name, err)
	}
	var v any
	if err := json.Unmarshal(src, &v); err != nil {
		return nil, wrong(err)
	}
	values := make(map[string]string)
	set := func(key string, value any) bool {
		t, ok := textOf(value)
		if n, isNumber := value.(float64); isNumber {
			t, ok = planned.Known(strconv.FormatFloat(n, 'f', -1, 64)), true
		}
		values[key], _ = t.Value()
		return ok && key != ""
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			switch item := item.(type) {
			case string:
				key, value, ok := strings.Cut(item, "=")
				if !ok || !set(key, value) {
					return nil, wrong(nil)
				}
			case map[string]any:
				key, _ := item["ParameterKey"].(string)
				if item["UsePreviousValue"] == true && item["ParameterValue"] == nil {
					continue // which is not known here
				}
				if !set(key, item["ParameterValue"]) {
					return nil, wrong(nil)
				}
			default:
				return nil, wrong(nil)
			}
		}
	case map[string]any:
		within, ok := v["Parameters"].(map[string]any)
		if !ok {
			within = v
		}
		for key, value := range within {
			if !set(key, value) {
				return nil, wrong(nil)
			}
		}
	default:
		return nil, wrong(nil)
	}
	return values, nil
}
