package terraform

import (
	"maps"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/policy"
)

// A carrier is a type of which an attribute is the policy of a resource.
type carrier struct {
	of     string // the attribute that names the resource; "" for the resource itself
	policy string // the attribute that is the policy
	typ    string // the type of resource that a name is of, for its ARN
}

// carriers are the types that have policies of resources.
var carriers = map[string]carrier{
	"aws_s3_bucket_policy":                           {"bucket", "policy", "aws_s3_bucket"},
	"aws_s3_bucket":                                  {"", "policy", ""},
	"aws_s3_access_point":                            {"", "policy", ""},
	"aws_s3control_access_point_policy":              {"access_point_arn", "policy", ""},
	"aws_s3control_bucket_policy":                    {"bucket", "policy", ""},
	"aws_s3tables_table_bucket_policy":               {"table_bucket_arn", "resource_policy", ""},
	"aws_sqs_queue_policy":                           {"queue_url", "policy", "aws_sqs_queue"},
	"aws_sqs_queue":                                  {"", "policy", ""},
	"aws_sns_topic_policy":                           {"arn", "policy", ""},
	"aws_sns_topic":                                  {"", "policy", ""},
	"aws_kms_key":                                    {"", "policy", ""},
	"aws_kms_external_key":                           {"", "policy", ""},
	"aws_kms_replica_key":                            {"", "policy", ""},
	"aws_kms_key_policy":                             {"key_id", "policy", "aws_kms_key"},
	"aws_secretsmanager_secret_policy":               {"secret_arn", "policy", ""},
	"aws_secretsmanager_secret":                      {"", "policy", ""},
	"aws_dynamodb_resource_policy":                   {"resource_arn", "policy", ""},
	"aws_kinesis_resource_policy":                    {"resource_arn", "policy", ""},
	"aws_ecr_repository_policy":                      {"repository", "policy", "aws_ecr_repository"},
	"aws_api_gateway_rest_api":                       {"", "policy", ""},
	"aws_api_gateway_rest_api_policy":                {"rest_api_id", "policy", "aws_api_gateway_rest_api"},
	"aws_backup_vault_policy":                        {"backup_vault_name", "policy", "aws_backup_vault"},
	"aws_opensearch_domain_policy":                   {"domain_name", "access_policies", "aws_opensearch_domain"},
	"aws_opensearch_domain":                          {"", "access_policies", ""},
	"aws_elasticsearch_domain_policy":                {"domain_name", "access_policies", "aws_elasticsearch_domain"},
	"aws_elasticsearch_domain":                       {"", "access_policies", ""},
	"aws_efs_file_system_policy":                     {"file_system_id", "policy", "aws_efs_file_system"},
	"aws_cloudwatch_event_bus_policy":                {"event_bus_name", "policy", "aws_cloudwatch_event_bus"},
	"aws_glacier_vault":                              {"", "access_policy", ""},
	"aws_media_store_container_policy":               {"container_name", "policy", "aws_media_store_container"},
	"aws_codeartifact_domain_permissions_policy":     {"domain", "policy_document", "aws_codeartifact_domain"},
	"aws_sagemaker_model_package_group_policy":       {"model_package_group_name", "resource_policy", ""},
	"aws_vpclattice_resource_policy":                 {"resource_arn", "policy", ""},
	"aws_vpclattice_auth_policy":                     {"resource_identifier", "policy", ""},
	"aws_networkfirewall_resource_policy":            {"resource_arn", "policy", ""},
	"aws_redshift_resource_policy":                   {"resource_arn", "policy", ""},
	"aws_cloudtrail_event_data_store":                {"", "resource_policy", ""},
	"aws_rekognition_project_policy":                 {"project_arn", "policy_document", ""},
	"aws_bedrockagentcore_resource_policy":           {"resource_arn", "policy", ""},
	"aws_transfer_resource_policy":                   {"resource_arn", "policy", ""},
	"aws_ssoadmin_permission_set_resource_policy":    {"resource_arn", "policy", ""},
	"aws_vpc_endpoint":                               {"", "policy", ""},
	"aws_vpc_endpoint_policy":                        {"vpc_endpoint_id", "policy", "aws_vpc_endpoint"},
	"aws_codebuild_resource_policy":                  {"resource_arn", "policy", ""},
	"aws_lakeformation_resource_policy":              {"resource_arn", "policy", ""},
	"aws_acmpca_policy":                              {"resource_arn", "policy", ""},
	"aws_ses_identity_policy":                        {"identity", "policy", ""},
	"aws_sesv2_email_identity_policy":                {"email_identity", "policy", ""},
	"aws_cloudwatch_log_destination_policy":          {"destination_name", "access_policy", ""},
	"aws_schemas_registry_policy":                    {"registry_name", "policy", ""},
	"aws_glue_resource_policy":                       {"", "", ""},
	"aws_cloudwatch_log_resource_policy":             {"", "", ""},
	"aws_ecr_registry_policy":                        {"", "", ""},
	"aws_s3control_multi_region_access_point_policy": {"", "", ""},
}

