package catalog

import (
	"iter"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/policy"
)

// An openKey is a key whose name has placeholders.
type openKey struct {
	key   *policy.ConditionKey
	parts []string // the literal text around the placeholders
}

// Key finds a context key by its name. One with a part of its own is found by
// the whole name: "aws:RequestTag/team" gives aws:RequestTag/${TagKey}, which
// its own spelling finds too. Every name is one key, whatever services have it.
func (c *Catalog) Key(name string) (key *policy.ConditionKey, ok bool) {
	x := c.index()
	i, ok := slices.BinarySearchFunc(x.keys, name, func(k policy.ConditionKey, name string) int { return fold.Compare(k.Name, name) })
	if ok {
		return &x.keys[i], true
	}
	for i := range x.open {
		if x.open[i].matches(name) {
			return x.open[i].key, true
		}
	}
	return nil, false
}

// AllKeys are all context keys by name, regardless of case: of every service,
// the global ones, and those that credentials bring with them.
func (c *Catalog) AllKeys() iter.Seq[*policy.ConditionKey] {
	return func(yield func(*policy.ConditionKey) bool) {
		keys := c.index().keys
		for i := range keys {
			if !yield(&keys[i]) {
				return
			}
		}
	}
}

// Keys are the context keys that a service documents for its actions and
// resource types, by name. What requests to every service can have is not
// among them unless the service names it: see GlobalKeys.
func (c *Catalog) Keys(service string) iter.Seq[*policy.ConditionKey] {
	return func(yield func(*policy.ConditionKey) bool) {
		if s := c.index().service(service); s != nil {
			slices.Values(s.get().keys)(yield)
		}
	}
}

// GlobalKeys are the keys whose names begin with "aws:", by name.
func (c *Catalog) GlobalKeys() iter.Seq[*policy.ConditionKey] {
	return func(yield func(*policy.ConditionKey) bool) {
		for key := range c.AllKeys() {
			if strings.HasPrefix(key.Name, "aws:") && !yield(key) {
				return
			}
		}
	}
}

// ActionKeys are the keys that a service documents for an action and for its
// resource types, each once, by name, but those that its requests lack. What
// requests to every service can have is not among them unless the service
// names it: see Carries.
func (c *Catalog) ActionKeys(action *policy.ServiceAction) []*policy.ConditionKey {
	keys := slices.Clone(action.Keys)
	for _, r := range action.Resources {
		keys = append(keys, r.Type.Keys...)
	}
	without := c.Without(action)
	keys = slices.DeleteFunc(keys, func(k *policy.ConditionKey) bool { return slices.Contains(without, k) })
	slices.SortFunc(keys, func(a, b *policy.ConditionKey) int { return fold.Compare(a.Name, b.Name) })
	return slices.Compact(keys)
}

// Without are the keys that requests for the action never have although others
// do: for iam:PassRole the tags of the role (G-9) and the keys of a VPC
// endpoint (G-12).
func (c *Catalog) Without(action *policy.ServiceAction) []*policy.ConditionKey {
	if d := c.details(action); d != nil {
		return d.without
	}
	return nil
}

// Carries reports whether requests for the action can have the key: its own,
// those of its resource types, those that requests to every service can have,
// and those that its service documents without saying for which action. What
// its requests lack although others have it they do not carry (G-9, G-12).
func (c *Catalog) Carries(action *policy.ServiceAction, key *policy.ConditionKey) bool {
	if slices.Contains(c.Without(action), key) {
		return false
	}
	if key.Everywhere || has(action, key) {
		return true
	}
	prefix, _, _ := strings.Cut(action.Name, ":")
	s := c.index().service(prefix)
	if s == nil || !slices.Contains(s.get().keys, key) {
		return false
	}
	d := s.get()
	for i := range d.actions {
		if has(&d.actions[i], key) {
			return false
		}
	}
	for i := range d.types {
		if slices.Contains(d.types[i].Keys, key) {
			return false
		}
	}
	return true
}

// has reports whether the key is documented for the action or one of its types.
func has(action *policy.ServiceAction, key *policy.ConditionKey) bool {
	return slices.Contains(action.Keys, key) ||
		slices.ContainsFunc(action.Resources, func(r policy.ActionResource) bool { return slices.Contains(r.Type.Keys, key) })
}

// findOpenKeys lists the keys with placeholders, those with the most literal
// text first: a name can fit several.
func (x *index) findOpenKeys() {
	for i := range x.keys {
		if strings.Contains(x.keys[i].Name, "${") {
			x.open = append(x.open, openKey{key: &x.keys[i], parts: literals(x.keys[i].Name)})
		}
	}
	slices.SortStableFunc(x.open, func(a, b openKey) int { return b.literal() - a.literal() })
}

// literals are the parts of a name or ARN around its placeholders ${…}.
func literals(text string) []string {
	var parts []string
	for {
		before, rest, ok := strings.Cut(text, "${")
		_, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return append(parts, text)
		}
		parts, text = append(parts, before), after
	}
}

func (o *openKey) literal() (n int) {
	for _, part := range o.parts {
		n += len(part)
	}
	return n
}

// matches reports whether the name has the parts with at least one character
// in each place between. A place at the beginning is for an identity provider.
func (o *openKey) matches(name string) bool {
	if !fold.HasPrefix(name, o.parts[0]) {
		return false
	}
	if o.parts[0] == "" {
		return fold.HasSuffix(name, o.parts[1]) && isProvider(name[:len(name)-len(o.parts[1])])
	}
	name = name[len(o.parts[0]):]
	last := len(o.parts) - 1
	for _, part := range o.parts[1:last] {
		if name == "" {
			return false
		}
		at := fold.Index(name[1:], part)
		if at < 0 {
			return false
		}
		name = name[1+at+len(part):]
	}
	return len(name) > len(o.parts[last]) && fold.HasSuffix(name, o.parts[last])
}

// ofProvider begins the names of keys that every OpenID Connect provider has.
const ofProvider = "${OidcProviderName}"

// isProvider reports whether IAM can call an OpenID Connect provider so: by its
// URL without the scheme, a host that may have a path,
// "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF".
func isProvider(text string) bool {
	host, _, _ := strings.Cut(text, "/")
	return strings.Contains(host, ".") && !strings.ContainsFunc(host, isOutsideHosts) && !strings.ContainsAny(text, ": ")
}

func isOutsideHosts(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '.'
}
