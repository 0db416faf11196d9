package sam

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
)

// implicitAPIs writes the APIs that events need which name none.
func (t *transform) implicitAPIs() {
	t.implicit("Api", "RestApiId", "ServerlessRestApi", prefix+"Api", template.New("StageName", "Prod"))
	t.implicit("HttpApi", "ApiId", "ServerlessHttpApi", prefix+"HttpApi", template.New("StageName", "$default"))
}

// implicit writes one of them. It is there when one of its events is.
func (t *transform) implicit(kind, property, id, of string, properties *template.Object) {
	var conditions []any
	used, always := false, false
	for _, v := range t.in.All() {
		r, _ := v.(*template.Object)
		switch r.Text("Type") {
		case prefix + "Function", prefix + "StateMachine":
		default:
			continue
		}
		for _, v := range r.Object("Properties").Object("Events").All() {
			e, _ := v.(*template.Object)
			if e.Text("Type") != kind {
				continue
			}
			p := e.Object("Properties")
			if p == nil {
				p = new(template.Object)
				e.Set("Properties", p)
			}
			if p.Get(property) == nil {
				p.Set(property, ref(id))
			}
			if apiOf(p.Get(property)) != id {
				continue
			}
			used = true
			if c := r.Get("Condition"); c == nil {
				always = true
			} else if !slices.Contains(conditions, c) {
				conditions = append(conditions, c)
			}
		}
	}
	if !used {
		return
	}
	api := template.New("Type", of, "Properties", properties)
	if !always {
		api.Put("Condition", t.either(id+"Condition", conditions))
	}
	t.in.Set(id, api)
}

// apiOf is the logical id of an API that an event names, by a Ref or as a text.
func apiOf(v any) string {
	if id, ok := v.(string); ok {
		return id
	}
	return referred(v)
}

// api writes a REST API with its stage, and the permissions of its authorizers.
func (s *source) api() {
	p := s.properties
	own := new(template.Object)
	own.Put("Name", p.Get("Name"))
	s.put("AWS::ApiGateway::RestApi", own)
	stage := s.id + "Stage"
	if name, ok := p.Get("StageName").(string); ok {
		if !alphanumeric().MatchString(name) {
			name = shortHash(name)
		}
		stage = s.id + name + "Stage"
	}
	s.add(stage, "AWS::ApiGateway::Stage", template.New("RestApiId", ref(s.id), "StageName", p.Get("StageName")))
	s.add(s.id+"Deployment", "AWS::ApiGateway::Deployment", new(template.Object))
	s.renamed[s.id+".Stage"], s.renamed[s.id+".Deployment"] = stage, s.id+"Deployment"
	for name, authorizer := range s.authorizers() {
		if !s.isTrue(authorizer.Get("DisableFunctionDefaultPermissions")) {
			s.authorizerPermission(s.id+name+"AuthorizerPermission", s.Partition, authorizer.Get("FunctionArn"), ref(s.id))
		}
	}
}

// httpAPI writes an HTTP API with its stage, and the permissions of those of its
// authorizers that ask for them.
func (s *source) httpAPI() {
	s.put("AWS::ApiGatewayV2::Api", new(template.Object))
	stage := s.id + "ApiGatewayDefaultStage"
	if name, ok := s.properties.Get("StageName").(string); ok && name != "$default" {
		if !alphanumeric().MatchString(name) {
			name = shortHash(name)
		}
		stage = s.id + name + "Stage"
	} else if !ok && s.properties.Get("StageName") != nil {
		stage = s.id + "Stage"
	}
	s.add(stage, "AWS::ApiGatewayV2::Stage", new(template.Object))
	s.renamed[s.id+".Stage"] = stage
	for name, authorizer := range s.authorizers() {
		if s.isTrue(authorizer.Get("EnableFunctionDefaultPermissions")) {
			s.authorizerPermission(s.id+name+"AuthorizerPermission", "${AWS::Partition}", authorizer.Get("FunctionArn"), ref(s.id))
		}
	}
}

// authorizers gives those of an API that are functions.
func (s *source) authorizers() func(func(string, *template.Object) bool) {
	return func(yield func(string, *template.Object) bool) {
		all, _ := s.Known(s.properties.Object("Auth").Get("Authorizers")).(*template.Object)
		for name, v := range all.All() {
			if o, _ := v.(*template.Object); o.Get("FunctionArn") != nil && !yield(name, o) {
				return
			}
		}
	}
}

// authorizerPermission lets an API call the function that authorizes its callers.
func (s *source) authorizerPermission(id, partition string, function, api any) {
	s.add(id, "AWS::Lambda::Permission", template.New("Action", "lambda:InvokeFunction", "FunctionName", function,
		"Principal", "apigateway.amazonaws.com", "SourceArn", s.execute(partition, "${__ApiId__}/authorizers/*", "__ApiId__", api)))
}

