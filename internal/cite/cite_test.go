package cite_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/internal/cite"
)

func TestACitationIsAWordOfItsOwn(t *testing.T) {
	for text, want := range map[string][]string{
		"as B-12 says":                {"B-12"},
		"(C-20…C-24)":                 {"C-20", "C-24"},
		"keys (C-3 to C-5, L-11).":    {"C-3", "C-5", "L-11"},
		"the grammar (A.1 to A.5, C)": {"A.1", "A.5"},
		"EX-B12/crossing is one":      {"EX-B12"},
		"UTF-8, SHA-256 and X-1":      nil,
		"us-east-1 and [A-9]":         nil,
		"version v1.A.3 of p-E-1":     nil,
		"the table of C.2, and E.7's": {"C.2", "E.7"},
	} {
		assert.Equal(t, want, cite.Numbers(text), text)
	}
}

func TestAnAddressLeadsToTheAnchor(t *testing.T) {
	assert.Equal(t, "https://github.com/iamsim/iamsim/blob/main/CONFORMANCE.md#b-12", cite.URL("B-12"))
	assert.Equal(t, "https://github.com/iamsim/iamsim/blob/main/CONFORMANCE.md#section-e-7", cite.URL("E.7"))
}
