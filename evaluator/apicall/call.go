package apicall

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/internal/spelling"
)

// A Call is one call of an API.
type Call struct {
	// Operation is "service:Operation" as AWS spells it, or the operation alone.
	Operation string
	// Parameters is the JSON object of the operation's parameters; nil: none.
	Parameters []byte
	// Partial: the call has further parameters, which are not known. A required one
	// may be missing then, and what depends on one that is not given is not known:
	// a resource, a context key, or whether an authorization is asked at all.
	Partial bool
	// Defaults complete names that stand where an ARN is needed. Without a Region
	// there, it is the one that Context has in aws:RequestedRegion.
	Defaults arn.Defaults
	// State is what AWS has stored and the parameters do not show; what it does
	// not tell is not known.
	State State
	// Context holds the keys of the whole request, which come with the caller and
	// the connection: aws:SourceIp and the like. Keys of actions, of tags in the
	// request and of resources go to those authorizations alone that have them and
	// do not know their value (D-5).
	Context evaluator.Context
	// Endpoint is the policy of the VPC endpoint that the request passes; nil
	// where it passes none, or one with the default policy.
	Endpoint *evaluator.Set
}

// State tells, by name, what AWS has stored. No values say that there is
// nothing; a name that is missing, that it is not known. Only names that the
// operation asks for may be there.
type State map[Lookup][]string

// A Lookup is the name of something that AWS has stored.
type Lookup string

// What a call can depend on.
const (
	URLAuthType                Lookup = "urlAuthType"                // of the function's URL: AWS_IAM or NONE
	MappingFunctionARN         Lookup = "mappingFunctionArn"         // function of the event source mapping
	StatementPrincipal         Lookup = "statementPrincipal"         // of the statement StatementId
	StatementURLAuthType       Lookup = "statementUrlAuthType"       // in the condition of the statement StatementId
	StoredPolicyPrincipals     Lookup = "storedPolicyPrincipals"     // in the resource policy
	EventSourceToken           Lookup = "eventSourceToken"           // sent by an event source outside AWS; absent unless given
	VPCOfSubnets               Lookup = "vpcOfSubnets"               // "vpc-…"
	MicroVMImage               Lookup = "microvmImage"               // name of the image that the MicroVM runs
	DurableExecutionARN        Lookup = "durableExecutionArn"        // behind CallbackId
	RepositoryLacksLambdaGrant Lookup = "repositoryLacksLambdaGrant" // "true" or "false": Lambda cannot pull the image yet
	ServiceLinkedRoleMissing   Lookup = "serviceLinkedRoleMissing"   // "true" or "false": Lambda@Edge's role does not exist yet
)

// Errors of [Call.Plan] and [Evaluate].
var (
	// ErrUnknownOperation: the operation is not known.
	ErrUnknownOperation = errors.New("operation not known")
	// ErrParameter: a parameter is missing or wrong.
	ErrParameter = errors.New("wrong parameter")
	// ErrState: a state is wrong, or the operation does not ask for it.
	ErrState = errors.New("wrong state")
)

// Operations are the names of all operations that are known, in byte order.
func Operations() []string {
	t, err := operations()
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(t.operations))
}

// find is the operation that a call names, with its service or without; else
// near ends the message with what was meant.
func (t *table) find(name string) (op *operation, near string) {
	if op, ok := t.operations[name]; ok {
		return op, ""
	}
	names := slices.Sorted(maps.Keys(t.operations))
	if !strings.Contains(name, ":") {
		for i, full := range names {
			_, names[i], _ = strings.Cut(full, ":")
			if names[i] == name {
				return t.operations[full], ""
			}
		}
	}
	return nil, spelling.Suggestion(name, names)
}
