package sam

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
	"github.com/iamsim/iamsim/internal/spelling"
)

// A target is what an event calls: a function or its alias, a state machine or its
// alias.
type target struct {
	id   string // of the resource that is called
	name any    // how a permission names a function
	arn  any
}

// function writes a function with its role, alias, URL, destinations and events.
func (s *source) function() {
	p := s.properties
	own := new(template.Object)
	for _, name := range []string{"FunctionName", "Layers", "Role", "VpcConfig"} {
		own.Put(name, p.Get(name))
	}
	own.Set("Tags", tags(p.Get("Tags"), "lambda:createdBy", "SAM"))
	s.put("AWS::Lambda::Function", own)
	called := target{s.id, ref(s.id), getAtt(s.id, "Arn")}
	alias := ""
	if p.Get("AutoPublishAlias") != nil {
		called, alias = s.alias(called)
	}
	s.url(called)
	r := s.executionRole()
	s.destinations(r, alias)
	s.eventsOfFunction(called, r)
	s.giveRole(own, r)
	if preference := p.Object("DeploymentPreference"); preference != nil {
		d := deployment{enabled: !preference.Has("Enabled") || s.isTrue(preference.Get("Enabled")), hasRole: preference.Get("Role") != nil}
		if s.isTrue(preference.Get("PassthroughCondition")) {
			d.condition = s.condition
		}
		s.deployed = append(s.deployed, d)
	}
	s.propagate(r)
}

// alias writes the version and the alias that AutoPublishAlias asks for.
func (s *source) alias(function target) (target, string) {
	name := s.text(s.properties, "AutoPublishAlias")
	if name == "" {
		s.fault(s.id, s.properties.At("AutoPublishAlias"), "AutoPublishAlias is a text, or a Ref to a parameter with a value")
		return function, ""
	}
	version, id := s.id+"Version", s.id+"Alias"+strings.NewReplacer("-", "D", "_", "U").Replace(name)
	s.add(version, "AWS::Lambda::Version", template.New("FunctionName", ref(s.id)))
	s.add(id, "AWS::Lambda::Alias", template.New("Name", name, "FunctionName", ref(s.id), "FunctionVersion", getAtt(version, "Version")))
	s.renamed[s.id+".Version"], s.renamed[s.id+".Alias"] = version, id
	return target{id, ref(id), ref(id)}, name
}

// url writes the function URL, and the permissions of one that anybody may call.
func (s *source) url(called target) {
	config := s.properties.Object("FunctionUrlConfig")
	if config == nil {
		return
	}
	auth := config.Get("AuthType")
	if isIntrinsic(config) || isIntrinsic(auth) {
		auth = s.Known(auth)
	} else if auth != "NONE" && auth != "AWS_IAM" {
		s.fault(s.id, config.At("AuthType"), "AuthType of FunctionUrlConfig is NONE or AWS_IAM")
	}
	s.add(s.id+"Url", "AWS::Lambda::Url", template.New("TargetFunctionArn", called.name, "AuthType", config.Get("AuthType")))
	if config.Get("AuthType") != "NONE" {
		return
	}
	s.add(s.id+"UrlPublicPermissions", "AWS::Lambda::Permission", template.New(
		"Action", "lambda:InvokeFunctionUrl", "FunctionName", called.name, "Principal", "*", "FunctionUrlAuthType", auth))
	s.add(s.id+"URLInvokeAllowPublicAccess", "AWS::Lambda::Permission", template.New(
		"Action", "lambda:InvokeFunction", "FunctionName", called.name, "Principal", "*", "InvokedViaFunctionUrl", true))
}

