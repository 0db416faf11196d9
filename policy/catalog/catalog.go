package catalog

import (
	_ "embed"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

//go:generate go run ./generate -out catalog.data

//go:embed catalog.data
var embedded string

// A Catalog knows what AWS services define. It is immutable and safe for
// concurrent use; what it answers is shared, and must not be changed. The zero
// Catalog is not valid: see Default and Parse.
//
// Names of actions, services and keys compare without regard to ASCII case
// (B-1).
type Catalog struct {
	index func() *index
}

var standard = sync.OnceValue(func() *Catalog { return open(embedded) })

// Default is the catalogue that comes with this package. It reads a service
// when that is first asked for.
func Default() *Catalog { return standard() }

// Parse reads a catalogue that the generator of this package wrote, so that a
// program can use newer data than it was built with. Unlike Default it reads
// everything at once. An error says what is wrong with the data and in which
// service.
func Parse(data []byte) (*Catalog, error) {
	text := string(data)
	x, err := parseIndex(text)
	if err != nil {
		return nil, fmt.Errorf("catalog: %w", err)
	}
	for i := range x.services {
		if _, err := x.services[i].read(); err != nil {
			return nil, fmt.Errorf("catalog: %w", err)
		}
	}
	return &Catalog{index: func() *index { return x }}, nil
}

// open trusts the data, as only the tests of this package may prove it.
func open(data string) *Catalog {
	return &Catalog{index: sync.OnceValue(func() *index {
		x, err := parseIndex(data)
		if err != nil {
			panic("catalog: the program was built with damaged data: " + err.Error())
		}
		return x
	})}
}

// Date is the day of the data, "2026-09-26". What AWS has published since is
// not known.
func (c *Catalog) Date() string { return c.index().date }

// Services are the prefixes of all services in byte order: "a2c", "a4b", ….
func (c *Catalog) Services() iter.Seq[string] {
	return func(yield func(string) bool) {
		x := c.index()
		for i := range x.services {
			if !yield(x.services[i].prefix) {
				return
			}
		}
	}
}

// HasService reports whether actions of a service begin with the prefix.
func (c *Catalog) HasService(prefix string) bool { return c.index().service(prefix) != nil }

// An index is what a catalogue knows before it reads a service.
type index struct {
	date     string
	keys     []policy.ConditionKey // by folded name
	open     []openKey
	services []*service            // by prefix
	foreign  map[string][]*service // by the service of an ARN: others that have types with such ARNs
}

// service finds a service by its prefix; nil if there is none.
func (x *index) service(prefix string) *service {
	i, ok := slices.BinarySearchFunc(x.services, prefix, func(s *service, prefix string) int { return fold.Compare(s.prefix, prefix) })
	if !ok {
		return nil
	}
	return x.services[i]
}

// lines walks over the lines of a text.
func lines(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for text != "" {
			line, rest, _ := strings.Cut(text, "\n")
			if !yield(line) {
				return
			}
			text = rest
		}
	}
}
