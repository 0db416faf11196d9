package twin_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/apicall"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
)

// callAnswer is the twin's answer; for a call, the first authorization that is
// denied, else the first that is not allowed (F-31).
func callAnswer(t *testing.T, s *scenario.Scenario) answer {
	if s.Request.Call == nil {
		return twinAnswer(s)
	}
	plan, err := planned(s)
	require.NoError(t, err)
	whole := answer{outcome: evaluator.Allowed}
	for _, a := range plan.Authorizations {
		if a.Effect == apicall.ResponseOnly || a.Effect == apicall.Possible && a.Lookup == "" {
			continue
		}
		got := twinAnswer(authorization(s, plan, a))
		if got.outcome == evaluator.Allowed {
			continue
		}
		if a.Effect == apicall.Possible {
			got = answer{outcome: evaluator.Indeterminate}
		}
		if denied := got.outcome == evaluator.ImplicitDeny || got.outcome == evaluator.ExplicitDeny; denied {
			return got
		}
		whole = got
	}
	return whole
}

func planned(s *scenario.Scenario) (*apicall.Plan, error) {
	call := apicall.Call{Operation: s.Request.Call.Operation, Parameters: s.Request.Call.Parameters, State: s.Request.Call.State}
	if caller, err := arn.Parse(s.Request.Principal.ARN); err == nil {
		call.Defaults = arn.Defaults{Partition: caller.Partition(), Account: caller.Account()}
	}
	for _, k := range s.Request.Context {
		call.Context = append(call.Context, evaluator.Key{Name: k.Name, Values: k.Values})
		if k.Name == "aws:RequestedRegion" {
			call.Defaults.Region = k.Values[0]
		}
	}
	return call.Plan(s.Options)
}

// authorization is the scenario of one authorization of a call.
func authorization(s *scenario.Scenario, plan *apicall.Plan, a apicall.Authorization) *scenario.Scenario {
	one := clone(s)
	r := &one.Request
	r.Call, r.Action, r.Resource, r.ResourceUnknown = nil, a.Action, a.Resource, a.Unknown
	if a.Anonymous {
		r.Principal = scenario.Principal{ARN: "anonymous"}
	}
	if a.Resource != plan.Authorizations[0].Resource {
		one.Policies = one.Policies.Without(policy.ResourceLayer)
		r.ResourceTags, r.ResourceAccount = nil, ""
	}
	if a.Action != "iam:PassRole" {
		for _, attached := range s.Resources[a.Resource] {
			one.Policies = one.Policies.With(policy.ResourceLayer.At(one.Policies.Count(policy.ResourceLayer)), attached)
		}
	}
	for _, known := range s.Request.Call.Resources {
		if known.ARN == a.Resource {
			r.ResourceTags = known.Tags
		}
	}
	tagged := r.ResourceTags != nil
	if !a.ResourceTags {
		r.ResourceTags = nil
	}

	// Each authorization has its own keys, and those alone beside them that come
	// with the caller (D-5).
	foreign := func(name string) bool {
		mine := belongs(a, name) || opens(a, r.Principal.ARN, name) || a.ResourceTags && resourceTag.MatchString(name)
		return !mine && !comesWithCaller(name) || holds(a.Absent, name)
	}
	r.Context = slices.DeleteFunc(r.Context, func(given scenario.ContextKey) bool { return foreign(given.Name) })
	r.Present = slices.DeleteFunc(r.Present, foreign)
	r.Unknown = slices.DeleteFunc(r.Unknown, foreign)
	for _, k := range a.Context {
		given := slices.IndexFunc(r.Context, func(c scenario.ContextKey) bool { return strings.EqualFold(c.Name, k.Name) })
		switch {
		case k.State == evaluator.Known && given >= 0:
			r.Context[given].Values = k.Values
		case k.State == evaluator.Known:
			r.Context = append(r.Context, scenario.ContextKey{Name: k.Name, Values: k.Values})
		case given >= 0:
		case k.State == evaluator.Present:
			r.Present = append(r.Present, k.Name)
		default:
			r.Unknown = append(r.Unknown, k.Name)
		}
	}
	if a.ResourceTags && !tagged {
		r.Unknown = append(r.Unknown, "aws:ResourceTag/*")
	}
	for _, name := range asked(one) {
		if opens(a, r.Principal.ARN, name) && !holds(r.Unknown, name) &&
			!slices.ContainsFunc(r.Context, func(c scenario.ContextKey) bool { return strings.EqualFold(c.Name, name) }) {
			r.Unknown = append(r.Unknown, name)
		}
	}
	return one
}

var (
	resourceTag  = regexp.MustCompile(`(?i)^(aws|iam):ResourceTag/`)
	ofTheRequest = regexp.MustCompile(`(?i)^aws:(RequestTag/|ResourceTag/|TagKeys$)`)
	ofAService   = regexp.MustCompile(`(?i)^(lambda|iam|sts|s3|ecr|ec2|kms|elasticfilesystem):`)
	ofCredential = regexp.MustCompile(`(?i)^(lambda:SourceFunctionArn|ec2:RoleDelivery|ec2:SourceInstanceArn)$`)
)

// comesWithCaller: all authorizations of a call have the key.
func comesWithCaller(name string) bool {
	return !ofTheRequest.MatchString(name) && (!ofAService.MatchString(name) || ofCredential.MatchString(name))
}

func belongs(a apicall.Authorization, name string) bool {
	return slices.ContainsFunc(a.Context, func(k evaluator.Key) bool { return strings.EqualFold(k.Name, name) })
}

func holds(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

// opens: AWS may set the key, and nothing shows its value.
func opens(a apicall.Authorization, principal, name string) bool {
	return slices.ContainsFunc(a.Open, func(prefix string) bool {
		if prefix == "provider" {
			prefix = principal + ":"
		}
		return strings.HasPrefix(name, prefix)
	}) && !belongs(a, name)
}

// asked are the keys of all conditions.
func asked(s *scenario.Scenario) []string {
	var names []string
	for _, d := range documents(s) {
		for _, st := range d.Statements {
			for _, c := range st.Condition {
				names = append(names, c.Key)
			}
		}
	}
	return names
}
