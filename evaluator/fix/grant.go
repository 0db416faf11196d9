package fix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/variable"
	"github.com/iamsim/iamsim/policy"
)

// grants are changes that make a layer allow the request: a statement that
// lacks one value gets it, or there is a new statement. A statement with a
// condition that does not hold comes last of those that lack one element: its
// author meant the condition.
func (s *state) grants(n need) []edit {
	var near []nearMiss
	for i := range n.layer.Policies {
		if isOfResource(n.Slot) && (s.isLayer() || s.functionLacks()) {
			break // Lambda adds statements to the policy of a layer, and changes none (F-1)
		}
		at, document := s.locate(n.layer, i)
		for k := range n.layer.Policies[i].Statements {
			st := &n.layer.Policies[i].Statements[k]
			if st.Effect == policy.Allow && st.Match != trace.Matches && st.Lacks() == 1 {
				near = append(near, nearMiss{Slot: at, document: document, trace: st, attached: &s.policies.At(at)[document]})
			}
		}
	}
	var list []edit
	why := s.lacks(n)
	for i := range near {
		if near[i].trace.First().Element == "Condition" {
			continue
		}
		if e, ok := s.extended(&near[i]); ok {
			e.change.Why = why
			if e.accompanies(s.request.Action) {
				e.change.Why += "; it is for all whom the statement lets assume the role, and of no use to others"
			}
			list = append(list, e)
		}
	}
	for i := range near {
		if near[i].trace.First().Element != "Condition" {
			continue
		}
		for _, e := range s.conditioned(&near[i]) {
			e.change.Why = why
			list = append(list, e)
		}
	}
	for _, e := range s.added(n) {
		e.change.Why = why
		if i := slices.IndexFunc(near, func(m nearMiss) bool { return m.isShared() && m.trace.First().Element != "Condition" }); i >= 0 {
			e.change.Why += fmt.Sprintf("; Statement[%d] of %s lacks the %s only, but others can have that policy too",
				near[i].trace.Index, shown(near[i].attached.DisplayName()), strings.ToLower(near[i].trace.First().Element))
		}
		list = append(list, e)
	}
	for i := range list {
		c := &list[i].change
		if s.caller.Principal.Kind() == evaluator.RoleSession && s.role() == "" && c.names(s.namedRole()) {
			c.Why += "; the path of the role is not in a session's ARN, and belongs into the role's if it has one"
		}
		c.Owner = s.owner(list[i].Slot, nil)
		c.Why += s.lasts()
		if list[i].others == "" && s.passesToAny() {
			list[i].others = "the role passed to any other service, since the request does not tell iam:PassedToService"
		}
		if s.caller.Principal.Kind() == evaluator.AnonymousPrincipal {
			c.Proposal, c.Why = true, c.Why+"; an unsigned caller is anybody: this opens it to the public"
		}
	}
	return list
}

// passesToAny: a role is passed, and no statement can be for the one service that
// it is passed to, which is not known (G-5).
func (s *state) passesToAny() bool {
	_, ok := s.value("iam:PassedToService")
	return !ok && fold.Equal(s.request.Action, "iam:PassRole")
}

// lasts says what to write for a grant that outlives the version of a function
// that was asked.
func (s *state) lasts() string {
	a, err := arn.Parse(s.target.Resource)
	if err != nil || a.Service() != "lambda" || a.Type() != "function" || a.Qualifier() == "" || strings.Trim(a.Qualifier(), "0123456789") != "" {
		return ""
	}
	return fmt.Sprintf("; it is for version %s, and a grant for later versions too would name %s:*", a.Qualifier(), a.Unqualified())
}

// names reports whether the change writes a principal that was not there.
func (c *Change) names(principal string) bool {
	in := func(st *policy.Statement) bool {
		return st.Principal != nil && slices.ContainsFunc(st.Principal.Entries, func(e policy.PrincipalEntry) bool { return slices.Contains(e.Values, principal) })
	}
	return slices.ContainsFunc(c.After, func(st policy.Statement) bool { return in(&st) }) && (c.Before == nil || !in(c.Before))
}

