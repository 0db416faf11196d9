package classes_test

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/internal/classes"
	"github.com/iamsim/iamsim/internal/pattern"
)

// A small world: all texts of up to three characters; of each kind one that patterns
// name and one that they do not.
const (
	smallLetters = "xaA:/12*\né\x00\U0010FFFF"
	smallLength  = 3
)

// A known pattern is one that can be matched without this package.
type known struct {
	name    string
	pattern classes.Pattern
	matches *regexp.Regexp
	words   []uint64 // of the small world: a bit each
}

// The pieces of texts and forms in the language of regular expressions.
var (
	textPieces = map[rune]string{'*': `(?s:.*)`, '?': `(?s:.)`}
	formPieces = map[rune]string{
		'*': `[^:\n*?]*`, '?': `[0-9]`, '+': `[!-)+-.0-9;->@-~]+`, '&': `[!-)+-9;->@-~]+`, '!': `[!-)+->@-~]+`, '~': `(?s:.+)`, '%': `[^\n]*`,
	}
)

func expression(text string, pieces map[rune]string, fold bool) *regexp.Regexp {
	out := `\A(?:`
	for _, r := range text {
		piece, ok := pieces[r]
		if !ok {
			piece = regexp.QuoteMeta(string(r))
		}
		if fold && strings.ContainsRune("aA", r) {
			piece = "[aA]"
		}
		out += piece
	}
	return regexp.MustCompile(out + `)\z`)
}

func smallPatterns(t *testing.T) []known {
	var list []known
	for _, text := range []string{
		"", "a", "*", "?", "a*", "*a", "*a*", "?a", "a?", "??", "?*", "*:*", "a/", "*1", "1*", "é", "é*", "*é*", "\x00", "\x00*", "aa*", "*aa", "*a?", "a*a", ":", "/*", "x?", "*1?", "?:*", "a*1*",
	} {
		p, err := classes.Compile(pattern.Text, text, classes.Reading{})
		require.NoError(t, err)
		list = append(list, known{"text " + text, p, expression(text, textPieces, false), nil})
	}
	for _, text := range []string{"a", "A*", "*a1", "?a*"} {
		p, err := classes.Compile(pattern.Text, text, classes.Reading{FoldASCII: true})
		require.NoError(t, err)
		list = append(list, known{"folded " + text, p, expression(text, textPieces, true), nil})
	}
	for _, form := range []string{"*", "?", "+", "&", "!", "~", "%", "a*", "*:*", "?a", "a+", "x?", "??", "*a", ":!", "~a", "%a%", "*1*", "+/+"} {
		list = append(list, known{"form " + form, classes.Form(form), expression(form, formPieces, false), nil})
	}
	for _, within := range []struct{ before, text, after, without, matches string }{
		{"a/", "*", "", "/", `a/[^\n/]*`}, {"", "?*", ":%", ":", `[^\n:]+:[^\n]*`}, {"", "a*1", "", "/:", `a[^\n/:]*1`}, {"%", "?", "", "1", `[^\n]*[^\n0-9]`},
	} {
		p, err := classes.Compile(pattern.Text, within.text, classes.Reading{})
		require.NoError(t, err)
		list = append(list, known{fmt.Sprint("within ", within), p.Within(classes.Form(within.before), classes.Form(within.after), within.without), regexp.MustCompile(`\A(?:` + within.matches + `)\z`), nil})
	}
	for i := range list {
		list[i].try(t, words(smallLetters, smallLength))
	}
	return list
}

// try holds the pattern against all texts of a world.
func (k *known) try(t *testing.T, world []string) {
	k.words = make([]uint64, len(world)/64+1)
	holds := classes.Clause{Patterns: []*classes.Pattern{&k.pattern}}
	for n, w := range world {
		matches := k.matches.MatchString(w)
		if matches {
			k.words[n/64] |= 1 << (n % 64)
		}
		require.Equal(t, matches, holds.Holds(classes.Word(w)), "%s on %q", k.name, w)
	}
}

// An asked question is clauses of known patterns.
type asked []struct {
	patterns []*known
	none     bool
}

