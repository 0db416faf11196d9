package sam

import "github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"

// stateMachine writes a state machine with its role and its events, each of which
// has a role that starts it.
func (s *source) stateMachine() {
	p := s.properties
	own := new(template.Object)
	own.Put("StateMachineName", p.Get("Name"))
	own.Put("RoleArn", p.Get("Role"))
	own.Set("Tags", tags(p.Get("Tags"), "stateMachine:createdBy", "SAM"))
	s.put("AWS::StepFunctions::StateMachine", own)
	r := &role{
		id: s.id + "Role", trust: trust("states.amazonaws.com"), path: p.Get("RolePath"), boundary: p.Get("PermissionsBoundary"),
		tags: tags(p.Get("Tags"), "stateMachine:createdBy", "SAM"),
	}
	s.policies(r, p.Get("Policies"))
	if s.isTrue(p.Object("Tracing").Get("Enabled")) {
		r.attach(s.xray())
	}
	switch {
	case p.Get("Role") == nil:
		own.Set("RoleArn", getAtt(r.id, "Arn"))
		s.add(r.id, "AWS::IAM::Role", r.properties())
	case p.Get("Policies") != nil:
		s.fault(s.id, p.At("Role"), "a state machine has Role or Policies, and not both")
	}
	called := target{s.id, nil, ref(s.id)}
	if alias := p.Get("AutoPublishAlias"); alias != nil {
		name := s.text(p, "AutoPublishAlias")
		s.add(s.id+"Version", "AWS::StepFunctions::StateMachineVersion", new(template.Object))
		s.add(s.id+"Alias"+name, "AWS::StepFunctions::StateMachineAlias", template.New("Name", alias))
		if s.isTrue(p.Get("UseAliasAsEventTarget")) {
			called = target{s.id + "Alias" + name, nil, ref(s.id + "Alias" + name)}
		}
	}
	s.events(called, nil, func(e *event, kind string) bool {
		switch kind {
		case "Schedule":
			e.eventRule("Name")
			if e.properties.Get("RoleArn") == nil {
				e.starter("events.amazonaws.com")
			}
		case "CloudWatchEvent", "EventBridgeRule":
			e.eventRule("RuleName")
			e.starter("events.amazonaws.com")
		case "Api":
			e.starter("apigateway.amazonaws.com")
		case "ScheduleV2":
			e.scheduleV2()
		default:
			return false
		}
		return true
	})
	s.propagate(r)
}

// starter writes a role with which a service starts the state machine.
func (e *event) starter(service string) {
	id := e.id + "Role"
	r := role{
		trust: trust(service), boundary: e.source.properties.Get("PermissionsBoundary"),
		inline: []any{inline(id+"StartExecutionPolicy", statement("states:StartExecution", e.called.arn))},
	}
	e.add(id, "AWS::IAM::Role", r.properties())
}
