package evaluator

import "slices"

// missing tries the request with every absent key that a policy asks for as
// unknown. A decision that stays needs none of them.
func (ev *evaluation) missing() []string {
	var names []string
	seen := func(name string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return equalFold(n, name) })
	}
	for l := range ev.layers {
		for i := range l.keys {
			k := &l.keys[i]
			if v := ev.value(k); v.state == absentKey && !ev.lacks(k.derived) && !ev.request.Context.has(k.name) && !seen(k.name) {
				names = append(names, k.name)
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	request := *ev.request
	request.Context = slices.Clone(request.Context)
	for _, name := range names {
		request.Context = append(request.Context, Key{Name: name, State: Unknown})
	}
	open := *ev
	open.request = &request
	if open.decide().Outcome() != Indeterminate {
		return nil
	}
	slices.Sort(names)
	return names
}

func (c Context) has(name string) bool {
	return slices.ContainsFunc(c, func(k Key) bool { return equalFold(k.Name, name) })
}
