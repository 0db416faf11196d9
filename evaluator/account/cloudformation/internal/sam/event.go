package sam

import (
	"crypto/sha1"
	"encoding/hex"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
	"github.com/iamsim/iamsim/internal/lazy"
	"github.com/iamsim/iamsim/internal/spelling"
)

// An event is one entry of Events.
type event struct {
	*source
	id, name   string // "FEv" and "Ev"
	properties *template.Object
	called     target
	role       *role // of the function that is called; nil for a state machine
}

// shortHash are the ten digits that SAM puts in ids.
func shortHash(text string) string {
	if text == "" {
		return ""
	}
	sum := sha1.Sum([]byte(text))
	return hex.EncodeToString(sum[:])[:10]
}

// events gives the events of a function or a state machine.
func (s *source) events(called target, r *role, read func(e *event, kind string) bool) {
	events := s.properties.Object("Events")
	for name, v := range events.All() {
		o, ok := v.(*template.Object)
		if !ok {
			s.fault(s.id, events.At(name), "event %s is no object", spelling.Quote(name))
			continue
		}
		p := o.Object("Properties")
		if p == nil {
			p = &template.Object{Place: o.Place}
		}
		e := &event{source: s, id: s.id + name, name: name, properties: p, called: called, role: r}
		if kind := o.Text("Type"); !read(e, kind) {
			s.fault(s.id, o.At("Type"), "%s is no type of event here", spelling.Quote(kind))
		}
	}
}

// eventsOfFunction writes what events of a function need.
func (s *source) eventsOfFunction(called target, r *role) {
	s.events(called, r, func(e *event, kind string) bool {
		if pull := pulls[kind]; pull != nil {
			e.mapping(pull)
			return true
		}
		push := map[string]func(){
			"Schedule": e.schedule, "CloudWatchEvent": e.rule, "EventBridgeRule": e.rule, "ScheduleV2": e.scheduleV2,
			"S3": e.bucket, "SNS": e.topic, "Api": e.api, "HttpApi": e.httpAPI, "CloudWatchLogs": e.logs, "AlexaSkill": e.skill,
			"IoTRule": e.iotRule, "Cognito": e.cognito,
		}[kind]
		if push != nil {
			push()
		}
		return push != nil
	})
}

// permission lets a service call the function.
func (e *event) permission(service, suffix string, more ...any) {
	e.permissionAs(e.id+"Permission"+suffix, service, more...)
}

func (e *event) permissionAs(id, service string, more ...any) {
	p := template.New("Action", "lambda:InvokeFunction", "FunctionName", e.called.name, "Principal", service)
	for i := 0; i+1 < len(more); i += 2 {
		p.Put(more[i].(string), more[i+1])
	}
	e.add(id, "AWS::Lambda::Permission", p)
}

// schedule is a rule of EventBridge with a time.
func (e *event) schedule() {
	e.eventRule("Name")
	e.permission("events.amazonaws.com", "", "SourceArn", getAtt(e.id, "Arn"))
}

// rule is a rule of EventBridge with a pattern.
func (e *event) rule() {
	e.eventRule("RuleName")
	e.permission("events.amazonaws.com", "", "SourceArn", getAtt(e.id, "Arn"))
}

// eventRule writes the rule, and the queue for what it cannot deliver.
func (e *event) eventRule(name string) {
	own := new(template.Object)
	own.Put("Name", e.properties.Get(name))
	own.Put("EventBusName", e.properties.Get("EventBusName"))
	e.add(e.id, "AWS::Events::Rule", own)
	dead := e.properties.Object("DeadLetterConfig")
	if dead == nil || dead.Get("Arn") != nil {
		return
	}
	queue := e.deadLetterQueue(dead)
	policy := template.New("Version", "2012-10-17", "Statement", []any{template.New(
		"Effect", "Allow", "Action", "sqs:SendMessage", "Principal", template.New("Service", "events.amazonaws.com"),
		"Resource", getAtt(queue, "Arn"), "Condition", template.New("ArnEquals", template.New("aws:SourceArn", getAtt(e.id, "Arn"))))})
	e.add(e.id+"QueuePolicy", "AWS::SQS::QueuePolicy", template.New("PolicyDocument", policy, "Queues", []any{ref(queue)}))
}

