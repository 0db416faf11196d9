package cloudformation

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/planned"
)

// A kind is what is known of the names of a type of resources.
type kind struct {
	name string // the property that gives the name; "" where AWS makes an id
	ref  byte   // what Ref gives: 'n' the name or id, 'a' the ARN, 'u' the URL of a queue
	arn  string // after the partition, with <R>egion, <A>ccount, <N>ame and <path>; "" for none
	arns string // attributes that are the ARN
	id   string // attributes that are the name
	most int    // how long a name may be; 0 for 255
}

// kinds are those of resources that policies name, or that have policies.
var kinds = map[string]kind{
	"AWS::IAM::Role":                            {"RoleName", 'n', "iam::<A>:role<path><N>", "Arn", "", 64},
	"AWS::IAM::User":                            {"UserName", 'n', "iam::<A>:user<path><N>", "Arn", "", 64},
	"AWS::IAM::Group":                           {"GroupName", 'n', "iam::<A>:group<path><N>", "Arn", "", 128},
	"AWS::IAM::ManagedPolicy":                   {"ManagedPolicyName", 'a', "iam::<A>:policy<path><N>", "Arn PolicyArn", "", 128},
	"AWS::IAM::InstanceProfile":                 {"InstanceProfileName", 'n', "iam::<A>:instance-profile<path><N>", "Arn", "", 128},
	"AWS::IAM::OIDCProvider":                    {"", 'a', "iam::<A>:oidc-provider/<N>", "Arn", "", 0},
	"AWS::IAM::SAMLProvider":                    {"Name", 'a', "iam::<A>:saml-provider/<N>", "Arn", "", 0},
	"AWS::Lambda::Function":                     {"FunctionName", 'n', "lambda:<R>:<A>:function:<N>", "Arn", "", 64},
	"AWS::Lambda::LayerVersion":                 {"LayerName", 'a', "lambda:<R>:<A>:layer:<N>:<#>", "Arn LayerVersionArn", "", 64},
	"AWS::Lambda::CodeSigningConfig":            {"", 'a', "lambda:<R>:<A>:code-signing-config:csc-<N>", "CodeSigningConfigArn", "", 0},
	"AWS::Lambda::CapacityProvider":             {"CapacityProviderName", 'n', "lambda:<R>:<A>:capacity-provider:<N>", "Arn", "", 64},
	"AWS::S3::Bucket":                           {"BucketName", 'n', "s3:::<N>", "Arn", "", 63},
	"AWS::S3::AccessPoint":                      {"Name", 'n', "s3:<R>:<A>:accesspoint/<N>", "Arn", "Name", 50},
	"AWS::SQS::Queue":                           {"QueueName", 'u', "sqs:<R>:<A>:<N>", "Arn", "QueueName", 80},
	"AWS::SNS::Topic":                           {"TopicName", 'a', "sns:<R>:<A>:<N>", "TopicArn Arn", "TopicName", 0},
	"AWS::DynamoDB::Table":                      {"TableName", 'n', "dynamodb:<R>:<A>:table/<N>", "Arn", "", 0},
	"AWS::DynamoDB::GlobalTable":                {"TableName", 'n', "dynamodb:<R>:<A>:table/<N>", "Arn", "", 0},
	"AWS::Events::Rule":                         {"Name", 'n', "", "Arn", "", 64},
	"AWS::Scheduler::Schedule":                  {"Name", 'n', "", "Arn", "", 64},
	"AWS::Events::EventBus":                     {"Name", 'n', "events:<R>:<A>:event-bus/<N>", "Arn", "Name", 0},
	"AWS::Scheduler::ScheduleGroup":             {"Name", 'n', "scheduler:<R>:<A>:schedule-group/<N>", "Arn", "", 64},
	"AWS::Pipes::Pipe":                          {"Name", 'n', "pipes:<R>:<A>:pipe/<N>", "Arn", "", 64},
	"AWS::StepFunctions::StateMachine":          {"StateMachineName", 'a', "states:<R>:<A>:stateMachine:<N>", "Arn", "Name", 80},
	"AWS::StepFunctions::Activity":              {"Name", 'a', "states:<R>:<A>:activity:<N>", "Arn", "Name", 80},
	"AWS::Logs::LogGroup":                       {"LogGroupName", 'n', "logs:<R>:<A>:log-group:<N>:*", "Arn", "", 512},
	"AWS::KMS::Key":                             {"", 'n', "kms:<R>:<A>:key/<N>", "Arn", "KeyId", 0},
	"AWS::KMS::ReplicaKey":                      {"", 'n', "kms:<R>:<A>:key/<N>", "Arn", "KeyId", 0},
	"AWS::SecretsManager::Secret":               {"Name", 'a', "secretsmanager:<R>:<A>:secret:<N>-<6>", "Id Arn", "", 0},
	"AWS::SSM::Parameter":                       {"Name", 'n', "ssm:<R>:<A>:parameter/<N>", "", "", 0},
	"AWS::Kinesis::Stream":                      {"Name", 'n', "kinesis:<R>:<A>:stream/<N>", "Arn", "", 128},
	"AWS::KinesisFirehose::DeliveryStream":      {"DeliveryStreamName", 'n', "firehose:<R>:<A>:deliverystream/<N>", "Arn", "", 64},
	"AWS::ECR::Repository":                      {"RepositoryName", 'n', "ecr:<R>:<A>:repository/<N>", "Arn", "", 256},
	"AWS::ECS::Cluster":                         {"ClusterName", 'n', "ecs:<R>:<A>:cluster/<N>", "Arn", "", 0},
	"AWS::ECS::TaskDefinition":                  {"Family", 'a', "ecs:<R>:<A>:task-definition/<N>:<#>", "TaskDefinitionArn", "", 0},
	"AWS::CodeBuild::Project":                   {"Name", 'n', "codebuild:<R>:<A>:project/<N>", "Arn", "", 0},
	"AWS::CodePipeline::Pipeline":               {"Name", 'n', "codepipeline:<R>:<A>:<N>", "", "", 100},
	"AWS::CodeCommit::Repository":               {"RepositoryName", 'i', "codecommit:<R>:<A>:<N>", "Arn", "Name", 100},
	"AWS::Cognito::UserPool":                    {"", 'n', "cognito-idp:<R>:<A>:userpool/<N>", "Arn", "UserPoolId", 0},
	"AWS::Cognito::IdentityPool":                {"", 'n', "cognito-identity:<R>:<A>:identitypool/<N>", "", "Id", 0},
	"AWS::ApiGateway::RestApi":                  {"", 'n', "", "", "RestApiId", 0},
	"AWS::ApiGatewayV2::Api":                    {"", 'n', "", "", "ApiId", 0},
	"AWS::AppSync::GraphQLApi":                  {"", 'a', "appsync:<R>:<A>:apis/<N>", "Arn", "ApiId", 0},
	"AWS::EFS::FileSystem":                      {"", 'n', "elasticfilesystem:<R>:<A>:file-system/<N>", "Arn", "FileSystemId", 0},
	"AWS::EFS::AccessPoint":                     {"", 'n', "elasticfilesystem:<R>:<A>:access-point/<N>", "Arn", "AccessPointId", 0},
	"AWS::Athena::WorkGroup":                    {"Name", 'n', "athena:<R>:<A>:workgroup/<N>", "", "", 128},
	"AWS::CloudWatch::Alarm":                    {"AlarmName", 'n', "cloudwatch:<R>:<A>:alarm:<N>", "Arn", "", 0},
	"AWS::OpenSearchService::Domain":            {"DomainName", 'n', "es:<R>:<A>:domain/<N>", "Arn DomainArn", "", 28},
	"AWS::Elasticsearch::Domain":                {"DomainName", 'n', "es:<R>:<A>:domain/<N>", "Arn DomainArn", "", 28},
	"AWS::OpenSearchServerless::Collection":     {"", 'n', "aoss:<R>:<A>:collection/<N>", "Arn", "Id", 0},
	"AWS::IoT::TopicRule":                       {"RuleName", 'n', "iot:<R>:<A>:rule/<N>", "Arn", "", 128},
	"AWS::CloudFront::Distribution":             {"", 'n', "cloudfront::<A>:distribution/<N>", "", "Id", 0},
	"AWS::MSK::Cluster":                         {"ClusterName", 'a', "kafka:<R>:<A>:cluster/<N>/<#>", "Arn", "", 64},
	"AWS::RDS::DBCluster":                       {"DBClusterIdentifier", 'n', "rds:<R>:<A>:cluster:<N>", "DBClusterArn", "", 63},
	"AWS::RDS::DBInstance":                      {"DBInstanceIdentifier", 'n', "rds:<R>:<A>:db:<N>", "DBInstanceArn", "", 63},
	"AWS::Backup::BackupVault":                  {"BackupVaultName", 'n', "backup:<R>:<A>:backup-vault:<N>", "BackupVaultArn", "BackupVaultName", 50},
	"AWS::ElasticLoadBalancingV2::TargetGroup":  {"Name", 'a', "elasticloadbalancing:<R>:<A>:targetgroup/<N>/<#>", "TargetGroupArn", "TargetGroupName", 32},
	"AWS::Transfer::Server":                     {"", 'a', "transfer:<R>:<A>:server/<N>", "Arn", "ServerId", 0},
	"AWS::SES::ConfigurationSet":                {"Name", 'n', "ses:<R>:<A>:configuration-set/<N>", "", "", 64},
	"AWS::CertificateManager::Certificate":      {"", 'a', "acm:<R>:<A>:certificate/<N>", "", "", 0},
	"AWS::S3ObjectLambda::AccessPoint":          {"Name", 'n', "s3-object-lambda:<R>:<A>:accesspoint/<N>", "Arn", "", 45},
	"AWS::DAX::Cluster":                         {"ClusterName", 'n', "dax:<R>:<A>:cache/<N>", "Arn", "", 20},
	"AWS::Redshift::Cluster":                    {"ClusterIdentifier", 'n', "redshift:<R>:<A>:cluster:<N>", "", "", 63},
	"AWS::Location::PlaceIndex":                 {"IndexName", 'n', "geo:<R>:<A>:place-index/<N>", "Arn IndexArn", "IndexName", 100},
	"AWS::Location::Map":                        {"MapName", 'n', "geo:<R>:<A>:map/<N>", "Arn MapArn", "MapName", 100},
	"AWS::AmazonMQ::Broker":                     {"", 'n', "mq:<R>:<A>:broker:<name>:<N>", "Arn", "", 0},
	"AWS::Timestream::Database":                 {"DatabaseName", 'n', "timestream:<R>:<A>:database/<N>", "Arn", "", 256},
	"AWS::AppConfig::Application":               {"", 'n', "appconfig:<R>:<A>:application/<N>", "", "ApplicationId", 0},
	"AWS::CodeDeploy::Application":              {"ApplicationName", 'n', "codedeploy:<R>:<A>:application:<N>", "", "", 100},
	"AWS::EventSchemas::Registry":               {"RegistryName", 'i', "schemas:<R>:<A>:registry/<N>", "RegistryArn", "RegistryName", 64},
	"AWS::EC2::VPCEndpoint":                     {"", 'n', "ec2:<R>:<A>:vpc-endpoint/<N>", "", "Id", 0},
	"AWS::EC2::Instance":                        {"", 'n', "ec2:<R>:<A>:instance/<N>", "", "InstanceId", 0},
	"AWS::EC2::SecurityGroup":                   {"", 'n', "ec2:<R>:<A>:security-group/<N>", "", "GroupId Id", 0},
	"AWS::EC2::VPC":                             {"", 'n', "ec2:<R>:<A>:vpc/<N>", "", "VpcId", 0},
	"AWS::EC2::Subnet":                          {"", 'n', "ec2:<R>:<A>:subnet/<N>", "", "SubnetId", 0},
	"AWS::Route53::HostedZone":                  {"", 'n', "route53:::hostedzone/<N>", "", "Id", 0},
	"AWS::Lambda::EventSourceMapping":           {"", 'n', "lambda:<R>:<A>:event-source-mapping:<N>", "EventSourceMappingArn", "Id", 0},
	"AWS::Batch::JobQueue":                      {"JobQueueName", 'a', "batch:<R>:<A>:job-queue/<N>", "JobQueueArn", "", 128},
	"AWS::Batch::JobDefinition":                 {"JobDefinitionName", 'a', "batch:<R>:<A>:job-definition/<N>:<#>", "JobDefinitionArn", "", 128},
	"AWS::Glue::Job":                            {"Name", 'n', "glue:<R>:<A>:job/<N>", "", "", 0},
	"AWS::Glue::Crawler":                        {"Name", 'n', "glue:<R>:<A>:crawler/<N>", "", "", 0},
	"AWS::Kendra::Index":                        {"", 'n', "kendra:<R>:<A>:index/<N>", "Arn", "Id", 0},
	"AWS::MediaConvert::Queue":                  {"Name", 'n', "mediaconvert:<R>:<A>:queues/<N>", "Arn", "", 0},
	"AWS::Synthetics::Canary":                   {"Name", 'n', "synthetics:<R>:<A>:canary:<N>", "", "", 21},
	"AWS::ResourceGroups::Group":                {"Name", 'n', "resource-groups:<R>:<A>:group/<N>", "Arn", "", 128},
	"AWS::IoT::Thing":                           {"ThingName", 'n', "iot:<R>:<A>:thing/<N>", "Arn", "", 128},
	"AWS::IoT::Policy":                          {"PolicyName", 'n', "iot:<R>:<A>:policy/<N>", "Arn", "", 128},
	"AWS::Organizations::Policy":                {"", 'n', "", "Arn", "Id", 0},
	"AWS::CodeStarConnections::Connection":      {"", 'a', "codestar-connections:<R>:<A>:connection/<N>", "ConnectionArn", "", 0},
	"AWS::AccessAnalyzer::Analyzer":             {"AnalyzerName", 'a', "access-analyzer:<R>:<A>:analyzer/<N>", "Arn", "", 255},
	"AWS::DocDB::DBCluster":                     {"DBClusterIdentifier", 'n', "rds:<R>:<A>:cluster:<N>", "", "", 63},
	"AWS::Neptune::DBCluster":                   {"DBClusterIdentifier", 'n', "rds:<R>:<A>:cluster:<N>", "", "", 63},
	"AWS::ElasticLoadBalancingV2::LoadBalancer": {"Name", 'a', "elasticloadbalancing:<R>:<A>:loadbalancer/app/<N>/<#>", "LoadBalancerArn", "LoadBalancerName", 32},
	"AWS::CloudTrail::Trail":                    {"TrailName", 'n', "cloudtrail:<R>:<A>:trail/<N>", "Arn", "", 128},
	"AWS::S3Express::DirectoryBucket":           {"BucketName", 'n', "s3express:<R>:<A>:bucket/<N>", "Arn", "", 63},
	"AWS::S3Tables::TableBucket":                {"TableBucketName", 'a', "s3tables:<R>:<A>:bucket/<N>", "TableBucketARN", "", 63},
	"AWS::CodeConnections::Connection":          {"", 'a', "codeconnections:<R>:<A>:connection/<N>", "ConnectionArn", "", 0},
	"AWS::Cassandra::Keyspace":                  {"KeyspaceName", 'n', "cassandra:<R>:<A>:/keyspace/<N>/", "", "", 48},
	"AWS::Events::Connection":                   {"Name", 'n', "events:<R>:<A>:connection/<N>/<#>", "Arn", "", 64},
	"AWS::Events::ApiDestination":               {"Name", 'n', "events:<R>:<A>:api-destination/<N>/<#>", "Arn", "", 64},
	"AWS::Events::Archive":                      {"ArchiveName", 'n', "events:<R>:<A>:archive/<N>", "Arn", "ArchiveName", 48},
	"AWS::SSM::Document":                        {"Name", 'n', "ssm:<R>:<A>:document/<N>", "", "", 128},
	"AWS::Cognito::UserPoolClient":              {"", 'n', "", "", "ClientId", 0},
	"AWS::ElastiCache::ServerlessCache":         {"ServerlessCacheName", 'n', "elasticache:<R>:<A>:serverlesscache:<N>", "ARN", "", 40},
	"AWS::MemoryDB::Cluster":                    {"ClusterName", 'n', "memorydb:<R>:<A>:cluster/<N>", "ARN", "", 40},
	"AWS::VerifiedPermissions::PolicyStore":     {"", 'n', "verifiedpermissions::<A>:policy-store/<N>", "Arn", "PolicyStoreId", 0},
	"AWS::EKS::Cluster":                         {"Name", 'n', "eks:<R>:<A>:cluster/<N>", "Arn", "", 100},
	"AWS::Config::ConfigRule":                   {"ConfigRuleName", 'n', "", "", "", 128},
	"AWS::AppRunner::Service":                   {"ServiceName", 'a', "apprunner:<R>:<A>:service/<N>/<#>", "ServiceArn", "", 40},
	"AWS::ACMPCA::CertificateAuthority":         {"", 'a', "acm-pca:<R>:<A>:certificate-authority/<N>", "Arn", "", 0},
	"AWS::Chatbot::SlackChannelConfiguration":   {"ConfigurationName", 'a', "chatbot::<A>:chat-configuration/slack-channel/<N>", "Arn", "", 128},
	"AWS::ElasticBeanstalk::Application":        {"ApplicationName", 'n', "elasticbeanstalk:<R>:<A>:application/<N>", "", "", 100},
	"AWS::AutoScaling::AutoScalingGroup":        {"AutoScalingGroupName", 'n', "", "", "", 255},
	"AWS::GuardDuty::Detector":                  {"", 'n', "guardduty:<R>:<A>:detector/<N>", "", "Id", 0},
	"AWS::Connect::Instance":                    {"", 'n', "connect:<R>:<A>:instance/<N>", "Arn", "Id", 0},
	"AWS::Lex::Bot":                             {"", 'n', "lex:<R>:<A>:bot/<N>", "Arn", "Id", 0},
	"AWS::Pinpoint::App":                        {"", 'n', "mobiletargeting:<R>:<A>:apps/<N>", "Arn", "", 0},
	"AWS::EMRServerless::Application":           {"", 'n', "emr-serverless:<R>:<A>:/applications/<N>", "Arn", "ApplicationId", 0},
}