// executionRole is the role of a function that has none of its own.
func (s *source) executionRole() *role {
	p := s.properties
	r := &role{
		id: s.id + "Role", trust: p.Get("AssumeRolePolicyDocument"), path: p.Get("RolePath"), boundary: p.Get("PermissionsBoundary"),
		tags: tags(p.Get("Tags"), "lambda:createdBy", "SAM"),
	}
	if r.trust == nil {
		r.trust = trust("lambda.amazonaws.com")
	}
	basic := "service-role/AWSLambdaBasicExecutionRole"
	if p.Get("DurableConfig") != nil {
		basic = "service-role/AWSLambdaBasicDurableExecutionRolePolicy"
	}
	r.managed = append(r.managed, s.awsManaged(basic))
	if tracing := p.Get("Tracing"); tracing != nil && s.Known(tracing) != "Disabled" {
		r.managed = append(r.managed, s.xray())
	}
	if vpc := p.Get("VpcConfig"); vpc != nil && !isNoValue(vpc) {
		r.managed = append(r.managed, s.awsManaged("service-role/AWSLambdaVPCAccessExecutionRole"))
	}
	if queue := p.Object("DeadLetterQueue"); queue != nil {
		action := map[string]string{"SQS": "sqs:SendMessage", "SNS": "sns:Publish"}[s.text(queue, "Type")]
		if action == "" {
			s.fault(s.id, queue.At("Type"), "Type of DeadLetterQueue is SQS or SNS, not %s", spelling.Quote(queue.Text("Type")))
		} else {
			r.inline = append(r.inline, template.New("PolicyName", "DeadLetterQueuePolicy", "PolicyDocument", template.New(
				"Version", "2012-10-17", "Statement", []any{statement(action, queue.Get("TargetArn"))})))
		}
	}
	s.policies(r, p.Get("Policies"))
	return r
}

// giveRole gives the function the role, unless it has one of its own. A Role that is
// an Fn::If with AWS::NoValue has the role made under that condition.
func (s *source) giveRole(own *template.Object, r *role) {
	arn := getAtt(r.id, "Arn")
	given := own.Get("Role")
	if given == nil {
		own.Set("Role", arn)
		s.add(r.id, "AWS::IAM::Role", r.properties())
		return
	}
	name, argument := template.Only(given)
	branches, ok := argument.([]any)
	if name != "Fn::If" || !ok || len(branches) != 3 {
		return
	}
	condition, _ := branches[0].(string)
	switch yes, no := isNoValue(branches[1]), isNoValue(branches[2]); {
	case yes && no:
		own.Set("Role", arn)
		s.add(r.id, "AWS::IAM::Role", r.properties())
	case yes:
		own.Set("Role", choice(condition, arn, branches[2]))
		s.add(r.id, "AWS::IAM::Role", r.properties()).Set("Condition", condition)
	case no:
		own.Set("Role", choice(condition, branches[1], arn))
		s.conditions.Set("NOT"+condition, template.New("Fn::Not", []any{template.New("Condition", condition)}))
		s.add(r.id, "AWS::IAM::Role", r.properties()).Set("Condition", "NOT"+condition)
	}
}

// propagate gives roles that were made for the resource its tags, if it says so.
func (s *source) propagate(own *role) {
	given := s.properties.Object("Tags")
	if given.Len() == 0 || !s.isTrue(s.properties.Get("PropagateTags")) {
		return
	}
	for id, v := range s.out.All() {
		r, _ := v.(*template.Object)
		if r.Text("Type") == "AWS::IAM::Role" && strings.HasPrefix(id, s.id) && r.Place == s.resource.Place {
			r.Object("Properties").Set("Tags", tags(given))
		}
	}
}

// destinations of asynchronous calls: the role may reach each, and a queue or a topic
// that is not named is made.
func (s *source) destinations(r *role, alias string) {
	config, _ := s.Known(s.properties.Get("EventInvokeConfig")).(*template.Object)
	if config == nil {
		return
	}
	id := s.id + "EventInvokeConfig"
	s.add(id, "AWS::Lambda::EventInvokeConfig", new(template.Object))
	for _, event := range []string{"OnSuccess", "OnFailure"} {
		destination := config.Object("DestinationConfig").Object(event)
		if destination == nil {
			continue
		}
		if policy := s.destination(destination, id+event, event); policy != nil {
			r.inline = append(r.inline, policy)
		}
	}
}

