package denial

import (
	"strings"
	"unicode"

	"github.com/iamsim/iamsim/arn"
)

// mask is what a program or a person puts over a part of a name: "***",
// "<account>", "XXXXXXXXXXXX", "REDACTED".
var mask = lazily(`\*{2,}|[xX]{3,}|•+|…|\[[A-Za-z _-]+\]|\{[A-Za-z_ -]+\}|<[^<>]*>|(?i:redacted|omitted|account[_-]?id|my-?account)`)

// masked reports whether an ARN hides its account or another part.
func masked(name string) bool {
	if !strings.HasPrefix(name, "arn:") {
		return false
	}
	return maskedAccount(name) || strings.Contains(name, "**")
}

// maskedID reports whether something else stands where the id of a request was, such
// as "---" or "xxx".
func maskedID(id string) bool {
	return mask().MatchString(id) || !strings.ContainsFunc(id, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// maskedAccount reports whether the account of an ARN stands under a mask: "1234"
// is one, too.
func maskedAccount(name string) bool {
	account, ok := accountOf(name)
	return ok && account != "" && account != "aws" && !arn.IsAccountID(account)
}

// accountOf is the account field of an ARN, whatever stands in it.
func accountOf(name string) (string, bool) {
	fields := strings.SplitN(name, ":", 6)
	if len(fields) < 6 || fields[0] != "arn" {
		return "", false
	}
	return fields[4], true
}

// agrees reports whether a name can be the one that a text shows: they are the
// same but for what stands under a mask.
func agrees(shown, name string) bool {
	if shown == name {
		return true
	}
	if account, _ := accountOf(name); maskedAccount(shown) && account != "" {
		shown = withAccount(shown, account)
	}
	parts := mask().Split(shown, -1)
	if len(parts) == 1 {
		return shown == name
	}
	for i, part := range parts {
		switch {
		case i == 0:
			rest, ok := strings.CutPrefix(name, part)
			if !ok {
				return false
			}
			name = rest
		case i == len(parts)-1:
			return strings.HasSuffix(name, part)
		default:
			_, rest, ok := strings.Cut(name, part)
			if !ok {
				return false
			}
			name = rest
		}
	}
	return true
}

// withAccount is an ARN, which has an account, with another in its place.
func withAccount(name, account string) string {
	fields := strings.SplitN(name, ":", 6)
	fields[4] = account
	return strings.Join(fields, ":")
}

// Fill takes from known what the text does not tell, or hides: of the caller, its
// role, the action, the resource and the Region of the request. What the text
// tells stays as it is, with a note where known says otherwise; a masked part
// agrees with any. A masked account of the resource is taken to be the caller's
// where both are masked alike.
func (d *Denial) Fill(known *Denial) {
	alike, sameMask := accountOf(d.Principal)
	other, _ := accountOf(d.Resource)
	sameMask = sameMask && maskedAccount(d.Principal) && maskedAccount(d.Resource) && strings.Trim(alike, "*xX") == strings.Trim(other, "*xX")
	if session := known.Principal; d.Principal != "" && isRoleOf(session, d.Principal) {
		d.Role = or(d.Role, session) // the caller is its session
	} else {
		d.fill(&d.Principal, known.Principal, "caller")
	}
	d.fill(&d.Role, known.Role, "role")
	d.fill(&d.Action, known.Action, "action")
	d.Region = or(known.Region, d.Region)
	if d.Resource == "" && d.ResourceAsGiven != "" || d.ResourceBegins != "" && strings.HasPrefix(known.Resource, d.ResourceBegins) {
		d.Resource = known.Resource
	} else {
		d.fill(&d.Resource, known.Resource, "resource")
	}
	if caller, err := arn.Parse(d.Principal); err == nil && sameMask && maskedAccount(d.Resource) && !maskedAccount(d.Principal) {
		d.Resource = withAccount(d.Resource, caller.Account())
		d.note("the account of the resource is masked like that of the caller, and taken to be the same")
	}
}

// fill takes a value that is not told or masked.
func (d *Denial) fill(told *string, known, what string) {
	switch {
	case known == "" || known == *told:
	case *told == "", masked(*told) && agrees(*told, known):
		*told = known
	default:
		d.note("the text names the %s %s, which stays; %s was given", what, *told, known)
	}
}

// isRoleOf reports whether a role is that of a session, as far as both are shown.
func isRoleOf(role, session string) bool {
	given, err := arn.Parse(role)
	if err != nil || given.Type() != "role" {
		return false
	}
	fields := strings.SplitN(session, ":", 6)
	if len(fields) < 6 || !strings.HasPrefix(fields[5], "assumed-role/") {
		return false
	}
	name, _, _ := strings.Cut(fields[5][len("assumed-role/"):], "/")
	return agrees(name, given.Name()) && (fields[4] == given.Account() || maskedAccount(session))
}

// FillProvider takes the caller of sts:AssumeRoleWithWebIdentity or
// sts:AssumeRoleWithSAML, which AWS does not name, from the identity providers
// that the role's trust policy names, if it is one; else it returns them.
func (d *Denial) FillProvider(providers []string) []string {
	_, operation, _ := strings.Cut(d.Action, ":")
	if d.Principal != "" || !strings.EqualFold(operation, "AssumeRoleWithWebIdentity") && !strings.EqualFold(operation, "AssumeRoleWithSAML") {
		return nil
	}
	if len(providers) != 1 {
		return providers
	}
	d.Principal = providers[0]
	d.note("the text does not name the caller: it is concluded from the trust policy, which names one identity provider: %s", providers[0])
	return nil
}