// made is what AWS makes itself of a name: letters and digits that look like what
// they are, always the same for the same resource.
func (s *stack) made(id string, length int) string {
	const digits = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	sum := s.sum(id)
	n := binary.BigEndian.Uint64(sum[:])
	own := []byte("planned")
	if length < 12 {
		own = nil
	}
	for len(own) < length {
		own = append(own, digits[n%uint64(len(digits))])
		n /= uint64(len(digits))
	}
	return string(own)
}

// sum is what tells the resource from those of other stacks: of other templates, where
// no name is known.
func (s *stack) sum(id string) [sha256.Size]byte {
	of := s.name
	if of == "" {
		of = s.file
	}
	return sha256.Sum256([]byte(strings.Join([]string{of, s.place.account, s.place.region, id}, "\x00")))
}

// number is a number that AWS makes.
func (s *stack) number(id string) string {
	sum := s.sum(id)
	return fmt.Sprint(90000 + binary.BigEndian.Uint32(sum[:])%10000)
}

// nameOf is the name of a resource: the one that is given, or the one that
// CloudFormation makes of the names of stack and resource, both cut to fit.
func (s *stack) nameOf(r *resource) planned.Text {
	if r.named {
		return r.name
	}
	if r.naming { // which leads back here
		s.fault(r.object.Place, "circular reference: the name of %s leads to itself", r.id)
		return planned.Unknown(&planned.Hole{Origin: r.id, Why: "a circular reference"})
	}
	r.naming = true
	r.name = s.nameFor(r)
	r.named, r.naming = true, false
	return r.name
}