// lacks says what a layer lacks.
func (s *state) lacks(n need) string {
	level := ""
	if n.Layer == policy.SCPLayer && s.policies.Count(policy.SCPLayer) > 1 {
		level = fmt.Sprintf(" of level %d", n.Level)
	}
	why := fmt.Sprintf("no %s%s allows %s on it", n.layer.Layer.Noun(), level, s.request.Action)
	switch {
	case isOfResource(n.Slot) && s.policies.Count(n.Layer) == 0:
		why = fmt.Sprintf("no %s was given, and one must allow %s on it", n.layer.Layer.Noun(), s.request.Action)
	case n.layer.Outcome == evaluator.Indeterminate:
		why = fmt.Sprintf("whether %s %s allows it hangs on what is not known", n.layer.Layer.Article(), n.layer.Layer.Noun())
	case n.layer.Note != "":
		why += ": " + n.layer.Note
	}
	return why
}

// added are new statements.
func (s *state) added(n need) []edit {
	var list []edit
	at := n.Slot
	for _, g := range s.grantsFor(at) {
		list = append(list, s.addition(at, g))
	}
	return list
}

// A statementGrant is a new statement, and the call of Lambda's API that makes
// it; else nil.
type statementGrant struct {
	policy.Statement
	permission policy.Grant
	others     string // whom else it lets in
}

// addition adds a statement to the policy of the slot that suits best.
func (s *state) addition(at policy.Slot, g statementGrant) edit {
	docs := s.policies.At(at)
	i := s.place(at, docs)
	if at.Layer != policy.IdentityLayer || i == len(docs) {
		return s.additionTo(at, i, g)
	}
	if docs[i].Document.Version == policy.Version2012 || !s.needsVariables() {
		if e := s.additionTo(at, i, g); !s.outgrows(at, &docs[i], e.after) {
			return e
		}
	}
	return s.additionTo(at, len(docs), g)
}

// additionTo adds a statement to one policy of the slot, or makes a new one.
func (s *state) additionTo(at policy.Slot, i int, g statementGrant) edit {
	docs := s.policies.At(at)
	e := edit{Slot: at, document: i, others: g.others, change: Change{Kind: AddStatement}}
	if i == len(docs) {
		e.change.Kind = AddPolicy
		e.after = &policy.Document{Version: policy.Version2012}
		if _, ok := g.permission.(policy.Permission); ok {
			id := "default" // as Lambda stores it (F-1)
			e.after.ID = &id
		}
	} else {
		e.change.named(&docs[i])
		e.after = copied(docs[i].Document)
	}
	st := g.Statement
	if st.Resource != nil && e.after.Version != policy.Version2012 {
		st.Resource = policy.Values{s.pattern(false)}
		if s.needsVariables() {
			e.others = "whatever else matches " + s.pattern(false) + ", since the policy is of an old version and cannot say less (A-22)"
		}
	}
	st.Sid = unusedSid(e.after, st.Sid)
	switch p := g.permission.(type) {
	case policy.Permission:
		p.StatementID = st.Sid
		e.change.Permission = p
	case policy.LayerPermission:
		p.StatementID = st.Sid
		e.change.Permission = p
	}
	e.change.Statement = len(e.after.Statements)
	e.change.After = []policy.Statement{st}
	e.after.Statements = append(e.after.Statements, st)
	return e
}

// named says which policy is changed.
func (c *Change) named(a *policy.Attached) { c.Policy, c.ARN, c.From = a.DisplayName(), a.ARN, a.From }

// copied is a document with statements of its own list. It is no longer the
// text that was parsed, and has no positions.
func copied(d *policy.Document) *policy.Document {
	return &policy.Document{Version: d.Version, ID: d.ID, Statements: slices.Clone(d.Statements)}
}

