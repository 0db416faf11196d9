package arn

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/iamsim/iamsim/internal/spelling"
)

// MaxLength is the greatest length of an [ARN] in bytes.
const MaxLength = 2048

// ARN is an Amazon Resource Name: arn:partition:service:region:account:resource.
//
// It is a small, immutable, comparable value: it supports == and can be the
// key of a map. Comparison is exact, letter by letter; nothing is normalised
// (B-10, B-18).
//
// The zero ARN is not valid; its String is empty. It is distinct from "*", the
// request resource of actions without a resource, which is no ARN. An ARN in a
// request may hold a "*", which stands for itself (B-19).
type ARN struct {
	// The text is kept whole because most ARNs are only compared and
	// printed; the offsets follow from it, so that == stays right.
	text  string
	colon [5]uint16
}

// Parse parses s as an ARN: six parts separated by colons, the first "arn",
// and neither partition, service nor resource empty. The sixth part, the
// resource, may hold colons.
func Parse(s string) (ARN, error) {
	if len(s) > MaxLength {
		return ARN{}, parseError{in: s, problem: fmt.Sprintf("it has %d bytes, and an ARN has at most %d", len(s), MaxLength)}
	}
	if !utf8.ValidString(s) {
		return ARN{}, parseError{in: s, problem: "it is not valid UTF-8"}
	}
	a := ARN{text: s}
	n := 0
	for i := 0; i < len(s) && n < len(a.colon); i++ {
		if s[i] == ':' {
			a.colon[n] = uint16(i)
			n++
		}
	}
	switch {
	case !strings.HasPrefix(s, "arn:"):
		return ARN{}, parseError{in: s, problem: `it does not begin with "arn:"`}
	case n < len(a.colon):
		return ARN{}, parseError{in: s, problem: fmt.Sprintf("it has %d parts of six", n+1)}
	case a.Partition() == "":
		return ARN{}, parseError{in: s, problem: "its partition is empty"}
	case a.Service() == "":
		return ARN{}, parseError{in: s, problem: "its service is empty"}
	case a.Resource() == "":
		return ARN{}, parseError{in: s, problem: "its resource is empty"}
	}
	return a, nil
}

// MustParse calls [Parse] and panics on error. It is meant for ARNs written in
// a program.
func MustParse(s string) ARN {
	a, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return a
}

// New makes an ARN from its parts. Region and account may be empty; only the
// resource may hold colons.
func New(partition, service, region, account, resource string) (ARN, error) {
	text := strings.Join([]string{"arn", partition, service, region, account, resource}, ":")
	for _, part := range []struct{ name, text string }{
		{"partition", partition}, {"service", service}, {"region", region}, {"account", account},
	} {
		if strings.Contains(part.text, ":") {
			return ARN{}, parseError{in: text, problem: fmt.Sprintf("the %s %s holds a colon", part.name, spelling.Quote(part.text))}
		}
	}
	return Parse(text)
}

// A parseError quotes the text that is no ARN and says what is wrong with it.
type parseError struct {
	in, problem string
}

func (e parseError) Error() string {
	return fmt.Sprintf("invalid ARN %s: %s", spelling.Quote(e.in), e.problem)
}

// IsValid reports whether a is an ARN and not the zero ARN.
func (a ARN) IsValid() bool { return a.text != "" }

// Partition of the ARN: "aws", "aws-cn", "aws-us-gov".
func (a ARN) Partition() string { return a.part(0) }

// Service of the ARN: "lambda", "iam".
func (a ARN) Service() string { return a.part(1) }

// Region of the ARN; empty for global services such as IAM (B-40).
func (a ARN) Region() string { return a.part(2) }

// Account of the ARN: twelve digits, empty (Amazon S3), or "aws" for what AWS
// owns.
func (a ARN) Account() string { return a.part(3) }

// Resource is the sixth part, colons included: "function:my-function:prod".
func (a ARN) Resource() string {
	if !a.IsValid() {
		return ""
	}
	return a.text[a.colon[4]+1:]
}

// part returns the text between colon i and the next.
func (a ARN) part(i int) string {
	if !a.IsValid() {
		return ""
	}
	return a.text[a.colon[i]+1 : a.colon[i+1]]
}

// Type is the first word of the resource, up to a colon or slash: "function",
// "role", "assumed-role", "root". Not every service puts a type there: Amazon
// S3 begins with the bucket.
func (a ARN) Type() string {
	kind, _ := a.typed()
	return kind
}

// typed splits the resource after its first word.
func (a ARN) typed() (kind, rest string) {
	resource := a.Resource()
	if i := strings.IndexAny(resource, ":/"); i >= 0 {
		return resource[:i], resource[i+1:]
	}
	return resource, ""
}

// String returns the ARN as it was parsed; the zero ARN gives "".
func (a ARN) String() string { return a.text }

// Compare orders ARNs by their text, the zero ARN first. It returns -1, 0 or 1.
func (a ARN) Compare(b ARN) int { return strings.Compare(a.text, b.text) }

// AppendText implements [encoding.TextAppender]. The zero ARN appends nothing.
func (a ARN) AppendText(b []byte) ([]byte, error) { return append(b, a.text...), nil }

// MarshalText implements [encoding.TextMarshaler]. The zero ARN gives an empty
// text.
func (a ARN) MarshalText() ([]byte, error) { return []byte(a.text), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]. An empty text gives the
// zero ARN; the errors are those of [Parse].
func (a *ARN) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*a = ARN{}
		return nil
	}
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}