func (s *stack) nameFor(r *resource) planned.Text {
	k := kinds[r.kind]
	if k.name != "" && r.properties.Has(k.name) {
		if v := s.value(r.properties.Get(k.name)); v != (noValue{}) {
			if t, ok := textOf(v); ok {
				return t
			}
			s.faultIn(r, k.name, "%s is a text", k.name)
		}
	}
	if r.kind == "AWS::IAM::OIDCProvider" {
		if url, ok := whole(s.value(r.properties.Get("Url"))); ok {
			return planned.Known(strings.TrimPrefix(url, "https://"))
		}
	}
	random := s.made(r.id, 12)
	switch {
	case k.name == "" && r.kind == "AWS::Cognito::UserPool":
		return planned.Known(s.region() + "_" + s.made(r.id, 9))
	case k.name == "":
		return planned.Known(strings.ToLower(random))
	}
	stack, id := s.name, r.id
	if stack == "" {
		stack = "stack"
	}
	if r.kind == "AWS::S3::Bucket" {
		stack, id, random = strings.ToLower(stack), strings.ToLower(id), strings.ToLower(random)
	}
	suffix := ""
	if fifo, _ := whole(s.value(r.properties.Get("FifoQueue"))); fifo == "true" {
		suffix = ".fifo"
	}
	if fifo, _ := whole(s.value(r.properties.Get("FifoTopic"))); fifo == "true" {
		suffix = ".fifo"
	}
	most := k.most
	if most == 0 {
		most = 255
	}
	if room := most - len(random) - 2 - len(suffix); len(stack)+len(id) > room {
		half := room / 2
		stack = stack[:min(len(stack), max(half, room-len(id)))]
		id = id[:min(len(id), room-len(stack))]
	}
	return planned.Known(stack + "-" + id + "-" + random + suffix)
}

