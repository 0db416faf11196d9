package catalog_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy/catalog"
)

// The law knows without the catalogue which keys have several values (C-43).
func TestTheLawKnowsWhichKeysAreMultivalued(t *testing.T) {
	several := 0
	for k := range catalog.Default().AllKeys() {
		name, _, isFamily := strings.Cut(k.Name, "${TagKey}")
		if isFamily {
			name += "team"
		}
		name = strings.NewReplacer("${OidcProviderName}", "token.example.com", "${MetadataKey}", "m", "${QueryStringKey}", "q").Replace(name)
		assert.Equal(t, k.Multivalued, law.IsMultivalued(name), name)
		if k.Multivalued {
			several++
		}
	}
	assert.Greater(t, several, 200)
}
