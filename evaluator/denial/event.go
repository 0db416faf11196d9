package denial

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/typed"
)

// cloudTrailEvent is what is read of an event.
type cloudTrailEvent struct {
	UserIdentity         userIdentity    `json:"userIdentity"`
	EventTime            string          `json:"eventTime"`
	EventSource          string          `json:"eventSource"`
	EventName            string          `json:"eventName"`
	AWSRegion            string          `json:"awsRegion"`
	SourceIPAddress      string          `json:"sourceIPAddress"`
	UserAgent            string          `json:"userAgent"`
	ErrorCode            string          `json:"errorCode"`
	ErrorMessage         string          `json:"errorMessage"`
	RequestID            string          `json:"requestID"`
	VPCEndpointID        string          `json:"vpcEndpointId"`
	VPCEndpointAccountID string          `json:"vpcEndpointAccountId"`
	TLSDetails           json.RawMessage `json:"tlsDetails"`
	RequestParameters    json.RawMessage `json:"requestParameters"`
	Resources            []struct {
		ARN string `json:"ARN"`
	} `json:"resources"`
}

type userIdentity struct {
	Type           string `json:"type"`
	PrincipalID    string `json:"principalId"`
	ARN            string `json:"arn"`
	AccountID      string `json:"accountId"`
	AccessKeyID    string `json:"accessKeyId"`
	InvokedBy      string `json:"invokedBy"`
	SessionContext struct {
		SessionIssuer struct {
			Type        string `json:"type"`
			ARN         string `json:"arn"`
			PrincipalID string `json:"principalId"`
		} `json:"sessionIssuer"`
		Attributes struct {
			CreationDate     string `json:"creationDate"`
			MFAAuthenticated any    `json:"mfaAuthenticated"`
		} `json:"attributes"`
		WebIDFederationData struct {
			FederatedProvider string `json:"federatedProvider"`
		} `json:"webIdFederationData"`
		SourceIdentity  string `json:"sourceIdentity"`
		EC2RoleDelivery string `json:"ec2RoleDelivery"`
		AssumedRoot     any    `json:"assumedRoot"`
	} `json:"sessionContext"`
	InScopeOf struct {
		IssuerType          string `json:"issuerType"`
		CredentialsIssuedTo string `json:"credentialsIssuedTo"`
	} `json:"inScopeOf"`
}

// event reads a CloudTrail event. One of a request that was not denied is only
// counted.
func (r *reader) event(raw string) {
	var e cloudTrailEvent
	if err := json.Unmarshal([]byte(raw), &e); err != nil {
		r.fault(r.line, "the CloudTrail event is not as AWS writes one: "+err.Error(), raw)
		return
	}
	inner := reader{parser: r.parser, text: e.ErrorMessage, line: r.line, quoted: true}
	inner.plain(undecorated(e.ErrorMessage), nil)
	if len(inner.denials) == 0 && !isDeniedCode().MatchString(e.ErrorCode) {
		if len(inner.errs) > 0 {
			r.errs = append(r.errs, inner.errs...)
			return
		}
		r.notDenied++
		return
	}
	var d Denial
	for _, said := range inner.denials {
		if said.Form == FromMessage {
			d = said
		}
	}
	if len(inner.errs) > 0 {
		d.note("the event's message is %s", inner.errs[0])
	}
	d.Form, d.Line = FromEvent, r.line
	e.tell(&d)
	r.add(d)
}

// tell fills a denial from the event.
func (e *cloudTrailEvent) tell(d *Denial) {
	id := &e.UserIdentity
	d.Code, d.RequestID = strings.TrimPrefix(e.ErrorCode, "Client."), or(e.RequestID, d.RequestID)
	d.Service, d.Operation, d.AccessKeyID, d.Region = e.EventSource, e.EventName, id.AccessKeyID, or(e.AWSRegion, d.Region)
	d.Principal, d.PrincipalID = or(d.Principal, e.principal()), id.PrincipalID
	if issuer := id.SessionContext.SessionIssuer; issuer.Type == "Role" && strings.Contains(issuer.ARN, ":role/") {
		d.Role, d.PrincipalID = issuer.ARN, or(issuer.PrincipalID, d.PrincipalID)
	}
	if d.Resource == "" && len(e.Resources) == 1 && strings.HasPrefix(e.Resources[0].ARN, "arn:") {
		d.Resource = e.Resources[0].ARN
	}
	e.context(d)
	if fold.Equal(d.Action, "iam:PassRole") && services().prefix(e.EventSource) == "lambda" {
		e.associatedFunction(d)
	}
}

