package explain

import (
	"fmt"
	"strings"

	"github.com/iamsim/iamsim/arn"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/internal/variable"
	"github.com/iamsim/iamsim/policy"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
)

// resourceHints finds for a Resource or NotResource that does not match the
// one mistake that keeps it from matching.
func (t *tracer) resourceHints(e *ElementTrace) []Hint {
	if t.Partly {
		return nil
	}
	var found []Hint
	for i, pattern := range e.Values {
		if e.Bound != nil {
			pattern = e.Bound[i]
		}
		h, ok := t.resourceHint(pattern)
		if ok {
			found = append(found, h)
		}
		if len(found) == 3 {
			break // more would hide what matters
		}
	}
	if h, ok := t.usernameHint(e); ok {
		found = append(found, h)
	}
	return found
}

// A correction is a pattern that would match, and what it mends. It shows the
// mistake; what to write is narrower, see [tracer.named].
type correction struct {
	code    string
	pattern string
	text    string
}

func (t *tracer) resourceHint(pattern string) (Hint, bool) {
	asked := t.Target.Resource
	if t.covers(pattern, asked) {
		return Hint{}, false // as in a NotResource that exempts
	}
	switch {
	case variable.Has(pattern):
		if engine.DocumentsOf(t.Layered.Set)[t.Document].Document.Version != policy.Version2012 {
			return Hint{
				Code: OldVersion, Element: "Version", Suggestion: policy.Version2012,
				Text: fmt.Sprintf(`%s holds a variable, which is mere text without "Version": "2012-10-17" (A-22)`, pattern),
			}, true
		}
		return Hint{}, false
	case asked == "*":
		return Hint{
			Code: AllResources, Suggestion: asked,
			Text: fmt.Sprintf(`%s is asked on "*", which only the pattern * matches (B-14)`, t.Evaluation.Action.Text),
		}, true
	case t.PassRole && fieldOf(pattern, 2) != "iam" && !strings.HasPrefix(pattern, "*"):
		return Hint{
			Code: PassRoleResource, Suggestion: t.named(asked),
			Text: "iam:PassRole is asked on the role that is passed, not on what it is passed to: give it a statement of its own (G-3)",
		}, true
	}
	for _, c := range t.corrections(pattern, asked) {
		if t.covers(c.pattern, asked) {
			return Hint{Code: c.code, Text: c.text, Suggestion: t.named(asked)}, true
		}
	}
	if t.covers(fold.String(pattern), fold.String(asked)) {
		return Hint{Code: LetterCase, Text: "resources are compared with their letter case (B-10)", Suggestion: t.named(asked)}, true
	}
	return Hint{}, false
}

// named is what to write for the resource that was asked, and no more than it:
// the mistake is mended for this request, and for whom else it is to be mended
// the author of the policy decides. It is "" where a policy of the old version
// cannot say it.
func (t *tracer) named(asked string) string {
	written := pattern.Asked(asked, true)
	if variable.Has(written) && engine.DocumentsOf(t.Layered.Set)[t.Document].Document.Version != policy.Version2012 {
		return ""
	}
	return written
}

// covers reports whether a Resource pattern without variables matches.
func (t *tracer) covers(entry, resource string) bool {
	p, err := pattern.Compile(pattern.Resource, entry, pattern.Options{})
	return err == nil && p.Match(resource)
}

func fieldOf(text string, i int) string {
	fields := pattern.Split(text)
	return fields.Field(i)
}

// corrections are patterns that mend one mistake each. Those that do match
// show which it was.
func (t *tracer) corrections(pattern, asked string) []correction {
	a, err := arn.Parse(asked)
	if err != nil || strings.Count(pattern, ":") < 5 {
		return nil
	}
	var list []correction
	list = append(list, qualifierCorrections(pattern, a)...)
	list = append(list, pathCorrections(pattern, a)...)
	if a.Service() == "s3" {
		list = append(list,
			correction{BucketNotObject, pattern + "/*", "the ARN of a bucket does not cover its objects"},
			correction{ObjectNotBucket, upTo(pattern, "/"), "the request is about the bucket, and the policy names objects in it"})
	}
	const below = "the request is about something below what the policy names"
	list = append(list, correction{BelowResource, pattern + ":*", below}, correction{BelowResource, pattern + "/*", below})
	return append(list, fieldCorrections(pattern, a)...)
}