// place picks the policy that a statement is added to: one that only this
// caller has. A boundary, a resource or an endpoint has one policy at most.
func (s *state) place(at policy.Slot, docs []policy.Attached) int {
	switch at.Layer {
	case policy.BoundaryLayer, policy.ResourceLayer, policy.TrustLayer, policy.EndpointLayer:
		return min(len(docs), 1) * max(0, len(docs)-1)
	}
	for i := range docs {
		m := nearMiss{Slot: at, attached: &docs[i]}
		if !m.isShared() {
			return i
		}
	}
	return len(docs)
}

// unusedSid is a statement id that the document does not have yet.
func unusedSid(d *policy.Document, sid string) string {
	taken := func(id string) bool {
		return slices.ContainsFunc(d.Statements, func(st policy.Statement) bool { return st.Sid == id })
	}
	unused := sid
	for i := 2; taken(unused); i++ {
		unused = fmt.Sprint(sid, i)
	}
	return unused
}

// grantsFor are statements that allow the request and nothing else, the
// narrowest first.
func (s *state) grantsFor(at policy.Slot) []statementGrant {
	_, name, _ := strings.Cut(s.request.Action, ":")
	st := policy.Statement{
		Sid: "Allow" + alphanumeric(name), Effect: policy.Allow,
		Action: policy.Values{s.request.Action}, Resource: policy.Values{s.pattern(true)},
	}
	if service, ok := s.value("iam:PassedToService"); ok && fold.Equal(s.request.Action, "iam:PassRole") {
		require(&st, policy.StringEquals, "iam:PassedToService", service) // G-5
	}
	switch at.Layer {
	case policy.ResourceLayer, policy.TrustLayer:
		if permission, ok := s.permission(&st); ok {
			return permission
		}
		switch {
		case s.trust && !isSTS(s.request.Action):
			return nil // a role has no policy but its trust policy (A.6)
		case s.trust:
			st.Resource = nil
		}
		return s.named(st)
	case policy.EndpointLayer:
		return s.named(st)
	case policy.SCPLayer:
		var list []statementGrant
		for _, pin := range s.pins() {
			pinned := st
			require(&pinned, pin.test, pin.key, pin.value)
			list = append(list, statementGrant{Statement: pinned, others: pin.others})
		}
		return append(list, statementGrant{Statement: st, others: everybody})
	}
	return []statementGrant{{Statement: st}}
}

// named are statements that name the caller.
func (s *state) named(st policy.Statement) []statementGrant {
	var list []statementGrant
	for _, p := range s.principals() {
		list = append(list, p.granted(st))
	}
	return list
}

// granted is the statement for one principal.
func (p *principal) granted(st policy.Statement) statementGrant {
	st.Principal = p.element
	st.Condition = slices.Concat(st.Condition, p.conditions)
	return statementGrant{Statement: st, others: p.others}
}

// pattern is the resource of the request as a Resource: it matches nothing else
// but what an unknown one may turn out to be. IAM takes no ARN that ends within
// the type of a resource of its own.
func (s *state) pattern(variables bool) string {
	asked := pattern.Asked(s.target.Resource, variables)
	switch {
	case !s.target.Unknown:
		return asked
	case strings.Contains(asked, ":iam:") && !strings.Contains(asked, "/"):
		return "*"
	case strings.HasPrefix(asked, "arn:"):
		return asked + "*"
	}
	return "*"
}

// needsVariables reports whether a policy of the old version cannot say the
// resource: a character of its name is a wildcard there.
func (s *state) needsVariables() bool { return variable.Has(s.pattern(true)) }

