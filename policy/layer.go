package policy

import (
	"fmt"
	"slices"

	"github.com/iamsim/iamsim/internal/spelling"
)

// Layer is the kind of policy, or the fixed rule, that denied a request (E.7).
type Layer uint8

const (
	NoLayer       Layer = iota // the request was not denied
	IdentityLayer              // identity-based policies of the user, its groups, or the role
	ResourceLayer              // resource-based policy
	TrustLayer                 // role trust policy
	BoundaryLayer              // permissions boundary
	SessionLayer               // session policy
	SCPLayer                   // service control policy
	RCPLayer                   // resource control policy
	EndpointLayer              // VPC endpoint policy
	RuleLayer                  // a fixed rule that no policy can change (G-4, L-4, E-51)
)

var layerNames = [...]string{
	NoLayer:       "",
	IdentityLayer: "identity",
	ResourceLayer: "resource",
	TrustLayer:    "trust",
	BoundaryLayer: "boundary",
	SessionLayer:  "session",
	SCPLayer:      "scp",
	RCPLayer:      "rcp",
	EndpointLayer: "endpoint",
	RuleLayer:     "rule",
}

// layerWords are the layers in texts, with their article. Those of policies are
// AWS's (H-3).
var layerWords = [...]struct{ article, noun string }{
	NoLayer:       {"a", "policy"},
	IdentityLayer: {"an", "identity-based policy"},
	ResourceLayer: {"a", "resource-based policy"},
	TrustLayer:    {"the", "role trust policy"},
	BoundaryLayer: {"a", "permissions boundary"},
	SessionLayer:  {"a", "session policy"},
	SCPLayer:      {"a", "service control policy"},
	RCPLayer:      {"a", "resource control policy"},
	EndpointLayer: {"a", "VPC endpoint policy"},
	RuleLayer:     {"a", "fixed rule"},
}

// Noun is what a policy of the layer is called in texts, AWS's among them:
// "identity-based policy", "service control policy" (H-3). [NoLayer] is
// "policy".
func (l Layer) Noun() string {
	if int(l) < len(layerWords) {
		return layerWords[l].noun
	}
	return l.String()
}

// Article is the one before [Layer.Noun] in AWS's texts (H-3): "a", "an", and
// "the" before the trust policy, of which a role has one.
func (l Layer) Article() string {
	if int(l) < len(layerWords) {
		return layerWords[l].article
	}
	return "a"
}

// String is the layer's name as the JSON formats spell it; [NoLayer] is "".
func (l Layer) String() string {
	if int(l) < len(layerNames) {
		return layerNames[l]
	}
	return fmt.Sprintf("Layer(%d)", uint8(l))
}

// MarshalText implements [encoding.TextMarshaler] with the spelling of String.
func (l Layer) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (l *Layer) UnmarshalText(text []byte) error {
	i := slices.Index(layerNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("unknown layer %s", spelling.Quote(string(text)))
	}
	*l = Layer(i)
	return nil
}
