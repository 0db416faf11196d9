package validate

import (
	"context"
	"slices"
	"strings"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/internal/pattern"
	"github.com/iamsim/iamsim/policy"
)

// groups are the indexes of statements that are to be judged together: those of
// which each action and each resource is also of others, with these others. A
// statement with an action or a resource of its own does something, unless it is
// dead; so it is judged alone, or not at all.
func groups(ctx context.Context, d *policy.Document) [][]int {
	m := meeting{ctx: ctx, d: d, resources: map[[2]int]bool{}, met: make([]map[int]bool, len(d.Statements)), partners: make([]map[int]bool, len(d.Statements))}
	m.find()
	g := make(grouping, len(d.Statements))
	for i := range g {
		g[i] = i
	}
	shared := make([]bool, len(g))
	for i := range g {
		if shared[i] = m.shared(i); shared[i] {
			for k := range m.partners[i] {
				g.join(i, k)
			}
		}
	}
	var list [][]int
	at := map[int]int{} // of a root, in the list
	for i := range g {
		root := g.root(i)
		if _, ok := at[root]; !ok {
			at[root] = len(list)
			list = append(list, nil)
		}
		list[at[root]] = append(list[at[root]], i)
	}
	var judged [][]int
	for _, group := range list {
		if len(group) > 1 || shared[group[0]] || canBeDead(&d.Statements[group[0]]) {
			judged = append(judged, group)
		}
	}
	return judged
}

// canBeDead reports whether a statement may apply to no request: it has conditions,
// an action that a fixed rule decides, or a resource without end.
func canBeDead(st *policy.Statement) bool {
	for action := range law.NamedActions {
		if slices.ContainsFunc(st.Action, func(value string) bool { return fold.Equal(value, action) }) {
			return true
		}
	}
	return len(st.Condition) > 0 || slices.ContainsFunc(st.Resource, func(resource string) bool {
		fields := pattern.Split(resource)
		return !fields.IsARN() && !strings.HasSuffix(resource, "*")
	})
}

// A meeting is which statements can be for one request, as far as actions and
// resources tell.
type meeting struct {
	ctx       context.Context
	d         *policy.Document
	resources map[[2]int]bool // of two statements, whether they overlap
	met       []map[int]bool  // of a statement, the actions that others have, too
	partners  []map[int]bool  // of a statement, those others
}

type actionUse struct {
	statement, value int
	name             string
}

func (m *meeting) find() {
	services := map[string][]actionUse{}
	var wide []int // statements for actions of any service
	for i := range m.d.Statements {
		st := &m.d.Statements[i]
		m.met[i], m.partners[i] = map[int]bool{}, map[int]bool{}
		if m.ctx.Err() != nil {
			continue // and nothing is judged
		}
		isWide := st.NotAction != nil
		for k, value := range st.Action {
			service, name, ok := strings.Cut(value, ":")
			if !ok || strings.ContainsAny(service, "*?") {
				isWide = true
				continue
			}
			use := actionUse{i, k, fold.String(name)}
			service = fold.String(service)
			for _, other := range services[service] {
				if other.statement != i && !(m.met[i][k] && m.met[other.statement][other.value] && m.partners[i][other.statement]) &&
					overlap(other.name, use.name) && m.resourcesMeet(i, other.statement) {
					m.met[i][k], m.met[other.statement][other.value] = true, true
					m.partners[i][other.statement], m.partners[other.statement][i] = true, true
				}
			}
			services[service] = append(services[service], use)
		}
		if isWide {
			wide = append(wide, i)
		}
	}
	for _, i := range wide {
		if m.ctx.Err() != nil {
			return
		}
		for k := range m.d.Statements {
			if k == i || !m.resourcesMeet(i, k) {
				continue
			}
			m.partners[i][k], m.partners[k][i] = true, true
			for v := range m.d.Statements[k].Action {
				m.met[k][v] = true
			}
			for v := range m.d.Statements[i].Action {
				m.met[i][v] = true
			}
		}
	}
}

// resourcesMeet reports whether two statements can be for one resource.
func (m *meeting) resourcesMeet(i, k int) bool {
	pair := [2]int{min(i, k), max(i, k)}
	meet, known := m.resources[pair]
	if known {
		return meet
	}
	a, b := m.d.Statements[i].Resource, m.d.Statements[k].Resource
	meet = a == nil || b == nil
	for _, x := range a {
		meet = meet || overlapsAny(x, b)
	}
	m.resources[pair] = meet
	return meet
}

func overlapsAny(x string, list policy.Values) bool {
	for _, y := range list {
		if overlap(anyValue(x), y) {
			return true
		}
	}
	return false
}

// shared reports whether each action of the statement, and each resource, is also of
// others.
func (m *meeting) shared(i int) bool {
	st := &m.d.Statements[i]
	for k := range st.Action {
		if !m.met[i][k] {
			return false
		}
	}
	if st.NotAction != nil && len(m.partners[i]) == 0 {
		return false
	}
	for _, resource := range st.Resource {
		met := false
		for k := range m.partners[i] {
			other := m.d.Statements[k].Resource
			if met = other == nil || overlapsAny(resource, other); met {
				break
			}
		}
		if !met {
			return false
		}
	}
	return true
}

// A grouping has for each statement another one of its group, or itself.
type grouping []int

func (g grouping) root(i int) int {
	for g[i] != i {
		g[i] = g[g[i]]
		i = g[i]
	}
	return i
}

func (g grouping) join(a, b int) { g[g.root(b)] = g.root(a) }
