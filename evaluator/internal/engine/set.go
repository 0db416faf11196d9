package engine

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/variable"
	"github.com/iamsim/iamsim/policy"
)

// A Set is policies of one kind that apply together, their statements ORed
// the identity policies of a user, one level of SCPs, a function's
// policy. It is compiled once, immutable, and shared between callers, targets
// and goroutines. The zero Set belongs nowhere: a request that meets one is
// [Invalid].
type Set struct {
	kind       policy.Kind
	documents  []policy.Attached
	statements []Statement
	deny       side
	allow      side
	keys       []ContextKey
	conditions []Condition
	plain      bool // see decidePlainly
}

// A side is the statements of one effect: their actions lead to groups, a
// group to its statements.
type side struct {
	actions actionTable
	groups  []index
	always  bool // one of its statements applies to every request
}

func (s *Set) side(effect policy.Effect) *side {
	if effect == policy.Deny {
		return &s.deny
	}
	return &s.allow
}

// Compile checks each document against its kind (A.6) and compiles them to one
// set. No documents make a set that allows nothing; a nil document is an
// error, since a policy that could not be loaded is not the same as none. All
// faults of all documents are reported, as [policy.Errors] of each.
func Compile(kind policy.Kind, docs ...policy.Attached) (*Set, error) {
	if err := policy.Check(kind, docs...); err != nil {
		return nil, err
	}
	c := compiler{set: &Set{kind: kind, documents: append([]policy.Attached(nil), docs...)}}
	if err := c.compile(); err != nil {
		return nil, err
	}
	return c.set, nil
}

// compiler builds a set.
type compiler struct {
	set       *Set
	variables bool // of the document at hand: its Version has variables
	deny      sideCompiler
	allow     sideCompiler
	keys      interner
	interned  interner  // conditions by what they say
	written   []written // the first that said so, by number
	shared    uint8     // conditions that have a place in the memo

	patterns   slab[patternValue]
	texts      slab[textValue]
	references slab[uint32]
	typed      slab[typedValues]
	prefixes   slab[netip.Prefix]
}

// written is a condition as a policy has it.
type written struct {
	*policy.Condition
	variables bool // they count
}

func (c *compiler) compile() error {
	statements, resources, conditions := 0, 0, 0
	for d := range c.set.documents {
		doc := c.set.documents[d].Document
		statements += len(doc.Statements)
		for i := range doc.Statements {
			st := &doc.Statements[i]
			resources += len(st.Resource) + len(st.NotResource)
			conditions += len(st.Condition)
		}
	}
	c.set.statements = make([]Statement, 0, statements)
	c.set.conditions, c.written = make([]Condition, 0, min(conditions, 64)), make([]written, 0, min(conditions, 64))
	c.set.keys = make([]ContextKey, 0, min(conditions, 8))
	c.patterns.reserve(resources)
	c.references.reserve(conditions)
	for d := range c.set.documents {
		doc := c.set.documents[d].Document
		c.variables = doc.Version == policy.Version2012
		for i := range doc.Statements {
			if err := c.statement(&doc.Statements[i], d, i); err != nil {
				return fmt.Errorf("%s: Statement[%d]: %w", c.set.documents[d].DisplayName(), i, err)
			}
		}
	}
	if err := c.deny.finish(c.set, &c.set.deny); err != nil {
		return err
	}
	if err := c.allow.finish(c.set, &c.set.allow); err != nil {
		return err
	}
	c.set.plain = c.set.isPlain()
	return nil
}

func (c *compiler) statement(st *policy.Statement, document, index int) error {
	s := c.set
	compiled := Statement{Effect: st.Effect, Document: uint32(document), Index: uint32(index)}
	resources := st.Resource
	if st.NotResource != nil {
		resources, compiled.NotResource = st.NotResource, true
	}
	compiled.AnyResource = st.Resource == nil && st.NotResource == nil
	compiled.Resources = c.patterns.take(len(resources))
	for _, r := range resources {
		p, err := c.pattern(pattern.Resource, r, pattern.Options{})
		if err != nil {
			return err
		}
		compiled.Resources = append(compiled.Resources, p)
	}
	switch {
	case st.Principal != nil:
		compiled.Principals = compilePrincipals(st.Principal)
		compiled.NamesPrincipal = true
	case st.NotPrincipal != nil:
		compiled.Principals = compilePrincipals(st.NotPrincipal)
		compiled.NamesPrincipal, compiled.NotPrincipal = true, true
	}
	compiled.Conditions = c.references.take(len(st.Condition))
	for i := range st.Condition {
		id, err := c.condition(&st.Condition[i])
		if err != nil {
			return err
		}
		compiled.Conditions = append(compiled.Conditions, id)
	}
	s.statements = append(s.statements, compiled)
	side, list := &s.allow, &c.allow
	if st.Effect == policy.Deny {
		side, list = &s.deny, &c.deny
	}
	side.always = side.always || slices.Contains(st.Action, "*") && compiled.isUnconditional()
	return list.add(uint32(len(s.statements)-1), st)
}

