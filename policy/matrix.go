package policy

import (
	"fmt"
	"unicode/utf8"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/internal/words"
)

// kind has the rules that differ between kinds of policies (A.6).
func (c *checker) kind(kind Kind) {
	c.place = outside()
	rcpFullAccess := kind == RCP && c.doc.isRCPFullAWSAccess()
	if c.doc.ID != nil && (kind == Identity || kind == Boundary || kind == Session) {
		c.element = "Id"
		c.fault(codeInvalidID, kind.title()+" has no Id")
	}
	if kind == RCP && c.doc.Version != Version2012 && !c.oddVersion() {
		c.place = outside()
		if c.doc.Version != "" {
			c.element = "Version"
		}
		c.fault(codeInvalidVersion, `a resource control policy needs the Version "2012-10-17"`)
	}
	if kind.storedByIAM() {
		c.characters()
		c.sids(kind)
	}
	for i := range c.doc.Statements {
		st := c.enter(i)
		c.principalMatrix(kind, st)
		c.resourceMatrix(kind, st)
		c.resourceForms(kind, st)
		switch {
		case kind == Trust:
			c.trustActions(st)
		case kind == RCP && !rcpFullAccess:
			c.rcpStatement(st)
		}
	}
}

// oddVersion reports whether the grammar objects to the version already.
func (c *checker) oddVersion() bool {
	return c.doc.Version != "" && c.doc.Version != Version2008 && c.doc.Version != Version2012
}

// storedByIAM says that IAM itself keeps policies of the kind, and so restricts
// their characters and statement ids. Session policies pass
// through STS, which does the same.
func (k Kind) storedByIAM() bool {
	return k == Identity || k == Boundary || k == Session || k == Trust
}

// NamesPrincipals reports whether statements of the kind name whom they are about.
func (k Kind) NamesPrincipals() bool {
	return k == Resource || k == Trust || k == RCP || k == Endpoint
}

// forbid reports an element that a statement of the kind may not have.
func (c *checker) forbid(has bool, element string, kind Kind, code Code, why string) {
	if has {
		c.element = element
		c.addKey(c.place, code, kind.title()+" has no "+element+": "+why)
		c.element = ""
	}
}

func (c *checker) principalMatrix(kind Kind, st *Statement) {
	has, hasNot := st.Principal != nil, st.NotPrincipal != nil
	if !kind.NamesPrincipals() {
		const why = "it is about those it is attached to"
		c.forbid(has, "Principal", kind, codeUnsupportedPrincipal, why)
		c.forbid(hasNot, "NotPrincipal", kind, codeUnsupportedPrincipal, why)
		return
	}
	switch {
	case !has && !hasNot:
		c.fault(codeMissingPrincipal, "a statement of "+kind.title()+" needs a Principal")
	case kind == Trust:
		c.forbid(hasNot, "NotPrincipal", kind, codeUnsupportedNotPrincipal, "it names those whom the role trusts, in Principal")
	case kind == RCP:
		c.forbid(hasNot, "NotPrincipal", kind, codeUnsupportedElement, "it is about everybody; a condition on aws:PrincipalArn exempts some")
		if has && !st.Principal.Everyone {
			c.element = "Principal"
			c.fault(codeUnsupportedElement, `the Principal of a resource control policy is "*"`)
			c.element = ""
		}
	}
}

func (c *checker) resourceMatrix(kind Kind, st *Statement) {
	has, hasNot := st.Resource != nil, st.NotResource != nil
	switch kind {
	case Trust:
		const why = "it is about the role it belongs to"
		c.forbid(has, "Resource", kind, codeUnsupportedResource, why)
		c.forbid(hasNot, "NotResource", kind, codeUnsupportedResource, why)
	case Resource:
	default:
		if !has && !hasNot {
			c.fault(codeMissingResource, "a statement of "+kind.title()+" needs a Resource or a NotResource")
		}
	}
}

// TrustActions are all actions that a role trust policy may allow or deny (A.6):
// to assume the role, and what goes with that.
func TrustActions(yield func(action string) bool) {
	for _, action := range trustActions {
		if !yield(action) {
			return
		}
	}
}

var trustActions = [...]string{
	"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity",
	"sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext",
}

