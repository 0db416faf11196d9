package policy

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
)

// Slot is a place for policies that apply together, their statements ORed
// the identity-based policies, or one level of service control policies.
type Slot struct {
	Layer Layer
	// Level counts the slots of a layer from 0: levels of service and resource
	// control policies, the root first; session policies by call; policies of a
	// resource by point of attachment. Other layers have no slot but 0.
	Level int
}

// At gives the slot of the layer at a level.
func (l Layer) At(level int) Slot { return Slot{l, level} }

// String is how the JSON formats name the slot: "identity", "scp[1]". That of a
// trust policy is "resource", as of all policies of resources.
func (s Slot) String() string {
	name := s.place().Layer.String()
	if form := s.Layer.Form(); form == ListForm || form == LevelsForm || s.Level != 0 {
		return name + bracketed(s.Level)
	}
	return name
}

// Path is where the JSON formats have the i-th policy of the slot: "identity[0]",
// "boundary", "scp[1][0]", "resource[2]".
func (s Slot) Path(i int) string {
	if form := s.Layer.Form(); i == 0 && (form == SingleForm || form == ListForm) {
		return s.String()
	}
	return s.String() + bracketed(i)
}

func bracketed(i int) string { return "[" + strconv.Itoa(i) + "]" }

// place is the slot by which others of the same place are found.
func (s Slot) place() Slot { return Slot{s.Layer.place(), s.Level} }

// place is the layer by which others of the same place are found: a trust policy
// stands where other resources have their policies.
func (l Layer) place() Layer {
	if l == TrustLayer {
		return ResourceLayer
	}
	return l
}

// Policies are the policies of a request by their slots. A slot that is empty is
// there, and allows nothing: it differs from one that is not there, which has no
// say. The zero Policies have no slot.
//
// Policies are a value: With and Without give changed copies, which share the
// documents. Nobody may change the lists that they give.
type Policies struct {
	slots []filledSlot // in their order
}

type filledSlot struct {
	Slot
	documents []Attached
}

// compareSlots is the order of slots: by layer, as the formats name them, and by
// level.
func compareSlots(a, b Slot) int {
	a, b = a.place(), b.place()
	return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Level, b.Level))
}

func (p Policies) find(s Slot) (i int, ok bool) {
	return slices.BinarySearchFunc(p.slots, s, func(f filledSlot, s Slot) int { return compareSlots(f.Slot, s) })
}

// All gives the slots and their policies, by layer in the order of [Layers] and by
// level.
func (p Policies) All() iter.Seq2[Slot, []Attached] {
	return func(yield func(Slot, []Attached) bool) {
		for _, f := range p.slots {
			if !yield(f.Slot, f.documents) {
				return
			}
		}
	}
}

// At gives the policies of a slot: nil where there is no such slot, and not nil
// where it is empty.
func (p Policies) At(s Slot) []Attached {
	if i, ok := p.find(s); ok {
		return p.slots[i].documents
	}
	return nil
}

// Levels gives the policies of a layer by level; nil where it has no slot.
func (p Policies) Levels(l Layer) [][]Attached {
	var levels [][]Attached
	for _, f := range p.slots {
		if f.place().Layer == l.place() {
			levels = append(levels, f.documents)
		}
	}
	return levels
}

// Count is how many slots a layer has, empty ones among them.
func (p Policies) Count(l Layer) int {
	n := 0
	for i := range p.slots {
		if p.slots[i].place().Layer == l.place() {
			n++
		}
	}
	return n
}

// Has reports whether the layer has a slot, even an empty one.
func (p Policies) Has(l Layer) bool { return p.Count(l) > 0 }

// With gives the policies with these documents, and no others, at a slot. Levels
// that are missing before it are there then, and empty.
func (p Policies) With(s Slot, documents ...Attached) Policies {
	missing := max(0, s.Level-p.Count(s.Layer))
	slots := append(make([]filledSlot, 0, len(p.slots)+missing+1), p.slots...)
	put := func(s Slot, documents []Attached) {
		f := filledSlot{s, append([]Attached{}, documents...)}
		i, ok := Policies{slots}.find(s)
		if ok {
			slots[i] = f
			return
		}
		slots = slices.Insert(slots, i, f)
	}
	for level := s.Level - missing; level < s.Level; level++ {
		put(s.Layer.At(level), nil)
	}
	put(s, documents)
	return Policies{slots}
}

// WithLevels gives the policies with these levels, and no others, at a layer.
func (p Policies) WithLevels(l Layer, levels ...[]Attached) Policies {
	p = p.Without(l)
	for level, documents := range levels {
		p = p.With(l.At(level), documents...)
	}
	return p
}

// Without gives the policies without the slots of a layer.
func (p Policies) Without(l Layer) Policies {
	return Policies{slices.DeleteFunc(slices.Clone(p.slots), func(f filledSlot) bool {
		return f.place().Layer == l.place()
	})}
}

// Kind is the kind of the policies at a slot. It follows from the layer; but
// policies at [ResourceLayer] that are all trust policies are taken for those of
// a role (A.6), so that a caller need not tell them apart. It is the zero Kind
// for a layer that has no policies.
func (p Policies) Kind(s Slot) Kind {
	if int(s.Layer) >= len(layers) {
		return 0
	}
	if s.Layer == ResourceLayer && areTrust(p.At(s)) {
		return Trust
	}
	return layers[s.Layer].kind
}

// areTrust reports whether documents are the trust policies of a role: they have
// no Resource, and nothing but actions that assume it.
func areTrust(documents []Attached) bool {
	for _, a := range documents {
		if a.Document == nil || a.Document.namesResources() || a.Document.Check(Trust) != nil {
			return false
		}
	}
	return len(documents) > 0
}

func (d *Document) namesResources() bool {
	return slices.ContainsFunc(d.Statements, func(st Statement) bool { return st.Resource != nil || st.NotResource != nil })
}

// Check reports whether there can be such a slot: its layer has policies, and
// several slots where it is not the first.
func (s Slot) Check() error {
	switch form := s.Layer.Form(); {
	case form == 0:
		return fmt.Errorf("layer %q has no policies", s.Layer)
	case s.Level < 0, s.Level > 0 && (form == SingleForm || s.Layer == IdentityLayer):
		return fmt.Errorf("there is no slot %s: all policies of layer %q stand at level 0", s, s.Layer)
	}
	return nil
}

// Check checks the slots, and each document against the kind of its slot (A.6),
// as [Check] does. It reports all faults.
func (p Policies) Check() error {
	var faults []error
	for _, f := range p.slots {
		if err := f.Slot.Check(); err != nil {
			faults = append(faults, err)
			continue
		}
		if err := Check(p.Kind(f.Slot), f.documents...); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}