// deadLetterQueue writes the queue that is made for what cannot be delivered.
func (e *event) deadLetterQueue(config *template.Object) string {
	queue := e.text(config, "QueueLogicalId")
	if queue == "" {
		queue = e.id + "Queue"
	}
	e.add(queue, "AWS::SQS::Queue", new(template.Object))
	return queue
}

// scheduleV2 is a schedule of EventBridge Scheduler, which has a role.
func (e *event) scheduleV2() {
	p := e.properties
	own := new(template.Object)
	if !e.isTrue(p.Get("OmitName")) {
		own.Set("Name", e.id)
		own.Put("Name", p.Get("Name"))
	}
	own.Put("GroupName", p.Get("GroupName"))
	e.add(e.id, "AWS::Scheduler::Schedule", own)
	var queue any
	if dead := p.Object("DeadLetterConfig"); dead != nil {
		if queue = dead.Get("Arn"); queue == nil {
			queue = getAtt(e.deadLetterQueue(dead), "Arn")
		}
	}
	if p.Get("RoleArn") != nil {
		return
	}
	r := role{trust: trust("scheduler.amazonaws.com"), boundary: p.Get("PermissionsBoundary")}
	if e.role != nil {
		r.inline = append(r.inline, inline(e.id+"LambdaPolicy", statement("lambda:InvokeFunction", e.called.arn)))
	} else {
		r.inline = append(r.inline, inline(e.id+"StartExecutionPolicy", statement("states:StartExecution", e.called.arn)))
	}
	if queue != nil {
		r.inline = append(r.inline, inline(e.id+"SQSPolicy", statement("sqs:SendMessage", queue)))
	}
	e.add(e.id+"Role", "AWS::IAM::Role", r.properties())
}

func (e *event) bucket() {
	if id := referred(e.properties.Get("Bucket")); !e.in.Has(id) {
		e.fault(e.source.id, e.properties.At("Bucket"), "event %s: Bucket is a Ref to a bucket of this template", e.name)
	}
	e.permission("s3.amazonaws.com", "", "SourceAccount", ref("AWS::AccountId"))
}

// topic is a subscription of the function, or of a queue that the function reads.
func (e *event) topic() {
	p := e.properties
	subscription := p.Get("SqsSubscription")
	e.add(e.id, "AWS::SNS::Subscription", new(template.Object))
	if subscription == nil || subscription == false {
		e.permission("sns.amazonaws.com", "", "SourceArn", p.Get("Topic"))
		return
	}
	policy, arn, url := e.id+"QueuePolicy", getAtt(e.id+"Queue", "Arn"), ref(e.id+"Queue")
	if o, ok := subscription.(*template.Object); ok {
		arn, url = o.Get("QueueArn"), o.Get("QueueUrl")
		if arn == nil || url == nil {
			e.fault(e.source.id, o.Place, "event %s: SqsSubscription has QueueArn and QueueUrl", e.name)
			return
		}
		if id := e.text(o, "QueuePolicyLogicalId"); id != "" {
			policy = id
		}
	} else {
		e.add(e.id+"Queue", "AWS::SQS::Queue", new(template.Object))
	}
	document := template.New("Version", "2012-10-17", "Statement", []any{template.New(
		"Effect", "Allow", "Action", "sqs:SendMessage", "Principal", "*", "Resource", arn,
		"Condition", template.New("ArnEquals", template.New("aws:SourceArn", p.Get("Topic"))))})
	e.add(policy, "AWS::SQS::QueuePolicy", template.New("PolicyDocument", document, "Queues", []any{url}))
	e.add(e.id+"EventSourceMapping", "AWS::Lambda::EventSourceMapping", template.New("FunctionName", e.called.name, "EventSourceArn", arn))
	e.role.attach(e.awsManaged("service-role/AWSLambdaSQSQueueExecutionRole"))
}

var (
	lastSlash     = lazy.Regexp(`^(.+)/$`)
	pathParameter = lazy.Regexp(`\{[a-zA-Z0-9._-]+\+?\}`)
	alphanumeric  = lazy.Regexp(`^[A-Za-z0-9]+$`)
)

// path is a path of an API as the ARN of a call has it.
func path(text string) string {
	return pathParameter().ReplaceAllString(lastSlash().ReplaceAllString(text, "$1"), "*")
}

