package managed

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"iter"
	"sort"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy/managed/internal/history"
)

// ErrUnknown is what errors about a policy, a version or a date wrap that the
// data does not have.
var ErrUnknown = errors.New("not known")

//go:embed policies.data
var embedded string

// known is what is known before a policy is read.
type known struct {
	date     string
	policies []Policy // by name
}

var standard = sync.OnceValue(func() *known {
	k, err := open(embedded)
	if err != nil {
		panic(damaged(err))
	}
	return k
})

// damaged is what is said of the data of this package, which its tests prove to
// be sound.
func damaged(err error) string {
	return "managed: the program was built with damaged data: " + err.Error()
}

func open(data string) (*known, error) {
	a, err := history.Open(data)
	if err != nil {
		return nil, err
	}
	k := &known{date: a.Date, policies: make([]Policy, len(a.Entries))}
	for i := range a.Entries {
		k.policies[i].entry = a.Entries[i]
	}
	return k, nil
}

// find is the policy with this name; nil if there is none.
func (k *known) find(name string) *Policy {
	i, ok := sort.Find(len(k.policies), func(i int) int { return strings.Compare(name, k.policies[i].Name()) })
	if !ok {
		return nil
	}
	return &k.policies[i]
}

// Date is the day of the newest change that the data knows of, "2026-08-26".
func Date() string { return standard().date }

// Policies are all policies, in the byte order of their names.
func Policies() iter.Seq[*Policy] {
	return func(yield func(*Policy) bool) {
		k := standard()
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
	if p := standard().find(name); p != nil {
		return p, nil
	}
	return nil, unknown("AWS managed policy", name, (*Policy).Name)
}

// ByARN is the policy with this ARN, "arn:aws:iam::aws:policy/AWSLambda_FullAccess",
// in any partition: "arn:aws-cn:iam::aws:policy/…" is the same policy, unless its
// text names ARNs of the partition aws. The error wraps [ErrUnknown] and names
// the nearest.
func ByARN(arn string) (*Policy, error) {
	const what = "AWS managed policy with the ARN"
	p := standard().find(arn[strings.LastIndexByte(arn, '/')+1:])
	if p == nil {
		return nil, unknown(what, arn, (*Policy).ARN)
	}
	partition, rest, ok := splitARN(arn)
	own := strings.TrimPrefix(p.ARN(), arnPrefix)
	if !ok || rest != own { // most of what is wrong is the path
		nearest := p.ARN()
		if ok {
			nearest = "arn:" + partition + arnMiddle + own
		}
		return nil, fmt.Errorf("%s %s is %w; did you mean %s?", what, spelling.Quote(arn), ErrUnknown, spelling.Quote(nearest))
	}
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

// IsARN reports whether a text begins as the ARN of an AWS managed policy does,
// in any partition. [ByARN] finds out whether there is such a policy.
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
