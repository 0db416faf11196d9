package awscli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator/account"
)

// listed is how the entities of a list are read, by the member that has the list;
// nil for a member that is no such list.
func listed(name string) func(*page, member) {
	switch name {
	case "UserDetailList", "GroupDetailList", "RoleDetailList":
		return (*page).detail
	case "Users", "Roles":
		return (*page).summary
	case "Groups":
		return (*page).group
	case "Policies":
		return (*page).policy
	case "Functions", "Versions":
		return (*page).function
	case "Aliases":
		return (*page).alias
	case "FunctionUrlConfigs":
		return (*page).url
	case "Layers", "LayerVersions":
		return (*page).layer
	case "EventSourceMappings":
		return (*page).mapping
	case "Roots":
		return (*page).root
	case "OrganizationalUnits":
		return (*page).unit
	case "Accounts":
		return (*page).accountOf
	case "Children", "Parents":
		return (*page).related
	case "Targets":
		return (*page).target
	}
	return nil
}

// A shape is an answer without a list of entities, told by its members.
type shape struct {
	members string // that it has, and what else it can have, after a bar
	read    func(*page)
}

// shapes are those that are read. The first that fits counts.
func shapes() []shape {
	return []shape{
		{"organization root | accounts policies", (*page).tree},
		{"Organization", (*page).organization},
		{"Configuration | Code Tags Concurrency TagsError", (*page).configuration},
		{"RoleName PolicyName PolicyDocument", func(p *page) { p.inlineOf("role", "RoleName") }},
		{"UserName PolicyName PolicyDocument", func(p *page) { p.inlineOf("user", "UserName") }},
		{"GroupName PolicyName PolicyDocument", func(p *page) { p.inlineOf("group", "GroupName") }},
		{"PolicyVersion", (*page).policyVersion},
		{"PolicyNames", (*page).policyNames},
		{"AttachedPolicies", (*page).attachedPolicies},
		{"Policy | RevisionId", (*page).onePolicy},
		{"Role", func(p *page) { p.summary(p.members["Role"]) }},
		{"User", func(p *page) { p.summary(p.members["User"]) }},
		{"Group", func(p *page) { p.group(p.members["Group"]) }},
		{"Tags", (*page).tagsOf},
	}
}

// others are answers and files that are no snapshot of accounts, and what they are.
var others = [...]struct{ members, what string }{
	{"Statement", "a policy document: it does not say whose it is; verbs that ask about policies take it"},
	{"resource_changes", "a Terraform plan"},
	{"planned_values", "a Terraform plan"},
	{"terraform_version", "a Terraform state"},
	{"Resources", "a CloudFormation template"},
	{"AWSTemplateFormatVersion", "a CloudFormation template"},
	{"configurationItems", "a snapshot of AWS Config"},
	{"configurationItem", "a notification of AWS Config"},
	{"Results", "the answer to a query of AWS Config"},
	{"Records", "events of CloudTrail: iamsim denied takes them"},
	{"eventVersion", "an event of CloudTrail: iamsim denied takes it"},
	{"Credentials", "credentials: keep them out of files"},
	{"Error", "an error of AWS, and no answer: ask again"},
	{"message", "an error of AWS, and no answer: ask again"},
}

// paging are members that say which page an answer is, and what SDKs add.
var paging = [...]string{"IsTruncated", "Marker", "NextToken", "NextMarker", "ResultMetadata", "ResponseMetadata"}

// finish reads what of a page is no list, when all of it is there.
func (p *page) finish() error {
	kind := strings.Join(slices.Sorted(maps.Keys(p.lists)), " ")
	nothing := kind == "Policies" && p.lists[kind] == 0
	if strings.Contains(kind, "DetailList") || p.versions || nothing && p.truncated() {
		kind = detailsOfAccount
	}
	rest := maps.Clone(p.members)
	for _, name := range paging {
		delete(rest, name)
	}
	if rest["FunctionArn"].Str != "" && (kind == "" || kind == "Layers") {
		p.flat()
		kind, rest = "FunctionArn", nil // whose Role is no answer of get-role
	}
	for _, s := range shapes() {
		must, may, _ := strings.Cut(s.members, " | ")
		if has(rest, must) {
			s.read(p)
			for _, name := range strings.Fields(must + " " + may) {
				delete(rest, name)
			}
			kind += " " + must
			break
		}
	}
	if len(p.summaries) > 0 || nothing && !p.truncated() {
		p.attachments()
	}
	if kind == "" && len(rest) == 0 && len(p.members) > 0 {
		kind = detailsOfAccount // a page can be empty
	}
	if kind == "" {
		return p.strange(rest)
	}
	for _, name := range slices.Sorted(maps.Keys(rest)) {
		p.note("member %s is not known, and not read", name)
	}
	p.partsOf()
	p.series(kind)
	return nil
}

