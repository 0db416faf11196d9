package awscli_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/awscli"
	"github.com/iamsim/iamsim/internal/workload"
)

// answer is what the AWS CLI prints of ten accounts.
func answer(b *testing.B, roles int) []byte {
	var text bytes.Buffer
	require.NoError(b, (&workload.Accounts{Accounts: 10, Roles: roles, Statements: 14}).Write(&text))
	return text.Bytes()
}

func read(b *testing.B, text []byte) *account.Snapshot {
	builder := account.New()
	r := awscli.NewReader(builder)
	require.NoError(b, r.Read("iam.json", bytes.NewReader(text)))
	r.Finish()
	s, err := builder.Build()
	require.NoError(b, err)
	return s
}

// BenchmarkRead reads five hundred roles, nine megabytes.
func BenchmarkRead(b *testing.B) {
	text := answer(b, 500)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		read(b, text)
	}
}

// BenchmarkCallers compiles the policies of five thousand roles, each of which has
// one of its own.
func BenchmarkCallers(b *testing.B) {
	text := answer(b, 5000)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		s := read(b, text)
		b.StartTimer()
		for p := range s.Principals() {
			_, err := p.Caller()
			require.NoError(b, err)
		}
	}
}

// BenchmarkWith attaches a policy to a role of five thousand.
func BenchmarkWith(b *testing.B) {
	s := read(b, answer(b, 5000))
	role := (&workload.Accounts{Accounts: 10}).RoleARN(7)
	b.ReportAllocs()
	for b.Loop() {
		changed, err := s.With(account.Detach(role, "logs"))
		require.NoError(b, err)
		p, err := changed.Principal(role)
		require.NoError(b, err)
		_, err = p.Caller()
		require.NoError(b, err)
	}
}
