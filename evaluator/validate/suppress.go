package validate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/iamsim/iamsim/internal/spelling"
)

// A Suppression says that a finding is known and wanted, why, and until when.
type Suppression struct {
	// Code of the findings.
	Code string `json:"code"`
	// Policy is the name or the address of the document, or a pattern of them as of
	// [path.Match]; "" stands for all.
	Policy string `json:"policy,omitempty"`
	// Path is an element, and all that is in it: "Statement[0]"; "" stands for all.
	Path string `json:"path,omitempty"`
	// Reason is why; there is one.
	Reason string `json:"reason"`
	// Until is the last day on which it counts: "2027-06-30".
	Until string `json:"until"`

	until time.Time
	used  bool
	at    string // where it stands, for errors
	in    string // of a comment: its file, and the lines that it is for
	lines [2]int
}

// ParseSuppressions reads a JSON object with a list of suppressions:
//
//	{"suppress": [{"code": "PASS_ROLE_WITH_STAR_IN_RESOURCE", "policy": "admin.json", "reason": "…", "until": "2027-06-30"}]}
//
// The name stands in errors, which are about all that is wrong.
func ParseSuppressions(name string, text []byte) ([]Suppression, error) {
	var file struct {
		Suppress []Suppression `json:"suppress"`
	}
	if err := decode(text, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var faults []error
	for i := range file.Suppress {
		s := &file.Suppress[i]
		s.at = fmt.Sprintf("%s: suppress[%d]", name, i)
		faults = append(faults, s.check()...)
	}
	return file.Suppress, errors.Join(faults...)
}

// check says what is wrong with a suppression.
func (s *Suppression) check() (faults []error) {
	wrong := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s: %s", s.at, fmt.Sprintf(format, args...)))
	}
	if _, known := Explain(s.Code); !known {
		wrong("code %s is none%s", spelling.Quote(s.Code), spelling.Suggestion(s.Code, allCodes()))
	}
	if strings.TrimSpace(s.Reason) == "" {
		wrong("has no reason: say why the finding is wanted")
	}
	if _, err := path.Match(s.Policy, ""); err != nil {
		wrong("policy %s is no pattern", spelling.Quote(s.Policy))
	}
	var err error
	if s.until, err = time.Parse(time.DateOnly, s.Until); err != nil {
		wrong("until %s is no day such as 2027-06-30", spelling.Quote(s.Until))
	}
	return faults
}

func allCodes() []string {
	var codes []string
	for _, r := range sorted() {
		codes = append(codes, r.Code)
	}
	return codes
}

// decode reads JSON without unknown members.
func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more after the end of the document")
	}
	return nil
}

// Suppress gives the findings that no suppression is for on a day. Suppressions
// that are used are marked, see [Unused].
func Suppress(list []Finding, suppressions []Suppression, now time.Time) []Finding {
	return slices.DeleteFunc(slices.Clone(list), func(f Finding) bool {
		for i := range suppressions {
			s := &suppressions[i]
			if s.matches(&f) && !s.ended(now) {
				s.used = true
				return true
			}
		}
		return false
	})
}

func (s *Suppression) ended(now time.Time) bool { return !now.Before(s.until.AddDate(0, 0, 1)) }

func (s *Suppression) matches(f *Finding) bool {
	if s.Code != f.Code {
		return false
	}
	if s.in != "" && (f.Source != s.in || f.From.Line < s.lines[0] || f.From.Line > s.lines[1]) {
		return false
	}
	if s.Policy != "" && !s.names(f.Source) && !s.names(f.Address) {
		return false
	}
	rest, within := strings.CutPrefix(f.Path, s.Path)
	return within && (s.Path == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
}

// names reports whether the suppression is for a document, or an address.
func (s *Suppression) names(document string) bool {
	is, err := path.Match(s.Policy, document)
	return err == nil && is
}

// Unused says of each suppression that suppressed nothing where it stands, and why it
// can go: nothing was found, or it has ended.
func Unused(suppressions []Suppression, now time.Time) []string {
	var list []string
	for i := range suppressions {
		switch s := &suppressions[i]; {
		case s.used:
		case s.ended(now):
			list = append(list, fmt.Sprintf("%s (%s) ended on %s", s.at, s.Code, s.Until))
		default:
			list = append(list, fmt.Sprintf("%s (%s) suppresses nothing", s.at, s.Code))
		}
	}
	return list
}

// A Baseline is the findings that there were on a day, so that only new ones are
// told. The zero Baseline has none.
type Baseline struct {
	Findings []BaselineFinding `json:"findings"`
}

// A BaselineFinding is a finding of a baseline: its text, not its place, says which
// it is.
type BaselineFinding struct {
	Policy      string `json:"policy"`
	Code        string `json:"code"`
	Fingerprint string `json:"fingerprint"`
}

// NewBaseline is the baseline of findings.
func NewBaseline(list []Finding) Baseline {
	b := Baseline{Findings: []BaselineFinding{}}
	for _, f := range list {
		b.Findings = append(b.Findings, BaselineFinding{f.Source, f.Code, f.Fingerprint()})
	}
	return b
}

// ParseBaseline reads what json.Marshal makes of a baseline. The name stands in
// errors.
func ParseBaseline(name string, text []byte) (Baseline, error) {
	var b Baseline
	if err := decode(text, &b); err != nil {
		return Baseline{}, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}

// New are the findings that the baseline does not have. Of several that are alike
// it takes as many as it has.
func (b Baseline) New(list []Finding) []Finding {
	known := map[BaselineFinding]int{}
	for _, f := range b.Findings {
		known[f]++
	}
	return slices.DeleteFunc(slices.Clone(list), func(f Finding) bool {
		of := BaselineFinding{f.Source, f.Code, f.Fingerprint()}
		known[of]--
		return known[of] >= 0
	})
}
