package sam

import (
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/cloudformation/internal/template"
)

// A pull is a type of event that Lambda reads for the function, with the role of the
// function.
type pull struct {
	source   string // the property that names what is read
	attached string // managed policy of the role
	policy   func(*event) any
}

var pulls = map[string]*pull{
	"SQS":              {source: "Queue", attached: "service-role/AWSLambdaSQSQueueExecutionRole"},
	"Kinesis":          {source: "Stream", attached: "service-role/AWSLambdaKinesisExecutionRole"},
	"DynamoDB":         {source: "Stream", attached: "service-role/AWSLambdaDynamoDBExecutionRole"},
	"MSK":              {source: "Stream", attached: "service-role/AWSLambdaMSKExecutionRole", policy: (*event).kafka},
	"MQ":               {source: "Broker", policy: (*event).broker},
	"SelfManagedKafka": {policy: (*event).ownKafka},
	"DocumentDB":       {source: "Cluster", policy: (*event).documentDB},
}

// mapping writes the mapping, and gives the role what Lambda needs to read.
func (e *event) mapping(p *pull) {
	own := template.New("FunctionName", e.called.name)
	own.Put("EventSourceArn", e.properties.Get(p.source))
	e.add(e.id, "AWS::Lambda::EventSourceMapping", own)
	if p.attached != "" {
		e.role.attach(e.awsManaged(p.attached))
	}
	if p.policy != nil {
		if policy := p.policy(e); policy != nil {
			e.role.include(policy)
		}
	}
	failure := e.properties.Object("DestinationConfig").Object("OnFailure")
	to := failure.Get("Destination")
	switch e.text(failure, "Type") {
	case "SQS":
		e.role.include(inline(e.id+"SQSPolicy", statement("sqs:SendMessage", to)))
	case "SNS":
		e.role.include(inline(e.id+"SNSPolicy", statement("sns:publish", to)))
	case "S3":
		e.role.include(bucketPolicy(e.id, to))
	}
}

// accessed are the URIs of SourceAccessConfigurations with some types.
func (e *event) accessed(types ...string) []any {
	var list []any
	for _, v := range e.properties.List("SourceAccessConfigurations") {
		o, _ := v.(*template.Object)
		for _, kind := range types {
			if e.text(o, "Type") == kind && o.Get("URI") != nil {
				list = append(list, o.Get("URI"))
			}
		}
	}
	return list
}

func secret(uri any) any { return statement([]any{"secretsmanager:GetSecretValue"}, uri) }

// key lets the role decrypt with the key that is given; nothing if none is.
func (e *event) key(action any) []any {
	id := e.text(e.properties, "SecretsManagerKmsKeyId")
	if id == "" {
		return nil
	}
	return []any{statement(action, sub("arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/"+id))}
}

var network = []any{
	"ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface",
	"ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups",
}

// kafka is for a cluster of Amazon MSK.
func (e *event) kafka() any {
	statements := e.registry()
	for _, uri := range e.accessed("CLIENT_CERTIFICATE_TLS_AUTH") {
		statements = append(statements, secret(uri))
	}
	if len(statements) == 0 {
		return nil
	}
	return inline("MSKExecutionRolePolicy", statements...)
}

// ownKafka is for a cluster of somebody's own.
func (e *event) ownKafka() any {
	var statements []any
	login := e.accessed("SASL_SCRAM_256_AUTH", "SASL_SCRAM_512_AUTH", "BASIC_AUTH", "CLIENT_CERTIFICATE_TLS_AUTH")
	if len(login) > 0 {
		statements = append(statements, secret(login[0]))
	}
	if len(e.accessed("SERVER_ROOT_CA_CERTIFICATE")) > 0 { // SAM allows the login again, not the certificate
		var uri any
		if len(login) > 0 {
			uri = login[0]
		}
		statements = append(statements, secret(uri))
	}
	if len(e.accessed("VPC_SUBNET")) > 0 && len(e.accessed("VPC_SECURITY_GROUP")) > 0 {
		statements = append(statements, statement(network, "*"))
	}
	statements = append(statements, e.key([]any{"kms:Decrypt"})...)
	statements = append(statements, e.registry()...)
	return template.New("PolicyName", "SelfManagedKafkaExecutionRolePolicy",
		"PolicyDocument", template.New("Version", "2012-10-17", "Statement", statements))
}

// registry lets the role read the schemas of a registry.
func (e *event) registry() []any {
	config := e.properties.Object("SchemaRegistryConfig")
	if config == nil {
		return nil
	}
	var statements []any
	for _, v := range config.List("AccessConfigs") {
		if o, _ := v.(*template.Object); o.Has("URI") {
			statements = append(statements, secret(o.Get("URI")))
		}
	}
	uri := config.Get("SchemaRegistryURI")
	text, _ := uri.(string)
	if name, argument := template.Only(e.Known(uri)); name == "Fn::Sub" {
		text, _ = argument.(string)
	}
	if parts := strings.Split(text, ":"); len(parts) >= 6 && parts[0] == "arn" {
		// Of an ARN that is a substitution, ${AWS::Region} has colons of its own.
		last := text[strings.LastIndexByte(text, ':')+1:]
		if registry, ok := strings.CutPrefix(last, "registry/"); ok {
			statements = append(statements, statement([]any{"glue:GetRegistry"}, uri),
				statement([]any{"glue:GetSchemaVersion"}, []any{sub("arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:schema/" + registry + "/*")}))
		}
	}
	return statements
}

// broker is for Amazon MQ.
func (e *event) broker() any {
	name := "SamAutoGeneratedAMQPolicy"
	if e.isTrue(e.properties.Get("DynamicPolicyName")) {
		name = e.id + "AMQPolicy"
	}
	var statements []any
	for _, uri := range e.accessed("BASIC_AUTH") {
		statements = append(statements, secret(uri))
	}
	statements = append(statements, statement([]any{"mq:DescribeBroker"}, e.properties.Get("Broker")))
	return inline(name, append(statements, e.key("kms:Decrypt")...)...)
}

// documentDB is for a cluster of Amazon DocumentDB.
func (e *event) documentDB() any {
	var statements []any
	for _, uri := range e.accessed("BASIC_AUTH") {
		statements = append(statements, secret(uri))
	}
	statements = append(statements,
		statement([]any{"rds:DescribeDBClusterParameters"}, sub("arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster-pg:*")),
		statement([]any{"rds:DescribeDBSubnetGroups"}, sub("arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:subgrp:*")),
		statement([]any{"rds:DescribeDBClusters"}, e.properties.Get("Cluster")),
		statement(network, "*"))
	return inline("SamAutoGeneratedDocumentDBPolicy", append(statements, e.key([]any{"kms:Decrypt"})...)...)
}