// principal is the caller where the message does not name it.
func (e *cloudTrailEvent) principal() string {
	switch id := &e.UserIdentity; {
	case id.ARN != "":
		return id.ARN
	case id.Type == "AWSService":
		return id.InvokedBy
	case id.Type == "Root" && id.AccountID != "":
		return "arn:aws:iam::" + id.AccountID + ":root"
	}
	return ""
}

// context sets the keys that the event tells (D.2).
func (e *cloudTrailEvent) context(d *Denial) {
	id := &e.UserIdentity
	session := &id.SessionContext
	_, isAddress := typed.Address(e.SourceIPAddress)
	switch {
	case !isAddress: // the name of a service that called on behalf of the caller
	case e.VPCEndpointID != "":
		d.set("aws:VpcSourceIp", e.SourceIPAddress)
	default:
		d.set("aws:SourceIp", e.SourceIPAddress)
	}
	d.set("aws:SourceVpce", e.VPCEndpointID)
	d.set("aws:VpceAccount", e.VPCEndpointAccountID)
	d.set("aws:UserAgent", e.UserAgent)
	d.set("aws:RequestedRegion", e.AWSRegion)
	if tls := string(e.TLSDetails); tls != "" && tls != "null" {
		d.set("aws:SecureTransport", "true")
	}
	if t, err := time.Parse(time.RFC3339, e.EventTime); err == nil {
		d.set("aws:CurrentTime", e.EventTime)
		d.set("aws:EpochTime", strconv.FormatInt(t.Unix(), 10))
	}
	switch {
	case id.Type == "AWSService":
	case id.InvokedBy != "": // a service uses the caller's credentials
		d.set("aws:ViaAWSService", "true")
		d.set("aws:CalledViaLast", id.InvokedBy)
		for _, key := range [...]string{"aws:CalledVia", "aws:CalledViaFirst"} {
			d.Context = append(d.Context, evaluator.Key{Name: key, State: evaluator.Present})
		}
	default:
		d.set("aws:ViaAWSService", "false")
	}
	d.set("aws:TokenIssueTime", session.Attributes.CreationDate)
	d.set("aws:MultiFactorAuthPresent", boolean(session.Attributes.MFAAuthenticated))
	d.set("aws:FederatedProvider", session.WebIDFederationData.FederatedProvider)
	d.set("aws:SourceIdentity", session.SourceIdentity)
	d.set("aws:AssumedRoot", boolean(session.AssumedRoot))
	d.set("ec2:RoleDelivery", session.EC2RoleDelivery)
	if id.InScopeOf.IssuerType == "AWS::Lambda::Function" {
		d.set("lambda:SourceFunctionArn", id.InScopeOf.CredentialsIssuedTo)
	}
}

// associatedFunction sets the function that a role is passed to (G-6).
func (e *cloudTrailEvent) associatedFunction(d *Denial) {
	var parameters struct {
		FunctionName string `json:"functionName"`
	}
	caller, err := arn.Parse(d.Principal)
	if err != nil || json.Unmarshal(e.RequestParameters, &parameters) != nil || parameters.FunctionName == "" {
		return
	}
	defaults := arn.Defaults{Partition: caller.Partition(), Region: e.AWSRegion, Account: caller.Account()}
	if function, err := arn.ParseFunction(parameters.FunctionName, defaults); err == nil {
		d.set("iam:AssociatedResourceArn", function.Unqualified().String())
	}
}

// boolean is how events write one: as a string or as a boolean.
func boolean(v any) string {
	switch v := v.(type) {
	case string:
		if v == "true" || v == "false" {
			return v
		}
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

var versionSuffix = lazily(`[0-9]{8}(?:v[0-9]+)?\z`)

// eventAction is the action of an event's operation, as most services name it.
func eventAction(source, name string) string {
	service, _, _ := strings.Cut(source, ".")
	name = versionSuffix().ReplaceAllLiteralString(name, "")
	if !servicePrefix().MatchString(service) || name == "" {
		return ""
	}
	return service + ":" + name
}

var servicePrefix = lazily(`\A[a-z][a-z0-9-]*\z`)
