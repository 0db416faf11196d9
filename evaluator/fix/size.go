package fix

import (
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// Characters that a policy may have, as AWS counts them: without white space
// (A.7). Of those that can be raised it is the highest. Service and resource
// control policies are not among them, since their quotas are being raised.
const (
	longestManaged  = 6_144
	longestOfRole   = 10_240 // all inline policies of a role together
	longestTrust    = 4_096
	longestSession  = 2_048
	longestFunction = 20_480
	longestEndpoint = 20_480
)

// longest is how many characters a policy at a slot may have; 0 where that is
// not known.
func (s *state) longest(at policy.Slot, a *policy.Attached) int {
	switch {
	case isOfResource(at) && s.trust:
		return longestTrust
	case isOfResource(at):
		if r, err := arn.Parse(s.target.Resource); err == nil && r.Service() == "lambda" {
			return longestFunction
		}
	case at.Layer == policy.SessionLayer:
		return longestSession
	case at.Layer == policy.EndpointLayer:
		return longestEndpoint
	case at.Layer == policy.IdentityLayer && a.ARN == "" && s.caller.Principal.Kind() == evaluator.RoleSession:
		return longestOfRole
	case followsCaller(at.Layer):
		return longestManaged
	}
	return 0
}

// outgrows reports whether a policy that AWS takes is longer after a change than
// AWS takes. One that was too long before is none of AWS's quotas.
func (s *state) outgrows(at policy.Slot, a *policy.Attached, after *policy.Document) bool {
	most := s.longest(at, a)
	return most > 0 && length(after) > most && (a.Document == nil || length(a.Document) <= most)
}

// length is that of a document without white space.
func length(d *policy.Document) int {
	text, err := d.MarshalJSON()
	if err != nil {
		return 0
	}
	return len(strings.Join(strings.Fields(string(text)), ""))
}
