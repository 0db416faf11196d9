package engine

import (
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
)

// A ContextKey is a condition context key that a set refers to.
type ContextKey struct {
	Name  string
	hash  uint32  // hashFold(name)
	Known law.Key // which of those that follow from caller and resource (D.1); a value that the request gives wins (D-4)
	Tag   string  // for tag keys: what follows the slash
}

// FollowsFrom reports whether the value of a context key follows from who calls,
// or from whose resource it is and what tags it has, and is not for the request
// alone to bring (D.1): aws:PrincipalArn, aws:PrincipalTag/team; aws:ResourceAccount,
// aws:ResourceTag/team.
func FollowsFrom(key string) (caller, resource bool) {
	source := law.KeyOf(key).Row().Source
	return source == law.FromCaller, source == law.FromResource
}

func NewContextKey(name string) ContextKey {
	k := ContextKey{Name: name, hash: hashFold(name), Known: law.KeyOf(name)}
	if slash := strings.IndexByte(name, '/'); slash > 0 {
		k.Tag = name[slash+1:]
	}
	return k
}

// KeyState is what is known of a context key in a request.
type KeyState uint8

const (
	AbsentKey  KeyState = iota
	KnownKey            // it has these values
	PresentKey          // it has some value
	UnknownKey          // it may be absent
)

// A KeyValue is the value of a context key in a request.
type KeyValue struct {
	State KeyState
	// Values of a known key; nil where text is the only one.
	Values []string
	Text   string
	Part   *KnownPart // of a present key; nil: nothing is known of its value
}

// A KnownPart is how a value begins and ends that is not known otherwise.
type KnownPart struct{ Prefix, Suffix string }

func KnownText(text string) KeyValue { return KeyValue{State: KnownKey, Text: text} }

// knownOr is a known value, or an absent key where the text is empty.
func knownOr(text string) KeyValue {
	if text == "" {
		return KeyValue{}
	}
	return KnownText(text)
}

// Count is the number of values of a known key.
func (v *KeyValue) Count() int {
	switch {
	case v.State != KnownKey:
		return 0
	case v.Values == nil:
		return 1
	default:
		return len(v.Values)
	}
}

func (v *KeyValue) At(i int) string {
	if v.Values == nil {
		return v.Text
	}
	return v.Values[i]
}

// Value of a key: none where the action never has it, else as the request
// gives it, else as it follows from the caller and the target.
func (ev *Evaluation) Value(k *ContextKey) KeyValue {
	var v KeyValue
	ev.valueAt(&v, k, ev.seek(k, nil))
	return v
}

// seek finds where the value of a key is.
func (ev *Evaluation) seek(k *ContextKey, t *contextTable) int32 {
	if ev.Lacks(k.Known) {
		return nowhere
	}
	if i := ev.Request.Context.find(k, t); i >= 0 {
		return inContext + int32(i)
	}
	switch {
	case k.Known != law.OtherKey:
		return inDerivation
	case k.Tag != "":
		return ev.Request.Context.open(k)
	}
	return nowhere
}

// valueAt fills v, which is empty, with the value that was found.
func (ev *Evaluation) valueAt(v *KeyValue, k *ContextKey, where int32) {
	switch where {
	case nowhere:
		return
	case inDerivation:
		if *v = ev.Derive(k); v.State == AbsentKey && k.Tag != "" && ev.Request.Context.open(k) != nowhere {
			v.State = UnknownKey
		}
		return
	}
	switch key := &ev.Request.Context[where-inContext]; {
	case key.State == Present:
		v.State = PresentKey
	case key.State == Unknown:
		v.State = UnknownKey
	case len(key.Values) > 0: // none: absent (C-20)
		v.State, v.Values = KnownKey, key.Values
	}
}

// open finds the unknown key that stands for all that begin as k does and are
// not given: aws:PrincipalTag/*.
func (c Context) open(k *ContextKey) int32 {
	family := len(k.Name) - len(k.Tag)
	for i := range c {
		if name := c[i].Name; c[i].State == Unknown && len(name) == family+1 && name[family] == '*' && fold.Equal(name[:family], k.Name[:family]) {
			return inContext + int32(i)
		}
	}
	return nowhere
}

// Lacks reports whether the request's action never carries the key, whoever
// gives it: PassRole has two keys of its own (G-7) and lacks others (G-9, G-12).
func (ev *Evaluation) Lacks(k law.Key) bool {
	if k == law.OtherKey {
		return false
	}
	switch k.Row().PassRole {
	case law.OnlyPassRole:
		return !ev.PassRole
	case law.NeverPassRole:
		return ev.PassRole && !(ev.RoleTags && k.Row().IsFamily())
	}
	return false
}

