package policy

import (
	"strings"

	"github.com/iamsim/iamsim/internal/jsontext"
	"github.com/tidwall/gjson"
)

// A cursor walks over JSON that is known to be valid, from value to value and
// over each byte once. It stands at the beginning of a value, or behind one.
type cursor struct {
	text   string
	offset int
	// escapes says that there is a backslash somewhere; nearly no policy has
	// one, and then strings need no second look.
	escapes bool
}

func newCursor(text string) cursor {
	c := cursor{text: text, escapes: strings.IndexByte(text, '\\') >= 0}
	c.space()
	return c
}

func (c *cursor) space() {
	for c.text[c.offset] <= ' ' {
		c.offset++
	}
}

// is reports whether the value here begins with b, which shows its type.
func (c *cursor) is(b byte) bool { return c.text[c.offset] == b }

// typeName is what errors call the type of the value here.
func (c *cursor) typeName() string { return jsontext.TypeName(c.text[c.offset:]) }

// open steps into the object or list here.
func (c *cursor) open() { c.offset++ }

// more steps to the next member of the object or list, and reports whether
// there is one; if not, it steps out.
func (c *cursor) more() bool {
	text := c.text[c.offset:]
	i := 0
	for text[i] <= ' ' || text[i] == ',' {
		i++
	}
	c.offset += i
	if text[i] == '}' || text[i] == ']' {
		c.offset++
		return false
	}
	return true
}

// name takes the name of a member, and stops at its value.
func (c *cursor) name() string {
	name := c.string()
	c.space()
	c.offset++ // the colon
	c.space()
	return name
}

// string takes the string here.
func (c *cursor) string() string {
	start := c.offset
	if !c.escapes {
		inside := c.text[start+1:]
		inside = inside[:strings.IndexByte(inside, '"')]
		c.offset += len(inside) + len(`""`)
		return inside
	}
	c.offset = jsontext.StringEnd(c.text, start) + 1
	return gjson.Parse(c.text[start:c.offset]).Str
}

// scalar takes the number, boolean or null here, as it is written.
func (c *cursor) scalar() string {
	rest := c.text[c.offset:]
	if end := strings.IndexAny(rest, " \t\r\n,]}"); end >= 0 {
		rest = rest[:end]
	}
	c.offset += len(rest)
	return rest
}

// skip steps behind the value here, whatever it is.
func (c *cursor) skip() {
	if !c.is('"') && !c.is('{') && !c.is('[') {
		c.scalar()
		return
	}
	for depth := 0; ; {
		switch c.text[c.offset] {
		case '"':
			c.offset = jsontext.StringEnd(c.text, c.offset)
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		c.offset++
		if depth == 0 {
			return
		}
	}
}