// account and region are those of ARNs, which need one.
func (s *stack) account() string {
	if s.place.account == "" {
		return noAccount
	}
	return s.place.account
}

func (s *stack) region() string {
	if s.place.region == "" {
		return noRegion
	}
	return s.place.region
}

// arnOf is the ARN of a resource; false where its type has none that is known.
func (s *stack) arnOf(r *resource) (planned.Text, bool) {
	switch r.kind {
	case "AWS::Lambda::Alias":
		name, _ := textOf(s.value(r.properties.Get("Name")))
		return planned.Concat(s.functionARN(r.properties.Get("FunctionName")), planned.Known(":"), name), true
	case "AWS::Lambda::Version":
		return planned.Concat(s.functionARN(r.properties.Get("FunctionName")), planned.Known(":"+s.number(r.id))), true
	case "AWS::Lambda::Url":
		return s.functionARN(r.properties.Get("TargetFunctionArn")), true
	case "AWS::Events::Rule":
		bus := s.value(r.properties.Get("EventBusName"))
		within, ok := textOf(bus)
		name := s.nameOf(r)
		rule := s.written("events:<R>:<A>:rule/", "")
		if ok && text(bus) != "" && text(bus) != "default" && bus != nil {
			if whole, known := within.Value(); known { // an ARN perhaps
				within = planned.Known(whole[strings.LastIndexByte(whole, '/')+1:])
			}
			rule = planned.Concat(rule, within, planned.Known("/"))
		}
		return planned.Concat(rule, name), true
	case "AWS::Scheduler::Schedule":
		group, ok := textOf(s.value(r.properties.Get("GroupName")))
		if !ok || group.String() == "" {
			group = planned.Known("default")
		}
		return planned.Concat(s.written("scheduler:<R>:<A>:schedule/", ""), group, planned.Known("/"), s.nameOf(r)), true
	}
	k, known := kinds[r.kind]
	if !known || k.arn == "" {
		return planned.Text{}, false
	}
	path := planned.Known("/")
	if v := s.value(r.properties.Get("Path")); strings.Contains(k.arn, "<path>") && v != nil && v != (noValue{}) {
		path, _ = textOf(v)
		path = path.AsPath()
	}
	before, after, _ := strings.Cut(strings.Replace(k.arn, "<path>", "<path>\x00", 1), "\x00")
	if after == "" {
		before, after = "", k.arn
	}
	var all planned.Text
	if before != "" {
		all = planned.Concat(s.written(strings.TrimSuffix(before, "<path>"), ""), path)
	} else {
		head, tail, _ := strings.Cut(after, "<N>")
		name := s.nameOf(r)
		if r.kind == "AWS::SSM::Parameter" {
			if text, ok := name.Value(); ok {
				name = planned.Known(strings.TrimPrefix(text, "/"))
			}
		}
		tail = strings.NewReplacer("<#>", s.number(r.id), "<6>", s.made(r.id, 6)).Replace(tail)
		return planned.Concat(s.written(head, r.id), name, planned.Known(tail)), true
	}
	return planned.Concat(all, s.nameOf(r)), true
}

