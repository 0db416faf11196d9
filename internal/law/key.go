package law

import (
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
)

// A Key is a condition context key that AWS gives to requests by who calls, on
// whose resource, or for iam:PassRole (D.1, D.2). The zero Key is any other.
type Key uint8

const (
	OtherKey Key = iota
	PrincipalARN
	PrincipalAccount
	PrincipalType
	PrincipalUserID
	PrincipalUsername
	PrincipalOrgID
	PrincipalOrgPaths
	PrincipalTag
	PrincipalIsService
	PrincipalServiceName
	PrincipalServiceNames
	FederatedProvider
	TokenIssueTime
	MFAPresent
	MFAAge
	ResourceAccount
	ResourceOrgID
	ResourceOrgPaths
	ResourceTag
	OwnResourceTag // ec2:ResourceTag/…: a service's own spelling of aws:ResourceTag/…
	KMSCallerAccount
	S3ResourceAccount
	S3ExpressResourceAccount
	RequestTag
	PassedToService
	AssociatedResourceARN
	SourceVPCARN
	VPCEAccount
	VPCEOrgID
	VPCEOrgPaths
	Planned // a value that is not known before deployment
	keys
)

// A Source is what the value of a context key follows from.
type Source uint8

const (
	FromRequest  Source = iota // nothing but the request
	FromCaller                 // who calls
	FromResource               // whose resource it is, and its tags
)

// A KeyRow is what is known of a context key before any request. Callers who are
// neither in Always nor in AtTimes never have the key.
type KeyRow struct {
	Name    string // one that ends in "/" stands for all that begin so
	Source  Source
	Always  Kinds // callers of whom every request has the key
	AtTimes Kinds // callers of whom some requests have it
	// Service is the prefix of the service whose actions alone have the key; "" for
	// a key of all services.
	Service string
	// PassRole says whether iam:PassRole has the key as all actions have it.
	PassRole PassRoleKey
	// Alike is by kind the value that all requests of such callers have; "" where
	// values differ.
	Alike [AnonymousPrincipal + 1]string
}

// PassRoleKey says how iam:PassRole stands to a context key.
type PassRoleKey uint8

const (
	AsOthers      PassRoleKey = iota
	OnlyPassRole              // the key exists for iam:PassRole alone (G-7)
	NeverPassRole             // the key is never there for iam:PassRole (G-9, G-12)
)

