package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// Text writes explanations for a terminal, a blank line between them. Long
// lines are left for the terminal to wrap.
func Text(w io.Writer, o Options, explanations ...*evaluator.Explanation) error {
	p := printer{color: o.Color}
	for i, x := range explanations {
		if i > 0 {
			p.b.WriteByte('\n')
		}
		e := model(o, x, false)
		p.explanation(e)
		if o.Complete {
			p.layers(e)
		}
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// A printer writes lines that begin with a label.
type printer struct {
	b     strings.Builder
	color bool
}

// style is an ANSI escape.
type style string

const (
	plain  style = ""
	bold   style = "1"
	faint  style = "2"
	red    style = "1;31"
	green  style = "1;32"
	yellow style = "1;33"
)

func (p *printer) styled(s style, text string) string {
	if !p.color || s == plain {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// line writes a label and what belongs to it.
func (p *printer) line(s style, label, text string) { p.raw(s, label, spelling.Line(text)) }

// raw is line for a text that holds escapes of its own and none from outside.
func (p *printer) raw(s style, label, text string) {
	p.b.WriteString(strings.TrimRight(p.styled(s, fmt.Sprintf("%-9s", label))+text, " ") + "\n")
}

var verdicts = [...]struct {
	word  string
	style style
}{
	evaluator.ImplicitDeny:  {"DENIED", red},
	evaluator.ExplicitDeny:  {"DENIED", red},
	evaluator.Allowed:       {"ALLOWED", green},
	evaluator.Indeterminate: {"OPEN", yellow},
	evaluator.Invalid:       {"INVALID", yellow},
}

func (p *printer) explanation(e *explanation) {
	if e.Title != "" {
		p.b.WriteString(p.styled(bold, spelling.Line(e.Title)) + "\n")
	}
	verdict := verdicts[e.Decision]
	p.line(verdict.style, verdict.word, e.Summary)
	p.line(faint, "who", e.Request.Principal)
	p.line(faint, "what", e.Request.Action)
	p.line(faint, "on", e.Request.Resource)
	if steps := p.path(e); steps != "" {
		p.raw(faint, "layers", steps)
	}
	why := printer{color: p.color}
	why.reasons(e)
	if why.b.Len() > 0 {
		p.b.WriteString("\n" + why.b.String())
	}
}

// reasons writes what decided, what came near, and what to write instead.
func (p *printer) reasons(e *explanation) {
	for i := range e.Statements {
		p.decided(&e.Statements[i])
	}
	for i := range e.Open {
		p.line(faint, "open", fmt.Sprintf("%s in %s depends on %s", e.Open[i].Effect, e.Open[i].String(), e.Open[i].lacks()))
	}
	p.nearest(e)
	p.hints(e)
	if len(e.MissingContext) > 0 {
		p.line(faint, "context", "a value could change it: "+strings.Join(e.MissingContext, ", "))
	}
	if len(e.NotCarried) > 0 {
		p.line(yellow, "context", "a policy asks for what no request for "+e.Request.Action+" has: "+strings.Join(e.NotCarried, ", "))
	}
	for i := range e.Diagnostics {
		if d := &e.Diagnostics[i]; !e.isSaid(d) {
			p.line(yellow, "note", d.Message)
		}
	}
}

// path is the layers in the order in which the request passed them; nothing
// where there is nothing to pass.
func (p *printer) path(e *explanation) string {
	var steps []string
	for i := range e.Layers {
		l := &e.Layers[i]
		step := l.Layer.String()
		if l.several {
			step += fmt.Sprintf(" %d", l.Level)
		}
		step += " " + l.word()
		switch {
		case l.Stopped && l.Layer == policy.RuleLayer:
			return p.styled(red, step)
		case l.Stopped:
			steps = append(steps, p.styled(red, step+": stopped here"))
		case l.Asked || l.Outcome == evaluator.ExplicitDeny:
			steps = append(steps, step)
		}
	}
	return strings.Join(steps, " → ")
}

// decided writes a statement that decided, and what made it apply.
func (p *printer) decided(s *statement) {
	p.line(faint, "by", fmt.Sprintf("%s in %s", s.Effect, s.String()))
	for i := range s.Elements {
		if e := &s.Elements[i]; e.isDecisive() {
			p.compared(e)
		}
	}
}

// compared writes what the policy says and what the request has.
func (p *printer) compared(e *element) {
	width := max(len("request"), utf8.RuneCountInString(e.name()))
	p.line(plain, "", fmt.Sprintf("%-*s  %s", width, e.name(), e.says()))
	p.line(plain, "", fmt.Sprintf("%-*s  %s", width, "request", e.has()))
}

// nearest writes what came closest, or that nothing did.
func (p *printer) nearest(e *explanation) {
	if !e.deniedByPolicies() {
		return
	}
	for _, lacks := range e.lacking {
		p.line(faint, "besides", lacks)
	}
	if len(e.Statements)+len(e.Open) > 0 {
		return
	}
	for i := range min(len(e.NearMisses), 3) { // a complete report has the rest in its layers
		s := &e.NearMisses[i]
		p.line(faint, "nearest", s.String()+" would allow it but for "+s.lacks())
		for k := range s.Elements {
			if el := &s.Elements[k]; el.Match != trace.Matches {
				p.compared(el)
			}
		}
	}
	switch {
	case e.alike > 0:
		p.line(plain, "", e.others())
	case e.nothingNear():
		p.line(faint, "missing", e.missing())
	}
}

func (p *printer) hints(e *explanation) {
	for i := range e.Hints {
		h := &e.Hints[i]
		p.line(yellow, "hint", h.Text)
		if h.Suggestion != "" {
			p.line(green, "write", h.write())
		}
	}
}

// layers writes everything.
func (p *printer) layers(e *explanation) {
	for i := range e.Layers {
		l := &e.Layers[i]
		verdict, style := l.word(), plain
		switch {
		case l.Stopped:
			verdict, style = verdict+"; the request stopped here", red
		case l.Asked && l.Outcome == evaluator.Allowed:
			style = green
		}
		p.b.WriteString("\n" + p.styled(bold, l.name()) + ": " + p.styled(style, verdict) + "\n")
		if l.Note != "" {
			p.b.WriteString("  " + spelling.Line(l.Note) + "\n")
		}
		if len(l.Policies) == 0 && l.Layer != policy.RuleLayer {
			p.b.WriteString("  none is given\n")
		}
		for k := range l.Policies {
			p.policy(&l.Policies[k])
		}
	}
}

func (p *printer) policy(a *attached) {
	text := "  policy " + a.Name
	if a.ARN != "" {
		text += ", " + a.ARN
	}
	if a.From != "" && a.From != a.Name {
		text += ", from " + a.From
	}
	p.b.WriteString(spelling.Line(text) + "\n")
	for i := range a.Statements {
		s := &a.Statements[i]
		state := "does not apply"
		switch s.Match {
		case trace.Matches:
			state = "applies"
		case trace.MayMatch:
			state = "may apply"
		}
		p.b.WriteString(spelling.Line(fmt.Sprintf("    %s %s %s", s.Effect, s.String(), state)) + "\n")
		for k := range s.Elements {
			e := &s.Elements[k]
			p.b.WriteString(spelling.Line(fmt.Sprintf("      %-5s %s: %s", e.Match, e.name(), strings.Join(e.Values, ", "))) + "\n")
			if e.Match != trace.Matches || e.Element == "Condition" {
				p.b.WriteString(spelling.Line("            request: "+e.has()) + "\n")
			}
			if e.Note != "" {
				p.b.WriteString(spelling.Line("            "+e.Note) + "\n")
			}
		}
	}
}
