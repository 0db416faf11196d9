package terraform

import (
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/iamsim/iamsim/evaluator/account/planned"
)

// A naming is how the ARN and the id of a resource follow from its name, so that
// they are known before it is made.
type naming struct {
	// name is the attribute that has the name; "" where AWS makes one up.
	name string
	// prefix is the attribute with the beginning of a name that is made up.
	prefix string
	// arn has {p}, {r}, {a}, {path} and {name} for partition, region, account, path
	// and name; {random} for what AWS adds.
	arn string
	// id is "arn", "name" or "url".
	id string
	// url, if there is one, is written as arn is.
	url string
	// parts: ARNs that begin with this one and go on are as usual in policies, such
	// as those of objects in a bucket.
	parts bool
}

// namings are the types whose ARNs follow from their names.
var namings = map[string]naming{
	"aws_iam_role":             {name: "name", prefix: "name_prefix", arn: "arn:{p}:iam::{a}:role{path}{name}", id: "name"},
	"aws_iam_user":             {name: "name", arn: "arn:{p}:iam::{a}:user{path}{name}", id: "name"},
	"aws_iam_group":            {name: "name", arn: "arn:{p}:iam::{a}:group{path}{name}", id: "name"},
	"aws_iam_policy":           {name: "name", prefix: "name_prefix", arn: "arn:{p}:iam::{a}:policy{path}{name}", id: "arn"},
	"aws_iam_instance_profile": {name: "name", prefix: "name_prefix", arn: "arn:{p}:iam::{a}:instance-profile{path}{name}", id: "name"},
	"aws_iam_saml_provider":    {name: "name", arn: "arn:{p}:iam::{a}:saml-provider/{name}", id: "arn"},

	"aws_lambda_function":      {name: "function_name", arn: "arn:{p}:lambda:{r}:{a}:function:{name}", id: "name"},
	"aws_lambda_alias":         {name: "name", arn: "{function}:{name}", id: "arn"},
	"aws_lambda_layer_version": {name: "layer_name", arn: "arn:{p}:lambda:{r}:{a}:layer:{name}:{version}", id: "arn"},

	"aws_s3_bucket":                        {name: "bucket", prefix: "bucket_prefix", arn: "arn:{p}:s3:::{name}", id: "name", parts: true},
	"aws_s3_access_point":                  {name: "name", arn: "arn:{p}:s3:{r}:{a}:accesspoint/{name}", parts: true},
	"aws_sqs_queue":                        {name: "name", prefix: "name_prefix", arn: "arn:{p}:sqs:{r}:{a}:{name}", id: "url", url: "https://sqs.{r}.amazonaws.com/{a}/{name}"},
	"aws_sns_topic":                        {name: "name", prefix: "name_prefix", arn: "arn:{p}:sns:{r}:{a}:{name}", id: "arn"},
	"aws_kms_key":                          {arn: "arn:{p}:kms:{r}:{a}:key/{name}", id: "name"},
	"aws_kms_replica_key":                  {arn: "arn:{p}:kms:{r}:{a}:key/{name}", id: "name"},
	"aws_kms_external_key":                 {arn: "arn:{p}:kms:{r}:{a}:key/{name}", id: "name"},
	"aws_kms_alias":                        {name: "name", arn: "arn:{p}:kms:{r}:{a}:{name}", id: "name"},
	"aws_secretsmanager_secret":            {name: "name", prefix: "name_prefix", arn: "arn:{p}:secretsmanager:{r}:{a}:secret:{name}-{random}", id: "arn"},
	"aws_ssm_parameter":                    {name: "name", arn: "arn:{p}:ssm:{r}:{a}:parameter/{name}", id: "name"},
	"aws_dynamodb_table":                   {name: "name", arn: "arn:{p}:dynamodb:{r}:{a}:table/{name}", id: "name"},
	"aws_kinesis_stream":                   {name: "name", arn: "arn:{p}:kinesis:{r}:{a}:stream/{name}", id: "arn"},
	"aws_kinesis_firehose_delivery_stream": {name: "name", arn: "arn:{p}:firehose:{r}:{a}:deliverystream/{name}", id: "arn"},
	"aws_cloudwatch_log_group":             {name: "name", prefix: "name_prefix", arn: "arn:{p}:logs:{r}:{a}:log-group:{name}", id: "name", parts: true},
	"aws_cloudwatch_event_rule":            {name: "name", prefix: "name_prefix", arn: "arn:{p}:events:{r}:{a}:rule/{bus}{name}"},
	"aws_cloudwatch_event_bus":             {name: "name", arn: "arn:{p}:events:{r}:{a}:event-bus/{name}", id: "name"},
	"aws_ecr_repository":                   {name: "name", arn: "arn:{p}:ecr:{r}:{a}:repository/{name}", id: "name"},
	"aws_sfn_state_machine":                {name: "name", prefix: "name_prefix", arn: "arn:{p}:states:{r}:{a}:stateMachine:{name}", id: "arn"},
	"aws_codebuild_project":                {name: "name", arn: "arn:{p}:codebuild:{r}:{a}:project/{name}", id: "arn"},
	"aws_ecs_cluster":                      {name: "name", arn: "arn:{p}:ecs:{r}:{a}:cluster/{name}", id: "arn"},
	"aws_opensearch_domain":                {name: "domain_name", arn: "arn:{p}:es:{r}:{a}:domain/{name}", id: "arn", parts: true},
	"aws_elasticsearch_domain":             {name: "domain_name", arn: "arn:{p}:es:{r}:{a}:domain/{name}", id: "arn", parts: true},
	"aws_backup_vault":                     {name: "name", arn: "arn:{p}:backup:{r}:{a}:backup-vault:{name}", id: "name"},
	"aws_glacier_vault":                    {name: "name", arn: "arn:{p}:glacier:{r}:{a}:vaults/{name}", id: "name"},
	"aws_media_store_container":            {name: "name", arn: "arn:{p}:mediastore:{r}:{a}:container/{name}", id: "name", parts: true},
	"aws_codeartifact_domain":              {name: "domain", arn: "arn:{p}:codeartifact:{r}:{a}:domain/{name}", id: "arn"},
	"aws_s3tables_table_bucket":            {name: "name", arn: "arn:{p}:s3tables:{r}:{a}:bucket/{name}", parts: true},
	"aws_efs_file_system":                  {arn: "arn:{p}:elasticfilesystem:{r}:{a}:file-system/{name}", id: "name"},
	"aws_vpc_endpoint":                     {arn: "arn:{p}:ec2:{r}:{a}:vpc-endpoint/{name}", id: "name"},
	"aws_api_gateway_rest_api":             {arn: "arn:{p}:apigateway:{r}::/restapis/{name}", id: "name", parts: true},
}

