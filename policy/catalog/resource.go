package catalog

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/policy"
)

// ResourceTypes are the types of resources that a service defines, in the order
// of its documentation; none for a prefix that no service has.
func (c *Catalog) ResourceTypes(service string) iter.Seq[*policy.ResourceType] {
	return func(yield func(*policy.ResourceType) bool) {
		s := c.index().service(service)
		if s == nil {
			return
		}
		types := s.get().types
		for i := range types {
			if !yield(&types[i]) {
				return
			}
		}
	}
}

// TypesOf are the types that an ARN can be of, see Fits: the ones with the most
// literal text in their format first, of these the ones of the service that the
// ARN names, then by service. It is empty for what is no ARN, "*" included.
func (c *Catalog) TypesOf(resource string) []*policy.ResourceType {
	fields := strings.SplitN(resource, ":", 4)
	if len(fields) < 4 {
		return nil
	}
	type candidate struct {
		*policy.ResourceType
		literal int
	}
	var found []candidate
	add := func(s *service) {
		d := s.get()
		for i := range d.types {
			best := -1
			for j, format := range d.types[i].Formats {
				if fits(format, resource, s.ending(i, j)) {
					best = max(best, literal(format))
				}
			}
			if best >= 0 {
				found = append(found, candidate{&d.types[i], best})
			}
		}
	}
	x := c.index()
	own := x.service(fields[2])
	if own != nil {
		add(own)
	}
	for _, word := range []string{fields[2], "*"} {
		for _, s := range x.foreign[word] {
			if s != own {
				add(s)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(b.literal, a.literal) })
	types := make([]*policy.ResourceType, len(found))
	for i := range found {
		types[i] = found[i].ResourceType
	}
	return types
}

// Fits reports whether the ARN of a resource can be of the type. A placeholder
// of a format stands for one character or more, with these limits, which AWS
// does not write down but its ARNs keep:
//
//   - In front of a colon or slash, it holds none of these. So a bucket's name
//     ends at the slash where the object's begins.
//   - At the end of the format it holds anything: a role with its path, an S3
//     object. But it holds no slash where another type of the service goes on
//     with one: "bucket/*" is no bucket, and an index is no DynamoDB table. In
//     Lambda the same holds for the colon: a qualified ARN is not the function
//     (B-31).
//   - A version of a function or layer is a number or $LATEST, and an alias is
//     neither (B.3).
//
// "*" as a field of a format stands for anything. The ARN of a request may hold
// a star (B-19), which is a character like any other. "*" alone fits no type.
func (c *Catalog) Fits(t *policy.ResourceType, resource string) bool {
	s := c.index().service(t.Service)
	at := -1
	if s != nil {
		types := s.get().types
		at = slices.IndexFunc(types, func(other policy.ResourceType) bool {
			return other.Name == t.Name && slices.Equal(other.Formats, t.Formats)
		})
	}
	for j, format := range t.Formats {
		end := ""
		if at >= 0 {
			end = s.ending(at, j)
		}
		if fits(format, resource, end) {
			return true
		}
	}
	return false
}

// ending is what the last placeholder of a format does not hold: the characters
// with which other formats go on, of the same service or of the one that the
// format names.
func (s *service) ending(typ, format int) string {
	s.ends.Do(s.findEndings)
	return s.endings[typ][format]
}

func (s *service) findEndings() {
	types := s.get().types
	known := map[string][]string{} // the shapes of what services define
	shapes := func(prefix string) []string {
		other := s.index.service(prefix)
		if other == nil {
			return nil
		}
		if known[prefix] == nil {
			for _, t := range other.get().types {
				for _, format := range t.Formats {
					known[prefix] = append(known[prefix], shape(format))
				}
			}
		}
		return known[prefix]
	}
	s.endings = make([][]string, len(types))
	for i := range types {
		s.endings[i] = make([]string, len(types[i].Formats))
		for j, format := range types[i].Formats {
			own := shape(format)
			if !strings.HasSuffix(own, "\x00") {
				continue
			}
			named := strings.SplitN(own, ":", 4)[2]
			for _, separator := range []string{"/", ":"} {
				if separator == ":" && named != "lambda" {
					continue
				}
				goesOn := func(other string) bool { return strings.HasPrefix(other, own+separator) }
				if slices.ContainsFunc(shapes(s.prefix), goesOn) || slices.ContainsFunc(shapes(named), goesOn) {
					s.endings[i][j] += separator
				}
			}
		}
	}
}

// shape is a format whose placeholders have no names.
func shape(format string) string { return strings.Join(literals(format), "\x00") }

// literal counts the characters of a format outside its placeholders.
func literal(format string) (n int) {
	for _, part := range literals(format) {
		n += len(part)
	}
	return n
}

// fits reports whether the resource is as the format says. The last placeholder
// holds none of the characters of end.
func fits(format, resource, end string) bool {
	lambda := strings.HasPrefix(format, everywhere+"lambda:")
	for range 5 {
		want, format1, ok1 := cutField(format)
		have, resource1, ok2 := strings.Cut(resource, ":")
		if !ok1 || !ok2 || !fitsField(want, have) {
			return false
		}
		format, resource = format1, resource1
	}
	return fitsResource(format, resource, end, lambda)
}

// cutField cuts a format at its first colon outside placeholders.
func cutField(format string) (field, rest string, ok bool) {
	depth := 0
	for i := range len(format) {
		switch format[i] {
		case '{':
			depth++
		case '}':
			depth--
		case ':':
			if depth == 0 {
				return format[:i], format[i+1:], true
			}
		}
	}
	return "", "", false
}

// fitsField compares one of the first five fields, each of which is literal or
// a placeholder.
func fitsField(want, have string) bool {
	switch {
	case want == "*":
		return true
	case strings.HasPrefix(want, "${"):
		return have != ""
	}
	return want == have
}

// fitsResource compares what follows the fifth colon.
func fitsResource(format, text, end string, lambda bool) bool {
	for format != "" {
		switch {
		case strings.HasPrefix(format, "${"):
			name, rest, _ := strings.Cut(format[2:], "}")
			switch {
			case rest == "":
				return text != "" && !strings.ContainsAny(text, end) && (!lambda || isQualifier(name, text))
			case rest[0] == ':' || rest[0] == '/':
				at := strings.IndexByte(text, rest[0])
				if at < 1 {
					return false
				}
				format, text = rest, text[at:]
			default:
				// Nothing tells where the placeholder ends: every place is tried.
				for at := 1; at <= len(text); at++ {
					if fitsResource(rest, text[at:], end, lambda) {
						return true
					}
				}
				return false
			}
		case format == "*":
			return true
		case text == "" || format[0] != text[0]:
			return false
		default:
			format, text = format[1:], text[1:]
		}
	}
	return text == ""
}

// isQualifier reports whether the last part of a Lambda ARN can be what its
// placeholder is called. A star can stand for any.
func isQualifier(placeholder, text string) bool {
	if strings.Contains(text, "*") {
		return true
	}
	version := text == "$LATEST" || strings.Trim(text, "0123456789") == ""
	switch placeholder {
	case "Version", "LayerVersion":
		return version
	case "Alias":
		return !version
	}
	return true
}
