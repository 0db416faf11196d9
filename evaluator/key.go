package evaluator

import (
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
)

// A contextKey is a condition context key that a set refers to.
type contextKey struct {
	name  string
	hash  uint32  // hashFold(name)
	known law.Key // which of those that follow from caller and resource (D.1); a value that the request gives wins (D-4)
	tag   string  // for tag keys: what follows the slash
	// multivalued: the key can have several values, and so is no policy variable,
	// however many it has (C-43).
	multivalued bool
}

// FollowsFrom reports whether the value of a context key follows from who calls,
// or from whose resource it is and what tags it has, and is not for the request
// alone to bring (D.1): aws:PrincipalArn, aws:PrincipalTag/team; aws:ResourceAccount,
// aws:ResourceTag/team.
func FollowsFrom(key string) (caller, resource bool) {
	source := law.KeyOf(key).Row().Source
	return source == law.FromCaller, source == law.FromResource
}

func newContextKey(name string) contextKey {
	k := contextKey{name: name, hash: hashFold(name), known: law.KeyOf(name), multivalued: law.IsMultivalued(name)}
	if slash := strings.IndexByte(name, '/'); slash > 0 {
		k.tag = name[slash+1:]
	}
	return k
}

// keyState is what is known of a context key in a request.
type keyState uint8

const (
	absentKey  keyState = iota
	knownKey            // it has these values
	presentKey          // it has some value
	unknownKey          // it may be absent
)

// A keyValue is the value of a context key in a request.
type keyValue struct {
	state keyState
	// values of a known key; nil where text is the only one.
	values []string
	text   string
	part   *knownPart // of a present key; nil: nothing is known of its value
}

// A knownPart is how a value begins and ends that is not known otherwise.
type knownPart struct{ prefix, suffix string }

func known(text string) keyValue { return keyValue{state: knownKey, text: text} }

// knownOr is a known value, or an absent key where the text is empty.
func knownOr(text string) keyValue {
	if text == "" {
		return keyValue{}
	}
	return known(text)
}

// count is the number of values of a known key.
func (v *keyValue) count() int {
	switch {
	case v.state != knownKey:
		return 0
	case v.values == nil:
		return 1
	default:
		return len(v.values)
	}
}

func (v *keyValue) at(i int) string {
	if v.values == nil {
		return v.text
	}
	return v.values[i]
}

// value of a key: none where the action never has it, else as the request
// gives it, else as it follows from the caller and the target.
func (ev *evaluation) value(k *contextKey) keyValue {
	var v keyValue
	ev.valueAt(&v, k, ev.seek(k, nil))
	return v
}

// seek finds where the value of a key is.
func (ev *evaluation) seek(k *contextKey, t *contextTable) int32 {
	if ev.lacks(k.known) {
		return nowhere
	}
	if i := ev.request.Context.find(k, t); i >= 0 {
		return inContext + int32(i)
	}
	switch {
	case k.known != law.OtherKey:
		return inDerivation
	case k.tag != "":
		return ev.request.Context.open(k)
	}
	return nowhere
}

// valueAt fills v, which is empty, with the value that was found.
func (ev *evaluation) valueAt(v *keyValue, k *contextKey, where int32) {
	switch where {
	case nowhere:
		return
	case inDerivation:
		if *v = ev.derive(k); v.state == absentKey && k.tag != "" && ev.request.Context.open(k) != nowhere {
			v.state = unknownKey
		}
		return
	}
	switch key := &ev.request.Context[where-inContext]; {
	case key.State == Present:
		v.state = presentKey
	case key.State == Unknown:
		v.state = unknownKey
	case len(key.Values) > 0: // none: absent (C-20)
		v.state, v.values = knownKey, key.Values
	}
}

// open finds the unknown key that stands for all that begin as k does and are
// not given: aws:PrincipalTag/*.
func (c Context) open(k *contextKey) int32 {
	family := len(k.name) - len(k.tag)
	for i := range c {
		if name := c[i].Name; c[i].State == Unknown && len(name) == family+1 && name[family] == '*' && fold.Equal(name[:family], k.name[:family]) {
			return inContext + int32(i)
		}
	}
	return nowhere
}

