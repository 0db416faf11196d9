package twin

import (
	"strings"

	"github.com/iamsim/iamsim/evaluator"
)

type state int

const (
	absent  state = iota
	known         // it has these values
	present       // it has some value
	unknown       // it may be absent
)

// A value is what is known of a context key.
type value struct {
	state  state
	values []string
	// prefix and suffix are the known ends of the one value of a present key;
	// both are empty where nothing of it is known.
	prefix, suffix string
}

func knownValue(values ...string) value {
	if len(values) == 0 {
		return value{} // no values, no key (C-20)
	}
	return value{state: known, values: values}
}

// value of a context key: what the action never carries is absent, what the
// request gives wins over what follows from principal and resource (D-4).
func (r *request) value(key string) value {
	name, tag, isTag := strings.Cut(key, "/")
	name, key = lower(name), lower(key)
	switch {
	case key == "iam:passedtoservice", key == "iam:associatedresourcearn":
		if !r.passRole() { // G-7
			return value{}
		}
	case key == "aws:sourcevpcarn", key == "aws:vpceaccount", key == "aws:vpceorgid", key == "aws:vpceorgpaths",
		isTag && (name == "aws:resourcetag" || name == "iam:resourcetag"):
		if r.passRole() { // G-9, G-12
			return value{}
		}
	}
	for _, given := range r.Context {
		if lower(given.Name) == key {
			return knownValue(given.Values...)
		}
	}
	for _, name := range r.Present {
		if lower(name) == key {
			return value{state: present}
		}
	}
	for _, name := range r.Unknown {
		if lower(name) == key {
			return value{state: unknown}
		}
	}
	if isTag {
		v := r.tag(name, tag)
		for _, unknownName := range r.Unknown {
			if v.state == absent && lower(unknownName) == name+"/*" {
				v.state = unknown
			}
		}
		return v
	}
	return r.derived(key)
}

// derived is what follows from principal and resource (D.1).
func (r *request) derived(key string) value {
	c := r.caller
	switch key {
	case "aws:principalarn":
		return principalARN(c)
	case "aws:principalaccount":
		if c.kind == anonymous {
			return knownValue("anonymous")
		}
		return text(c.account)
	case "aws:principaltype":
		return text(map[kind]string{
			root: "Account", user: "User", session: "AssumedRole", federated: "FederatedUser", anonymous: "Anonymous",
		}[c.kind])
	case "aws:userid":
		return userID(c)
	case "aws:username":
		if c.kind == user {
			return text(c.name)
		}
	case "aws:principalorgid":
		return organizationID(r.Principal.Org)
	case "aws:principalorgpaths":
		return organizationPaths(r.Principal.Org)
	case "aws:principalisawsservice":
		switch {
		case c.kind == service:
			return knownValue("true")
		case c.signed():
			return knownValue("false")
		}
	case "aws:principalservicename", "aws:principalservicenameslist":
		if c.kind == service {
			return knownValue(c.name)
		}
	case "aws:federatedprovider":
		if c.kind == web {
			return knownValue(c.name)
		}
	case "aws:multifactorauthpresent":
		if c.kind == session {
			return value{state: present}
		}
	case "aws:tokenissuetime":
		if c.kind == session || c.kind == federated { // temporary credentials
			return value{state: present}
		}
	case "aws:resourceaccount":
		if r.foreign || r.ResourceUnknown && r.resourceAccount == "" {
			return value{state: present}
		}
		return text(r.resourceAccount)
	case "s3:resourceaccount", "s3express:resourceaccount":
		if name, _, _ := strings.Cut(key, ":"); name == r.service() {
			return r.derived("aws:resourceaccount")
		}
	case "kms:calleraccount":
		if r.service() == "kms" {
			return text(c.account)
		}
	case "aws:resourceorgid":
		return organizationID(r.ResourceOrg)
	case "aws:resourceorgpaths":
		return organizationPaths(r.ResourceOrg)
	}
	return value{}
}

// principalARN of a session is its role's (D-3). Where the path is not known,
// the beginning and the end are (L-2).
func principalARN(c caller) value {
	switch {
	case c.kind == session && c.role == "":
		return value{state: present, prefix: "arn:" + c.partition + ":iam::" + c.account + ":role/", suffix: c.name}
	case c.kind == session:
		return knownValue(c.role)
	case c.signed():
		return knownValue(c.arn)
	}
	return value{}
}

func userID(c caller) value {
	switch c.kind {
	case root:
		return knownValue(c.account)
	case federated:
		return knownValue(c.account + ":" + c.name)
	case anonymous:
		return knownValue("anonymous")
	case user:
		if c.id == "" {
			return value{state: present}
		}
		return knownValue(c.id)
	case session:
		switch {
		case c.id != "" && c.sessionName != "":
			return knownValue(c.id + ":" + c.sessionName)
		case c.id != "":
			return value{state: present, prefix: c.id + ":"}
		case c.sessionName != "":
			return value{state: present, suffix: ":" + c.sessionName}
		}
		return value{state: present}
	}
	return value{}
}

// tag is a key with a tag's key in its name (C-50).
func (r *request) tag(name, key string) value {
	switch {
	case name == "aws:principaltag":
		return findTag(r.principalTags(), key)
	case name == "aws:resourcetag", name == r.service()+":resourcetag":
		return findTag(r.ResourceTags, key)
	}
	return value{}
}

// principalTags: a session tag replaces the role's tag with the same key.
func (r *request) principalTags() []evaluator.Tag {
	var tags []evaluator.Tag
	for _, old := range r.Principal.Tags {
		replaced := false
		for _, t := range r.Principal.SessionTags {
			replaced = replaced || lower(t.Key) == lower(old.Key)
		}
		if !replaced {
			tags = append(tags, old)
		}
	}
	return append(tags, r.Principal.SessionTags...)
}

// findTag finds a tag by key: in exactly these letters, or else the first that
// differs in case only (C-50, C-52).
func findTag(tags []evaluator.Tag, key string) value {
	for _, t := range tags {
		if t.Key == key {
			return knownValue(t.Value)
		}
	}
	for _, t := range tags {
		if lower(t.Key) == lower(key) {
			return knownValue(t.Value)
		}
	}
	return value{}
}

// text is a value that is absent where the text is empty.
func text(s string) value {
	if s == "" {
		return value{}
	}
	return knownValue(s)
}

func organizationID(o *evaluator.Organization) value {
	if o == nil {
		return value{}
	}
	if o.ID == "" { // a member has one
		return value{state: present}
	}
	return knownValue(o.ID)
}

func organizationPaths(o *evaluator.Organization) value {
	if o == nil {
		return value{}
	}
	if len(o.Paths) == 0 { // a member has one
		return value{state: present}
	}
	return knownValue(o.Paths...)
}
