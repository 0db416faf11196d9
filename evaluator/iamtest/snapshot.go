package iamtest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/files"
	"github.com/iamsim/iamsim/evaluator/account/planned"
)

// A Snapshot is who and what there is in accounts: [Account] loads one. Its methods
// give the principals and resources of which assertions speak, each with all
// policies that follow it. It is a value that tests may share. In the zero Snapshot
// there is nobody.
type Snapshot struct{ of *account.Snapshot }

// Account loads accounts from what the AWS CLI or an SDK printed, files or folders:
//
//	prod := iamtest.Account(t, "testdata/prod")
//	iamtest.Can(t, prod.Role("deploy"), "lambda:UpdateFunctionCode", prod.Function("orders"))
//
// Whatever cannot be read, and a reference to what is not there, fails the test
// and stops it. Package account says what is read, and what of it is not known. A
// [Coverage] does not count its policies, which are no files of their own.
func Account(t TestingT, paths ...string) Snapshot {
	helper(t)()
	return loaded(t, "the accounts", account.New(), nil, paths...)
}

// Template loads what there will be once a template of CloudFormation or SAM is
// deployed, or all templates of a folder, a cdk.out say. Given are account, region
// and stack, and what else the template leaves open:
//
//	stack := iamtest.Template(t, "template.yaml", planned.Given{Account: "111122223333", Region: "eu-west-1", Stack: "shop"})
//	iamtest.Can(t, stack.Role("OrdersFunctionRole"), "dynamodb:GetItem", stack.Resource("Orders"))
//
// Roles, functions and resources are found by logical id, too. Where something
// decides that is not known before deployment, the assertion fails, and says what it
// is and how to give it. What cannot be read fails the test and stops it; a role or
// policy that the template refers to and does not have is not known.
func Template(t TestingT, path string, given ...planned.Given) Snapshot {
	helper(t)()
	b := account.New()
	b.Partial = true
	return loaded(t, "the template", b, given, path)
}

// loaded is the snapshot of files, or a test that stops.
func loaded(t TestingT, what string, b *account.Builder, given []planned.Given, paths ...string) Snapshot {
	helper(t)()
	all, unread := only(given)
	if unread == nil {
		unread = files.Load(b, all, paths...)
	}
	s, faults := b.Build()
	if err := errors.Join(unread, faults); err != nil {
		t.Errorf("%s cannot be loaded:\n%s", what, indent(err.Error()))
		stop(t)
		return Snapshot{}
	}
	return Snapshot{s}
}

// only is the one that is given, if any.
func only(given []planned.Given) (planned.Given, error) {
	switch len(given) {
	case 0:
		return planned.Given{}, nil
	case 1:
		return given[0], nil
	}
	return planned.Given{}, errors.New("what is given stands in one planned.Given")
}

// Accounts is the Snapshot of one that was built with package account, where parts
// are to be taken for complete, or changed.
func Accounts(s *account.Snapshot) Snapshot { return Snapshot{s} }

// Role is a role by its name, "deploy", by path and name, by ARN, or by the address in
// a template or plan, "aws_iam_role.deploy"; or a session of it by the ARN that AWS
// shows, "arn:aws:sts::123456789012:assumed-role/deploy/ci". Where there is none, or what is not known
// of its policies can decide, every assertion about it fails and says why.
func (s Snapshot) Role(name string) Who { return s.principal("role", name) }

// User is a user by its name, by path and name, or by ARN; see [Snapshot.Role].
func (s Snapshot) User(name string) Who { return s.principal("user", name) }

func (s Snapshot) principal(kind, name string) Who {
	who := Who{name: kind + " " + name}
	if s.of == nil {
		return who
	}
	p, err := s.of.Principal(name)
	if !strings.HasPrefix(name, "arn:") && (err != nil || p.Identity().Address != name) {
		p, err = s.of.Principal(kind + "/" + name)
	}
	if err == nil && p.Identity().Kind() != kind {
		err = fmt.Errorf("%s is no %s", p, kind)
	}
	if err != nil {
		who.missing = err.Error()
		return who
	}
	who.name = short(p.String())
	if who.caller, err = p.Caller(); err != nil {
		who.missing = fmt.Sprintf("not all is known of %s: %v", who, err)
		return who
	}
	who.organization, who.began, who.loaded = p.Organization(), time.Now().UTC(), true
	who.beyondSCPs = (&Principal{ARN: p.Identity().ARN, Organization: who.organization}).beyondSCPs(p.Identity().Account())
	return who
}

// Function is a Lambda function by name or ARN, or a version or alias of it as
// "orders:prod"; see [Snapshot.Role].
func (s Snapshot) Function(name string) What {
	if s.of == nil {
		return What{}
	}
	function, qualifier := name, ""
	if !strings.HasPrefix(name, "arn:") {
		function, qualifier, _ = strings.Cut(name, ":")
	} else if of := unqualified(name); of != "" {
		function, qualifier = of, name[len(of)+1:]
	}
	f, err := s.of.Function(function)
	if err != nil {
		return What{missing: err.Error()}
	}
	if qualifier == "" {
		return s.Resource(f.ARN)
	}
	return s.Resource(f.ARN + ":" + qualifier)
}

// Resource is what has an ARN, or an address in a template: a function, a bucket or an
// object in it, a queue, a role with its trust policy; see [Snapshot.Role].
func (s Snapshot) Resource(resource string) What {
	if s.of == nil {
		return What{}
	}
	target, err := s.of.Target(resource)
	if err != nil {
		return What{missing: fmt.Sprintf("not all is known of %s: %v", short(resource), err)}
	}
	return What{target: target, loaded: true}
}