// written is the beginning of an ARN.
func (s *stack) written(pattern, id string) planned.Text {
	return planned.Known("arn:" + s.place.partition() + ":" + strings.NewReplacer("<R>", s.region(), "<A>", s.account(), "<name>", s.made(id, 12)).Replace(pattern))
}

// reference is what Ref of a resource gives.
func (s *stack) reference(r *resource) any {
	k, known := kinds[r.kind]
	switch {
	case r.kind == "AWS::Lambda::Alias" || r.kind == "AWS::Lambda::Version" || r.kind == "AWS::Lambda::Url" || known && k.ref == 'a' && k.arn != "":
		t, _ := s.arnOf(r)
		return simple(t)
	case known && k.ref == 'n':
		return simple(s.nameOf(r))
	case known && k.ref == 'u':
		return simple(planned.Concat(planned.Known("https://sqs."+s.region()+"."+s.place.suffix()+"/"+s.account()+"/"), s.nameOf(r)))
	}
	return s.hole(r.id, "known after deployment")
}

// attribute is what Fn::GetAtt of a resource gives.
func (s *stack) attribute(r *resource, name string) any {
	k := kinds[r.kind]
	is := func(list string) bool {
		for _, a := range strings.Fields(list) {
			if a == name {
				return true
			}
		}
		return false
	}
	switch r.kind {
	case "AWS::Lambda::Alias":
		k.arns = "AliasArn Arn"
	case "AWS::Lambda::Version":
		k.arns = "FunctionArn"
		if name == "Version" {
			return s.number(r.id)
		}
	case "AWS::Lambda::Url":
		k.arns = "FunctionArn"
	case "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable":
		if name == "StreamArn" {
			t, _ := s.arnOf(r)
			label, _ := textOf(s.hole(r.id+".StreamArn", "known after deployment"))
			return simple(planned.Concat(t, planned.Known("/stream/"), label))
		}
	}
	switch {
	case is(k.arns):
		if t, ok := s.arnOf(r); ok {
			return simple(t)
		}
	case is(k.id):
		return simple(s.nameOf(r))
	case name == "QueueUrl" && k.ref == 'u':
		return s.reference(r)
	case r.kind == "AWS::Lambda::Function" && name == "Version":
		return "$LATEST"
	}
	return s.hole(r.id+"."+name, "known after deployment")
}
