package twin_test

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/scenario"
	"github.com/iamsim/iamsim/policy"
)

// A generator makes one random scenario.
type generator struct {
	draw
	request *scenario.Request
	// favourites are the spellings of one context key that policies and request
	// come back to.
	favourites []contextKey
}

// generate makes a scenario of any kind: any caller, action and resource, any
// policies that their kinds accept, keys known and unknown.
func generate(d draw) *scenario.Scenario {
	s := &scenario.Scenario{Name: "generated", NoDefaultContext: true}
	g := generator{draw: d, request: &s.Request}
	favourite := g.key()
	for _, k := range contextKeys {
		if strings.EqualFold(k.name, favourite.name) {
			g.favourites = append(g.favourites, k)
		}
	}
	g.principal()
	g.actionAndResource()
	g.context()
	s.Policies = g.policies()
	s.Options = evaluator.Options{
		NotPrincipalIgnoresAccount: g.chance(15),
		SCPImplicitAsExplicit:      g.chance(5),
	}
	g.forget()
	g.spoil()
	return s
}

func (g *generator) principal() {
	p := &g.request.Principal
	*p = pick(g.draw, callers)
	if !strings.HasPrefix(p.ARN, "arn:") || strings.Contains(p.ARN, "-provider/") {
		return
	}
	p.Org = pick(g.draw, organizations)
	if strings.HasSuffix(p.ARN, ":root") {
		return
	}
	switch {
	case strings.Contains(p.ARN, ":user/") && g.chance(70):
		p.UserID = "AIDAALICE"
	case strings.Contains(p.ARN, "role/") && g.chance(60):
		p.UserID = "AROAAPP"
	}
	p.Tags = some(g.draw, tags, 3)
	if g.isSession() {
		p.SessionTags = some(g.draw, tags[:4], 1)
	}
}

func (g *generator) isSession() bool {
	arn := g.request.Principal.ARN
	return strings.Contains(arn, "role/") || strings.Contains(arn, "federated-user/")
}

func (g *generator) actionAndResource() {
	r := g.request
	f := pick(g.draw, families)
	r.Action = g.spelling(pick(g.draw, f.actions))
	if g.chance(4) {
		f = pick(g.draw, families)
	}
	r.Resource = pick(g.draw, f.resources)
	if g.chance(10) {
		r.ResourceAccount = pick(g.draw, []string{a1, a2})
	}
	r.ResourceTags = some(g.draw, tags, 3)
	r.ResourceOrg = pick(g.draw, organizations)
}

// onTrustPolicy: the resource's policy is a role trust policy.
func (g *generator) onTrustPolicy() bool {
	action := strings.ToLower(g.request.Action)
	return (g.request.ResourceUnknown || strings.Contains(g.request.Resource, ":role/")) &&
		(strings.HasPrefix(action, "sts:assume") || action == "sts:tagsession")
}

func (g *generator) context() {
	r := g.request
	taken := map[string]bool{}
	if strings.Contains(r.Principal.ARN, ":user/") && g.chance(12) { // GetSessionToken's credentials (L-3)
		r.Context = []scenario.ContextKey{
			{Name: "aws:TokenIssueTime", Values: []string{"2026-01-15T11:00:00Z"}},
			{Name: "aws:MultiFactorAuthPresent", Values: []string{pick(g.draw, []string{"false", "False", "true"})}},
		}
		taken["aws:tokenissuetime"], taken["aws:multifactorauthpresent"] = true, true
	}
	for range g.draw(9) {
		k := g.key()
		if taken[strings.ToLower(k.name)] {
			continue
		}
		taken[strings.ToLower(k.name)] = true
		name := g.spelling(k.name)
		pool := slices.Concat(k.values.inBoth, k.values.inRequest, k.own)
		switch n := g.draw(100); {
		case n < 14:
			r.Unknown = append(r.Unknown, name)
		case n < 28:
			r.Present = append(r.Present, name)
		case n < 34:
			r.Context = append(r.Context, scenario.ContextKey{Name: name})
		case n < 46:
			values := []string{pick(g.draw, pool), pick(g.draw, pool)}
			r.Context = append(r.Context, scenario.ContextKey{Name: name, Values: values})
		default:
			r.Context = append(r.Context, scenario.ContextKey{Name: name, Values: []string{pick(g.draw, pool)}})
		}
	}
}

