package apicall

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/spelling"
)

// A resource is one that a row names.
type resource struct {
	arn string
	// unknown: arn is the beginning of one. rest is the state that would tell the
	// rest, parameter the one that does.
	unknown   bool
	rest      Lookup
	parameter string
	// asGiven is the parameter that names the function; "" where that is an ARN.
	asGiven string
	// path of the parameter that is the whole ARN; "" where there is none.
	path string
}

// resources of a row, one but for ${PATH[]}.
func (r *reader) resources(row *row) []resource {
	var list []resource
	switch image, isImage := strings.CutPrefix(row.resource, "repository("); {
	case row.resource == "*":
		return []resource{{arn: "*"}}
	case isImage && r.hidden(strings.TrimSuffix(image, ")")):
		list = []resource{r.unseen(row, strings.TrimSuffix(image, ")"))}
	case isImage:
		list = r.repository(strings.TrimSuffix(image, ")"))
	case isPath(row.resource) && r.hidden(row.resource[2:len(row.resource)-1]):
		list = []resource{r.unseen(row, strings.TrimSuffix(row.resource[2:len(row.resource)-1], "[]"))}
	case isPath(row.resource) && strings.HasSuffix(row.resource, "[]}"):
		path := row.resource[2 : len(row.resource)-1]
		for _, text := range r.texts(path) {
			list = append(list, resource{arn: text, path: strings.TrimSuffix(path, "[]")})
		}
	default:
		one := r.fill(row.resource)
		if isPath(row.resource) {
			one.path = row.resource[2 : len(row.resource)-1]
		}
		list = []resource{one}
	}
	for _, one := range list {
		if one.arn != "" && !one.unknown && !r.fits(row, one.arn) {
			if one.path == "" {
				one.path = "the resource"
			}
			r.wrong("%s %s is not an ARN of type %s", one.path, spelling.Quote(one.arn), strings.Join(row.types, " or "))
		}
	}
	return list
}

// unseen is the resource that a parameter names which is not known: the
// beginning that all ARNs of its type have. A role that is passed is one of the
// caller's account (G-4).
func (r *reader) unseen(row *row, parameter string) resource {
	where, begin := r.where(), "arn:"+r.token("Partition")+":"
	switch {
	case row.action == "iam:PassRole" && where.Account != "":
		begin += "iam::" + where.Account + ":role/"
	case len(row.types) == 1:
		begin += r.begins[row.types[0]]
	}
	return resource{arn: begin, unknown: true, parameter: parameter}
}

// isPath: the template is a parameter alone.
func isPath(template string) bool {
	return strings.HasPrefix(template, "${") && strings.IndexByte(template, '}') == len(template)-1
}

func (r *reader) fits(row *row, text string) bool {
	if !strings.HasPrefix(text, "arn:") {
		return false
	}
	return slices.ContainsFunc(row.types, func(name string) bool {
		for _, format := range r.types[name] {
			if format.MatchString(text) {
				return true
			}
		}
		return false
	})
}

// fill puts values in the place of placeholders, up to one that is not known;
// nothing after a fault.
func (r *reader) fill(template string) resource {
	whole := isPath(template)
	template, optional := strings.CutSuffix(template, "[:${Qualifier}]")
	suffix := ""
	if q := r.qualifier(); optional && q != "" {
		suffix = ":" + q
	}
	var b strings.Builder
	asGiven, failed := "", false
	for {
		before, rest, found := strings.Cut(template, "${")
		b.WriteString(before)
		switch {
		case found:
		case failed:
			return resource{}
		case optional && suffix == "" && r.hasQualifier() && r.hidden(qualifierName):
			return resource{arn: b.String(), unknown: true, parameter: qualifierName, asGiven: asGiven}
		default:
			return resource{arn: b.String() + suffix, asGiven: asGiven}
		}
		name, rest, _ := strings.Cut(rest, "}")
		template = rest
		if lookup, ok := strings.CutPrefix(name, "@"); ok && r.call.State[Lookup(lookup)] == nil {
			return resource{arn: b.String(), unknown: true, rest: Lookup(lookup)}
		}
		if r.unknownToken(name) {
			return resource{arn: b.String(), unknown: true, parameter: name}
		}
		value := r.token(name)
		switch function, ok := r.functions[name]; {
		case ok:
			b.Reset()
			value = function.Unqualified().String()
			if asGiven = r.at(name).text; strings.HasPrefix(asGiven, "arn:") {
				asGiven = ""
			}
		case strings.HasPrefix(value, "arn:") && (whole || r.mayBeARN(name)):
			b.Reset()
		case value == "":
			failed = true
		}
		b.WriteString(value)
	}
}

