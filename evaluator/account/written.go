package account

import (
	"cmp"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
)

// A Written is a policy of a snapshot and where it is written: a document that
// people can change.
type Written struct {
	Document *policy.Document
	// Kind is what it is for: [policy.Trust] for the trust policy of a role.
	Kind policy.Kind
	// Of is the ARN of the identity, managed policy or resource that has it, or the
	// id of a policy of an organization.
	Of string
	// Owner is the account of that; "" where it is not known.
	Owner string
	// Address is how people call the policy: "aws_iam_role_policy.deploy.policy" or
	// "OrdersRole.Policies" in a plan or template, else what has it and what it is
	// called there.
	Address string
	// File has it, "" where no file is known; and the line where it stands, or what
	// has it, 0 where that is nobody's line. Column is 0 where the line is all.
	File         string
	Line, Column int
}

// Written are the policies of a snapshot in the version in force, by what has them:
// those of identities, managed policies, resources, organizations. AWS's own are not
// among them.
func (s *Snapshot) Written() iter.Seq[Written] {
	return func(yield func(Written) bool) {
		for i := range s.Identities() {
			for _, a := range i.Inline {
				if !yield(writtenAt(a.Document, policy.Identity, i.ARN, i.Address, "inline policy "+a.Name, i.Source)) {
					return
				}
			}
			if i.Trust != nil && !yield(writtenAt(i.Trust, policy.Trust, i.ARN, i.Address, "trust policy", i.Source)) {
				return
			}
		}
		for p := range s.Policies() {
			if d := p.document(p.Default); d != nil && !managed.IsARN(p.ARN) && !yield(writtenAt(d, policy.Identity, p.ARN, p.Address, "", p.Source)) {
				return
			}
		}
		for r := range s.Resources() {
			if r.Policy == nil {
				continue
			}
			w := writtenAt(r.Policy, policy.OfResource(r.ARN), r.ARN, r.Address, "", r.Source)
			if w.Owner = cmp.Or(r.Account, w.Owner); !yield(w) {
				return
			}
		}
		for p := range s.OrganizationPolicies() {
			if p.Document != nil && p.ID != fullAccess && !yield(writtenAt(p.Document, p.Kind, p.ID, "", p.Name, p.Source)) {
				return
			}
		}
	}
}

// writtenAt is a policy of what was read at a source.
func writtenAt(d *policy.Document, kind policy.Kind, of, address, name, source string) Written {
	w := Written{Document: d, Kind: kind, Of: of, Owner: accountOf(of)}
	var within string
	w.File, w.Line, within = Place(source)
	if line, column := d.Position(); line > 1 || column > 1 {
		w.Line, w.Column = line, column // of the template, and not of the policy alone
	}
	switch {
	case address != "" || within != "":
		w.Address = d.Name()
		if w.Column == 0 && within != "" {
			w.Line = 0 // of what has the policy, which another part of the plan writes
		}
	case name != "":
		w.Address = fmt.Sprintf("%s, %s", of, name)
	default:
		w.Address = of
	}
	return w
}

// Place is the file in the Source of an entity, the line in it, 0 where there is
// none, and what stands there: "plan.json:12: aws_iam_role.deploy". All are empty
// for what was read from no file.
func Place(source string) (file string, line int, within string) {
	if rest, is := strings.CutPrefix(source, "AWS managed policies as of "); is && rest != "" {
		return "", 0, ""
	}
	file, within, _ = strings.Cut(source, ": ")
	if colon := strings.LastIndexByte(file, ':'); colon > 0 {
		if n, err := strconv.Atoi(file[colon+1:]); err == nil {
			file, line = file[:colon], n
		}
	}
	return file, line, within
}
