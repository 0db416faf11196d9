package cloudformation

import (
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/internal/spelling"
)

// parametersOf gives each parameter its value: the one that is given, the default,
// or a hole.
func (s *stack) parametersOf() {
	declared := s.template.Object("Parameters")
	for name, v := range declared.All() {
		p, ok := v.(*template.Object)
		if !ok {
			s.faultOf(name, declared.At(name), "a parameter is an object with a Type")
			continue
		}
		kind := p.Text("Type")
		value, given := s.given.Parameters[name]
		if given {
			s.used["parameter "+name] = true
		}
		hole := &planned.Hole{Origin: "parameter " + name, Why: "parameter without value", Mend: "--parameters " + name + "=VALUE"}
		switch {
		case given:
			if allowed := p.List("AllowedValues"); allowed != nil && !isAllowed(allowed, value) {
				s.faultOf(name, p.At("AllowedValues"), "value %s of the parameter is not among AllowedValues", spelling.Quote(value))
			}
		case strings.HasPrefix(kind, "AWS::SSM::Parameter::Value<"):
			hole.Why = "a parameter of Systems Manager, " + text(p.Get("Default"))
			s.parameters[name] = s.holeOf(hole)
			continue
		case p.Has("Default"):
			t, ok := textOf(p.Get("Default"))
			if !ok {
				s.faultOf(name, p.At("Default"), "Default of a parameter is a text or a number")
			}
			value, _ = t.Value()
		default:
			s.parameters[name] = s.holeOf(hole)
			continue
		}
		s.parameters[name] = typed(kind, value)
	}
}

// typed is the value of a parameter of a type: lists are parted at commas.
func typed(kind, value string) any {
	if kind != "CommaDelimitedList" && !strings.Contains(kind, "List<") {
		return value
	}
	list := []any{}
	for _, item := range strings.Split(value, ",") {
		list = append(list, strings.TrimSpace(item))
	}
	return list
}

func isAllowed(allowed []any, value string) bool {
	for _, v := range allowed {
		if s, _ := whole(v); s == value {
			return true
		}
	}
	return false
}

// pseudos are the pseudo parameters.
var pseudos = strings.Fields("AWS::AccountId AWS::Region AWS::Partition AWS::StackName AWS::StackId AWS::URLSuffix AWS::NotificationARNs AWS::NoValue")

// pseudo is the value of a pseudo parameter.
func (s *stack) pseudo(name string) (any, bool) {
	known := func(value, mend string) any {
		if value != "" {
			return value
		}
		return s.holeOf(&planned.Hole{Origin: name, Why: "not given", Mend: mend})
	}
	switch name {
	case "AWS::AccountId":
		return known(s.place.account, "--account ACCOUNT"), true
	case "AWS::Region":
		return known(s.place.region, "--region REGION"), true
	case "AWS::StackName":
		return known(s.name, "--stack NAME"), true
	case "AWS::Partition":
		return s.place.partition(), true
	case "AWS::URLSuffix":
		return s.place.suffix(), true
	case "AWS::NoValue":
		return noValue{}, true
	case "AWS::StackId", "AWS::NotificationARNs":
		return s.hole(name, "known after deployment"), true
	}
	return nil, false
}

// A place is where a stack is deployed, as far as it is known.
type place struct{ account, region string }

// What stands in ARNs where account or region are not known.
const (
	noAccount = "000000000000"
	noRegion  = "us-east-1"
)

func (p place) partition() string { return planned.PartitionOf(p.region) }

func (p place) suffix() string {
	switch p.partition() {
	case "aws-cn":
		return "amazonaws.com.cn"
	case "aws-iso":
		return "c2s.ic.gov"
	case "aws-iso-b":
		return "sc2s.sgov.gov"
	case "aws-eusc":
		return "amazonaws.eu"
	}
	return "amazonaws.com"
}