func (g *generator) key() contextKey {
	if g.chance(25) {
		return pick(g.draw, typedKeys)
	}
	return pick(g.draw, contextKeys)
}

// forget leaves part of the request open: the resource but for its beginning,
// and the tags that are not given.
func (g *generator) forget() {
	r := g.request
	if trust := g.onTrustPolicy(); g.chance(10) && (trust || !strings.HasPrefix(strings.ToLower(r.Action), "sts:")) {
		r.ResourceUnknown = true
		chars := []rune(r.Resource)
		r.Resource = strings.TrimSuffix(string(chars[:g.draw(len(chars)+1)]), "*")
	}
	if g.chance(8) {
		r.Unknown = append(r.Unknown, pick(g.draw, []string{"aws:PrincipalTag/*", "AWS:resourcetag/*", "aws:RequestTag/*"}))
	}
}

// spoil makes a few requests that are none.
func (g *generator) spoil() {
	r := g.request
	switch g.draw(400) {
	case 0:
		r.Action = pick(g.draw, []string{"lambda", "lambda:", ":GetFunction", "lambda:Get*", "lambda:Get:Function", "lambda:GetFunctio?"})
	case 1:
		r.Resource = pick(g.draw, []string{"my-fn", "arn:aws:lambda", "function:my-fn", "arn:aws:lambda:us-east-1:111122223333:"})
	case 2:
		if len(r.Present) > 0 {
			r.Unknown = append(r.Unknown, strings.ToUpper(r.Present[0]))
		}
	}
}

func (g *generator) policies() policy.Policies {
	var p policy.Policies
	if g.chance(25) {
		p = p.With(policy.IdentityLayer.At(0), g.probe())
		if g.chance(50) {
			return p
		}
	}
	if !p.Has(policy.IdentityLayer) && g.chance(85) {
		p = p.With(policy.IdentityLayer.At(0), g.several(policy.Identity, 2)...)
	}
	if g.chance(22) {
		p = p.With(policy.BoundaryLayer.At(0), g.policy(policy.Boundary))
	}
	if g.chance(25) || strings.Contains(g.request.Principal.ARN, "federated-user") && g.chance(75) {
		p = p.With(policy.SessionLayer.At(0), g.several(policy.Session, 2)...)
	}
	if g.chance(30) {
		p = p.WithLevels(policy.SCPLayer, g.levels(policy.SCP)...)
	}
	if g.chance(25) {
		p = p.WithLevels(policy.RCPLayer, g.levels(policy.RCP)...)
	}
	if g.chance(15) {
		p = p.With(policy.EndpointLayer.At(0), g.policy(policy.Endpoint))
	}
	needed := g.onTrustPolicy() || strings.HasPrefix(strings.ToLower(g.request.Action), "kms:")
	if g.chance(60) || needed && g.chance(80) {
		kind := policy.Resource
		if g.onTrustPolicy() {
			kind = policy.Trust
		}
		p = p.WithLevels(policy.ResourceLayer, slices.Collect(slices.Chunk(g.several(kind, 2), 1))...)
	}
	return p
}

// probe is a policy in which one condition, or one resource, decides alone.
func (g *generator) probe() policy.Attached {
	d := &policy.Document{Version: pick(g.draw, []string{"2012-10-17", "2012-10-17", "2012-10-17", ""})}
	st := g.everything(policy.Identity)
	if g.chance(25) {
		g.resources(&st, policy.Identity, d.Version == policy.Version2012)
	} else {
		g.condition(&st, d.Version == policy.Version2012)
	}
	if st.Resource != nil && st.NotResource != nil {
		st.Resource = nil
	}
	d.Statements = append(d.Statements, st)
	if g.chance(50) {
		d.Statements[0].Effect = policy.Deny
		d.Statements = append(d.Statements, g.everything(policy.Identity))
	}
	return policy.Attached{Document: d}
}

func (g *generator) several(kind policy.Kind, most int) []policy.Attached {
	list := []policy.Attached{g.policy(kind)}
	for range g.draw(most) {
		list = append(list, g.policy(kind))
	}
	return list
}

