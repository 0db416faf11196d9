package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
)

// A Grant becomes one Allow statement of a resource policy: a [Permission] or a
// [LayerPermission].
type Grant interface {
	Statement() (Statement, error)
}

// A Permission is what Lambda's AddPermission takes, and what it stores in the
// policy of a function (F-1, F-2). Fields left empty are parameters not given.
type Permission struct {
	StatementID string // 1 to 100 letters, digits, hyphens and underscores
	Action      string // "lambda:InvokeFunction", "lambda:*" or "*"
	// Principal is a service ("sns.amazonaws.com"), an account of 12 digits,
	// the ARN of a principal, or "*".
	Principal string
	// FunctionARN names the function, version or alias that the policy belongs
	// to; $LATEST has none (B-33).
	FunctionARN           string
	SourceARN             string // may have wildcards
	SourceAccount         string // 12 digits
	PrincipalOrgID        string // "o-a1b2c3d4e5"
	FunctionURLAuthType   string // "NONE" or "AWS_IAM", with lambda:InvokeFunctionUrl
	InvokedViaFunctionURL bool   // with lambda:InvokeFunction
	EventSourceToken      string // of an Alexa skill
}

// Statement is the statement that Lambda stores. The error is [Errors] with
// every parameter that Lambda would refuse, by the name it has in Lambda's API.
func (p Permission) Statement() (Statement, error) {
	var refused refusals
	refused.statementID(p.StatementID)
	name, prefixed := strings.CutPrefix(p.Action, "lambda:")
	if p.Action != "*" && !(prefixed && (name == "*" || isAlphabetic(name))) {
		refused.add("Action", p.Action, `is no action of Lambda: "lambda:Name", "lambda:*" or "*"`)
	}
	function, err := arn.Parse(p.FunctionARN)
	switch {
	case err != nil:
		refused.add("FunctionName", p.FunctionARN, "is no ARN")
	case function.Service() != "lambda" || function.Type() != "function":
		refused.add("FunctionName", p.FunctionARN, "is no ARN of a Lambda function")
	case function.Qualifier() == "$LATEST":
		refused.add("Qualifier", p.FunctionARN, "names $LATEST, which has no policy of its own")
	}
	principal := refused.principal(p.Principal, function)
	if p.SourceARN != "" && (!strings.HasPrefix(p.SourceARN, "arn:") || strings.Count(p.SourceARN, ":") < 5) {
		refused.add("SourceArn", p.SourceARN, "is no ARN of six parts")
	}
	if p.SourceAccount != "" && !arn.IsAccountID(p.SourceAccount) {
		refused.add("SourceAccount", p.SourceAccount, "is no account of 12 digits")
	}
	refused.organization("PrincipalOrgID", p.PrincipalOrgID)
	switch {
	case p.FunctionURLAuthType == "":
	case p.FunctionURLAuthType != "NONE" && p.FunctionURLAuthType != "AWS_IAM":
		refused.add("FunctionUrlAuthType", p.FunctionURLAuthType, "is neither NONE nor AWS_IAM")
	case p.Action != "lambda:InvokeFunctionUrl":
		refused.add("FunctionUrlAuthType", p.FunctionURLAuthType, "goes with the action lambda:InvokeFunctionUrl only, not with "+spelling.Quote(p.Action))
	}
	if p.InvokedViaFunctionURL && p.Action != "lambda:InvokeFunction" {
		refused.add("InvokedViaFunctionUrl", "true", "goes with the action lambda:InvokeFunction only, not with "+spelling.Quote(p.Action))
	}
	if token := p.EventSourceToken; token != "" && (len(token) > 256 || !isMadeOf(token, "._-")) {
		refused.add("EventSourceToken", token, "has more than 256 characters, or others than letters, digits, dots, hyphens and underscores")
	}
	if refused != nil {
		return Statement{}, Errors(refused)
	}

	st := Statement{
		Sid:       p.StatementID,
		Effect:    Allow,
		Principal: principal,
		Action:    Values{p.Action},
		Resource:  Values{p.FunctionARN},
	}
	viaURL := ""
	if p.InvokedViaFunctionURL {
		viaURL = "true"
	}
	st.require(StringEquals, "AWS:SourceAccount", p.SourceAccount)
	st.require(StringEquals, "aws:PrincipalOrgID", p.PrincipalOrgID)
	st.require(StringEquals, "lambda:FunctionUrlAuthType", p.FunctionURLAuthType)
	st.require(StringEquals, "lambda:EventSourceToken", p.EventSourceToken)
	st.require(Bool, "lambda:InvokedViaFunctionUrl", viaURL)
	// AddPermission's own page says StringLike, every policy that is shown has
	// ArnLike (Z-1).
	st.require(ArnLike, "AWS:SourceArn", p.SourceARN)
	return st, nil
}

// A LayerPermission is what Lambda's AddLayerVersionPermission takes, and what
// it stores in the policy of a layer version (F-1).
type LayerPermission struct {
	StatementID string // 1 to 100 letters, digits, hyphens and underscores
	Action      string // "lambda:GetLayerVersion"
	// Principal is an account of 12 digits, an account's root ARN, or "*".
	Principal string
	// OrganizationID narrows the principal "*" to an organization.
	OrganizationID  string
	LayerVersionARN string
}

