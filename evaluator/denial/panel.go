package denial

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"
)

// labels are those of the panel that AWS's console shows and asks people to
// copy.
var labels = [...]string{"User:", "Service:", "Action:", "On resource(s):", "Context:"}

const (
	userLabel = iota
	serviceLabel
	actionLabel
	resourceLabel
	contextLabel
)

// readPanels reads the panels of a text from the places of their labels: a
// value goes up to the next label, or to the end of its line. The message of IAM
// has the first label too, and no other.
func readPanels(text string, found []hit) []sentence {
	const longest = 2 << 10 // from one label to the next
	var panels []sentence
	for i := 0; i < len(found); {
		end := i + 1
		for end < len(found) && found[end].id > found[end-1].id && found[end].start-found[end-1].end < longest {
			end++
		}
		if s, ok := readPanel(text, found[i:end]); ok {
			panels = append(panels, s)
		}
		i = end
	}
	return panels
}

// readPanel reads one panel from its labels.
func readPanel(text string, found []hit) (sentence, bool) {
	var values [len(labels)]string
	labelled := func(label int) bool { return slices.ContainsFunc(found, func(h hit) bool { return h.id == label }) }
	if !labelled(actionLabel) || !labelled(userLabel) && !labelled(resourceLabel) {
		return sentence{}, false
	}
	has := func(label int) bool { return values[label] != "" }
	s := sentence{start: found[0].start}
	for i, h := range found {
		to := len(text)
		if i+1 < len(found) {
			to = found[i+1].start
		}
		values[h.id], s.end = panelValue(text, h, to, i+1 < len(found))
	}
	if !has(actionLabel) || !has(userLabel) && !has(resourceLabel) {
		return sentence{}, false
	}
	d := &s.denial
	d.Form = FromMessage
	if user := values[userLabel]; strings.Contains(user, ":") || law.IsServicePrincipal(user) || fold.Equal(user, "anonymous") {
		d.Principal = user
	} else if has(userLabel) {
		return sentence{}, false
	}
	action := values[actionLabel]
	if !strings.Contains(action, ":") && has(serviceLabel) {
		action = services().prefix(values[serviceLabel]) + ":" + action
	}
	if service, name, ok := strings.Cut(action, ":"); !ok || service == "" || name == "" || strings.ContainsAny(action, " \t\n\"'{}[]") {
		return sentence{}, false
	}
	d.Action = action
	d.panelResources(values[resourceLabel])
	d.panelContext(values[contextLabel])
	return s, true
}

// panelValue is the value behind a label: up to the next label where one
// follows, else to the end of its line or to the end of AWS's sentence.
func panelValue(text string, h hit, to int, labelled bool) (value string, end int) {
	const longest = 4 << 10
	to = min(to, h.end+longest)
	if paragraph := paragraphEnd(text, h.end); strings.TrimSpace(text[h.end:paragraph]) != "" {
		to = min(to, paragraph)
	}
	raw := text[h.end:to]
	if h.id == contextLabel {
		if m := panelReason().FindStringIndex(raw); m != nil {
			raw = raw[:m[1]]
		}
		return strings.Join(strings.Fields(raw), " "), h.end + len(raw)
	}
	if !labelled {
		begin := len(raw) - len(strings.TrimLeft(raw, " \t\r\n"))
		line, _, _ := strings.Cut(raw[begin:], "\n")
		raw = raw[:begin+len(line)]
	}
	return strings.Trim(joined(strings.TrimSpace(raw)), `"',`), h.end + len(raw)
}

// panelResources takes the resource, the first of several.
func (d *Denial) panelResources(list string) {
	resources := strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\n' })
	if len(resources) == 0 {
		return
	}
	d.named(resources[0])
	if len(resources) > 1 {
		d.note("it is denied on %d resources: %s", len(resources), strings.Join(resources, ", "))
	}
}

// panelReason is the sentence that a panel gives as context, to its end.
var panelReason = lazily(`(?is)\A.{0,200}?(?:«allows»|«denies»)« the»(?:« »[a-z0-9-]+:\w+)?« action»`)

// panelContext takes the reason.
func (d *Denial) panelContext(context string) {
	words := squeezed(context)
	if named := layersNamed(context); len(named) > 0 {
		layer := named[0]
		d.Layer = layer
		if strings.HasPrefix(strings.TrimPrefix(words, "because"), "no") {
			d.Implicit = true
			d.Reason = "because no " + layer.Noun() + " allows the " + d.Action + " action"
		} else {
			d.Explicit = true
			d.Reason = "with an explicit deny in " + layer.Article() + " " + layer.Noun()
		}
		return
	}
	switch {
	case strings.Contains(words, "explicit"):
		d.Explicit, d.Reason = true, "with an explicit deny"
	case context != "":
		d.note("the panel gives as context: %s", context)
	}
}

// layersNamed are the types of policies that a text names.
func layersNamed(text string) []policy.Layer {
	var named []policy.Layer
	words := squeezed(text)
	for l := policy.IdentityLayer; l < policy.RuleLayer; l++ {
		if strings.Contains(words, squeezed(l.Noun())) {
			named = append(named, l)
		}
	}
	return named
}

// squeezed is a text in small letters without its blanks, wherever it was broken.
func squeezed(text string) string { return fold.String(strings.Join(strings.Fields(text), "")) }
