package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/trace"
	"github.com/iamsim/iamsim/internal/cite"
	"github.com/iamsim/iamsim/internal/spelling"
)

// HTML writes one page that holds all explanations: what was decided and why,
// and a picture of the layers in which the request's way ends where it was
// stopped. The page needs nothing else: no script, no font, no image, no
// network. It follows the reader's choice of light or dark.
func HTML(w io.Writer, o Options, explanations ...*evaluator.Explanation) error {
	page := struct {
		Title, Lead string
		Complete    bool
		Sections    []section
	}{Title: "Explanation", Lead: safe(o.Lead), Complete: o.Complete}
	if o.Title != "" {
		page.Title = safe(o.Title)
	}
	for i, x := range explanations {
		e := model(o, x, false)
		page.Sections = append(page.Sections, section{explanation: e, Number: i, Picture: newPicture(e)})
	}
	var b strings.Builder
	if err := pageTemplate().Execute(&b, page); err != nil {
		return err
	}
	_, err := io.WriteString(w, spelling.Shown(b.String()))
	return err
}

// A section of the page is one explanation.
type section struct {
	*explanation
	Number  int
	Picture *picture
}

//go:embed page.html
var pageText string

// pageTemplate is the template, read when the first page is written.
var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"verdict":     func(o evaluator.Outcome) string { return verdicts[o].word },
		"lacks":       func(s statement) string { return s.lacks() },
		"element":     func(e element) string { return e.name() },
		"says":        func(e element) string { return e.says() },
		"has":         func(e element) string { return e.has() },
		"write":       func(h hint) string { return h.write() },
		"name":        func(l layer) string { return l.name() },
		"word":        func(l layer) string { return l.word() },
		"fails":       func(e element) bool { return e.Match != trace.Matches },
		"decisive":    func(e element) bool { return e.isDecisive() },
		"said":        func(e section, d diagnostic) bool { return e.isSaid(&d) },
		"missing":     func(e section) string { return e.missing() },
		"alike":       func(e section) int { return e.alike },
		"others":      func(e section) string { return e.others() },
		"lacking":     func(e section) []string { return e.lacking },
		"nothingNear": func(e section) bool { return e.nothingNear() },
		"cited":       cited,
	}).Parse(pageText))
})

// cited is a text in which the numbers of rules lead to their explanations.
func cited(text string) template.HTML {
	var out strings.Builder
	end := 0
	for _, at := range cite.Places(text) {
		number := text[at[0]:at[1]]
		out.WriteString(template.HTMLEscapeString(text[end:at[0]]))
		fmt.Fprintf(&out, `<a href="%s">%s</a>`, cite.URL(number), number)
		end = at[1]
	}
	return template.HTML(out.String() + template.HTMLEscapeString(text[end:]))
}