// permission is the statement that Lambda's API makes for the policy of a
// function or layer version (F-1).
func (s *state) permission(st *policy.Statement) ([]statementGrant, bool) {
	a, err := arn.Parse(s.target.Resource)
	if err != nil || a.Service() != "lambda" || s.target.Unknown {
		return nil, false
	}
	var list []statementGrant
	switch {
	case a.Type() == "layer" && !s.isLayerGrant():
		return nil, true
	case a.Type() == "layer":
		for _, p := range s.principals() {
			g := policy.LayerPermission{
				StatementID: st.Sid, Action: "lambda:GetLayerVersion", Principal: p.parameter(), LayerVersionARN: s.target.Resource,
			}
			others := ""
			if account := s.caller.Principal.Account(); account != "" {
				g.Principal, others = account, "other principals of account "+account+", since AddLayerVersionPermission knows accounts only"
			}
			if made, err := g.Statement(); err == nil {
				return []statementGrant{{Statement: made, permission: g, others: others}}, true
			}
		}
		return nil, true
	case a.Type() != "function":
		return nil, false
	case s.functionLacks():
		return nil, true
	}
	for _, p := range s.principals() {
		made := p.granted(*st)
		if g, ok := s.addPermission(&p, st); ok {
			if stored, err := g.Statement(); err == nil {
				made.Statement, made.permission = stored, g
			}
		}
		list = append(list, made)
	}
	return list, true
}

// isLayer: the resource is a Lambda layer, or a version of one.
func (s *state) isLayer() bool {
	a, err := arn.Parse(s.target.Resource)
	return err == nil && a.Service() == "lambda" && a.Type() == "layer"
}

// isLayerGrant: the policy of a layer version holds one action, which is about a
// version (F-1).
func (s *state) isLayerGrant() bool {
	a, _ := arn.Parse(s.target.Resource)
	return s.isLayer() && a.Qualifier() != "" && fold.Equal(s.request.Action, "lambda:GetLayerVersion")
}

// functionLacks: the resource is a Lambda function, whose policy cannot hold the
// action (F-6).
func (s *state) functionLacks() bool {
	a, err := arn.Parse(s.target.Resource)
	return err == nil && a.Service() == "lambda" && a.Type() == "function" && !s.target.Unknown && !law.FunctionPolicyHolds(s.request.Action)
}

// addPermission is the call that grants a principal; not ok where the principal
// has a condition that the API cannot make.
func (s *state) addPermission(p *principal, st *policy.Statement) (policy.Permission, bool) {
	g := policy.Permission{StatementID: st.Sid, Action: st.Action[0], Principal: p.parameter(), FunctionARN: s.target.Resource}
	for _, c := range p.conditions {
		switch {
		case fold.Equal(c.Key, "aws:SourceArn"):
			g.SourceARN = c.Values[0]
		case fold.Equal(c.Key, "aws:SourceAccount"):
			g.SourceAccount = c.Values[0]
		default:
			return g, false
		}
	}
	if auth, ok := s.value("lambda:FunctionUrlAuthType"); ok && fold.Equal(g.Action, "lambda:InvokeFunctionUrl") {
		g.FunctionURLAuthType = auth
	}
	if via, ok := s.value("lambda:InvokedViaFunctionUrl"); ok && fold.Equal(g.Action, "lambda:InvokeFunction") {
		g.InvokedViaFunctionURL = fold.Equal(via, "true")
	}
	return g, true
}

// require adds a condition. It reports whether it could: an operator has a key
// once, and only negated ones take a further value for what they rule
// out.
func require(st *policy.Statement, test policy.Test, key, value string) bool {
	operator := policy.Operator{Test: test}
	for i := range st.Condition {
		c := &st.Condition[i]
		if c.Operator != operator || !fold.Equal(c.Key, key) {
			continue
		}
		if !operator.Negated() {
			return false
		}
		st.Condition = slices.Clone(st.Condition)
		st.Condition[i].Values = append(slices.Clone(c.Values), value)
		return true
	}
	st.Condition = append(slices.Clone(st.Condition), policy.Condition{Operator: operator, Key: key, Values: policy.Values{value}})
	return true
}

// alphanumeric leaves out what a statement id may not have.
func alphanumeric(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return -1
	}, s)
}
