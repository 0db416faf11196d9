package collect

import (
	"errors"
	"io/fs"
	"path"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/policy"
)

// organizations reads the organizations of a partition.
func (r *reader) organizations(root string) error {
	entries, err := fs.ReadDir(r.files, root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, entry := range entries {
		if entry.IsDir() {
			folder{r, path.Join(root, entry.Name())}.organization()
		}
	}
	return err
}

// controls are the kinds of policies of an organization, by member, type and folder.
var controls = [...]struct {
	kind                   policy.Kind
	member, feature, below string
}{
	{policy.SCP, "scps", "SERVICE_CONTROL_POLICY", "scps"},
	{policy.RCP, "rcps", "RESOURCE_CONTROL_POLICY", "rcps"},
}

// organization reads an organization: its root, units and accounts, and what is
// attached to them.
func (f folder) organization() {
	metadata := f.json("metadata.json")
	id := metadata.Get("id").Str
	f.builder.AddOrganization(account.Organization{
		ID: id, ManagementAccount: metadata.Get("rootAccountId").Str, AllFeatures: true, Source: f.source("metadata.json"),
	})
	root := metadata.Get("rootOu").Str
	units := f.json("ous.json")
	node := func(v gjson.Result, n account.Node) {
		n.Known |= account.Parent | account.SCPs | account.RCPs
		for _, attached := range v.Get("scps").Array() {
			n.SCPs = append(n.SCPs, path.Base(attached.Str))
		}
		for _, attached := range v.Get("rcps").Array() {
			n.RCPs = append(n.RCPs, path.Base(attached.Str))
		}
		f.builder.AddNode(n)
	}
	top := account.Node{ID: root, Organization: id, Known: account.PolicyTypes, Source: f.source("metadata.json")}
	for _, c := range controls {
		if metadata.Get("features." + c.feature).Bool() {
			top.Enabled = append(top.Enabled, c.kind)
		}
	}
	node(units.Get(root), top)
	units.ForEach(func(unit, v gjson.Result) bool {
		if unit.Str != root {
			node(v, account.Node{ID: unit.Str, Name: v.Get("name").Str, Parent: v.Get("parent").Str, Source: f.source("ous.json")})
		}
		return true
	})
	f.json("accounts.json").ForEach(func(member, v gjson.Result) bool {
		node(v, account.Node{ID: member.Str, Parent: v.Get("ou").Str, Source: f.source("accounts.json")})
		return true
	})
	for _, c := range controls {
		entries, err := fs.ReadDir(f.files, path.Join(f.path, c.below))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			f.fault(c.below, err)
		}
		for _, entry := range entries {
			p := folder{f.reader, path.Join(f.path, c.below, entry.Name())}
			about := p.json("metadata.json")
			d := p.document("policy.json", about.Get("name").Str)
			if d == nil {
				continue // of AWS's own, which are known, or reported
			}
			p.builder.AddOrganizationPolicy(account.OrganizationPolicy{
				ID: path.Base(about.Get("arn").Str), ARN: about.Get("arn").Str, Name: about.Get("name").Str, Kind: c.kind, Document: d, Source: p.source("policy.json"),
			})
		}
	}
}
