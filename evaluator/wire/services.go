package wire

// A protocol is the form in which a service writes errors.
type protocol uint8

const (
	restJSON protocol = iota // X-Amzn-Errortype and a JSON message
	json10                   // JSON with the code in __type
	json11                   // the same, under another content type
	query                    // XML, ErrorResponse in the namespace of the service
	ec2Query                 // XML, Response with Errors
	restXML                  // XML, Error alone, of S3
)

// A service is how one answers a caller who lacks a permission. Without code or
// status it answers like others of its protocol.
type service struct {
	protocol  protocol
	code      string
	status    int
	namespace string // of XML; of __type in JSON
}

// ordinary are the code and status of each protocol.
var ordinary = [...]struct {
	code   string
	status int
}{
	restJSON: {"AccessDeniedException", 403},
	json10:   {"AccessDeniedException", 400},
	json11:   {"AccessDeniedException", 400},
	query:    {"AccessDenied", 403},
	ec2Query: {"UnauthorizedOperation", 403},
	restXML:  {"AccessDenied", 403},
}

// services are those of which the protocol or the code is not that of most
// services, and the best known of the others, by the prefix of their actions.
// Protocols are those of the services' published models.
var services = map[string]service{
	"autoscaling":          {protocol: query, namespace: "http://autoscaling.amazonaws.com/doc/2011-01-01/"},
	"cloudformation":       {protocol: query, namespace: "http://cloudformation.amazonaws.com/doc/2010-05-15/"},
	"cloudsearch":          {protocol: query, namespace: "http://cloudsearch.amazonaws.com/doc/2013-01-01/"},
	"cloudwatch":           {protocol: query, namespace: "http://monitoring.amazonaws.com/doc/2010-08-01/"},
	"elasticache":          {protocol: query, namespace: "http://elasticache.amazonaws.com/doc/2015-02-02/"},
	"elasticbeanstalk":     {protocol: query, namespace: "http://elasticbeanstalk.amazonaws.com/docs/2010-12-01/"},
	"elasticloadbalancing": {protocol: query, namespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"},
	"iam":                  {protocol: query, namespace: "https://iam.amazonaws.com/doc/2010-05-08/"},
	"rds":                  {protocol: query, namespace: "http://rds.amazonaws.com/doc/2014-10-31/"},
	"redshift":             {protocol: query, namespace: "http://redshift.amazonaws.com/doc/2012-12-01/", code: "UnauthorizedOperation", status: 400},
	"ses":                  {protocol: query, namespace: "http://ses.amazonaws.com/doc/2010-12-01/"},
	"sns":                  {protocol: query, namespace: "http://sns.amazonaws.com/doc/2010-03-31/", code: "AuthorizationError"},
	"sts":                  {protocol: query, namespace: "https://sts.amazonaws.com/doc/2011-06-15/"},

	"cloudfront": {protocol: query, namespace: "http://cloudfront.amazonaws.com/doc/2020-05-31/"}, // REST, with the errors of query
	"route53":    {protocol: query, namespace: "https://route53.amazonaws.com/doc/2013-04-01/"},

	"ec2": {protocol: ec2Query},
	"s3":  {protocol: restXML},

	"dynamodb": {protocol: json10, namespace: "com.amazonaws.dynamodb.v20120810"},
	"sqs":      {protocol: json10, namespace: "com.amazonaws.sqs", code: "AccessDenied", status: 403},
	"states":   {protocol: json10},
	"swf":      {protocol: json10},

	"acm":              {protocol: json11},
	"athena":           {protocol: json11},
	"cloudhsm":         {protocol: json11, code: "CloudHsmAccessDeniedException"},
	"cloudtrail":       {protocol: json11},
	"codebuild":        {protocol: json11},
	"codecommit":       {protocol: json11},
	"codedeploy":       {protocol: json11},
	"codepipeline":     {protocol: json11},
	"cognito-idp":      {protocol: json11},
	"config":           {protocol: json11},
	"discovery":        {protocol: json11, code: "AuthorizationErrorException"},
	"dms":              {protocol: json11, code: "AccessDeniedFault"},
	"ecr":              {protocol: json11},
	"ecs":              {protocol: json11},
	"elasticmapreduce": {protocol: json11},
	"events":           {protocol: json11},
	"firehose":         {protocol: json11},
	"glue":             {protocol: json11},
	"kinesis":          {protocol: json11},
	"kms":              {protocol: json11},
	"logs":             {protocol: json11},
	"mgh":              {protocol: json11, code: "UnauthorizedOperation"},
	"organizations":    {protocol: json11},
	"sagemaker":        {protocol: json11},
	"secretsmanager":   {protocol: json11},
	"ssm":              {protocol: json11},
	"tag":              {protocol: json11},
	"wafv2":            {protocol: json11},

	"apigateway":  {},
	"backup":      {},
	"batch":       {},
	"bedrock":     {},
	"eks":         {},
	"execute-api": {},
	"lambda":      {},
	"scheduler":   {},
}
