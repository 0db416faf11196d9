package main

import (
	"errors"
	"fmt"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/workload"
)

// An engine is something that decides requests.
type engine struct {
	name string
	// load reads the workload's policies and requests. Its error wraps
	// errLeftOut where the engine cannot say the same, or not in time.
	load func(*workload.Workload) (loaded, error)
}

// A loaded engine answers the requests of one workload, the i-th request
// being request i modulo the length of the rotation.
type loaded interface {
	allows(i int) bool
	// loop answers n requests from the i-th on and counts those allowed. Each
	// engine has its own loop, so that no call through an interface is timed.
	loop(i, n int) (allowed int)
}

var errLeftOut = errors.New("left out")

var engines = []engine{
	{iamsimStrings, loadStrings},
	{iamsimPrepared, loadPrepared},
	{cedar, loadCedar},
	{minio, loadMinIO},
}

const (
	iamsimStrings  = "iamsim, from strings"
	iamsimPrepared = "iamsim, prepared"
	cedar          = "cedar-go"
	minio          = "MinIO"
)

// isPeer tells the others from iamsim.
func (e *engine) isPeer() bool { return e.name == cedar || e.name == minio }

// agrees shows that an engine gives the answer of every stride-th request of
// the workload.
func agrees(e loaded, w *workload.Workload, stride int) error {
	for i := 0; i < len(w.Requests); i += stride {
		r := &w.Requests[i]
		if want := r.Want == evaluator.Allowed; e.allows(i) != want {
			return fmt.Errorf("workload %s, request %d: %s on %s: allowed is %t, want %t", w.Name, i, r.Action, r.Resource, !want, want)
		}
	}
	return nil
}