func (g *generator) levels(kind policy.Kind) [][]policy.Attached {
	var levels [][]policy.Attached
	for range 1 + g.draw(3) {
		level := []policy.Attached{}
		if !g.chance(4) {
			level = g.several(kind, 1)
		}
		levels = append(levels, level)
	}
	return levels
}

func (g *generator) policy(kind policy.Kind) policy.Attached {
	d := &policy.Document{Version: pick(g.draw, []string{"2012-10-17", "2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17", ""})}
	if kind == policy.RCP {
		d.Version = policy.Version2012
	}
	full := kind == policy.SCP && g.chance(75) || kind == policy.Endpoint && g.chance(60)
	if full || kind != policy.RCP && g.chance(25) {
		d.Statements = append(d.Statements, g.everything(kind))
	}
	for range g.draw(4) {
		d.Statements = append(d.Statements, g.statement(kind, d.Version == policy.Version2012))
	}
	if g.draw(100) == 0 {
		g.many(d, kind)
	}
	if len(d.Statements) == 0 {
		d.Statements = append(d.Statements, g.statement(kind, d.Version == policy.Version2012))
	}
	return policy.Attached{Document: d}
}

// many statements with the same actions and much alike resources: so many that
// an engine will not try them one by one.
func (g *generator) many(d *policy.Document, kind policy.Kind) {
	active := d.Version == policy.Version2012
	model := g.statement(kind, active)
	for range 10 + g.draw(60) {
		st := g.statement(kind, active)
		st.Effect, st.Action, st.NotAction = model.Effect, model.Action, model.NotAction
		if st.Resource != nil && g.chance(60) {
			st.Resource = policy.Values{g.accepted(kind, g.alike())}
		}
		d.Statements = append(d.Statements, st)
	}
}

// alike is a pattern that shares its beginning with many others.
func (g *generator) alike() string {
	parts := strings.SplitN(g.request.Resource, ":", 6)
	if len(parts) < 6 {
		return "*"
	}
	piece := []rune(parts[5] + pick(g.draw, []string{"", "", "-more", "/x"}))
	piece = piece[g.draw(len(piece)):]
	piece = piece[:1+g.draw(len(piece))]
	if g.chance(30) {
		piece[g.draw(len(piece))] = 'e'
	}
	parts[5] = "*" + string(piece) + pick(g.draw, []string{"", "*", "*", "*/*", "?"})
	return strings.Join(parts, ":")
}

// everything is a statement that allows all there is.
func (g *generator) everything(kind policy.Kind) policy.Statement {
	st := policy.Statement{Effect: policy.Allow, Action: policy.Values{"*"}, Resource: policy.Values{"*"}}
	if kind == policy.Trust {
		st.Action, st.Resource = policy.Values{"sts:*"}, nil
	}
	if namesPrincipal(kind) {
		st.Principal = &policy.Principals{Everyone: true}
		if kind != policy.Endpoint && g.chance(70) {
			st.Principal = g.principals(false)
		}
	}
	return st
}

func namesPrincipal(kind policy.Kind) bool {
	return kind == policy.Resource || kind == policy.Trust || kind == policy.RCP || kind == policy.Endpoint
}

func (g *generator) statement(kind policy.Kind, active bool) policy.Statement {
	st := policy.Statement{Effect: policy.Allow}
	if g.chance(22) || kind == policy.RCP {
		st.Effect = policy.Deny
	}
	g.actions(&st, kind)
	g.resources(&st, kind, active)
	switch {
	case kind == policy.RCP:
		st.Principal = &policy.Principals{Everyone: true}
	case kind == policy.Resource || kind == policy.Endpoint:
		if g.chance(12) || st.Effect == policy.Deny && g.chance(40) {
			st.NotPrincipal = g.principals(true)
			break
		}
		fallthrough
	case kind == policy.Trust:
		st.Principal = g.principals(false)
	}
	narrow := 2
	if st.Effect == policy.Deny {
		narrow = 3
	}
	for range g.draw(narrow + 1) {
		if g.chance(70) {
			g.condition(&st, active)
		}
	}
	return st
}

