//go:build !unix

package bounds_test

import "time"

var start = time.Now()

// cpu is the time since the start: what this process has spent of it is not
// known here.
func cpu() time.Duration { return time.Since(start) }
