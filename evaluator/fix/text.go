package fix

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/secret"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// String is the fix for people, in a few lines; it ends in a line feed. What the
// request could bring comes before what would open a policy. The text is free to
// change.
func (f *Fix) String() string {
	var w strings.Builder
	line := func(label, text string) {
		fmt.Fprintf(&w, "%s\n", strings.TrimRight(fmt.Sprintf("%-9s%s", label, oneLine(text)), " "))
	}
	if len(f.Changes) == 0 {
		line("fix", "none: "+f.Reason)
		if f.Instead != "" {
			line("instead", f.Instead)
		}
		return w.String()
	}
	label := "fix"
	for i := range f.Alternatives {
		a := &f.Alternatives[i]
		text := a.How
		if len(f.Changes) > 1 {
			text += ", in the place of " + which(a.Replaces, len(f.Changes))
		}
		line(label, text)
		label = "or"
	}
	for i := range f.Changes {
		label := "fix"
		if slices.ContainsFunc(f.Alternatives, func(a Alternative) bool { return slices.Contains(a.Replaces, i) }) {
			label = "or"
		}
		if len(f.Changes) > 1 {
			label += fmt.Sprintf(" %d/%d", i+1, len(f.Changes))
		}
		line(label, f.Changes[i].headline())
		f.Changes[i].lines(line)
	}
	line("checked", "with this the request is allowed"+f.checked())
	return w.String()
}

// lines are those below the headline.
func (c *Change) lines(line func(label, text string)) {
	line("", "because "+c.Why)
	if c.Kind != ExtendStatement {
		for k := range c.After {
			line("", []string{"", "and "}[min(k, 1)]+statementJSON(&c.After[k]))
		}
	}
	if command := command(c.Permission); command != "" {
		line("", command)
	}
	line("whose", c.Owner)
	if len(c.Beyond) > 0 {
		line("beyond", "allows too: "+strings.Join(c.Beyond, "; "))
	}
}

// String is the change in one line. The text is free to change.
func (c *Change) String() string {
	text := strings.TrimSuffix(c.headline(), ":")
	if c.Kind != ExtendStatement {
		for k := range c.After {
			text += []string{": ", ", and "}[min(k, 1)] + statementJSON(&c.After[k])
		}
	}
	return oneLine(text)
}

// checked says how it is known that nothing else is allowed.
func (f *Fix) checked() string {
	tried, proved := 0, true
	for i := range f.Changes {
		c := &f.Changes[i]
		if len(c.Beyond) > 0 {
			return ""
		}
		tried, proved = tried+c.Tried, proved && c.Proved
	}
	if proved {
		return ", and nothing else: proved"
	}
	return fmt.Sprintf(", and none of %d others that were tried", tried)
}

// headline says what is done to which policy.
func (c *Change) headline() string {
	which := c.Layer.Noun()
	if c.Policy != "" {
		which += " " + shown(c.Policy)
	}
	if c.From != "" && c.From != c.Policy {
		which += " (" + c.From + ")"
	}
	switch c.Kind {
	case AddPolicy:
		return "a new " + c.Layer.Noun() + c.mark() + ":"
	case AddStatement:
		return "add to " + which + c.mark() + ":"
	case ExtendStatement:
		return fmt.Sprintf("in %s, Statement[%d]%s: add to %s: %s%s", which, c.Statement, sid(c.Before), c.Element, c.Value, c.mark())
	}
	return fmt.Sprintf("proposal to its owner: in the place of Statement[%d]%s of %s:", c.Statement, sid(c.Before), which)
}

// mark points out what is not for everyone to decide.
func (c *Change) mark() string {
	if c.Proposal {
		return " (a proposal: its owner must decide)"
	}
	return ""
}

func sid(st *policy.Statement) string {
	if st == nil || st.Sid == "" {
		return ""
	}
	return " (" + st.Sid + ")"
}

// which are changes by number.
func which(indices []int, all int) string {
	if len(indices) == all {
		return "all of them"
	}
	var list []string
	for _, i := range indices {
		list = append(list, fmt.Sprint(i+1))
	}
	return "change " + strings.Join(list, " and ")
}

// oneLine keeps a text from breaking the layout, or the terminal, and from
// showing a secret.
func oneLine(text string) string {
	return spelling.Line(secret.Redact(text))
}

// statementJSON is a statement as policies have it.
func statementJSON(st *policy.Statement) string {
	d := policy.Document{Version: policy.Version2012, Statements: []policy.Statement{*st}}
	text, err := d.MarshalJSON()
	if err != nil {
		return "" // compiled before, and so well-formed
	}
	text = bytes.TrimPrefix(text, []byte(`{"Version":"2012-10-17","Statement":[`))
	return string(bytes.TrimSuffix(text, []byte("]}")))
}

// A parameter of Lambda's API: its name there and in the AWS CLI, and its value.
type parameter struct{ name, option, value string }

// parameters are what Lambda's API is called with; those without a value are
// not given.
func parameters(g policy.Grant) []parameter {
	switch p := g.(type) {
	case policy.Permission:
		via := ""
		if p.InvokedViaFunctionURL {
			via = "true"
		}
		return []parameter{
			{"FunctionName", "--function-name", p.FunctionARN}, {"StatementId", "--statement-id", p.StatementID},
			{"Action", "--action", p.Action}, {"Principal", "--principal", p.Principal},
			{"SourceArn", "--source-arn", p.SourceARN}, {"SourceAccount", "--source-account", p.SourceAccount},
			{"FunctionUrlAuthType", "--function-url-auth-type", p.FunctionURLAuthType},
			{"InvokedViaFunctionUrl", "--invoked-via-function-url", via},
		}
	case policy.LayerPermission:
		layer, version := p.LayerVersionARN, ""
		if i := strings.LastIndexByte(layer, ':'); i >= 0 {
			layer, version = layer[:i], layer[i+1:]
		}
		return []parameter{
			{"LayerName", "--layer-name", layer}, {"VersionNumber", "--version-number", version},
			{"StatementId", "--statement-id", p.StatementID}, {"Action", "--action", p.Action}, {"Principal", "--principal", p.Principal},
		}
	}
	return nil
}

// command is the call of the AWS CLI that makes a statement; "" for none.
func command(g policy.Grant) string {
	text := "aws lambda add-permission"
	switch g.(type) {
	case nil:
		return ""
	case policy.LayerPermission:
		text = "aws lambda add-layer-version-permission"
	}
	for _, p := range parameters(g) {
		switch {
		case p.value == "":
		case p.name == "InvokedViaFunctionUrl":
			text += " " + p.option
		case strings.ContainsAny(p.value, "*?'$ "):
			text += " " + p.option + " '" + strings.ReplaceAll(p.value, "'", `'\''`) + "'"
		default:
			text += " " + p.option + " " + p.value
		}
	}
	return text
}
