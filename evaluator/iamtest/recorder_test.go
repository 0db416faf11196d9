package iamtest_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/iamtest"
)

const (
	orders    = "arn:aws:lambda:us-east-1:123456789012:function:orders"
	payments  = "arn:aws:lambda:us-east-1:123456789012:function:payments"
	execRole  = "arn:aws:iam::123456789012:role/orders-exec"
	auditRole = "arn:aws:iam::123456789012:role/audit-reader"
	key       = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	deployARN = "arn:aws:iam::123456789012:role/deploy"
	lambda    = "lambda.amazonaws.com"
)

// A recorder is a test that fails without anybody noticing.
type recorder struct {
	mu       sync.Mutex
	failures []string
	stopped  bool
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) FailNow() {
	r.mu.Lock()
	r.stopped = true
	r.mu.Unlock()
	runtime.Goexit()
}

func (r *recorder) text() string { return strings.Join(r.failures, "\n") }

// record runs part of a test and tells how it failed.
func record(part func(t *recorder)) *recorder {
	r := new(recorder)
	done := make(chan struct{})
	go func() {
		defer close(done)
		part(r)
	}()
	<-done
	return r
}

// deploy is the role that most tests ask about. Its clock stands still, so that
// texts are the same each time.
func deploy(t iamtest.TestingT) iamtest.Who {
	return iamtest.Role(t, deployARN, "testdata/deploy-role.json").Given("aws:CurrentTime", "2026-11-23T12:00:00Z")
}

// allowing is a role with one statement.
func allowing(t iamtest.TestingT, statement string) iamtest.Who {
	return iamtest.Role(t, deployARN, `{"Version": "2012-10-17", "Statement": `+statement+`}`).
		Given("aws:CurrentTime", "2026-11-23T12:00:00Z")
}

func requireFails(t *testing.T, r *recorder, says ...string) {
	t.Helper()
	require.Len(t, r.failures, 1)
	for _, text := range says {
		require.Contains(t, r.failures[0], text)
	}
}
