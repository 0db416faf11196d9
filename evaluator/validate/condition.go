package validate

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/internal/plausible"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/lazy"
	"github.com/iamsim/iamsim/internal/operator"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// conditions finds what is wrong with the conditions of the statement, but for
// names and types, which come with names.
func (c *checker) conditions() {
	if c.st.Condition != nil && len(c.st.Condition) == 0 {
		c.report("EMPTY_OBJECT_CONDITION", c.at("Condition"), "has no condition")
	}
	for i := range c.st.Condition {
		condition := &c.st.Condition[i]
		key, known := c.catalog.Key(condition.Key)
		if known {
			c.number(condition, key)
			c.relevant(condition)
		}
		c.emptyCondition(condition)
		c.values(condition)
		c.ofKey(condition)
	}
	c.pairs()
	c.unsupportedActions()
}

// on is the path of a condition, or of one of its values.
func (c *checker) on(condition *policy.Condition, value ...any) []any {
	return c.at("Condition", append([]any{condition.Operator.String(), condition.Key}, value...)...)
}

// number finds operators that are not for as many values as the key has.
func (c *checker) number(condition *policy.Condition, key *policy.ConditionKey) {
	set, test := condition.Operator.Set, condition.Operator.Test
	switch {
	case test == policy.Null && set != 0:
		c.report("NULL_WITH_QUALIFIER", c.on(condition), "%s asks each value whether it exists: write Null", condition.Operator)
	case test == policy.Null:
	case key.Multivalued && set == 0:
		c.report("MISSING_QUALIFIER", c.on(condition), "%s can have several values: write ForAnyValue:%s, or ForAllValues: with a test that the key exists (C-35)", key.Name, condition.Operator)
	case !key.Multivalued && set != 0 && fold.HasSuffix(key.Name, ":aud"):
		c.report("CONFIRM_AUDIENCE_CLAIM_TYPE", c.on(condition), "%s needs %s only if the provider's tokens have several audiences; else leave it out", condition.Key, setName(set))
	case !key.Multivalued && set == policy.ForAllValues && c.st.Effect == policy.Allow:
		c.report("FORALLVALUES_WITH_SINGLE_VALUED_KEY", c.on(condition), "%s has one value, and ForAllValues holds where it has none: leave ForAllValues out (C-33)", key.Name)
	}
	if key.Type == policy.BoolValue && condition.Operator.Test == policy.Bool && len(condition.Values) > 1 {
		c.report("INVALID_CONDITION_MULTIPLE_BOOLEAN", c.on(condition), "true and false together hold always: one value is meant")
	}
}

func setName(set policy.SetOperator) string {
	if set == policy.ForAllValues {
		return "ForAllValues"
	}
	return "ForAnyValue"
}

// relevant finds keys in a policy of a resource that say whose resource it is.
func (c *checker) relevant(condition *policy.Condition) {
	if c.kind != policy.Resource {
		return
	}
	switch law.KeyOf(condition.Key) {
	case law.ResourceAccount, law.ResourceOrgID, law.ResourceOrgPaths, law.S3ResourceAccount, law.S3ExpressResourceAccount:
		c.report("IRRELEVANT_CONDITION_KEY_IN_POLICY", c.on(condition), "the owner of the resource is the same in every request: %s belongs in policies of callers", condition.Key)
	}
}

func (c *checker) emptyCondition(condition *policy.Condition) {
	if len(condition.Values) > 0 {
		return
	}
	code, says := "EMPTY_ARRAY_CONDITION", "no value ever fits"
	switch o := condition.Operator; {
	case o.Set == policy.ForAllValues:
		code, says = "EMPTY_ARRAY_CONDITION_FORALLVALUES", "it holds only without the key, which Null says plainly"
	case o.Set == policy.ForAnyValue:
		code, says = "EMPTY_ARRAY_CONDITION_FORANYVALUE", "it never holds"
	case o.IfExists:
		code, says = "EMPTY_ARRAY_CONDITION_IFEXISTS", "it holds only without the key, which Null says plainly"
	}
	c.report(code, c.on(condition), "%s has no value: %s", condition.Key, says)
}

// unknownKey finds a key that nobody defines.
func (c *checker) unknownKey(condition *policy.Condition) {
	name := condition.Key
	service, rest, ok := strings.Cut(name, ":")
	path := c.on(condition)
	var f *found
	nearest := c.catalog.NearestKey(name)
	switch tag := strings.TrimSuffix(fold.String(rest), "/"); {
	case name == "":
		return // reported already
	case !ok:
		f = c.report("INVALID_CONDITION_KEY_FORMAT", path, "%s is no condition key, service:name%s", spelling.Quote(name), meant(nearest))
	case tag == "requesttag" || tag == "resourcetag" || fold.Equal(service, "aws") && tag == "principaltag":
		c.report("MISSING_TAG_KEY_IN_CONDITION", path, "%s needs the key of a tag: %s/team", name, strings.TrimSuffix(name, "/"))
		return
	case fold.Equal(name, "aws:arn"):
		nearest = "aws:PrincipalArn"
		f = c.report("UNSUPPORTED_GLOBAL_CONDITION_KEY", path, "aws:ARN is not supported: write aws:PrincipalArn, or aws:SourceArn")
	case fold.Equal(service, "aws"):
		f = c.report("INVALID_GLOBAL_CONDITION_KEY", path, "there is no condition key %s%s", spelling.Quote(name), meant(nearest))
	case strings.Contains(service, "."):
		return // a claim of an identity provider
	case c.catalog.HasService(service):
		f = c.report("INVALID_SERVICE_CONDITION_KEY", path, "%s has no condition key %s%s", service, spelling.Quote(name), meant(nearest))
	default:
		f = c.report("INVALID_SERVICE", path, "%s is no service, and so %s no condition key%s", spelling.Quote(service), spelling.Quote(name), meant(nearest))
	}
	f.key = true
	if nearest != "" && !strings.Contains(nearest, "${") {
		if e := c.replace(f, nearest, "writes "+nearest); e != nil {
			e.Changes = true
		}
	}
}

