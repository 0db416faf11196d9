// Package defaults has the context keys that a request has, or may have, where
// nothing is said of them: one default context for scenarios and for tests in
// Go. The engine itself adds nothing.
package defaults

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
)

// Context is the given keys and, after them, those of the default context that
// are not given:
//
//	aws:SecureTransport, aws:ViaAWSService                          true and false
//	aws:RequestedRegion                                             see Region
//	aws:CurrentTime, aws:EpochTime                                  present, value not known
//	aws:SourceIp, aws:SourceVpc, aws:SourceVpce, aws:VpcSourceIp    not known
//
// A key that is given wins; without values it says that the request does not
// have it. The given keys are not changed.
func Context(given evaluator.Context, caller *evaluator.Principal, action, resource string) evaluator.Context {
	context := slices.Clone(given)
	for _, key := range [...]evaluator.Key{
		{Name: "aws:SecureTransport", Values: []string{"true"}},
		{Name: "aws:ViaAWSService", Values: []string{"false"}},
		Region(caller, action, resource),
		{Name: "aws:CurrentTime", State: evaluator.Present},
		{Name: "aws:EpochTime", State: evaluator.Present},
		{Name: "aws:SourceIp", State: evaluator.Unknown}, // absent where the request passes a VPC endpoint
		{Name: "aws:SourceVpc", State: evaluator.Unknown},
		{Name: "aws:SourceVpce", State: evaluator.Unknown},
		{Name: "aws:VpcSourceIp", State: evaluator.Unknown},
	} {
		if given.Index(key.Name) < 0 {
			context = append(context, key)
		}
	}
	return context
}

// Region is aws:RequestedRegion: the region of the ARN, or us-east-1 for a global
// service. Every other request has the key with a value that is not known (D.2).
func Region(caller *evaluator.Principal, action, resource string) evaluator.Key {
	key := evaluator.Key{Name: "aws:RequestedRegion", State: evaluator.Present}
	fields := pattern.Split(resource)
	switch {
	case fields.IsARN() && fields.Field(3) != "" && fields.Field(3) != "global":
		key.Values, key.State = []string{fields.Field(3)}, evaluator.Known
	case IsGlobal(caller, action, resource):
		key.Values, key.State = []string{"us-east-1"}, evaluator.Known
	}
	return key
}

// IsGlobal reports whether requests for the action go to the one endpoint of its
// service. A role is passed in the region of the service that gets it.
func IsGlobal(caller *evaluator.Principal, action, resource string) bool {
	service, _, _ := strings.Cut(action, ":")
	if !slices.Contains(globalServices, fold.String(service)) || fold.Equal(action, "iam:PassRole") {
		return false
	}
	if fields := pattern.Split(resource); fields.IsARN() {
		return fields.Field(1) == "aws"
	}
	fields := pattern.Split(caller.String())
	return !fields.IsARN() || fields.Field(1) == "aws"
}

// globalServices have one endpoint in the partition aws, in us-east-1 (D.2).
var globalServices = []string{"iam", "organizations", "route53", "cloudfront"}