// qualifierCorrections mend what follows the name of a Lambda function or
// layer.
func qualifierCorrections(pattern string, a arn.ARN) []correction {
	if a.Service() != "lambda" {
		return nil
	}
	if q := a.Qualifier(); q != "" {
		later := ""
		if strings.Trim(q, "0123456789") == "" {
			later = "; a grant for later versions too would name " + a.Unqualified().String() + ":*"
		}
		return []correction{
			{UnqualifiedARN, pattern + ":" + q, fmt.Sprintf("the ARN of a %s alone does not cover its versions and aliases; the request is for %q (B-31)%s", a.Type(), q, later)},
			{OtherQualifier, cutLast(pattern, ":") + ":" + q, fmt.Sprintf("the policy names another version or alias than %q (B-31)%s", q, later)},
		}
	}
	return []correction{{QualifiedARN, cutLast(pattern, ":"), fmt.Sprintf(
		"an ARN that ends in %s covers versions and aliases, and not the %s itself (B-31)", pattern[strings.LastIndexByte(pattern, ':'):], a.Type())}}
}

// pathCorrections mend the path of a role, user or other resource of IAM.
func pathCorrections(pattern string, a arn.ARN) []correction {
	path, kind := a.Path(), a.Type()
	if path == "" {
		return nil
	}
	text := fmt.Sprintf("the path is part of a %s's ARN, and the policy has another one or none (B-40)", kind)
	begins, name := upTo(pattern, "/"), pattern[strings.LastIndexByte(pattern, '/')+1:]
	return []correction{{RolePath, begins + path + name, text}}
}

// fieldCorrections mend the fields between the colons.
func fieldCorrections(pattern string, a arn.ARN) []correction {
	fields := strings.SplitN(pattern, ":", 6)
	with := func(change func(fields []string)) string {
		changed := append([]string(nil), fields...)
		change(changed)
		return strings.Join(changed, ":")
	}
	account := func(f []string) { f[4] = a.Account() }
	region := func(f []string) { f[3] = a.Region() }
	return []correction{
		{OtherAccount, with(account), fmt.Sprintf("the policy names account %s, and the resource is in %s", quoted(fields[4]), quoted(a.Account()))},
		{OtherRegion, with(region), fmt.Sprintf("the policy names region %s, and the resource is in %s", quoted(fields[3]), quoted(a.Region()))},
		{OtherPartition, with(func(f []string) { f[1] = a.Partition() }), fmt.Sprintf("the policy names partition %s, and the resource is in %s", quoted(fields[1]), quoted(a.Partition()))},
		{OtherRegion, with(func(f []string) { account(f); region(f) }), "the policy names another region and another account than the resource's"},
		{MissingField, strings.Join(fields[:3], ":") + ":*:" + strings.Join(fields[3:], ":"), "the ARN has a part too few: a * stays between its colons (B-12)"},
	}
}

// quoted is how a text speaks of the part of an ARN, which may be empty.
func quoted(part string) string {
	if part == "" {
		return "none"
	}
	return part
}

// upTo is the text before the first sep; all of it where there is none.
func upTo(text, sep string) string {
	before, _, _ := strings.Cut(text, sep)
	return before
}

// cutLast is the text before the last sep; all of it where there is none.
func cutLast(text, sep string) string {
	if i := strings.LastIndex(text, sep); i >= 0 {
		return text[:i]
	}
	return text
}

// pathCorrectionsOf mends the path in the ARN of a role.
func pathCorrectionsOf(value, role string) []correction {
	a, err := arn.Parse(role)
	if err != nil {
		return nil
	}
	return pathCorrections(value, a)
}

// textMatches reports whether a text matches as it would under StringLike.
func textMatches(written, text string) bool {
	p, err := pattern.Compile(pattern.Text, written, pattern.Options{})
	return err == nil && p.Match(text)
}