var keyRows = [keys]KeyRow{
	OtherKey: {AtTimes: anyone},

	PrincipalARN:     {Name: "aws:PrincipalArn", Source: FromCaller, Always: signed},
	PrincipalAccount: {Name: "aws:PrincipalAccount", Source: FromCaller, Always: signed | anonymous, Alike: [AnonymousPrincipal + 1]string{AnonymousPrincipal: "anonymous"}},
	PrincipalType: {Name: "aws:PrincipalType", Source: FromCaller, Always: signed | anonymous, Alike: [AnonymousPrincipal + 1]string{
		RootUser: "Account", IAMUser: "User", RoleSession: "AssumedRole", FederatedUser: "FederatedUser", AnonymousPrincipal: "Anonymous",
	}},
	PrincipalUserID:   {Name: "aws:userid", Source: FromCaller, Always: signed | anonymous, Alike: [AnonymousPrincipal + 1]string{AnonymousPrincipal: "anonymous"}},
	PrincipalUsername: {Name: "aws:username", Source: FromCaller, Always: user},
	PrincipalOrgID:    {Name: "aws:PrincipalOrgID", Source: FromCaller, AtTimes: signed},
	PrincipalOrgPaths: {Name: "aws:PrincipalOrgPaths", Source: FromCaller, AtTimes: signed},
	PrincipalTag:      {Name: "aws:PrincipalTag/", Source: FromCaller, AtTimes: signed &^ root},
	PrincipalIsService: {Name: "aws:PrincipalIsAWSService", Source: FromCaller, Always: signed | service, Alike: [AnonymousPrincipal + 1]string{
		RootUser: "false", IAMUser: "false", RoleSession: "false", FederatedUser: "false", ServicePrincipal: "true",
	}},
	PrincipalServiceName:  {Name: "aws:PrincipalServiceName", Source: FromCaller, Always: service},
	PrincipalServiceNames: {Name: "aws:PrincipalServiceNamesList", Source: FromCaller, Always: service},
	FederatedProvider:     {Name: "aws:FederatedProvider", Source: FromCaller, Always: web, AtTimes: session},
	// Temporary credentials bring these; those of GetSessionToken are a user's or the
	// root user's (L-3).
	TokenIssueTime: {Name: "aws:TokenIssueTime", Always: session | federated, AtTimes: user | root},
	MFAPresent:     {Name: "aws:MultiFactorAuthPresent", Always: session, AtTimes: signed &^ session},
	MFAAge:         {Name: "aws:MultiFactorAuthAge", AtTimes: signed},

	ResourceAccount:  {Name: "aws:ResourceAccount", Source: FromResource, Always: anyone},
	ResourceOrgID:    {Name: "aws:ResourceOrgID", Source: FromResource, AtTimes: anyone},
	ResourceOrgPaths: {Name: "aws:ResourceOrgPaths", Source: FromResource, AtTimes: anyone},
	ResourceTag:      {Name: "aws:ResourceTag/", Source: FromResource, AtTimes: anyone, PassRole: NeverPassRole},
	OwnResourceTag:   {Name: ownResourceTag, Source: FromResource, AtTimes: anyone, PassRole: NeverPassRole},
	RequestTag:       {Name: "aws:RequestTag/", AtTimes: anyone},

	KMSCallerAccount:         {Name: "kms:CallerAccount", Service: "kms", Source: FromCaller, Always: signed},
	S3ResourceAccount:        {Name: "s3:ResourceAccount", Service: "s3", Source: FromResource, Always: anyone},
	S3ExpressResourceAccount: {Name: "s3express:ResourceAccount", Service: "s3express", Source: FromResource, Always: anyone},

	PassedToService:       {Name: "iam:PassedToService", AtTimes: anyone, PassRole: OnlyPassRole},
	AssociatedResourceARN: {Name: "iam:AssociatedResourceArn", AtTimes: anyone, PassRole: OnlyPassRole},
	SourceVPCARN:          {Name: "aws:SourceVpcArn", AtTimes: anyone, PassRole: NeverPassRole},
	VPCEAccount:           {Name: "aws:VpceAccount", AtTimes: anyone, PassRole: NeverPassRole},
	VPCEOrgID:             {Name: "aws:VpceOrgID", AtTimes: anyone, PassRole: NeverPassRole},
	VPCEOrgPaths:          {Name: "aws:VpceOrgPaths", AtTimes: anyone, PassRole: NeverPassRole},

	// Not a key of AWS's: what stands in a policy for a part of it that a template
	// or plan leaves to the deployment. It has one value, and no request tells it.
	Planned: {Name: PlannedPrefix, Always: anyone},
}

// PlannedPrefix begins the names of the keys of [Planned].
const PlannedPrefix = "iamsim:planned/"

// PlannedDoubt stands in such a name behind what is not known, and before what
// depends on it: a statement that applies or not.
const PlannedDoubt = "#"

// PlannedBeyond follows [PlannedDoubt] in a statement that is what the one before it
// may be besides.
const PlannedBeyond = "beyond-"

// PlannedOrigin is what is not known, of the name of such a key.
func PlannedOrigin(name string) string {
	origin, _, _ := strings.Cut(name[len(PlannedPrefix):], PlannedDoubt)
	return origin
}

// Row is what is known of the key.
func (k Key) Row() *KeyRow { return &keyRows[k] }

// ownResourceTag follows the prefix of a service in the name of the service's own
// key for the tags of a resource: "ec2:ResourceTag/", "ssm:resourceTag/".
const ownResourceTag = ":ResourceTag/"

// KeyOf is the key of a name, compared without case (C-3).
func KeyOf(name string) Key {
	family := name[:strings.IndexByte(name, '/')+1]
	for k := OtherKey + 1; k < keys; k++ {
		row := &keyRows[k]
		if row.IsFamily() && fold.Equal(row.Name, family) || fold.Equal(row.Name, name) {
			return k
		}
	}
	if fold.HasSuffix(family, ownResourceTag) {
		return OwnResourceTag
	}
	return OtherKey
}

// Keys are the rows of all keys but the zero Key.
func Keys(yield func(*KeyRow) bool) {
	for k := OtherKey + 1; k < keys; k++ {
		if !yield(&keyRows[k]) {
			return
		}
	}
}

// IsFamily reports whether the row stands for all keys that begin with its name:
// tags.
func (r *KeyRow) IsFamily() bool { return strings.HasSuffix(r.Name, "/") }

// Has reports whether requests of such callers can have the key.
func (r *KeyRow) Has(k Kind) bool { return (r.Always | r.AtTimes).Has(k) }