// lacks reports whether the request's action never carries the key, whoever
// gives it: PassRole has two keys of its own (G-7) and lacks others (G-9, G-12).
func (ev *evaluation) lacks(k law.Key) bool {
	if k == law.OtherKey {
		return false
	}
	switch k.Row().PassRole {
	case law.OnlyPassRole:
		return !ev.passRole
	case law.NeverPassRole:
		return ev.passRole
	}
	return false
}

// derive is the value that follows from the caller and the target (D.1).
func (ev *evaluation) derive(k *contextKey) keyValue {
	p, row := &ev.caller.Principal, k.known.Row()
	if alike := row.Alike[p.kind]; alike != "" {
		return known(alike)
	}
	if row.Source != law.FromResource && row.AtTimes == 0 && !row.Always.Has(p.kind) {
		return keyValue{}
	}
	if row.Service != "" && !ev.action.inService(row.Service) {
		return keyValue{}
	}
	switch k.known {
	case law.PrincipalARN:
		return p.principalARN()
	case law.PrincipalAccount, law.KMSCallerAccount:
		return known(p.account)
	case law.PrincipalUserID:
		return p.userID()
	case law.PrincipalUsername, law.PrincipalServiceName, law.PrincipalServiceNames:
		return known(p.name)
	case law.FederatedProvider:
		if p.kind == WebIdentity {
			return known(p.name)
		}
	case law.PrincipalOrgID:
		return organizationID(p.organization)
	case law.PrincipalOrgPaths:
		return organizationPaths(p.organization)
	case law.PrincipalTag:
		return tagValue(p.tags, k.tag)
	case law.ResourceAccount, law.S3ResourceAccount, law.S3ExpressResourceAccount:
		if ev.partly && (ev.openOwner || ev.resourceAccount == "") {
			return keyValue{state: presentKey}
		}
		return knownOr(ev.resourceAccount)
	case law.ResourceOrgID:
		return organizationID(ev.target.Organization)
	case law.ResourceOrgPaths:
		return organizationPaths(ev.target.Organization)
	case law.ResourceTag:
		return tagValue(ev.target.Tags, k.tag)
	case law.OwnResourceTag:
		if colon := strings.IndexByte(k.name, ':'); ev.action.inService(k.name[:colon]) {
			return tagValue(ev.target.Tags, k.tag)
		}
	default:
		if row.Always.Has(p.kind) { // the credentials bring it
			return keyValue{state: presentKey}
		}
	}
	return keyValue{}
}

// principalARN is aws:PrincipalArn: the role's ARN for its sessions (D-3).
func (p *Principal) principalARN() keyValue {
	switch p.kind {
	case RootUser, IAMUser, FederatedUser:
		return known(p.arn)
	case RoleSession:
		if p.role != "" {
			return known(p.role)
		}
		// The path is unknown (L-2).
		return keyValue{state: presentKey, part: p.rolePart}
	}
	return keyValue{}
}

// userID is aws:userid: where the unique id or the session's name is not
// known, the key is there with a value that is known in part.
func (p *Principal) userID() keyValue {
	switch {
	case p.userIDText != "":
		return known(p.userIDText)
	case p.kind == IAMUser, p.kind == RoleSession:
		return keyValue{state: presentKey, part: p.userIDPart}
	}
	return keyValue{}
}

func organizationID(o *Organization) keyValue {
	switch {
	case o == nil:
		return keyValue{}
	case o.ID == "":
		return keyValue{state: presentKey}
	}
	return known(o.ID)
}

func organizationPaths(o *Organization) keyValue {
	switch {
	case o == nil:
		return keyValue{}
	case len(o.Paths) == 0: // every member has one
		return keyValue{state: presentKey}
	}
	return keyValue{state: knownKey, values: o.Paths}
}

// tagValue finds a tag by its key, ignoring case; a tag with exactly that key
// comes before one in other letters (C-52).
func tagValue(tags []Tag, key string) keyValue {
	var found keyValue
	for i := range tags {
		if tags[i].Key == key {
			return known(tags[i].Value)
		}
		if found.state == absentKey && fold.Equal(tags[i].Key, key) {
			found = known(tags[i].Value)
		}
	}
	return found
}