func (c *checker) trustActions(st *Statement) {
	c.forbid(st.NotAction != nil, "NotAction", Trust, codeUnsupportedAction, "it names the actions that assume the role")
	for i, action := range st.Action {
		if isTrustAction(action) {
			continue
		}
		c.element, c.value = "Action", index(i, len(st.Action), st.listed&elementAction != 0)
		c.fault(codeUnsupportedAction, spelling.Quote(action)+
			" has no place in a role trust policy; allowed are sts:AssumeRole, sts:AssumeRoleWithSAML, "+
			"sts:AssumeRoleWithWebIdentity, sts:TagSession, sts:SetSourceIdentity and sts:SetContext")
	}
	c.element, c.value = "", alone
}

// isTrustAction accepts the actions, and patterns within sts that match one of
// them, such as sts:AssumeRole*.
func isTrustAction(action string) bool {
	if !fold.HasPrefix(action, "sts:") {
		return false
	}
	p, err := pattern.Compile(pattern.Text, action, pattern.Options{FoldCase: true})
	if err != nil {
		return false
	}
	for _, allowed := range trustActions {
		if p.Match(allowed) {
			return true
		}
	}
	return false
}

// sids checks statement ids: letters and digits, each once; "" counts as none
//
func (c *checker) sids(kind Kind) {
	var hashed map[string]int
	if len(c.doc.Statements) > 2*short {
		hashed = make(map[string]int, len(c.doc.Statements))
	}
	for i := range c.doc.Statements {
		st := c.enter(i)
		if st.Sid == "" {
			continue
		}
		c.element = "Sid"
		if !isAlphanumeric(st.Sid) {
			c.fault(codeInvalidSid, spelling.Quote(st.Sid)+" is no Sid of "+kind.title()+": it has letters and digits only")
		}
		first := i
		if hashed == nil {
			for first = 0; c.doc.Statements[first].Sid != st.Sid; first++ {
			}
		} else if earlier, found := hashed[st.Sid]; found {
			first = earlier
		} else {
			hashed[st.Sid] = i
		}
		if first != i {
			c.fault(codeDuplicateSid, fmt.Sprintf("%s is the Sid of Statement[%d] already", spelling.Quote(st.Sid), first))
		}
	}
}

// characters reports what lies outside U+0009, U+000A, U+000D and U+0020 to
// U+00FF. In a document with text the text counts, in which an escape
// stands for any character; in one built in Go the values count.
func (c *checker) characters() {
	c.place = outside()
	if text := c.doc.source.text; text != "" {
		if i, bad := badCharacter(text); i >= 0 {
			c.at(i, c.place, codeInvalidCharacter, characterMessage(bad))
		}
		return
	}
	for i := range c.doc.Statements {
		st := c.enter(i)
		for _, e := range []struct {
			name   string
			values Values
		}{
			{"Sid", Values{st.Sid}}, {"Action", st.Action}, {"NotAction", st.NotAction},
			{"Resource", st.Resource}, {"NotResource", st.NotResource},
		} {
			c.element = e.name
			c.charactersOf(e.values)
		}
		c.element = "Condition"
		for _, condition := range st.Condition {
			c.group, c.key = condition.Operator.String(), condition.Key
			c.charactersOf(append(Values{condition.Key}, condition.Values...))
		}
	}
}

func (c *checker) charactersOf(values Values) {
	for _, value := range values {
		if i, bad := badCharacter(value); i >= 0 {
			c.fault(codeInvalidCharacter, characterMessage(bad)+" in "+spelling.Quote(value))
		}
	}
}

func characterMessage(bad rune) string {
	return fmt.Sprintf("has the character %U, and IAM takes none above U+00FF", bad)
}

// badCharacter finds the first character above U+00FF: in UTF-8 its first byte
// is 0xC4 or more, and no other byte is.
func badCharacter(s string) (offset int, bad rune) {
	for i := asciiPrefix(s); i < len(s); i++ {
		if s[i] >= 0xC4 {
			bad, _ = utf8.DecodeRuneInString(s[i:])
			return i, bad
		}
	}
	return -1, 0
}

// asciiPrefix is the length of a prefix of s that is ASCII, in steps of 32
// bytes: of nearly all policies, nearly all.
func asciiPrefix(s string) int {
	i := 0
	for ; i+32 <= len(s); i += 32 {
		some := words.Load(s[i:i+8]) | words.Load(s[i+8:i+16]) | words.Load(s[i+16:i+24]) | words.Load(s[i+24:i+32])
		if some&0x8080808080808080 != 0 {
			break
		}
	}
	return i
}
