//go:build unix

package bounds_test

import (
	"syscall"
	"time"
)

// cpu is the time that this process has spent on its cores: what others do on
// the machine does not count.
func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