func (g *generator) actions(st *policy.Statement, kind policy.Kind) {
	list := policy.Values{}
	switch kind {
	case policy.Trust:
		list = append(list, pick(g.draw, []string{"sts:*", "sts:AssumeRole", "sts:AssumeRole*", "sts:TagSession", g.request.Action}))
		if !strings.HasPrefix(strings.ToLower(list[0]), "sts:") {
			list[0] = "sts:*"
		}
		st.Action = list
		return
	case policy.RCP:
		service, _, _ := strings.Cut(g.request.Action, ":")
		if !policy.RCPSupports(strings.ToLower(service)) {
			service = "s3"
		}
		st.Action = policy.Values{service + ":" + pick(g.draw, []string{"*", "Get*", "Decrypt", "AssumeRole", "?*e*"})}
		return
	}
	for range 1 + g.draw(2) {
		list = append(list, g.action())
	}
	if g.chance(3) {
		list = policy.Values{}
	}
	if g.chance(15) {
		st.NotAction = list
		return
	}
	st.Action = list
}

// action is a pattern that often matches the action of the request.
func (g *generator) action() string {
	a := g.request.Action
	service, name, _ := strings.Cut(a, ":")
	if service == "" || name == "" {
		return "*"
	}
	switch g.draw(10) {
	case 0:
		return "*"
	case 1, 2:
		return g.spelling(service + ":*")
	case 3:
		return service + ":" + name[:1+g.draw(len(name))] + "*"
	case 4:
		i := g.draw(len(name))
		return service + ":" + name[:i] + "?" + name[i+1:]
	case 5:
		return service + ":*" + name[g.draw(len(name)):]
	case 6:
		return pick(g.draw, pick(g.draw, families).actions)
	case 7:
		return pick(g.draw, []string{"*:*", "s?s:*", "*:Get*", "lambda:*Function", "iam:*R*e", "***"})
	}
	return g.spelling(a)
}

func (g *generator) resources(st *policy.Statement, kind policy.Kind, active bool) {
	if kind == policy.Trust || kind == policy.Resource && g.chance(25) {
		return
	}
	list := policy.Values{}
	for range 1 + g.draw(2) {
		list = append(list, g.accepted(kind, g.resource(active)))
	}
	if g.chance(3) {
		list = policy.Values{}
	}
	if g.chance(15) {
		st.NotResource = list
		return
	}
	st.Resource = list
}

// accepted is the pattern, at times without its last parts, if AWS takes it in
// policies of the kind; else "*" (B-12).
func (g *generator) accepted(kind policy.Kind, pattern string) string {
	takes := func(pattern string) bool {
		d := policy.Document{Version: policy.Version2012, Statements: []policy.Statement{{
			Effect: policy.Allow, Principal: &policy.Principals{Everyone: true}, Action: policy.Values{"s3:*"}, Resource: policy.Values{pattern},
		}}}
		if !namesPrincipal(kind) {
			d.Statements[0].Principal = nil
		}
		return d.Check(kind) == nil
	}
	if parts := strings.SplitN(pattern, ":", 6); len(parts) == 6 && g.chance(5) {
		if short := strings.Join(parts[:3+g.draw(3)], ":"); takes(short) {
			return short
		}
	}
	if kind != policy.RCP && !takes(pattern) {
		return "*"
	}
	return pattern
}

