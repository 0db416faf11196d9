package validate

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/internal/variable"
	"github.com/iamsim/iamsim/policy"
)

// whole finds what is wrong with the document as one.
func (c *checker) whole() {
	c.version()
	c.sids()
	c.size()
	c.redundantStatements()
	text := c.document.Text()
	if !mayHoldSecret(text) {
		return
	}
	if found := secret.Find(text); len(found) > 0 {
		c.report("SECRET_IN_POLICY", []any{}, "the document has a %s: everybody who may read policies reads it; change the key", found[0].Kind)
	}
}

// shortestSecret is the length of a secret access key. Session tokens are longer.
const shortestSecret = 40

// mayHoldSecret reports whether there are so many characters in a row that can be
// of a secret, escaped or not. It looks at few of them.
func mayHoldSecret(text string) bool {
	for i := shortestSecret - 1; i < len(text); i += shortestSecret {
		before, after := text[:i], text[i:]
		row := len(text) - len(strings.TrimRightFunc(before, ofSecret)) - len(strings.TrimLeftFunc(after, ofSecret))
		if row >= shortestSecret {
			return true
		}
	}
	return false
}

// ofSecret reports whether a character can be of base64 or of its escapes.
func ofSecret(r rune) bool {
	return r < utf8.RuneSelf && (isAlphanumeric(byte(r)) || strings.ContainsRune(`+/=\%`, r))
}

func (c *checker) version() {
	if c.document.Version == "" {
		c.setVersion(c.report("MISSING_VERSION", []any{}, `without Version the document is of the language of 2008; write "Version": "2012-10-17"`))
	}
	if at := c.usesVariables(); at != nil && c.document.Version != policy.Version2012 {
		c.setVersion(c.report("VARIABLE_UNSUPPORTED_IN_VERSION", at, `before the Version "2012-10-17" a policy variable is nothing but its letters (A-22)`))
	}
}

// usesVariables is the path of the first value with a policy variable; nil if
// there is none.
func (c *checker) usesVariables() []any {
	for i := range c.document.Statements {
		st := &c.document.Statements[i]
		if k := slices.IndexFunc(st.Resource, variable.Has); k >= 0 {
			return []any{"Statement", i, "Resource", k}
		}
		if k := slices.IndexFunc(st.NotResource, variable.Has); k >= 0 {
			return []any{"Statement", i, "NotResource", k}
		}
		for j := range st.Condition {
			condition := &st.Condition[j]
			if k := slices.IndexFunc(condition.Values, variable.Has); k >= 0 {
				return []any{"Statement", i, "Condition", condition.Operator.String(), condition.Key, k}
			}
		}
	}
	return nil
}

// sids finds statement ids that are empty, or that IAM would not refuse although
// they repeat.
func (c *checker) sids() {
	empty := strings.Contains(c.document.Text(), `""`)
	seen := map[string]int{}
	for i := range c.document.Statements {
		sid := c.document.Statements[i].Sid
		path := []any{"Statement", i, "Sid"}
		if sid == "" {
			if empty {
				if line, _ := c.document.Position(path...); line > 0 {
					c.report("EMPTY_SID_VALUE", path, "the Sid is empty: give it a name, or leave it out")
				}
			}
			continue
		}
		if c.kind != policy.Resource && c.kind != policy.SCP && c.kind != policy.RCP && c.kind != policy.Endpoint {
			continue // there it is an error
		}
		if k, repeats := seen[sid]; repeats {
			c.report("UNIQUE_SIDS_RECOMMENDED", path, "Statement[%d] has the Sid %q already", k, sid)
			continue
		}
		seen[sid] = i
	}
}

// A quota is how long policies of a kind may be.
type quota struct {
	kind        policy.Kind
	characters  int
	code        string
	whiteSpaces bool // count
}

