package scenario

import (
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
)

var managedMembers = []string{"managed", "version", "asOf", "name"}

// isManaged reports whether an object names a policy of AWS's.
func isManaged(v gjson.Result) bool { return v.IsObject() && v.Get("managed").Exists() }

// managed is an AWS managed policy, in its default version unless another is
// asked for.
func (d *decoder) managed(v gjson.Result, path string, p *policy.Attached) {
	p.Name = ""
	var name, version, asOf gjson.Result
	d.members(v, path, managedMembers, func(member, path string, v gjson.Result) {
		text := d.string(v, path)
		switch member {
		case "managed":
			name = v
		case "version":
			version = v
		case "asOf":
			asOf = v
		case "name":
			p.Name = text
		}
	})
	if name.Type != gjson.String {
		return // which has been reported
	}
	lookUp := managed.ByName
	if strings.HasPrefix(name.Str, "arn:") {
		lookUp = managed.ByARN
	}
	found, err := lookUp(name.Str)
	if err != nil {
		d.caused(name, join(path, "managed"), err)
		return
	}
	if p.ARN = found.ARN(); managed.IsARN(name.Str) {
		p.ARN = name.Str // of its own partition
	}
	if p.Name == "" {
		p.Name = found.Name()
	}
	id := version.Str
	switch {
	case version.Str != "" && asOf.Str != "":
		d.add(v, path, `has "version" or "asOf", not both`)
		return
	case asOf.Str != "":
		if id = d.asOf(asOf, join(path, "asOf"), found); id == "" {
			return
		}
	}
	loaded, err := d.folder.policies.Managed(found, id)
	if p.Document = loaded.Document; err != nil {
		d.caused(version, join(path, "version"), err)
	}
}

// asOf is the version that was in force at a time; "" where that is not known.
func (d *decoder) asOf(v gjson.Result, path string, p *managed.Policy) string {
	when, err := parseTime(v.Str)
	if err != nil {
		d.add(v, path, `must be a day or a time, "2021-03-01" or "2021-03-01T12:00:00Z", not %s`, spelling.Quote(v.Str))
		return ""
	}
	version, err := p.AsOf(when)
	if err != nil {
		d.caused(v, path, err)
	}
	return version.ID
}

// parseTime reads a time, or a day at its beginning in UTC.
func parseTime(s string) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return day, nil
	}
	return time.Parse(time.RFC3339, s)
}

// caused reports an error of another package, which stays within reach.
func (d *decoder) caused(v gjson.Result, path string, err error) {
	fault := d.fault(v.Index, path, err.Error())
	fault.err = err
	d.faults = append(d.faults, fault)
}