// resource is a pattern that often matches the resource of the request.
func (g *generator) resource(active bool) string {
	r := g.request.Resource
	if r == "*" || g.chance(8) {
		r = pick(g.draw, pick(g.draw, families).resources)
	}
	parts := strings.SplitN(r, ":", 6)
	if len(parts) < 6 || g.chance(25) {
		return "*"
	}
	for range 1 + g.draw(2) {
		i := 1 + g.draw(5)
		switch g.draw(9) {
		case 0:
			parts[i] = "*"
		case 1:
			parts[i] = g.wild(parts[i], '*')
		case 2:
			parts[i] = g.wild(parts[i], '?')
		case 3:
			parts[4] = pick(g.draw, []string{"${aws:PrincipalAccount}", "${aws:ResourceAccount}", "${aws:PrincipalTag/none, '111122223333'}"})
		case 4:
			parts[5] = g.tail(parts[5])
		case 5:
			if !strings.Contains(parts[5], "$") {
				parts[5] = strings.Replace(parts[5], "red", g.variable(), 1)
				parts[5] = strings.Replace(parts[5], "alice", "${aws:username}", 1)
			}
		case 6:
			// A variable where none is replaced (B-15), or one that brings wildcards.
			i := pick(g.draw, []int{1, 2, 3, 4, 5})
			if g.chance(50) && !strings.Contains(parts[i], "$") {
				parts[i] = "${aws:PrincipalTag/none, '" + parts[i] + "'}"
			} else if i != 2 {
				parts[i] = g.variable()
			}
		case 7: // fewer parts, one star for the rest
			cut := 2 + g.draw(4)
			short := append(slices.Clone(parts[:cut]), g.tail(parts[cut]))
			return strings.Join(short, ":")
		case 8: // one star for two segments (EX-B18)
			if strings.HasPrefix(parts[5], "function:") {
				return "arn:aws:lambda:*:" + parts[5]
			}
		}
	}
	return strings.Join(parts, ":")
}

// wild puts a wildcard in the place of a character, or of several.
func (g *generator) wild(s string, w rune) string {
	if s == "" || strings.Contains(s, "$") {
		return string(w)
	}
	chars := []rune(s)
	from := g.draw(len(chars))
	to := from + 1
	if w == '*' {
		to = from + g.draw(len(chars)-from+1)
	}
	return string(chars[:from]) + string(w) + string(chars[to:])
}

// tail keeps a beginning, with a star for the rest.
func (g *generator) tail(s string) string {
	if strings.Contains(s, "$") {
		return s + "*"
	}
	chars := []rune(s)
	return string(chars[:g.draw(len(chars)+1)]) + "*"
}

// principals is a Principal element, or a NotPrincipal that often lists the
// caller with all its ancestors.
func (g *generator) principals(not bool) *policy.Principals {
	if g.chance(8) {
		return &policy.Principals{Everyone: true}
	}
	own := g.ownNames()
	aws := policy.Values{}
	switch {
	case not && g.chance(80):
		for _, name := range own {
			if g.chance(88) {
				aws = append(aws, name)
			}
		}
		aws = append(aws, some(g.draw, principalNames[1:], 1)...)
	case len(own) > 0 && g.chance(65):
		aws = append(aws, pick(g.draw, own))
		aws = append(aws, some(g.draw, principalNames, 1)...)
	default:
		aws = some(g.draw, principalNames, 2)
	}
	p := &policy.Principals{Entries: []policy.PrincipalEntry{{Type: policy.PrincipalAWS, Values: aws}}}
	add := func(t policy.PrincipalType, values []string) {
		p.Entries = append(p.Entries, policy.PrincipalEntry{Type: t, Values: values})
	}
	arn := g.request.Principal.ARN
	if g.chance(15) || slices.Contains(services, arn) && g.chance(60) {
		add(policy.PrincipalService, append(some(g.draw, services, 1), pick(g.draw, services)))
	}
	if g.chance(10) || slices.Contains(providers, arn) && g.chance(60) {
		add(policy.PrincipalFederated, append(some(g.draw, providers, 1), pick(g.draw, providers)))
	}
	if g.chance(3) {
		add(policy.PrincipalCanonicalUser, policy.Values{"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"})
	}
	return p
}

// ownNames are the names under AWS of the caller and its ancestors.
func (g *generator) ownNames() []string {
	p := g.request.Principal
	parts := strings.SplitN(p.ARN, ":", 6)
	if len(parts) < 6 || strings.Contains(p.ARN, "-provider/") {
		return nil
	}
	names := []string{p.ARN, pick(g.draw, []string{parts[4], "arn:" + parts[1] + ":iam::" + parts[4] + ":root"})}
	for _, name := range []string{p.Role, p.ParentUser} {
		if name != "" {
			names = append(names, name)
		}
	}
	if g.isSession() && p.Role == "" && p.ParentUser == "" {
		names = append(names, pick(g.draw, []string{
			"arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:role/svc/app", "arn:aws:sts::111122223333:assumed-role/app/s1",
		}))
	}
	if p.UserID != "" && g.chance(40) {
		names = append(names, p.UserID)
	}
	return names
}
