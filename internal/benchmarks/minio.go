package main

import (
	"bytes"
	"fmt"
	"strings"

	miniopolicy "github.com/minio/pkg/v3/policy"

	"github.com/iamsim/iamsim/internal/workload"
)

// minioLimit is the number of statements above which MinIO is left out: its
// parser compares every pair of them.
const minioLimit = 1000

type minioEngine struct {
	policy miniopolicy.Policy
	args   []miniopolicy.Args
}

func loadMinIO(w *workload.Workload) (loaded, error) {
	switch {
	case w.Layered():
		return nil, fmt.Errorf("%w: it has no boundaries, no service control policies, and decides one policy at a time", errLeftOut)
	case w.Statements() > minioLimit:
		return nil, fmt.Errorf("%w above %d statements, since its parser compares every pair", errLeftOut, minioLimit)
	}
	var e minioEngine
	var policies []miniopolicy.Policy
	for i := range w.Identity {
		p, err := miniopolicy.ParseConfig(bytes.NewReader(w.Identity[i].JSON()))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errLeftOut, err)
		}
		policies = append(policies, *p)
	}
	e.policy = policies[0]
	if len(policies) > 1 {
		e.policy = miniopolicy.MergePolicies(policies...)
	}
	for i := range w.Requests {
		r := &w.Requests[i]
		path, ok := strings.CutPrefix(r.Resource, "arn:aws:s3:::")
		if !ok {
			return nil, fmt.Errorf("%w: %q is not of S3", errLeftOut, r.Resource)
		}
		bucket, object, _ := strings.Cut(path, "/")
		args := miniopolicy.Args{
			AccountName:     "builder",
			Action:          miniopolicy.Action(r.Action),
			BucketName:      bucket,
			ObjectName:      object,
			ConditionValues: make(map[string][]string),
		}
		for _, k := range r.Context {
			// MinIO's condition values go by their name without the service.
			_, name, _ := strings.Cut(k.Name, ":")
			args.ConditionValues[name] = k.Values
		}
		e.args = append(e.args, args)
	}
	return &e, nil
}

func (e *minioEngine) allows(i int) bool { return e.loop(i, 1) == 1 }

func (e *minioEngine) loop(i, n int) (allowed int) {
	for end := i + n; i < end; i++ {
		if e.policy.IsAllowed(e.args[i&(workload.Rotation-1)]) {
			allowed++
		}
	}
	return allowed
}