func (a asked) String() string {
	var texts []string
	for _, c := range a {
		text := map[bool]string{false: "some of", true: "none of"}[c.none]
		for _, p := range c.patterns {
			text += fmt.Sprintf(" %q", p.name)
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}

func (a asked) question(slow bool) classes.Question {
	q := classes.Question{Slow: slow}
	for _, c := range a {
		clause := classes.Clause{None: c.none}
		for _, p := range c.patterns {
			clause.Patterns = append(clause.Patterns, &p.pattern)
		}
		q.Clauses = append(q.Clauses, clause)
	}
	return q
}

// holds matches a text with regular expressions.
func (a asked) holds(text string) bool {
	for _, c := range a {
		some := false
		for _, p := range c.patterns {
			some = some || p.matches.MatchString(text)
		}
		if some == c.none {
			return false
		}
	}
	return true
}

// first is the first word of the small world that fulfils the clauses; -1 if there is
// none. Words are in the order of their lengths.
func (a asked) first(clauses ...int) int {
	for i := range a[0].patterns[0].words {
		all := ^uint64(0)
		for _, n := range clauses {
			some := uint64(0)
			for _, p := range a[n].patterns {
				some |= p.words[i]
			}
			if a[n].none {
				some = ^some
			}
			all &= some
		}
		if all != 0 {
			return i*64 + bits.TrailingZeros64(all)
		}
	}
	return -1
}

// several reports whether one of several patterns may match.
func (a asked) several() bool {
	for _, c := range a {
		if !c.none && len(c.patterns) > 1 {
			return true
		}
	}
	return false
}

// answered asks a question with short cuts and without, compares the answers with all
// texts of the small world, and says what they cost.
func (a asked) answered(t *testing.T, world []string) (found bool, quick, slow int) {
	var every []int
	for i := range a {
		every = append(every, i)
	}
	first := a.first(every...)
	if first >= len(world) { // bits behind the last word
		first = -1
	}
	var cost [2]int
	for i, slow := range []bool{false, true} {
		q := a.question(slow)
		b := classes.Budget{States: 1 << 20}
		w, answer, core := q.Find(&b)
		cost[i] = 1<<20 - b.States
		require.NotEqual(t, classes.NotKnown, answer, "%v", a)
		if answer == classes.None {
			require.Equal(t, -1, first, "%v: slow %v finds nothing", a, slow)
			excluded := a.first(core...)
			require.True(t, excluded < 0 || excluded >= len(world), "%v: the core %v, slow %v, leaves %v", a, core, slow, excluded)
			continue
		}
		found = true
		text, ok := w.Text()
		require.True(t, ok && a.holds(text), "%v: %q, slow %v", a, text, slow)
		switch {
		case first < 0:
			require.Greater(t, len(w), len([]rune(world[len(world)-1])), "%v: %q, slow %v", a, text, slow)
		case slow && !a.several():
			require.Len(t, w, len([]rune(world[first])), "%v: %q is as short as %q", a, text, world[first])
		}
	}
	return found, cost[0], cost[1]
}

// What is found is in the world or longer than its texts; without short cuts it is as
// short as can be, where no clause has a choice. The sums of what questions cost are here because budgets
// are counted in them: a search that visits more answers fewer questions, and one that
// visits fewer is welcome to smaller numbers.
func TestQuestionsAreAnsweredAsInASmallWorld(t *testing.T) {
	patterns, world := smallPatterns(t), words(smallLetters, smallLength)
	type clause = struct {
		patterns []*known
		none     bool
	}
	t.Run("every pair of patterns", func(t *testing.T) {
		quickly, slowly := 0, 0
		for i := range patterns {
			for k := range patterns {
				p, q := &patterns[i], &patterns[k]
				for _, none := range []bool{false, true} {
					a := asked{clause{[]*known{p}, false}, clause{[]*known{q}, none}}
					found, quick, slow := a.answered(t, world)
					quickly, slowly = quickly+quick, slowly+slow
					if !none {
						require.Equal(t, !found, p.pattern.Disjoint(&q.pattern), "%v", a)
					}
				}
			}
		}
		assert.Equal(t, []int{9347, 17652}, []int{quickly, slowly})
	})
	t.Run("several clauses of several patterns", func(t *testing.T) {
		random, quickly, slowly := rand.New(rand.NewPCG(1, 2)), 0, 0
		for range 3000 {
			var a asked
			for range 1 + random.IntN(4) {
				c := clause{none: random.IntN(2) == 0}
				for range 1 + random.IntN(3) {
					c.patterns = append(c.patterns, &patterns[random.IntN(len(patterns))])
				}
				a = append(a, c)
			}
			_, quick, slow := a.answered(t, world)
			quickly, slowly = quickly+quick, slowly+slow
		}
		assert.Equal(t, []int{5220, 9645}, []int{quickly, slowly})
	})
}

// Questions that patterns of several pieces make long: here it pays to forget places, and
// to go no further where nothing can follow.
func TestLongerQuestionsAreAnsweredAlikeAndCostWhatTheyCost(t *testing.T) {
	random, world := rand.New(rand.NewPCG(3, 4)), words(smallLetters, 2)
	pieces := []string{"*", "*", "a", "1", ":", "?", "/", "xa"}
	var patterns []known
	for i := range 200 {
		text := ""
		for range 2 + random.IntN(7) {
			text += pieces[random.IntN(len(pieces))]
		}
		k := known{"form " + text, classes.Form(text), expression(text, formPieces, false), nil}
		if i%4 != 0 {
			p, err := classes.Compile(pattern.Text, text, classes.Reading{})
			require.NoError(t, err)
			k = known{"text " + text, p, expression(text, textPieces, false), nil}
		}
		k.try(t, world)
		patterns = append(patterns, k)
	}
	quickly, slowly, found := 0, 0, 0
	for range 1500 {
		var a asked
		for i := range 2 + random.IntN(4) {
			c := struct {
				patterns []*known
				none     bool
			}{none: i > 1}
			for range 1 + random.IntN(2) {
				c.patterns = append(c.patterns, &patterns[random.IntN(len(patterns))])
			}
			a = append(a, c)
		}
		is, quick, slow := a.answered(t, world)
		if quickly, slowly = quickly+quick, slowly+slow; is {
			found++
		}
	}
	assert.Equal(t, []int{7001, 19671, 593}, []int{quickly, slowly, found})
}

// Of values that are not known it is told that no text fulfils a question only if that is
// so whatever they are, and mostly where it is so.
func TestEveryPairOfShortPatternsWithValuesThatAreNotKnown(t *testing.T) {
	type written struct {
		language pattern.Language
		fold     bool
		text     string
	}
	var texts []written
	for _, text := range []string{
		"${v}", "${w}", "a${v}", "${v}a", "a${w}", "${w}a", "a:${w}", "${w}:a", "${w}:${w}", "${v}:${w}", "${w}*", "*${w}", "${v}*", "${w}/a", "${w}/*", "?${w}", "${v}${w}",
		"*", "a", "a*", "*a", "*:*", "?:?", "?", "*:a", "/*", "A:*", "*/",
	} {
		texts = append(texts, written{pattern.Text, false, text}, written{pattern.Text, true, text})
	}
	for _, text := range []string{"${v}", "${w}", "a:::::${v}", "a::${w}:::", "a::${v}:::*", "a::a${w}:::a", "a:::::*", "*:*:*:*:*:*", "a::a*:::*", "a::a:::a", "*::*a:::*", "a:::::?:*"} {
		texts = append(texts, written{pattern.Operator, false, text})
	}
	world := words("aA:/", 3)
	for _, third := range []string{"", "a", "A", "aa", "a/", "x"} {
		for _, last := range []string{"", "a", ":", "x", ":a", "a:", "a:a"} {
			world = append(world, "a::"+third+":::"+last, "A::"+third+":::"+last)
		}
	}
	values := map[string][]string{"v": {"", "a", "A", ":", "a:", ":a", "aa", "a::a:::a"}, "w": {"", "a", "A", "/", "a/", "aa"}}
	var patterns []classes.Pattern
	matches := make([][]bool, len(texts))
	for i, of := range texts {
		compile := func(bind classes.Binder) *classes.Pattern {
			p, err := classes.Compile(of.language, of.text, classes.Reading{Variables: true, FoldASCII: of.fold, Bind: bind})
			require.NoError(t, err)
			return &p
		}
		patterns = append(patterns, *compile(unknown))
		for _, v := range values["v"] {
			for _, w := range values["w"] {
				known := classes.Clause{Patterns: []*classes.Pattern{compile(func(of pattern.Variable) classes.Binding {
					return classes.Binding{Text: map[string]string{"v": v, "w": w}[of.Key]}
				})}}
				for _, text := range world {
					matches[i] = append(matches[i], known.Holds(classes.Word(text)))
				}
			}
		}
	}
	excluded, disjoint, cost := 0, 0, 0
	for i := range patterns {
		for k := range patterns {
			for _, none := range []bool{false, true} {
				possible := false
				for n, is := range matches[i] {
					if possible = is && matches[k][n] != none; possible {
						break
					}
				}
				q := classes.Question{Clauses: []classes.Clause{{Patterns: []*classes.Pattern{&patterns[i]}}, {Patterns: []*classes.Pattern{&patterns[k]}, None: none}}}
				b := classes.Budget{States: 1 << 20}
				_, a, _ := q.Find(&b)
				cost += 1<<20 - b.States
				require.False(t, possible && a != classes.Found, "%v and %v, none %v", texts[i], texts[k], none)
				if a == classes.None {
					excluded++
				}
				if !none && patterns[i].Disjoint(&patterns[k]) {
					require.False(t, possible, "%v and %v share a text", texts[i], texts[k])
					disjoint++
				}
			}
		}
	}
	assert.Equal(t, []int{1265, 1152, 10520}, []int{excluded, disjoint, cost})
}

// Each kind of character ends where the next begins.
func TestFormsTakeWholeKindsOfCharacters(t *testing.T) {
	for form := range formPieces {
		p, want := classes.Form(string(form)), expression(string(form), formPieces, false)
		holds := classes.Clause{Patterns: []*classes.Pattern{&p}}
		for r := range rune(0x200) {
			assert.Equal(t, want.MatchString(string(r)), holds.Holds(classes.Word{r}), "%q is a %q", r, form)
		}
		assert.Equal(t, want.MatchString("\U0010FFFF"), holds.Holds(classes.Word{0x10FFFF}), "the last character is a %q", form)
	}
}

// Patterns that are too long to be compared within reason may match, and are not taken
// to be equal, unless they are written alike.
func TestHugePatterns(t *testing.T) {
	compile := func(text string) *classes.Pattern {
		p, err := classes.Compile(pattern.Text, text, classes.Reading{})
		require.NoError(t, err)
		return &p
	}
	const long = 3000
	stars := strings.Repeat("*a", long)
	p, again, other, end := compile(stars), compile(stars), compile("*"+stars[:len(stars)-1]+"b"), compile(strings.Repeat("a", long)+"b")
	w := classes.Word(strings.Repeat("a", long-1) + "b") // which neither matches
	for _, none := range []bool{false, true} {
		c := classes.Clause{Patterns: []*classes.Pattern{p}, None: none}
		assert.True(t, c.Holds(w), "none %v", none)
		c = classes.Clause{Patterns: []*classes.Pattern{end}, None: none}
		assert.Equal(t, none, c.Holds(w), "a literal beginning is read whatever its length, none %v", none)
	}
	assert.False(t, p.Disjoint(other))
	assert.True(t, compile("b"+stars).Disjoint(compile("c"+stars)), "their literal beginnings differ")
	half := classes.Clause{Patterns: []*classes.Pattern{compile(strings.Repeat("a", 1000) + stars[:3000])}}
	assert.False(t, half.Holds(classes.Word(strings.Repeat("a", 1000)+strings.Repeat("x", 1500))), "what stands behind a long beginning is read")
	ask := func(not *classes.Pattern) classes.Answer {
		q := classes.Question{Clauses: []classes.Clause{{Patterns: []*classes.Pattern{p}}, {Patterns: []*classes.Pattern{not}, None: true}}}
		_, a, _ := q.Find(&classes.Budget{States: 60})
		return a
	}
	assert.Equal(t, classes.None, ask(again))
	assert.Equal(t, classes.NotKnown, ask(compile("*"+stars[:len(stars)-1]+"?")))
	for only, want := range map[string]classes.Answer{string(w): classes.NotKnown, "a": classes.None} {
		k, err := classes.NewKey([]classes.Condition{condition(t, "StringLike", stars)}, classes.Options{Only: []string{only}, Single: true, Present: true})
		require.NoError(t, err)
		_, a, _ := k.Find([]int{0}, nil)
		assert.Equal(t, want, a)
	}
}