// resources reads the resources that have policies or tags. A resource that is made
// has no policy but those of the plan; of one that only a policy names, that policy
// is all.
func (v *view) resources() {
	found := make(map[string]*account.Resource)
	policied := make(map[string]*instance)
	var astray []*instance
	for _, typ := range sortedKeys(namings) {
		if typ == "aws_lambda_function" || typ == "aws_lambda_alias" || typ == "aws_vpc_endpoint" || strings.HasPrefix(typ, "aws_iam_") {
			continue
		}
		v.all(typ, func(x *instance) {
			if x.isData() {
				return
			}
			r := &account.Resource{ARN: concrete(v.arnOf(x)), Address: x.address, Begins: v.begins(x), Source: v.source(x)}
			r.Tags, r.Known = tags(v.tree(x))
			if v.grants[r.ARN] == nil { // which have the policy
				r.Known |= account.ResourcePolicy
			}
			if strings.HasPrefix(r.ARN, "arn:") {
				r.Account = v.ownerOf(x, r.ARN)
				if strings.HasPrefix(typ, "aws_kms_") && typ != "aws_kms_alias" {
					r.Policy = v.keyPolicy(r)
				}
				found[r.ARN] = r
			}
		})
	}
	for _, typ := range sortedKeys(carriers) {
		c := carriers[typ]
		v.all(typ, func(x *instance) {
			switch {
			case c.policy == "":
				v.note("%s is a policy of a kind that is not evaluated: not read", x.address)
				return
			case x.isData(), c.of == "" && !v.isWritten(x, c.policy):
				return
			}
			if strings.HasPrefix(typ, "aws_vpc_endpoint") {
				if d := v.document(x, policy.Endpoint, c.policy); d != nil {
					v.note("%s is the policy of a VPC endpoint, which counts for requests through it: give it to them", x.address)
				}
				return
			}
			of, ok := v.subject(x, c)
			if !ok {
				astray = append(astray, x)
				return
			}
			d := v.document(x, policy.Resource, c.policy)
			r := found[of]
			if d == nil {
				if r != nil {
					r.Known &^= account.ResourcePolicy
				}
				return
			}
			if r == nil {
				r = &account.Resource{ARN: of, Source: v.source(x), Account: v.ownerOf(x, of)}
				found[of] = r
			}
			if old := policied[of]; old != nil && old.address != x.address {
				if c.of == "" {
					return // it lists the policy that another resource puts
				}
				if carriers[old.typ].of != "" {
					v.note("%s and %s are both the policy of %s: the one that is applied last stands", old.address, x.address, of)
				}
			}
			policied[of] = x
			r.Policy, r.Known, r.Source = d, r.Known|account.ResourcePolicy, v.source(x)
		})
	}
	for _, of := range sortedKeys(found) {
		r := found[of]
		if p := policied[of]; p == nil || carriers[p.typ].of == "" {
			for _, x := range astray {
				if made := v.at[r.Address]; made != nil && v.canBeOf(x, made) {
					r.Known &^= account.ResourcePolicy
				}
			}
		}
		v.builder.AddResource(*r)
	}
}

// canBeOf reports whether a policy of a resource that is not known can be of this
// one: it is of what the expression names, or else of any of the service.
func (v *view) canBeOf(x, of *instance) bool {
	e, _ := v.expression(x, v.tree(x), []any{carriers[x.typ].of})
	named := false
	for _, s := range v.sources(e, scope{x.module, x.key}, 0) {
		if s.instance == of {
			return true
		}
		named = named || s.instance != nil
	}
	service, _, _ := strings.Cut(strings.TrimPrefix(x.typ, "aws_"), "_")
	return !named && strings.HasPrefix(of.typ, "aws_"+strings.TrimSuffix(service, "control"))
}

