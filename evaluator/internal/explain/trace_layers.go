package explain

import (
	"github.com/iamsim/iamsim/internal/law"
	"github.com/iamsim/iamsim/policy"

	"github.com/iamsim/iamsim/evaluator/internal/engine"
	"github.com/iamsim/iamsim/internal/logic"
)

// traceLayers shows every gate of the request, also those behind the one that
// denied: the gates of [evaluation.decideByLayers], each with what its policies
// say.
func traceLayers(ev *engine.Evaluation, d engine.Decision) []LayerTrace {
	standing := ev.Standing
	standing.Free = ev.AllowedByRule() == logic.Yes
	gates := standing.Gates()
	granted := ev.Grants(&gates)
	layers := traceRule(ev, d)
	for order := standing.Order(law.Everywhere); order.More(); {
		layers = append(layers, traceGate(ev, &gates, order.Next(), granted)...)
	}
	if l := stoppedAt(d, &gates, layers); l != nil {
		l.Stopped = true
	}
	return layers
}

// traceRule is the fixed rule that denied, or may have a say.
func traceRule(ev *engine.Evaluation, d engine.Decision) []LayerTrace {
	l := LayerTrace{Layer: policy.RuleLayer, Binds: true, Asked: true}
	rule, denies := ev.DeniedByRule()
	open := ev.Decide().Outcome() == engine.Indeterminate
	switch allows := ev.AllowedByRule(); {
	case engine.RuleOf(d) != law.NoRule:
		l.Note, l.Denies, l.Outcome = engine.RuleOf(d).String(), Matches, engine.ImplicitDeny
	case open && allows == logic.Maybe:
		l.Note, l.Denies, l.Allows, l.Outcome = "it may be that "+law.FreeCalls.String(), MayMatch, MayMatch, engine.Indeterminate
	case open && denies == logic.Maybe:
		l.Note, l.Denies, l.Outcome = "it may be that "+rule.String(), MayMatch, engine.Indeterminate
	default:
		return nil
	}
	return []LayerTrace{l}
}

// traceGate shows a gate: each of its levels, but all of the resource's own
// policies at once. A gate without policies is there if it asks.
func traceGate(ev *engine.Evaluation, gates *law.Gates, place law.Place, granted engine.Grants) []LayerTrace {
	waived := granted.Waive(gates.Waiver(place))
	l := LayerTrace{
		Layer: gates.Layer(place), Binds: gates.Binds.Has(place), Asked: gates.Asks.Has(place) && waived != logic.Yes, Waived: matchOf(waived),
		Note: traceReason(ev, gates, place, granted.Strength()),
	}
	if place == law.Resource {
		l.Allows = matchOf(granted.Any())
	}
	one, sets := ev.SetsAt(place)
	if one != nil {
		sets = []*engine.Set{one}
	}
	var levels []LayerTrace
	for i, s := range sets {
		if place != law.Resource {
			levels = append(levels, l)
			levels[i].Level, levels[i].Allows = i, matchOf(engine.Match(s, ev, policy.Allow).Any())
			if law.Implied.Has(place) {
				levels[i].Allows = Matches
			}
		} else if i == 0 {
			levels = append(levels, l)
		}
		level := &levels[len(levels)-1]
		if l.Binds {
			level.Denies = max(level.Denies, matchOf(engine.Match(s, ev, policy.Deny).Any()))
		}
		level.Policies = append(level.Policies, tracePolicies(engine.Layered{Set: s, Layer: l.Layer, Level: i}, ev, l.Binds)...)
	}
	if levels == nil && l.Asked {
		levels = append(levels, l)
	}
	for i := range levels {
		levels[i].Outcome = levels[i].outcome()
	}
	return levels
}

// traceReason is why a gate does not bind, need not open or opens to nobody; ""
// where there is nothing to say.
func traceReason(ev *engine.Evaluation, gates *law.Gates, place law.Place, granted law.Strength) string {
	reason := gates.Reason(place, granted)
	if place == law.Resource && reason == law.NoReason && ev.RefusedByRule() == logic.Yes {
		return law.UnsignedAtURL.String()
	}
	return reason.String()
}

// outcome is what comes of a layer's statements, and of what stands for them.
func (l *LayerTrace) outcome() engine.Outcome {
	switch opens := l.opens(); {
	case l.Denies == Matches:
		return engine.ExplicitDeny
	case opens == NoMatch && (l.Asked || l.Denies == NoMatch):
		return engine.ImplicitDeny
	case l.Denies == MayMatch, opens == MayMatch:
		return engine.Indeterminate
	}
	return engine.Allowed
}

// opens reports whether a layer has an Allow, or what stands for it where one is
// asked.
func (l *LayerTrace) opens() Match {
	if l.Asked {
		return max(l.Allows, l.Waived)
	}
	return l.Allows
}

// stoppedAt is the layer that denied a request which is denied. Where that is
// settled though keys are unknown, it is one that denies for some values of
// them.
func stoppedAt(d engine.Decision, gates *law.Gates, layers []LayerTrace) *LayerTrace {
	if !d.Denied() {
		return nil
	}
	for place := range law.Everywhere.All { // in the order in which an explicit deny is reported
		for i := range layers {
			if l := &layers[i]; l.Layer == gates.Layer(place) && l.Outcome == engine.ExplicitDeny {
				return l
			}
		}
	}
	for _, outcome := range [...]engine.Outcome{engine.ImplicitDeny, engine.Indeterminate} {
		for i := range layers {
			if l := &layers[i]; l.Layer == d.Layer() && l.Outcome == outcome && (l.Asked || outcome == engine.Indeterminate) {
				return l
			}
		}
	}
	return nil
}
