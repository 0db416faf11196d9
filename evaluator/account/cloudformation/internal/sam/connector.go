package sam

import (
	_ "embed"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
	"github.com/iamsim/iamsim/internal/spelling"
)

//go:embed data/profiles.json
var profilesOfConnectors []byte

// profiles are what connectors grant, by the types of both ends.
var profiles = data("profiles.json", profilesOfConnectors)

// data is a file of the transform, read when it is first asked for.
func data(name string, text []byte) func() *template.Object {
	return sync.OnceValue(func() *template.Object {
		o, _, err := template.Parse(name, text)
		if err != nil {
			panic(err) // which a test would have seen
		}
		template.Move(o, template.Place{}) // whose lines are of no template
		return o
	})
}

// embeddedConnectors takes the connectors out of the resources that have them.
func (t *transform) embeddedConnectors() {
	for id, v := range t.in.All() {
		r, _ := v.(*template.Object)
		for name, v := range r.Object("Connectors").All() {
			c, ok := v.(*template.Object)
			if !ok {
				t.fault(id, r.At("Connectors"), "connector %s is no object", spelling.Quote(name))
				continue
			}
			p := c.Object("Properties").Clone()
			from := p.Object("SourceReference").Clone()
			from.Set("Id", id)
			p.Set("Source", from)
			own := template.New("Type", prefix+"Connector", "Properties", p)
			own.Place = c.Place
			for _, attribute := range []string{"Condition", "DependsOn"} {
				own.Put(attribute, r.Get(attribute))
				own.Put(attribute, c.Get(attribute))
			}
			t.in.Set(id+name, own)
		}
		r.Delete("Connectors")
	}
}

// connectors writes what connectors grant.
func (t *transform) connectors() {
	for id, v := range t.in.All() {
		r, _ := v.(*template.Object)
		if r.Text("Type") == prefix+"Connector" {
			s := &source{transform: t, id: id, resource: r, condition: r.Get("Condition")}
			s.connect(id, r.Object("Properties"))
		}
	}
}

// connect writes what one connector grants.
func (s *source) connect(id string, p *template.Object) {
	from, _ := p.Get("Source").(*template.Object)
	several, ok := p.Get("Destination").([]any)
	if !ok {
		several = []any{p.Get("Destination")}
	}
	for i, v := range several {
		to, _ := v.(*template.Object)
		if from == nil || to == nil {
			s.fault(id, s.resource.Place, "a connector has a Source and a Destination")
			return
		}
		suffix := ""
		if ok {
			suffix = "Destination" + strconv.Itoa(i)
		}
		source, destination := s.end(id, from, to), s.end(id, to, from)
		if source != nil && destination != nil {
			s.connection(id, suffix, source, destination, p.Get("Permissions"))
		}
	}
}

// An end is one end of a connector: what of it stands in for placeholders.
type end struct {
	kind   string
	role   any
	values map[string]any // Arn, Name, ResourceId, Qualifier, QueueUrl
}

// end is a resource of the template, or what is said of one elsewhere.
func (s *source) end(connector string, o, other *template.Object) *end {
	e := &end{values: make(map[string]any)}
	if !o.Has("Id") {
		e.kind = types(o.Text("Type"))
		e.role = o.Get("RoleName")
		for _, name := range []string{"Arn", "Name", "ResourceId", "Qualifier", "QueueUrl"} {
			e.values[name] = o.Get(name)
		}
		return e
	}
	id := o.Text("Id")
	r, _ := s.out.Get(id).(*template.Object)
	if r == nil {
		s.fault(connector, o.Place, "there is no resource %s%s", spelling.Quote(id), spelling.Suggestion(id, s.in.Names()))
		return nil
	}
	e.kind = r.Text("Type")
	shape := profiles().Object("CfnResourceProperties").Object(e.kind)
	for name, v := range shape.Object("Outputs").All() {
		if name == "Id" {
			name = "ResourceId"
		}
		if name == "Url" {
			name = "QueueUrl"
		}
		e.values[name] = place(v, map[string]any{"logicalId": id})
	}
	if o.Has("Qualifier") {
		e.values["Qualifier"] = o.Get("Qualifier")
	}
	switch role := shape.Object("Inputs").Get("Role").(type) {
	case string:
		e.roleOf(r.Object("Properties").Get(role))
	case *template.Object: // of a rule: that of the target at the other end
		for _, v := range r.Object("Properties").List("Targets") {
			target, _ := v.(*template.Object)
			arn := target.Get("Arn")
			if at := referred(arn); at != "" && at == other.Text("Id") || other.Has("Arn") && same(arn, other.Get("Arn")) {
				e.roleOf(target.Get("RoleArn"))
				break
			}
		}
	}
	return e
}