// Statement is the statement that Lambda stores. The error is [Errors] with
// every parameter that Lambda would refuse, by the name it has in Lambda's API.
func (p LayerPermission) Statement() (Statement, error) {
	var refused refusals
	refused.statementID(p.StatementID)
	if p.Action != "lambda:GetLayerVersion" {
		refused.add("Action", p.Action, "is not lambda:GetLayerVersion, the only action of a layer's policy")
	}
	layer, err := arn.Parse(p.LayerVersionARN)
	if err != nil || layer.Service() != "lambda" || layer.Type() != "layer" || strings.Count(layer.Resource(), ":") != 2 {
		refused.add("LayerVersionArn", p.LayerVersionARN, "is no ARN of a layer version")
	}
	principal := refused.principal(p.Principal, layer)
	if principal != nil && !principal.Everyone && !arn.IsAccountID(p.Principal) && !strings.HasSuffix(p.Principal, ":root") {
		refused.add("Principal", p.Principal, `is no account and not "*"`)
	}
	refused.organization("OrganizationId", p.OrganizationID)
	if p.OrganizationID != "" && p.Principal != "*" {
		refused.add("OrganizationId", p.OrganizationID, `goes with the principal "*" only, not with `+spelling.Quote(p.Principal))
	}
	if refused != nil {
		return Statement{}, Errors(refused)
	}

	st := Statement{
		Sid:       p.StatementID,
		Effect:    Allow,
		Principal: principal,
		Action:    Values{p.Action},
		Resource:  Values{p.LayerVersionARN},
	}
	st.require(StringEquals, "aws:PrincipalOrgID", p.OrganizationID)
	return st, nil
}

// require adds a condition, unless its value is empty.
func (st *Statement) require(test Test, key, value string) {
	if value != "" {
		st.Condition = append(st.Condition, Condition{Operator: Operator{Test: test}, Key: key, Values: Values{value}})
	}
}

// maxResourcePolicy is the size in bytes of the largest policy that Lambda
// stores for a function (A.7).
const maxResourcePolicy = 20 << 10

// AddPermission returns a document with the statements of doc and the grant's,
// as Lambda would store it; doc itself is left alone. A nil doc is a function
// without policy: the result has Version 2012-10-17 and Id "default" (F-1).
//
// A grant that Lambda would refuse is an error, and so is a StatementID that
// doc has already ([codeDuplicateSid]), and a document of more than 20 KB
// ([codeTooLarge]).
func AddPermission(doc *Document, g Grant) (*Document, error) {
	st, err := g.Statement()
	if err != nil {
		return nil, err
	}
	id := "default"
	added := &Document{Version: Version2012, ID: &id}
	if doc != nil {
		if err := doc.Check(Resource); err != nil {
			return nil, err
		}
		for i := range doc.Statements {
			if doc.Statements[i].Sid == st.Sid {
				return nil, Errors{{Path: "StatementId", Code: codeDuplicateSid,
					Message: fmt.Sprintf("The statement id (%s) provided already exists. Please provide a new statement id, or remove the existing statement.", st.Sid)}}
			}
		}
		added.Version, added.ID = doc.Version, doc.ID
		added.source.name = doc.source.name
		added.Statements = slices.Clone(doc.Statements)
	}
	added.Statements = append(added.Statements, st)
	text, err := added.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if len(text) > maxResourcePolicy {
		return nil, Errors{{Code: codeTooLarge,
			Message: fmt.Sprintf("the policy would have %d bytes, Lambda's limit is %d", len(text), maxResourcePolicy)}}
	}
	return added, nil
}

// refusals collects the parameters that Lambda would refuse.
type refusals Errors

func (r *refusals) add(parameter, value, problem string) {
	*r = append(*r, &Error{Path: parameter, Code: codeInvalidPermission, Message: spelling.Quote(value) + " " + problem})
}

func (r *refusals) statementID(id string) {
	if id == "" || len(id) > 100 || !isMadeOf(id, "-_") {
		r.add("StatementId", id, "is no statement id: it has 1 to 100 letters, digits, hyphens and underscores")
	}
}

// principal turns the parameter into the element that Lambda stores: an account
// becomes its root ARN (F-2), in the partition of the resource.
func (r *refusals) principal(value string, resource arn.ARN) *Principals {
	if value == "*" {
		return &Principals{Everyone: true}
	}
	entry := PrincipalEntry{Type: PrincipalAWS, Values: Values{value}}
	switch {
	case arn.IsAccountID(value):
		entry.Values[0] = "arn:" + resource.Partition() + ":iam::" + value + ":root"
	case strings.ContainsAny(value, "*?"):
		r.add("Principal", value, `has a wildcard; only "*" alone is one`)
		return nil
	case strings.HasPrefix(value, "arn:"):
		if want := awsPrincipalFault(value); want != "" {
			r.add("Principal", value, want)
			return nil
		}
	default:
		entry.Type = PrincipalService
		if !isHost(value, "") {
			r.add("Principal", value, `is no service, account, ARN of a principal, or "*"`)
			return nil
		}
	}
	return &Principals{Entries: []PrincipalEntry{entry}}
}

func (r *refusals) organization(parameter, id string) {
	if id == "" {
		return
	}
	name, ok := strings.CutPrefix(id, "o-")
	if !ok || len(name) < 10 || len(name) > 32 || !isAlphanumeric(name) || fold.String(name) != name {
		r.add(parameter, id, `is no organization: "o-" and 10 to 32 lower-case letters and digits`)
	}
}

func isAlphabetic(s string) bool {
	return isAlphanumeric(s) && !strings.ContainsAny(s, "0123456789")
}

// isMadeOf reports whether s has only letters, digits and the extra characters.
func isMadeOf(s, extra string) bool {
	for i := range len(s) {
		if !isAlphanumeric(s[i:i+1]) && strings.IndexByte(extra, s[i]) < 0 {
			return false
		}
	}
	return true
}