// execute is the ARN of calls of an API.
func (t *transform) execute(partition, rest string, variables ...any) any {
	return sub("arn:"+partition+":execute-api:${AWS::Region}:${AWS::AccountId}:"+rest, variables...)
}

// api is a method of a REST API.
func (e *event) api() {
	p := e.properties
	suffix := "AllStages"
	if id := apiOf(p.Get("RestApiId")); id != "" {
		api, _ := e.in.Get(id).(*template.Object)
		if api == nil {
			e.fault(e.source.id, p.At("RestApiId"), "event %s: RestApiId is a Ref to an API of this template", e.name)
			return
		}
		suffix = "Stage"
		if stage, ok := api.Object("Properties").Get("StageName").(string); ok {
			suffix = stage
		}
	}
	if !alphanumeric().MatchString(suffix) {
		suffix = shortHash(suffix)
	}
	method := strings.ToUpper(p.Text("Method"))
	if method == "ANY" {
		method = "*"
	}
	e.permission("apigateway.amazonaws.com", suffix, "SourceArn", e.execute(e.Partition, "${__ApiId__}/${__Stage__}/"+method+path(p.Text("Path")),
		"__ApiId__", p.Get("RestApiId"), "__Stage__", "*"))
}

// httpAPI is a route of an HTTP API. The default route of a function stands for all
// its routes.
func (e *event) httpAPI() {
	p := e.properties
	of := p.Get("ApiId")
	api, _ := e.in.Get(apiOf(of)).(*template.Object)
	if api == nil {
		e.fault(e.source.id, p.At("ApiId"), "event %s: ApiId is a Ref to an API of this template", e.name)
		return
	}
	route, method := routeOf(p)
	managed := api.Object("Properties").Get("DefinitionUri") == nil
	switch {
	case route == "$default":
		route = ""
	case managed && e.hasDefault(of):
		return
	}
	if method = strings.ToUpper(method); method == "ANY" || method == "X-AMAZON-APIGATEWAY-ANY-METHOD" {
		method = "*"
	}
	called := method + path(route)
	if method == "*" && route == "/$default" {
		called = "$default"
	}
	e.permission("apigateway.amazonaws.com", "", "SourceArn", e.execute("${AWS::Partition}", "${__ApiId__}/${__Stage__}/"+called,
		"__ApiId__", of, "__Stage__", "*"))
}

// routeOf is the path and the method of a route.
func routeOf(p *template.Object) (route, method string) {
	if !p.Has("Path") && !p.Has("Method") {
		return "$default", "ANY"
	}
	return p.Text("Path"), p.Text("Method")
}

// hasDefault reports whether the function has the default route of the API.
func (e *event) hasDefault(api any) bool {
	for _, v := range e.source.properties.Object("Events").All() {
		o, _ := v.(*template.Object)
		if o.Text("Type") != "HttpApi" {
			continue
		}
		route, _ := routeOf(o.Object("Properties"))
		if route == "$default" && same(o.Object("Properties").Get("ApiId"), api) {
			return true
		}
	}
	return false
}

func (e *event) logs() {
	e.add(e.id, "AWS::Logs::SubscriptionFilter", new(template.Object))
	e.permission("logs."+"amazonaws.com", "", "SourceArn", sub("arn:"+e.Partition+":logs:${AWS::Region}:${AWS::AccountId}:log-group:${__LogGroupName__}:*",
		"__LogGroupName__", e.properties.Get("LogGroupName")))
}

func (e *event) skill() {
	e.permission("alexa-appkit.amazon.com", "", "EventSourceToken", e.properties.Get("SkillId"))
}

func (e *event) iotRule() {
	e.add(e.id, "AWS::IoT::TopicRule", new(template.Object))
	e.permission("iot.amazonaws.com", "", "SourceAccount", sub("${AWS::AccountId}"), "SourceArn", sub(
		"arn:"+e.Partition+":iot:${AWS::Region}:${AWS::AccountId}:rule/${RuleName}", "RuleName", ref(e.id)))
}

func (e *event) cognito() {
	pool := referred(e.properties.Get("UserPool"))
	if !e.in.Has(pool) {
		e.fault(e.source.id, e.properties.At("UserPool"), "event %s: UserPool is a Ref to a user pool of this template", e.name)
		return
	}
	e.permissionAs(e.called.id+"CognitoPermission", "cognito-idp.amazonaws.com", "SourceArn", getAtt(pool, "Arn"))
}
