package engine

import "github.com/iamsim/iamsim/internal/logic"

// truth is the value of a rule.
type truth = logic.Truth

const (
	no    = logic.No
	maybe = logic.Maybe
	yes   = logic.Yes
)

func truthOf(b bool) truth { return logic.Of(b) }
