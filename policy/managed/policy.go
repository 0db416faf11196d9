package managed

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed/internal/history"
)

// ARNs of AWS managed policies, from the partition on and from the beginning.
const (
	arnMiddle = ":iam::aws:policy/"
	arnPrefix = "arn:aws" + arnMiddle
)

// A Policy is an AWS managed policy with its versions. It never changes. Only
// this package makes one.
type Policy struct {
	entry history.Entry
	once  sync.Once
	read  *history.Policy // ask history
	err   error
}

// history reads the policy when it is first asked for.
func (p *Policy) history() *history.Policy {
	p.once.Do(func() { p.read, p.err = p.entry.Read() })
	if p.err != nil {
		panic(damaged(p.err))
	}
	return p.read
}

// A Version is one version of a policy.
type Version struct {
	// ID is "v" and the number.
	ID string
	// Date is when AWS created the version; the zero time if that is not known.
	// Some dates are known to the minute only.
	Date time.Time
	// Default is true for the version that was in force on [Date].
	Default bool
}

// Name is the policy's name, "AWSLambdaRole".
func (p *Policy) Name() string { return p.entry.Name }

// Path is the policy's path within its ARN, "/service-role/"; "/" for most.
func (p *Policy) Path() string { return "/" + p.entry.Path }

// ARN is "arn:aws:iam::aws:policy/service-role/AWSLambdaRole".
func (p *Policy) ARN() string { return arnPrefix + p.entry.Path + p.entry.Name }

// String is the ARN.
func (p *Policy) String() string { return p.ARN() }

// Created is when AWS created the policy.
func (p *Policy) Created() time.Time { return p.history().Created }

// Versions are the known versions from the oldest to the newest. Numbers can be
// missing between them. The caller owns the slice.
func (p *Policy) Versions() []Version {
	versions := make([]Version, len(p.history().Versions))
	for i := range versions {
		versions[i] = p.version(i)
	}
	return versions
}

// Default is the version that was in force on [Date], the newest.
func (p *Policy) Default() Version { return p.version(len(p.history().Versions) - 1) }

func (p *Policy) version(i int) Version {
	v := &p.history().Versions[i]
	return Version{ID: id(v.Number), Date: v.Date, Default: i == len(p.history().Versions)-1}
}

func id(number int) string { return "v" + strconv.Itoa(number) }

// Document is the document of a version, "v3"; "" is the default version. Each
// call parses it anew: the document is the caller's. Its name in explanations
// and errors is that of the policy and the version, "AWSLambda_FullAccess v3",
// and its lines are those of [Policy.JSON]. The error wraps [ErrUnknown] and
// names the versions.
func (p *Policy) Document(version string) (*policy.Document, error) {
	text, v, err := p.text(version)
	if err != nil {
		return nil, err
	}
	return policy.Parse(p.Name()+" "+v.ID, text)
}

// JSON is the text of a version, "v3", indented by two; "" is the default
// version. Order and values are AWS's. The error is that of [Policy.Document].
func (p *Policy) JSON(version string) ([]byte, error) {
	text, _, err := p.text(version)
	return text, err
}

func (p *Policy) text(version string) ([]byte, Version, error) {
	all := p.Versions()
	i := len(all) - 1
	for version != "" && i >= 0 && all[i].ID != version {
		i--
	}
	if i < 0 {
		return nil, Version{}, fmt.Errorf("version %s of %s is %w%s", spelling.Quote(version), p.Name(), ErrUnknown, suggestion(version, all))
	}
	lines, err := p.history().Lines(i)
	if err != nil {
		return nil, Version{}, err
	}
	text, err := history.Document(lines)
	return text, all[i], err
}

func suggestion(version string, all []Version) string {
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	if len(ids) <= 10 {
		return "; known are " + strings.Join(ids, ", ")
	}
	return spelling.Suggestion(version, ids) + "; known are " + ids[0] + " to " + ids[len(ids)-1] + " with gaps"
}