// own is an attribute that follows from the name of a resource; false for others.
func (v *view) own(x *instance, attribute string) (planned.Text, bool) {
	n, ok := namings[x.typ]
	if !ok || x.isData() {
		return planned.Text{}, false
	}
	switch {
	case attribute == n.name:
		return v.nameOf(x, n), true
	case attribute == "arn", attribute == "id" && n.id == "arn":
		return v.filled(x, n, n.arn), true
	case attribute == "id" && n.id == "name", n.name == "" && attribute == "key_id":
		return v.nameOf(x, n), true
	case n.url != "" && (attribute == "url" || attribute == "id"):
		return v.filled(x, n, n.url), true
	case attribute == "layer_arn":
		return v.filled(x, n, strings.TrimSuffix(n.arn, ":{version}")), true
	}
	return planned.Text{}, false
}

// nameOf is the name of a resource: as it is written, or made up with a beginning
// that is known. A made-up name stands for itself: nobody can have written it.
func (v *view) nameOf(x *instance, n naming) planned.Text {
	if s := text(v.tree(x), n.name); s != "" {
		return planned.Known(s)
	}
	if given, ok := v.given.Value(x.address + "." + n.name); ok && n.name != "" {
		return planned.Known(given)
	}
	if n.name == "" {
		return planned.Known(madeUp(x.address, n.arn))
	}
	if s := text(v.tree(x), n.prefix); s != "" {
		return planned.Known(s + madeUp(x.address, ""))
	}
	if e := x.config.expressions; e.Exists() && !e.Get(n.name).Exists() && !e.Get(n.prefix).Exists() && n.prefix != "" {
		return planned.Known("terraform-" + madeUp(x.address, ""))
	}
	e, _ := v.expression(x, v.tree(x), []any{n.name})
	return planned.Unknown(v.hole(x.address+"."+n.name, names(v.sources(e, scope{x.module, x.key}, 0))))
}

// madeUp stands for what AWS or the provider makes up, the same for one address.
func madeUp(address, more string) string {
	return fmt.Sprintf("known-after-apply-%08x", crc32.ChecksumIEEE([]byte(address+more)))
}

// filled is a pattern of a naming with what is known of an instance.
func (v *view) filled(x *instance, n naming, pattern string) planned.Text {
	var all planned.Text
	for pattern != "" {
		before, rest, found := strings.Cut(pattern, "{")
		all = planned.Concat(all, planned.Known(before))
		if !found {
			break
		}
		word, after, _ := strings.Cut(rest, "}")
		all, pattern = planned.Concat(all, v.field(x, n, word)), after
	}
	return all
}

// field is one word of a pattern.
func (v *view) field(x *instance, n naming, word string) planned.Text {
	switch word {
	case "p":
		return planned.Known(v.home(x).partition)
	case "r":
		return planned.Known(v.regionOf(x))
	case "a":
		return planned.Known(v.accountOf(x))
	case "path":
		if t, ok := v.text(x, anything, "path"); ok {
			return t.AsPath()
		}
		return planned.Known("/")
	case "bus":
		if bus := text(v.tree(x), "event_bus_name"); bus != "" && bus != "default" {
			return planned.Known(bus + "/")
		}
		return planned.Text{}
	case "random":
		return planned.Known(madeUp(x.address, "random"))
	case "version":
		return planned.Unknown(v.hole(x.address+".version", ""))
	case "function":
		return v.functionARN(x, "function_name")
	}
	name := v.nameOf(x, n)
	if s, ok := name.Value(); ok && x.typ == "aws_ssm_parameter" {
		return planned.Known(strings.TrimPrefix(s, "/"))
	}
	return name
}

// concrete is a text as an ARN of an entity has it: what is not known stands for
// itself.
func concrete(t planned.Text) string {
	var b strings.Builder
	for text, hole := range t.Parts() {
		b.WriteString(text)
		if hole != nil {
			b.WriteString(madeUp(hole.Origin, ""))
		}
	}
	return b.String()
}

// arnOf is the ARN of an instance: as it is known, or as it follows from its name.
func (v *view) arnOf(x *instance) planned.Text {
	if t, ok := v.text(x, anARN, "arn"); ok {
		return t
	}
	if t, ok := v.own(x, "arn"); ok {
		return t
	}
	return planned.Unknown(v.hole(x.address+".arn", ""))
}
