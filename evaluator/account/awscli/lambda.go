package awscli

import (
	"strings"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/policy"
)

// function reads the configuration of a function or of one of its versions.
func (p *page) function(e member) {
	f := account.Function{Source: e.source}
	p.each(e, func(name string, v member) bool {
		switch name {
		case "FunctionArn":
			f.ARN = p.text(v)
		case "Role":
			f.Role = p.text(v)
			f.Known |= account.ExecutionRole
		case "Layers":
			p.all(v, func(layer member) { f.Layers = append(f.Layers, layer.Get("Arn").Str) })
		}
		return true // much of it is about running the function
	})
	a, ok := p.functionARN(e, f.ARN)
	if !ok {
		return
	}
	f.ARN = a.Unqualified().String()
	f.Known |= account.Layers
	if version := a.Qualifier(); version != "" && version != "$LATEST" {
		// Role and layers are those of the version.
		f = account.Function{ARN: f.ARN, Versions: []string{version}, Source: e.source}
	}
	p.entity(f.ARN)
	p.functions.add(a.Name(), f.ARN)
	p.builder.AddFunction(f)
}

// functionARN is the ARN of a function, as an answer has it.
func (p *page) functionARN(e member, text string) (a arn.ARN, ok bool) {
	a, err := arn.ParseFunction(text, arn.Defaults{})
	if err != nil {
		p.fault(e, "FunctionArn: %w", err)
	}
	return a, err == nil
}

// alias reads an alias.
func (p *page) alias(e member) {
	a, ok := p.functionARN(e, e.Get("AliasArn").Str)
	if !ok {
		return
	}
	alias := account.Alias{Name: a.Qualifier(), Version: e.Get("FunctionVersion").Str}
	e.Get("RoutingConfig.AdditionalVersionWeights").ForEach(func(version, _ gjson.Result) bool {
		alias.Others = append(alias.Others, version.Str)
		return true
	})
	function := a.Unqualified().String()
	p.entity(function)
	p.builder.AddFunction(account.Function{ARN: function, Aliases: []account.Alias{alias}, Source: e.source})
}

// url reads a function URL.
func (p *page) url(e member) {
	a, ok := p.functionARN(e, e.Get("FunctionArn").Str)
	if !ok {
		return
	}
	url := account.URL{Qualifier: a.Qualifier(), AuthType: e.Get("AuthType").Str, URL: e.Get("FunctionUrl").Str}
	if url.AuthType != "AWS_IAM" && url.AuthType != "NONE" {
		p.fault(e, "AuthType is AWS_IAM or NONE, not %q", url.AuthType)
	}
	function := a.Unqualified().String()
	p.entity(function)
	p.builder.AddFunction(account.Function{ARN: function, URLs: []account.URL{url}, Source: e.source})
}

// layer reads a version of a layer, or a layer with its newest.
func (p *page) layer(e member) {
	version := e.Get("LayerVersionArn").Str
	if version == "" {
		version = e.Get("LatestMatchingVersion.LayerVersionArn").Str
	}
	if version == "" && e.Get("Arn").Exists() { // of the function that the answer is about
		p.layers = append(p.layers, e.Raw)
		return
	}
	p.entity(version)
	p.builder.AddResource(account.Resource{ARN: version, Source: e.source})
}

// mapping reads an event source mapping, which decides nothing.
func (p *page) mapping(e member) { p.entity(e.Get("FunctionArn").Str) }

// configuration reads get-function: the configuration, and the tags, which it
// leaves out where there are none.
func (p *page) configuration() {
	e := p.members["Configuration"]
	p.function(e)
	r := account.Resource{ARN: unqualified(e.Get("FunctionArn").Str), Known: account.Tags, Source: e.source}
	if tags, ok := p.members["Tags"]; ok {
		r.Tags = p.tags(tags)
	}
	if r.ARN != "" {
		p.builder.AddResource(r)
	}
}

// flat reads get-function-configuration, get-function-url-config or
// get-event-source-mapping, whose members stand alone.
func (p *page) flat() {
	members := []string{`"Layers":[` + strings.Join(p.layers, ",") + "]"}
	for name, v := range p.members {
		members = append(members, `"`+name+`":`+v.Raw)
	}
	e := member{gjson.Parse("{" + strings.Join(members, ",") + "}"), p.at(p.place), "configuration"}
	switch {
	case e.Get("FunctionUrl").Exists():
		p.url(e)
	case e.Get("UUID").Exists():
		p.mapping(e)
	default:
		p.function(e)
	}
}

// resourcePolicy reads the policy of a function, a layer, a bucket, a queue: a
// string, or an object as AWS's documentation prints it. Whose it is, its
// statements or the file's name say.
func (p *page) resourcePolicy() {
	e := p.members["Policy"]
	d := p.document(e, "resource-based policy")
	if d == nil {
		return
	}
	put := func(of string) {
		p.builder.AddResource(account.Resource{ARN: of, Policy: d, Known: account.ResourcePolicy, Source: e.source})
	}
	if of := subject(d); of != "" {
		p.found = append(p.found, of)
		put(of)
		return
	}
	p.later(func(r *Reader) {
		if of, ok := r.functions.in(base(p.file), "function"); ok {
			put(of)
			return
		}
		p.fault(e, "the answer does not say whose policy it is, and neither do its statements: let the file's name end in that of a function that is read, as in policy-orders.json")
	})
}

// subject is the resource that all statements of its policy name; "" where they
// name several, patterns or none. Statements on objects are of their bucket.
func subject(d *policy.Document) string {
	of := ""
	for i := range d.Statements {
		for _, resource := range d.Statements[i].Resource {
			if bucket, _, objects := strings.Cut(resource, "/"); objects && strings.Contains(resource, ":s3:::") {
				resource = bucket
			}
			if of != "" && resource != of || strings.ContainsAny(resource, "*?$") {
				return ""
			}
			of = resource
		}
	}
	if _, err := arn.Parse(of); err != nil {
		return ""
	}
	return of
}

// unqualified is the ARN of a function without qualifier; "" for what is none.
func unqualified(text string) string {
	a, err := arn.ParseFunction(text, arn.Defaults{})
	if err != nil {
		return ""
	}
	return a.Unqualified().String()
}