// webSocketAPI writes a WebSocket API, and a permission for each of its routes.
func (s *source) webSocketAPI() {
	p := s.properties
	s.put("AWS::ApiGatewayV2::Api", new(template.Object))
	stage, isText := p.Get("StageName").(string)
	if p.Get("StageName") == nil {
		stage, isText = "default", true
	}
	for key, v := range p.Object("Routes").All() {
		route, _ := v.(*template.Object)
		name := strings.TrimPrefix(key, "$")
		name = strings.ToUpper(name[:1]) + strings.ToLower(name[1:])
		source := s.execute("${AWS::Partition}", "${"+s.id+".ApiId}/"+stage+"/"+key)
		if !isText {
			source = s.execute("${AWS::Partition}", "${"+s.id+".ApiId}/${__StageName__}/"+key, "__StageName__", p.Get("StageName"))
		}
		s.add(s.id+name+"Permission", "AWS::Lambda::Permission", template.New("Action", "lambda:InvokeFunction",
			"FunctionName", route.Get("FunctionArn"), "Principal", "apigateway.amazonaws.com", "SourceArn", source))
	}
	auth := p.Object("Auth")
	if strings.EqualFold(auth.Text("AuthType"), "CUSTOM") && auth.Get("InvokeRole") == nil && auth.Get("AuthArn") != nil {
		s.authorizerPermission(s.id+"AuthorizerPermission", "${AWS::Partition}", auth.Get("AuthArn"), ref(s.id))
	}
}

// graphQLAPI writes an API of AppSync: the role that logs, and for each source of
// data a role and a connector.
func (s *source) graphQLAPI() {
	p := s.properties
	s.put("AWS::AppSync::GraphQLApi", new(template.Object))
	if logging := p.Get("Logging"); logging != false && p.Object("Logging").Get("CloudWatchLogsRoleArn") == nil {
		r := role{trust: trust("appsync.amazonaws.com"), managed: []any{
			sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AWSAppSyncPushToCloudWatchLogs"),
		}}
		s.add(s.id+"CloudWatchRole", "AWS::IAM::Role", r.properties())
	}
	s.lambdaAuthorizers()
	sources := p.Object("DataSources")
	for name, v := range sources.Object("DynamoDb").All() {
		o, _ := v.(*template.Object)
		table := o.Get("TableArn")
		if table == nil {
			region := o.Get("Region")
			if region == nil {
				region = ref("AWS::Region")
			}
			table = sub("arn:${AWS::Partition}:dynamodb:${__Region__}:${AWS::AccountId}:table/${__TableName__}",
				"__Region__", region, "__TableName__", o.Get("TableName"))
		}
		permissions := o.List("Permissions")
		if permissions == nil {
			permissions = []any{"Read", "Write"}
		}
		s.dataSource(s.id+name+"DynamoDBDataSource", "ToTableConnector", o, "AWS::DynamoDB::Table", table, permissions)
	}
	for name, v := range sources.Object("Lambda").All() {
		o, _ := v.(*template.Object)
		s.dataSource(s.id+name+"LambdaDataSource", "ToLambdaConnector", o, "AWS::Lambda::Function", o.Get("FunctionArn"), []any{"Write"})
	}
}

// dataSource writes a source of data, and what it may do.
func (s *source) dataSource(id, connector string, o *template.Object, kind string, arn any, permissions []any) {
	s.add(id, "AWS::AppSync::DataSource", new(template.Object))
	if o.Get("ServiceRoleArn") != nil {
		return
	}
	r := role{trust: trust("appsync.amazonaws.com")}
	s.add(id+"Role", "AWS::IAM::Role", r.properties())
	s.connect(id+connector, template.New(
		"Source", template.New("Type", "AWS::AppSync::DataSource", "Arn", getAtt(id, "DataSourceArn"), "RoleName", ref(id+"Role")),
		"Destination", template.New("Type", kind, "Arn", arn),
		"Permissions", permissions))
}

// lambdaAuthorizers lets the API call the functions that authorize its callers.
func (s *source) lambdaAuthorizers() {
	auth := s.properties.Object("Auth")
	number := '0'
	for _, v := range append([]any{auth}, auth.List("Additional")...) {
		o, _ := v.(*template.Object)
		function := o.Object("LambdaAuthorizer").Get("AuthorizerUri")
		if function == nil {
			continue
		}
		number++
		s.connect(s.id+"ToLambdaAuthConnector"+string(number), template.New(
			"Source", template.New("Type", "AWS::AppSync::GraphQLApi", "Arn", ref(s.id), "ResourceId", getAtt(s.id, "ApiId")),
			"Destination", template.New("Type", "AWS::Lambda::Function", "Arn", function),
			"Permissions", []any{"Write"}))
	}
}