// roleOf takes the role that a value refers to.
func (e *end) roleOf(v any) {
	if id := referred(v); id != "" {
		e.role = ref(id)
	}
}

// types are those of CloudFormation for those of SAM.
func types(kind string) string {
	switch kind {
	case prefix + "Function":
		return "AWS::Lambda::Function"
	case prefix + "StateMachine":
		return "AWS::StepFunctions::StateMachine"
	case prefix + "Api":
		return "AWS::ApiGateway::RestApi"
	case prefix + "HttpApi":
		return "AWS::ApiGatewayV2::Api"
	case prefix + "SimpleTable":
		return "AWS::DynamoDB::Table"
	}
	return kind
}

// connection writes what one pair of ends is granted.
func (s *source) connection(id, suffix string, from, to *end, permissions any) {
	profile := profiles().Object("Permissions").Object(from.kind).Object(to.kind)
	if profile == nil {
		s.fault(id, s.resource.Place, "no connector leads from %s to %s", spelling.Quote(from.kind), spelling.Quote(to.kind))
		return
	}
	asked, ok := permissions.([]any)
	if !ok {
		asked = []any{permissions}
	}
	p := profile.Object("Properties")
	for _, permission := range asked {
		if name, _ := permission.(string); !p.Object("AccessCategories").Has(name) {
			s.fault(id, s.resource.Place, "permission %s is none between %s and %s: there is %s", spelling.Quote(name), from.kind, to.kind,
				strings.Join(p.Object("AccessCategories").Names(), ", "))
		}
	}
	values := make(map[string]any)
	for name, v := range from.values {
		values["Source."+name] = v
	}
	for name, v := range to.values {
		values["Destination."+name] = v
	}
	holder := to
	if p.Get("SourcePolicy") == true {
		holder = from
	}
	var statements []any
	for name, v := range p.Object("AccessCategories").All() {
		if !slices.Contains(asked, any(name)) {
			continue
		}
		filled := place(v, values).(*template.Object)
		if profile.Text("Type") == "AWS_LAMBDA_PERMISSION" {
			own := filled.Clone()
			own.Set("FunctionName", holder.values["Arn"])
			s.add(id+name+"LambdaPermission"+suffix, "AWS::Lambda::Permission", own)
			continue
		}
		statements = append(statements, filled.List("Statement")...)
	}
	document := template.New("Version", "2012-10-17", "Statement", statements)
	switch profile.Text("Type") {
	case "AWS_IAM_ROLE_MANAGED_POLICY":
		if holder.role == nil {
			s.fault(id, s.resource.Place, "the role of %s is not known: give RoleName", holder.kind)
			return
		}
		s.add(id+"Policy"+suffix, "AWS::IAM::ManagedPolicy", template.New("PolicyDocument", document, "Roles", []any{holder.role}))
	case "AWS_SQS_QUEUE_POLICY":
		s.add(id+"QueuePolicy"+suffix, "AWS::SQS::QueuePolicy", template.New("PolicyDocument", document, "Queues", []any{holder.values["QueueUrl"]}))
	case "AWS_SNS_TOPIC_POLICY":
		s.add(id+"TopicPolicy"+suffix, "AWS::SNS::TopicPolicy", template.New("PolicyDocument", document, "Topics", []any{holder.values["Arn"]}))
	}
}

// place puts values in the place of %{Source.Arn} and the like.
func place(v any, values map[string]any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = place(v[i], values)
		}
		return list
	case *template.Object:
		o := &template.Object{Place: v.Place}
		for name, value := range v.All() {
			o.Set(name, place(value, values))
		}
		return o
	case string:
		return placeIn(v, values)
	}
	return v
}

// placeIn does so in a text: one that is a placeholder is the value, any other a
// substitution.
func placeIn(text string, values map[string]any) any {
	var variables []any
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value, placeholder := values[name], "%{"+name+"}"
		if !strings.Contains(text, placeholder) {
			continue
		}
		if text == placeholder {
			return template.Clone(value)
		}
		variable := strings.ReplaceAll(name, ".", "")
		text = strings.ReplaceAll(text, placeholder, "${"+variable+"}")
		variables = append(variables, variable, template.Clone(value))
	}
	switch {
	case strings.Contains(text, "${") && len(variables) > 0:
		return sub(text, variables...)
	case strings.Contains(text, "${"):
		return sub(text)
	}
	return text
}