// quotas are AWS's defaults (A.7) for which Access Analyzer has codes, moreQuotas
// the others.
var (
	quotas = [...]quota{
		{policy.Identity, 6144, "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", false},
		{policy.Trust, 2048, "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA", false},
		{policy.SCP, 5120, "POLICY_SIZE_EXCEEDS_SCP_QUOTA", true},
		{policy.Resource, 20480, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", true},
	}
	moreQuotas = [...]quota{
		{policy.Boundary, 6144, "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", false},
		{policy.Session, 2048, "POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA", true},
		{policy.RCP, 5120, "POLICY_SIZE_EXCEEDS_RCP_QUOTA", true},
		{policy.Endpoint, 20480, "POLICY_SIZE_EXCEEDS_ENDPOINT_POLICY_QUOTA", true},
	}
)

// quotaOf is the quota of a kind; the zero quota for an invalid one.
func quotaOf(kind policy.Kind) quota {
	for _, list := range [...][4]quota{quotas, moreQuotas} {
		for _, q := range list {
			if q.kind == kind {
				return q
			}
		}
	}
	return quota{}
}

// DefaultQuota is how many characters AWS lets a policy of a kind have, if nobody
// asked for more (A.7). For inline policies of a user or group it is less, and
// counts for all of them together. It is 0 for an invalid kind.
func DefaultQuota(kind policy.Kind) int { return quotaOf(kind).characters }

func (c *checker) size() {
	q := quotaOf(c.kind)
	limit, known := c.v.Quotas[c.kind]
	if !known {
		limit = q.characters
	}
	text := c.document.Text()
	if text == "" {
		written, err := json.Marshal(c.document)
		if err != nil {
			return // its faults are reported
		}
		text = string(written)
	}
	if limit == 0 || len(text) <= limit {
		return
	}
	size := utf8.RuneCountInString(text)
	if !q.whiteSpaces {
		size = charactersOf(text)
	}
	if size > limit {
		c.report(q.code, []any{}, "the policy has %d characters, and the quota is %d", size, limit)
	}
}

// charactersOf counts the characters that are no white space between the elements.
func charactersOf(text string) int {
	n, inString := 0, false
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b == '\\' && inString:
			n++
			i++
		case b == '"':
			inString = !inString
		case !inString && (b == ' ' || b == '\t' || b == '\n' || b == '\r'), b&0xC0 == 0x80:
			continue
		}
		n++
	}
	return n
}

// redundantStatements finds statements that are written twice.
func (c *checker) redundantStatements() {
	list := c.document.Statements
	alike := map[string][]int{} // by effect and first action: candidates
	for i := range list {
		key := list[i].Effect.String()
		if len(list[i].Action) > 0 {
			key += list[i].Action[0]
		}
		if len(list[i].Resource) > 0 {
			key += "\x00" + list[i].Resource[0]
		}
		earlier := alike[key]
		if len(earlier) < mostCompared {
			alike[key] = append(earlier, i)
		}
		for _, k := range earlier {
			if same(&list[i], &list[k]) {
				f := c.report("REDUNDANT_STATEMENT", []any{"Statement", i}, "says what Statement[%d] says", k)
				c.remove(f, "removes the statement")
				break
			}
		}
	}
}

// same reports whether two statements say the same in the same words.
func same(a, b *policy.Statement) bool {
	return a.Effect == b.Effect && sameValues(a.Action, b.Action) && sameValues(a.NotAction, b.NotAction) &&
		sameValues(a.Resource, b.Resource) && sameValues(a.NotResource, b.NotResource) &&
		samePrincipals(a.Principal, b.Principal) && samePrincipals(a.NotPrincipal, b.NotPrincipal) &&
		slices.EqualFunc(a.Condition, b.Condition, func(x, y policy.Condition) bool {
			return x.Operator == y.Operator && x.Key == y.Key && slices.Equal(x.Values, y.Values)
		})
}

func sameValues(a, b policy.Values) bool { return (a == nil) == (b == nil) && slices.Equal(a, b) }

func samePrincipals(a, b *policy.Principals) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Everyone == b.Everyone && slices.EqualFunc(a.Entries, b.Entries, func(x, y policy.PrincipalEntry) bool {
		return x.Type == y.Type && slices.Equal(x.Values, y.Values)
	})
}