// pattern compiles a pattern and resolves its variables.
func (c *compiler) pattern(language pattern.Language, text string, o pattern.Options) (patternValue, error) {
	o.Variables = c.variables
	p, err := pattern.Compile(language, text, o)
	if err != nil {
		return patternValue{}, err
	}
	value := patternValue{Pattern: p}
	variables := p.Variables()
	if len(variables) == 0 {
		return value, nil
	}
	value.template = &template{variables: make([]VariableRef, len(variables))}
	for i, v := range variables {
		value.template.variables[i] = c.variable(v)
	}
	value.template.loose, err = pattern.Loose(language, text, o)
	return value, err
}

func (c *compiler) variable(v pattern.Variable) VariableRef {
	return NewVariableRef(c.key(v.Key), v)
}

// key is the index of a context key. Letter case makes no other key, but a tag
// with exactly the case that is asked for comes first (C-52).
func (c *compiler) key(name string) uint32 {
	hash, isTag := hashFold(name), strings.IndexByte(name, '/') >= 0
	id, ok := c.keys.find(hash, func(n uint32) bool {
		known := c.set.keys[n].Name
		return known == name || !isTag && fold.Equal(known, name)
	})
	if !ok {
		id = c.keys.add(hash)
		c.set.keys = append(c.set.keys, NewContextKey(name))
	}
	return id
}

// condition compiles one key of one operator block, or finds it compiled: what
// several statements say is decided once a request.
func (c *compiler) condition(st *policy.Condition) (uint32, error) {
	hash := hashFold(st.Key)
	for _, value := range st.Values {
		hash = hash*31 + hashFold(value)
	}
	id, ok := c.interned.find(hash, func(n uint32) bool {
		first := c.written[n]
		return first.Operator == st.Operator && first.variables == c.variables &&
			first.Key == st.Key && slices.Equal(first.Values, st.Values)
	})
	if !ok {
		c.written = append(c.written, written{st, c.variables})
		c.interned.add(hash)
		return c.newCondition(st)
	}
	if known := &c.set.conditions[id]; known.shared == 0 && int(c.shared) < len(Memo{}.conditions) {
		c.shared++
		known.shared = c.shared
	}
	return id, nil
}

func (c *compiler) newCondition(written *policy.Condition) (uint32, error) {
	compiled := Condition{Key: c.key(written.Key), Operator: written.Operator}
	switch compiled.Operator.Test {
	case policy.StringLike, policy.StringNotLike, policy.ArnEquals, policy.ArnLike, policy.ArnNotEquals, policy.ArnNotLike:
		compiled.patterns = c.patterns.take(len(written.Values))
	case policy.StringEquals, policy.StringNotEquals, policy.Bool:
		compiled.texts = c.texts.take(len(written.Values))
	case policy.IPAddress, policy.NotIPAddress:
		compiled.typed = &c.typed.take(1)[:1][0]
		compiled.typed.Ranges = c.prefixes.take(len(written.Values))
	}
	for _, value := range written.Values {
		if err := c.value(&compiled, value); err != nil {
			return 0, err
		}
	}
	if len(compiled.texts) > 8 && (compiled.Operator.Test == policy.StringEquals || compiled.Operator.Test == policy.StringNotEquals) {
		members := make(map[string]struct{}, len(compiled.texts))
		for _, t := range compiled.texts {
			members[t.text] = struct{}{}
		}
		compiled.ownValues().members = members
		compiled.texts = nil
	}
	c.set.conditions = append(c.set.conditions, compiled)
	return uint32(len(c.set.conditions) - 1), nil
}

// value adds one value of the policy. One that is none of the operator's type
// is left out: it matches nothing (C-17).
func (c *compiler) value(compiled *Condition, value string) error {
	variables := c.variables && variable.Has(value)
	switch compiled.Operator.Test {
	case policy.StringEquals, policy.StringNotEquals:
		if variables {
			return c.addPattern(compiled, pattern.Text, value, pattern.Options{Literal: true})
		}
		compiled.texts = append(compiled.texts, textValue{text: value})
	case policy.StringEqualsIgnoreCase, policy.StringNotEqualsIgnoreCase, policy.Bool:
		text := textValue{text: value}
		if variables {
			if err := c.parts(&text); err != nil {
				return err
			}
		}
		compiled.texts = append(compiled.texts, text)
	case policy.StringLike, policy.StringNotLike:
		return c.addPattern(compiled, pattern.Text, value, pattern.Options{})
	case policy.ArnEquals, policy.ArnLike, policy.ArnNotEquals, policy.ArnNotLike:
		return c.addPattern(compiled, pattern.Operator, value, pattern.Options{})
	case policy.Null:
		compiled.existence.Add(value)
	default:
		compiled.ownValues().Add(compiled.Operator.Type(), value)
	}
	return nil
}

func (c *compiler) addPattern(compiled *Condition, language pattern.Language, value string, o pattern.Options) error {
	p, err := c.pattern(language, value, o)
	compiled.patterns = append(compiled.patterns, p)
	return err
}

// parts reads the variables of a value that is compared without case.
func (c *compiler) parts(value *textValue) error {
	t, err := pattern.Tokenize(pattern.Text, value.text, pattern.Options{Variables: true, Literal: true})
	if err != nil {
		return err
	}
	for _, token := range t.Fields[0] {
		part := templatePart{text: token.Text}
		if token.Kind == pattern.Value {
			ref := c.variable(t.Variables[token.Index])
			part.variable = &ref
		}
		value.parts = append(value.parts, part)
	}
	return nil
}