// unsupportedActions finds actions by name whose requests never have a key that a
// condition needs.
func (c *checker) unsupportedActions() {
	for i := range c.st.Condition {
		condition := &c.st.Condition[i]
		key, known := c.catalog.Key(condition.Key)
		if !known || key.Everywhere || fold.HasPrefix(key.Name, "aws:") || operator.HoldsAbsent(condition.Operator) || len(c.st.Action) == 0 {
			continue
		}
		var without []string
		for _, name := range c.st.Action {
			if action, ok := c.catalog.Action(name); ok && !c.catalog.Carries(action, key) {
				without = append(without, action.Name)
			}
		}
		if len(without) > 0 {
			f := c.report("UNSUPPORTED_ACTION_FOR_CONDITION_KEY", c.on(condition), "requests for %s never have %s: the statement does nothing for them", strings.Join(without, ", "), key.Name)
			f.key = true
		}
	}
}

// pairs finds keys that say little without another.
func (c *checker) pairs() {
	at := c.condition("aws:VpcSourceIp")
	if at != nil && c.condition("aws:SourceVpc") == nil && c.condition("aws:SourceVpce") == nil && c.condition("aws:SourceVpcArn") == nil {
		c.report("MISSING_PAIRED_CONDITION_KEYS", c.on(at), "private addresses repeat in every VPC: test aws:SourceVpc or aws:SourceVpce beside %s", at.Key)
	}
}

// condition is the first of the statement's conditions on a key; nil if there is
// none.
func (c *checker) condition(key string) *policy.Condition {
	for i := range c.st.Condition {
		if fold.Equal(c.st.Condition[i].Key, key) {
			return &c.st.Condition[i]
		}
	}
	return nil
}

// The forms of the ids in values of some keys.
var (
	vpc      = lazy.Regexp(`^vpc-([0-9a-z]{8}|[0-9a-z]{17})$`)
	endpoint = lazy.Regexp(`^vpce-([0-9a-z]{8}|[0-9a-z]{17})$`)
)

// ofKey finds values that their key never has.
func (c *checker) ofKey(condition *policy.Condition) {
	if condition.Operator.Test == policy.Null {
		return
	}
	check := func(code string, ok func(string) bool, says string) {
		for i, value := range condition.Values {
			if isLiteral(value) && !ok(value) {
				c.report(code, c.on(condition, i), "%s is no %s", spelling.Quote(value), says)
			}
		}
	}
	switch fold.String(condition.Key) {
	case "aws:requestedregion":
		check("INVALID_REGION", plausible.IsRegion, "Region, such as us-east-1")
	case "aws:sourcevpc":
		check("INVALID_VPC_FORMAT", vpc().MatchString, "id of a VPC: vpc- and 8 or 17 letters and digits")
	case "aws:sourcevpce":
		check("INVALID_VPCE_FORMAT", endpoint().MatchString, "id of a VPC endpoint: vpce- and 8 or 17 letters and digits")
	case "iam:passedtoservice", "iam:awsservicename", "aws:principalservicename":
		for i, value := range condition.Values {
			c.servicePrincipal(c.on(condition, i), value)
		}
	case "kms:viaservice":
		check("INVALID_SERVICE_PRINCIPAL_FORMAT", isViaService, "service as kms:ViaService has it: s3.us-east-1.amazonaws.com")
	case "iam:policyarn":
		for i, value := range condition.Values {
			c.managedPolicy(c.on(condition, i), value)
		}
	}
}

// isViaService reports whether a service is named with its Region, as
// kms:ViaService has it.
func isViaService(value string) bool {
	service, rest, _ := strings.Cut(value, ".")
	region, domain, ok := strings.Cut(rest, ".")
	return ok && service != "" && value == strings.ToLower(value) && plausible.IsRegion(region) && region != "" &&
		slices.Contains(slices.Collect(law.ServiceDomains), domain)
}

// servicePrincipal finds what is surely no service principal.
func (c *checker) servicePrincipal(path []any, name string) {
	if !isLiteral(name) {
		return
	}
	near, why := plausible.ServicePrincipal(&c.catalog, name)
	if why == 0 && (law.IsServicePrincipal(name) || strings.HasPrefix(name, "cognito-identity.amazonaws.com")) {
		return // Amazon Cognito's name is that of its identity provider, too
	}
	f := c.report("INVALID_SERVICE_PRINCIPAL_FORMAT", path, "%s is no service principal, such as lambda.amazonaws.com%s", spelling.Quote(name), meant(near))
	if near != "" {
		if e := c.replace(f, near, "writes "+near); e != nil {
			e.Changes = true
		}
	}
}