// tagOfResource is the value of a tag of the resource. Where tags of a role are
// read all the same, those that are not given are not known (C-54).
func (ev *Evaluation) tagOfResource(key string) KeyValue {
	v := tagValue(ev.Target.Tags, key)
	if v.State == AbsentKey && ev.PassRole {
		v.State = UnknownKey
	}
	return v
}

// Derive is the value that follows from the caller and the target (D.1).
func (ev *Evaluation) Derive(k *ContextKey) KeyValue {
	p, row := &ev.Caller.Principal, k.Known.Row()
	if alike := row.Alike[p.kind]; alike != "" {
		return KnownText(alike)
	}
	if row.Source != law.FromResource && row.AtTimes == 0 && !row.Always.Has(p.kind) {
		return KeyValue{}
	}
	if row.Service != "" && !ev.Action.InService(row.Service) {
		return KeyValue{}
	}
	switch k.Known {
	case law.PrincipalARN:
		return p.principalARN()
	case law.PrincipalAccount, law.KMSCallerAccount:
		return KnownText(p.account)
	case law.PrincipalUserID:
		return p.userID()
	case law.PrincipalUsername, law.PrincipalServiceName, law.PrincipalServiceNames:
		return KnownText(p.name)
	case law.FederatedProvider:
		if p.kind == WebIdentity {
			return KnownText(p.name)
		}
	case law.PrincipalOrgID:
		return organizationID(p.organization)
	case law.PrincipalOrgPaths:
		return organizationPaths(p.organization)
	case law.PrincipalTag:
		return tagValue(p.tags, k.Tag)
	case law.ResourceAccount, law.S3ResourceAccount, law.S3ExpressResourceAccount:
		if ev.Partly && (ev.OpenOwner || ev.ResourceAccount == "") {
			return KeyValue{State: PresentKey}
		}
		return knownOr(ev.ResourceAccount)
	case law.ResourceOrgID:
		return organizationID(ev.Target.Organization)
	case law.ResourceOrgPaths:
		return organizationPaths(ev.Target.Organization)
	case law.ResourceTag:
		return ev.tagOfResource(k.Tag)
	case law.OwnResourceTag:
		if colon := strings.IndexByte(k.Name, ':'); ev.Action.InService(k.Name[:colon]) {
			return ev.tagOfResource(k.Tag)
		}
	default:
		if row.Always.Has(p.kind) { // the credentials bring it
			return KeyValue{State: PresentKey}
		}
	}
	return KeyValue{}
}

// principalARN is aws:PrincipalArn: the role's ARN for its sessions (D-3).
func (p *Principal) principalARN() KeyValue {
	switch p.kind {
	case RootUser, IAMUser, FederatedUser:
		return KnownText(p.arn)
	case RoleSession:
		if p.role != "" {
			return KnownText(p.role)
		}
		// The path is unknown (L-2).
		return KeyValue{State: PresentKey, Part: p.rolePart}
	}
	return KeyValue{}
}

// userID is aws:userid: where the unique id or the session's name is not
// known, the key is there with a value that is known in part.
func (p *Principal) userID() KeyValue {
	switch {
	case p.userIDText != "":
		return KnownText(p.userIDText)
	case p.kind == IAMUser, p.kind == RoleSession:
		return KeyValue{State: PresentKey, Part: p.userIDPart}
	}
	return KeyValue{}
}

func organizationID(o *Organization) KeyValue {
	switch {
	case o == nil:
		return KeyValue{}
	case o.ID == "":
		return KeyValue{State: PresentKey}
	}
	return KnownText(o.ID)
}

func organizationPaths(o *Organization) KeyValue {
	switch {
	case o == nil:
		return KeyValue{}
	case len(o.Paths) == 0: // every member has one
		return KeyValue{State: PresentKey}
	}
	return KeyValue{State: KnownKey, Values: o.Paths}
}

// tagValue finds a tag by its key, ignoring case; a tag with exactly that key
// comes before one in other letters (C-52).
func tagValue(tags []Tag, key string) KeyValue {
	var found KeyValue
	for i := range tags {
		if tags[i].Key == key {
			return KnownText(tags[i].Value)
		}
		if found.State == AbsentKey && fold.Equal(tags[i].Key, key) {
			found = KnownText(tags[i].Value)
		}
	}
	return found
}

// NeverHas reports whether no request of such a caller for the action has the
// key, beyond what follows from caller and target.
func (ev *Evaluation) NeverHas(k *ContextKey) bool {
	return !k.Known.Row().AtTimes.Has(ev.Caller.Principal.kind) || ev.Lacks(k.Known)
}
