package awscli_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/awscli"
	"github.com/iamsim/iamsim/internal/workload"
)

// BenchmarkRead reads five hundred roles of ten accounts, ten megabytes.
func BenchmarkRead(b *testing.B) {
	var text bytes.Buffer
	require.NoError(b, (&workload.Accounts{Accounts: 10, Roles: 500, Statements: 14}).Write(&text))
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		builder := account.New()
		r := awscli.NewReader(builder)
		require.NoError(b, r.Read("iam.json", bytes.NewReader(text.Bytes())))
		r.Finish()
		_, err := builder.Build()
		require.NoError(b, err)
	}
}
