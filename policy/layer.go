package policy

import (
	"fmt"
	"iter"

	"github.com/iamsim/iamsim/internal/spelling"
)

// Layer is the kind of policy, or the fixed rule, that denied a request (E.7).
// Those of policies stand in the order in which the formats name them.
type Layer uint8

const (
	NoLayer       Layer = iota // the request was not denied
	IdentityLayer              // identity-based policies of the user, its groups, or the role
	BoundaryLayer              // permissions boundary
	SessionLayer               // session policy
	ResourceLayer              // resource-based policy
	TrustLayer                 // role trust policy, the resource-based policy of a role
	SCPLayer                   // service control policy
	RCPLayer                   // resource control policy
	EndpointLayer              // VPC endpoint policy
	RuleLayer                  // a fixed rule that no policy can change (G-4, L-4, E-51)
)

// layers are what there is to say of each layer: its name in the formats; how
// texts call one of its policies, AWS's texts among them (H-3); the kind of its
// policies, and how the formats write them.
var layers = [...]struct {
	name, article, noun string
	kind                Kind
	form                Form
}{
	NoLayer:       {"", "a", "policy", 0, 0},
	IdentityLayer: {"identity", "an", "identity-based policy", Identity, UnionForm},
	BoundaryLayer: {"boundary", "a", "permissions boundary", Boundary, SingleForm},
	SessionLayer:  {"session", "a", "session policy", Session, UnionForm},
	ResourceLayer: {"resource", "a", "resource-based policy", Resource, ListForm},
	TrustLayer:    {"trust", "the", "role trust policy", Trust, ListForm},
	SCPLayer:      {"scp", "a", "service control policy", SCP, LevelsForm},
	RCPLayer:      {"rcp", "a", "resource control policy", RCP, LevelsForm},
	EndpointLayer: {"endpoint", "a", "VPC endpoint policy", Endpoint, SingleForm},
	RuleLayer:     {"rule", "a", "fixed rule", 0, 0},
}

// Form is how the JSON formats write the policies of a layer. The zero Form is
// that of layers without policies.
type Form uint8

const (
	SingleForm Form = iota + 1 // one policy: it is the slot
	UnionForm                  // a list of policies, which together are the slot
	ListForm                   // a list of policies, each a slot of its own
	LevelsForm                 // a list of levels, each a list of policies and a slot
)

// Layers are the layers of policies in the order in which the formats name them.
// [TrustLayer] is not among them: its policies stand where [ResourceLayer] has
// those of other resources.
func Layers() iter.Seq[Layer] {
	return func(yield func(Layer) bool) {
		for l := IdentityLayer; l < RuleLayer; l++ {
			if l != TrustLayer && !yield(l) {
				return
			}
		}
	}
}

// Form is how the formats write the policies of the layer.
func (l Layer) Form() Form {
	if int(l) < len(layers) {
		return layers[l].form
	}
	return 0
}

// Noun is what a policy of the layer is called in texts, AWS's among them:
// "identity-based policy", "service control policy" (H-3). [NoLayer] is
// "policy".
func (l Layer) Noun() string {
	if int(l) < len(layers) {
		return layers[l].noun
	}
	return l.String()
}

// Article is the one before [Layer.Noun] in AWS's texts (H-3): "a", "an", and
// "the" before the trust policy, of which a role has one.
func (l Layer) Article() string {
	if int(l) < len(layers) {
		return layers[l].article
	}
	return "a"
}

// String is the layer's name as the JSON formats spell it; [NoLayer] is "".
func (l Layer) String() string {
	if int(l) < len(layers) {
		return layers[l].name
	}
	return fmt.Sprintf("Layer(%d)", uint8(l))
}

// MarshalText implements [encoding.TextMarshaler] with the spelling of String.
func (l Layer) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (l *Layer) UnmarshalText(text []byte) error {
	for i := range layers {
		if layers[i].name == string(text) {
			*l = Layer(i)
			return nil
		}
	}
	return fmt.Errorf("unknown layer %s", spelling.Quote(string(text)))
}
