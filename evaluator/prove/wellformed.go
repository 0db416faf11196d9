package prove

import (
	"fmt"
	"slices"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// A presence says whether ARNs of a service have something in a field.
type presence uint8

const (
	atTimes presence = iota
	required
	absent
)

// arnFields are what ARNs of a service have in the fields of Region and account.
type arnFields struct{ region, account presence }

// usualFields are those that are known without catalogue.
var usualFields = map[string]arnFields{
	"iam": {absent, required}, "sts": {absent, required}, "lambda": {required, required},
}

// mostShapes bounds how often a question is put again, for each thing that is wrong
// with the ARN of a request.
const mostShapes = 8

// decideWellFormed is decide for resources that can exist: a request whose
// resource has an ARN such as no service writes is left out, with all of its shape,
// and so is one that says of a resource that another account owns it.
func (q *question) decideWellFormed(st *setting) (result, *setting, error) {
	for range mostShapes {
		a, err := q.decide(st)
		if err != nil || a.request == nil {
			return a, st, err
		}
		next := *st
		switch shapes, owner := q.malformed(a.request.Resource), contradicted(a.request); {
		case shapes != nil:
			next.shapeless = append(slices.Clip(st.shapeless), shapes...)
		case owner != "":
			next.owners = append(slices.Clip(st.owners), owner)
		default:
			return a, st, nil
		}
		st = &next
	}
	a, err := q.decide(st)
	return a, st, err
}

// ownerKey is the key of the account that owns the resource. Where the ARN has an
// account it is that one (D.1).
const ownerKey = "aws:ResourceAccount"

// contradicted is the account in the ARN of a resource of which the context says that
// another one owns it; "" if none does.
func contradicted(r *Request) string {
	f := pattern.Split(r.Resource)
	account := f.Field(4)
	if i := r.Context.Index(ownerKey); i >= 0 && arn.IsAccountID(account) && !slices.Equal(r.Context[i].Values, []string{account}) {
		return account
	}
	return ""
}

// owned are the requests on resources of accounts of which they say that another
// account owns them, as far as the policies ask.
func (s *space) owned() []statement {
	if s.facts.keys[fold.String(ownerKey)] == "" {
		return nil
	}
	var contradictions []statement
	for _, account := range distinct(slices.Concat(s.facts.accounts, []string{ownAccount, otherAccount}, s.setting.owners)...) {
		c := condition(policy.StringNotEquals, ownerKey, account)
		of := []int{s.shape(resourceCoordinate, "arn:+:+:*:"+account+":~")}
		switch id := s.condition(&c, false); id {
		case never:
			continue
		case always:
		default:
			of = append(of, id)
		}
		contradictions = append(contradictions, statement{predicates: ordered(of)})
	}
	return contradictions
}

// malformed are the shapes, in the language of classes.Form, that a resource has and
// ARNs of its service do not.
func (q *question) malformed(resource string) []string {
	f := pattern.Split(resource)
	service := f.Field(2)
	fields := q.fieldsOf(service)
	region, account := map[bool]string{false: "", true: "&"}[f.Field(3) != ""], map[bool]string{false: "", true: "&"}[f.Field(4) != ""]
	var shapes []string
	if fields.region.excludes(f.Field(3)) {
		shapes = append(shapes, "arn:+:"+service+":"+region+":*:~")
	}
	if fields.account.excludes(f.Field(4)) {
		shapes = append(shapes, "arn:+:"+service+":*:"+account+":~")
	}
	return shapes
}

func (p presence) excludes(field string) bool {
	return p == required && field == "" || p == absent && field != ""
}

// fieldsOf is what the catalogue says of ARNs of a service.
func (q *question) fieldsOf(service string) arnFields {
	if q.catalog == nil {
		return usualFields[service]
	}
	var all []arnFields
	for _, action := range q.catalog.Expand(service + ":*") {
		for _, r := range action.Resources {
			for _, format := range r.Type.Formats {
				if f := pattern.Split(format); fold.Equal(f.Field(2), service) {
					all = append(all, arnFields{present(f.Field(3)), present(f.Field(4))})
				}
			}
		}
	}
	if len(all) == 0 {
		return usualFields[service]
	}
	fields := all[0]
	for _, f := range all {
		if f.region != fields.region {
			fields.region = atTimes
		}
		if f.account != fields.account {
			fields.account = atTimes
		}
	}
	return fields
}

func present(field string) presence {
	if field == "" {
		return absent
	}
	return required
}

// wellFormed is what a proof assumes where shapes were left out.
func wellFormed(shapes []string) []string {
	var list []string
	for _, shape := range shapes {
		f := pattern.Split(shape)
		for _, part := range []struct{ name, field string }{{"Region", f.Field(3)}, {"account", f.Field(4)}} {
			switch part.field {
			case "":
				list = append(list, fmt.Sprintf("ARNs of %s have something in the field of the %s", f.Field(2), part.name))
			case "&":
				list = append(list, fmt.Sprintf("ARNs of %s have nothing in the field of the %s", f.Field(2), part.name))
			}
		}
	}
	return list
}