// keyPolicy is the policy that AWS KMS gives a key that is made without one: the
// account may do everything with it.
func (v *view) keyPolicy(r *account.Resource) *policy.Document {
	a, err := arn.Parse(r.ARN)
	if err != nil {
		return nil
	}
	d, err := v.builder.Document(r.Address+".policy", `{"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"arn:`+
		a.Partition()+`:iam::`+a.Account()+`:root"},"Action":"kms:*","Resource":"*"}]}`)
	if err != nil {
		v.builder.AddFault(err) // which cannot be
	}
	return d
}

// begins is how the ARN of an instance begins, where it is not known whole.
func (v *view) begins(x *instance) string {
	t := v.arnOf(x)
	if t.Holes() == nil {
		return ""
	}
	v.report(t.Holes())
	return t.Prefix()
}

// isWritten reports whether an attribute that the provider computes where it is not
// configured has a policy: one that is not known and not configured is AWS's own.
func (v *view) isWritten(x *instance, attribute string) bool {
	if _, open := at(v.tree(x), attribute).(unknown); open {
		return x.config.expressions.Get(attribute).Exists()
	}
	return text(v.tree(x), attribute) != ""
}

// ownerOf is the account that owns a resource whose ARN does not tell.
func (v *view) ownerOf(x *instance, of string) string {
	if parts := strings.SplitN(of, ":", 6); len(parts) == 6 && parts[4] == "" {
		if h := v.home(x); h.account != noAccount {
			return h.account
		}
	}
	return ""
}

// subject is the ARN of the resource whose policy an instance is; false where that
// is not known, which is reported.
func (v *view) subject(x *instance, c carrier) (string, bool) {
	if c.of == "" {
		return concrete(v.arnOf(x)), true
	}
	if s, _, ok := v.sourceOf(x, c.of); ok && s.instance != nil && s.instance.ours && v.tree(s.instance) != nil && namings[s.instance.typ].arn != "" && s.instance.typ == c.typ {
		return concrete(v.arnOf(s.instance)), true
	}
	t, _ := v.text(x, aName, c.of)
	value, known := t.Value()
	if !known {
		value = concrete(t)
	}
	if strings.HasPrefix(value, "arn:") && (known || strings.Count(t.Prefix(), ":") >= 5) {
		return value, true
	}
	if known && c.typ != "" {
		for _, y := range v.instances { // as it is known by name, URL or id
			if y.typ == c.typ && y.ours && !y.isData() && v.tree(y) != nil && v.isCalled(y, value) {
				return concrete(v.arnOf(y)), true
			}
		}
		n := namings[c.typ]
		if i := strings.LastIndexByte(value, '/'); i >= 0 && n.url != "" {
			value = value[i+1:]
		}
		if n.name != "" || c.typ == "aws_kms_key" || n.id == "name" {
			return concrete(v.filledFor(x, n, value)), true
		}
	}
	v.unresolved(x, c.of, t)
	if known {
		v.note("%s is the policy of %q, whose ARN does not follow from that: not read", x.address, value)
	}
	return "", false
}

// isCalled reports whether a resource has a name, an id or a URL.
func (v *view) isCalled(x *instance, name string) bool {
	for _, attribute := range [...]string{namings[x.typ].name, "id", "url", "key_id", "arn"} {
		if t, ok := v.text(x, anything, attribute); ok && attribute != "" {
			if value, known := t.Value(); known && value == name {
				return true
			}
		}
	}
	return false
}

// filledFor is the ARN of a resource with a name, in the home of another instance.
func (v *view) filledFor(x *instance, n naming, name string) planned.Text {
	made := strings.NewReplacer("{p}", v.home(x).partition, "{name}", name, "-{random}", "").Replace(n.arn)
	if strings.Contains(made, "{r}") {
		made = strings.ReplaceAll(made, "{r}", v.regionOf(x))
	}
	if strings.Contains(made, "{a}") {
		made = strings.ReplaceAll(made, "{a}", v.accountOf(x))
	}
	return planned.Known(made)
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