// destination is the policy that lets the role reach one.
func (s *source) destination(d *template.Object, id, event string) any {
	kind, to := s.text(d, "Type"), d.Get("Destination")
	made := map[string]string{"SQS": "AWS::SQS::Queue", "SNS": "AWS::SNS::Topic"}[kind]
	name, argument := template.Only(to)
	branches, _ := argument.([]any)
	var condition any
	if name == "Fn::If" && len(branches) == 3 && isNoValue(branches[1]) != isNoValue(branches[2]) {
		condition = branches[0]
		text, _ := condition.(string)
		other := branches[2]
		if isNoValue(branches[2]) {
			other = branches[1]
			condition = "NOT" + text + shortHash(id[:len(id)-len(event)])
			s.conditions.Set(condition.(string), template.New("Fn::Not", []any{template.New("Condition", text)}))
		}
		to = other
	}
	if to == nil || condition != nil {
		if made == "" {
			s.fault(s.id, d.At("Type"), "%s needs a Destination, unless its Type is SQS or SNS", event)
			return nil
		}
		queue := id + strings.TrimPrefix(strings.TrimPrefix(made, "AWS::SQS::"), "AWS::SNS::")
		r := s.add(queue, made, new(template.Object))
		arn := ref(queue)
		if kind == "SQS" {
			arn = getAtt(queue, "Arn")
		}
		s.renamed[s.id+".Destination"+queue[len(id):]] = queue
		if condition == nil {
			to = arn
		} else {
			to = choice(condition, arn, to)
			if s.condition != nil {
				own, _ := s.condition.(string)
				both := own + "AND" + condition.(string) + shortHash(s.id)
				s.conditions.Set(both, template.New("Fn::And", []any{template.New("Condition", own), template.New("Condition", condition)}))
				r.Set("Condition", both)
			} else {
				r.Set("Condition", condition)
			}
		}
	}
	switch kind {
	case "SQS":
		return inline(id+"SQSPolicy", statement("sqs:SendMessage", to))
	case "SNS":
		return inline(id+"SNSPolicy", statement("sns:publish", to))
	case "EventBridge":
		return inline(id+"EventBridgePolicy", statement("events:PutEvents", to))
	case "Lambda":
		return inline(id+"LambdaPolicy", statement("lambda:InvokeFunction", to))
	case "S3Bucket":
		return bucketPolicy(id, to)
	}
	s.fault(s.id, d.At("Type"), "Type of %s is SQS, SNS, EventBridge, Lambda or S3Bucket, not %s", event, spelling.Quote(kind))
	return nil
}

// bucketPolicy lets a role write events into a bucket.
func bucketPolicy(id string, bucket any) any {
	return inline(id+"S3Policy",
		statement("s3:PutObject", template.New("Fn::Join", []any{"/", []any{bucket, "*"}})),
		statement("s3:ListBucket", bucket))
}

// A deployment is what a function says of its gradual deployment.
type deployment struct {
	enabled, hasRole bool
	condition        any // under which it is made
}

// codeDeployRole writes the role of gradual deployments, which all functions share.
// It is made under the conditions of all of them, where each has one.
func (t *transform) codeDeployRole() {
	needed, always := false, false
	var conditions []any
	for _, d := range t.deployed {
		needed = needed || d.enabled && !d.hasRole
		always = always || d.enabled && d.condition == nil
		if d.enabled && d.condition != nil && !slices.Contains(conditions, d.condition) {
			conditions = append(conditions, d.condition)
		}
	}
	if !needed {
		return
	}
	r := role{trust: trust("codedeploy.amazonaws.com"), managed: []any{
		"arn:" + t.Partition + ":iam::aws:policy/service-role/AWSCodeDeployRoleForLambda",
	}}
	own := template.New("Type", "AWS::IAM::Role", "Properties", r.properties())
	if !always {
		own.Put("Condition", t.either("ServerlessCodeDeployCondition", conditions))
	}
	t.out.Set("CodeDeployServiceRole", own)
}

// either is a condition that holds where one of several does; nil of none.
func (t *transform) either(name string, conditions []any) any {
	switch len(conditions) {
	case 0:
		return nil
	case 1:
		return conditions[0]
	}
	var list []any
	for _, c := range conditions {
		list = append(list, template.New("Condition", c))
	}
	t.conditions.Set(name, template.New("Fn::Or", list))
	return name
}

// capacityProvider writes the role of a capacity provider's operator.
func (s *source) capacityProvider() {
	s.put("AWS::Lambda::CapacityProvider", new(template.Object))
	if s.properties.Get("OperatorRole") != nil {
		return
	}
	r := role{trust: trust("lambda.amazonaws.com"), managed: []any{s.awsManaged("AWSLambdaManagedEC2ResourceOperator")}, tags: tags(nil, "lambda:createdBy", "SAM")}
	if s.isTrue(s.properties.Get("PropagateTags")) {
		r.tags = append(r.tags, tags(s.properties.Get("Tags"))...)
	}
	s.add(s.id+"OperatorRole", "AWS::IAM::Role", r.properties())
}