// has reports whether all of these members are there.
func has(members map[string]member, names string) bool {
	for _, name := range strings.Fields(names) {
		if _, ok := members[name]; !ok {
			return false
		}
	}
	return true
}

// strange says what an answer is that is not read.
func (p *page) strange(rest map[string]member) error {
	at := fmt.Sprintf("%s:%d: ", p.file, p.place.Line)
	for _, o := range others {
		if has(rest, o.members) {
			return fmt.Errorf("%sthis is %s", at, o.what)
		}
	}
	names := slices.Sorted(maps.Keys(rest))
	return fmt.Errorf("%sno answer of AWS that has a say in access: it has the members %s. Read are get-account-authorization-details,"+
		" get- and list- of users, groups, roles and policies, the same of Lambda functions, aliases, URLs, layers and policies,"+
		" and of AWS Organizations describe-organization, describe-policy, and list- of roots, units, accounts, policies and targets",
		at, strings.Join(names[:min(len(names), 10)], ", "))
}

// partsOf: of a function whose URLs, aliases or versions were listed, all are known.
func (p *page) partsOf() {
	for _, row := range [...]struct {
		list string
		part account.Part
	}{{"FunctionUrlConfigs", account.URLs}, {"Aliases", account.Aliases}, {"Versions", account.Versions}} {
		if _, ok := p.lists[row.list]; !ok || p.truncated() {
			continue
		}
		if len(p.found) > 0 {
			p.builder.AddPart(p.found[0], row.part)
			continue
		}
		p.later(func(r *Reader) {
			function, ok := r.functions.in(base(p.file), "function")
			if !ok {
				p.note("an empty list of %s does not say of which function: let the file's name end in that of the function", row.list)
			}
			r.builder.AddPart(function, row.part)
		})
	}
}

// truncated reports whether a page says that another follows.
func (p *page) truncated() bool {
	if p.members["IsTruncated"].Bool() {
		return true
	}
	given := p.members["IsTruncated"].Exists()
	return p.members["NextToken"].Str != "" || p.members["NextMarker"].Str != "" || !given && p.members["Marker"].Str != ""
}

// detailsOfAccount is the command whose pages may have one list each, or none.
const detailsOfAccount = "get-account-authorization-details"

// whole reports whether the page is all that was listed of an entity, and not one of
// several pages.
func (p *page) whole(of string) bool {
	if p.truncated() {
		p.split[of] = true
	}
	return !p.split[of]
}

// A series is the pages of one answer. Of its pages one is the last, in whatever
// order the files come.
type series struct{ kind, of string }

// pages are how far a series was read.
type pages struct {
	last  bool
	first string // file
}

// series counts the page to those of the same answer: from the same account and
// region, about the same node.
func (p *page) series(kind string) {
	if len(p.lists) == 0 && kind != detailsOfAccount {
		return // whose part is not known until its last page is read
	}
	of := nodeIn(base(p.file))
	if len(p.found) > 0 {
		if a, err := arn.Parse(p.found[0]); err == nil {
			of = a.Partition() + ":" + a.Region() + ":" + a.Account()
		}
	}
	if kind == detailsOfAccount {
		of = p.account
	}
	key := series{kind, of}
	if p.pages[key] == nil {
		p.pages[key] = &pages{first: p.file}
	}
	if !p.truncated() {
		p.pages[key].last = true
	}
}

// Finish asks by whom the answers are that name nobody, and reports series whose
// last page is missing.
func (r *Reader) Finish() {
	for len(r.waiting) > 0 { // of which some wait for others
		waiting := r.waiting
		r.waiting = nil
		for _, f := range waiting {
			f()
		}
	}
	keys := slices.SortedFunc(maps.Keys(r.pages), func(a, b series) int { return strings.Compare(a.kind+a.of, b.kind+b.of) })
	for _, key := range keys {
		anybodys := r.pages[series{key.kind, ""}] // a page without entities
		if s := r.pages[key]; !s.last && (anybodys == nil || !anybodys.last) && !(key.of == "" && r.ends(key.kind)) {
			r.builder.AddGap(account.Gap{
				Of: s.first, Part: account.Everything, Needs: "further pages of " + key.kind,
				Mend: "give all pages, or say that the snapshot may be partial",
			})
		}
	}
	for policyARN, version := range r.defaults {
		r.builder.AddDefault(policyARN, version)
	}
}

// ends reports whether the last page of some series of a kind was read.
func (r *Reader) ends(kind string) bool {
	for key, s := range r.pages {
		if key.kind == kind && s.last {
			return true
		}
	}
	return false
}

// later has Finish call a function.
func (p *page) later(f func(*Reader)) {
	r := p.Reader
	r.waiting = append(r.waiting, func() { f(r) })
}
