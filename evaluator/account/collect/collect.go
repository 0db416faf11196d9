package collect

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/internal/document"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/load"
)

// Is reports whether a folder is a collection: one with aws/PARTITION/accounts, or
// with what is below aws.
func Is(files fs.FS) bool { return len(partitions(files)) > 0 }

// partitions are the folders of partitions.
func partitions(files fs.FS) []string {
	for _, pattern := range []string{"aws/aws*/accounts", "aws*/accounts"} {
		if found, err := fs.Glob(files, pattern); err == nil && len(found) > 0 {
			for i := range found {
				found[i] = path.Dir(found[i])
			}
			return found
		}
	}
	return nil
}

// Read reads a collection, whose folder is shown in errors by a name. The error is
// why it could not be read; faults of single entities are reported by Build.
func Read(b *account.Builder, name string, files fs.FS) error {
	r := reader{b, name, files}
	var faults []error
	for _, partition := range partitions(files) {
		faults = append(faults, r.accounts(partition+"/accounts"), r.organizations(partition+"/organizations"))
	}
	return errors.Join(faults...)
}

type reader struct {
	builder *account.Builder
	name    string
	files   fs.FS
}

// A folder is that of one entity.
type folder struct {
	*reader
	path string
}

// accounts reads every entity below a folder: each has a metadata.json.
func (r *reader) accounts(root string) error {
	return fs.WalkDir(r.files, root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() != "metadata.json" {
			return err
		}
		f := folder{r, path.Dir(name)}
		of := f.json("metadata.json").Get("arn").Str
		if of == "" {
			return nil // settings of an account, which are no entity
		}
		a, err := arn.Parse(of)
		if err != nil {
			f.fault("metadata.json", err)
			return nil
		}
		f.entity(a)
		return nil
	})
}

// entity reads what a folder has.
func (f folder) entity(a arn.ARN) {
	switch kind := a.Service() + ":" + a.Type(); kind {
	case "iam:role":
		f.identity(a, account.OfRole)
	case "iam:user":
		f.identity(a, account.OfUser)
	case "iam:group":
		f.identity(a, account.OfGroup)
	case "iam:policy":
		p := account.ManagedPolicy{ARN: a.String(), Default: "current", Source: f.source("")}
		if d := f.document("current-policy.json", a.Name()); d != nil {
			p.Versions = []account.Version{{ID: "current", Document: d}}
		}
		f.builder.AddPolicy(p)
	default:
		if kind == "lambda:function" {
			metadata := f.json("metadata.json")
			function := account.Function{ARN: a.String(), Role: metadata.Get("role").Str, Known: account.ExecutionRole, Source: f.source("")}
			if function.Role == "" {
				function.Known = 0
			}
			f.builder.AddFunction(function)
		}
		f.builder.AddResource(account.Resource{
			ARN: a.String(), Account: f.owner(a), Policy: f.document("policy.json", "policy of "+a.String()), Tags: f.tags(),
			Known: account.ResourcePolicy | account.Tags, Source: f.source(""),
		})
	}
}

// owner is the account in whose folder a resource without account in its ARN is.
func (f folder) owner(a arn.ARN) string {
	if a.Account() != "" {
		return ""
	}
	_, below, _ := strings.Cut(f.path, "accounts/")
	id, _, _ := strings.Cut(below, "/")
	return id
}

func (f folder) identity(a arn.ARN, all account.Part) {
	metadata := f.json("metadata.json")
	i := account.Identity{
		ARN: a.String(), UniqueID: metadata.Get("id").Str, Boundary: metadata.Get("permissionBoundary").Str, Known: all, Source: f.source(""),
	}
	for n, p := range f.json("inline-policies.json").Array() {
		name := p.Get("PolicyName").Str
		d, err := document.Read(f.builder, name, p.Get("PolicyDocument"))
		if err != nil {
			f.fault(fmt.Sprintf("inline-policies.json: [%d]", n), err)
			i.Known &^= account.InlinePolicies
			continue
		}
		i.Inline = append(i.Inline, policy.Attached{Name: name, Document: d})
	}
	for _, p := range f.json("managed-policies.json").Array() {
		i.Managed = append(i.Managed, p.Str)
	}
	for _, g := range f.json("groups.json").Array() {
		i.Groups = append(i.Groups, path.Base(g.Str))
	}
	if all.Has(account.TrustPolicy) {
		if i.Trust = f.document("trust-policy.json", "trust policy"); i.Trust == nil {
			i.Known &^= account.TrustPolicy // every role has one
		}
	}
	if all.Has(account.Tags) {
		i.Tags = f.tags()
	}
	f.builder.AddIdentity(i)
}

// tags are an object of names and values.
func (f folder) tags() []evaluator.Tag {
	list := []evaluator.Tag{}
	f.json("tags.json").ForEach(func(key, value gjson.Result) bool {
		if value.IsObject() {
			key, value = value.Get("Key"), value.Get("Value")
		}
		list = append(list, evaluator.Tag{Key: key.Str, Value: value.Str})
		return true
	})
	return list
}

// json is a file of the folder; nothing where there is none.
func (f folder) json(file string) gjson.Result {
	text, err := load.ReadFile(f.files, path.Join(f.path, file), load.MaxSize)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return gjson.Result{}
	case err == nil && !gjson.ValidBytes(text):
		err = errors.New("is not JSON")
	}
	if err != nil {
		f.fault(file, err)
		return gjson.Result{}
	}
	return gjson.ParseBytes(text)
}

// document is a policy in a file of the folder; nil where there is none.
func (f folder) document(file, name string) *policy.Document {
	v := f.json(file)
	if !v.Exists() || v.Type == gjson.Null {
		return nil
	}
	d, err := document.Read(f.builder, name, v)
	if err != nil {
		f.fault(file, err)
		return nil
	}
	return d
}

// source is how errors name a file of the folder.
func (f folder) source(file string) string { return path.Join(f.name, f.path, file) }

func (f folder) fault(file string, err error) {
	f.builder.AddFault(fmt.Errorf("%s: %w", f.source(file), err))
}