// unknownToken reports whether a partial call does not tell the value of a
// placeholder.
func (r *reader) unknownToken(name string) bool {
	switch name {
	case "Partition":
		return false
	case "Region":
		return r.call.Partial && r.where().Region == ""
	case "Account":
		return r.call.Partial && r.where().Account == ""
	}
	return !strings.HasPrefix(name, "@") && r.hidden(name)
}

// token is the value of a placeholder; "" after a fault.
func (r *reader) token(name string) string {
	where := r.where()
	value, what := "", ""
	switch name {
	case "Partition":
		if value = where.Partition; value == "" {
			value = "aws"
		}
		return value
	case "Region":
		value, what = where.Region, "region"
	case "Account":
		value, what = where.Account, "account"
	}
	if what != "" {
		if value == "" {
			r.wrong("the %s is not known: no parameter has it, and no default is given", what)
		}
		return value
	}
	if lookup, ok := strings.CutPrefix(name, "@"); ok {
		return r.call.State[Lookup(lookup)][0]
	}
	n := r.at(name)
	if n == nil {
		r.wrong("%s is missing", name)
		return ""
	}
	if r.kindOf(name) == anAccount {
		return r.account(n.text, name)
	}
	return n.text
}

// where the call is made: as the function's ARN says, else the defaults.
func (r *reader) where() arn.Defaults {
	if f, ok := r.functions[functionName]; ok {
		return arn.Defaults{Partition: f.Partition(), Region: f.Region(), Account: f.Account()}
	}
	return r.call.Defaults
}

func (r *reader) kindOf(name string) kind {
	for _, m := range r.operation.parameters.members {
		if m.name == name {
			return m.kind
		}
	}
	return aString
}

// mayBeARN reports whether a placeholder stands for a name or for a whole ARN.
// Elsewhere a text that looks like an ARN is text: the key of an object in S3.
func (r *reader) mayBeARN(name string) bool {
	return strings.HasPrefix(name, "@") || r.kindOf(name) == aNameOrARN
}

// account reads an account's id, or the ARN of its root user.
func (r *reader) account(text, path string) string {
	id := text
	if a, err := arn.Parse(text); err == nil && a.Service() == "iam" && a.Resource() == "root" {
		id = a.Account()
	}
	if !arn.IsAccountID(id) {
		r.wrong("%s %s is neither an account of twelve digits nor the ARN of its root user", path, spelling.Quote(text))
		return ""
	}
	return id
}

// repository is the ARN of the repository of an image,
// account.dkr.ecr.region.amazonaws.com/name:tag.
func (r *reader) repository(path string) []resource {
	n := r.at(path)
	if n == nil {
		return nil
	}
	host, name, _ := strings.Cut(n.text, "/")
	name, _, _ = strings.Cut(name, "@")
	name, _, _ = strings.Cut(name, ":")
	part := strings.SplitN(host, ".", 5)
	if name == "" || len(part) < 5 || !arn.IsAccountID(part[0]) || part[1] != "dkr" || !strings.HasPrefix(part[2], "ecr") || part[3] == "" {
		r.wrong("%s %s is not the URI of an image in Amazon ECR, account.dkr.ecr.region.amazonaws.com/repository:tag", path, spelling.Quote(n.text))
		return nil
	}
	partition := r.token("Partition")
	return []resource{{arn: "arn:" + partition + ":ecr:" + part[3] + ":" + part[0] + ":repository/" + name}}
}
