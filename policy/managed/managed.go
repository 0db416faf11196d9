package managed

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy/managed/internal/history"
)

// ErrUnknown is what errors about a policy, a version or a date wrap that the
// data does not have.
var ErrUnknown = errors.New("not known")

//go:embed policies.txt.gz
var embedded []byte

// known is the data in the order of names, and by name and ARN.
type known struct {
	date     string
	policies []Policy
	byName   map[string]*Policy
	byARN    map[string]*Policy
}

var load = sync.OnceValue(func() *known {
	k, err := decode(embedded)
	if err != nil {
		panic("managed: the embedded policies are damaged: " + err.Error())
	}
	return k
})

func decode(data []byte) (*known, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	h, err := history.Decode(string(text))
	if err != nil {
		return nil, err
	}
	k := &known{
		date:     h.Date,
		policies: make([]Policy, len(h.Policies)),
		byName:   make(map[string]*Policy, len(h.Policies)),
		byARN:    make(map[string]*Policy, len(h.Policies)),
	}
	for i := range h.Policies {
		p := &k.policies[i]
		p.history = &h.Policies[i]
		k.byName[p.Name()] = p
		k.byARN[p.ARN()] = p
	}
	return k, nil
}

// Date is the day of the newest change that the data knows of, "2026-08-26".
func Date() string { return load().date }

// Policies are all policies, in the byte order of their names.
func Policies() iter.Seq[*Policy] {
	return func(yield func(*Policy) bool) {
		k := load()
		for i := range k.policies {
			if !yield(&k.policies[i]) {
				return
			}
		}
	}
}

// ByName is the policy with this name, "AWSLambda_FullAccess". Upper and lower
// case differ. The error wraps [ErrUnknown] and names the nearest.
func ByName(name string) (*Policy, error) {
	if p := load().byName[name]; p != nil {
		return p, nil
	}
	return nil, unknown("AWS managed policy", name, (*Policy).Name)
}

// ByARN is the policy with this ARN, "arn:aws:iam::aws:policy/AWSLambda_FullAccess",
// in any partition: "arn:aws-cn:iam::aws:policy/…" is the same policy, unless its
// text names ARNs of the partition aws. The error wraps [ErrUnknown] and names
// the nearest.
func ByARN(arn string) (*Policy, error) {
	partition, rest, ok := splitARN(arn)
	if p := load().byARN[arnPrefix+rest]; ok && p != nil {
		if partition == "aws" {
			return p, nil
		}
		text, err := p.JSON("")
		if err == nil && bytes.Contains(text, []byte(`"arn:aws:`)) {
			err = fmt.Errorf("the text of %s in partition %s is %w: that of partition aws names ARNs of its own", p.Name(), partition, ErrUnknown)
		}
		if err != nil {
			return nil, err
		}
		return p, nil
	}
	const what = "AWS managed policy with the ARN"
	// Most of what is wrong is the path.
	if p := load().byName[arn[strings.LastIndexByte(arn, '/')+1:]]; p != nil {
		nearest := p.ARN()
		if ok {
			nearest = "arn:" + partition + arnMiddle + strings.TrimPrefix(nearest, arnPrefix)
		}
		return nil, fmt.Errorf("%s %s is %w; did you mean %s?", what, spelling.Quote(arn), ErrUnknown, spelling.Quote(nearest))
	}
	return nil, unknown(what, arn, (*Policy).ARN)
}

// IsARN reports whether a text begins as the ARN of an AWS managed policy does,
// in any partition. Whether there is such a policy [ByARN] tells.
func IsARN(text string) bool {
	_, _, ok := splitARN(text)
	return ok
}

// splitARN is the partition of an AWS managed policy's ARN, and what follows
// "policy/".
func splitARN(text string) (partition, rest string, ok bool) {
	text, ok = strings.CutPrefix(text, "arn:")
	partition, text, _ = strings.Cut(text, ":")
	rest, own := strings.CutPrefix(":"+text, arnMiddle)
	return partition, rest, ok && own && arn.IsPartition(partition)
}

func unknown(what, asked string, is func(*Policy) string) error {
	var all []string
	for p := range Policies() {
		all = append(all, is(p))
	}
	return fmt.Errorf("%s %s is %w%s", what, spelling.Quote(asked), ErrUnknown, spelling.Suggestion(asked, all))
}
