package wire

import (
	"cmp"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
)

// Error is a denial as the service that was called reports it. It is the denial
// too: errors.Is and errors.As find what they find in Denied.
type Error struct {
	// Operation that was called, "service:Operation".
	Operation string
	// Denied is the authorization that was refused; not nil.
	Denied *evaluator.DeniedError
}

// Error is the error text.
func (e *Error) Error() string { return e.Denied.Error() }

// Unwrap is Denied.
func (e *Error) Unwrap() error { return e.Denied }

// ErrorCode is the code of the service that was called (H-8), under the name that
// AWS SDKs use.
func (e *Error) ErrorCode() string {
	s := e.service()
	return cmp.Or(s.code, ordinary[s.protocol].code)
}

// ErrorMessage is the error text, under the name that AWS SDKs use.
func (e *Error) ErrorMessage() string { return e.Denied.ErrorMessage() }

// Known reports whether the code and the form are those of the service; else they
// are those of most services.
func (e *Error) Known() bool {
	_, known := services[e.prefix()]
	return known
}

func (e *Error) service() service { return services[e.prefix()] }

// prefix is the service of the operation in lower case.
func (e *Error) prefix() string {
	service, _, _ := strings.Cut(e.Operation, ":")
	return fold.String(service)
}

// is reports whether this is the operation that was called.
func (e *Error) is(operation string) bool { return fold.Equal(e.Operation, operation) }
