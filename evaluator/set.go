package evaluator

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/typed"
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
	statements []statement
	deny       side
	allow      side
	keys       []contextKey
	conditions []condition
	plain      bool // see decidePlainly
}

// A side is the statements of one effect: their actions lead to groups, a
// group to its statements.
type side struct {
	actions actionTable
	groups  []index
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

// MustCompile is [Compile] for documents without attachment; it panics on an
// error. It is for tests and for policies in source code.
func MustCompile(kind policy.Kind, docs ...*policy.Document) *Set {
	s, err := Compile(kind, policy.Attach(docs...)...)
	if err != nil {
		panic("evaluator.MustCompile: " + err.Error())
	}
	return s
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
	c.set.statements = make([]statement, 0, statements)
	c.set.conditions, c.written = make([]condition, 0, min(conditions, 64)), make([]written, 0, min(conditions, 64))
	c.set.keys = make([]contextKey, 0, min(conditions, 8))
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
	compiled := statement{effect: st.Effect, document: uint32(document), index: uint32(index)}
	resources := st.Resource
	if st.NotResource != nil {
		resources, compiled.notResource = st.NotResource, true
	}
	compiled.anyResource = st.Resource == nil && st.NotResource == nil
	compiled.resources = c.patterns.take(len(resources))
	for _, r := range resources {
		p, err := c.pattern(arn.Resource, r)
		if err != nil {
			return err
		}
		compiled.resources = append(compiled.resources, p)
	}
	switch {
	case st.Principal != nil:
		compiled.principals = compilePrincipals(st.Principal)
		compiled.namesPrincipal = true
	case st.NotPrincipal != nil:
		compiled.principals = compilePrincipals(st.NotPrincipal)
		compiled.namesPrincipal, compiled.notPrincipal = true, true
	}
	compiled.conditions = c.references.take(len(st.Condition))
	for i := range st.Condition {
		id, err := c.condition(&st.Condition[i])
		if err != nil {
			return err
		}
		compiled.conditions = append(compiled.conditions, id)
	}
	s.statements = append(s.statements, compiled)
	side := &c.allow
	if st.Effect == policy.Deny {
		side = &c.deny
	}
	return side.add(uint32(len(s.statements)-1), st)
}

// pattern compiles a pattern and resolves its variables.
func (c *compiler) pattern(language arn.Language, text string) (patternValue, error) {
	variables := c.variables && variable.Has(text)
	p, err := arn.Compile(language, text, arn.Options{Variables: variables})
	if err != nil {
		return patternValue{}, err
	}
	value := patternValue{Pattern: p}
	if !variables || len(p.Variables()) == 0 {
		return value, nil
	}
	value.template = &template{}
	for _, v := range p.Variables() {
		value.template.variables = append(value.template.variables, c.variable(v.Key, v.Default, v.HasDefault))
	}
	loose, err := looseText(language, text)
	if err != nil {
		return patternValue{}, err
	}
	if language == arn.Operator && loose == "*" {
		loose = "*:*:*:*:*:*" // a variable alone can be a whole ARN
	}
	value.template.loose, err = arn.Compile(language, loose, arn.Options{Variables: true})
	return value, err
}

// looseText is the pattern with "*" in the place of each variable. In the
// partition and the service of a Resource there are none (B-15).
func looseText(language arn.Language, text string) (string, error) {
	pieces, err := variable.Parse(text)
	if err != nil {
		return "", err
	}
	loose, field := "", 0
	for _, piece := range pieces {
		if piece.Key != "" && (language != arn.Resource || field > 2) {
			loose += "*"
			continue
		}
		if piece.Key == "" {
			field += strings.Count(piece.Text, ":")
		}
		loose += piece.String()
	}
	return loose, nil
}

func (c *compiler) variable(key, fallback string, hasDefault bool) variableRef {
	return variableRef{key: c.key(key), fallback: fallback, hasDefault: hasDefault}
}

// key is the index of a context key. Letter case makes no other key, but a tag
// with exactly the case that is asked for comes first (C-52).
func (c *compiler) key(name string) uint32 {
	hash, isTag := hashFold(name), strings.IndexByte(name, '/') >= 0
	id, ok := c.keys.find(hash, func(n uint32) bool {
		known := c.set.keys[n].name
		return known == name || !isTag && fold.Equal(known, name)
	})
	if !ok {
		id = c.keys.add(hash)
		c.set.keys = append(c.set.keys, newContextKey(name))
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
	if known := &c.set.conditions[id]; known.shared == 0 && int(c.shared) < len(memo{}.conditions) {
		c.shared++
		known.shared = c.shared
	}
	return id, nil
}

func (c *compiler) newCondition(written *policy.Condition) (uint32, error) {
	compiled := condition{key: c.key(written.Key), operator: written.Operator, negated: written.Operator.Negated()}
	switch compiled.operator.Test {
	case policy.StringLike, policy.StringNotLike, policy.ArnEquals, policy.ArnLike, policy.ArnNotEquals, policy.ArnNotLike:
		compiled.patterns = c.patterns.take(len(written.Values))
	case policy.StringEquals, policy.StringNotEquals, policy.Bool:
		compiled.texts = c.texts.take(len(written.Values))
	case policy.IPAddress, policy.NotIPAddress:
		compiled.typed = &c.typed.take(1)[:1][0]
		compiled.typed.prefixes = c.prefixes.take(len(written.Values))
	}
	for _, value := range written.Values {
		if err := c.value(&compiled, value); err != nil {
			return 0, err
		}
	}
	if len(compiled.texts) > 8 && (compiled.operator.Test == policy.StringEquals || compiled.operator.Test == policy.StringNotEquals) {
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
func (c *compiler) value(compiled *condition, value string) error {
	variables := c.variables && variable.Has(value)
	switch compiled.operator.Test {
	case policy.StringEquals, policy.StringNotEquals:
		if !variables {
			compiled.texts = append(compiled.texts, textValue{text: value})
			return nil
		}
		return c.template(compiled, value)
	case policy.StringEqualsIgnoreCase, policy.StringNotEqualsIgnoreCase, policy.Bool:
		text := textValue{text: value}
		if variables {
			pieces, err := variable.Parse(value)
			if err != nil {
				return err
			}
			for _, piece := range pieces {
				part := templatePart{text: piece.Text}
				if piece.Key != "" {
					ref := c.variable(piece.Key, piece.Default, piece.HasDefault)
					part.variable = &ref
				}
				text.parts = append(text.parts, part)
			}
		}
		compiled.texts = append(compiled.texts, text)
	case policy.StringLike, policy.StringNotLike:
		return c.addPattern(compiled, arn.Text, value)
	case policy.ArnEquals, policy.ArnLike, policy.ArnNotEquals, policy.ArnNotLike:
		return c.addPattern(compiled, arn.Operator, value)
	case policy.BinaryEquals:
		if typed.IsBinary(value) {
			compiled.texts = append(compiled.texts, textValue{text: value})
		}
	case policy.IPAddress, policy.NotIPAddress:
		if p, ok := typed.Range(value); ok {
			compiled.typed.prefixes = append(compiled.typed.prefixes, p)
		}
	case policy.Null:
		if fold.Equal(value, "true") {
			compiled.existence[0] = true
		} else {
			compiled.existence[1] = true
		}
	default:
		if compiled.operator.Family() == policy.FamilyDate {
			if i, ok := parseInstant(value); ok {
				typed := compiled.ownValues()
				typed.instants = append(typed.instants, i)
			}
			return nil
		}
		if d, ok := parseDecimal(value); ok {
			typed := compiled.ownValues()
			typed.numbers = append(typed.numbers, d)
		}
	}
	return nil
}

func (c *compiler) addPattern(compiled *condition, language arn.Language, value string) error {
	p, err := c.pattern(language, value)
	compiled.patterns = append(compiled.patterns, p)
	return err
}

// template compiles a value of StringEquals with variables: a pattern in which
// everything but the variables is literal.
func (c *compiler) template(compiled *condition, value string) error {
	pieces, err := variable.Parse(value)
	if err != nil {
		return err
	}
	literal := ""
	for _, piece := range pieces {
		if piece.Key != "" || piece.Literal {
			literal += piece.String()
			continue
		}
		for i := range len(piece.Text) {
			switch b := piece.Text[i]; b {
			case '*', '?':
				literal += "${" + string(b) + "}"
			case '$':
				literal += "${$}"
			default:
				literal += piece.Text[i : i+1]
			}
		}
	}
	return c.addPattern(compiled, arn.Text, literal)
}
